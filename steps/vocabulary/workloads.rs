//! Sentences about Deployments, Jobs and other objects that run Pods.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::{objects::Subject, workloads},
    conditions::workload,
    scene::Scene,
    verdict::Outcome,
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the {workload} {name} is rolled out" => is_rolled_out(limit, kind, name), Cluster [Waits, Reads],
        r#"within 60 seconds the Deployment "web" is rolled out"#,
        "All Pods that it wants have its newest template and are available, and no others remain. Stops at once if a Pod of the newest template cannot run. With spec.replicas 0 it never holds."),
    sentence!(Then "within {duration} the {workload} {name} has {number} ready Pod(s)" => has_ready(limit, kind, name, count), Cluster [Waits, Reads],
        r#"within 60 seconds the ReplicaSet "web" has 3 ready Pods"#,
        "It wants exactly this many Pods, has no others, and all of them are ready. Stops at once if a Pod of the newest template cannot run."),
    sentence!(Then "within {duration} the Job {name} is complete" => is_complete(limit, name), Cluster [Waits, Reads],
        r#"within 60 seconds the Job "pi" is complete"#,
        "The Job has completed. Stops at once if it has failed, and shows the log of its newest Pod that did not succeed."),
    sentence!(Then "within {duration} the Job {name} has failed" => has_failed(limit, name), Cluster [Waits, Reads],
        r#"within 60 seconds the Job "pi" has failed"#,
        "The Job has failed, after all its retries. Stops at once if it has completed."),
    sentence!(Then "within {duration} the CronJob {name} has completed {number} Job(s)" => has_completed(limit, name, count), Cluster [Waits, Reads],
        r#"within 2 minutes the CronJob "tick" has completed 1 Job"#,
        "At least this many of its Jobs have completed. A CronJob keeps the last three unless it says otherwise. Stops at once if it is suspended, and shows the log of its newest Job that failed."),
];

async fn is_rolled_out(scene: &mut Scene, limit: Duration, kind: String, name: String) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let judge = |seen: Option<&_>| workload::is_rolled_out(&kind, seen);
    workloads::until(scene, subject, "be rolled out", judge).await.map(|_| ())
}

async fn has_ready(scene: &mut Scene, limit: Duration, kind: String, name: String, count: u16) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let judge = |seen: Option<&_>| workload::has_ready(&kind, seen, count.into());
    let what = if count == 1 { "have 1 ready Pod".to_owned() } else { format!("have {count} ready Pods") };
    workloads::until(scene, subject, &what, judge).await.map(|_| ())
}

async fn is_complete(scene: &mut Scene, limit: Duration, name: String) -> Outcome {
    let subject = Subject { kind: "Job", name: &name, limit };
    workloads::until(scene, subject, "complete", workload::is_complete).await.map(|_| ())
}

async fn has_failed(scene: &mut Scene, limit: Duration, name: String) -> Outcome {
    let subject = Subject { kind: "Job", name: &name, limit };
    workloads::until(scene, subject, "fail", workload::has_failed).await.map(|_| ())
}

async fn has_completed(scene: &mut Scene, limit: Duration, name: String, count: u16) -> Outcome {
    let subject = Subject { kind: "CronJob", name: &name, limit };
    workloads::until_completed(scene, subject, count.into()).await
}
