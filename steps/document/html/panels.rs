//! Tabs in HTML: labels, and panels of which the reader sees one. The first panel of a set belongs to its first label.

use html5gum::StartTag;

use crate::document::tabs::Tab;

/// What an element is for a set of tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A set of tabs, or the list of its labels, begins.
    Set,
    /// The label of a tab.
    Label,
    /// What the reader sees below a label.
    Panel,
}

const SETS: [&str; 5] = ["tablist", "sd-tab-set", "tabbed-set", "nav-tabs", "tab-set"];
const LABELS: [&str; 3] = ["sd-tab-label", "tabbed-label", "tab"];
const PANELS: [&str; 5] = ["tabpanel", "tab-pane", "sd-tab-content", "tabbed-block", "tab-panel"];

impl Part {
    /// The part that an element is, by its role or its classes.
    pub(super) fn of(tag: &StartTag<usize>) -> Option<Self> {
        let attribute = |name: &[u8]| tag.attributes.get(name).map(|value| String::from_utf8_lossy(&value.value));
        let named = [attribute(b"role"), attribute(b"class")];
        let is = |names: &[&str]| {
            named.iter().flatten().any(|value| value.split_whitespace().any(|word| names.contains(&word)))
        };
        // Material for MkDocs has plain labels of hidden buttons.
        let is_for_tab = attribute(b"for").is_some_and(|target| target.starts_with("__tabbed_"));
        if is_for_tab && *tag.name == b"label"[..] {
            return Some(Self::Label);
        }
        let parts = [(Self::Panel, &PANELS[..]), (Self::Set, &SETS), (Self::Label, &LABELS)];
        parts.into_iter().find(|(_, names)| is(names)).map(|(part, _)| part)
    }
}

/// The set of tabs that was read last.
#[derive(Debug, Default)]
pub(super) struct Panels {
    set: usize,
    labels: Vec<String>,
    /// How many of its panels have begun.
    begun: usize,
}

impl Panels {
    /// Takes the beginning of a part; returns the tab, if it is a panel.
    pub(super) fn begin(&mut self, part: Part) -> Option<Tab> {
        match part {
            Part::Set => *self = Self { set: self.set + 1, ..Self::default() },
            Part::Label => self.labels.push(String::new()),
            Part::Panel => {
                let name = self.labels.get(self.begun).map(|label| label.trim().to_owned());
                self.begun += 1;
                return name.map(|name| Tab { set: self.set, name });
            }
        }
        None
    }

    /// Takes a text of the label that began last.
    pub(super) fn label(&mut self, words: &str) {
        if let Some(label) = self.labels.last_mut() {
            label.push_str(words);
        }
    }
}
