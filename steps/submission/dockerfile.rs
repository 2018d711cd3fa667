//! Judges a learner's Dockerfile: refuses what is dangerous or breaks the lab's rules.
//!
//! It reads the file as the lab's builder does. It refuses everything that another version of that builder could read
//! differently, because a comment for one version may be an instruction for another. It refuses features of other
//! builders, and says what to write instead. It does not refuse mere mistakes, because the build fails then.

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
pub use instructions::Instruction;
use instructions::Reader;
use stages::Stages;

use super::{Refusal, rule::Rule, shown};
use crate::image_name::ImageName;

/// The maximum size of a Dockerfile in bytes.
const LARGEST: usize = 64 * 1024;

/// The maximum number of its instructions.
const MOST_INSTRUCTIONS: usize = 60;

/// The maximum number of refusals to report for a file.
const MOST_REFUSALS: usize = 20;

/// Judges a Dockerfile, and returns at most 20 refusals in the order of its lines. `bases` are the images that it may
/// use in `FROM`.
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
        let message = format!("a Dockerfile may have at most {MOST_INSTRUCTIONS} instructions");
        found.refuse(one_more.line, Rule::InstructionCount, message);
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

/// The instructions of a Dockerfile, as this builder reads them.
#[must_use]
pub fn instructions(text: &str, builder: Builder) -> Vec<Instruction> {
    let Directives { escape, .. } = directives::read(text, builder);
    Reader::new(text, escape, builder).read().0
}

/// The text to build. Each stage gets these labels, which are then on all layers above the base, even those of a failed
/// build. Lines that name Docker's own syntax image become comments, because the builder itself reads the text, as it
/// was judged.
#[must_use]
pub fn labelled(text: &str, builder: Builder, labels: &str) -> String {
    let Directives { escape, syntax, .. } = directives::read(text, builder);
    let (instructions, _) = Reader::new(text, escape, builder).read();
    let firsts: BTreeSet<usize> =
        instructions.windows(2).filter(|pair| pair[0].name == "from").map(|pair| pair[1].line).collect();
    let lines = text.split_inclusive('\n').zip(1..).flat_map(|(line, number)| {
        let label = firsts.contains(&number).then(|| format!("LABEL {labels}\n"));
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
                "ONBUILD is not allowed, because no image is built upon this one: write the instruction itself";
            found.refuse(instruction.line, Rule::Onbuild, message);
        }
        _ => {}
    }
}

/// `ADD` downloads a source that looks like a URL, and a variable could contain one.
fn judge_add(found: &mut Found<'_>, instruction: &Instruction) {
    let (_, rest) = instruction.parts();
    // A builder may understand a list that we do not.
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

/// Whether a source is an address for git over ssh, such as `git@host:path`.
fn is_git(word: &str) -> bool {
    word.split_once('@').is_some_and(|(user, host)| user == "git" || !user.contains('/') && host.contains(':'))
}
