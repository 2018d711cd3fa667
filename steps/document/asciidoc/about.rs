//! The lines before a block: its title, its style and language, and what is replaced in it.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::{Block, attributes::Attributes};
use crate::expression::regex;

/// What the lines before a block say of it.
#[derive(Debug, Default)]
pub(super) struct About {
    /// Their first line: they are no prose.
    pub(super) first: Option<usize>,
    /// The attributes of all lines in brackets.
    attributes: String,
    title: Option<String>,
}

impl About {
    /// Takes a line; one that says nothing of a block ends what was said.
    pub(super) fn take(&mut self, line: &str, number: usize, values: &Attributes) {
        if line.starts_with('[') && line.ends_with(']') {
            // A block may have several such lines.
            self.attributes += &format!(",{}", line.trim_matches(['[', ']']));
        } else if line.starts_with('.') && !line.starts_with("..") && line.len() > 1 {
            self.title = Some(values.resolved(&line[1..]));
        } else if line.len() >= 4
            && ["=", "*", "_"].iter().any(|sign| line.chars().all(|other| sign.starts_with(other)))
        {
            // The title of what stands around a block is the block's as well.
            self.attributes.clear();
        } else if line != "--" {
            *self = Self::default();
            return;
        }
        self.first = self.first.or(Some(number));
    }

    /// Whether the attributes make a paragraph a block.
    pub(super) fn has_style(&self) -> bool {
        let mut words = self.words();
        words.any(|word| matches!(word, "source" | "listing" | "literal")) || self.attributes.contains(",,")
    }

    /// The block of these lines, without its place.
    pub(super) fn block(&self, lines: &[&str], of_fence: &str, values: &Attributes) -> Block {
        let line = |line: &&str| {
            let line = if line.starts_with("include::") { values.resolved(line) } else { (*line).to_owned() };
            line + "\n"
        };
        let text = self.shown(&lines.iter().map(line).collect::<String>(), values);
        Block { language: self.language(of_fence), title: self.title.clone(), text, ..Block::default() }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.attributes.split([',', '%']).map(str::trim)
    }

    fn language(&self, of_fence: &str) -> String {
        // `[,yaml]` is short for `[source,yaml]`.
        let short = self.attributes.split_once(",,").and_then(|(_, rest)| rest.split(',').next());
        let after_source = self.words().skip_while(|word| *word != "source").skip(1);
        let mut named =
            after_source.chain(short).filter(|word| !matches!(*word, "linenums" | "nowrap") && !word.contains('='));
        match named.next() {
            // The author's role says more than the language, by which only colours are chosen.
            _ if self.attributes.contains("console-output") => "output".to_owned(),
            Some(language) => language.trim().to_owned(),
            None if self.attributes.contains("console-input") => "bash".to_owned(),
            None => of_fence.to_owned(),
        }
    }

    /// The text of a block as it is shown: with what `subs` replaces, and without the numbers of its callouts.
    fn shown(&self, text: &str, values: &Attributes) -> String {
        static CALLOUTS: LazyLock<Regex> =
            LazyLock::new(|| regex(r"(?m)(?:[ \t]*(?:#|//|--|;;))?(?:[ \t]*<(?:\d+|\.)>)+[ \t]*$"));
        static MACRO: LazyLock<Regex> =
            LazyLock::new(|| regex(r"\bpass:[a-z,]*\[([^\]]*)\]|\blink:(\S*?)\[([^\]]*)\]"));
        static QUOTED: LazyLock<Regex> =
            LazyLock::new(|| regex(r"(?m)(^|[\s=])(?:\*(\S(?:[^*\n]*\S)?)\*|#(\S(?:[^#\n]*\S)?)#)(\s|$)"));
        let mut text = CALLOUTS.replace_all(text, "").into_owned();
        let subs = self.attributes.split_once("subs=").map_or("", |(_, subs)| subs);
        let is_normal = subs.contains("normal");
        if is_normal || subs.contains("attributes") {
            text = values.resolved(&text);
        }
        if is_normal || subs.contains("macros") {
            let shown = |found: &Captures<'_>| {
                let part = |group: usize| found.get(group).map_or("", |part| part.as_str());
                let name = if part(3).is_empty() { part(2) } else { part(3) };
                if name.is_empty() { part(1).to_owned() } else { name.to_owned() }
            };
            text = MACRO.replace_all(&text, shown).into_owned();
        }
        if is_normal || subs.contains("quotes") {
            // Two of them may share the blank between them.
            for _ in 0..2 {
                text = QUOTED.replace_all(&text, "$1$2$3$4").into_owned();
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(attributes: &str, text: &str) -> String {
        let mut about = About::default();
        about.take(attributes, 1, &Attributes::default());
        about.block(&[text], "", &Attributes::default()).text
    }

    #[test]
    fn what_the_author_lets_replace_is_shown_as_the_reader_sees_it() {
        let all = "[source,bash,subs=\"+macros,+attributes,+quotes\"]";
        for (text, plain) in [
            ("kubectl label pass:[${NODE}] color=blue", "kubectl label ${NODE} color=blue\n"),
            ("kubectl apply -f link:x/web.yml[a/web.yml] -n shop", "kubectl apply -f a/web.yml -n shop\n"),
            ("kubectl create namespace $\\{P}", "kubectl create namespace ${P}\n"),
            ("kubectl logs #-l job-name# --tail=-1", "kubectl logs -l job-name --tail=-1\n"),
            ("kubectl scale deploy/web *--replicas=3*", "kubectl scale deploy/web --replicas=3\n"),
            ("ls * # all", "ls * # all\n"),
            ("kubectl scale *deploy/web* *--replicas=3*", "kubectl scale deploy/web --replicas=3\n"),
        ] {
            assert_eq!(shown(all, text), plain);
            assert_eq!(shown("[source,bash]", text), format!("{text}\n"));
        }
    }
}
