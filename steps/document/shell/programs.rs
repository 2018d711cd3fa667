//! Which lines begin a command: the programs of courses, and what the use of any other program looks like.

use std::sync::LazyLock;

use regex::Regex;

use super::reads_as_a_sentence;
use crate::{document::names, expression::regex};

/// Programs and words of the shell that begin a command of a course.
const KNOWN: &str = "kubectl k kk kc kctl kubecolor docker podman nerdctl crictl ctr kind minikube k3d k3s helm kustomize oc istioctl k9s \
    kubeadm kubelet cd mkdir rmdir touch ls cat tee echo printf export unset env source alias set curl wget http nc \
    telnet ping dig nslookup host ip ifconfig ss netstat lsof ps kill pkill killall top free df du date sleep sh bash \
    ash python python3 pip pip3 node npm npx yarn go cargo java mvn make git apt apt-get apk yum dnf brew snap choco \
    sudo su chmod chown cp mv rm ln find grep egrep sed awk head tail less more sort uniq wc cut tr xargs diff jq yq \
    base64 openssl ssh scp tar unzip gzip watch time for while until if case vi vim nvim nano pico micro emacs code hostname whoami id uname \
    which type command nginx redis-cli mysql mariadb psql mongo mongosh sqlite3 cqlsh systemctl service exit logout clear stat mount umount \
    etcdctl skaffold tilt eksctl gcloud aws az doctl terraform ansible seq test true false read exec eval wait jobs fg \
    nohup timeout ab hey siege pwd history journalctl dd \
    linkerd argocd cilium hubble velero tkn kn arkade kpt kubeseal stern trivy cosign kubens kubectx tree \
    ssh-keygen ansible-playbook microk8s multipass vagrant lxc htpasswd k6 dapr clusterctl talosctl virtctl md5sum \
    sha256sum function docker-compose docker-machine kompose crane skopeo buildah minica certbot";

/// Whether a command, or a line, begins as a command does: with a program that courses use, an assignment, or a group.
#[must_use]
pub fn is_known(line: &str) -> bool {
    static ASSIGNMENT: LazyLock<Regex> = LazyLock::new(|| regex(r#"^[A-Za-z_][A-Za-z0-9_]*=(?:["'$(\w./-]|$)"#));
    let mut line = line.trim_start();
    // JSON begins with such a bracket as well, but not with a command behind it.
    while let Some(group) = line.strip_prefix("{\n").or_else(|| line.strip_prefix("{ ")) {
        line = group.trim_start();
    }
    let word = line.split([' ', '\t', ';', '|', '&', '\n']).next().unwrap_or_default();
    let is_path = (word.starts_with("./") || word.starts_with("../")) && word.len() > 2;
    let is_program = KNOWN.split_whitespace().any(|known| known == word) && !is_printed(line);
    is_path || is_program || ASSIGNMENT.is_match(line)
}

/// Whether a line looks like the use of a program, of whatever name: `openfaas deploy --all`.
#[must_use]
pub fn is_likely(line: &str) -> bool {
    static LIKELY: LazyLock<Regex> = LazyLock::new(|| regex(r"^[a-z][a-z0-9._-]*[a-z0-9](?: [^\s:]+)+$"));
    let line = line.trim_end();
    LIKELY.is_match(line) && !line.ends_with(['.', '!', '?', ',']) && !reads_as_a_sentence(line) && !is_printed(line)
}

/// Whether programs print such a line, although it begins with the name of one.
fn is_printed(line: &str) -> bool {
    // kubectl prints `service "web" deleted`, which is no use of the program service.
    static CHANGE: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r#"^[a-z][a-z0-9.]* "[^"]+" (?:force )?(?:deleted|created|configured|exposed|scaled|labeled|annotated|edited|patched|(?:un)?cordoned|(?:un)?tainted|drained|evicted|already|success)"#,
        )
    });
    // Programs print their versions so: `nginx version: nginx/1.27.4`, `psql (PostgreSQL) 14.2`.
    static VERSION: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^[\w-]+ +(?:(?:[Vv]ersion|Ver)[: ] *\S*\d|v\d+\.\d|\d+\.\d+\.\d|\([A-Z]\w+\) \d)"));
    CHANGE.is_match(line) || VERSION.is_match(line)
}

/// Whether a line is a command wherever it stands, since no program prints such a line: `kubectl get pods`.
#[must_use]
pub fn is_unmistakable(line: &str) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:docker (?:build|run|ps|images|exec|pull|push|tag|rm|rmi|stop|inspect|compose)|helm (?:install|upgrade|uninstall|repo|list|template)|kind (?:create|load|delete|get)|minikube (?:start|stop|service|addons|image))(?: |$)",
        )
    });
    let line = line.strip_prefix("sudo ").unwrap_or(line);
    let mut words = line.split(' ');
    let is_kubectl = words.next().is_some_and(names::is_kubectl) && words.next().is_some_and(names::is_subcommand);
    (is_kubectl || OTHERS.is_match(line)) && !line.ends_with(['.', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_of_commands_is_no_json() {
        assert!(is_known("{\n  kubectl get pods\n}"));
        assert!(!is_known("{\n  \"kind\": \"Pod\"\n}"));
    }

    #[test]
    fn the_use_of_an_unknown_program_is_likely_a_command() {
        for line in ["arkade install openfaas", "faas-cli up -f a.yml", "nephio pkg get --for x"] {
            assert!(is_likely(line), "{line}");
        }
        for line in [
            "pod/web created",
            "deployment \"web\" successfully rolled out",
            "nginx 1.27.4",
            "error: no such file",
            "this is the page of web",
            "name   ready",
            "hello",
            "Hello from web-0",
        ] {
            assert!(!is_likely(line), "{line}");
        }
    }
}
