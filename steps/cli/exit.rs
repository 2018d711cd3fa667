//! The exit statuses, and which one a run gets.

use std::process::ExitCode;

use crate::{report::Report, run::interrupt, verdict::Verdict};

/// The exit statuses, each with its meaning.
pub const MEANINGS: [(&str, &str); 7] = [
    ("0", "all passed"),
    ("1", "something failed: a lab is wrong"),
    ("2", "the command line is wrong"),
    ("3", "nothing was judged: no lab or scenario was selected, or all were skipped"),
    ("4", "refused: labproof did not make the cluster, or a file is not valid"),
    ("5", "broken: the engine, cluster, network or labproof is at fault, or something was left behind"),
    ("130", "interrupted"),
];

/// The exit statuses as a text for the help.
#[must_use]
pub fn help() -> String {
    let rows = MEANINGS.map(|(status, meaning)| format!("\n  {status:<4} {meaning}"));
    format!("Exit status:{}", rows.concat())
}

/// How the program exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// 0: all passed.
    Passed,
    /// 1: something failed.
    Failed,
    /// 3: nothing was judged.
    Nothing,
    /// 4: something was refused.
    Refused,
    /// 5: something is broken.
    Broken,
    /// 130: interrupted.
    Interrupted,
}

impl Status {
    /// The status for a verdict.
    #[must_use]
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed | Verdict::Skipped => Self::Passed,
            Verdict::Failed => Self::Failed,
            Verdict::Refused => Self::Refused,
            Verdict::Broken => Self::Broken,
        }
    }

    /// The status of a run. If several apply, the most severe wins: 130, 5, 4, 1. A run that judged nothing counts as
    /// one that selected nothing.
    #[must_use]
    pub fn of_run(report: &Report, interrupted: bool) -> Self {
        let summary = report.summary;
        match () {
            () if interrupted => Self::Interrupted,
            () if summary.broken > 0 || !report.leftovers.is_empty() => Self::Broken,
            () if summary.refused > 0 => Self::Refused,
            () if summary.failed > 0 => Self::Failed,
            () if summary.passed == 0 => Self::Nothing,
            () => Self::Passed,
        }
    }

    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Nothing => 3,
            Self::Refused => 4,
            Self::Broken => 5,
            Self::Interrupted => interrupt::STATUS,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Summary;

    fn of(summary: Summary) -> u8 {
        Status::of_run(&Report { summary, ..Report::default() }, false).code()
    }

    #[test]
    fn the_most_severe_status_wins() {
        let all = Summary { passed: 1, failed: 1, refused: 1, broken: 1, skipped: 1, ..Summary::default() };
        assert_eq!(Status::of_run(&Report { summary: all, ..Report::default() }, true).code(), 130);
        assert_eq!(of(all), 5);
        assert_eq!(of(Summary { broken: 0, ..all }), 4);
        assert_eq!(of(Summary { broken: 0, refused: 0, ..all }), 1);
        assert_eq!(of(Summary { passed: 1, skipped: 1, ..Summary::default() }), 0);
    }

    #[test]
    fn a_run_that_judged_nothing_has_selected_nothing() {
        assert_eq!(of(Summary { skipped: 2, ..Summary::default() }), 3);
        assert_eq!(of(Summary::default()), 3);
    }

    #[test]
    fn leftovers_are_broken_even_if_all_scenarios_passed() {
        let summary = Summary { passed: 1, ..Summary::default() };
        let report = Report { summary, leftovers: vec!["namespace x".into()], ..Report::default() };
        assert_eq!(Status::of_run(&report, false), Status::Broken);
    }
}
