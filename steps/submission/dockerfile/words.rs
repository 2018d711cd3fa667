//! Splits an instruction into words as builders do: flags, and a list in JSON.

/// The flags at the beginning of an instruction's arguments, and the rest. Quotes and backslashes in a flag are
/// removed, as builders do.
pub(super) fn flags(arguments: &str) -> (Vec<String>, &str) {
    let mut flags = Vec::new();
    let mut rest = arguments.trim();
    while rest.starts_with("--") {
        let (flag, after) = flag(rest);
        rest = after.trim();
        if flag == "--" {
            break;
        }
        flags.push(flag);
    }
    (flags, rest)
}

/// The flag at the beginning of a text, and the rest.
fn flag(text: &str) -> (String, &str) {
    let mut flag = String::new();
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (space, None) if space.is_ascii_whitespace() || space == '\u{b}' => break,
            ('\'' | '"', None) => quote = Some(character),
            (_, Some(closing)) if character == closing => quote = None,
            ('\\', _) => flag.extend(characters.next()),
            _ => flag.push(character),
        }
    }
    (flag, characters.as_str())
}

/// The list, if the arguments are a JSON list.
pub(super) fn list(arguments: &str) -> Option<Vec<String>> {
    arguments.starts_with('[').then(|| serde_json::from_str(arguments).ok()).flatten()
}

/// Whether a builder could read the arguments as a list although we do not: JSON may write letters as numbers, and not
/// all builders accept the same numbers.
pub(super) fn could_be_list(arguments: &str) -> bool {
    arguments.starts_with('[') && arguments.contains("\\u") && list(arguments).is_none()
}

/// The text without the quotes and escape characters that a builder removes.
pub(super) fn bare(text: &str) -> String {
    text.chars().filter(|character| !['"', '\'', '\\', '`'].contains(character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_come_first() {
        let (found, rest) = flags("  --from=a\t--chown=\"a b\":c  x --from=y ");
        assert_eq!((found, rest), (vec!["--from=a".to_owned(), "--chown=a b:c".to_owned()], "x --from=y"));
        assert_eq!(flags("--fr\"om\"=e\\vil x"), (vec!["--from=evil".to_owned()], "x"));
        assert_eq!(flags("-- --from=a"), (vec![], "--from=a"));
        assert_eq!(flags("a --from=b"), (vec![], "a --from=b"));
        assert_eq!(flags("--from=\"a"), (vec!["--from=a".to_owned()], ""));
    }

    #[test]
    fn a_list_is_json() {
        assert_eq!(list(r#"["a", "\u002f"]"#), Some(vec!["a".to_owned(), "/".to_owned()]));
        assert_eq!((list("[a]"), list("a"), list(r#"["a"] b"#)), (None, None, None));
    }
}
