//! Containers of the Docker engine: those of the learner, by name, and the one that labproof itself runs to compare.

use std::time::Duration;

use futures::StreamExt;
use testcontainers::{
    GenericImage, ImageExt,
    bollard::{Docker, query_parameters::WaitContainerOptionsBuilder},
    runners::AsyncRunner,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    images::{catalogue::full_name, engine},
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// Whether the learner's container runs, from this image.
///
/// # Errors
/// Where there is none of that name, or it was made from another image.
pub async fn runs(scene: &mut Scene, name: &str, image: &str) -> Outcome {
    let container = engine::container(name).await?.ok_or_else(|| {
        Fault::failed(format!("there is no container called {name}"))
            .hint("start it with `docker run --name`; one started with --rm is gone once its program ends")
    })?;
    scene.saw_container(name);
    if full_name(&container.image) == full_name(image) {
        return Ok(());
    }
    Err(Fault::failed(format!("the container {name} runs {}, not {image}", container.image)))
}

/// Waits until the learner's container is gone; it has to have been seen before.
///
/// # Errors
/// Where it was never seen, or is still there after `limit`.
pub async fn is_gone(scene: &Scene, name: &str, limit: Duration) -> Outcome {
    if !scene.has_seen_container(name) {
        return Err(Fault::failed(format!(
            "nobody saw a container called {name} before, so that it is gone proves nothing"
        ))
        .hint(format!("put `Then the container \"{name}\" runs the image …` before it is ended")));
    }
    let engine = connect()?;
    let options = WaitContainerOptionsBuilder::default().condition("removed").build();
    let mut removed = engine.wait_container(name, Some(options));
    // An answer tells that it was removed, an error that there was nothing left to wait for: a last look decides.
    let in_time = tokio::time::timeout(limit, removed.next()).await.is_ok();
    match engine::container(name).await? {
        None => Ok(()),
        Some(_) if in_time => Err(Fault::failed(format!("the container {name} ended, but it is still there"))),
        Some(_) => Err(Fault::failed(format!("the container {name} still runs after {} seconds", limit.as_secs()))),
    }
}

/// Runs a container of an image beside the learner's, to see what the image does by itself.
///
/// # Errors
/// Where it cannot be started.
pub async fn start(scene: &mut Scene, image: &str, arguments: Vec<String>) -> Outcome {
    let full = full_name(image);
    let (name, tag) = full.rsplit_once(':').unwrap_or((&full, "latest"));
    let request = GenericImage::new(name, tag).with_label(engine::RUN, &scene.session.run).with_cmd(arguments);
    let container = request
        .start()
        .await
        .map_err(|error| Fault::failed(format!("a container of {image} cannot be started: {error}")))?;
    scene.container = Some(container);
    Ok(())
}

/// Whether that container answers an HTTP request on `port` with `expected` within `limit`.
///
/// # Errors
/// Where it does not, with the container's log.
pub async fn answers(scene: &Scene, port: u16, expected: &str, limit: Duration) -> Outcome {
    let container = scene.container.as_ref().ok_or_else(|| {
        Fault::failed("no container was started").hint("put `Given a container of the image …` before this step")
    })?;
    let address = engine::address(container.id()).await?;
    let mut seen = "nothing was tried".to_owned();
    let tries = async {
        let mut tries = tokio::time::interval(Duration::from_millis(50));
        loop {
            tries.tick().await;
            match get(&address, port).await {
                Ok(answer) if answer.contains(expected) => return,
                Ok(answer) => seen = answer,
                Err(error) => seen = error.to_string(),
            }
        }
    };
    if tokio::time::timeout(limit, tries).await.is_ok() {
        return Ok(());
    }
    let log = container.stdout_to_vec().await.unwrap_or_default();
    Err(Fault::failed(format!(
        "port {port} of the container does not answer \"{expected}\" within {} seconds",
        limit.as_secs()
    ))
    .seen("it answered", seen)
    .seen("the container's log", String::from_utf8_lossy(&log)))
}

/// Removes the container that labproof ran, if any.
///
/// # Errors
/// Where the engine refuses.
pub async fn end(scene: &mut Scene) -> Outcome {
    let Some(container) = scene.container.take() else { return Ok(()) };
    container.rm().await.map_err(|error| Fault::broken(format!("cannot remove a container: {error}")))
}

/// The body of an answer to `GET /`, as simple as HTTP allows.
async fn get(address: &str, port: u16) -> std::io::Result<String> {
    let mut connection = TcpStream::connect((address, port)).await?;
    connection.write_all(format!("GET / HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn connect() -> Outcome<Docker> {
    Docker::connect_with_defaults().map_err(|error| Fault::broken(format!("cannot reach the Docker engine: {error}")))
}
