//! Chooses the Docker engine once, in the same way as Docker's command line, for everything that labproof does.
//!
//! `DOCKER_HOST` comes first, then `DOCKER_CONTEXT`, then the current context, then the default socket
//! (<https://docs.docker.com/engine/manage-resources/contexts/>). Some programs and libraries that reach the engine
//! understand `DOCKER_HOST` but no contexts. Therefore labproof translates a context into variables once, before
//! anything else. This module does not check that the engine answers.

mod address;
mod advice;
mod beside;
mod helpers;

use std::{
    env,
    ffi::{OsStr, OsString},
    fs::{self, File},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::verdict::{Fault, Outcome};
pub use address::in_url;
pub use advice::{advice, correction, shown};

/// The variables that select an engine and the way to it. A learner's terminal gets them unchanged.
pub const VARIABLES: [&str; 8] = [
    "DOCKER_HOST",
    "DOCKER_TLS_VERIFY",
    "DOCKER_CERT_PATH",
    "DOCKER_API_VERSION",
    "DOCKER_DEFAULT_PLATFORM",
    "DOCKER_BUILDKIT",
    "BUILDX_BUILDER",
    "BUILDX_NO_DEFAULT_ATTESTATIONS",
];

/// The socket of an engine that nothing selects.
const DEFAULT_SOCKET: &str = "/var/run/docker.sock";

/// The context that selected the engine, for messages; set by [`settle`].
const CHOSEN: &str = "LABPROOF_DOCKER_CONTEXT";

/// An engine that a context names.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Endpoint {
    host: String,
    certificates: Option<PathBuf>,
}

/// A variable with its new value; `None` removes it.
type Change = (&'static str, Option<OsString>);

/// Makes this process and all programs that it starts use the engine that Docker's command line would use. The libraries
/// that reach the engine know no contexts, and read some variables differently. Therefore this process replaces itself
/// with a new one, if its environment does not name the engine in the one form that all of them understand.
///
/// # Errors
/// `refused` if the context does not exist, or if a context or `DOCKER_HOST` names an engine that cannot be used.
pub fn settle() -> Outcome {
    let changes = changes(|name| env::var(name).ok(), &configuration_folder())?;
    if changes.is_empty() {
        // The answer is kept, because later nothing may block.
        _ = own_container();
        return Ok(());
    }
    let cannot = |error: std::io::Error| Fault::broken(format!("cannot start labproof again: {error}"));
    let mut again = Command::new(env::current_exe().map_err(cannot)?);
    again.args(env::args_os().skip(1));
    for (name, value) in changes {
        match value {
            Some(value) => again.env(name, value),
            None => again.env_remove(name),
        };
    }
    Err(cannot(again.exec()))
}

/// The name of the Docker context that selected the engine.
#[must_use]
pub fn chosen_context() -> Option<String> {
    env::var(CHOSEN).ok()
}

/// What must change in the environment; nothing, if it is in the one form that everything understands.
fn changes(variable: impl Fn(&str) -> Option<String>, folder: &Path) -> Outcome<Vec<Change>> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if let Some(context) = context(&variable, folder) {
        let Endpoint { host, certificates } = read(&context, folder)?;
        return Ok(vec![
            ("DOCKER_CONTEXT", None),
            (CHOSEN, Some(context.into())),
            ("DOCKER_HOST", Some(host.into())),
            ("DOCKER_TLS_VERIFY", certificates.is_some().then(|| "1".into())),
            ("DOCKER_CERT_PATH", certificates.map(PathBuf::into_os_string)),
        ]);
    }
    let bare = set("DOCKER_HOST").filter(|host| !host.contains("://") && !host.starts_with('/') && host.contains(':'));
    if let Some(host) = set("DOCKER_HOST").filter(|_| bare.is_none()) {
        check_scheme(&host).map_err(|what| {
            Fault::refused(format!("DOCKER_HOST is {host}, which {what}"))
                .hint("name the engine's socket or address, such as unix:///var/run/docker.sock or tcp://HOST:2376")
        })?;
    }
    let verifies = set("DOCKER_TLS_VERIFY");
    let is_empty = |name: &str| variable(name).is_some_and(|value| value.is_empty());
    // Docker's command line takes such an address without its scheme.
    let mut changes: Vec<Change> =
        bare.map(|host| ("DOCKER_HOST", Some(format!("tcp://{host}").into()))).into_iter().collect();
    for name in ["DOCKER_HOST", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"] {
        changes.extend(is_empty(name).then_some((name, None)));
    }
    // Any text turns the check of certificates on, and they are in the folder of the settings if nothing names another.
    changes.extend(verifies.as_ref().filter(|value| *value != "1").map(|_| ("DOCKER_TLS_VERIFY", Some("1".into()))));
    if verifies.is_some() && set("DOCKER_CERT_PATH").is_none() {
        changes.retain(|(name, _)| *name != "DOCKER_CERT_PATH");
        changes.push(("DOCKER_CERT_PATH", Some(folder.into())));
    }
    Ok(changes)
}

/// Whether labproof can reach an engine at such an address; otherwise what is wrong with it.
fn check_scheme(host: &str) -> Result<(), &'static str> {
    match host.split_once("://").map(|(scheme, _)| scheme) {
        Some("unix" | "tcp" | "http" | "https") => Ok(()),
        Some("ssh") => Err("reaches its engine by ssh, which labproof does not support"),
        _ => Err("names no address of a Docker engine"),
    }
}

/// The folder in which Docker's command line keeps its settings: logins, contexts, proxies and plug-ins.
#[must_use]
pub fn configuration_folder() -> PathBuf {
    let own = env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    own.unwrap_or_else(|| PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".docker"))
}

/// Copies the user's settings of Docker's command line into a folder for one terminal, so a lab's changes, such as a
/// login, do not affect the user. Contexts are left out, because variables select the engine.
///
/// # Errors
/// If the folder cannot be written.
pub fn lend_configuration(to: &Path) -> std::io::Result<()> {
    lend(&configuration_folder(), to)
}

/// Writes programs into a folder that call the credential helpers of the user's settings with the user's home folder, where
/// they keep what they need. A terminal has another one.
///
/// # Errors
/// If the folder cannot be written.
pub fn lend_helpers(to: &Path) -> std::io::Result<()> {
    let settings = fs::read_to_string(configuration_folder().join("config.json")).unwrap_or_default();
    helpers::lend(&settings, &env::var_os("HOME").unwrap_or_default(), &env::var_os("PATH").unwrap_or_default(), to)
}

fn lend(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    let is_lent = |name: &OsStr| name != "config.json" && name != "contexts";
    for entry in entries.flatten().filter(|entry| is_lent(&entry.file_name())) {
        // What the user cannot read, such as a link to nothing, Docker's command line cannot use either.
        let (Ok(path), own) = (fs::canonicalize(entry.path()), to.join(entry.file_name())) else { continue };
        // buildx writes there with each build, even where the user's own folder is read-only.
        if entry.file_name() == "buildx" { copy(&path, &own)? } else { std::os::unix::fs::symlink(path, own)? }
    }
    let Ok(text) = fs::read_to_string(from.join("config.json")) else { return Ok(()) };
    let mut settings: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    settings.as_object_mut().map(|settings| settings.remove("currentContext"));
    fs::write(to.join("config.json"), settings.to_string())
}

/// Copies a folder of buildx without its records of earlier builds.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    // After `sudo docker build`, root may own some of it.
    let Ok(entries) = fs::read_dir(from) else { return Ok(()) };
    for entry in entries.flatten() {
        let own = to.join(entry.file_name());
        match entry.file_type()? {
            kind if kind.is_dir() && ["activity", "refs"].iter().any(|name| entry.file_name() == *name) => {}
            kind if kind.is_dir() => copy(&entry.path(), &own)?,
            kind if kind.is_file() && File::open(entry.path()).is_ok() => _ = fs::copy(entry.path(), own)?,
            _ => {}
        }
    }
    Ok(())
}

/// Whether files, ports and addresses of the engine's machine are not those that labproof sees, because the engine is reached
/// over a network, or because labproof runs in one of its containers.
#[must_use]
pub fn is_remote() -> bool {
    is_over_network() || own_container().is_some()
}

/// The id of labproof's own container, if labproof runs in a container of the engine and reaches it through a socket.
#[must_use]
pub fn own_container() -> Option<&'static str> {
    if is_over_network() { None } else { beside::own_container() }
}

/// The engine's socket on this machine; `None` if the engine is reached over a network.
#[must_use]
pub fn socket() -> Option<PathBuf> {
    host().map_or(Some(DEFAULT_SOCKET.into()), |host| host.strip_prefix("unix://").map(PathBuf::from))
}

fn is_over_network() -> bool {
    host().is_some_and(|host| !host.starts_with("unix://"))
}

/// The name or address of a remote engine's machine, for reaching the ports published there. An IPv6 address has no
/// brackets, as in a certificate.
#[must_use]
pub fn remote_address() -> Option<String> {
    host().filter(|_| is_over_network()).map(|host| address::of(&host).to_owned())
}

fn host() -> Option<String> {
    env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty())
}

/// The context that selects the engine; `None` if a variable or the default socket does.
fn context(variable: impl Fn(&str) -> Option<String>, folder: &Path) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Settings {
        current_context: Option<String>,
    }
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    if set("DOCKER_HOST").is_some() {
        return None;
    }
    let current = || {
        let text = fs::read_to_string(folder.join("config.json")).ok()?;
        serde_json::from_str::<Settings>(&text).ok()?.current_context
    };
    set("DOCKER_CONTEXT").or_else(current).filter(|context| !["", "default"].contains(&context.as_str()))
}

/// Reads the engine of a context. Docker stores a context in folders named after the SHA-256 digest of the context's
/// name.
fn read(context: &str, folder: &Path) -> Outcome<Endpoint> {
    #[derive(Deserialize)]
    struct Meta {
        #[serde(rename = "Endpoints")]
        endpoints: Endpoints,
    }
    #[derive(Deserialize)]
    struct Endpoints {
        docker: Docker,
    }
    #[derive(Deserialize)]
    struct Docker {
        #[serde(rename = "Host", default)]
        host: String,
    }
    let refused = |what: &str| {
        Fault::refused(format!("the Docker context {context} {what}")).hint(
            "`docker context ls` lists the contexts; choose one with `docker context use NAME`, or set DOCKER_HOST",
        )
    };
    let digest = hex::encode(Sha256::digest(context));
    let text = fs::read_to_string(folder.join("contexts/meta").join(&digest).join("meta.json"))
        .map_err(|_| refused("does not exist"))?;
    let meta: Meta = serde_json::from_str(&text).map_err(|_| refused("names no Docker engine"))?;
    let host = meta.endpoints.docker.host;
    check_scheme(&host).map_err(refused)?;
    let certificates = Some(folder.join("contexts/tls").join(digest).join("docker")).filter(|folder| folder.is_dir());
    Ok(Endpoint { host, certificates })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(current: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("config.json"), format!(r#"{{"currentContext": "{current}", "auths": {{}}}}"#))
            .unwrap();
        folder
    }

    fn add(folder: &Path, context: &str, meta: &str) -> String {
        let digest = hex::encode(Sha256::digest(context));
        let place = folder.join("contexts/meta").join(&digest);
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("meta.json"), meta).unwrap();
        digest
    }

    #[test]
    fn a_variable_comes_before_a_context_and_the_default_context_is_none() {
        let folder = folder("desk");
        let with = |set: &[(&str, &str)]| {
            let find = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
            context(find, folder.path())
        };
        assert_eq!(with(&[]), Some("desk".into()));
        assert_eq!(with(&[("DOCKER_HOST", "unix:///x"), ("DOCKER_CONTEXT", "other")]), None);
        assert_eq!(with(&[("DOCKER_HOST", ""), ("DOCKER_CONTEXT", "other")]), Some("other".into()));
        assert_eq!(with(&[("DOCKER_CONTEXT", "default")]), None);
        assert_eq!(context(|_| None, Path::new("/nonexistent")), None);
    }

    type Variables = [(&'static str, &'static str)];

    /// The changes to an environment with these variables, as `NAME=value`, or `NAME` if it is removed.
    fn changed(set: &[(&str, &str)], folder: &Path) -> Vec<String> {
        let find = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        let shown = |(name, value): Change| match value {
            Some(value) => format!("{name}={}", value.display()),
            None => name.to_owned(),
        };
        changes(find, folder).unwrap().into_iter().map(shown).collect()
    }

    #[test]
    fn variables_get_the_one_form_that_everything_understands() {
        let none = Path::new("/none");
        let cases: [(&Variables, &[&str]); 7] = [
            (&[], &[]),
            (&[("DOCKER_HOST", "unix:///x")], &[]),
            (&[("DOCKER_HOST", "127.0.0.1:2375")], &["DOCKER_HOST=tcp://127.0.0.1:2375"]),
            (&[("DOCKER_HOST", ""), ("DOCKER_TLS_VERIFY", "")], &["DOCKER_HOST", "DOCKER_TLS_VERIFY"]),
            (&[("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "/c")], &[]),
            (&[("DOCKER_TLS_VERIFY", "yes"), ("DOCKER_CERT_PATH", "/c")], &["DOCKER_TLS_VERIFY=1"]),
            (&[("DOCKER_TLS_VERIFY", "1"), ("DOCKER_CERT_PATH", "")], &["DOCKER_CERT_PATH=/none"]),
        ];
        for (set, expected) in cases {
            assert_eq!(changed(set, none), expected, "{set:?}");
        }
        let refused = |host: &str| changes(|name| (name == "DOCKER_HOST").then(|| host.to_owned()), none).unwrap_err();
        assert!(refused("ssh://me@far").reason.contains("by ssh"));
        assert!(refused("/var/run/docker.sock").reason.contains("no address"));
    }

    #[test]
    fn a_context_becomes_variables_that_need_no_further_change() {
        let folder = folder("desk");
        add(folder.path(), "desk", r#"{"Name":"desk","Endpoints":{"docker":{"Host":"unix:///desk"}}}"#);
        let expected = [
            "DOCKER_CONTEXT",
            "LABPROOF_DOCKER_CONTEXT=desk",
            "DOCKER_HOST=unix:///desk",
            "DOCKER_TLS_VERIFY",
            "DOCKER_CERT_PATH",
        ];
        assert_eq!(changed(&[("DOCKER_TLS_VERIFY", "1")], folder.path()), expected);
        assert_eq!(changed(&[("DOCKER_HOST", "unix:///desk")], folder.path()), [""; 0]);
    }

    #[test]
    fn a_context_names_its_engine_and_its_certificates() {
        let folder = folder("desk");
        let digest = add(folder.path(), "desk", r#"{"Name":"desk","Endpoints":{"docker":{"Host":"tcp://a:2376"}}}"#);
        let endpoint = read("desk", folder.path()).unwrap();
        assert_eq!((&*endpoint.host, endpoint.certificates), ("tcp://a:2376", None));
        let certificates = folder.path().join("contexts/tls").join(digest).join("docker");
        fs::create_dir_all(&certificates).unwrap();
        assert_eq!(read("desk", folder.path()).unwrap().certificates, Some(certificates));
    }

    #[test]
    fn a_context_that_cannot_be_used_says_why() {
        let folder = folder("desk");
        let reason = |context: &str| read(context, folder.path()).unwrap_err().reason;
        assert_eq!(reason("desk"), "the Docker context desk does not exist");
        add(folder.path(), "far", r#"{"Endpoints":{"docker":{"Host":"ssh://me@far"}}}"#);
        assert!(reason("far").contains("by ssh"), "{}", reason("far"));
        add(folder.path(), "odd", r#"{"Endpoints":{}}"#);
        assert_eq!(reason("odd"), "the Docker context odd names no Docker engine");
    }

    #[test]
    fn a_terminal_gets_the_users_settings_and_cannot_change_them() {
        let (folder, own) = (folder("desk"), tempfile::tempdir().unwrap());
        fs::create_dir(folder.path().join("cli-plugins")).unwrap();
        std::os::unix::fs::symlink("/nonexistent", folder.path().join("contexts.old")).unwrap();
        for (file, text) in [("instances/own", "{}"), ("activity/default", "now"), ("current", "own")] {
            let file = folder.path().join("buildx").join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let own = own.path().join("docker");
        lend(folder.path(), &own).unwrap();
        assert_eq!(fs::read_to_string(own.join("config.json")).unwrap(), r#"{"auths":{}}"#);
        assert!(own.join("cli-plugins").is_dir());
        fs::write(own.join("buildx/current"), "another").unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("buildx/current")).unwrap(), "own");
        assert!(own.join("buildx/instances/own").is_file() && !own.join("buildx/activity").exists());
        fs::write(own.join("config.json"), "{}").unwrap();
        assert!(fs::read_to_string(folder.path().join("config.json")).unwrap().contains("desk"));
    }
}
