//! Which commands open a shell elsewhere: in a container, on a node, as another user. What follows them is typed there.

use std::sync::LazyLock;

use regex::Regex;

use crate::document::regex;

/// The forms of such commands, without what may stand before the program and without a comment.
const FORMS: [&str; 7] = [
    // A shell in a container, as its last words: `kubectl exec -it web -- bash -l`.
    r"(?:kubectl|k|docker|podman|crictl|oc)\s.*\b(?:exec|run|attach|debug)\s.*(?:-it|-ti|-i\s+-t|-t\s+-i|--stdin|--tty|--interactive).*\s/?(?:[\w/]*/)?(?:(?:ba|a|z|k|da|fi)?sh(?:\s+-\w+)*|su(?:\s+-?\s*\w*)?|chroot\s+\S+)\s*$",
    // An image whose own program is a shell, and no command behind it.
    r"(?:docker|podman)\s+run\s.*-\w*(?:it|ti)\b.*\s{image}\s*$",
    r"(?:kubectl|k)\s+run\s(?:.*\s)?(?:-it|-ti)\s.*--image[= ]{image}(?:\s+-[^-\s]\S*|\s+--\w\S*)*\s*$",
    r"kubectl\s.*\bdebug\s.*-it",
    // Another machine.
    r"(?:ssh|minikube ssh|vagrant ssh|(?:podman machine|colima|multipass) (?:ssh|shell))(?:\s+\S+)?\s*$",
    // This machine.
    r"(?:bash|sh|zsh)(?:\s+-\w*)?\s*$",
    r"(?:sudo\s+(?:-i|-s|su|bash|sh)|su)(?:\s+-\w*)?(?:\s+\w+)?\s*$",
];

/// Images whose own program is a shell; `{image}` in the forms.
const WITH_SHELL: &str = r"(?:alpine|busybox|ubuntu|debian|fedora|centos)(?::\S+)?";

/// Whether a command opens a shell elsewhere.
pub(super) fn opens_shell(command: &str) -> bool {
    static OPENS: LazyLock<Regex> =
        LazyLock::new(|| regex(&format!("^(?:{})", FORMS.join("|").replace("{image}", WITH_SHELL))));
    static BEFORE: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^(?:sudo\s+|winpty\s+|time\s+|[A-Za-z_]\w*=\S*\s*;?\s+)+(kubectl|k|docker|podman|oc)\s")
    });
    static COMMENT: LazyLock<Regex> = LazyLock::new(|| regex(r"\s+#\s.*$"));
    let joined = command.replace("\\\n", " ");
    let bare = COMMENT.replace(joined.trim(), "");
    OPENS.is_match(&BEFORE.replace(bare.trim(), "$1 "))
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
            "kubectl exec -it web -c main -- /bin/bash -l",
            "POD=web; kubectl exec -it $POD -- su - app",
            "sudo docker exec -it web bash  # a shell",
            "kubectl run -it --rm tmp --image=busybox --restart=Never",
            "docker run -it --rm alpine:3",
            "ssh demo-worker",
            "bash",
            "sudo -i",
            "su - postgres",
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
        ] {
            assert!(!opens_shell(command), "{command}");
        }
    }
}
