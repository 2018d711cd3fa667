//! The instructions of a Dockerfile, with continued lines joined, and without comments and here-documents.

use super::{
    builder::Builder,
    directives::Doubt,
    heredocs::{self, Heredoc},
    words,
};

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// The line in which it begins.
    pub line: usize,
    /// Its name, in lower case.
    pub name: String,
    /// The text after the name, without here-documents.
    pub arguments: String,
}

impl Instruction {
    /// The arguments after the flags, in the form of a list or not.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let (_, rest) = self.parts();
        words::list(rest).unwrap_or_else(|| rest.split_whitespace().map(str::to_owned).collect())
    }

    /// Its flags, and the remaining arguments.
    #[must_use]
    pub fn parts(&self) -> (Vec<String>, &str) {
        words::flags(&self.arguments)
    }

    /// The here-documents that it begins; `None` if builders could differ.
    fn heredocs(&self) -> Option<Vec<Heredoc>> {
        let (_, rest) = self.parts();
        if !["run", "copy", "add"].contains(&self.name.as_str()) || words::list(rest).is_some() {
            return Some(Vec::new());
        }
        // A builder may understand a list that we do not.
        let found = heredocs::announced(&format!("{} {}", self.name, self.arguments));
        found.filter(|found| found.is_empty() || !words::could_be_list(rest))
    }
}

/// Reads the instructions of a text.
pub(super) struct Reader<'a> {
    lines: Vec<&'a str>,
    /// The number of lines read so far.
    read: usize,
    escape: char,
    builder: Builder,
    /// The lines that builders could read differently.
    doubts: Vec<Doubt>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, escape: char, builder: Builder) -> Self {
        // A byte order mark is not part of the first instruction.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { lines: text.split('\n').collect(), read: 0, escape, builder, doubts: Vec::new() }
    }

    /// The instructions, and the lines that builders could read differently.
    pub(super) fn read(mut self) -> (Vec<Instruction>, Vec<Doubt>) {
        let mut instructions = Vec::new();
        while let Some(first) = self.next() {
            let number = self.read;
            if let Some(instruction) = self.joined(first, number) {
                self.doubt(&instruction);
                self.skip_heredocs(&instruction);
                instructions.push(instruction);
            }
        }
        (instructions, self.doubts)
    }

    fn next(&mut self) -> Option<&'a str> {
        self.read += 1;
        self.lines.get(self.read - 1).copied()
    }

    /// The instruction that begins on a line, joined with its continuation lines; `None` if the line is empty or a
    /// comment.
    fn joined(&mut self, first: &str, number: usize) -> Option<Instruction> {
        let first = first.trim_start();
        if first.starts_with('#') {
            return None;
        }
        let (mut text, mut continued) = self.continuation(first);
        while continued {
            let Some(line) = self.next() else { break };
            let trimmed = line.trim_start();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let (more, goes_on) = self.continuation(line);
            text += &more;
            continued = goes_on;
        }
        let text = text.trim();
        let (name, arguments) = text.split_once([' ', '\t', '\r', '\u{b}', '\u{c}']).unwrap_or((text, ""));
        let arguments = arguments.trim().to_owned();
        (!name.is_empty()).then(|| Instruction { line: number, name: name.to_lowercase(), arguments })
    }

    /// A line without the escape character at its end, and whether there was one. With two escape characters, or two
    /// carriage returns after it, only old builders end the line.
    fn continuation(&mut self, line: &str) -> (String, bool) {
        let end = line.trim_end_matches('\r').trim_end_matches([' ', '\t']);
        let Some(before) = end.strip_suffix(self.escape) else {
            return (line.to_owned(), false);
        };
        if before.ends_with(self.escape) || line.ends_with("\r\r") {
            let message = "some builders continue this line, others do not: end it with exactly one escape character";
            self.doubts.push((self.read, message.into()));
        }
        (before.to_owned(), true)
    }

    /// Records a doubt if builders could read another name or other flags of an instruction.
    fn doubt(&mut self, instruction: &Instruction) {
        let Instruction { line, name, arguments } = instruction;
        // Some non-ASCII letters become ASCII letters in lower case.
        if !name.is_ascii() {
            self.doubts.push((*line, "write the name of the instruction in the letters A to Z".into()));
        }
        let flags = &arguments[..arguments.len() - instruction.parts().1.len()];
        // Older builders accept only `\` as the escape character here.
        if self.escape == '`' && flags.contains(['`', '\\']) {
            self.doubts
                .push((*line, "builders read its flags differently: write them without escape characters".into()));
        }
    }

    /// Skips the lines of the here-documents that an instruction announces.
    fn skip_heredocs(&mut self, instruction: &Instruction) {
        let line = instruction.line;
        let Some(heredocs) = instruction.heredocs() else {
            let message = "some builders take << for the beginning of a here-document, others do not: put it into quotation marks, or write \
                           it as <<EOF, with a space before it and letters and digits after it";
            return self.doubts.push((line, message.into()));
        };
        if self.builder == Builder::Classic && !heredocs.is_empty() {
            let message = "a here-document needs BuildKit, which this machine does not have: hand in the file and write \
                           COPY, or write printf";
            return self.doubts.push((line, message.into()));
        }
        for heredoc in heredocs {
            while !self.next().is_some_and(|line| heredoc.ends_at(line)) {
                if self.read > self.lines.len() {
                    let message = format!("its here-document does not end: write a line that is just {}", heredoc.name);
                    return self.doubts.push((line, message));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, escape: char, builder: Builder) -> (Vec<(usize, String)>, Vec<Doubt>) {
        let (instructions, doubts) = Reader::new(text, escape, builder).read();
        let shown = |found: Instruction| (found.line, format!("{} {}", found.name, found.arguments));
        (instructions.into_iter().map(shown).collect(), doubts)
    }

    fn instructions(text: &str, escape: char) -> Vec<(usize, String)> {
        let [classic, buildkit] = [Builder::Classic, Builder::BuildKit].map(|builder| read(text, escape, builder));
        assert_eq!((&classic.1, &classic), (&vec![], &buildkit));
        classic.0
    }

    #[test]
    fn continued_lines_are_joined_over_comments_and_empty_lines() {
        let text = "\n# a\n  from busybox\r\nRUN a \\\r\n  # b \\\n\n  && c\\  \nd\nCMD e \\\n";
        let expected = [(3, "from busybox".to_owned()), (4, "run a   && cd".into()), (9, "cmd e".into())];
        assert_eq!(instructions(text, '\\'), expected);
    }

    #[test]
    fn the_escape_character_may_be_another() {
        let text = "COPY a C:\\\nRUN b `\n c\n";
        assert_eq!(instructions(text, '`'), [(1, "copy a C:\\".to_owned()), (2, "run b  c".into())]);
    }

    #[test]
    fn a_name_may_be_continued() {
        assert_eq!(instructions("FR\\\nOM x\n\\\nUSER u\n", '\\'), [(1, "from x".to_owned()), (3, "user u".into())]);
    }

    #[test]
    fn here_documents_are_no_instructions_for_buildkit() {
        let text = "RUN a \\\n# b\n <<A <<-B\nFROM x \\\nA\n# c\nA\n\t\tB\r\nUSER u\n";
        let (found, doubts) = read(text, '\\', Builder::BuildKit);
        assert_eq!(found, [(1, "run a  <<A <<-B".to_owned()), (9, "user u".into())]);
        assert_eq!(doubts, []);
        let (found, doubts) = read(text, '\\', Builder::Classic);
        assert_eq!((found.len(), doubts.len()), (5, 1));
    }

    #[test]
    fn what_builders_read_differently_is_doubtful() {
        let texts = [
            "RUN a \\\\\nUSER b\n",
            "RUN a \\\r\r\nUSER b\n",
            "ONBU\u{130}LD RUN a\n",
            "RUN [\"\\ud800\", \"b\" <<EOF\nEOF\n",
        ];
        for text in texts {
            for builder in [Builder::Classic, Builder::BuildKit] {
                assert_eq!(read(text, '\\', builder).1.len(), 1, "{text:?}");
            }
        }
        for flag in ["--chown=\\a", "--chown=`a", "-`-from=b"] {
            assert_eq!(
                read(&format!("COPY {flag} a b\n"), '`', Builder::BuildKit).1.len(),
                usize::from(!flag.starts_with("-`"))
            );
            assert_eq!(read(&format!("COPY {flag} a b\n"), '\\', Builder::BuildKit).1, []);
        }
    }
}
