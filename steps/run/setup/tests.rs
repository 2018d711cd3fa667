use std::time::Duration;

use super::*;
use crate::{
    machine::claim::Held,
    testing::{
        api::Answer,
        runs::{self, LEASE, Mocked},
    },
};

#[tokio::test(start_paused = true)]
async fn a_run_that_waits_for_the_cluster_keeps_its_lease() {
    let mocked = Mocked::new(&["Then within 60 seconds no Pods remain"]);
    mocked.api.on("PATCH /api/v1/namespaces/labproof", [Answer::Echo]);
    let cluster = runs::cluster_called(&mocked.api, "of-a-run-that-waits");
    let held = Held::take([Claim::Whole(cluster.name().into())].into()).await.unwrap();
    let another_run = async {
        tokio::time::sleep(Duration::from_secs(130)).await;
        drop(held);
    };
    let (entered, ()) = tokio::join!(enter(&mocked.run, &cluster, &mocked.context.journal), another_run);
    entered.unwrap().0.unwrap();
    let renewals = mocked.api.received(&format!("PATCH {LEASE}")).len();
    assert!(renewals > 12, "{renewals}");
}
