//! Values that a document sets itself, and those that only look like it.

use super::judging::{NONE, found, judged};
use crate::document::defect::Defect;

#[test]
fn amounts_and_times_that_a_manifest_sets_are_compared() {
    let quota =
        |used: &str| format!("Resource      Used   Hard\n--------      ----   ----\nrequests.cpu  {used}   1\n");
    for (says, prints) in [
        (
            r#"{"limits":{"cpu":"300m"},"requests":{"cpu":"300m"}}"#,
            r#"{"limits":{"cpu":"300m"},"requests":{"cpu":"100m"}}"#,
        ),
        ("    memory:  64Mi", "    memory:  128Mi"),
        (
            "Liveness: exec [cat x] delay=5s timeout=1s period=10s",
            "Liveness: exec [cat x] delay=5s timeout=1s period=5s",
        ),
        (&quota("250m"), &quota("500m")),
        (
            "NAME   STATUS   CAPACITY   AGE\ndata   Bound    1Gi        5s\n",
            "NAME   STATUS   CAPACITY   AGE\ndata   Bound    2Gi        7s\n",
        ),
    ] {
        assert_eq!(found("kubectl get x", says, prints).len(), 1, "{says}");
        assert_eq!(found("kubectl get x", says, says), NONE, "{says}");
    }
    for (says, prints) in [
        (
            "Image ID: docker-pullable://busybox@sha256:f7ca5a32c10d51ae",
            "Image ID: docker.io/library/a@sha256:ab12cd34ef",
        ),
        ("Memory:  16393272Ki", "Memory:  24602456Ki"),
        (
            "NAME   CPU(cores)   MEMORY(bytes)\nweb    1m           5Mi\n",
            "NAME   CPU(cores)   MEMORY(bytes)\nweb    3m           7Mi\n",
        ),
        ("NAME   LAST TIME\nweb    3m\n", "NAME   LAST TIME\nweb    5m\n"),
        ("-r--------  1 root root  7 Oct  6 08:31 a", "-r--------  1 root root  7 Nov 28 11:12 a"),
        ("-rw-r--r--  1 root root  7 2024-10-06 08:31 a", "-rw-r--r--  1 root root  7 2026-11-28 11:12 a"),
    ] {
        assert_eq!(found("kubectl top x", says, prints), NONE, "{says}");
    }
}

#[test]
fn how_many_init_containers_a_pod_has_does_not_pass() {
    let pods =
        |status: &str| format!("NAME   READY   STATUS     RESTARTS   AGE\nweb    0/1     {status}   0          3s\n");
    assert_eq!(found("kubectl get pods", &pods("Init:0/2"), &pods("Init:1/2")), NONE);
    let judged = judged("kubectl get pods", &pods("Init:0/3"), &pods("Init:0/2"));
    assert!(judged.findings.iter().all(|finding| !finding.may_change) && judged.findings.len() == 1, "{judged:?}");
}

#[test]
fn restarts_of_what_the_cluster_needs_are_not_the_documents() {
    let dns = |restarts: &str| {
        format!("NAME      READY   STATUS    RESTARTS      AGE\ncoredns   1/1     Running   {restarts}   4d\n")
    };
    let of = |command: &str| found(command, &dns("1 (12d ago)"), &dns("0          ")).len();
    assert_eq!((of("kubectl get pods -n kube-system"), of("kubectl get pods -n web")), (0, 1));
}

#[test]
fn roles_and_jobs_look_different_today() {
    let roles =
        found("kubectl get roles", "NAME   AGE\na      1s\n", "NAME   CREATED AT\na      2026-11-28T11:08:56Z\n");
    assert!(roles.len() == 1 && roles[0].contains("Drift"), "{roles:?}");
    let id = "0fd4b1a2-3c5e-4f0b-9a53-7a1d3a54ce1b";
    let job = found(
        "kubectl describe job a",
        &format!("Selector:  controller-uid={id}\nLabels:    controller-uid={id}\n           job-name=a\n"),
        &format!(
            "Selector:  batch.kubernetes.io/controller-uid={id}\nLabels:    batch.kubernetes.io/controller-uid={id}\n           job-name=a\n"
        ),
    );
    assert!(job.iter().all(|finding| finding.contains("Drift")), "{job:?}");
}

#[test]
fn what_depends_on_the_cluster_or_the_machine_is_no_difference() {
    for (command, says, prints) in [
        (
            "kubectl get nodes",
            "NAME  STATUS  ROLES\nnode-1  Ready  <none>\n",
            "NAME  STATUS  ROLES\ndemo-worker  Ready  control-plane\n",
        ),
        (
            "kubectl get svc web",
            "NAME  TYPE  EXTERNAL-IP\nweb  LoadBalancer  203.0.113.7\n",
            "NAME  TYPE  EXTERNAL-IP\nweb  LoadBalancer  <pending>\n",
        ),
        (
            "kubectl get svc web -o yaml | grep -i nodeport",
            "  healthCheckNodePort: 32122\n",
            "  healthCheckNodePort: 30017\n",
        ),
        ("ip addr", "1: lo: <UP> mtu 1460\n", "1: lo: <UP> mtu 65536\n2: eth0\n"),
        ("kubectl exec web -- uname -a", "Linux web 5.4\n", "Linux web 6.1\n"),
    ] {
        assert_eq!(found(command, says, prints), NONE, "{command}");
    }
    assert_eq!(
        found("kubectl get svc", "NAME  EXTERNAL-IP\nweb  <none>\n", "NAME  EXTERNAL-IP\nweb  <pending>\n").len(),
        1
    );
    assert_eq!(found("kubectl get x | grep port", "  containerPort: 32122\n", "  containerPort: 30017\n").len(), 1);
}

#[test]
fn the_end_of_a_log_that_counts_depends_on_the_time() {
    let (says, prints) = ("round 17\nround 18\n", "round 41\nround 42\n");
    assert_eq!(found("kubectl logs web --tail=2", says, prints), NONE);
    assert_eq!(found("kubectl logs web", says, prints).len(), 2, "the whole log begins as the document shows it");
    assert_eq!(found("kubectl logs web --tail=2", "loop 1\nloop 2\n", prints).len(), 2);
}

#[test]
fn a_pod_that_fails_again_and_again_only_restarts_more() {
    let row = |status: &str, restarts: &str| format!("NAME  STATUS  RESTARTS\nweb  {status}  {restarts}\n");
    let crash = "CrashLoopBackOff";
    assert_eq!(found("kubectl get pods", &row(crash, "1 (5s ago)"), &row(crash, "3 (20s ago)")), NONE);
    assert_eq!(found("kubectl get pods", &row(crash, "9 (5s ago)"), &row(crash, "3 (20s ago)")).len(), 1);
    assert_eq!(found("kubectl get pods", &row("Running", "1"), &row("Running", "3 (20s ago)")).len(), 1);
    let address = |ip: &str| format!("NAME  CLUSTER-IP\nweb  {ip}\n");
    assert_eq!(found("kubectl get svc", &address("10.96.7.3"), &address("10.96.9.9")), NONE);
    assert_eq!(found("kubectl get svc", &address("10.96.7.3"), &address("None")).len(), 1, "a headless Service");
}

#[test]
fn whether_a_kind_has_namespaces_never_changes() {
    let row = |scope: &str| format!("daemonsets  ds  apps/v1  {scope}  DaemonSet\n");
    let findings = judged("kubectl api-resources | grep daemonsets", &row("false"), &row("true")).findings;
    assert!(findings.len() == 1 && findings[0].kind == Defect::Mistake, "{findings:?}");
    let jobs = |suspend: &str| format!("NAME  SUSPEND\nclock  {suspend}\n");
    assert_eq!(found("kubectl get cronjob", &jobs("False"), &jobs("True")).len(), 1);
}

#[test]
fn a_node_port_stands_for_the_real_one() {
    let ports = |port: &str| format!("NAME  TYPE  PORT(S)\nweb  NodePort  80:{port}/TCP\n");
    let judged = judged("kubectl get svc", &ports("31931"), &ports("30017"));
    assert_eq!(judged.bound.get("31931").map(String::as_str), Some("30017"), "{judged:?}");
}

#[test]
fn both_states_of_an_image_that_cannot_be_pulled_are_one() {
    assert_eq!(found("x", "ImagePullBackOff", "ErrImagePull"), NONE);
    assert_eq!(found("x", "ImagePullBackOff", "CrashLoopBackOff").len(), 1);
}

#[test]
fn no_address_is_none_for_a_headless_service() {
    let table =
        |address: &str| format!("NAME   TYPE        CLUSTER-IP   PORT(S)\nweb    ClusterIP   {address}      80/TCP\n");
    assert_eq!(found("kubectl get svc", &table("<none>"), &table("None")).len(), 1);
    assert_eq!(found("kubectl get svc", &table("10.96.0.7"), &table("10.96.1.9")), NONE);
}

#[test]
fn a_pod_that_only_fails_its_probe_is_running() {
    let table =
        |state: &str| format!("NAME   READY   STATUS   RESTARTS   AGE\nweb    0/1     {state}  0          9s\n");
    assert_eq!(found("kubectl get pods", &table("NotReady"), &table("Running")).len(), 1);
    assert_eq!(found("kubectl get pods", &table("Pending"), &table("Running")), NONE);
}

#[test]
fn amounts_that_a_manifest_sets_are_no_times() {
    let asked = "kubectl get pod a -o jsonpath='{.spec.containers[0].resources.limits.cpu}{\"\\n\"}'";
    assert_eq!(found(asked, "100m\n", "200m\n").len(), 1);
    assert_eq!(found(asked, "100m\n", "100m\n"), NONE);
}

#[test]
fn short_names_of_kinds_are_those_of_old_versions() {
    let found = super::judging::found(
        "kubectl get svc,po",
        "NAME        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE\nsvc/kubernetes   10.0.0.1   <none>   443/TCP   4m\nsvc/web     10.0.0.16     <none>        80/TCP    33s\n",
        "NAME          TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)   AGE\nservice/web   ClusterIP   10.96.163.251   <none>        80/TCP    41s\n",
    );
    assert!(found.len() > 1 && found.iter().all(|finding| finding.contains("Drift")), "{found:?}");
}

#[test]
fn rows_may_be_shown_without_their_header() {
    let printed = "NAME        READY   STATUS    RESTARTS   AGE\nnginx-pod   1/1     Running   0          4s\n";
    let row = "nginx-pod         1/1     Running   0           6s\n";
    assert_eq!(found("kubectl get pods", row, printed), NONE);
    let other = found("kubectl get pods", &row.replace("Running", "Error"), printed);
    assert!(other.len() == 1 && other[0].starts_with("10 "), "{other:?}");
}

#[test]
fn a_part_of_an_object_stands_anywhere_in_it() {
    let printed = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template:\n    spec:\n      tolerations:\n      - key: a\n        value: b\n";
    let asked = "kubectl get deployment web -o yaml";
    assert_eq!(found(asked, "tolerations:\n- key: a\n  value: b\n", printed), NONE);
    assert_eq!(found(asked, "tolerations:\n- key: a\n  value: c\n", printed).len(), 1);
}

#[test]
fn lines_of_a_web_servers_log_are_those_of_the_same_requests() {
    let line = |request: &str, status: u16, client: &str| {
        format!("10.244.1.1 - - [30/Jul/2019:03:00:27 +0000] \"{request}\" {status} 612 \"-\" \"{client}\" \"-\"\n")
    };
    let differ = |says: &str, seen: &str| found("kubectl logs web", says, seen).len();
    let says = line("GET / HTTP/1.1", 200, "Mozilla/5.0 (Macintosh; Intel Mac OS X)");
    assert_eq!(differ(&says, &line("GET / HTTP/1.1", 200, "curl/7.88.1").replace("612", "615")), 0);
    for other in [line("GET / HTTP/1.1", 404, "curl/7.88.1"), line("GET /a HTTP/1.1", 200, "curl/7.88.1")] {
        assert!(differ(&says, &other) > 0, "{other}");
    }
}

#[test]
fn a_daemon_set_has_a_pod_on_each_node_of_this_cluster() {
    let table = |count: u32, ready: u32| {
        format!(
            "NAME   DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE\na      {count}         {count}         {ready}       {count}            {count}           <none>          9s\n"
        )
    };
    let differ = |says: &str, seen: &str| found("kubectl get ds a", says, seen).len();
    assert_eq!(differ(&table(1, 1), &table(2, 2)), 0);
    assert_eq!(differ(&table(1, 1), &table(2, 0)), 1);
    assert!(differ(&table(1, 1), &table(0, 0)) > 0);
    assert_eq!(differ(&table(2, 1), &table(2, 2)), 1);
}

#[test]
fn annotations_of_another_cluster_are_no_difference() {
    let says = "Name: web\nLabels: a=b\nAnnotations:  cni.projectcalico.org/podIP: 100.96.1.4/32\n              kubernetes.io/psp: x\nStatus: Running\n";
    let prints = "Name: web\nLabels: a=b\nAnnotations:  <none>\nStatus: Running\n";
    assert_eq!(found("kubectl describe pod web", says, prints), NONE);
    let own = says.replace("cni.projectcalico.org/podIP", "example.com/owner");
    assert_eq!(found("kubectl describe pod web", &own, prints).len(), 1);
}
