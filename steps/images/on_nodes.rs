//! Identifies a node's image by its name in containerd, or by the digest in a container's status.

use futures::future::try_join_all;

use super::{
    engine,
    id::{ImageId, Platform},
    oci::{self, OciDocument},
};
use crate::{image_name::ImageName, tool::Tool, verdict::Outcome};

/// Asks containerd with a single call for the digest of a name and for the document with that digest.
pub(super) const ASK: &str = r#"set -e
digest=$(ctr -n k8s.io images ls "name==$0" | awk 'NR == 2 {print $3}')
[ -n "$digest" ] || exit 0
echo "$digest"
ctr -n k8s.io content get "$digest""#;

/// A node's image of a certain name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnNode {
    /// The image's identity.
    pub id: ImageId,
    /// The digest of the index or manifest that the name refers to on this node.
    pub target: String,
}

impl OnNode {
    /// Whether a container's status refers to this image: by its configuration, or by the digest of its name.
    #[must_use]
    pub fn is(&self, image_id: &str) -> bool {
        let digest = image_id.rsplit('@').next().unwrap_or(image_id);
        digest == self.id.as_str() || digest == self.target
    }
}

/// Asks all nodes, in parallel, for their image of this name.
///
/// # Errors
/// If a node does not answer.
pub async fn on_nodes(name: &ImageName, nodes: &[String]) -> Outcome<Vec<Option<OnNode>>> {
    let platform = engine::platform().await?;
    try_join_all(nodes.iter().map(|node| on_node(name, node, &platform))).await
}

/// Whether the digest in a container's status leads to this image on one of the nodes.
///
/// # Errors
/// If no node answers.
pub async fn is_same(image_id: &str, image: &ImageId, nodes: &[String]) -> Outcome<bool> {
    let digest = image_id.rsplit('@').next().unwrap_or(image_id);
    let platform = engine::platform().await?;
    let ask = async |node: &String| {
        let content = content(node, digest).await?;
        identity(node, digest, content, &platform).await
    };
    Ok(try_join_all(nodes.iter().map(ask)).await?.into_iter().flatten().any(|id| id == *image))
}

async fn on_node(name: &ImageName, node: &str, platform: &Platform) -> Outcome<Option<OnNode>> {
    let name = name.canonical();
    let answer = Tool::new("docker").args(["exec", node, "sh", "-c", ASK, &name]).output().await?;
    read(&answer, node, platform).await
}

/// Reads what [`ASK`] printed on a node.
pub(super) async fn read(answer: &str, node: &str, platform: &Platform) -> Outcome<Option<OnNode>> {
    let Some((target, text)) = answer.split_once('\n') else { return Ok(None) };
    let id = identity(node, target, text.to_owned(), platform).await?;
    Ok(id.map(|id| OnNode { id, target: target.to_owned() }))
}

/// The identity to which a document leads, through any number of indexes; `None` if the node lacks a document on the
/// way.
async fn identity(node: &str, digest: &str, text: String, platform: &Platform) -> Outcome<Option<ImageId>> {
    let mut documents = vec![(digest.to_owned(), text)];
    while let Some((digest, text)) = documents.pop() {
        let document = OciDocument::read(text.as_bytes());
        if let Some(OciDocument::Index(entries)) = &document {
            // Push the best entry last, because the last one is taken first.
            for entry in oci::for_platform(entries, platform).into_iter().rev() {
                documents.push((entry.digest.clone(), content(node, &entry.digest).await?));
            }
        } else if let Some(id) = document.and_then(|document| document.id(&digest)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The document with this digest on a node. If the node does not have it, the command fails and prints nothing.
async fn content(node: &str, digest: &str) -> Outcome<String> {
    let words = ["exec", node, "ctr", "-n", "k8s.io", "content", "get", digest];
    Ok(Tool::new("docker").args(words).finish().await?.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_names_the_configuration_or_what_the_name_stands_for() {
        let on_node = OnNode { id: ImageId::of_configuration("sha256:aa"), target: "sha256:bb".into() };
        assert!(on_node.is("sha256:aa") && on_node.is("docker.io/library/import-2022-10-02@sha256:bb"));
        assert!(!on_node.is("sha256:cc") && !on_node.is(""));
    }
}
