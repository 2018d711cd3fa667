//! Prompts that name a machine: `root@web:~#` may be that of a container which the document has made.

use std::sync::LazyLock;

use regex::Regex;

use super::{Act, Deed, Source, Typed};
use crate::expression::{kubectl_regex, regex};

/// Whether the machine that a prompt names is a container: it has the name of a Pod or container that the acts before
/// make or enter, or that which an engine gives to a container without a name.
pub(super) fn is_container(prompt: &str, before: &[Act]) -> bool {
    static HOST: LazyLock<Regex> = LazyLock::new(|| {
        regex(r"^(?:\[| *|\([\w.-]+\) ?)[\w.-]+@([\w.-]+?)(?:(-[a-z0-9]{6,10})?-[a-z0-9]{5})?[\s:\]$#>%]")
    });
    static WITHOUT_NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"^[\w.-]+@[0-9a-f]{12}[\s:$#]"));
    if WITHOUT_NAME.is_match(prompt) {
        return true;
    }
    let Some(found) = HOST.captures(prompt) else { return false };
    let short = found[1].to_owned();
    let long = prompt.split_once('@').map_or("", |(_, rest)| rest);
    let long = long.split([' ', ':', ']', '$', '#', '>', '%']).next().unwrap_or_default().to_owned();
    before.iter().any(|act| match &act.deed {
        Deed::Type(Typed { command, .. }) | Deed::Leave(command, _) => {
            [&short, &long].into_iter().any(|name| enters(command, name))
        }
        Deed::Write(Source { text, .. }) | Deed::Offer(Source { text, .. }) => {
            [&short, &long].into_iter().any(|name| is_named_in(text, name))
        }
        Deed::Say(_) => false,
    })
}

/// Whether a command makes or enters a Pod or container of this name.
fn enters(command: &str, name: &str) -> bool {
    static MAKES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"\b(?:KUBECTL|oc|docker|podman|nerdctl|crictl)\b.*\b(?:run|exec|attach|debug|create)\s")
    });
    let lines = command.lines().filter(|line| MAKES.is_match(line));
    let mut words = lines.flat_map(|line| line.split([' ', '=', '/', '\t']));
    words.any(|word| word.trim_matches(['"', '\'']) == name) || is_named_in(command, name)
}

/// Whether a manifest has an object or a container of this name.
fn is_named_in(text: &str, name: &str) -> bool {
    static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r#"(?m)(?:^|[\s{,"-])(?:host)?[nN]ame"?:\s*["']?([\w.-]+)"#));
    NAME.captures_iter(text).any(|found| &found[1] == name)
}
