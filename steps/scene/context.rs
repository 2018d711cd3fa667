//! What all scenarios of a run share.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio_util::sync::CancellationToken;

use super::{course::CourseImages, health::Health};
use crate::{
    cluster::{AnyCluster, abilities::TriedAbilities, disk_guard::DiskGuard, kind_cli, lease},
    image_name::ImageName,
    images::{
        build::SubmittedBuilds,
        catalogue::{Catalogue, Used},
        engine,
    },
    machine::{content::Name, journal::Journal},
    project::{Lab, Project},
    verdict::{Fault, Outcome},
};

/// The time limits.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// One step.
    pub step: Duration,
    /// One scenario, from its first step.
    pub scenario: Duration,
    /// The whole run.
    pub run: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { step: Duration::from_mins(5), scenario: Duration::from_mins(10), run: Duration::from_mins(60) }
    }
}

/// What every run needs from the start.
#[derive(Debug)]
pub struct Beginning {
    /// The images that labs use but do not build.
    pub catalogue: Catalogue,
    /// The run's name, unique on this machine and on the cluster.
    pub run: String,
    /// The folder of labs.
    pub project: Project,
    /// The cluster that the scenarios use.
    pub cluster: AnyCluster,
    /// The journal of what the run creates.
    pub journal: Journal,
    /// The folder that contains the scenarios' folders.
    pub folder: PathBuf,
    /// The time limits.
    pub limits: Limits,
    /// Cancelled if the run must end early.
    pub cancelled: CancellationToken,
}

/// What a run uses of this machine's engine; empty for a run that only reads a cluster.
#[derive(Debug)]
pub struct Provided {
    /// The engine's version; `None` if the run uses no engine.
    pub engine: Option<String>,
    /// The image of `BuildKit`, if submissions are built with it.
    pub buildkit: Option<String>,
    /// A table of node images to use instead of the project's.
    pub node_table: Option<PathBuf>,
    /// The reserved names of the images that the labs build.
    pub names: Vec<Name>,
    /// The images that were provided for the labs.
    pub images: Vec<Used>,
    /// The images that could not be provided, each with the reason.
    pub missing: BTreeMap<ImageName, Fault>,
    /// Why graded scenarios cannot run on this cluster, if they cannot.
    pub admission: Outcome,
    /// The abilities of this cluster, as far as the plan needs them.
    pub abilities: TriedAbilities,
}

impl Default for Provided {
    fn default() -> Self {
        let (names, images, missing) = (Vec::new(), Vec::new(), BTreeMap::new());
        let (admission, abilities) = (Ok(()), TriedAbilities::default());
        Self { engine: None, buildkit: None, node_table: None, names, images, missing, admission, abilities }
    }
}

/// What all scenarios of a run share.
#[derive(Debug)]
pub struct RunContext {
    /// The run's name, unique on this machine and on the cluster.
    pub run: String,
    /// The folder of labs.
    pub project: Project,
    /// The cluster that the scenarios use.
    pub cluster: AnyCluster,
    /// The engine's version; `None` if the run uses no engine.
    pub engine: Option<String>,
    /// A table of node images to use instead of the project's.
    pub node_table: Option<PathBuf>,
    /// The journal of what the run creates.
    pub journal: Journal,
    /// The folder that contains the scenarios' folders.
    pub folder: PathBuf,
    /// The time limits.
    pub limits: Limits,
    /// Cancelled if the run must end early.
    pub cancelled: CancellationToken,
    /// Whether the token was cancelled because the run's time is over.
    time_is_over: AtomicBool,
    /// The images that labs use but do not build.
    pub catalogue: Catalogue,
    /// The images that the labs build, each built and loaded once.
    pub course: CourseImages,
    /// The reserved names of these images.
    pub names: Vec<Name>,
    /// All images used so far.
    pub images: Mutex<Vec<Used>>,
    /// The images that could not be provided, each with the reason.
    pub missing: BTreeMap<ImageName, Fault>,
    /// The Pods that were ended because they filled the disk.
    pub disk_guard: DiskGuard,
    /// Records whether the cluster and the engine answer.
    pub health: Health,
    /// An error if graded scenarios cannot run on this cluster.
    pub admission: Outcome,
    /// The abilities of this cluster, as far as the plan needs them.
    pub abilities: TriedAbilities,
}

impl RunContext {
    /// The context of a run.
    #[must_use]
    pub fn new(beginning: Beginning, provided: Provided) -> Self {
        let Beginning { run, catalogue, project, cluster, journal, folder, limits, cancelled } = beginning;
        let Provided { engine, buildkit, node_table, names, images, missing, admission, abilities } = provided;
        Self {
            course: CourseImages::new(
                &run,
                SubmittedBuilds::new(&run, &folder, buildkit),
                limits.step.min(limits.scenario),
            ),
            run,
            catalogue,
            project,
            cluster,
            engine,
            node_table,
            journal,
            folder,
            limits,
            cancelled,
            time_is_over: AtomicBool::new(false),
            names,
            images: Mutex::new(images),
            missing,
            disk_guard: DiskGuard::default(),
            health: Health::default(),
            admission,
            abilities,
        }
    }

    /// Checks that all images that a lab declares could be provided.
    ///
    /// # Errors
    /// The reason for the first that could not.
    pub fn assert_has_images_of(&self, lab: &Lab) -> Outcome {
        let mut declared = lab.file.pulls.iter().chain(&lab.file.bases);
        declared.find_map(|image| self.missing.get(image)).map_or(Ok(()), |fault| Err(fault.clone()))
    }

    /// Asks the engine and the run's nodes whether they are well, where the run uses an engine.
    ///
    /// # Errors
    /// If the engine does not answer, or if a node does not run or is not ready.
    pub async fn assert_machine_is_well(&self) -> Outcome {
        if self.engine.is_none() {
            return Ok(());
        }
        let cluster = self.cluster.own()?;
        let (engine, nodes) = tokio::join!(engine::version(), kind_cli::is_well(cluster));
        engine.and(nodes)
    }

    /// Checks that the run has held its Lease since `then`. A run that only reads a cluster has none.
    ///
    /// # Errors
    /// `broken` if it has not; another run may then have removed this run's objects.
    pub async fn assert_lease_held_since(&self, then: Instant) -> Outcome {
        let Ok(cluster) = self.cluster.own() else { return Ok(()) };
        if !self.health.lost_lease_since(then) && lease::is_held(cluster, &self.run).await? {
            return Ok(());
        }
        Err(Fault::broken("the run did not renew its Lease in time, so another run may have removed its namespaces"))
    }

    /// Ends the run because its time is over. Returns the fault for what it cuts short.
    pub fn run_out_of_time(&self) -> Fault {
        self.time_is_over.store(true, Ordering::Relaxed);
        self.cancelled.cancel();
        self.cut_short()
    }

    /// The fault for a scenario that the end of the run cut short.
    #[must_use]
    pub fn cut_short(&self) -> Fault {
        if self.time_is_over.load(Ordering::Relaxed) {
            return Fault::broken("the run reached its time limit before this scenario ended")
                .hint("set a longer limit with --run-timeout");
        }
        Fault::broken("the run was interrupted")
    }

    /// Records that an image was used.
    pub fn used(&self, image: Used) {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        if !images.iter().any(|known| known.name == image.name) {
            images.push(image);
        }
    }

    /// All images used so far.
    #[must_use]
    pub fn images_used(&self) -> Vec<Used> {
        self.images.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
