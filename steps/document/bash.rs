//! What a command line of bash would run: its simple commands with their words, as far as they are known without running
//! anything. Quotes, variables, loops, functions, aliases and here-documents are read as bash reads them.

mod commands;
mod compounds;
mod expansion;
mod words;

use std::collections::HashMap;

use brush_parser::{Parser, ParserOptions, SourceInfo, ast};
pub use words::{Word, line};

/// A simple command, as bash runs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simple {
    /// The program and its arguments.
    pub words: Vec<Word>,
    /// The variables that are set for it, or, without words, for the shell.
    pub assigned: Vec<(String, Word)>,
    /// The files that its output goes to.
    pub outputs: Vec<Word>,
    /// What it reads.
    pub input: Input,
}

/// What a command reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// What a person types.
    #[default]
    Terminal,
    /// This text, or a file.
    Text(String),
    /// What these commands print, the first into the second and so on.
    Of(Vec<String>),
}

/// Why the commands of a text are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Bash could not read it either.
    NotBash,
    /// It is too long, too deep, or has too many commands.
    TooMuch,
}

impl Simple {
    /// Its words, joined by one blank.
    #[must_use]
    pub fn line(&self) -> String {
        line(&self.words)
    }
}

/// What bash knows when it reads a command: the variables and aliases of the commands before.
#[derive(Clone, Debug, Default)]
pub struct Shell {
    variables: HashMap<String, Word>,
    aliases: HashMap<String, String>,
    /// What the commands of a loop or a group read.
    piped: Vec<String>,
    found: Vec<Simple>,
    depth: usize,
    /// How many conditions decide whether the current command is run.
    conditions: usize,
    /// Whether some commands were not read, because there are too many.
    is_cut: bool,
}

/// How deep commands may be within each other.
const DEPTH: usize = 20;

/// How long a command may be, in bytes: the parser's time grows faster than its length.
const LONGEST: usize = 50_000;

/// How many simple commands of one command are read: loops within loops have many.
const MOST: usize = 2000;

impl Shell {
    /// The simple commands of a text, in order, those within others first.
    ///
    /// # Errors
    /// If bash could not read the text, or if not all of its commands were read.
    pub fn read(&mut self, text: &str) -> Result<Vec<Simple>, Unread> {
        let program = parse(text)?;
        (self.depth, self.conditions, self.is_cut) = (0, 0, false);
        for list in &program.complete_commands {
            self.list(list);
        }
        let found = std::mem::take(&mut self.found);
        if self.is_cut { Err(Unread::TooMuch) } else { Ok(found) }
    }

    /// The value of a variable, if the commands say it.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Word> {
        self.variables.get(name)
    }

    /// The commands of a text within a command, such as `$(…)`; returns the lines of its last pipeline.
    fn within(&mut self, text: &str) -> Vec<String> {
        let Ok(program) = parse(text) else { return self.unread() };
        if self.depth >= DEPTH {
            return self.unread();
        }
        self.depth += 1;
        let mut lines = Vec::new();
        for list in &program.complete_commands {
            lines = self.list(list);
        }
        self.depth -= 1;
        lines
    }

    /// Remembers that commands within others were not read.
    fn unread(&mut self) -> Vec<String> {
        self.is_cut = true;
        Vec::new()
    }

    /// Gives a variable a value. Where a condition decides whether it gets it, another one may have it before.
    fn set(&mut self, name: &str, value: Word) {
        let is_doubtful = self.conditions > 0 && self.variables.get(name).is_some_and(|before| *before != value);
        let value = if is_doubtful { Word::printed(format!("${name}"), Vec::new()) } else { value };
        self.variables.insert(name.to_owned(), value);
    }

    /// Reads what a condition decides on.
    fn perhaps<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        self.conditions += 1;
        let read = read(self);
        self.conditions -= 1;
        read
    }
}

fn parse(text: &str) -> Result<ast::Program, Unread> {
    if text.len() > LONGEST || nesting(text) > DEPTH {
        return Err(Unread::TooMuch);
    }
    let mut parser = Parser::new(text.as_bytes(), &ParserOptions::default(), &SourceInfo::default());
    parser.parse_program().map_err(|_| Unread::NotBash)
}

/// How deep a text is nested at most, as far as its signs and words tell: the parser needs stack for each level.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for word in text.split_inclusive(|sign: char| sign.is_whitespace() || "(){}`;".contains(sign)) {
        match word.trim_end_matches(|sign: char| sign.is_whitespace() || sign == ';') {
            "if" | "for" | "while" | "until" | "select" => depth += 1,
            // Each of its patterns has a `)` that closes nothing.
            "case" => depth += 2,
            "fi" | "done" | "esac" => depth = depth.saturating_sub(1),
            other if other.ends_with(['(', '{', '`']) => depth += 1,
            other if other.ends_with([')', '}']) => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[cfg(test)]
mod tests;
