//! The objects that a document makes: those of its manifests, wherever they stand, and those of its commands.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;
use serde_json::Value;

use crate::{
    document::story::{Deed, Story},
    expression::{kubectl_regex, regex},
    yaml::{self, Bounds},
};

/// Labels, or the labels that a selector asks for.
pub(super) type Labels = BTreeMap<String, String>;

/// An object of a manifest.
#[derive(Clone, Debug)]
pub(super) struct ReviewedObject {
    /// The line in the document of its first line.
    pub(super) line: usize,
    /// Its text.
    pub(super) text: String,
    /// Its kind.
    pub(super) kind: String,
    /// Its name.
    pub(super) name: String,
    /// The namespace that it names.
    pub(super) namespace: Option<String>,
    /// Its content.
    pub(super) value: Value,
    /// Whether no command uses its manifest.
    pub(super) is_offered: bool,
}

impl ReviewedObject {
    /// Its name in messages.
    pub(super) fn shown(&self) -> String {
        format!("the {} {}", self.kind, self.name)
    }

    /// The line of the document that contains all these words, or the object's first line.
    pub(super) fn line_of(&self, words: &[&str]) -> usize {
        let index = self.text.lines().position(|line| words.iter().all(|word| line.contains(word)));
        self.line + index.unwrap_or(0)
    }

    /// The specification of the Pods that it makes, if it makes some.
    pub(super) fn pod(&self) -> Option<&Value> {
        let path = match self.kind.as_str() {
            "Pod" => "/spec",
            "CronJob" => "/spec/jobTemplate/spec/template/spec",
            _ => "/spec/template/spec",
        };
        self.value.pointer(path)
    }

    /// Its own labels.
    pub(super) fn labels(&self) -> Labels {
        self.value.pointer("/metadata/labels").map(labels).unwrap_or_default()
    }

    /// The labels of the Pods that it makes.
    pub(super) fn pod_labels(&self) -> Option<Labels> {
        let path = match self.kind.as_str() {
            "Pod" => "/metadata/labels",
            "CronJob" => "/spec/jobTemplate/spec/template/metadata/labels",
            _ => "/spec/template/metadata/labels",
        };
        self.pod()?;
        Some(self.value.pointer(path).map(labels).unwrap_or_default())
    }

    /// The names of the volumes of its Pods, and of the claims that a `StatefulSet` makes for them.
    pub(super) fn volume_names(&self) -> Vec<&str> {
        let lists = [self.pod().and_then(|pod| pod.get("volumes")), self.value.pointer("/spec/volumeClaimTemplates")];
        let volumes = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        volumes.filter_map(|volume| volume.pointer("/name").or(volume.pointer("/metadata/name"))?.as_str()).collect()
    }

    /// The containers of its Pods, those that begin first included.
    pub(super) fn containers(&self) -> Vec<&Value> {
        let lists = ["initContainers", "containers"];
        let found = lists.iter().filter_map(|list| self.pod()?.get(*list)?.as_array());
        found.flatten().collect()
    }
}

/// All objects of the manifests of a document.
pub(super) fn of(story: &Story) -> Vec<ReviewedObject> {
    let mut objects = Vec::new();
    for act in &story.acts {
        match &act.deed {
            Deed::Write(source) => objects.extend(in_text(&source.text, act.line, false)),
            Deed::Offer(source) => objects.extend(in_text(&source.text, act.line, !source.is_applied)),
            Deed::Type(typed) if typed.command.contains("kind:") => {
                for (before, text) in here_documents(&typed.command) {
                    objects.extend(in_text(&text, act.line + before, false));
                }
            }
            _ => {}
        }
    }
    objects
}

fn in_text(text: &str, line: usize, is_offered: bool) -> Vec<ReviewedObject> {
    let documents = yaml::read(text, &Bounds::trusted()).into_iter();
    let objects = documents.filter_map(|document| {
        let value = document.content.ok()?;
        let at = |path: &str| value.pointer(path).and_then(Value::as_str).map(str::to_owned);
        Some(ReviewedObject {
            line: line + document.lines_before,
            kind: at("/kind")?,
            name: at("/metadata/name")?,
            namespace: at("/metadata/namespace"),
            text: document.text,
            is_offered,
            value,
        })
    });
    objects.collect()
}

/// The here-documents of a command, each with the number of lines before it.
fn here_documents(command: &str) -> Vec<(usize, String)> {
    static BEGIN: LazyLock<Regex> = LazyLock::new(|| regex(r#"<<-?\s*["'\\]?([\w.-]+)"#));
    let lines: Vec<&str> = command.lines().collect();
    let mut found = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let end = BEGIN.captures(lines[index]).map(|found| found[1].to_owned());
        index += 1;
        let Some(end) = end else { continue };
        let first = index;
        while index < lines.len() && lines[index].trim() != end {
            index += 1;
        }
        found.push((first, lines[first..index].iter().map(|line| format!("{line}\n")).collect()));
    }
    found
}

/// The pairs of a map.
pub(super) fn labels(value: &Value) -> Labels {
    let pairs = value.as_object().into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// The labels of Pods that commands make: `kubectl run web` and `kubectl create deployment web`.
pub(super) fn labels_by_command(story: &Story) -> Vec<Labels> {
    static MADE: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"KUBECTL\s+(?:-n\s+\S+\s+)?(run|create\s+(?:deployment|deploy))\s+(?:-\S+\s+)*([a-z0-9][\w.-]*)([^\n]*)",
        )
    });
    static LABELS: LazyLock<Regex> = LazyLock::new(|| regex(r"(?:-l|--labels)[= ]?[\x22']?([\w./=,-]+)"));
    let mut all = Vec::new();
    for command in commands(story) {
        for found in MADE.captures_iter(&command) {
            let key = if &found[1] == "run" { "run" } else { "app" };
            let mut labels = Labels::from([(key.to_owned(), found[2].to_owned())]);
            if let Some(given) = LABELS.captures(&found[3]) {
                labels = given[1]
                    .split(',')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(key, value)| (key.to_owned(), value.to_owned()))
                    .collect();
            }
            all.push(labels);
        }
    }
    all
}

/// The names of the objects of a kind that commands make, as `kubectl create configmap NAME`.
pub(super) fn made_by_command(story: &Story, kind: &str) -> BTreeSet<String> {
    let kinds = match kind {
        "ConfigMap" => "(?:configmap|cm)",
        "Secret" => r"secret\s+(?:generic|tls|docker-registry)",
        "ServiceAccount" => "(?:serviceaccount|sa)",
        "Namespace" => "(?:namespace|ns)",
        "Service" => r"(?:service|svc)\s+\w+",
        "Deployment" => "(?:deployment|deploy)",
        "Role" => "role",
        "ClusterRole" => "clusterrole",
        "PriorityClass" => "(?:priorityclass|pc)",
        _ => return BTreeSet::new(),
    };
    let made = kubectl_regex(&format!(r"KUBECTL\s+(?:-n\s+\S+\s+)?create\s+(?:-\S+\s+)*{kinds}\s+([a-z0-9][\w.-]*)"));
    let names = |command: &String| made.captures_iter(command).map(|found| found[1].to_owned()).collect::<Vec<_>>();
    let commands = commands(story);
    let exposed = commands.iter().filter(|_| kind == "Service").filter_map(|command| exposed(command));
    commands.iter().flat_map(names).chain(exposed).collect()
}

/// The name of the Service that `kubectl expose` makes.
fn exposed(command: &str) -> Option<String> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| regex(r"\sexpose\s.*--name[= ]([\w.-]+)"));
    static TARGET: LazyLock<Regex> = LazyLock::new(|| regex(r"\sexpose\s+(?:-\S+\s+)*[a-z]+[/\s]([\w.-]+)"));
    let name = NAMED.captures(command).or_else(|| TARGET.captures(command))?;
    Some(name[1].to_owned())
}

/// The commands of a document, on one line each, those that are not run included.
pub(super) fn commands(story: &Story) -> Vec<String> {
    let commands = story.acts.iter().filter_map(|act| match &act.deed {
        Deed::Type(typed) => Some(typed.command.replace("\\\n", " ")),
        Deed::Leave(text, _) => Some(text.replace("\\\n", " ")),
        _ => None,
    });
    commands.collect()
}

/// Whether commands that are not run, or files beside the document, may make objects that the document does not show.
pub(super) fn may_make_others(story: &Story) -> bool {
    static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"^\s*(?:helm\s+(?:install|upgrade)|git clone|KUBECTL\s(?:\S+\s+)*?(?:apply|create|replace)\s.*(?:https?://|\s-k\s|--kustomize)|KUBECTL\s(?:\S+\s+)*?-k\s|istioctl|skaffold|make)",
        )
    });
    // A name in a variable is not known here.
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(r"KUBECTL\s(?:[^|;&\n]*\s)?(?:run|create\s+\w+)\s+(?:-\S+\s+)*[\x22']?[\w-]*\$")
    });
    static SCRIPT: LazyLock<Regex> = LazyLock::new(|| regex(r"^\s*(?:(?:sh|bash)\s+(?:-\w+\s+)*|\./)([\w./-]+)"));
    let runs_another = |command: &String| {
        SCRIPT.captures(command).is_some_and(|found| !story.makes_file(&found[1]) && !story.makes_file_like(&found[1]))
    };
    let applies = |command: &String| {
        let files = crate::document::story::used_files(command);
        let makes = ["apply", "create", "replace"].iter().any(|verb| command.contains(verb));
        makes && files.iter().any(|file| !story.makes_file(file) && !story.makes_file_like(file))
    };
    let makes_unknown = |command: &String| OTHERS.is_match(command) || NAMED.is_match(command);
    commands(story).iter().any(|command| makes_unknown(command) || runs_another(command) || applies(command))
}

/// The names of the volumes of all Pods of a manifest.
#[must_use]
pub fn volume_names(text: &str) -> Vec<String> {
    let objects = in_text(text, 0, false);
    objects.iter().flat_map(ReviewedObject::volume_names).map(str::to_owned).collect()
}
