//! Containers of the Docker engine: the learner's, by name, and one that labproof runs itself for comparison.

use std::time::Duration;

use futures::StreamExt;
use testcontainers::{
    GenericImage, ImageExt, TestcontainersError, bollard::query_parameters::WaitContainerOptionsBuilder,
    core::error::ClientError, runners::AsyncRunner,
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{
    image_name::ImageName,
    images::engine,
    scene::Scene,
    tool::{
        Tool,
        bounded::{MOST, drain},
    },
    verdict::{Fault, Outcome, seconds},
};

/// Checks that the learner's container runs, and from this image.
///
/// # Errors
/// If there is no container of that name, or if it uses another image.
pub async fn runs(scene: &mut Scene, name: &str, image: &ImageName) -> Outcome {
    let container = engine::container(name).await?.ok_or_else(|| {
        Fault::failed(format!("the container {name} does not exist"))
            .hint("start it with `docker run --name`; one started with --rm is gone once its program ends")
    })?;
    scene.saw_container(name);
    if ImageName::from(container.image.as_str()) == *image {
        return Ok(());
    }
    Err(Fault::failed(format!("the container {name} runs {}, not {image}", container.image)))
}

/// Waits until the learner's container no longer exists; it must have been seen before.
///
/// # Errors
/// If it was never seen, or if it still exists after `limit`.
pub async fn is_gone(scene: &Scene, name: &str, limit: Duration) -> Outcome {
    if !scene.has_seen_container(name) {
        return Err(Fault::failed(format!(
            "the container {name} was never seen in this scenario, so its absence proves nothing"
        ))
        .hint(format!("put `Then the container \"{name}\" runs the image \"…\"` before it is ended")));
    }
    let limit = limit.min(scene.time_left());
    let engine = engine::connect()?;
    let options = WaitContainerOptionsBuilder::default().condition("removed").build();
    let mut removed = engine.wait_container(name, Some(options));
    // An answer means that it was removed, and an error that it no longer existed. A last look at the engine decides.
    let in_time = tokio::time::timeout(limit, removed.next()).await.is_ok();
    match engine::container(name).await? {
        None => Ok(()),
        Some(_) if in_time => Err(Fault::failed(format!("the container {name} ended, but it still exists"))),
        Some(_) => Err(Fault::failed(format!("the container {name} still runs after {}", seconds(limit)))),
    }
}

/// Starts a container of an image, independent of the learner's containers, to see what the image itself does.
///
/// # Errors
/// If the container cannot be started.
pub async fn start(scene: &mut Scene, image: &ImageName, arguments: Vec<String>) -> Outcome {
    let full = image.full();
    let (name, tag) = full.rsplit_once(':').unwrap_or((&full, "latest"));
    let request = GenericImage::new(name, tag).with_label(engine::RUN, &scene.context.run).with_cmd(arguments);
    let container = request.start().await.map_err(|error| {
        let reason = format!("a container of {image} cannot be started: {error}");
        // The image is at fault only if the container was created and then does not start.
        match error {
            TestcontainersError::Client(ClientError::StartContainer(_)) => Fault::failed(reason),
            _ => Fault::broken(reason),
        }
    })?;
    scene.container = Some(container);
    Ok(())
}

/// How the attempts to get an answer ended.
enum Tried {
    Answered,
    AnsweredOtherwise,
    Ended,
}

/// Checks that this container answers an HTTP request on `port` with `expected` within `limit`.
///
/// # Errors
/// If it does not; the fault contains the container's log.
pub async fn answers(scene: &Scene, port: u16, expected: &str, limit: Duration) -> Outcome {
    let container = scene.container.as_ref().ok_or_else(|| {
        Fault::failed("no container was started").hint("put `Given a container of the image \"…\"` before this step")
    })?;
    if let Some(why) = engine::is_elsewhere().await? {
        return Err(Fault::skipped(format!("{why}: the addresses of the engine's containers cannot be reached")));
    }
    let limit = limit.min(scene.time_left());
    let address = engine::address(container.id()).await?;
    let mut seen = "nothing was tried".to_owned();
    let tries = async {
        let mut tries = tokio::time::interval(Duration::from_millis(50));
        loop {
            tries.tick().await;
            match get(&address, port).await {
                Ok(answer) if answer.contains(expected) => return Tried::Answered,
                Ok(answer) => {
                    let is_final = is_success(&answer);
                    seen = answer;
                    if is_final {
                        return Tried::AnsweredOtherwise;
                    }
                }
                Err(error) => {
                    seen = error.to_string();
                    if matches!(container.is_running().await, Ok(false)) {
                        return Tried::Ended;
                    }
                }
            }
        }
    };
    let answered = tokio::time::timeout(limit, tries).await.ok();
    let reason = match answered {
        Some(Tried::Answered) => return Ok(()),
        Some(Tried::Ended) => format!("port {port} of the container does not answer: the container has ended"),
        Some(Tried::AnsweredOtherwise) => format!("port {port} of the container answers, but not \"{expected}\""),
        None => {
            format!("port {port} of the container does not answer \"{expected}\" within {}", seconds(limit))
        }
    };
    let log = Tool::new("docker").args(["logs", container.id()]).finish().await.map(|log| log.stdout);
    Err(Fault::failed(reason).seen("it answered", seen).seen("the container's log", log.unwrap_or_default()))
}

/// Removes the container that labproof started, if there is one.
///
/// # Errors
/// If the engine refuses.
pub async fn end(scene: &mut Scene) -> Outcome {
    let Some(container) = scene.container.take() else { return Ok(()) };
    container.rm().await.map_err(|error| Fault::broken(format!("cannot remove a container: {error}")))
}

/// Whether the HTTP status of the answer means success. If so, a retry is pointless, because the server will not answer
/// differently.
fn is_success(answer: &str) -> bool {
    answer.split_whitespace().nth(1).is_some_and(|status| status.starts_with('2'))
}

/// The body of the answer to `GET /`, with the simplest possible HTTP request.
async fn get(address: &str, port: u16) -> std::io::Result<String> {
    let mut connection = TcpStream::connect((address, port)).await?;
    connection.write_all(format!("GET / HTTP/1.0\r\nHost: {address}\r\n\r\n").as_bytes()).await?;
    Ok(drain(Some(connection), MOST).await.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_final_unless_the_server_says_that_it_cannot_yet() {
        assert!(is_success("HTTP/1.1 200 OK\r\n\r\nHello Wrold"));
        assert!(!is_success("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
        assert!(!is_success(""));
    }
}
