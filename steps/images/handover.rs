//! The short way of images to nodes: a folder of this machine that nodes see, so that each reads an image there and nothing
//! goes through the engine.
//!
//! The folder holds the image that is being loaded, and nothing else. Not every node sees it: an engine may be on another
//! machine, and nodes may come from an older labproof or from somebody else. So nobody relies on it; a node is asked.

use std::{fs::File, io, path::PathBuf};

use tempfile::TempDir;

use super::engine;
use crate::{machine::scratch, tool::Tool, verdict::Outcome};

/// Where nodes see the folder.
pub const IN_NODE: &str = "/labproof/images";

/// The name of an image's file.
const FILE: &str = "layout.tar";

/// The folder on this machine, where containers of the engine see it; the node image tries it.
///
/// # Errors
/// Where the folder cannot be made, or the engine does not answer.
pub async fn folder(node_image: &str) -> Outcome<Option<PathBuf>> {
    let (folder, probe) = (scratch::for_nodes()?, Handover::begin()?);
    // Unlike `--volume`, this makes no folder on another machine.
    let mount = format!("type=bind,source={},target={IN_NODE},readonly", folder.display());
    let words = ["run", "--rm", "--label", engine::MADE, "--mount", &mount, "--entrypoint", "test", node_image, "-d"];
    let tried = Tool::new("docker").args(words).args([probe.in_node()]).finish().await?;
    Ok(tried.status.success().then_some(folder))
}

/// A new folder in that folder, for one image. It is removed when it is dropped.
#[derive(Debug)]
pub(super) struct Handover {
    folder: TempDir,
    in_node: String,
}

impl Handover {
    pub(super) fn begin() -> Outcome<Self> {
        let folder = scratch::folder_for_nodes()?;
        let below = folder.path().strip_prefix(scratch::for_nodes()?).unwrap_or(folder.path());
        let in_node = format!("{IN_NODE}/{}", below.display());
        Ok(Self { folder, in_node })
    }

    /// The new folder's name on nodes.
    pub(super) fn in_node(&self) -> &str {
        &self.in_node
    }

    /// The image's file on nodes.
    pub(super) fn file_in_node(&self) -> String {
        format!("{}/{FILE}", self.in_node)
    }

    /// The image's file here, to be written.
    pub(super) fn file(&self) -> io::Result<File> {
        File::create(self.folder.path().join(FILE))
    }
}
