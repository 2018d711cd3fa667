//! Pods of `kubectl run`, which had generated names before 1.18.

use std::sync::LazyLock;

use regex::Regex;

use crate::expression::regex;

/// A text in which the Pods of Deployments that `kubectl run` made once have the names that `kubectl run` gives them. Blanks keep the columns.
#[must_use]
pub fn with_pods<'a>(text: &str, names: impl Iterator<Item = &'a String>) -> String {
    static TAIL: LazyLock<Regex> = LazyLock::new(|| regex(r"^-(?:[a-z0-9]{6,10}-)?[a-z0-9]{5}\b"));
    let mut text = text.to_owned();
    for name in names {
        let (mut kept, mut rest) = (String::new(), text.as_str());
        while let Some(at) = rest.find(name.as_str()) {
            let (before, after) = (&rest[..at], &rest[at + name.len()..]);
            kept += before;
            kept += name;
            let is_word = !before.ends_with(|letter: char| letter.is_alphanumeric() || "-_.".contains(letter));
            rest = after;
            if let Some(tail) = TAIL.find(after).filter(|_| is_word) {
                rest = &after[tail.end()..];
                if rest.starts_with(' ') {
                    kept += &" ".repeat(tail.len());
                }
            }
        }
        text = kept + rest;
    }
    text
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
    }
}
