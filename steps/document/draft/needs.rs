//! Which earlier acts a section needs: those that change what its own acts name or list.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::{
    document::{
        blanks,
        judge::values::generated,
        reads::only_reads,
        story::{Act, Deed, Runs, Source, Typed},
    },
    expression::{kubectl_regex, regex},
};

/// What an act names and does.
#[derive(Clone, Debug, Default)]
pub(super) struct Touch {
    /// The names of objects, variables, images and files.
    pub(super) names: BTreeSet<String>,
    /// Whether it reads or changes whatever there is.
    pub(super) all: bool,
    /// Whether it changes anything, or waits for a change.
    pub(super) changes: bool,
    /// Whether it changes the terminal: its folder, or kubectl's namespace.
    pub(super) terminal: bool,
}

/// What each act touches. A command in a container's shell touches what the command that opens the shell does.
pub(super) fn touches(acts: &[Act]) -> Vec<Touch> {
    let known: BTreeSet<String> = acts.iter().flat_map(|act| made(act, acts)).collect();
    let mut touches: Vec<Touch> = Vec::new();
    for act in acts {
        let before = touches.last().cloned();
        touches.push(match &act.deed {
            Deed::Type(typed) if typed.is_inside => Touch { changes: true, ..before.unwrap_or_default() },
            Deed::Type(typed) => of(typed, acts, &known),
            Deed::Write(source) => Touch { names: of_source(source, &known), changes: true, ..Touch::default() },
            Deed::Offer(source) => {
                Touch { names: of_source(source, &known), changes: source.is_applied, ..Touch::default() }
            }
            Deed::Leave(text, _) => Touch { names: made_by(text), ..Touch::default() },
            Deed::Say(_) => Touch::default(),
        });
    }
    touches
}

/// The earlier acts that these need, in order.
pub(super) fn needed(touches: &[Touch], own: std::ops::Range<usize>) -> Vec<usize> {
    let mut wanted = Touch::default();
    own.clone().for_each(|index| wanted.add(&touches[index]));
    let mut needed = Vec::new();
    for index in (0..own.start).rev().filter(|index| touches[*index].changes) {
        let touch = &touches[index];
        if touch.terminal || wanted.all || touch.all || !touch.names.is_disjoint(&wanted.names) {
            wanted.add(touch);
            needed.push(index);
        }
    }
    needed.reverse();
    needed
}

impl Touch {
    fn add(&mut self, other: &Self) {
        self.names.extend(other.names.iter().cloned());
        self.all |= other.all;
    }
}

fn of(typed: &Typed, acts: &[Act], known: &BTreeSet<String>) -> Touch {
    static WAITS: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"^KUBECTL\s.*\b(?:wait|rollout\s+status)\s"));
    static TERMINAL: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:cd|alias|source|set|pushd|popd)\b|\bconfig\s+(?:set-context|use-context)|create\s+(?:ns|namespace)\b",
        )
    });
    let command = &typed.command;
    let mut names: BTreeSet<String> = known.iter().filter(|name| mentions(command, name)).cloned().collect();
    names.extend(files(command, acts).flat_map(|source| of_source(source, known)));
    let is_assignment = assigned(command).is_some();
    let shows_state = matches!(typed.runs, Runs::OnAndOn) && !command.contains("port-forward");
    Touch {
        all: lists(command) || has_name_of_one_run(command) || (names.is_empty() && changes_objects(command)),
        changes: !shows_state && (is_assignment || WAITS.is_match(command) || !only_reads(command)),
        terminal: TERMINAL.is_match(command),
        names,
    }
}

/// The files of the document that a command reads.
fn files<'a>(command: &'a str, acts: &'a [Act]) -> impl Iterator<Item = &'a Source> {
    let sources = acts.iter().filter_map(|act| match &act.deed {
        Deed::Write(source) => Some(source),
        _ => None,
    });
    sources.filter(move |source| {
        source.name.as_deref().is_some_and(|name| mentions(command, name.rsplit('/').next().unwrap_or(name)))
    })
}

/// The names that an act makes, as far as the document contains them.
pub(super) fn made(act: &Act, acts: &[Act]) -> BTreeSet<String> {
    match &act.deed {
        Deed::Type(typed) => {
            let objects = files(&typed.command, acts).flat_map(objects);
            made_by(&typed.command).into_iter().chain(objects).collect()
        }
        Deed::Leave(text, _) => made_by(text),
        Deed::Write(source) | Deed::Offer(source) => objects(source).collect(),
        Deed::Say(_) => BTreeSet::new(),
    }
}

fn made_by(command: &str) -> BTreeSet<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"KUBECTL\s+(?:run|create\s+(?:service\s+\w+|secret\s+[\w-]+|[a-z]+))\s+([a-z0-9][\w.-]*)|--name[= ]([\w.-]+)|docker (?:buildx )?build\b[^\n]*?(?:-t|--tag)[= ]([\w./:-]+)|^\s*name:\s*([a-z0-9][\w.-]*)|(?:>{1,2}|\btee(?: -a)?)\s*([\w./-]+\.\w+)|\b(?:mkdir(?: -p)?|touch)\s+([\w./-]+)",
        )
    });
    let found = NAMED.captures_iter(command).filter_map(|found| (1..=6).find_map(|group| found.get(group)));
    found.map(|name| name.as_str().to_owned()).filter(|name| name.len() > 1).chain(assigned(command)).collect()
}

/// The variable that a command sets.
fn assigned(command: &str) -> Option<String> {
    static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:export\s+)?([A-Za-z_]\w*)="));
    ASSIGNMENT.captures(command).map(|found| found[1].to_owned())
}

/// The names of a manifest's objects.
fn objects(source: &Source) -> impl Iterator<Item = String> + use<> {
    source.objects().into_iter().filter_map(|object| Some(object.split_once('/')?.1.to_owned()))
}

/// The names that a file contains or makes.
fn of_source(source: &Source, known: &BTreeSet<String>) -> BTreeSet<String> {
    let mentioned = known.iter().filter(|name| mentions(&source.text, name)).cloned();
    objects(source).chain(mentioned).chain(source.name.clone()).collect()
}

/// Whether a command lists or changes everything of a kind.
fn lists(command: &str) -> bool {
    static LISTS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"KUBECTL\s+(?:-\S+\s+)*(?:get|describe|delete|top)\s+(?:-\S+\s+)*(?:pods?|po|all|deployments?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|services?|svc|endpoints|ep|endpointslices?|jobs?|cronjobs?|configmaps?|cm|secrets?|events?|ev|pvcs?|persistentvolumeclaims?|ingress(?:es)?|ing|hpa|[a-z]+(?:,[a-z]+)+)(?:\s+-\S+(?:[ =]\S+)?)*\s*(?:$|[|;&>)])|KUBECTL\s+events|KUBECTL\s.*(?:\s-l\s|--selector|--all(?:\s|$))",
        )
    });
    LISTS.is_match(command)
}

/// Whether a command names an object whose name is another in each run.
fn has_name_of_one_run(command: &str) -> bool {
    blanks::first(command).is_some() || generated(command).is_some()
}

/// Whether a command changes objects whose names it does not contain.
fn changes_objects(command: &str) -> bool {
    ["kubectl apply", "kubectl create", "kubectl delete", "kubectl replace", "helm "]
        .iter()
        .any(|verb| command.contains(verb))
}

/// Whether a text contains this name as a word of its own.
pub(super) fn mentions(text: &str, name: &str) -> bool {
    let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
    let begins = |letter: Option<char>| ends(letter) && letter != Some('-');
    text.match_indices(name)
        .any(|(at, _)| begins(text[..at].chars().next_back()) && ends(text[at + name.len()..].chars().next()))
}
