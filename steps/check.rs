//! Everything that can be wrong with labs without a cluster: sheets, steps, files, manifests, `lab.yaml`, coverage.

pub mod coverage;
pub mod pages;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gherkin::{Step, StepType};

use self::coverage::Labs;
use crate::{
    cluster::manifest,
    conditions::text,
    images::{build, catalogue::Catalogue},
    project::{Lab, Project, lab_name},
    sheet::{self, Scenario},
    verdict::Outcome,
    vocabulary::{self, Arguments, Match},
};

/// Something that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as it is shown.
    pub file: String,
    /// The line in it; 0 for the file as a whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

/// What was looked at, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// How many scenarios there are.
    pub scenarios: usize,
    /// What is wrong, by place.
    pub problems: Vec<Problem>,
}

/// Checks these feature files, with all that belongs to their labs and with what is said of the documents.
///
/// # Errors
/// Where the catalogue of images cannot be read.
pub fn check(project: &Project, features: &[PathBuf]) -> Outcome<Checked> {
    let (mut checked, labs) = check_labs(project, features)?;
    checked.problems.extend(coverage::check(project, &labs));
    Ok(checked)
}

/// Checks what keeps these labs from being run.
///
/// # Errors
/// Where the catalogue of images cannot be read.
pub fn can_run(project: &Project, features: &[PathBuf]) -> Outcome<Checked> {
    check_labs(project, features).map(|(checked, _)| checked)
}

fn check_labs(project: &Project, features: &[PathBuf]) -> Outcome<(Checked, Labs)> {
    let catalogue = Catalogue::read(project)?;
    let (mut checked, mut labs) = (Checked::default(), Labs::new());
    for feature in features {
        let scenarios = check_feature(project, feature, &mut checked.problems);
        checked.scenarios += scenarios.len();
        match project.lab(feature) {
            Ok(lab) => check_lab(project, &lab, &scenarios, &catalogue, &mut checked.problems),
            Err(fault) => checked.problems.push(problem(project.shown(feature), 0, fault.reason, fault.hint)),
        }
        labs.insert(lab_name(feature), scenarios);
    }
    checked.problems.sort();
    checked.problems.dedup();
    Ok((checked, labs))
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}

fn check_feature(project: &Project, feature: &Path, problems: &mut Vec<Problem>) -> Vec<Scenario> {
    let shown = project.shown(feature);
    let text = match fs::read_to_string(feature) {
        Ok(text) => text,
        Err(error) => {
            problems.push(problem(shown, 0, format!("cannot be read: {error}"), None));
            return Vec::new();
        }
    };
    match sheet::read(&text) {
        Ok(sheet) => {
            for scenario in &sheet.scenarios {
                check_steps(&shown, scenario, problems);
            }
            sheet.scenarios
        }
        Err(wrong) => {
            problems
                .extend(wrong.into_iter().map(|wrong| problem(shown.clone(), wrong.line, wrong.message, wrong.hint)));
            Vec::new()
        }
    }
}

fn check_steps(file: &str, scenario: &Scenario, problems: &mut Vec<Problem>) {
    for step in &scenario.steps {
        if let Some((message, hint)) = wrong_with(step) {
            problems.push(problem(file.to_owned(), step.position.line, message, hint));
        }
    }
    if let Some((step, name)) = never_kept(scenario) {
        let message = format!("[={name}] stands for nothing: no step before this one keeps something under that name");
        let hint = format!("keep it with a wildcard such as [IP:{name}]");
        problems.push(problem(file.to_owned(), step.position.line, message, Some(hint)));
    }
    let unjudged = scenario.steps.iter().enumerate().find(|(place, step)| {
        is_attempt(step) && !scenario.steps[place + 1..].first().is_some_and(|next| next.ty == StepType::Then)
    });
    if let Some((_, step)) = unjudged {
        let hint = "put `Then it fails with \"…\"` after it, or use `I run`, which has to end well".to_owned();
        problems.push(problem(
            file.to_owned(),
            step.position.line,
            "nobody says how this command has to end".into(),
            Some(hint),
        ));
    }
}

/// The first step that expects what no step before it has kept: it would stand for itself, and match nothing.
fn never_kept(scenario: &Scenario) -> Option<(&Step, String)> {
    let mut kept = BTreeSet::new();
    for (step, arguments) in steps(std::slice::from_ref(scenario)) {
        let (keeps, expects): (Vec<_>, Vec<_>) = texts(step, &arguments).map(text::names).unzip();
        // A line may expect what an earlier line of the same text keeps.
        kept.extend(keeps.into_iter().flatten());
        if let Some(name) = expects.into_iter().flatten().find(|name| !kept.contains(name)) {
            return Some((step, name));
        }
    }
    None
}

/// The expected texts of a step.
fn texts<'a>(step: &'a Step, arguments: &'a Arguments) -> impl Iterator<Item = &'a str> {
    arguments.of_kind("text").chain((step.ty == StepType::Then).then_some(step.docstring.as_deref()).flatten())
}

fn is_attempt(step: &Step) -> bool {
    step.ty == StepType::When && (step.value.starts_with("I try \"") || step.value == "I try:")
}

fn wrong_with(step: &Step) -> Option<(String, Option<String>)> {
    match vocabulary::find(step) {
        Match::One(_, arguments) => wrong_with_text(step, &arguments),
        Match::Several(expressions) => {
            Some((format!("the step fits several sentences: {}", expressions.join("; ")), None))
        }
        Match::None => {
            let near = vocabulary::nearest(step);
            let near: Vec<String> =
                near.iter().map(|sentence| format!("`{} {}`", sentence.keyword(), sentence.expression)).collect();
            let hint = if near.is_empty() {
                "run `labproof steps` to see all sentences".to_owned()
            } else {
                format!("did you mean {}?", near.join(" or "))
            };
            Some((format!("no sentence fits `{}{}`", step.keyword, step.value), Some(hint)))
        }
    }
}

fn wrong_with_text(step: &Step, arguments: &Arguments) -> Option<(String, Option<String>)> {
    let expects_text = step.value.ends_with(':');
    if expects_text != step.docstring.is_some() {
        let message = if expects_text {
            "the step ends with a colon, but no text follows"
        } else {
            "text follows that the step does not use"
        };
        return Some((
            message.into(),
            Some("a step that ends with a colon takes the text beneath it, between two lines of \"\"\"".into()),
        ));
    }
    let unknown: BTreeSet<String> = texts(step, arguments).flat_map(text::unknown_wildcards).collect();
    let first = unknown.first()?;
    let wildcards: Vec<String> = text::WILDCARDS.iter().map(|wildcard| format!("[{}]", wildcard.name)).collect();
    Some((format!("there is no wildcard {first}"), Some(format!("the wildcards are [...], {}", wildcards.join(", ")))))
}

fn check_lab(project: &Project, lab: &Lab, scenarios: &[Scenario], catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    let described = project.shown(&lab.folder.join("lab.yaml"));
    if !is_namespace_prefix(&lab.name) {
        let hint = "its name begins the names of namespaces: use lower-case letters, digits and hyphens, 40 at most";
        problems.push(problem(
            project.shown(&lab.feature),
            0,
            format!("the lab cannot be called {}", lab.name),
            Some(hint.into()),
        ));
    }
    for image in lab.file.pulls.iter().chain(&lab.file.bases).filter(|image| catalogue.find(image).is_none()) {
        problems.push(problem(
            described.clone(),
            0,
            format!("the image {image} is not in kind-config/images.yaml"),
            Some("add it there".into()),
        ));
    }
    for build in &lab.file.builds {
        let dockerfile = build.folder.join(&build.dockerfile);
        if !lab.folder.join(&dockerfile).is_file() {
            let message = format!("the lab builds {}, but has no {}", build.image, dockerfile.display());
            problems.push(problem(described.clone(), 0, message, None));
        }
    }
    for (step, arguments) in steps(scenarios) {
        for file in arguments.of_kind("manifest").filter(|file| !lab.folder.join(file).is_file()) {
            let shown = project.shown(&lab.feature);
            problems.push(problem(
                shown,
                step.position.line,
                format!("the lab has no file {file}"),
                Some(format!("it belongs into {}", project.shown(&lab.folder))),
            ));
        }
    }
    for (step, arguments) in
        steps(scenarios).filter(|(step, _)| step.ty == StepType::Given && is_of_the_lab(&step.value))
    {
        for image in arguments.of_kind("image").filter(|image| build::find(lab, image).is_none()) {
            let hint = format!("add it to `builds` in {}", project.shown(&lab.folder.join("lab.yaml")));
            problems.push(problem(
                project.shown(&lab.feature),
                step.position.line,
                format!("the lab does not say that it builds {image}"),
                Some(hint),
            ));
        }
    }
    check_manifests(project, lab, problems);
}

/// Whether a sentence speaks of an image that the lab builds.
fn is_of_the_lab(sentence: &str) -> bool {
    sentence.starts_with("the image ") && (sentence.ends_with(" is built") || sentence.ends_with(" is on every node"))
}

/// Whether namespaces can be called by this name, a hyphen, and what tells them apart.
fn is_namespace_prefix(name: &str) -> bool {
    let plain = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit();
    name.len() <= 40 && name.starts_with(plain) && name.chars().all(|character| plain(character) || character == '-')
}

fn steps(scenarios: &[Scenario]) -> impl Iterator<Item = (&Step, Arguments)> {
    scenarios.iter().flat_map(|scenario| &scenario.steps).filter_map(|step| match vocabulary::find(step) {
        Match::One(_, arguments) => Some((step, arguments)),
        _ => None,
    })
}

fn check_manifests(project: &Project, lab: &Lab, problems: &mut Vec<Problem>) {
    let files = fs::read_dir(&lab.folder).into_iter().flatten().flatten().map(|entry| entry.path());
    for path in files.filter(|path| is_manifest(path)) {
        let read = fs::read_to_string(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| manifest::read(&text).map(|_| ()));
        if let Err(why) = read {
            problems.push(problem(project.shown(&path), 0, why, None));
        }
    }
}

fn is_manifest(path: &Path) -> bool {
    let is_yaml = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
    is_yaml && path.file_name().is_none_or(|name| name != "lab.yaml")
}

fn problem(file: String, line: usize, message: String, hint: Option<String>) -> Problem {
    Problem { file, line, message, hint }
}
