//! Why a Pod has no node although the document shows that it runs: the manifest's line that no node fits.

use super::{
    cause::names_of,
    result::ActResult,
    walk::{SHORT_LIMIT, Walk},
};
use crate::document::story::{Act, Deed, Source};

/// Asks for each Pod's name, and what the scheduler says of it.
const ASK: &str = r#"kubectl get pods --all-namespaces -o jsonpath='{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="PodScheduled")].message}{"\n"}{end}'"#;

/// What the scheduler says if no node has the labels that a Pod asks for.
const NO_SUCH_NODE: &str = "didn't match Pod's node affinity/selector";

impl Walk<'_> {
    /// The result of an act that shows a Pod without a node, with the line of the `nodeSelector` that no node fits.
    pub(super) async fn with_selector(&mut self, act: &Act, ended: ActResult) -> ActResult {
        if !ended.shows("Pending") {
            return ended;
        }
        let before = self.page.story.acts.iter().take_while(|other| !std::ptr::eq(*other, act));
        let asking: Vec<(usize, &Source)> = before.filter_map(asks_for_node).collect();
        if asking.is_empty() {
            return ended;
        }
        let said = self.scene.run_for(ASK, SHORT_LIMIT).await.map(|output| output.stdout).unwrap_or_default();
        let waits = |name: &String| {
            ended.shows(name) && said.lines().any(|line| line.starts_with(name.as_str()) && line.contains(NO_SUCH_NODE))
        };
        match asking.into_iter().rfind(|(_, source)| names_of(source).iter().any(waits)) {
            Some((line, _)) => ActResult { line: Some(line), ..ended }
                .hint(Some(format!("no node has the labels that the manifest asks for in line {line}"))),
            None => ended,
        }
    }
}

/// The first line of the `nodeSelector` of a manifest, in the document.
fn asks_for_node(act: &Act) -> Option<(usize, &Source)> {
    let (Deed::Write(source) | Deed::Offer(source)) = &act.deed else { return None };
    let index = source.text.lines().position(|line| line.trim() == "nodeSelector:")?;
    Some((act.line + index + 1, source))
}
