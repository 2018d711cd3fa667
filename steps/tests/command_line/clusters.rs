//! Which clusters labproof creates, uses and removes, with scripts in place of `docker` and `kind`.
//!
//! The scripts note each call. `kind delete cluster` removes the nodes that `docker ps` lists.

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::project::{Project, text};

const DOCKER: &str = r#"#!/bin/bash
echo "docker $*" >> "$SHIMS/calls"
case "$*" in
  "ps --all --filter label=io.x-k8s.kind.cluster=of-no-cluster --format {{.Names}}") cat "$SHIMS/nodes" ;;
  "container inspect "*" of-no-cluster-control-plane") cat "$SHIMS/created" ;;
  "container inspect "*) echo "Error: No such container" >&2; exit 1 ;;
  "inspect --format {{(index (index .HostConfig.PortBindings"*) cat "$SHIMS/port" ;;
  "image inspect --format {{json .}} "*) echo '{"Id": "sha256:aa", "Os": "linux", "Architecture": "amd64", "Config": {}}' ;;
  "run --rm "*"/kind/version") echo v1.34.0 ;;
  "run --rm "*) exit 1 ;;
  "info --format {{.CgroupVersion}}") echo 2 ;;
esac
"#;

const KIND: &str = r#"#!/bin/bash
echo "kind $*" >> "$SHIMS/calls"
case "$*" in
  "create cluster "*)
    echo of-no-cluster-control-plane > "$SHIMS/nodes"
    date --utc +"id %Y-%m-%dT%H:%M:%SZ node" > "$SHIMS/created"
    sleep 600
    ;;
  "delete cluster "*) : > "$SHIMS/nodes" ;;
esac
"#;

const NODE: &str = "of-no-cluster-control-plane\n";

/// A project whose engine has these nodes.
fn with_nodes(nodes: &str) -> Project {
    let project = Project::empty().file("shims/nodes", nodes).file("shims/calls", "");
    for (name, script) in [("docker", DOCKER), ("kind", KIND)] {
        let path = project.path(&format!("shims/{name}"));
        fs::write(&path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    project
}

fn begin(project: &Project, arguments: &[&str]) -> Child {
    let path = format!("{}:{}", project.path("shims").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_labproof"));
    command.args(arguments).current_dir(project.path("")).env("PATH", path).env("SHIMS", project.path("shims"));
    command.env("LABPROOF_STATE", project.path("state")).env("LABPROOF_CACHE", project.path("cache"));
    command.env("HOME", project.path("")).env_remove("DOCKER_CONTEXT").env_remove("DOCKER_CONFIG");
    command.env("DOCKER_HOST", "unix:///nobody/listens.sock");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// What the program says.
fn said(project: &Project, arguments: &[&str]) -> String {
    let output = begin(project, arguments).wait_with_output().unwrap();
    text(&output.stdout) + &text(&output.stderr)
}

/// The calls that change something.
fn changes(project: &Project) -> Vec<String> {
    let calls = fs::read_to_string(project.path("shims/calls")).unwrap();
    let changing = |call: &&str| {
        ["kind delete", "kind create", "docker rm", "docker start"].iter().any(|verb| call.starts_with(verb))
    };
    calls.lines().filter(changing).map(str::to_owned).collect()
}

/// A cluster that labproof recorded, with an API server that does not answer.
fn recorded(project: Project) -> Project {
    let record = r#"{"name": "of-no-cluster", "uid": "u", "kubernetes": "v1.34.0", "node_image": "i", "made": "2026-01-01T00:00:00Z"}"#;
    let kubeconfig = "apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters:\n- name: a\n  cluster:\n    server: https://127.0.0.1:1\ncontexts:\n- name: a\n  context: {cluster: a, user: a}\nusers:\n- name: a\n  user: {}\n";
    project
        .file("state/clusters/of-no-cluster/cluster.json", record)
        .file("state/clusters/of-no-cluster/kubeconfig", kubeconfig)
}

/// A cluster whose creation began a moment ago and did not end, with nodes of this age.
fn interrupted(project: Project, age: Duration) -> Project {
    let begun = jiff::Timestamp::now();
    let created = begun.checked_sub(jiff::SignedDuration::try_from(age).unwrap()).unwrap();
    project
        .file("state/clusters/of-no-cluster/begun", &begun.to_string())
        .file("shims/created", &format!("id {created} node\n"))
}

#[test]
fn a_cluster_that_does_not_exist_is_not_removed() {
    let project = with_nodes("");
    assert!(said(&project, &["down"]).contains("the cluster of-no-cluster does not exist"));
    assert_eq!(changes(&project), [""; 0]);
}

#[test]
fn a_cluster_that_labproof_did_not_make_is_left_alone() {
    for arguments in [&["down"][..], &["up"], &["up", "--recreate"]] {
        let project = with_nodes(NODE);
        let said = said(&project, arguments);
        assert!(said.contains("labproof did not create the kind cluster of-no-cluster"), "{arguments:?}: {said}");
        assert_eq!(changes(&project), [""; 0], "{arguments:?}");
    }
}

#[test]
fn a_cluster_with_another_port_than_the_recorded_one_is_left_alone() {
    for arguments in [&["down"][..], &["up", "--recreate"]] {
        let project = recorded(with_nodes(NODE)).file("shims/port", "6443\n");
        let said = said(&project, arguments);
        assert!(said.contains("labproof did not create the kind cluster"), "{arguments:?}: {said}");
        assert!(!changes(&project).iter().any(|call| call.starts_with("kind delete")), "{:?}", changes(&project));
    }
}

#[test]
fn the_recorded_cluster_is_removed_although_its_api_server_is_away() {
    let project = recorded(with_nodes(NODE)).file("shims/port", "1\n");
    assert!(said(&project, &["down"]).contains("removed the cluster of-no-cluster"));
    assert_eq!(changes(&project).len(), 1, "{:?}", changes(&project));
    assert!(changes(&project)[0].starts_with("kind delete cluster --name of-no-cluster --kubeconfig "));
    assert!(!project.path("state/clusters/of-no-cluster").exists());
}

#[test]
fn a_record_that_cannot_be_read_is_named_and_nothing_is_removed() {
    let project = with_nodes(NODE).file("state/clusters/of-no-cluster/cluster.json", "{");
    let said = said(&project, &["down"]);
    assert!(said.contains("cannot understand") && said.contains("remove the file"), "{said}");
    assert_eq!(changes(&project), [""; 0]);
}

#[test]
fn a_creation_that_did_not_end_is_removed_unless_a_node_is_older() {
    let project = interrupted(with_nodes(NODE), Duration::ZERO);
    assert!(said(&project, &["down"]).contains("removed the cluster of-no-cluster"));
    assert_eq!(changes(&project).len(), 1, "{:?}", changes(&project));
    let older = interrupted(with_nodes(NODE), Duration::from_secs(3600));
    assert!(said(&older, &["down"]).contains("labproof did not create the kind cluster"));
    assert_eq!(changes(&older), [""; 0]);
}

#[test]
fn an_interrupted_creation_leaves_nothing() {
    let own = "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nname: of-no-cluster\nnodes:\n- role: control-plane\n  image: kindest/node:v1.34.0\n";
    let project = with_nodes("").file("kind-config/demo.yaml", own);
    let up = begin(&project, &["up"]);
    let deadline = Instant::now() + Duration::from_secs(30);
    while !changes(&project).iter().any(|call| call.starts_with("kind create")) {
        assert!(Instant::now() < deadline, "{}", fs::read_to_string(project.path("shims/calls")).unwrap());
        thread::sleep(Duration::from_millis(50));
    }
    // A moment later, kind has made its first node.
    thread::sleep(Duration::from_millis(300));
    interrupt(&up);
    let output = up.wait_with_output().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(!output.status.success() && output.status.signal().is_none(), "{said}");
    assert!(changes(&project).last().is_some_and(|call| call.starts_with("kind delete cluster")), "{said}");
    assert!(!project.path("state/clusters/of-no-cluster").exists(), "{said}");
}

/// Sends the signal of Ctrl-C.
fn interrupt(program: &Child) {
    assert!(Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap().success());
}
