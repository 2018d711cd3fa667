//! One figure: how long it took labproof, how long its alternative, and how long it may take.

use std::time::Duration;

/// A figure with all that was measured for it.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// What was measured.
    pub(crate) what: &'static str,
    /// What it is compared with.
    pub(crate) alternative: &'static str,
    /// How long labproof may take.
    pub(crate) budget: Duration,
    ours: Vec<Duration>,
    theirs: Vec<Duration>,
}

/// Who was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// labproof.
    Ours,
    /// The alternative.
    Theirs,
}

impl Side {
    /// Both, in the order in which they take turns.
    pub(crate) const BOTH: [Self; 2] = [Self::Ours, Self::Theirs];
}

impl Row {
    /// A figure that was not measured yet.
    pub(crate) fn new(what: &'static str, alternative: &'static str, budget: Duration) -> Self {
        Self { what, alternative, budget, ours: Vec::new(), theirs: Vec::new() }
    }

    /// Notes one measurement, and tells it on standard error.
    pub(crate) fn took(&mut self, side: Side, time: Duration) {
        let who = if side == Side::Ours { "labproof" } else { self.alternative };
        eprintln!("{}: {who} took {}", self.what, shown(time));
        if side == Side::Ours { &mut self.ours } else { &mut self.theirs }.push(time);
    }

    /// What was measured for one side.
    pub(crate) fn spread(&self, side: Side) -> Spread {
        Spread::of(if side == Side::Ours { &self.ours } else { &self.theirs })
    }

    /// Whether labproof's median is within the budget.
    pub(crate) fn is_within_budget(&self) -> bool {
        self.spread(Side::Ours).median <= self.budget
    }
}

/// The middle of several times, and their extremes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spread {
    /// The median; of an even number of times, the upper one of the middle two.
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
        let at = |place: usize| times.get(place).copied().unwrap_or_default();
        Self { median: at(times.len() / 2), min: at(0), max: at(times.len().saturating_sub(1)) }
    }
}

/// A time with two or three digits that mean something.
pub(crate) fn shown(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    match milliseconds {
        short if short < 10.0 => format!("{short:.1} ms"),
        short if short < 1000.0 => format!("{short:.0} ms"),
        long if long < 10_000.0 => format!("{:.2} s", long / 1000.0),
        long => format!("{:.1} s", long / 1000.0),
    }
}
