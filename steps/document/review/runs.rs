//! `kubectl run` makes a Pod. Before 1.18 it made a Deployment, whose Pods have generated names.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{Doubt, objects};
use crate::{
    document::{
        bash::Word,
        defect::Defect,
        judge::shows_pod_of,
        kubectl::KubectlCommand,
        shell,
        story::{Act, Deed, Story},
    },
    expression::regex,
};

/// The names that a document gives to `kubectl run` and uses as those of Deployments, each with the line of the command.
#[must_use]
pub fn of_deployments(story: &Story) -> BTreeMap<String, usize> {
    let by_command = objects::made_by_command(story, "Deployment");
    // A manifest that no command uses only shows what `kubectl run` made.
    let files = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Write(source) => Some(source.objects()),
        _ => None,
    });
    let by_manifest: BTreeSet<String> = files.flatten().collect();
    let in_command = |name: &str| {
        story.acts.iter().any(|act| match &act.deed {
            Deed::Type(typed) => {
                typed.command.contains("kind: Deployment") && typed.command.contains(&format!("name: {name}\n"))
            }
            _ => false,
        })
    };
    let is_made = |name: &str| {
        by_command.contains(name) || by_manifest.contains(&format!("Deployment/{name}")) || in_command(name)
    };
    let mut found = BTreeMap::new();
    let may_make_others = objects::may_make_others(story);
    let mut looked: BTreeSet<String> = BTreeSet::new();
    for (index, act) in story.acts.iter().enumerate() {
        let Some(name) = run(act).filter(|name| name.len() < 254) else { continue };
        if is_answered_so(act, &name) {
            found.entry(name).or_insert(act.line);
            continue;
        }
        if may_make_others || is_made(&name) || !looked.insert(name.clone()) {
            continue;
        }
        let used = deployment_called(&name);
        if story.acts[index..].iter().any(|later| uses_deployment(later, &name, &used)) {
            found.insert(name, act.line);
        }
    }
    found
}

pub(super) fn doubts(story: &Story) -> Vec<Doubt> {
    let doubt = |(name, line): (String, usize)| {
        let text = format!(
            "`kubectl run` makes a Pod since 1.18, and the document uses the Deployment {name}: write `kubectl create deployment {name}`"
        );
        let doubt = Doubt { kind: Defect::Drift, ..Doubt::mistake(line, text) };
        let act = story.acts.iter().find(|act| act.line == line);
        if act.is_some_and(may_create) { doubt.instead("kubectl run ", "kubectl create deployment ") } else { doubt }
    };
    of_deployments(story).into_iter().map(doubt).collect()
}

/// The name that a command gives to what `kubectl run` makes, if that was a Deployment.
fn run(act: &Act) -> Option<String> {
    operands(act)?.into_iter().next()
}

/// What such a command is about: the name, and perhaps the words of a program.
fn operands(act: &Act) -> Option<Vec<String>> {
    let Deed::Type(typed) = &act.deed else { return None };
    let line = typed.command.replace("\\\n", " ");
    let line = shell::without_comment(line.split([';', '|', '&', '\n']).next().unwrap_or_default());
    let words: Vec<Word> = line.split_whitespace().take_while(|word| *word != "--").map(Word::known).collect();
    let at = words.iter().position(|word| crate::document::names::is_kubectl(&word.text))?;
    let words: Vec<Word> = [Word::known("kubectl")].into_iter().chain(words[at + 1..].iter().cloned()).collect();
    let command = KubectlCommand::of(&words)?;
    let is_other =
        |option: &&str| option.starts_with("--restart") || *option == "--rm" || option.starts_with("--dry-run");
    (command.verb() == "run" && !command.options.iter().any(is_other))
        .then(|| command.words.iter().skip(1).map(|word| word.text.clone()).collect())
}

/// Whether `kubectl create deployment` takes the same arguments.
fn may_create(act: &Act) -> bool {
    let Deed::Type(typed) = &act.deed else { return false };
    let has_twin = |option: &str| {
        ["--image", "--port", "--namespace", "-n"].contains(&option.split('=').next().unwrap_or_default())
    };
    let command = shell::without_comment(&typed.command);
    let mut words = command.split_whitespace().take_while(|word| *word != "--");
    let has_one_operand = operands(act).is_some_and(|operands| operands.len() == 1);
    let is_alone = typed.command.matches("kubectl run ").count() == 1;
    is_alone && has_one_operand && words.all(|word| !word.starts_with('-') || has_twin(word))
}

/// A text that names the Deployment.
fn deployment_called(name: &str) -> Regex {
    let name = regex::escape(name);
    regex(&format!(r#"\b(?:deployments?|deploy)(?:\.[\w.]+)?(?:/|\s+|\s*"){name}(?:["\s]|$)"#))
}

/// Whether the command itself says that it made the Deployment, as it did once.
fn is_answered_so(act: &Act, name: &str) -> bool {
    let Deed::Type(typed) = &act.deed else { return false };
    let shown = typed.expected.as_ref().map_or("", |expected| &expected.text);
    shown.lines().next().is_some_and(|line| line.contains(" created") && deployment_called(name).is_match(line))
}

/// Whether an act names the Deployment, or shows a Pod of it.
fn uses_deployment(act: &Act, name: &str, called: &Regex) -> bool {
    let Deed::Type(typed) = &act.deed else { return false };
    let shown = typed.expected.as_ref().map_or("", |expected| &expected.text);
    [typed.command.as_str(), shown].iter().any(|text| called.is_match(text) || shows_pod_of(text, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read};

    fn found(page: &str) -> Vec<(String, usize)> {
        of_deployments(&Story::of(&read(Markup::Markdown, page))).into_iter().collect()
    }

    #[test]
    fn a_deployment_that_only_an_old_run_makes_is_found() {
        let run = "```console\n$ kubectl run --image=nginx web --port=80\n```\n";
        for uses in [
            "$ kubectl expose deployment web",
            "$ kubectl scale --replicas=2 deploy/web",
            "$ kubectl get pods\nNAME                   READY\nweb-4028413181-cnt1i   1/1",
            "$ kubectl get deploy\ndeployment \"web\" created",
        ] {
            assert_eq!(found(&format!("{run}\n```console\n{uses}\n```\n")), [("web".to_owned(), 2)], "{uses}");
        }
        let of = |command: &str| {
            let page = format!("```console\n$ {command}\ndeployment.apps/web created\n```\n");
            doubts(&Story::of(&read(Markup::Markdown, &page))).first().is_some_and(|doubt| doubt.instead.is_some())
        };
        assert!(of("kubectl run web --image nginx --port=80 # soon gone"));
        assert!(!of("kubectl run web --image=busybox sleep 3600") && !of("kubectl run web --image=a --env=A=b"));
        let answered = "```console\n$ kubectl run web --image=nginx\ndeployment.apps \"web\" created\n$ kubectl create -f other.yaml\n```\n";
        assert_eq!(found(answered), [("web".to_owned(), 2)]);
        for page in [
            run.to_owned(),
            run.replace("--port", "--restart=Never --port") + "\n```console\n$ kubectl get deploy web\n```\n",
            format!(
                "{run}\n```console\n$ kubectl create deployment web --image=nginx\n$ kubectl get deploy web\n```\n"
            ),
            format!("{run}\n```console\n$ kubectl get deployment website\n```\n"),
        ] {
            assert_eq!(found(&page), [], "{page}");
        }
    }
}
