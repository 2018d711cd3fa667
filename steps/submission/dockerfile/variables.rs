//! The variables that may be part of a base's name: only in the simplest form, which all builders read in the same way.

use std::collections::BTreeMap;

use super::Builder;

/// The variables that `BuildKit` sets itself. The value is given if it is the same wherever labproof's clusters run.
const OF_PLATFORM: [(&str, Option<&str>); 11] = [
    ("BUILDPLATFORM", None),
    ("BUILDOS", Some("linux")),
    ("BUILDOSVERSION", None),
    ("BUILDARCH", Some(ARCHITECTURE)),
    ("BUILDVARIANT", None),
    ("TARGETPLATFORM", None),
    ("TARGETOS", Some("linux")),
    ("TARGETOSVERSION", None),
    ("TARGETARCH", Some(ARCHITECTURE)),
    ("TARGETVARIANT", None),
    ("TARGETSTAGE", None),
];

/// Stands for the builder's architecture, which is one of [`ARCHITECTURES`].
const ARCHITECTURE: &str = "\0";
const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];

/// The variables that `ARG` sets before the first stage.
#[derive(Debug)]
pub(super) struct Variables {
    builder: Builder,
    values: BTreeMap<String, String>,
    /// Whether builders could read one of them differently; then no variable is known.
    is_unclear: bool,
}

impl Variables {
    /// The variables that this builder sets itself.
    pub(super) fn of(builder: Builder) -> Self {
        let set = OF_PLATFORM.into_iter().filter(|_| builder == Builder::BuildKit);
        let values = set.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned()))).collect();
        Self { builder, values, is_unclear: false }
    }

    /// Records `NAME=value`. A name without a value may be a variable of `BuildKit`, which keeps its value.
    pub(super) fn note(&mut self, arguments: &str) {
        let is_set = |name: &str| self.builder == Builder::BuildKit && OF_PLATFORM.iter().any(|(own, _)| *own == name);
        match plain(arguments) {
            _ if is_set(arguments) => {}
            Some((name, value)) if !is_set(name) => drop(self.values.insert(name.to_owned(), value.to_owned())),
            _ => self.is_unclear = true,
        }
    }

    /// The text with all variables replaced, once for each architecture; `None` if a variable is unknown.
    pub(super) fn filled(&self, text: &str) -> Option<Vec<String>> {
        let mut parts = text.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = match part.strip_prefix('{') {
                Some(part) => part.split_once('}')?,
                None => part.split_at(part.find(|character| !is_of_name(character)).unwrap_or(part.len())),
            };
            filled += self.values.get(name).filter(|_| !self.is_unclear)?;
            filled += rest;
        }
        Some(ARCHITECTURES.iter().map(|architecture| filled.replace(ARCHITECTURE, architecture)).collect())
    }
}

/// The name and the value, if both are simple. Proxy variables are excluded, because the engine's settings may override
/// them.
fn plain(arguments: &str) -> Option<(&str, &str)> {
    let (name, value) = arguments.split_once('=')?;
    let inside = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    let value = inside('"').or_else(|| inside('\'')).unwrap_or(value);
    let is_of_value = |character: char| character.is_ascii_alphanumeric() || "._-:/".contains(character);
    let is_plain = !name.is_empty()
        && !name.starts_with(|character: char| character.is_ascii_digit())
        && name.chars().all(is_of_name)
        && !name.to_ascii_lowercase().ends_with("proxy")
        && !value.is_empty()
        && value.chars().all(is_of_value);
    is_plain.then_some((name, value))
}

fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_filled(builder: Builder, arguments: &[&str], text: &str) -> Option<Vec<String>> {
        let mut variables = Variables::of(builder);
        for argument in arguments {
            variables.note(argument);
        }
        variables.filled(text)
    }

    /// The text, if it is the same for all builders and architectures.
    fn filled(arguments: &[&str], text: &str) -> Option<String> {
        let [classic, buildkit] = [Builder::Classic, Builder::BuildKit].map(|it| all_filled(it, arguments, text));
        assert_eq!(classic, buildkit);
        classic.map(|mut filled| {
            filled.dedup();
            filled.concat()
        })
    }

    #[test]
    fn plain_variables_are_filled_in() {
        let arguments = ["NODE_VERSION=20", "IMAGE=\"node\"", "TAG=slim", "TAG='slim2'"];
        for (text, expected) in [
            ("node:${NODE_VERSION}-slim", "node:20-slim"),
            ("$IMAGE:$NODE_VERSION-$TAG", "node:20-slim2"),
            ("${IMAGE}", "node"),
            ("busybox", "busybox"),
        ] {
            assert_eq!(filled(&arguments, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_known() {
        for text in ["$", "${A", "${A:-b}", "$B", "${B}", "$A_", "x$$A", "${}"] {
            assert_eq!(filled(&["A=a"], text), None, "{text}");
        }
        for unclear in ["A", "A=a b", "A=$A", "\"A\"=a", "A=a B=b", "A=\\a", "A=\"a", "A=", "1A=a", "HTTP_PROXY=a"] {
            assert_eq!(filled(&["B=b", unclear], "$B"), None, "{unclear}");
        }
        assert_eq!(filled(&["A"], "busybox").as_deref(), Some("busybox"));
    }

    #[test]
    fn buildkit_sets_those_of_the_platform() {
        let both = Some(vec!["linux-amd64-amd64".to_owned(), "linux-arm64-arm64".to_owned()]);
        let text = "$TARGETOS-${TARGETARCH}-$BUILDARCH";
        assert_eq!(all_filled(Builder::BuildKit, &["TARGETARCH", "TARGETPLATFORM"], text), both);
        assert_eq!(all_filled(Builder::Classic, &[], text), None);
        // These may keep their value or get a new one, or have no known value.
        for (arguments, text) in
            [(["TARGETARCH=x"], "$TARGETARCH"), (["A=b"], "$TARGETVARIANT"), (["A=b"], "$BUILDPLATFORM")]
        {
            assert_eq!(all_filled(Builder::BuildKit, &arguments, text), None, "{text}");
        }
        assert_eq!(all_filled(Builder::Classic, &["A=b", "TARGETARCH"], "$A"), None);
    }
}
