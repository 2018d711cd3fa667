//! How many of a document's known mistakes labproof finds, and how many of its findings are none. It needs the cluster
//! `demo`: `just documents FOLDER`.
//!
//! What is known of `page.md` stands in `page.md.known.yaml`, as a list of `line`, `kind` and `what`; an empty list means
//! that everything holds. The line may be one of the command's, or that of the wrong words in its output. A
//! command that labproof must not run may be listed as well, with the kind `unsafe`.

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use serde::Deserialize;
use serde_json::Value;

use super::architecture::root;

/// How many documents run at once.
const AT_ONCE: usize = 4;

/// The kind of a command that labproof must not run.
const UNSAFE: &str = "unsafe";

/// A mistake that a document is known to have.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    line: usize,
    /// `mistake`, `drift`, `timing` or `unsafe`; each of them if it is left out.
    kind: Option<String>,
    /// What is wrong, for people.
    #[serde(default)]
    what: String,
}

/// A finding: its kind, and the places that it names, each with the kind of what is wrong there.
struct Found {
    kind: String,
    places: BTreeSet<(usize, String)>,
    what: String,
}

/// What came out for one document.
#[derive(Default)]
struct Row {
    name: String,
    known: usize,
    missed: Vec<String>,
    found: usize,
    wrong: Vec<String>,
    not_run: usize,
}

#[test]
#[ignore = "it needs a cluster: run `just documents`"]
fn documents() {
    let folder = env::var("DOCUMENTS").map_or_else(|_| root().join("steps/tests/documents"), PathBuf::from);
    let rows = rows(&folder, &in_folder(&folder));
    assert!(!rows.is_empty(), "{} has no document with a file NAME.known.yaml", folder.display());
    print(&rows);
    let is_right = rows.iter().all(|row| row.missed.is_empty() && row.wrong.is_empty());
    assert!(is_right, "mistakes were missed, or findings are wrong");
}

#[test]
#[ignore = "it needs a cluster: run `just documents`"]
fn documents_of_one_run_may_use_the_same_names_in_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let text = "# Page\n\n```console\n$ docker network create same-net | wc -c\n65\n$ docker run -d --name same-name --network same-net busybox sleep 100 | wc -c\n65\n```\n";
    for name in ["a.md", "b.md"] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let output = Command::new(assert_cmd::cargo::cargo_bin!("labproof"))
        .current_dir(folder.path())
        .args(["verify", "a.md", "b.md"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !said.contains("left behind"), "{said}");
}

/// The documents of a folder, each with what is known of it.
fn in_folder(folder: &Path) -> Vec<(PathBuf, Vec<Known>)> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let page = |file: &Path| Some((file.to_str()?.strip_suffix(".known.yaml")?.into(), known(file)));
    let pages = |path: PathBuf| if path.is_dir() { in_folder(&path) } else { page(&path).into_iter().collect() };
    paths.into_iter().flat_map(pages).collect()
}

/// What is known of a document.
fn known(file: &Path) -> Vec<Known> {
    let text = fs::read_to_string(file).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// Runs the documents, several side by side: each spends most of its time waiting.
fn rows(folder: &Path, documents: &[(PathBuf, Vec<Known>)]) -> Vec<Row> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut rows = Vec::new();
        while let Some((page, known)) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
            let row = Row { name: page.strip_prefix(folder).unwrap().display().to_string(), ..row(page, known) };
            eprintln!("{}: {} missed, {} wrong", row.name, row.missed.len(), row.wrong.len());
            rows.push(row);
        }
        rows
    };
    let mut rows: Vec<Row> = thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    rows.sort_by(|one, other| one.name.cmp(&other.name));
    rows
}

fn row(page: &Path, known: &[Known]) -> Row {
    let entries = run(page);
    let fits = |known: &Known, found: &Found| {
        let is_it = |(line, kind): &(usize, String)| {
            known.line == *line && known.kind.as_ref().is_none_or(|known| known == kind)
        };
        found.places.iter().any(is_it)
    };
    let mut found: Vec<Found> = entries.iter().filter_map(finding).collect();
    // A command that is rightly left out need not be listed.
    found.retain(|found| found.kind != UNSAFE || known.iter().any(|known| fits(known, found)));
    let missed = known.iter().filter(|known| !found.iter().any(|found| fits(known, found)));
    let wrong = found.iter().filter(|found| !known.iter().any(|known| fits(known, found)));
    Row {
        known: known.len(),
        missed: missed.map(|known| format!("line {}: {}", known.line, known.what)).collect(),
        found: found.len(),
        wrong: wrong.map(|found| found.what.clone()).collect(),
        not_run: entries.iter().filter(|entry| matches!(tag(entry), "not-run" | "environment")).count(),
        ..Row::default()
    }
}

/// The entries of the report of a document's run.
fn run(page: &Path) -> Vec<Value> {
    let output = Command::new(assert_cmd::cargo::cargo_bin!("labproof"))
        .current_dir(page.parent().unwrap())
        .args(["verify", "--report", "json=-"])
        .arg(page.file_name().unwrap())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}\n{}", page.display(), String::from_utf8_lossy(&output.stderr)));
    report["scenarios"].as_array().unwrap().clone()
}

fn tag(entry: &Value) -> &str {
    entry["tags"][0].as_str().unwrap()
}

/// The finding of an entry, if it has one.
fn finding(entry: &Value) -> Option<Found> {
    let step = &entry["steps"][0];
    let is_unsafe = step["reason"].as_str().is_some_and(|reason| reason.starts_with("not run: unsafe: "));
    let kind = if is_unsafe { UNSAFE } else { tag(entry) };
    if !["mistake", "drift", "timing", UNSAFE].contains(&kind) {
        return None;
    }
    let titles = step["evidence"].as_array().into_iter().flatten().filter_map(|evidence| evidence["title"].as_str());
    let named = titles.filter_map(|title| {
        let (line, kind) = title.strip_prefix("line ")?.split_once(", ")?;
        Some((line.parse().ok()?, kind.to_owned()))
    });
    let own = [&entry["line"], &step["line"]].into_iter().filter_map(|line| usize::try_from(line.as_u64()?).ok());
    let first = usize::try_from(entry["line"].as_u64().unwrap()).unwrap();
    let of_command = first..=first + step["text"].as_str().unwrap().lines().count();
    let what = format!("{}\n{}", entry["name"].as_str().unwrap(), step["reason"].as_str().unwrap_or_default());
    let own = own.chain(of_command).map(|line| (line, kind.to_owned()));
    Some(Found { kind: kind.to_owned(), places: own.chain(named).collect(), what })
}

fn print(rows: &[Row]) {
    println!("{:<24} {:>6} {:>6} {:>9} {:>6} {:>8}", "DOCUMENT", "KNOWN", "FOUND", "FINDINGS", "WRONG", "NOT RUN");
    let line = |name: &str, row: [usize; 5]| {
        println!("{name:<24} {:>6} {:>6} {:>9} {:>6} {:>8}", row[0], row[1], row[2], row[3], row[4]);
    };
    let numbers = |row: &Row| [row.known, row.known - row.missed.len(), row.found, row.wrong.len(), row.not_run];
    for row in rows {
        line(&row.name, numbers(row));
    }
    let sum = rows.iter().map(numbers).fold([0; 5], |all, row| std::array::from_fn(|index| all[index] + row[index]));
    line("all", sum);
    let percent = |part: usize, whole: usize| (part * 100).checked_div(whole).unwrap_or(100);
    println!("recall {} %, precision {} %", percent(sum[1], sum[0]), percent(sum[2] - sum[3], sum[2]));
    for row in rows {
        row.missed.iter().for_each(|missed| println!("missed: {} {missed}", row.name));
        row.wrong.iter().for_each(|wrong| println!("wrong: {} {}", row.name, wrong.replace('\n', "\n    ")));
    }
}
