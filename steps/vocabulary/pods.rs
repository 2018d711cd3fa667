//! Pods, through the API: set up, waited for, judged. What the learner types about Pods are commands.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::{commands, pods},
    cluster::exec::{self, Executed},
    conditions::{pod, text},
    scene::Scene,
    terminal::Output,
    verdict::{Fault, Outcome},
};

/// How long a Pod that only sets the scene may take to be ready.
const READY: Duration = Duration::from_mins(1);

/// The busybox Pod of the labs, which sleeps; without a grace period, since its `sleep` hears no signal.
const BUSYBOX: &str = "{apiVersion: v1, kind: Pod, metadata: {name: NAME, labels: {run: NAME}}, spec: {terminationGracePeriodSeconds: 0, \
                       containers: [{name: NAME, image: busybox, args: [sleep, '36000']}]}}";

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "the Pod {pod} runs from {manifest}" => runs_from(pod, manifest),
        r#"the Pod "hello" runs from "podkv.yaml""#,
        "Gives the manifest of the lab to the server, byte for byte, and waits until the Pod is ready."),
    sentence!(Given "the Pod {pod} runs busybox" => runs_busybox(pod),
        r#"the Pod "bb" runs busybox"#,
        "Makes a Pod of the image busybox that sleeps, and waits until it is ready."),
    sentence!(Given "the Pod {pod} has logged {text}" => has_logged(pod, text),
        r#"the Pod "hello" has logged "Server running""#,
        "Waits until a line of the log of the Pod contains the text; ends early where the Pod's container does."),
    sentence!(Then "within {duration} the Pod {pod} is ready" => is_ready(limit, pod),
        r#"within 60 seconds the Pod "hello" is ready"#,
        "The Pod's Ready condition is true. Ends at once on a state that cannot get better."),
    sentence!(Then "within {duration} the Pod {pod} is gone" => is_gone(limit, pod),
        r#"within 60 seconds the Pod "hello" is gone"#,
        "The Pod that was seen under this name is gone; one that was made anew in its place counts as gone."),
    sentence!(Then "within {duration} no Pods remain" => none_remain(limit),
        "within 60 seconds no Pods remain",
        "The namespace has no Pods any more; at least one has to have been seen in it."),
    sentence!(Then "the Pod {pod} runs the image {image}" => runs_image(pod, image),
        r#"the Pod "hello" runs the image "ubuntu/helloworld""#,
        "The Pod's container runs the very image that the lab built, by its id, not only by its name."),
    sentence!(Then "the Pod {pod} pulled the image {image}" => pulled(pod, image),
        r#"the Pod "bb" pulled the image "busybox""#,
        "The node fetched the image from a registry for this Pod, as the Pod's events tell."),
    sentence!(Then "within {duration} the log of the Pod {pod} shows {text}" => log_shows(limit, pod, text),
        r#"within 20 seconds the log of the Pod "hello" shows "Server running at http://0.0.0.0:3000/""#,
        "A line of the log of the Pod contains the text."),
    sentence!(Then "in the Pod {pod} {command} prints {text}" => inside_prints(pod, command, text),
        r#"in the Pod "bb" "hostname" prints "bb""#,
        "Runs the command, without a shell, in the Pod's container through the API; it has to end well and print the text."),
    sentence!(Then "in the Pod {pod} {command} fails with {text}" => inside_fails(pod, command, text),
        r#"in the Pod "bb" "wget -O - http://127.0.0.1:1" fails with "Connection refused""#,
        "Runs the command in the Pod's container through the API; it has to end with another status than 0 and say the text."),
];

async fn runs_from(scene: &mut Scene, pod: String, manifest: String) -> Outcome {
    pods::create_from(scene, &manifest).await?;
    is_ready(scene, READY, pod).await
}

async fn runs_busybox(scene: &mut Scene, pod: String) -> Outcome {
    pods::create(scene, &BUSYBOX.replace("NAME", &pod)).await?;
    is_ready(scene, READY, pod).await
}

async fn has_logged(scene: &mut Scene, pod: String, text: String) -> Outcome {
    log_shows(scene, READY, pod, text).await
}

async fn is_ready(scene: &mut Scene, limit: Duration, pod: String) -> Outcome {
    pods::until(scene, &pod, "ready", limit, pod::is_ready).await.map(|_| ())
}

async fn is_gone(scene: &mut Scene, limit: Duration, pod: String) -> Outcome {
    pods::until_gone(scene, &pod, limit).await
}

async fn none_remain(scene: &mut Scene, limit: Duration) -> Outcome {
    pods::until_none(scene, limit).await
}

async fn runs_image(scene: &mut Scene, pod: String, image: String) -> Outcome {
    let on_nodes = scene.session.course.load(&image, &scene.lab.folder, scene.session.cluster.nodes()).await?;
    let running = pods::until(scene, &pod, "ready", READY, pod::is_ready).await?;
    let running = running.as_ref().map(pod::image_ids).unwrap_or_default();
    match running.iter().find(|(_, id)| !on_nodes.iter().any(|on_node| on_node.is(id))) {
        None if running.is_empty() => Err(Fault::failed(format!("Pod {pod} has no containers"))),
        None => Ok(()),
        Some((container, id)) => Err(Fault::failed(format!(
            "container {container} of Pod {pod} does not run the image {image} that the lab built, but {id}"
        ))
        .seen("the lab built", on_nodes.first().map(|on_node| on_node.id.clone()).unwrap_or_default())),
    }
}

async fn pulled(scene: &mut Scene, pod: String, image: String) -> Outcome {
    let events = pods::events(scene, &pod).await?;
    let wanted = format!("Successfully pulled image \"{image}\"");
    if events.iter().any(|event| event.contains(&wanted)) {
        return Ok(());
    }
    Err(Fault::failed(format!("Pod {pod} did not pull {image}"))
        .seen(format!("events of Pod {pod}"), events.join("\n")))
}

async fn log_shows(scene: &mut Scene, limit: Duration, pod: String, text: String) -> Outcome {
    pods::until_log(scene, &pod, &text, limit).await
}

async fn inside_prints(scene: &mut Scene, pod: String, command: String, text: String) -> Outcome {
    let output = inside(scene, &pod, command).await?;
    commands::ended(&output, commands::Ending::Well)?;
    match text::contains(&output.stdout, &text, &scene.kept) {
        Ok(_) => Ok(()),
        Err(_) => Err(commands::with_output(
            Fault::failed(format!("`{}` in Pod {pod} should print \"{text}\"", output.command)),
            &output,
        )),
    }
}

async fn inside_fails(scene: &mut Scene, pod: String, command: String, text: String) -> Outcome {
    let output = inside(scene, &pod, command).await?;
    commands::ended(&output, commands::Ending::InFailure)?;
    match text::contains(&format!("{}\n{}", output.stderr, output.stdout), &text, &scene.kept) {
        Ok(_) => Ok(()),
        Err(_) => Err(commands::with_output(
            Fault::failed(format!("`{}` in Pod {pod} failed, but not with \"{text}\"", output.command)),
            &output,
        )),
    }
}

async fn inside(scene: &Scene, pod: &str, command: String) -> Outcome<Output> {
    let words =
        shell_words::split(&command).map_err(|error| Fault::failed(format!("cannot split `{command}`: {error}")))?;
    let Executed { stdout, stderr, status } = exec::exec(&scene.pods(), pod, &words, scene.time_left()).await?;
    Ok(Output { command, stdout, stderr, status, ..Output::default() })
}
