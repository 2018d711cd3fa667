//! Every sentence that a message names exists, so that whoever rewords a sentence also finds the messages about it.

use std::{fs, path::Path, sync::LazyLock};

use regex::Regex;

use super::step::is_sentence;
use crate::expression::regex;

/// Text between backticks that begins as a step does and has a value in quotation marks, as it stands in the source.
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    regex(r#"`((?:Given |When |Then )?(?:[Ww]ithin \d+ seconds|for \d+ seconds|I|its|no|a|the|it) [^`]*\\"[^`]*)`"#)
});

/// The steps that the string literals of a source file name, with an example in place of each value.
fn steps_in(source: &str) -> Vec<String> {
    static VALUE: LazyLock<Regex> = LazyLock::new(|| regex(r"\{\w*\}|…"));
    let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
    let found = lines.flat_map(|line| STEP.captures_iter(line)).map(|found| {
        let step = VALUE.replace_all(&found[1], "example").replace("\\\"", "\"");
        ["Given ", "When ", "Then "].iter().find_map(|word| step.strip_prefix(word)).unwrap_or(&step).to_owned()
    });
    found.collect()
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            let source = fs::read_to_string(&entry).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            found.extend(steps_in(code).into_iter().map(|step| (entry.display().to_string(), step)));
        }
    }
}

#[test]
fn every_sentence_that_a_message_names_exists() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("steps"), &mut found);
    let unknown: Vec<_> = found.iter().filter(|(_, step)| !is_sentence(step)).collect();
    assert!(unknown.is_empty(), "no such sentence: {unknown:#?}");
    assert!(found.len() > 10, "the search finds the messages: {found:?}");
}

#[test]
fn a_sentence_in_a_message_is_found() {
    let source = r#"hint(format!("put `Given within 60 seconds the Pod \"{name}\" is ready` before it"))"#;
    assert_eq!(steps_in(source), ["within 60 seconds the Pod \"example\" is ready"]);
}
