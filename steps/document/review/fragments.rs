//! Parts of manifests that no command uses: each must be YAML by itself, or no reader can put it where it belongs.

use super::Doubt;
use crate::{
    document::{
        safety::WhyNotRun,
        story::{Act, Deed, Story, is_fragment},
    },
    yaml::{self, Bounds, Unreadable},
};

/// The parts that are not YAML.
pub(super) fn doubts(story: &Story) -> Vec<Doubt> {
    story.acts.iter().filter_map(doubt).collect()
}

fn doubt(act: &Act) -> Option<Doubt> {
    let Deed::Leave(text, WhyNotRun::Shown(_) | WhyNotRun::Edit(_)) = &act.deed else { return None };
    if !is_fragment(text) || leaves_something_open(text) {
        return None;
    }
    let documents = yaml::read(text, &Bounds::trusted());
    let wrong = documents.into_iter().find_map(|document| document.content.err());
    let Some(Unreadable::Unread { line, message }) = wrong else { return None };
    let text = format!("this part of a manifest is not YAML: {message}");
    Some(Doubt::mistake(act.line + line.saturating_sub(1), text))
}

/// Whether a text has words that stand for others.
fn leaves_something_open(text: &str) -> bool {
    ["...", "…", "{{", "<", "[["].iter().any(|sign| text.contains(sign))
}
