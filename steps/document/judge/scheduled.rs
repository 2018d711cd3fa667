//! What a `CronJob` has made by the clock: how many Jobs there are, and of which minutes, depends on when a page is typed.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    document::story,
    expression::{kubectl_regex, regex},
};

/// The names of such a Job, or of its Pod, where words end. The number is its minute; older clusters counted seconds.
static NAME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|[\s/])[a-z0-9.-]+-(?:(?:2[5-9]|3\d)\d{6}|1[5-9]\d{8})(?:-[a-z0-9]{5})?(?:$|[\s,])"));

/// Whether this is the name of such a Job, or of its Pod.
pub(super) fn is_name(name: &str) -> bool {
    NAME.is_match(name)
}

/// What `kubectl get` and `kubectl describe` print without lines about such Jobs, if the document shows none either: as if
/// the clock had not come to it yet.
pub(super) fn without(command: &str, stdout: &str, shown: &str) -> Option<String> {
    static LISTS: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^KUBECTL\s(?:[^|;&]*\s)?(?:get|describe|events)\s"));
    static ACTIVE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?m)^(Active Jobs:\s+).+$"));
    let is_meant = NAME.is_match(stdout) && !NAME.is_match(shown) && LISTS.is_match(&format!("{} ", command.trim()));
    is_meant.then(|| {
        let stdout = ACTIVE.replace_all(stdout, "$1<none>");
        let lines: Vec<&str> = stdout.lines().filter(|line| !NAME.is_match(line)).collect();
        let is_last = |at: usize| lines.get(at + 1).is_none_or(|next| next.trim().is_empty());
        let is_header = |at: usize| story::is_table(lines[at]) || lines[at].trim_start().starts_with("----");
        let mut kept = String::new();
        for (at, line) in lines.iter().enumerate() {
            match *line {
                "Events:" if lines[at..].len() <= 3 => return format!("{kept}Events: <none>\n"),
                _ if is_header(at) && is_last(at) => {}
                line => kept = format!("{kept}{line}\n"),
            }
        }
        if kept.trim().is_empty() { "No resources found in default namespace.\n".into() } else { kept }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "NAME                       READY   AGE\npod/hello-29932696-wsb6z   0/1     85s\n\nNAME                  ACTIVE   AGE\ncronjob.batch/hello   0        102s\n\nNAME                       STATUS     AGE\njob.batch/hello-29932696   Complete   85s\n";

    #[test]
    fn what_the_clock_made_is_left_out_if_the_document_shows_none_of_it() {
        let kept = without("kubectl get all", ALL, "").unwrap();
        assert_eq!(kept.trim(), "NAME                  ACTIVE   AGE\ncronjob.batch/hello   0        102s");
        assert_eq!(without("kubectl get all", ALL, "job.batch/hello-1594039020   1/1"), None, "it shows one");
        assert_eq!(without("./mine", ALL, ""), None, "another program");
        assert_eq!(without("kubectl get pods", "backup-20261129   1/1\n", ""), None, "a date");
    }

    #[test]
    fn nothing_left_reads_as_kubectl_says_it() {
        let pods = "NAME                   READY\nhello-29932696-wsb6z   0/1\n";
        let none = "No resources found in default namespace.\n";
        assert_eq!(without("kubectl get pods", pods, "").as_deref(), Some(none));
        let events = "Active Jobs: hello-29932697\nEvents:\n  Type    Reason\n  ----    ------\n  Normal  SuccessfulCreate  5s  cronjob-controller  Created job hello-29932696\n";
        let kept = without("kubectl describe cronjob hello", events, "").unwrap();
        assert_eq!(kept, "Active Jobs: <none>\nEvents: <none>\n");
    }
}
