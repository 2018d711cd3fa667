//! What a request to the Docker engine asks for, by its method and path (<https://docs.docker.com/reference/api/engine/>).
//! What this module does not know, a document may not ask for.

use http::Method;

/// What a request asks for. Names are as in the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Something that no rule is about.
    Allowed,
    /// Another name for an image; the query names it.
    Tag,
    /// A new image from a registry.
    Pull,
    /// A new image from a folder, with the builder of the engine.
    Build,
    /// A new image from a container that the query names.
    Commit,
    /// A new container.
    NewContainer,
    /// A change of this container, or of what it contains.
    Container(String),
    /// The files of this container: those that the query names, or all.
    Files(String),
    /// A program in this container.
    Program(String),
    /// A new volume.
    NewVolume,
    /// The removal of this volume.
    Volume(String),
    /// A new network.
    NewNetwork,
    /// The removal of this network.
    Network(String),
    /// A container's way into a network, or out of it.
    Connection,
    /// The removal of this image.
    Image(String),
    /// Something that a document may not ask for, with the reason.
    Refused(&'static str),
}

/// Reads the method and the path of a request.
pub(super) fn asked(method: &Method, path: &str) -> Asked {
    let Some(path) = without_version(path) else { return Asked::Refused("its version of the API is too old") };
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    // The engine routes by the decoded path, and Docker's command line encodes nothing in it.
    if path.contains('%') || parts.iter().any(|part| ["", ".", ".."].contains(part)) {
        return Asked::Refused("the path of the request is encoded, or has an empty part");
    }
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["containers", name, "attach", "ws"]) => Asked::Container((*name).to_owned()),
        ("GET", ["containers", name, "archive" | "export"]) => Asked::Files((*name).to_owned()),
        ("GET" | "HEAD" | "OPTIONS", _) => Asked::Allowed,
        ("POST", parts) => posted(parts),
        ("PUT", ["containers", name, "archive"]) | ("DELETE", ["containers", name]) => {
            Asked::Container((*name).to_owned())
        }
        ("DELETE", ["volumes", name]) => Asked::Volume((*name).to_owned()),
        ("DELETE", ["networks", name]) => Asked::Network((*name).to_owned()),
        ("DELETE", ["images", name @ ..]) if !name.is_empty() => Asked::Image(name.join("/")),
        _ => Asked::Refused("it reaches beyond the document's own containers"),
    }
}

fn posted(parts: &[&str]) -> Asked {
    match parts {
        [.., "prune"] => Asked::Refused("it removes what others use"),
        ["images", .., "push"] => Asked::Refused("it leaves this machine"),
        ["containers", "create"] => Asked::NewContainer,
        ["containers", name, "exec"] => Asked::Program((*name).to_owned()),
        ["volumes", "create"] => Asked::NewVolume,
        ["networks", "create"] => Asked::NewNetwork,
        ["networks", _, "connect" | "disconnect"] => Asked::Connection,
        ["images", .., "tag"] => Asked::Tag,
        ["images", "create"] => Asked::Pull,
        ["build"] => Asked::Build,
        ["commit"] => Asked::Commit,
        ["containers", _, "wait" | "resize"]
        | ["exec", _, "start" | "resize"]
        | ["images", "load"]
        | ["build", "cancel"]
        | ["auth" | "grpc" | "session"] => Asked::Allowed,
        [
            "containers",
            name,
            "attach" | "kill" | "pause" | "rename" | "restart" | "start" | "stop" | "unpause" | "update",
        ] => Asked::Container((*name).to_owned()),
        _ => Asked::Refused("it reaches beyond the document's own containers"),
    }
}

/// A path without the version of the API, such as `/v1.47`; `None` for versions before 1.24, in which starting a container
/// could change what it reaches.
fn without_version(path: &str) -> Option<&str> {
    let Some((version, _)) = path.strip_prefix("/v").and_then(|rest| rest.split_once('/')) else { return Some(path) };
    if !version.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(path);
    }
    let (major, minor) = version.split_once('.')?;
    let (major, minor) = (major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?);
    ((major, minor) >= (1, 24)).then(|| &path["/v".len() + version.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Asked {
        let (method, path) = line.split_once(' ').unwrap();
        asked(&method.parse().unwrap(), path)
    }

    #[test]
    fn reading_building_and_pulling_are_allowed() {
        for line in [
            "GET /_ping",
            "HEAD /_ping",
            "GET /v1.47/containers/json",
            "HEAD /v1.47/containers/demo-worker/archive",
            "POST /v1.47/containers/x/wait",
            "POST /v1.24/exec/0123/start",
            "POST /v1.47/images/load",
            "POST /session",
            "POST /grpc",
        ] {
            assert_eq!(read(line), Asked::Allowed, "{line}");
        }
    }

    #[test]
    fn a_change_names_what_it_changes() {
        let container = Asked::Container("x".into());
        for line in [
            "DELETE /v1.47/containers/x",
            "DELETE /containers/x",
            "POST /v1.47/containers/x/stop",
            "POST /v1.47/containers/x/attach",
            "PUT /v1.47/containers/x/archive",
            "GET /v1.47/containers/x/attach/ws",
        ] {
            assert_eq!(read(line), container, "{line}");
        }
        assert_eq!(read("GET /v1.47/containers/x/archive"), Asked::Files("x".into()));
        assert_eq!(read("GET /containers/x/export"), Asked::Files("x".into()));
        assert_eq!(read("POST /containers/create"), Asked::NewContainer);
        assert_eq!(read("POST /containers/x/exec"), Asked::Program("x".into()));
        assert_eq!(read("DELETE /v1.47/images/library/nginx:1"), Asked::Image("library/nginx:1".into()));
        assert_eq!(read("POST /networks/kind/connect"), Asked::Connection);
    }

    #[test]
    fn what_is_not_known_is_refused() {
        for line in [
            "POST /v1.47/containers/prune",
            "POST /build/prune",
            "POST /swarm/init",
            "POST /plugins/pull",
            "POST /v1.47/images/x/push",
            "DELETE /v1.47/images",
            "PUT /containers/x/other",
            "PATCH /containers/x",
            "POST //containers/create",
            "POST /v1.47/../containers/create",
            "POST /containers/%2e%2E/create",
            "GET /containers/x/attach%2Fws",
            "POST /containers/mine/alias%2Fstop",
            "POST /containers/mine/checkpoints",
            "POST /v1.23/containers/mine/start",
            "GET /v1.47.0/containers/theirs/attach/ws",
            "POST /vx/containers/create",
        ] {
            assert!(matches!(read(line), Asked::Refused(_)), "{line}: {:?}", read(line));
        }
    }
}
