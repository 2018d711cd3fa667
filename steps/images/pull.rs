//! Pulls an image, and finds out why a pull failed: a stand-in may replace the image only if no registry can be
//! reached.

use std::{sync::LazyLock, time::Duration};

use regex::Regex;

use super::engine;
use crate::{
    expression::regex,
    image_name::ImageName,
    tool::{Finished, Tool, tail},
    verdict::{Fault, Outcome, seconds},
};

/// The time limit of one attempt.
const LIMIT: Duration = Duration::from_mins(10);

/// The pauses before further attempts, if another attempt can help.
const PAUSES: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(15)];

/// Why a pull failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PullFailure {
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

/// How one attempt ended.
enum PullAttempt {
    /// `docker pull` ended.
    Ended(Finished),
    /// It took longer than [`LIMIT`]. The layers that it has are kept for the next attempt.
    TooSlow,
}

/// Pulls an image. If the pull breaks off, is too slow, or is refused for some time, tries again, up to four times in all.
///
/// # Errors
/// `refused` if the registry does not have the image, `broken` if it denies access or the pull does not finish.
pub(super) async fn pull(name: &ImageName) -> Outcome<Pulled> {
    // If a mirror fails, the engine asks the registry behind it and does not mention the mirror. Engines have mirrors for
    // Docker Hub alone.
    let has_mirrors = name.is_of_docker_hub() && engine::has_mirrors().await?;
    let attempt = async || {
        // Not quiet: the output shows whether a pull had begun, so whether there is a registry at all.
        let tool = Tool::new("docker").args(["pull", &name.full()]).limit(LIMIT * 2);
        match tokio::time::timeout(LIMIT, tool.finish()).await {
            Ok(finished) => finished.map(PullAttempt::Ended),
            Err(_) => Ok(PullAttempt::TooSlow),
        }
    };
    repeatedly(name, has_mirrors, attempt).await
}

async fn repeatedly(
    name: &ImageName,
    has_mirrors: bool,
    mut attempt: impl AsyncFnMut() -> Outcome<PullAttempt>,
) -> Outcome<Pulled> {
    let mut pauses = PAUSES.iter();
    let mut is_in_reach = has_mirrors;
    loop {
        let (cause, said) = match attempt().await? {
            PullAttempt::Ended(finished) if finished.status.success() => return Ok(Pulled::Yes),
            PullAttempt::Ended(finished) => (cause(name, &finished), tail(&finished.stderr, 5)),
            PullAttempt::TooSlow => {
                (PullFailure::BrokenOff, format!("nothing for the last {}: it was ended", seconds(LIMIT)))
            }
        };
        let cause = if cause == PullFailure::NoRegistry && is_in_reach { PullFailure::BrokenOff } else { cause };
        is_in_reach = true;
        match (cause, pauses.next()) {
            (PullFailure::NoRegistry, _) => return Ok(Pulled::NoRegistry),
            (PullFailure::RateLimited | PullFailure::BrokenOff, Some(pause)) => tokio::time::sleep(*pause).await,
            _ => return Err(fault(name, cause, has_mirrors).seen("docker pull said", said)),
        }
    }
}

fn fault(name: &ImageName, cause: PullFailure, has_mirrors: bool) -> Fault {
    match cause {
        PullFailure::NotFound => Fault::refused(format!("the registry has no image {name}"))
            .hint("check the name and the tag; a registry may also hide an image until you log in"),
        PullFailure::NoRights => {
            Fault::broken(format!("the registry does not let you pull {name}")).hint(match name.registry() {
                Some(registry) => format!("log in with `docker login {registry}`"),
                None => "log in with `docker login`".to_owned(),
            })
        }
        PullFailure::RateLimited => {
            Fault::broken(format!("the registry refuses to serve {name} for now: too many pulls"))
                .hint("wait, or log in with `docker login`, which raises the limit")
        }
        PullFailure::BrokenOff | PullFailure::NoRegistry => {
            let mirror = if has_mirrors { "the engine's registry mirror (`docker info` names it) and " } else { "" };
            Fault::broken(format!("pulling {name} did not finish"))
                .hint(format!("check {mirror}the network, then try again"))
        }
    }
}

/// Finds the cause in the output of `docker pull`, because the exit status is always the same. The texts come from the
/// engine, the registry and the system's resolver.
fn cause(name: &ImageName, finished: &Finished) -> PullFailure {
    let said = without_names(name, &finished.stderr.to_lowercase());
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    let has_status = |status: &str| said.split(|other: char| !other.is_ascii_alphanumeric()).any(|word| word == status);
    if says(&["toomanyrequests", "too many requests", "rate limit"]) || has_status("429") {
        PullFailure::RateLimited
    } else if says(&["unauthorized", "authentication required", "no basic auth", "forbidden"]) || has_status("403") {
        PullFailure::NoRights
    } else if says(&["not found", "manifest unknown", "does not exist", "name unknown"]) {
        PullFailure::NotFound
    } else if says(&["denied"]) {
        PullFailure::NoRights
    } else if finished.stdout.contains(": Pull") || !is_out_of_reach(&said) {
        PullFailure::BrokenOff
    } else {
        PullFailure::NoRegistry
    }
}

/// An error without the names and addresses in it, which may contain any word and number.
fn without_names(name: &ImageName, said: &str) -> String {
    static NAMES: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"https?://[^\s"]+|"[^"\n]*/[^"\n]*"|sha256:[0-9a-f]+|(?:[0-9]+\.){3}[0-9]+(?::[0-9]+)?|\[[0-9a-f:]+\]:[0-9]+"#,
        )
    });
    NAMES.replace_all(&said.replace(&name.full().to_lowercase(), "IMAGE"), "NAME").into_owned()
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

    fn ended(status: i32, stdout: &str, stderr: &str) -> Finished {
        let status = std::process::ExitStatus::from_raw(status << 8);
        Finished { status, stdout: stdout.into(), stderr: stderr.into() }
    }

    fn caused(stdout: &str, stderr: &str) -> PullFailure {
        cause(&"team/web:build-429-403-denied".into(), &ended(1, stdout, stderr))
    }

    /// The result of a pull whose attempts end like this, and how many there were.
    async fn pulled(has_mirrors: bool, said: &[Option<&str>]) -> (Outcome<Pulled>, usize) {
        let mut attempts = said.iter();
        let attempt = async || {
            Ok(match attempts.next().expect("there are not more attempts") {
                Some("") => PullAttempt::Ended(ended(0, "", "")),
                Some(said) => PullAttempt::Ended(ended(1, "", said)),
                None => PullAttempt::TooSlow,
            })
        };
        let pulled = repeatedly(&"nginx".into(), has_mirrors, attempt).await;
        (pulled, said.len() - attempts.len())
    }

    const SILENT: &str = "dial tcp 192.0.2.1:443: connect: connection refused";

    #[tokio::test(start_paused = true)]
    async fn what_another_attempt_can_mend_is_tried_again() {
        for mended in [None, Some("unexpected EOF"), Some("toomanyrequests: slow down")] {
            let (pulled, attempts) = pulled(false, &[mended, Some("")]).await;
            assert_eq!((pulled.unwrap(), attempts), (Pulled::Yes, 2), "{mended:?}");
        }
        let (pulled, attempts) = pulled(false, &[Some("unexpected EOF"), Some(SILENT), Some("")]).await;
        assert_eq!((pulled.unwrap(), attempts), (Pulled::Yes, 3), "the registry has answered before");
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_are_bounded_and_end_with_the_cause() {
        for (said, expected) in [(None, "did not finish"), (Some("429 Too Many Requests"), "too many pulls")] {
            let (pulled, attempts) = pulled(false, &[said; 9]).await;
            let fault = pulled.unwrap_err();
            assert!(fault.reason.contains(expected) && attempts == 4, "{attempts} attempts: {fault}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_no_attempt_can_mend_is_not_tried_again() {
        for said in ["manifest unknown", "unauthorized: authentication required"] {
            let (pulled, attempts) = pulled(false, &[Some(said); 9]).await;
            assert!(pulled.is_err() && attempts == 1, "{said}: {attempts} attempts");
        }
        assert_eq!(pulled(false, &[Some(SILENT); 9]).await.0.unwrap(), Pulled::NoRegistry);
        assert!(pulled(true, &[Some(SILENT); 9]).await.0.is_err(), "the mirror is in reach of the engine");
    }

    #[test]
    fn answers_of_engines_and_registries_are_classified() {
        let cases = [
            ("dial tcp: lookup registry-1.example: no such host", PullFailure::NoRegistry),
            (
                "Get \"https://r.example/v2/\": dial tcp 192.0.2.1:443: connect: connection refused",
                PullFailure::NoRegistry,
            ),
            (
                "net/http: request canceled while waiting for connection (Client.Timeout exceeded)",
                PullFailure::NoRegistry,
            ),
            ("dial tcp: lookup r.example on 192.0.2.53:53: read udp: i/o timeout", PullFailure::NoRegistry),
            ("manifest for kindest/node:v1.34.4 not found: manifest unknown: manifest unknown", PullFailure::NotFound),
            ("docker.io/kindest/node:v0: not found", PullFailure::NotFound),
            (
                "pull access denied for nosuch, repository does not exist or may require 'docker login'",
                PullFailure::NotFound,
            ),
            ("unauthorized: authentication required", PullFailure::NoRights),
            ("denied: requested access to the resource is denied", PullFailure::NoRights),
            ("toomanyrequests: You have reached your pull rate limit.", PullFailure::RateLimited),
            ("unexpected status code 429 Too Many Requests", PullFailure::RateLimited),
            ("received unexpected HTTP status: 503 Service Unavailable", PullFailure::BrokenOff),
            ("unexpected EOF", PullFailure::BrokenOff),
            ("lookup r.example: read udp 172.17.0.1:403->192.0.2.53:429: i/o timeout", PullFailure::NoRegistry),
            ("dial tcp [2001:db8::403]:429: connect: network is unreachable", PullFailure::NoRegistry),
            (
                "failed to resolve reference \"docker.io/team/web:build-429-403-denied\": failed to do request: Head \"https://r.example/v2/team/web/manifests/build-429\": dial tcp: lookup r.example: no such host",
                PullFailure::NoRegistry,
            ),
            ("team/web:build-429-403-denied: dial tcp: lookup r.example: no such host", PullFailure::NoRegistry),
            ("unexpected status from HEAD request to https://r.example/v2/x: 403 Forbidden", PullFailure::NoRights),
            ("unexpected status code 403", PullFailure::NoRights),
        ];
        for (said, expected) in cases {
            assert_eq!(caused("", &format!("Error response from daemon: {said}")), expected, "{said}");
        }
    }

    #[test]
    fn a_registry_that_goes_away_in_the_middle_was_in_reach() {
        let begun = "20-slim: Pulling from library/node\nabc: Pulling fs layer\n";
        assert_eq!(caused(begun, "dial tcp 192.0.2.1:443: connect: connection refused"), PullFailure::BrokenOff);
    }
}
