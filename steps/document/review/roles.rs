//! Rules of roles about resources that their groups do not have: the server accepts them, and they allow nothing.

use std::collections::BTreeSet;

use serde_json::Value;

use super::objects::ReviewedObject;
use crate::{document::doubt::Doubt, kinds::KINDS};

/// What is wrong with the rules of the roles among these objects.
pub(super) fn doubts(objects: &[ReviewedObject]) -> Vec<Doubt> {
    let roles = objects.iter().filter(|object| ["Role", "ClusterRole"].contains(&object.kind.as_str()));
    roles.flat_map(of_role).collect()
}

fn of_role(role: &ReviewedObject) -> Vec<Doubt> {
    let rules = role.value["rules"].as_array().into_iter().flatten().enumerate();
    let wrong = rules.filter_map(|(index, rule)| Some((index, wrong_resource(rule)?)));
    wrong
        .map(|(index, (resource, group))| {
            let lines = role.text.lines().enumerate().filter(|(_, line)| line.contains("apiGroups:"));
            let (place, line) = { lines }.nth(index).unwrap_or_default();
            let text = format!("no group of this rule has {resource}: write `apiGroups: [\"{group}\"]`");
            let doubt = Doubt::mistake(role.line + place, text);
            if line.contains("\"\"") { doubt.instead("\"\"", &format!("\"{group}\"")) } else { doubt }
        })
        .collect()
}

/// The first resource of a rule that none of its groups has, and its group. A group that is not Kubernetes' own may have
/// resources of any name.
fn wrong_resource(rule: &Value) -> Option<(&str, &'static str)> {
    let groups: BTreeSet<&str> = texts(&rule["apiGroups"]).collect();
    let are_own = groups.iter().all(|group| KINDS.iter().any(|kind| groups_of(kind.plural).contains(group)));
    if groups.is_empty() || !are_own {
        return None;
    }
    texts(&rule["resources"]).find_map(|resource| {
        let own = groups_of(resource.split('/').next()?);
        let group = own.first().filter(|_| own.is_disjoint(&groups))?;
        Some((resource, *group))
    })
}

/// The groups that have resources of this plural.
fn groups_of(plural: &str) -> BTreeSet<&'static str> {
    let kinds = KINDS.iter().filter(|kind| kind.plural == plural);
    kinds.flat_map(|kind| kind.versions).map(|version| version.split_once('/').map_or("", |(group, _)| group)).collect()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}
