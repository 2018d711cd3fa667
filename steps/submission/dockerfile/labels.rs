//! The labels of an image. labproof recognizes its own containers by labels, and a container inherits its image's
//! labels.

use super::{Found, instructions::Instruction, words};
use crate::submission::rule::Rule;

/// Judges the names of all labels.
pub(super) fn judge(found: &mut Found<'_>, instructions: &[Instruction], escape: char) {
    for instruction in instructions.iter().filter(|instruction| instruction.name == "label") {
        if is_ours(&instruction.arguments, escape) {
            let message =
                "labels whose names begin with dev.labproof, or are variables, are not allowed: use another name";
            found.refuse(instruction.line, Rule::Metadata, message);
        }
    }
}

/// Whether a `LABEL` instruction could set one of labproof's labels.
fn is_ours(arguments: &str, escape: char) -> bool {
    let has_variable = |(number, word): (usize, &String)| match word.split_once('=') {
        Some((name, _)) => name.contains('$'),
        // The old form, `LABEL name value`, has a single name.
        None => number == 0 && word.contains('$'),
    };
    words::bare(arguments).contains("dev.labproof") || quoted(arguments, escape).iter().enumerate().any(has_variable)
}

/// The words as builders split them: a space in quotes or after the escape character does not end a word.
fn quoted(text: &str, escape: char) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let word = words.last_mut().expect("there is always one");
        match (character, quote) {
            (space, None) if space.is_whitespace() => {
                words.push(String::new());
                continue;
            }
            (mark @ ('\'' | '"'), None) => quote = Some(mark),
            (mark, Some(closing)) if mark == closing => quote = None,
            (character, None | Some('"')) if character == escape => {
                word.push(character);
                word.extend(characters.next());
                continue;
            }
            _ => {}
        }
        word.push(character);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_ours() {
        for label in
            ["dev.labproof.run=x", "\"dev.lab\"proof.run=x", "dev.lab\\proof.run=x", "a=b dev.labproof.stand-in=c"]
        {
            assert!(is_ours(label, '\\'), "{label}");
        }
        for label in [
            "a=b $X=c",
            "$X c",
            "a=b \"${X:-x y}\"=c",
            "a=b ${X:-x\\ y}=c",
            "a=\"b\\\" \" $X=c",
            "a='b\\' $X=c",
            "\"x $X\" c",
        ] {
            assert!(is_ours(label, '\\'), "{label}");
        }
        assert!(is_ours("a=\"b`\" \" $X=c", '`'));
    }

    #[test]
    fn values_may_be_variables() {
        for label in ["a=$X b=\"c $X = $Y\" d='$X'", "a b $X", "", "a=\"b\\\" $X=c\"", "a=b\\ $X c=d"] {
            assert!(!is_ours(label, '\\'), "{label}");
        }
    }
}
