//! Which earlier failure made an act impossible, so that one mistake is one finding. Pure.

use std::sync::LazyLock;

use regex::Regex;

use super::result::Ended;
use crate::document::{
    regex,
    story::{Act, Deed, Source},
};

/// Words of messages about something that is not there.
const LACKS: &[&str] = &["not found", "NotFound", "No resources", "not printed", "does not exist"];

/// A failed act, and the names that it should have made.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) line: usize,
    pub(super) name: String,
    makes: Vec<String>,
    /// Whether it would have made objects whose names the document does not contain.
    makes_something: bool,
}

impl Cause {
    /// The failure without which a later command, which ended like this, might have held.
    pub(super) fn behind<'a>(causes: &'a [Self], act: &Act, ended: &Ended) -> Option<&'a Self> {
        let Deed::Type(typed) = &act.deed else { return None };
        let evidence: String = ended.evidence.iter().map(|evidence| evidence.text.as_str()).collect();
        let text = format!("{}\n{}\n{evidence}", typed.command, ended.reason.as_deref().unwrap_or_default());
        let lacks = LACKS.iter().any(|words| text.contains(words));
        let explains = |cause: &&Self| {
            cause.makes.iter().any(|name| text.contains(name.as_str())) || (cause.makes_something && lacks)
        };
        causes.iter().find(explains)
    }

    /// The failure of an act.
    pub(super) fn of(act: &Act, acts: &[Act]) -> Self {
        let command = typed(act).unwrap_or_default();
        let makes = makes(act, acts);
        let is_making = ["kubectl apply", "kubectl create", "helm install", "kubectl replace"];
        let makes_something = makes.is_empty() && is_making.iter().any(|verb| command.contains(verb));
        Self { line: act.line, name: act.name(), makes, makes_something }
    }
}

/// The command of an act, typed or left out.
fn typed(act: &Act) -> Option<&str> {
    match &act.deed {
        Deed::Type(typed) => Some(&typed.command),
        Deed::Leave(text, _) => Some(text),
        _ => None,
    }
}

/// The names that an act should make: later acts that need them fail because of it.
fn makes(act: &Act, acts: &[Act]) -> Vec<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"kubectl\s+(?:run|create\s+(?:deployment|service\s+\w+|configmap|secret\s+\w+|job|cronjob|namespace|ns|serviceaccount|role\w*))\s+([\w.-]+)|--name[= ]([\w.-]+)|docker (?:buildx )?build\b[^\n]*?-t[= ]([\w./:-]+)|port-forward\s+(?:\S+\s+)*?(\d{2,5})(?::\d+)?(?:\s|$)",
        )
    });
    static FILE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:apply|create|replace)\s.*?-f[= ]?(\S+)"));
    let command = typed(act).unwrap_or_default();
    let mut names: Vec<String> = NAMED
        .captures_iter(command)
        .filter_map(|found| (1..=4).find_map(|group| found.get(group)).map(|name| name.as_str().to_owned()))
        .collect();
    for found in FILE.captures_iter(command) {
        let file = &found[1];
        let sources = acts.iter().filter_map(|act| match &act.deed {
            Deed::Write(source) if source.name.as_deref().is_some_and(|name| name.ends_with(file)) => Some(source),
            _ => None,
        });
        names.extend(
            sources
                .flat_map(Source::objects)
                .filter_map(|object| object.split_once('/').map(|(_, name)| name.to_owned())),
        );
    }
    names.retain(|name| name.len() > 1);
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        document::{Format, read, story::Story},
        follow::result::Word,
    };

    #[test]
    fn a_failure_explains_what_needs_its_objects_and_nothing_else() {
        let text = "Write `a.yaml`:\n```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n```\n```\nkubectl apply -f a.yaml\nkubectl logs web\nkubectl get nodes\n```\n";
        let acts = Story::of(&read(Format::Markdown, text)).acts;
        let causes = [Cause::of(&acts[1], &acts)];
        let ended = Ended::of(Word::Mistake, "the command fails");
        assert_eq!(Cause::behind(&causes, &acts[2], &ended).map(|cause| cause.line), Some(9));
        assert!(Cause::behind(&causes, &acts[3], &ended).is_none());
    }
}
