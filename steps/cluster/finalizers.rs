//! Removes objects even if they have finalizers.
//!
//! A finalizer keeps an object until somebody has completed some work. For objects that labproof removes, there is no
//! such work, or nobody left to do it. Kubernetes' own finalizers get a short time first, because Kubernetes'
//! controllers run.

use std::time::Duration;

use either::Either;
use futures::future::join_all;
use kube::{
    Api, ResourceExt,
    api::{DeleteParams, DynamicObject, ListParams, ObjectMeta, PartialObjectMeta, Patch, PatchParams},
};
use serde_json::json;
use tokio::time::Instant;

use super::{answer, ask, cannot, has_code};
use crate::verdict::{Fault, Outcome};

/// How long Kubernetes may take to complete the work of its own finalizers.
pub const OWN: Duration = Duration::from_secs(3);

/// The pause before the remaining objects are listed again: their kinds are too many for watches.
pub const PAUSE: Duration = Duration::from_millis(200);

/// Deletes all objects of one kind, and returns the names of those that remain. Removes the finalizers of remaining
/// objects; Kubernetes' own only if `own_too`.
///
/// # Errors
/// If the server refuses or does not answer.
pub async fn clear(objects: &Api<DynamicObject>, own_too: bool) -> Outcome<Vec<String>> {
    if list(objects, &ListParams::default().limit(1)).await?.is_empty() {
        return Ok(Vec::new());
    }
    let at_once = DeleteParams::default().grace_period(0);
    ask("delete what is left", objects.delete_collection(&at_once, &ListParams::default())).await?;
    free_deleted(objects, own_too).await
}

/// Removes the finalizers from the objects of one kind that are being deleted, and returns the names of the remaining
/// objects.
///
/// # Errors
/// If the server does not answer.
pub async fn free_deleted(objects: &Api<DynamicObject>, own_too: bool) -> Outcome<Vec<String>> {
    let left = list(objects, &ListParams::default()).await?;
    join_all(left.iter().map(|object| free(objects, &object.metadata, own_too))).await;
    Ok(left.iter().map(|object| describe(objects, object)).collect())
}

/// Removes one object at once, with any finalizers. Succeeds if it does not exist.
///
/// # Errors
/// If the server refuses or does not answer.
pub async fn remove(objects: &Api<DynamicObject>, name: &str) -> Outcome {
    let what = format!("delete {name}");
    match answer(&what, objects.delete(name, &DeleteParams::default().grace_period(0))).await? {
        Ok(Either::Left(object)) => free(objects, &object.metadata, true).await,
        Ok(Either::Right(_)) => {}
        deleted if has_code(&deleted, &[404]) => {}
        Err(error) => return Err(cannot(&what, &error)),
    }
    Ok(())
}

/// Deletes one object without removing its finalizers, so their work may still be done.
///
/// # Errors
/// If the server refuses or does not answer.
pub async fn remove_softly(objects: &Api<DynamicObject>, name: &str) -> Outcome {
    let what = format!("delete {name}");
    match answer(&what, objects.delete(name, &DeleteParams::default())).await? {
        deleted if has_code(&deleted, &[404]) => Ok(()),
        deleted => deleted.map(|_| ()).map_err(|error| cannot(&what, &error)),
    }
}

/// Removes the finalizers of one object if it is being deleted, and returns its name if it still exists.
///
/// # Errors
/// If the server does not answer.
pub async fn free_one(objects: &Api<DynamicObject>, name: &str, own_too: bool) -> Outcome<Vec<String>> {
    let what = format!("read {name}");
    match answer(&what, objects.get_metadata(name)).await? {
        found if has_code(&found, &[404, 405]) => Ok(Vec::new()),
        found => {
            let found = found.map_err(|error| cannot(&what, &error))?;
            free(objects, &found.metadata, own_too).await;
            Ok(vec![describe(objects, &found)])
        }
    }
}

/// Removes the finalizers of an object that is being deleted. Ignores errors, because the object then remains and is
/// reported.
pub async fn free(objects: &Api<DynamicObject>, metadata: &ObjectMeta, own_too: bool) {
    let finalizers = metadata.finalizers.iter().flatten();
    let is_kept = finalizers.clone().next().is_some_and(|_| metadata.deletion_timestamp.is_some());
    if is_kept {
        let kept: Vec<&String> = finalizers.filter(|finalizer| !own_too && is_own(finalizer)).collect();
        let patch = json!({"metadata": {"finalizers": kept, "uid": metadata.uid}});
        let name = metadata.name.as_deref().unwrap_or_default();
        _ = answer("free an object", objects.patch_metadata(name, &PatchParams::default(), &Patch::Merge(patch))).await;
    }
}

/// Repeats `round` until nothing is left. `round` returns what is left; its argument says whether Kubernetes' own
/// finalizers have had their time. On a slow cluster, a single round may take longer than `patience`; a round without
/// any mercy and one that sees its effect follow even then.
///
/// # Errors
/// If something is left after `patience`; the list names it.
pub async fn until_nothing_is_left<F>(patience: Duration, mut round: impl FnMut(bool) -> F) -> Outcome
where
    F: Future<Output = Outcome<Vec<String>>>,
{
    let begun = Instant::now();
    let mut without_mercy = 0;
    loop {
        let own_too = begun.elapsed() >= OWN.min(patience / 2);
        let left = round(own_too).await;
        without_mercy += u32::from(own_too);
        if left.as_ref().is_ok_and(Vec::is_empty) {
            return Ok(());
        }
        if begun.elapsed() >= patience && without_mercy >= 2 {
            let left = left.map_err(|fault| fault.reason).unwrap_or_else(|why| vec![why]);
            return Err(Fault::broken(left.join(", ")));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Whether a finalizer is one of Kubernetes' own.
fn is_own(finalizer: &str) -> bool {
    match finalizer.split_once('/') {
        Some((domain, _)) => {
            domain == "kubernetes.io" || domain.ends_with(".kubernetes.io") || domain.ends_with(".k8s.io")
        }
        None => true,
    }
}

pub(super) async fn list(
    objects: &Api<DynamicObject>,
    which: &ListParams,
) -> Outcome<Vec<PartialObjectMeta<DynamicObject>>> {
    let what = format!("list {}", objects.resource_url());
    match answer(&what, objects.list_metadata(which)).await? {
        // A kind that does not exist any more has no objects.
        listed if has_code(&listed, &[404, 405]) => Ok(Vec::new()),
        listed => listed.map(|listed| listed.items).map_err(|error| cannot(&what, &error)),
    }
}

/// An object as kubectl names it. Its metadata does not contain its kind.
pub(super) fn describe(objects: &Api<DynamicObject>, object: &PartialObjectMeta<DynamicObject>) -> String {
    let plural = objects.resource_url().rsplit('/').next().unwrap_or_default().to_owned();
    let finalizers = object.finalizers();
    if finalizers.is_empty() {
        return format!("{plural}/{}", object.name_any());
    }
    format!("{plural}/{} with the finalizers {}", object.name_any(), finalizers.join(", "))
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_slow_cluster_gets_a_round_that_removes_every_finalizer_and_one_that_sees_it() {
        let rounds = RefCell::new(Vec::new());
        let slow = |own_too: bool| {
            rounds.borrow_mut().push(own_too);
            let left = if rounds.borrow().ends_with(&[true, true]) { vec![] } else { vec!["pods/a".to_owned()] };
            async move {
                tokio::time::sleep(Duration::from_secs(30)).await;
                Ok(left)
            }
        };
        assert_eq!(until_nothing_is_left(Duration::from_secs(10), slow).await, Ok(()));
        assert_eq!(*rounds.borrow(), [false, true, true]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_no_round_removes_is_named() {
        let stays = async |_: bool| Ok(vec!["pods/a".to_owned(), "jobs/b".to_owned()]);
        let fault = until_nothing_is_left(Duration::from_secs(10), stays).await.unwrap_err();
        assert_eq!(fault.reason, "pods/a, jobs/b");
    }

    #[test]
    fn finalizers_of_kubernetes_are_recognized() {
        for own in ["kubernetes.io/pvc-protection", "batch.kubernetes.io/job-tracking", "foregroundDeletion", "orphan"]
        {
            assert!(is_own(own), "{own}");
        }
        for other in ["example.com/stay", "notkubernetes.io/x", "kubernetes.io.example.com/x"] {
            assert!(!is_own(other), "{other}");
        }
    }
}
