//! Options that kubectl does not know.

use std::sync::LazyLock;

use regex::Regex;

use crate::{document::names, expression::regex};

/// Options that documents use and may misspell.
const OPTIONS: &str = "--replicas --namespace --image --port --target-port --type --selector --output --filename \
    --dry-run --restart --command --container --labels --all --all-namespaces --watch --follow --previous --tail \
    --from-literal --from-file --name --min --max --cpu --cpu-percent --revision --to-revision --force \
    --grace-period --field-selector --show-labels --env --timeout --for --schedule --sort-by --overwrite --record \
    --cascade --ignore-not-found --wait --image-pull-policy --no-headers --verb --resource --resource-name \
    --serviceaccount --clusterrole --role --user --group --overrides --prefix --all-containers --since --hard --as";

/// The command without an option that kubectl does not know, or with the one that is meant.
pub(super) fn without(command: &str, said: &str) -> Option<String> {
    static LONG: LazyLock<Regex> = LazyLock::new(|| regex(r"unknown flag: (--[\w-]+)"));
    static SHORT: LazyLock<Regex> = LazyLock::new(|| regex(r"unknown shorthand flag: '(\w)' in (-\w+)"));
    if said.contains("flags cannot be placed before plugin name") {
        return behind_the_verb(command);
    }
    if said.contains("unknown flag") && made_a_deployment(command) {
        return Some(as_deployment(command));
    }
    if let Some(found) = LONG.captures(said) {
        let option = &found[1];
        return match names::nearest(option, OPTIONS.split_whitespace(), 0.85).filter(|other| *other != option) {
            Some(other) => Some(command.replace(option, other)),
            None => Some(cut(command, option)),
        };
    }
    SHORT.captures(said).map(|found| cut(command, &found[2]))
}

/// The command with an option behind its verb that stands before it: `kubectl -A get pods`.
fn behind_the_verb(command: &str) -> Option<String> {
    static BEFORE: LazyLock<Regex> =
        LazyLock::new(|| regex(r"^(\s*kubectl)\s+(-A|--all-namespaces)\s+([a-z][\w-]*)(?:\s|$)"));
    let found = BEFORE.captures(command)?;
    Some(format!("{} {} {} {}", &found[1], &found[3], &found[2], &command[found[0].len()..]).trim_end().to_owned())
}

/// Whether a command made a Deployment when `kubectl run` still did so.
pub(super) fn made_a_deployment(command: &str) -> bool {
    let is_run = command.contains("kubectl run ");
    is_run && (command.contains("--replicas") || command.contains("--generator=deployment"))
}

/// `kubectl run NAME --replicas=2` as it is written today.
pub(super) fn as_deployment(command: &str) -> String {
    cut(&command.replacen("kubectl run ", "kubectl create deployment ", 1), "--generator")
}

/// The command without this option, and without its value if `=` joins them or if the option takes one.
fn cut(command: &str, option: &str) -> String {
    const WITH_VALUE: [&str; 8] =
        ["--generator", "--replicas", "--schedule", "--limits", "--requests", "--hostport", "--serviceaccount", "-c"];
    let mut kept = Vec::new();
    let mut words = command.split(' ');
    while let Some(word) = words.next() {
        if word == option && WITH_VALUE.contains(&option) {
            words.next();
        } else if word != option && word.strip_prefix(option).is_none_or(|rest| !rest.starts_with('=')) {
            kept.push(word);
        }
    }
    kept.join(" ")
}
