//! A learner's own text, made fit to stand in a message.

/// How many characters of it are shown.
const MOST: usize = 80;

/// The text with everything escaped that cannot be seen or would turn the line around, and cut after 80 characters.
///
/// A report is read in terminals and browsers: a name may neither move the cursor nor look like another one.
#[must_use]
pub(in crate::submission) fn shown(text: &str) -> String {
    let mut shown = String::new();
    let mut length = 0;
    for character in text.chars() {
        let escaped: String = match character {
            '"' | '\'' => character.into(),
            _ => character.escape_debug().collect(),
        };
        length += escaped.chars().count();
        if length > MOST {
            shown.push('…');
            break;
        }
        shown += &escaped;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_as_it_is() {
        assert_eq!(shown("it's \"Grüße\" in 日本語"), "it's \"Grüße\" in 日本語");
    }

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(shown("a\x1b[2Jb\nc\u{202e}d\u{200b}"), "a\\u{1b}[2Jb\\nc\\u{202e}d\\u{200b}");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(shown(&"x".repeat(200)), format!("{}…", "x".repeat(80)));
        assert_eq!(shown(&"x".repeat(80)), "x".repeat(80));
        assert!(shown(&"\x1b".repeat(200)).chars().count() <= 81);
    }
}
