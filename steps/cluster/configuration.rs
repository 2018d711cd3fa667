//! The kind configuration of the labs' cluster, and what labproof adds to it before kind reads it.
//!
//! Everything that the author wrote is kept, including node images. labproof adds what the Kubernetes version, the
//! machine's control groups and a remote engine need, and the folder from which the nodes read images.

use std::path::{Path, PathBuf};

use serde_yaml::{Mapping, Value};

use crate::{
    images::handover,
    settings,
    verdict::{Fault, Outcome},
};

/// The addresses that kind gives Pods by default.
pub const PODS: &str = "10.244.0.0/16";

/// A kind configuration.
#[derive(Clone, Debug)]
pub struct Configuration {
    root: Mapping,
}

/// The facts that decide what is added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The node image for nodes without one.
    pub image: String,
    /// The Kubernetes version of the nodes, such as `v1.35.8`.
    pub kubernetes: String,
    /// Whether the engine's machine has control groups of version 1.
    pub cgroup_v1: bool,
    /// The folder of this machine to mount into the nodes, if the engine can mount it.
    pub handover: Option<PathBuf>,
    /// The address at which the ports of a remote engine's machine are reached.
    pub remote: Option<String>,
    /// The addresses for the cluster's Pods, such as `10.245.0.0/16`, unless kind chooses them.
    pub pods: Option<String>,
}

impl Configuration {
    /// Reads a kind configuration.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a kind configuration.
    pub fn read(path: &Path) -> Outcome<Self> {
        let text =
            settings::text(path).map_err(|error| Fault::refused(format!("cannot read {}: {error}", path.display())))?;
        Self::parse(&text)
            .map_err(|error| Fault::refused(format!("{} is not a kind configuration: {error}", path.display())))
    }

    fn parse(text: &str) -> Result<Self, serde_yaml::Error> {
        Ok(Self { root: serde_yaml::from_str(text)? })
    }

    /// The name of the cluster that it defines.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.root.get("name")?.as_str()
    }

    /// The first node image that the configuration names.
    #[must_use]
    pub fn own_image(&self) -> Option<&str> {
        self.root.get("nodes")?.as_sequence()?.iter().find_map(|node| node.get("image")?.as_str())
    }

    /// The addresses of the cluster's Pods, if it has IPv4 addresses alone.
    #[must_use]
    pub fn pods(&self) -> Option<&str> {
        let networking = self.root.get("networking");
        let field = |name: &str| networking.and_then(|networking| networking.get(name)?.as_str());
        matches!(field("ipFamily"), None | Some("ipv4")).then(|| field("podSubnet").unwrap_or(PODS))
    }

    /// Returns the completed configuration, and one note for each addition that the user should know about.
    ///
    /// # Errors
    /// If the configuration has a value of another type where something must be added.
    pub fn complete(mut self, around: &Surroundings) -> Outcome<(String, Vec<String>)> {
        let mut notes = Vec::new();
        for node in self.nodes()? {
            set(node, "image", &*around.image);
            if let Some(folder) = &around.handover {
                list(node, "extraMounts")?.push(mount(folder, handover::IN_NODE));
            }
        }
        let minor = minor(&around.kubernetes);
        if minor.is_some_and(|minor| minor < 36) {
            // Graded scenarios need this policy API: https://kep.k8s.io/3962. It is enabled by default from 1.36 on.
            let api = if minor < Some(34) { "v1alpha1" } else { "v1beta1" };
            set(self.map("featureGates")?, "MutatingAdmissionPolicy", true);
            set(self.map("runtimeConfig")?, &format!("admissionregistration.k8s.io/{api}"), "true");
        }
        if let (Some(pods), Some(_)) = (&around.pods, self.pods()) {
            set(self.map("networking")?, "podSubnet", &**pods);
        }
        if around.cgroup_v1 && minor.is_some_and(|minor| minor >= 35) {
            self.patch("kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nfailCgroupV1: false\n")?;
            notes.push(format!(
                "this machine has control groups v1, which Kubernetes {} refuses: labproof has set failCgroupV1: false",
                around.kubernetes
            ));
        }
        if let Some(address) = &around.remote {
            set(self.map("networking")?, "apiServerAddress", "0.0.0.0");
            self.patch(&format!(
                "kind: ClusterConfiguration\napiServer:\n  certSANs: [{address:?}, localhost, 127.0.0.1, 0.0.0.0]\n"
            ))?;
            notes.push(format!("the engine is remote: the API server is reached at {address}"));
        }
        let text = serde_yaml::to_string(&self.root);
        Ok((text.map_err(|error| Fault::broken(format!("cannot write the kind configuration: {error}")))?, notes))
    }

    /// The nodes, of which there is at least one.
    fn nodes(&mut self) -> Outcome<Vec<&mut Mapping>> {
        let nodes = list(&mut self.root, "nodes")?;
        if nodes.is_empty() {
            nodes.push(mapping([("role", "control-plane".into())]));
        }
        nodes.iter_mut().map(|node| node.as_mapping_mut().ok_or_else(|| wrong("nodes"))).collect()
    }

    fn map(&mut self, field: &str) -> Outcome<&mut Mapping> {
        let value = self.root.entry(field.into()).or_insert_with(|| Value::Mapping(Mapping::new()));
        value.as_mapping_mut().ok_or_else(|| wrong(field))
    }

    fn patch(&mut self, patch: &str) -> Outcome {
        list(&mut self.root, "kubeadmConfigPatches")?.push(patch.into());
        Ok(())
    }
}

/// The minor number of a Kubernetes version: 35 of `v1.35.8`.
fn minor(version: &str) -> Option<u32> {
    version.trim_start_matches('v').split('.').nth(1)?.parse().ok()
}

/// Sets a value unless the author has set one.
fn set(map: &mut Mapping, key: &str, value: impl Into<Value>) {
    map.entry(key.into()).or_insert_with(|| value.into());
}

fn list<'a>(map: &'a mut Mapping, field: &str) -> Outcome<&'a mut Vec<Value>> {
    let value = map.entry(field.into()).or_insert_with(|| Value::Sequence(Vec::new()));
    value.as_sequence_mut().ok_or_else(|| wrong(field))
}

/// A folder of this machine as nodes see it: they cannot write to it.
fn mount(folder: &Path, in_node: &str) -> Value {
    let folder = folder.to_string_lossy();
    mapping([("hostPath", (&*folder).into()), ("containerPath", in_node.into()), ("readOnly", true.into())])
}

fn mapping<const N: usize>(fields: [(&str, Value); N]) -> Value {
    Value::Mapping(fields.into_iter().map(|(name, value)| (name.into(), value)).collect())
}

fn wrong(field: &str) -> Fault {
    Fault::refused(format!("the kind configuration's field {field} is not of the form that kind reads"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = "{kind: Cluster, name: x, nodes: [{role: control-plane, image: own:1}, {role: worker}]}";

    fn completed(text: &str, around: &Surroundings) -> (Value, Vec<String>) {
        let (text, notes) = Configuration::parse(text).unwrap().complete(around).unwrap();
        (serde_yaml::from_str(&text).unwrap(), notes)
    }

    fn on(kubernetes: &str) -> Surroundings {
        Surroundings { image: "node:1".into(), kubernetes: kubernetes.into(), ..Surroundings::default() }
    }

    #[test]
    fn a_courses_own_node_image_stays() {
        let (root, _) = completed(TWO, &on("v1.36.0"));
        assert_eq!(
            (root["nodes"][0]["image"].as_str(), root["nodes"][1]["image"].as_str()),
            (Some("own:1"), Some("node:1"))
        );
        assert_eq!(Configuration::parse(TWO).unwrap().own_image(), Some("own:1"));
        let (root, _) = completed("{kind: Cluster, name: x}", &on("v1.36.0"));
        assert_eq!(root["nodes"][0]["image"].as_str(), Some("node:1"));
    }

    #[test]
    fn every_node_sees_the_folder_of_images_beside_what_the_course_mounts() {
        let around = Surroundings { handover: Some("/state/for-nodes".into()), ..on("v1.36.0") };
        let own = "{hostPath: /data, containerPath: /data}";
        let text =
            format!("{{kind: Cluster, nodes: [{{role: control-plane, extraMounts: [{own}]}}, {{role: worker}}]}}");
        let (root, _) = completed(&text, &around);
        let ours = "{hostPath: /state/for-nodes, containerPath: /labproof/images, readOnly: true}";
        let [own, ours]: [Value; 2] = [own, ours].map(|text| serde_yaml::from_str(text).unwrap());
        assert_eq!(root["nodes"][0]["extraMounts"], Value::Sequence(vec![own, ours.clone()]));
        assert_eq!(root["nodes"][1]["extraMounts"], Value::Sequence(vec![ours.clone()]));
        let (root, _) = completed("{kind: Cluster}", &around);
        assert_eq!(root["nodes"][0]["extraMounts"], Value::Sequence(vec![ours]));
        let (root, _) = completed(&text, &on("v1.36.0"));
        assert!(root["nodes"][1].get("extraMounts").is_none());
    }

    #[test]
    fn the_feature_gate_is_written_only_for_versions_that_need_it() {
        let (root, _) = completed(TWO, &on("v1.35.8"));
        assert_eq!(root["featureGates"]["MutatingAdmissionPolicy"], Value::Bool(true));
        assert_eq!(root["runtimeConfig"]["admissionregistration.k8s.io/v1beta1"].as_str(), Some("true"));
        let (root, _) = completed(TWO, &on("v1.36.4"));
        assert!(root.get("featureGates").is_none() && root.get("runtimeConfig").is_none());
    }

    #[test]
    fn a_cluster_has_the_chosen_pod_addresses_unless_its_author_says_otherwise() {
        let around = Surroundings { pods: Some("10.245.0.0/16".into()), ..on("v1.36.0") };
        let subnet = |text: &str| completed(text, &around).0["networking"]["podSubnet"].as_str().map(str::to_owned);
        assert_eq!(subnet("{kind: Cluster}").as_deref(), Some("10.245.0.0/16"));
        assert_eq!(subnet("{kind: Cluster, networking: {ipFamily: ipv4}}").as_deref(), Some("10.245.0.0/16"));
        assert_eq!(subnet("{kind: Cluster, networking: {podSubnet: 10.1.0.0/16}}").as_deref(), Some("10.1.0.0/16"));
        assert_eq!(subnet("{kind: Cluster, networking: {ipFamily: ipv6}}"), None);
        assert_eq!(subnet("{kind: Cluster, networking: {ipFamily: dual}}"), None);
    }

    #[test]
    fn control_groups_of_version_1_are_allowed_from_1_35_on_and_reported() {
        let around = |version: &str| Surroundings { cgroup_v1: true, ..on(version) };
        let (root, notes) = completed(TWO, &around("v1.35.8"));
        assert!(root["kubeadmConfigPatches"][0].as_str().unwrap().contains("failCgroupV1: false"));
        assert_eq!(notes.len(), 1);
        assert_eq!(completed(TWO, &around("v1.34.11")).1, Vec::<String>::new());
        assert_eq!(completed(TWO, &on("v1.35.8")).1, Vec::<String>::new());
    }

    #[test]
    fn the_api_server_of_a_remote_engine_is_reached_from_here() {
        let around = Surroundings { remote: Some("docker".into()), ..on("v1.36.4") };
        let (root, notes) = completed(TWO, &around);
        assert_eq!(root["networking"]["apiServerAddress"].as_str(), Some("0.0.0.0"));
        assert!(root["kubeadmConfigPatches"][0].as_str().unwrap().contains("\"docker\""));
        assert_eq!(notes, ["the engine is remote: the API server is reached at docker"]);
    }
}
