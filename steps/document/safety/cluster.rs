//! What a kubectl command changes that others use: nodes, the cluster's own namespaces, all namespaces, all of a kind.

use std::sync::LazyLock;

use regex::Regex;

use super::{Later, credentials, files::Folder, rules, sources};
use crate::{
    document::{
        bash::{Input, Simple, Word},
        kubectl::{
            ALL_NAMESPACES, KubectlCommand, MAKES, MANY, OF_THE_CLUSTER, ONLY_ASKS, is_of_the_cluster, lists_own,
        },
    },
    expression::regex,
};

/// Objects that a cluster has from its beginning.
const FIRST_OBJECTS: &str = r"^(?:cluster-admin|admin|edit|view|system:\S+|system-\S+|kubeadm:\S+|standard|local-path|kube-\S+|default|labproof\S*|local-path-storage|v\d\S*)$";

static READS_INPUT: LazyLock<Regex> = LazyLock::new(|| regex(r"^-$|^(-f|--filename=?)-$|^-f=-$"));

static RAW: LazyLock<Regex> = LazyLock::new(|| regex("^--raw"));

static TO_EVERYONE: LazyLock<Regex> =
    LazyLock::new(|| regex("^--(group=system:(unauthenticated|authenticated|masters)|user=system:anonymous)"));

static CLOSES: LazyLock<Regex> = LazyLock::new(|| regex(r#"unschedulable"?:\s*true"#));

/// Why a kubectl command is not typed: it changes what the cluster or others need.
pub(super) fn harm(command: &Simple, later: &Later<'_>, folder: &Folder) -> Option<&'static str> {
    let read = KubectlCommand::of(&command.words)?;
    if read.has(&ONLY_ASKS) {
        return None;
    }
    let makes = MAKES.contains(&read.verb());
    let is_copied_there = read.verb() == "cp" && read.words.iter().any(|word| word.text.starts_with("kube-"));
    if (read.namespace.is_some_and(is_of_the_cluster) || is_copied_there) && (makes || read.changes()) {
        return Some("it changes objects that the cluster itself needs");
    }
    if (makes || read.changes()) && is_another_cluster(&read, folder) {
        return Some("it is about another cluster");
    }
    in_a_node(&read, command).or_else(|| from_elsewhere(&read, command)).or_else(|| {
        let changes = read.changes() || matches!(read.verb(), "drain" | "cordon");
        changes.then(|| changed(&read, later)).flatten()
    })
}

/// Whether a command names a cluster that is not labproof's own, past the reader's kubeconfig.
fn is_another_cluster(read: &KubectlCommand<'_>, folder: &Folder) -> bool {
    let value = |names: [&str; 2]| {
        let own = read.options.windows(2).find(|pair| names.contains(&pair[0])).map(|pair| pair[1]);
        let mut glued = read.options.iter().filter_map(|option| option.split_once('='));
        own.or_else(|| glued.find(|(name, _)| names.contains(name)).map(|(_, value)| value))
    };
    let is_own = value(["--kubeconfig", "--kubeconfig"]).map(|path| !folder.is_outside(&Word::known(path)));
    is_own == Some(false) || (is_own.is_none() && value(["-s", "--server"]).is_some())
}

/// A node that is entered, or a container that is let out to it.
fn in_a_node(read: &KubectlCommand<'_>, command: &Simple) -> Option<&'static str> {
    static OUT: LazyLock<Regex> = LazyLock::new(|| regex(r#"hostPID|"privileged":\s*true|--privileged"#));
    let line = command.line();
    let inner = line.split_once(" -- ").map(|(_, inner)| inner).unwrap_or_default();
    let enters = read.verb() == "debug" && read.is_about(&["node", "no"]);
    if enters && credentials::are_read(inner) {
        return Some(credentials::WHY);
    }
    let is_let_out = read.verb() == "run" && OUT.is_match(&line) && inner.contains("nsenter");
    (enters && rules::changes_a_node(inner) || is_let_out || (read.verb() == "run" && line.contains("hostPID")))
        .then_some("it changes a node of the cluster")
}

/// Objects that the document does not show: those of an address, or of what another command prints.
fn from_elsewhere(read: &KubectlCommand<'_>, command: &Simple) -> Option<&'static str> {
    let reads_input = read.has(&READS_INPUT);
    if let (true, Input::Of(lines)) = (reads_input, &command.input) {
        let first = lines.first().map(String::as_str).unwrap_or_default();
        if first.starts_with("curl ") || first.starts_with("wget ") {
            return Some("it applies what the document does not show");
        }
        if first.starts_with("kubectl ")
            && (read.changes() || matches!(read.verb(), "apply" | "create"))
            && !lists_own(first)
            && !first.contains("--dry-run")
        {
            return Some("it changes objects that the cluster itself needs");
        }
    }
    let is_downloaded = command.words.iter().flat_map(|word| &word.unknown).flatten();
    if MAKES.contains(&read.verb())
        && is_downloaded.into_iter().any(|line| line.starts_with("curl ") || line.starts_with("wget "))
    {
        return Some("it applies what the document does not show");
    }
    let gives_all = read.verb() == "create" && read.has(&TO_EVERYONE);
    if gives_all {
        return Some("it gives rights to everyone");
    }
    let is_raw = read.has(&RAW) && matches!(read.verb(), "delete" | "create" | "replace");
    is_raw.then_some("it sends the server a raw request, which labproof cannot judge")
}

fn changed(read: &KubectlCommand<'_>, later: &Later<'_>) -> Option<&'static str> {
    static FIRST: LazyLock<Regex> = LazyLock::new(|| regex(FIRST_OBJECTS));
    static SYSTEM_LABEL: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"^(?:beta\.|node\.)?kubernetes\.io/\S*-$|^kubernetes\.io/(?:os|arch|hostname)=|^node-role\.kubernetes\.io/control-plane",
        )
    });
    if read.has(&ALL_NAMESPACES) {
        return Some("it changes all namespaces");
    }
    let (removes, many) = (read.verb() == "delete", read.has(&MANY));
    if removes && read.words.iter().skip(1).any(|word| !(word.is_known() || sources::are_own(word) || is_a_name(word)))
    {
        return Some("labproof cannot tell what it removes");
    }
    if read.is_about(&["node", "no"]) {
        if removes {
            return Some("it removes a node of the cluster");
        }
        if read.words.iter().any(|word| SYSTEM_LABEL.is_match(&word.text)) {
            return Some("it changes objects that the cluster itself needs");
        }
    }
    if let Some(why) = without_undoing(read, later) {
        return Some(why);
    }
    if !read.is_about(OF_THE_CLUSTER) {
        return None;
    }
    if many && !read.is_about(&["node", "no"]) {
        return Some("it changes all of a kind in the cluster");
    }
    let is_unknown = || read.words.iter().skip(1).any(|word| !word.is_known());
    if removes && is_unknown() {
        return Some("labproof cannot tell what it removes");
    }
    let is_first = read.names().any(|name| FIRST.is_match(name)) || read.is_about(&["apiservice"]);
    (is_first && !read.is_about(&["node", "no"])).then_some("it changes objects that the cluster itself needs")
}

/// Whether a word that is not known can only be the name of an object, since its kind stands before it.
fn is_a_name(word: &Word) -> bool {
    word.unknown.iter().all(Vec::is_empty) && (word.text.contains('/') || word.text.starts_with('$'))
}

/// A taint or a cordon that no later command takes back.
fn without_undoing(read: &KubectlCommand<'_>, later: &Later<'_>) -> Option<&'static str> {
    let is_about = |line: &str, names: &[&str]| {
        line.split(' ').any(|word| names.contains(&word)) || line.contains(" --all") || line.contains(" -l")
    };
    let patches = read.verb() == "patch" && read.is_about(&["node", "no"]);
    let patch = read.options.join(" ");
    let closes = matches!(read.verb(), "cordon" | "drain") || (patches && CLOSES.is_match(&patch));
    if closes {
        let names: Vec<&str> = read.words.iter().skip(1).map(|word| word.text.as_str()).collect();
        let opened = later.lines().any(|line| {
            let opens = line.contains(" uncordon ") || line.contains("unschedulable");
            line.starts_with("kubectl ") && opens && (is_about(line, &names) || names.is_empty() || read.has(&MANY))
        });
        return (!opened).then_some("no later command makes the node schedulable again");
    }
    if patches && patch.contains("taints") {
        let undone = later.lines().any(|line| line.starts_with("kubectl ") && line.contains("taints"));
        return (!undone).then_some("no later command removes the taint");
    }
    let given = read.words.iter().skip(2).filter(|_| read.verb() == "taint");
    let taints: Vec<&str> = given.map(|word| word.text.as_str()).filter(|word| word.contains(':')).collect();
    let key = taints.iter().find(|taint| !taint.ends_with('-')).map(|taint| taint.split(['=', ':']).next())??;
    let names: Vec<&str> =
        read.words.iter().skip(1).map(|word| word.text.as_str()).filter(|word| !word.contains(':')).collect();
    let undone = later.lines().any(|line| {
        let removes = line.split(' ').any(|word| word.starts_with(key) && word.ends_with('-'));
        line.starts_with("kubectl ")
            && line.contains("taint ")
            && removes
            && (is_about(line, names.get(1..).unwrap_or_default()) || read.has(&MANY))
    });
    (!undone).then_some("no later command removes the taint")
}

#[cfg(test)]
mod tests;
