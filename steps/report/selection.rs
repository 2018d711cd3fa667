//! Parts of a report, and several reports as one.

use super::{Graded, Report, ScenarioReport, Summary};
use crate::images::catalogue::{Source, Used};

impl Report {
    /// The part of the report for one submission.
    #[must_use]
    pub fn about(&self, Graded { lab, submission, image_prefix }: Graded) -> Self {
        let prefix = format!("{image_prefix}/");
        let is_about =
            |scenario: &&ScenarioReport| scenario.lab == lab && scenario.submission.as_ref() == Some(&submission.name);
        let scenarios: Vec<ScenarioReport> = self.scenarios.iter().filter(is_about).cloned().collect();
        let is_ours = |image: &&Used| image.source != Source::Built || image.name.starts_with(&prefix);
        Self {
            schema: self.schema.clone(),
            run: self.run.clone(),
            version: self.version.clone(),
            seed: self.seed,
            started: self.started.clone(),
            duration_ms: self.duration_ms,
            finished: scenarios.iter().all(|scenario| scenario.started.is_some()),
            cluster: self.cluster.clone(),
            images: self.images.iter().filter(is_ours).cloned().collect(),
            notes: self.notes.clone(),
            summary: Summary::of(&scenarios),
            submission: Some(submission),
            leftovers: self.leftovers.clone(),
            scenarios,
            root: self.root.clone(),
        }
    }
}

impl Report {
    /// Merges this report with that of the next run, which used another version of Kubernetes.
    #[must_use]
    pub fn followed_by(mut self, next: &Self) -> Self {
        self.duration_ms += next.duration_ms;
        self.finished &= next.finished;
        self.scenarios.extend(next.scenarios.iter().cloned());
        self.summary = Summary::of(&self.scenarios);
        add_new(&mut self.leftovers, &next.leftovers);
        add_new(&mut self.notes, &next.notes);
        add_new(&mut self.images, &next.images);
        if let (Some(cluster), Some(next)) = (&mut self.cluster, &next.cluster) {
            cluster.kubernetes += &format!(", {}", next.kubernetes);
        } else {
            self.cluster = self.cluster.or_else(|| next.cluster.clone());
        }
        self
    }
}

/// The scenarios that neither passed nor were skipped: those that failed, then those that could not be judged.
#[must_use]
pub fn worst_first(report: &Report) -> Vec<&ScenarioReport> {
    let mut bad: Vec<&ScenarioReport> = report.scenarios.iter().filter(|scenario| scenario.is_bad()).collect();
    bad.sort_by_key(|scenario| scenario.verdict);
    bad
}

fn add_new<T: Clone + PartialEq>(to: &mut Vec<T>, from: &[T]) {
    for item in from {
        if !to.contains(item) {
            to.push(item.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::SubmissionReport;

    fn scenario(lab: &str, name: &str) -> ScenarioReport {
        let submission = Some("golden".to_owned());
        ScenarioReport { lab: lab.into(), name: name.into(), submission, ..ScenarioReport::default() }
    }

    #[test]
    fn submissions_of_the_same_name_to_two_labs_have_a_report_each() {
        let scenarios = vec![scenario("one", "a"), scenario("two", "b"), scenario("one", "c")];
        let report = Report { scenarios, ..Report::default() };
        let submission = SubmissionReport {
            name: "golden".into(),
            digest: String::new(),
            lab: String::new(),
            refusals: Vec::new(),
            ignored: Vec::new(),
        };
        let of = |lab: &str| {
            let graded = Graded { lab: lab.into(), submission: submission.clone(), image_prefix: "p".into() };
            report.about(graded).scenarios.into_iter().map(|scenario| scenario.name).collect::<Vec<_>>()
        };
        assert_eq!((of("one"), of("two")), (vec!["a".to_owned(), "c".to_owned()], vec!["b".to_owned()]));
    }
}
