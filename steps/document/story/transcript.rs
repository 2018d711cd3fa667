//! Blocks with prompts: each command, with its continued lines and its output.

use super::{ShownOutput, kinds::is_for_this_machine, shells::opens_shell};
use crate::document::{
    Block,
    prose::begins_manifest,
    shell::{self, Completeness},
};

/// How long a command with continued lines may become, in bytes.
const LONGEST: usize = 20_000;

/// A command of a transcript and its output.
pub(super) struct TypedLine {
    pub(super) line: usize,
    pub(super) prompt: String,
    pub(super) command: String,
    pub(super) output: ShownOutput,
}

/// A block of a transcript without the blanks that stand before all of its lines.
pub(super) fn outdented(block: &Block) -> Block {
    let lines = || block.text.lines().filter(|line| !line.trim().is_empty());
    let indent = lines().map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let text: String = block.text.lines().map(|line| format!("{}\n", line.get(indent..).unwrap_or_default())).collect();
    let outdented = Block { text, ..block.clone() };
    if indent > 0 && has_prompts(&outdented) { outdented } else { block.clone() }
}

/// How many lines at the head of an output are the author's, such as `# result:`.
pub(super) fn remarks(output: &str) -> usize {
    output.lines().take_while(|line| line.starts_with('#') && line.trim_end().ends_with([':', '：'])).count()
}

/// Whether a block shows prompts. `# ` is none where another line is a command without it, unless that opens a shell.
pub(super) fn has_prompts(block: &Block) -> bool {
    let is_bare = block.text.lines().any(|line| shell::is_unmistakable(line) && !opens_shell(line));
    let mut prompted =
        block.text.lines().filter_map(shell::prompt).filter(|(prompt, _)| !is_bare || prompt.trim() != "#");
    let first = block.text.lines().find(|line| !line.trim().is_empty());
    prompted.any(|(prompt, typed)| shell::is_known(typed) && !shell::is_example(prompt))
        || first.and_then(shell::prompt).is_some_and(|(prompt, _)| prompt.trim() != "#")
}

/// Whether `# ` is the prompt of the reader, who is root, and not that of a shell in a container: commands for this machine
/// stand behind it, and all commands of this machine have this prompt.
pub(super) fn is_readers_root<'a>(blocks: impl Iterator<Item = &'a Block>) -> bool {
    let mut is_root = false;
    for block in blocks.map(outdented).filter(|block| !block.text.lines().any(begins_manifest)) {
        if !has_prompts(&block) {
            // Its commands have no prompt: `# ` begins a comment on this page.
            if block.text.lines().any(shell::is_unmistakable) {
                return false;
            }
            continue;
        }
        for (prompt, typed) in block.text.lines().filter_map(shell::prompt) {
            if prompt.trim() == "#" {
                is_root |= is_for_this_machine(typed);
            } else if !shell::is_inner(prompt) && !shell::is_example(prompt) {
                return false;
            }
        }
    }
    is_root
}

/// The part of a block above its first prompt; `None` if there is nothing but comments and blank lines.
pub(super) fn before_prompts(block: &Block) -> Option<Block> {
    let lines: Vec<&str> = block.text.lines().take_while(|line| shell::prompt(line).is_none()).collect();
    let says = lines.iter().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let text = lines.iter().map(|line| format!("{line}\n")).collect::<String>();
    says.then(|| Block { text: format!("{}\n", text.trim_end()), ..block.clone() })
}

/// The commands of a block, in order.
pub(super) fn steps(block: &Block) -> Vec<TypedLine> {
    let mut steps: Vec<TypedLine> = Vec::new();
    let mut open: Option<Completeness> = None;
    for (index, line) in block.text.lines().enumerate() {
        let line_number = block.line + index;
        if let (Some(lines), Some(step)) = (&mut open, steps.last_mut()) {
            let line = if line.trim_end() == ">" { "" } else { line.strip_prefix("> ").unwrap_or(line) };
            step.command += &format!("\n{line}");
            if lines.after(line) || step.command.len() >= LONGEST {
                open = None;
            }
        } else if let Some((prompt, typed)) = shell::prompt(line) {
            if typed.trim_start().starts_with('#') {
                continue; // A remark of the author, typed as one.
            }
            let mut lines = Completeness::default();
            open = (!lines.after(typed) || typed.trim().is_empty()).then_some(lines);
            let (prompt, command) = (prompt.to_owned(), typed.to_owned());
            steps.push(TypedLine {
                line: line_number,
                prompt,
                command,
                output: ShownOutput { line: line_number + 1, text: String::new(), ..ShownOutput::default() },
            });
        } else if let Some(step) = steps.last_mut() {
            step.output.text += &format!("{line}\n");
        }
    }
    steps
}
