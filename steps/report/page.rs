//! A grade as pages for a browser: one for a learner, and one of a class for its trainer.
//!
//! A page is one HTML5 document without scripts and without anything that is loaded from elsewhere, so it can be mailed,
//! archived and printed. It says the same for the same report. Untrusted text is shown and never
//! obeyed, see `html::escape`; how much of it is kept is told by [`super::learner::text`].

mod class;
mod details;
mod html;
mod learner;
mod missed;
mod parts;
mod roster;
mod run;

use self::{parts::Facts, roster::Class};
use super::{Report, learner::Grade};

/// The page of one learner: the total, each check, and what is told of each that did not pass. Like every format for a
/// learner it is made of a [`Grade`], so it holds nothing of hidden scenarios but their results, and no score where
/// a check is broken.
#[must_use]
pub fn learner(report: &Report) -> String {
    learner::page(&Grade::of(report), &Facts::of(report))
}

/// The page of a class, for its trainer alone: who earned what, what was missed most, and all that was seen, hidden
/// scenarios included. It leads to the learners' pages, `learners/<name>.html` beside it.
#[must_use]
pub fn trainer(reports: &[Report]) -> String {
    class::page(&Class::of(reports))
}

/// The page of a run of labs: each scenario's verdict, on each version of Kubernetes where there are several.
#[must_use]
pub fn run(report: &Report) -> String {
    run::page(report)
}
