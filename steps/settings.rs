//! Reads the YAML files in which authors describe labs, attempts and images, such as `lab.yaml`, and says in plain words
//! what is wrong with one, and in which line.

use std::{fs, io, path::Path, sync::LazyLock};

use regex::{Captures, Regex};
use serde::de::DeserializeOwned;

use crate::{
    expression::regex,
    yaml::{self, Bounds},
};

/// What the parser says, and the plain words for it, after [`KINDS`].
const PLAIN: [(&str, &str); 10] = [
    (r"unknown field (`[^`]*`), expected one of (.*)", "there is no field $1; there are $2"),
    (r"unknown field (`[^`]*`), expected (`.*)", "there is no field $1; there is $2"),
    (r"unknown field (`[^`]*`), there are no fields", "there is no field $1"),
    (r"missing field (`[^`]*`)", "the field $1 is missing"),
    (r"duplicate (?:field|entry with key) (.*)", "the field $1 appears twice"),
    (r"unknown variant (`[^`]*`), expected one of (.*)", "$1 is not allowed; choose from $2"),
    (r"unknown variant (`[^`]*`), expected (`.*)", "$1 is not $2"),
    (r"invalid type: unit value, expected (.*)", "it is empty, but must be $1"),
    (r"invalid (?:type|value): (.*), expected (.*)", "it is $1, but must be $2"),
    (r"invalid length (\d+), expected (.*)", "it has $1 entries, but must be $2"),
];

/// The parser's words for what stands somewhere or should, and the plain ones.
const KINDS: [(&str, &str); 9] = [
    (r"\bsequence\b", "list"),
    (r"(, expected )a map\b", "${1}a mapping"),
    (r"\b(type|value): map\b", "$1: a mapping"),
    (r"\b(type|value): list\b", "$1: a list"),
    (r"\b(?:string|integer|boolean|floating point) ([`\x22])", "$1"),
    (r"\ba string\b", "text"),
    (r", expected (?:struct \w+|struct variant \S+)", ", expected a mapping"),
    (r", expected (?:[iu](?:8|16|32|64|size)|a nonzero \w+)$", ", expected a whole number"),
    (r", expected a boolean$", ", expected true or false"),
];

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    /// The line, if it is known.
    pub line: Option<usize>,
    /// What is wrong, with the place in the file: `builds[0]: there is no field …`.
    pub message: String,
}

impl SettingsError {
    /// The message with the file, as it is shown to people, and the line: `lab.yaml:4: …`.
    #[must_use]
    pub fn of(&self, shown: &str) -> String {
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        format!("{shown}{line}: {}", self.message)
    }
}

impl From<String> for SettingsError {
    fn from(message: String) -> Self {
        Self { line: None, message }
    }
}

/// The text of a file that an author has written.
///
/// # Errors
/// If it cannot be read. For a file in another encoding, the error names the line.
pub fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(fs::read(path)?).map_err(|error| {
        let line = yaml::line_of_fault(error.as_bytes(), error.utf8_error());
        io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not in UTF-8: save the file as UTF-8"))
    })
}

/// Reads a file's text.
///
/// # Errors
/// What is wrong.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, SettingsError> {
    serde_yaml::from_str(text).map_err(|error| {
        no_yaml(text).unwrap_or_else(|| SettingsError {
            line: error.location().map(|location| location.line()),
            message: plain(&error.to_string()),
        })
    })
}

/// Why a text is no YAML at all, in the words of the reader of manifests.
fn no_yaml(text: &str) -> Option<SettingsError> {
    let documents = yaml::read(text, &Bounds::trusted());
    documents.into_iter().find_map(|document| match document.content {
        Err(yaml::Unreadable::Unread { line, message }) => Some(SettingsError { line: Some(line), message }),
        _ => None,
    })
}

/// A message of the parser in plain words, without the line.
fn plain(message: &str) -> String {
    static PLACE: LazyLock<Regex> = LazyLock::new(|| regex(r" at line \d+ column \d+$"));
    static REPLACED: LazyLock<Vec<(Regex, &str)>> =
        LazyLock::new(|| KINDS.iter().chain(&PLAIN).map(|(said, plain)| (regex(said), *plain)).collect());
    let message = PLACE.replace(message, "").into_owned();
    REPLACED.iter().fold(message, |message, (said, plain)| {
        said.replace(&message, |found: &Captures<'_>| {
            let mut words = String::new();
            found.expand(plain, &mut words);
            words
        })
        .into_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what is wrong is of interest")]
    struct Lab {
        title: String,
        #[serde(default)]
        builds: Vec<Build>,
        #[serde(default)]
        files: BTreeMap<String, String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only what is wrong is of interest")]
    struct Build {
        image: String,
        port: Option<u16>,
        is_slow: Option<bool>,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Local,
        Remote,
        Shared,
    }

    #[test]
    fn a_message_names_the_line_and_the_place_in_plain_words() {
        for (text, said) in [
            ("title: t\nfoo: 1", "lab.yaml:2: there is no field `foo`; there are `title`, `builds`, `files`"),
            ("title: t\nbuilds:\n- imag: x", "lab.yaml:3: builds[0]: there is no field `imag`; there are"),
            ("title: [t]", "lab.yaml:1: title: it is a list, but must be text"),
            ("title: {a: b}", "lab.yaml:1: title: it is a mapping, but must be text"),
            ("- a", "lab.yaml:1: it is a list, but must be a mapping"),
            ("builds: []", ": the field `title` is missing"),
            ("title: t\ntitle: u", ": the field `title` appears twice"),
            ("title: t\nbuilds: x", "lab.yaml:2: builds: it is \"x\", but must be a list"),
            ("title: t\nbuilds: [{image: x, port: y}]", "builds[0].port: it is \"y\", but must be a whole number"),
            ("title: t\nbuilds: [{image: x, port: -1}]", "builds[0].port: it is `-1`, but must be a whole number"),
            ("title: t\nbuilds: [{image: x, is_slow: 1}]", "is_slow: it is `1`, but must be true or false"),
            (
                "title: t\nbuilds: [{image: x, kind: far}]",
                "`far` is not allowed; choose from `local`, `remote`, `shared`",
            ),
            ("title: t\nfiles: [a]", "lab.yaml:2: files: it is a list, but must be a mapping"),
            ("title: 't", "lab.yaml:"),
        ] {
            let found = read::<Lab>(text).unwrap_err().of("lab.yaml");
            assert!(found.contains(said), "{text:?}\n{found}\n{said}");
            for word in ["struct", "sequence", "u16", "at line 2"] {
                assert!(!found.contains(word), "{found}");
            }
        }
    }
}
