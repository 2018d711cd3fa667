//! Compares the dependencies with the code: each must be named in it. A dependency that only enables a feature of
//! another crate must say so in a comment above it in `Cargo.toml`.

use std::fs;

use regex::Regex;

use super::architecture::root;

#[test]
fn each_dependency_is_used() {
    let declared = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let code = code();
    for (name, comment) in dependencies(&declared) {
        let used = Regex::new(&format!(r"\b{}::|\buse {0};", name.replace('-', "_"))).unwrap();
        let is_needed = comment.contains("enables") || used.is_match(&code);
        assert!(
            is_needed,
            "{name} is named in no file: remove it from Cargo.toml, or say in a comment there what it enables"
        );
    }
}

/// The names under `[dependencies]` and `[dev-dependencies]`, each with the comment on the line above it.
fn dependencies(declared: &str) -> Vec<(&str, &str)> {
    let sections = declared.split("\n[").filter(|section| section.split(']').next().unwrap().ends_with("dependencies"));
    let lines = sections.flat_map(|section| section.lines().zip(section.lines().skip(1)));
    let named = lines.filter(|(_, line)| !line.starts_with('#'));
    named
        .filter_map(|(above, line)| Some((line.split_once(" = ")?.0, if above.starts_with('#') { above } else { "" })))
        .collect()
}

fn code() -> String {
    let files = super::architecture::imports::paths(&root().join("steps"));
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}
