//! Commands with the names of this run: generated names that the document shows, the names that it leaves to its reader,
//! and the nodes of its author's cluster.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::{
    repair,
    result::{ActResult, ActVerdict},
    walk::{SHORT_LIMIT, Walk, left},
};
use crate::{
    document::{
        blanks::{self, Blank},
        judge::with_pods,
    },
    expression::kubectl_regex,
};

impl Walk<'_> {
    /// A command for this machine with real names, and a note for each blank that was filled in.
    ///
    /// # Errors
    /// The result of the command if there is no object that a blank can stand for, or if it must not be run as it is now.
    pub(super) async fn filled(&mut self, command: &str) -> Result<(String, Vec<String>), ActResult> {
        let (filled, notes) = self.named(command).await?;
        // A name may say what is harmful: that of a node, for example. Later commands call it as this one did.
        let blank = blanks::first(command).filter(|blank| blank.kind == "node").map(|blank| blank.text);
        let blank = blank.and_then(|text| Some((text, first_node(&filled, &self.world.nodes)?.to_owned())));
        let known = self.world.bound.iter().filter(|(_, node)| self.world.nodes.contains(*node));
        let real: Vec<(String, String)> = known.map(|(name, node)| (name.clone(), node.clone())).chain(blank).collect();
        let with_real_nodes =
            |line: &String| real.iter().fold(line.clone(), |line, (name, node)| line.replace(name, node));
        let lines: Vec<Vec<String>> =
            self.lines.iter().map(|lines| lines.iter().map(with_real_nodes).collect()).collect();
        match self.terminal.judge(&filled, &lines) {
            Some(why) => Err(left(&why)),
            None => Ok((filled, notes)),
        }
    }

    /// A command with real names, and a note for each blank that was filled in.
    ///
    /// # Errors
    /// The result of the command if there is no object that a blank can stand for.
    pub(super) async fn named(&mut self, command: &str) -> Result<(String, Vec<String>), ActResult> {
        let mut notes: Vec<String> = nodes_of(command).into_iter().filter_map(|name| self.bind_node(name)).collect();
        let mut command = self.with_real_names(command);
        while let Some(blank) = blanks::first(&command) {
            let value = self.value_for(&blank, blanks::namespace_of(&command)).await?;
            command = command.replace(&blank.text, &value);
            notes.push(format!("{} stands for {value}", blank.text));
        }
        Ok((command, notes))
    }

    /// Lets a node of another cluster stand for one of this cluster: its control plane, or the worker of its number.
    fn bind_node(&mut self, name: &str) -> Option<String> {
        let is_known = self.world.nodes.contains(name) || self.world.bound.contains_key(name);
        let is_meant = !self.page.texts().iter().any(|text| text.contains(&format!("nodes \"{name}\" not found")));
        let real = node_like(name, &self.world.nodes).filter(|_| !is_known && is_meant)?;
        let note = format!("{name} stands for {real}");
        self.world.bound.insert(name.to_owned(), real);
        Some(note)
    }

    /// A command with the real names in place of generated ones that the document shows.
    fn with_real_names(&self, command: &str) -> String {
        let command = &with_pods(command, self.world.pods_of_runs.iter());
        let bound = self.world.bound.iter().filter(|(shown, real)| shown != real && shown.len() > 4);
        repair::with_words(command, bound.map(|(shown, real)| (shown.as_str(), real.as_str())))
    }

    /// The value of the first object of the last listing of the kind or, if the document lists none, of all objects of the
    /// kind.
    async fn value_for(
        &mut self,
        Blank { text, kind, field, stem }: &Blank,
        namespace: Option<String>,
    ) -> Result<String, ActResult> {
        let (kind, field) = match (kind.as_str(), &self.last_listed) {
            ("", Some(kind)) => (kind.clone(), blanks::address_of(kind)),
            ("", None) => ("service".to_owned(), blanks::address_of("service")),
            (kind, _) => (kind.to_owned(), *field),
        };
        let option = namespace.as_ref().map(|name| format!(" -n {name}")).unwrap_or_default();
        // What is listed in another namespace is not found by this command.
        let listed = self.listed.get(&kind).filter(|(name, of)| *of == namespace && name.starts_with(stem));
        let listed = listed.map(|(name, _)| name.clone());
        let name = match listed {
            Some(name) if self.exists(&kind, &name, &option).await? => Some(name),
            _ => self.first_object(&format!("{kind}{option}"), stem).await?,
        };
        let nothing = || {
            let why = format!("placeholder: {text} stands for a {kind}, and there is none");
            ActResult::of(ActVerdict::NotRun, why)
        };
        let name = name.ok_or_else(nothing)?;
        if field == ".metadata.name" {
            return Ok(name);
        }
        let value = self.printed(&format!("kubectl get {kind} {name}{option} -o 'jsonpath={{{field}}}'")).await?;
        if value.is_empty() || value == "None" { Err(nothing()) } else { Ok(value) }
    }

    /// Whether an object that was listed is still there.
    async fn exists(&mut self, kind: &str, name: &str, option: &str) -> Result<bool, ActResult> {
        let found = self.printed(&format!("kubectl get {kind} {name}{option} --ignore-not-found -o name")).await?;
        Ok(!found.is_empty())
    }

    /// The name of the first object of a kind, which may have the option of a namespace behind it, that begins so.
    async fn first_object(&mut self, kind: &str, stem: &str) -> Result<Option<String>, ActResult> {
        let listing = self.printed(&format!("kubectl get {kind} -o name")).await?;
        let mut names = listing.lines().filter_map(|line| line.split_once('/')).map(|(_, name)| name.to_owned());
        Ok(names.find(|name| name.starts_with(stem) && (!kind.starts_with("service") || name != "kubernetes")))
    }

    async fn printed(&mut self, command: &str) -> Result<String, ActResult> {
        let output = self.scene.run_for(command, SHORT_LIMIT).await.map_err(ActResult::from_fault)?;
        Ok(output.stdout.trim().to_owned())
    }
}

/// The first node of this cluster that a command names.
fn first_node<'a>(command: &'a str, nodes: &BTreeSet<String>) -> Option<&'a str> {
    command.split([' ', '/']).find(|word| nodes.contains(*word))
}

/// The nodes that a command names.
fn nodes_of(command: &str) -> Vec<&str> {
    static NODES: LazyLock<Regex> = LazyLock::new(|| {
        kubectl_regex(
            r"(?m)^\s*KUBECTL\s+(?:(?:label|taint|describe|get|annotate|wait|patch|top)\s+(?:nodes?|no)[\s/]+|(?:drain|cordon|uncordon)\s+)([a-z0-9][a-z0-9.-]*)",
        )
    });
    NODES.captures_iter(command).filter_map(|found| found.get(1)).map(|name| name.as_str()).collect()
}

/// The node of these that one of another cluster is most like.
fn node_like(name: &str, nodes: &BTreeSet<String>) -> Option<String> {
    let (planes, workers): (Vec<&String>, Vec<&String>) = nodes.iter().partition(|node| node.contains("control-plane"));
    let is_plane = name.split(['-', '.']).any(|word| matches!(word, "control" | "master" | "cp" | "controlplane"));
    let digits: String = name.chars().rev().take_while(char::is_ascii_digit).collect();
    let number: usize = digits.chars().rev().collect::<String>().parse().unwrap_or(1);
    let index = number.saturating_sub(1);
    let of = if is_plane || workers.is_empty() { planes } else { workers };
    of.get(index).or(of.first()).map(|node| (*node).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_of_another_cluster_stands_for_one_of_this() {
        let nodes: BTreeSet<String> = ["demo-control-plane", "demo-worker", "demo-worker2"].map(str::to_owned).into();
        for (name, real) in [
            ("k8s-cp", "demo-control-plane"),
            ("master-1", "demo-control-plane"),
            ("k8s-w1", "demo-worker"),
            ("node2", "demo-worker2"),
            ("minikube", "demo-worker"),
            ("node9", "demo-worker"),
        ] {
            assert_eq!(node_like(name, &nodes).as_deref(), Some(real), "{name}");
        }
        for (command, names) in [
            ("kubectl label node k8s-w1 gpu=true", vec!["k8s-w1"]),
            ("kubectl drain node1 --force", vec!["node1"]),
            ("kubectl get nodes -o name", vec![]),
            ("kubectl get nodes | wc -l", vec![]),
            ("kubectl get pods -l node=x", vec![]),
        ] {
            assert_eq!(nodes_of(command), names, "{command}");
        }
    }
}
