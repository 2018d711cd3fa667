//! A document on the command line: its path, its story, and the files beside it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use regex::Regex;

use super::beside::{is_within, settle_files};
use crate::{
    document::{
        self, LARGEST, Markup,
        remarks::{self, BESIDE},
        review::{beside::compare, review},
        safety::{ReaderTerminal, WhyNotRun},
        story::{Act, Deed, MOST_ACTS, Named, Source, Story, addresses, used_files},
    },
    expression::regex,
    project::{Lab, LabFile, Project, Work},
    submission::dockerfile::Builder,
    verdict::{Fault, Outcome},
};

/// A document that is run.
#[derive(Clone, Debug)]
pub struct Page {
    /// Its path for reports.
    pub shown: String,
    /// Its name, as a part of a namespace's name.
    pub name: String,
    /// Its first heading, or else the name of its file.
    pub title: String,
    /// The digests of its sections.
    pub digests: Vec<(String, String)>,
    /// Its folder.
    pub folder: PathBuf,
    /// Its text.
    pub text: String,
    /// What it leaves to its reader, and the names that labproof has chosen for it.
    pub chosen: BTreeMap<String, String>,
    /// What it asks its reader to do.
    pub story: Story,
    /// The files beside it that its commands use, by their names relative to its folder.
    pub beside: BTreeMap<String, Vec<u8>>,
    /// Files that its commands use and nothing makes, each with the file of the document that is meant.
    pub meant: BTreeMap<String, String>,
}

/// Whether a name on the command line is a document's: a file whose name ends as a document's does.
#[must_use]
pub fn is_document(name: &str) -> bool {
    Path::new(name).is_file() && Markup::of(name, "").is_some()
}

impl Page {
    /// Reads a document.
    ///
    /// # Errors
    /// `refused` if it cannot be read, or is too large.
    pub fn read(project: &Project, path: &str) -> Outcome<Self> {
        let bytes = fs::read(path).map_err(|error| Fault::refused(format!("cannot read {path}: {error}")))?;
        if bytes.len() > LARGEST {
            return Err(Fault::refused(format!("{path} has {} bytes; a document may have {LARGEST}", bytes.len())));
        }
        let text = String::from_utf8_lossy(&bytes);
        let format = Markup::of(path, &text).ok_or_else(|| Fault::refused(format!("{path} is not a document")))?;
        let absolute = Path::new(path).canonicalize().unwrap_or_else(|_| path.into());
        let folder = absolute.parent().unwrap_or(Path::new(".")).to_owned();
        let mut document = document::read_with(format, &text, &|name| included(&folder, name));
        let beside = format!("{path}{BESIDE}");
        if let Ok(remarks) = fs::read_to_string(&beside) {
            remarks::add(&mut document, &remarks).map_err(|wrong| Fault::refused(wrong.of(&beside)))?;
        }
        let mut story = Story::of(&document);
        let digests = story.digests();
        if story.is_cut_off() {
            return Err(Fault::refused(format!("{path} has more than {MOST_ACTS} commands and files")).hint("split it"));
        }
        review(&document, &mut story);
        story.acts.iter_mut().for_each(|act| settle_addresses(act, &folder));
        prefer_files(&mut story, &folder);
        let (beside, meant) = settle_files(&mut story, &folder);
        for (name, content) in &beside {
            let text = String::from_utf8_lossy(content);
            story.shows_only(&text);
            compare(&mut story, name, &text);
        }
        let shown = project.shown(Path::new(path));
        let title = document.title().unwrap_or(&shown).to_owned();
        let (name, text, chosen) = (label(path), text.into_owned(), document.chosen);
        let mut page = Self { shown, name, title, digests, folder, text, chosen, story, beside, meant };
        if !page.beside.is_empty() {
            page.story.judge_again(page.terminal(BTreeSet::new()));
        }
        Ok(page)
    }

    /// The reader's terminal on a cluster with these nodes, with the files beside the document.
    #[must_use]
    pub fn terminal(&self, nodes: BTreeSet<String>) -> ReaderTerminal {
        let mut terminal = ReaderTerminal::of(nodes);
        for (name, content) in self.beside.keys().zip(self.files()) {
            terminal.keep(name, &content);
        }
        terminal
    }

    /// How many acts of each kind it has.
    #[must_use]
    pub fn summary(&self) -> String {
        let count = |is: fn(&Deed) -> bool| self.story.acts.iter().filter(|act| is(&act.deed)).count();
        let (typed, left) =
            (count(|deed| matches!(deed, Deed::Type(_))), count(|deed| matches!(deed, Deed::Leave(..))));
        let shown = count(|deed| matches!(deed, Deed::Type(typed) if typed.expected.is_some()));
        let files = count(|deed| matches!(deed, Deed::Write(_) | Deed::Offer(_)));
        let commands = if typed == 1 { "command" } else { "commands" };
        format!("{typed} {commands}, with output: {shown}; files and manifests: {files}; not run: {left}")
    }

    /// The contents of the files beside it that its commands use.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        self.beside.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }

    /// Its commands and the contents of all files that they use.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        [self.story.texts(), self.files()].concat()
    }

    /// The node ports that its manifests and commands set.
    #[must_use]
    pub fn node_ports(&self) -> BTreeSet<String> {
        static SET: LazyLock<Regex> = LazyLock::new(|| regex(r"\bnode-?[pP]ort(?:[:=]|\S*\x22:)\s*(\d{5})\b"));
        self.texts()
            .iter()
            .flat_map(|text| SET.captures_iter(text).map(|found| found[1].to_owned()).collect::<Vec<_>>())
            .collect()
    }

    /// The lab that the scene belongs to; a document has no lab's files.
    #[must_use]
    pub fn lab(&self) -> Arc<Lab> {
        let (name, folder) = (self.name.clone(), self.folder.clone());
        let (file, work, builder) = (LabFile::default(), Work::Own, Builder::default());
        Arc::new(Lab { name, features: Vec::new(), folder, file, work, builder })
    }
}

/// The text of a file that a document includes: one in the document's own folder or its repository, or in a folder that
/// Antora has beside that of the pages.
fn included(folder: &Path, name: &str) -> Option<String> {
    let file = folder.join(name).canonicalize().ok()?;
    let home = std::env::home_dir();
    let repository = folder
        .ancestors()
        .find(|ancestor| ancestor.join(".git").exists())
        .filter(|root| root.parent().is_some() && home.as_deref() != Some(*root));
    let families = ["examples", "partials", "attachments"].map(|family| folder.with_file_name(family));
    let of_antora = families.iter().map(PathBuf::as_path).filter(|_| folder.ends_with("pages"));
    let mut roots = [Some(folder), repository].into_iter().flatten().chain(of_antora);
    // Hidden files are keys and settings, and no part of a course.
    let is_hidden = |root: &Path| {
        file.strip_prefix(root).is_ok_and(|rest| rest.iter().any(|part| part.to_string_lossy().starts_with('.')))
    };
    let is_small = fs::metadata(&file).is_ok_and(|about| about.is_file() && about.len() <= LARGEST as u64);
    (roots.any(|root| file.starts_with(root) && !is_hidden(root)) && is_small)
        .then(|| fs::read_to_string(&file).ok())?
}

/// Replaces the address of a manifest by the file of its name beside the document. labproof fetches nothing, because what
/// is behind an address changes.
fn settle_addresses(act: &mut Act, folder: &Path) {
    let Deed::Type(typed) = &mut act.deed else { return };
    for address in addresses(&typed.command) {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').skip(3).filter(|part| !part.is_empty() && *part != "..").collect();
        let ends = (0..parts.len()).map(|first| parts[first..].join("/"));
        let Some(file) = ends.into_iter().find(|end| folder.join(end).is_file()) else {
            let file = parts.last().copied().unwrap_or_default();
            let why = format!("labproof fetches no manifest: put {file} beside the document");
            act.deed = Deed::Leave(typed.command.clone(), WhyNotRun::Environment(why));
            return;
        };
        typed.command = typed.command.replace(&address, &file);
        act.notes.push(format!("labproof used the file {file} beside the document in place of {address}"));
    }
}

/// Takes the names from manifests to which only a command gives them, if there is a file of that name beside the document:
/// the page only shows what the file has.
fn prefer_files(story: &mut Story, folder: &Path) {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for act in &mut story.acts {
        if let Deed::Type(typed) = &act.deed {
            used.extend(used_files(&typed.command));
        }
        // Once a command has used the file, the page shows how its reader changes it.
        if let Deed::Write(source) = &act.deed
            && let (Named::Command(_), Some(name)) = (source.named_by, &source.name)
            && is_within(name)
            && !used.contains(name)
            && folder.join(name).is_file()
        {
            act.notes.clear();
            act.deed = Deed::Offer(Source { name: None, named_by: Named::Document, ..source.clone() });
        }
    }
}

/// The name of a file as Kubernetes allows it in a namespace's name.
fn label(path: &str) -> String {
    let stem = Path::new(path).file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name: String =
        stem.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).take(40).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() { "document".into() } else { name }
}
