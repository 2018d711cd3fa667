//! The table: each figure with its alternative and its budget. The README shows it without the budgets.

use crate::row::{Row, Side, Spread, shown};

/// The conditions of the measurement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Circumstances {
    /// How often each figure was measured.
    pub(crate) runs: usize,
    /// The number of processors.
    pub(crate) processors: usize,
    /// The cluster, if one was needed.
    pub(crate) cluster: Option<String>,
}

/// The rows as a Markdown table.
pub(crate) fn of(rows: &[Row], circumstances: &Circumstances) -> String {
    let head = "| figure | labproof | alternative | | budget | |\n|---|---|---|---|---|---|\n".to_owned();
    let lines: String = rows.iter().map(line).collect();
    head + &lines + &note(circumstances)
}

fn line(row: &Row) -> String {
    let verdict = if row.is_within_budget() { "ok" } else { "**over**" };
    let [ours, theirs] = Side::BOTH.map(|side| describe(row.spread(side)));
    format!("| {} | {ours} | {theirs} | {} | {} | {verdict} |\n", row.what, row.alternative, shown(row.budget))
}

fn describe(spread: Spread) -> String {
    format!("{} ({}–{})", shown(spread.median), shown(spread.min), shown(spread.max))
}

fn note(circumstances: &Circumstances) -> String {
    let Circumstances { runs, processors, cluster } = circumstances;
    let on = cluster.as_ref().map_or_else(String::new, |cluster| format!(", {cluster}"));
    let runs = if *runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
    format!("\nMedian (shortest–longest) of {runs}, taken in turns; {processors} processors{on}.\n")
}
