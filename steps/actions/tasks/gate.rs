//! Gives a task access to the API server and to nothing else: a container shares its network with the task and blocks
//! all other packets. A network of the engine alone is not enough. Even an internal one reaches services on this
//! machine, the other ports of the control plane, and other tasks.

use crate::{
    cluster::learner::Access,
    images::engine,
    tool::Tool,
    verdict::{Fault, Outcome},
};

/// Allows packets to and from one address and port, and blocks the engine's name server and all IPv6. It uses the
/// variant of iptables that the kernel supports.
const CLOSE: &str = r#"
for iptables in iptables-nft iptables-legacy iptables; do
  "$iptables" -w -P OUTPUT DROP 2> /dev/null || continue
  "$iptables" -w -P INPUT DROP && "$iptables" -w -P FORWARD DROP &&
    "$iptables" -w -A OUTPUT -d "$1" -p tcp --dport "$2" -j ACCEPT &&
    "$iptables" -w -A INPUT -s "$1" -p tcp --sport "$2" -j ACCEPT &&
    "$iptables" -w -A OUTPUT -d 127.0.0.1 -o lo -j ACCEPT &&
    "$iptables" -w -A INPUT -s 127.0.0.1 -i lo -j ACCEPT || exit 1
  [ ! -e /proc/net/if_inet6 ] || "ip6$(echo "$iptables" | cut -c 3-)" -w -P OUTPUT DROP || exit 1
  exit 0
done
echo "no iptables works" >&2
exit 1"#;

/// A container that only reaches the API server.
pub(super) struct Gate {
    name: String,
}

impl Gate {
    /// Starts the gate of a namespace from the node image, which contains iptables.
    ///
    /// # Errors
    /// `broken` if it cannot be closed; nothing untrusted runs then.
    pub(super) async fn open(namespace: &str, label: &str, image: &str, access: &Access) -> Outcome<Self> {
        let gate = Self { name: format!("labproof-gate-{namespace}") };
        Tool::new("docker")
            .args(["run", "--detach", "--rm", "--init", "--name", &gate.name, "--label", label])
            .args(["--network", &access.network, "--cap-drop", "ALL", "--cap-add", "NET_ADMIN", "--cap-add", "NET_RAW"])
            .args(["--security-opt", "no-new-privileges", "--read-only", "--tmpfs", "/run"])
            .args(["--memory=64m", "--pids-limit=32", "--log-driver=none"])
            .args(["--entrypoint", "sleep", image, "infinity"])
            .output()
            .await?;
        let close = ["exec", &gate.name, "sh", "-c", CLOSE, "sh", &access.address, &access.port.to_string()];
        match Tool::new("docker").args(close).output().await {
            Ok(_) => Ok(gate),
            Err(fault) => {
                gate.remove().await;
                Err(Fault {
                    reason: format!("the network of a task cannot be limited to the API server: {}", fault.reason),
                    ..fault
                })
            }
        }
    }

    /// The value of `--network` that shares the gate's network.
    pub(super) fn network(&self) -> String {
        format!("container:{}", self.name)
    }

    /// Removes the gate. If that fails, the end of the run removes it.
    pub(super) async fn remove(self) {
        _ = engine::remove(&self.name).await;
    }
}
