//! The arguments, given by `cargo bench` or by a command that runs all targets of a package.

use std::num::NonZeroUsize;

use clap::Parser;

use crate::figure::Figure;

/// Measures the times that users wait for, and compares each with an alternative.
#[derive(Clone, Debug, Parser)]
#[command(name = "just bench", max_term_width = 110)]
pub(crate) struct Arguments {
    /// Figures to measure; all if none is named
    #[arg(value_enum, value_name = "FIGURE")]
    named: Vec<Figure>,
    /// How often to measure each; a median of fewer than five is unreliable
    #[arg(long, value_name = "N", default_value = "5")]
    pub(crate) runs: NonZeroUsize,
    /// The kind configuration of the cluster, relative to the folder that holds features/
    #[arg(long, value_name = "FILE", default_value = "kind-config/demo.yaml")]
    pub(crate) config: String,
    /// Set by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

/// What to do.
pub(crate) enum Invocation {
    /// Measure.
    Measure(Arguments),
    /// Print the names of the figures, one per line.
    List,
    /// `cargo test --benches` runs benchmarks without `--bench`; there is nothing to test.
    Nothing,
}

/// Reads the arguments of the process.
pub(crate) fn invocation() -> Invocation {
    let said = |word: &str| std::env::args().any(|argument| argument == word);
    match () {
        () if said("--list") => Invocation::List,
        () if said("--bench") || said("--help") => Invocation::Measure(Arguments::parse()),
        () => Invocation::Nothing,
    }
}

impl Arguments {
    /// The selected figures.
    pub(crate) fn figures(&self) -> Vec<Figure> {
        if self.named.is_empty() { Figure::ALL.to_vec() } else { self.named.clone() }
    }
}
