//! Names in commands: real ones in place of those of one run, and the Pods for which a command must wait.

use super::{
    needs::mentions,
    steps::{SOON, Writer, quoted},
};
use crate::document::{
    blanks,
    judge::values::generated,
    story::{Act, Deed, Source},
};

impl Writer {
    /// The command with variables in place of names that are others in each run.
    pub(super) fn filled(&mut self, command: &str) -> Result<String, String> {
        let mut command = command.to_owned();
        while let Some(blank) = blanks::first(&command) {
            if blank.kind.is_empty() {
                return Err(format!("it does not say whose address {} is", blank.text));
            }
            let variable = self.variable(&blank.text, |variable| match blank.stem.as_str() {
                "" => format!("{variable}=$(kubectl get {} -o jsonpath='{{.items[0]{}}}')", blank.kind, blank.field),
                stem => {
                    let first = format!("index($2, \"{stem}\") == 1 && !n++ {{print $2}}");
                    format!("{variable}=$(kubectl get {} -o name | awk -F/ '{first}')", blank.kind)
                }
            });
            command = command.replace(&blank.text, &format!("${variable}"));
        }
        while let Some((name, stem)) = generated(&command).map(|(name, stem)| (name.to_owned(), stem.to_owned())) {
            if command.contains('\'') || !command.contains("kubectl") {
                return Err(format!("it contains the name {name}, which is another in each run"));
            }
            let pattern = format!("/^pod\\/{stem}-/ && !n++ {{print $2}}");
            let variable = self
                .variable(&name, |variable| format!("{variable}=$(kubectl get pods -o name | awk -F/ '{pattern}')"));
            command = command.replace(&name, &format!("${variable}"));
        }
        Ok(command)
    }

    fn variable(&mut self, shown: &str, assignment: impl Fn(&str) -> String) -> String {
        if let Some(variable) = self.variables.get(shown) {
            return variable.clone();
        }
        let variable = format!("name{}", self.variables.len() + 1);
        self.then(format!(
            "{SOON} {} succeeds",
            quoted(&format!("{} && [ -n \"${variable}\" ]", assignment(&variable)))
        ));
        self.variables.insert(shown.to_owned(), variable.clone());
        variable
    }

    /// Waits for the Pods that a command needs.
    pub(super) fn wait_for(&mut self, command: &str) {
        const NEED: &[&str] = &[" exec ", " port-forward ", " attach ", " cp ", "$("];
        if !NEED.iter().any(|word| command.contains(word)) {
            return;
        }
        let named: Vec<(String, String)> = self
            .workloads
            .iter()
            .filter(|(name, _)| mentions(command, name) && !self.awaited.contains(*name))
            .map(|(name, kind)| (name.clone(), kind.clone()))
            .collect();
        for (name, kind) in named {
            let state = if kind == "Pod" { "is ready" } else { "is rolled out" };
            self.then(format!("{SOON} the {kind} \"{name}\" {state}"));
            self.awaited.insert(name);
        }
    }

    /// Learns which workloads a command makes.
    pub(super) fn learn(&mut self, command: &str, acts: &[Act]) {
        let words: Vec<&str> = command.split_whitespace().collect();
        match words.as_slice() {
            ["kubectl", "run", name, ..] if !command.contains("--rm") => {
                self.workloads.insert((*name).to_owned(), "Pod".into());
            }
            ["kubectl", "create", "deployment" | "deploy", name, ..] => {
                self.workloads.insert((*name).to_owned(), "Deployment".into());
            }
            ["kubectl", "apply" | "create" | "replace", ..] => {
                for act in acts {
                    if let Deed::Write(source) = &act.deed
                        && source.name.as_deref().is_some_and(|name| mentions(command, name))
                    {
                        self.made(source);
                    }
                }
            }
            _ => {}
        }
    }

    pub(super) fn made(&mut self, source: &Source) {
        const KINDS: &[&str] = &["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"];
        for object in source.objects() {
            if let Some((kind, name)) = object.split_once('/').filter(|(kind, _)| KINDS.contains(kind)) {
                self.awaited.remove(name);
                self.workloads.insert(name.to_owned(), kind.to_owned());
            }
        }
    }
}
