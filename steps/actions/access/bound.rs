//! The roles that `RoleBindings` give to somebody, for the explanation of a right that is missing.

use k8s_openapi::api::rbac::v1::{ClusterRole, PolicyRule, Role, RoleBinding, Subject};
use kube::{Api, ResourceExt, api::ListParams};

use super::Holder;
use crate::{
    cluster::{Cluster, ask},
    verdict::Outcome,
};

impl Holder {
    /// What each `RoleBinding` of this namespace that names the holder allows, a line for each.
    ///
    /// # Errors
    /// If the cluster does not answer.
    pub(super) async fn bound(&self, cluster: &Cluster, namespace: &str) -> Outcome<Vec<String>> {
        let bindings = cluster.api::<RoleBinding>(namespace);
        let bindings = ask("list the RoleBindings", bindings.list(&ListParams::default())).await?;
        let mut lines = Vec::new();
        for binding in bindings.items {
            if binding.subjects.iter().flatten().any(|subject| self.is(subject, namespace)) {
                let (kind, name) = (&binding.role_ref.kind, &binding.role_ref.name);
                let rules = rules(cluster, namespace, kind, name).await?;
                lines.push(format!("RoleBinding {}, {kind} {name}: {}", binding.name_any(), allowed(rules.as_deref())));
            }
        }
        Ok(lines)
    }

    fn is(&self, subject: &Subject, namespace: &str) -> bool {
        let (kind, name) = match self {
            Self::ServiceAccount(name) => ("ServiceAccount", name),
            Self::User(name) => ("User", name),
            Self::Group(name) => ("Group", name),
        };
        let is_here = subject.namespace.as_deref().is_none_or(|own| own == namespace);
        subject.kind == kind && subject.name == *name && is_here
    }
}

/// The rules of a role; `None` if it does not exist.
async fn rules(cluster: &Cluster, namespace: &str, kind: &str, name: &str) -> Outcome<Option<Vec<PolicyRule>>> {
    let what = format!("read the {kind} {name}");
    if kind == "ClusterRole" {
        let roles: Api<ClusterRole> = Api::all(cluster.client());
        return Ok(ask(&what, roles.get_opt(name)).await?.map(|role| role.rules.unwrap_or_default()));
    }
    let role = ask(&what, cluster.api::<Role>(namespace).get_opt(name)).await?;
    Ok(role.map(|role| role.rules.unwrap_or_default()))
}

fn allowed(rules: Option<&[PolicyRule]>) -> String {
    let Some(rules) = rules else { return "this role does not exist".into() };
    let list = |words: &Option<Vec<String>>| words.clone().unwrap_or_default().join(", ");
    let rules: Vec<String> = rules
        .iter()
        .map(|rule| {
            let names = list(&rule.resource_names);
            let called = if names.is_empty() { names } else { format!(" called {names}") };
            format!("{} of {}{called}", rule.verbs.join(", "), list(&rule.resources))
        })
        .collect();
    if rules.is_empty() { "nothing".into() } else { rules.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_a_role_are_read_aloud() {
        let rules: Vec<PolicyRule> = serde_yaml::from_str(
            "[{apiGroups: [''], resources: [pod], verbs: [get, list]}, {resources: [secrets], resourceNames: [db], verbs: [get]}]",
        )
        .unwrap();
        assert_eq!(allowed(Some(&rules)), "get, list of pod; get of secrets called db");
        assert_eq!(allowed(Some(&[])), "nothing");
        assert_eq!(allowed(None), "this role does not exist");
    }
}
