//! The Hello World flow, once and eight times in parallel. It compares `labproof verify`, including everything before
//! and after the scenarios, with a shell script that uses the same manifests, deletions and grace periods.
//!
//! The images are on the nodes before the measurement. labproof checks this in each run, as it does for every user; the
//! script assumes it.

use std::{
    fs, io,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use futures::future::{join_all, try_join_all};
use labproof::internal::{
    cluster::Cluster,
    image_name::ImageName,
    images::{
        build::build,
        catalogue::{self, Catalogue},
        load::load,
        node,
    },
    project::Project,
    verdict::{Fault, Outcome},
};
use tempfile::TempDir;

use crate::{bench::Bench, child, row::Row};

/// The time budgets: for one flow, and for eight in parallel.
const BUDGETS: [Duration; 2] = [Duration::from_secs(7), Duration::from_secs(11)];

/// The lab's sheet; its other files are those of the lab helloworld.
const SHEET: &str = include_str!("flow/flow.feature");
const LAB: &str = include_str!("flow/lab.yaml");
const BUSYBOX: &str = include_str!("flow/bb.yaml");

/// Measures a scenario against the same commands in a shell script.
pub(crate) async fn measure(bench: &Bench) -> Outcome<Vec<Row>> {
    let cluster = bench.cluster().await?;
    let folder = lab(&bench.project).map_err(|error| Fault::broken(format!("cannot write the lab: {error}")))?;
    put_images_on_nodes(bench, cluster, folder.path()).await?;
    let alone = Row::new("Hello World flow", "bash with kubectl", BUDGETS[0]);
    let eight = Row::new("eight flows side by side", "bash with kubectl", BUDGETS[1]);
    let flow = Flow { bench, cluster, folder: folder.path() };
    Ok(vec![
        bench.in_turns(alone, async || flow.verified("copy 1$").await, async || flow.scripted(1).await).await?,
        bench.in_turns(eight, async || flow.verified("copy").await, async || flow.scripted(8).await).await?,
    ])
}

struct Flow<'a> {
    bench: &'a Bench,
    cluster: &'a Cluster,
    folder: &'a Path,
}

impl Flow<'_> {
    async fn verified(&self, name: &str) -> Outcome<Duration> {
        let mut labproof = child::labproof();
        labproof.args(["verify", "flow", "--jobs", "8", "--name", name, "--config"]).arg(&self.bench.configuration);
        child::time(labproof.current_dir(self.folder)).await
    }

    async fn scripted(&self, copies: usize) -> Outcome<Duration> {
        let started = Instant::now();
        // Wait for all of them, so that each cleans up even if another fails.
        let ended = join_all((1..=copies).map(|copy| self.script(copy))).await;
        let took = started.elapsed();
        ended.into_iter().collect::<Outcome<Vec<_>>>().map(|_| took)
    }

    async fn script(&self, copy: usize) -> Outcome<Duration> {
        let script = self.bench.project.file("steps/bench/flow/flow.sh");
        let namespace = format!("flow-bash-{}-{copy}", std::process::id());
        let mut bash = child::program("bash", self.cluster);
        child::time(bash.arg(script).arg(namespace).current_dir(self.folder.join("scenarios/flow"))).await
    }
}

/// A temporary project that contains only this lab.
fn lab(project: &Project) -> io::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let (features, lab) = (folder.path().join("features"), folder.path().join("scenarios/flow"));
    fs::create_dir_all(&features)?;
    fs::create_dir_all(&lab)?;
    symlink(project.file("kind-config"), folder.path().join("kind-config"))?;
    fs::write(features.join("flow.feature"), SHEET)?;
    fs::write(lab.join("lab.yaml"), LAB)?;
    let course = |file: &str| -> PathBuf { project.file("scenarios/helloworld").join(file) };
    for file in ["Dockerfile", "package.json", "helloworld.js", "podkv.yaml"] {
        fs::copy(course(file), lab.join(file))?;
    }
    fs::write(lab.join("pods.yaml"), format!("{}---\n{BUSYBOX}", fs::read_to_string(course("pod.yaml"))?))?;
    Ok(folder)
}

async fn put_images_on_nodes(bench: &Bench, cluster: &Cluster, folder: &Path) -> Outcome {
    let project = Project::at(folder);
    let catalogue = Catalogue::read(&project)?;
    let names = ["node:20-slim", "busybox"].map(ImageName::from);
    let images = try_join_all(names.iter().map(|name| catalogue.provide(&project, name, &bench.progress))).await?;
    if node::is_offline(cluster.node_image()) {
        catalogue::serve(&project, cluster.nodes(), &images, &bench.progress).await?;
    }
    let lab = project.lab(&project.one_named("flow")?)?;
    for image in &lab.file.builds {
        build(image, &lab, Duration::from_mins(15)).await?;
    }
    for name in ["ubuntu/helloworld:latest", "busybox:latest"] {
        load(&name.into(), cluster.nodes()).await?;
    }
    Ok(())
}
