//! What of a learner's Dockerfile is dangerous, or breaks the lab's rules.
//!
//! It is read as the engine's own builder reads it, which keeps a build within bounds. What `BuildKit` or another version of
//! the engine could read differently is refused, since a line that one takes for a comment is an instruction for the other.
//! What is merely wrong is not refused: the build fails.

mod directives;
mod instructions;
mod stages;
#[cfg(test)]
mod tests;
mod variables;
mod words;

use std::collections::BTreeSet;

use instructions::Instruction;
use stages::Stages;

use super::{Refusal, folder::shown};

/// How large a Dockerfile may be, in bytes.
const LARGEST: usize = 64 * 1024;

/// How many instructions it may have.
const MOST_INSTRUCTIONS: usize = 60;

/// How many refusals are told of a file.
const MOST_REFUSALS: usize = 20;

/// Everything in a Dockerfile that is not allowed, in the order of its lines; at most 20 refusals. `bases` are the full
/// names of the images that it may build upon.
#[must_use]
pub fn judge(file: &str, text: &str, bases: &BTreeSet<String>) -> Vec<Refusal> {
    let mut found = Found { file, refusals: Vec::new() };
    if text.len() > LARGEST {
        let message = format!("it has {} bytes, and {} KiB are the most", text.len(), LARGEST / 1024);
        found.refuse(0, "file-size", message);
        return found.refusals;
    }
    let (escape, directives) = directives::read(text.trim_start_matches('\u{feff}'));
    let (instructions, doubts) = instructions::read(text, escape);
    for (line, message) in directives.into_iter().chain(doubts) {
        found.refuse(line, "dockerfile-syntax", message);
    }
    if let Some(one_more) = instructions.get(MOST_INSTRUCTIONS) {
        found.refuse(one_more.line, "instruction-count", format!("{MOST_INSTRUCTIONS} instructions are the most"));
    }
    let mut stages = Stages::new(bases);
    for instruction in &instructions {
        judge_instruction(&mut found, &mut stages, instruction);
    }
    found.refusals.sort();
    found.refusals.truncate(MOST_REFUSALS);
    found.refusals
}

/// The text with a label on each stage, which all layers above its base bear, those of a build that fails included.
#[must_use]
pub fn labelled(text: &str, label: &str, value: &str) -> String {
    let (escape, _) = directives::read(text.trim_start_matches('\u{feff}'));
    let (instructions, _) = instructions::read(text, escape);
    let firsts: BTreeSet<usize> =
        instructions.windows(2).filter(|pair| pair[0].name == "from").map(|pair| pair[1].line).collect();
    let lines = text.split_inclusive('\n').zip(1..).flat_map(|(line, number)| {
        let label = firsts.contains(&number).then(|| format!("LABEL {label}={value}\n"));
        label.into_iter().chain([line.to_owned()])
    });
    lines.collect()
}

struct Found<'a> {
    file: &'a str,
    refusals: Vec<Refusal>,
}

impl Found<'_> {
    fn refuse(&mut self, line: usize, rule: &str, message: impl Into<String>) {
        self.refusals.push(Refusal { file: self.file.into(), line, rule: rule.into(), message: message.into() });
    }
}

fn judge_instruction(found: &mut Found<'_>, stages: &mut Stages<'_>, instruction: &Instruction) {
    if announces_heredoc(instruction) {
        let message = "a here-document is known to BuildKit only, which keeps no build within bounds: hand in a file, or write printf";
        found.refuse(instruction.line, "dockerfile-syntax", message);
    }
    match instruction.name.as_str() {
        "arg" => stages.note_arg(instruction),
        "from" => stages.judge_from(found, instruction),
        "copy" => stages.judge_copy(found, instruction),
        "add" => {
            stages.judge_copy(found, instruction);
            judge_add(found, instruction);
        }
        "run" => judge_run(found, instruction),
        "label" => judge_label(found, instruction),
        "onbuild" => {
            let message =
                "ONBUILD is for those who build upon the image, and nobody does: write the instruction itself";
            found.refuse(instruction.line, "onbuild", message);
        }
        _ => {}
    }
}

/// Whether an instruction could be followed by lines that belong to it for `BuildKit`, and are instructions for others.
fn announces_heredoc(instruction: &Instruction) -> bool {
    let begins_one = |word: &str| {
        let name = word.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix("<<");
        name.is_some_and(|name| !matches!(name, "" | "-") && !name.contains('<'))
    };
    ["run", "copy", "add"].contains(&instruction.name.as_str())
        && instruction.arguments.split_whitespace().any(begins_one)
        && words::list(instruction.parts().1).is_none()
}

/// `ADD` fetches what looks like an address; a variable could hold one.
fn judge_add(found: &mut Found<'_>, instruction: &Instruction) {
    let (_, rest) = instruction.parts();
    // A builder may understand a list that is none for us.
    let unknown = rest.starts_with('[') && rest.contains('\\') && words::list(rest).is_none();
    let list = words::list(rest);
    let sources = list.unwrap_or_else(|| rest.split_whitespace().map(str::to_owned).collect());
    let could_be_address = |word: &String| {
        let bare = words::bare(word);
        bare.contains("://") || bare.contains('$') || bare.starts_with("github.com/") || is_git(&bare)
    };
    if let Some(word) = sources.iter().find(|word| unknown || could_be_address(word)) {
        let message = format!("ADD {} could fetch something: hand in the file, and write COPY", shown(word));
        found.refuse(instruction.line, "no-download", message);
    }
}

/// Whether a source is an address as ssh knows it, such as `git@host:path`.
fn is_git(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| user == "git" || !user.contains('/') && host.contains(':'))
}

/// The flags of `RUN` reach the builder's caches, secrets, network and devices.
fn judge_run(found: &mut Found<'_>, instruction: &Instruction) {
    if let Some(flag) = instruction.parts().0.first() {
        let message = format!("RUN {} is not allowed: write the command without flags of RUN", shown(flag));
        found.refuse(instruction.line, "run-flag", message);
    }
}

/// labproof knows what it made by labels of its own, which containers have from their images.
fn judge_label(found: &mut Found<'_>, instruction: &Instruction) {
    let mut words = instruction.arguments.split_whitespace().enumerate();
    // The old form, `LABEL name value`, has one name.
    let has_variable = |(number, word): (usize, &str)| match word.split_once('=') {
        Some((name, _)) => name.contains('$'),
        None => number == 0 && word.contains('$'),
    };
    if words::bare(&instruction.arguments).contains("dev.labproof") || words.any(has_variable) {
        let message = "labels whose names begin with dev.labproof, or are variables, are not allowed: use another name";
        found.refuse(instruction.line, "metadata", message);
    }
}
