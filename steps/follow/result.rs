//! The result of one act, and its entry in the report: one act is one entry, so that each command has its verdict.

use std::{iter, time::Instant};

pub(super) use super::act_verdict::ActVerdict;
use super::{Page, act_verdict::word, said};
use crate::{
    document::{
        defect::Defect,
        doubt::Doubt,
        judge::Finding,
        story::{Act, Deed},
    },
    report::{ScenarioReport, StepReport, milliseconds},
    run::recorder::Recorder,
    terminal::Output,
    verdict::{Correction, Evidence, Fault, Verdict},
};

/// How many lines of an output are shown beside its differences.
const MOST_LINES: usize = 25;

/// The result of an act.
#[derive(Clone, Debug)]
pub(super) struct ActResult {
    pub(super) verdict: ActVerdict,
    pub(super) reason: Option<String>,
    pub(super) hint: Option<String>,
    pub(super) blocked_by: Option<String>,
    pub(super) evidence: Vec<Evidence>,
    pub(super) notes: Vec<String>,
    /// The line in the document, if it is another than the act's.
    pub(super) line: Option<usize>,
    /// Whether nothing was done, so that later acts may lack it.
    pub(super) is_undone: bool,
    /// What would be right in the document, as far as that is safe.
    pub(super) corrections: Vec<Correction>,
    /// Whether it is the failure of a command that the document expects to succeed.
    pub(super) is_failure: bool,
    /// How much of what the document shows was not printed.
    pub(super) lacks: Lacks,
    /// What the program or the server said. Causes are looked for here, never in the reason, which is for people.
    pub(super) said: String,
    /// Where the output differs from the document.
    pub(super) findings: Vec<Finding>,
}

/// How much of what the document shows an output lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lacks {
    /// Nothing: it may have something else instead.
    Nothing,
    /// A part, among other differences.
    Part,
    /// A part, which is the only difference.
    Only,
}

impl ActResult {
    pub(super) fn of(verdict: ActVerdict, reason: impl Into<String>) -> Self {
        let reason = Some(reason.into());
        Self {
            verdict,
            reason,
            hint: None,
            blocked_by: None,
            evidence: Vec::new(),
            notes: Vec::new(),
            line: None,
            is_undone: false,
            is_failure: false,
            corrections: Vec::new(),
            lacks: Lacks::Nothing,
            said: String::new(),
            findings: Vec::new(),
        }
    }

    pub(super) fn well() -> Self {
        Self { reason: None, ..Self::of(ActVerdict::Match, "") }
    }

    /// The same, after the program or the server has said this.
    pub(super) fn saying(mut self, text: &str) -> Self {
        self.said.push_str(text);
        self.said.push('\n');
        self
    }

    /// The same, with what was said as evidence, too.
    pub(super) fn seen(self, title: &str, text: &str) -> Self {
        self.saying(text).with_evidence(title, text)
    }

    fn with_evidence(mut self, title: &str, text: &str) -> Self {
        // A long output would hide the differences that are named beside it.
        let is_short = self.evidence.is_empty() || text.lines().count() <= MOST_LINES;
        if !text.trim().is_empty() && is_short {
            self.evidence.push(Evidence::new(title, text.trim_end()));
        }
        self
    }

    /// The same, with both outputs of a program as evidence.
    pub(super) fn printed(self, output: &Output) -> Self {
        self.saying(&said::of(output))
            .with_evidence("standard output", &output.stdout)
            .with_evidence("standard error", &output.stderr)
    }

    /// The same; nothing was done.
    pub(super) fn undone(self) -> Self {
        Self { is_undone: true, ..self }
    }

    /// The same; a command has failed.
    pub(super) fn failure(self) -> Self {
        Self { is_failure: true, ..self.undone() }
    }

    /// The same, with more for the author to know.
    pub(super) fn noted(mut self, notes: Vec<String>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// What was said, and what the document shows otherwise.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        iter::once(self.said.as_str()).chain(self.findings.iter().map(|finding| finding.says.as_str()))
    }

    /// Whether one of these texts contains a word.
    pub(super) fn shows(&self, word: &str) -> bool {
        self.texts().any(|text| text.contains(word))
    }

    /// The evidence of each difference, if there are several.
    pub(super) fn differences(&self) -> impl Iterator<Item = Evidence> {
        self.findings.iter().filter(|_| self.findings.len() > 1).map(evidence)
    }

    /// Whether a command has failed because no server answered it, or no container runs that it needs.
    pub(super) fn is_unanswered(&self) -> bool {
        const SIGNS: [&str; 10] = [
            "can't connect",
            "Failed to connect",
            "Couldn't connect",
            "timed out",
            "onnection refused",
            "pod is not running",
            "is waiting to start",
            "container not found",
            "websocket: close sent",
            "does not have a host assigned",
        ];
        self.is_failure && SIGNS.iter().any(|words| self.said.contains(words))
    }

    pub(super) fn hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// The same with what a review found. It makes a mistake of what went well, and evidence beside another mistake.
    pub(super) fn doubted(mut self, doubts: &[Doubt]) -> Self {
        let is_late = self.verdict == ActVerdict::Defect(Defect::Timing);
        let is_new = |doubt: &&Doubt| doubt.kind != Defect::Timing || !is_late;
        let doubts: Vec<&Doubt> = doubts.iter().filter(is_new).collect();
        let worst = doubts.iter().find(|doubt| doubt.kind == Defect::Mistake);
        let Some(first) = worst.or(doubts.first()) else { return self };
        let is_bad = self.verdict.is_bad();
        let is_worse = match self.verdict {
            ActVerdict::Defect(Defect::Drift) => first.kind == Defect::Mistake,
            verdict => verdict == ActVerdict::Environment,
        };
        if !is_bad || is_worse {
            self.evidence.extend(self.reason.take().filter(|_| is_bad).map(|reason| Evidence::new("also", reason)));
            self.verdict = ActVerdict::Defect(first.kind);
            self.line = Some(first.line);
            self.reason = Some(match doubts.as_slice() {
                [one] => one.text.clone(),
                many => format!("{} mistakes show here without running it", many.len()),
            });
        }
        if is_bad || doubts.len() > 1 {
            let title = |doubt: &Doubt| format!("line {}, {}", doubt.line, word(doubt.kind));
            self.evidence.extend(doubts.iter().map(|doubt| Evidence::new(title(doubt), &doubt.text)));
        }
        self
    }

    /// The same or, if something else prevented what the document shows, only what no supported version prints: that is so
    /// in any case.
    pub(super) fn or_drift(self) -> Self {
        let is_drift = |finding: &&Finding| finding.kind == Defect::Drift;
        let drifts: Vec<Finding> = self.findings.iter().filter(is_drift).cloned().collect();
        if drifts.is_empty() || !self.verdict.is_open() {
            return self;
        }
        let mut ended = Self { said: self.said, is_undone: self.is_undone, ..Self::differs(&drifts) }.noted(self.notes);
        ended.evidence.extend(self.reason.map(|reason| Evidence::new("also", reason)));
        ended.evidence.extend(self.evidence.into_iter().filter(|evidence| evidence.title.starts_with("standard ")));
        ended
    }

    /// The result for a fault: `failed` is the document's mistake.
    pub(super) fn from_fault(fault: Fault) -> Self {
        let verdict = match fault.verdict {
            Verdict::Failed | Verdict::Refused => ActVerdict::Defect(Defect::Mistake),
            Verdict::Skipped => ActVerdict::NotRun,
            Verdict::Broken | Verdict::Passed => ActVerdict::Environment,
        };
        let said = fault.evidence.iter().map(|evidence| format!("{}\n", evidence.text)).collect();
        Self {
            said,
            hint: fault.hint,
            blocked_by: fault.blocked_by,
            evidence: fault.evidence,
            is_undone: true,
            ..Self::of(verdict, fault.reason)
        }
    }

    /// The result for an output that differs.
    pub(super) fn differs(findings: &[Finding]) -> Self {
        let defect = findings.iter().map(|finding| finding.kind).max().unwrap_or(Defect::Mistake);
        let reason = match findings {
            [one] => sentence(one),
            many => format!("the output differs in {} places", many.len()),
        };
        let hint = findings.iter().find(|finding| !finding.says.is_empty() && !finding.seen.is_empty());
        let hint = hint.map(|finding| format!("line {}: write `{}`", finding.line, first_line(&finding.seen)));
        let corrections = findings.iter().filter_map(correction).collect();
        let line = findings.first().map(|finding| finding.line);
        let lacks = match findings {
            [one] if one.seen.is_empty() => Lacks::Only,
            many if many.iter().any(|finding| finding.seen.is_empty()) => Lacks::Part,
            _ => Lacks::Nothing,
        };
        let ended = Self {
            hint,
            line,
            corrections,
            lacks,
            findings: findings.to_vec(),
            ..Self::of(ActVerdict::Defect(defect), reason)
        };
        Self { evidence: ended.differences().collect(), ..ended }
    }
}

/// What would be right in place of a line that an older version printed.
fn correction(finding: &Finding) -> Option<Correction> {
    let Finding { line, says, seen, .. } = finding;
    let is_line = |text: &str| !text.trim().is_empty() && !text.contains('\n');
    let is_safe = finding.kind == Defect::Drift && is_line(says) && is_line(seen);
    is_safe.then(|| Correction { line: *line, says: says.trim().into(), write: seen.trim().into() })
}

fn sentence(finding: &Finding) -> String {
    let since = finding.advice.as_ref().map_or_else(String::new, |advice| format!(" ({advice})"));
    match (finding.says.as_str(), finding.seen.as_str()) {
        (says, "") => format!("the document shows `{says}`, which is not printed{since}"),
        ("", seen) if seen.contains('\n') => format!("it also prints what the document does not show{since}:\n{seen}"),
        ("", seen) => format!("it also prints `{seen}`, which the document does not show{since}"),
        (says, seen) => format!("the document shows `{says}`; it prints `{seen}`{since}"),
    }
}

fn evidence(finding: &Finding) -> Evidence {
    Evidence::new(format!("line {}, {}", finding.line, word(finding.kind)), sentence(finding))
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// The entry of an act that has ended.
pub(super) fn entry(page: &Page, act: &Act, ended: &ActResult, began: (jiff::Timestamp, Instant)) -> ScenarioReport {
    let verdict = ended.verdict;
    let reason = ended.reason.as_ref().map(|reason| format!("{}: {reason}", verdict.words()));
    let step = StepReport {
        text: text(act),
        line: ended.line.unwrap_or(act.line),
        verdict: verdict.reported(),
        duration_ms: milliseconds(began.1.elapsed()),
        reason,
        hint: ended.hint.clone(),
        blocked_by: ended.blocked_by.clone(),
        evidence: ended.evidence.clone(),
        corrections: ended.corrections.clone(),
        ..StepReport::default()
    };
    ScenarioReport {
        id: format!("{}:{}", page.name, act.line),
        lab: page.name.clone(),
        feature: page.shown.clone(),
        line: act.line,
        name: format!("{}: {}", act.line, act.name()),
        tags: vec![verdict.tag().to_owned()],
        verdict: verdict.reported(),
        started: Some(began.0.to_string()),
        duration_ms: step.duration_ms,
        notes: act.notes.iter().chain(&ended.notes).cloned().collect(),
        steps: vec![step],
        ..ScenarioReport::default()
    }
}

fn text(act: &Act) -> String {
    match &act.deed {
        Deed::Type(typed) => typed.command.clone(),
        _ => act.name(),
    }
}

/// The entry of an act before the run.
pub(super) fn not_reached(page: &Page, act: &Act) -> ScenarioReport {
    let ended = ActResult::of(ActVerdict::Environment, "the run ended before this");
    ScenarioReport { started: None, ..entry(page, act, &ended, now()) }
}

/// Reports that nothing of the document that is left could be run.
pub(super) fn obstruct(recorder: &Recorder, page: &Page, first: usize, fault: &Fault) {
    let ended = ActResult::from_fault(Fault { verdict: Verdict::Broken, ..fault.clone() });
    for (index, act) in page.story.acts.iter().enumerate() {
        recorder.ended_unless(first + index, entry(page, act, &ended, now()));
    }
}

pub(super) fn now() -> (jiff::Timestamp, Instant) {
    (jiff::Timestamp::now(), Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failed_command_was_not_answered() {
        let refused =
            |ended: ActResult| ended.seen("standard error", "wget: can't connect to remote host: Connection refused");
        assert!(
            refused(ActResult::of(ActVerdict::Defect(Defect::Mistake), "the command fails").failure()).is_unanswered()
        );
        assert!(!refused(ActResult::of(ActVerdict::Defect(Defect::Mistake), "the output differs")).is_unanswered());
        assert!(
            !ActResult::of(ActVerdict::Defect(Defect::Mistake), "the command fails")
                .saying("pods \"web\" not found")
                .failure()
                .is_unanswered()
        );
        let output = Output { stdout: "NAME\n".into(), stderr: "error: x\n".into(), ..Output::default() };
        let printed = ActResult::of(ActVerdict::Defect(Defect::Mistake), "the command fails").printed(&output);
        assert_eq!(said::message(&printed.said), Some("error: x"), "an error comes first");
        assert!(
            !ActResult::of(ActVerdict::Defect(Defect::Mistake), "Connection refused").failure().is_unanswered(),
            "the reason is for people"
        );
    }
}
