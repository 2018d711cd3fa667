//! Finds what is wrong with a lab's commands that shows without running them: bash cannot read them, they contain a slip,
//! or they use files that neither the lab nor a step before makes.

use std::{ffi::OsStr, path::Path, sync::LazyLock};

use regex::Regex;

use super::typos;
use crate::{
    document::{
        bash::{Shell, Unread},
        story::used_files,
    },
    expression::regex,
    project::{Lab, is_for_learners},
    vocabulary::{Fact, ParameterKind, Scenario, Step},
};

/// A file that a command uses and does not find.
pub(super) struct Lacking {
    /// The line of the step.
    pub(super) line: usize,
    /// The file.
    pub(super) file: String,
    /// Whether the lab has it, but no step before has put it into the terminal's folder.
    pub(super) is_elsewhere: bool,
}

/// The files that commands of a scenario use and do not find.
pub(super) fn lacking(lab: &Lab, scenario: &Scenario) -> Vec<Lacking> {
    let mut told = String::new();
    let mut lacking = Vec::new();
    let mut has_files = false;
    for step in &scenario.steps {
        // A step that cannot be read may have been meant to copy them.
        has_files |= step.sentence().is_none_or(|(sentence, _)| sentence.takes(ParameterKind::Folder));
        let commands = must_succeed(step);
        for command in &commands {
            told += command;
            told.push('\n');
            for file in used_files(command).into_iter().filter(|file| !is_made(&told, file)) {
                let is_elsewhere = is_there(lab, &file);
                let is_found = Path::new(&file).is_absolute() || is_elsewhere && has_files;
                if !is_found {
                    lacking.push(Lacking { line: step.written.position.line, file, is_elsewhere });
                }
            }
        }
        if commands.is_empty() {
            told += &step.written.value;
            told += step.written.docstring.as_deref().unwrap_or_default();
        }
    }
    lacking
}

/// What is wrong with the commands of a step, which must succeed, and what to do.
pub(super) fn typo(step: &Step) -> Option<(String, Option<String>)> {
    let typo = |command: &str| match Shell::default().read(command) {
        Ok(read) => read.iter().find_map(|simple| typos::of_command(simple, command)),
        Err(Unread::TooMuch) => None,
        Err(Unread::NotBash) => {
            let hint = "a quote, a bracket or a word such as `done` may be missing";
            Some(("bash cannot read the command".into(), Some(hint.into())))
        }
    };
    must_succeed(step).into_iter().find_map(typo)
}

/// The commands of a step that must succeed.
pub(super) fn must_succeed(step: &Step) -> Vec<&str> {
    let Some((sentence, arguments)) = step.sentence().filter(|(sentence, _)| sentence.has(Fact::EndsWell)) else {
        return Vec::new();
    };
    let block = step.written.docstring.as_deref().filter(|_| !sentence.takes(ParameterKind::Command));
    arguments.of_kind(ParameterKind::Command).chain(block).collect()
}

/// Whether a text expects that one of its commands may fail, as with `|| true` or `if ! kubectl …`.
pub(super) fn handles_failure(text: &str) -> bool {
    static HANDLES: LazyLock<Regex> = LazyLock::new(|| regex(r"\|\||(?m:^|[\s;&(])(?:!|if|elif|while|until)\s|\$\?"));
    HANDLES.is_match(text)
}

/// Whether the lab has a file of this name in any of its folders, or asks a learner for it.
fn is_there(lab: &Lab, name: &str) -> bool {
    let is_asked_for = lab.file.submission.as_ref().is_some_and(|spec| spec.holds(name));
    let base = Path::new(name).file_name().unwrap_or_default();
    is_asked_for || holds(&lab.folder, base, 4, &is_for_learners)
}

/// Whether a folder, or one of those in it, has a file or a folder of this name. `wanted` selects the folder's own entries.
fn holds(folder: &Path, name: &OsStr, depth: usize, wanted: &dyn Fn(&Path) -> bool) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries = entries.filter(|entry| wanted(Path::new(&entry.file_name()))).map(|entry| entry.path());
    entries.any(|path| {
        let is_deeper = || depth > 0 && path.is_dir() && holds(&path, name, depth - 1, &|_| true);
        path.file_name() == Some(name) || is_deeper()
    })
}

/// Whether the steps so far name a file more often than the last command uses it: one of them may have made it.
fn is_made(told: &str, name: &str) -> bool {
    let base = Path::new(name).file_name().and_then(|base| base.to_str()).unwrap_or(name);
    told.matches(base).count() > 1
}
