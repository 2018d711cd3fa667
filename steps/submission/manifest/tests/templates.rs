//! Objects that create Pods: their templates are judged as a Pod is.

use super::*;

/// An object of each kind with these fields in the specification of its Pods.
fn templates(spec: &str) -> Vec<(&'static str, String)> {
    let pod = format!("{{containers: [{{name: c, image: busybox}}], {spec}}}");
    let plain = |kind| format!("kind: {kind}\nmetadata: {{name: x}}\nspec: {{template: {{spec: {pod}}}}}\n");
    let cron_job = "kind: CronJob\nmetadata: {name: x}\nspec: {jobTemplate: {spec: {template: {spec: ";
    let kinds = ["Deployment", "StatefulSet", "DaemonSet", "Job"];
    let all = kinds.into_iter().map(|kind| (kind, plain(kind)));
    all.chain([("CronJob", format!("{cron_job}{pod}}}}}}}}}\n"))]).collect()
}

#[test]
fn a_template_may_do_no_more_than_a_pod() {
    for (spec, rule) in [
        ("volumes: [{name: v, hostPath: {path: /}}]", "volume"),
        ("initContainers: [{name: i, image: busybox, securityContext: {privileged: true}}]", "no-privileged"),
        ("initContainers: [{name: i, image: evil}]", "image"),
        ("hostNetwork: true", "no-host-network"),
        ("hostPID: true", "no-host-pid"),
        ("nodeName: control-plane", "scheduling"),
        ("tolerations: [{operator: Exists}]", "scheduling"),
        ("serviceAccountName: admin", "service-account"),
        ("ephemeralContainers: [{name: e, image: busybox}]", "security"),
        ("terminationGracePeriodSeconds: 3600", "grace-period"),
    ] {
        assert_eq!(broken_pod(&format!("  {spec}\n"), ""), [rule], "Pod: {spec}");
        for (kind, text) in templates(spec) {
            assert_eq!(broken(&text), [rule], "{kind}: {spec}");
        }
    }
}

#[test]
fn the_metadata_of_an_object_and_of_its_pods_is_judged() {
    for (metadata, rule) in [
        ("finalizers: [a/b]", "metadata"),
        ("namespace: kube-system", "namespace"),
        ("ownerReferences: [{kind: Node, name: n}]", "metadata"),
    ] {
        for (kind, text) in templates("") {
            let own = text.replacen("{name: x}", &format!("{{name: x, {metadata}}}"), 1);
            assert_eq!(broken(&own), [rule], "{kind}: {metadata}");
            let of_pods = text.replacen("template: {spec", &format!("template: {{metadata: {{{metadata}}}, spec"), 1);
            assert_eq!(broken(&of_pods), [rule], "the Pods of a {kind}: {metadata}");
        }
    }
}

#[test]
fn an_object_creates_few_pods() {
    for (kind, field) in
        [("Deployment", "replicas"), ("StatefulSet", "replicas"), ("Job", "parallelism"), ("Job", "completions")]
    {
        let text = format!("kind: {kind}\nmetadata: {{name: x}}\nspec: {{{field}: 1000}}\n");
        assert_eq!(broken(&text), ["object-count"], "{kind}: {field}");
    }
    let cron_job = "kind: CronJob\nmetadata: {name: x}\nspec: {jobTemplate: {spec: {parallelism: 1000}}}\n";
    assert_eq!(broken(cron_job), ["object-count"]);
}

#[test]
fn no_claim_leads_to_a_folder_of_a_node() {
    let volume =
        "kind: PersistentVolume\nmetadata: {name: v}\nspec: {hostPath: {path: /}, storageClassName: standard}\n";
    assert_eq!(broken(volume), ["kind"], "whatever the lab accepts");
    for field in ["volumeName: v", "storageClassName: ''", "selector: {matchLabels: {a: b}}"] {
        let claim = format!("kind: PersistentVolumeClaim\nmetadata: {{name: c}}\nspec: {{{field}}}\n");
        assert_eq!(broken(&claim), ["volume"], "{field}");
        let set = format!(
            "kind: StatefulSet\nmetadata: {{name: s}}\nspec: {{volumeClaimTemplates: [{{spec: {{{field}}}}}]}}\n"
        );
        assert_eq!(broken(&set), ["volume"], "{field}");
    }
}
