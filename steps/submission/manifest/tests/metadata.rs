use super::*;

#[test]
fn only_the_labs_kinds_are_allowed() {
    for kind in ["Namespace", "ClusterRoleBinding", "List", "PodList", "pod", "[Pod]", "1", "\"\""] {
        assert_eq!(broken(&format!("kind: {kind}\nmetadata: {{name: x}}\n")), ["kind"], "{kind}");
    }
    let mut rules = rules();
    rules.kinds.insert("List".into());
    assert_eq!(judge("x.yaml", "kind: List\nmetadata: {}\n", &rules).refusals.len(), 1);
    assert_eq!(broken("metadata: {name: x}\n"), [""; 0], "an object without a kind is nothing that could be made");
}

#[test]
fn metadata_leads_nowhere_else() {
    let cases = [
        ("namespace: kube-system", "namespace"),
        ("namespace: 1", "namespace"),
        ("generateName: x-", "name"),
        ("finalizers: [a/b]", "metadata"),
        ("ownerReferences: [{name: o}]", "metadata"),
        ("annotations: {container.apparmor.security.beta.kubernetes.io/c: unconfined}", "metadata"),
        ("annotations: {kubernetes.io/service-account.name: admin}", "metadata"),
        ("annotations: {cni.k8s.io/x: \"\"}", "metadata"),
        ("annotations: {labproof.dev/run: r}", "metadata"),
        ("labels: {labproof.dev/run: r}", "metadata"),
        ("labels: {pod-security.kubernetes.io/enforce: privileged}", "metadata"),
    ];
    for (field, rule) in cases {
        assert_eq!(broken(&format!("kind: ConfigMap\nmetadata: {{name: x, {field}}}\n")), [rule], "{field}");
        let template = format!("kind: Deployment\nspec: {{template: {{metadata: {{{field}}}}}}}\n");
        assert_eq!(broken(&template), [rule], "{field}");
        let job = format!("kind: CronJob\nspec: {{jobTemplate: {{metadata: {{{field}}}}}}}\n");
        assert_eq!(broken(&job), [rule], "{field}");
        let claim = format!("kind: StatefulSet\nspec: {{volumeClaimTemplates: [{{metadata: {{{field}}}}}]}}\n");
        assert_eq!(broken(&claim), [rule], "{field}");
    }
}

#[test]
fn annotations_and_labels_of_ones_own_are_allowed() {
    let right = [
        "annotations: {note: x, example.com/note: x, mykubernetes.io/x: y}",
        "annotations: {kubectl.kubernetes.io/default-container: c, kubernetes.io/change-cause: first}",
        "labels: {app: x, app.kubernetes.io/name: x, example.com/pod-security: y}",
        "annotations: ~",
        "annotations: x",
        "creationTimestamp: ~",
        "namespace: ~",
        "namespace: \"\"",
    ];
    for field in right {
        assert_eq!(broken(&format!("kind: ConfigMap\nmetadata: {{name: x, {field}}}\n")), [""; 0], "{field}");
    }
}

#[test]
fn one_object_makes_few_pods() {
    let cases = [
        "kind: Deployment\nspec: {replicas: 11}",
        "kind: Deployment\nspec: {replicas: \"1\"}",
        "kind: Deployment\nspec: {replicas: 1e9}",
        "kind: Job\nspec: {parallelism: 11}",
        "kind: Job\nspec: {completions: 11}",
        "kind: CronJob\nspec: {jobTemplate: {spec: {parallelism: 11}}}",
        "kind: HorizontalPodAutoscaler\nspec: {maxReplicas: 11}",
    ];
    for text in cases {
        assert_eq!(broken(text), ["object-count"], "{text}");
    }
    assert_eq!(broken("kind: Deployment\nspec: {replicas: 10}"), [""; 0]);
    assert_eq!(broken("kind: Deployment\nspec: {replicas: ~}"), [""; 0]);
}

#[test]
fn a_service_stays_in_the_cluster() {
    let cases = ["type: NodePort", "type: LoadBalancer", "type: ExternalName", "type: [x]", "externalIPs: [10.0.0.1]"];
    let more = ["externalName: x", "loadBalancerIP: 10.0.0.1", "clusterIP: 10.96.0.10", "clusterIPs: [10.96.0.10]"];
    for field in cases.into_iter().chain(more).chain(["ports: [{port: 80, nodePort: 30000}]"]) {
        assert_eq!(
            broken(&format!("kind: Service\nmetadata: {{name: s}}\nspec: {{{field}}}\n")),
            ["service"],
            "{field}"
        );
    }
    for field in ["type: ClusterIP", "clusterIP: None", "type: ~", "ports: [{port: 80}], sessionAffinity: ClientIP"] {
        assert_eq!(broken(&format!("kind: Service\nmetadata: {{name: s}}\nspec: {{{field}}}\n")), [""; 0], "{field}");
    }
}

#[test]
fn a_secret_stands_for_nobody() {
    for kind in ["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token", "[x]"] {
        assert_eq!(broken(&format!("kind: Secret\ntype: {kind}\n")), ["secret"], "{kind}");
    }
    assert_eq!(broken("kind: Secret\ntype: Opaque\n"), [""; 0]);
    assert_eq!(broken("kind: Secret\ntype: kubernetes.io/basic-auth\n"), [""; 0]);
}

#[test]
fn a_claim_gets_a_volume_of_its_own() {
    let cases = ["volumeName: v", "storageClassName: s", "storageClassName: \"\"", "selector: {matchLabels: {a: b}}"];
    for field in cases.into_iter().chain(["dataSource: {name: d}", "dataSourceRef: {name: d}", "volumeMode: Block"]) {
        let claim = format!("kind: PersistentVolumeClaim\nspec: {{{field}}}\n");
        assert_eq!(broken(&claim), ["volume"], "{field}");
        let template = format!("kind: StatefulSet\nspec: {{volumeClaimTemplates: [{{spec: {{{field}}}}}]}}\n");
        assert_eq!(broken(&template), ["volume"], "{field}");
    }
    let right =
        "kind: PersistentVolumeClaim\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    assert_eq!(broken(right), [""; 0]);
}
