//! Edits that the prose tells: "Change `replicas: 2` to `replicas: 5` in `web.yaml`." An edit is made only if the document says
//! exactly what is replaced, and if that stands once in one file.

use std::sync::LazyLock;

use regex::Regex;

use super::{Act, Deed, Source, content::names};
use crate::{
    document::{shell, words},
    expression::regex,
};

/// The edits of a text of prose that begins at line `first`: each changed file with the line of its paragraph.
pub(super) fn in_prose(prose: &str, first: usize, acts: &[Act]) -> Vec<(usize, Source)> {
    let mut paragraphs: Vec<(usize, Vec<&str>)> = vec![(first, Vec::new())];
    for (index, line) in prose.lines().enumerate() {
        match paragraphs.last_mut() {
            Some((_, lines)) if !line.trim().is_empty() => lines.push(line),
            _ => paragraphs.push((first + index + 1, Vec::new())),
        }
    }
    let mut edited: Vec<(usize, Source)> = Vec::new();
    for (line, lines) in paragraphs {
        if edited.len() >= MOST {
            break;
        }
        let paragraph = lines.join("\n");
        let before: Vec<Source> = edited.iter().map(|(_, source)| source.clone()).collect();
        let found = of_text(&paragraph[..paragraph.len() - introduction(&paragraph).len()], &before, acts);
        edited.extend(found.into_iter().map(|source| (line, source)));
    }
    edited
}

/// The edit of the sentence that introduces commands: "Set `replicas` to `5` and apply it again:".
pub(super) fn before_commands(prose: &str, acts: &[Act]) -> Option<Source> {
    of_text(introduction(prose.trim().rsplit("\n\n").next()?), &[], acts).pop()
}

/// The files that a paragraph changes, or else its sentences, one after another: the others may name something else.
/// `edited` are the files of edits that no act has made yet.
fn of_text(paragraph: &str, edited: &[Source], acts: &[Act]) -> Vec<Source> {
    let named = names(paragraph);
    if let Some(whole) = of_sentence(paragraph, &named, edited, acts) {
        return vec![whole];
    }
    let mut found: Vec<Source> = Vec::new();
    for sentence in sentences(paragraph).into_iter().filter(|sentence| sentence.len() < paragraph.len()) {
        let before: Vec<Source> = edited.iter().chain(&found).cloned().collect();
        if let Some(source) = of_sentence(sentence, &named, &before, acts) {
            found.retain(|other| other.edits != source.edits);
            found.push(source);
        }
    }
    found
}

/// How many edits one text of prose may tell.
const MOST: usize = 50;

/// Files that somebody edits by hand are not longer than this, in bytes.
const LONGEST: usize = 20_000;

fn of_sentence(text: &str, named: &[String], edited: &[Source], acts: &[Act]) -> Option<Source> {
    static EDIT: LazyLock<Regex> = LazyLock::new(|| regex(&format!("(?im){}", words::EDIT)));
    if !EDIT.is_match(text) && !words::has(text, words::EDIT_OTHER) {
        return None;
    }
    let files = || {
        let before = edited.iter().rev().map(|source| (source.edits.unwrap_or_default(), source));
        let all = before.chain(acts.iter().enumerate().rev().filter_map(|(index, act)| match &act.deed {
            Deed::Write(source) | Deed::Offer(source) => Some((index, source)),
            _ => None,
        }));
        all.filter(|(_, source)| source.text.len() <= LONGEST)
    };
    let (index, source) = match named.first() {
        Some(name) => files().find(|(_, source)| source.name.as_deref() == Some(name))?,
        None => files().find(|(_, source)| source.is_manifest())?,
    };
    let text = changed(text, named, &source.text).filter(|text| *text != source.text)?;
    Some(Source { text, edits: Some(source.edits.unwrap_or(index)), ..source.clone() })
}

/// The last sentence of a paragraph, if it ends with a colon: it introduces a block, which may show the change itself.
fn introduction(paragraph: &str) -> &str {
    if !paragraph.trim_end().ends_with([':', '：']) {
        return "";
    }
    sentences(paragraph).last().copied().unwrap_or(paragraph)
}

/// The sentences of a text.
fn sentences(text: &str) -> Vec<&str> {
    static END: LazyLock<Regex> = LazyLock::new(|| regex(r"[.!?]\s+|[。！？]\s*"));
    let ends = END.find_iter(text).map(|end| end.end()).chain([text.len()]);
    let mut begin = 0;
    ends.map(|end| &text[std::mem::replace(&mut begin, end)..end]).filter(|sentence| !sentence.is_empty()).collect()
}

/// The file that a block in the form of a difference changes: the last one that has the old lines, once.
pub(super) fn patched(difference: &str, acts: &[Act]) -> Option<Source> {
    let lines =
        || difference.lines().filter(|line| !["---", "+++", "@@", "diff "].iter().any(|mark| line.starts_with(mark)));
    let side = |other: char| -> Vec<&str> {
        let kept = lines().filter(|line| !line.starts_with(other));
        kept.map(|line| line.strip_prefix(['-', '+', ' ']).unwrap_or(line).trim_end()).collect()
    };
    let (old, new) = (side('+'), side('-'));
    let files = acts.iter().enumerate().rev().filter_map(|(index, act)| match &act.deed {
        Deed::Write(source) | Deed::Offer(source) => Some((index, source)),
        _ => None,
    });
    files.into_iter().find_map(|(index, source)| {
        let text: Vec<&str> = source.text.lines().map(str::trim_end).collect();
        let mut places = (0..text.len()).filter(|at| text[*at..].starts_with(&old));
        let at = places.next().filter(|_| old != new && !old.is_empty())?;
        let after = &text[at + old.len()..];
        let text = [&text[..at], &new, after].concat().iter().map(|line| format!("{line}\n")).collect();
        let edited = Source { text, edits: Some(source.edits.unwrap_or(index)), ..source.clone() };
        places.next().is_none().then_some(edited)
    })
}

/// The text of a file after the edit.
fn changed(paragraph: &str, files: &[String], text: &str) -> Option<String> {
    static SPAN: LazyLock<Regex> = LazyLock::new(|| regex(r"`+([^`]+)`+"));
    static NUMBER: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!(r"(?i)`[^`]*`[^`.]*?\s(?:{})\s+(\d+)\b", words::TO)));
    let spans: Vec<&str> =
        SPAN.captures_iter(paragraph).filter_map(|found| Some(found.get(1)?.as_str().trim())).collect();
    if spans.iter().any(|span| shell::is_known(span) && span.contains(' ')) {
        return None;
    }
    let spans: Vec<&str> = spans.into_iter().filter(|span| !files.iter().any(|file| file == span)).collect();
    match spans[..] {
        [old, new] => replaced(text, old, new).or_else(|| set(text, old, None, new)),
        [key, old, new] => set(text, key, Some(old), new),
        [new] if new.contains(':') => with_image(text, new),
        [key] => set(text, key, None, NUMBER.captures(paragraph)?.get(1)?.as_str()),
        _ => None,
    }
}

/// Replaces what stands once in a text.
fn replaced(text: &str, old: &str, new: &str) -> Option<String> {
    let is_whole = |at: usize| {
        let ends = |letter: Option<char>| letter.is_none_or(|letter| !letter.is_alphanumeric());
        ends(text[..at].chars().next_back()) && ends(text[at + old.len()..].chars().next())
    };
    let mut places = text.match_indices(old).map(|(at, _)| at).filter(|at| is_whole(*at));
    let at = places.next().filter(|_| old.contains([':', '=', '.', '/']) && old != new)?;
    places.next().is_none().then(|| format!("{}{new}{}", &text[..at], &text[at + old.len()..]))
}

/// Gives the only image of this name another tag.
fn with_image(text: &str, new: &str) -> Option<String> {
    let (name, _) = new.rsplit_once(':')?;
    let images = text.lines().filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix("image:"));
    let is_same = |image: &&str| image.strip_prefix(name).is_some_and(|tag| tag.is_empty() || tag.starts_with(':'));
    let mut same = images.map(|image| image.trim().trim_matches(['"', '\''])).filter(is_same);
    let old = same.next().filter(|old| same.next().is_none() && *old != new)?;
    Some(text.replacen(&format!("image: {old}"), &format!("image: {new}"), 1))
}

/// Gives a field another value, if one line sets it.
fn set(text: &str, key: &str, old: Option<&str>, new: &str) -> Option<String> {
    let key = key.trim_end_matches(':');
    let is_key = !key.is_empty() && key.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter));
    let value = |line: &str| {
        let (before, value) = line.split_once(':')?;
        let is_it = before.trim_start_matches([' ', '-']) == key && !value.trim().is_empty();
        (is_it && old.is_none_or(|old| value.trim() == old)).then_some(before.len())
    };
    let mut lines = text.lines().enumerate().filter_map(|(index, line)| Some((index, value(line)?)));
    let (index, end) = lines.next().filter(|_| is_key)?;
    if lines.next().is_some() {
        return None;
    }
    let edited = |(at, line): (usize, &str)| {
        if at == index { format!("{}: {new}\n", &line[..end]) } else { format!("{line}\n") }
    };
    Some(text.lines().enumerate().map(edited).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "kind: Deployment\nspec:\n  replicas: 2\n  image: nginx:1.7\n  - name: a\n  - name: b\n";

    fn edited(paragraph: &str) -> Option<String> {
        let text = changed(paragraph, &names(paragraph), TEXT)?;
        let changed = text.lines().zip(TEXT.lines()).find(|(new, old)| new != old);
        changed.map(|(new, _)| new.trim().to_owned())
    }

    #[test]
    fn what_the_prose_says_exactly_is_changed() {
        for (paragraph, line) in [
            ("Change `replicas: 2` to `replicas: 5` in `web.yaml`.", "replicas: 5"),
            ("Set `replicas` to `5`.", "replicas: 5"),
            ("Change `replicas` from `2` to `5`.", "replicas: 5"),
            ("Ändern Sie `replicas` auf 4.", "replicas: 4"),
            ("Replace `nginx:1.7` with `nginx:1.8`.", "image: nginx:1.8"),
        ] {
            assert_eq!(edited(paragraph).as_deref(), Some(line), "{paragraph}");
        }
    }

    #[test]
    fn what_the_prose_only_describes_is_no_edit() {
        let source = Source { text: TEXT.into(), name: Some("web.yaml".into()), ..Source::default() };
        let acts = [Act::new(1, 1, Deed::Write(source))];
        let lines = |prose: &str| in_prose(prose, 7, &acts).into_iter().map(|(line, _)| line).collect::<Vec<_>>();
        assert_eq!(lines("\nNow change `replicas` to `5` in `web.yaml`.\n"), [8]);
        assert_eq!(lines("Change `replicas` to `5` in `web.yaml`. Apply it again:"), [7]);
        assert_eq!(lines("Open `web.yaml` and change `replicas` to `5`. What does `apply` do?"), [7]);
        assert_eq!(lines("Open `other.yaml`. Change `replicas` to `5`. What does `apply` do?"), [0; 0]);
        for other in [
            "The `replicas` are set to `5` in `web.yaml`.",
            "Kubernetes replaces `nginx:1.7` with `nginx:1.8`.",
            "Change `replicas` to `2` in `web.yaml`.",
            "Change `replicas` to `5` in `other.yaml`.",
            "Change `replicas` to `5`, as here:",
            "Look at `web.yaml`. Change `replicas` to `5`, as here:",
        ] {
            assert_eq!(lines(other), [0; 0], "{other}");
        }
    }

    #[test]
    fn a_sentence_before_commands_may_tell_an_edit() {
        let source = Source { text: TEXT.into(), name: Some("web.yaml".into()), ..Source::default() };
        let acts = [Act::new(1, 1, Deed::Write(source))];
        let text = |prose: &str| before_commands(prose, &acts).map(|source| source.text);
        let changed = TEXT.replace("replicas: 2", "replicas: 5");
        assert_eq!(text("Done.\n\nIt works. Set `replicas` in `web.yaml` to `5` and apply it again:\n"), Some(changed));
        assert_eq!(text("Set `replicas` in `web.yaml` to `5` and apply it again.\n"), None, "it makes it");
        assert_eq!(text("Set `replicas` in `web.yaml` to `5`. Apply it again:\n"), None, "it makes it");
    }

    #[test]
    fn each_edit_is_applied_to_the_result_of_the_one_before() {
        let source = Source { text: TEXT.into(), name: Some("web.yaml".into()), ..Source::default() };
        let acts = [Act::new(1, 1, Deed::Write(source))];
        let both = TEXT.replace("replicas: 2", "replicas: 5").replace("nginx:1.7", "nginx:1.8");
        let (first, second) = (
            "In `web.yaml`, change `replicas: 2` to `replicas: 5`.",
            "Replace `nginx:1.7` with `nginx:1.8` in `web.yaml`.",
        );
        for (prose, lines) in [(format!("{first} {second}"), vec![7]), (format!("{first}\n\n{second}"), vec![7, 9])] {
            let found = in_prose(&prose, 7, &acts);
            assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), lines, "{prose}");
            assert_eq!(found.last().map(|(_, source)| source.text.as_str()), Some(both.as_str()), "{prose}");
        }
    }

    #[test]
    fn a_difference_changes_the_file_that_has_its_old_lines_once() {
        let source = Source { text: TEXT.into(), name: Some("web.yaml".into()), ..Source::default() };
        let acts = [Act::new(1, 1, Deed::Write(source))];
        let text = |difference: &str| patched(difference, &acts).map(|source| source.text);
        let changed =
            text("--- web.yaml\n+++ web.yaml\n@@ -2 +2 @@\n spec:\n-  replicas: 2\n+  replicas: 5\n+  paused: true\n")
                .unwrap();
        assert_eq!(changed, TEXT.replace("replicas: 2\n", "replicas: 5\n  paused: true\n"));
        assert_eq!(text("-  replicas: 3\n+  replicas: 5\n"), None, "no file has the old line");
        assert_eq!(text("+  paused: true\n"), None, "it does not say where");
    }

    #[test]
    fn what_may_be_meant_is_not_changed() {
        for paragraph in [
            "Change `name` to `c`.",
            "Change `replicas` from `3` to `5`.",
            "Change the number of `replicas`.",
            "Change `web` to `shop`.",
            "Change `replicas` with `kubectl scale deploy web` to `3`.",
        ] {
            assert_eq!(edited(paragraph), None, "{paragraph}");
        }
    }
}
