//! Reads which file imports which, from the `use` declarations and paths in the files in `steps/`, without tests.
//!
//! A file is named by its path, such as `run/plan`, and a module by the first part of it. Nothing is judged here.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use regex::Regex;

/// The importing file or module, and the imported one.
pub(super) type Arrow = (String, String);

/// The folder of the repository.
pub(in super::super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of the library and the program.
pub(super) fn modules() -> BTreeSet<String> {
    files().into_keys().filter(|file| !file.starts_with("bench/")).collect()
}

/// The imports between the modules of the library and the program.
pub(super) fn between_modules() -> BTreeSet<Arrow> {
    let top = |file: String| file.split('/').next().unwrap_or_default().to_owned();
    let arrows = arrows(&files()).into_iter().map(|(from, to)| (top(from), top(to)));
    arrows.filter(|(from, to)| from != to && from != "bench").collect()
}

/// The imports between files. A file may import from its parents, and counts as importing each of its children.
pub(super) fn between_files() -> BTreeSet<Arrow> {
    let files = files();
    let parts = files.keys().filter_map(|file| Some((file.rsplit_once('/')?.0.to_owned(), file.clone())));
    let parts: Vec<Arrow> = parts.filter(|(whole, _)| files.contains_key(whole)).collect();
    let imports = arrows(&files).into_iter().filter(|(from, to)| !from.starts_with(&format!("{to}/")));
    imports.chain(parts).collect()
}

/// The code of each file, without comments and tests.
fn files() -> BTreeMap<String, String> {
    let steps = root().join("steps");
    let code = |path: &PathBuf| without_tests_and_comments(&fs::read_to_string(path).unwrap());
    let name = |path: &Path| path.strip_prefix(&steps).unwrap().with_extension("").to_str().unwrap().to_owned();
    let mut files: BTreeMap<String, String> = paths(&steps).iter().map(|path| (name(path), code(path))).collect();
    let for_tests: Vec<String> = files.iter().flat_map(|(file, code)| only_for_tests(file, code)).collect();
    files.retain(|file, _| !file.starts_with("tests/") && !for_tests.iter().any(|test| is_within(file, test)));
    files.remove("lib");
    files
}

/// The Rust files in a folder and its subfolders.
pub(in super::super) fn paths(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = entries.flat_map(|path| if path.is_dir() { paths(&path) } else { vec![path] });
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The code without its tests, which must be at the end of the file.
fn without_tests_and_comments(text: &str) -> String {
    let (code, tests) = text.split_once("#[cfg(test)]\nmod tests {").unwrap_or((text, ""));
    let behind = tests.split_once("\n}\n").map_or("", |(_, behind)| behind);
    assert_eq!(behind.trim(), "", "code after the tests, where no import is looked at");
    code.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The files below this one that are compiled only for tests.
fn only_for_tests(file: &str, code: &str) -> Vec<String> {
    static DECLARATION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"#\[cfg\(test\)\]\s+(?:pub(?:\([a-z]+\))? )?mod ([a-z_]+);").unwrap());
    let whole = if file == "lib" { "" } else { file };
    DECLARATION.captures_iter(code).map(|found| joined(whole, &found[1])).collect()
}

fn is_within(file: &str, whole: &str) -> bool {
    file == whole || file.starts_with(&format!("{whole}/"))
}

fn arrows(files: &BTreeMap<String, String>) -> BTreeSet<Arrow> {
    let imports = |(file, code): (&String, &String)| -> Vec<Arrow> {
        let found = paths_in(code).into_iter().filter_map(|path| resolved(file, &path, files));
        found.filter(|found| found != file).map(|found| (file.clone(), found)).collect()
    };
    files.iter().flat_map(imports).collect()
}

/// The paths in `use` declarations and in the code.
fn paths_in(code: &str) -> Vec<String> {
    static DECLARATION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?m)^ *(?:pub(?:\([a-z]+\))? )?use ([^;]+);").unwrap());
    static PATH: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b(?:crate|super)(?:::[a-zA-Z_]+)+").unwrap());
    let imported = DECLARATION.captures_iter(code).flat_map(|found| expanded(&found[1]));
    let rest = DECLARATION.replace_all(code, "");
    imported.chain(PATH.find_iter(&rest).map(|found| found.as_str().to_owned())).collect()
}

/// The paths of a `use` declaration: `a::{b, c::d}` contains `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else { return vec![tree.trim().to_owned()] };
    let body = rest.rsplit_once('}').map_or(rest, |(body, _)| body);
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for character in body.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        match (character, depth) {
            (',', 0) => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(character),
        }
    }
    parts.iter().flat_map(|part| expanded(part)).map(|path| format!("{}{path}", head.trim())).collect()
}

/// The file that defines the item of this path, as seen from the file that contains the path.
fn resolved(file: &str, path: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let mut segments = path.split("::").map(|segment| segment.trim().split(' ').next().unwrap_or_default()).peekable();
    let mut found = match segments.next()? {
        "crate" if file.starts_with("bench/") => "bench".to_owned(),
        "crate" | "labproof" => {
            // `internal` only makes the modules public to tests and benchmarks.
            _ = segments.next_if_eq(&"internal");
            String::new()
        }
        "self" => file.to_owned(),
        "super" => above(file),
        first => joined(file, first),
    };
    while segments.next_if_eq(&"super").is_some() {
        found = above(&found);
    }
    for segment in segments {
        match joined(&found, segment) {
            part if files.contains_key(&part) => found = part,
            _ => break,
        }
    }
    files.contains_key(&found).then_some(found)
}

fn above(file: &str) -> String {
    file.rsplit_once('/').map_or_else(String::new, |(above, _)| above.to_owned())
}

fn joined(whole: &str, part: &str) -> String {
    if whole.is_empty() { part.to_owned() } else { format!("{whole}/{part}") }
}

#[test]
fn an_import_by_way_of_internal_is_that_of_the_module() {
    let files = BTreeMap::from(["run", "images", "images/engine"].map(|file| (file.to_owned(), String::new())));
    for path in ["crate::internal::images::engine::Info", "crate::images::engine", "labproof::internal::images::engine"]
    {
        assert_eq!(resolved("run", path, &files).as_deref(), Some("images/engine"), "{path}");
    }
}

#[test]
#[should_panic(expected = "code after the tests")]
fn code_after_the_tests_is_refused() {
    without_tests_and_comments("use a;\n#[cfg(test)]\nmod tests {\n    use super::*;\n}\nfn b() {}\n");
}
