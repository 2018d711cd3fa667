//! The directives: lines at the beginning of a Dockerfile that say how to read it.
//!
//! `# syntax=` names an image that reads the file instead of the builder, so a learner could run any program in the
//! builder. Docker's own image, which many files name, is allowed but not used: the lab's builder reads the file
//! itself. Builders also accept directives after `//`, below a line `#!…`, and as JSON. This module finds all these
//! forms, and more than any single builder accepts.

use std::collections::BTreeSet;

use super::builder::Builder;

/// A problem in a line: its number, and what to write instead.
pub(super) type Doubt = (usize, String);

/// The directives of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directives {
    /// The escape character.
    pub(super) escape: char,
    /// Directives that are not allowed.
    pub(super) doubts: Vec<Doubt>,
    /// The lines that name Docker's own syntax image.
    pub(super) syntax: BTreeSet<usize>,
}

/// Reads the directives at the beginning of a text.
pub(super) fn read(text: &str, builder: Builder) -> Directives {
    let mut read = Directives { escape: '\\', doubts: Vec::new(), syntax: BTreeSet::new() };
    for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
        let trimmed = line.trim();
        if trimmed.starts_with('{') {
            read.doubt(
                number,
                "this is JSON, which could name a program that reads it: begin the Dockerfile with FROM",
            );
        }
        match trimmed.strip_prefix('#').or_else(|| trimmed.strip_prefix("//")) {
            Some(comment) => {
                let (key, value) = comment.split_once('=').unwrap_or_default();
                read.note(number, line, &key.trim().to_ascii_lowercase(), value.trim(), builder);
            }
            None if trimmed.is_empty() => {}
            None => break,
        }
    }
    read
}

impl Directives {
    fn doubt(&mut self, line: usize, message: &str) {
        self.doubts.push((line, message.into()));
    }

    /// Records a directive.
    fn note(&mut self, number: usize, line: &str, key: &str, value: &str, builder: Builder) {
        // Directives end with the first line that is none. A character that is a space for one builder may not be one
        // for another.
        let is_plain = (number == 1 || number == 2 && self.syntax.contains(&1))
            && line.starts_with('#')
            && line.chars().all(|it| it == '\t' || matches!(it, ' '..='~'));
        match key {
            "syntax" if is_dockers(value) && line.trim_start().starts_with('#') => {
                self.syntax.insert(number);
            }
            "syntax" => self.doubt(number, "the lab's builder reads the file itself: leave this line out"),
            "check" if builder == Builder::Classic => {
                self.doubt(number, "the lab's builder checks the file as it is: leave this line out");
            }
            "escape" if is_plain && value == "\\" => self.escape = '\\',
            "escape" if is_plain && value == "`" => self.escape = '`',
            "escape" => {
                self.doubt(number, "write it as `# escape=` into the first line or below `# syntax=`, or leave it out");
            }
            _ => {}
        }
    }
}

/// Whether it is a version of Docker's own syntax image.
fn is_dockers(syntax: &str) -> bool {
    let version = syntax.strip_prefix("docker.io/").unwrap_or(syntax).strip_prefix("docker/dockerfile");
    let plain =
        |version: &str| version.chars().all(|character| character.is_ascii_alphanumeric() || "._-".contains(character));
    version.is_some_and(|version| version.is_empty() || version.strip_prefix(':').is_some_and(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The escape character, and the number of doubtful lines.
    fn read_by(builder: Builder, text: &str) -> (char, usize) {
        let Directives { escape, doubts, .. } = read(text, builder);
        (escape, doubts.len())
    }

    fn doubtful(text: &str) -> usize {
        read_by(Builder::Classic, text).1
    }

    #[test]
    fn the_first_line_may_choose_the_escape_character() {
        for builder in [Builder::Classic, Builder::BuildKit] {
            assert_eq!(read_by(builder, "# escape=`\nFROM busybox\n"), ('`', 0));
            assert_eq!(read_by(builder, "# syntax=docker/dockerfile:1\n# escape=`\nFROM busybox\n"), ('`', 0));
            assert_eq!(read_by(builder, "#Escape =\t\\\r\n"), ('\\', 0));
            assert_eq!(read_by(builder, "# a comment = more\n#escapes = x\n\nFROM busybox\n# escape=`\n"), ('\\', 0));
        }
    }

    #[test]
    fn whatever_builders_could_read_differently_is_doubtful() {
        let cases = ["\n# escape=`\n", "# x\n# escape=`\n", " # escape=`\n", "# escape=x\n", "// escape=`\n"];
        let more = [
            "#\u{a0}escape=`\n",
            "#\u{b}escape=`\n",
            "# escape=\u{2003}`\n",
            "# syntax=docker/dockerfile\n\n# escape=`\n",
            "# syntax=docker/dockerfile\n# x\n# escape=`\n",
        ];
        for text in cases.into_iter().chain(more) {
            for builder in [Builder::Classic, Builder::BuildKit] {
                assert_eq!(read_by(builder, text), ('\\', 1), "{text:?}");
            }
        }
    }

    #[test]
    fn nobody_else_reads_the_file() {
        let cases = ["# syntax=evil", "#SYNTAX = evil\r", "// syntax=evil", "#!/bin/sh\n#syntax=evil"];
        for text in cases.into_iter().chain(["{\"syntax\": \"evil\"}", "\n\n  {", "# escape=`\n# syntax=evil"]) {
            assert_eq!(doubtful(text), 1, "{text:?}");
        }
        assert_eq!(doubtful("FROM busybox\n# syntax=evil\n"), 0);
        for evil in [
            "docker/dockerfile-upstream",
            "evil/docker/dockerfile",
            "docker/dockerfile@sha256:0",
            "docker/dockerfile:1/x",
            "docker/dockerfile:1 evil",
        ] {
            assert_eq!(doubtful(&format!("# syntax={evil}\n")), 1, "{evil}");
        }
    }

    #[test]
    fn dockers_own_program_may_be_named() {
        let text =
            "#!/x\n# syntax=docker/dockerfile:1.7-labs\n\n #syntax = docker.io/docker/dockerfile\nFROM busybox\n";
        let found = read(text, Builder::BuildKit);
        assert_eq!((found.syntax, found.doubts), ([2, 4].into(), vec![]));
        // This form is a directive even without `#`.
        assert_eq!(doubtful("// syntax=docker/dockerfile\n"), 1);
    }

    #[test]
    fn buildkit_may_be_asked_for_warnings() {
        let text = "# check=skip=all\nFROM busybox\n";
        assert_eq!((read_by(Builder::Classic, text).1, read_by(Builder::BuildKit, text).1), (1, 0));
    }
}
