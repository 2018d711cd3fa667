//! Objects for the mocked API server, with only the fields that the code under test needs.

use serde_json::{Value, json};

/// A Pod that is ready.
pub(crate) fn ready_pod(name: &str) -> Value {
    pod(name, &json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}))
}

/// A Pod that runs but is not ready.
pub(crate) fn unready_pod(name: &str) -> Value {
    pod(name, &json!({"phase": "Running", "conditions": [{"type": "Ready", "status": "False"}]}))
}

/// A Pod whose container waits for this reason.
pub(crate) fn waiting_pod(name: &str, reason: &str) -> Value {
    let waiting = json!({"reason": reason, "message": "it was scripted so"});
    let container = json!({
        "name": "main", "image": "nobody/nothing", "imageID": "", "ready": false, "restartCount": 0, "state": {"waiting": waiting}});
    pod(name, &json!({"phase": "Pending", "containerStatuses": [container]}))
}

/// A Pod whose image the node could not pull.
pub(crate) fn unpulled_pod(name: &str, image: &str) -> Value {
    let mut pod = waiting_pod(name, "ErrImagePull");
    let waiting = &mut pod["status"]["containerStatuses"][0]["state"]["waiting"];
    waiting["message"] = json!(format!("failed to pull and unpack image \"{image}\": it was scripted so"));
    pod["spec"]["containers"][0]["image"] = json!(image);
    pod
}

fn pod(name: &str, status: &Value) -> Value {
    json!({
        "metadata": {"name": name, "uid": format!("uid of {name}"), "resourceVersion": "2"},
        "spec": {"containers": [{"name": "main", "image": "nobody/nothing"}]},
        "status": status,
    })
}

/// An object of any kind with only a name.
pub(crate) fn named(name: &str) -> Value {
    json!({"metadata": {"name": name, "uid": format!("uid of {name}"), "resourceVersion": "2"}})
}

/// The Lease of a run that was renewed at this time.
pub(crate) fn lease(run: &str, holder: &str, renewed: jiff::Timestamp) -> Value {
    json!({"metadata": {"name": run}, "spec": {"holderIdentity": holder, "renewTime": format!("{renewed:.6}")}})
}

/// The server's list of the kinds in its core group.
pub(crate) fn core_kinds() -> Value {
    let kind = |plural: &str, kind: &str, scope: &str| {
        json!({
            "resource": plural, "scope": scope, "singularResource": kind.to_lowercase(),
            "responseKind": {"group": "", "version": "v1", "kind": kind},
            "verbs": ["create", "delete", "deletecollection", "get", "list", "watch"],
        })
    };
    let kinds = [kind("pods", "Pod", "Namespaced"), kind("namespaces", "Namespace", "Cluster")];
    json!({"metadata": {}, "items": [{"metadata": {}, "versions": [{"version": "v1", "resources": kinds}]}]})
}
