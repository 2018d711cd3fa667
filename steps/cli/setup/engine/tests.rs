use std::{os::unix::process::ExitStatusExt, process::ExitStatus};

use super::*;
use crate::cli::setup::finding::State;

fn asked(stdout: &str, stderr: &str) -> Finished {
    Finished { status: ExitStatus::from_raw(0), stdout: stdout.into(), stderr: stderr.into() }
}

fn info(text: &str) -> Info {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_engine_has_its_place_and_its_context() {
    let text = r#"{"Client":{"Version":"29.9.3","Context":"desktop"},"Server":{"Version":"29.9.2","Components":[{"Name":"Engine"}]}}"#;
    let versions = versions(&asked(text, "")).unwrap();
    let message = engine(&versions, "unix:///run/docker.sock", Some("desktop")).to_string();
    assert_eq!(message, "ok       Docker engine 29.9.2 at unix:///run/docker.sock, context desktop, client 29.9.3");
}

#[test]
fn podman_is_not_supported_under_either_client() {
    let by_docker =
        r#"{"Client":{"Version":"28.0.4"},"Server":{"Version":"5.8.4","Components":[{"Name":"Podman Engine"}]}}"#;
    let by_podman = r#"{"Client":{"APIVersion":"4.3.1","Version":"4.3.1"}}"#;
    let emulates = "Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.";
    for asked in [asked(by_docker, ""), asked(by_podman, emulates)] {
        let finding = versions(&asked).unwrap_err();
        assert!(finding.state == State::Missing && finding.to_string().contains("not supported"), "{finding}");
    }
}

#[test]
fn an_engine_that_does_not_answer_says_what_to_do() {
    let client = r#"{"Client":{"Version":"28.0.4"},"Server":null}"#;
    let message = |why| versions(&asked(client, why)).unwrap_err().to_string();
    assert!(message("permission denied while trying to connect to the Docker daemon socket").contains("usermod"));
    assert!(message("Cannot connect to the Docker daemon at unix:///x.sock.").contains("hint: start "));
}

#[test]
fn the_image_store_and_the_builder_are_named() {
    let containerd = info(
        r#"{"Driver":"overlayfs","DriverStatus":[["driver-type","io.containerd.snapshotter.v1"]],"ClientInfo":{"Plugins":[{"Name":"buildx","Version":"v0.38.2"}]}}"#,
    );
    let docker =
        info(r#"{"Driver":"overlay2","DriverStatus":[["Backing Filesystem","extfs"]],"ClientInfo":{"Plugins":null}}"#);
    assert!(store(&containerd).to_string().contains("containerd's store, overlayfs"));
    assert!(store(&docker).to_string().contains("Docker's own store, overlay2"));
    let client = |version: &str| Versions { client: Client { version: version.into() }, server: None };
    let built_by = |version, info, is_off| builder(&client(version), info, is_off).to_string();
    assert!(built_by("29.9.3", &containerd, false).contains("buildx v0.38.2"));
    assert!(built_by("20.10.24+dfsg1", &containerd, false).contains("classic"));
    assert!(built_by("29.9.3", &containerd, true).contains("classic"));
    assert!(built_by("29.9.3", &docker, false).contains("classic"));
}

#[test]
fn what_an_engine_cannot_do_is_noted() {
    let state = |text: &str| kinds(&info(text)).iter().map(|finding| finding.state).collect::<Vec<_>>();
    let rootless = state(r#"{"SecurityOptions":["name=seccomp,profile=builtin","name=rootless"]}"#);
    assert_eq!(rootless, [State::Missing]);
    assert_eq!(state(r#"{"OperatingSystem":"Docker Desktop"}"#), [State::Note]);
    assert!(kinds(&info(r#"{"SecurityOptions":null}"#)).is_empty());
    assert_eq!(control_groups("1").unwrap().state, State::Note);
    assert_eq!(control_groups("2").unwrap().state, State::Fine);
    assert_eq!(control_groups(""), None);
}

#[test]
fn containerds_folder_matters_only_where_it_keeps_the_images() {
    let with = |status: &str| {
        let info =
            info(&format!(r#"{{"DockerRootDir":"/var/lib/docker","DriverStatus":[["driver-type","{status}"]]}}"#));
        folders_of(&info, Some("/data/containerd".into()))
    };
    assert_eq!(with("io.containerd.snapshotter.v1"), ["/var/lib/docker", "/data/containerd"]);
    assert_eq!(with("extfs"), ["/var/lib/docker"]);
}
