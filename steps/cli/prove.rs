//! `labproof prove`: whether the grading of labs is right.

use clap::Args;

use super::{
    exit::Status,
    grade::{Live, Running},
};
use crate::{
    grade,
    progress::Progress,
    project::{Project, lab_name},
    prove,
    report::Report,
    run::plan,
    submission::Submission,
    verdict::Outcome,
};

/// Which labs' grading to prove, and how.
#[derive(Debug, Args)]
pub(super) struct Prove {
    /// Labs by name; all that are graded where none is given
    #[arg(value_name = "LAB")]
    labs: Vec<String>,
    #[command(flatten)]
    running: Running,
}

impl Prove {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        let project = Project::find()?;
        let labs = self.labs(&project)?;
        if labs.is_empty() {
            anstream::eprintln!("error: no lab is graded\n  hint: docs/grading.md tells how a lab is made gradable");
            return Ok(Status::Nothing);
        }
        let mut status = Status::Passed;
        for lab in labs {
            let lab = grade::lab(&project, &lab)?;
            let attempts = prove::attempts(&lab)?;
            let submissions: Vec<Submission> = attempts.iter().map(|attempt| attempt.submission.clone()).collect();
            let (options, live) = (self.running.options(), |_| Live(progress.clone()));
            let (ended, reports) = grade::run(&project, &lab, submissions, options, live, progress).await?;
            if ended.interrupted {
                return Ok(Status::Interrupted);
            }
            let problems = prove::problems(&attempts, &reports);
            anstream::println!("{}\n{}", lab.name, prove::matrix(&attempts, &reports));
            for problem in &problems {
                anstream::println!("{problem}");
            }
            let is_broken = |report: &Report| report.summary.broken > 0 || !report.leftovers.is_empty();
            match () {
                () if reports.iter().any(is_broken) => status = Status::Broken,
                () if !problems.is_empty() && status == Status::Passed => status = Status::Failed,
                () => {}
            }
        }
        Ok(status)
    }

    fn labs(&self, project: &Project) -> Outcome<Vec<String>> {
        if !self.labs.is_empty() {
            return Ok(self.labs.clone());
        }
        let mut labs = Vec::new();
        for feature in plan::features(project, &[])? {
            if project.lab(&feature)?.file.submission.is_some() {
                labs.push(lab_name(&feature));
            }
        }
        Ok(labs)
    }
}
