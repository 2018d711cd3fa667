//! Sentences about objects of any kind: their fields, conditions and events, what they own, the values of `ConfigMaps` and
//! Secrets, and volume claims.

use std::time::Duration;

use super::{Sentence, sentence};
use crate::{
    actions::{
        events,
        objects::{self, Subject},
    },
    conditions::{
        Judgement, data,
        object::{self, ExpectedField, FieldPath},
        workload,
    },
    scene::Scene,
    verdict::{Fault, Outcome},
};

pub(super) const SENTENCES: &[Sentence] = &[
    sentence!(Then "within {duration} the {kind} {name} exists" => exists(limit, kind, name), Cluster [Waits, Reads],
        r#"within 10 seconds the ConfigMap "settings" exists"#,
        "An object of this kind and name exists. The kind may be a custom one."),
    sentence!(Then "within {duration} the {kind} {name} has the condition {condition}" => has_condition(limit, kind, name, condition), Cluster [Waits, Reads],
        r#"within 60 seconds the Deployment "web" has the condition "Available""#,
        "The condition of this type is True in the object's status, and its controller has seen the object's last change. For one that is False, or for its reason, name the field: `has status.conditions[type=\"Progressing\"].reason \"ProgressDeadlineExceeded\"`."),
    sentence!(Then "within {duration} the {kind} {name} has the field {field}" => has_any(limit, kind, name, path), Cluster [Waits, Reads],
        r#"within 30 seconds the PersistentVolumeClaim "data" has the field spec.volumeName"#,
        "The object has this field, whatever its value; one that is null counts as absent."),
    sentence!(Then "within {duration} the {kind} {name} has {field} {value}" => has_field(limit, kind, name, path, expected), Cluster [Waits, Reads, Keeps],
        r#"within 10 seconds the Deployment "web" has spec.replicas 3"#,
        "The field has this value. Write numbers, true and false without quotes, and texts in quotes; `at least 3` and `at most 3` are for numbers, which must be there."),
    sentence!(Then "within {duration} the {kind} {name} lacks {field}" => lacks_field(limit, kind, name, path), Cluster [Waits, Reads],
        r#"within 10 seconds the Node "demo-worker" lacks metadata.labels.disk"#,
        "The object exists, and does not have this field."),
    sentence!(Then "for {duration} the {kind} {name} keeps {field} {value}" => keeps_field(limit, kind, name, path, expected), Cluster [Reads],
        r#"for 5 seconds the Deployment "web" keeps status.updatedReplicas 1"#,
        "During all this time the field has this value. Stops at once if it has another one."),
    sentence!(Then "for {duration} the {kind} {name} lacks {field}" => keeps_lacking(limit, kind, name, path), Cluster [Reads],
        r#"for 5 seconds the Job "later" lacks status.startTime"#,
        "During all this time the object exists, and does not have this field. Stops at once if it has it."),
    sentence!(Then "within {duration} the {store} {name} has the key {entry} with {text}" => has_key(limit, kind, name, key, text), Cluster [Waits, Reads, Keeps],
        r#"within 10 seconds the Secret "db" has the key "password" with "s3cret""#,
        "The key's value is this text, that of a Secret once it is decoded; of several lines, one is."),
    sentence!(Then "within {duration} the {kind} {name} owns {number} {owned}" => owns(limit, kind, name, count, owned), Cluster [Waits, Reads],
        r#"within 30 seconds the Deployment "web" owns 2 ReplicaSets"#,
        "Exactly this many objects name it as their owner: a Deployment has a ReplicaSet for each template, a CronJob a Job for each time that it ran."),
    sentence!(Then "within {duration} an event of the {kind} {name} says {text}" => event_says(limit, kind, name, text), Cluster [Waits, Reads, Keeps],
        r#"within 30 seconds an event of the Deployment "web" says "ScalingReplicaSet""#,
        "A line made of the event's type, its reason, its message and, if it came more than once, how often, contains the text. Events of an earlier object of the same name do not count. Of an object that belongs to no namespace, only events since the scenario began count."),
    sentence!(Then "within {duration} an event says {text}" => any_event_says(limit, text), Cluster [Waits, Reads, Keeps],
        r#"within 30 seconds an event says "Warning  FailedCreate  [...]exceeded quota""#,
        "The same for the events of all objects in the scenario's namespace, such as those of a ReplicaSet that a Deployment made."),
    sentence!(Then "within {duration} the {kind} {name} is gone" => is_gone(limit, kind, name), Cluster [Waits],
        r#"within 30 seconds the Deployment "web" is gone"#,
        "The object that an earlier step saw under this name no longer exists."),
    sentence!(Then "within {duration} the PersistentVolumeClaim {name} is bound" => is_bound(limit, name), Cluster [Waits, Reads],
        r#"within 60 seconds the PersistentVolumeClaim "data" is bound"#,
        "The claim has a volume. With many StorageClasses this happens only once a Pod uses the claim."),
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
pub(super) async fn has_any(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    path: FieldPath,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    objects::until(scene, subject, &format!("have {path}"), |seen| object::has_any(seen, &path)).await.map(|_| ())
}

/// Also for Pods, which have their own sentences.
pub(super) async fn keeps_field(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    path: FieldPath,
    expected: ExpectedField,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let kept = scene.kept.clone();
    let judge = |seen: Option<&_>| object::has_field(seen, &path, &expected, &kept).err().unwrap_or(Judgement::Holds);
    objects::throughout(scene, subject, &format!("keep {path} {expected}"), judge).await
}

/// Also for Pods, which have their own sentences.
pub(super) async fn has_field(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    path: FieldPath,
    expected: ExpectedField,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let judge = |seen: Option<&_>, kept: &_| object::has_field(seen, &path, &expected, kept);
    objects::until_matches(scene, subject, &format!("have {path} {expected}"), judge).await
}

/// Also for Pods, which have their own sentences.
pub(super) async fn lacks_field(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    path: FieldPath,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    objects::until(scene, subject, &format!("lack {path}"), |seen| object::lacks_field(seen, &path)).await.map(|_| ())
}

/// Also for Pods, which have their own sentences.
pub(super) async fn keeps_lacking(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    path: FieldPath,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    objects::throughout(scene, subject, &format!("lack {path}"), |seen| object::lacks_field(seen, &path)).await
}

async fn has_key(
    scene: &mut Scene,
    limit: Duration,
    kind: String,
    name: String,
    key: String,
    expected: String,
) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let judge = |seen: Option<&_>, kept: &_| data::has(&kind, seen, &key, &expected, kept);
    objects::until_matches(scene, subject, &format!("have the key {key} with \"{expected}\""), judge).await
}

async fn owns(scene: &mut Scene, limit: Duration, kind: String, name: String, count: u16, owned: String) -> Outcome {
    let subject = Subject { kind: &kind, name: &name, limit };
    let one = owned.trim_end_matches('s');
    if count == 0 {
        return Err(Fault::failed(format!("a count of 0 proves nothing: no earlier step saw a {one} that this object owns"))
            .hint("check that an object which it owned is gone; or list them by a label with `I run`, and check that `it prints nothing`"));
    }
    let what = format!("own {count} {}", if count == 1 { one.to_owned() } else { format!("{one}s") });
    let judge = |all: &[_]| object::own_some(all, &kind, &name, count.into());
    objects::until_all(scene, one, subject, &what, judge, std::future::pending()).await
}

async fn event_says(scene: &mut Scene, limit: Duration, kind: String, name: String, text: String) -> Outcome {
    events::until_says(scene, Subject { kind: &kind, name: &name, limit }, &text).await
}

async fn any_event_says(scene: &mut Scene, limit: Duration, text: String) -> Outcome {
    events::until_any_says(scene, &text, limit).await
}

async fn is_gone(scene: &mut Scene, limit: Duration, kind: String, name: String) -> Outcome {
    objects::until_gone(scene, Subject { kind: &kind, name: &name, limit }).await
}

async fn is_bound(scene: &mut Scene, limit: Duration, name: String) -> Outcome {
    let subject = Subject { kind: "PersistentVolumeClaim", name: &name, limit };
    objects::until(scene, subject, "be bound", workload::is_bound).await.map(|_| ())
}
