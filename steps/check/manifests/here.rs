//! Manifests in here-documents, which a command gives to the server or writes to a file that another one gives to it.

use std::{collections::BTreeSet, path::Path};

use super::{Problem, commands, kinds, problem, wrong_fields, wrong_with_manifest};
use crate::{
    document::{
        bash::{Input, Shell, Simple},
        story::used_files,
    },
    image_name::ImageName,
    loaded::Placed,
    project::{Lab, Project},
    vocabulary::{Fact, Step},
};

/// Finds the errors in the here-documents of a scenario that the server must take.
pub(super) fn check(project: &Project, lab: &Lab, declared: &BTreeSet<ImageName>, placed: &Placed) -> Vec<Problem> {
    let steps = &placed.scenario.steps;
    let mut problems = Vec::new();
    for step in steps {
        let must_succeed = commands::must_succeed(step).into_iter();
        for simple in must_succeed
            .filter(|command| !commands::handles_failure(command))
            .flat_map(|command| Shell::default().read(command).unwrap_or_default())
        {
            let Input::Text(text) = &simple.input else { continue };
            // What only the shell knows may be anything.
            if text.contains(['$', '`']) || !kinds::is_meant(text) || !is_given(&simple, steps) {
                continue;
            }
            let wrong = wrong_with_manifest(project, lab, declared, text, true).into_iter();
            let line = step.written.position.line;
            problems.extend(wrong.map(|(why, hint)| problem(placed.feature.clone(), line, why, hint)));
            let fields = wrong_fields(&placed.feature, text).into_iter();
            problems.extend(fields.map(|found| Problem { line: line_of(step, text, found.line), ..found }));
        }
    }
    problems
}

/// The line of the feature that has this line of a here-document.
fn line_of(step: &Step, text: &str, line: usize) -> usize {
    let block = step.written.docstring.as_deref().unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    let begins = block.lines().position(|line| line.trim_end() == first.trim_end());
    // The quotes that open the block are on the line after the step's.
    begins.map_or(step.written.position.line, |begins| step.written.position.line + 1 + begins + line)
}

/// Whether kubectl gives what a command reads to the server: at once, or from the file that the command writes.
fn is_given(simple: &Simple, steps: &[Step]) -> bool {
    let words: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
    let is_checked_only = |word: &&str| word.starts_with("--dry-run") || word.starts_with("--validate");
    match words.as_slice() {
        ["kubectl", "apply" | "create" | "replace", rest @ ..] => {
            rest.contains(&"-") && !rest.iter().any(is_checked_only)
        }
        ["cat"] => simple.outputs.iter().any(|output| is_applied(&output.text, steps)),
        _ => false,
    }
}

/// Whether a command that must succeed applies a file, and no step changes it or expects that the server refuses it.
fn is_applied(file: &str, steps: &[Step]) -> bool {
    let text =
        |step: &Step| format!("{}\n{}", step.written.value, step.written.docstring.as_deref().unwrap_or_default());
    let base = Path::new(file).file_name().and_then(|name| name.to_str()).unwrap_or(file);
    let changes = |step: &Step| {
        let text = text(step);
        let edits = ["sed ", "yq ", "tee ", "patch ", "perl ", "vi ", "vim ", "nano ", "envsubst", "--dry-run", ">>"];
        let is_tried = step.sentence().is_none_or(|(sentence, _)| sentence.has(Fact::Attempts));
        text.contains(base)
            && (is_tried
                || commands::handles_failure(&text)
                || edits.iter().any(|edit| text.contains(edit))
                || text.matches("<<").count() > 1)
    };
    let applies = |command: &str| {
        let is_given = ["apply", "create", "replace"].iter().any(|verb| command.contains(verb));
        let plain = |path: &str| path.trim_start_matches("./").to_owned();
        is_given && used_files(command).iter().any(|used| plain(used) == plain(file))
    };
    !steps.iter().any(changes) && steps.iter().flat_map(commands::must_succeed).any(applies)
}
