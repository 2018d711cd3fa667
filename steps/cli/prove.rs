//! `labproof prove`: tests whether the grading of labs is right.

use clap::Args;

use super::{
    exit::Status,
    grade::{PrintEach, Running},
};
use crate::{
    escape,
    grade::{self, GradedLab},
    images::builder,
    progress::{self, Progress},
    project::Project,
    prove::{self, mutants},
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
        let mut status = Status::Passed;
        for lab in labs {
            let mut graded = grade::gradable(&project, &lab)?;
            graded.lab.builder = builder::available().await?;
            let of_lab = if self.mutants {
                self.mutants(&project, &graded, progress).await?
            } else {
                self.attempts(&project, &graded, progress).await?
            };
            match (status, of_lab) {
                (_, Status::Interrupted) => return Ok(Status::Interrupted),
                (Status::Passed | Status::Failed, Status::Broken) | (Status::Passed, Status::Failed) => status = of_lab,
                _ => {}
            }
        }
        Ok(status)
    }

    async fn attempts(&self, project: &Project, graded: &GradedLab, progress: &Progress) -> Outcome<Status> {
        let attempts = prove::attempts(&graded.lab)?;
        let candidates = attempts.iter().map(|attempt| attempt.submission.clone().into()).collect();
        let (ended, reports) =
            grade::run(project, graded, candidates, self.running.options(), |_| PrintEach(progress.clone()), progress)
                .await?;
        let matrix = escape::text(&prove::matrix(&attempts, &reports));
        progress::print(&format!("{}\n{matrix}\n", graded.lab.name));
        Ok(conclude(&prove::problems(&attempts, &reports), &reports, ended.interrupted))
    }

    async fn mutants(&self, project: &Project, graded: &GradedLab, progress: &Progress) -> Outcome<Status> {
        let lab = &graded.lab;
        let mutants = mutants::of(lab, &prove::own(lab)?);
        let candidates = mutants
            .iter()
            .map(|mutant| Candidate { submission: mutant.submission.clone(), only_with: Some(mutant.file.clone()) })
            .collect();
        let (ended, reports) =
            grade::run(project, graded, candidates, self.running.options(), |_| PrintEach(progress.clone()), progress)
                .await?;
        let survivors = lab.file.submission.as_ref().map(|asked| asked.survivors.clone()).unwrap_or_default();
        let problems = mutants::problems(&mutants, &reports, &survivors);
        progress::print_line(&format!(
            "{}: {} mutants, {} explained survivors",
            lab.name,
            mutants.len(),
            survivors.len()
        ));
        Ok(conclude(&problems, &reports, ended.interrupted))
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

/// Prints the problems, and returns the exit status.
fn conclude(problems: &[String], reports: &[Report], interrupted: bool) -> Status {
    for problem in problems {
        progress::print(&(escape::text(problem) + "\n"));
    }
    match () {
        () if interrupted => Status::Interrupted,
        () if reports.iter().any(|report| report.summary.broken > 0 || !report.leftovers.is_empty()) => Status::Broken,
        () if problems.is_empty() => Status::Passed,
        () => Status::Failed,
    }
}
