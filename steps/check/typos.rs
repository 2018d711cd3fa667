//! Slips in a lab's commands that show without running them: what was copied along from a page, misspelt words, and
//! commands that never end.

use super::Wrong;
use crate::{
    document::{
        bash::Simple,
        names::{is_kind, is_subcommand, kind_misspelt, subcommand_like, takes_a_value},
        safety::waits_for_a_person,
    },
    sheet::spelling::distance,
};

/// Programs that labs call most.
const PROGRAMS: [&str; 2] = ["kubectl", "docker"];

/// Programs whose names are nearly theirs.
const OTHER_PROGRAMS: [&str; 2] = ["dockerd", "kubectx"];

/// Finds the typo in a simple command of a text that must succeed.
pub(super) fn of_command(simple: &Simple, text: &str) -> Option<Wrong> {
    let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
    copied(&words, text)
        .or_else(|| misspelt_program(&words))
        .or_else(|| misspelt_word(&words))
        .or_else(|| never_ends(simple, &words, text))
}

/// A prompt, or a character that a word processor puts in place of a hyphen or a quote.
fn copied(words: &[&str], text: &str) -> Option<Wrong> {
    if words.first() == Some(&"$") && words.len() > 1 {
        return Some(("the command begins with a prompt".into(), Some("remove the $ and the blank after it".into())));
    }
    // Behind a blank it is not quoted; a dash alone is a word of its own.
    let is_copied = |word: &&&str| {
        let is_quote = word.starts_with(['“', '”', '‘', '’']);
        let is_option = word.starts_with(['–', '—']) && word.chars().count() > 1;
        (is_quote || is_option) && text.contains(&format!(" {word}"))
    };
    let word = words.iter().find(is_copied)?;
    let (is, plain) =
        if word.starts_with(['–', '—']) { ("a long dash", "-") } else { ("a curly quote", "\" or '") };
    Some((format!("{word} begins with {is}, which bash treats as part of the word"), Some(format!("write {plain}"))))
}

fn misspelt_program(words: &[&str]) -> Option<Wrong> {
    let program = words.first().filter(|program| !OTHER_PROGRAMS.contains(program))?;
    let meant = PROGRAMS.iter().find(|known| distance(program, known) == 1)?;
    Some((format!("there is no program {program}"), Some(format!("did you mean {meant}?"))))
}

/// A subcommand of kubectl, or the kind behind it, that does not exist and looks like one that does.
fn misspelt_word(words: &[&str]) -> Option<Wrong> {
    let rest = words.strip_prefix(&["kubectl"])?;
    let verb = rest.first()?;
    if !is_subcommand(verb) {
        let meant = subcommand_like(verb)?;
        return Some((format!("kubectl has no command {verb}"), Some(format!("did you mean kubectl {meant}?"))));
    }
    if !["get", "describe", "delete", "edit", "label", "annotate", "scale"].contains(verb) {
        return None;
    }
    let kinds = first_argument(&rest[1..])?.split('/').next().unwrap_or_default();
    let kind = kinds.split(',').find(|kind| !is_kind(kind))?;
    let meant = kind_misspelt(kind)?;
    Some((format!("Kubernetes has no {kind}"), Some(format!("did you mean {meant}?"))))
}

/// The first word that is no option, if the command names objects by words at all.
fn first_argument<'a>(words: &[&'a str]) -> Option<&'a str> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "-f" | "--filename" | "-k" | "--kustomize" => return None,
            option if takes_a_value(option) => {
                words.next();
            }
            option if option.starts_with('-') => {}
            argument => return Some(argument),
        }
    }
    None
}

/// A command that waits for a person, or that only an interrupt ends.
fn never_ends(simple: &Simple, words: &[&str], text: &str) -> Option<Wrong> {
    let hint = "type it into a session: `When I open a session with \"…\"`; or use a command that ends by itself";
    let why = match words {
        ["kubectl", verb @ ("port-forward" | "proxy"), ..] => {
            Some(format!("kubectl {verb} runs until it is interrupted"))
        }
        ["kubectl", "get" | "events", rest @ ..]
            if rest.iter().any(|word| ["-w", "--watch", "--watch-only"].contains(word)) =>
        {
            Some("an option makes kubectl watch until it is interrupted".to_owned())
        }
        ["kubectl", "exec" | "run" | "attach" | "debug", rest @ ..] if is_a_shell(rest) && !text.contains('<') => {
            Some("a shell in a container waits for input".to_owned())
        }
        ["watch", ..] => Some("watch runs until it is interrupted".to_owned()),
        ["tail", "-f" | "-F", ..] | ["sleep", "infinity", ..] => {
            Some(format!("{} {} runs until it is interrupted", words[0], words[1]))
        }
        _ => None,
    };
    let why = why.filter(|_| !is_in_background(text)).or_else(|| waits_for_a_person(simple))?;
    Some((format!("this command does not end by itself: {why}"), Some(hint.into())))
}

/// Whether a command for a container keeps its input open, for a shell or a program that only copies what is typed.
fn is_a_shell(words: &[&str]) -> bool {
    const OPEN: [&str; 7] = ["sh", "bash", "ash", "/bin/sh", "/bin/bash", "/bin/ash", "cat"];
    let end = words.iter().position(|word| *word == "--").unwrap_or(words.len());
    let (options, program) = (&words[..end], words.get(end + 1..).unwrap_or_default());
    let is_open = options.iter().any(|word| ["-i", "-it", "-ti", "--stdin", "--stdin=true"].contains(word));
    let goes_on = options.iter().any(|word| word.starts_with("--dry-run") || *word == "--attach=false");
    is_open && !goes_on && matches!(program, [only] if OPEN.contains(only))
}

/// Whether a command of a text may run in the background, or be ended by another one.
fn is_in_background(text: &str) -> bool {
    let plain = text.replace("&&", "").replace(">&", "").replace("&>", "");
    plain.contains('&') || text.contains("timeout ") || text.contains('|')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::bash::Shell;

    fn typo(text: &str) -> Option<(String, String)> {
        let read = Shell::default().read(text).unwrap();
        let found = read.iter().find_map(|simple| of_command(simple, text));
        found.map(|(message, hint)| (message, hint.unwrap_or_default()))
    }

    #[test]
    fn what_was_copied_along_is_found() {
        assert_eq!(typo("$ kubectl get pods").unwrap().0, "the command begins with a prompt");
        assert!(typo("kubectl get pods –o wide").unwrap().0.starts_with("–o begins with a long dash"));
        assert!(typo("echo “hello”").unwrap().0.contains("curly quote"));
        for right in ["echo 'a – b'", "echo a – b", "echo '“a”' '–b'", "echo $ 5", "kubectl get pods -o wide"]
        {
            assert_eq!(typo(right), None, "{right}");
        }
    }

    #[test]
    fn misspelt_words_are_reported_with_the_right_ones() {
        for (wrong, hint) in [
            ("kubctl get pods", "did you mean kubectl?"),
            ("kubetcl get pods", "did you mean kubectl?"),
            ("kubectl aply -f pod.yaml", "did you mean kubectl apply?"),
            ("kubectl get pdos", "did you mean pods?"),
            ("kubectl -n shop get pods; kubectl describe -n shop sevice web", "did you mean service?"),
            ("kubectl delete deploymnet/web", "did you mean deployment?"),
        ] {
            assert_eq!(typo(wrong).map(|(_, hint)| hint).as_deref(), Some(hint), "{wrong}");
        }
        for right in [
            "kubectl get po,svc -A",
            "kubectl get crontabs",
            "kubectl get rc",
            "kubectl delete -f pods.yaml",
            "kubectl get all",
            "kubectl label pod web tier=front",
            "kubecolor get pods",
            "dockerd --version",
        ] {
            assert_eq!(typo(right), None, "{right}");
        }
    }

    #[test]
    fn what_never_ends_is_found() {
        for wrong in [
            "kubectl get pods -w",
            "kubectl port-forward web 8080:80",
            "watch kubectl get pods",
            "tail -f log.txt",
            "kubectl edit pod web",
            "kubectl exec -it web -- sh",
            "kubectl exec --stdin -t -n shop web -c main -- /bin/bash",
            "kubectl run -it --rm bb --image=busybox -- sh",
        ] {
            assert!(typo(wrong).is_some_and(|(message, _)| message.contains("does not end")), "{wrong}");
        }
        for right in [
            "timeout 5 kubectl get pods -w || true",
            "kubectl port-forward web 8080:80 & sleep 2",
            "kubectl get pods -w | head -n 2",
            "kubectl logs -f web",
            "kubectl exec -it web -- ls",
            "kubectl run bb -it --image=busybox --dry-run=client -o yaml -- sh",
            "kubectl exec -i web -- sh -c 'echo done'",
            "echo ls | kubectl exec -i web -- sh",
            "kubectl exec -i web -- sh < script.sh",
            "kubectl wait pod web --for=condition=Ready",
        ] {
            assert_eq!(typo(right), None, "{right}");
        }
    }
}
