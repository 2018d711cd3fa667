//! The kinds of objects that a cluster serves, read from the server once per connection.

use kube::{
    Api, Client,
    api::{ApiResource, DynamicObject},
    core::GroupVersionKind,
    discovery::{Discovery, Scope, verbs},
};

use super::ask;
use crate::verdict::Outcome;

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

    /// The groups and plural names of all namespaced resources whose kind has this name.
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
