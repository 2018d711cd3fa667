//! Finds typed lines that an interactive bash understands differently from a script: it replaces `!word` by an earlier
//! command, also in double quotes, and usually reports that there is none.

/// The part of a command that an interactive bash would replace. Ignores everything after the beginning of a
/// here-document.
///
/// Rules: bash's manual, "History Interaction". A `!` is kept in single quotes, after a backslash, and before a blank,
/// the end of the line, `=` or the closing double quote.
pub(super) fn history_expansion(command: &str) -> Option<&str> {
    let command = command.split("<<").next().unwrap_or_default();
    let (mut in_single, mut in_double, mut before) = (false, false, ' ');
    let mut letters = command.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        match letter {
            '\\' if !in_single => _ = letters.next(),
            '\'' if !in_double => in_single = !in_single,
            '"' if !in_single => in_double = !in_double,
            '#' if !in_single && !in_double && before.is_whitespace() => {
                while letters.next_if(|(_, letter)| *letter != '\n').is_some() {}
            }
            '!' if !in_single && !"$[{".contains(before) && replaces(next, in_double) => {
                return Some(command[at..].split_whitespace().next().unwrap_or_default());
            }
            _ => {}
        }
        before = letter;
    }
    None
}

fn replaces(next: Option<char>, in_double: bool) -> bool {
    match next {
        None | Some(' ' | '\t' | '\n' | '=' | '(') => false,
        Some('"') => !in_double,
        Some(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::history_expansion;

    #[test]
    fn what_an_interactive_bash_replaces_is_found() {
        for (line, found) in [("echo \"pass!word\"", "!word\""), ("!! | wc -l", "!!"), ("echo a!b", "!b")] {
            assert_eq!(history_expansion(line), Some(found), "{line}");
        }
    }

    #[test]
    fn what_it_leaves_alone_is_not() {
        for line in [
            "echo 'pass!word'",
            "echo pass\\!word",
            "echo \"Hello!\"",
            "[ ! -f a ] && ! true",
            "[[ a != b ]]",
            "kill $!; echo ${!name}",
            "ls [!a]*",
            "echo a # not this!one",
            "#!/bin/sh",
            "cat <<EOF\na!b\nEOF",
            "echo 'a\nb!c'",
        ] {
            assert_eq!(history_expansion(line), None, "{line}");
        }
    }
}
