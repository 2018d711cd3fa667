//! Pulls an image, and finds out why a pull failed: a stand-in may replace the image only if no registry can be
//! reached.

use std::time::Duration;

use super::engine;
use crate::{
    image_name::ImageName,
    tool::{Finished, Tool, tail},
    verdict::{Fault, Outcome},
};

/// The time limit of one attempt.
const LIMIT: Duration = Duration::from_mins(10);

/// The pauses before further attempts, if another attempt can help.
const PAUSES: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(15)];

/// Why a pull failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// No registry answers.
    NoRegistry,
    /// The registry does not have the image.
    NotFound,
    /// The registry requires a login, or a different one.
    NoRights,
    /// The registry refuses further pulls for some time.
    RateLimited,
    /// The registry answered, but the pull did not finish.
    BrokenOff,
}

/// The result of a pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pulled {
    /// The engine has the image.
    Yes,
    /// No registry can be reached.
    NoRegistry,
}

/// Pulls an image. If the pull breaks off or is refused for some time, tries again, up to four times in all.
///
/// # Errors
/// `refused` if the registry does not have the image, `broken` if it denies access or the pull does not finish.
pub(super) async fn pull(name: &ImageName) -> Outcome<Pulled> {
    let mut pauses = PAUSES.iter();
    // If a mirror fails, the engine asks the registry behind it and does not mention the mirror.
    let has_mirrors = engine::has_mirrors().await?;
    let mut is_in_reach = has_mirrors;
    loop {
        // Not quiet: the output shows whether a pull had begun, so whether there is a registry at all.
        let finished = Tool::new("docker").args(["pull", &name.full()]).limit(LIMIT).finish().await?;
        if finished.status.success() {
            return Ok(Pulled::Yes);
        }
        let cause = match cause(&finished) {
            Cause::NoRegistry if is_in_reach => Cause::BrokenOff,
            cause => cause,
        };
        is_in_reach = true;
        match (cause, pauses.next()) {
            (Cause::NoRegistry, _) => return Ok(Pulled::NoRegistry),
            (Cause::RateLimited | Cause::BrokenOff, Some(pause)) => tokio::time::sleep(*pause).await,
            _ => return Err(fault(name, cause, has_mirrors).seen("docker pull said", tail(&finished.stderr, 5))),
        }
    }
}

fn fault(name: &ImageName, cause: Cause, has_mirrors: bool) -> Fault {
    match cause {
        Cause::NotFound => Fault::refused(format!("the registry has no image {name}"))
            .hint("check the name and the tag; a registry may also hide an image until you log in"),
        Cause::NoRights => {
            Fault::broken(format!("the registry does not let you pull {name}")).hint(match name.registry() {
                Some(registry) => format!("log in with `docker login {registry}`"),
                None => "log in with `docker login`".to_owned(),
            })
        }
        Cause::RateLimited => Fault::broken(format!("the registry refuses to serve {name} for now: too many pulls"))
            .hint("wait, or log in with `docker login`, which raises the limit"),
        Cause::BrokenOff | Cause::NoRegistry => {
            let mirror = if has_mirrors { "the engine's registry mirror (`docker info` names it) and " } else { "" };
            Fault::broken(format!("pulling {name} did not finish"))
                .hint(format!("check {mirror}the network, then try again"))
        }
    }
}

/// Finds the cause in the output of `docker pull`, because the exit status is always the same. The texts come from the
/// engine, the registry and the system's resolver.
fn cause(finished: &Finished) -> Cause {
    let said = finished.stderr.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(&["toomanyrequests", "too many requests", "429", "rate limit"]) {
        Cause::RateLimited
    } else if says(&["unauthorized", "authentication required", "no basic auth", "forbidden", "403"]) {
        Cause::NoRights
    } else if says(&["not found", "manifest unknown", "does not exist", "name unknown"]) {
        Cause::NotFound
    } else if says(&["denied"]) {
        Cause::NoRights
    } else if finished.stdout.contains(": Pull") || !is_out_of_reach(&said) {
        Cause::BrokenOff
    } else {
        Cause::NoRegistry
    }
}

/// Whether nothing answered at the registry's address, or its name could not be resolved.
fn is_out_of_reach(said: &str) -> bool {
    let words = [
        "no such host",
        "server misbehaving",
        "temporary failure in name resolution",
        "connection refused",
        "network is unreachable",
        "no route to host",
        "i/o timeout",
        "client.timeout exceeded",
        "context deadline exceeded",
        "request canceled while waiting for connection",
        "tls handshake timeout",
        "proxyconnect",
    ];
    words.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;

    use super::*;

    fn caused(stdout: &str, stderr: &str) -> Cause {
        let status = std::process::ExitStatus::from_raw(256);
        cause(&Finished { status, stdout: stdout.into(), stderr: stderr.into() })
    }

    #[test]
    fn answers_of_engines_and_registries_are_classified() {
        let cases = [
            ("dial tcp: lookup registry-1.example: no such host", Cause::NoRegistry),
            ("Get \"https://r.example/v2/\": dial tcp 192.0.2.1:443: connect: connection refused", Cause::NoRegistry),
            ("net/http: request canceled while waiting for connection (Client.Timeout exceeded)", Cause::NoRegistry),
            ("dial tcp: lookup r.example on 192.0.2.53:53: read udp: i/o timeout", Cause::NoRegistry),
            ("manifest for kindest/node:v1.34.4 not found: manifest unknown: manifest unknown", Cause::NotFound),
            ("docker.io/kindest/node:v0: not found", Cause::NotFound),
            ("pull access denied for nosuch, repository does not exist or may require 'docker login'", Cause::NotFound),
            ("unauthorized: authentication required", Cause::NoRights),
            ("denied: requested access to the resource is denied", Cause::NoRights),
            ("toomanyrequests: You have reached your pull rate limit.", Cause::RateLimited),
            ("unexpected status code 429 Too Many Requests", Cause::RateLimited),
            ("received unexpected HTTP status: 503 Service Unavailable", Cause::BrokenOff),
            ("unexpected EOF", Cause::BrokenOff),
        ];
        for (said, expected) in cases {
            assert_eq!(caused("", &format!("Error response from daemon: {said}")), expected, "{said}");
        }
    }

    #[test]
    fn a_registry_that_goes_away_in_the_middle_was_in_reach() {
        let begun = "20-slim: Pulling from library/node\nabc: Pulling fs layer\n";
        assert_eq!(caused(begun, "dial tcp 192.0.2.1:443: connect: connection refused"), Cause::BrokenOff);
    }
}
