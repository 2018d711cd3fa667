//! `labproof grade`: grades submissions.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Args;

use super::{
    cluster::{Configuration, NodeImages},
    exit::Status,
    log::LogFile,
};
use crate::{
    cluster::kind_cli::Wanted,
    escape,
    grade::{
        self, Batch, GradedLab,
        class::{Grades, Writer},
        live::{self, ClusterTarget},
    },
    images::{
        builder,
        node::{self, NodeTable},
    },
    progress::{self, Progress},
    project::Project,
    report::{
        Report, ScenarioReport,
        format::{self, ReportSubject, Sink},
        points,
    },
    run::{Options, recorder::Listener},
    scene::context::Limits,
    submission::Submission,
    verdict::{Fault, Outcome},
};

/// What to grade, and how.
#[derive(Debug, Args)]
pub(super) struct Grade {
    /// The lab: its name or one of its feature files
    #[arg(value_name = "LAB")]
    lab: String,
    /// The folder of one submission
    #[arg(long, value_name = "DIR", required_unless_present_any = ["class", "live"], conflicts_with_all = ["class", "live"])]
    work: Option<PathBuf>,
    /// Grade what exists in the learner's own cluster (read-only; only scenarios tagged @live)
    #[arg(long, requires = "context", requires = "namespace", conflicts_with = "class")]
    live: bool,
    /// The kubeconfig context of that cluster
    #[arg(long, value_name = "NAME", requires = "live")]
    context: Option<String>,
    /// The namespace to read
    #[arg(long, value_name = "NAME", requires = "live")]
    namespace: Option<String>,
    /// The kubeconfig [default: the one that kubectl uses]
    #[arg(long, value_name = "FILE", requires = "live")]
    kubeconfig: Option<PathBuf>,
    /// A folder with one subfolder for each learner
    #[arg(long, value_name = "DIR")]
    class: Option<PathBuf>,
    /// The folder for the reports of a class; labproof reuses reports in it that are still valid
    #[arg(long, value_name = "DIR", default_value = "grades", requires = "class")]
    out: PathBuf,
    #[arg(long = "report", value_name = "FORMAT", default_value = "terminal", conflicts_with = "class",
        help = format::help(ReportSubject::Grade), value_parser = sink)]
    reports: Vec<Sink>,
    #[command(flatten)]
    running: Running,
}

/// How graded scenarios run.
#[derive(Debug, Args)]
pub(super) struct Running {
    /// How many scenarios run at the same time
    #[arg(long, value_name = "N", default_value_t = Options::default().jobs, value_parser = super::verify::jobs)]
    jobs: usize,
    /// The time limit of a scenario, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 900)]
    timeout: u64,
    /// The time limit of a step, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    step_timeout: u64,
    /// The time limit of the run, in seconds, counted from its first scenario
    #[arg(long, value_name = "SECONDS", default_value_t = 4 * Limits::default().run.as_secs())]
    run_timeout: u64,
    /// The Kubernetes version, such as 1.35; kind-config/nodes.yaml lists them
    #[arg(long, value_name = "VERSION")]
    kubernetes: Option<String>,
    #[command(flatten)]
    images: NodeImages,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    pub(super) log: LogFile,
}

impl Running {
    pub(super) fn options(&self) -> Options {
        let [step, scenario, run] = [self.step_timeout, self.timeout, self.run_timeout].map(Duration::from_secs);
        Options {
            jobs: self.jobs,
            limits: Limits { step, scenario, run },
            configuration: self.configuration.config.clone(),
            wanted: Wanted { node: self.images.choice(self.kubernetes.as_ref()), ..Wanted::default() },
            ..Options::default()
        }
    }
}

/// Prints each scenario of a submission to standard error when it ends.
#[derive(Debug)]
pub(super) struct PrintEach(pub(super) Progress);

impl Listener for PrintEach {
    fn ended(&self, scenario: &ScenarioReport, _: &Report) {
        let whose = escape::line(scenario.submission.as_deref().unwrap_or_default());
        self.0.styled_line(&format!("{whose}: {}", points::line(scenario)));
    }
}

impl Grade {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        self.running.log.begin()?;
        self.reports.iter().for_each(Sink::clear);
        self.reports.iter().try_for_each(Sink::check)?;
        let project = Project::find_with(std::slice::from_ref(&self.lab))?;
        node::check(&project, &self.running.options().wanted.node)?;
        let mut graded = grade::gradable(&project, &self.lab)?;
        progress.line(&format!("grading {}{}", graded.lab.name, escape::line(&graded.lab.file.about())));
        if !self.live {
            graded.lab.builder = builder::available().await?;
        }
        if let (Some(context), Some(namespace)) = (&self.context, &self.namespace) {
            let place = ClusterTarget {
                kubeconfig: self.kubeconfig.clone(),
                context: context.clone(),
                namespace: namespace.clone(),
            };
            let (limits, live) = (self.running.options().limits, PrintEach(progress.clone()));
            let ended = live::run(&project, &graded, &place, limits, live, progress).await?;
            self.tell(&ended.report)?;
            return Ok(judged(&[ended.report], ended.interrupted));
        }
        match (&self.work, &self.class) {
            (Some(work), _) => {
                if !work.is_dir() {
                    return Err(Fault::refused(format!("{} is not a folder", work.display()))
                        .hint("give the folder that contains the learner's files"));
                }
                let submission = grade::read(work, &graded.lab.rules());
                let live = |_| PrintEach(progress.clone());
                let options = self.running.options();
                let batch = Batch { lab: graded, candidates: vec![submission.into()] };
                let (ended, reports) = grade::run(&project, vec![batch], options, live, progress).await?;
                reports.iter().try_for_each(|report| self.tell(report))?;
                Ok(judged(&reports, ended.interrupted))
            }
            (None, Some(class)) => self.class(&project, graded, class, progress).await,
            (None, None) => Ok(Status::Nothing),
        }
    }

    async fn class(&self, project: &Project, graded: GradedLab, class: &Path, progress: &Progress) -> Outcome<Status> {
        let out = Grades::at(&self.out)?;
        let class = grade::class(class)?;
        let rules = graded.lab.rules();
        let folders = class.folders.iter().map(|folder| grade::read(folder, &rules));
        let submissions = folders.chain(class.packed.iter().map(|file| grade::packed(file, &rules)));
        let options = self.running.options();
        let table = NodeTable::read(project, &options.wanted.node)?;
        let kept = |submission: &Submission| {
            out.kept(submission, |version| table.is_chosen(&options.wanted.node, version).unwrap_or(false))
        };
        let (kept, rest): (Vec<_>, Vec<_>) =
            submissions.map(|submission| (kept(&submission), submission)).partition(|(kept, _)| kept.is_some());
        let mut reports: Vec<Report> = kept.into_iter().filter_map(|(report, _)| report).collect();
        if !reports.is_empty() {
            progress.line(&format!("{} already graded; their reports are reused", reports.len()));
        }
        let rest: Vec<_> = rest.into_iter().map(|(_, submission)| submission.into()).collect();
        let mut interrupted = false;
        if !rest.is_empty() {
            let writer = |waiting| Writer::new(out.clone(), waiting, progress.clone());
            let batch = Batch { lab: graded, candidates: rest };
            let (run, new) = grade::run(project, vec![batch], options, writer, progress).await?;
            interrupted = run.interrupted;
            reports.extend(new);
        }
        reports.sort_by(|one, other| name(one).cmp(name(other)));
        out.write_class(&reports)?;
        for report in &reports {
            progress::print(&format!(
                "{}: {}{}\n",
                escape::line(name(report)),
                points::total(report),
                left_alone(report)
            ));
        }
        for other in &class.others {
            progress::eprint_line(&format!("warning: {other} is not a learner's folder, so it is not graded"));
        }
        progress::eprint_line(&format!("open: {}", out.page().display()));
        Ok(judged(&reports, interrupted))
    }

    fn tell(&self, report: &Report) -> Outcome {
        self.reports.iter().try_for_each(|sink| sink.write(report))
    }
}

fn sink(text: &str) -> Result<Sink, String> {
    Sink::parse(text, ReportSubject::Grade)
}

fn name(report: &Report) -> &str {
    report.submission.as_ref().map(|submission| submission.name.as_str()).unwrap_or_default()
}

/// The files that were handed in but not taken.
fn left_alone(report: &Report) -> String {
    let files = report.submission.iter().flat_map(|submission| &submission.ignored);
    let files: Vec<&str> = files.map(String::as_str).filter(|file| !file.starts_with('.')).collect();
    if files.is_empty() {
        String::new()
    } else {
        escape::line(&format!("; not graded, because the lab does not ask for it: {}", files.join(", ")))
    }
}

/// `Passed` if everything was judged, whatever the score.
fn judged(reports: &[Report], interrupted: bool) -> Status {
    match () {
        () if interrupted => Status::Interrupted,
        () if reports.iter().any(|report| report.summary.earned.is_none() || !report.leftovers.is_empty()) => {
            Status::Broken
        }
        () => Status::Passed,
    }
}
