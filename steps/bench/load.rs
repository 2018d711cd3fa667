//! Loading an image into all nodes with labproof and with kind, in three cases: no layer is on the nodes, only the top
//! layers are new, all layers are on the nodes.
//!
//! Each measurement uses an image whose layers no node has ever had. So neither side profits from the other's layers,
//! and none of the labs' images must be removed.

mod stock;

use std::time::{Duration, Instant};

use labproof::internal::{
    cluster::{Cluster, kind_cli},
    images::load,
    verdict::Outcome,
};

use self::stock::Stock;
use crate::{
    bench::Bench,
    child,
    row::{Row, Side},
};

/// The time budgets: no layer on the nodes, new top layers, unchanged.
const BUDGETS: [Duration; 3] = [Duration::from_secs(9), Duration::from_secs(3), Duration::from_millis(200)];

/// Measures image loading against `kind load docker-image`.
pub(crate) async fn measure(bench: &Bench) -> Outcome<Vec<Row>> {
    let cluster = bench.cluster().await?;
    let kind = "`kind load docker-image`";
    let mut rows = [
        Row::new("image load, cold", kind, BUDGETS[0]),
        Row::new("image load, top layers changed", kind, BUDGETS[1]),
        Row::new("image load, unchanged", kind, BUDGETS[2]),
    ];
    stock::clear(cluster.nodes()).await?;
    let measured = rounds(bench, cluster, &mut rows).await;
    let cleared = stock::clear(cluster.nodes()).await;
    measured.and(cleared).map(|()| rows.to_vec())
}

async fn rounds(bench: &Bench, cluster: &Cluster, rows: &mut [Row; 3]) -> Outcome {
    let stock = Stock::take_in(bench).await?;
    for round in 0..bench.runs {
        for side in Side::BOTH {
            let image = stock.fresh(&format!("{round}-{side:?}").to_lowercase()).await?;
            let changed = stock.with_other_top(&image).await?;
            for (row, name) in rows.iter_mut().zip([&image, &changed, &changed]) {
                row.took(side, bench.unless_interrupted(load(cluster, side, name).await)?);
            }
            stock::clear(cluster.nodes()).await?;
        }
    }
    Ok(())
}

async fn load(cluster: &Cluster, side: Side, image: &str) -> Outcome<Duration> {
    if side == Side::Theirs {
        let mut kind = child::program(kind_cli::program(), cluster);
        return child::time(kind.args(["load", "docker-image", image, "--name", cluster.name()])).await;
    }
    let started = Instant::now();
    load::load(&image.into(), cluster.nodes()).await?;
    Ok(started.elapsed())
}
