//! The kinds of objects that a cluster serves, read from the server once per connection, and again for a kind that was not
//! among them.

use std::time::Duration;

use kube::{
    Api, Client,
    api::{ApiResource, DynamicObject},
    core::GroupVersionKind,
    discovery::{Discovery, Scope, verbs},
};

use tokio::time::{Instant, sleep};

use super::ask;
use crate::verdict::Outcome;

/// The pause before the server is asked again for an unknown kind, which cannot be watched.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Finds something among the kinds that are known, or else among those that the server then lists, within the limit. What
/// is missing may just have been defined, and a server lists a new kind a moment after it has accepted its definition.
///
/// # Errors
/// If the server does not answer.
pub async fn find<T>(
    client: &Client,
    known: Option<&Kinds>,
    limit: Duration,
    find: impl Fn(&Kinds) -> Option<T>,
) -> Outcome<Option<T>> {
    if let Some(found) = known.and_then(&find) {
        return Ok(Some(found));
    }
    let end = Instant::now() + limit;
    loop {
        let found = find(&Kinds::ask(client.clone()).await?);
        if found.is_some() || Instant::now() + ASK_AGAIN > end {
            return Ok(found);
        }
        sleep(ASK_AGAIN).await;
    }
}

/// The kinds of a cluster.
pub struct Kinds {
    discovery: Discovery,
}

impl Kinds {
    /// Reads the kinds from the server.
    ///
    /// # Errors
    /// If the server does not answer.
    pub async fn ask(client: Client) -> Outcome<Self> {
        let discovery = ask("learn the server's kinds", Discovery::new(client).run_aggregated()).await?;
        Ok(Self { discovery })
    }

    /// The resource of a kind, and whether its objects belong to namespaces.
    #[must_use]
    pub fn find(&self, api_version: &str, kind: &str) -> Option<(ApiResource, bool)> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        let found = self.discovery.resolve_gvk(&GroupVersionKind::gvk(group, version, kind));
        found.map(|(resource, capabilities)| (resource, capabilities.scope == Scope::Namespaced))
    }

    /// The resources of a kind that is called so, such as `Deployment`, and whether their objects live in namespaces. A kind
    /// may name its group as well, as in `Gateway.gateway.networking.k8s.io`. The core group wins over others.
    #[must_use]
    pub fn named(&self, name: &str) -> Vec<(ApiResource, bool)> {
        let (kind, group) = name.split_once('.').map_or((name, None), |(kind, group)| (kind, Some(group)));
        let resources = self.discovery.groups().flat_map(kube::discovery::ApiGroup::recommended_resources);
        let is_it = |resource: &ApiResource| resource.kind == kind && group.is_none_or(|group| resource.group == group);
        let found: Vec<(ApiResource, bool)> = resources
            .filter(|(resource, capabilities)| is_it(resource) && capabilities.supports_operation(verbs::WATCH))
            .map(|(resource, capabilities)| (resource, capabilities.scope == Scope::Namespaced))
            .collect();
        let core = found.iter().find(|(resource, _)| resource.group.is_empty()).cloned();
        core.map_or(found, |core| vec![core])
    }

    /// Whether the resource of this plural name in the group, such as `deployments` in `apps`, belongs to namespaces.
    /// `None` if there is no such resource.
    #[must_use]
    pub fn is_in_namespaces(&self, group: &str, plural: &str) -> Option<bool> {
        let mut resources = self.discovery.groups().flat_map(kube::discovery::ApiGroup::recommended_resources);
        let (_, capabilities) = resources.find(|(resource, _)| resource.group == group && resource.plural == plural)?;
        Some(capabilities.scope == Scope::Namespaced)
    }

    /// The groups and plural names of all resources in namespaces whose kind is called so.
    #[must_use]
    pub fn called(&self, kind: &str) -> Vec<(String, String)> {
        let resources = self.discovery.groups().flat_map(kube::discovery::ApiGroup::recommended_resources);
        resources
            .filter(|(resource, capabilities)| resource.kind == kind && capabilities.scope == Scope::Namespaced)
            .map(|(resource, _)| (resource.group, resource.plural))
            .collect()
    }

    /// All kinds without a namespace whose objects can be listed and deleted.
    pub fn of_cluster(&self) -> Vec<ApiResource> {
        let resources = self.discovery.groups().flat_map(kube::discovery::ApiGroup::recommended_resources);
        resources
            .filter(|(_, capabilities)| capabilities.scope == Scope::Cluster)
            .filter(|(_, capabilities)| {
                [verbs::LIST, verbs::DELETE].iter().all(|verb| capabilities.supports_operation(verb))
            })
            .map(|(resource, _)| resource)
            .collect()
    }

    /// The APIs of a namespace, one for each kind whose objects can be listed and deleted together.
    pub fn of_namespace(&self, client: &Client, namespace: &str) -> Vec<Api<DynamicObject>> {
        let resources = self.discovery.groups().flat_map(kube::discovery::ApiGroup::recommended_resources);
        resources
            .filter(|(_, capabilities)| capabilities.scope == Scope::Namespaced)
            .filter(|(_, capabilities)| capabilities.supports_operation(verbs::DELETE_COLLECTION))
            .map(|(resource, _)| Api::namespaced_with(client.clone(), namespace, &resource))
            .collect()
    }
}
