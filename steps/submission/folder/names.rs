//! The names of files: which other names are accepted for a requested file, and which names are invalid.

use std::collections::BTreeSet;

/// The names under which a file may be handed in: the requested name first, then, for a YAML file, the other extensions
/// for YAML. Names that the lab asks for separately are left out.
pub(super) fn candidates(wanted: &str, all: &BTreeSet<&str>) -> Vec<String> {
    let Some((stem, "yaml" | "yml")) = wanted.rsplit_once('.') else {
        return vec![wanted.to_owned()];
    };
    let others = ["yaml", "yml", "json"].map(|ending| format!("{stem}.{ending}"));
    let others = others.into_iter().filter(|other| other != wanted && !all.contains(other.as_str()));
    [wanted.to_owned()].into_iter().chain(others).collect()
}

/// What is wrong with a relative path; `None` if it is valid.
pub(super) fn wrong_with_name(path: &str) -> Option<&'static str> {
    if path.chars().any(char::is_control) {
        return Some("the name has control characters in it: use letters, digits, dots and hyphens");
    }
    let plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    (!path.split('/').all(plain)).then_some("the name leads out of the submission's folder: name a file in it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yaml_file_may_have_another_ending() {
        assert_eq!(candidates("pod.yaml", &BTreeSet::new()), ["pod.yaml", "pod.yml", "pod.json"]);
        assert_eq!(candidates("pod.yml", &BTreeSet::new()), ["pod.yml", "pod.yaml", "pod.json"]);
        assert_eq!(candidates("package.json", &BTreeSet::new()), ["package.json"]);
        assert_eq!(candidates("pod.yaml", &BTreeSet::from(["pod.yaml", "pod.json"])), ["pod.yaml", "pod.yml"]);
    }

    #[test]
    fn a_name_stays_in_the_folder() {
        assert_eq!(wrong_with_name("src/app.js"), None);
        for name in ["../x", "/etc/passwd", "a/../../x", "a//b", ".", "", "a\u{1b}b"] {
            assert!(wrong_with_name(name).is_some(), "{name:?}");
        }
    }
}
