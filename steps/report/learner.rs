//! A grade as a learner may read it. All formats of a grade use only this type.
//!
//! These formats see no scenarios, only the checks here. This module leaves out everything that must not reach a
//! learner: of a hidden scenario, everything except its result; of a submission with a broken scenario, every score.

mod check_result;
pub mod sheet;
pub mod text;

use std::{collections::BTreeMap, time::Duration};

pub use self::check_result::CheckResult;
use self::text::{block, one_line, short};
use super::{Report, ScenarioReport};

const HIDDEN: &str = "this check is hidden";
const NOT_JUDGED: &str = "it could not be judged because of a technical problem; the submission is not at fault";
const REFUSED: &str = "a file of the submission breaks a rule, so this check could not run";
const EXCUSED: &str = "its points do not count, because an earlier mistake made the check impossible";

/// How many refusals a check lists; the submission has the complete list.
const SOME: usize = 5;

/// The grade of a submission.
///
/// ```
/// use labproof::internal::{
///     report::{Report, ScenarioReport, learner::Grade},
///     verdict::Verdict,
/// };
///
/// let secret = ScenarioReport {
///     name: "Port 3000 refuses".into(),
///     verdict: Verdict::Failed,
///     points: 2,
///     earned: Some(0),
///     hidden: true,
///     ..ScenarioReport::default()
/// };
/// let grade = Grade::of(&Report { scenarios: vec![secret], ..Report::default() });
/// assert_eq!(grade.checks[0].name, "hidden check 1");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grade {
    /// The graded scenarios, in the order of the report.
    pub checks: Vec<Check>,
    /// The maximum number of points.
    pub points: u32,
    /// The earned points; absent if a check is broken or nothing counts.
    pub earned: Option<u32>,
    /// Everything that was refused: file, line, rule and what to write instead.
    pub refusals: Vec<String>,
}

/// A graded scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A unique name of letters and digits, the same for every submission to these labs: `check1`.
    pub key: String,
    /// Its unique name in the grade; `hidden check 1` for a hidden scenario.
    pub name: String,
    /// Its lab.
    pub lab: String,
    /// The task of the lab that it belongs to.
    pub task: Option<String>,
    /// Its result.
    pub result: CheckResult,
    /// Whether a learner sees only the result.
    pub hidden: bool,
    /// The points that count; 0 if it is excused.
    pub points: u32,
    /// The earned points; absent for all checks if one is broken, because labproof then gives no score.
    pub earned: Option<u32>,
    /// Why it did not pass, in one line; empty if it passed.
    pub reason: String,
    /// The complete text for a learner who did not pass, see [`message`].
    pub details: String,
    /// The hint for a learner who did not pass.
    pub hint: Option<String>,
    /// The feature file and the line; absent if it is hidden.
    pub place: Option<(String, usize)>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

impl Grade {
    /// The grade of the submission in this report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let mut checks: Vec<Check> = Vec::new();
        let mut hidden = 0;
        for scenario in report.scenarios.iter().filter(|scenario| scenario.points > 0) {
            hidden += usize::from(scenario.hidden);
            let name = if scenario.hidden { format!("hidden check {hidden}") } else { short(&scenario.name) };
            checks.push(check(scenario, format!("check{}", checks.len() + 1), name));
        }
        tell_apart(&mut checks);
        if checks.iter().any(|check| check.result == CheckResult::Broken) {
            for check in &mut checks {
                check.earned = None;
            }
        }
        let refusals = refusals(report);
        for check in checks.iter_mut().filter(|check| check.result == CheckResult::Refused && !check.hidden) {
            // A check that names the refusal of its own file needs no list of all.
            if !tells_a_refusal(check, report) {
                let some = refusals.iter().take(SOME).map(|refusal| format!("refused: {refusal}\n"));
                check.details.extend(some);
            }
        }
        let points = checks.iter().map(|check| check.points).sum();
        let earned = checks.iter().map(|check| check.earned).sum::<Option<u32>>().filter(|_| points > 0);
        Self { checks, points, earned, refusals }
    }

    /// Whether a check is broken; the submission then has no grade.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.count(CheckResult::Broken) > 0
    }

    /// Whether nothing that counts could run, because the submission was refused.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let refused = self.count(CheckResult::Refused);
        refused > 0 && refused + self.count(CheckResult::Excused) == self.checks.len()
    }

    /// The number of checks with this result.
    #[must_use]
    pub fn count(&self, result: CheckResult) -> usize {
        self.checks.iter().filter(|check| check.result == result).count()
    }

    /// The summary for a learner, one sentence per line, without a newline at the end.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.is_broken() {
            return format!(
                "This submission was not graded: {} of {} checks could not be judged.\nThat is not its fault: labproof, \
                 the container engine, the cluster or the network is to blame.\nNo score is given; grade it again.",
                self.count(CheckResult::Broken),
                self.checks.len()
            );
        }
        let Some(earned) = self.earned else { return "Nothing was graded.".to_owned() };
        let mut lines = vec![format!("{earned} of {} points.", self.points)];
        let hidden: Vec<&Check> = self.checks.iter().filter(|check| check.hidden).collect();
        let missed =
            hidden.iter().filter(|check| matches!(check.result, CheckResult::Failed | CheckResult::Refused)).count();
        match (missed, hidden.len()) {
            (0, _) => {}
            (_, 1) => lines.push("The hidden check did not pass.".to_owned()),
            (missed, all) => lines.push(format!("{missed} of {all} hidden checks did not pass.")),
        }
        for check in self.checks.iter().filter(|check| check.result == CheckResult::Excused) {
            lines.push(format!("{}: {}.", check.name, check.reason));
        }
        lines.extend(self.refusals.iter().map(|refusal| format!("Refused: {refusal}")));
        lines.join("\n")
    }
}

/// The text for a learner about a scenario that did not pass: what was expected, what was seen, and a hint. It is
/// escaped plain text. A step's own hint is left out, because it is for the authors of labs.
#[must_use]
pub fn message(scenario: &ScenarioReport) -> String {
    let result = CheckResult::of(scenario);
    let mut lines = Vec::new();
    match result {
        CheckResult::Passed => return String::new(),
        CheckResult::Broken => return format!("{NOT_JUDGED}\n"),
        CheckResult::Refused if !scenario.hidden => lines.push(REFUSED.to_owned()),
        CheckResult::Excused => lines.push(EXCUSED.to_owned()),
        CheckResult::Failed | CheckResult::Refused => {}
    }
    if scenario.hidden {
        lines.push(HIDDEN.to_owned());
        return lines.join("\n") + "\n";
    }
    let step = scenario.culprit();
    lines.extend(step.map(|step| format!("expected: {}", short(&step.text))));
    lines.extend(step.and_then(|step| step.reason.as_deref()).map(|reason| format!("seen: {}", seen(reason))));
    lines.extend(cause(scenario).map(|cause| format!("because of an earlier mistake: {}", one_line(cause))));
    lines.extend(scenario.hint.as_deref().map(|hint| format!("hint: {}", one_line(hint))));
    // A stand-in may lack what the document's image has.
    lines.extend(scenario.deviations.iter().map(|one| format!("differs from the document: {}", one_line(one))));
    for evidence in step.iter().flat_map(|step| &step.evidence) {
        lines.push(format!("{}:\n{}", short(&evidence.title), block(&evidence.text, "  | ")));
    }
    text::beginning(&lines.join("\n"), text::WHOLE) + "\n"
}

/// A reason of several lines, indented from its second line on.
fn seen(reason: &str) -> String {
    block(reason, "      ").trim_start().to_owned()
}

/// The earlier mistake that made a scenario impossible.
fn cause(scenario: &ScenarioReport) -> Option<&str> {
    scenario.steps.iter().find_map(|step| step.blocked_by.as_deref())
}

fn check(scenario: &ScenarioReport, key: String, name: String) -> Check {
    let result = CheckResult::of(scenario);
    let helps = !scenario.hidden && !matches!(result, CheckResult::Passed | CheckResult::Broken);
    Check {
        key,
        name,
        lab: short(&scenario.lab),
        task: scenario.task.as_deref().map(short),
        result,
        hidden: scenario.hidden,
        points: if result == CheckResult::Excused { 0 } else { scenario.points },
        earned: if result == CheckResult::Excused { Some(0) } else { scenario.earned },
        reason: reason(scenario, result),
        details: message(scenario),
        hint: scenario.hint.as_deref().filter(|_| helps).map(one_line),
        place: (!scenario.hidden).then(|| (short(&scenario.feature), scenario.line)),
        seconds: Duration::from_millis(scenario.duration_ms).as_secs_f64(),
    }
}

fn reason(scenario: &ScenarioReport, result: CheckResult) -> String {
    match result {
        CheckResult::Passed => String::new(),
        CheckResult::Broken => NOT_JUDGED.to_owned(),
        CheckResult::Excused => match cause(scenario).filter(|_| !scenario.hidden) {
            Some(cause) => format!("{EXCUSED}: {}", one_line(cause)),
            None => EXCUSED.to_owned(),
        },
        CheckResult::Failed | CheckResult::Refused if scenario.hidden => HIDDEN.to_owned(),
        CheckResult::Failed | CheckResult::Refused => {
            let reason = scenario.culprit().and_then(|step| step.reason.as_deref());
            reason.map_or_else(|| "it did not pass".to_owned(), one_line)
        }
    }
}

/// Numbers checks of the same name, because some formats use the name as an identity.
fn tell_apart(checks: &mut [Check]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for check in checks {
        let times = seen.entry(check.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            check.name += &format!(" ({times})");
        }
    }
}

/// Whether a check tells the message of a refusal.
fn tells_a_refusal(check: &Check, report: &Report) -> bool {
    let mut refusals = report.submission.iter().flat_map(|submission| &submission.refusals);
    refusals.any(|refusal| check.details.contains(&short(&refusal.message)))
}

fn refusals(report: &Report) -> Vec<String> {
    let refusals = report.submission.iter().flat_map(|submission| &submission.refusals);
    refusals
        .map(|refusal| {
            let line = if refusal.line == 0 { String::new() } else { format!(", line {}", refusal.line) };
            format!("{}{line}: {}: {}", short(&refusal.file), refusal.rule, short(&refusal.message))
        })
        .collect()
}
