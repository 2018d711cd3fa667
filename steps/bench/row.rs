//! One figure: labproof's time, the alternative's time, and the budget.

use std::time::Duration;

/// A figure and its measurements.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: &'static str,
    /// The alternative.
    pub(crate) alternative: &'static str,
    /// The budget: how long labproof may take.
    pub(crate) budget: Duration,
    ours: Vec<Duration>,
    theirs: Vec<Duration>,
}

/// One of the two sides of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// labproof.
    Ours,
    /// The alternative.
    Theirs,
}

impl Side {
    /// Both sides, in the order of measurement.
    pub(crate) const BOTH: [Self; 2] = [Self::Ours, Self::Theirs];
}

impl Row {
    /// A figure without measurements.
    pub(crate) fn new(what: &'static str, alternative: &'static str, budget: Duration) -> Self {
        Self { what, alternative, budget, ours: Vec::new(), theirs: Vec::new() }
    }

    /// Records a measurement, and prints it on standard error.
    pub(crate) fn took(&mut self, side: Side, time: Duration) {
        let who = if side == Side::Ours { "labproof" } else { self.alternative };
        eprintln!("{}: {who} took {}", self.what, shown(time));
        if side == Side::Ours { &mut self.ours } else { &mut self.theirs }.push(time);
    }

    /// The measurements of one side.
    pub(crate) fn spread(&self, side: Side) -> Spread {
        Spread::of(if side == Side::Ours { &self.ours } else { &self.theirs })
    }

    /// Whether labproof's median is within the budget.
    pub(crate) fn is_within_budget(&self) -> bool {
        self.spread(Side::Ours).median <= self.budget
    }
}

/// The median and the extremes of several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    /// The median; of an even number of times, the larger of the middle two.
    pub(crate) median: Duration,
    /// The shortest.
    pub(crate) min: Duration,
    /// The longest.
    pub(crate) max: Duration,
}

impl Spread {
    fn of(times: &[Duration]) -> Self {
        let mut times = times.to_vec();
        times.sort();
        let at = |index: usize| times.get(index).copied().unwrap_or_default();
        Self { median: at(times.len() / 2), min: at(0), max: at(times.len().saturating_sub(1)) }
    }
}

/// A time, rounded to two or three significant digits.
pub(crate) fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    match milliseconds {
        short if short < 10.0 => format!("{short:.1} ms"),
        short if short < 1000.0 => format!("{short:.0} ms"),
        long if long < 10_000.0 => format!("{:.2} s", long / 1000.0),
        long => format!("{:.1} s", long / 1000.0),
    }
}
