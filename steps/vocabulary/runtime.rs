//! Sentences about containers, as their node knows them. A learner's own programs are not trusted: a program named `id`
//! may print anything.

use std::{num::NonZeroU16, time::Duration};

use super::{Sentence, sentence};
use crate::{
    actions::{
        container_ref::ContainerRef,
        runtime::{
            assert_missing, is_limited, is_read_only, until_belongs, until_exists, until_file_shows, until_listens,
            until_runs, was_started,
        },
    },
    conditions::{
        quantity::Quantity,
        runtime::{self, Resource},
    },
    scene::Scene,
    verdict::Outcome,
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "{place} runs as user {number}" => runs_as(container, user), Cluster [],
        r#"the Pod "hello" runs as user 42"#,
        "The container was started as this user, by what Kubernetes asked of the runtime; what a program changes later does not count."),
    sentence!(Then "{place} has the group {number}" => has_group(container, group), Cluster [],
        r#"the container "web" of the Pod "hello" has the group 231"#,
        "The container was started with this group, as its own or as one more."),
    sentence!(Then "{place} has no capabilities" => has_no_capabilities(container), Cluster [],
        r#"the Pod "hello" has no capabilities"#,
        "The container was started without any capability, and none is in its bounding set."),
    sentence!(Then "{place} can gain no privileges" => gains_no_privileges(container), Cluster [],
        r#"the Pod "hello" can gain no privileges"#,
        "The container was started with no_new_privs, as `allowPrivilegeEscalation: false` asks for."),
    sentence!(Then "{place} was started with {text}" => was_started_with(container, text), Cluster [Keeps],
        r#"the Pod "hello" was started with "npm start 3000""#,
        "The command line that Kubernetes started the container with, its words joined by blanks, contains the text. The image's own command and arguments and the values of variables are in it."),
    sentence!(Then "within {duration} {place} runs the process {text}" => runs(limit, container, text), Cluster [Waits, Keeps],
        r#"within 5 seconds the Pod "hello" runs the process "sleep 3600""#,
        "A process of the container has exactly this command line, its words joined by blanks, as the node's kernel says. The folder of the program may be left out."),
    sentence!(Then "the environment of {place} has {text}" => has_variable(container, text), Cluster [Keeps],
        r#"the environment of the Pod "hello" has "GREETING=Hi""#,
        "The container was started with just this variable and value."),
    sentence!(Then "the environment of {place} lacks {text}" => lacks_variable(container, text), Cluster [],
        r#"the environment of the Pod "hello" lacks "GREETING""#,
        "The container was started without a variable of this name."),
    sentence!(Then "the memory of {place} is limited to {quantity}" => memory_is_limited(container, quantity), Cluster [],
        r#"the memory of the container "web" of the Pod "hello" is limited to "100Mi""#,
        "The container's control group has exactly this limit."),
    sentence!(Then "the CPU of {place} is limited to {quantity}" => cpu_is_limited(container, quantity), Cluster [],
        r#"the CPU of the container "web" of the Pod "hello" is limited to "200m""#,
        "The container's control group has exactly this limit."),
    sentence!(Then "{path} in {place} is read-only" => read_only(path, container), Cluster [],
        r#""/data" in the container "web" of the Pod "hello" is read-only"#,
        "The volume that is mounted there, or else the container's own file system, is mounted to be read only, and the container does not mount the same files writable elsewhere."),
    sentence!(Then "within {duration} {path} in {place} exists" => exists(limit, path, container), Cluster [Waits],
        r#"within 5 seconds "/data/date.log" in the Pod "hello" exists"#,
        "The node sees a file or folder at this path, in a volume or in the container's own file system."),
    sentence!(Then "{path} in {place} does not exist" => is_missing(path, container), Cluster [],
        r#""/run/secrets/kubernetes.io" in the Pod "hello" does not exist"#,
        "The container was started, and has no such file or folder, as the node sees it."),
    sentence!(Then "within {duration} {path} in {place} belongs to user {number} and group {number}" => belongs(limit, path, container, user, group), Cluster [Waits],
        r#"within 5 seconds "/data" in the Pod "hello" belongs to user 0 and group 231"#,
        "The file or folder, which the node sees in a volume or in the container's own file system, has this owner and group."),
    sentence!(Then "within {duration} {path} in {place} shows {text}" => file_shows(limit, path, container, text), Cluster [Waits, Keeps],
        r#"within 5 seconds "/data/date.log" in the container "web" of the Pod "hello" shows "[TIME]""#,
        "A line of the file's first 64 KiB contains the text, as the node reads it."),
    sentence!(Then "within {duration} {place} listens on port {number}" => listens(limit, container, port), Cluster [Waits],
        r#"within 5 seconds the container "web" of the Pod "hello" listens on port 80"#,
        "A process of this container, and of no other of the Pod, listens on the TCP port, as the node's kernel says."),
];

async fn is_missing(scene: &mut Scene, path: String, container: ContainerRef) -> Outcome {
    assert_missing(scene, &container, &path).await
}

async fn runs_as(scene: &mut Scene, container: ContainerRef, user: u32) -> Outcome {
    was_started(scene, &container, |process| runtime::runs_as(process, user)).await
}

async fn has_group(scene: &mut Scene, container: ContainerRef, group: u32) -> Outcome {
    was_started(scene, &container, |process| runtime::has_group(process, group)).await
}

async fn has_no_capabilities(scene: &mut Scene, container: ContainerRef) -> Outcome {
    was_started(scene, &container, runtime::has_no_capabilities).await
}

async fn gains_no_privileges(scene: &mut Scene, container: ContainerRef) -> Outcome {
    was_started(scene, &container, runtime::gains_no_privileges).await
}

async fn was_started_with(scene: &mut Scene, container: ContainerRef, text: String) -> Outcome {
    let condition = |process: &_| runtime::was_started_with(process, &text, &scene.kept);
    scene.kept = was_started(scene, &container, condition).await?;
    Ok(())
}

async fn runs(scene: &mut Scene, limit: Duration, container: ContainerRef, text: String) -> Outcome {
    until_runs(scene, &container, &text, limit).await
}

async fn has_variable(scene: &mut Scene, container: ContainerRef, text: String) -> Outcome {
    let condition = |process: &_| runtime::has_variable(process, &text, &scene.kept);
    scene.kept = was_started(scene, &container, condition).await?;
    Ok(())
}

async fn lacks_variable(scene: &mut Scene, container: ContainerRef, name: String) -> Outcome {
    was_started(scene, &container, |process| runtime::lacks_variable(process, &name)).await
}

async fn memory_is_limited(scene: &mut Scene, container: ContainerRef, quantity: Quantity) -> Outcome {
    is_limited(scene, &container, Resource::Memory, &quantity).await
}

async fn cpu_is_limited(scene: &mut Scene, container: ContainerRef, quantity: Quantity) -> Outcome {
    is_limited(scene, &container, Resource::Cpu, &quantity).await
}

async fn read_only(scene: &mut Scene, path: String, container: ContainerRef) -> Outcome {
    is_read_only(scene, &container, &path).await
}

async fn exists(scene: &mut Scene, limit: Duration, path: String, container: ContainerRef) -> Outcome {
    until_exists(scene, &container, &path, limit).await
}

async fn belongs(
    scene: &mut Scene,
    limit: Duration,
    path: String,
    container: ContainerRef,
    user: u32,
    group: u32,
) -> Outcome {
    until_belongs(scene, &container, &path, (user, group), limit).await
}

async fn file_shows(
    scene: &mut Scene,
    limit: Duration,
    path: String,
    container: ContainerRef,
    text: String,
) -> Outcome {
    until_file_shows(scene, &container, &path, &text, limit).await
}

async fn listens(scene: &mut Scene, limit: Duration, container: ContainerRef, port: NonZeroU16) -> Outcome {
    until_listens(scene, &container, port.get(), limit).await
}
