//! Files of a document: which block is the content of a file, what the file is called, and who says so.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{Act, Deed, Typed};
use crate::{
    document::{Block, regex, safety::Left, shell},
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
    /// Whether labproof applies it, because a later command needs its object and no command makes it.
    pub is_applied: bool,
}

impl Source {
    /// The file that a block contains; the prose before it may give its name.
    pub(super) fn of(block: &Block, prose: &str) -> Self {
        let title = block.title.as_deref().and_then(|title| file_name(title));
        let comment = block.text.lines().find(|line| !line.trim().is_empty()).and_then(in_comment);
        let name = title.or(comment).or_else(|| in_prose(prose, &block.text));
        let text = if block.text.ends_with('\n') { block.text.clone() } else { format!("{}\n", block.text) };
        Self { name, text, ..Self::default() }
    }

    /// Whether a block is the content of a file, or a part of one.
    pub(super) fn is_content(block: &Block) -> bool {
        if CONTENT.split_whitespace().any(|language| language == block.language) {
            return true;
        }
        let first = block.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        !shell::is_known(first)
            && (is_manifest(&block.text)
                || is_dockerfile(&block.text)
                || (block.language.is_empty() && (is_program(&block.text) || is_fragment(&block.text))))
    }

    /// Whether a command prints the content of a file or an object.
    pub(super) fn is_printed_by(command: &str) -> bool {
        static PRINTS: LazyLock<Regex> = LazyLock::new(|| {
            regex(
                r"(?m)(-o|--output)[ =]?(yaml|json)[^>]*$|(^|[;&|]\s*)(cat|jq|yq|helm template|kubectl kustomize|docker inspect|curl|head|tail)\b[^>]*$",
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
            self.name = SAVE.captures(first).and_then(|found| names(&found[1]).pop());
        }
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

    /// Whether it is a manifest.
    #[must_use]
    pub fn is_manifest(&self) -> bool {
        is_manifest(&self.text)
    }
}

/// Gives names to files that have none, and decides what happens to those that no command uses.
pub(super) fn settle(acts: &mut [Act]) {
    name_by_use(acts);
    let commands: Vec<(usize, String)> = acts
        .iter()
        .enumerate()
        .filter_map(|(place, act)| match &act.deed {
            Deed::Type(typed) => Some((place, typed.command.clone())),
            _ => None,
        })
        .collect();
    for (place, act) in acts.iter_mut().enumerate() {
        let Deed::Write(source) = &mut act.deed else { continue };
        let later = || commands.iter().filter(|(at, _)| *at > place).map(|(_, command)| command.as_str());
        if let Named::Command(line) = source.named_by {
            let name = source.name();
            act.notes.push(format!(
                "the document does not say that this is saved as {name}; only the command at line {line} names it"
            ));
        }
        if let Some(deed) = fate(source, later) {
            act.deed = deed;
        }
    }
}

/// What becomes of a file that is not simply written.
fn fate<'a, I: Iterator<Item = &'a str>>(source: &mut Source, later: impl Fn() -> I) -> Option<Deed> {
    let is_used = source
        .name
        .as_ref()
        .is_some_and(|name| later().any(|command| mentions(command, base(name)) || applies_folder(command)));
    if is_used {
        return None;
    }
    if source.is_manifest() {
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
            .then(|| Deed::Leave(source.text.clone(), Left::Shown("a Dockerfile that no command builds".into())));
    }
    if source.name.is_some() {
        return None;
    }
    Some(Deed::Leave(source.text.clone(), Left::Shown("the content of a file that the document does not name".into())))
}

/// A manifest without a name gets the name of the file that the next command uses, if nothing else makes that file.
fn name_by_use(acts: &mut [Act]) {
    let mut made: BTreeSet<String> = BTreeSet::new();
    for place in 0..acts.len() {
        match &acts[place].deed {
            Deed::Write(source) => made.extend(source.name.as_deref().map(|name| base(name).to_owned())),
            Deed::Type(typed) => {
                let (line, wanted) = (acts[place].line, used_files(&typed.command));
                let makes = written_files(&typed.command);
                for name in wanted {
                    if made.contains(base(&name)) || makes.contains(&name) {
                        continue;
                    }
                    let nameless = acts[..place].iter_mut().rev().find_map(|act| match &mut act.deed {
                        Deed::Write(source) if source.name.is_none() && source.is_manifest() => Some(source),
                        _ => None,
                    });
                    if let Some(source) = nameless {
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

/// The files that acts need and nothing in the document makes, each with the number of the act.
#[must_use]
pub fn wanted(acts: &[Act]) -> Vec<(usize, String)> {
    let (mut made, mut wanted): (BTreeSet<String>, Vec<(usize, String)>) = (BTreeSet::new(), Vec::new());
    let mut dockerfile = String::new();
    for (place, act) in acts.iter().enumerate() {
        match &act.deed {
            Deed::Write(source) | Deed::Offer(source) => {
                made.extend(source.name.as_deref().map(|name| base(name).to_owned()));
                if is_dockerfile(&source.text) {
                    dockerfile.clone_from(&source.text);
                }
            }
            Deed::Type(Typed { command, is_inside: false, .. }) => {
                made.extend(written_files(command).iter().map(|name| base(name).to_owned()));
                if is_dockerfile(command) {
                    dockerfile.clone_from(command);
                }
                let copied = if command.contains("docker build") { copied_files(&dockerfile) } else { Vec::new() };
                let used = used_files(command).into_iter().chain(copied);
                wanted.extend(used.filter(|name| !made.contains(base(name))).map(|name| (place, name)));
            }
            _ => {}
        }
    }
    wanted
}

/// The last part of a path.
fn base(name: &str) -> &str {
    name.trim_end_matches('/').rsplit('/').next().unwrap_or(name)
}

/// Files that `kubectl -f` and its like read.
fn used_files(command: &str) -> Vec<String> {
    static USED: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"kubectl\b[^|;&\n]*?\s(?:-f|--filename)[= ]?["']?([^\s"';|&]+)"#));
    static LOGS: LazyLock<Regex> = LazyLock::new(|| regex(r"kubectl\s+(?:\S+\s+)*?logs\b"));
    let command = &crate::document::safety::without_here_documents(command);
    if LOGS.is_match(command) {
        return Vec::new();
    }
    let found =
        USED.captures_iter(command).flat_map(|found| found[1].split(',').map(str::to_owned).collect::<Vec<_>>());
    found
        .filter(|name| {
            name != "-"
                && !name.contains("://")
                && !name.contains(['$', '*', '<'])
                && name.contains('.')
                && name.len() > 2
        })
        .collect()
}

/// Files that a command writes.
fn written_files(command: &str) -> Vec<String> {
    static WRITTEN: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"(?:>{1,2}|\btee(?: -a)?|\btouch|\s-o|--output)[ =]*["']?([\w./$~{}-]+\.?\w*)|\b(?:cp|mv) +\S+ +(\S+)"#)
    });
    let command = crate::document::safety::without_here_documents(command);
    let found = WRITTEN
        .captures_iter(&command)
        .filter_map(|found| found.get(1).or(found.get(2)).map(|name| name.as_str().to_owned()));
    found.filter(|name| !matches!(name.as_str(), "yaml" | "json" | "wide" | "name")).collect()
}

/// Files that a Dockerfile copies from its folder.
fn copied_files(dockerfile: &str) -> Vec<String> {
    let copies =
        dockerfile.lines().filter_map(|line| line.trim().strip_prefix("COPY ").or(line.trim().strip_prefix("ADD ")));
    let files = copies.filter(|words| !words.contains("--from")).flat_map(|words| {
        let words: Vec<&str> = words.split_whitespace().filter(|word| !word.starts_with("--")).collect();
        words[..words.len().saturating_sub(1)].iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()
    });
    files
        .filter(|name| name.contains('.') && name != "." && !name.contains(['*', '$', '[']) && !name.contains("://"))
        .collect()
}

fn applies_folder(command: &str) -> bool {
    static FOLDER: LazyLock<Regex> = LazyLock::new(|| regex(r"kubectl\b.*(-f|-k|--filename)[= ]?(\.|\./|\S+/)(\s|$)"));
    FOLDER.is_match(command)
}

/// Whether a command contains this name as a word of its own.
pub(super) fn mentions(command: &str, name: &str) -> bool {
    let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric() && !"-_.".contains(letter));
    !name.is_empty()
        && command
            .match_indices(name)
            .any(|(at, _)| ends(command[..at].chars().next_back()) && ends(command[at + name.len()..].chars().next()))
}

fn is_manifest(text: &str) -> bool {
    let has =
        |key: &str| text.lines().any(|line| line.trim_start().trim_start_matches(['"', '-', ' ']).starts_with(key));
    (has("apiVersion:") && has("kind:")) || (has("apiVersion\":") && has("kind\":"))
}

fn is_dockerfile(text: &str) -> bool {
    let has = |word: &str| text.lines().any(|line| line.starts_with(word));
    has("FROM ") && ["RUN ", "COPY ", "CMD ", "ENTRYPOINT ", "ADD ", "WORKDIR ", "EXPOSE "].iter().any(|word| has(word))
}

/// Whether a text is a part of a manifest: most of its lines are fields.
fn is_fragment(text: &str) -> bool {
    static FIELD: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:- )?[a-zA-Z][\w./-]*:(?: \S.*)?$|^\s*#|^\s*- \S"));
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let fields = lines.iter().filter(|line| FIELD.is_match(line)).count();
    lines.len() > 2 && fields * 10 >= lines.len() * 9 && text.contains("- ")
}

/// Whether a text is a program: most of its lines end or begin as those of a program do.
fn is_program(text: &str) -> bool {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let begins = [
        "import ",
        "from ",
        "package ",
        "const ",
        "#!/",
        "func ",
        "def ",
        "class ",
        "#include",
        "require(",
        "<!DOCTYPE",
        "<html",
        "var ",
        "let ",
    ];
    begins.iter().any(|begin| first.starts_with(begin))
}

/// The name of a file in a comment that is the first line of its content.
fn in_comment(line: &str) -> Option<String> {
    let line = line.trim();
    let comment = ["#", "//", "--", "<!--", "/*"].iter().find_map(|sign| line.strip_prefix(sign))?;
    let words = comment.trim_end_matches("-->").trim_end_matches("*/").trim();
    let words = words
        .strip_prefix("file:")
        .or(words.strip_prefix("File:"))
        .or(words.strip_prefix("filename:"))
        .unwrap_or(words)
        .trim();
    (words.split_whitespace().count() == 1).then(|| file_name(words)).flatten()
}

/// The name of the file that the paragraph before a block announces.
fn in_prose(prose: &str, text: &str) -> Option<String> {
    let last = prose.trim().rsplit("\n\n").next().unwrap_or_default();
    let lower = last.to_lowercase();
    let announces = last.trim_end().ends_with(':')
        || ["create", "save", "file", "named", "called", "manifest", "write"].iter().any(|word| lower.contains(word));
    let is_yaml = is_manifest(text);
    let fits = |name: &String| {
        is_yaml == [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end)) || name.ends_with(".json")
    };
    names(last).into_iter().rfind(fits).filter(|_| announces)
}

/// The names of files in a text.
fn names(text: &str) -> Vec<String> {
    static NAME: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:^|[\s`'\x22(*])((?:[\w.-]+/)*[\w-][\w.-]*\.(?:ya?ml|json|py|js|mjs|ts|sh|txt|conf|cfg|html|css|env|properties|toml|go|java|sql|xml|ini|md|rb|php|tf|key|crt|pem)|(?:[\w.-]+/)*(?:Dockerfile|Containerfile|Makefile)(?:\.\w+)?)(?:[\s`'\x22):,.;*?]|$)",
        )
    });
    NAME.captures_iter(text).map(|found| found[1].to_owned()).collect()
}

fn file_name(title: &str) -> Option<String> {
    names(title).pop().filter(|name| !name.contains(".."))
}
