//! Outputs of commands that end well, and that are wrong although the document does not show them.

use std::sync::LazyLock;

use regex::Regex;

use super::failure;
use crate::{
    document::{regex, shell},
    terminal::Output,
};

/// What is wrong with an output that the document does not show.
pub(super) fn mistake(output: &Output) -> Option<String> {
    selects_nothing(output).or_else(|| lacks_what_its_comment_says(output))
}

/// Why an output is wrong that its command ends well with: it has deleted nothing, although a label should find something.
fn selects_nothing(output: &Output) -> Option<String> {
    static BY_LABEL: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^(?:kubectl|k)\s+delete\s.*(?:\s-l|--selector)[ =]?([\w./=,-]+)"));
    let label = BY_LABEL.captures(output.command.trim())?;
    let finds_nothing = output.status == 0 && failure::said(output).contains("No resources found");
    finds_nothing.then(|| format!("nothing has the label {}, so it deletes nothing", &label[1]))
}

/// Why an output is wrong, by the comment behind its command: `# will show 'a=b'`.
fn lacks_what_its_comment_says(output: &Output) -> Option<String> {
    let shown = claimed(&output.command)?;
    let has = [&output.stdout, &output.stderr].iter().any(|text| text.contains(&shown));
    (!has).then(|| format!("the comment says that it shows `{shown}`, and it does not"))
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
        let why = "the comment says that it shows `Bound`, and it does not";
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
    fn a_label_that_finds_nothing_deletes_nothing() {
        let none = "No resources found\n";
        assert!(of("kubectl delete svc -l run=web", none).is_some());
        assert!(of("kubectl delete pods --selector=app=web", none).is_some());
        assert_eq!(of("kubectl delete svc -l app=web", "service \"web\" deleted\n"), None);
        assert_eq!(of("kubectl get svc -l app=web", none), None);
    }
}
