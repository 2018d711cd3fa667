//! Proposes new expected texts for steps that saw others, as a diff of files; writes them if told to.
//!
//! It only changes texts below steps and files of expected texts, and only if the step would then pass.

mod line;
mod place;
mod text;
mod volatile;

use std::{collections::BTreeMap, fs, path::PathBuf};

use similar::TextDiff;

use self::{place::Block, text::Line};
use crate::{
    check::coverage,
    escape,
    loaded::expected,
    project::{EXPECTED, Project},
    report::{Report, ScenarioReport, StepReport},
    run::{
        changes::LabFiles,
        plan::{Plan, Planned},
    },
    verdict::{Fault, Instead, Outcome, Verdict},
    vocabulary::Step,
};

/// The new files, and what else there is to say.
#[derive(Clone, Debug, Default)]
pub struct Proposal {
    /// The files, relative to the project.
    files: BTreeMap<PathBuf, New>,
    /// How many texts are new.
    pub texts: usize,
    /// The steps for which nothing can be proposed, each with the reason.
    pub left: Vec<String>,
    /// What to know before the texts are accepted.
    pub notes: Vec<String>,
}

/// A file before and after.
#[derive(Clone, Debug)]
struct New {
    before: String,
    after: String,
}

/// An expected text, which several steps may share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    file: PathBuf,
    /// The line of the step; `None` if the file contains nothing but the text.
    step: Option<usize>,
}

/// A step of a scenario that ran.
struct Ran<'a> {
    planned: &'a Planned,
    scenario: &'a ScenarioReport,
    step: &'a Step,
    report: &'a StepReport,
}

impl Proposal {
    /// Reads what was seen from the report of the run of `plan`. `files` are the files as they were before the run.
    #[must_use]
    pub fn of(project: &Project, plan: &Plan, report: &Report, files: &LabFiles) -> Self {
        let mut proposal = Self::default();
        let changed = LabFiles::read(project).changed_since(files);
        let version = report.cluster.as_ref().map(|cluster| cluster.kubernetes.as_str()).unwrap_or_default();
        let mut targets: BTreeMap<Target, Vec<Ran<'_>>> = BTreeMap::new();
        for ran in steps(plan, report) {
            match Target::of(project, &ran) {
                Some(target) => targets.entry(target).or_default().push(ran),
                None => proposal.leave(&ran, ran.report.reason.as_deref().unwrap_or_default()),
            }
        }
        // The last text of a file comes first, so that the lines of the others stay.
        for (target, ran) in targets.into_iter().rev() {
            let Some((first, instead)) = ran.iter().find_map(|ran| Some((ran, ran.report.instead.as_deref()?))) else {
                for ran in &ran {
                    proposal.leave(ran, ran.report.reason.as_deref().unwrap_or_default());
                }
                continue;
            };
            let new = if changed.contains(&target.file) {
                Err(format!("{} changed during the run: run again", target.file.display()))
            } else {
                proposal.changed(project, &target, &ran, first, instead, version)
            };
            match new {
                Ok(new) => proposal.accept(target.file, new, &ran),
                Err(why) => proposal.leave(first, &why),
            }
        }
        proposal.left.reverse();
        proposal.notes.reverse();
        proposal
    }

    /// The differences of the files in the unified format, for `git apply` and `patch -p1`.
    #[must_use]
    pub fn difference(&self) -> String {
        let differences = self.files.iter().map(|(file, New { before, after })| {
            let file = escape::line(&file.display().to_string());
            let (from, to) = (format!("a/{file}"), format!("b/{file}"));
            let difference = TextDiff::from_lines(before, after).unified_diff().header(&from, &to).to_string();
            difference.split_inclusive('\n').map(printable).collect::<String>()
        });
        differences.collect()
    }

    /// Writes the new files, and returns how many.
    ///
    /// # Errors
    /// `broken` if a file cannot be written, `refused` if one has changed since the run.
    pub fn write(&self, project: &Project) -> Outcome<usize> {
        let current = |path: &PathBuf| fs::read_to_string(project.file(path)).ok();
        if let Some((file, _)) = self.files.iter().find(|(file, new)| current(file).as_ref() != Some(&new.before)) {
            return Err(Fault::refused(format!("{} changed after the run: run again", file.display())));
        }
        for (file, New { after, .. }) in &self.files {
            fs::write(project.file(file), after)
                .map_err(|error| Fault::broken(format!("cannot write {}: {error}", file.display())))?;
        }
        Ok(self.files.len())
    }

    /// The file with the new text. All steps that share the text must agree about it.
    fn changed(
        &self,
        project: &Project,
        target: &Target,
        all: &[Ran<'_>],
        first: &Ran<'_>,
        instead: &Instead,
        version: &str,
    ) -> Result<New, String> {
        if let Some(other) = all.iter().find(|ran| ran.report.instead.is_none()) {
            let passed = if other.report.verdict == Verdict::Passed { "passed" } else { "did not run" };
            return Err(format!("{} expects the same text, and {passed}", other.place()));
        }
        let before = fs::read_to_string(project.file(&target.file)).map_err(|error| error.to_string())?;
        let current = self.files.get(&target.file).map_or(&before, |new| &new.after);
        let block = match target.step {
            Some(step) => Block::below(current, step).ok_or("the step has no text in its file")?,
            None => Block::whole(current),
        };
        let written = block.text();
        let (here, read) = (written.join("\n"), first.step.written.docstring.as_deref().unwrap_or_default());
        if !here.trim_end().lines().eq(read.trim_end().lines()) {
            return Err("its text contains placeholders of an outline".into());
        }
        let written: Vec<&str> = written.iter().map(String::as_str).collect();
        let of = |ran: &Ran<'_>, instead: &Instead| {
            text::changed(&written, instead, version, ran.scenario.namespace.as_deref())
        };
        let new: Vec<Line> = of(first, instead)?;
        let differs =
            |ran: &&Ran<'_>| ran.report.instead.as_ref().is_some_and(|other| of(ran, other).as_ref() != Ok(&new));
        if let Some(other) = all.iter().find(differs) {
            return Err(format!("{} expects the same text, but saw another one", other.place()));
        }
        Ok(New { after: block.with(&new), before })
    }

    fn accept(&mut self, file: PathBuf, new: New, all: &[Ran<'_>]) {
        self.files.insert(file, new);
        self.texts += 1;
        for ran in all {
            if let Some(kind) = ran.kind() {
                let name = &ran.planned.scenario.name;
                self.notes.push(format!("{}: the scenario \"{name}\" {kind}", ran.place()));
            }
        }
    }

    fn leave(&mut self, ran: &Ran<'_>, why: &str) {
        if ran.report.verdict != Verdict::Passed && ran.report.verdict != Verdict::Skipped {
            self.left.push(format!("{}: {}", ran.place(), why.lines().next().unwrap_or_default()));
        }
    }
}

impl Target {
    /// The text that a step expects; `None` if it expects none.
    fn of(project: &Project, ran: &Ran<'_>) -> Option<Self> {
        ran.step.written.docstring.as_ref()?;
        let feature = PathBuf::from(&ran.planned.feature);
        Some(match expected::named_by(ran.step) {
            Some(name) => {
                let file = ran.planned.lab.folder.join(EXPECTED).join(name);
                Self { file: PathBuf::from(project.shown(&file)), step: None }
            }
            None => Self { file: feature, step: Some(ran.report.line) },
        })
    }
}

impl Ran<'_> {
    fn place(&self) -> String {
        format!("{}:{}", self.planned.feature, self.report.line)
    }

    /// What makes a change of this scenario's texts more than a correction.
    fn kind(&self) -> Option<&'static str> {
        match () {
            () if self.planned.grading.is_graded() => Some("is graded: the new text changes what earns its points"),
            () if coverage::is_erratum(&self.planned.scenario) => {
                Some("is tagged @erratum: the new text changes what it says about the document")
            }
            () => None,
        }
    }
}

/// All steps of the scenarios that ran.
fn steps<'a>(plan: &'a Plan, report: &'a Report) -> Vec<Ran<'a>> {
    let of = |planned: &'a Planned| {
        let scenario = report.scenarios.iter().find(|scenario| scenario.id == planned.id)?;
        let steps = planned.scenario.steps.iter().zip(&scenario.steps);
        Some(steps.map(move |(step, report)| Ran { planned, scenario, step, report }))
    };
    plan.scenarios.iter().filter_map(of).flatten().collect()
}

/// A line of a difference that is safe to print; its line end stays.
fn printable(line: &str) -> String {
    let text = line.trim_end_matches(['\r', '\n']);
    escape::text(text) + &line[text.len()..]
}

#[cfg(test)]
mod tests;
