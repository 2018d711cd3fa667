//! What all figures share: the project, the cluster, and the reaction to Ctrl-C.

use std::{num::NonZeroUsize, path::PathBuf, time::Duration};

use labproof::internal::{
    cluster::{Cluster, kind_cli},
    progress::Progress,
    project::Project,
    verdict::{Fault, Outcome},
};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::{
    row::{Row, Side},
    table::Circumstances,
};

/// What all figures share.
pub(crate) struct Bench {
    /// How often to measure each figure.
    pub(crate) runs: usize,
    /// The project whose labs and tools are used.
    pub(crate) project: Project,
    /// The cluster's kind configuration.
    pub(crate) configuration: PathBuf,
    /// Where to show the progress.
    pub(crate) progress: Progress,
    cluster: OnceCell<Cluster>,
    interrupted: CancellationToken,
}

impl Bench {
    /// Finds the project and the cluster's kind configuration `config`, and listens for Ctrl-C.
    pub(crate) fn begin(runs: NonZeroUsize, config: &str) -> Outcome<Self> {
        let project = Project::find()?;
        let configuration = project.file(config);
        kind_cli::name(&configuration)?;
        let interrupted = CancellationToken::new();
        let heard = interrupted.clone();
        tokio::spawn(async move {
            while tokio::signal::ctrl_c().await.is_ok() {
                eprintln!("interrupted: cleaning up");
                heard.cancel();
            }
        });
        let (runs, progress) = (runs.get(), Progress::new());
        Ok(Self { runs, project, configuration, progress, cluster: OnceCell::new(), interrupted })
    }

    /// The cluster; created if it does not exist.
    pub(crate) async fn cluster(&self) -> Outcome<&Cluster> {
        let up = async || {
            kind_cli::up(&self.project, &self.configuration, &kind_cli::Wanted::default(), &self.progress).await
        };
        self.cluster.get_or_try_init(up).await
    }

    /// Measures labproof and the alternative alternately.
    pub(crate) async fn in_turns(
        &self,
        mut row: Row,
        ours: impl AsyncFn() -> Outcome<Duration>,
        theirs: impl AsyncFn() -> Outcome<Duration>,
    ) -> Outcome<Row> {
        for _ in 0..self.runs {
            row.took(Side::Ours, self.unless_interrupted(ours().await)?);
            row.took(Side::Theirs, self.unless_interrupted(theirs().await)?);
        }
        Ok(row)
    }

    /// Returns the measurement, unless Ctrl-C interrupted it.
    pub(crate) fn unless_interrupted<T>(&self, measured: Outcome<T>) -> Outcome<T> {
        if self.interrupted.is_cancelled() { Err(Fault::broken("interrupted")) } else { measured }
    }

    /// The machine and the cluster of the measurement.
    pub(crate) fn circumstances(&self) -> Circumstances {
        let cluster = self
            .cluster
            .get()
            .map(|cluster| format!("Kubernetes {} on {} nodes of kind", cluster.version(), cluster.nodes().len()));
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Circumstances { runs: self.runs, processors, cluster }
    }
}
