//! Pages for a browser: a learner's grade, a class's grades for its trainer, and a run.
//!
//! A page is a single HTML5 document without scripts and without external resources, so it can be mailed, archived and
//! printed. The same report always gives the same page. Untrusted text is escaped, see `html::escape`;
//! [`super::learner::text`] limits its length.

mod class;
mod details;
pub(super) mod html;
mod learner;
mod missed;
mod parts;
mod roster;
mod run;

use sha2::{Digest, Sha256};

use self::{parts::Facts, roster::Class};
use super::{Report, learner::Grade};

/// The maximum length of a file name in common file systems, in bytes.
const LONGEST: usize = 255;

/// The name of a learner's file with this ending: the learner's name, cut if it is too long for a file name. A cut name
/// contains a digest, which keeps names with the same beginning apart.
#[must_use]
pub fn file_name(learner: &str, ending: &str) -> String {
    if learner.len() + 1 + ending.len() <= LONGEST {
        return format!("{learner}.{ending}");
    }
    let digest = hex::encode(&Sha256::digest(learner)[..8]);
    format!("{}-{digest}.{ending}", &learner[..learner.floor_char_boundary(LONGEST / 2)])
}

/// The page of one learner: the total, each check, and a message for each check that did not pass. Like every format
/// for learners it uses only a [`Grade`], so it contains only the results of hidden scenarios, and no score if a check
/// is broken.
#[must_use]
pub fn learner(report: &Report) -> String {
    learner::page(&Grade::of(report), &Facts::of(report))
}

/// The page of a class, only for its trainer: all scores, the most missed scenarios, and all evidence, including that
/// of hidden scenarios. It links to the learners' pages, `learners/<name>.html` beside it.
#[must_use]
pub fn trainer(reports: &[Report]) -> String {
    class::page(&Class::of(reports))
}

/// The page of a run of labs: the verdict on each scenario, for each version of Kubernetes if there are several.
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
