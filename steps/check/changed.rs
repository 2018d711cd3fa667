//! Finds sections of documents that have changed since their labs were drafted, and the scenarios that this concerns.
//!
//! A coverage file with `digests` says what its document said then. Without them, nothing is compared.

use std::{collections::BTreeSet, fs};

use super::{
    Problem,
    coverage::{self, CoveredDocument, CoveredPiece, Labs},
    problem,
};
use crate::{
    document::{self, Markup, story::Story},
    loaded::Placed,
    project::Project,
};

/// What has changed, and what to do.
type Change = (String, String);

/// Finds the changes of the documents of which all labs are among these.
pub(super) fn check(project: &Project, labs: &Labs<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for path in coverage::files(project) {
        // A coverage file that cannot be read is reported with the others.
        let Ok(document) = coverage::read(&path) else { continue };
        if document.labs.iter().all(|lab| labs.contains_key(lab.as_str())) {
            let changes = changes(project, &document, labs).into_iter();
            problems.extend(changes.map(|(message, hint)| problem(project.shown(&path), 0, message, Some(hint))));
        }
    }
    problems
}

fn changes(project: &Project, document: &CoveredDocument, labs: &Labs<'_>) -> Vec<Change> {
    if document.digests.is_empty() {
        return Vec::new();
    }
    let file = &document.file;
    match fs::read(project.file(file)) {
        Ok(bytes) => compare(document, &String::from_utf8_lossy(&bytes), labs),
        Err(error) => vec![(format!("cannot read {file}: {error}"), "correct `file`, or remove `digests`".into())],
    }
}

fn compare(document: &CoveredDocument, text: &str, labs: &Labs<'_>) -> Vec<Change> {
    let file = &document.file;
    let Some(format) = Markup::of(file, text) else { return Vec::new() };
    let now = Story::of(&document::read(format, text)).digests();
    let changed = now.iter().filter_map(|(title, digest)| match document.digests.get(title) {
        Some(then) if then == digest => None,
        Some(_) => Some((
            format!("the section \"{title}\" of {file} has changed{}", concerned(document, title, labs)),
            format!("compare them and the lab's files with the document, then set its digest to \"{digest}\""),
        )),
        None => Some((
            format!("the section \"{title}\" of {file} is new, and no scenario shows it"),
            format!("add its pieces, and to `digests`: \"{title}\": \"{digest}\""),
        )),
    });
    let is_gone = |title: &&String| !now.iter().any(|(other, _)| other == *title);
    let gone = document.digests.keys().filter(is_gone).map(|title| {
        let message = format!("{file} has no section \"{title}\" any more{}", concerned(document, title, labs));
        (message, "remove its pieces and its digest, and what no longer belongs to the scenarios".into())
    });
    changed.chain(gone).collect()
}

/// The scenarios that show a section, and those that repeat its commands, in words.
fn concerned(document: &CoveredDocument, title: &str, labs: &Labs<'_>) -> String {
    let pieces: Vec<&CoveredPiece> = document.pieces.iter().filter(|piece| piece.place == title).collect();
    let said: Vec<&str> = pieces.iter().map(|piece| words(&piece.says)).filter(|words| words.len() > 3).collect();
    let scenarios =
        document.labs.iter().filter_map(|lab| labs.get(lab.as_str())).flat_map(|scenarios| scenarios.iter());
    let repeats = |placed: &&Placed| {
        let texts = placed.scenario.steps.iter().map(|step| {
            let written = &step.written;
            format!("{}\n{}", written.value, written.docstring.as_deref().unwrap_or_default())
        });
        let text = texts.collect::<String>().replace("\\\"", "\"");
        said.iter().any(|words| text.contains(words))
    };
    let repeating = scenarios.filter(repeats).map(|placed| placed.scenario.name.clone());
    let names: BTreeSet<String> =
        pieces.iter().flat_map(|piece| piece.shown_by.iter().cloned()).chain(repeating).collect();
    if names.is_empty() {
        return ", which no scenario shows".into();
    }
    let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
    format!("; the scenarios that this concerns: {}", names.join(", "))
}

/// The command of a piece, or the name of its file.
fn words(says: &str) -> &str {
    let says = says.trim_matches('`').trim_end_matches(" …");
    says.strip_prefix("the file ").unwrap_or(says)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        "# Page\n\n## One\n\n```sh\nkubectl apply -f web.yaml\n```\n\n## Two\n\n```sh\nkubectl get pods\n```\n";

    fn changes(text: &str) -> Vec<String> {
        let digests = Story::of(&document::read(Markup::Markdown, PAGE)).digests();
        let piece = |place: &str, says: &str, scenario: &str| {
            serde_yaml::from_str(&format!("{{place: {place}, says: '{says}', shown_by: [{scenario}]}}")).unwrap()
        };
        let pieces = vec![
            piece("One", "`kubectl apply -f web.yaml`", "It is made"),
            piece("Two", "`kubectl get pods`", "It is listed"),
        ];
        let document = CoveredDocument {
            title: "t".into(),
            file: "page.md".into(),
            labs: vec!["lab".into()],
            digests: digests.into_iter().collect(),
            pieces,
        };
        let sheet = "Feature: f\n  Scenario: It is made\n    Then \"kubectl apply -f web.yaml\" prints \"web\"\n  Scenario: It is listed\n    Given I have run:\n      \"\"\"\n      kubectl apply -f web.yaml\n      \"\"\"\n    Then \"kubectl get pods\" prints \"web\"\n";
        let scenarios = super::super::coverage::placed(sheet);
        let labs = Labs::from([("lab", &scenarios[..])]);
        compare(&document, text, &labs).into_iter().map(|(message, _)| message).collect()
    }

    #[test]
    fn other_prose_and_other_line_ends_are_no_change() {
        assert_eq!(changes(PAGE), [""; 0]);
        assert_eq!(changes(&PAGE.replace("## Two\n", "## Two\n\nLook at it.\n").replace('\n', "\r\n")), [""; 0]);
    }

    #[test]
    fn a_changed_section_concerns_its_scenarios_and_those_that_repeat_its_commands() {
        let two = changes(&PAGE.replace("get pods", "get pods -o wide"));
        let said = "the section \"Two\" of page.md has changed; the scenarios that this concerns: \"It is listed\"";
        assert_eq!(two, [said]);
        let one = changes(&PAGE.replace("apply", "create"));
        assert!(one[0].ends_with("concerns: \"It is listed\", \"It is made\""), "{one:?}");
    }

    #[test]
    fn new_sections_and_those_that_are_gone_are_reported() {
        let renamed = changes(&PAGE.replace("## Two", "## Three"));
        assert_eq!(renamed[0], "the section \"Three\" of page.md is new, and no scenario shows it");
        assert!(renamed[1].starts_with("page.md has no section \"Two\" any more; the scenarios"), "{renamed:?}");
    }
}
