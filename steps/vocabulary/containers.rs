//! Sentences about containers of the Docker engine, and about the ports of this machine at which they are reached.

use std::{num::NonZeroU16, time::Duration};

use tokio::net::TcpListener;

use super::{Arguments, Sentence, argument::CommandLine, sentence};
use crate::{
    actions::containers,
    endpoint,
    image_name::ImageName,
    images::engine,
    machine::{claim::Claim, journal::Entry},
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Given "port {port} is free" => is_free(port), Machine [],
        "port 3001 is free",
        "Reserves this machine's port for the scenario. If another process uses it, the scenario is broken.",
        claims port),
    sentence!(Given "no container is called {container}" => no_container(container), Machine [],
        r#"no container is called "hello""#,
        "Reserves the name for this scenario. If a container of that name exists that labproof did not make, labproof leaves it alone, and the scenario is broken.",
        claims name),
    sentence!(Given "a container of the image {image}" => container_of(image), Machine [],
        r#"a container of the image "ubuntu/helloworld""#,
        "Runs a container of the image, without arguments, beside the learner's containers, and removes it at the end."),
    sentence!(Given "a container of the image {image} with the arguments {arguments}" => container_with(image, arguments), Machine [],
        r#"a container of the image "ubuntu/helloworld" with the arguments "3005""#,
        "The same, with arguments."),
    sentence!(Then "within {duration} its port {port} answers {text}" => answers(limit, port, text), Machine [Waits],
        r#"within 20 seconds its port 3000 answers "Hello World""#,
        "An HTTP request to the port of that container is answered with the text."),
    sentence!(Then "the container {container} runs the image {image}" => runs(name, image), Machine [],
        r#"the container "hello" runs the image "ubuntu/helloworld""#,
        "The engine has a container of that name, made from that image."),
    sentence!(Then "within {duration} the container {container} is gone" => is_gone(limit, name), Machine [Waits],
        r#"within 15 seconds the container "hello" is gone"#,
        "The engine has no container of that name any more. An earlier step must have seen it."),
];

fn port(arguments: &Arguments) -> Option<Claim> {
    arguments.first().parse().ok().map(Claim::Port)
}

fn name(arguments: &Arguments) -> Option<Claim> {
    Some(Claim::Container(arguments.first().to_owned()))
}

async fn is_free(scene: &mut Scene, port: NonZeroU16) -> Outcome {
    port_is_free(scene, port.get()).await
}

/// Fails if another program listens on the port, on any address.
pub(crate) async fn port_is_free(_scene: &mut Scene, port: u16) -> Outcome {
    // Listening on all addresses fails if another program listens on any of them.
    match TcpListener::bind(("0.0.0.0", port)).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Fault::broken(format!(
            "port {port} of this machine is used by a process that labproof did not start: {error}"
        ))
        .hint(format!("`lsof -i :{port}` shows the process; stop it, then run the lab again"))),
    }
}

/// Fails if the engine has a container of this name.
pub(crate) async fn no_container(scene: &mut Scene, name: String) -> Outcome {
    if endpoint::is_remote() && scene.claims.iter().any(|claim| matches!(claim, Claim::Port(_))) {
        return Err(Fault::skipped(
            "labproof does not run on the Docker engine's own machine: the ports of its containers cannot be reached",
        ));
    }
    if let Some(container) = engine::container(&name).await? {
        return Err(Fault::broken(format!(
            "labproof did not make the container {name}, of the image {}, and leaves it alone",
            container.image
        ))
        .hint(format!("remove it with `docker rm -f {name}` if nobody needs it, then run the lab again")));
    }
    scene.context.journal.note(Entry::Container(name.clone()))?;
    scene.note_free(Claim::Container(name));
    Ok(())
}

async fn container_of(scene: &mut Scene, image: ImageName) -> Outcome {
    containers::start(scene, &image, Vec::new()).await
}

async fn container_with(scene: &mut Scene, image: ImageName, arguments: CommandLine) -> Outcome {
    containers::start(scene, &image, arguments.words).await
}

async fn answers(scene: &mut Scene, limit: Duration, port: NonZeroU16, text: String) -> Outcome {
    containers::answers(scene, port.get(), &text, limit).await
}

async fn runs(scene: &mut Scene, name: String, image: ImageName) -> Outcome {
    containers::runs(scene, &name, &image).await
}

async fn is_gone(scene: &mut Scene, limit: Duration, name: String) -> Outcome {
    containers::is_gone(scene, &name, limit).await
}
