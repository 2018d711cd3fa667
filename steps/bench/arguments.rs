//! What was asked for, by `cargo bench` or by those who run every target of a package.

use std::num::NonZeroUsize;

use clap::Parser;

use crate::figure::Figure;

/// Measures what people wait for, each figure beside its alternative.
#[derive(Clone, Debug, Parser)]
#[command(name = "just bench", max_term_width = 110)]
pub(crate) struct Arguments {
    /// Figures to measure; all where none is named
    #[arg(value_enum, value_name = "FIGURE")]
    named: Vec<Figure>,
    /// How often each is measured; the median of fewer than five says little
    #[arg(long, value_name = "N", default_value = "5")]
    pub(crate) runs: NonZeroUsize,
    /// The kind configuration of the cluster, relative to the folder that holds features/
    #[arg(long, value_name = "FILE", default_value = "kind-config/demo.yaml")]
    pub(crate) config: String,
    /// Said by `cargo bench`
    #[arg(long, hide = true)]
    bench: bool,
}

/// What is to be done.
pub(crate) enum Invocation {
    /// Measure.
    Measure(Arguments),
    /// Name the figures, one a line.
    List,
    /// `cargo test --benches` runs whatever is not told that it is a benchmark: there is nothing to test.
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
    /// The figures to measure.
    pub(crate) fn figures(&self) -> Vec<Figure> {
        if self.named.is_empty() { Figure::ALL.to_vec() } else { self.named.clone() }
    }
}
