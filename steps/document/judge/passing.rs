//! States that `kubectl describe` shows only for a moment: those of what was just made.

use std::sync::LazyLock;

use regex::Regex;

use super::Judged;
use crate::expression::regex;

/// What is shown at first, and what a moment later; a `CronJob` begins when the clock says so. A group that both have must
/// hold the same.
const STATES: &[(&str, &str)] = &[
    (
        r"^Replicas:\s+(?<n>\d+ desired \| \d+ updated \| \d+ total) \| \d+ available",
        r"^Replicas:\s+(?<n>\d+ desired \| \d+ updated \| \d+ total) \| \d+ available \| 0 unavailable",
    ),
    (r"^Available\s+False\s+MinimumReplicasUnavailable", r"^Available\s+True\s+MinimumReplicasAvailable"),
    (
        r"^Progressing\s+True\s+(?:ReplicaSetUpdated|NewReplicaSetCreated)",
        r"^Progressing\s+True\s+NewReplicaSetAvailable",
    ),
    (
        r"^(?<n>Ready|ContainersReady|Initialized|PodReadyToStartContainers):?\s+False",
        r"^(?<n>Ready|ContainersReady|Initialized|PodReadyToStartContainers):?\s+True",
    ),
    (r"^State:\s+Waiting", r"^State:\s+Running"),
    (r"^Status:\s+Pending", r"^Status:\s+Running"),
    (r"^Last Schedule Time:\s+<unset>", r"^Last Schedule Time:"),
];

/// Leaves out the findings about such states, if the document shows that something is not available yet.
pub(super) fn forgive(judged: &mut Judged) {
    static PAIRS: LazyLock<Vec<(Regex, Regex)>> =
        LazyLock::new(|| STATES.iter().map(|(early, late)| (regex(early), regex(late))).collect());
    let passes = |says: &str, seen: &str| {
        PAIRS.iter().any(|(early, late)| match (early.captures(says.trim()), late.captures(seen.trim())) {
            (Some(says), Some(seen)) => {
                says.name("n").map(|group| group.as_str().to_owned())
                    == seen.name("n").map(|group| group.as_str().to_owned())
            }
            _ => false,
        })
    };
    let Some(first) = judged.findings.iter().find(|finding| passes(&finding.says, &finding.seen)) else { return };
    let note = format!("line {} shows a state that passes: it is `{}` now", first.line, first.seen.trim());
    judged.findings.retain(|finding| !passes(&finding.says, &finding.seen));
    judged.notes.push(note);
}

#[cfg(test)]
mod tests {
    use crate::document::{
        judge::{Judged, Seen, World, judge},
        story::ShownOutput,
    };

    fn judged(says: &str, prints: &str) -> Judged {
        let seen = Seen { command: "kubectl describe deploy web".into(), stdout: prints.into(), ..Seen::default() };
        judge(&ShownOutput { line: 5, text: says.into(), ..ShownOutput::default() }, &seen, &World::default())
    }

    #[test]
    fn what_is_not_available_yet_may_be_shown() {
        let says = "Name: web\nReplicas: 2 desired | 2 updated | 2 total | 0 available | 2 unavailable\n";
        let prints = "Name: web\nReplicas: 2 desired | 2 updated | 2 total | 2 available | 0 unavailable\n";
        let passed = judged(says, prints);
        assert!(passed.findings.is_empty() && passed.notes.len() == 1, "{passed:?}");
        let other = prints.replace("2 desired", "3 desired");
        assert!(!judged(says, &other).findings.is_empty(), "another number of replicas");
        assert!(!judged(prints, says).findings.is_empty(), "what should be available and is not");
    }
}
