//! Which earlier failure made an act impossible, so that one mistake is one finding. Pure.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::{
    failure, repair,
    result::{ActResult, ActVerdict, Lacks},
    said,
};
use crate::{
    document::{
        blanks,
        defect::Defect,
        doubt::Doubt,
        reads,
        safety::{Edit, WhyNotRun},
        story::{Act, Deed, Source, written_files},
    },
    expression::{kubectl_regex, regex},
    yaml::{self, Bounds},
};

/// Words of programs' messages about something that does not exist.
const ABSENT: &[&str] = &["not found", "NotFound", "No resources", "does not exist", "recognized file extensions are"];

/// A failed act, and the names that it should have made or changed.
#[derive(Debug)]
pub(super) struct Blocker {
    pub(super) line: usize,
    pub(super) name: String,
    makes: Vec<String>,
    /// Objects that are not as the document says until another command changes them.
    changes: Vec<String>,
    /// Objects that were made with a mistake: commands that need them may fail.
    doubted: Vec<String>,
    /// Objects that were made as an older version takes them: outputs about them may be others.
    outdated: Vec<String>,
    /// Objects that use those.
    dependents: Vec<String>,
    /// Whether it would have made objects whose names the document does not contain.
    makes_something: bool,
    /// Whether it would have changed which Pods reach each other.
    opens_connections: bool,
    /// Whether it would have made volumes, for which claims and their Pods wait.
    makes_volumes: bool,
}

impl Blocker {
    /// The failure without which a later command, which ended like this, might have held.
    pub(super) fn behind<'a>(causes: &'a [Self], act: &Act, ended: &ActResult, acts: &[Act]) -> Option<&'a Self> {
        let command = typed(act)?;
        let said: String = ended.texts().flat_map(|text| ["\n", text]).collect();
        let text = format!("{command}{said}");
        // A kind that no server knows is no object that is missing.
        let says_so = ABSENT.iter().any(|words| ended.said.contains(words));
        let lacks = (says_so || ended.lacks != Lacks::Nothing) && !text.contains("no matches for kind");
        let lacks_others = lacks && !lacks_own(command, &ended.said, acts);
        let is_in = |name: &String, text: &str| words(text).any(|word| word == name);
        // What is deleted need not be as the document says.
        let deletes = command.contains("kubectl delete");
        // An object that does not exist was not changed either, and no port leads to it.
        let missing = repair::not_found(&ended.said);
        let lacks_object = missing.is_some();
        let lacks_itself = missing.is_some_and(|(_, name)| is_in(&name.to_owned(), command));
        let is_port = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
        // That an older version printed it otherwise, or how the command is written, depends on no act.
        let is_of_command = ended.is_failure && said::message(&ended.said).is_some_and(failure::is_of_command);
        if is_of_command || ended.verdict == ActVerdict::Defect(Defect::Drift) && !ended.is_failure {
            return None;
        }
        let explains = |cause: &&Self| {
            let is_about = |names: &[String]| names.iter().any(|name| is_in(name, command));
            cause.makes.iter().any(|name| is_named(&text, name) && !(is_port(name) && lacks_object))
                || cause.makes_something && lacks_others && ended.corrections.is_empty()
                || cause.opens_connections && connects(command)
                || !deletes && !lacks_itself && is_about(&cause.changes)
                || cause.makes_volumes && needs_volume(&text, command, ended, acts)
                || ended.verdict == ActVerdict::Defect(Defect::Mistake) && is_about(&cause.outdated)
                || is_about(&cause.dependents)
                || (ended.is_failure || ended.lacks == Lacks::Only)
                    && cause.doubted.iter().any(|name| is_in(name, &text))
        };
        causes.iter().find(explains)
    }

    /// The failure of an act.
    pub(super) fn of(act: &Act, acts: &[Act]) -> Self {
        let command = typed(act).unwrap_or_default();
        let makes = makes(act, acts);
        let is_making = ["kubectl apply", "kubectl create", "helm install", "kubectl replace"];
        let makes_something = makes.is_empty() && is_making.iter().any(|verb| command.contains(verb));
        let changes = changed(command).into_iter().chain(edited(act, acts)).collect();
        let dependents = if makes.is_empty() { Vec::new() } else { services_of(act, acts) };
        Self {
            line: act.line,
            name: act.name(),
            makes,
            makes_something,
            changes,
            doubted: Vec::new(),
            outdated: Vec::new(),
            dependents,
            opens_connections: is_of(act, acts, &["NetworkPolicy"]),
            makes_volumes: is_of(act, acts, &["PersistentVolume", "StorageClass"]),
        }
    }

    /// An act that went well although a review found a mistake in what it makes, which labproof cannot mend. `None` if
    /// there is no such mistake.
    pub(super) fn of_doubts(act: &Act, acts: &[Act]) -> Option<Self> {
        let is_grave = |doubt: &Doubt| doubt.kind != Defect::Timing && doubt.instead.is_none();
        if !act.doubts.iter().any(is_grave) {
            return None;
        }
        let doubted = match &act.deed {
            Deed::Write(source) | Deed::Offer(source) => names_of(source),
            _ => makes(act, acts),
        };
        let uses = |source: &&Source| doubted.iter().any(|name| source.mentions(name));
        let dependents: Vec<String> = acts.iter().filter_map(source).filter(uses).flat_map(names_of).collect();
        let dependents = dependents.into_iter().filter(|name| !doubted.contains(name)).collect();
        let (line, name) = (act.line, act.name());
        let opens_connections = is_of(act, acts, &["NetworkPolicy"]);
        // What an older version did decides about everything that follows.
        let is_old = act.doubts.iter().any(|doubt| is_grave(doubt) && doubt.kind == Defect::Drift);
        let outdated = if is_old { doubted.clone() } else { Vec::new() };
        let changes = Vec::new();
        let (makes, makes_something, makes_volumes) = (Vec::new(), false, false);
        Some(Self {
            line,
            name,
            makes,
            changes,
            doubted,
            outdated,
            dependents,
            makes_something,
            opens_connections,
            makes_volumes,
        })
    }

    /// Forgets that an object is not as the document says, once a command or a manifest has changed it.
    pub(super) fn forget(causes: &mut [Self], act: &Act) {
        let names = match &act.deed {
            Deed::Offer(source) if source.is_applied => names_of(source),
            Deed::Type(typed) => changed(&typed.command).into_iter().collect(),
            _ => return,
        };
        for cause in causes {
            cause.changes.retain(|other| !names.contains(other));
        }
    }
}

/// Whether what a command lacks is the document's own: it makes an object of this name, or the namespace that the command
/// names.
fn lacks_own(command: &str, said: &str, acts: &[Act]) -> bool {
    let missing = repair::not_found(said).map(|(_, name)| name.to_owned());
    let names: Vec<String> = missing.into_iter().chain(blanks::namespace_of(command)).collect();
    !names.is_empty() && acts.iter().any(|act| makes(act, acts).iter().any(|name| names.contains(name)))
}

/// The object that a command changes, by its name.
fn changed(command: &str) -> Option<String> {
    static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r#"^KUBECTL\s+(?:-n\s+\S+\s+)?(?:set\s+\w+|edit|scale|patch|rollout\s+(?:undo|restart|resume|pause)|autoscale|label|annotate|taint)\s+(?:-\S+\s+)*[a-z.]+[/\s]["']?\$?\{?([\w.-]+)|^KUBECTL\s+(?:drain|cordon|uncordon)\s+(?:-\S+\s+)*["']?\$?\{?([\w.-]+)"#,
        )
    });
    let found = CHANGED.captures(command.trim())?;
    Some(found.get(1).or(found.get(2))?.as_str().to_owned())
}

/// The objects of a file to which the reader adds something that labproof does not.
fn edited(act: &Act, acts: &[Act]) -> Vec<String> {
    let Deed::Leave(_, WhyNotRun::Edit(Edit { file: name, .. })) = &act.deed else { return Vec::new() };
    let is_it = |source: &&Source| source.name.as_ref() == Some(name);
    let makes_it = |act: &&Act| typed(act).is_some_and(|command| written_files(command).contains(name));
    let later = acts.iter().filter(|other| other.line > act.line).filter_map(typed);
    // What no command applies again stays as it is.
    if !later.into_iter().any(|command| command.contains(name.as_str())) {
        return Vec::new();
    }
    let of_commands = acts.iter().filter(makes_it).flat_map(|act| makes(act, acts));
    acts.iter().filter_map(source).filter(is_it).flat_map(names_of).chain(of_commands).collect()
}

/// Whether a text names an object, or one that is called after it: the Pods of a Deployment.
fn is_named(text: &str, name: &str) -> bool {
    let ends = |letter: char| !(letter.is_alphanumeric() || letter == '_');
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        before.is_none_or(|letter| ends(letter) && letter != '-') && after.is_none_or(ends)
    })
}

/// The words of a text in which names may stand.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !(letter.is_alphanumeric() || letter == '-' || letter == '_'))
}

fn source(act: &Act) -> Option<&Source> {
    match &act.deed {
        Deed::Write(source) | Deed::Offer(source) => Some(source),
        _ => None,
    }
}

/// The names of a manifest's objects.
pub(super) fn names_of(source: &Source) -> Vec<String> {
    let names = source.objects().into_iter().filter_map(|object| Some(object.split_once('/')?.1.to_owned()));
    names.filter(|name| name.len() > 1).collect()
}

/// The command of an act, typed or left out.
fn typed(act: &Act) -> Option<&str> {
    match &act.deed {
        Deed::Type(typed) => Some(&typed.command),
        Deed::Leave(text, _) => Some(text),
        _ => None,
    }
}

/// How many manifests with Services are read to explain one failure.
const MOST_SERVICES: usize = 50;

/// The Services that send to the Pods which an act should make.
fn services_of(act: &Act, acts: &[Act]) -> Vec<String> {
    let read = |text: &str| {
        let documents = yaml::read(&manifests_in(text), &Bounds::trusted());
        documents
            .into_iter()
            .filter_map(|document| document.content.ok())
            .flat_map(|content| yaml::items(&content))
            .collect::<Vec<_>>()
    };
    let own = match &act.deed {
        Deed::Write(source) | Deed::Offer(source) => vec![source.text.as_str()],
        _ => {
            let command = typed(act).unwrap_or_default();
            applied(command, acts).into_iter().map(|source| source.text.as_str()).chain([command]).collect()
        }
    };
    let labels_of = |object: &Value| {
        let template = object.pointer("/spec/template/metadata/labels");
        let own = (object["kind"] == "Pod").then(|| object.pointer("/metadata/labels")).flatten();
        template.or(own).and_then(Value::as_object).cloned()
    };
    let made: Vec<_> = own.into_iter().flat_map(read).filter_map(|object| labels_of(&object)).collect();
    if made.is_empty() {
        return Vec::new();
    }
    let texts = acts.iter().filter_map(|act| source(act).map(|source| source.text.as_str()).or_else(|| typed(act)));
    let services = texts
        .filter(|text| text.contains("kind: Service"))
        .take(MOST_SERVICES)
        .flat_map(read)
        .filter(|object| object["kind"] == "Service");
    let sends = |service: &Value| {
        let selector = service.pointer("/spec/selector").and_then(Value::as_object);
        selector.is_some_and(|selector| {
            !selector.is_empty()
                && made.iter().any(|labels| selector.iter().all(|(key, value)| labels.get(key) == Some(value)))
        })
    };
    services.filter(sends).filter_map(|service| Some(service.pointer("/metadata/name")?.as_str()?.to_owned())).collect()
}

/// The manifests in the here-documents of a command, or the text itself.
fn manifests_in(text: &str) -> String {
    let begins = text.lines().next().unwrap_or_default().contains("<<");
    match text.split_once("<<").filter(|_| begins) {
        Some((_, rest)) => {
            let mut lines = rest.lines();
            let end = lines.next().unwrap_or_default().trim_matches(|sign: char| !sign.is_alphanumeric()).to_owned();
            lines.take_while(|line| line.trim() != end).map(|line| format!("{line}\n")).collect()
        }
        None => text.to_owned(),
    }
}

/// The names that an act should make: later acts that need them fail because of it.
pub(super) fn makes(act: &Act, acts: &[Act]) -> Vec<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"kubectl\s+(?:run|create\s+(?:deployment|service\s+\w+|configmap|secret\s+\w+|job|cronjob|namespace|ns|serviceaccount|role\w*))\s+([\w.-]+)|kubectl\s+expose\s+(?:-\S+\s+)*[a-z]+[/\s]([\w.-]+)|kubectl\s+(?:alpha\s+)?debug\s.*?(?:-c|--container)[= ]([\w.-]+)|--name[= ]([\w.-]+)|docker (?:buildx )?build\b[^\n]*?-t[= ]([\w./:-]+)|port-forward\s+(?:\S+\s+)*?(\d{2,5})(?::\d+)?(?:\s|$)|git clone\s+(?:\S+\s+)*?\S+/([\w-]+?)(?:\.git)?/?$|config\s+set-context\s+([A-Za-z0-9][\w.-]*)",
        )
    });
    let command = typed(act).unwrap_or_default();
    let mut names: Vec<String> = NAMED
        .captures_iter(command)
        .filter_map(|found| (1..=8).find_map(|group| found.get(group)).map(|name| name.as_str().to_owned()))
        .collect();
    names.extend(applied(command, acts).into_iter().flat_map(names_of));
    names.retain(|name| name.len() > 1);
    names
}

/// The files of the document that a command applies.
fn applied<'a>(command: &str, acts: &'a [Act]) -> Vec<&'a Source> {
    static FILE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:apply|create|replace)\s.*?-f[= ]?(\S+)"));
    let files: Vec<&str> =
        FILE.captures_iter(command).filter_map(|found| found.get(1)).map(|file| file.as_str()).collect();
    let is_applied =
        |source: &&Source| source.name.as_deref().is_some_and(|name| files.iter().any(|file| name.ends_with(file)));
    let written = acts.iter().filter_map(|act| match &act.deed {
        Deed::Write(source) => Some(source),
        _ => None,
    });
    written.filter(is_applied).collect()
}

/// Whether an act makes an object of one of these kinds.
fn is_of(act: &Act, acts: &[Act], kinds: &[&str]) -> bool {
    let has_kind = |text: &str| {
        let mut lines = text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("kind:"));
        lines.any(|kind| kinds.contains(&kind.trim()))
    };
    let command = typed(act).unwrap_or_default();
    source(act).is_some_and(|source| has_kind(&source.text))
        || has_kind(command)
        || applied(command, acts).into_iter().any(|source| has_kind(&source.text))
}

/// Whether a command shows volumes or claims, or something that uses a claim and waits.
fn needs_volume(text: &str, command: &str, ended: &ActResult, acts: &[Act]) -> bool {
    let uses_claim = |source: &&Source| {
        ["persistentVolumeClaim", "volumeClaimTemplates"].iter().any(|field| source.text.contains(field))
    };
    let waits = ["Pending", "ContainerCreating", "unbound"].iter().any(|word| ended.said.contains(word));
    let users = acts.iter().filter_map(source).filter(uses_claim).flat_map(names_of);
    reads::lists_volumes(command) || waits && users.into_iter().any(|name| is_named(text, &name))
}

/// Whether a command connects to a server.
fn connects(command: &str) -> bool {
    static CLIENT: LazyLock<Regex> = LazyLock::new(|| regex(r"\b(?:wget|curl|nc|ping|telnet|redis-cli)\s"));
    CLIENT.is_match(command)
}

#[cfg(test)]
mod tests;
