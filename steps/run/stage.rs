//! Sets the stage that all scenarios share: the cluster, the images, what dead runs left; and strikes it again.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hasher, RandomState},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::task::JoinHandle;

use super::{Run, plan::Plan, sweep};
use crate::{
    cluster::{Cluster, kind, lease, rails},
    image_name::ImageName,
    images::{
        build, builder,
        catalogue::{self, Catalogue, Used},
        engine,
    },
    machine::{
        content::{self, Name},
        folders,
        journal::{Entry, Journal},
    },
    progress::Progress,
    project::{EXPECTED, Lab, Project},
    report::ClusterReport,
    scene::{
        health,
        session::{Beginning, Provided, Session},
    },
    submission::dockerfile::Builder,
    terminal::isolation::Isolation,
    verdict::{Fault, Outcome},
};

/// A name for a run, unique enough for this machine and its clusters.
#[must_use]
pub fn run_name() -> String {
    let drawn = RandomState::new().build_hasher().finish();
    format!("{:06x}", drawn & 0xff_ffff)
}

/// Sets the stage for the planned scenarios.
///
/// # Errors
/// Where there is no engine, no cluster that is ours, or an image that cannot be had.
pub async fn set(run: &Run) -> Outcome<Arc<Session>> {
    let Run { project, plan, options, recorder, progress, .. } = run;
    Isolation::of_this_machine().await.note().into_iter().for_each(|note| recorder.note(note));
    let engine = engine::version().await?;
    let cluster = kind::up(project, &project.file(&options.configuration), &options.wanted, progress).await?;
    recorder.cluster(ClusterReport {
        name: cluster.name().to_owned(),
        kubernetes: cluster.version().to_owned(),
        nodes: cluster.nodes().len(),
        engine: engine.clone(),
    });
    cluster.notes().iter().for_each(|note| recorder.note(note.clone()));
    let (name, catalogue) = (recorder.run(), Catalogue::read(project)?);
    let (images, names) = tokio::try_join!(provide(project, plan, &catalogue, &cluster, progress), async {
        clear(&cluster, &name, progress).await?;
        keep_names(plan, progress).await
    },)?;
    let buildkit = buildkit(project, plan, progress).await?;
    let (journal, folder) = begin(&name)?;
    lay(project, plan)?;
    lease::take(&cluster, &name).await?;
    let rails = rails(plan, &cluster).await;
    progress.stage("running scenarios", None);
    let beginning = Beginning {
        run: name,
        catalogue,
        project: project.clone(),
        cluster: cluster.into(),
        journal,
        folder,
        limits: options.limits,
        // A child: the run's own end, when its time is over, is no interruption.
        cancelled: run.cancelled.child_token(),
    };
    let node_table = options.wanted.node.table.clone();
    let provided = Provided { engine: Some(engine), buildkit, node_table, names, images, rails };
    Ok(Arc::new(Session::new(beginning, provided)))
}

/// Prepares the cluster for graded scenarios, where there are any. What keeps it from that keeps only these from running.
async fn rails(plan: &Plan, cluster: &Cluster) -> Outcome {
    if plan.scenarios.iter().any(|planned| planned.marks.is_graded()) {
        rails::prepare(cluster).await?;
    }
    if plan.has_strangers() { rails::bound(&cluster.workers()).await } else { Ok(()) }
}

/// The image of `BuildKit`, where submissions are built with it.
async fn buildkit(project: &Project, plan: &Plan, progress: &Progress) -> Outcome<Option<String>> {
    let wants_it = plan.scenarios.iter().any(|planned| {
        planned.lab.work.is_submitted()
            && planned.lab.builder == Builder::BuildKit
            && !planned.lab.file.builds.is_empty()
    });
    if wants_it { builder::image(project, progress).await.map(Some) } else { Ok(None) }
}

/// Puts the images that the labs use where they use them: into the engine, and where Pods pull them.
async fn provide(
    project: &Project,
    plan: &Plan,
    catalogue: &Catalogue,
    cluster: &Cluster,
    progress: &Progress,
) -> Outcome<Vec<Used>> {
    let (mut images, mut pulled) = (Vec::new(), Vec::new());
    for (name, pods_pull_it) in plan.images() {
        let image = catalogue.provide(project, &name, progress).await?;
        if pods_pull_it {
            pulled.push(image.clone());
        }
        images.push(image);
    }
    catalogue::serve(project, cluster.node_image(), &pulled, progress).await?;
    Ok(images)
}

/// Folders of a lab that no scenario of a submission uses.
const OURS: [&str; 2] = ["attempts", EXPECTED];

/// Writes the files of submissions into folders of their own, over those of the lab that a learner does not write. The
/// engine builds images there; the server gets manifests from the submission itself.
fn lay(project: &Project, plan: &Plan) -> Outcome {
    let labs = plan.scenarios.iter().map(|planned| planned.lab.as_ref());
    let labs: BTreeMap<&Path, &Lab> = labs.map(|lab| (lab.folder.as_path(), lab)).collect();
    for lab in labs.into_values() {
        let (Some(asked), Some(submission)) = (&lab.file.asked, lab.work.submission()) else { continue };
        let cannot = |error| Fault::broken(format!("cannot lay the submission {}: {error}", submission.name));
        let own = project.file("scenarios").join(&lab.name);
        build::copy_files(&own, &lab.folder, &|name| !OURS.iter().any(|ours| name == Path::new(ours)))
            .map_err(cannot)?;
        for file in content::files(&lab.folder).map_err(cannot)? {
            let name = file.strip_prefix(&lab.folder).unwrap_or(&file).display().to_string();
            if asked.holds(&name) {
                std::fs::remove_file(&file).map_err(cannot)?;
            }
        }
        submission.lay(&lab.folder).map_err(cannot)?;
    }
    Ok(())
}

/// Begins the journal, and makes the folder of the scenarios' folders.
///
/// # Errors
/// Where one of them cannot be made.
pub fn begin(run: &str) -> Outcome<(Journal, PathBuf)> {
    let journal = Journal::begin(run)?;
    let folder = folders::of_run(run);
    journal.note(Entry::Folder(folder.clone()))?;
    let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
    made.map_err(|error| Fault::broken(format!("cannot make {}: {error}", folder.display())))?;
    Ok((journal, folder))
}

/// Keeps the names of the images that the labs build, in the order of the names, so that nobody waits for one who waits.
async fn keep_names(plan: &Plan, progress: &Progress) -> Outcome<Vec<Name>> {
    // What submissions build has names of its own.
    let labs = plan.scenarios.iter().map(|planned| &planned.lab).filter(|lab| !lab.work.is_submitted());
    let wanted: BTreeMap<&ImageName, &Path> =
        labs.flat_map(|lab| lab.file.builds.iter().map(|build| (&build.image, lab.folder.as_path()))).collect();
    let mut names = Vec::new();
    for (image, folder) in wanted {
        let name = image.full();
        let content = content::digest(folder)
            .map_err(|error| Fault::broken(format!("cannot read {}: {error}", folder.display())))?;
        let waiting = || progress.line(&format!("waiting for another run, which uses another image called {name}"));
        names.push(Name::keep(&name, &content, waiting).await?);
    }
    Ok(names)
}

/// Tells the machine and the cluster, for as long as the run lives, that it does; and looks after both meanwhile.
pub fn keep_alive(session: &Arc<Session>, plan: &Plan) -> JoinHandle<()> {
    let (session, has_strangers) = (session.clone(), plan.has_strangers());
    tokio::spawn(async move {
        let heartbeat = async {
            loop {
                session.journal.touch();
                tokio::time::sleep(Journal::HEARTBEAT).await;
            }
        };
        // A cluster that is only read has no Lease, and is not cleared.
        let Ok(cluster) = session.cluster.own() else { return heartbeat.await };
        let renewal = lease::keep(cluster, &session.run, || session.health.lost_lease());
        let hogs = async {
            if has_strangers {
                session.hogs.watch(cluster, &session.run).await;
            }
        };
        let health = async {
            let engine = if session.engine.is_some() { health::engine().await } else { None };
            session.health.watch(&cluster.client(), engine.as_ref()).await
        };
        tokio::join!(heartbeat, renewal, health, hogs);
    })
}

/// Gives back what the run as a whole held; `cleared` tells whether nothing was left behind.
pub async fn strike(session: Arc<Session>, cleared: bool) {
    // What is left is named by the journal, which stays then, and by the Lease, which ends by itself.
    if let Ok(cluster) = session.cluster.own() {
        _ = lease::give_back(cluster, &session.run).await;
    }
    if cleared {
        _ = std::fs::remove_dir_all(&session.folder);
        session.journal.end();
    }
}

async fn clear(cluster: &Cluster, run: &str, progress: &Progress) -> Outcome {
    let cleared = sweep::sweep(cluster, run).await?;
    for what in cleared {
        progress.line(&format!("cleared away what a killed run left: {what}"));
    }
    Ok(())
}
