//! Commands that labproof does not type, because their reader fills something in or a person sits at them, and that today's
//! kubectl refuses.

use super::Doubt;
use crate::document::{
    bash::Word,
    defect::Defect,
    kubectl::KubectlCommand,
    names, shell,
    story::{Deed, Story},
};

/// Verbs, options that they have lost, and since when.
const LOST: &[(&str, &str, &str)] = &[
    (
        "run",
        "--generator --replicas --schedule --limits --requests --hostport --serviceaccount",
        "`kubectl run` makes only Pods, and lost its other options from 1.18 to 1.24",
    ),
    ("get", "--show-all", "`get --show-all` is gone since 1.15"),
    ("get", "--export", "`get --export` is gone since 1.18"),
    ("version", "--short", "`version --short` is gone since 1.28; it is the default"),
    ("drain", "--delete-local-data", "the option is called `--delete-emptydir-data` since 1.20"),
];

pub(super) fn doubts(story: &Story) -> Vec<Doubt> {
    let left = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Leave(text, _) => Some((act.line, text)),
        _ => None,
    });
    let doubt = |(line, text): (usize, &String)| {
        let why = outdated(text)?;
        Some(Doubt { kind: Defect::Drift, ..Doubt::mistake(line, why) })
    };
    left.filter_map(doubt).collect()
}

/// Why today's kubectl refuses a command.
fn outdated(text: &str) -> Option<String> {
    let line = text.trim().replace("\\\n", " ");
    if line.contains('\n') {
        return None;
    }
    let line = shell::without_comment(&line).split(['|', ';', '&']).next().unwrap_or_default();
    let mut words: Vec<Word> = line.split_whitespace().map(Word::known).collect();
    let program = words.first_mut().filter(|word| names::is_kubectl(&word.text))?;
    "kubectl".clone_into(&mut program.text);
    let command = KubectlCommand::of(&words)?;
    if command.verb() == "exec" && command.words.len() > 2 && !words.iter().any(|word| word.text == "--") {
        return Some("kubectl requires `--` before the command since 1.31".to_owned());
    }
    let has = |option: &str| command.options.iter().any(|own| own.split('=').next() == Some(option));
    let lost = LOST.iter().find(|(verb, options, _)| *verb == command.verb() && options.split(' ').any(has));
    lost.map(|(_, _, since)| (*since).to_owned())
}

#[cfg(test)]
mod tests {
    use super::outdated;

    #[test]
    fn what_kubectl_has_lost_shows_without_typing_it() {
        for text in [
            "kubectl exec -it multitool-<ID> bash",
            "k exec <pod> -c app ls /",
            "kubectl run web --image=nginx --replicas=2",
            "kubectl get pods --show-all -n <name>",
        ] {
            assert!(outdated(text).is_some(), "{text}");
        }
        for text in [
            "kubectl exec -it <pod> # a shell",
            "kubectl exec -it <pod> -- bash",
            "kubectl exec -it <pod>",
            "kubectl get pods -n <name>",
            "ls --short",
        ] {
            assert_eq!(outdated(text), None, "{text}");
        }
    }
}
