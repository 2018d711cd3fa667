//! Pods of `kubectl run`, which had generated names before 1.18.

use std::sync::LazyLock;

use regex::Regex;

use crate::expression::regex;

/// Whether a text names a Pod of the Deployment with this name.
#[must_use]
pub fn shows_pod_of(text: &str, name: &str) -> bool {
    with_pods(text, std::iter::once(&name.to_owned())) != text
}

/// A text in which the Pods of Deployments that `kubectl run` made once have the names that `kubectl run` gives them.
/// Blanks keep the columns.
#[must_use]
pub fn with_pods<'a>(text: &str, names: impl Iterator<Item = &'a String>) -> String {
    let mut text = text.to_owned();
    for name in names {
        let (mut kept, mut rest) = (String::new(), text.as_str());
        while let Some(at) = rest.find(name.as_str()) {
            let (before, after) = (&rest[..at], &rest[at + name.len()..]);
            kept += before;
            kept += name;
            let is_word = !before.ends_with(|letter: char| letter.is_alphanumeric() || "-_.".contains(letter));
            rest = after;
            if let Some(tail) = generated_tail(after).filter(|_| is_word) {
                rest = &after[tail..];
                if rest.starts_with(' ') {
                    kept += &" ".repeat(tail);
                }
            }
        }
        text = kept + rest;
    }
    text
}

/// The length of the hash and the random end of a Pod's name.
fn generated_tail(after: &str) -> Option<usize> {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| regex(r"^-([a-z0-9]{6,10})-[a-z0-9]{5}"));
    let found = TAIL.captures(after)?;
    let ends = after[found[0].len()..]
        .chars()
        .next()
        .is_none_or(|letter| !letter.is_alphanumeric() && !"-_.".contains(letter));
    // A word of a name has no digits.
    (ends && found[1].contains(|letter: char| letter.is_ascii_digit())).then(|| found[0].len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_name_becomes_that_of_the_pod() {
        let names = ["web".to_owned()];
        let text = with_pods("web-4028413181-cnt1i   1/1\nmy-web-4028413181-cnt1i web\n", names.iter());
        assert_eq!(text, "web                    1/1\nmy-web-4028413181-cnt1i web\n");
        assert_eq!(with_pods("kubectl logs web-64b9f8c4c5-x2x9z", names.iter()), "kubectl logs web");
        for other in
            ["web-admin", "web-front.yaml", "web-service-proxy", "web-4028413181-cnt1i-x", "web-4028413181-cnt1i.yaml"]
        {
            assert_eq!(with_pods(other, names.iter()), other);
        }
    }
}
