//! Makes untrusted text safe to show on a terminal or a page.
//!
//! Text from a learner or a program may move the cursor, reverse a line, or look like different text. Everything that
//! prints such text passes it through this module first. Escaping the markup of a format, such as XML, is the task of
//! that format.

/// Writes out invisible characters, as in `\u{202e}`: control characters, marks of writing direction and similar ones.
/// Keeps newlines and tabs, and removes a carriage return before a newline.
///
/// # Examples
/// ```
/// assert_eq!(labproof::internal::escape::text("a\u{1b}[31m\u{202e}b\r\nc"), "a\\u{1b}[31m\\u{202e}b\nc");
/// ```
#[must_use]
pub fn text(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        if is_invisible(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Like [`fn@text`], for text that must stay on one line, such as a name: also writes out newlines and tabs.
#[must_use]
pub fn line(text: &str) -> String {
    text.chars().map(in_line).collect()
}

/// Like [`fn@line`], cut after `most` characters; `…` marks the cut.
#[must_use]
pub fn short_line(text: &str, most: usize) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for character in text.chars() {
        let escaped = in_line(character);
        length += escaped.chars().count();
        if length > most {
            shown.push('…');
            break;
        }
        shown += &escaped;
    }
    shown
}

fn in_line(character: char) -> String {
    if is_invisible(character) || character.is_control() {
        character.escape_default().collect()
    } else {
        character.into()
    }
}

/// Writes out every character that is invisible or looks like a space without being one. It is for the difference of
/// two texts, which must not look the same.
///
/// # Examples
/// ```
/// assert_eq!(labproof::internal::escape::visible("Hello\u{a0}World\t"), "Hello\\u{a0}World\\t");
/// ```
#[must_use]
pub fn visible(text: &str) -> String {
    let written_out = |character: char| {
        let is_seen = character == ' ' || !(is_invisible(character) || is_blank(character));
        if is_seen { character.into() } else { character.escape_default().collect::<String>() }
    };
    text.chars().map(written_out).collect()
}

/// A text in which GitHub's runner finds no command: it obeys each printed line that begins with `::` or contains `##[`
/// (<https://docs.github.com/actions/reference/workflow-commands>).
///
/// # Examples
/// ```
/// assert_eq!(labproof::internal::escape::commands("a::b\n  ::error::c\n"), "a::b\n  \\u{3a}:error::c\n");
/// ```
#[must_use]
pub fn commands(text: &str) -> String {
    text.split_inclusive('\n').map(command).collect()
}

fn command(line: &str) -> String {
    let line = line.replace("##[", "#\\u{23}[");
    match line.trim_start().strip_prefix("::") {
        Some(rest) => format!("{}\\u{{3a}}:{rest}", &line[..line.len() - rest.len() - 2]),
        None => line,
    }
}

/// A JSON text with the same meaning, with every invisible character escaped, so that no terminal obeys it. In JSON
/// such characters occur only in strings.
#[must_use]
pub fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if is_invisible(character) {
            let mut units = [0; 2];
            escaped.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Whether this is a control character, a character that formats text or shows nothing (Unicode's `Cc`, `Cf`, `Zl`,
/// `Zp` and `Default_Ignorable_Code_Point`), or a code point that is no character, which XML cannot contain. Marks that
/// are visible are kept, and so are the two selectors that turn a character into an emoji.
fn is_invisible(character: char) -> bool {
    if matches!(character, '\n' | '\t' | ' '..='~') {
        return false;
    }
    character.is_control()
        || is_noncharacter(character)
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

fn is_noncharacter(character: char) -> bool {
    let code = u32::from(character);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

/// Whether this character looks like a space, like nothing, or differs by font.
fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '\u{2800}' | '\u{fe00}'..='\u{fe0f}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn what_cannot_be_seen_is_spelled_out() {
        let attack = "a\u{1b}[31mb\r\nc\rd\0e\u{202e}f\u{2028}g\th\u{200b}\u{2066}i";
        assert_eq!(text(attack), "a\\u{1b}[31mb\nc\\rd\\u{0}e\\u{202e}f\\u{2028}g\th\\u{200b}\\u{2066}i");
        assert_eq!(line("a\x1b[2Jb\nc\td\u{202e}e\u{200b}"), "a\\u{1b}[2Jb\\nc\\td\\u{202e}e\\u{200b}");
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        for plain in ["it's \"Grüße\" in 日本語", "a\\b", "👩\u{fe0f}"] {
            assert_eq!((text(plain), line(plain)), (plain.to_owned(), plain.to_owned()));
        }
    }

    /// Tests every Unicode character.
    #[test]
    fn no_character_of_unicode_is_obeyed_by_a_terminal_or_breaks_a_form() {
        let hidden = Regex::new(r"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]").unwrap();
        // Visible marks before numbers and words in Arabic, Syriac and Kaithi, and the selectors of emoji.
        let shown =
            Regex::new(r"[\x{600}-\x{605}\x{6dd}\x{70f}\x{890}\x{891}\x{8e2}\x{110bd}\x{110cd}\x{fe0e}\x{fe0f}]")
                .unwrap();
        for character in '\0'..=char::MAX {
            let one = character.to_string();
            let is_hidden = hidden.is_match(&one) && !shown.is_match(&one);
            assert_eq!(line(&one) != one, is_hidden || is_noncharacter(character), "{character:?}");
            assert!(text(&one) == line(&one) || "\n\t".contains(character), "{character:?}");
            let parsed: String = serde_json::from_str(&json(&serde_json::to_string(&one).unwrap())).unwrap();
            assert_eq!(parsed, one);
        }
    }

    #[test]
    fn a_runner_of_workflows_finds_no_command() {
        assert_eq!(commands("\u{a0} ::add-mask::a\nb ##[error]c"), "\u{a0} \\u{3a}:add-mask::a\nb #\\u{23}[error]c");
        assert_eq!(commands("###[x] :::y"), "##\\u{23}[x] :::y");
        assert_eq!(commands(":::y"), "\\u{3a}::y");
        assert_eq!(commands("a::b\n\n#: [c]\n"), "a::b\n\n#: [c]\n");
    }

    #[test]
    fn a_difference_shows_even_other_spaces() {
        assert_eq!(visible("a b\u{a0}c\u{3000}d\te\u{fe0f}\u{e000}"), "a b\\u{a0}c\\u{3000}d\\te\\u{fe0f}\\u{e000}");
        assert_eq!(visible("it's \"Grüße\" in 日本語"), "it's \"Grüße\" in 日本語");
    }

    #[test]
    fn what_was_escaped_before_stays_as_it_is() {
        let once = line("a\u{1b}b\nc");
        assert_eq!((line(&once), text(&once)), (once.clone(), once.clone()));
    }

    #[test]
    fn a_long_line_is_cut() {
        assert_eq!(short_line(&"x".repeat(200), 80), format!("{}…", "x".repeat(80)));
        assert_eq!(short_line(&"x".repeat(80), 80), "x".repeat(80));
        assert!(short_line(&"\x1b".repeat(200), 80).chars().count() <= 81);
    }
}
