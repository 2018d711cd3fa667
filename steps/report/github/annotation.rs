//! Annotations: errors that GitHub shows at a line of a file.

use std::path::{Path, PathBuf};

use crate::{
    escape,
    report::{
        Report, ScenarioReport,
        learner::text::{PART, ending, short},
        shared::Shared,
        worst_first,
    },
};

/// How many errors GitHub shows for one step of a workflow.
const MOST: usize = 10;

/// An error, and where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Annotation {
    /// The file, relative to the repository; `None` if the error is in no file.
    pub file: Option<String>,
    /// The line; 0 for the whole file.
    pub line: usize,
    /// The heading.
    pub title: String,
    /// What happened.
    pub message: String,
}

impl Annotation {
    /// An error in a file of the project whose folder is `root`.
    #[must_use]
    pub fn in_file(root: &Path, file: &str, line: usize, message: String) -> Self {
        Self { file: Some(in_repository(root, file)), line, title: "labproof".into(), message }
    }

    /// The command for GitHub's runner, with its newline.
    #[must_use]
    pub fn command(&self) -> String {
        let file = self.file.iter().map(|file| format!("file={},", property(&escape::line(file))));
        let line = Some(self.line).filter(|line| *line > 0).map(|line| format!("line={line},"));
        let place: String = file.chain(line).collect();
        let message = ending(escape::text(&self.message).trim_end(), PART);
        format!("::error {place}title={}::{}\n", property(&short(&self.title)), data(&message))
    }
}

/// An annotation for each scenario that neither passed nor was skipped, the failed ones first. Scenarios that share a
/// reason have one together, because GitHub shows only a few.
#[must_use]
pub fn of_run(report: &Report) -> Vec<Annotation> {
    let shared = Shared::of(&report.scenarios);
    let explained = worst_first(report).into_iter().filter(|scenario| shared.earlier(scenario).is_none());
    explained.map(|scenario| of(scenario, &shared, &report.root)).collect()
}

/// As many commands as GitHub shows; the last one counts what is left out.
#[must_use]
pub fn limited(annotations: &[Annotation]) -> String {
    if annotations.len() <= MOST {
        return annotations.iter().map(Annotation::command).collect();
    }
    let shown = &annotations[..MOST - 1];
    let rest = Annotation {
        title: "labproof".into(),
        message: format!("and {} more errors: see the summary or the log", annotations.len() - shown.len()),
        ..Annotation::default()
    };
    shown.iter().chain([&rest]).map(Annotation::command).collect()
}

fn of(scenario: &ScenarioReport, shared: &Shared<'_>, root: &Path) -> Annotation {
    let version = scenario.kubernetes.as_ref().map_or_else(String::new, |version| format!(" on Kubernetes {version}"));
    let title = format!("{}{version}: {}", scenario.verdict, scenario.name);
    let culprit = scenario.culprit();
    let reason = culprit.and_then(|step| step.reason.clone()).unwrap_or_default();
    let hint = culprit.and_then(|step| step.hint.as_ref()).map_or_else(String::new, |hint| format!("\nhint: {hint}"));
    let count = shared.count(scenario).map_or_else(String::new, |count| format!("{count}:\n"));
    let message = culprit.map_or_else(String::new, |step| format!("{}\n{count}{reason}{hint}", short(&step.text)));
    let line = culprit.map_or(scenario.line, |step| step.line);
    Annotation { title, ..Annotation::in_file(root, &scenario.feature, line, message) }
}

/// The path of a project's file in the repository that contains the project; unchanged if no repository does.
fn in_repository(root: &Path, file: &str) -> String {
    let root = root.canonicalize().unwrap_or_default();
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    let below = repository.and_then(|repository| root.strip_prefix(repository).ok());
    below.map_or_else(|| PathBuf::from(file), |below| below.join(file)).display().to_string()
}

/// A text as the data of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::StepReport;

    #[test]
    fn no_text_ends_a_command_or_begins_another() {
        let attack = "a\n::set-env name=X::1\r\n::add-mask::b,c:d%0A\u{1b}[31m\u{202e}";
        let annotation =
            Annotation { file: Some(attack.into()), line: 7, title: attack.into(), message: attack.into() };
        let command = annotation.command();
        assert_eq!(command.lines().count(), 1, "{command}");
        let (properties, message) = command.strip_prefix("::error ").unwrap().split_once("::").unwrap();
        let keys: Vec<&str> = properties.split(',').filter_map(|one| one.split('=').next()).collect();
        assert_eq!(keys, ["file", "line", "title"], "{command}");
        let shown = "a%0A::set-env name=X::1%0A::add-mask::b,c:d%250A\\u{1b}[31m\\u{202e}\n";
        assert_eq!(message, shown);
    }

    #[test]
    fn scenarios_that_share_a_reason_have_one_annotation() {
        let step = StepReport {
            text: "When I run".into(),
            reason: Some("the disk is full".into()),
            hint: Some("make room".into()),
            ..StepReport::default()
        };
        let scenario = ScenarioReport { steps: vec![step], ..ScenarioReport::default() };
        let report = Report { scenarios: vec![scenario; 29], ..Report::default() };
        let annotations = of_run(&report);
        assert_eq!(annotations.len(), 1);
        let message = "When I run\n29 scenarios are broken for this reason:\nthe disk is full\nhint: make room";
        assert_eq!(annotations[0].message, message);
    }

    #[test]
    fn no_more_errors_are_written_than_github_shows() {
        let one = Annotation { message: "x".repeat(1 << 20), ..Annotation::default() };
        assert_eq!(limited(&vec![one.clone(); 10]).lines().count(), 10);
        let text = limited(&vec![one; 30]);
        assert_eq!(text.lines().count(), 10);
        assert!(text.ends_with("::and 21 more errors: see the summary or the log\n") && text.len() < 50_000, "{text}");
    }

    #[test]
    fn a_file_is_named_from_the_root_of_its_repository() {
        let folder = tempfile::tempdir().unwrap();
        let course = folder.path().join("courses/pods");
        std::fs::create_dir_all(&course).unwrap();
        assert_eq!(in_repository(&course, "features/a.feature"), "features/a.feature");
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        assert_eq!(in_repository(&course, "features/a.feature"), "courses/pods/features/a.feature");
        assert_eq!(in_repository(folder.path(), "features/a.feature"), "features/a.feature");
    }
}
