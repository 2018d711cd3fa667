//! What the acts of a document need of one another: files that are saved, images that reach the nodes, terminals that
//! are free, and names that are used once.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{
    Doubt,
    objects::{self, ReviewedObject},
};
use crate::{
    document::{
        Document, Piece,
        defect::Defect,
        fixed, names,
        story::{Act, Deed, Named, Runs, Source, Story},
        words,
    },
    expression::{kubectl_regex, regex},
};

/// What is wrong between the acts.
pub(super) fn doubts(document: &Document, all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    let prose = document.prose();
    let mut doubts = unsaved(&prose, story);
    doubts.extend(images_on_no_node(&prose, all, story));
    doubts.extend(taken_terminal(&prose, story));
    doubts.extend(too_early(story));
    doubts.extend(forgotten_file(story));
    doubts.extend(same_name(all));
    doubts.extend(unapplied(document, story));
    doubts
}

/// How many lines before a manifest, and after it, may tell to apply it.
const NEAR: usize = 8;

/// Manifests that have a file name and that nothing tells to apply, although later commands need their objects and other
/// manifests of the document are applied by commands.
fn unapplied(document: &Document, story: &Story) -> Vec<Doubt> {
    static APPLIES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"KUBECTL\s.*(?:apply|create|replace)\s.*(?:-f|--filename)[= ]?\S+\.(?:ya?ml|json)")
    });
    // A command that applies a file of another name may mean this one.
    if objects::may_make_others(story) || !objects::commands(story).iter().any(|command| APPLIES.is_match(command)) {
        return Vec::new();
    }
    let tells = |act: &Act, source: &Source| {
        let last = act.line + source.text.lines().count();
        let is_near = |line: usize, text: &str| {
            let end = line + text.lines().count();
            end + NEAR >= act.line && line < act.line || (last..last + NEAR).contains(&line)
        };
        document.pieces.iter().any(|piece| match piece {
            Piece::Prose(line, text) => is_near(*line, text) && words::has(text, words::APPLY),
            _ => false,
        })
    };
    let forgotten = story.acts.iter().enumerate().filter_map(|(index, act)| match &act.deed {
        Deed::Offer(source) if source.is_applied && source.name.is_some() && !tells(act, source) => {
            Some((index, source))
        }
        _ => None,
    });
    forgotten
        .map(|(index, source)| {
            let names: Vec<String> =
                source.objects().into_iter().filter_map(|object| Some(object.split_once('/')?.1.to_owned())).collect();
            let needs = |act: &&Act| {
                matches!(act.deed, Deed::Type(_)) && names.iter().any(|name| text_of(act).contains(name.as_str()))
            };
            let (line, name) = (story.acts[index].line, source.name());
            let at = story.acts[index..].iter().find(needs).map_or(line, |act| act.line);
            Doubt::mistake(
                at,
                format!("it needs the objects of {name} (line {line}), and no command applies that file"),
            )
        })
        .collect()
}

/// Manifests that the document never says to save, although it says so of other files.
fn unsaved(prose: &str, story: &Story) -> Vec<Doubt> {
    let sources = || {
        story.acts.iter().filter_map(|act| match &act.deed {
            Deed::Write(source) => Some((act, source)),
            _ => None,
        })
    };
    let says_so = sources().any(|(_, source)| source.named_by == Named::Document && says_to_save(prose, source));
    let folder = |name: &str| name.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned());
    // A folder that nothing else is in belongs to a repository, of which the document only shows a file.
    let is_of_repository = |source: &Source| {
        let own = folder(source.name());
        !matches!(own.as_str(), "" | ".")
            && !sources().any(|(_, other)| other.named_by == Named::Document && folder(other.name()) == own)
    };
    let unsaved = sources().filter_map(|(act, source)| match source.named_by {
        Named::Command(line) if says_so && !is_of_repository(source) => Some((act.line, line, source)),
        _ => None,
    });
    unsaved
        .map(|(index, line, source)| {
            let name = source.name();
            let text = format!(
                "the command at line {line} reads {name}, and the document does not say to save this as {name}"
            );
            Doubt::mistake(index, text)
        })
        .collect()
}

fn says_to_save(prose: &str, source: &Source) -> bool {
    prose.contains(source.name()) && words::has(prose, words::SAVE)
}

/// Images that are built, and that nothing brings to the nodes on which Pods need them.
fn images_on_no_node(prose: &str, all: &[ReviewedObject], story: &Story) -> Vec<Doubt> {
    static BRINGS: LazyLock<Regex> = LazyLock::new(|| {
        regex(
            r"(?i)\bload\b|\bpush\b|docker-env|image import|images import|\bregistry\b|docker desktop|minikube|rancher|podman-env|microk8s|\bimport\b",
        )
    });
    let commands = objects::commands(story);
    let built: BTreeSet<String> = commands.iter().flat_map(|command| fixed::images(command)).collect();
    if built.is_empty() || commands.iter().any(|command| BRINGS.is_match(command)) || BRINGS.is_match(prose) {
        return Vec::new();
    }
    let mut reported = BTreeSet::new();
    let mut doubts = Vec::new();
    for object in all {
        for image in object.containers().into_iter().filter_map(|container| container.get("image")?.as_str()) {
            if built.contains(image) && reported.insert(image.to_owned()) {
                let text = format!(
                    "the image {image} is built on this machine, and no command brings it to the nodes: `kind load docker-image {image}`"
                );
                doubts.push(Doubt::mistake(object.line_of(&["image:", image]), text));
            }
        }
    }
    doubts
}

/// Requests that are typed while a program in the same terminal goes on, in documents that name no second terminal.
fn taken_terminal(prose: &str, story: &Story) -> Vec<Doubt> {
    static PORT: LazyLock<Regex> =
        LazyLock::new(|| regex(r"port-forward\s.*?\s(\d{2,5})(?::\d+)?(?:\s|$)|proxy.*--port[= ](\d+)"));
    if words::has(prose, words::ELSEWHERE) {
        return Vec::new();
    }
    let mut doubts = Vec::new();
    let mut port: Option<(usize, String)> = None;
    for act in &story.acts {
        let Deed::Type(typed) = &act.deed else { continue };
        if typed.command.trim().ends_with('&') {
            continue;
        }
        if typed.runs == Runs::OnAndOn {
            let found = PORT.captures(&typed.command);
            port =
                found.and_then(|found| found.get(1).or(found.get(2)).map(|port| (act.line, port.as_str().to_owned())));
            continue;
        }
        let Some((line, number)) = &port else { continue };
        let asks = ["localhost", "127.0.0.1"].iter().any(|host| typed.command.contains(&format!("{host}:{number}")));
        if asks {
            let text = format!(
                "the command at line {line} goes on in the reader's terminal: say that this is typed into another one"
            );
            doubts.push(Doubt::mistake(act.line, text));
            port = None;
        }
    }
    doubts
}

/// Commands that need a running Pod, right after the command that creates it.
fn too_early(story: &Story) -> Vec<Doubt> {
    static NEEDS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"^KUBECTL\s+(?:-n\s+\S+\s+)?(?:port-forward|exec)\s+(?:(?:-n|--namespace|-c|--container)[ =]\S+\s+|-\S+\s+)*(?:pod/)?([a-z0-9-]+)\s",
        )
    });
    static MAKES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"^KUBECTL\s+(?:-n\s+\S+\s+)?(?:create\s+(?:-|deploy|job|pod)|(?:apply|run|replace)\s)")
    });
    let commands = |act: &Act| match &act.deed {
        Deed::Type(typed) if !typed.is_inside => Some(typed.command.clone()),
        _ => None,
    };
    // A reader looks at an output that is shown between the commands before typing the second one.
    let is_read = |act: &Act| match &act.deed {
        Deed::Type(typed) => typed.expected.as_ref().is_some_and(|expected| !expected.is_shared),
        _ => false,
    };
    let pairs = story.acts.windows(2).enumerate();
    let pairs = pairs.filter(|(_, pair)| pair[0].block == pair[1].block && !is_read(&pair[0]));
    let waits = |command: &str| ["wait", "rollout status", "sleep "].iter().any(|word| command.contains(word));
    let makes = |act: &Act| commands(act).is_some_and(|command| MAKES.is_match(&command) && !waits(&command));
    let early = pairs.filter(|(index, pair)| {
        let needs = commands(&pair[1]);
        let Some(found) = needs.as_deref().and_then(|command| NEEDS.captures(command)) else { return false };
        // A command before them that names the Pod has made it.
        let is_there = story.acts[..*index].iter().filter_map(commands).any(|command| {
            let mut words = command.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
            words.any(|word| word == &found[1])
        });
        makes(&pair[0]) && !is_there
    });
    early
        .map(|(_, pair)| Doubt {
            line: pair[1].line,
            kind: Defect::Timing,
            text: "it is typed right after the command that creates the Pod, which is not running then: let the reader wait first, with `kubectl wait`".into(),
            instead: None,
        })
        .collect()
}

/// A program that the document writes and copies into an image, while a manifest runs the one before it.
fn forgotten_file(story: &Story) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let programs: Vec<(usize, &str)> = story
        .acts
        .iter()
        .enumerate()
        .filter_map(|(index, act)| match &act.deed {
            Deed::Write(source) => Some((index, source.name.as_deref()?)),
            _ => None,
        })
        .filter(|(_, name)| [".py", ".js", ".sh", ".rb", ".go"].iter().any(|end| name.ends_with(end)))
        .collect();
    for (index, name) in &programs {
        let uses = |act: &Act, name: &str| text_of(act).lines().any(|line| line.contains(name) && !copies(line));
        let is_used = story.acts[index + 1..].iter().any(|act| uses(act, name));
        let mut earlier =
            programs.iter().filter(|(before, other)| before < index && names::differ_in_a_number(name, other));
        let Some((_, other)) = earlier.next_back().filter(|_| !is_used) else { continue };
        let Some(runs) = story.acts[index + 1..].iter().find(|act| uses(act, other)) else { continue };
        let at = text_of(runs).lines().position(|line| line.contains(other)).unwrap_or(0);
        let text = format!("this runs {other}; nothing runs {name}, which the document writes before it");
        doubts.push(Doubt::mistake(runs.line + at, text));
    }
    doubts
}

fn copies(line: &str) -> bool {
    let line = line.trim_start();
    ["COPY ", "ADD ", "import ", "from "].iter().any(|word| line.starts_with(word))
}

fn text_of(act: &Act) -> &str {
    match &act.deed {
        Deed::Type(typed) => &typed.command,
        Deed::Write(source) | Deed::Offer(source) => &source.text,
        Deed::Leave(text, _) | Deed::Say(text) => text,
    }
}

/// Two Pods of one name that no command applies: the second cannot be applied over the first.
fn same_name(all: &[ReviewedObject]) -> Vec<Doubt> {
    let offered: Vec<&ReviewedObject> = all.iter().filter(|object| object.is_offered && object.kind == "Pod").collect();
    let mut doubts = Vec::new();
    for (index, second) in offered.iter().enumerate() {
        let first =
            offered[..index].iter().find(|other| other.name == second.name && other.namespace == second.namespace);
        let Some(first) = first.filter(|first| !is_update(first, second)) else { continue };
        let text = format!(
            "{} has the name of the Pod at line {}: it cannot be applied while that one exists",
            second.shown(),
            first.line
        );
        doubts.push(Doubt::mistake(second.line_of(&["name:", &second.name]), text));
    }
    doubts
}

/// Whether one Pod may become the other: only images, labels and annotations differ.
fn is_update(first: &ReviewedObject, second: &ReviewedObject) -> bool {
    let bare = |object: &ReviewedObject| {
        let mut pod = object.pod().cloned().unwrap_or_default();
        for container in pod.get_mut("containers").and_then(|list| list.as_array_mut()).into_iter().flatten() {
            if let Some(container) = container.as_object_mut() {
                container.remove("image");
            }
        }
        pod
    };
    bare(first) == bare(second)
}
