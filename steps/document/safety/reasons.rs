//! The reasons why something in a document is not run.

use std::fmt;

/// Why something in a document is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNotRun {
    /// It may harm this machine or the cluster.
    Unsafe(String),
    /// The reader must fill something in.
    Placeholder(String),
    /// It prepares a machine or a cluster; labproof has its own.
    Environment(String),
    /// It needs a person at the keyboard, or never ends.
    Interactive(String),
    /// It needs a file that the document does not contain.
    NeedsFile(String),
    /// It is added to a file, but the document does not say exactly where, or only a command makes the file.
    Edit(Edit),
    /// labproof cannot tell what the block is.
    NotUnderstood(String),
    /// A remark in the document says so.
    Author,
    /// It stands in a tab, and labproof follows this one, which does the same in another way.
    OtherTab(String),
    /// The block only shows something: a part of a file, or a text.
    Shown(String),
}

/// Lines that the reader adds to a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The file.
    pub file: String,
    /// The fields that the document names, if only a command makes the file: if the file then has exactly one of them,
    /// once, the lines belong below it. Empty if the place is not known.
    pub below: Vec<String>,
}

/// Words of the document may be long: only their beginning is shown.
impl fmt::Display for WhyNotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsafe(why) => write!(f, "unsafe: {why:.300}"),
            Self::Placeholder(what) => write!(f, "placeholder: the reader must replace {what:.60}"),
            Self::Environment(why) => write!(f, "environment: {why:.300}"),
            Self::Interactive(why) => write!(f, "interactive: {why:.300}"),
            Self::NeedsFile(name) => {
                write!(f, "it needs a file that the document does not contain: {name:.100}")
            }
            Self::Edit(Edit { file, below }) if below.is_empty() => {
                write!(f, "the reader adds it to {file:.100}, and the document does not say where")
            }
            Self::Edit(Edit { file, .. }) => {
                write!(f, "it is added to {file:.100}, once a command has made that file")
            }
            Self::NotUnderstood(why) => write!(f, "not understood: {why:.300}"),
            Self::Author => write!(f, "the document says `labproof: skip`"),
            Self::OtherTab(name) => write!(f, "labproof follows the tab {name:.60}"),
            Self::Shown(what) => write!(f, "{what}"),
        }
    }
}
