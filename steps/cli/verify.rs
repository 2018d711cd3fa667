//! `labproof verify`: runs labs on the cluster.

use std::{path::PathBuf, sync::Arc, time::Duration};

use clap::{Args, ValueEnum};
use gherkin::tagexpr::TagOperation;
use regex::Regex;
use tokio_util::sync::CancellationToken;

use super::{
    annotate,
    cluster::{Configuration, NodeImages},
    exit::Status,
    fix,
    log::LogFile,
};
use crate::{
    cluster::kind_cli::Wanted,
    escape,
    follow::{self, Page},
    images::node,
    loaded::Loaded,
    progress::{self, Progress},
    project::Project,
    report::{
        Report, ScenarioReport,
        format::{self, ReportSubject, Sink},
    },
    run::{
        self, Options, Run,
        changes::LabFiles,
        interrupt,
        plan::{self, Plan, Selection},
        recorder::Recorder,
        setup,
    },
    scene::context::Limits,
    update::Proposal,
    verdict::{Fault, Outcome},
};

/// Which labs to run, and how.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Lab names, feature files or folders of them [default: all labs]; or course documents, such as page.md
    #[arg(value_name = "LAB")]
    pub(super) labs: Vec<String>,
    /// Run only scenarios whose tags match, such as "@erratum and not @slow"
    #[arg(long, value_name = "EXPRESSION")]
    tags: Option<TagOperation>,
    /// Run only scenarios whose name matches this regular expression
    #[arg(long, value_name = "REGEX")]
    name: Option<Regex>,
    /// How many scenarios run at the same time
    #[arg(long, value_name = "N", default_value_t = Options::default().jobs, value_parser = jobs)]
    jobs: usize,
    /// Run only the I-th of N equal parts
    #[arg(long, value_name = "I/N", value_parser = shard)]
    shard: Option<(usize, usize)>,
    /// Shuffle the scenarios with this seed; the slowest still start first
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// The time limit of a scenario, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().scenario.as_secs())]
    timeout: u64,
    /// The time limit of a step, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().step.as_secs())]
    step_timeout: u64,
    /// The time limit of the run, in seconds, counted from its first scenario
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().run.as_secs())]
    run_timeout: u64,
    /// Keep the namespace and the folder of each scenario that does not pass
    #[arg(long)]
    keep_failed: bool,
    /// Stop starting scenarios after the first that does not pass
    #[arg(long)]
    fail_fast: bool,
    /// Watch the labs' files; after each change, run the affected scenarios again, until Ctrl-C
    #[arg(long)]
    pub(super) watch: bool,
    /// Print a diff that replaces outdated expected texts with what the commands printed; `--update=write` writes it
    #[arg(long, value_name = "HOW", num_args = 0..=1, require_equals = true, default_missing_value = "show",
        conflicts_with = "watch")]
    update: Option<Update>,
    /// Print the safe corrections of documents as a diff; `--fix=FILE` writes it to a file
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-",
        conflicts_with_all = ["watch", "update"])]
    fix: Option<PathBuf>,
    #[arg(long = "report", value_name = "FORMAT", default_value = "terminal",
        help = format::help(ReportSubject::Run), value_parser = sink)]
    reports: Vec<Sink>,
    /// The Kubernetes version, such as 1.35; kind-config/nodes.yaml lists them. Several, such as 1.34,1.35, run in turn
    /// and give one report
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    kubernetes: Vec<String>,
    #[command(flatten)]
    images: NodeImages,
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    pub(super) log: LogFile,
}

impl Verify {
    pub(super) async fn run(self, progress: &Progress) -> Outcome<Status> {
        self.log.begin()?;
        if self.labs.iter().any(|name| follow::is_document(name)) {
            return Box::pin(self.documents(progress)).await;
        }
        if self.fix.is_some() {
            return Err(Fault::refused("--fix corrects documents, not labs").hint("for a lab, use --update"));
        }
        if self.update.is_some() && self.kubernetes.len() > 1 {
            return Err(Fault::refused(
                "--update takes one version of Kubernetes, because each may print another text",
            ));
        }
        let project = Project::find_with(&self.labs)?;
        self.check_versions(&project)?;
        let files = LabFiles::read(&project);
        let plan = self.plan(&project)?;
        if plan.scenarios.is_empty() {
            progress::eprint_line(&nothing_selected(&project));
            return Ok(Status::Nothing);
        }
        let cancelled = interrupt::watch(progress);
        let report = self.each_version(&project, &plan, &cancelled, progress).await?;
        if let Some(update) = self.update {
            update.apply(&Proposal::of(&project, &plan, &report, &files), &project)?;
        }
        Ok(Status::of_run(&report, cancelled.is_cancelled()))
    }

    /// Checks all versions before the first of them runs.
    fn check_versions(&self, project: &Project) -> Outcome {
        self.kubernetes.iter().try_for_each(|version| node::check(project, &self.images.choice(Some(version))))
    }

    /// Runs documents as they are written.
    async fn documents(&self, progress: &Progress) -> Outcome<Status> {
        if let Some(other) = self.labs.iter().find(|name| !follow::is_document(name)) {
            return Err(Fault::refused(format!("{other} is not a document"))
                .hint("run documents and labs one after the other, each with its own command"));
        }
        let is_narrowed = self.tags.is_some() || self.name.is_some() || self.shard.is_some() || self.seed.is_some();
        if is_narrowed || self.watch || self.update.is_some() {
            return Err(Fault::refused("a document runs once, from its first line to its last")
                .hint("leave out --tags, --name, --shard, --seed, --watch and --update"));
        }
        self.fix.as_deref().map_or(Ok(()), fix::can_write)?;
        let project = Project::find_or_here()?;
        self.check_versions(&project)?;
        let pages = self.labs.iter().map(|path| Page::read(&project, path)).collect::<Outcome<Vec<_>>>()?;
        let cancelled = interrupt::watch(progress);
        let begin = |sinks| follow::begin(&pages, sinks, progress);
        let report = self
            .on_each_version(begin, &cancelled, async |options, recorder| {
                follow::verify(project.clone(), &pages, options, recorder, (cancelled.clone(), progress)).await
            })
            .await?;
        if let Some(patch) = &self.fix {
            fix::write(patch, &pages, &report)?;
        }
        Ok(Status::of_run(&report, cancelled.is_cancelled()))
    }

    /// Runs the labs on each requested Kubernetes version, one after the other; the report covers all of them.
    pub(super) async fn each_version(
        &self,
        project: &Project,
        plan: &Plan,
        cancelled: &CancellationToken,
        progress: &Progress,
    ) -> Outcome<Report> {
        let begin =
            |sinks| Recorder::begin(setup::run_name(), plan, sinks, progress.clone()).in_folder(&project.file(""));
        let plan = Arc::new(plan.clone());
        self.on_each_version(begin, cancelled, async |options, recorder| {
            let (project, cancelled, progress) = (project.clone(), cancelled.clone(), progress.clone());
            run::run(Run { project, plan: plan.clone(), options, recorder, cancelled, progress }).await
        })
        .await
    }

    /// Runs on each requested Kubernetes version, one after the other; the report covers all of them.
    async fn on_each_version(
        &self,
        begin: impl Fn(Vec<Sink>) -> Recorder,
        cancelled: &CancellationToken,
        run: impl AsyncFn(Options, Arc<Recorder>) -> Outcome<Report>,
    ) -> Outcome<Report> {
        let reports = format::with_default(self.reports.clone());
        let mut versions = self.kubernetes.iter().peekable();
        let mut earlier = None;
        loop {
            let version = versions.next();
            let is_last = versions.peek().is_none();
            // A report on standard output is written once, after the last version.
            let sinks = reports.iter().filter(|sink| is_last || !sink.is_stdout()).cloned();
            let recorder = begin(sinks.collect());
            let recorder = Arc::new(match version.filter(|_| self.kubernetes.len() > 1) {
                Some(version) => recorder.on_version(version, earlier.take()),
                None => recorder,
            });
            let report = match run(self.options(version), recorder.clone()).await {
                Ok(report) => report,
                Err(fault) if self.kubernetes.len() < 2 => return Err(fault),
                // The report contains the error for each scenario of this version; the next version still runs.
                Err(fault) => {
                    let of_version = version.map(|version| format!("{version}: ")).unwrap_or_default();
                    progress::eprint_line(&format!("error: {of_version}{}", escape::text(&fault.to_string())));
                    recorder.finish(false)
                }
            };
            let stops = self.fail_fast && report.scenarios.iter().any(ScenarioReport::is_bad);
            if is_last || stops || cancelled.is_cancelled() {
                return Ok(report);
            }
            earlier = Some(report);
        }
    }

    /// Selects what to run, and checks everything before the first slow thing.
    fn plan(&self, project: &Project) -> Outcome<Plan> {
        let labs = plan::load(project, &self.labs)?;
        plan::check(project, &labs).inspect_err(|_| annotate::errors(project, &labs))?;
        self.select(&labs)
    }

    /// Selects what to run of labs without errors.
    pub(super) fn select(&self, labs: &[Loaded]) -> Outcome<Plan> {
        let selection = Selection { tags: self.tags.clone(), name: self.name.clone(), shard: self.shard };
        let plan = Plan::select(labs, &selection)?;
        Ok(match self.seed {
            Some(seed) => plan.shuffled(seed),
            None => plan,
        })
    }

    fn options(&self, kubernetes: Option<&String>) -> Options {
        let [step, scenario, run] = [self.step_timeout, self.timeout, self.run_timeout].map(Duration::from_secs);
        Options {
            jobs: self.jobs,
            limits: Limits { step, scenario, run },
            keep_failed: self.keep_failed,
            fail_fast: self.fail_fast,
            goes_on: self.update.is_some(),
            configuration: self.configuration.config.clone(),
            wanted: Wanted { node: self.images.choice(kubernetes), ..Wanted::default() },
        }
    }
}

/// What to do with new expected texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Update {
    // Comments for the documentation would become help, and with it the help of all options would become long.
    Show,
    Write,
}

impl Update {
    fn apply(self, proposal: &Proposal, project: &Project) -> Outcome {
        progress::print(&proposal.difference());
        for note in &proposal.notes {
            progress::eprint_line(&format!("note: {}", escape::line(note)));
        }
        for left in &proposal.left {
            progress::eprint_line(&format!("no new text can be proposed: {}", escape::line(left)));
        }
        let texts = proposal.texts;
        progress::eprint_line(&match self {
            _ if texts == 0 => "no new expected texts".to_owned(),
            Self::Show => format!("new expected texts: {texts}; `--update=write` writes them"),
            Self::Write => format!("new expected texts: {texts}, written to files: {}", proposal.write(project)?),
        });
        Ok(())
    }
}

/// Why nothing runs, and what to do.
fn nothing_selected(project: &Project) -> String {
    let hint = if project.labs().is_ok_and(|labs| labs.is_empty()) {
        "the folder features/ has no lab: `labproof new NAME` writes one"
    } else {
        "change --tags or --name, which limit the selection; `labproof check` counts all scenarios"
    };
    format!("error: no scenario was selected\n  hint: {hint}")
}

fn sink(text: &str) -> Result<Sink, String> {
    Sink::parse(text, ReportSubject::Run)
}

pub(super) fn jobs(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|jobs| *jobs > 0).ok_or_else(|| "expected a number of at least 1".into())
}

fn shard(text: &str) -> Result<(usize, usize), String> {
    let parts = text.split_once('/').and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    parts.filter(|(part, parts)| (1..=*parts).contains(part)).ok_or_else(|| "expected I/N, such as 1/3".into())
}
