//! `docs/grading.md` against the program: it explains just the rules that a refusal can bear and the forms that there are,
//! and its commands are understood.

use std::{collections::BTreeSet, fs, path::Path};

use regex::Regex;

use super::project::{labproof, text};

/// The headings above the tables of rules, each with the module that gives these rules.
const TABLES: [(&str, &str); 3] = [("Any file", "folder"), ("Manifests", "manifest"), ("Dockerfiles", "dockerfile")];

/// How rules are given: to a function that refuses, beside a field in a list of them, or as a pair with the message.
const PLACES: [&str; 4] = [
    r#"\brefuse(?:_\w+)?\(\s*(?:(?:[\w.]+|"\.")\s*,\s*)?"([a-z0-9]+(?:-[a-z0-9]+)*)"\s*,"#,
    r#"[^\w!]\("\w+",\s*"([a-z0-9-]+)"\)"#,
    r#"[^\w!]\("([a-z0-9]+(?:-[a-z0-9]+)*)",\s*(?:"[^"]*[^"a-z0-9-]|[^"\s])"#,
    r#"\brule: "([a-z0-9-]+)""#,
];

#[test]
fn each_rule_is_explained_and_no_other() {
    for (heading, module) in TABLES {
        let explained = first_cells(&section(&format!("### {heading}\n")));
        assert_eq!(explained, rules(module), "the rules of {module}.rs, under {heading}");
    }
}

#[test]
fn each_module_that_refuses_has_a_table() {
    let entries = fs::read_dir(root().join("steps/submission")).unwrap();
    let modules: BTreeSet<String> =
        entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let with_tables: BTreeSet<String> = TABLES.map(|(_, module)| module.to_owned()).into();
    assert_eq!(modules, with_tables);
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

/// What stands under a heading, up to the next one.
fn section(heading: &str) -> String {
    let page = page();
    let (_, rest) = page.split_once(heading).unwrap();
    rest.split("\n#").next().unwrap_or_default().to_owned()
}

/// What stands in backticks in the first cells of a table's rows.
fn first_cells(section: &str) -> BTreeSet<String> {
    let cells = section.lines().filter(|line| line.starts_with("| `")).filter_map(|line| line.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

/// The commands in the page's blocks of code, without their comments.
fn commands(page: &str) -> Vec<String> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(|line| line.trim_start_matches("$ "));
    let commands = lines.filter(|line| line.starts_with("labproof "));
    commands.filter_map(|line| line.split(" #").next()).map(str::to_owned).collect()
}

/// The rules that a module of `submission` gives.
fn rules(module: &str) -> BTreeSet<String> {
    let code = code(module);
    let places = PLACES.map(|place| Regex::new(place).unwrap());
    places.iter().flat_map(|place| place.captures_iter(&code)).map(|found| found[1].to_owned()).collect()
}

/// The code of a module of `submission` and of all below it, without tests and comments.
fn code(module: &str) -> String {
    let folder = root().join("steps/submission");
    let mut files = vec![folder.join(format!("{module}.rs"))];
    let mut folders = vec![folder.join(module)];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            match path.file_stem().unwrap().to_str().unwrap() {
                "tests" => {}
                _ if path.is_dir() => folders.push(path),
                _ => files.push(path),
            }
        }
    }
    let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
    texts.map(|text| without_tests_and_comments(&text)).collect()
}

fn without_tests_and_comments(text: &str) -> String {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}
