//! Which commands open a shell elsewhere: in a container, on a node, as another user. What follows them is typed there.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    document::{names, safety::interactive_lines},
    expression::regex,
};

/// The forms of such commands, without what may stand before the program.
const FORMS: [&str; 9] = [
    // A shell in a container, as its last words: `kubectl exec -it web -- bash -l`.
    r"(?:kubectl|docker|podman|nerdctl|crictl|oc) .*\b(?:exec|run|attach|debug)\b.*(?: -\w*i\w*|--stdin|--tty|--interactive).* /?(?:[\w/]*/)?(?:(?:ba|a|z|k|da|fi)?sh(?: --?\w+)*\)?|su(?: -? ?\w*)?|chroot \S+)$",
    // Compose opens a terminal by itself.
    r"(?:(?:docker|podman) compose|docker-compose) (?:.* )?(?:exec|run) (?:.* )?/?(?:[\w/]*/)?(?:ba|a|z|k|da|fi)?sh$",
    // An image whose own program is a shell, and no command behind it.
    r"(?:docker|podman|nerdctl) run .*-\w*(?:it|ti)\b.* {image}$",
    r"kubectl run (?:.* )?(?:-it|-ti) .*--image[= ]{image}(?: -[^- ]\S*| --\w\S*)*$",
    r"kubectl run(?: -\S+(?: Never)?)* (?:-it|-ti|-i --tty|-i -t)(?: -\S+(?: Never)?)* --image[= ]{image}(?: -\S+)* [a-z0-9][\w-]*$",
    // Whatever program already runs in the container.
    r"kubectl .*\bdebug .*-(?:it|ti)|(?:kubectl|docker|podman) (?:.* )?attach .*|(?:docker|podman) start (?:.* )?-\w*i\w* .*|oc rsh .*|kubectl node-shell .*",
    // Another machine.
    r"ssh(?: -[bcDEeFIiJLlmOopQRSWw] \S+| -\w+)* \S+$|(?:lxc|lxd|incus) (?:exec \S+ (?:-- )?/?(?:[\w/]*/)?(?:ba|a|z)?sh|shell \S+)$|gcloud compute ssh .*|(?:minikube|vagrant|podman machine|docker-machine|colima|multipass|limactl) (?:ssh|shell)(?: -\S+(?: \S+)?)*(?: \S+)?$",
    // This machine.
    r"(?:bash|sh|zsh)(?: -\w*)?$",
    r"(?:sudo (?:-i|-s)|su)(?: -\w*)?(?: \w+)?$|sudo -i .*$|chroot \S+(?: (?:ba|a|z)?sh)?$|nsenter (?:.* )?(?:ba|a|z)?sh$",
];

/// Images whose own program is a shell; `{image}` in the forms.
const WITH_SHELL: &str = r"(?:alpine|busybox|ubuntu|debian|fedora|centos)(?::\S+)?";

/// Whether a command opens a shell elsewhere.
pub(super) fn opens_shell(command: &str) -> bool {
    static OPENS: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!("^(?:{})", FORMS.join("|").replace("{image}", WITH_SHELL))));
    interactive_lines(command).iter().any(|line| OPENS.is_match(line))
}

/// Whether a command opens a program in which the next commands are typed, such as that of a database.
pub(super) fn opens_client(command: &str) -> bool {
    static CLIENT: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"(?:^|[ /])(?:{})(?: .*)?$", names::CLIENTS)));
    interactive_lines(command).iter().any(|line| CLIENT.is_match(line))
}

/// Whether a command ends a shell.
pub(super) fn ends_shell(command: &str) -> bool {
    matches!(command.trim(), "exit" | "exit 0" | "logout" | "^D" | "Ctrl-D")
}

#[cfg(test)]
mod tests {
    use super::opens_shell;

    #[test]
    fn a_shell_is_known_by_its_form() {
        for command in [
            "kubectl exec -it web -- sh",
            "kubectl run -it --restart=Never --rm --image busybox:1.28 dns-test",
            "kubectl exec -it web -c main -- /bin/bash -l",
            "POD=web; kubectl exec -it $POD -- su - app",
            "sudo docker exec -it web bash  # a shell",
            "kubectl run -it --rm tmp --image=busybox --restart=Never",
            "docker run -it --rm alpine:3",
            "ssh demo-worker",
            "bash",
            "sudo -i",
            "su - postgres",
            "KUBECONFIG=own.conf kubectl exec -it web -- '/bin/sh'",
            "docker compose exec web bash",
            "docker start -ai web",
            "lxc exec kmaster bash",
            "docker-machine ssh node1",
            "winpty docker exec -it web bash",
            "kubectl exec -it web -- sh -c 'clear; (bash || sh)'",
        ] {
            assert!(opens_shell(command), "{command}");
        }
        for command in [
            "kubectl exec -it web -- ls /",
            "kubectl run -it --rm tmp --image=busybox -- wget -qO- http://web",
            "docker run -it --rm alpine ls",
            "bash setup.sh",
            "sh setup",
            "bash -c 'echo a'",
            "bash <<EOF\nls\nEOF",
            "echo ls | sh",
        ] {
            assert!(!opens_shell(command), "{command}");
        }
    }
}
