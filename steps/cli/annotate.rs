//! Errors where GitHub's runner reads the output: it shows them at their lines. Elsewhere, nothing is printed.

use crate::{
    check::{self, Problem},
    document::doubt::Doubt,
    loaded::Loaded,
    progress,
    project::Project,
    report::github::{self, Annotation},
    verdict::Fault,
};

/// Annotates the errors that prevent a run of these labs.
pub(super) fn errors(project: &Project, labs: &[Loaded]) {
    problems(project, &check::can_run(project, labs).map(|checked| checked.problems).unwrap_or_default());
}

/// Annotates these errors of labs.
pub(super) fn problems(project: &Project, problems: &[Problem]) {
    let annotation = |problem: &Problem| {
        let hint = problem.hint.as_ref().map_or_else(String::new, |hint| format!("\nhint: {hint}"));
        let message = format!("{}{hint}", problem.message);
        Annotation::in_file(&project.file(""), &problem.file, problem.line, message)
    };
    print(&problems.iter().map(annotation).collect::<Vec<_>>());
}

/// Annotates what is wrong in a document.
pub(super) fn doubts(project: &Project, document: &str, doubts: &[&Doubt]) {
    let annotation = |doubt: &&Doubt| Annotation::in_file(&project.file(""), document, doubt.line, doubt.text.clone());
    print(&doubts.iter().map(annotation).collect::<Vec<_>>());
}

/// Annotates the error that ends the program, and adds it to the summary.
pub(super) fn fault(fault: &Fault) {
    if progress::is_read_by_github()
        && let Err(other) = github::write_fault(fault)
    {
        progress::eprint_line(&format!("warning: {other}"));
    }
}

fn print(annotations: &[Annotation]) {
    if progress::is_read_by_github() {
        progress::print_commands(&github::limited(annotations));
    }
}
