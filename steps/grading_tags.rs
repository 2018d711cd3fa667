//! How a scenario counts in grading: its points, its task, and the hint that a learner reads. Tags in the feature file
//! set this, except for the hint, which is a line above the scenario's first step.
//!
//! ```text
//! @points:2 @task:16 @hidden @lenient
//! Scenario: The server answers on port 3001
//!   Hint: the arguments of the container take the place of the image's CMD.
//! ```

use crate::sheet::{Scenario, spelling::distance};

/// The maximum number of points of a scenario; labs consist of small scenarios.
const MOST: u32 = 100;

/// How a scenario counts in grading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GradingTags {
    /// The scenario's points (`@points:2`); 0 if it is not graded.
    pub points: u32,
    /// Whether a learner sees only that the scenario exists (`@hidden`).
    pub hidden: bool,
    /// Whether its points are left out of the total if an earlier mistake made it impossible (`@lenient`).
    pub lenient: bool,
    /// Whether it can also run on a learner's own cluster, read-only (`@live`).
    pub live: bool,
    /// The task of the lab that it belongs to (`@task:16`).
    pub task: Option<String>,
    /// The hint for a learner who did not pass: the line `Hint: …` above the first step.
    pub hint: Option<String>,
}

impl GradingTags {
    /// Reads the scenario's tags and description; invalid tags are ignored here.
    #[must_use]
    pub fn of<S>(scenario: &Scenario<S>) -> Self {
        let tags = scenario.tags.iter().map(String::as_str);
        Self {
            points: tags.clone().find_map(|tag| points(tag)?.ok()).unwrap_or_default(),
            hidden: tags.clone().any(|tag| tag == "hidden"),
            lenient: tags.clone().any(|tag| tag == "lenient"),
            live: tags.clone().any(|tag| tag == "live"),
            task: tags.clone().find_map(|tag| tag.strip_prefix("task:")).map(str::to_owned),
            hint: hint(&scenario.description),
        }
    }

    /// Whether the scenario is graded.
    #[must_use]
    pub fn is_graded(&self) -> bool {
        self.points > 0
    }
}

/// Finds the errors in the scenario's grading tags.
#[must_use]
pub fn wrong<S>(scenario: &Scenario<S>) -> Vec<String> {
    let tags = || scenario.tags.iter().map(String::as_str);
    let mut wrong: Vec<String> = tags().filter_map(|tag| points(tag)?.err()).collect();
    wrong.extend(tags().filter_map(misspelt));
    let of = |prefix: &str| tags().filter(|tag| tag.starts_with(prefix)).count();
    for prefix in ["points:", "task:"] {
        if of(prefix) > 1 {
            wrong.push(format!(
                "the scenario has more than one tag @{prefix}… (the tags of its Feature and Rule count, too)"
            ));
        }
    }
    if of("points:") == 0 && wrong.is_empty() {
        let idle = tags().find(|tag| ["hidden", "lenient", "live"].contains(tag) || tag.starts_with("task:"));
        wrong.extend(idle.map(|tag| format!("@{tag} has no effect without @points:…: add points, or remove it")));
        wrong.extend(
            hint(&scenario.description)
                .map(|_| "the hint has no effect without @points:…: add points, or remove it".to_owned()),
        );
    }
    wrong.extend(scenario.description.lines().filter_map(misspelt_hint));
    wrong
}

/// Finds a line of a description that is probably a hint, and is not one.
fn misspelt_hint(line: &str) -> Option<String> {
    let (word, text) = line.trim().split_once(':')?;
    let is_empty = text.trim().is_empty();
    let is_hint = word == "Hint" && text.starts_with(' ') && !is_empty;
    let is_meant = ["hint", "hints"].contains(&word.trim().to_lowercase().as_str());
    (is_meant && !is_hint).then(|| {
        let what = if is_empty { "the hint says nothing" } else { "this line is not a hint for learners" };
        format!("{what}: write `Hint: ` and the text behind it, on one line, not `{}`", line.trim())
    })
}

/// The tags with a meaning in labproof, and whether each takes a value.
const MEANT: [(&str, bool); 7] = [
    ("points", true),
    ("task", true),
    ("hidden", false),
    ("lenient", false),
    ("live", false),
    ("slow", false),
    ("erratum", false),
];

/// Finds a tag that is probably a misspelt tag of labproof. All other tags are allowed.
fn misspelt(tag: &str) -> Option<String> {
    let end = tag.find(|letter: char| !letter.is_alphabetic()).unwrap_or(tag.len());
    let (word, value) = tag.split_at(end);
    let is_right = |(meant, takes): &(&str, bool)| {
        word == *meant && value.starts_with(':') == *takes && (*takes || value.is_empty())
    };
    if MEANT.iter().any(is_right) || tag == "points" {
        return None;
    }
    let is_meant = |(meant, takes): &&(&str, bool)| match distance(word, meant) {
        0 => !value.starts_with('-'),
        // A short word resembles many others, so it needs more evidence; a tag with a value is recognized by its
        // separator.
        1 => meant.len() > 5 && (value.is_empty() || *takes) || *takes && value.starts_with([':', '=', '(']),
        _ => false,
    };
    let (meant, takes) = MEANT.iter().find(is_meant)?;
    let given = value.trim_matches(|letter: char| !letter.is_alphanumeric());
    let value = match (takes, given) {
        (false, _) => String::new(),
        (true, "") => ":…".to_owned(),
        (true, given) => format!(":{given}"),
    };
    Some(format!("@{tag} means nothing: did you mean @{meant}{value}?"))
}

/// The points of a tag `points`; `None` for other tags.
fn points(tag: &str) -> Option<Result<u32, String>> {
    let number = if tag == "points" { "" } else { tag.strip_prefix("points:")? };
    let points = number.parse().ok().filter(|points| (1..=MOST).contains(points));
    let wrong =
        || format!("@{tag} has no valid number of points: write a whole number from 1 to {MOST}, as in @points:2");
    Some(points.ok_or_else(wrong))
}

fn hint(description: &str) -> Option<String> {
    let hint = description.lines().find_map(|line| line.trim().strip_prefix("Hint: "))?;
    Some(hint.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scenario(head: &str) -> Scenario {
        let text = format!("Feature: f\n\n{head}    When I run \"true\"\n    Then it prints \"a\"\n");
        crate::sheet::read(&text).unwrap().scenarios.remove(0)
    }

    #[test]
    fn tags_and_description_tell_what_a_scenario_counts() {
        let grading = GradingTags::of(&scenario(
            "  @points:2 @task:16 @hidden @lenient @live\n  Scenario: s\n    Hint: look at the arguments.\n",
        ));
        let hint = Some("look at the arguments.".to_owned());
        assert_eq!(
            grading,
            GradingTags { points: 2, hidden: true, lenient: true, live: true, task: Some("16".into()), hint }
        );
    }

    #[test]
    fn a_plain_scenario_counts_nothing() {
        let plain = scenario("  @slow\n  Scenario: s\n");
        assert_eq!(GradingTags::of(&plain), GradingTags::default());
        assert!(wrong(&plain).is_empty());
    }

    #[test]
    fn a_tag_that_is_nearly_one_of_ours_is_an_error_and_all_others_are_free() {
        let slips = [
            ("point:2", "points:2"),
            ("pionts:3", "points:3"),
            ("Points:2", "points:2"),
            ("points=2", "points:2"),
            ("points2", "points:2"),
            ("point", "points:…"),
            ("tasks:3", "task:3"),
            ("task", "task:…"),
            ("Hidden", "hidden"),
            ("hiden", "hidden"),
            ("hidden:true", "hidden"),
            ("leniant", "lenient"),
            ("Live", "live"),
            ("SLOW", "slow"),
            ("eratum", "erratum"),
        ];
        for (tag, meant) in slips {
            assert_eq!(misspelt(tag), Some(format!("@{tag} means nothing: did you mean @{meant}?")), "{tag}");
        }
        for free in [
            "slow",
            "points:2",
            "task:a",
            "five",
            "alive",
            "flow",
            "server",
            "wip",
            "JIRA-12",
            "mask",
            "task-force",
            "print",
        ] {
            assert_eq!(misspelt(free), None, "{free}");
        }
    }

    #[test]
    fn what_counts_nothing_and_looks_as_if_it_did_is_wrong() {
        for head in ["@points", "@points:0", "@points:x", "@points:101", "@points:1 @points:2", "@hidden", "@task:3"] {
            let found = wrong(&scenario(&format!("  {head}\n  Scenario: s\n")));
            assert_eq!(found.len(), 1, "{head}: {found:?}");
        }
        assert_eq!(wrong(&scenario("  Scenario: s\n    Hint: none.\n")).len(), 1);
    }
}
