//! Prepares what all scenarios share: the cluster, the images, and the cleanup after dead runs; and tears it down at
//! the end.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hasher, RandomState},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::task::JoinHandle;

use super::{Run, claims, plan::Plan, recorder::Recorder, sweep};
use crate::{
    cluster::{
        Cluster,
        abilities::{Ability, TriedAbilities},
        admission, kind_cli, lease, namespace,
    },
    image_name::ImageName,
    images::{
        build, builder,
        catalogue::{self, Catalogue, Used},
        disk::Disk,
        engine, node, online,
    },
    machine::{
        claim::Claim,
        content::{self, Name},
        folders,
        journal::{Entry, Journal},
    },
    progress::Progress,
    project::{Lab, OURS, Project},
    report::ClusterReport,
    scene::{
        context::{Beginning, Provided, RunContext},
        health,
    },
    submission::dockerfile::Builder,
    terminal::isolation::Isolation,
    verdict::{Fault, Outcome, Verdict},
};

/// A name for a run, unique on this machine and its clusters.
#[must_use]
pub fn run_name() -> String {
    let drawn = RandomState::new().build_hasher().finish();
    format!("{:06x}", drawn & 0xff_ffff)
}

/// The note of a run whose submissions may fill the engine's disk.
const UNWATCHED: &str =
    "labproof cannot read the free space of the engine's disk, so it cannot stop a submission that fills it";

/// What the run has before it makes anything in the cluster.
struct Prepared {
    cluster: Cluster,
    engine: String,
    catalogue: Catalogue,
    images: Vec<Used>,
    missing: BTreeMap<ImageName, Fault>,
    names: Vec<Name>,
    buildkit: Option<String>,
}

/// Prepares everything for the planned scenarios. `None` if the run was cancelled meanwhile; nothing of it is left then.
///
/// # Errors
/// If there is no engine, no cluster that labproof made, or an image cannot be provided.
pub async fn set_up(run: &Run) -> Outcome<Option<Arc<RunContext>>> {
    let prepared = tokio::select! {
        prepared = prepare(run) => prepared?,
        () = run.cancelled.cancelled() => {
            // The cluster may be half made.
            kind_cli::give_up(&kind_cli::name(&run.project.resource(&run.options.configuration)?)?).await?;
            return Ok(None);
        }
    };
    start(run, prepared).await
}

/// Provides the cluster, the images and their names.
async fn prepare(run: &Run) -> Outcome<Prepared> {
    let Run { project, plan, options, recorder, progress, .. } = run;
    Isolation::of_this_machine().await.note().into_iter().for_each(|note| recorder.note(note));
    let engine = engine::version().await?;
    if submitted(plan).next().is_some() && Disk::of_engine().await.is_none() {
        recorder.note(UNWATCHED.to_owned());
    }
    let cluster = kind_cli::up(project, &project.resource(&options.configuration)?, &options.wanted, progress).await?;
    recorder.cluster(ClusterReport {
        name: cluster.name().to_owned(),
        kubernetes: cluster.version().to_owned(),
        nodes: cluster.nodes().len(),
        engine: engine.clone(),
    });
    cluster.notes().iter().for_each(|note| recorder.note(note.clone()));
    let catalogue = Catalogue::read(project)?;
    let ((images, missing), names) = tokio::try_join!(provide(project, plan, &catalogue, &cluster, progress), async {
        clear(&cluster, recorder, progress).await?;
        keep_names(plan, progress).await
    },)?;
    let buildkit = buildkit(project, plan, progress).await?;
    Ok(Prepared { cluster, engine, catalogue, images, missing, names, buildkit })
}

/// Enters the run in the cluster and on the machine.
async fn start(run: &Run, prepared: Prepared) -> Outcome<Option<Arc<RunContext>>> {
    let Prepared { cluster, engine, catalogue, images, missing, names, buildkit } = prepared;
    let name = run.recorder.run();
    let (journal, folder) = begin(&name)?;
    let entered = tokio::select! {
        entered = enter(run, &cluster, &journal) => entered.map(Some),
        () = run.cancelled.cancelled() => Ok(None),
    };
    let (admission, abilities) = match entered {
        Ok(Some(entered)) => entered,
        other => {
            leave(&cluster, journal, &folder, &name).await;
            return other.map(|_| None);
        }
    };
    run.progress.phase("running scenarios", None);
    let beginning = Beginning {
        run: name,
        catalogue,
        project: run.project.clone(),
        cluster: cluster.into(),
        journal,
        folder,
        limits: run.options.limits,
        // A child token, because the end of the run's time is not an interruption.
        cancelled: run.cancelled.child_token(),
    };
    let node_table = run.options.wanted.node.table.clone();
    let provided =
        Provided { engine: Some(engine), buildkit, node_table, names, images, missing, admission, abilities };
    Ok(Some(Arc::new(RunContext::new(beginning, provided))))
}

/// Writes the folders of submissions, takes the run's Lease, prepares the cluster for graded scenarios, and tries what the
/// cluster can do.
async fn enter(run: &Run, cluster: &Cluster, journal: &Journal) -> Outcome<(Outcome, TriedAbilities)> {
    let Run { project, plan, recorder, progress, .. } = run;
    let name = recorder.run();
    write_folders(project, plan)?;
    lease::take(cluster, &name).await?;
    let prepared = Box::pin(async {
        // No scenario of another run may change meanwhile what the cluster can do.
        let _in_use = claims::take([Claim::Use(cluster.name().to_owned())].into(), "the run", progress).await?;
        Ok((admission(plan, cluster).await, abilities(plan, cluster, journal, &name, progress).await))
    });
    // Another run may have the cluster for longer than a Lease lives. Whoever finds it expired removes this run's objects.
    let (admission, abilities) = tokio::select! {
        prepared = prepared => prepared?,
        never = lease::keep(cluster, &name, || ()) => match never {},
    };
    if let (true, Some(Err(fault))) = (plan.has_submissions(), abilities.get(Ability::NetworkPolicies)) {
        let note = unprotected(fault);
        progress.line(&note);
        recorder.note(note);
    }
    Ok((admission, abilities))
}

/// The note of a run whose learners' Pods may not be kept apart.
fn unprotected(fault: &Fault) -> String {
    let seen = match fault.verdict {
        Verdict::Skipped => "learners' Pods can reach one another",
        _ => "labproof could not test whether learners' Pods can reach one another",
    };
    format!("{seen}: {}", fault.reason)
}

/// Removes what a run that does not begin has made.
async fn leave(cluster: &Cluster, journal: Journal, folder: &Path, run: &str) {
    let namespaces = namespace::of_runs(cluster).await.unwrap_or_default();
    for (namespace, _) in namespaces.into_iter().filter(|(_, owner)| owner == run) {
        // An error is ignored: without its Lease, the next run removes it.
        _ = namespace::remove(cluster, &namespace).await;
    }
    _ = lease::give_back(cluster, run).await;
    if folders::remove(folder).is_ok() {
        journal.end();
    }
}

/// Prepares the cluster for graded scenarios, if there are any. A failure prevents only these from running.
async fn admission(plan: &Plan, cluster: &Cluster) -> Outcome {
    if plan.scenarios.iter().any(|planned| planned.grading.is_graded()) {
        admission::prepare(cluster).await?;
    }
    if plan.has_submissions() { admission::bound(&cluster.workers()).await } else { Ok(()) }
}

/// Tries the abilities of the cluster that the plan needs.
async fn abilities(
    plan: &Plan,
    cluster: &Cluster,
    journal: &Journal,
    run: &str,
    progress: &Progress,
) -> TriedAbilities {
    let needed = [Ability::Volumes, Ability::NetworkPolicies].into_iter().filter(|ability| plan.needs(*ability));
    let needed: Vec<Ability> = needed.collect();
    if !needed.is_empty() {
        progress.phase("testing the cluster's volumes and network policies", Some("10 seconds"));
    }
    TriedAbilities::of(cluster, journal, run, needed).await
}

/// The image of `BuildKit`, if submissions are built with it.
async fn buildkit(project: &Project, plan: &Plan, progress: &Progress) -> Outcome<Option<String>> {
    let mut built = submitted(plan).filter(|lab| !lab.file.builds.is_empty());
    if built.any(|lab| lab.builder == Builder::BuildKit) {
        builder::image(project, progress).await.map(Some)
    } else {
        Ok(None)
    }
}

/// The labs of the scenarios for which somebody handed in files.
fn submitted(plan: &Plan) -> impl Iterator<Item = &Lab> {
    plan.scenarios.iter().map(|planned| &*planned.lab).filter(|lab| lab.work.is_submitted())
}

/// Puts the images that the labs use where they use them: into the engine, and where Pods pull them. Returns these, and
/// why others could not be provided.
async fn provide(
    project: &Project,
    plan: &Plan,
    catalogue: &Catalogue,
    cluster: &Cluster,
    progress: &Progress,
) -> Outcome<(Vec<Used>, BTreeMap<ImageName, Fault>)> {
    let (mut images, mut pulled, mut missing) = (Vec::new(), Vec::new(), BTreeMap::new());
    for (name, pods_pull_it) in plan.images() {
        let provided = match catalogue::cannot_serve(&name, cluster.node_image()).filter(|_| pods_pull_it) {
            Some(fault) => Err(fault),
            None => catalogue.provide(project, &name, progress).await,
        };
        match provided {
            Ok(image) => {
                if pods_pull_it {
                    pulled.push(image.clone());
                }
                images.push(image);
            }
            Err(fault) => {
                progress.line(&fault.reason);
                missing.insert(name, fault);
            }
        }
    }
    if node::is_offline(cluster.node_image()) {
        catalogue::serve(project, cluster.nodes(), &pulled, progress).await?;
    } else {
        missing.extend(online::prepare(&pulled, cluster.nodes(), progress).await?);
    }
    Ok((images, missing))
}

/// Writes each submission's files to a folder, together with the lab's files that a learner does not write. The engine
/// builds images there. The server gets manifests from the submission itself.
fn write_folders(project: &Project, plan: &Plan) -> Outcome {
    let labs = plan.scenarios.iter().map(|planned| planned.lab.as_ref());
    let labs: BTreeMap<&Path, &Lab> = labs.map(|lab| (lab.folder.as_path(), lab)).collect();
    for lab in labs.into_values() {
        let (Some(spec), Some(submission)) = (&lab.file.submission, lab.work.submission()) else { continue };
        let cannot =
            |error| Fault::broken(format!("cannot write the files of the submission {}: {error}", submission.name));
        let own = project.file("scenarios").join(&lab.name);
        build::copy_files(&own, &lab.folder, &|name| !OURS.iter().any(|ours| name == Path::new(ours)))
            .map_err(cannot)?;
        for file in content::files(&lab.folder).map_err(cannot)? {
            let name = file.strip_prefix(&lab.folder).unwrap_or(&file).display().to_string();
            if spec.holds(&name) {
                std::fs::remove_file(&file).map_err(cannot)?;
            }
        }
        submission.write_into(&lab.folder).map_err(cannot)?;
    }
    Ok(())
}

/// Starts the journal, and creates the folder for the scenarios.
///
/// # Errors
/// If either cannot be created.
pub fn begin(run: &str) -> Outcome<(Journal, PathBuf)> {
    let journal = Journal::begin(run)?;
    let folder = folders::of_run(run);
    journal.note(Entry::Folder(folder.clone()))?;
    let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
    made.map_err(|error| Fault::broken(format!("cannot make {}: {error}", folder.display())))?;
    Ok((journal, folder))
}

/// Reserves the names of the images that the labs build. All runs reserve names in the same order, so no two wait for
/// each other.
async fn keep_names(plan: &Plan, progress: &Progress) -> Outcome<Vec<Name>> {
    // Images of submissions have names of their own.
    let labs = plan.scenarios.iter().map(|planned| &planned.lab).filter(|lab| !lab.work.is_submitted());
    let wanted: BTreeMap<&ImageName, &Path> =
        labs.flat_map(|lab| lab.file.builds.iter().map(|build| (&build.image, lab.folder.as_path()))).collect();
    let mut names = Vec::new();
    for (image, folder) in wanted {
        let name = image.full();
        let content = content::digest(folder)
            .map_err(|error| Fault::broken(format!("cannot read {}: {error}", folder.display())))?;
        let waiting = || progress.line(&format!("waiting for a run with a different image of this name: {name}"));
        names.push(Name::keep(&name, &content, waiting).await?);
    }
    Ok(names)
}

/// Shows the machine and the cluster that the run is alive, and meanwhile watches the health of both.
pub fn keep_alive(context: &Arc<RunContext>, plan: &Plan) -> JoinHandle<()> {
    let (context, has_submissions) = (context.clone(), plan.has_submissions());
    tokio::spawn(async move {
        let heartbeat = async {
            loop {
                context.journal.touch();
                tokio::time::sleep(Journal::HEARTBEAT).await;
            }
        };
        // A read-only cluster has no Lease, and nothing in it is removed.
        let Ok(cluster) = context.cluster.own() else { return heartbeat.await };
        let renewal = lease::keep(cluster, &context.run, || context.health.lost_lease());
        let disk = async {
            if has_submissions {
                context.disk_guard.watch(cluster, &context.run).await;
            }
        };
        let health = async {
            let engine = if context.engine.is_some() { health::engine().await } else { None };
            context.health.watch(&cluster.client(), engine.as_ref()).await
        };
        tokio::join!(heartbeat, renewal, health, disk);
    })
}

/// Releases everything that the run as a whole holds; `cleared` says whether all objects were removed.
pub async fn tear_down(context: Arc<RunContext>, cleared: bool) {
    // Errors are ignored: the journal remains and lists what is left, and the Lease expires.
    if let Ok(cluster) = context.cluster.own() {
        _ = lease::give_back(cluster, &context.run).await;
    }
    if cleared && folders::remove(&context.folder).is_ok() {
        context.journal.end();
    }
}

async fn clear(cluster: &Cluster, recorder: &Recorder, progress: &Progress) -> Outcome {
    let swept = sweep::sweep(cluster, &recorder.run()).await?;
    for what in swept.cleared {
        progress.line(&format!("removed what a killed run left: {what}"));
    }
    for why in swept.left {
        recorder.note(format!("a killed run left something that could not be removed or restored: {why}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
