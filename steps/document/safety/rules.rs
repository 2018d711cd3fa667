//! The tables of rules about one simple command. An expression applies to its words, joined by one blank.

use std::sync::LazyLock;

use regex::Regex;

use super::{WhyNotRun, files::Folder};
use crate::{
    document::{
        bash::{Input, Shell, Simple},
        names,
    },
    expression::regex,
};

/// The container of a node, as kind names it; `{node}` in the rules.
const NODE: &str = r"(\S+-control-plane\d*|(kind|demo|\S*cluster)-worker\d*)";

const UNSAFE: &[(&str, &str)] = &[
    (
        r"^(shutdown|reboot|halt|poweroff|mkfs\S*|fdisk|parted|dd|ufw|swapoff|modprobe|umount|useradd|usermod|userdel|groupadd|passwd|visudo|hostnamectl|insmod|rmmod|chroot|su|killall|pkill|nsenter|setenforce|journalctl --vacuum\S*|wipefs|at|batch|losetup|cryptsetup|update-grub|update-rc\.d|dockerd|containerd|timedatectl set\S*)( |$)",
        "it changes this machine",
    ),
    (
        r"^(mount (-[a-km-zA-Z]|--\w*(bind|move|make)|[^-])|swapon [^-]|fuser (.* )?-\w*k|sysctl (.* )?(-w|-p|--system|\S+=)|hostname [^-]|date (.* )?(-s|--set|\d{8,})|(iptables|ip6tables)(-\w+)? (.* )?-[ADFIPRXZNE]( |$)|nft (add|delete|flush|insert|replace|destroy)|ip (.* )?(set|add|del|delete|flush|change|replace|append)( |$)|ifconfig \S+ \S|route (add|del)|tc \S+ (add|del|change|replace)|(systemctl|service) (.* )?(start|stop|restart|reload|kill|enable|disable|mask|unmask|isolate|daemon-reload|set-\S+|reboot|poweroff|halt|edit))",
        "it changes this machine",
    ),
    (
        r"^curl (.* )?(--unix-socket|-X ?(DELETE|PUT|PATCH|POST) (.* )?\S*/api(s/\S+)?/v\d\w*/(nodes|persistentvolumes|storageclasses|clusterrole\w*|namespaces/kube-|namespaces/[\w-]+$|namespaces/?$))",
        "it changes objects that the cluster itself needs",
    ),
    (r"^kill (.* )?(1|-1)$", "it ends all processes"),
    (
        r"^kill (.* )?(\$\$|\$\((pidof|pgrep)[^)]*(docker|containerd|kube|etcd|kind))",
        "it ends the terminal or the cluster",
    ),
    (r"^(fallocate|truncate) .*\d+[TtPp]|^(fallocate|truncate|head) .*[1-9]\d+[Gg]", "it fills the disk"),
    (
        r"^kubectl (.* )?config (.* )?(use-context|set-context|set-cluster|set-credentials|set|unset|delete-\S+|rename-context|use|rename)( |$)",
        "it changes the context or the namespace of all later commands",
    ),
    (r"^kubens [^-]|^kubectl ns [^-]", "it changes the context or the namespace of all later commands"),
    (r"^(kubeadm|kubelet|etcdctl|crictl|ctr|systemd-run)( |$)", "it is meant for a node"),
    (r"^(kind|minikube|k3d|eksctl) (.* )?(delete|stop|pause)( |$)", "it ends a cluster"),
    (r"^(exit|logout|kill -9 -1|:\(\))( |$|\{)|^exec [^ ]", "it ends the terminal"),
    (r"^crontab($| -[re]| -$| [^-])", "it changes this machine"),
    (r"^set (-\w*e|-o errexit)", "the next command that fails would end the terminal"),
    (r"^(ssh|scp|rsync|sftp|telnet|ftp|ssh-copy-id)( |$)|^git push", "it leaves this machine"),
    (
        r"^curl (.* )?(-d|--data\S*|-F|--form|-T|--upload-file)[= ]?(\S+=)?@.* https?://[a-z0-9-]+\.[a-z]",
        "it sends a file to another machine",
    ),
    (
        r"^(terraform|ansible\S*|gcloud|aws|az|doctl|oc login|eksctl)( |$)",
        "it changes something outside of this machine",
    ),
    (
        r"^helm (.* )?(install|upgrade|uninstall|delete|rollback) (.* )?(-n|--namespace)[= ]?kube-|^helm (.* )?(-n|--namespace)[= ]?kube-\S+ (.* )?(install|upgrade|uninstall|delete|rollback)",
        "it changes objects that the cluster itself needs",
    ),
    (r"^git (.* )?config (.* )?--system", "it changes this machine"),
    (r"^gpg2? (.* )?(-o|--output)[= ]?['\x22]?[/~]", "it writes outside of the reader's folder"),
    (
        r"^(minikube|multipass|vagrant|lxc|limactl|colima|microk8s) (.* )?(ssh|exec|shell)( |$)",
        "it is meant for a node",
    ),
    (r"^(oc|kubectl) (.* )?(adm|delete projects?)( |$)", "it changes objects that the cluster itself needs"),
    (
        r"^(istioctl|linkerd|cilium|operator-sdk|clusterctl|velero|flux|argocd) (.* )?(install|uninstall|upgrade|init|bootstrap)( |$)",
        "it changes objects that the cluster itself needs",
    ),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    (
        r"^(kind|k3d( cluster)?|minikube|microk8s|eksctl) (create|start|cluster create|install|addons|config|profile|docker-env|podman-env)",
        "labproof has the cluster already",
    ),
    (r"^kind (export kubeconfig|get kubeconfig)", "labproof's terminal reaches the cluster already"),
    (
        r"^(apt|apt-get|apt-key|apt-mark|dpkg|rpm|yum|dnf|apk|brew|snap|choco|pacman|zypper|winget|(python3? -m )?pip3? install|npm (i|install) (-g|--global)|go install|gem install)( |$)",
        "labproof installs no programs",
    ),
    (r"^git clone", "labproof fetches no repository: put its files beside the document"),
    (
        r"^(curl|wget) .*(-o|-O|-L|-LO|--output|--remote-name)\b.*(github\.com|dl\.k8s\.io|get\.\S+|releases|\.sh|\.tar\.gz|\.tgz|\.zip)",
        "labproof downloads no programs",
    ),
    (
        r"^wget (.* )?https?://\S*(\.tar\.gz|\.tgz|\.zip|\.deb|\.rpm|\.sh)( |$)|^(curl (.* )?(-\w*[oO]|--output|--remote-name)\b|wget) .*/(kubectl|helm|kind|minikube|kustomize|k9s|istioctl|skaffold)[\w.-]*( |$)",
        "labproof downloads no programs",
    ),
    (r"^helm (repo|search|registry)", "labproof downloads no charts"),
];

const INTERACTIVE: &[(&str, &str)] = &[
    (r"^({editors}|less|more|man|top|htop|k9s|watch|view|screen|tmux)( |$)", "it waits for a person"),
    (r"^kubectl (.* )?(edit)( |$)", "it opens an editor"),
    (r"^(while (true|:)|until false)( |$)", "it never ends"),
    (
        r"^(kubectl|docker|podman) .*(-it|-ti|-i -t|-t -i|--stdin --tty|--tty --stdin)( .*)? ({clients}|{editors}|top)( .*)?$",
        "it opens a program that labproof does not speak with",
    ),
    (r"^({clients}|read( .*)?)$", "it waits for a person"),
];

/// What changes a node, when it is run there.
const CHANGES_A_NODE: &str = r"(?:^|[ ;&|'/(])(systemctl (?:.* )?(?:start|stop|restart|reload|kill|enable|disable|mask|daemon-reload)|service|kill|killall|pkill|rm|mv|dd|reboot|shutdown|poweroff|iptables|nft|tc|umount|kubeadm|nsenter|crictl (?:rm\S*|stop\S*)|ctr \S+ \S*(?:rm|delete|kill)|etcdctl (?:.* )?(?:put|del|txn|compaction|defrag|snapshot restore|member (?:add|remove|update|promote)|auth|user|role)|ip (?:.* )?(?:set|add|del|flush)|mount \S+ \S+|sed -i|tee|truncate)( |$)|>";

type Rules = Vec<(Regex, &'static str)>;

fn with_lists(expression: &str) -> Regex {
    let lists = [("{node}", NODE), ("{editors}", names::EDITORS), ("{clients}", names::CLIENTS)];
    regex(&lists.iter().fold(expression.to_owned(), |text, (name, list)| text.replace(name, list)))
}

fn rules(table: &[(&str, &'static str)]) -> Rules {
    table.iter().map(|(expression, why)| (with_lists(expression), *why)).collect()
}

fn first(rules: &Rules, line: &str) -> Option<&'static str> {
    rules.iter().find(|(rule, _)| rule.is_match(line)).map(|(_, why)| *why)
}

/// Whether this is the container of a node.
pub(super) fn is_node(container: &str) -> bool {
    static WHOLE: LazyLock<Regex> = LazyLock::new(|| with_lists("^{node}$"));
    WHOLE.is_match(container)
}

/// Whether a command changes the node that it is run on.
pub(super) fn changes_a_node(line: &str) -> bool {
    static CHANGES: LazyLock<Regex> = LazyLock::new(|| regex(CHANGES_A_NODE));
    CHANGES.is_match(line)
}

/// Whether a command that opens a shell opens it on this machine, on a node, or in what the cluster needs.
pub(super) fn is_shell_elsewhere(line: &str) -> bool {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        with_lists(
            r"^(?:bash|sh|zsh|su|sudo|chroot|nsenter)\b|\bdebug (?:.* )?(?:node|no|nodes)/|(?:-n|--namespace)[= ]?kube-|\bexec (?:.* )?{node} |\bnode-shell ",
        )
    });
    ELSEWHERE.is_match(line)
}

/// Set-up that labproof does not need.
pub(super) fn set_up(command: &Simple) -> Option<WhyNotRun> {
    static RULES: LazyLock<Rules> = LazyLock::new(|| rules(ENVIRONMENT));
    first(&RULES, &command.line()).map(|why| WhyNotRun::Environment(why.into()))
}

/// Why a command is harmful, if a table says so.
pub(super) fn harm(command: &Simple) -> Option<&'static str> {
    static RULES: LazyLock<Rules> = LazyLock::new(|| rules(UNSAFE));
    let line = for_this_machine(command);
    let found = first(&RULES, &line).filter(|_| !is_about_own_kubeconfig(&line));
    let endless = matches!(command.words[0].text.as_str(), "cat" | "yes" | "dd") && !command.outputs.is_empty();
    let fills =
        endless && (line == "yes" || line.starts_with("yes ") || line.contains("/dev/zero") || line.contains("random"));
    found.or_else(|| fills.then_some("it fills the disk"))
}

/// What needs a person.
pub(super) fn waits(command: &Simple, shell: &Shell) -> Option<WhyNotRun> {
    static RULES: LazyLock<Rules> = LazyLock::new(|| rules(INTERACTIVE));
    static EDITOR: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?:sed|perl|cat|cp|tee|true|touch|awk)\b"));
    let line = for_this_machine(command);
    let why = first(&RULES, &line)?;
    let is_fed = command.input != Input::Terminal && matches!(command.words[0].text.as_str(), "read" | "less" | "more");
    let mut editors = ["KUBE_EDITOR", "EDITOR"].iter().filter_map(|name| {
        let own = command.assigned.iter().find(|(assigned, _)| assigned == name).map(|(_, value)| value);
        own.or_else(|| shell.value(name))
    });
    let has_editor = line.starts_with("kubectl ") && editors.any(|editor| EDITOR.is_match(&editor.text));
    (!is_fed && !has_editor).then(|| WhyNotRun::Interactive(why.into()))
}

/// Why a variable is not set that decides what later commands reach.
pub(super) fn assigned(simple: &Simple, folder: &Folder) -> Option<WhyNotRun> {
    let unsets = simple.words.first().is_some_and(|word| word.text == "unset");
    if unsets && simple.words.iter().any(|word| matches!(word.text.as_str(), "KUBECONFIG" | "HOME" | "PATH")) {
        return Some(WhyNotRun::Environment("labproof's terminal has its own settings for the cluster".into()));
    }
    let decides = simple.assigned.iter().find(|(name, value)| match name.as_str() {
        "KUBECONFIG" => value.text.split(':').any(|path| {
            folder.is_outside(&crate::document::bash::Word { text: path.to_owned(), unknown: value.unknown.clone() })
        }),
        "DOCKER_HOST" | "DOCKER_CONTEXT" | "HOME" | "LD_PRELOAD" => true,
        "PATH" => !value.text.contains("$PATH"),
        _ => false,
    });
    decides.map(|(name, _)| WhyNotRun::Environment(format!("labproof's terminal has its own {name}")))
}

/// The line of a command without what it runs in a container; interactive programs stay visible.
fn for_this_machine(command: &Simple) -> String {
    let line = command.line();
    match line.split_once(" -- ") {
        Some((before, inner)) if line.starts_with("kubectl ") => {
            let program = inner.split(' ').next().unwrap_or_default();
            let has_statement = [" -e", " -c", " --eval", " --execute", " --command"];
            let is_client = matches!(program, "mysql" | "mariadb" | "psql" | "mongo" | "mongosh" | "cqlsh")
                && !has_statement.iter().any(|option| inner.contains(option));
            if inner.trim() == program || is_client { format!("{before} {program}") } else { before.to_owned() }
        }
        _ => line,
    }
}

/// Whether a command reads or writes a kubeconfig in the document's folder, which no other command uses by itself.
fn is_about_own_kubeconfig(line: &str) -> bool {
    static OWN: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^kubectl (?:\S+ )*?config .*--kubeconfig[= ](?:\./)?[A-Za-z0-9_][\w.-]*(?: |$)"));
    OWN.is_match(line)
}
