//! A class as data: one row for each submission, one column for each graded scenario. Contains no HTML.

use std::collections::BTreeSet;

use crate::report::{
    Report, ScenarioReport,
    learner::{Check, Grade},
};

/// The submissions of a class, sorted by name.
pub(super) struct Class<'a> {
    /// One row for each submission.
    pub(super) rows: Vec<Row<'a>>,
    /// The graded scenarios, in the order of the reports.
    pub(super) columns: Vec<&'a ScenarioReport>,
}

/// A submission.
pub(super) struct Row<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its report.
    pub(super) report: &'a Report,
    /// Its grade.
    pub(super) grade: Grade,
}

impl<'a> Class<'a> {
    /// Collects the class from its reports.
    pub(super) fn of(reports: &'a [Report]) -> Self {
        let mut rows: Vec<Row> = reports.iter().map(Row::of).collect();
        rows.sort_by_key(|row| row.name);
        let (mut known, mut columns) = (BTreeSet::new(), Vec::new());
        for scenario in rows.iter().flat_map(|row| row.report.scenarios.iter()).filter(|scenario| scenario.points > 0) {
            if known.insert(identity(scenario)) {
                columns.push(scenario);
            }
        }
        Self { rows, columns }
    }

    /// The results of a scenario in all submissions that have it.
    pub(super) fn results(&self, column: &ScenarioReport) -> impl Iterator<Item = &'a ScenarioReport> {
        self.rows.iter().filter_map(|row| row.report.scenarios.iter().find(|one| identity(one) == identity(column)))
    }
}

impl<'a> Row<'a> {
    fn of(report: &'a Report) -> Self {
        let name = report.submission.as_ref().map_or("", |submission| &submission.name);
        Self { name, report, grade: Grade::of(report) }
    }

    /// The graded scenarios, each with its check; a grade has the same order as the report.
    pub(super) fn graded(&self) -> impl Iterator<Item = (&'a ScenarioReport, &Check)> {
        self.report.scenarios.iter().filter(|scenario| scenario.points > 0).zip(&self.grade.checks)
    }
}

/// The key that identifies a scenario in a lab, equal for every submission.
pub(super) fn identity(scenario: &ScenarioReport) -> (&str, usize) {
    (&scenario.id, scenario.line)
}
