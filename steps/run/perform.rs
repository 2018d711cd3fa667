//! Runs one matched step: limits its time, ends it if the run is cancelled, and records the result for the report.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use futures::FutureExt;

use crate::{
    actions::{diagnostics, pods},
    cluster::{AnyCluster, manifest},
    log::{self, About},
    report::{StepReport, milliseconds},
    scene::{Scene, context::RunContext},
    verdict::{Fault, Outcome, Verdict, seconds},
    vocabulary::{Arguments, Fact, Sentence, Step},
};

/// Runs one step, and returns its report entry.
pub async fn one(scene: &mut Scene, step: &Step) -> StepReport {
    let started = Instant::now();
    let namespace = scene.own_namespace().to_owned();
    let work = Box::pin(async {
        let step_is = format!("line {}: {}{}", step.written.position.line, step.written.keyword, step.written.value);
        log::note(About::Step, &step_is, &[]);
        let outcome = perform(scene, step).await;
        let end =
            outcome.as_ref().map_or_else(|fault| format!("{}: {}", fault.verdict, fault.reason), |()| "passed".into());
        log::note(About::Step, &end, &[]);
        let printed = scene.take_printed();
        let mut report = report(step, started, outcome);
        // The evidence of a step that did not pass has the output already.
        report.printed = printed.filter(|_| report.verdict == Verdict::Passed);
        report
    });
    log::within(&namespace, work).await
}

/// The report entry of a step that could not begin.
#[must_use]
pub fn obstructed(step: &Step, obstacle: Fault) -> StepReport {
    report(step, Instant::now(), Err(obstacle))
}

/// The report entry of a step that was not reached.
#[must_use]
pub fn not_reached(step: &Step) -> StepReport {
    let mut report = report(step, Instant::now(), Ok(()));
    report.verdict = Verdict::Skipped;
    report
}

async fn perform(scene: &mut Scene, step: &Step) -> Outcome {
    let Some((sentence, arguments)) = step.sentence() else {
        return Err(Fault::failed("the step matches no sentence, or more than one").hint("run `labproof check`"));
    };
    let arguments = arguments.clone().meant_for(scene.cluster.version());
    let (context, cluster) = (scene.context.clone(), scene.cluster.clone());
    let (begun, started, limit) = (scene.begun(), Instant::now(), scene.time_left());
    let time = Time::of(sentence, &arguments, scene);
    time.suffices()?;
    // A command has its own limit in the terminal, which also shows its output. This later limit is for everything
    // else.
    let grace = Duration::from_secs(5);
    let body = AssertUnwindSafe(with_names(scene, sentence, arguments)).catch_unwind();
    let outcome = tokio::select! {
        biased;
        () = context.cancelled.cancelled() => return Err(context.cut_short()),
        done = tokio::time::timeout(limit + grace, body) => done,
    };
    match outcome {
        Ok(Ok(outcome)) => {
            let outcome = outcome.map_err(|fault| time.not_cut_short(not_counted(scene, fault)));
            let outcome = whose_fault(&cluster, &context, (begun, started), outcome).await;
            let Err(fault) = outcome else { return outcome };
            let fault = if fault.verdict == Verdict::Failed {
                Box::pin(diagnostics::add_unwell(scene, fault)).await
            } else {
                fault
            };
            Err(with_evidence(scene, fault))
        }
        Ok(Err(panic)) => {
            Err(Fault::broken(format!("labproof has a bug: {}", message(&*panic)))
                .hint("please report it, with the lab"))
        }
        Err(_) => Err(Fault::broken(format!("the step did not end within {}", seconds(limit))).hint(MORE_TIME)),
    }
}

/// What to do where a step needs more time than it has.
const MORE_TIME: &str = "give scenarios more time with --timeout, and steps with --step-timeout";

/// The time of a step: how long it would like to take, and how long it may.
struct Time {
    wanted: Duration,
    left: Duration,
    /// Whether the step always takes as long as it says.
    is_fixed: bool,
    started: tokio::time::Instant,
}

impl Time {
    fn of(sentence: &Sentence, arguments: &Arguments, scene: &Scene) -> Self {
        let limit = arguments.limit();
        Self {
            wanted: limit.unwrap_or(scene.context.limits.step),
            left: scene.time_left(),
            is_fixed: limit.is_some() && !sentence.has(Fact::Waits),
            started: tokio::time::Instant::now(),
        }
    }

    /// Whether a step that watches for a fixed time can do so: a shorter look would show less than it says.
    fn suffices(&self) -> Outcome {
        if self.is_fixed && self.left < self.wanted {
            let (wanted, left) = (seconds(self.wanted), seconds(self.left));
            return Err(Fault::broken(format!("the step needs {wanted}, but the scenario has only {left} left"))
                .hint(MORE_TIME));
        }
        Ok(())
    }

    /// A failure is `broken` if the step could not wait as long as it says, because the time of its scenario was over.
    fn not_cut_short(&self, fault: Fault) -> Fault {
        let is_cut = self.left < self.wanted && self.started.elapsed() >= self.left;
        if fault.verdict != Verdict::Failed || !is_cut {
            return fault;
        }
        let (wanted, left) = (seconds(self.wanted), seconds(self.left));
        let reason = format!(
            "the scenario's time limit ended the step after {left}, although the step may take {wanted}; its last state: {}",
            fault.reason
        );
        Fault { verdict: Verdict::Broken, reason, ..fault }.hint(MORE_TIME)
    }
}

/// Runs a step that may name Pods by a label. If another Pod gets the label while the step waits, it waits for that one.
async fn with_names(scene: &mut Scene, sentence: &Sentence, arguments: Arguments) -> Outcome {
    let labels = arguments.labels();
    if labels.is_empty() {
        return (sentence.body)(scene, arguments).await;
    }
    let limit = arguments.limit().unwrap_or(pods::APPEARS);
    let deadline = tokio::time::Instant::now() + limit;
    loop {
        let (mut meant, mut names) = (arguments.clone(), Vec::new());
        for label in &labels {
            let left = deadline.saturating_duration_since(tokio::time::Instant::now());
            let name = pods::the_one(scene, label, left).await?;
            meant = meant.with_name(label, &name);
            names.push((label.clone(), name));
        }
        let may_change = sentence.has(Fact::Waits) && sentence.has(Fact::Reads);
        let replaced = pods::until_replaced(scene.cluster.clone(), scene.namespace.clone(), names);
        tokio::select! {
            biased;
            outcome = (sentence.body)(scene, meant) => return outcome,
            () = replaced, if may_change && tokio::time::Instant::now() < deadline => {}
        }
    }
}

/// Adds what the scenario has shown so far. A learner reads it, and knows labproof's own objects in the cluster no more
/// than Go.
fn with_evidence(scene: &Scene, mut fault: Fault) -> Fault {
    fault.evidence.extend(scene.evidence.iter().cloned());
    let ended = scene.context.disk_guard.of(&scene.namespace);
    let ended = ended.into_iter();
    let mut fault = ended.fold(fault, |fault, text| fault.seen("labproof deleted a Pod that filled the disk", text));
    if scene.lab.work.is_submitted() {
        let texts = fault.evidence.iter_mut().map(|evidence| &mut evidence.text);
        texts.chain([&mut fault.reason]).for_each(|text| *text = manifest::in_plain_words(text));
    }
    fault
}

/// A failure is `broken` if the server did not carry out one of the scenario's commands because it was counting the
/// objects of labproof's quota. A learner can print the server's words, and gains nothing: there is no score then.
fn not_counted(scene: &Scene, fault: Fault) -> Fault {
    let tasks = scene.evidence.iter().map(|evidence| evidence.text.as_str());
    let command = scene.last().ok().map(|output| output.stderr.as_str());
    if fault.verdict != Verdict::Failed || !tasks.chain(command).any(manifest::says_uncounted) {
        return fault;
    }
    let reason = format!(
        "the API server refused a command because it was updating labproof's quota; run the scenario again. The step said: {}",
        fault.reason
    );
    Fault { verdict: Verdict::Broken, reason, ..fault }
}

/// Decides who is at fault. A failure is `broken` if the cluster, a node or the engine did not answer during the step,
/// even if it answers again now, or if other runs may have removed the scenario's namespace. Only the nodes of the
/// run's cluster count, because a scenario may do anything to its own cluster.
///
/// # Errors
/// The fault, with its verdict.
pub async fn whose_fault(
    cluster: &AnyCluster,
    context: &RunContext,
    (begun, started): (Instant, Instant),
    outcome: Outcome,
) -> Outcome {
    let Err(fault) = outcome else { return outcome };
    if fault.verdict != Verdict::Failed {
        return Err(fault);
    }
    let (server, machine, lease) = tokio::join!(
        cluster.assert_answers(),
        context.assert_machine_is_well(),
        context.assert_lease_held_since(begun)
    );
    let away = server.and(machine).err().map(|away| away.reason);
    let away = away.or_else(|| context.health.away_since(started).map(str::to_owned));
    let away = away.or_else(|| lease.err().map(|lost| lost.reason));
    match away {
        None => Err(fault),
        Some(away) => {
            Err(Fault { verdict: Verdict::Broken, reason: format!("{away}; the step said: {}", fault.reason), ..fault })
        }
    }
}

fn report(Step { written, .. }: &Step, started: Instant, outcome: Outcome) -> StepReport {
    let fault = outcome.err();
    StepReport {
        text: format!("{}{}", written.keyword, written.value),
        line: written.position.line,
        verdict: fault.as_ref().map_or(Verdict::Passed, |fault| fault.verdict),
        duration_ms: milliseconds(started.elapsed()),
        printed: None,
        reason: fault.as_ref().map(|fault| fault.reason.clone()),
        hint: fault.as_ref().and_then(|fault| fault.hint.clone()),
        blocked_by: fault.as_ref().and_then(|fault| fault.blocked_by.clone()),
        instead: fault
            .as_ref()
            .filter(|fault| fault.verdict == Verdict::Failed)
            .and_then(|fault| fault.instead.clone()),
        evidence: fault.map(|fault| fault.evidence).unwrap_or_default(),
        corrections: Vec::new(),
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    text.unwrap_or_else(|| "it panicked".into())
}

#[cfg(test)]
mod tests;
