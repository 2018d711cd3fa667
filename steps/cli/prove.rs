//! `labproof prove`: tests whether the grading of labs is right.

use clap::Args;

use super::{
    exit::Status,
    grade::{PrintEach, Running},
};
use crate::{
    escape,
    grade::{self, Batch},
    images::builder,
    progress::{self, Progress},
    project::{Lab, Project},
    prove::{
        self, Attempt,
        mutants::{self, Mutant},
    },
    report::Report,
    run::candidate::Candidate,
    verdict::Outcome,
};

/// Which labs' grading to prove, and how.
#[derive(Debug, Args)]
pub(super) struct Prove {
    /// Lab names, feature files or folders of them [default: all graded labs]
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
    /// Change each value in the labs' own manifests in turn, and list the changes that fail no scenario
    #[arg(long)]
    mutants: bool,
    #[command(flatten)]
    running: Running,
}

impl Prove {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        self.running.log.begin()?;
        let project = Project::find_with(&self.labs)?;
        let labs = self.labs(&project)?;
        if labs.is_empty() {
            progress::eprint_line(
                "error: no lab is graded\n  hint: `labproof new NAME` writes a graded lab, which shows how",
            );
            return Ok(Status::Nothing);
        }
        let (mut batches, mut trials) = (Vec::new(), Vec::new());
        for lab in labs {
            let mut graded = grade::gradable(&project, &lab)?;
            graded.lab.builder = builder::available().await?;
            let of_lab = Trials::of(&graded.lab, self.mutants)?;
            batches.push(Batch { candidates: of_lab.candidates(), lab: graded.clone() });
            trials.push((graded.lab, of_lab));
        }
        let live = |_| PrintEach(progress.clone());
        let (ended, mut reports) = grade::run(&project, batches, self.running.options(), live, progress).await?;
        let mut status = Status::Passed;
        for (lab, of_lab) in trials {
            let rest = reports.split_off(of_lab.candidates().len());
            if ended.interrupted && reports.iter().any(|report| !report.finished) {
                break;
            }
            let of_lab = conclude(&of_lab.judge(&lab, &reports), &reports);
            reports = rest;
            if of_lab == Status::Broken || status == Status::Passed {
                status = of_lab;
            }
        }
        Ok(if ended.interrupted { Status::Interrupted } else { status })
    }

    fn labs(&self, project: &Project) -> Outcome<Vec<String>> {
        let mut labs = Vec::new();
        for named in project.named(&self.labs)? {
            let lab = project.lab(&named.features)?;
            let is_graded = lab.file.submission.is_some() && lab.has_grading();
            // If the user names a lab that is not graded, it stays in the list, and `gradable` reports why.
            if is_graded || !self.labs.is_empty() {
                labs.push(lab.name);
            }
        }
        Ok(labs)
    }
}

/// What a lab's grading is tested with.
enum Trials {
    Attempts(Vec<Attempt>),
    Mutants(Vec<Mutant>),
}

impl Trials {
    fn of(lab: &Lab, mutants: bool) -> Outcome<Self> {
        Ok(if mutants {
            Self::Mutants(mutants::of(lab, &prove::own(lab)?))
        } else {
            Self::Attempts(prove::attempts(lab)?)
        })
    }

    fn candidates(&self) -> Vec<Candidate> {
        match self {
            Self::Attempts(attempts) => attempts.iter().map(|attempt| attempt.submission.clone().into()).collect(),
            Self::Mutants(mutants) => mutants
                .iter()
                .map(|Mutant { submission, file, .. }| Candidate {
                    submission: submission.clone(),
                    only_with: Some(file.clone()),
                })
                .collect(),
        }
    }

    /// Prints what the trials of this lab showed, and returns the problems.
    fn judge(&self, lab: &Lab, reports: &[Report]) -> Vec<String> {
        match self {
            Self::Attempts(attempts) => {
                let matrix = escape::text(&prove::matrix(attempts, reports));
                progress::print(&format!("{}\n{matrix}\n", lab.name));
                for reason in prove::reasons(attempts, reports) {
                    progress::print_line(&escape::text(&reason));
                }
                prove::problems(attempts, reports)
            }
            Self::Mutants(mutants) => {
                let explained = lab.file.submission.as_ref().map(|asked| asked.survivors.clone()).unwrap_or_default();
                let (name, all) = (&lab.name, mutants.len());
                progress::print_line(&format!(
                    "{name}: {all} mutants; lab.yaml explains {} survivors",
                    explained.len()
                ));
                mutants::problems(mutants, reports, &explained)
            }
        }
    }
}

/// Prints the problems, and returns the exit status.
fn conclude(problems: &[String], reports: &[Report]) -> Status {
    for problem in problems {
        progress::print(&(escape::text(problem) + "\n"));
    }
    match () {
        () if reports.iter().any(|report| report.summary.broken > 0 || !report.leftovers.is_empty()) => Status::Broken,
        () if problems.is_empty() => Status::Passed,
        () => Status::Failed,
    }
}
