//! Files of a document: which block is the content of a file, what the file is called, and who says so.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Act, Deed, Story,
    content::{
        file_name, in_comment, in_prose, is_configuration, is_dockerfile, is_fragment, is_manifest, is_program, names,
        reads_name,
    },
    used::{base, kustomizes, reads_folder_of},
};
use crate::{
    document::{Block, names::file_like, safety::WhyNotRun, shell, words},
    expression::{kubectl_regex, regex},
    yaml::{self, Bounds},
};

/// Languages of files.
const CONTENT: &str = "yaml yml json dockerfile docker python py javascript js typescript ts go golang java kotlin html \
    xml toml ini conf properties sql nginx groovy hcl css c cpp rust ruby php makefile";

/// Who gives a file its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Named {
    /// The document: in a title, in a comment, in the prose.
    #[default]
    Document,
    /// Only the command at this line, which uses it.
    Command(usize),
}

/// The content of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Its name, as far as it is known.
    pub name: Option<String>,
    /// Who gives it.
    pub named_by: Named,
    /// The content.
    pub text: String,
    /// The index of the act whose file it changes, if the prose tells an edit.
    pub edits: Option<usize>,
    /// Whether labproof applies it, because a later command needs its object and no command makes it.
    pub is_applied: bool,
}

impl Source {
    /// The file that a block contains; the prose before it may give its name.
    pub(super) fn of(block: &Block, prose: &str) -> Self {
        let title = block.title.as_deref().and_then(file_name);
        let comment = block.text.lines().find(|line| !line.trim().is_empty()).and_then(in_comment);
        let name = title.or(comment).or_else(|| in_prose(prose, &block.text, &block.language));
        let text = if block.text.ends_with('\n') { block.text.clone() } else { format!("{}\n", block.text) };
        Self { name, text, ..Self::default() }
    }

    /// Whether a block is the content of a file, or a part of one.
    pub(super) fn is_content(block: &Block) -> bool {
        if CONTENT.split_whitespace().any(|language| language == block.language) {
            return true;
        }
        let first = block.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        if first.starts_with("#!") {
            return true;
        }
        !shell::is_known(first)
            && (is_manifest(&block.text)
                || is_dockerfile(&block.text)
                || (block.language.is_empty() && (is_program(&block.text) || is_fragment(&block.text))))
    }

    /// Whether a command prints the content of a file or an object.
    pub(super) fn is_printed_by(command: &str) -> bool {
        static PRINTS: LazyLock<Regex> = LazyLock::new(|| {
            kubectl_regex(
                r"(?m)(-o|--output)[ =]?(yaml|json)\b[^>]*$|(^|[;&|]\s*)(cat|jq|yq|helm template|KUBECTL kustomize|docker inspect|curl|head|tail)\b[^>]*$",
            )
        });
        PRINTS.is_match(command.lines().next_back().unwrap_or_default())
    }

    /// Takes the name from the prose after the block, if it says so: `Save it as pod.yaml`.
    pub(super) fn learn_name_after(&mut self, prose: &str) {
        static SAVE: LazyLock<Regex> = LazyLock::new(|| {
            regex(
                r"(?is)\b(?:save|store|put|write)\s+(?:it|this|that|the\s+\w+(?:\s+\w+)?)\s+(?:in|as|to|into|under)\b([^.]*\.[\w`]+)",
            )
        });
        let first = prose.trim_start().split("\n\n").next().unwrap_or_default();
        if self.name.is_none() {
            self.name = SAVE.captures(first).and_then(|found| names(&found[1]).pop()).or_else(|| saved_as(first));
        }
    }

    /// The same with the right words in place of wrong ones that a review found, so that they are not found again.
    #[must_use]
    pub fn mended(&self, act: &Act) -> Self {
        Self { text: act.mended(&self.text), ..self.clone() }
    }

    /// The name for reports.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or("without a name")
    }

    /// The objects of a manifest, each as `Kind/name`.
    #[must_use]
    pub fn objects(&self) -> Vec<String> {
        let documents = yaml::read(&self.text, &Bounds::trusted());
        let objects = documents.iter().filter_map(|document| document.content.as_ref().ok()).filter_map(|object| {
            let kind = object.get("kind")?.as_str()?;
            Some(format!("{kind}/{}", object.pointer("/metadata/name")?.as_str()?))
        });
        objects.collect()
    }

    /// Whether a command, a variable or data of the manifest names this object, such as the host of a Service.
    #[must_use]
    pub fn mentions(&self, name: &str) -> bool {
        let documents = yaml::read(&self.text, &Bounds::trusted());
        documents
            .iter()
            .filter_map(|document| document.content.as_ref().ok())
            .any(|object| reads_name(object, name, false))
    }

    /// Whether it is a manifest.
    #[must_use]
    pub fn is_manifest(&self) -> bool {
        is_manifest(&self.text)
    }
}

impl Story {
    /// Writes the file that an earlier `cat NAME` shows and nothing makes, in place of that command; returns whether there
    /// is such a command.
    pub fn write_what_is_shown(&mut self, index: usize, name: &str) -> bool {
        let command = format!("cat {name}");
        let shows = self.acts[..index].iter_mut().find_map(|act| match &act.deed {
            Deed::Type(typed) if typed.command.trim() == command => {
                let text =
                    typed.expected.as_ref().map(|expected| expected.text.clone()).filter(|text| is_manifest(text))?;
                Some((act, text))
            }
            _ => None,
        });
        let Some((act, text)) = shows else { return false };
        act.deed = Deed::Write(Source { name: Some(name.to_owned()), text, ..Source::default() });
        act.notes.push(format!("the document only shows {name}, by `{command}`: labproof writes what it shows"));
        true
    }

    /// Applies no manifest of the page that only shows an object which this file beside the page has.
    pub fn shows_only(&mut self, file: &str) {
        let own = Source { text: file.to_owned(), ..Source::default() }.objects();
        for act in &mut self.acts {
            if let Deed::Offer(source) = &mut act.deed
                && source.objects().iter().any(|object| own.contains(object))
            {
                source.is_applied = false;
            }
        }
    }

    /// The file that is meant by a name that nothing before this act makes: one that is called nearly so, or the only
    /// manifest with a name that no command uses. It is written then.
    pub fn file_meant(&mut self, index: usize, name: &str) -> Option<String> {
        let before = &self.acts[..index];
        let sources = || {
            before.iter().filter_map(|act| match &act.deed {
                Deed::Write(source) | Deed::Offer(source) => Some((source.name.as_deref()?, act)),
                _ => None,
            })
        };
        let mut unused = sources().filter(|(_, act)| matches!(act.deed, Deed::Offer(_)));
        let only = unused.next().filter(|_| unused.next().is_none()).map(|(name, _)| name);
        let meant = file_like(name, sources().map(|(name, _)| name)).or(only)?.to_owned();
        for act in &mut self.acts[..index] {
            if let Deed::Offer(source) = &act.deed
                && source.name.as_deref() == Some(meant.as_str())
            {
                act.deed = Deed::Write(source.clone());
            }
        }
        Some(meant)
    }
}

/// The only file that a paragraph in another language tells the reader to save. A paragraph that ends with a colon is about
/// the next block.
fn saved_as(paragraph: &str) -> Option<String> {
    let is_english = ["save", "store"].iter().any(|word| paragraph.to_lowercase().contains(word));
    if is_english || paragraph.trim_end().ends_with([':', '：']) || !words::has(paragraph, words::SAVE) {
        return None;
    }
    let mut names = names(paragraph);
    names.dedup();
    names.pop().filter(|_| names.is_empty())
}

/// Decides what happens to the files that no command uses.
pub(super) fn settle(acts: &mut [Act], prose: &str) {
    let commands: Vec<(usize, String)> = acts
        .iter()
        .enumerate()
        .filter_map(|(index, act)| match &act.deed {
            Deed::Type(typed) => Some((index, typed.command.clone())),
            _ => None,
        })
        .collect();
    let kustomizations: String = acts.iter().filter_map(kustomization).collect();
    let of_files: Vec<(usize, String)> = acts
        .iter()
        .enumerate()
        .filter_map(|(index, act)| match &act.deed {
            Deed::Write(source) if source.name.is_some() => Some((index, source.objects())),
            _ => None,
        })
        .flat_map(|(index, objects)| objects.into_iter().map(move |object| (index, object)))
        .collect();
    for (index, act) in acts.iter_mut().enumerate() {
        let Deed::Write(source) = &mut act.deed else { continue };
        let later = || commands.iter().filter(|(at, _)| *at > index).map(|(_, command)| command.as_str());
        if mentions(prose, source.name()) {
            source.named_by = Named::Document;
        }
        if let Named::Command(line) = source.named_by {
            let name = source.name();
            act.notes.push(format!(
                "the document does not say that this is saved as {name}; only the command at line {line} names it"
            ));
        }
        if let Some(mut deed) = fate(source, &kustomizations, later) {
            // A manifest without a name only shows what a later file of the document has, in part or in another way.
            if let Deed::Offer(offered) = &mut deed
                && offered.name.is_none()
                && offered.objects().iter().any(|own| of_files.iter().any(|(at, other)| *at > index && other == own))
            {
                offered.is_applied = false;
            }
            act.deed = deed;
        }
    }
}

/// The text of a kustomization.
fn kustomization(act: &Act) -> Option<&str> {
    match &act.deed {
        Deed::Write(source) if source.name().contains("kustomization.y") => Some(&source.text),
        Deed::Type(typed) if typed.command.contains("kustomization.y") => Some(&typed.command),
        _ => None,
    }
}

/// What becomes of a file that is not simply written. Kustomizations may name it as well.
fn fate<'a, I: Iterator<Item = &'a str>>(
    source: &mut Source,
    kustomizations: &str,
    later: impl Fn() -> I,
) -> Option<Deed> {
    let uses = |command: &str, name: &str| {
        mentions(command, base(name))
            || reads_folder_of(command, name)
            || kustomizes(command)
                && (mentions(kustomizations, base(name)) || base(name).starts_with("kustomization.y"))
    };
    if source.name.as_ref().is_some_and(|name| later().any(|command| uses(command, name))) {
        return None;
    }
    if source.is_manifest() && !is_configuration(&source.text) {
        let objects = source.objects();
        let names: Vec<&str> =
            objects.iter().filter_map(|object| object.split_once('/')).map(|(_, name)| name).collect();
        let makes = |command: &str, name: &str| {
            mentions(command, name) && (command.contains("kubectl run") || command.contains("kubectl create"))
        };
        source.is_applied = names.iter().any(|name| {
            later().any(|command| command.contains("kubectl") && mentions(command, name))
                && !later().any(|command| makes(command, name))
        });
        return Some(Deed::Offer(source.clone()));
    }
    if is_dockerfile(&source.text) && source.name.is_none() {
        let is_built = later().any(|command| command.contains("docker build"));
        source.name = is_built.then(|| "Dockerfile".to_owned());
        return (!is_built)
            .then(|| Deed::Leave(source.text.clone(), WhyNotRun::Shown("a Dockerfile that no command builds".into())));
    }
    if source.name.is_some() {
        return None;
    }
    Some(Deed::Leave(
        source.text.clone(),
        WhyNotRun::Shown("the content of a file that the document does not name".into()),
    ))
}

/// Whether a command contains this name as a word of its own.
pub(super) fn mentions(command: &str, name: &str) -> bool {
    let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && !"-_.".contains(letter));
    !name.is_empty()
        && command
            .match_indices(name)
            .any(|(at, _)| ends(command[..at].chars().next_back()) && ends(command[at + name.len()..].chars().next()))
}
