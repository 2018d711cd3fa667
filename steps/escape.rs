//! Untrusted text, made fit for a terminal or a page: it is shown and never obeyed.
//!
//! What a learner or a program wrote may move the cursor, turn a line around, or look like another text. Whatever prints
//! such a text passes it through here first. Markup is for the formats that have one to escape.

/// A text whose invisible characters are spelled out, as in `\u{202e}`: control characters, marks of writing direction and
/// the like. Newlines and tabs stay; a carriage return before a newline goes.
///
/// # Examples
/// ```
/// assert_eq!(labproof::escape::text("a\u{1b}[31m\u{202e}b\r\nc"), "a\\u{1b}[31m\\u{202e}b\nc");
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

/// A text that must stay in its line, such as a name: newlines and tabs are spelled out as well.
#[must_use]
pub fn line(text: &str) -> String {
    text.chars().map(in_line).collect()
}

/// A text as by [`fn@line`], cut after `most` characters; a `…` says so.
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

/// The characters of Unicode's categories Cc and Cf, and the separators of lines and paragraphs, that an attacker of
/// readers needs.
fn is_invisible(character: char) -> bool {
    let plain = character == '\n' || character == '\t';
    !plain && character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
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
