//! Compares `labproof up` on an existing cluster with looking for the cluster with kind and kubectl.

use std::time::Duration;

use labproof::internal::{cluster::kind_cli, verdict::Outcome};

use crate::{bench::Bench, child, row::Row};

/// The time budget.
const BUDGET: Duration = Duration::from_millis(500);

/// Measures `up` of an existing cluster against what kind and kubectl need to look at it.
pub(crate) async fn measure(bench: &Bench) -> Outcome<Vec<Row>> {
    let cluster = bench.cluster().await?;
    let row = Row::new("`up`, the cluster is there", "`kind get clusters`, `kubectl get --raw /readyz`", BUDGET);
    let ours = async || child::time(child::labproof().args(["up", "--config"]).arg(&bench.configuration)).await;
    let theirs = async || {
        let found = child::time(child::program(kind_cli::program(), cluster).args(["get", "clusters"])).await?;
        let ready = child::time(child::program("kubectl", cluster).args(["get", "--raw", "/readyz"])).await?;
        Ok(found + ready)
    };
    Ok(vec![bench.in_turns(row, ours, theirs).await?])
}
