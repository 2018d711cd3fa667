//! Which commands of a document are not typed, and why: what harms this machine or the cluster, what needs a person, what
//! the reader must fill in, and what prepares a machine that labproof has prepared already.
//!
//! A command that is left out is named in the report. The rules list known commands; they are no sandbox.

mod kubectl;
mod parts;

use std::{fmt, sync::LazyLock};

use regex::Regex;

use super::{blanks, regex};
pub use parts::without_here_documents;
use parts::{for_this_machine, parts};

/// Why something in a document is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyNotRun {
    /// It may harm this machine or the cluster.
    Unsafe(String),
    /// The reader must fill something in.
    Placeholder(String),
    /// It prepares a machine or a cluster; labproof has its own.
    Environment(String),
    /// It needs a person at the keyboard, or never ends.
    Interactive(String),
    /// It needs a file that the document does not contain.
    NeedsFile(String),
    /// labproof cannot tell what the block is.
    NotUnderstood(String),
    /// A remark in the document says so.
    Author,
    /// The block only shows something: a part of a file, or a text.
    Shown(String),
}

/// Words of the document may be long: only their beginning is shown.
impl fmt::Display for WhyNotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsafe(why) => write!(f, "not run: unsafe: {why:.300}"),
            Self::Placeholder(what) => write!(f, "not run: placeholder: the reader must replace {what:.60}"),
            Self::Environment(why) => write!(f, "not run: environment: {why:.300}"),
            Self::Interactive(why) => write!(f, "not run: interactive: {why:.300}"),
            Self::NeedsFile(name) => {
                write!(f, "not run: it needs a file that the document does not contain: {name:.100}")
            }
            Self::NotUnderstood(why) => write!(f, "not run: not understood: {why:.300}"),
            Self::Author => write!(f, "not run: the document says `labproof: skip`"),
            Self::Shown(what) => write!(f, "not run: {what}"),
        }
    }
}

/// The container of a node, as kind names it; `{node}` in the rules.
const NODE: &str = r"(\S+-control-plane\d*|(kind|demo|\S*cluster)-worker\d*)";

/// Rules about one simple command. The expression applies to its words, joined by one blank.
const UNSAFE: &[(&str, &str)] = &[
    (r"^(docker|podman|nerdctl) (system|image|container|volume|network|builder) prune", "it removes what others use"),
    (
        r"^(docker|podman|nerdctl) (rmi?|stop|kill|image rm|volume rm|container rm|network rm)\b.*(\$\(|`)",
        "it may remove what others use",
    ),
    (
        r"^(docker|podman|nerdctl) (swarm|login|push|context|plugin|run\b.* (--privileged|--pid[= ]host|-v /(?:[ :]|etc|var|root|usr)))",
        "it reaches beyond its container",
    ),
    (
        r"^(docker|podman|nerdctl) (container )?(rm|stop|kill|restart|pause) (.* )?{node}( |$)",
        "it ends a node of the cluster",
    ),
    (
        r"^(docker|podman|nerdctl) exec (.* )?{node} (.* )?(systemctl|kill|killall|pkill|rm|mv|dd|reboot|shutdown|poweroff|iptables|nft|ip|tc|mount|umount|kubeadm|crictl (rm\S*|stop\S*))( |$)",
        "it changes a node of the cluster",
    ),
    (
        r#"^rm .*(^| )["']?(/|~|\.\.|\$HOME/?$|\$HOME/\*|\*$|\$\{?[A-Za-z_]+\}?/)"#,
        "it removes files outside of the document's folder",
    ),
    (
        r#"^find (.* )?["']?(/|~|\.\.|\$HOME).* (-delete|-exec(dir)? (rm|shred|mv|chmod|chown))( |$)"#,
        "it changes files outside of the document's folder",
    ),
    (
        r"^(shutdown|reboot|halt|poweroff|mkfs\S*|fdisk|parted|dd|iptables|nft|ufw|swapoff|swapon|modprobe|sysctl|mount|umount|systemctl|service|useradd|usermod|userdel|groupadd|passwd|visudo|crontab|hostnamectl|insmod|chroot|su|killall|pkill|nsenter|setenforce|journalctl --vacuum\S*)( |$)",
        "it changes this machine",
    ),
    (
        r"^(chmod|chown|mv|cp|ln|tee|touch|mkdir|rmdir|install|truncate)( .*)? /(etc|usr|bin|sbin|lib|var|root|boot|opt|home|dev|proc|sys)(/|$| )",
        "it writes outside of the document's folder",
    ),
    (
        r"^kubectl (.* )?config (use-context|set-context|set-cluster|set-credentials|set|unset|delete-\S+|rename-context)",
        "it changes what all later commands mean",
    ),
    (r"^(kubeadm|kubelet|etcdctl|crictl|ctr|systemd-run)( |$)", "it is meant for a node"),
    (r"^(kind|minikube|k3d|eksctl) (delete|stop|pause)", "it ends a cluster"),
    (r"^(exec|exit|logout|kill -9 -1|kill -9 1|:\(\))( |$|\{)", "it ends the terminal"),
    (r"^(ssh|scp|rsync|sftp|telnet|ftp)( |$)", "it leaves this machine"),
    (
        r"^(terraform|ansible\S*|gcloud|aws|az|doctl|oc login|eksctl)( |$)",
        "it changes something outside of this machine",
    ),
];

/// The same for set-up.
const ENVIRONMENT: &[(&str, &str)] = &[
    (
        r"^(kind|k3d( cluster)?|minikube|microk8s|eksctl) (create|start|cluster create|install|addons|config|profile)",
        "labproof has the cluster already",
    ),
    (
        r"^(apt|apt-get|yum|dnf|apk|brew|snap|choco|pacman|zypper|winget|pip3? install|npm (i|install) (-g|--global)|go install|gem install)( |$)",
        "labproof installs no programs",
    ),
    (r"^git clone", "labproof fetches no repository: put its files beside the document"),
    (
        r"^(curl|wget) .*(-o|-O|-L|-LO|--output|--remote-name)\b.*(github\.com|dl\.k8s\.io|get\.\S+|releases|\.sh|\.tar\.gz|\.tgz|\.zip)",
        "labproof downloads no programs",
    ),
    (r"^helm (repo|search|registry)", "labproof downloads no charts"),
];

/// The same for what needs a person.
const INTERACTIVE: &[(&str, &str)] = &[
    (
        r"^(vi|vim|nano|emacs|code|less|more|man|top|htop|k9s|watch|view|micro|read|screen|tmux)( |$)",
        "it waits for a person",
    ),
    (r"^kubectl (.* )?(edit)( |$)", "it opens an editor"),
    (r"^(while true|while :|until false)( |$)", "it never ends"),
    (
        r"^(kubectl|docker|podman) .*(-it|-ti|-i -t|-t -i|--stdin --tty|--tty --stdin)( .*)? (mysql|psql|redis-cli|mongo|mongosh|python3?|node|top|vi|vim|irb|ipython)( .*)?$",
        "it opens a program that labproof does not speak with",
    ),
    (r"^(mysql|psql|redis-cli|mongo|mongosh|python3?|node|irb)$", "it waits for a person"),
];

type Rules = Vec<(Regex, &'static str)>;

fn with_nodes(expression: &str) -> Regex {
    regex(&expression.replace("{node}", NODE))
}

fn rules(table: &[(&str, &'static str)]) -> Rules {
    table.iter().map(|(expression, why)| (with_nodes(expression), *why)).collect()
}

/// Why this command is not typed on this machine, if it is not. `document` is the text of all commands, where one may
/// undo another.
#[must_use]
pub fn on_this_machine(command: &str, document: &str) -> Option<WhyNotRun> {
    static TABLES: LazyLock<[Rules; 3]> = LazyLock::new(|| [rules(UNSAFE), rules(ENVIRONMENT), rules(INTERACTIVE)]);
    let typed = without_here_documents(command);
    let bare = for_this_machine(&typed);
    if let Some(found) = writes_elsewhere(&bare).or_else(|| pipes_into_a_shell(&bare)).or_else(|| placeholder(&typed)) {
        return Some(found);
    }
    let [harmful, set_up, waiting] = &*TABLES;
    for part in parts(&bare) {
        let why = |rules: &Rules| rules.iter().find(|(rule, _)| rule.is_match(&part)).map(|(_, why)| (*why).to_owned());
        if let Some(why) = why(set_up) {
            return Some(WhyNotRun::Environment(why));
        }
        let harm = why(harmful).filter(|_| !is_about_own_kubeconfig(&part));
        if let Some(why) = harm.or_else(|| kubectl::harm(&part).map(str::to_owned)) {
            return Some(WhyNotRun::Unsafe(why));
        }
        if let Some(why) = why(waiting).filter(|_| !has_own_editor(&part, &bare)) {
            return Some(WhyNotRun::Interactive(why));
        }
        if let Some(why) = without_undoing(&part, document) {
            return Some(WhyNotRun::Unsafe(why));
        }
    }
    None
}

/// Why no shell is opened by this command: it would be one on this machine, on a node, or in what the cluster needs, and
/// what is typed there could harm them.
#[must_use]
pub fn as_shell(command: &str) -> Option<WhyNotRun> {
    static ELSEWHERE: LazyLock<Regex> = LazyLock::new(|| {
        with_nodes(
            r"^(?:sudo\s+)?(?:bash|sh|zsh|su|sudo)\b|^sudo\s+-|\bdebug\s(?:.*\s)?(?:node|no|nodes)/|(?:-n|--namespace)[= ]?kube-|\bexec\s(?:.*\s)?{node}\s",
        )
    });
    ELSEWHERE.is_match(command.trim()).then(|| {
        let why = "it opens a shell on this machine, on a node, or in what the cluster needs";
        WhyNotRun::Unsafe(why.into())
    })
}

/// Whether a command reads or writes a kubeconfig in the document's folder, which no other command uses by itself.
fn is_about_own_kubeconfig(part: &str) -> bool {
    static OWN: LazyLock<Regex> = LazyLock::new(|| {
        regex(r#"^kubectl (?:\S+ )*?config .*--kubeconfig[= ]["']?(?:\./)?[A-Za-z0-9_][\w.-]*["']?(?: |$)"#)
    });
    OWN.is_match(part)
}

/// Whether `kubectl edit` is given a program as its editor that needs no person.
fn has_own_editor(part: &str, command: &str) -> bool {
    static EDITOR: LazyLock<Regex> =
        LazyLock::new(|| regex(r#"\b(?:KUBE_)?EDITOR=["']?(?:sed|perl|cat|cp|tee|true|touch|awk)\b"#));
    part.starts_with("kubectl ") && part.contains(" edit") && EDITOR.is_match(command)
}

/// A redirection to a file outside of the folder.
fn writes_elsewhere(bare: &str) -> Option<WhyNotRun> {
    static TARGET: LazyLock<Regex> = LazyLock::new(|| regex(r#">{1,2}\s*["']?((?:/|~|\.\./)[^\s"';|&)]*)"#));
    let target = TARGET.captures_iter(bare).map(|found| found[1].to_owned());
    let is_within = |path: &str| ["/dev/null", "/dev/std", "/tmp/", "~/"].iter().any(|start| path.starts_with(start));
    let mut elsewhere = target.filter(|path| !is_within(path) || path.contains(".."));
    let path = elsewhere.next()?;
    Some(WhyNotRun::Unsafe(format!("it writes to {path}, outside of the document's folder")))
}

/// A program that the document does not show: one that is downloaded or decoded, and goes into a shell.
fn pipes_into_a_shell(bare: &str) -> Option<WhyNotRun> {
    static PIPED: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:curl|wget|base64|base32|xxd|openssl|gunzip|zcat)\b[^|]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|(?:ba)?sh\s+(?:-c\s+)?[\x22]?(?:<\(|\$\()\s*(?:curl|wget|base64)",
        )
    });
    PIPED.is_match(bare).then(|| WhyNotRun::Unsafe("it runs a program that the document does not show".into()))
}

/// A part that only the reader can replace: `<token>`, `YOUR_TOKEN`, `...`.
fn placeholder(bare: &str) -> Option<WhyNotRun> {
    static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:^|[\s=/:'\x22@-])(<[A-Za-z][A-Za-z0-9 _./|-]*>|\{[a-z]+[-_ ][a-z-_ ]+\}|\[[a-z]+[-_ ]?[a-z]+\]|YOUR[-_]\w+|your-\w[\w-]*|xxx+|XXX+|\.\.\.)",
        )
    });
    let mut found = PLACEHOLDER.captures_iter(bare).map(|found| found[1].to_owned());
    found.find(|text| blanks::first(text).is_none()).map(WhyNotRun::Placeholder)
}

/// A taint or a cordon that no later command takes back.
fn without_undoing(part: &str, document: &str) -> Option<String> {
    let document: String = document.split_whitespace().collect::<Vec<_>>().join(" ");
    let verb = kubectl::verb(part)?;
    if matches!(verb, "cordon" | "drain") && !document.contains("uncordon") {
        return Some("no later command makes the node schedulable again".into());
    }
    let taint = part.split(' ').next_back().filter(|_| verb == "taint")?;
    let key = taint.split(['=', ':']).next()?;
    if taint.ends_with('-') {
        return None;
    }
    let is_undone = document.split(' ').any(|word| word.starts_with(key) && word.ends_with('-'));
    (!is_undone).then(|| "no later command removes the taint".into())
}
