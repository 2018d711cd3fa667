//! Words of a command, after bash has expanded them.

/// A word: what it says, and which of its parts only running something could tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The text; a part that is not known stands as it is written, such as `$NAME`.
    pub text: String,
    /// For each part that is not known: the commands that print it, the first into the second and so on. Empty for a
    /// variable that no command sets.
    pub unknown: Vec<Vec<String>>,
}

impl Word {
    /// A word that is known.
    #[must_use]
    pub fn known(text: impl Into<String>) -> Self {
        Self { text: text.into(), unknown: Vec::new() }
    }

    /// A word that these commands print.
    #[must_use]
    pub fn printed(text: impl Into<String>, by: Vec<String>) -> Self {
        Self { text: text.into(), unknown: vec![by] }
    }

    /// Whether its text is all that there is to know.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.unknown.is_empty()
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.text += &other.text;
        self.unknown.extend(other.unknown.iter().cloned());
    }
}

/// Words joined by one blank; blanks within a word are one blank each.
#[must_use]
pub fn line(words: &[Word]) -> String {
    let words = words.iter().map(|word| word.text.split_whitespace().collect::<Vec<_>>().join(" "));
    words.collect::<Vec<_>>().join(" ")
}
