//! Files that a command writes or removes, and whether they are in the document's own folder.

use super::{WhyNotRun, engine::command, sources, wrappers};
use crate::document::{
    bash::{Simple, Word},
    kubectl,
};

/// The folder of the terminal; `None` outside of the folders where a document may write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folder {
    now: Option<Inside>,
    /// Whether it was outside before: `cd -` and `popd` may lead there.
    was_outside: bool,
}

/// A place below the document's own folder, or below `/tmp`, by the names that lead there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Inside {
    is_in_tmp: bool,
    names: Vec<String>,
}

impl Default for Folder {
    fn default() -> Self {
        Self { now: Some(Inside::default()), was_outside: false }
    }
}

/// Where a path leads.
enum Place {
    Inside(Inside),
    /// A device that keeps nothing.
    Nowhere,
    Outside,
}

impl Inside {
    /// The place to which a path leads from here, if it does not lead out.
    fn to(&self, path: &str) -> Option<Self> {
        let mut place = self.clone();
        for name in path.split('/') {
            match name {
                "" | "." => {}
                ".." => _ = place.names.pop()?,
                _ => place.names.push(name.to_owned()),
            }
        }
        // `/tmp` itself has the files of others.
        let is_of_others =
            place.is_in_tmp && place.names.first().is_none_or(|name| name.starts_with(['*', '.', '?', '[']));
        (!is_of_others).then_some(place)
    }
}

impl Folder {
    fn place(&self, word: &Word) -> Place {
        let text = word.text.as_str();
        let starts_unknown = !word.is_known() && text.starts_with(['$', '<']);
        if starts_unknown && (text.contains("..") || !sources::are_own(word)) {
            return Place::Outside;
        }
        if ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty"].contains(&text) || text.starts_with("/dev/fd/") {
            return Place::Nowhere;
        }
        let place = if let Some(rest) = text.strip_prefix("/tmp/") {
            Inside { is_in_tmp: true, names: Vec::new() }.to(rest)
        } else if let Some(rest) = text.strip_prefix('~') {
            let is_own = rest.is_empty() || rest.starts_with('/');
            is_own.then(|| Inside::default().to(rest)).flatten()
        } else if text.starts_with('/') {
            None
        } else {
            self.now.as_ref().and_then(|now| now.to(text))
        };
        place.map_or(Place::Outside, Place::Inside)
    }

    /// Why a file is not written, if it is not.
    pub(super) fn written(&self, target: &Word) -> Option<WhyNotRun> {
        let why = |text: &str| WhyNotRun::Unsafe(format!("it writes to {text}, outside of the document's folder"));
        matches!(self.place(target), Place::Outside).then(|| why(&target.text))
    }

    /// Whether a path is outside of the document's folder.
    pub(super) fn is_outside(&self, path: &Word) -> bool {
        matches!(self.place(path), Place::Outside)
    }

    /// Follows a command that changes the folder.
    pub(super) fn follow(&mut self, simple: &Simple) {
        let [program, arguments @ ..] = simple.words.as_slice() else { return };
        let target = arguments.iter().find(|word| !word.text.starts_with('-') || word.text == "-");
        match (program.text.as_str(), target) {
            ("cd" | "pushd", Some(target)) if target.text != "-" => {
                self.now = match self.place(target) {
                    Place::Inside(place) => Some(place),
                    Place::Nowhere | Place::Outside => None,
                };
                self.was_outside |= self.now.is_none();
            }
            ("cd" | "popd", target) => {
                let is_home = program.text == "cd" && target.is_none();
                self.now = (is_home || !self.was_outside).then(Inside::default);
            }
            _ => {}
        }
    }

    /// Why a command is not typed that changes files, if it is not.
    pub(super) fn changed_by(&self, command: &Simple) -> Option<WhyNotRun> {
        let program = command.words.first()?.text.as_str();
        let targets = changed(program, &command.words);
        if let Some(path) = targets.iter().find(|target| self.is_outside(target)) {
            return Some(WhyNotRun::Unsafe(format!("it changes {}, outside of the document's folder", path.text)));
        }
        let removes = matches!(program, "rm" | "shred" | "find" | "mv");
        let removes_all = |target: &&Word| match self.place(target) {
            Place::Inside(Inside { is_in_tmp: false, names }) => match names.as_slice() {
                [] => program != "find" || target.text.starts_with('~'),
                [name] => {
                    matches!(name.as_str(), "*" | ".*" | "?*")
                        || (name.starts_with('.') && target.text.starts_with('~'))
                }
                _ => false,
            },
            _ => false,
        };
        let path = targets.iter().filter(|_| removes).find(removes_all)?;
        Some(WhyNotRun::Unsafe(format!("it removes {}, which is the reader's own", path.text)))
    }
}

/// The paths that a command changes.
fn changed(program: &str, words: &[Word]) -> Vec<Word> {
    let arguments = &words[1..];
    let has = |options: &[&str]| arguments.iter().any(|word| options.contains(&word.text.as_str()));
    let mut targets = values(arguments, &options_with_paths(program));
    let operands: Vec<Word> = arguments.iter().filter(|word| !word.text.starts_with('-')).cloned().collect();
    match program {
        "rm" | "rmdir" | "unlink" | "shred" | "tee" | "touch" | "mkdir" | "truncate" | "chgrp" | "chown" | "chmod"
        | "mv" | "ln" | "fallocate" | "setfacl" => targets.extend(operands),
        "cp" | "install" | "rsync" if operands.len() > 1 => targets.extend(operands.last().cloned()),
        "sed" | "perl" if arguments.iter().any(|word| is_in_place(&word.text)) => {
            let has_script = |word: &Word| is_script(&word.text);
            let script = usize::from(!arguments.iter().any(has_script));
            targets.extend(operands.into_iter().skip(script));
        }
        "find" if has(&["-delete"]) => {
            let starts: Vec<Word> = wrappers::found_in(words).cloned().collect();
            targets.extend(if starts.is_empty() { vec![Word::known(".")] } else { starts });
        }
        "git" if has(&["clean", "reset", "checkout"]) => targets.extend(operands),
        // Without one of these options, they write into the folder in which they are started.
        "tar" | "unzip" | "wget" if targets.is_empty() && !has(&["-O-", "-qO-", "-tf", "-l"]) => {
            targets.push(Word::known("."));
        }
        "curl" if has(&["-O", "-LO", "-sO", "-sLO", "-sSLO", "-fsSLO", "--remote-name"]) => {
            targets.push(Word::known("."));
        }
        "kubectl" | "docker" | "podman" => {
            let to = kubectl::copies_to(words).or_else(|| command::copies_to(words));
            targets.extend(to.filter(|to| !to.text.contains(':')).cloned());
        }
        _ => {}
    }
    targets
}

/// Whether an option of sed or perl has it change files: the letter may stand among others.
fn is_in_place(option: &str) -> bool {
    let letters = option.strip_prefix('-').unwrap_or_default();
    let before_value = letters.split(['e', 'f', 'l']).next().unwrap_or_default();
    option.starts_with("--in-place") || (!option.starts_with("--") && before_value.contains('i'))
}

/// Whether an option of sed or perl has the script, so that all other words are files.
fn is_script(option: &str) -> bool {
    let letters = option.strip_prefix('-').unwrap_or_default();
    let is_letter = |letter: char| letter.is_ascii_alphabetic() && letter != 'e' && letter != 'f';
    option.starts_with("--expression")
        || option.starts_with("--file")
        || (!option.starts_with("--") && letters.trim_start_matches(is_letter).starts_with(['e', 'f']))
}

/// Options that name a path that is written.
fn options_with_paths(program: &str) -> Vec<&'static str> {
    match program {
        "tar" => vec!["-C", "--directory"],
        "unzip" => vec!["-d"],
        "curl" => vec!["-o", "--output", "--output-dir"],
        "wget" => vec!["-O", "-P", "--output-document", "--directory-prefix"],
        "cp" | "mv" | "ln" | "install" => vec!["-t", "--target-directory"],
        "git" => vec!["-C"],
        "openssl" => vec!["-out", "-keyout"],
        "ssh-keygen" => vec!["-f"],
        "sort" => vec!["-o"],
        _ => Vec::new(),
    }
}

/// The values of options, in a word of their own or behind `=`.
fn values(arguments: &[Word], options: &[&str]) -> Vec<Word> {
    let pairs = arguments.iter().zip(arguments.iter().skip(1));
    let own = pairs.filter(|(option, _)| options.contains(&option.text.as_str())).map(|(_, value)| value.clone());
    let glued = arguments.iter().filter_map(|word| {
        let of_letter = || {
            let letters = options.iter().filter(|option| option.len() == 2);
            letters.filter_map(|option| word.text.strip_prefix(option)).find(|value| !value.is_empty())
        };
        let value = match word.text.split_once('=') {
            Some((option, value)) if options.contains(&option) => value,
            _ => of_letter()?,
        };
        Some(Word { text: value.to_owned(), unknown: word.unknown.clone() })
    });
    own.chain(glued).filter(|value| value.text != "-").collect()
}
