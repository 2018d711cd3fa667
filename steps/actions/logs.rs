//! Follows the logs of Pods' containers until they contain what is expected.

use std::time::Duration;

use futures::AsyncReadExt;
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, api::LogParams};

use super::{container_ref::ContainerRef, pods};
use crate::{
    cluster::said,
    conditions::{container, text},
    scene::Scene,
    tool::bounded::{Bounded, Lines, MOST},
    verdict::{Fault, Outcome},
};

/// The shortest pause before a log that has ended is followed again.
const FOLLOW_AGAIN: Duration = Duration::from_millis(200);

/// Waits until a line of the log contains `expected`.
///
/// # Errors
/// If no line does within `limit`; the fault contains the log.
pub async fn until_shows(scene: &mut Scene, container: &ContainerRef, expected: &str, limit: Duration) -> Outcome {
    let kept = scene.kept.clone();
    let wanted = |line: &str, _| text::contains(line, expected, &kept).is_ok();
    let line = until(scene, container, limit, &format!("show \"{expected}\""), wanted).await?;
    scene.kept = text::contains(&line, expected, &kept).unwrap_or(kept);
    Ok(())
}

/// Waits until the log has this number of lines.
///
/// # Errors
/// If it has fewer lines after `limit`; the fault contains the log.
pub async fn until_has(scene: &mut Scene, container: &ContainerRef, lines: usize, limit: Duration) -> Outcome {
    until(scene, container, limit, &format!("have {lines} lines"), |_, count| count >= lines).await.map(|_| ())
}

/// Waits until `wanted` accepts a line, given the number of lines up to it, and returns the line.
async fn until(
    scene: &mut Scene,
    container: &ContainerRef,
    limit: Duration,
    what: &str,
    wanted: impl Fn(&str, usize) -> bool,
) -> Outcome<String> {
    let limit = limit.min(scene.time_left());
    let started = |pod: Option<&Pod>| container::has_started(pod, container.name());
    pods::until_started(scene, &container.pod, "started", limit, started).await?;
    let pods = scene.pods();
    let mut seen = Bounded::of(MOST);
    let mut again = tokio::time::interval(FOLLOW_AGAIN);
    let reading = async {
        loop {
            again.tick().await;
            seen = Bounded::of(MOST);
            if let Some(line) = follow(&pods, container, &mut seen, &wanted).await? {
                return Ok(Some(line));
            }
            // A followed log may end for reasons of the API. It is complete only if the container has ended.
            if !pods.get(&container.pod).await.is_ok_and(|pod| container::is_running(&pod, container.name())) {
                return Ok(None);
            }
        }
    };
    let found: Option<Result<Option<String>, String>> = tokio::time::timeout(limit, reading).await.ok();
    let missing = |when: String| {
        Err(Fault::failed(format!("the log of {container} does not {what} {when}")).seen("the log", seen.text()))
    };
    match found {
        Some(Ok(Some(line))) => Ok(line),
        Some(Ok(None)) => missing("before its container ends".into()),
        None => missing(format!("within {} seconds", limit.as_secs())),
        Some(Err(why)) => Err(Fault::failed(format!("the log of {container} cannot be read: {why}"))),
    }
}

/// Reads a log from its beginning until `wanted` accepts a line, and returns that line. Stores the lines before it.
async fn follow(
    pods: &Api<Pod>,
    container: &ContainerRef,
    seen: &mut Bounded,
    wanted: impl Fn(&str, usize) -> bool,
) -> Result<Option<String>, String> {
    let following = LogParams { follow: true, container: container.container.clone(), ..LogParams::default() };
    let mut log = Box::pin(pods.log_stream(&container.pod, &following).await.map_err(|error| said(&error))?);
    let (mut lines, mut bytes, mut count) = (Lines::default(), vec![0; 16 * 1024], 0);
    loop {
        let read = log.read(&mut bytes).await.map_err(|error| error.to_string())?;
        let (is_end, ended) = (read == 0, lines.take(&bytes[..read]));
        for line in ended.into_iter().chain(is_end.then(|| std::mem::take(&mut lines).last()).flatten()) {
            count += 1;
            if wanted(&line, count) {
                return Ok(Some(line));
            }
            seen.take(format!("{line}\n").as_bytes());
        }
        if is_end {
            return Ok(None);
        }
    }
}
