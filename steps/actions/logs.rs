//! Follows the logs of Pods' containers until they contain what is expected.

use std::time::Duration;

use futures::AsyncReadExt;
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, api::LogParams};
use tokio::time::Instant;

use super::{container_ref::ContainerRef, pods};
use crate::{
    cluster::{ask, said},
    conditions::{container, restart, text},
    scene::Scene,
    tool::bounded::{Bounded, Lines, MOST},
    verdict::{Fault, Outcome, seconds},
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
    let deadline = Instant::now() + limit;
    let started = |pod: Option<&Pod>| container::has_started(pod, container.name());
    pods::until_started(scene, &container.pod, "started", limit, started).await?;
    let pods = scene.pods();
    let mut seen = None;
    let found = tokio::time::timeout_at(deadline, find(&pods, container, &mut seen, wanted)).await.ok();
    let missing = |when: String| {
        let Some(seen) = &seen else {
            let limit = seconds(limit);
            return Err(Fault::broken(format!("the log of {container} could not be read within {limit}: no answer")));
        };
        let log = seen.text();
        let and = if log.trim().is_empty() { ": it is empty" } else { "" };
        Err(Fault::failed(format!("the log of {container} does not {what} {when}{and}")).seen("the log", log))
    };
    match found {
        Some(Ok(Some(line))) => Ok(line),
        Some(Ok(None)) => missing("before its container ends".into()),
        None => missing(format!("within {}", seconds(limit))),
        Some(Err(fault)) => Err(fault),
    }
}

/// Reads the log until `wanted` accepts a line, and returns that line; `None` if the container ends for good before.
/// Stores the lines before it.
async fn find(
    pods: &Api<Pod>,
    container: &ContainerRef,
    seen: &mut Option<Bounded>,
    wanted: impl Fn(&str, usize) -> bool,
) -> Outcome<Option<String>> {
    let mut again = tokio::time::interval(FOLLOW_AGAIN);
    loop {
        again.tick().await;
        if let Some(line) = follow(pods, container, seen, &wanted).await? {
            return Ok(Some(line));
        }
        // A followed log may end for reasons of the API. It is complete only if the container has ended for good.
        let pod = ask(&format!("read the Pod {}", container.pod), pods.get_opt(&container.pod)).await?;
        if !pod.is_some_and(|pod| restart::may_run_on(&pod, container.name())) {
            return Ok(None);
        }
    }
}

/// Reads a log from its beginning until `wanted` accepts a line, and returns that line. Stores the lines before it; `seen`
/// stays as it is if the log cannot be opened.
async fn follow(
    pods: &Api<Pod>,
    container: &ContainerRef,
    seen: &mut Option<Bounded>,
    wanted: impl Fn(&str, usize) -> bool,
) -> Outcome<Option<String>> {
    let following = LogParams { follow: true, container: container.container.clone(), ..LogParams::default() };
    let cannot = |why: String| format!("the log of {container} cannot be read: {why}");
    // What the server refuses is the Pod's or its author's fault; that it does not answer is not.
    let log = pods.log_stream(&container.pod, &following).await.map_err(|error| match &error {
        kube::Error::Api(_) => Fault::failed(cannot(said(&error))),
        _ => Fault::broken(cannot(said(&error))),
    })?;
    let mut log = Box::pin(log);
    let seen = seen.insert(Bounded::of(MOST));
    let (mut lines, mut bytes, mut count) = (Lines::default(), vec![0; 16 * 1024], 0);
    loop {
        let read = log.read(&mut bytes).await.map_err(|error| Fault::broken(cannot(error.to_string())))?;
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        testing::api::{Answer, MockApi},
        verdict::Verdict,
    };

    const POD: &str = "GET /api/v1/namespaces/default/pods/app";
    const LOG: &str = "GET /api/v1/namespaces/default/pods/app/log";

    /// The Pod `app` with one container, restarted this many times.
    fn app(restarts: i32, state: &Value) -> Answer {
        let status = json!({"name": "a", "image": "i", "imageID": "", "ready": false, "restartCount": restarts,
            "state": state, "lastState": {}});
        Answer::Object(json!({"metadata": {"name": "app"}, "spec": {"containers": [{"name": "a"}]},
            "status": {"phase": "Running", "containerStatuses": [status]}}))
    }

    fn ended() -> Value {
        json!({"terminated": {"exitCode": 1}})
    }

    /// Looks for the line `ready`.
    async fn ready(server: &MockApi, seen: &mut Option<Bounded>) -> Outcome<Option<String>> {
        let pods = Api::namespaced(server.client(), "default");
        let container = ContainerRef { pod: "app".into(), container: None };
        find(&pods, &container, seen, |line, _| line == "ready").await
    }

    fn text(seen: Option<Bounded>) -> String {
        seen.unwrap().text()
    }

    fn texts(texts: &[&str]) -> Vec<Answer> {
        texts.iter().map(|&text| Answer::Text(text.to_owned())).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn a_container_that_the_kubelet_starts_again_is_read_again() {
        let server = MockApi::new();
        server.on(LOG, texts(&["host not found\n", "host not found\n", "starts\nready\n"]));
        server.on(POD, [app(0, &ended())]);
        let mut seen = None;
        assert_eq!(ready(&server, &mut seen).await, Ok(Some("ready".into())));
        assert_eq!(text(seen), "starts\n");
    }

    #[tokio::test(start_paused = true)]
    async fn a_container_that_keeps_ending_is_not_waited_for() {
        let server = MockApi::new();
        server.on(LOG, texts(&["host not found\n"]));
        server.on(POD, [app(0, &ended()), app(2, &json!({"running": {}})), app(2, &ended())]);
        let mut seen = None;
        assert_eq!(ready(&server, &mut seen).await, Ok(None));
        assert_eq!((text(seen), server.received(LOG).len()), ("host not found\n".into(), 3));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_does_not_answer_is_broken_and_one_that_refuses_is_not() {
        for (answer, verdict) in
            [(Answer::Away, Verdict::Broken), (Answer::error(404, "no such container"), Verdict::Failed)]
        {
            let server = MockApi::new();
            server.on(LOG, [answer]);
            let fault = ready(&server, &mut None).await.unwrap_err();
            assert_eq!(fault.verdict, verdict, "{}", fault.reason);
        }
    }
}
