use crate::document::{
    defect::Defect,
    judge::{Judged, Seen, World, judge},
    story::ShownOutput,
};

pub(super) fn judged(command: &str, says: &str, prints: &str) -> Judged {
    let seen = Seen { command: command.into(), stdout: prints.into(), stderr: String::new() };
    let world = World { namespace: "page-1".into(), nodes: ["demo-worker".into()].into(), ..World::default() };
    judge(&ShownOutput { line: 10, text: says.into(), ..ShownOutput::default() }, &seen, &world)
}

/// The findings, each as `line kind: says -> seen`.
pub(super) fn found(command: &str, says: &str, prints: &str) -> Vec<String> {
    let findings = judged(command, says, prints).findings;
    findings
        .iter()
        .map(|finding| format!("{} {:?}: {} -> {}", finding.line, finding.kind, finding.says, finding.seen))
        .collect()
}

pub(super) const NONE: [&str; 0] = [];

#[test]
fn values_of_one_run_are_no_difference() {
    for (says, prints) in [
        ("IP: 10.244.1.8", "IP:   10.244.2.17"),
        ("Started at Mon, 03 Oct 2022 05:51:03 +0000", "Started at Fri, 27 Nov 2026 04:51:03 +0000"),
        ("Container ID: containerd://b1edc271ceb95a8463f9de19", "Container ID: containerd://aaaac271ceb95a8463f9de19"),
        ("web-7d4b9c6f5-x2x9z is up", "web-5cbd8f7b4d-q8wmv is up"),
        ("took 12s", "took 3m4s"),
        ("Node: minikube/192.168.49.2", "Node: demo-worker/172.18.0.3"),
        ("pod/web created in default", "pod/web created in page-1"),
        ("Server Version: v1.22.3", "Server Version: v1.34.1"),
        ("80:31234/TCP", "80:30001/TCP"),
    ] {
        assert_eq!(found("x", says, prints), NONE, "{says}");
    }
}

#[test]
fn other_words_are_a_mistake() {
    assert_eq!(found("x", "Hello, World!", "Hello, Universe!"), ["10 Mistake: Hello, World! -> Hello, Universe!"]);
    assert_eq!(found("x", "a\nb", "a"), ["11 Mistake: b -> "]);
    assert_eq!(found("x", "a", "a\nzzz"), ["10 Mistake:  -> zzz"]);
    assert_eq!(found("x", "web-7d4b9c6f5-x2x9z", "api-5cbd8f7b4d-q8wmv").len(), 1);
    assert_eq!(found("x", "nginx:1.7.9", "nginx:1.7.8").len(), 1);
    assert_eq!(found("x", "10.244.1.8", "none").len(), 1);
}

#[test]
fn what_a_program_in_the_background_says_is_no_output_of_the_next_command() {
    let says = "Forwarding from 127.0.0.1:8080 -> 80\nHandling connection for 8080\nhello\n";
    assert_eq!(found("curl -s localhost:8080", says, "hello\n"), NONE);
    assert_eq!(found("kubectl port-forward web 8080:80", says, "hello\n").len(), 1);
}

#[test]
fn left_out_lines_may_be_anything() {
    assert_eq!(found("x", "a\n...\nd", "a\nb\nc\nd"), NONE);
}

#[test]
fn both_streams_count_in_any_order() {
    let seen = Seen {
        command: "x".into(),
        stdout: "Hello\n".into(),
        stderr: "Connecting\n-  100% |***| 12 0:00:00 ETA\n".into(),
    };
    let expected = ShownOutput {
        line: 1,
        text: "Connecting\n-  100% |***| 12 0:00:00 ETA\nHello\n".into(),
        ..ShownOutput::default()
    };
    assert_eq!(judge(&expected, &seen, &World::default()).findings, []);
}

#[test]
fn an_error_that_is_printed_more_often_than_shown_is_found() {
    let seen = Seen { command: "x".into(), stdout: String::new(), stderr: "no a\nno a\n".into() };
    let findings =
        judge(&ShownOutput { line: 1, text: "no a\n".into(), ..ShownOutput::default() }, &seen, &World::default())
            .findings;
    assert_eq!((findings.len(), findings[0].seen.as_str()), (1, "no a once more"));
}

#[test]
fn a_known_change_is_drift_and_says_since_when() {
    let deleted =
        judged("kubectl delete pod bb", "pod \"bb\" deleted", "pod \"bb\" deleted from page-1 namespace").findings;
    assert_eq!(deleted[0].kind, Defect::Drift);
    assert!(deleted[0].seen.contains("from default namespace") && deleted[0].advice.as_ref().unwrap().contains("1.34"));
    let manifest = found(
        "kubectl run a --dry-run=client -o yaml",
        "kind: Pod\nmetadata:\n  creationTimestamp: null\n  name: a\n",
        "kind: Pod\nmetadata:\n  name: a\n",
    );
    assert_eq!(manifest, ["12 Drift: metadata.creationTimestamp: null -> "]);
    for says in ["Created container web", "Created container: web", "Started container web"] {
        let prints = if says.starts_with("Created") { "Container created" } else { "Container started" };
        assert_eq!(judged("x", says, prints).findings[0].kind, Defect::Drift, "{says}");
    }
}

#[test]
fn another_name_is_a_mistake_even_where_the_message_has_changed() {
    for (says, prints) in [
        ("service/webs created", "service/web created"),
        ("deployment.apps/a created", "deployment.apps/b created"),
        ("pod \"a\" deleted", "pod \"b\" deleted from page-1 namespace"),
    ] {
        assert_eq!(judged("x", says, prints).findings[0].kind, Defect::Mistake, "{says}");
    }
    for (says, prints) in [
        ("service \"web\" created", "service/web created"),
        ("deployment \"web\" paused", "deployment.apps/web paused"),
        ("pod/web labeled", "pod/web unlabeled"),
        ("deployment.extensions/a created", "deployment.apps/a created"),
    ] {
        assert_eq!(judged("x", says, prints).findings[0].kind, Defect::Drift, "{says}");
    }
}

#[test]
fn another_version_prints_other_columns_and_words() {
    let kind = |command: &str, says: &str, prints: &str| judged(command, says, prints).findings[0].kind;
    let (old, new) =
        ("NAME   DESIRED   CURRENT   AGE\ndb     3         3         1m\n", "NAME   READY   AGE\ndb     3/3     1m\n");
    assert!(judged("kubectl get sts", old, new).findings.iter().all(|finding| finding.kind == Defect::Drift));
    assert_eq!(kind("kubectl get pods -o custom-columns=A:.a", "A   B\nx   y\n", "A   C\nx   y\n"), Defect::Mistake);
    let wide = "NAME   READY   STATUS    RESTARTS   AGE   IP           NODE\nweb    1/1     Running   0          7s    10.244.1.7   n\n";
    let narrow = "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          7s\n";
    assert_eq!(kind("kubectl get pods", wide, narrow), Defect::Mistake);
    for (command, says, prints) in [
        (
            "kubectl explain pod.spec",
            "KIND:     Pod\nVERSION:  v1\n",
            "KIND:       Pod\nVERSION:    v1\n\nFIELD: spec <PodSpec>\n",
        ),
        ("kubectl get svc web -o jsonpath={.spec.selector}", "map[app:web]", "{\"app\":\"web\"}"),
        (
            "kubectl get nodes -o x",
            "node-role.kubernetes.io/master:NoSchedule",
            "node-role.kubernetes.io/control-plane:NoSchedule",
        ),
    ] {
        assert_eq!(kind(command, says, prints), Defect::Drift, "{says}");
    }
}

#[test]
fn the_number_of_nodes_is_that_of_the_cluster() {
    let says = "0/2 nodes are available: 1 node(s) had untolerated taint(s), 1 Insufficient cpu.";
    let prints = "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.";
    assert_eq!(found("kubectl describe pod a", says, prints), NONE);
    let other = prints.replace("cpu", "memory");
    assert_eq!(found("kubectl describe pod a", says, &other).len(), 1);
}

#[test]
fn a_line_may_be_cut_off_with_dots() {
    let seen = "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't match selector.";
    assert_eq!(found("kubectl describe pod a", "0/2 nodes are available: ...", seen), NONE);
    assert_eq!(found("x", "error: the image cannot be pu...", "error: the image cannot be pulled from there"), NONE);
    assert_eq!(found("x", "error: the image cannot be bu...", "error: the image cannot be pulled from there").len(), 1);
    assert_eq!(found("x", "so ...", "some other text").len(), 1);
}

const TABLE: &str = "NAME   READY   STATUS    RESTARTS   AGE\nbb     1/1     Running   0          35m\nweb    1/1     Running   0          7s\n";

#[test]
fn a_table_is_compared_by_column_and_name() {
    let real = "NAME   READY   STATUS    RESTARTS      AGE\nweb    1/1     Running   0 (5s ago)    2s\nbb     1/1     Running   0             1s\n";
    assert_eq!(found("kubectl get pods", TABLE, real), NONE);
    assert_eq!(
        found(
            "kubectl get pods",
            TABLE,
            &real.replace("1/1     Running   0             1s", "0/1     Error     0             1s")
        ),
        ["11 Mistake: READY of bb: 1/1 -> READY: 0/1", "11 Mistake: STATUS of bb: Running -> STATUS: Error"]
    );
    let without = real.lines().filter(|line| !line.starts_with("bb")).collect::<Vec<_>>().join("\n");
    assert_eq!(found("kubectl get pods", TABLE, &without), ["11 Mistake: bb   1/1   Running   0   35m -> "]);
    let more = real.to_owned() + "old    1/1     Running   0             1s\n";
    assert_eq!(found("kubectl get pods", TABLE, &more), ["12 Mistake:  -> old   1/1   Running   0   1s"]);
}

#[test]
fn rows_of_events_have_generated_names_and_dots_leave_rows_out() {
    let says = "LAST SEEN   TYPE      OBJECT                      MESSAGE\n25s         Warning   replicaset/web-7c5ddbdf54   Error creating: pods \"web-7c5ddbdf54-x9x4l\" is forbidden\n...\n";
    let row = |pod: &str| {
        format!(
            "80s         Warning   replicaset/web-64c966cf88   Error creating: pods \"web-64c966cf88-{pod}\" is forbidden\n"
        )
    };
    let prints = format!("LAST SEEN   TYPE      OBJECT                      MESSAGE\n{}{}", row("62qpb"), row("cksc8"));
    assert_eq!(found("kubectl get events", says, &prints), NONE);
    assert_eq!(found("kubectl get events", says, &prints.replace("forbidden", "allowed")).len(), 1);
}

#[test]
fn a_state_that_passes_may_have_passed() {
    let says = "NAME   READY   STATUS              RESTARTS   AGE\nweb    0/1     ContainerCreating   0          9s\n";
    let real = "NAME   READY   STATUS    RESTARTS   AGE\nweb    1/1     Running   0          1s\n";
    let judged = judged("kubectl get pods", says, real);
    assert!(judged.findings.is_empty() && judged.notes[0].contains("it is Running now"), "{judged:?}");
}

#[test]
fn what_a_command_waits_for_may_need_no_time() {
    let wait = |number: u8| {
        format!("Waiting for deployment \"web\" rollout to finish: {number} of 2 updated replicas are available...\n")
    };
    let done = "deployment \"web\" successfully rolled out\n";
    let rollout = "kubectl rollout status deployment/web";
    let long = format!("{}{}{done}", wait(0), wait(1));
    for (says, prints) in [(long.as_str(), done), (done, &long), (&format!("{}{done}", wait(1)), &long)] {
        assert_eq!(found(rollout, says, prints), NONE, "{says} {prints}");
    }
    assert_eq!(found(rollout, &long, &wait(0)).len(), 1);
}

#[test]
fn a_new_column_is_drift() {
    let says = "NAME   COMPLETIONS   AGE\na      1/1           3s\n";
    let real = "NAME   STATUS     COMPLETIONS   DURATION   AGE\na      Complete   1/1           2s         3s\n";
    let kinds: Vec<Defect> =
        judged("kubectl get jobs", says, real).findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [Defect::Drift, Defect::Drift]);
}

#[test]
fn a_node_is_another_one_wherever_its_name_stands() {
    for (says, prints) in [
        ("node/kind-worker labeled\n", "node/demo-worker labeled\n"),
        ("Node: minikube/192.168.49.2\n", "Node: demo-worker/172.18.0.4\n"),
        ("drained \"kind-worker2\".\n", "drained \"demo-worker\".\n"),
    ] {
        assert_eq!(found("kubectl label node \"$W\" a=b", says, prints), NONE, "{says}");
    }
    assert_eq!(found("kubectl label node a", "pod/web labeled\n", "node/demo-worker labeled\n").len(), 1);
}

#[test]
fn a_description_has_more_lines_than_authors_show() {
    let says = "Name:      web\nType:      ClusterIP\nIP:        10.96.0.7\nPort:      80/TCP\n";
    let prints =
        "Name:      web\nType:      ClusterIP\nIP Families:  IPv4\nIP:        10.96.0.9\nPort:      80/TCP\nOther: a\n";
    let judged = judged("kubectl -n shop describe svc web", says, prints);
    let found: Vec<_> = judged.findings.iter().map(|finding| (finding.line, finding.kind)).collect();
    assert_eq!(found, [(12, Defect::Drift)], "before the line of the address");
}

#[test]
fn a_count_of_restarts_says_when_the_last_one_was() {
    let table = |restarts: &str| {
        format!("NAME   READY   STATUS    RESTARTS      AGE\nweb    1/1     Running   {restarts}   2s\n")
    };
    let kinds = |says: &str, prints: &str| -> Vec<Defect> {
        let judged = judged("kubectl get pods", &table(says), &table(prints));
        judged.findings.iter().map(|finding| finding.kind).collect()
    };
    assert_eq!(kinds("1 (5m ago)", "1 (2s ago)"), []);
    assert_eq!(kinds("1          ", "1 (2s ago)"), [Defect::Drift]);
    assert_eq!(kinds("2          ", "1 (2s ago)"), [Defect::Mistake]);
}

#[test]
fn tables_of_several_kinds_are_compared_kind_by_kind() {
    let pods = "NAME      READY   STATUS    RESTARTS   AGE\npod/web   1/1     Running   0          4s\n";
    let service = |port: &str| {
        let header = "NAME          TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\n";
        format!("{header}service/web   ClusterIP   10.96.0.7    <none>        {port}    4s\n")
    };
    let all = |port: &str| format!("{pods}\n{}", service(port));
    assert_eq!(found("kubectl get all", &all("80/TCP"), &all("80/TCP").replace("10.96.0.7", "10.96.12.70")), NONE);
    assert_eq!(
        found("kubectl get all", &all("80/TCP"), &all("81/TCP")),
        ["14 Mistake: PORT(S) of service/web: 80/TCP -> PORT(S): 81/TCP"]
    );
    let other_way = format!("{}\n{pods}", service("80/TCP"));
    assert_eq!(found("kubectl get svc,pods", &other_way, &all("80/TCP")), NONE);
    assert_eq!(found("kubectl get all", &format!("{pods}\n...\n"), &all("80/TCP")), NONE);
    let further = ["11 Mistake:  -> service/web   ClusterIP   10.96.0.7   <none>   80/TCP   4s"];
    assert_eq!(found("kubectl get all", pods, &all("80/TCP")), further);
}

#[test]
fn columns_in_another_order_are_drift() {
    let says = "NAME   AGE   REQUEST\nq      3s    pods: 1/2\n";
    let real = "NAME   REQUEST     AGE\nq      pods: 1/2   3s\n";
    let kinds: Vec<Defect> =
        judged("kubectl get quota", says, real).findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [Defect::Drift]);
}

#[test]
fn generated_names_and_addresses_are_bound() {
    let says = "NAME                  READY   IP\nweb-7d4b9c6f5-x2x9z   1/1     10.1.0.1\n";
    let real = "NAME                  READY   IP\nweb-5cbd8f7b4d-q8wmv  1/1     10.244.0.9\n";
    let bound = judged("kubectl get pods", says, real).bound;
    assert_eq!(bound["web-7d4b9c6f5-x2x9z"], "web-5cbd8f7b4d-q8wmv");
    assert_eq!(bound["10.1.0.1"], "10.244.0.9");
    let old = says.replace("web-7d4b9c6f5-x2x9z", "web-3800858182-jr4a2");
    assert_eq!(judged("kubectl get pods", &old, real).bound["web-3800858182-jr4a2"], "web-5cbd8f7b4d-q8wmv");
}

#[test]
fn data_is_compared_by_field() {
    let says = "spec:\n  replicas: 2\n  template: {name: a}\nstatus:\n  phase: Running\n  uid: x\n";
    assert_eq!(
        found(
            "kubectl get x -o yaml",
            says,
            "status: {phase: Running, uid: y}\nspec: {replicas: 2, template: {name: a}}\n"
        ),
        NONE
    );
    assert_eq!(
        found("kubectl get x -o yaml", says, "status: {phase: Running}\nspec: {replicas: 3, template: {name: a}}\n"),
        ["11 Mistake: spec.replicas: 2 -> spec.replicas: 3", "15 Mistake: status.uid: x -> "]
    );
    let new = judged(
        "kubectl get x -o yaml",
        says,
        "status: {phase: Running, uid: y, hostIPs: [1]}\nspec: {replicas: 2, template: {name: a}}\n",
    )
    .findings;
    assert_eq!((new.len(), new[0].kind, new[0].seen.as_str()), (1, Defect::Drift, "status.hostIPs"));
}

#[test]
fn events_are_found_in_any_number() {
    let says = "Name:  web\nEvents:\n  Type    Reason   Age   From     Message\n  ----    ------   ----  ----     -------\n  Normal  Created  10m   kubelet  Created container web\n  Normal  Started  10m   kubelet  Started container web\n";
    let real = "Name:   web\nEvents:\n  Type    Reason     Age  From      Message\n  ----    ------     ---- ----      -------\n  Normal  Scheduled  4s   default-scheduler  Assigned\n  Normal  Created    3s   kubelet   Created container: web\n  Normal  Started    3s   kubelet   Started container web\n";
    assert_eq!(
        found("kubectl describe pod web", says, real),
        ["14 Drift: Created container web -> Created container: web"]
    );
}

#[test]
fn of_a_build_only_lines_that_are_much_alike_are_compared() {
    let says =
        "Step 1/2 : FROM x\n ---> 182b4be14c81\nnpm notice old words\nSuccessfully tagged ubuntu/hellowold:latest\n";
    let real = "Step 1/2 : FROM x\n ---> 0000be14c812\nother words\nSuccessfully tagged ubuntu/helloworld:latest\n";
    assert_eq!(
        found("docker build -t ubuntu/helloworld .", says, real),
        ["13 Mistake: Successfully tagged ubuntu/hellowold:latest -> Successfully tagged ubuntu/helloworld:latest"]
    );
}

#[test]
fn rows_with_generated_names_are_those_that_differ_least() {
    let table = |first: &str, second: &str| format!("NAME DESIRED READY\n{first}\n{second}\n").replace(' ', "  ");
    let says = table("web-58f7b9c6d4 0 0", "web-7d9c84b5f6 4 4");
    let seen = table("web-79f4ffd466 4 4", "web-8b8fdb7ccc 0 0");
    assert_eq!(
        judge(
            &ShownOutput { line: 1, text: says, ..ShownOutput::default() },
            &Seen { stdout: seen, ..Seen::default() },
            &World::default()
        )
        .findings,
        []
    );
}

#[test]
fn what_is_of_one_run_or_of_another_namespace_is_no_difference() {
    let world = World { namespace: "page-1".into(), node_ports: ["30080".to_owned()].into(), ..World::default() };
    let found = |says: &str, seen: &str| {
        let expected = ShownOutput { line: 1, text: says.replace(' ', "  "), ..ShownOutput::default() };
        let seen = Seen { stdout: seen.replace(' ', "  "), ..Seen::default() };
        judge(&expected, &seen, &world).findings.len()
    };
    let services = "NAME TYPE PORT(S)\nkubernetes ClusterIP 443/TCP\nweb NodePort 80:30080/TCP\n";
    assert_eq!(found(services, "NAME TYPE PORT(S)\nweb NodePort 80:30080/TCP\n"), 0);
    assert_eq!(
        found(&services.replace("30080", "30800"), "NAME TYPE PORT(S)\nweb NodePort 80:30080/TCP\n"),
        1,
        "the page sets it"
    );
    assert_eq!(found(&services.replace("30080", "30800"), "NAME TYPE PORT(S)\nweb NodePort 80:31234/TCP\n"), 0);
    assert_eq!(found("NAME STATUS\na ErrImagePull\n", "NAME STATUS\na ImagePullBackOff\n"), 0);
    assert_eq!(found("eyJhbGciOiJSUzI1NiIs...\n", "eyJhbGciOiJSUzI1NiIsImtpZCI6Imxy.eyJhdWQ.x-y\n"), 0);
    let line = |time: &str, process: u16| format!("{time} [notice] start worker process {process}\n");
    let expected = ShownOutput { line: 1, text: line("2026/04/10 02:11:37", 36), ..ShownOutput::default() };
    let seen = Seen { stdout: line("2026/11/27 19:06:27", 8), ..Seen::default() };
    assert_eq!(judge(&expected, &seen, &world).findings, []);
}

#[test]
fn where_the_only_row_is_old_the_header_is_no_mistake() {
    let says = "NAME TYPE DATA AGE\nrobot-token-x7k2q kubernetes.io/service-account-token 3 5s\n";
    let findings = found("kubectl get secrets", says, "No resources found in default namespace.\n");
    assert!(findings.len() == 1 && findings[0].starts_with("11 Drift"), "{findings:?}");
}
