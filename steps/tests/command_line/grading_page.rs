//! Compares `docs/grading.md` with the program: its tables of rules are generated, it lists exactly the existing
//! formats, and the program accepts its commands.

use std::{collections::BTreeSet, fs, path::Path};

use labproof::internal::submission::rule::{self, RuleSubject};

use super::project::{assert_golden, labproof, text};

/// The headings above the tables of rules.
const TABLES: [(&str, RuleSubject); 3] = [
    ("### Any file\n", RuleSubject::AnyFile),
    ("### Manifests\n", RuleSubject::Manifest),
    ("### Dockerfiles\n", RuleSubject::Dockerfile),
];

#[test]
fn the_tables_of_rules_are_the_programs_own() {
    let page =
        TABLES.iter().fold(page(), |page, (heading, subject)| with_table(&page, heading, &rule::table(*subject)));
    assert_golden(page, "docs/grading.md");
}

/// The page with another table below this heading.
fn with_table(page: &str, heading: &str, table: &str) -> String {
    let (before, after) = page.split_once(heading).unwrap();
    let (between, rest) = after.split_at(after.find("| ").unwrap());
    let (_, rest) = rest.split_once("\n\n").unwrap();
    format!("{before}{heading}{between}{table}\n{rest}")
}

#[test]
fn each_form_is_explained_and_no_other() {
    let output = labproof(&["grade", "lab", "--work", "folder", "--report", "none"]).output().unwrap();
    let said = text(&output.stderr);
    let (_, names) = said.lines().find_map(|line| line.split_once("NAME is one of ")).unwrap();
    let mut forms: BTreeSet<String> = names.split(", ").map(str::to_owned).collect();
    forms.extend(["terminal", "learner"].map(str::to_owned));
    let explained = first_cells(&section("## Forms\n"));
    let explained: BTreeSet<String> = explained.iter().map(|form| form.replace("=FILE", "")).collect();
    assert_eq!(explained, forms);
}

#[test]
fn the_commands_are_understood() {
    let commands = commands(&page());
    assert!(commands.len() >= 4, "{commands:?}");
    for command in commands {
        let words = shell_words::split(&command).unwrap();
        let arguments: Vec<&str> = words.iter().skip(1).map(String::as_str).chain(["--help"]).collect();
        let output = labproof(&arguments).output().unwrap();
        assert!(output.status.success(), "{command}: {}", text(&output.stderr));
        let help = text(&output.stdout);
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(option), "{command}: {option}");
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    fs::read_to_string(root().join("docs/grading.md")).unwrap()
}

/// The text below a heading, up to the next one.
fn section(heading: &str) -> String {
    let page = page();
    let (_, rest) = page.split_once(heading).unwrap();
    rest.split("\n#").next().unwrap_or_default().to_owned()
}

/// The texts in backticks in the first cells of a table's rows.
fn first_cells(section: &str) -> BTreeSet<String> {
    let cells = section.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The commands in the page's code blocks, without their comments.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(|line| line.trim_start_matches("$ "));
    let commands = lines.filter(|line| line.starts_with("labproof "));
    commands.filter_map(|line| line.split(" #").next()).map(str::to_owned).collect()
}
