//! Decides what each block is: commands, their output, the content of a file, or nothing to run.

mod dialogue;
mod forms;
mod outputs;
mod source;

use forms::{two_ways, with_dollars, with_plain_blanks};

use super::{
    Act, Deed, ProseRole, ShownOutput, Source, Typed, edits,
    hints::{
        expects_failure, forbids, is_for_a_container, is_other_way, is_prose, is_table, output_in_comments, role_of,
    },
    hosts,
    transcript::{before_prompts, has_prompts, is_readers_root, outdented, steps},
};
use crate::document::{
    Block, Document, Piece,
    doubt::Doubt,
    includes, inline,
    prose::announces_output,
    remarks::Remark,
    safety::WhyNotRun,
    shell::{self, ShellCommand},
    tabs::Choices,
    words,
};

/// Languages of commands; the empty one is a block without a language.
const SHELL: &str = "bash sh shell zsh console shell-session shellsession terminal text txt plain plaintext none cmd \
    ksh output-console azurecli azurecli-interactive bash-session kubectl";
/// Languages of output.
const OUTPUT: &str = "output log logs stdout result console-output";
/// Shells whose commands bash does not understand.
const OTHER_SHELLS: &str = "powershell ps1 pwsh bat batch fish";
/// Languages of changes to a file.
const CHANGES: &str = "diff patch udiff";

/// How many acts a document may have.
pub const MOST_ACTS: usize = 2000;

/// Tells the story block by block.
#[derive(Debug, Default)]
pub(super) struct Teller {
    pub(super) acts: Vec<Act>,
    prose: String,
    /// The line of the first line of prose.
    prose_line: usize,
    remark: Option<Remark>,
    blocks: usize,
    /// Whether the block before is a command of a sentence.
    is_told: bool,
    /// The acts of the block before, while no heading came between.
    before: Option<std::ops::Range<usize>>,
    tabs: Choices,
    headings: Vec<String>,
    /// Whether the last heading is that of another way to do the same.
    is_other_way: bool,
    /// The file that got its name from the prose since.
    learned: Option<usize>,
    /// The block before.
    block_before: Block,
    /// Whether `# ` is the prompt of the reader.
    is_root: bool,
}

impl Teller {
    /// A teller who follows these tabs of a document.
    pub(super) fn of(document: &Document, tabs: Choices) -> Self {
        let blocks = document.pieces.iter().filter_map(|piece| match piece {
            Piece::Block(block) => Some(block),
            _ => None,
        });
        Self { tabs, is_root: is_readers_root(blocks), ..Self::default() }
    }

    pub(super) fn heading(&mut self, title: &str) {
        self.prose.clear();
        self.before = None;
        self.is_other_way = is_other_way(title, &self.headings);
        self.headings.push(title.to_owned());
    }

    pub(super) fn prose(&mut self, line: usize, text: &str) {
        if self.prose.is_empty() {
            self.prose_line = line;
        }
        self.prose += text;
        // A name of a file may stand after its block.
        if let Some(Act { deed: Deed::Write(source), .. }) = self.acts.last_mut() {
            let had_name = source.name.is_some();
            source.learn_name_after(text);
            let has_learned = !had_name && source.name.is_some();
            self.learned = has_learned.then(|| self.acts.len() - 1).or(self.learned);
        }
        for (line, source) in edits::in_prose(text, line, &self.acts) {
            self.edit(line, source, "labproof changed the file as the prose says");
        }
    }

    fn edit(&mut self, line: usize, source: Source, note: &str) {
        self.act(line, Deed::Write(source));
        if let Some(act) = self.acts.last_mut() {
            act.notes.push(note.into());
        }
    }

    pub(super) fn remark(&mut self, remark: &str) {
        self.remark = Remark::read(remark);
    }

    pub(super) fn block(&mut self, block: &Block) {
        if let Some(tab) = self.tabs.instead_of(&block.tabs) {
            let why = WhyNotRun::OtherTab(tab.to_owned());
            self.blocks += 1;
            self.prose.clear();
            return self.leave(block, why);
        }
        let block = &with_dollars(outdented(&with_plain_blanks(block.clone())));
        if let Some((one, other)) = two_ways(block) {
            self.block(&one);
            self.prose(one.line, "or:\n");
            return self.block(&other);
        }
        self.file_before_commands(block);
        // An edit is no part of the block: its commands may share one output.
        self.edit_before_commands(block);
        self.blocks += 1;
        self.forget_told(block);
        let first = self.acts.len();
        self.tell(block);
        self.learned = None;
        self.block_before = block.clone();
        self.before =
            Some(if self.acts.len() > first { first..self.acts.len() } else { self.before.clone().unwrap_or(0..0) });
        self.is_told = block.language == inline::LANGUAGE;
        if !self.is_told {
            self.prose.clear();
        }
    }

    /// Makes the edit that the sentence before these commands tells.
    fn edit_before_commands(&mut self, block: &Block) {
        let begins = || shell::commands(&block.text).first().is_some_and(|first| shell::is_unmistakable(&first.text));
        if (has_prompts(block) || begins())
            && let Some(source) = edits::before_commands(&self.prose, &self.acts)
        {
            self.edit(block.line, source, "labproof changed the file as the prose says");
        }
    }

    /// Forgets the command of the sentence before, if this block shows it.
    fn forget_told(&mut self, block: &Block) {
        let first = match steps(block).first() {
            Some(step) => Some(step.command.clone()),
            None => shell::commands(&block.text).into_iter().next().map(|command| command.text),
        };
        let is_same = match (self.last_command(), first) {
            (Some(typed), Some(first)) => shell::normal(&typed.command) == shell::normal(&first),
            _ => false,
        };
        if std::mem::take(&mut self.is_told) && is_same {
            self.acts.pop();
            self.before = None;
        }
    }

    fn tell(&mut self, block: &Block) {
        let is_one_of = |list: &str| list.split(' ').any(|language| language == block.language);
        if block.is_open {
            return self.open(block);
        }
        match self.remark.take() {
            Some(Remark::Skip) => return self.leave(block, WhyNotRun::Author),
            Some(Remark::Output) => return self.output(block),
            Some(Remark::Commands) => return self.commands(block, shell::commands(&block.text)),
            Some(Remark::File(name)) => {
                let source = Source { name: Some(name), ..Source::of(block, "") };
                return self.act(block.line, Deed::Write(source));
            }
            None => {}
        }
        if block.text.trim().is_empty() {
            return self.leave(block, WhyNotRun::Shown("the block is empty".into()));
        }
        if let Some(path) = includes::missing(block) {
            return self.leave(block, WhyNotRun::NeedsFile(path));
        }
        if is_one_of(OTHER_SHELLS) {
            return self.leave(block, WhyNotRun::NotUnderstood(format!("bash does not understand {}", block.language)));
        }
        let may_be_commands = block.language.is_empty() || is_one_of(SHELL);
        if may_be_commands && forbids(&self.prose, &block.text) {
            return self.leave(block, WhyNotRun::Shown("the document says not to run it".into()));
        }
        if is_one_of(CHANGES) {
            if let Some(source) = edits::patched(&block.text, &self.acts) {
                return self.edit(block.line, source, "labproof changed the file as this difference shows");
            }
            return self.leave(
                block,
                WhyNotRun::Shown("a change to a file, and the document does not show which lines it replaces".into()),
            );
        }
        if is_one_of(OUTPUT) || block.title.as_deref().is_some_and(|title| announces_output(&format!("{title}:"))) {
            return self.output(block);
        }
        if has_prompts(block) {
            if let Some(before) = before_prompts(block) {
                self.tell_before(&before);
            }
            return self.transcript(block);
        }
        if Source::is_content(block) {
            return self.content(block);
        }
        if block.language.is_empty() || is_one_of(SHELL) { self.shell(block) } else { self.unknown(block) }
    }

    /// A block that nothing closes. Only its first lines surely belong to it; what follows a blank line may be anything.
    fn open(&mut self, block: &Block) {
        let lines: Vec<&str> = block.text.lines().collect();
        let end = lines.iter().position(|line| line.trim().is_empty()).unwrap_or(lines.len());
        let part = |lines: &[&str]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let first = self.acts.len();
        self.tell(&Block { text: part(&lines[..end]), is_open: false, ..block.clone() });
        if let Some(act) = self.acts.get_mut(first) {
            act.doubts
                .push(Doubt::mistake(block.line.saturating_sub(1).max(1), "nothing closes the block that begins here"));
        }
        let rest = part(&lines[end..]);
        if !rest.trim().is_empty() {
            let why = "nothing closes the block before it, so it is not clear what this is";
            self.act(block.line + end, Deed::Leave(rest, WhyNotRun::NotUnderstood(why.into())));
        }
    }

    /// A block without prompts, which may hold commands, commands and output, or output.
    fn shell(&mut self, block: &Block) {
        let commands = shell::commands(&block.text);
        let is_known = |command: &ShellCommand| shell::is_known(&command.text);
        let is_output = self.awaits_output() && (is_table(&block.text) || self.is_announced());
        match commands.first() {
            Some(first) if is_known(first) && !(is_output && is_table(&block.text)) && !is_prose(block) => {
                let is_printed = |pair: &[ShellCommand]| forms::is_printed_setting(&pair[0].text, &pair[1].text);
                let are_all = commands.iter().all(is_known) && !commands.windows(2).any(is_printed);
                if are_all { self.commands(block, commands) } else { self.mixed(block) }
            }
            _ if !is_output && forms::has_other_programs(block, &commands) => self.mixed(block),
            _ if self.awaits_output() && !block.is_indented && self.is_near() => self.output(block),
            _ if self.introduced().is_some() && (is_table(&block.text) || self.ends_with_a_colon()) => {
                self.output(block);
            }
            _ if is_output => self.output(block),
            _ => self.unknown(block),
        }
    }

    fn unknown(&mut self, block: &Block) {
        let what =
            if block.is_indented { "an indented text without a command" } else { "no command that labproof knows" };
        let left =
            if block.is_indented { WhyNotRun::Shown(what.into()) } else { WhyNotRun::NotUnderstood(what.into()) };
        self.leave(block, left);
    }

    fn commands(&mut self, block: &Block, commands: Vec<ShellCommand>) {
        let lines: Vec<&str> = block.text.lines().collect();
        for ShellCommand { lines_before, text } in commands {
            self.command(block.line + lines_before, &text, None);
            let comment = lines_before.checked_sub(1).and_then(|before| lines[before].trim().strip_prefix('#'));
            if let (Some(comment), Some(Act { deed: Deed::Type(typed), .. })) = (comment, self.acts.last_mut()) {
                typed.is_inside |= words::has(comment, words::ON_NODE);
            }
            let end = lines_before + text.lines().count();
            if let Some(text) = output_in_comments(&text, lines.iter().skip(end).copied()) {
                self.answer(ShownOutput { line: block.line + end, text, ..ShownOutput::default() });
            }
        }
    }

    fn command(&mut self, line: usize, text: &str, prompt: Option<&str>) {
        let may_fail = expects_failure(&self.prose);
        let is_of_container = |prompt: &str| {
            let is_own = self.is_root && prompt.trim() == "#";
            !is_own && shell::is_inner(prompt) || hosts::is_container(prompt, &self.acts)
        };
        let is_inside = prompt.map_or_else(|| is_for_a_container(&self.prose), is_of_container);
        let role = if self.is_other_way { ProseRole::OtherWay } else { role_of(&self.prose) };
        let is_first = self.acts.last().is_none_or(|act| act.block != self.blocks);
        let asked = if is_first { self.prose.clone() } else { String::new() };
        let typed = Typed { command: text.to_owned(), may_fail, role, is_inside, asked, ..Typed::default() };
        self.act(line, Deed::Type(typed));
    }

    fn leave(&mut self, block: &Block, why: WhyNotRun) {
        self.act(block.line, Deed::Leave(block.text.clone(), why));
    }

    fn act(&mut self, line: usize, deed: Deed) {
        if self.acts.len() > MOST_ACTS {
            return;
        }
        self.acts.push(Act::new(line, self.blocks, deed));
    }
}
