//! Clears away what scenarios made, while others go on, and looks at the end whether anything is left.

use std::{
    collections::BTreeSet,
    fs,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::task::JoinSet;

use super::wide;
use crate::{
    actions::containers,
    cluster::{AnyCluster, kind_cli, namespace},
    images::engine,
    machine::claim::Claim,
    scene::{Scene, context::RunContext},
    tool::Tool,
    verdict::Outcome,
};

/// How long the engine may take to be rid of a container.
const PATIENCE: Duration = Duration::from_mins(1);

/// Clears away in the background.
#[derive(Debug, Default)]
pub struct Janitor {
    tasks: Mutex<JoinSet<Vec<String>>>,
    expected: Mutex<BTreeSet<String>>,
}

impl Janitor {
    /// Expects that there is a namespace of this name, until its scene is struck.
    pub fn expect(&self, namespace: &str) {
        lock(&self.expected).insert(namespace.to_owned());
    }

    /// Strikes a scene; `keep` leaves its namespace and its folder for somebody to look at.
    pub fn tear_down(&self, scene: Scene, keep: bool) {
        lock(&self.expected).remove(scene.own_namespace());
        lock(&self.tasks).spawn(tear_down(scene, keep));
    }

    /// Waits until everything is cleared away, and says what is not.
    pub async fn finish(&self, context: &RunContext) -> BTreeSet<String> {
        let mut tasks = std::mem::take(&mut *lock(&self.tasks));
        let expected = std::mem::take(&mut *lock(&self.expected));
        for namespace in expected {
            let cluster = context.cluster.clone();
            tasks.spawn(async move { reasons(vec![end_namespace(&cluster, &namespace).await]) });
        }
        let mut left: BTreeSet<String> = BTreeSet::new();
        while let Some(done) = tasks.join_next().await {
            left.extend(done.unwrap_or_else(|error| vec![format!("clearing up broke off: {error}")]));
        }
        if context.engine.is_some() {
            left.extend(reasons(vec![containers_of(&context.run).await]));
        }
        left
    }
}

/// Removes the containers that bear the label of a run.
///
/// # Errors
/// Where the engine does not answer.
pub async fn containers_of(run: &str) -> Outcome {
    let filter = format!("label={}={run}", engine::RUN);
    let ids = Tool::new("docker").args(["ps", "--all", "--quiet", "--filter", &filter]).output().await?;
    for id in ids.lines() {
        engine::remove(id).await?;
    }
    Ok(())
}

/// First what others wait for, then what is the scenario's own. The claims are given back in between, by being dropped.
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
        // First what keeps others from being removed, then what is of a kind or on a volume that goes with the rest.
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
        // A folder that stays is named by the journal, and cleared by the next run.
        _ = fs::remove_dir_all(scene.folder());
    }
    reasons(outcomes)
}

async fn prepare(scene: &Scene) -> Outcome {
    wide::prepare(scene.context.cluster.own()?, scene.own_namespace()).await
}

/// Clears what a scenario left under a claimed name. It was not there when the scenario began: the scenario saw that.
async fn clear(scene: &Scene, claim: &Claim) -> Outcome {
    let cluster = scene.context.cluster.own()?;
    match claim {
        Claim::Container(name) if scene.owns(claim) => match engine::container(name).await? {
            Some(container) => engine::remove(&container.id).await,
            None => Ok(()),
        },
        Claim::Namespace(name) if scene.has_made(name) => namespace::remove_name(cluster, name).await,
        Claim::Namespace(name) if scene.owns(claim) => {
            namespace::end_pods(cluster, name).await?;
            namespace::emptied(cluster, name, PATIENCE).await
        }
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
