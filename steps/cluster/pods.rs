//! Gives each cluster Pod addresses of its own.
//!
//! The clusters of an engine share its network. Nodes of the offline image answer there for the addresses of their own
//! Pods. If two clusters had Pods of the same address, either one's nodes might reach the other one's Pods.

use std::path::Path;

use super::configuration::{Configuration, PODS};
use crate::verdict::{Fault, Outcome};

/// The first addresses that no other cluster has.
///
/// `clusters` is the folder with a folder for each cluster, which contains its kind configuration. Returns `None` if all
/// are taken: kind chooses then.
///
/// # Errors
/// If the folder cannot be read.
pub fn free(clusters: &Path, name: &str) -> Outcome<Option<String>> {
    let entries = std::fs::read_dir(clusters)
        .map_err(|error| Fault::broken(format!("cannot read {}: {error}", clusters.display())))?;
    let others = entries.flatten().filter(|entry| entry.file_name() != name).map(|entry| entry.path());
    let taken: Vec<String> = others.filter_map(|folder| of_cluster(&folder)).collect();
    Ok((244..=255).chain(128..244).map(|second| format!("10.{second}.0.0/16")).find(|pods| !taken.contains(pods)))
}

/// The addresses of an existing cluster. One that labproof did not make has no kind configuration here.
fn of_cluster(folder: &Path) -> Option<String> {
    match Configuration::read(&folder.join("kind.yaml")) {
        Ok(configuration) => configuration.pods().map(str::to_owned),
        Err(_) => Some(PODS.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_clusters_have_the_same_pod_addresses() {
        let clusters = tempfile::tempdir().unwrap();
        let has = |name: &str, configuration: Option<&str>| {
            let folder = clusters.path().join(name);
            std::fs::create_dir(&folder).unwrap();
            if let Some(text) = configuration {
                std::fs::write(folder.join("kind.yaml"), text).unwrap();
            }
        };
        let free = |name: &str| free(clusters.path(), name).unwrap().unwrap();
        assert_eq!(free("demo"), PODS);
        has("demo", Some("{kind: Cluster}"));
        assert_eq!(free("phases"), "10.245.0.0/16");
        assert_eq!(free("demo"), PODS, "a cluster that is made again keeps its addresses");
        has("phases", Some("{kind: Cluster, networking: {podSubnet: 10.245.0.0/16}}"));
        has("six", Some("{kind: Cluster, networking: {ipFamily: ipv6}}"));
        assert_eq!(free("third"), "10.246.0.0/16");
        std::fs::remove_dir_all(clusters.path().join("demo")).unwrap();
        assert_eq!(free("third"), PODS);
        has("adopted", None);
        assert_eq!(free("third"), "10.246.0.0/16");
    }
}
