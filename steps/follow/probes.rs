//! Pods that do not become ready because a probe fails: the mistake is in the manifest, wherever it shows.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    cause::names_of,
    result::{ActResult, ActVerdict},
    walk::{SHORT_LIMIT, Walk},
};
use crate::{
    document::{
        blanks::namespace_of,
        defect::Defect,
        story::{Act, Deed, Source},
    },
    expression::regex,
};

/// Asks for what probes have said, each with its Pod.
const ASK: &str = "--field-selector reason=Unhealthy -o jsonpath='{range .items[*]}{.involvedObject.name}{\" \"}{.message}{\"\\n\"}{end}'";

impl Walk<'_> {
    /// The result with the line of the probe for which a Pod that the command names is not ready, or as the same mistake
    /// as before.
    pub(super) async fn with_probe(&mut self, act: &Act, ended: ActResult) -> ActResult {
        let Deed::Type(typed) = &act.deed else { return ended };
        if !waits_for_pods(&ended) {
            return ended;
        }
        let option = namespace_of(&typed.command).map(|name| format!(" -n {name}")).unwrap_or_default();
        let events = self.scene.run_for(&format!("kubectl get events{option} {ASK}"), SHORT_LIMIT).await;
        let events = events.map(|output| output.stdout).unwrap_or_default();
        let before = self.page.story.acts.iter().take_while(|other| !std::ptr::eq(*other, act));
        let text = format!("{} {}", typed.command, ended.texts().collect::<String>());
        let Some((line, said)) = before.filter_map(|act| failing(act, &events, &text)).last() else {
            return ended;
        };
        let key = format!("the probe in line {line}");
        let first = *self.reported.entry(key).or_insert(act.line);
        if first != act.line {
            let why = format!("the same mistake as in line {first}");
            return ActResult { verdict: ActVerdict::NotJudged, reason: Some(why), hint: None, ..ended };
        }
        ActResult { line: Some(line), ..ended }.hint(Some(format!("line {line}: {said}")))
    }
}

/// Whether a command has waited in vain for Pods that are ready, or shows some that are not.
fn waits_for_pods(ended: &ActResult) -> bool {
    const TOO_LATE: [&str; 2] = ["timed out waiting for the condition", "exceeded its progress deadline"];
    let is_unready = ended.findings.iter().any(|finding| finding.says.starts_with("READY of "));
    ended.verdict == ActVerdict::Defect(Defect::Mistake)
        && (is_unready || TOO_LATE.iter().any(|words| ended.said.contains(words)))
}

/// The line of a probe of a manifest whose Pod is named in a text, and what its failure says.
fn failing(act: &Act, events: &str, text: &str) -> Option<(usize, String)> {
    static PORT: LazyLock<Regex> = LazyLock::new(|| regex(r"(Readiness|Startup) probe failed: .*?:(\d+)[:/]"));
    let (Deed::Write(source) | Deed::Offer(source)) = &act.deed else { return None };
    events.lines().find_map(|event| {
        let (pod, said) = event.split_once(' ')?;
        let is_its = |name: &String| {
            let rest = pod.strip_prefix(name.as_str());
            text.contains(name.as_str()) && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        let found = PORT.captures(said).filter(|_| names_of(source).iter().any(is_its))?;
        let index = port_of(source, &found[1].to_lowercase(), &found[2])?;
        Some((act.line + index, said.to_owned()))
    })
}

/// The index of the line with the port of a probe of this kind.
fn port_of(Source { text, .. }: &Source, kind: &str, port: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let probe =
        lines.iter().position(|line| line.trim_start_matches([' ', '-']).starts_with(&format!("{kind}Probe:")))?;
    let is_port = |line: &&str| {
        line.trim().starts_with("port:") && line.trim().ends_with(port) || line.contains(&format!("port: {port}"))
    };
    lines[probe..].iter().position(is_port).map(|index| probe + index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Markup, read, story::Story};

    #[test]
    fn the_port_of_a_failing_probe_is_found() {
        let page = "Write `a.yaml`:\n\n```yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\nspec:\n  containers:\n  - name: web\n    image: nginx\n    readinessProbe:\n      httpGet:\n        port: 8080\n```\n";
        let story = Story::of(&read(Markup::Markdown, page));
        let event = |pod: &str| {
            format!(
                "{pod} Readiness probe failed: Get \"http://10.244.1.5:8080/\": dial tcp 10.244.1.5:8080: connect: connection refused\n"
            )
        };
        let found = |pod: &str, text: &str| failing(&story.acts[0], &event(pod), text).map(|(line, _)| line);
        assert_eq!(found("shop", "kubectl wait --for=condition=Ready pod/shop"), Some(14));
        assert_eq!(found("shopping", "kubectl wait --for=condition=Ready pod/shop"), None);
        assert_eq!(found("shop", "kubectl wait --for=condition=Ready pod/other"), None);
    }
}
