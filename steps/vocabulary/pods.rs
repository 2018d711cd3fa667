//! Sentences about Pods, which use the API. What a learner types about Pods is a command.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::{container_ref::ContainerRef, events, logs, pods, subject::Subject},
    cluster::manifest,
    conditions::{
        listed,
        object::{ExpectedField, FieldPath},
        pod,
    },
    image_name::ImageName,
    images::on_nodes,
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// How long a Pod that only prepares the scenario may take to become ready.
const READY: Duration = Duration::from_mins(1);

/// The manifest of the labs' busybox Pod, which sleeps. It has no grace period, because its `sleep` ignores signals.
const BUSYBOX: &str = "{apiVersion: v1, kind: Pod, metadata: {name: NAME, labels: {run: NAME}}, spec: {terminationGracePeriodSeconds: 0, \
                       containers: [{name: NAME, image: busybox, args: [sleep, '36000']}]}}";

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "the Pod {pod} runs from {manifest}" => runs_from(pod, manifest), Cluster [MakesPod, Acts],
        r#"the Pod "hello" runs from "podkv.yaml""#,
        "Creates all objects of the lab's manifest as kubectl reads them, without metadata.resourceVersion, and waits until the Pod is ready."),
    sentence!(Given "{manifest} is applied" => is_applied(manifest), Cluster [Acts],
        r#""service.yaml" is applied"#,
        "Creates all objects of the manifest as kubectl reads them, without metadata.resourceVersion, and does not wait. Fails if one exists already: to change objects, run `kubectl apply`."),
    sentence!(Then "{manifest} is refused with {text}" => is_refused(manifest, text), Cluster [Keeps],
        r#""too-large.yaml" is refused with "exceeded quota""#,
        "Sends the objects of the manifest to the server until it refuses one: a line of its answer contains the text. Fails if it accepts all of them, and then they exist."),
    sentence!(Given "the Pod {pod} runs busybox" => runs_busybox(pod), Cluster [MakesOwnPod, Acts],
        r#"the Pod "bb" runs busybox"#,
        "Creates a Pod with the image busybox that sleeps, and waits until it is ready."),
    sentence!(Given "the Pod {which} has logged {text}" => has_logged(pod, text), Cluster [Reads, Keeps],
        r#"the Pod "hello" has logged "Server running""#,
        "Waits until a line of the log of the Pod, which has one container, contains the text; stops early if the container has ended for good or keeps ending."),
    sentence!(Then "within {duration} the Pod {which} is ready" => is_ready(limit, pod), Cluster [Waits, Reads],
        r#"within 60 seconds the Pod "hello" is ready"#,
        "The Pod's Ready condition is true. Stops early where waiting is pointless: the Pod has ended, a container keeps ending, no node fits, its image cannot be pulled, its command cannot be started, or a ConfigMap or Secret that it needs does not exist."),
    sentence!(Then "for {duration} the Pod {which} is not ready" => is_unready(limit, pod), Cluster [Reads],
        r#"for 10 seconds the Pod "server" is not ready"#,
        "During all this time the Pod's phase is Running and its Ready condition is not true."),
    sentence!(Then "within {duration} the Pod {which} is in the phase {phase}" => is_in_phase(limit, pod, phase), Cluster [Waits, Reads],
        r#"within 30 seconds the Pod "hello" is in the phase Succeeded"#,
        "The phase is a field of the Pod; the status that kubectl lists says more. Every Pod is Pending for a moment; check an event to see why a Pod stays Pending."),
    sentence!(Then "within {duration} the Pod {which} has the status {text}" => has_status(limit, pod, status), Cluster [Waits, Reads],
        r#"within 30 seconds the Pod "hello" has the status "ImagePullBackOff""#,
        "The word that `kubectl get pods` shows in the column STATUS, such as ContainerCreating, CrashLoopBackOff, Completed or Init:0/1."),
    sentence!(Then "within {duration} an event of the Pod {which} says {text}" => event_says(limit, pod, text), Cluster [Waits, Reads, Keeps],
        r#"within 60 seconds an event of the Pod "hello" says "Warning  Unhealthy  Liveness probe failed: [...]  (x3)""#,
        "A line made of the event's type, its reason, its message and, if it came more than once, how often, contains the text. Events of an earlier Pod of the same name do not count."),
    sentence!(Then "within {duration} the Pod {pod} is gone" => is_gone(limit, pod), Cluster [Waits],
        r#"within 60 seconds the Pod "hello" is gone"#,
        "The Pod that was seen under this name is gone. A recreated Pod of the same name counts as gone."),
    sentence!(Then "for {duration} there is no Pod {pod}" => none_called(limit, pod), Cluster [],
        r#"for 5 seconds there is no Pod "hello""#,
        "During all this time no Pod of that name exists. An earlier step must have seen one."),
    sentence!(Then "within {duration} no Pods remain" => none_remain(limit), Cluster [Waits],
        "within 60 seconds no Pods remain",
        "The namespace has no Pods any more. An earlier step must have seen at least one in it."),
    sentence!(Then "within {duration} the Pod {which} has {field} {value}" => has_field(limit, pod, path, expected), Cluster [Waits, Reads, Keeps],
        r#"within 10 seconds the Pod "hello" has spec.nodeName "demo-worker""#,
        "The field has this value. Write numbers, true and false without quotes, and texts in quotes."),
    sentence!(Then "within {duration} the Pod {which} has the field {field}" => has_any(limit, pod, path), Cluster [Waits, Reads],
        r#"within 10 seconds the Pod "hello" has the field spec.nodeName"#,
        "The Pod has this field, whatever its value; one that is null counts as absent."),
    sentence!(Then "for {duration} the Pod {which} keeps {field} {value}" => keeps_field(limit, pod, path, expected), Cluster [Reads],
        r#"for 10 seconds the Pod "hello" keeps status.phase "Pending""#,
        "During all this time the field has this value. Stops at once if it has another one."),
    sentence!(Then "within {duration} the Pod {which} lacks {field}" => lacks_field(limit, pod, path), Cluster [Waits, Reads],
        r#"within 10 seconds the Pod "hello" lacks metadata.labels.run"#,
        "The Pod exists, and does not have this field."),
    sentence!(Then "for {duration} the Pod {which} lacks {field}" => keeps_lacking(limit, pod, path), Cluster [Reads],
        r#"for 5 seconds the Pod "hello" lacks spec.nodeName"#,
        "During all this time the Pod exists, and does not have this field. Stops at once if it has it."),
    sentence!(Then "the Pod {which} runs the image {image}" => runs_image(pod, image), Cluster [NamesBuild],
        r#"the Pod "hello" runs the image "ubuntu/helloworld""#,
        "The Pod's container runs the image that the lab built: the image ids are equal, not only the names."),
    sentence!(Then "the Pod {which} pulled the image {image}" => pulled(pod, image), Cluster [Reads],
        r#"the Pod "bb" pulled the image "busybox""#,
        "The node fetched the image from a registry for this Pod; the Pod's events report it within a minute."),
    sentence!(Then "within {duration} {number} Pod(s) labelled {label} is/are ready" => labelled_are_ready(limit, count, label), Cluster [Waits, Reads],
        r#"within 60 seconds 2 Pods labelled "app=basicserver" are ready"#,
        "Exactly this many Pods have the label, such as those of a ReplicaSet or a Deployment, and all are ready. Pods that are being deleted do not count."),
];

async fn runs_from(scene: &mut Scene, pod: String, manifest: String) -> Outcome {
    let made = pods::create_from(scene, &manifest).await?;
    if !made.contains(&pod) {
        return Err(Fault::failed(manifest::makes_another(&manifest, &made, &pod)));
    }
    is_ready(scene, READY, pod).await
}

async fn is_applied(scene: &mut Scene, manifest: String) -> Outcome {
    pods::create_from(scene, &manifest).await.map(|_| ())
}

async fn is_refused(scene: &mut Scene, manifest: String, text: String) -> Outcome {
    scene.kept = pods::until_refused(scene, &manifest, &text).await?;
    Ok(())
}

async fn runs_busybox(scene: &mut Scene, pod: String) -> Outcome {
    pods::create(scene, &BUSYBOX.replace("NAME", &pod)).await?;
    pods::until_own_is_ready(scene, &pod, READY).await
}

async fn has_logged(scene: &mut Scene, pod: String, text: String) -> Outcome {
    logs::until_shows(scene, &ContainerRef { pod, container: None }, &text, READY).await
}

async fn is_ready(scene: &mut Scene, limit: Duration, pod: String) -> Outcome {
    pods::until_started(scene, &pod, "ready", limit, pod::is_ready).await.map(|_| ())
}

async fn is_unready(scene: &mut Scene, limit: Duration, pod: String) -> Outcome {
    let hint = format!("put `within 60 seconds the Pod \"{pod}\" is in the phase Running` before it");
    pods::throughout(scene, &pod, "running and not ready", limit, pod::is_unready)
        .await
        .map_err(|fault| fault.hint(hint))
}

async fn is_in_phase(scene: &mut Scene, limit: Duration, pod: String, phase: String) -> Outcome {
    pods::until_in_phase(scene, &pod, &phase, limit).await
}

async fn has_status(scene: &mut Scene, limit: Duration, pod: String, status: String) -> Outcome {
    let what = format!("listed as {status}");
    pods::until(scene, &pod, &what, limit, |pod| listed::has_status(pod, &status)).await.map(|_| ())
}

async fn event_says(scene: &mut Scene, limit: Duration, pod: String, text: String) -> Outcome {
    events::until_says(scene, Subject { kind: "Pod", name: &pod, limit }, &text).await
}

async fn none_called(scene: &mut Scene, limit: Duration, pod: String) -> Outcome {
    pods::none_called(scene, &pod, limit).await
}

async fn labelled_are_ready(scene: &mut Scene, limit: Duration, count: u16, label: String) -> Outcome {
    pods::until_labelled(scene, &label, count.into(), limit).await
}

async fn is_gone(scene: &mut Scene, limit: Duration, pod: String) -> Outcome {
    pods::until_gone(scene, &pod, limit).await
}

async fn none_remain(scene: &mut Scene, limit: Duration) -> Outcome {
    pods::until_none(scene, limit).await
}

async fn runs_image(scene: &mut Scene, pod: String, image: ImageName) -> Outcome {
    let nodes = scene.nodes_of_images()?;
    let on_nodes = scene.context.course.load(&scene.lab, &image, &nodes).await?;
    let running = pods::until_started(scene, &pod, "ready", READY, pod::is_ready).await?;
    let running = running.as_ref().map(pod::image_ids).unwrap_or_default();
    if running.is_empty() {
        return Err(Fault::failed(format!("Pod {pod} has no containers")));
    }
    let Some(built) = on_nodes.first().map(|on_node| &on_node.id) else {
        return Err(Fault::broken("no node can run the images that labs build"));
    };
    for (container, image_id) in running {
        // A node that has the image twice, for example because of a lab's own `kind load`, may report the other
        // manifest.
        let is_same =
            on_nodes.iter().any(|on_node| on_node.is(&image_id)) || on_nodes::is_same(&image_id, built, &nodes).await?;
        if !is_same {
            return Err(Fault::failed(format!(
                "container {container} of Pod {pod} does not run the image {image} that the lab built, but {image_id}"
            ))
            .seen("the lab built", built.as_str()));
        }
    }
    Ok(())
}

async fn lacks_field(scene: &mut Scene, limit: Duration, pod: String, path: FieldPath) -> Outcome {
    super::objects::lacks_field(scene, limit, "Pod".into(), pod, path).await
}

async fn keeps_lacking(scene: &mut Scene, limit: Duration, pod: String, path: FieldPath) -> Outcome {
    super::objects::keeps_lacking(scene, limit, "Pod".into(), pod, path).await
}

async fn has_any(scene: &mut Scene, limit: Duration, pod: String, path: FieldPath) -> Outcome {
    super::objects::has_any(scene, limit, "Pod".into(), pod, path).await
}

async fn keeps_field(
    scene: &mut Scene,
    limit: Duration,
    pod: String,
    path: FieldPath,
    expected: ExpectedField,
) -> Outcome {
    super::objects::keeps_field(scene, limit, "Pod".into(), pod, path, expected).await
}

async fn has_field(
    scene: &mut Scene,
    limit: Duration,
    pod: String,
    path: FieldPath,
    expected: ExpectedField,
) -> Outcome {
    super::objects::has_field(scene, limit, "Pod".into(), pod, path, expected).await
}

async fn pulled(scene: &mut Scene, pod: String, image: String) -> Outcome {
    let pulled = format!("Successfully pulled image \"{image}\"");
    events::until_says(scene, Subject { kind: "Pod", name: &pod, limit: READY }, &pulled).await
}
