//! Opens connections and sends HTTP requests from a node, or from the network of a Pod on it. A program of the node does
//! it, because the Pod's image may contain none, and because a learner's programs cannot be trusted about it.

use super::{
    Cluster,
    runtime::{assert_node, bare},
};
use crate::{
    tool::{Finished, Tool},
    verdict::{Fault, Outcome},
};

/// How long an answer may take, in seconds.
const ANSWERS: &str = "5";

/// The maximum number of bytes to read from an answer.
const MOST: &str = "65536";

/// Runs a program of the node in the network of a container.
const IN_NETWORK: &str = r#"
pid=$(cat "/run/containerd/io.containerd.runtime.v2.task/k8s.io/$1/init.pid") || exit 3
nsenter --target "$pid" --net true || exit 3
exec nsenter --target "$pid" --net "${@:2}""#;

/// The status with which [`IN_NETWORK`] ends if the container has ended.
const ENDED: i32 = 3;

/// Opens a connection to this address and port. That nobody answers counts only if the kernel waits for it, after 3
/// seconds: on a busy machine, programs may be late.
const CONNECT: &str = r#"
  exec 2>&1 9<> <(:)
  (exec 3<>"/dev/tcp/$0/$1") &
  port=$(printf :%04X "$1") connection=$!
  while kill -0 "$connection" 2>/dev/null; do
    if [ "$SECONDS" -ge 4 ] &&
        grep -Eqs "^ *[0-9]+: [0-9A-F:]+ [0-9A-F]+$port 02 " "/proc/$connection/net/tcp" "/proc/$connection/net/tcp6"; then
      kill "$connection"; exit 5
    fi
    [ "$SECONDS" -lt 20 ] || exit 6
    read -rt 0.05 -u 9
  done
  wait "$connection" || exit 4"#;

/// Prints the answer to an HTTP request for this address, within this time and size. With a fourth and fifth word, the
/// name of the address' host stands for this other address.
const REQUEST: &str = r#"
set -o pipefail
curl --silent --show-error --globoff --noproxy '*' --proto =http,https --insecure --max-time "$2" ${4:+--connect-to "$4"} \
  --write-out '\n%{http_code}' -- "$1" | { head -c "$3"; cat >/dev/null; }"#;

/// What came of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Connected {
    /// It opened.
    Opened,
    /// Somebody refused it, in these words.
    Refused(String),
    /// Nobody answered.
    Silent,
}

/// An answer over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its status, such as 200.
    pub status: String,
    /// The first 64 KiB of its body.
    pub body: String,
}

/// Opens a connection from the network of a container to an address and a port. `id` is the id in the Pod's status.
///
/// # Errors
/// `failed` if the container has ended, `broken` if the node does not answer.
pub async fn open(cluster: &Cluster, node: &str, id: &str, address: &str, port: u16) -> Outcome<Connected> {
    let program = ["bash", "-c", CONNECT, address, &port.to_string()];
    let Finished { status, stdout, stderr } = in_network(cluster, node, id, &program).await?;
    match status.code() {
        Some(0) => Ok(Connected::Opened),
        Some(ENDED) => Err(has_ended()),
        Some(4) => Ok(Connected::Refused(said_by_bash(&stdout))),
        Some(5) => Ok(Connected::Silent),
        _ => Err(Fault::broken(format!("the node {node} cannot try a connection")).seen("it said", stderr + &stdout)),
    }
}

/// Sends an HTTP request from the network of a container, where `localhost` is the Pod's own. `id` is the id in the Pod's
/// status.
///
/// # Errors
/// `failed` if nobody answers, with the reason, or if the container has ended; `broken` if the node does not answer.
pub async fn request_inside(cluster: &Cluster, node: &str, id: &str, url: &str) -> Outcome<Answer> {
    let finished = in_network(cluster, node, id, &["bash", "-c", REQUEST, "bash", url, ANSWERS, MOST]).await?;
    if finished.status.code() == Some(ENDED) && !is_of_curl(&finished) {
        return Err(has_ended());
    }
    answered(node, finished)
}

async fn in_network(cluster: &Cluster, node: &str, id: &str, program: &[&str]) -> Outcome<Finished> {
    assert_node(cluster, node)?;
    let words = ["exec", node, "bash", "-c", IN_NETWORK, "bash", bare(id)];
    Tool::new("docker").args(words).args(program).finish().await
}

fn has_ended() -> Fault {
    Fault::failed("the container in whose network labproof connects has ended")
}

/// Sends an HTTP request from a node. `at` is the address of the server where the URL names another one.
///
/// # Errors
/// `failed` if nobody answers, with the reason; `broken` if the node does not answer.
pub async fn request(cluster: &Cluster, node: &str, url: &str, at: Option<&str>) -> Outcome<Answer> {
    assert_node(cluster, node)?;
    let at = at.map(|at| format!("::{at}:")).unwrap_or_default();
    let words = ["exec", node, "bash", "-c", REQUEST, "bash", url, ANSWERS, MOST, &at];
    answered(node, Tool::new("docker").args(words).finish().await?)
}

/// The answer that curl printed, or why there is none.
fn answered(node: &str, finished: Finished) -> Outcome<Answer> {
    match finished.status.code() {
        Some(0) => Ok(answer(&finished.stdout)),
        // Codes of curl, which says why. The engine ends with 1 where the node does not run.
        Some(1..=99) if is_of_curl(&finished) => Err(Fault::failed(said_by_curl(&finished.stderr))),
        _ => Err(Fault::broken(format!("the node {node} cannot send a request")).seen("it said", finished.stderr)),
    }
}

fn is_of_curl(finished: &Finished) -> bool {
    finished.stderr.lines().any(|line| line.starts_with("curl: "))
}

/// An address as it stands in a URL.
#[must_use]
pub fn in_url(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}

/// A long body has no status behind it, because it was cut.
fn answer(printed: &str) -> Answer {
    let (body, status) = match printed.rsplit_once('\n') {
        Some((body, status)) if status.len() == 3 && status.bytes().all(|byte| byte.is_ascii_digit()) => (body, status),
        _ => (printed, ""),
    };
    Answer { status: status.to_owned(), body: body.to_owned() }
}

/// The end of bash's last line about a connection, such as `Connection refused`.
fn said_by_bash(printed: &str) -> String {
    let line = printed.trim().lines().last().unwrap_or_default();
    line.rsplit_once(": ").map_or(line, |(_, said)| said).to_owned()
}

fn said_by_curl(stderr: &str) -> String {
    let said = stderr.trim().rsplit_once(") ").map_or(stderr.trim(), |(_, said)| said);
    if said.is_empty() { "nobody answers".into() } else { said.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_of_an_answer_stands_behind_its_body() {
        let expected = Answer { status: "404".into(), body: "no\nsuch page\n".into() };
        assert_eq!(answer("no\nsuch page\n\n404"), expected);
        assert_eq!(answer("cut off").body, "cut off");
    }

    #[test]
    fn the_reason_is_what_curl_says_behind_its_number() {
        assert_eq!(said_by_curl("curl: (7) Failed to connect to 10.0.0.1\n"), "Failed to connect to 10.0.0.1");
        assert_eq!(said_by_curl(""), "nobody answers");
    }

    #[test]
    fn what_bash_says_of_a_connection_ends_with_the_reason() {
        let said = "bash: connect: Connection refused\nbash: line 1: /dev/tcp/10.0.0.1/80: Connection refused\n";
        assert_eq!(said_by_bash(said), "Connection refused");
    }

    #[test]
    fn an_address_of_version_6_stands_in_brackets() {
        assert_eq!((in_url("10.0.0.1"), in_url("fd00::1")), ("10.0.0.1".into(), "[fd00::1]".into()));
    }
}
