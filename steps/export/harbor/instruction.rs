//! The instruction for an agent: what a learner of the lab may know, and nothing of hidden scenarios.

use std::collections::BTreeSet;

use super::HANDED_IN;
use crate::{
    grade::GradedLab,
    project::{Lab, LabFile, Network, SubmissionSpec},
    run::plan::Planned,
    submission::pattern::Pattern,
};

/// The instruction, as Markdown.
pub fn of(graded: &GradedLab) -> String {
    let lab = &graded.lab;
    let Some(spec) = &lab.file.submission else { return String::new() };
    let title = if lab.file.title.is_empty() { &lab.name } else { &lab.file.title };
    format!(
        "# {title}\n\n{}\n\n## What to hand in\n\n{}\n## What is allowed\n\n{}\n## What is tested\n\n{}",
        introduction(lab, spec),
        files(spec),
        allowed(&lab.file, spec),
        tested(&graded.scenarios)
    )
}

fn introduction(lab: &Lab, spec: &SubmissionSpec) -> String {
    let source = match lab.file.source.as_str() {
        "" => String::new(),
        source => format!("This is a Kubernetes lab from {source}. "),
    };
    let is_there = |file: &String| Pattern::of(file).is_none();
    let start = if spec.paths().any(|file| is_there(&file)) {
        " Those with a fixed name exist already, but what they contain earns no points."
    } else {
        ""
    };
    format!(
        "{source}Write the files below into the folder `{HANDED_IN}`.{start} There is no cluster here: when you have finished, \
         the files are tested on one."
    )
}

fn files(spec: &SubmissionSpec) -> String {
    let written = spec.files.iter().map(|(file, what)| item(file, what));
    let tasks =
        spec.tasks.iter().map(|(task, what)| item(&SubmissionSpec::task(task), &format!("A bash script. {what}")));
    written.chain(tasks).collect()
}

/// A file with its description, whose further lines belong to the same item.
fn item(file: &str, what: &str) -> String {
    let about = if Pattern::of(file).is_some() { " (`*` stands for any characters)" } else { "" };
    format!("- `{file}`{about}: {}\n", what.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n  "))
}

fn allowed(file: &LabFile, spec: &SubmissionSpec) -> String {
    let (built, ready): (Vec<_>, Vec<_>) = file.builds.iter().partition(|build| spec.of_image(build).next().is_some());
    let pulled = file.pulls.iter().map(ToString::to_string);
    let ready: BTreeSet<String> = pulled.chain(ready.iter().map(|build| build.image.to_string())).collect();
    let built: BTreeSet<String> = built.iter().map(|build| build.image.to_string()).collect();
    let mut lines = Vec::new();
    if !spec.kinds.is_empty() {
        lines.push(format!("Manifests contain only these kinds: {}. They name no namespace.", list(&spec.kinds)));
    }
    if !ready.is_empty() {
        lines.push(format!("Pods may run these images: {}.", list(&ready)));
    }
    if !built.is_empty() {
        lines.push(format!("Pods may run what is built from your files: {}.", list(&built)));
        let bases: BTreeSet<String> = file.bases.iter().map(ToString::to_string).collect();
        if !bases.is_empty() {
            lines.push(format!("A Dockerfile begins with one of these images: {}.", list(&bases)));
        }
        let network = if spec.network == Network::None { "no network" } else { "a network" };
        lines.push(format!("A build has {network}."));
    }
    lines.iter().map(|line| format!("- {line}\n")).collect()
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The graded scenarios. Of the hidden ones, only their number and their points.
fn tested(scenarios: &[Planned]) -> String {
    let (hidden, shown): (Vec<&Planned>, Vec<&Planned>) =
        scenarios.iter().partition(|scenario| scenario.grading.hidden);
    let sum = |scenarios: &[&Planned]| scenarios.iter().map(|scenario| scenario.grading.points).sum::<u32>();
    let row = |scenario: &&Planned| {
        let name = scenario.scenario.name.replace('|', "\\|");
        format!("| {} | {name} |\n", scenario.grading.points)
    };
    let mut text = format!("| points | check |\n|---|---|\n{}", shown.iter().map(row).collect::<String>());
    if !hidden.is_empty() {
        let checks =
            if hidden.len() == 1 { "1 hidden check".into() } else { format!("{} hidden checks", hidden.len()) };
        text += &format!("| {} | {checks} |\n", sum(&hidden));
    }
    text + &format!("\nThe best score is {} points.\n", sum(&shown) + sum(&hidden))
}
