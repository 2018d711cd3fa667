//! Sentences about Services, and about the Pods to which they send.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::services,
    conditions::endpoints,
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the Service {service} sends to the Pod {which}" => sends_to(limit, service, pod), Cluster [Waits, Reads],
        r#"within 30 seconds the Service "web" sends to the Pod "hello""#,
        "The Pod is one of the Service's endpoints, and ready."),
    sentence!(Then "within {duration} the Service {service} sends to {number} Pod(s)" => sends_to_some(limit, service, count), Cluster [Waits, Reads],
        r#"within 30 seconds the Service "web" sends to 3 Pods"#,
        "The Service has exactly this many ready endpoints, whatever the Pods are called, such as those of a Deployment."),
    sentence!(Then "within {duration} the Service {service} waits for the Pod {which}" => waits_for(limit, service, pod), Cluster [Waits, Reads],
        r#"within 30 seconds the Service "web" waits for the Pod "hello""#,
        "The Pod is one of the Service's endpoints, and not ready: it receives no traffic."),
    sentence!(Then "within {duration} the Service {service} selects no Pod" => selects_none(limit, service), Cluster [Waits, Reads],
        r#"within 30 seconds the Service "web" selects no Pod"#,
        "The Service exists and has no endpoints."),
];

async fn sends_to(scene: &mut Scene, limit: Duration, service: String, pod: String) -> Outcome {
    let what = format!("send to Pod {pod}");
    services::until(scene, &service, &what, limit, |slices| endpoints::sends_to(slices, &pod)).await.map(|_| ())
}

async fn sends_to_some(scene: &mut Scene, limit: Duration, service: String, count: u16) -> Outcome {
    if count == 0 {
        return Err(Fault::failed(
            "sending to 0 Pods proves nothing: no step before has seen a Pod behind this Service",
        )
        .hint("use `within 30 seconds the Service \"…\" selects no Pod`"));
    }
    let what = if count == 1 { "send to 1 Pod".to_owned() } else { format!("send to {count} Pods") };
    services::until(scene, &service, &what, limit, |slices| endpoints::sends_to_some(slices, count.into()))
        .await
        .map(|_| ())
}

async fn waits_for(scene: &mut Scene, limit: Duration, service: String, pod: String) -> Outcome {
    let what = format!("wait for Pod {pod}");
    services::until(scene, &service, &what, limit, |slices| endpoints::waits_for(slices, &pod)).await.map(|_| ())
}

async fn selects_none(scene: &mut Scene, limit: Duration, service: String) -> Outcome {
    services::until(scene, &service, "select no Pod", limit, endpoints::selects_none).await.map(|_| ())
}
