//! Here-documents: the lines after an instruction that belong to it, up to a line that contains only the document's
//! name.
//!
//! Builders read them differently: older ones know none, and newer ones also accept `<< EOF`. This module accepts only
//! the form that every `BuildKit` reads as a here-document. It never guesses where builders could differ.

/// A here-document that an instruction begins.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heredoc {
    /// The name, which is alone on the last line.
    pub(super) name: String,
    /// Whether tabs may precede the name there, as with `<<-`.
    strips_tabs: bool,
}

impl Heredoc {
    /// Whether this line ends the document.
    pub(super) fn ends_at(&self, line: &str) -> bool {
        let line = line.trim_end_matches('\r');
        self.name == if self.strips_tabs { line.trim_start_matches('\t') } else { line }
    }
}

/// The here-documents that a complete instruction begins, with its lines joined; `None` if builders could differ.
pub(super) fn announced(instruction: &str) -> Option<Vec<Heredoc>> {
    if !could_begin(instruction) {
        return Some(Vec::new());
    }
    let words = words(instruction)?;
    let rests = words.iter().filter_map(|word| after_arrows(word));
    rests.filter(|rest| !rest.starts_with('<')).map(heredoc).collect()
}

/// The text after `<<` at the beginning of a word; a number before it is a file descriptor.
fn after_arrows(word: &str) -> Option<&str> {
    word.trim_start_matches(|character: char| character.is_ascii_digit()).strip_prefix("<<")
}

/// Whether a word anywhere in the text could begin with `<<`. `<<<` is something else.
fn could_begin(text: &str) -> bool {
    text.match_indices("<<").any(|(index, arrows)| {
        let before = text[..index].trim_end_matches(|character: char| character.is_ascii_digit());
        let begins = before.is_empty() || before.ends_with(char::is_whitespace);
        begins && !text[index + arrows.len()..].starts_with('<')
    })
}

/// The here-document with this text after `<<`, if its name is simple.
fn heredoc(rest: &str) -> Option<Heredoc> {
    let (strips_tabs, name) = rest.strip_prefix('-').map_or((false, rest), |name| (true, name));
    let inside = |quote: char| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    let name = inside('"').or_else(|| inside('\'')).unwrap_or(name);
    let is_plain = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    let begins_plainly = name.starts_with(|character: char| character.is_ascii_alphanumeric() || character == '_');
    (begins_plainly && name.chars().all(is_plain)).then(|| Heredoc { name: name.to_owned(), strips_tabs })
}

/// The words of a line with their quotes, split as a shell does; `None` if builders could split them differently.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = vec![String::new()];
    let mut rest = line;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            ' ' | '\t' => 0,
            '\\' => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
            '\'' => 2 + rest[1..].find('\'')?,
            '"' => double_quoted(rest)?,
            '$' => variable(rest)?,
            '<' => arrow(rest)?,
            _ if character.is_whitespace() || character.is_control() => return None,
            _ => character.len_utf8(),
        };
        match length {
            0 => words.push(String::new()),
            _ => words.last_mut()?.push_str(&rest[..length]),
        }
        rest = &rest[length.max(1)..];
    }
    Some(words)
}

/// The length of the double-quoted text at the beginning, in bytes.
fn double_quoted(text: &str) -> Option<usize> {
    let mut length = 1;
    while let Some(character) = text[length..].chars().next() {
        length += match character {
            '"' => return Some(length + 1),
            '\\' if text[length + 1..].starts_with(['"', '$', '\\']) => 2,
            '$' => variable(&text[length..])?,
            _ => character.len_utf8(),
        };
    }
    None
}

/// The length of the variable at the beginning of a text, or of a single `$`; `None` unless it has the simplest form.
fn variable(text: &str) -> Option<usize> {
    let Some(inside) = text.strip_prefix("${") else { return Some(1) };
    let (name, _) = inside.split_once('}')?;
    let is_plain =
        !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    is_plain.then_some(name.len() + 3)
}

/// The length of `<` or `<<` at the beginning of a text; `None` for `<<` with a space after it, which some builders
/// read differently.
fn arrow(text: &str) -> Option<usize> {
    let Some(rest) = text.strip_prefix("<<") else { return Some(1) };
    (!rest.starts_with([' ', '\t'])).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of the here-documents that a line begins.
    fn names(line: &str) -> Option<Vec<String>> {
        announced(line).map(|found| found.into_iter().map(|found| found.name).collect())
    }

    #[test]
    fn they_begin_where_a_word_does() {
        for (line, expected) in [
            ("run <<EOF", &["EOF"] as &[_]),
            ("copy <<-a.txt <<'b' 3<<\"c_1\" /x/", &["a.txt", "b", "c_1"]),
            ("run cat > $HOME/${X} <<EOF && echo \"$A ${B} \\\" \\$\" 'it' \\' $((1<<2))", &["EOF"]),
            ("run cat <<EOF | sed s/\\ <<A//", &["EOF"]),
            ("run echo '<<A' \"<<B\" \" <<C\" d<<D ' <<E' \\<<F \\ <<G \"\"<<H", &[]),
            ("run cat <<<x", &[]),
            ("run cat <<<x <<EOF", &["EOF"]),
            ("run cat <<< x $((1<<2)) ${y:- }", &[]),
            ("run a < b", &[]),
        ] {
            assert_eq!(
                names(line).as_deref(),
                Some(expected.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).as_deref(),
                "{line}"
            );
        }
    }

    #[test]
    fn where_builders_could_disagree_nothing_is_guessed() {
        let names_of_all_kinds =
            ["", "-", "''", "\"A B\"", "$X", "${X}", "a/b", "EOF;", "EOF)", "E\"O\"F", "\\EOF", "'EOF'x"];
        let more = [" EOF", "\tEOF", "EOF<x", "--x", "é", ".", "-'"];
        for name in names_of_all_kinds.into_iter().chain(more) {
            assert_eq!(names(&format!("run cat <<{name}")), None, "{name}");
        }
        for line in
            ["a' <<EOF", "\"a <<EOF", "${x:-y} <<EOF", "\"${x:-\\\"}\" <<EOF", "${x <<EOF", "a<< <<EOF", "1 << 2"]
        {
            assert_eq!(names(&format!("run {line}")), None, "{line}");
        }
        for odd in ["\u{b}", "\u{a0}", "\r", "\u{1}"] {
            assert_eq!(names(&format!("run a{odd}b <<EOF")), None, "{odd:?}");
        }
        assert_eq!(names("run a\u{85}<<EOF"), None);
    }

    #[test]
    fn a_line_that_is_the_name_ends_it() {
        let [plain, tabs] = ["run <<EOF", "run <<-EOF"].map(|line| announced(line).unwrap().remove(0));
        for (line, ends) in [("EOF", [true, true]), ("EOF\r", [true, true]), ("\t\tEOF", [false, true])] {
            assert_eq!([plain.ends_at(line), tabs.ends_at(line)], ends, "{line:?}");
        }
        for line in [" EOF", "EOF ", "\t EOF", "eof", "EOF \\", "#EOF", ""] {
            assert!(!plain.ends_at(line) && !tabs.ends_at(line), "{line:?}");
        }
    }
}
