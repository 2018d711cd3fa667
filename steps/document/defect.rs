//! In which way a document is not right.

/// In which way a document is not right; of several, the last in this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Defect {
    /// It was right with an older version of Kubernetes or of a tool.
    Drift,
    /// It is wrong.
    Mistake,
    /// It holds only after a time that the document does not mention.
    Timing,
}
