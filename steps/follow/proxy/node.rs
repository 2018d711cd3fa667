//! Which programs a document may start on a node of the cluster: those that only look, and those that `kind load` needs there.

use std::collections::BTreeSet;

use crate::document::safety::{self, ReaderTerminal, WhyNotRun};

/// Programs that only look, unless an option of theirs says otherwise, which the rules for commands know.
const LOOK: &str = "cat containerd crictl ctr curl date df dmesg du echo etcdctl free grep head hostname id ip ip6tables \
    ip6tables-save iptables iptables-save ipvsadm journalctl kubeadm kubectl kubelet ls lsmod lsns mount nslookup nproc openssl \
    ping printenv ps pwd readlink sort ss stat sysctl systemctl tail test tr true uname uptime wc wget which";

/// Verbs of `crictl` and `ctr` that change what a node runs.
const CHANGES: &str =
    "create delete exec kill mount pause remove resume rm rmi rmp run runp start stop stopp unmount update";

/// Why a document may not start this program on this node, if it may not.
pub(super) fn refused(words: &[&str], node: &str, nodes: &BTreeSet<String>) -> Option<String> {
    let looks = |line: &str| {
        let mut words = line.split_whitespace();
        let program = words.next().map(|program| program.rsplit('/').next().unwrap_or_default());
        let is_runtime = matches!(program, Some("crictl" | "ctr"));
        program.is_none_or(|program| is_one_of(LOOK, program))
            && !(is_runtime && words.any(|verb| is_one_of(CHANGES, verb)))
    };
    let is_known = match words {
        ["sh" | "bash" | "/bin/sh" | "/bin/bash", "-c", script, ..] => {
            safety::lines(script).iter().all(|line| looks(line))
        }
        words => looks(&words.join(" ")),
    };
    let line = shell_words::join(["docker", "exec", node].iter().chain(words));
    match ReaderTerminal::of(nodes.clone()).judge(&line, &[]) {
        Some(WhyNotRun::Unsafe(why)) => Some(why),
        Some(_) => Some("labproof cannot tell what it does on a node of the cluster".into()),
        None => (!is_known).then(|| "it may change a node of the cluster".into()),
    }
}

fn is_one_of(list: &str, word: &str) -> bool {
    list.split_whitespace().any(|listed| listed == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(line: &str) -> bool {
        let words = shell_words::split(line).unwrap();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        refused(&words, "demo-worker", &BTreeSet::from(["demo-worker".to_owned()])).is_some()
    }

    #[test]
    fn what_looks_and_what_kind_load_needs_is_allowed() {
        for line in [
            "crictl images",
            "/usr/bin/crictl inspecti busybox",
            "cat /etc/os-release",
            "sh -c 'ps aux | grep kubelet; X=1'",
            "systemctl status kubelet",
            "ctr --namespace=k8s.io images import --all-platforms --digests --snapshotter=overlayfs -",
            "ctr --namespace=k8s.io images tag --force a b",
            "containerd config dump",
            "kubectl get nodes",
            "openssl x509 -in /etc/kubernetes/pki/ca.crt -text",
        ] {
            assert!(!is_refused(line), "{line}");
        }
    }

    #[test]
    fn what_may_change_a_node_is_refused() {
        for line in [
            "rm -rf /etc/kubernetes",
            "rm -rf /etc/kubernetes ...",
            "env sh",
            "bash",
            "dash",
            "bash /dev/stdin -c",
            "sh -c 'cat a > b'",
            "sh -c 'ls; cp a b'",
            "find / -delete",
            "perl -e 1",
            "ctr -n k8s.io tasks kill x",
            "crictl stopp x",
            "cat /etc/kubernetes/admin.conf",
            "etcdctl del /registry/pods/default/x",
            "kubectl --kubeconfig=/etc/kubernetes/admin.conf delete ns x",
            "systemctl stop kubelet",
        ] {
            assert!(is_refused(line), "{line}");
        }
    }
}
