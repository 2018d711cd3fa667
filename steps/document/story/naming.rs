//! Files that only a command names: which of the manifests without a name it reads.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{
    Act, Deed, Source,
    edited::is_yaml,
    files::Named,
    used::{base, used_files, written_files},
};
use crate::{
    document::names,
    expression::{kubectl_regex, regex},
};

/// How many lines may stand between a manifest and the command that reads it, if nothing else says that it does.
const FAR: usize = 150;

/// What the acts have, found once.
struct Facts {
    /// The objects of manifests without a name.
    objects: Vec<Vec<NamedObject>>,
    /// The files that commands read.
    used: Vec<Vec<String>>,
    /// The files that commands write.
    written: Vec<Vec<String>>,
}

impl Facts {
    fn of(acts: &[Act]) -> Self {
        Self {
            objects: acts.iter().map(nameless_objects).collect(),
            used: acts.iter().map(used_by).collect(),
            written: acts.iter().map(written_by).collect(),
        }
    }
}

/// Gives names to the files that only commands name.
pub(super) fn settle(acts: &mut [Act], prose: &str) {
    by_use(acts);
    by_folder(acts, prose);
}

/// A manifest without a name gets the name of the file that a later command uses, if nothing else makes that file.
fn by_use(acts: &mut [Act]) {
    let mut made: BTreeSet<String> = BTreeSet::new();
    let facts = Facts::of(acts);
    for index in 0..acts.len() {
        if let Deed::Write(Source { edits: Some(before), name: None, .. }) = &acts[index].deed
            && let Deed::Write(original) = acts[*before].deed.clone()
            && let Deed::Write(edited) = &mut acts[index].deed
        {
            (edited.name, edited.named_by) = (original.name, original.named_by);
        }
        match &acts[index].deed {
            Deed::Write(source) => made.extend(source.name.as_deref().map(|name| base(name).to_owned())),
            Deed::Type(_) => {
                let makes = facts.written[index].clone();
                for name in facts.used[index].clone() {
                    if makes.contains(&name) {
                        continue;
                    }
                    let line = acts[index].line;
                    if made.contains(base(&name)) {
                        if let Some(meant) = shown_after_edit(acts, index, &name, &facts)
                            && let Deed::Write(source) = &mut acts[meant].deed
                        {
                            (source.name, source.named_by) = (Some(name.clone()), Named::Command(line));
                        }
                        continue;
                    }
                    if let Some(meant) = manifest_meant(acts, index, &name, &made, &facts)
                        && let Deed::Write(source) = &mut acts[meant].deed
                    {
                        (source.name, source.named_by) = (Some(name.clone()), Named::Command(line));
                        made.insert(base(&name).to_owned());
                    }
                }
                made.extend(makes.iter().map(|name| base(name).to_owned()));
            }
            _ => {}
        }
    }
}

/// Files that the document has in a folder: it names the folder in its prose, and a command reads that folder, but no file
/// in it.
fn by_folder(acts: &mut [Act], prose: &str) {
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r#"KUBECTL\s+(?:\S+\s+)*?(?:apply|create|delete|replace|diff)\b[^|;&\n]*?\s(?:-f|-k|--filename|--kustomize)[= ]?["']?(?:\./)?([A-Za-z0-9][\w-]*)/?(?:["'\s]|$)"#,
        )
    });
    let folders: Vec<(usize, String)> = acts
        .iter()
        .enumerate()
        .filter_map(|(index, act)| match &act.deed {
            Deed::Type(typed) => Some((index, FOLDER.captures(&typed.command)?[1].to_owned())),
            _ => None,
        })
        .collect();
    for (index, folder) in folders {
        let enters = acts
            .iter()
            .any(|act| matches!(&act.deed, Deed::Type(typed) if typed.command.contains(&format!("cd {folder}"))));
        let within = format!("{folder}/");
        let has_files = acts.iter().any(|act| matches!(&act.deed, Deed::Write(Source { name: Some(name), .. }) if name.trim_start_matches("./").starts_with(&within)));
        let is_named = [format!("`{folder}`"), format!("`{within}`")].iter().any(|words| prose.contains(words));
        if enters || has_files || !is_named {
            continue;
        }
        let read: Vec<String> = acts
            .iter()
            .filter_map(|act| match &act.deed {
                Deed::Type(typed) => Some(used_files(&typed.command)),
                _ => None,
            })
            .flatten()
            .collect();
        for act in &mut acts[..index] {
            if let Deed::Write(Source { name: Some(name), .. }) = &mut act.deed
                && !name.contains('/')
                && is_yaml(name)
                && !read.contains(name)
            {
                *name = format!("{folder}/{name}");
            }
        }
    }
}

/// The index of the manifest without a name that shows a file as its reader has edited it: a command wrote the file, has
/// the names of the manifest's objects, and no other command uses the file before this one.
fn shown_after_edit(acts: &[Act], index: usize, name: &str, facts: &Facts) -> Option<usize> {
    let command = |at: usize| match &acts[at].deed {
        Deed::Type(typed) => Some(typed.command.as_str()),
        _ => None,
    };
    let has = |files: &[String]| files.iter().any(|file| file == name);
    let written = (0..index).rev().find(|at| has(&facts.written[*at]))?;
    if (written + 1..index).any(|at| has(&facts.used[at])) {
        return None;
    }
    let names_them = |at: &usize| {
        let text = command(written).unwrap_or_default();
        let words: Vec<&str> = text.split([' ', '=', '\n', '/']).collect();
        let makes = |kind: &str| match kind {
            "pod" => words.contains(&"run"),
            kind => words.iter().any(|word| names::singular(word) == kind),
        };
        let is_made = |object: &NamedObject| words.contains(&object.name.as_str()) && makes(&object.kind);
        !facts.objects[*at].is_empty() && facts.objects[*at].iter().all(is_made)
    };
    (written + 1..index).rev().filter(|at| nameless(&acts[*at]).is_some()).find(names_them)
}

/// The index of the manifest without a name that a command reads by this name.
fn manifest_meant(acts: &[Act], index: usize, name: &str, made: &BTreeSet<String>, facts: &Facts) -> Option<usize> {
    let nameless: Vec<usize> = (0..index).rev().filter(|at| nameless(&acts[*at]).is_some()).collect();
    let objects = |at: usize| &facts.objects[at];
    let printed = printed_objects(&acts[index]);
    if !printed.is_empty() {
        let has = |at: &&usize, is_same: fn(&NamedObject, &NamedObject) -> bool| {
            objects(**at).iter().any(|own| printed.iter().any(|other| is_same(own, other)))
        };
        let same = nameless.iter().find(|at| has(at, |own, other| own == other));
        return same.or_else(|| nameless.iter().find(|at| has(at, |own, other| own.kind == other.kind))).copied();
    }
    let is_named_so = |at: &&usize| objects(**at).iter().any(|object| object.is_in(name));
    nameless.iter().find(is_named_so).copied().or_else(|| by_order(acts, index, made, &facts.used))
}

/// The manifest without a name above a command, if no other one is between. Several of them are read in their order, if as
/// many commands follow.
fn by_order(acts: &[Act], index: usize, made: &BTreeSet<String>, used: &[Vec<String>]) -> Option<usize> {
    let is_manifest = |act: &Act| matches!(&act.deed, Deed::Write(source) if source.is_manifest());
    let last = (0..index).rev().find(|at| is_manifest(&acts[*at]))?;
    let is_typed = |act: &Act| matches!(act.deed, Deed::Type(_));
    let run: Vec<usize> = (0..=last)
        .rev()
        .take_while(|at| !is_typed(&acts[*at]))
        .take_while(|at| !is_manifest(&acts[*at]) || nameless(&acts[*at]).is_some())
        .filter(|at| nameless(&acts[*at]).is_some())
        .collect();
    if run.is_empty() {
        return None;
    }
    let later = (index..acts.len()).take_while(|at| !is_manifest(&acts[*at]));
    let wanted: BTreeSet<&String> = later.flat_map(|at| &used[at]).filter(|name| !made.contains(base(name))).collect();
    let meant = if run.len() == wanted.len() { run.last() } else { run.first() };
    meant.copied().filter(|at| acts[index].line.saturating_sub(acts[*at].line) <= FAR)
}

/// The files that the command of an act writes.
fn written_by(act: &Act) -> Vec<String> {
    match &act.deed {
        Deed::Type(typed) => written_files(&typed.command),
        _ => Vec::new(),
    }
}

/// The files that the command of an act reads.
fn used_by(act: &Act) -> Vec<String> {
    match &act.deed {
        Deed::Type(typed) => used_files(&typed.command),
        _ => Vec::new(),
    }
}

fn nameless(act: &Act) -> Option<&Source> {
    match &act.deed {
        Deed::Write(source) if source.name.is_none() && source.is_manifest() => Some(source),
        _ => None,
    }
}

/// An object: its kind, in lower case and singular, and its name.
#[derive(Debug, PartialEq, Eq)]
struct NamedObject {
    kind: String,
    name: String,
}

impl NamedObject {
    fn of(kind: &str, name: &str) -> Self {
        Self { kind: names::singular(kind.split('.').next().unwrap_or(kind)), name: name.to_owned() }
    }

    /// Whether the name of a file has that of the object, or its kind as a word.
    fn is_in(&self, file: &str) -> bool {
        let stem = base(file).split('.').next().unwrap_or_default().to_lowercase();
        let mut words = stem.split(['-', '_']);
        let has_name = self.name.len() > 2 && stem.contains(&self.name) || stem == self.name;
        has_name || words.any(|word| word.len() > 1 && names::singular(word) == self.kind)
    }
}

fn nameless_objects(act: &Act) -> Vec<NamedObject> {
    let objects = nameless(act).map(Source::objects).unwrap_or_default();
    objects.iter().filter_map(|object| object.split_once('/')).map(|(kind, name)| NamedObject::of(kind, name)).collect()
}

/// The objects that a command changes, as its output in the document says.
fn printed_objects(act: &Act) -> Vec<NamedObject> {
    static CHANGED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"(?m)^([a-z][a-z0-9.]*)(?:/| ")([a-z0-9][\w.-]*)"? (?:created|configured|unchanged|replaced|deleted)\b"#,
        )
    });
    let Deed::Type(typed) = &act.deed else { return Vec::new() };
    let text = typed.expected.as_ref().map_or("", |expected| &expected.text);
    CHANGED.captures_iter(text).map(|found| NamedObject::of(&found[1], &found[2])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_the_name_or_the_kind_of_its_object() {
        let service = NamedObject::of("services", "web");
        for file in ["a/my-web.yaml", "service.yml", "svc-db.yaml"] {
            assert!(service.is_in(file), "{file}");
        }
        assert!(!service.is_in("deployment.yaml"));
    }
}
