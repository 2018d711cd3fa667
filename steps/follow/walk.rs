//! Goes through the acts of a document, and reports each.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::{
    Page,
    cause::Blocker,
    failure, place,
    proxy::Proxy,
    repair,
    result::{self, ActResult, ActVerdict},
    said,
};
use crate::{
    document::{
        blanks,
        defect::Defect,
        judge::{Seen, World, outdated},
        names,
        review::runs::of_deployments,
        safety::{self, ReaderTerminal, WhyNotRun},
        story::{self, Act, Deed, ProseRole, Runs, ShownOutput, Typed},
    },
    endpoint,
    expression::regex,
    images,
    run::{Run, perform},
    scene::Scene,
    terminal::dialogue::Dialogue,
    verdict::{Fault, Verdict},
};

/// How long a command of labproof's own may take.
pub(super) const SHORT_LIMIT: std::time::Duration = std::time::Duration::from_mins(1);

/// A walk through one document.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    pub(super) scene: Scene,
    pub(super) world: World,
    /// The objects that the document has made so far, each as `kind/name`.
    pub(super) objects: BTreeSet<String>,
    /// The first name in the last listing of each kind, and the namespace that its command names.
    pub(super) listed: BTreeMap<String, (String, Option<String>)>,
    /// The kind of the last listing of Pods or Services.
    pub(super) last_listed: Option<String>,
    /// The names that `kubectl run` gave to Deployments once.
    old_runs: BTreeSet<String>,
    /// Programs that go on until the document is over.
    pub(super) background: Vec<Job>,
    /// The block of the command before.
    pub(super) block_before: Option<usize>,
    /// The same, if the block does not show what that command prints: a reader copies both at once.
    pub(super) typed_before: Option<usize>,
    /// What is left of the output that the commands of a block share.
    pub(super) shared: Option<ShownOutput>,
    /// What the commands since the last shown output have printed.
    pub(super) unshown: Vec<Seen>,
    /// What the commands so far mean for those that follow.
    pub(super) terminal: ReaderTerminal,
    /// The lines of all commands.
    pub(super) lines: Vec<Vec<String>>,
    pub(super) page: &'a Page,
    /// What its commands reach in place of the engine.
    proxy: Option<Proxy>,
    run: &'a Run,
    causes: Vec<Blocker>,
    /// The failures so far, each with the line of its act.
    pub(super) reported: BTreeMap<String, usize>,
    is_bad: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn begin(scene: Scene, page: &'a Page, run: &'a Run) -> Self {
        let namespace = if scene.namespace == "default" { String::new() } else { scene.namespace.clone() };
        let nodes: BTreeSet<String> =
            scene.context.cluster.own().map(|cluster| cluster.nodes().iter().cloned().collect()).unwrap_or_default();
        let terminal = page.terminal(nodes.clone());
        let world = World { namespace, nodes, node_ports: page.node_ports(), ..World::default() };
        Self {
            scene,
            world,
            objects: BTreeSet::new(),
            listed: BTreeMap::new(),
            last_listed: None,
            old_runs: of_deployments(&page.story).into_keys().collect(),
            background: Vec::new(),
            block_before: None,
            typed_before: None,
            shared: None,
            unshown: Vec::new(),
            terminal,
            lines: page.texts().iter().map(|text| safety::lines(text)).collect(),
            page,
            proxy: None,
            run,
            causes: Vec::new(),
            reported: BTreeMap::new(),
            is_bad: false,
        }
    }

    /// Performs all acts; the first has this index in the report.
    pub(super) async fn all(&mut self, first: usize) {
        if let Err(fault) = self.prepare().await {
            return result::obstruct(&self.run.recorder, self.page, first, &fault);
        }
        for (index, act) in self.page.story.acts.iter().enumerate() {
            let began = result::now();
            self.run.progress.detail(&format!("line {}: {}", act.line, act.name()));
            self.share(act);
            let ended = self.perform(act).await;
            let mut ended = self.settled(act, ended, began.1).await.or_drift().doubted(&act.doubts);
            if let Deed::Type(Typed { expected: Some(expected), .. }) = &act.deed
                && (ended.verdict.is_open() || ended.is_undone)
            {
                ended = ended.doubted(outdated(expected).as_slice());
            }
            self.is_bad |= ended.verdict.is_bad();
            if let Deed::Type(typed) = &act.deed {
                self.block_before = Some(act.block);
                let is_shown = typed.expected.as_ref().is_some_and(|expected| !expected.is_shared);
                self.typed_before = (!is_shown).then_some(act.block);
            }
            self.run.recorder.images(self.scene.context.images_used());
            self.run.recorder.ended(first + index, result::entry(self.page, act, &ended, began));
        }
    }

    /// Whether an act was not as the document says.
    pub(super) fn is_bad(&self) -> bool {
        self.is_bad
    }

    /// The scene, to be removed.
    pub(super) fn done(self) -> Scene {
        self.scene
    }

    /// Finds the output that the commands of an act's block share, at the first of them.
    fn share(&mut self, act: &Act) {
        let is_next = self.block_before != Some(act.block);
        if is_next {
            let of_block = self.page.story.acts.iter().filter(|other| other.block == act.block);
            self.shared = of_block.into_iter().find_map(|other| match &other.deed {
                Deed::Type(typed) => typed.expected.clone().filter(|expected| expected.is_shared),
                _ => None,
            });
        }
    }

    async fn perform(&mut self, act: &Act) -> ActResult {
        match &act.deed {
            Deed::Leave(command, why @ WhyNotRun::Unsafe(_)) => left(why).noted(self.choose_namespace(command)),
            Deed::Leave(lines, WhyNotRun::Edit(edit)) => self.insert(lines, edit).await,
            Deed::Leave(command, why @ WhyNotRun::Interactive(_)) => self.instead_of_editing(command, why).await,
            Deed::Leave(_, why) => left(why),
            Deed::Say(_) => ActResult::well(),
            Deed::Write(source) => {
                if let Some(name) = &source.name {
                    self.terminal.keep(name, &source.text);
                }
                self.write(&source.mended(act)).await
            }
            Deed::Offer(source) if source.is_applied => self.offer(&source.mended(act), self.namespace_for(act)).await,
            Deed::Offer(source) => self.offer(source, None).await,
            Deed::Type(typed) => {
                if !typed.is_inside {
                    self.leave_shell().await;
                }
                if self.end_job(&typed.command).await {
                    return ActResult::well();
                }
                match typed.runs {
                    Runs::EndsShell => {
                        self.leave_shell().await;
                        ActResult::well()
                    }
                    Runs::AsShell => self.open_shell(act, typed).await,
                    Runs::OnAndOn => self.start(act, typed).await,
                    Runs::ToItsEnd if typed.is_inside => self.type_inside(typed).await,
                    Runs::ToItsEnd => self.type_here(act, typed).await,
                }
            }
        }
    }

    /// Gives the next commands the namespace that a command chooses, which is not typed. Returns what to note about it.
    fn choose_namespace(&self, command: &str) -> Vec<String> {
        let Some(name) = safety::chosen_namespace(command) else { return Vec::new() };
        let own = if name == "default" { &self.scene.namespace } else { &name };
        match self.scene.use_namespace(own) {
            Ok(()) => vec![format!("labproof uses the namespace {name} for the commands that follow")],
            Err(fault) => vec![fault.reason],
        }
    }

    /// The result with what is known beyond the act: an earlier failure that caused it, or a cluster that is away.
    async fn settled(&mut self, act: &Act, mut ended: ActResult, began: std::time::Instant) -> ActResult {
        ended.line = self.line_of(act, &ended).or(ended.line);
        if !ended.verdict.is_bad() {
            // The tab that is followed does the same.
            if ended.verdict == ActVerdict::NotRun && !act.is_of_other_tab() {
                self.causes.push(Blocker::of(act, &self.page.story.acts));
            }
            self.causes.extend(Blocker::of_doubts(act, &self.page.story.acts));
            Blocker::forget(&mut self.causes, act);
            return ended;
        }
        if let Some(cause) = Blocker::behind(&self.causes, act, &ended, &self.page.story.acts) {
            let why = format!("it depends on line {}, which did not succeed", cause.line);
            return ActResult {
                blocked_by: Some(format!("line {}: {}", cause.line, cause.name)),
                verdict: ActVerdict::NotJudged,
                reason: Some(why),
                ..ended
            };
        }
        if let Some(why) = self.is_left_to_the_reader(act, &ended) {
            self.causes.push(Blocker::of(act, &self.page.story.acts));
            return ActResult { hint: None, ..ActResult::of(ActVerdict::NotRun, why).noted(ended.notes) };
        }
        if let Some(why) = self.lacks(act, &ended).await {
            self.causes.push(Blocker::of(act, &self.page.story.acts));
            return ActResult { verdict: ActVerdict::Environment, reason: Some(why), hint: None, ..ended };
        }
        if let Some(line) = self.reported_before(act, &ended) {
            let why = format!("the same mistake as in line {line}");
            return ActResult { verdict: ActVerdict::NotJudged, reason: Some(why), hint: None, ..ended };
        }
        // A field that the server does not know is not changed.
        if ended.is_undone || ended.said.contains("Warning: unknown field \"") {
            self.causes.push(Blocker::of(act, &self.page.story.acts));
        }
        let failed = Err(Fault::failed(ended.reason.clone().unwrap_or_default()));
        let (cluster, context) = (self.scene.cluster.clone(), self.scene.context.clone());
        match perform::whose_fault(&cluster, &context, (self.scene.begun(), began), failed).await {
            Err(fault) if fault.verdict == Verdict::Broken => ActResult::from_fault(fault),
            _ if ended.verdict == ActVerdict::Defect(Defect::Mistake) => {
                let ended = self.with_selector(act, ended).await;
                self.with_probe(act, ended).await
            }
            _ => ended,
        }
    }

    /// What this machine or its cluster lacks, so that an act is not as the document says.
    async fn lacks(&mut self, act: &Act, ended: &ActResult) -> Option<String> {
        if let Some(why) = self.lacks_a_program(act, ended).or_else(|| Self::lacks_a_folder(act, ended)) {
            return Some(why);
        }
        if let Some(why) = self.lacks_a_server(ended).await {
            return Some(why);
        }
        match &act.deed {
            Deed::Type(typed) if ended.verdict == ActVerdict::Defect(Defect::Mistake) => {
                self.lacks_what_readers_have(typed, ended).await
            }
            _ => None,
        }
    }

    /// The line of a manifest that the server's message is about.
    fn line_of(&self, act: &Act, ended: &ActResult) -> Option<usize> {
        let is_offered = matches!(act.deed, Deed::Offer(_)) && ended.is_undone;
        if !ended.is_failure && !is_offered {
            return None;
        }
        let index = self.page.story.acts.iter().position(|other| std::ptr::eq(other, act)).unwrap_or(0);
        let acts = &self.page.story.acts[if is_offered { index } else { 0 }..=index];
        place::of_message(&ended.said, acts)
    }

    /// Why a command failed that a container does not have, or not as the document means it, if its image is a stand-in.
    fn lacks_a_program(&self, act: &Act, ended: &ActResult) -> Option<String> {
        let images = self.scene.context.images_used();
        if let Deed::Type(typed) = &act.deed
            && let Some(why) = images::lacking::answers_otherwise(&typed.command, &images)
        {
            return Some(why);
        }
        if let Some(plugin) = failure::unknown_plugin(&ended.said)
            && ["plugin", "krew"].iter().any(|word| self.page.text.to_lowercase().contains(word))
        {
            return Some(format!("this machine has no plugin kubectl-{plugin}"));
        }
        if ended.is_failure { images::lacking::explained(&ended.said, &images) } else { None }
    }

    /// The line of an earlier act that failed for the same reason: one mistake counts once.
    fn reported_before(&mut self, act: &Act, ended: &ActResult) -> Option<usize> {
        // Each line with a wrong option must be mended.
        let is_own = |message: &&str| {
            message.contains("already exists")
                || failure::is_final(message)
                || repair::not_found(message).is_some_and(|(_, name)| names::is_kind(name))
        };
        let message = said::message(&ended.said).filter(|message| ended.is_failure && !is_own(message))?;
        let key =
            repair::not_found(message).map_or_else(|| message.to_owned(), |(kind, name)| format!("{kind}/{name}"));
        let line = *self.reported.entry(key).or_insert(act.line);
        (line != act.line).then_some(line)
    }

    /// Learns which objects a command has made.
    pub(super) fn learn_objects(&mut self, typed: &Typed, stdout: &str) {
        static MADE: LazyLock<Regex> =
            LazyLock::new(|| regex(r"(?m)^([a-z]+)(?:\.[\w.]+)?/([\w.-]+) (?:created|configured|exposed|unchanged)"));
        let command = &typed.command;
        let listed = blanks::listed(command, stdout);
        if let [(kind, _)] = listed.as_slice()
            && ["pod", "service"].contains(&kind.as_str())
        {
            self.last_listed = Some(kind.clone());
        }
        let namespace = blanks::namespace_of(command);
        self.listed.extend(listed.into_iter().map(|(kind, name)| (kind, (name, namespace.clone()))));
        let made = || MADE.captures_iter(stdout);
        self.objects.extend(made().map(|found| format!("{}/{}", &found[1], &found[2])));
        let pods = made().filter(|found| &found[1] == "pod").map(|found| found[2].to_owned());
        self.world.pods_of_runs.extend(pods.filter(|name| self.old_runs.contains(name)));
        if typed.role == ProseRole::OtherWay {
            let created = made().filter(|found| found[0].ends_with(" created"));
            self.world.asides.extend(created.map(|found| found[2].to_owned()));
        }
        if command.contains("kubectl delete") {
            // What is deleted is no longer there to be named in advice.
            self.objects.retain(|object| {
                !object.split_once('/').is_some_and(|(_, name)| stdout.contains(&format!("\"{name}\"")))
            });
        }
    }

    /// Puts a proxy between the commands and the engine, if the engine has a socket on this machine.
    async fn open_proxy(&mut self) -> Result<(), Fault> {
        let Some(engine) = endpoint::socket() else {
            let note = "the engine is on another machine: the commands of a document reach it unchecked";
            self.run.recorder.note(note.into());
            return Ok(());
        };
        let run = self.scene.context.run.clone();
        let shared = [self.scene.home()];
        let proxy = Proxy::open(self.scene.folder(), engine, &run, self.world.nodes.clone(), &shared).await?;
        self.scene.use_engine_at(proxy.socket());
        self.proxy = Some(proxy);
        Ok(())
    }

    async fn prepare(&mut self) -> Result<(), Fault> {
        for (open, name) in &self.page.chosen {
            self.run.recorder.note(format!("{}: labproof writes {name} for {open}", self.page.shown));
        }
        self.copy_files()?;
        self.open_proxy().await?;
        let folder = self.scene.folder().to_owned();
        let home = std::env::home_dir().unwrap_or_default();
        let engine = endpoint::socket();
        let engine = engine.as_deref().zip(self.proxy.as_ref().map(Proxy::socket));
        if !self.scene.terminal().await?.confine(&folder, &home, engine).await? {
            self.run.recorder.note("this machine lets the commands of a document write outside of their folder".into());
        }
        self.define_aliases().await
    }

    /// Defines what the document calls kubectl without saying so, as its author's own shell does.
    async fn define_aliases(&mut self) -> Result<(), Fault> {
        for name in story::aliases(&self.page.story.acts) {
            let function = format!("{name}() {{ kubectl \"$@\"; }}; export -f {name}");
            self.scene.run_for(&function, SHORT_LIMIT).await?;
            self.run.recorder.note(format!(
                "{}: the document does not say what {name} is: labproof takes it for kubectl",
                self.page.shown
            ));
        }
        Ok(())
    }
}

/// A program in the background.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) command: String,
    pub(super) dialogue: Dialogue,
}

pub(super) fn left(why: &WhyNotRun) -> ActResult {
    ActResult::of(ActVerdict::NotRun, why.to_string())
}
