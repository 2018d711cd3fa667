//! Where a part of a command comes from that only running something could tell, such as `$(docker ps -aq)`.

use std::sync::LazyLock;

use regex::Regex;

use crate::{
    document::{
        bash::{Simple, Word},
        kubectl,
    },
    expression::{kubectl_regex, regex},
};

/// What lists the document's own objects, files or processes only: kubectl is asked elsewhere.
static OWN: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:mktemp|pwd|whoami|hostname|date|id|uname|seq|uuidgen|jobs|lsof|pgrep|pidof|ls(?: -\S+)*(?: [\w.][^/ ]*)?$|find (?:-[LHP] )?(?:\.|\w[\w-]*)(?: |$)|basename|dirname|openssl rand|(?:docker|podman|nerdctl) (?:container |image |volume |network )?(?:ps|ls|images)\b.* (?:-f|--filter)[= ]?(?:name|label|ancestor|reference|id)=|(?:docker|podman|nerdctl) (?:compose|run|create|build|inspect)\b|git rev-parse|helm (?:list|get|status))",
    )
});

/// Filters of an engine's lists that select everything, or the cluster's nodes.
static SELECTS_OTHERS: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?:-f|--filter)[= ]?\w+=(?:["']?(?: |$)|\S*(?:control-plane|worker|kind|[*.^$]))"#));

/// What only passes on, cuts or sorts what it reads.
static FILTERS: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(?:grep|egrep|awk|sed|head|tail|cut|sort|uniq|tr|jq|yq|tac|column|basename|rev|wc|cat)(?: |$)")
});

/// Whether every part of a word that is not known comes from what lists the document's own objects.
pub(super) fn are_own(word: &Word) -> bool {
    word.unknown.iter().all(|by| {
        let Some((first, rest)) = by.split_first() else { return false };
        let lists_own = OWN.is_match(first) && !SELECTS_OTHERS.is_match(first) || kubectl::lists_own(first);
        lists_own && rest.iter().all(|line| FILTERS.is_match(line))
    })
}

/// Whether a program prints commands for the reader's shell, such as completion.
pub(super) fn is_for_a_shell(line: &str) -> bool {
    static COMPLETION: LazyLock<Regex> =
        LazyLock::new(|| kubectl_regex(r"^(?:KUBECTL|helm|kind|docker|minikube|k3d) completion |^ssh-agent(?: |$)"));
    COMPLETION.is_match(line)
}

/// The file that a command downloads.
pub(super) fn downloaded(simple: &Simple) -> Option<String> {
    let program = simple.words.first()?.text.as_str();
    if !matches!(program, "curl" | "wget") {
        return None;
    }
    let texts: Vec<&str> = simple.words.iter().map(|word| word.text.as_str()).collect();
    let glued =
        texts.iter().find_map(|word| word.strip_prefix("--output=").or(word.strip_prefix("--output-document=")));
    // The letter may be the last of several: `-fsSLo`.
    let is_letters = |word: &str| word.starts_with('-') && !word.starts_with("--");
    let names_file = |word: &str| match program {
        "curl" => word == "--output" || is_letters(word) && word.ends_with('o'),
        _ => word == "--output-document" || is_letters(word) && word.ends_with('O'),
    };
    let given = texts.windows(2).find(|pair| names_file(pair[0]));
    let of_address = || texts.iter().rfind(|word| word.contains("://")).map(|address| name(address));
    glued.or(given.map(|pair| pair[1])).map(name).or_else(of_address).map(str::to_owned)
}

/// A path's last name.
pub(super) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
