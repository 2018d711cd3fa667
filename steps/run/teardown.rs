//! Removes what scenarios created, while other scenarios run, and checks at the end whether anything remains.

use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use tokio::task::JoinSet;

use super::wide;
use crate::{
    actions::containers,
    cluster::{AnyCluster, kind_cli, namespace},
    images::engine,
    machine::{
        claim::{Claim, within},
        folders,
    },
    scene::{Scene, context::RunContext},
    tool::Tool,
    verdict::Outcome,
};

/// The background task that cleans up after scenarios.
#[derive(Debug, Default)]
pub struct Janitor {
    tasks: Mutex<JoinSet<Vec<String>>>,
    expected: Mutex<BTreeSet<String>>,
}

impl Janitor {
    /// Expects that a namespace of this name exists until its scene has been removed.
    pub fn expect(&self, namespace: &str) {
        lock(&self.expected).insert(namespace.to_owned());
    }

    /// Removes a scene's objects; `keep` leaves its namespace and its folder for inspection.
    pub fn tear_down(&self, scene: Scene, keep: bool) {
        lock(&self.expected).remove(scene.own_namespace());
        lock(&self.tasks).spawn(tear_down(scene, keep));
    }

    /// Waits until everything is removed, and returns what is not.
    pub async fn finish(&self, context: &RunContext) -> BTreeSet<String> {
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        let expected = std::mem::take(&mut *lock(&self.expected));
        for namespace in expected {
            let cluster = context.cluster.clone();
            tasks.spawn(async move { reasons(vec![end_namespace(&cluster, &namespace).await]) });
        }
        let mut left: BTreeSet<String> = BTreeSet::new();
        while let Some(done) = tasks.join_next().await {
            left.extend(done.unwrap_or_else(|error| vec![format!("cleaning up broke off: {error}")]));
        }
        if context.engine.is_some() {
            left.extend(reasons(vec![objects_of(&context.run).await]));
        }
        left
    }
}

/// Removes the containers, volumes and networks with the label of a run, as far as possible, except those of builds.
///
/// # Errors
/// If the engine does not answer, or something cannot be removed: the first such error.
pub async fn objects_of(run: &str) -> Outcome {
    let mut outcomes = Vec::new();
    // The engine removes the containers of its builds itself, once it has stored their layers.
    let of_builds = listed(&["ps", "--all", "--filter", &format!("label={}", engine::BUILD)], run).await?;
    for id in listed(&["ps", "--all"], run).await?.iter().filter(|id| !of_builds.contains(id)) {
        outcomes.push(engine::remove(id).await);
    }
    for kind in ["volume", "network"] {
        for name in listed(&[kind, "ls"], run).await? {
            outcomes.push(Tool::new("docker").args([kind, "rm", &name]).output().await.map(|_| ()));
        }
    }
    outcomes.into_iter().collect()
}

/// The names that a list of the engine gives for the objects of a run.
async fn listed(list: &[&str], run: &str) -> Outcome<Vec<String>> {
    let filter = format!("label={}={run}", engine::RUN);
    let names = Tool::new("docker").args(list).args(["--quiet", "--filter", &filter]).output().await?;
    Ok(names.lines().map(str::to_owned).collect())
}

/// Removes first what others wait for, then the scenario's own objects. In between, dropping the claims releases them.
async fn tear_down(mut scene: Scene, keep: bool) -> Vec<String> {
    let mut outcomes = Vec::new();
    drop(scene.dialogue.take());
    if let Some(terminal) = scene.take_terminal() {
        outcomes.push(terminal.end().await);
    }
    outcomes.push(containers::end(&mut scene).await);
    let claims = std::mem::take(&mut scene.claims);
    let goes_beyond = claims.iter().any(|claim| matches!(claim, Claim::ClusterObjects(_)));
    if goes_beyond {
        // First remove what would prevent other removals; last, the kinds and volumes that other objects use.
        outcomes.push(prepare(&scene).await);
        if !keep {
            outcomes.push(end_namespace(&scene.context.cluster, scene.own_namespace()).await);
        }
    }
    for claim in claims.iter() {
        outcomes.push(clear(&scene, claim).await);
    }
    drop(claims);
    if !keep && !goes_beyond {
        outcomes.push(end_namespace(&scene.context.cluster, scene.own_namespace()).await);
    }
    if !keep {
        outcomes.push(folders::remove(scene.folder()).map(|_| ()));
    }
    reasons(outcomes)
}

async fn prepare(scene: &Scene) -> Outcome {
    wide::prepare(scene.context.cluster.own()?, scene.own_namespace()).await
}

/// Removes what a scenario created under a claimed name. The scenario has checked at its beginning that the name was
/// free.
async fn clear(scene: &Scene, claim: &Claim) -> Outcome {
    let cluster = scene.context.cluster.own()?;
    match claim {
        Claim::Container(name) if scene.owns(claim) => match engine::container(name).await? {
            Some(container) => engine::remove(&container.id).await,
            None => Ok(()),
        },
        Claim::Namespace(name) if scene.has_made(name) => namespace::remove_name(cluster, name).await,
        Claim::Namespace(name) => match scene.owned_since(claim) {
            Some(since) => {
                let is_new = |made| within(made, since, SystemTime::now());
                namespace::clear_new(cluster, name, is_new).await.map(|_| ())
            }
            None => Ok(()),
        },
        Claim::ClusterObjects(_) => wide::put_back(cluster, scene.own_namespace()).await,
        Claim::Cluster(name) if scene.owns(claim) => kind_cli::discard(name).await.map(|_| ()),
        _ => Ok(()),
    }
}

async fn end_namespace(cluster: &AnyCluster, name: &str) -> Outcome {
    let cluster = cluster.own()?;
    namespace::remove(cluster, name).await?;
    namespace::gone(cluster, name).await
}

fn reasons(outcomes: Vec<Outcome>) -> Vec<String> {
    outcomes.into_iter().filter_map(Result::err).map(|fault| fault.reason).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
