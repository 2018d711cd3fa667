//! A document as the first draft of a lab: a scenario for each section, with the lab's files, and where each command of
//! the document is shown.
//!
//! A document is one story, but scenarios are isolated. Therefore each scenario first repeats those acts of earlier
//! sections that its own need: without the checks, which the earlier scenarios make. What cannot be turned into a step is
//! a comment with the reason and the place. Nothing is written here.

mod coverage;
mod names;
mod needs;
mod sheet;
mod steps;
mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::{Component, Path},
};

use self::{
    needs::Touch,
    steps::{DraftStep, Writer},
};
use super::{
    fixed,
    safety::WhyNotRun,
    story::{Act, Deed, Source, Story},
};

/// A document, to be drafted as a lab.
#[derive(Clone, Debug)]
pub struct Original<'a> {
    /// The name of the lab.
    pub lab: &'a str,
    /// The document's title.
    pub title: &'a str,
    /// The document's path.
    pub path: &'a str,
    /// What it asks its reader to do.
    pub story: &'a Story,
    /// The files beside the document that its commands use, each with its content.
    pub beside: &'a BTreeMap<String, String>,
    /// The digests of its sections.
    pub digests: &'a [(String, String)],
}

/// The draft of a lab.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The feature file.
    pub sheet: String,
    /// The lab's files, by their paths in the lab's folder.
    pub files: BTreeMap<String, String>,
    /// The coverage file.
    pub coverage: String,
    /// How many scenarios the sheet has.
    pub scenarios: usize,
    /// How many acts of the document are in no step.
    pub left: usize,
}

/// A scenario, or the comments of a section without one.
#[derive(Clone, Debug)]
struct Part {
    title: String,
    steps: Vec<DraftStep>,
    acts: Range<usize>,
}

/// Drafts a lab.
#[must_use]
pub fn draft(original: &Original<'_>) -> Draft {
    let acts = &original.story.acts;
    let touches = needs::touches(acts);
    let mut left = left(acts, &touches);
    let files = files(original);
    let sections = whole_sections(original);
    let parts: Vec<Part> = sections
        .into_iter()
        .map(|(title, own)| {
            let steps = scenario(original, &files, &touches, own.clone(), &mut left);
            Part { title, steps, acts: own }
        })
        .collect();
    Draft {
        sheet: sheet::of(original, &parts, &left),
        coverage: coverage::of(original, &parts, &left),
        scenarios: parts.iter().filter(|part| !part.steps.is_empty()).count(),
        left: left.iter().flatten().count(),
        files,
    }
}

/// The sections with their titles. A section that begins in a container's shell belongs to the one before it.
fn whole_sections(original: &Original<'_>) -> Vec<(String, Range<usize>)> {
    let mut sections: Vec<(String, Range<usize>)> = Vec::new();
    for section in &original.story.sections {
        let begins_inside =
            matches!(&original.story.acts[section.acts.start].deed, Deed::Type(typed) if typed.is_inside);
        match sections.last_mut().filter(|_| begins_inside) {
            Some((_, acts)) => acts.end = section.acts.end,
            None => sections.push((titled(original, &section.title), section.acts.clone())),
        }
    }
    sections
}

/// The title of a section; that of the document for what stands before the first heading.
fn titled(original: &Original<'_>, title: &str) -> String {
    if title.is_empty() { format!("{}: the beginning", original.title) } else { title.to_owned() }
}

/// Why an act becomes no step, for each act for which that is known without its scenario: it is not run, or needs what
/// such an act should have made.
fn left(acts: &[Act], touches: &[Touch]) -> Vec<Option<String>> {
    let mut missing: Vec<(usize, BTreeSet<String>)> = Vec::new();
    let why = |(act, touch): (&Act, &Touch)| match &act.deed {
        Deed::Leave(_, why) => {
            if matches!(why, WhyNotRun::NeedsFile(_) | WhyNotRun::Placeholder(_)) {
                missing.push((act.line, needs::made(act, acts)));
            }
            Some(format!("not run: {why}"))
        }
        Deed::Say(wrong) => Some(wrong.clone()),
        Deed::Type(_) => {
            let (line, _) = missing.iter().find(|(_, names)| !names.is_disjoint(&touch.names))?;
            let why = format!("it needs what line {line} should have made");
            missing.push((*line, needs::made(act, acts)));
            Some(why)
        }
        _ => None,
    };
    acts.iter().zip(touches).map(why).collect()
}

/// The steps of a section's scenario; none if nothing of it can be shown.
fn scenario(
    original: &Original<'_>,
    files: &BTreeMap<String, String>,
    touches: &[Touch],
    own: Range<usize>,
    left: &mut [Option<String>],
) -> Vec<DraftStep> {
    let acts = &original.story.acts;
    let needed = needs::needed(touches, own.clone());
    let used =
        || needed.iter().copied().chain(own.clone()).filter(|index| left[*index].is_none()).map(|index| &acts[index]);
    let mut writer = Writer::with(files.clone());
    scene(&mut writer, &used().map(text_of).collect::<Vec<_>>());
    if !files.is_empty() {
        writer.given(format!("the lab's files are in the folder \"{}\"", original.lab));
    }
    for index in needed.into_iter().filter(|index| left[*index].is_none()).collect::<Vec<_>>() {
        // What an earlier scenario cannot show is a comment there.
        _ = writer.set_up(&acts[index], acts);
    }
    let before = writer.steps.len();
    for index in own {
        if left[index].is_none() {
            left[index] = writer.act(&acts[index], acts).err();
        }
    }
    let is_empty = writer.steps.len() == before;
    writer.finish();
    if is_empty { Vec::new() } else { writer.steps }
}

/// The steps that reserve what the texts of a scenario fix.
fn scene(writer: &mut Writer, texts: &[String]) {
    if texts.iter().any(|text| fixed::uses_default(text)) {
        writer.given("I work in the empty namespace \"default\"");
    }
    for namespace in fixed::new_namespaces(texts) {
        writer.given(format!("no namespace is called \"{namespace}\""));
    }
    for port in texts.iter().flat_map(|text| fixed::ports(text)).collect::<BTreeSet<_>>() {
        writer.given(format!("port {port} is free"));
    }
    for name in texts.iter().flat_map(|text| fixed::containers(text)).collect::<BTreeSet<_>>() {
        writer.given(format!("no container is called \"{name}\""));
    }
}

fn text_of(act: &Act) -> String {
    match &act.deed {
        Deed::Type(typed) => typed.command.clone(),
        Deed::Write(source) | Deed::Offer(source) => source.text.clone(),
        Deed::Leave(..) | Deed::Say(_) => String::new(),
    }
}

/// The lab's files. Of several with one name, the first is the lab's; steps write the others.
fn files(original: &Original<'_>) -> BTreeMap<String, String> {
    let mut files = original.beside.clone();
    for act in &original.story.acts {
        let (name, source) = match &act.deed {
            Deed::Write(source) => (file_name(source.name()), source),
            Deed::Offer(source) => (Some(file_of(act, source)), source),
            _ => continue,
        };
        if let Some(name) = name.filter(|name| name != "lab.yaml") {
            files.entry(name).or_insert_with(|| source.text.clone());
        }
    }
    files
}

/// The file for a manifest that no command uses.
fn file_of(act: &Act, source: &Source) -> String {
    let name = source.name.as_deref().and_then(file_name);
    name.filter(|name| !name.contains('/')).unwrap_or_else(|| format!("line-{}.yaml", act.line))
}

/// The path of a file in the lab's folder; `None` if it would be outside.
fn file_name(name: &str) -> Option<String> {
    let name = name.trim_start_matches("~/").trim_start_matches("$HOME/").trim_start_matches("./");
    let is_within = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    (is_within && !name.is_empty()).then(|| name.to_owned())
}
