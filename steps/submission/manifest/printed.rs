//! What the learner's own cluster has added to an object that it printed, as with `kubectl get -o yaml`: where the object
//! was there. It says nothing about the lab's cluster, so it is left out before the object is judged.

use serde_json::{Map, Value};

/// The fields of a printed object that its cluster chose, by kind; an empty kind means all kinds.
const CHOSEN: [(&str, &str, &[&str]); 6] = [
    ("", "/metadata", &["namespace"]),
    ("Pod", "/spec", &["nodeName"]),
    ("Service", "/spec", &["clusterIP", "clusterIPs"]),
    ("PersistentVolumeClaim", "/spec", &["volumeName", "storageClassName"]),
    ("PersistentVolumeClaim", "/metadata", &["finalizers"]),
    ("Job", "/spec", &["selector"]),
];

/// The prefixes of the annotations and labels with which controllers mark their objects.
const MARKS: [&str; 5] = [
    "deployment.kubernetes.io/",
    "pv.kubernetes.io/",
    "volume.kubernetes.io/",
    "volume.beta.kubernetes.io/",
    "batch.kubernetes.io/",
];

/// The older names of the labels of a Job.
const OF_A_JOB: [&str; 2] = ["controller-uid", "job-name"];

/// Leaves out what another cluster chose. In an object that nobody printed, this is only the namespace "default": the one
/// that kubectl uses if nobody names another.
pub(super) fn leave_out_chosen(object: &mut Value) {
    let metadata = object.get("metadata");
    let is_printed = metadata.is_some_and(|metadata| metadata.get("uid").is_some_and(Value::is_string));
    let is_default = metadata.is_some_and(|metadata| metadata.get("namespace").is_some_and(|name| *name == "default"));
    if is_printed {
        let kind = object.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned();
        let is_none = object.pointer("/spec/clusterIP").is_some_and(|address| *address == "None");
        for (_, place, names) in CHOSEN.iter().filter(|(of, ..)| of.is_empty() || *of == kind) {
            names.iter().filter(|name| !(is_none && name.starts_with("cluster"))).for_each(|name| {
                remove(object, place, |key| key == *name);
            });
        }
        let is_mark = |key: &str| MARKS.iter().any(|prefix| key.starts_with(prefix));
        remove(object, "/metadata/annotations", is_mark);
        if kind == "Job" {
            for labels in ["/metadata/labels", "/spec/template/metadata/labels"] {
                remove(object, labels, |key| is_mark(key) || OF_A_JOB.contains(&key));
            }
        }
    } else if is_default {
        remove(object, "/metadata", |key| key == "namespace");
    }
}

fn remove(object: &mut Value, place: &str, is_chosen: impl Fn(&str) -> bool) {
    if let Some(fields) = object.pointer_mut(place).and_then(Value::as_object_mut) {
        let kept = std::mem::take(fields).into_iter().filter(|(key, _)| !is_chosen(key));
        *fields = kept.collect::<Map<_, _>>();
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn left(mut object: Value) -> Value {
        leave_out_chosen(&mut object);
        object
    }

    #[test]
    fn a_printed_object_is_not_bound_to_its_cluster() {
        let pod = json!({"kind": "Pod", "metadata": {"name": "a", "namespace": "mine", "uid": "u"},
                         "spec": {"nodeName": "minikube", "containers": []}});
        let expected = json!({"kind": "Pod", "metadata": {"name": "a", "uid": "u"}, "spec": {"containers": []}});
        assert_eq!(left(pod), expected);
        let service = |address: &str| {
            left(json!({"kind": "Service", "metadata": {"uid": "u"}, "spec": {"clusterIP": address, "ports": []}}))
        };
        assert_eq!(service("10.96.0.7")["spec"], json!({"ports": []}));
        assert_eq!(service("None")["spec"]["clusterIP"], "None");
    }

    #[test]
    fn the_marks_of_controllers_are_left_out_of_a_printed_object() {
        let deployment = json!({"kind": "Deployment", "metadata": {"uid": "u", "annotations":
            {"deployment.kubernetes.io/revision": "2", "kubernetes.io/change-cause": "x"}}});
        assert_eq!(left(deployment)["metadata"]["annotations"], json!({"kubernetes.io/change-cause": "x"}));
        let labels = json!({"batch.kubernetes.io/job-name": "j", "job-name": "j", "controller-uid": "c", "app": "a"});
        let job = left(json!({"kind": "Job", "metadata": {"uid": "u", "labels": labels}, "spec":
            {"selector": {"matchLabels": {}}, "template": {"metadata": {"labels": labels}}}}));
        assert_eq!(job["metadata"]["labels"], json!({"app": "a"}));
        assert_eq!(job["spec"], json!({"template": {"metadata": {"labels": {"app": "a"}}}}));
    }

    #[test]
    fn what_a_learner_writes_stays_but_for_the_namespace_that_is_meant_anyway() {
        let pod = |namespace: &str| json!({"kind": "Pod", "metadata": {"namespace": namespace, "finalizers": ["a/b"]}, "spec": {"nodeName": "n"}});
        let written = left(pod("default"));
        assert_eq!(written, json!({"kind": "Pod", "metadata": {"finalizers": ["a/b"]}, "spec": {"nodeName": "n"}}));
        assert_eq!(left(pod("kube-system")), pod("kube-system"));
    }
}
