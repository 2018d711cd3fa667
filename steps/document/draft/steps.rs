//! Acts as steps of a scenario, in sentences that labs have.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    needs::mentions,
    text::{self, Shown},
};
use crate::document::{
    judge::lines::is_talkative,
    reads::{only_reads, reads_the_cluster},
    story::{Act, Deed, Runs, ShownOutput, Source, Typed},
};

/// How long a state may take to become what the document shows.
pub(super) const SOON: &str = "within 60 seconds";

/// The kinds of steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepKind {
    Given,
    When,
    Then,
}

/// A step, with the text beneath it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DraftStep {
    pub(super) kind: StepKind,
    pub(super) text: String,
    pub(super) block: Vec<String>,
}

/// Writes the steps of one scenario.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub(super) steps: Vec<DraftStep>,
    /// The Pods and workloads that exist, each with its kind.
    pub(super) workloads: BTreeMap<String, String>,
    pub(super) awaited: BTreeSet<String>,
    /// Names of one run, each with the variable that has the real one.
    pub(super) variables: BTreeMap<String, String>,
    /// The contents of the files, as they are in the scenario.
    pub(super) files: BTreeMap<String, String>,
    has_session: bool,
    sets_up: bool,
}

impl Writer {
    /// Begins a scenario with these files.
    pub(super) fn with(files: BTreeMap<String, String>) -> Self {
        Self { files, ..Self::default() }
    }

    /// Adds a step that sets the scene.
    pub(super) fn given(&mut self, text: impl Into<String>) {
        self.step(StepKind::Given, text, Vec::new());
    }

    /// Writes an act of an earlier section, whose output is not checked here.
    ///
    /// # Errors
    /// If there is no sentence for it; the error says why.
    pub(super) fn set_up(&mut self, act: &Act, acts: &[Act]) -> Result<(), String> {
        self.sets_up = true;
        let written = self.act(act, acts);
        self.sets_up = false;
        written
    }

    /// Writes an act.
    ///
    /// # Errors
    /// If there is no sentence for it; the error says why.
    pub(super) fn act(&mut self, act: &Act, acts: &[Act]) -> Result<(), String> {
        match &act.deed {
            Deed::Write(source) => self.write(source, acts),
            Deed::Offer(source) => {
                self.offer(source, &super::file_of(act, source));
                Ok(())
            }
            Deed::Leave(_, why) => Err(why.to_string()),
            Deed::Say(wrong) => Err(wrong.clone()),
            Deed::Type(typed) => self.typed(act, typed, acts),
        }
    }

    /// Ends what is open, and makes the scenario judge something.
    pub(super) fn finish(&mut self) {
        self.leave_session();
        let is_judged = self.steps.iter().rposition(|step| step.kind == StepKind::Then);
        let last_run = self.steps.iter().rposition(|step| step.kind == StepKind::When);
        if last_run.is_some() && last_run > is_judged {
            self.step(StepKind::Then, "its exit status is 0", Vec::new());
        }
    }

    fn typed(&mut self, act: &Act, typed: &Typed, acts: &[Act]) -> Result<(), String> {
        if !typed.is_inside {
            self.leave_session();
        }
        let command = self.filled(&typed.command)?;
        match typed.runs {
            Runs::EndsShell => self.leave_session(),
            Runs::AsShell => {
                self.wait_for(&command);
                self.session(&command);
            }
            Runs::OnAndOn => self.on_and_on(act, &command, typed.expected.as_ref())?,
            Runs::ToItsEnd if typed.is_inside => self.inside(&command, typed.expected.as_ref()),
            Runs::ToItsEnd => self.here(&command, typed)?,
        }
        self.learn(&typed.command, acts);
        Ok(())
    }

    /// A command that runs to its end.
    fn here(&mut self, command: &str, typed: &Typed) -> Result<(), String> {
        let shown = typed.expected.as_ref().map(|expected| text::of(command, &expected.text));
        let fails = shown.as_ref().is_some_and(|shown| shown.stderr.iter().any(|line| text::is_failure(line)));
        if fails {
            self.command(StepKind::When, "I try", command);
            shown
                .iter()
                .flat_map(|shown| &shown.stderr)
                .for_each(|line| self.then(format!("it fails with {}", quoted(line.trim()))));
            return Ok(());
        }
        if typed.may_fail && shown.is_none() {
            return Err("the document says that it may fail, but not how: use `When I try`".into());
        }
        let shown = shown.filter(|_| !is_talkative(command) && !self.sets_up).unwrap_or_default();
        let is_soon = reads_the_cluster(command) && !command.contains('\n') && !is_assignment(command);
        if is_soon {
            self.soon(command, &shown);
            return Ok(());
        }
        if !only_reads(command) || is_assignment(command) {
            self.wait_for(command);
        }
        if self.sets_up {
            self.command(StepKind::Given, "I have run", command);
        } else {
            self.command(StepKind::When, "I run", command);
        }
        self.prints(&shown);
        Ok(())
    }

    /// A command that is repeated until the cluster is as shown.
    fn soon(&mut self, command: &str, Shown { stdout, stderr }: &Shown) {
        let on_error =
            |line: &String| format!("{SOON} {} prints {}", quoted(&format!("{command} 2>&1")), quoted(line.trim()));
        match (text::says_something(stdout), stderr.first()) {
            (true, _) => self.step(StepKind::Then, format!("{SOON} {} prints:", quoted(command)), stdout.clone()),
            (false, Some(line)) => self.then(on_error(line)),
            (false, None) => self.then(format!("{SOON} {} succeeds", quoted(command))),
        }
    }

    fn prints(&mut self, Shown { stdout, stderr }: &Shown) {
        if text::says_something(stdout) {
            self.step(StepKind::Then, "it prints:", stdout.clone());
        }
        for line in stderr {
            self.then(format!("it prints {} on standard error", quoted(line.trim())));
        }
    }

    /// A program that goes on: one that shows something is interrupted afterwards, any other runs in the background.
    fn on_and_on(&mut self, act: &Act, command: &str, expected: Option<&ShownOutput>) -> Result<(), String> {
        self.wait_for(command);
        let shown = expected.map(|expected| text::of(command, &expected.text).stdout);
        let shown = shown.filter(|shown| text::says_something(shown));
        if ["watch", " -w", " -f", "--follow"].iter().any(|word| command.contains(word)) {
            if self.sets_up {
                return Ok(());
            }
            let shown = shown.ok_or("it goes on, and the document does not show what it prints")?;
            self.session(command);
            self.step(StepKind::Then, format!("{SOON} the session shows:"), [shown, vec!["[...]".into()]].concat());
            self.step(StepKind::When, "I press Ctrl-C", Vec::new());
            self.then(format!("{SOON} the session ends"));
            self.has_session = false;
            return Ok(());
        }
        let log = format!("line-{}.log", act.line);
        let kind = if self.sets_up { (StepKind::Given, "I have run") } else { (StepKind::When, "I run") };
        self.command(kind.0, kind.1, &format!("{command} > {log} 2>&1 &"));
        let lines =
            shown.iter().flatten().filter(|line| !self.sets_up && text::says_something(std::slice::from_ref(line)));
        let checks: Vec<String> =
            lines.map(|line| format!("{SOON} \"cat {log}\" prints {}", quoted(line.trim()))).collect();
        for check in checks {
            self.then(check);
        }
        Ok(())
    }

    fn session(&mut self, command: &str) {
        self.step(StepKind::When, format!("I open a session with {}", quoted(command)), Vec::new());
        self.has_session = true;
    }

    fn inside(&mut self, command: &str, expected: Option<&ShownOutput>) {
        for line in command.lines() {
            self.step(StepKind::When, format!("I type {}", quoted(line)), Vec::new());
        }
        let Some(expected) = expected.filter(|_| !self.sets_up) else { return };
        let Shown { stdout, stderr } = text::of("", &expected.text);
        let mut lines = [stdout, stderr].concat();
        if text::says_something(&lines) {
            lines.push("[...]".into());
            self.step(StepKind::Then, format!("{SOON} the session shows:"), lines);
        }
    }

    fn leave_session(&mut self) {
        if std::mem::take(&mut self.has_session) {
            self.step(StepKind::When, "I type \"exit\"", Vec::new());
            self.then(format!("{SOON} the session ends"));
        }
    }

    /// A file is one of the lab's, unless the document has several of its name.
    fn write(&mut self, source: &Source, acts: &[Act]) -> Result<(), String> {
        let name = super::file_name(source.name());
        let name = name.ok_or_else(|| format!("the file {} is outside of the reader's folder", source.name()))?;
        if self.files.get(&name) != Some(&source.text) {
            let (kind, text) = if self.sets_up { (StepKind::Given, "I have run") } else { (StepKind::When, "I run") };
            self.command(kind, text, &format!("cat > {name} <<'LAB_FILE'\n{}LAB_FILE", source.text));
            self.files.insert(name.clone(), source.text.clone());
        }
        let is_used = acts.iter().any(|act| matches!(&act.deed, Deed::Type(typed) if mentions(&typed.command, &name)));
        if !self.sets_up && source.is_manifest() && !is_used {
            self.then(format!("\"kubectl apply --dry-run=server -f {name}\" prints \"(server dry run)\""));
        }
        Ok(())
    }

    fn offer(&mut self, source: &Source, file: &str) {
        match (source.is_applied, self.sets_up) {
            (true, true) => self.command(StepKind::Given, "I have run", &format!("kubectl apply -f {file}")),
            (true, false) => self.command(StepKind::When, "I run", &format!("kubectl apply -f {file}")),
            (false, true) => {}
            (false, false) => {
                self.then(format!("\"kubectl apply --dry-run=server -f {file}\" prints \"(server dry run)\""));
            }
        }
        if source.is_applied {
            self.made(source);
        }
    }

    /// A step with a command: within the step, or beneath it.
    fn command(&mut self, kind: StepKind, text: &str, command: &str) {
        let lines: Vec<String> = command.trim_end().lines().map(str::to_owned).collect();
        if kind == StepKind::Given {
            // Commands that set the scene follow each other in one step.
            match self.steps.last_mut().filter(|last| last.kind == kind && !last.block.is_empty()) {
                Some(last) => last.block.extend(lines),
                None => self.step(kind, format!("{text}:"), lines),
            }
        } else if lines.len() > 1 || command.contains('"') {
            self.step(kind, format!("{text}:"), lines);
        } else {
            self.step(kind, format!("{text} {}", quoted(command)), Vec::new());
        }
    }

    pub(super) fn then(&mut self, text: impl Into<String>) {
        self.step(StepKind::Then, text, Vec::new());
    }

    fn step(&mut self, kind: StepKind, text: impl Into<String>, block: Vec<String>) {
        self.steps.push(DraftStep { kind, text: text.into(), block });
    }
}

/// A text in quotes, as steps write it.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn is_assignment(command: &str) -> bool {
    let word = command.trim_start().trim_start_matches("export ").split([' ', '$']).next().unwrap_or_default();
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    })
}
