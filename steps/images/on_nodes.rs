//! Which image a node's containerd has under a name, or under a digest that a container's status names.

use futures::future::try_join_all;

use super::{
    engine,
    id::{ImageId, Platform},
    oci::{self, Document},
};
use crate::{image_name::ImageName, tool::Tool, verdict::Outcome};

/// What a node has under an image's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnNode {
    /// The image's identity.
    pub id: ImageId,
    /// The digest that the name stands for on this node: of an index or a manifest.
    pub target: String,
}

impl OnNode {
    /// Whether a container's status means this image: it names the configuration, or what the name stands for.
    #[must_use]
    pub fn is(&self, image_id: &str) -> bool {
        let digest = image_id.rsplit('@').next().unwrap_or(image_id);
        digest == self.id.as_str() || digest == self.target
    }
}

/// What each node has under the image's name; all nodes are asked at the same time.
///
/// # Errors
/// Where a node cannot be asked.
pub async fn on_nodes(name: &ImageName, nodes: &[String]) -> Outcome<Vec<Option<OnNode>>> {
    let platform = engine::platform().await?;
    try_join_all(nodes.iter().map(|node| on_node(name, node, &platform))).await
}

/// Whether the digest in a container's status leads to this image, as some node tells.
///
/// # Errors
/// Where no node can be asked.
pub async fn is_same(image_id: &str, image: &ImageId, nodes: &[String]) -> Outcome<bool> {
    let digest = image_id.rsplit('@').next().unwrap_or(image_id);
    let platform = engine::platform().await?;
    let ask = async |node: &String| {
        let content = content(node, digest).await?;
        identity(node, digest, content, &platform).await
    };
    Ok(try_join_all(nodes.iter().map(ask)).await?.into_iter().flatten().any(|id| id == *image))
}

/// Asks containerd, in one call: the digest that the name stands for, and the document that has it.
async fn on_node(name: &ImageName, node: &str, platform: &Platform) -> Outcome<Option<OnNode>> {
    const ASK: &str = r#"set -e
digest=$(ctr -n k8s.io images ls "name==$0" | awk 'NR == 2 {print $3}')
[ -n "$digest" ] || exit 0
echo "$digest"
ctr -n k8s.io content get "$digest""#;
    let name = name.canonical();
    let answer = Tool::new("docker").args(["exec", node, "sh", "-c", ASK, &name]).output().await?;
    let Some((target, text)) = answer.split_once('\n') else { return Ok(None) };
    let id = identity(node, target, text.to_owned(), platform).await?;
    Ok(id.map(|id| OnNode { id, target: target.to_owned() }))
}

/// The identity that a document leads to, over as many indexes as there are; nothing where the node lacks what they name.
async fn identity(node: &str, digest: &str, text: String, platform: &Platform) -> Outcome<Option<ImageId>> {
    let mut documents = vec![(digest.to_owned(), text)];
    while let Some((digest, text)) = documents.pop() {
        let document = Document::read(text.as_bytes());
        if let Some(Document::Index(entries)) = &document {
            // The best one last, because it is taken first.
            for entry in oci::for_platform(entries, platform).into_iter().rev() {
                documents.push((entry.digest.clone(), content(node, &entry.digest).await?));
            }
        } else if let Some(id) = document.and_then(|document| document.id(&digest)) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// What a node has under a digest. A node that lacks it says so by its exit status, and prints nothing.
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
