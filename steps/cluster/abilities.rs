//! Tries what only some clusters can do: provide volumes, and enforce network policies.
//!
//! Objects do not say it: a storage class may name a provisioner that does not run, and the server accepts network policies
//! that nothing enforces. Each try creates a namespace of its own with a few Pods, once per run.

mod network_policies;
mod volumes;

use futures::future::join_all;
use k8s_openapi::api::apps::v1::Deployment;
use kube::Api;

use super::{Cluster, ask, namespace, object};
use crate::{
    machine::journal::{Entry, Journal},
    verdict::{Fault, Outcome},
};

/// Something that only some clusters can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ability {
    /// A provisioner creates a volume for each claim.
    Volumes,
    /// The network enforces network policies.
    NetworkPolicies,
}

/// What the tries showed about a cluster.
#[derive(Clone, Debug, Default)]
pub struct TriedAbilities(Vec<(Ability, Outcome)>);

impl TriedAbilities {
    /// Tries which of these abilities a cluster has.
    pub async fn of(cluster: &Cluster, journal: &Journal, run: &str, abilities: Vec<Ability>) -> Self {
        let shown = abilities.into_iter().map(async |ability| (ability, ability.show(cluster, journal, run).await));
        Self(join_all(shown).await)
    }

    /// Whether the cluster has this ability; `None` if that was not tried.
    #[must_use]
    pub fn get(&self, ability: Ability) -> Option<&Outcome> {
        self.0.iter().find(|(of, _)| *of == ability).map(|(_, shown)| shown)
    }
}

impl Ability {
    /// Tries whether a cluster has this ability, in a namespace that is removed afterwards.
    ///
    /// # Errors
    /// `skipped` if the cluster does not have it, `broken` if the cluster does not answer.
    pub async fn show(self, cluster: &Cluster, journal: &Journal, run: &str) -> Outcome {
        let name = format!("labproof-{}-{run}", self.name());
        journal.note(Entry::Namespace { cluster: cluster.name().into(), name: name.clone() })?;
        let shown = match namespace::create(cluster, &name, run, &[]).await {
            Ok(()) => self.show_in(cluster, &name).await,
            Err(fault) => Err(fault),
        };
        let removed = namespace::remove(cluster, &name).await;
        shown.and(removed)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Volumes => "volumes",
            Self::NetworkPolicies => "network-policies",
        }
    }

    async fn show_in(self, cluster: &Cluster, namespace: &str) -> Outcome {
        match self {
            Self::Volumes => volumes::show(cluster, namespace).await,
            Self::NetworkPolicies => network_policies::show(cluster, namespace).await,
        }
    }
}

/// The image of a server that every node already has: the cluster's DNS.
async fn image(cluster: &Cluster) -> Outcome<String> {
    let deployments: Api<Deployment> = cluster.api("kube-system");
    let dns = ask("look for the cluster's DNS", deployments.get_opt("coredns")).await?;
    let pod = dns.and_then(|dns| dns.spec).and_then(|spec| spec.template.spec);
    let image = pod.into_iter().flat_map(|pod| pod.containers).find_map(|container| container.image);
    image.ok_or_else(|| {
        Fault::skipped(format!(
            "labproof cannot test what the cluster {} can do: it has no Deployment coredns",
            cluster.name()
        ))
    })
}

#[cfg(test)]
mod tests;
