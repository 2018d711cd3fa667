//! Sentences about connections between Pods, and about what Pods and Services answer. A program of the node connects, so
//! that the Pods' images need no tools.

use std::{num::NonZeroU16, time::Duration};

use super::{Sentence, sentence};
use crate::{
    actions::{
        connections::{self, Peer, Way},
        subject::Subject,
    },
    scene::Scene,
    verdict::Outcome,
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} {peer} reaches {target} on port {number}" => reaches(limit, from, to, port), Cluster [Waits],
        r#"within 30 seconds the Pod "client" reaches the Service "web" on port 80"#,
        "A TCP connection from the Pod's network opens, whatever its image contains: to the Pod, or to the Service's own address. Of a headless Service, to each ready Pod."),
    sentence!(Then "within {duration} {peer} cannot reach {target} on port {number}" => cannot_reach(limit, from, to, port), Cluster [Waits, NeedsNetworkPolicies],
        r#"within 30 seconds the Pod "client" cannot reach the Pod "db" on port 5432"#,
        "A NetworkPolicy forbids the connection: one is about these Pods, and the connection does not open, although the target takes it from itself. A server that is down, a wrong port and a Service without Pods fail. If the cluster does not enforce NetworkPolicies, the scenario is skipped."),
    sentence!(Then "within {duration} {target} answers {text} on port {number}" => answers(limit, to, text, port), Cluster [Waits, Keeps],
        r#"within 30 seconds the Service "web" answers "Hello" on port 80"#,
        "A line of the answer to an HTTP request from a node contains the text. Of a headless Service, each ready Pod answers."),
    sentence!(Then "within {duration} {peer} gets {text} from {url}" => gets(limit, from, text, url), Cluster [Waits, Keeps],
        r#"within 30 seconds the Pod "client" gets "Hello" from "http://localhost:8080/page""#,
        "A line of the answer to an HTTP request from the Pod's network contains the text. A program of the node sends the request, so the Pod's image needs none. The URL has an address, or `localhost`, which is the Pod's own; the node does not know the cluster's names."),
    sentence!(Then "within {duration} the Service {service} answers {text} on every node" => nodes_answer(limit, service, text), Cluster [Waits, Keeps],
        r#"within 30 seconds the Service "web" answers "Hello" on every node"#,
        "The same at the address of each node, for a Service of the type NodePort or LoadBalancer."),
    sentence!(Given "the cluster serves Ingresses" => serves_ingresses(), Cluster [],
        "the cluster serves Ingresses",
        "For a scenario with an Ingress. If the cluster has no IngressClass, the scenario is skipped. labproof brings no controller."),
    sentence!(Then "within {duration} the {router} {name} answers {text} at {url}" => answers_at(limit, kind, name, text, url), Cluster [Waits, Keeps],
        r#"within 60 seconds the Ingress "web" answers "Hello" at "http://shop.example/cart""#,
        "A controller has given the object an address, and a line of the answer to a request for this URL there contains the text. The name in the URL need not exist, and a certificate is not checked. It was tried without a controller only: with the address of a Service in the object's status."),
];

async fn serves_ingresses(scene: &mut Scene) -> Outcome {
    connections::are_served(scene).await
}

async fn answers_at(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    text: String,
    url: String,
) -> Outcome {
    connections::until_routed(scene, Subject { kind: &kind, name: &name, limit }, &text, &url).await
}

async fn reaches(scene: &mut Scene, limit: Duration, from: Peer, to: Peer, port: NonZeroU16) -> Outcome {
    connections::until_open(scene, &Way { from, to, port: port.get() }, limit).await
}

async fn cannot_reach(scene: &mut Scene, limit: Duration, from: Peer, to: Peer, port: NonZeroU16) -> Outcome {
    connections::until_closed(scene, &Way { from, to, port: port.get() }, limit).await
}

async fn answers(scene: &mut Scene, limit: Duration, to: Peer, text: String, port: NonZeroU16) -> Outcome {
    connections::until_answers(scene, &to, port.get(), &text, limit).await
}

async fn gets(scene: &mut Scene, limit: Duration, from: Peer, text: String, url: String) -> Outcome {
    connections::until_gets(scene, &from, &text, &url, limit).await
}

async fn nodes_answer(scene: &mut Scene, limit: Duration, service: String, text: String) -> Outcome {
    connections::until_nodes_answer(scene, &service, &text, limit).await
}
