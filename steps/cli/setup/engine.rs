//! Checks the Docker engine and its client.

use std::time::Duration;

use serde::Deserialize;

use super::{
    finding::SetupFinding,
    machine,
    programs::{is_older, on_path},
};
use crate::{
    endpoint::{self, chosen_context, is_remote},
    images::disk,
    machine::folders,
    tool::{Finished, Tool},
    verdict::Fault,
};

/// How long the engine may take to answer.
const ANSWER: Duration = Duration::from_secs(20);

/// The oldest engine on which labproof has been run.
const OLDEST: (u32, u32) = (20, 10);

/// The output of `docker version`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Versions {
    client: Client,
    server: Option<Server>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Client {
    version: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Server {
    version: String,
    components: Vec<Component>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Component {
    name: String,
}

/// The output of `docker info`; an engine leaves out what it does not know.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Info {
    driver: String,
    driver_status: Option<Vec<(String, String)>>,
    cgroup_version: String,
    mem_total: u64,
    operating_system: String,
    docker_root_dir: String,
    security_options: Option<Vec<String>>,
    #[serde(rename = "ClientInfo")]
    client: PlugIns,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PlugIns {
    plugins: Option<Vec<Plugin>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Plugin {
    name: String,
    version: String,
}

/// Checks the engine: its version, image store and builder, and then everything else about it. If the engine does not
/// answer, this is the only finding.
pub(super) async fn findings() -> (Vec<SetupFinding>, Vec<SetupFinding>) {
    match ask().await {
        Ok((versions, info)) => findings_of(&versions, &info).await,
        Err(finding) => (vec![finding], Vec::new()),
    }
}

/// What the client and the engine say about themselves.
async fn ask() -> Result<(Versions, Info), SetupFinding> {
    if on_path("docker").is_none() {
        return Err(SetupFinding::missing("docker (the labs build and run containers)")
            .remedy("install Docker, 20.10 or newer, or run `labproof setup --install` as root on Debian"));
    }
    let ask = |what| Tool::new("docker").args([what, "--format", "{{json .}}"]).limit(ANSWER).finish();
    let silent = |fault: Fault| silent(&fault.reason);
    let versions = versions(&ask("version").await.map_err(silent)?)?;
    let info = ask("info").await.map_err(silent)?;
    Ok((versions, serde_json::from_str(&info.stdout).unwrap_or_default()))
}

async fn findings_of(versions: &Versions, info: &Info) -> (Vec<SetupFinding>, Vec<SetupFinding>) {
    let endpoint = endpoint().await;
    let context = chosen_context();
    let engine =
        vec![engine(versions, &endpoint, context.as_deref()), store(info), builder(versions, info, is_buildkit_off())];
    let mut found = Vec::new();
    let kinds = kinds(info);
    if !is_remote() && kinds.is_empty() {
        found.extend(machine::packets(packets().await, machine::packets_outside()));
        found.extend(machine::disk(&folders_of(info, disk::of_containerd())).await);
    }
    found.extend(kinds);
    found.extend(control_groups(&info.cgroup_version));
    found.push(machine::memory(info.mem_total));
    (engine, found)
}

/// The folders in which the engine keeps images and containers.
fn folders_of(info: &Info, of_containerd: Option<String>) -> Vec<String> {
    let of_containerd = of_containerd.filter(|_| is_containerd(info));
    [info.docker_root_dir.clone()].into_iter().chain(of_containerd).collect()
}

/// Whether an engine answers that labproof can use.
pub(super) async fn answers() -> bool {
    let asked = Tool::new("docker").args(["version", "--format", "{{json .}}"]).limit(ANSWER).finish().await;
    asked.is_ok_and(|asked| versions(&asked).is_ok())
}

/// The address at which the client reaches the engine; this depends on `DOCKER_HOST`.
async fn endpoint() -> String {
    let format = "{{.Endpoints.docker.Host}}";
    let host = Tool::new("docker").args(["context", "inspect", "--format", format]).limit(ANSWER).output().await;
    host.unwrap_or_default()
}

/// The size of the largest packet in the networks of containers and of nodes, in bytes. There may be no nodes yet.
async fn packets() -> Option<u32> {
    let format = r#"{{index .Options "com.docker.network.driver.mtu"}}"#;
    let words = ["network", "inspect", "bridge", "kind", "--format", format];
    let asked = Tool::new("docker").args(words).limit(ANSWER).finish().await.ok()?;
    asked.stdout.lines().filter_map(|line| line.trim().parse().ok()).max()
}

fn is_buildkit_off() -> bool {
    std::env::var("DOCKER_BUILDKIT").is_ok_and(|value| value == "0" || value == "false")
}

/// The versions of client and engine, if both are Docker and the engine answers.
fn versions(asked: &Finished) -> Result<Versions, SetupFinding> {
    // Podman's program in place of Docker's prints another format that contains its name.
    let versions: Versions = serde_json::from_str(&asked.stdout).unwrap_or_default();
    let components = versions.server.iter().flat_map(|server| &server.components);
    let says_podman = format!("{}{}", asked.stdout, asked.stderr).to_lowercase().contains("podman");
    if components.into_iter().any(|component| component.name.contains("Podman")) || says_podman {
        return Err(SetupFinding::missing("a Docker engine: this one is Podman's, which is not supported")
            .remedy("install Docker, or name its engine with DOCKER_HOST"));
    }
    match &versions.server {
        Some(server) if !server.version.is_empty() => Ok(versions),
        _ => Err(silent(&asked.stderr)),
    }
}

/// The client's explanation why no engine answers.
fn silent(why: &str) -> SetupFinding {
    let why = why.trim().lines().last().unwrap_or_default();
    let missing = SetupFinding::missing(format!("a Docker engine that answers: {why}"));
    match () {
        () if why.contains("permission denied") => {
            missing.remedy("as root: `usermod --append --groups docker USER` with your user's name; then log in again")
        }
        () if let Some(correction) = endpoint::correction() => missing.remedy(correction),
        () if folders::is_root() => missing.remedy("start it, or run `labproof setup --install`"),
        () => missing.remedy("start your Docker engine; on Debian, `labproof setup --install` starts one as root"),
    }
}

fn engine(versions: &Versions, endpoint: &str, context: Option<&str>) -> SetupFinding {
    let version = versions.server.as_ref().map(|server| server.version.as_str()).unwrap_or_default();
    let context = context.map(|context| format!(", context {context}")).unwrap_or_default();
    let text = format!("Docker engine {version} at {endpoint}{context}, client {}", versions.client.version);
    if is_older(version, OLDEST) {
        return SetupFinding::note(format!("{text}: labproof was never run on one this old"))
            .remedy("install Docker 20.10 or newer");
    }
    SetupFinding::fine(text)
}

/// Whether images are kept in containerd's store.
fn is_containerd(info: &Info) -> bool {
    info.driver_status.iter().flatten().any(|(_, value)| value.starts_with("io.containerd."))
}

fn store(info: &Info) -> SetupFinding {
    let store = if is_containerd(info) { "containerd's store" } else { "Docker's own store" };
    SetupFinding::fine(format!("images are kept in {store}, {}", info.driver))
}

/// The client builds with buildx if it has it and is 23.0 or newer, unless it is configured differently.
fn builder(versions: &Versions, info: &Info, is_off: bool) -> SetupFinding {
    let buildx = info.client.plugins.iter().flatten().find(|plugin| plugin.name == "buildx");
    match buildx {
        Some(buildx) if !is_off && !is_older(&versions.client.version, (23, 0)) => {
            SetupFinding::fine(format!("images are built by buildx {}", buildx.version))
        }
        _ => SetupFinding::fine("images are built by the classic builder"),
    }
}

/// Finds kinds of engines that cannot do everything that the labs need.
fn kinds(info: &Info) -> Vec<SetupFinding> {
    let mut found = Vec::new();
    if info.security_options.iter().flatten().any(|option| option.contains("rootless")) {
        found.push(
            SetupFinding::missing("an engine that root started: this one is rootless, which is not supported")
                .remedy("use an engine that root started: `docker context ls` lists those that you have"),
        );
    }
    if info.operating_system.contains("Docker Desktop") {
        found.push(SetupFinding::note(
            "the engine is Docker Desktop: this machine does not reach its containers' addresses",
        ));
    }
    found
}

fn control_groups(version: &str) -> Option<SetupFinding> {
    match version {
        "" => None,
        "1" => Some(
            SetupFinding::note(
                "control groups v1: from Kubernetes 1.35 on, labproof sets failCgroupV1: false for the nodes",
            )
            .remedy("boot with systemd.unified_cgroup_hierarchy=1, if the nodes must be as Kubernetes wants them"),
        ),
        version => Some(SetupFinding::fine(format!("control groups v{version}"))),
    }
}

#[cfg(test)]
mod tests;
