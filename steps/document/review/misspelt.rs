//! Slips of the pen: a name in the prose that no block has, and that is a letter away from one that a block has.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use crate::{
    document::{
        names::differ_in_a_number,
        story::{Deed, Story},
    },
    expression::regex,
};

/// How many letters a name must have, so that one wrong letter is a mistake of typing.
const SHORTEST: usize = 8;

/// What the blocks of a document show.
#[derive(Debug, Default)]
pub(super) struct Shown {
    text: String,
    words: BTreeSet<String>,
    commands: BTreeSet<String>,
}

impl Shown {
    /// The texts of all blocks.
    pub(super) fn of(story: &Story) -> Self {
        let mut shown = Self::default();
        for act in &story.acts {
            match &act.deed {
                Deed::Type(typed) => {
                    shown.text += &format!("{}\n", typed.command);
                    shown.commands.extend(words(&typed.command));
                    shown.text += typed.expected.as_ref().map_or("", |expected| expected.text.as_str());
                }
                Deed::Write(source) | Deed::Offer(source) => {
                    shown.text += &format!("{}\n{}\n", source.name.as_deref().unwrap_or_default(), source.text);
                }
                Deed::Leave(text, _) => shown.text += &format!("{text}\n"),
                Deed::Say(_) => {}
            }
        }
        shown.words.extend(words(&shown.text));
        let all: Vec<String> = shown.text.lines().flat_map(pairs).collect();
        shown.words.extend(all);
        shown
    }

    /// Whether a block has this word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.contains(word)
    }

    /// Whether a block has this text.
    pub(super) fn contains(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// Whether a command has this word.
    pub(super) fn has_command_word(&self, word: &str) -> bool {
        self.commands.contains(word)
    }
}

/// The words of a text, without the signs around them.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let ends = |letter: char| letter.is_whitespace() || "\"'`,;()[]{}=<>|".contains(letter);
    text.split(ends).map(|word| word.trim_matches([':', '.'])).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// The pairs of neighbouring words of a line, as in `npm start`.
fn pairs(line: &str) -> Vec<String> {
    let words: Vec<String> = words(line).collect();
    words.windows(2).map(|pair| pair.join(" ")).collect()
}

/// The slips in a line of prose.
pub(super) fn misspelt(line: &str, shown: &Shown) -> Vec<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"`([^`\s]+)`|(?:^|[\s(])(/[A-Za-z][\w.-]*(?:/[\w.-]+)+|[a-z][a-z0-9]*(?:-[a-z0-9]+){2,}[\w./:-]*)|\[([a-z]+ [a-z]+)\](?:[^(\[]|$)",
        )
    });
    // A link of reStructuredText names a part of the page.
    let is_link = |end: usize| line[end..].starts_with("`_");
    let named = NAMED.captures_iter(line).filter_map(|found| (1..=3).find_map(|group| found.get(group)));
    let named = named.filter(|name| !is_link(name.end()));
    let named = named.map(|name| name.as_str().trim_end_matches(['.', ',', ':']));
    let nearest_shown = |name: &str| {
        let is_name = name.contains(['-', '/', '.', '_', ' ']) && name.chars().count() >= SHORTEST;
        if !is_name || name.contains("://") || shown.text.contains(name) && !name.contains(' ') || shown.has(name) {
            return None;
        }
        let meant = shown.words.iter().find(|word| is_slip(name, word))?;
        Some(format!("the prose says {name}, which no block has; one has {meant}"))
    };
    named.filter_map(nearest_shown).collect()
}

/// Whether one name is the other with one wrong letter. Numbers, capitals, signs between words, and the ends of words make
/// other names.
fn is_slip(name: &str, meant: &str) -> bool {
    let ends = |one: &str, other: &str| one.strip_suffix('s').is_some_and(|rest| rest == other);
    let words = |name: &str| name.trim_matches(['-', '/']).replace(['_', '=', ' ', ':', '.', '/'], "-");
    let is_other = differ_in_a_number(name, meant)
        || differ_in_a_type(name, meant)
        || is_masked(name)
        || name.contains(char::is_uppercase)
        || meant.contains(char::is_uppercase)
        || ends(name, meant)
        || ends(meant, name)
        || words(name) == words(meant);
    !is_other && is_one_letter_away(name, meant)
}

/// Whether the part in which two names differ has a digit in both, as types of machines have: `m5.large` and `c5.large`.
fn differ_in_a_type(one: &str, other: &str) -> bool {
    let parts = |name: &str| name.split(['-', '.', '/', '_']).map(str::to_owned).collect::<Vec<_>>();
    let has_digit = |part: &str| part.contains(|letter: char| letter.is_ascii_digit());
    let (one, other) = (parts(one), parts(other));
    one.len() == other.len()
        && one.iter().zip(&other).any(|(one, other)| one != other && has_digit(one) && has_digit(other))
}

/// Whether a part of a name stands for whatever the reader has there: `web-xxxxxxxxxx-yyyyy`.
fn is_masked(name: &str) -> bool {
    let is_run = |part: &str| part.len() > 3 && part.chars().all(|letter| part.starts_with(letter));
    name.split(['-', '.', '/']).any(is_run)
}

/// Whether one letter added, left out, replaced, or changed with its neighbour makes one word of the other.
fn is_one_letter_away(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one == other || one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let same = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[same..], &other[same..]);
    match (one, other) {
        ([_, one @ ..], [_, other @ ..]) if one == other => true,
        ([first, second, one @ ..], [third, fourth, other @ ..])
            if one == other && first == fourth && second == third =>
        {
            true
        }
        ([_, rest @ ..], other) if rest == other => true,
        (one, [_, rest @ ..]) => one == rest,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_one_letter_away_and_no_number_or_end_of_a_word() {
        for (name, meant) in [
            ("user-usvc", "user-msvc"),
            ("/user/bin/server", "/usr/bin/server"),
            ("npm star", "npm start"),
            ("web-sevrer", "web-server"),
        ] {
            assert!(is_slip(name, meant), "{name}");
        }
        for (name, other) in [
            ("web-server-1", "web-server-2"),
            ("my-pods", "my-pod"),
            ("my_config", "my-config"),
            ("nginx:1.14", "nginx:1.16"),
            ("web-server", "api-server"),
            ("web_config", "web config"),
            ("--cover-all", "-cover-all"),
            ("/opt/web/cluster/", "opt/web/cluster/"),
            ("injection=enabled", "injection enabled"),
            ("testing.TB", "testing.T"),
            ("m5.large", "c5.large"),
            ("web-xxxxxxxxx-yyyyy", "web-xxxxxxxxxx-yyyyy"),
        ] {
            assert!(!is_slip(name, other), "{name}");
        }
    }
}
