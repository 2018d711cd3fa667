//! The offline registry: a container in the nodes' network, from which they pull if no other registry can be reached.

use std::collections::BTreeSet;

use futures::future::try_join_all;

use super::{engine, load};
use crate::{image_name::ImageName, tool::Tool, verdict::Outcome};

/// The names of two containers: the one that takes images, and the one that the nodes use, under this name.
const NAMES: [&str; 2] = ["labproof-registry-push", "labproof-registry"];

/// Lets containerd look for images of each registry in the offline registry, below that name, in which `--` comes before a
/// port, as the script that pushes them writes it. The file is there at once or not at all.
const SERVE: &str = r#"for host; do
  path=$host
  case $host in *:*) path=${host%:*}--${host##*:} ;; esac
  folder=/etc/containerd/certs.d/$host url=http://labproof-registry:5000/v2/$path
  [ ! -e "$folder/hosts.toml" ] || continue
  mkdir -p "$folder"
  printf 'server = "%s"\n\n[host."%s"]\n  capabilities = ["pull", "resolve"]\n  override_path = true\n' "$url" "$url" > "$folder/.$$"
  mv "$folder/.$$" "$folder/hosts.toml"
done"#;

/// Removes from a node each image of the standard input that came with another key before: Pods would go on using it. Its
/// lines are a name and the key of the engine's image. The node keeps the keys in a file.
const FORGET_FORMER: &str = r#"known=/var/lib/labproof-images
touch "$known"
served=$(cat)
former=$(printf '%s\n' "$served" | awk 'NR == FNR {key[$1] = $2; next} ($1 in key) && key[$1] != $2 {print $1}' "$known" -)
for name in $former; do crictl rmi "$name" > /dev/null 2>&1 || ! crictl inspecti "$name" > /dev/null 2>&1; done
{ printf '%s\n' "$served"; cat "$known"; } | awk '!seen[$1]++' > "$known.new"
mv "$known.new" "$known""#;

/// Sends the nodes to the offline registry for images whose names begin with one of these registries, such as
/// `registry.example:5000`. Docker Hub and a few others are in the node image.
///
/// # Errors
/// If a node cannot be written to.
pub async fn serve_names_of(registries: &BTreeSet<&str>, nodes: &[String]) -> Outcome {
    if registries.is_empty() {
        return Ok(());
    }
    let serve = nodes.iter().map(|node| {
        let shell = ["exec", node, "sh", "-euc", SERVE, "sh"].into_iter();
        Tool::new("docker").args(shell.chain(registries.iter().copied())).output()
    });
    try_join_all(serve).await.map(|_| ())
}

/// Removes from the nodes the images that the engine has replaced since they were served last: those whose key is another one.
///
/// # Errors
/// If a node does not answer.
pub async fn forget_former<'a>(images: impl Iterator<Item = (&'a ImageName, &'a str)>, nodes: &[String]) -> Outcome {
    let _turn = load::alone(nodes).await?;
    let served: String = images.map(|(name, key)| format!("{} {key}\n", name.canonical())).collect();
    let forget = async |node: &String| {
        Tool::new("docker").args(["exec", "-i", node, "sh", "-euc", FORGET_FORMER]).input(served.clone()).output().await
    };
    try_join_all(nodes.iter().map(forget)).await.map(|_| ())
}

/// Removes the registry, if it is there; its images are pushed again when they are needed.
///
/// # Errors
/// If the engine does not answer.
pub async fn remove() -> Outcome {
    for name in NAMES {
        if let Some(container) = engine::container(name).await? {
            engine::remove(&container.id).await?;
        }
    }
    Ok(())
}
