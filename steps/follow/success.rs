//! Outputs of commands that end well, and that are wrong although the document does not show them.

use std::sync::LazyLock;

use regex::Regex;

use super::{failure, said};
use crate::{
    document::shell,
    expression::{kubectl_regex, regex},
    terminal::Output,
};

/// What is wrong with an output that the document does not show.
pub(super) fn mistake(output: &Output) -> Option<String> {
    selects_nothing(output).or_else(|| lacks_what_its_comment_says(output))
}

/// Whether a program says by its exit status that it found nothing, or a difference, or that the answer is no.
pub(super) fn is_an_answer(output: &Output) -> bool {
    static DIFFERS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s+diff\s[^|]*$"));
    let differs = output.status == 1 && !output.stdout.trim().is_empty() && DIFFERS.is_match(output.command.trim());
    differs || failure::finds_nothing(output) || answer_of_comment(output) == Some(true)
}

/// Why an output is wrong that its command ends well with: it has deleted nothing, although a label should find something.
fn selects_nothing(output: &Output) -> Option<String> {
    static BY_LABEL: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^KUBECTL\s+delete\s.*(?:\s-l|--selector)[ =]?([\w./=,-]+)"));
    let label = BY_LABEL.captures(output.command.trim())?;
    let finds_nothing = output.status == 0 && said::of(output).contains("No resources found");
    finds_nothing.then(|| format!("nothing has the label {}, so it deletes nothing", &label[1]))
}

/// Why an output is wrong, by the comment behind its command: `# will show 'a=b'`.
fn lacks_what_its_comment_says(output: &Output) -> Option<String> {
    if answer_of_comment(output) == Some(false) {
        return Some(format!("its comment says another answer; the command says {}", output.stdout.trim()));
    }
    let shown = claimed(&output.command)?;
    let has = [&output.stdout, &output.stderr].iter().any(|text| text.contains(&shown));
    (!has).then(|| format!("the comment says that the output shows `{shown}`, and it does not"))
}

/// Whether the answer of `kubectl auth can-i` is that of the comment behind it: `# no`. `None` without such a comment.
pub(super) fn answer_of_comment(output: &Output) -> Option<bool> {
    static ASKS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s+auth\s+can-i\s"));
    static ANSWER: LazyLock<Regex> = LazyLock::new(|| regex(r"^#+\s*(?:->|=>|→)?\s*(yes|no)\b"));
    let command = output.command.trim();
    let comment = command[shell::without_comment(command).len()..].trim();
    let said = ANSWER.captures(comment).filter(|_| ASKS.is_match(command))?;
    Some(output.stdout.split_whitespace().next_back() == Some(&said[1]))
}

/// The text that the comment behind a command says it shows, in quotation marks.
fn claimed(command: &str) -> Option<String> {
    static SHOWS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"\b(?:shows?|see|prints?|displays?|returns?|outputs?)\b[^'"`]*(?:'([^']{3,})'|"([^"]{3,})"|`([^`]{3,})`)"#,
        )
    });
    static DENIES: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:not?|never|without|if|was|before)\b|n't"));
    let last = command.trim_end().lines().next_back()?;
    let comment = &last[shell::without_comment(last).len()..];
    let found = SHOWS.captures(comment)?;
    let shown = (1..=3).find_map(|group| found.get(group))?.as_str();
    let is_other = DENIES.is_match(comment) || shell::is_unmistakable(shown) || shown.contains(['<', '…', '*']);
    (!is_other && !shown.contains("...")).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(command: &str, stdout: &str) -> Option<String> {
        mistake(&Output { command: command.into(), stdout: stdout.into(), ..Output::default() })
    }

    #[test]
    fn what_a_comment_says_must_be_shown() {
        assert_eq!(of("kubectl get pvc # will show as 'Bound'", "data Bound\n"), None);
        let why = "the comment says that the output shows `Bound`, and it does not";
        assert_eq!(of("kubectl get pvc # will show as 'Bound'", "data Pending\n").as_deref(), Some(why));
        assert!(of("kubectl describe svc web # see the 'run=web' selector", "Selector: app=web").is_some());
        for command in [
            "kubectl get pods -o wide # 'wide' will show the IPs",
            "kubectl get pods # does not show 'web' any more",
            "kubectl explain pod # see 'kubectl explain'",
            "kubectl get pods # shows web",
            "echo '# shows \"this\"'",
            "kubectl logs web # shows 'web-...'",
        ] {
            assert_eq!(of(command, "other\n"), None, "{command}");
        }
    }

    #[test]
    fn a_comment_may_give_the_answer() {
        let answered = |command: &str, stdout: &str| {
            answer_of_comment(&Output { command: command.into(), stdout: stdout.into(), ..Output::default() })
        };
        let asked = "kubectl auth can-i delete pods -n a --as=b";
        assert_eq!(answered(&format!("{asked}   # no"), "no\n"), Some(true));
        assert_eq!(answered(&format!("{asked}  # yes, since it may edit"), "no\n"), Some(false));
        assert_eq!(answered(asked, "no\n"), None);
        assert_eq!(answered("kubectl get pods # no", "no\n"), None);
        assert!(of(&format!("{asked} # yes"), "no\n").is_some());
    }

    #[test]
    fn a_label_that_finds_nothing_deletes_nothing() {
        let none = "No resources found\n";
        assert!(of("kubectl delete svc -l run=web", none).is_some());
        assert!(of("kubectl delete pods --selector=app=web", none).is_some());
        assert_eq!(of("kubectl delete svc -l app=web", "service \"web\" deleted\n"), None);
        assert_eq!(of("kubectl get svc -l app=web", none), None);
    }
}
