//! The lines that a Dockerfile may begin with to say how it is to be read.
//!
//! `# syntax=` names an image that reads the rest in place of the builder: whoever names it runs a program of their own in
//! the builder. Docker's own, which many files name, is not: the engine's own builder takes the line for a comment. Builders also take it after `//`, after a line `#!…` and as JSON; all of this is looked for, and more
//! than any one of them would take.

/// What is wrong with a line: its number, and what to do instead.
pub(super) type Doubt = (usize, &'static str);

/// The escape character, and what may not be said.
pub(super) fn read(text: &str) -> (char, Vec<Doubt>) {
    let mut escape = '\\';
    let mut doubts = Vec::new();
    let mut at_the_beginning = true;
    for (number, line) in text.lines().enumerate().map(|(number, line)| (number + 1, line)) {
        let trimmed = line.trim();
        if trimmed.starts_with('{') {
            doubts.push((number, "a Dockerfile in JSON could name a program that reads it: begin with FROM"));
        }
        let comment = trimmed.strip_prefix('#').or_else(|| trimmed.strip_prefix("//"));
        let Some(comment) = comment else {
            if trimmed.is_empty() {
                at_the_beginning = false;
                continue;
            }
            break;
        };
        let (key, value) = comment.split_once('=').unwrap_or_default();
        match key.trim().to_ascii_lowercase().as_str() {
            "syntax" if is_dockers(value.trim()) => {}
            "syntax" => doubts.push((number, "the lab's builder reads the file itself: leave this line out")),
            "check" => doubts.push((number, "the lab's builder checks the file as it is: leave this line out")),
            "escape" if at_the_beginning && line.starts_with('#') && ["`", "\\"].contains(&value.trim()) => {
                escape = if value.trim() == "`" { '`' } else { '\\' };
            }
            "escape" => doubts.push((number, "write it as `# escape=` into the first line, or leave it out")),
            _ => {}
        }
        at_the_beginning = false;
    }
    (escape, doubts)
}

/// Whether it is a version of the program that Docker itself reads files with.
fn is_dockers(syntax: &str) -> bool {
    let version = syntax.strip_prefix("docker.io/").unwrap_or(syntax).strip_prefix("docker/dockerfile");
    let plain =
        |version: &str| version.chars().all(|character| character.is_ascii_alphanumeric() || "._-".contains(character));
    version.is_some_and(|version| version.is_empty() || version.strip_prefix(':').is_some_and(plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_may_choose_the_escape_character() {
        assert_eq!(read("# escape=`\nFROM busybox\n"), ('`', vec![]));
        assert_eq!(read("#Escape = \\\r\n"), ('\\', vec![]));
        assert_eq!(read("# a comment = more\n#escapes = x\n\nFROM busybox\n# escape=`\n"), ('\\', vec![]));
    }

    #[test]
    fn whatever_builders_could_read_differently_is_doubtful() {
        for text in ["\n# escape=`\n", "# x\n# escape=`\n", " # escape=`\n", "# escape=x\n", "// escape=`\n"] {
            let (escape, doubts) = read(text);
            assert_eq!((escape, doubts.len()), ('\\', 1), "{text:?}");
        }
    }

    #[test]
    fn nobody_else_reads_the_file() {
        let cases =
            ["# syntax=evil", "#SYNTAX = evil\r", "// syntax=evil", "#!/bin/sh\n#syntax=evil", "# check=skip=all"];
        for text in cases.into_iter().chain(["{\"syntax\": \"evil\"}", "\n\n  {", "# escape=`\n# syntax=evil"]) {
            assert_eq!(read(text).1.len(), 1, "{text:?}");
        }
        assert_eq!(read("FROM busybox\n# syntax=evil\n").1, []);
        assert_eq!(read("# syntax=docker/dockerfile:1.7-labs\n#syntax = docker.io/docker/dockerfile\n").1, []);
        for evil in [
            "docker/dockerfile-upstream",
            "evil/docker/dockerfile",
            "docker/dockerfile@sha256:0",
            "docker/dockerfile:1/x",
        ] {
            assert_eq!(read(&format!("# syntax={evil}\n")).1.len(), 1, "{evil}");
        }
    }
}
