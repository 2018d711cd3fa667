//! What of a learner's Dockerfile is dangerous, or breaks the lab's rules.
//!
//! It is read as the builder reads it that will build it. What another version of that builder could read differently is
//! refused, because a line that one takes for a comment is an instruction for the other. What only another builder can do is
//! refused with what to write instead. What is merely wrong is not refused: the build fails.

mod builder;
mod directives;
mod flags;
mod heredocs;
mod instructions;
mod labels;
mod runs;
mod stages;
#[cfg(test)]
mod tests;
mod variables;
mod words;

use std::collections::BTreeSet;

pub use builder::Builder;
use directives::Directives;
use instructions::{Instruction, Reader};
use stages::Stages;

use super::{Refusal, rule::Rule, shown};
use crate::image_name::ImageName;

/// How large a Dockerfile may be, in bytes.
const LARGEST: usize = 64 * 1024;

/// How many instructions it may have.
const MOST_INSTRUCTIONS: usize = 60;

/// How many refusals are told of a file.
const MOST_REFUSALS: usize = 20;

/// Everything in a Dockerfile that is not allowed, in the order of its lines; at most 20 refusals. `bases` are the images
/// that it may build upon.
#[must_use]
pub fn judge(file: &str, text: &str, bases: &BTreeSet<ImageName>, builder: Builder) -> Vec<Refusal> {
    let mut found = Found { file, refusals: Vec::new() };
    if text.len() > LARGEST {
        let message = format!("it has {} bytes; at most {} KiB are allowed", text.len(), LARGEST / 1024);
        found.refuse(0, Rule::FileSize, message);
        return found.refusals;
    }
    let Directives { escape, doubts: of_directives, .. } = directives::read(text, builder);
    let (instructions, doubts) = Reader::new(text, escape, builder).read();
    for (line, message) in of_directives.into_iter().chain(doubts) {
        found.refuse(line, Rule::DockerfileSyntax, message);
    }
    if let Some(one_more) = instructions.get(MOST_INSTRUCTIONS) {
        found.refuse(one_more.line, Rule::InstructionCount, format!("{MOST_INSTRUCTIONS} instructions are the most"));
    }
    let mut stages = Stages::new(bases, builder);
    for instruction in &instructions {
        flags::judge(&mut found, instruction, builder);
        judge_instruction(&mut found, &mut stages, instruction, builder);
    }
    labels::judge(&mut found, &instructions, escape);
    found.refusals.sort();
    found.refusals.truncate(MOST_REFUSALS);
    found.refusals
}

/// The text that is built: each stage has a label, which all layers above its base bear, those of a build that fails
/// included. Lines that name Docker's own program to read it become comments, because the builder that was judged for reads
/// it itself.
#[must_use]
pub fn labelled(text: &str, builder: Builder, label: &str, value: &str) -> String {
    let Directives { escape, syntax, .. } = directives::read(text, builder);
    let (instructions, _) = Reader::new(text, escape, builder).read();
    let firsts: BTreeSet<usize> =
        instructions.windows(2).filter(|pair| pair[0].name == "from").map(|pair| pair[1].line).collect();
    let lines = text.split_inclusive('\n').zip(1..).flat_map(|(line, number)| {
        let label = firsts.contains(&number).then(|| format!("LABEL {label}={value}\n"));
        let line = if syntax.contains(&number) { "#\n" } else { line };
        label.into_iter().chain([line.to_owned()])
    });
    lines.collect()
}

struct Found<'a> {
    file: &'a str,
    refusals: Vec<Refusal>,
}

impl Found<'_> {
    fn refuse(&mut self, line: usize, rule: Rule, message: impl Into<String>) {
        self.refusals.push(Refusal { file: self.file.into(), line, rule, message: message.into() });
    }
}

fn judge_instruction(found: &mut Found<'_>, stages: &mut Stages<'_>, instruction: &Instruction, builder: Builder) {
    match instruction.name.as_str() {
        "arg" => stages.note_arg(instruction),
        "from" => stages.judge_from(found, instruction),
        "copy" => stages.judge_copy(found, instruction),
        "add" => {
            stages.judge_copy(found, instruction);
            judge_add(found, instruction);
        }
        "run" => runs::judge(found, stages, instruction, builder),
        "onbuild" => {
            let message =
                "ONBUILD is for those who build upon the image, and nobody does: write the instruction itself";
            found.refuse(instruction.line, Rule::Onbuild, message);
        }
        _ => {}
    }
}

/// `ADD` fetches what looks like an address; a variable could hold one.
fn judge_add(found: &mut Found<'_>, instruction: &Instruction) {
    let (_, rest) = instruction.parts();
    // A builder may understand a list that is none for us.
    let list = words::list(rest);
    let unknown = list.is_none() && rest.starts_with('[') && rest.contains('\\');
    let sources = list.unwrap_or_else(|| rest.split_whitespace().map(str::to_owned).collect());
    let could_be_address = |word: &String| {
        let bare = words::bare(word);
        bare.contains("://") || bare.contains('$') || bare.starts_with("github.com/") || is_git(&bare)
    };
    if let Some(word) = sources.iter().find(|word| unknown || could_be_address(word)) {
        let message = format!("ADD {} could fetch something: hand in the file, and write COPY", shown(word));
        found.refuse(instruction.line, Rule::NoDownload, message);
    }
}

/// Whether a source is an address as ssh knows it, such as `git@host:path`.
fn is_git(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| user == "git" || !user.contains('/') && host.contains(':'))
}
