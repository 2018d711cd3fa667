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
    /// It is added to this file, but the document does not say exactly where.
    Edit(String),
    /// labproof cannot tell what the block is.
    NotUnderstood(String),
    /// A remark in the document says so.
    Author,
    /// The block only shows something: a part of a file, or a text.
    Shown(String),
}

/// Words of the document may be long: only their beginning is shown.
impl fmt::Display for WhyNotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsafe(why) => write!(f, "not run: unsafe: {why:.300}"),
            Self::Placeholder(what) => write!(f, "not run: placeholder: the reader must replace {what:.60}"),
            Self::Environment(why) => write!(f, "not run: environment: {why:.300}"),
            Self::Interactive(why) => write!(f, "not run: interactive: {why:.300}"),
            Self::NeedsFile(name) => {
                write!(f, "not run: it needs a file that the document does not contain: {name:.100}")
            }
            Self::Edit(name) => {
                write!(f, "not run: the reader adds it to {name:.100}, and labproof does not know where")
            }
            Self::NotUnderstood(why) => write!(f, "not run: not understood: {why:.300}"),
            Self::Author => write!(f, "not run: the document says `labproof: skip`"),
            Self::Shown(what) => write!(f, "not run: {what}"),
        }
    }
}
