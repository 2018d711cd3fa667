//! How each command runs: to its end, in the background, or as a shell in a container into which the next commands go.
//! What is meant for a container is never typed on this machine.

use std::sync::LazyLock;

use regex::Regex;

use super::{
    Act, Deed, Source, Typed,
    shells::{ends_shell, opens_client, opens_shell},
};
use crate::{
    document::{
        names,
        safety::{self, ReaderTerminal, WhyNotRun},
    },
    expression::kubectl_regex,
};

/// How a command runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Runs {
    /// To its end.
    #[default]
    ToItsEnd,
    /// Until it is interrupted, in a terminal of its own.
    OnAndOn,
    /// As a shell in a container; the next commands are typed there.
    AsShell,
    /// It ends that shell.
    EndsShell,
}

/// Decides for all commands how they run, and which are not run.
pub(super) fn settle(acts: &mut [Act]) {
    let lines: Vec<Vec<String>> = acts.iter().map(|act| command(act).map_or_else(Vec::new, safety::lines)).collect();
    let mut terminal = ReaderTerminal::default();
    let mut place = Place::Here;
    for (number, act) in acts.iter_mut().enumerate() {
        if let Deed::Write(Source { name: Some(name), text, .. }) = &act.deed {
            terminal.keep(name, text);
        }
        if let Deed::Offer(source) = &act.deed
            && let Some(why) = safety::in_manifests(&source.text)
        {
            act.deed = Deed::Leave(source.text.clone(), why);
        }
        if let Deed::Leave(command, WhyNotRun::Author) = &act.deed
            && opens_shell(command)
        {
            place = Place::Lost(act.line);
        }
        let Deed::Type(typed) = &mut act.deed else { continue };
        let is_for_here = is_for_this_machine(&typed.command);
        if place != Place::Here && is_for_here {
            if matches!(place, Place::Inside(_)) {
                act.notes.push("labproof leaves the container's shell before it; the document does not say so".into());
            }
            place = Place::Here;
        }
        place = match (place, typed.is_inside && !is_for_here) {
            (Place::Inside(opened), _) => inside(typed, opened),
            (Place::Lost(opened), _) => {
                let ends = ends_shell(&typed.command);
                let why = format!("it is meant for the shell that line {opened} opens, which is not run");
                act.deed = Deed::Leave(typed.command.clone(), WhyNotRun::NotUnderstood(why));
                if ends { Place::Here } else { place }
            }
            (Place::Here, true) => {
                let why = "it is meant for a shell in a container, but no command before it opens one";
                act.deed = Deed::Leave(typed.command.clone(), WhyNotRun::NotUnderstood(why.into()));
                Place::Here
            }
            (Place::Here, false) => here(act, &mut terminal, &lines[number + 1..]),
        };
    }
}

/// Leaves out the commands of this machine that a terminal does not take.
pub(super) fn judge_again(acts: &mut [Act], mut terminal: ReaderTerminal) {
    let lines: Vec<Vec<String>> = acts.iter().map(|act| command(act).map_or_else(Vec::new, safety::lines)).collect();
    for (number, act) in acts.iter_mut().enumerate() {
        if let Deed::Write(Source { name: Some(name), text, .. }) = &act.deed {
            terminal.keep(name, text);
        }
        let Deed::Type(typed) = &act.deed else { continue };
        if typed.is_inside {
            continue;
        }
        if let Some(why) = terminal.judge(&typed.command, &lines[number + 1..]) {
            act.deed = Deed::Leave(typed.command.clone(), why);
        }
    }
}

/// Where the reader's next command goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Here,
    /// Into the shell that this line has opened.
    Inside(usize),
    /// Into a shell that this line would open, and labproof does not open.
    Lost(usize),
}

fn inside(typed: &mut Typed, opened: usize) -> Place {
    typed.is_inside = true;
    if ends_shell(&typed.command) {
        typed.runs = Runs::EndsShell;
        return Place::Here;
    }
    Place::Inside(opened)
}

fn here(act: &mut Act, terminal: &mut ReaderTerminal, later: &[Vec<String>]) -> Place {
    let line = act.line;
    let Deed::Type(typed) = &mut act.deed else { return Place::Here };
    typed.is_inside = false;
    let opens = opens_shell(&typed.command);
    let harm = terminal.judge(&typed.command, later);
    if let Some(why) = harm.or_else(|| opens.then(|| safety::as_shell(&typed.command)).flatten()) {
        let is_lost = opens || (opens_client(&typed.command) && matches!(why, WhyNotRun::Interactive(_)));
        act.deed = Deed::Leave(typed.command.clone(), why);
        return if is_lost { Place::Lost(line) } else { Place::Here };
    }
    if opens {
        typed.runs = Runs::AsShell;
        return Place::Inside(line);
    }
    if goes_on(&typed.command) {
        typed.runs = Runs::OnAndOn;
    }
    Place::Here
}

fn command(act: &Act) -> Option<&str> {
    match &act.deed {
        Deed::Type(typed) => Some(&typed.command),
        _ => None,
    }
}

/// Whether a command is one of the reader's own machine, never one of a container.
pub(super) fn is_for_this_machine(command: &str) -> bool {
    let is_of_host = |line: &str| {
        let word = line.split_whitespace().next().unwrap_or_default();
        names::is_kubectl(word) || matches!(word, "docker" | "kind" | "minikube" | "helm" | "k3d" | "podman")
    };
    is_of_host(command.trim_start().trim_start_matches("sudo "))
        || command.contains("kubectl") && safety::lines(command).iter().any(|line| is_of_host(line))
}

static FORWARDS: LazyLock<Regex> =
    LazyLock::new(|| kubectl_regex(r"^(?:sudo )?(?:KUBECTL|oc)\s.*\bport-forward\s|^KUBECTL\s+proxy\b"));

/// Whether a command goes on until it is interrupted.
fn goes_on(command: &str) -> bool {
    static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"^(?:sudo )?(?:KUBECTL|oc)\s.*\bport-forward\s|^KUBECTL\s+proxy|^KUBECTL\s+(?:\S+\s+)*?get\s(?:.*\s)?(?:-w\b|--watch)|^(?:KUBECTL|docker|stern|podman)\s.*\blogs?\s(?:.*\s)?(?:-f|--follow)(?:\s|$)|^(?:minikube tunnel|kubectl events.*--watch|tail -f|npm (?:run )?start|node \S+\.js|python3? (?:-m http\.server|\S*(?:app|server)\S*\.py)|flask run|go run)",
        )
    });
    let last = command.replace("\\\n", " ");
    // What forwards a port shows its output in the reader's terminal, also in the background.
    let last = if FORWARDS.is_match(&last) { last.trim().trim_end_matches('&').trim_end() } else { last.trim() };
    !last.ends_with('&') && !last.contains('|') && !last.contains("timeout ") && GOES_ON.is_match(last)
}
