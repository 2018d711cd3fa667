//! Sentences about objects of any kind: their fields and conditions, the rights of `ServiceAccounts`, and volume claims.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::{
        access,
        objects::{self, Subject},
    },
    conditions::{
        object::{self, Expected, Path},
        workload,
    },
    scene::Scene,
    verdict::Outcome,
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the {kind} {name} exists" => exists(limit, kind, name), Cluster [Reads],
        r#"within 10 seconds the ConfigMap "settings" exists"#,
        "An object of this kind and name exists. The kind may be a custom one."),
    sentence!(Then "within {duration} the {kind} {name} has the condition {condition}" => has_condition(limit, kind, name, condition), Cluster [Reads],
        r#"within 60 seconds the Deployment "web" has the condition "Available""#,
        "The condition of this type is True in the object's status, and its controller has seen the object's last change."),
    sentence!(Then "within {duration} the {kind} {name} has {field} {value}" => has_field(limit, kind, name, path, expected), Cluster [Reads, Keeps],
        r#"within 10 seconds the Deployment "web" has spec.replicas 3"#,
        "The field has this value. Write numbers, true and false without quotes, and texts in quotes."),
    sentence!(Then "within {duration} the {kind} {name} is gone" => is_gone(limit, kind, name), Cluster [],
        r#"within 30 seconds the Deployment "web" is gone"#,
        "The object that an earlier step saw under this name no longer exists."),
    sentence!(Then "within {duration} the PersistentVolumeClaim {name} is bound" => is_bound(limit, name), Cluster [Reads],
        r#"within 60 seconds the PersistentVolumeClaim "data" is bound"#,
        "The claim has a volume. With many StorageClasses this happens only once a Pod uses the claim."),
    sentence!(Then "the ServiceAccount {name} may {verb} {resource}" => may(name, verb, resource), Cluster [],
        r#"the ServiceAccount "viewer" may get pods"#,
        "The API server would allow it in the scenario's namespace. The ServiceAccount must exist."),
    sentence!(Then "the ServiceAccount {name} may not {verb} {resource}" => may_not(name, verb, resource), Cluster [],
        r#"the ServiceAccount "viewer" may not delete pods"#,
        "The API server would refuse it in the scenario's namespace. The ServiceAccount must exist."),
];

async fn exists(scene: &mut Scene, limit: Duration, kind: String, name: String) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    objects::until(scene, subject, "exist", object::exists).await.map(|_| ())
}

async fn has_condition(scene: &mut Scene, limit: Duration, kind: String, name: String, condition: String) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let what = format!("have the condition {condition}");
    objects::until(scene, subject, &what, |seen| object::has_condition(seen, &condition)).await.map(|_| ())
}

/// Also for Pods, which have their own sentences.
pub(super) async fn has_field(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    path: Path,
    expected: Expected,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let kept = scene.kept.clone();
    let what = format!("have {path} {expected}");
    let judge = |seen: Option<&_>| match object::has_field(seen, &path, &expected, &kept) {
        Ok(_) => crate::conditions::Judgement::Holds,
        Err(judgement) => judgement,
    };
    let found = objects::until(scene, subject, &what, judge).await?;
    if let Ok(kept) = object::has_field(found.as_ref(), &path, &expected, &kept) {
        scene.kept = kept;
    }
    Ok(())
}

async fn is_gone(scene: &mut Scene, limit: Duration, kind: String, name: String) -> Outcome {
    objects::until_gone(scene, Subject { kind: &kind, name: &name, limit }).await
}

async fn is_bound(scene: &mut Scene, limit: Duration, name: String) -> Outcome {
    let subject = Subject { kind: "PersistentVolumeClaim", name: &name, limit };
    objects::until(scene, subject, "be bound", workload::is_bound).await.map(|_| ())
}

async fn may(scene: &mut Scene, account: String, verb: String, resource: String) -> Outcome {
    access::expect(scene, &account, &verb, &resource, true).await
}

async fn may_not(scene: &mut Scene, account: String, verb: String, resource: String) -> Outcome {
    access::expect(scene, &account, &verb, &resource, false).await
}
