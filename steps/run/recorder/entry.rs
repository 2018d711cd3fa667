//! The report's entry of a scenario: its verdict, its points, and what it did.

use gherkin::StepType;

use crate::{
    grading_tags::GradingTags,
    report::{Opening, ScenarioReport, StepReport},
    run::{perform, plan::Planned},
    verdict::{Fault, Verdict},
};

/// The entry of a scenario that has not ended.
pub(super) fn not_ended(planned: &Planned) -> ScenarioReport {
    let fault = Fault::broken("the run ended before this scenario did");
    let mut steps: Vec<StepReport> = planned.scenario.steps.iter().map(perform::not_reached).collect();
    if let Some(step) = steps.first_mut() {
        (step.verdict, step.reason) = (fault.verdict, Some(fault.reason));
    }
    of(planned, steps)
}

/// The entry of a scenario with these steps.
#[must_use]
pub fn of(planned: &Planned, steps: Vec<StepReport>) -> ScenarioReport {
    let grading = planned.grading.clone();
    let verdict = verdict(&steps);
    let is_blocked = steps.iter().any(|step| step.blocked_by.is_some());
    ScenarioReport {
        id: planned.id.clone(),
        lab: planned.lab.name.clone(),
        submission: planned.lab.work.submission().map(|submission| submission.name.clone()),
        feature: planned.feature.clone(),
        line: planned.scenario.line,
        name: planned.scenario.name.clone(),
        tags: planned.scenario.tags.clone(),
        kubernetes: None,
        verdict,
        points: grading.points,
        earned: earned(&grading, verdict),
        excused: grading.lenient && is_blocked && matches!(verdict, Verdict::Failed | Verdict::Refused),
        hidden: grading.hidden,
        task: grading.task,
        hint: grading.hint,
        namespace: None,
        started: None,
        slot: None,
        queued_ms: 0,
        duration_ms: 0,
        deviations: Vec::new(),
        notes: Vec::new(),
        opening: opening(planned, &steps),
        steps,
    }
}

/// The steps up to the first command: two scenarios that say the same there mean the same.
fn opening(planned: &Planned, steps: &[StepReport]) -> Opening {
    let written: Vec<_> = planned.scenario.steps.iter().map(|step| &step.written).collect();
    let command = written.iter().position(|step| step.ty == StepType::When);
    let first = written.iter().take(command.map_or(written.len(), |index| index + 1));
    let mut texts = first.map(|step| format!("{}\n{}", step.value, step.docstring.as_deref().unwrap_or_default()));
    let passed = steps.iter().take_while(|step| step.verdict == Verdict::Passed).count();
    Opening { passed: texts.by_ref().take(passed).collect(), failed: texts.next().filter(|_| passed < steps.len()) }
}

/// The points of a scenario: all or none; `None` if it was not judged without a fault of the submission.
fn earned(grading: &GradingTags, verdict: Verdict) -> Option<u32> {
    match verdict {
        _ if !grading.is_graded() => None,
        Verdict::Passed => Some(grading.points),
        Verdict::Failed | Verdict::Refused => Some(0),
        Verdict::Broken | Verdict::Skipped => None,
    }
}

/// A scenario passes if all its steps pass; otherwise the first that does not pass decides.
fn verdict(steps: &[StepReport]) -> Verdict {
    let decisive = steps.iter().find(|step| step.verdict != Verdict::Passed);
    decisive.map_or(if steps.is_empty() { Verdict::Broken } else { Verdict::Passed }, |step| step.verdict)
}
