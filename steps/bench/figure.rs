//! The names of the figures. The module of each figure contains its budget.

use clap::ValueEnum;
use labproof::internal::verdict::Outcome;

use crate::{bench::Bench, check, flow, load, row::Row, up, wait};

/// A group of figures that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Figure {
    /// `labproof check` on 1,000 features
    Check,
    /// `labproof up` on a cluster that exists
    Up,
    /// from the watch event that satisfies a wait to the wait's return
    Wait,
    /// loading an image into all nodes: cold, with its top layers changed, unchanged
    Load,
    /// the Hello World flow, alone and eight side by side
    Flow,
}

impl Figure {
    /// All figures, in the order of measurement: quick ones first.
    pub(crate) const ALL: [Self; 5] = [Self::Check, Self::Up, Self::Wait, Self::Load, Self::Flow];

    /// The name to type.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Check => "check",
            Self::Up => "up",
            Self::Wait => "wait",
            Self::Load => "load",
            Self::Flow => "flow",
        }
    }

    /// Measures it.
    pub(crate) async fn measure(self, bench: &Bench) -> Outcome<Vec<Row>> {
        match self {
            Self::Check => check::measure(bench).await,
            Self::Up => up::measure(bench).await,
            Self::Wait => wait::measure(bench).await,
            Self::Load => load::measure(bench).await,
            Self::Flow => flow::measure(bench).await,
        }
    }
}
