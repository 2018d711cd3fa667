//! The report formats: their names, what they can report, and their renderers.

use std::{fmt, fs, path::PathBuf};

use super::{
    Report, autolab, check50, classroom,
    classroom50::{self, Identity},
    csv, educates, github, gradescope, harbor, json, junit, learner, page, points, prairielearn, terminal,
};
use crate::{
    machine::folders,
    progress,
    verdict::{Fault, Outcome},
};

/// What a format reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportSubject {
    /// A run of labs.
    Run,
    /// The grade of a submission.
    Grade,
}

/// Renders a report; `None` if the format cannot express that there is no score.
type Render = fn(&Report) -> Outcome<Option<String>>;

/// How a report is written.
#[derive(Clone, Copy)]
enum Writing {
    /// As one text, to the file or to standard output.
    Text(Render),
    /// To places that the format finds itself.
    Itself(fn(&Report) -> Outcome),
}

/// A report format.
struct ReportFormat {
    name: &'static str,
    subjects: &'static [ReportSubject],
    /// Whether it is for people and goes to standard output; the others are for programs and go to files.
    is_for_people: bool,
    /// Checks that everything else that the format needs is available.
    check: fn() -> Outcome,
    writing: Writing,
}

/// The format that is used by default where GitHub runs labproof.
const GITHUB: &str = "github";

const RUN: &[ReportSubject] = &[ReportSubject::Run];
const GRADE: &[ReportSubject] = &[ReportSubject::Grade];
const BOTH: &[ReportSubject] = &[ReportSubject::Run, ReportSubject::Grade];

/// All formats.
static FORMATS: [ReportFormat; 16] = [
    people("terminal", RUN, |report| Ok(Some(terminal::summary(report)))),
    people("terminal", GRADE, |report| Ok(Some(points::summary(report)))),
    people("learner", GRADE, |report| Ok(Some(learner::sheet::render(&learner::Grade::of(report))))),
    ReportFormat {
        name: GITHUB,
        subjects: RUN,
        is_for_people: true,
        check: || Ok(()),
        writing: Writing::Itself(github::write),
    },
    file("json", BOTH, |report| Ok(Some(json::render(report)))),
    file("junit", BOTH, |report| {
        junit::render(report).map(Some).map_err(|error| Fault::broken(format!("no XML: {error}")))
    }),
    file("page", RUN, |report| Ok(Some(page::run(report)))),
    file("csv", GRADE, |report| Ok(Some(csv::render(report)))),
    file("gradescope", GRADE, |report| Ok(Some(gradescope::render(report)))),
    file("classroom", GRADE, |report| Ok(Some(classroom::render(report)))),
    ReportFormat {
        check: || Identity::from_environment().map(|_| ()),
        ..file("classroom50", GRADE, |report| Ok(classroom50::render(report, &Identity::from_environment()?)))
    },
    file("check50", GRADE, |report| Ok(Some(check50::render(report)))),
    file("prairielearn", GRADE, |report| Ok(Some(prairielearn::render(report)))),
    file("autolab", GRADE, |report| Ok(Some(autolab::render(report)))),
    file("educates", GRADE, |report| Ok(Some(educates::render(report)))),
    file("harbor", GRADE, |report| Ok(harbor::render(report))),
];

const fn people(name: &'static str, subjects: &'static [ReportSubject], render: Render) -> ReportFormat {
    ReportFormat { name, subjects, is_for_people: true, check: || Ok(()), writing: Writing::Text(render) }
}

const fn file(name: &'static str, subjects: &'static [ReportSubject], render: Render) -> ReportFormat {
    ReportFormat { name, subjects, is_for_people: false, check: || Ok(()), writing: Writing::Text(render) }
}

/// A requested report: its format and its destination.
#[derive(Clone)]
pub struct Sink {
    format: &'static ReportFormat,
    /// The file; `None` for standard output.
    file: Option<PathBuf>,
}

impl Sink {
    /// Reads `terminal` or `NAME=FILE`, where `FILE` may be `-` for standard output.
    ///
    /// # Errors
    /// If the subject has no such format; the text lists its formats.
    pub fn parse(text: &str, subject: ReportSubject) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        // A page is the only report in HTML.
        let name = if name == "html" { "page" } else { name };
        let format = of(subject).find(|format| format.name == name && format.is_for_people == file.is_none());
        match (format, file) {
            (None, _) | (_, Some("")) => Err(expected(subject)),
            (Some(format), None | Some("-")) => Ok(Self { format, file: None }),
            (Some(format), Some(file)) => Ok(Self { format, file: Some(file.into()) }),
        }
    }

    /// Whether the report goes to standard output, to which it is written only once, at the end.
    #[must_use]
    pub fn is_stdout(&self) -> bool {
        self.file.is_none()
    }

    /// Removes the file of an earlier run, whose score must not be mistaken for the new one if this run fails.
    pub fn clear(&self) {
        if let Some(file) = &self.file {
            // An error is ignored, because the file may not exist.
            _ = fs::remove_file(file);
        }
    }

    /// Checks everything that can be checked before a report exists.
    ///
    /// # Errors
    /// If something that the format needs is missing, such as an environment variable.
    pub fn check(&self) -> Outcome {
        (self.format.check)()
    }

    /// Writes the report.
    ///
    /// # Errors
    /// If the report cannot be rendered or written.
    pub fn write(&self, report: &Report) -> Outcome {
        let render = match self.format.writing {
            Writing::Itself(write) => return write(report),
            Writing::Text(render) => render,
        };
        let Some(text) = render(report)? else { return Ok(()) };
        let Some(file) = &self.file else {
            progress::print(&text);
            return Ok(());
        };
        folders::replace(file, text.as_bytes())
            .map_err(|error| Fault::broken(format!("cannot write the report {}: {error}", file.display())))
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sink").field("format", &self.format.name).field("file", &self.file).finish()
    }
}

/// The requested reports of a run; where GitHub runs labproof, also GitHub's own, unless standard output is for a program.
#[must_use]
pub fn with_default(mut sinks: Vec<Sink>) -> Vec<Sink> {
    let is_for_program = sinks.iter().any(|sink| sink.is_stdout() && !sink.format.is_for_people);
    let has_it = sinks.iter().any(|sink| sink.format.name == GITHUB);
    if progress::is_read_by_github() && !is_for_program && !has_it {
        sinks.extend(Sink::parse(GITHUB, ReportSubject::Run));
    }
    sinks
}

/// The help text of the option `--report`.
#[must_use]
pub fn help(subject: ReportSubject) -> String {
    let (people, files) = (names(subject, true).join(", "), names(subject, false));
    let (last, others) = files.split_last().map_or(("", &[][..]), |(last, others)| (*last, others));
    let files = format!("{} or {last}", others.join(", "));
    let (what, default) = match subject {
        ReportSubject::Grade => ("How to report one submission", ""),
        ReportSubject::Run => ("How to report", "; in GitHub Actions, github is added"),
    };
    format!(
        "{what}, may be given several times: {people}, or NAME=FILE, where NAME is {files}, and FILE may be - for \
         standard output{default}"
    )
}

fn expected(subject: ReportSubject) -> String {
    let (people, files) = (names(subject, true).join(", "), names(subject, false).join(", "));
    format!("expected {people} or NAME=FILE, where NAME is one of {files}")
}

/// The names of the formats that report this: those for people, or those for programs.
#[must_use]
pub fn names(subject: ReportSubject, is_for_people: bool) -> Vec<&'static str> {
    let formats = of(subject).filter(|format| format.is_for_people == is_for_people);
    formats.map(|format| format.name).collect()
}

fn of(subject: ReportSubject) -> impl Iterator<Item = &'static ReportFormat> {
    FORMATS.iter().filter(move |format| format.subjects.contains(&subject))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_a_name_and_a_file() {
        let sink = Sink::parse("gradescope=a=b.json", ReportSubject::Grade).unwrap();
        assert_eq!((sink.format.name, sink.file), ("gradescope", Some("a=b.json".into())));
        assert!(Sink::parse("learner", ReportSubject::Grade).unwrap().is_stdout());
        assert!(Sink::parse("json=-", ReportSubject::Run).unwrap().is_stdout());
        assert_eq!(Sink::parse("html=x.html", ReportSubject::Run).unwrap().format.name, "page");
        for wrong in ["gradescope", "gradescope=", "learner=x", "marks=x", "page=x", ""] {
            assert!(Sink::parse(wrong, ReportSubject::Grade).unwrap_err().contains("expected"), "{wrong}");
        }
        assert!(Sink::parse("csv=x", ReportSubject::Run).unwrap_err().ends_with("one of json, junit, page"));
    }

    #[test]
    fn what_a_format_needs_is_asked_for_before_anything_runs() {
        let check = |text| Sink::parse(text, ReportSubject::Grade).unwrap().check();
        assert!(check("csv=x").is_ok());
        if std::env::var_os("CLASSROOM").is_none() {
            assert!(check("classroom50=x").unwrap_err().reason.contains("is not set"));
        }
    }

    #[test]
    fn no_format_of_a_subject_is_hidden_by_another() {
        for subject in [ReportSubject::Run, ReportSubject::Grade] {
            let names: Vec<&str> = of(subject).map(|format| format.name).collect();
            assert_eq!(names.len(), names.iter().collect::<std::collections::BTreeSet<_>>().len());
        }
    }
}
