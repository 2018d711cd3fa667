//! Sentences about nodes, and about the Pods that the scheduler puts on them. Their labels, taints and events are those of
//! any object.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{actions::nodes, scene::Scene, verdict::Outcome};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the Pod {which} is on a node labelled {label}" => is_on_labelled(limit, pod, label), Cluster [Waits, Reads],
        r#"within 30 seconds the Pod "web" is on a node labelled "disk=ssd""#,
        "The scheduler has chosen a node with this label. Fails at once if it chose another one, or if no node fits."),
    sentence!(Then "within {duration} the Pods labelled {label} are on {number} node(s)" => are_on(limit, label, count), Cluster [Waits, Reads],
        r#"within 30 seconds the Pods labelled "app=web" are on 2 nodes"#,
        "Each of them has a node, and together they are on exactly this many. Pods that have ended or are being deleted do not count."),
];

async fn is_on_labelled(scene: &mut Scene, limit: Duration, pod: String, label: String) -> Outcome {
    nodes::until_on_labelled(scene, &pod, &label, limit).await
}

async fn are_on(scene: &mut Scene, limit: Duration, label: String, count: u16) -> Outcome {
    nodes::until_spread(scene, &label, count.into(), limit).await
}
