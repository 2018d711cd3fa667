//! Examines a container from its node: how it was started, which files it has, and where it listens.

use std::{sync::PoisonError, time::Duration};

use super::{container_ref::ContainerRef, diagnostics, repeated};
use crate::{
    cluster::{
        ask,
        runtime::{self, NodePath, OnNode},
    },
    conditions::{
        container,
        quantity::Quantity,
        runtime::{self as condition, Process, Resource},
        text,
    },
    scene::Scene,
    verdict::{Fault, Outcome},
};

/// How often a Pod is read again to see which container follows one that its node no longer has, and the pause before each.
const REREADS: u32 = 20;
const PAUSE: Duration = Duration::from_millis(500);

/// Checks with this condition how the container was started.
///
/// # Errors
/// If it was started differently; the fault says how.
pub async fn was_started<T>(
    scene: &Scene,
    container: &ContainerRef,
    condition: impl FnOnce(&Process) -> Result<T, String>,
) -> Outcome<T> {
    let on_node = on_node(scene, container).await?;
    condition(&on_node.spec.process).map_err(|why| Fault::failed(format!("{container} {why}")))
}

/// Checks that the container's limit is exactly this quantity.
///
/// # Errors
/// If the limit is another one, which the fault names.
pub async fn is_limited(scene: &Scene, container: &ContainerRef, resource: Resource, quantity: &Quantity) -> Outcome {
    let Quantity { written, amount: wanted } = quantity;
    let what = match resource {
        Resource::Memory => "memory",
        Resource::Cpu => "CPU",
    };
    let place = place(scene, container).await?;
    let (_, found) = inspected(scene, container, place).await?;
    match found.spec.limit(resource) {
        Some(limit) if (limit - wanted).abs() <= wanted * 1e-6 => Ok(()),
        Some(limit) => {
            Err(Fault::failed(format!("the {what} of {container} is limited to {limit}, not to {written} ({wanted})")))
        }
        None => Err(Fault::failed(format!("the {what} of {container} is not limited"))),
    }
}

/// Checks that the container can only read the files at a path.
///
/// # Errors
/// If it can write there.
pub async fn is_read_only(scene: &Scene, container: &ContainerRef, path: &str) -> Outcome {
    let found = on_node(scene, container).await?;
    let Some(writable) = found.spec.writable_at(path) else { return Ok(()) };
    let at = if writable == path { String::new() } else { format!(" at {writable}, where the same folder is mounted") };
    Err(Fault::failed(format!("{container} can write to {path}{at}, but it should only read there")))
}

/// Waits until the container has a file or folder at a path.
///
/// # Errors
/// If there is none when the time is up.
pub async fn until_exists(scene: &Scene, container: &ContainerRef, path: &str, limit: Duration) -> Outcome {
    until_path(scene, container, path, limit, |_| Ok(())).await
}

/// Checks that the container has no file or folder at a path.
///
/// # Errors
/// If there is one.
pub async fn assert_missing(scene: &Scene, container: &ContainerRef, path: &str) -> Outcome {
    match on_node(scene, container).await?.read(path).await? {
        None => Ok(()),
        Some(_) => Err(Fault::failed(format!("{path} in {container} exists, but it should not"))),
    }
}

/// Waits until a path of the container belongs to this user and this group.
///
/// # Errors
/// If it does not when the time is up; the fault names the owner.
pub async fn until_belongs(
    scene: &Scene,
    container: &ContainerRef,
    path: &str,
    (user, group): (u32, u32),
    limit: Duration,
) -> Outcome {
    let judge = |found: NodePath| match found.owner {
        owner if owner == (user, group) => Ok(()),
        (user, group) => Err(Fault::failed(format!("belongs to user {user} and group {group}"))),
    };
    until_path(scene, container, path, limit, judge).await
}

/// Waits until a line of a file of the container contains this text.
///
/// # Errors
/// If no line does when the time is up; the fault contains the file's content.
pub async fn until_file_shows(
    scene: &mut Scene,
    container: &ContainerRef,
    path: &str,
    expected: &str,
    limit: Duration,
) -> Outcome {
    let judge = |found: NodePath| {
        text::contains(&found.text, expected, &scene.kept)
            .map_err(|_| Fault::failed(format!("does not show \"{expected}\"")).seen("it holds", &found.text))
    };
    scene.kept = until_path(scene, container, path, limit, judge).await?;
    Ok(())
}

/// Waits until a process of the container has this command line.
///
/// # Errors
/// If none has when the time is up; the fault names those that run.
pub async fn until_runs(scene: &mut Scene, container: &ContainerRef, expected: &str, limit: Duration) -> Outcome {
    let found = repeated::until(limit.min(scene.time_left()), async |_| {
        let processes = on_node(scene, container).await?.processes().await?;
        condition::runs(&processes, expected, &scene.kept).map_err(|why| Fault::failed(format!("{container} {why}")))
    });
    let found = found.await;
    match found {
        Err(fault) => Err(diagnostics::add(scene, &container.pod, fault).await),
        Ok(kept) => {
            scene.kept = kept;
            Ok(())
        }
    }
}

/// Waits until a process of the container listens on a TCP port.
///
/// # Errors
/// If none does when the time is up.
pub async fn until_listens(scene: &Scene, container: &ContainerRef, port: u16, limit: Duration) -> Outcome {
    let fault = repeated::until(limit.min(scene.time_left()), async |_| {
        let listens = on_node(scene, container).await?.listens(port).await?;
        let nothing = || Fault::failed(format!("no process of {container} listens on port {port}"));
        if listens { Ok(()) } else { Err(nothing()) }
    });
    match fault.await {
        Err(fault) => Err(diagnostics::add(scene, &container.pod, fault).await),
        Ok(()) => Ok(()),
    }
}

async fn until_path<T>(
    scene: &Scene,
    container: &ContainerRef,
    path: &str,
    limit: Duration,
    judge: impl Fn(NodePath) -> Outcome<T>,
) -> Outcome<T> {
    repeated::until(limit.min(scene.time_left()), async |_| {
        let found = on_node(scene, container).await?.read(path).await?;
        let found = found.ok_or_else(|| Fault::failed("does not exist"));
        let named = |fault: Fault| Fault { reason: format!("{path} in {container} {}", fault.reason), ..fault };
        found.and_then(&judge).map_err(named)
    })
    .await
}

/// The container, for questions to its node. The node describes each container once, because that takes a tenth of a second
/// of its time; so the limits may have changed meanwhile.
async fn on_node(scene: &Scene, container: &ContainerRef) -> Outcome<OnNode> {
    let (node, id) = place(scene, container).await?;
    if let Some(known) = scene.on_nodes.lock().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return Ok(known.clone());
    }
    let (id, found) = inspected(scene, container, (node, id)).await?;
    if found.was_started() {
        scene.on_nodes.lock().unwrap_or_else(PoisonError::into_inner).insert(id, found.clone());
    }
    Ok(found)
}

/// The container as its node describes it, or the one that has followed it, with its id.
async fn inspected(scene: &Scene, container: &ContainerRef, (node, id): (String, String)) -> Outcome<(String, OnNode)> {
    match runtime::inspect(scene.cluster.own()?, &node, &id).await {
        Ok(found) => Ok((id, found)),
        Err(fault) => next(scene, container, &id).await?.ok_or(fault),
    }
}

/// The container that follows one of this id: the node removes what has ended before the Pod's status names the next one.
/// `None` if the status names no other.
async fn next(scene: &Scene, container: &ContainerRef, former: &str) -> Outcome<Option<(String, OnNode)>> {
    for _ in 0..REREADS {
        tokio::time::sleep(PAUSE).await;
        let (node, id) = place(scene, container).await?;
        if id != former {
            let found = runtime::inspect(scene.cluster.own()?, &node, &id).await?;
            return Ok(Some((id, found)));
        }
    }
    Ok(None)
}

/// The container's node and its id there.
async fn place(scene: &Scene, container: &ContainerRef) -> Outcome<(String, String)> {
    let pod = ask(&format!("read the Pod {}", container.pod), scene.pods().get_opt(&container.pod)).await?;
    let pod = pod.ok_or_else(|| Fault::failed(format!("Pod {} does not exist", container.pod)))?;
    let id = container::id(&pod, container.name()).map_err(|why| Fault::failed(format!("{container} {why}")))?;
    let (node, id) = (pod.spec.as_ref().and_then(|spec| spec.node_name.clone()), id.to_owned());
    Ok((node.unwrap_or_default(), id))
}
