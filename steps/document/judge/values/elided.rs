//! Lines of which the author has left out a part: `failed: ... exec: "slep": not found`.

use std::collections::BTreeMap;

use super::{World, same_whole};

/// Compares the parts of a line between dots with a printed line: the first stands at its beginning, the last at its end,
/// and the others between them in their order.
pub(super) fn same(expected: &str, seen: &str, world: &World) -> Option<BTreeMap<String, String>> {
    let expected: Vec<&str> = expected.split_whitespace().collect();
    let seen: Vec<&str> = seen.split_whitespace().collect();
    let parts: Vec<&[&str]> = expected.split(|word| is_dots(word)).collect();
    let [first, middle @ .., last] = parts.as_slice() else { return None };
    // One word says too little about a line, unless it is a field's name.
    let is_field = matches!(first, [name] if name.ends_with(':'));
    if !is_field && first.len() + last.len() + middle.iter().map(|part| part.len()).sum::<usize>() < 2 {
        return None;
    }
    let end = seen.len().checked_sub(last.len()).filter(|end| *end >= first.len())?;
    let mut bound = window(first, &seen[..first.len()], world)?;
    bound.extend(window(last, &seen[end..], world)?);
    let mut next = first.len();
    for part in middle {
        let places = next..=end.checked_sub(part.len())?;
        let (index, found) = places
            .into_iter()
            .find_map(|index| Some((index, window(part, &seen[index..index + part.len()], world)?)))?;
        bound.extend(found);
        next = index + part.len();
    }
    Some(bound)
}

fn is_dots(word: &str) -> bool {
    matches!(word, "..." | "…" | "[...]" | "[…]" | "<...>")
}

fn window(part: &[&str], words: &[&str], world: &World) -> Option<BTreeMap<String, String>> {
    if part.is_empty() { Some(BTreeMap::new()) } else { same_whole(&part.join(" "), &words.join(" "), world) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_stand_for_any_words() {
        let is_same = |one: &str, other: &str| same(one, other, &World::default()).is_some();
        let seen = r#"Message: failed to create task: runc create failed: exec: "slep": not found in $PATH"#;
        for line in [
            r#"Message: failed to create task: ... exec: "slep": not found in $PATH"#,
            "Message: failed ... runc ... $PATH",
            "Message: failed to create …",
            "... not found in $PATH",
            "Message:    ...",
        ] {
            assert!(is_same(line, seen), "{line}");
        }
        for line in [
            r#"Message: failed to create task: ... exec: "sleep": not found in $PATH"#,
            "Message: ... runc ... sleep",
            "... not found",
            "...",
            "Message: failed to create task",
        ] {
            assert!(!is_same(line, seen), "{line}");
        }
    }
}
