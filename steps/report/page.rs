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

use sha2::{Digest, Sha256};

use self::{parts::Facts, roster::Class};
use super::{Report, learner::Grade};

/// The longest name of a file, in bytes, that common file systems take.
const LONGEST: usize = 255;

/// The name of a learner's file with this ending: the learner's own name, which is cut where no file can be called so. A
/// digest then tells those apart that begin alike.
#[must_use]
pub fn file_name(learner: &str, ending: &str) -> String {
    if learner.len() + 1 + ending.len() <= LONGEST {
        return format!("{learner}.{ending}");
    }
    let digest = Sha256::digest(learner).iter().take(8).map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("{}-{digest}.{ending}", &learner[..learner.floor_char_boundary(LONGEST / 2)])
}

/// The page of one learner: the total, each check, and the message of each that did not pass. Like every format for a
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_too_long_for_a_file_is_cut_and_still_its_own() {
        assert_eq!(file_name("anna", "html"), "anna.html");
        let [one, other] = ["a", "b"].map(|last| file_name(&format!("{}{last}", "ü".repeat(126)), "html"));
        assert!(one != other && one.len() <= LONGEST && one.len() > LONGEST / 2, "{one}");
        assert_eq!(file_name(&"x".repeat(250), "html").len(), LONGEST);
    }
}
