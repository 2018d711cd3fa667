//! Creates and removes images that resemble a lab's image in size and layers, but whose layers are new each time.
//!
//! The bottom layer is the file system of the base image plus one new file. The layers above it are as large as those
//! that the lab's Dockerfile adds.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use futures::future::try_join_all;
use labproof::internal::{
    images::catalogue::Catalogue,
    tool::Tool,
    verdict::{Fault, Outcome},
};
use tempfile::TempDir;

use crate::bench::Bench;

/// The base image of the lab's image.
const BASE: &str = "node:20-slim";

/// The prefix of the names of these images.
const NAME: &str = "labproof/bench";

/// The label of everything created here.
const LABEL: &str = "dev.labproof.bench";

/// The bytes that `RUN apt-get update` in the lab's Dockerfile adds.
const PACKAGES: u64 = 80_000_000;

/// How long the engine may take to create an image.
const LIMIT: Duration = Duration::from_mins(5);

const DOCKERFILE: &str = "COPY application /opt/application\nCOPY packages /opt/packages\n";

/// The parts of the images.
pub(super) struct Stock {
    folder: TempDir,
}

impl Stock {
    /// Exports the base image's file system from the engine.
    pub(super) async fn take_in(bench: &Bench) -> Outcome<Self> {
        bench.progress.phase("preparing images of the course image's size", None);
        Catalogue::read(&bench.project)?.provide(&bench.project, &BASE.into(), &bench.progress).await?;
        let stock = Self { folder: tempfile::tempdir().map_err(|error| cannot(&error))? };
        let label = format!("{LABEL}=base");
        let container = Tool::new("docker").args(["create", "--label", &label, BASE]).output().await?;
        let file = stock.word("base.tar");
        Tool::new("docker").args(["export", "--output", &file, &container]).limit(LIMIT).output().await?;
        for part in ["context/application", "context/packages"] {
            fs::create_dir_all(stock.file(part)).map_err(|error| cannot(&error))?;
        }
        noise(&stock.file("context/packages/lists"), PACKAGES).map_err(|error| cannot(&error))?;
        Ok(stock)
    }

    /// Creates an image with only new layers.
    pub(super) async fn fresh(&self, tag: &str) -> Outcome<String> {
        let stamp = format!("stamp-{tag}");
        noise(&self.file(&stamp), 1024).map_err(|error| cannot(&error))?;
        let (folder, file) = (self.word(""), self.word("base.tar"));
        Tool::new("tar").args(["--directory", &folder, "--append", "--file", &file, &stamp]).output().await?;
        let (base, label) = (format!("{NAME}-base:{tag}"), format!("LABEL {LABEL}=image"));
        Tool::new("docker").args(["import", "--change", &label, &file, &base]).limit(LIMIT).output().await?;
        self.build(tag, &base).await
    }

    /// Creates an image with the same bottom layer and new layers above it.
    pub(super) async fn with_other_top(&self, image: &str) -> Outcome<String> {
        let tag = image.rsplit(':').next().unwrap_or_default();
        self.build(&format!("{tag}-changed"), &format!("{NAME}-base:{tag}")).await
    }

    async fn build(&self, tag: &str, base: &str) -> Outcome<String> {
        let (name, context) = (format!("{NAME}:{tag}"), self.file("context"));
        fs::write(context.join("Dockerfile"), format!("FROM {base}\n{DOCKERFILE}")).map_err(|error| cannot(&error))?;
        for layer in ["application", "packages"] {
            noise(&context.join(layer).join("stamp"), 1024).map_err(|error| cannot(&error))?;
        }
        Tool::new("docker")
            .args(["build", "--quiet", "--tag", &name, &self.word("context")])
            .limit(LIMIT)
            .output()
            .await?;
        Ok(name)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file's path, quoted for a shell.
    fn word(&self, name: &str) -> String {
        self.file(name).display().to_string()
    }
}

/// Removes all images created here, including those of a killed run, from the nodes and from the engine.
pub(super) async fn clear(nodes: &[String]) -> Outcome {
    // Remove all names of an image: Kubernetes adds one, and kind adds one for an index that leads to the image.
    const REMOVE: &str = r#"set -e
listed=$(ctr -n k8s.io images ls | awk 'NR > 1 {print $1, $3}')
ours=$(echo "$listed" | awk -v of="docker.io/$0" 'index($1, of) == 1 {print $2}')
[ -n "$ours" ] || exit 0
echo "$listed" | while read -r name digest; do
  case "$name" in
    import-*) leads=$(ctr -n k8s.io content get "$digest" < /dev/null) ;;
    *) leads=$digest ;;
  esac
  ! echo "$leads" | grep --quiet --fixed-strings "$ours" || echo "$name"
done | xargs ctr -n k8s.io images rm --sync"#;
    let on_node = |node: &String| {
        Tool::new("docker").args(["exec", node.as_str(), "sh", "-c", REMOVE, NAME]).limit(LIMIT).output()
    };
    try_join_all(nodes.iter().map(on_node)).await?;
    for (list, remove) in [(&["ps", "--all"][..], "rm"), (&["images"][..], "rmi")] {
        let label = format!("label={LABEL}");
        let ours = Tool::new("docker").args(list).args(["--quiet", "--filter", &label]).output().await?;
        if !ours.is_empty() {
            Tool::new("docker").args([remove, "--force"]).args(ours.lines()).limit(LIMIT).output().await?;
        }
    }
    Ok(())
}

/// Writes a file of random bytes, which nobody has seen before and which cannot be compressed.
fn noise(file: &Path, size: u64) -> io::Result<u64> {
    io::copy(&mut File::open("/dev/urandom")?.take(size), &mut File::create(file)?)
}

fn cannot(error: &dyn std::fmt::Display) -> Fault {
    Fault::broken(format!("cannot prepare an image: {error}"))
}
