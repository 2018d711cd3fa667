//! Compares `labproof check` on 1,000 features with only parsing the same files.

use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use gherkin::{Feature, GherkinEnv};
use labproof::internal::{
    project::Project,
    verdict::{Fault, Outcome},
};
use tempfile::TempDir;

use crate::{bench::Bench, child, row::Row};

/// The number of features.
const FEATURES: usize = 1000;

/// The time budget of `check` for all of them.
const BUDGET: Duration = Duration::from_secs(1);

/// The sheet of every lab: three scenarios with fourteen steps.
const SHEET: &str = include_str!("check/lab.feature");

/// The `lab.yaml` of every lab.
const LAB: &str = "title: A lab of many\nsource: made to be measured\npulls: [busybox]\n";

/// Measures `check` against the parser alone.
pub(crate) async fn measure(bench: &Bench) -> Outcome<Vec<Row>> {
    let folder = many_labs(&bench.project).map_err(|error| cannot("write 1,000 labs", &error))?;
    let row = Row::new("`check` on 1,000 features", "the `gherkin` parser alone", BUDGET);
    let ours = async || child::time(child::labproof().arg("check").current_dir(folder.path())).await;
    let theirs = async || parsed(&folder.path().join("features"));
    Ok(vec![bench.in_turns(row, ours, theirs).await?])
}

/// A project of 1,000 labs, each with its sheet, its `lab.yaml` and two manifests.
fn many_labs(project: &Project) -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    fs::create_dir(folder.path().join("features"))?;
    symlink(project.file("kind-config"), folder.path().join("kind-config"))?;
    for number in 0..FEATURES {
        write_lab(folder.path(), &format!("lab-{number}"), project)?;
    }
    Ok(folder)
}

fn write_lab(project: &Path, name: &str, of: &Project) -> io::Result<()> {
    let folder = project.join("scenarios").join(name);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("lab.yaml"), LAB)?;
    for manifest in ["pod.yaml", "podkv.yaml"] {
        fs::copy(of.file("scenarios/helloworld").join(manifest), folder.join(manifest))?;
    }
    fs::write(project.join(format!("features/{name}.feature")), SHEET.replace("NAME", name))
}

/// Measures how long the parser takes for all files of a folder.
fn parsed(folder: &Path) -> Outcome<Duration> {
    let started = Instant::now();
    for file in files(folder).map_err(|error| cannot("list the features", &error))? {
        let text = fs::read_to_string(&file).map_err(|error| cannot("read a feature", &error))?;
        Feature::parse(text, GherkinEnv::default()).map_err(|error| cannot("parse a feature", &error))?;
    }
    Ok(started.elapsed())
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect()
}

fn cannot(what: &str, error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot {what}: {error}"))
}
