//! The coverage file of a draft: which scenario shows each command, file and manifest of the document.

use super::{Original, Part, needs::mentions, text_of};
use crate::document::story::{Act, Deed};

/// The text of the coverage file. It has the digest of each section, so that `labproof check` finds what has changed.
pub(super) fn of(original: &Original<'_>, parts: &[Part], left: &[Option<String>]) -> String {
    let mut text = format!(
        "title: {}\nfile: {}\nlabs: [{}]\n# What the sections said when the lab was drafted. `labproof check` reports those that have changed.\ndigests:\n",
        quoted(original.title),
        quoted(original.path),
        original.lab
    );
    for (title, digest) in original.digests {
        text += &format!("  {}: {}\n", quoted(title), quoted(digest));
    }
    text += "pieces:\n";
    for (index, act) in original.story.acts.iter().enumerate() {
        let title = original.story.sections.iter().find(|section| section.acts.contains(&index));
        let title = title.map_or("", |section| section.title.as_str());
        text += &format!("- place: {}\n  says: {}\n", quoted(title), quoted(&said(act)));
        text += &match shown_by(original, parts, index, left) {
            Ok(scenario) => format!("  shown_by:\n  - {}\n", quoted(scenario)),
            Err(why) => format!("  not_shown: {}\n", quoted(&why)),
        };
    }
    text
}

/// The scenario that shows an act, or the reason why none does.
fn shown_by<'a>(
    original: &Original<'_>,
    parts: &'a [Part],
    index: usize,
    left: &[Option<String>],
) -> Result<&'a str, String> {
    if let Some(why) = &left[index] {
        return Err(why.clone());
    }
    let act = &original.story.acts[index];
    let shows = |part: &&Part| !part.steps.is_empty();
    let own = parts.iter().find(|part| part.acts.contains(&index)).filter(shows);
    let uses = |part: &&Part| {
        let Deed::Write(source) = &act.deed else { return false };
        original.story.acts[part.acts.clone()].iter().any(|act| mentions(&text_of(act), source.name()))
    };
    let part = own.or_else(|| parts.iter().filter(shows).find(uses));
    part.map(|part| part.title.as_str()).ok_or_else(|| "no step uses it".into())
}

fn said(act: &Act) -> String {
    match &act.deed {
        Deed::Type(_) | Deed::Leave(..) => format!("`{}`", act.name()),
        Deed::Write(_) | Deed::Offer(_) | Deed::Say(_) => act.name(),
    }
}

/// A text as YAML and JSON write it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
