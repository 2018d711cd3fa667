//! What a failed command says about its cause: this machine, a Pod that is not ready yet, or the document. Pure.

mod old;

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

pub(super) use self::old::since;
use super::{
    proxy, repair,
    result::{ActResult, ActVerdict},
    said,
};
pub(super) use crate::document::reads::{only_reads, reads_the_cluster};
use crate::{
    cluster::fence,
    document::{defect::Defect, names, safety::WhyNotRun},
    expression::{kubectl_regex, regex},
    terminal::Output,
};

/// Whether a message says that the command itself is wrong, so that time does not change it.
pub(super) fn is_final(message: &str) -> bool {
    let marks = [
        "is not valid for pod",
        "doesn't have a resource type",
        "error: the path ",
        "error: unable to parse",
        "error: error parsing",
    ];
    is_of_command(message) || marks.iter().any(|mark| message.contains(mark))
}

/// Whether a message is about how the command is written, whatever the cluster has.
pub(super) fn is_of_command(message: &str) -> bool {
    let marks = [
        "unknown command",
        "unknown flag",
        "unknown shorthand flag",
        "unable to find container named",
        "[COMMAND] is not supported",
    ];
    marks.iter().any(|mark| message.contains(mark))
}

/// Whether a message says that the command came too early: nothing was done.
pub(super) fn came_too_early(message: &str) -> bool {
    const EARLY: &[&str] = &[
        "is not running",
        "pod is not running",
        "container not found",
        "is waiting to start",
        "ContainerCreating",
        "not ready",
        "does not have a host assigned",
        "unable to forward port",
        "no endpoints available",
        "container is not created",
        "unable to upgrade connection",
        "Failed to connect",
        "Couldn't connect",
        "Connection refused",
        "can't connect",
        "Connection reset",
        "Empty reply",
        "websocket: close sent",
        "serviceaccount \"default\" not found",
        "pod does not have a host",
        "object is being deleted",
    ];
    EARLY.iter().any(|words| message.contains(words))
}

/// Whether a program that searches or compares says by its exit status alone that it found nothing, or a difference.
pub(super) fn finds_nothing(output: &Output) -> bool {
    static SEARCHES: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?:^|\|\s*)(?:sudo\s+)?(?:[ef]?grep|pgrep|diff|cmp|test|\[)\s[^|]*$"));
    let is_silent = output.stdout.trim().is_empty() && output.stderr.trim().is_empty();
    output.status == 1 && is_silent && SEARCHES.is_match(output.command.trim())
}

/// Whether a message says that this machine or its network lacks something, and what.
pub(super) fn environment(message: &str) -> Option<String> {
    static MISSING: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)(?:line \d+: )?([\w.-]+): command not found|sudo: ([\w.-]+): command not found"));
    const NETWORK: &[&str] = &[
        "Could not resolve host",
        "Temporary failure in name resolution",
        "no such host",
        "Network is unreachable",
        "network is unreachable",
        "ENOTFOUND",
        "EAI_AGAIN",
        "ImagePullBackOff",
        "ErrImagePull",
        "Unable to locate package",
        "connection to the server",
        "net/http: TLS handshake timeout",
        "Cannot connect to the Docker daemon",
        "pull access denied",
        "failed to resolve source metadata",
    ];
    if message.contains("error: Metrics API not available") {
        return Some("this cluster has no metrics server".into());
    }
    if let Some(found) = MISSING.captures(message) {
        let program = found.get(1).or(found.get(2)).map_or("a program", |name| name.as_str());
        return Some(format!("this machine has no program {program}"));
    }
    let words = NETWORK.iter().find(|words| message.contains(**words))?;
    if asks_for_a_name_of_the_cluster(message) {
        return None;
    }
    Some(format!("the network or a registry cannot be reached ({words})"))
}

/// Whether the engine says that it could not pull an image, and what.
pub(super) fn unpulled(message: &str) -> Option<String> {
    const SIGNS: [&str; 3] = ["Unable to find image", "pull access denied", "failed to resolve source metadata"];
    environment(message).filter(|_| SIGNS.iter().any(|sign| message.contains(sign)))
}

/// Whether a message is about a name of the cluster's own DNS that was not found.
fn asks_for_a_name_of_the_cluster(message: &str) -> bool {
    static HOST: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?:Could not resolve host: |lookup |resolving '?)[a-z0-9-]+(?:\.[a-z0-9-]+)?\.(?:svc|pod)(?:\.cluster\.local)?\b",
        )
    });
    HOST.is_match(message)
}

/// The result of a command that the server or the engine's proxy has refused, at least in part, because it changes what is not the document's.
pub(super) fn refused(output: &Output) -> Option<ActResult> {
    let why =
        [&output.stderr, &output.stdout].into_iter().find_map(|said| fence::refusal(said).or(proxy::refusal(said)))?;
    let ended = ActResult::of(ActVerdict::NotRun, WhyNotRun::Unsafe(why.to_owned()).to_string());
    Some(ended.printed(output))
}

/// The result of a command that fails although the document expects it to succeed.
pub(super) fn of(output: &Output, known: &BTreeSet<String>) -> ActResult {
    if let Some(refused) = refused(output) {
        return refused;
    }
    let said = said::of(output);
    if let Some(why) = environment(&said) {
        return ActResult::of(ActVerdict::Environment, why).seen("standard error", &output.stderr).undone();
    }
    let message = said::message(&said).unwrap_or("it prints nothing");
    let reason = format!("the command fails with exit status {}: {message}", output.status);
    let (word, reason) = match old::since(&output.command, &said) {
        // A manifest of the new version never had the old one's fields.
        Some(since) if old::is_of_new_version(&said) => {
            (ActVerdict::Defect(Defect::Mistake), format!("{reason} ({since})"))
        }
        Some(since) => (ActVerdict::Defect(Defect::Drift), format!("{reason} ({since})")),
        None => (ActVerdict::Defect(Defect::Mistake), reason),
    };
    ActResult::of(word, reason).printed(output).hint(advice(&said, known)).failure()
}

/// The warning of a command that works, about something that is deprecated.
pub(super) fn deprecation(output: &Output) -> Option<String> {
    static WARNING: LazyLock<Regex> =
        LazyLock::new(|| regex(r"(?m)^(?:Warning: |Flag |W\d{4} .*\] )?(.*\b(?:is|has been|are) deprecated\b.*)$"));
    static IS_KUBECTL: LazyLock<Regex> = LazyLock::new(|| kubectl_regex(r"KUBECTL\b"));
    let found = WARNING.captures(&output.stderr).filter(|_| IS_KUBECTL.is_match(&output.command))?;
    Some(found[1].trim().to_owned())
}

/// The command that kubectl does not know, if it is like none that it knows: a plugin may have it.
pub(super) fn unknown_plugin(said: &str) -> Option<&str> {
    static UNKNOWN: LazyLock<Regex> = LazyLock::new(|| regex(r#"unknown command "([\w-]+)" for "kubectl""#));
    let name = UNKNOWN.captures(said)?.get(1)?.as_str();
    names::subcommand_like(name).is_none().then_some(name)
}

/// What to write instead, as far as the message and the objects that the document has made tell it.
fn advice(said: &str, known: &BTreeSet<String>) -> Option<String> {
    static CONTAINER: LazyLock<Regex> = LazyLock::new(|| regex(r"container (\S+) is not valid for pod (\S+)"));
    if said.contains("exec [POD] [COMMAND] is not supported") {
        return Some("put `--` before the command; kubectl requires it since 1.31".into());
    }
    if said.contains("no matches for kind \"Kustomization\"") {
        return Some("`kubectl apply -k FOLDER` applies what a kustomization makes".into());
    }
    if said.contains("no matches for kind") {
        return Some("`kubectl api-resources` lists the kinds and their versions".into());
    }
    if said.contains("unknown flag: --generator") || said.contains("unknown flag: --replicas") {
        return Some("`kubectl run` makes only Pods since 1.18; use `kubectl create deployment`".into());
    }
    if let Some(found) = CONTAINER.captures(said) {
        return Some(format!("the Pod {} has no container {}", &found[2], &found[1]));
    }
    let (kind, name) = repair::not_found(said)?;
    // One of this name was made, and is gone.
    let nearest = repair::nearest_object(kind, name, known).filter(|nearest| *nearest != name)?;
    Some(format!("the document makes no {} called {name}; it makes {nearest}", names::singular(kind)))
}

#[cfg(test)]
mod tests;
