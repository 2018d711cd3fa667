//! Files of a node that hold the cluster's own credentials. With them, a command would have every right in the cluster,
//! past labproof's checks of what a document asks its API server.

use std::{path::Path, sync::LazyLock};

use crate::expression::regex;
use regex::Regex;

/// Why a command that reads such a file is not typed.
pub(super) const WHY: &str = "it reads the cluster's own credentials";

/// Programs that use the files to ask the cluster, and do not print them. What they may ask is judged elsewhere.
const USERS: [&str; 3] = ["etcdctl", "kubeadm", "kubectl"];

/// Such a file, or several files at once where there is one.
const FILES: &str = r"\b(?:super-)?admin\.conf\b|\b(?:kubelet|scheduler|controller-manager)\.conf\b|/etc/kubernetes/(?:pki/(?:etcd/)?)?[^/\s]*[*?\[{]|\.key\b|kubelet-client\S*\.pem";

/// A program that reads all files of a folder.
const READS_ALL: &str = r"(?:^|[ ;&|'/(])(?:tar|zip|cpio|rsync|grep (?:\S+ )*(?:-[a-zA-Z]*[rR][a-zA-Z]*|--recursive)|rgrep|find .*-exec)\b.* (?:/|/etc/?|/etc/kubernetes\S*|/var/lib/kubelet\S*)(?: |$)";

/// Whether a program that is run on a node reads such a file.
pub(super) fn are_read(line: &str) -> bool {
    static READS: LazyLock<Regex> = LazyLock::new(|| regex(&format!("{FILES}|{READS_ALL}")));
    static PRINTS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\bkubectl\b.* config view .*--raw|\bkubeadm (?:.* )?token\b"));
    let program = line.split_whitespace().next().unwrap_or_default();
    let program = program.rsplit('/').next().unwrap_or_default();
    let is_one_command = !line.contains(['|', ';', '&', '\n', '$', '`']);
    let only_uses = USERS.contains(&program) && is_one_command;
    PRINTS.is_match(line) || (READS.is_match(line) && !only_uses)
}

/// Whether a file or a folder of a node is such a file, or contains some. The path is the node's own.
#[must_use]
pub fn are_in(path: &Path) -> bool {
    let folders = ["/etc/kubernetes/pki", "/var/lib/kubelet/pki", "/var/lib/etcd"].map(Path::new);
    let Some(path) = plain(path) else { return true };
    let is_above = |folder: &Path| folder.starts_with(&path);
    let is_certificate = path.extension().is_some_and(|extension| extension == "crt");
    let is_below = folders.iter().any(|folder| path.starts_with(folder)) && !is_certificate;
    let is_configuration =
        path.parent() == Some(Path::new("/etc/kubernetes")) && path.extension().is_some_and(|end| end == "conf");
    is_below || is_configuration || folders.into_iter().any(is_above) || path.starts_with("/proc")
}

/// A path from the root, without steps that lead nowhere; `None` if it leads up.
fn plain(path: &Path) -> Option<std::path::PathBuf> {
    let mut parts = path.components();
    (!parts.any(|part| part == std::path::Component::ParentDir))
        .then(|| Path::new("/").join(path).components().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_prints_the_credentials_of_a_node_reads_them() {
        for line in [
            "cat /etc/kubernetes/admin.conf",
            "head -50 /etc/kubernetes/super-admin.conf",
            "sh -c 'cd /etc/kubernetes && cat admin.conf'",
            "sh -c 'cat /etc/kubernetes/*'",
            "cat /etc/kubernetes/adm*",
            "grep -r client-key-data /etc",
            "tar -c /etc/kubernetes",
            "cat /etc/kubernetes/pki/ca.key",
            "openssl rsa -in /etc/kubernetes/pki/sa.key",
            "kubectl config view --raw",
            "kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes; cat /etc/kubernetes/admin.conf",
            "cat /var/lib/kubelet/pki/kubelet-client-current.pem",
        ] {
            assert!(are_read(line), "{line}");
        }
    }

    #[test]
    fn other_files_of_a_node_may_be_read() {
        for line in [
            "cat /etc/kubernetes/manifests/kube-apiserver.yaml",
            "ls /etc/kubernetes",
            "ls -la /etc/kubernetes/pki",
            "openssl x509 -in /etc/kubernetes/pki/apiserver.crt -noout -text",
            "kubectl --kubeconfig=/etc/kubernetes/admin.conf get nodes",
            "etcdctl --key=/etc/kubernetes/pki/etcd/server.key get /registry/secrets/default/x",
            "cat /var/lib/kubelet/config.yaml",
            "grep -r nodelocal /var/log",
            "kubectl config view",
        ] {
            assert!(!are_read(line), "{line}");
        }
    }

    #[test]
    fn a_folder_with_credentials_is_not_copied() {
        for path in [
            "/",
            "etc",
            "/etc/kubernetes/",
            "/etc/kubernetes/admin.conf",
            "/etc/kubernetes/pki/sa.key",
            "/etc/x/../kubernetes",
            "/proc/1/root/etc",
            "/etc//kubernetes/./pki",
        ] {
            assert!(are_in(Path::new(path)), "{path}");
        }
        for path in ["/etc/kubernetes/manifests", "/var/log/pods", "etc/os-release", "/etc/kubernetes/pki/ca.crt"] {
            assert!(!are_in(Path::new(path)), "{path}");
        }
    }
}
