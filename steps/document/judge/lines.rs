//! Text, line by line: each line of the document must be printed, in the same order, on one of the two streams.

use std::{collections::BTreeMap, sync::LazyLock};

use regex::Regex;

use super::{
    Finding, Judged, Seen, drift,
    values::{World, has_values, likeness, same},
};
use crate::{
    document::{defect::Defect, story::ShownOutput},
    expression::{kubectl_regex, regex},
};

/// Up to how many lines are compared in order; of more, the beginning.
const MOST: usize = 600;

/// How alike two lines must be to count as one that has changed.
const ALIKE: f32 = 0.45;

/// The same for programs whose output changes with every version.
const MUCH_ALIKE: f32 = 0.8;

/// Where a program's name may stand: at the beginning of a command, or behind `--` or a quote, for a container.
const BEGINS: &str = r#"(?m)(?:^|[;&|(]|\s--\s|["'])\s*(?:sudo\s+)?"#;

/// Programs whose output is compared only where a line is much like one of the document.
const TALKATIVE: &str = r"(?:docker (?:image )?(?:build|buildx|pull|push)|npm|yarn|pip3?|git|kind|minikube|helm|go|mvn|apt(?:-get)?|apk|curl -v|wget)\s";

/// Programs that print more each time, or another time.
const PROGRESSING: &str = r"(?:date|ping|top|docker (?:ps|images|image ls|container ls|logs))\b";

/// Judges lines.
pub(super) fn judge(expected: &ShownOutput, seen: &Seen, world: &World) -> Judged {
    let wanted: Vec<(usize, &str)> =
        lines(&expected.text).take(MOST).map(|(at, line)| (expected.line + at, line)).collect();
    let printed: Vec<&str> = lines(&seen.stdout).take(MOST).map(|(_, line)| line).collect();
    let said: Vec<&str> = lines(&seen.stderr).take(MOST).map(|(_, line)| line).collect();
    let mut judged = Judged::default();
    // In a file, blanks count.
    let all = wanted.iter().map(|(_, line)| *line).chain(printed.iter().copied());
    let counting = if shows_the_end(&seen.command) { counting(all) } else { Vec::new() };
    let rule = &SameLine { counting, world, is_exact: seen.command.trim_start().starts_with("cat ") };
    let matched = aligned(&wanted, &printed, rule, &mut judged);
    let mut missing: Vec<(usize, &str)> = left(&wanted, &matched.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let mut extra: Vec<&str> = left(&printed, &matched.iter().map(|pair| pair.1).collect::<Vec<_>>());
    // A terminal shows both streams; in which order is chance.
    let on_error = aligned(&missing, &said, rule, &mut judged);
    missing = left(&missing, &on_error.iter().map(|pair| pair.0).collect::<Vec<_>>());
    let mut others: Vec<&str> = left(&said, &on_error.iter().map(|pair| pair.1).collect::<Vec<_>>());
    // Programs that run at the same time may print their lines in another order.
    let mut moved = None;
    missing.retain(|(at, line)| {
        let is_moved = take(&mut extra, line, rule, &mut judged);
        moved = moved.or(is_moved.then_some((*at, *line)));
        !is_moved && !take(&mut others, line, rule, &mut judged)
    });
    // Of lines with times, and where others differ as well, the order says nothing.
    let is_only_order = missing.is_empty() && extra.is_empty() && others.is_empty();
    let is_plain = |line: &str| !has_values(line);
    if let Some((line, says)) = moved.filter(|(_, says)| is_only_order && is_plain(says) && is_in_order(&seen.command))
    {
        let index = wanted.iter().position(|(at, _)| *at == line).unwrap_or_default();
        let there = printed.get(index).copied().unwrap_or_default();
        let advice = Some("it prints these lines in another order".to_owned());
        judged.findings.push(Finding { advice, may_change: false, ..Finding::of(line, says, there) });
    }
    missing.retain(|(_, line)| !is_elision(line) && !is_waiting(line) && !is_of_another_cluster(line));
    extra.retain(|line| !is_waiting(line));
    judged.findings.extend(repeated(&wanted, &others, rule));
    // What the document leaves out belongs before the next line that it shows.
    let end = expected.line + expected.text.trim_end().lines().count().saturating_sub(1);
    let line_of = |line: &str| {
        let index = printed.iter().position(|other| std::ptr::eq(*other, line));
        let next = matched.iter().find(|(_, at)| index.is_some_and(|index| *at > index));
        next.map_or(end, |(row, _)| wanted[*row].0)
    };
    let extra = extra.into_iter().map(|line| (line_of(line), line)).collect();
    let shows_most = 2 * matched.len() >= printed.len();
    differences(missing, (extra, shows_most), others, expected, seen, judged)
}

/// Whether a command prints its lines in an order that means something: the log of one container, and a file.
fn is_in_order(command: &str) -> bool {
    static IN_ORDER: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^(?:KUBECTL\s(?:\S+\s+)*?logs\s|cat\s)[^|;&]*$"));
    static OF_SEVERAL: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"\s(?:-l\S*|--selector\S*|--all-containers|--all-pods|--prefix|-f|--follow)\b|\s[a-z]+/")
    });
    let command = command.trim();
    IN_ORDER.is_match(command) && !OF_SEVERAL.is_match(command)
}

/// Whether a line says what a command waits for: where nothing is left to wait for, it is not printed.
pub(in crate::document) fn is_waiting(line: &str) -> bool {
    line.starts_with("Waiting for ") && line.trim_end().ends_with("...")
}

/// Whether a line of a description shows an annotation that a part of its author's cluster has set.
fn is_of_another_cluster(line: &str) -> bool {
    static ANNOTATION: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:Annotations:)?\s+(?:cni\.projectcalico\.org|k8s\.v1\.cni\.cncf\.io|k8s\.ovn\.org|(?:[a-z-]+\.)?openshift\.io|(?:[a-z-]+\.)?cattle\.io|eks\.amazonaws\.com|cloud\.google\.com|container\.googleapis\.com|kubernetes\.io/(?:psp|limit-ranger))\S*: ",
        )
    });
    ANNOTATION.is_match(line)
}

/// The findings for errors that are printed more often than the document shows them.
fn repeated(wanted: &[(usize, &str)], others: &[&str], rule: &SameLine<'_>) -> Option<Finding> {
    let shown = |seen: &&&str| wanted.iter().find(|(_, line)| rule.same(line, seen).is_some());
    let again = others.iter().find(|seen| shown(seen).is_some())?;
    let (line, says) = shown(&again)?;
    Some(Finding { may_change: false, ..Finding::of(*line, "", &format!("{} once more", says.trim())) })
}

/// The findings for lines that have no counterpart. What newer versions print in addition says nothing where the document
/// shows only a few lines of a description.
fn differences(
    missing: Vec<(usize, &str)>,
    (mut extra, shows_most): (Vec<(usize, &str)>, bool),
    mut others: Vec<&str>,
    expected: &ShownOutput,
    seen: &Seen,
    mut judged: Judged,
) -> Judged {
    let is_talkative = is_talkative(&seen.command);
    let least = if is_talkative { MUCH_ALIKE } else { ALIKE };
    let count = missing.len();
    for (line, says) in missing {
        let is_only_one = count == 1 && extra.len() == 1 && !is_talkative;
        let lines: Vec<&str> = extra.iter().map(|(_, line)| *line).collect();
        let counterpart = nearest(&lines, says, if is_only_one { 0.0 } else { least }).map(|at| extra.remove(at).1);
        let counterpart = counterpart.or_else(|| nearest(&others, says, least).map(|at| others.remove(at)));
        match counterpart {
            Some(_) if is_talkative && is_progress(says) => {}
            Some(seen) => judged.findings.push(Finding::of(line, says, seen)),
            None if is_talkative => {}
            None => judged.findings.push(Finding::of(line, says, "")),
        }
    }
    let is_partial = expected.text.lines().any(is_elision) || is_talkative || shows_a_part(&seen.command);
    if !is_partial {
        let is_excerpt = super::describes(&seen.command);
        let further = further(&extra);
        judged
            .findings
            .extend(further.into_iter().filter(|finding| !is_excerpt || shows_most && finding.kind == Defect::Drift));
    }
    judged
}

/// The findings for printed lines that the document does not show: one for each known change, one for all others.
fn further(extra: &[(usize, &str)]) -> Vec<Finding> {
    let (known, unknown): (Vec<Finding>, Vec<Finding>) = extra
        .iter()
        .map(|(line, seen)| Finding::of(*line, "", seen))
        .partition(|finding| finding.kind == Defect::Drift);
    let mut findings = known;
    if let Some(first) = unknown.first() {
        let all: Vec<&str> = unknown.iter().map(|finding| finding.seen.as_str()).collect();
        findings.push(Finding { seen: all.join("\n"), ..first.clone() });
    }
    findings
}

/// Whether a command's output changes with every version of its program.
pub(in crate::document) fn is_talkative(command: &str) -> bool {
    static FOUND: LazyLock<Regex> = LazyLock::new(|| regex(&format!("{BEGINS}{TALKATIVE}")));
    static QUIET: LazyLock<Regex> = LazyLock::new(|| regex(r"\bwget\s.*(?:-\w*q|--quiet)"));
    FOUND.is_match(command) && !QUIET.is_match(command)
}

/// Whether a line says what a package manager or a download does at the moment.
fn is_progress(line: &str) -> bool {
    const STARTS: &[&str] =
        &["Get:", "Hit:", "Ign:", "Fetched ", "Reading ", "npm ", "Sending build", "Collecting ", "Downloading "];
    STARTS.iter().any(|start| line.trim_start().starts_with(start))
}

/// Whether a command prints more each time, so that a document shows a part.
pub(in crate::document) fn shows_a_part(command: &str) -> bool {
    static PART: LazyLock<Regex> = LazyLock::new(|| regex(&format!("{BEGINS}{PROGRESSING}")));
    static GROWING: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"(?m)(?:^|[^\w-])KUBECTL\s(?:[^|;&]*\s)?(?:logs|events?|ev|top|-w|--watch)(?:[\s=]|$)")
    });
    // Nobody shows all variables of a container.
    static ALL_VARIABLES: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\bexec\s.*\s(?:env|printenv)\s*$|^(?:env|printenv)$"));
    PART.is_match(command) || GROWING.is_match(command) || ALL_VARIABLES.is_match(command)
}

/// The lines that have text, each with its place.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty())
}

/// A line that stands for left-out lines.
pub(in crate::document) fn is_elision(line: &str) -> bool {
    let line = line.trim().trim_start_matches(['#', '/', '<', '[', '(']).trim_end_matches(['>', ']', ')']).trim();
    matches!(line, "..." | "…" | "[...]" | "snip" | ".." | "...." | "output omitted" | "--- snip ---")
}

/// When two lines are the same.
struct SameLine<'a> {
    /// The lines that count on: those of a log of which only the end is shown.
    counting: Vec<String>,
    world: &'a World,
    is_exact: bool,
}

impl SameLine<'_> {
    fn same(&self, wanted: &str, seen: &str) -> Option<BTreeMap<String, String>> {
        if self.is_exact && wanted.trim_end().len() != seen.trim_end().len() {
            return None;
        }
        same(wanted, seen, self.world)
            .or_else(|| {
                let (begins, beginning) = shortened(wanted, seen)?;
                same(begins, &beginning, self.world)
            })
            .or_else(|| {
                let counts_on = self.counting.contains(&without_numbers(wanted));
                (counts_on && without_numbers(wanted) == without_numbers(seen)).then(BTreeMap::new)
            })
            .or_else(|| (request(wanted)? == request(seen)?).then(BTreeMap::new))
    }
}

/// The request and the status of a line of a web server's log, in the format of nginx and Apache: its time, its size and its
/// client are others for each reader.
fn request(line: &str) -> Option<(&str, &str)> {
    static ACCESS: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"(?:^|\s)\S+ \S+ \S+ \[[^\]]+\] "([A-Z]+ [^"]*)" (\d{3}) (?:\d+|-)(?:\s|$)"#));
    let found = ACCESS.captures(line)?;
    Some((found.get(1)?.as_str(), found.get(2)?.as_str()))
}

/// Whether a command shows only the end of a log, which depends on when it is typed.
fn shows_the_end(command: &str) -> bool {
    static END: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"^(?:KUBECTL|docker)\s(?:.*\s)?logs\s(?:.*\s)?(?:--tail|--since|-f\b|--follow|-n\s?\d)")
    });
    END.is_match(command.trim())
}

/// The lines, without their numbers, that occur with several.
fn counting<'a>(lines: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut bare: Vec<String> =
        lines.filter(|line| line.contains(|letter: char| letter.is_ascii_digit())).map(without_numbers).collect();
    bare.sort();
    bare.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone()).collect()
}

fn without_numbers(line: &str) -> String {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| regex(r"\d+"));
    NUMBER.replace_all(line.trim_end(), "0").into_owned()
}

/// A line that the author has cut off with dots, without them, and the beginning of a printed line that it may be.
fn shortened<'a>(wanted: &'a str, seen: &str) -> Option<(&'a str, String)> {
    let cut = wanted.trim_end();
    let begins = cut.strip_suffix("...").or_else(|| cut.strip_suffix('…'))?;
    let words = begins.split_whitespace().count();
    let is_whole = begins.ends_with([' ', '\t']);
    let mut beginning: Vec<&str> = seen.split_whitespace().take(words).collect();
    if let (false, Some(last), Some(cut)) = (is_whole, beginning.last_mut(), begins.split_whitespace().last()) {
        *last = last.get(..cut.len()).unwrap_or(last);
    }
    let is_long = words > 2 || begins.trim().len() > 12;
    (is_long && seen.len() > begins.len()).then(|| (begins, beginning.join(" ")))
}

/// The longest common subsequence: pairs of places.
fn aligned(
    wanted: &[(usize, &str)],
    printed: &[&str],
    rule: &SameLine<'_>,
    judged: &mut Judged,
) -> Vec<(usize, usize)> {
    let (rows, columns) = (wanted.len(), printed.len());
    let is_same: Vec<bool> =
        wanted.iter().flat_map(|(_, line)| printed.iter().map(|seen| rule.same(line, seen).is_some())).collect();
    let mut best = vec![0_u32; (rows + 1) * (columns + 1)];
    let at = |row: usize, column: usize| row * (columns + 1) + column;
    for row in (0..rows).rev() {
        for column in (0..columns).rev() {
            best[at(row, column)] = if is_same[row * columns + column] {
                best[at(row + 1, column + 1)] + 1
            } else {
                best[at(row + 1, column)].max(best[at(row, column + 1)])
            };
        }
    }
    let (mut row, mut column, mut pairs) = (0, 0, Vec::new());
    while row < rows && column < columns {
        if is_same[row * columns + column] {
            judged.bound.extend(rule.same(wanted[row].1, printed[column]).unwrap_or_default());
            pairs.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if best[at(row + 1, column)] >= best[at(row, column + 1)] {
            row += 1;
        } else {
            column += 1;
        }
    }
    pairs
}

fn left<T: Copy>(all: &[T], taken: &[usize]) -> Vec<T> {
    all.iter().enumerate().filter(|(index, _)| !taken.contains(index)).map(|(_, item)| *item).collect()
}

/// Takes a line out of these that is the same.
fn take(from: &mut Vec<&str>, line: &str, rule: &SameLine<'_>, judged: &mut Judged) -> bool {
    let Some((index, bound)) = from.iter().enumerate().find_map(|(index, seen)| Some((index, rule.same(line, seen)?)))
    else {
        return false;
    };
    from.remove(index);
    judged.bound.extend(bound);
    true
}

/// The place of the line that stands for this one today, or is most like it.
fn nearest(lines: &[&str], says: &str, least: f32) -> Option<usize> {
    let old = drift::Old::of(says);
    if let Some(index) = lines.iter().position(|seen| old.became(seen).is_some()) {
        return Some(index);
    }
    let likeness = lines.iter().enumerate().map(|(index, line)| (index, likeness(says, line)));
    let best = likeness.max_by(|one, other| one.1.total_cmp(&other.1))?;
    (best.1 >= least).then_some(best.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_known_by_its_name_and_not_by_a_part_of_another_one() {
        for command in
            ["docker build -t a .", "cd app && npm install", "kubectl exec a -- apt update", "sudo apt-get update"]
        {
            assert!(is_talkative(command), "{command}");
        }
        for command in
            ["kubectl get pod adapter", "kubectl exec mongo -- ls", "cat pipeline.yaml", "wget -qO- http://web"]
        {
            assert!(!is_talkative(command), "{command}");
        }
        for command in ["kubectl -n a logs web", "kubectl get pods -w", "date", "kubectl exec a -- date", "docker ps"] {
            assert!(shows_a_part(command), "{command}");
        }
        for command in
            ["kubectl apply -f update.yaml", "kubectl get pod shipping", "docker stop x", "kubectl get pod logs-1"]
        {
            assert!(!shows_a_part(command), "{command}");
        }
    }
}
