//! Valid manifests, in the styles in which learners write.

use super::*;

fn is_right(text: &str, number: usize) {
    let refusals = refusals(text);
    assert!(refusals.is_empty(), "{refusals:?}");
    assert_eq!(objects(text).unwrap().len(), number);
}

#[test]
fn json_is_yaml() {
    is_right(
        r#"{
  "apiVersion": "v1",
  "kind": "Pod",
  "metadata": {"name": "hello", "labels": {"app": "hello"}},
  "spec": {"containers": [{"name": "c", "image": "nginx:1.7.9", "ports": [{"containerPort": 80}]}]}
}"#,
        1,
    );
}

#[test]
fn several_documents_with_comments_and_windows_lines() {
    let text = format!(
        "# my work\n---\n{}--- # the Service\nkind: Service\nmetadata:\n  name: s\nspec:\n  ports:\n  - port: 80\n...\n---\n",
        pod("", "")
    );
    is_right(&text, 2);
    is_right(&text.replace('\n', "\r\n"), 2);
}

#[test]
fn anchors_used_modestly() {
    is_right(
        "kind: Deployment
metadata:
  name: d
  labels: &labels
    app: web
spec:
  replicas: 3
  selector: {matchLabels: *labels}
  template:
    metadata: {labels: *labels}
    spec:
      containers:
      - &container
        name: a
        image: busybox
        command: [\"sh\", \"-c\", \"sleep 1d\"]
      - <<: *container
        name: b
",
        1,
    );
}

#[test]
fn much_that_a_pod_may_say() {
    is_right(
        "kind: Pod
metadata:
  name: p
  annotations: {example.com/author: me}
spec:
  restartPolicy: Never
  shareProcessNamespace: true
  terminationGracePeriodSeconds: 1
  automountServiceAccountToken: false
  nodeSelector: {disktype: ssd}
  securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000, supplementalGroups: [4000]}
  volumes:
  - name: data
    emptyDir: {}
  - name: conf
    configMap: {name: conf, defaultMode: 0400}
  containers:
  - name: c
    image: docker.io/library/busybox:latest
    args: [\"--hostNetwork: true\"]
    env:
    - {name: PASSWORD, valueFrom: {secretKeyRef: {name: s, key: password}}}
    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
    resources: {limits: {cpu: 0.5, memory: 64Mi, hugepages-2Mi: 2Mi}}
    volumeMounts: [{name: data, mountPath: /data}]
    livenessProbe: {exec: {command: [\"true\"]}}
    readinessProbe: {httpGet: {path: /, port: 80, httpHeaders: [{name: Host, value: x}]}}
    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true}
",
        1,
    );
}
