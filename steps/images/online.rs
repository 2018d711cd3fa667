//! Nodes that pull images by themselves: what they need for images that not everybody may pull, or that no registry has.
//!
//! The kubelet reads logins from a file of its node (<https://kind.sigs.k8s.io/docs/user/private-registries/>).

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use docker_credential::{CredentialRetrievalError, DockerCredential};
use futures::future::{join_all, try_join_all};
use serde_json::{Map, Value, json};

use super::{
    catalogue::{Source, Used},
    load,
};
use crate::{
    image_name::ImageName,
    progress::Progress,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// The name of Docker Hub in the settings of Docker's command line.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// How long a registry may take to say whether it has an image.
const LIMIT: Duration = Duration::from_secs(20);

/// Replaces the kubelet's file of logins by the standard input, if it is another one. The kubelet keeps what it has read, or
/// that there is none, for minutes.
const GIVE: &str = r"cd /var/lib/kubelet
umask 077
cat > .config.json
if cmp -s .config.json config.json; then rm .config.json; else mv .config.json config.json; systemctl restart kubelet; fi";

/// Lets these nodes have images of the engine: gives them the user's logins at the images' registries, and the images that no
/// registry has. Returns those that cannot be loaded, each with the reason.
///
/// # Errors
/// If the engine or a node does not answer.
pub async fn prepare(images: &[Used], nodes: &[String], progress: &Progress) -> Outcome<Vec<(ImageName, Fault)>> {
    let names: Vec<ImageName> = images.iter().map(|image| image.name.as_str().into()).collect();
    let servers: BTreeSet<String> = names.iter().filter_map(server).collect();
    let logins = logins(servers, progress).await?;
    if !logins.is_empty() {
        progress.phase("copying your logins at the registries of the labs' images to the nodes", None);
        give(&logins, nodes).await?;
    }
    let asked = join_all(names.iter().zip(images).map(async |(name, image)| match image.source {
        Source::StandIn => true,
        Source::Local => !is_published(name).await,
        Source::Pulled | Source::Built => false,
    }));
    let mut missing = Vec::new();
    for (name, _) in names.iter().zip(asked.await).filter(|(_, is_only_here)| *is_only_here) {
        progress.phase(&format!("loading {name} into the nodes, because no registry has it"), None);
        if let Err(fault) = load::load(name, nodes).await {
            progress.line(&fault.reason);
            missing.push((name.clone(), fault));
        }
    }
    Ok(missing)
}

/// The registry of an image, as Docker's settings name it; [`None`] for Docker's official images, which everybody may pull.
fn server(name: &ImageName) -> Option<String> {
    let name = name.canonical();
    match name.split_once('/')? {
        ("docker.io", path) => (!path.starts_with("library/")).then(|| DOCKER_HUB.to_owned()),
        (host, _) => Some(host.to_owned()),
    }
}

/// Whether a registry lets this user pull an image.
async fn is_published(name: &ImageName) -> bool {
    let asked = Tool::new("docker").args(["manifest", "inspect", &name.full()]).limit(LIMIT).finish().await;
    asked.is_ok_and(|finished| finished.status.success())
}

/// The user's logins at these registries, in the form of Docker's settings.
async fn logins(servers: BTreeSet<String>, progress: &Progress) -> Outcome<Map<String, Value>> {
    let mut logins = Map::new();
    for server in servers {
        let asked = server.clone();
        // A program that stores logins may take its time.
        let found = tokio::task::spawn_blocking(move || docker_credential::get_credential(&asked));
        match found.await.map_err(|error| Fault::broken(format!("cannot read the login at {server}: {error}")))? {
            Ok(credential) => match entry(&credential) {
                Some(entry) => _ = logins.insert(server, entry),
                None => progress.line(&format!("the login at {server} is a token, which nodes cannot use")),
            },
            Err(error) if is_no_login(&error) => {}
            Err(error) => progress.line(&format!("cannot read the login at {server}: {error}")),
        }
    }
    Ok(logins)
}

/// A login as Docker's settings hold it; [`None`] for a token, which the kubelet does not know.
fn entry(credential: &DockerCredential) -> Option<Value> {
    match credential {
        DockerCredential::UsernamePassword(name, password) => {
            Some(json!({"auth": STANDARD.encode(format!("{name}:{password}"))}))
        }
        DockerCredential::IdentityToken(_) => None,
    }
}

/// Whether the user is simply not logged in. A program that stores logins says so by failing.
fn is_no_login(error: &CredentialRetrievalError) -> bool {
    use CredentialRetrievalError::{ConfigNotFound, HelperFailure, NoCredentialConfigured};
    matches!(error, ConfigNotFound | NoCredentialConfigured | HelperFailure { .. })
}

/// Adds logins to those that the nodes have.
async fn give(logins: &Map<String, Value>, nodes: &[String]) -> Outcome {
    let _turn = load::alone(nodes).await?;
    let each = nodes.iter().map(async |node| {
        let read = "cat /var/lib/kubelet/config.json 2> /dev/null || true";
        let there = Tool::new("docker").args(["exec", node, "sh", "-c", read]).output().await?;
        let file = with_logins(&there, logins);
        Tool::new("docker").args(["exec", "-i", node, "sh", "-euc", GIVE]).input(file).output().await
    });
    try_join_all(each).await.map(|_| ())
}

/// A file of logins with further ones.
fn with_logins(file: &str, logins: &Map<String, Value>) -> String {
    let settings: Value = serde_json::from_str(file).unwrap_or_default();
    let mut auths = settings["auths"].as_object().cloned().unwrap_or_default();
    auths.extend(logins.clone());
    json!({"auths": auths}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_official_images_need_no_login() {
        let of = |name: &str| server(&name.into());
        assert_eq!(of("registry.example:5000/team/web:1").as_deref(), Some("registry.example:5000"));
        assert_eq!(of("team/web").as_deref(), Some(DOCKER_HUB));
        assert_eq!(of("docker.io/team/web").as_deref(), Some(DOCKER_HUB));
        assert_eq!((of("nginx:1.27"), of("docker.io/library/nginx")), (None, None));
    }

    #[test]
    fn logins_of_other_runs_stay() {
        let login = DockerCredential::UsernamePassword("ana".into(), "pass:word".into());
        let logins = Map::from_iter([("b.example".to_owned(), entry(&login).unwrap())]);
        let there = r#"{"auths": {"a.example": {"auth": "eA=="}, "b.example": {"auth": "eQ=="}}}"#;
        let file: Value = serde_json::from_str(&with_logins(there, &logins)).unwrap();
        let expected = json!({"auths": {"a.example": {"auth": "eA=="}, "b.example": {"auth": "YW5hOnBhc3M6d29yZA=="}}});
        assert_eq!(file, expected);
        let first: Value = serde_json::from_str(&with_logins("", &logins)).unwrap();
        assert_eq!(first["auths"].as_object().unwrap().len(), 1);
        assert_eq!(entry(&DockerCredential::IdentityToken("token".into())), None);
    }
}
