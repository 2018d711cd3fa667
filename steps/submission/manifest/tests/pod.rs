use super::*;

#[test]
fn a_pod_shares_nothing_with_its_node() {
    let cases = [
        ("hostNetwork: true", "no-host-network"),
        ("hostNetwork: \"true\"", "no-host-network"),
        ("hostNetwork: 0", "no-host-network"),
        ("hostNetwork: yes", "no-host-network"),
        ("hostPID: [true]", "no-host-pid"),
        ("hostIPC: {}", "no-host-ipc"),
        ("hostUsers: true", "no-host-users"),
    ];
    for (field, rule) in cases {
        assert_eq!(broken_pod(&format!("  {field}\n"), ""), [rule], "{field}");
    }
    for field in ["hostNetwork: false", "hostPID: ~", "hostUsers: false", "hostnetwork: true"] {
        assert_eq!(broken_pod(&format!("  {field}\n"), ""), [""; 0], "{field}");
    }
}

#[test]
fn a_pod_is_placed_by_the_scheduler_and_runs_as_default() {
    let cases = [
        ("nodeName: n", "scheduling"),
        ("priorityClassName: system-node-critical", "scheduling"),
        ("priority: 2000001000", "scheduling"),
        ("priority: \"0\"", "scheduling"),
        ("tolerations: [{key: node.kubernetes.io/unreachable}, {key: dedicated}]", "scheduling"),
        ("runtimeClassName: r", "scheduling"),
        ("schedulerName: s", "scheduling"),
        ("tolerations: [{operator: Exists}]", "scheduling"),
        ("resourceClaims: [{name: gpu}]", "scheduling"),
        ("serviceAccountName: admin", "service-account"),
        ("serviceAccount: admin", "service-account"),
        ("imagePullSecrets: [{name: s}]", "secret"),
        ("terminationGracePeriodSeconds: 121", "grace-period"),
        ("terminationGracePeriodSeconds: \"1\"", "grace-period"),
        ("ephemeralContainers: [{name: e, image: busybox}]", "security"),
    ];
    for (field, rule) in cases {
        assert_eq!(broken_pod(&format!("  {field}\n"), ""), [rule], "{field}");
    }
    let right = [
        "schedulerName: default-scheduler",
        "serviceAccountName: default",
        "serviceAccount: \"\"",
        "tolerations: []",
        "priority: 0",
        "tolerations: [{effect: NoExecute, key: node.kubernetes.io/not-ready, operator: Exists, tolerationSeconds: 300}]",
    ];
    for field in
        right.into_iter().chain(["nodeName: ~", "terminationGracePeriodSeconds: 120", "hostAliases: [{ip: 10.0.0.1}]"])
    {
        assert_eq!(broken_pod(&format!("  {field}\n"), ""), [""; 0], "{field}");
    }
}

#[test]
fn a_volume_is_the_pods_own() {
    let refused = [
        "hostPath: {path: /}",
        "nfs: {server: s}",
        "csi: {driver: d}",
        "ephemeral: {}",
        "image: {reference: evil}",
        "gitRepo: {}",
    ];
    for source in refused.into_iter().chain([
        "hostPath: x",
        "emptyDir: {}, configMap: {name: c}",
        "projected: {sources: [{podCertificate: {}}]}",
    ]) {
        assert_eq!(broken_pod(&format!("  volumes: [{{name: v, {source}}}]\n"), ""), ["volume"], "{source}");
    }
    assert_eq!(broken_pod("  volumes: {name: v, hostPath: {path: /}}\n", ""), ["volume"]);
    let token = "projected: {sources: [{serviceAccountToken: {audience: vault, path: t}}]}";
    assert_eq!(broken_pod(&format!("  volumes: [{{name: v, {token}}}]\n"), ""), ["service-account"]);
    let right = [
        "emptyDir: {medium: Memory}",
        "configMap: {name: c}",
        "secret: {secretName: s}",
        "hostPath: ~",
        "downwardAPI: {}",
    ];
    for source in right
        .into_iter()
        .chain(["persistentVolumeClaim: {claimName: c}", "projected: {sources: [{serviceAccountToken: {path: t}}]}"])
    {
        assert_eq!(broken_pod(&format!("  volumes: [{{name: v, {source}}}]\n"), ""), [""; 0], "{source}");
    }
}

#[test]
fn a_container_has_no_rights_on_its_node() {
    let cases = [
        ("privileged: true", "no-privileged"),
        ("privileged: \"false\"", "no-privileged"),
        ("capabilities: {add: [SYS_ADMIN]}", "capability"),
        ("capabilities: {add: [ALL]}", "capability"),
        ("capabilities: {add: [cap_kill]}", "capability"),
        ("capabilities: {add: SYS_ADMIN}", "capability"),
        ("procMount: Unmasked", "security"),
        ("seccompProfile: {type: Unconfined}", "security"),
        ("appArmorProfile: {type: Unconfined}", "security"),
        ("seLinuxOptions: {user: u}", "security"),
        ("seLinuxOptions: {role: r}", "security"),
        ("seLinuxOptions: {type: spc_t}", "security"),
        ("windowsOptions: {hostProcess: true}", "security"),
        ("sysctls: [{name: kernel.msgmax, value: \"1\"}]", "security"),
    ];
    for (field, rule) in cases {
        assert_eq!(broken_pod("", &format!(", securityContext: {{{field}}}")), [rule], "{field}");
        assert_eq!(broken_pod(&format!("  securityContext: {{{field}}}\n"), ""), [rule], "{field}");
    }
    let right =
        ["runAsUser: 0, fsGroup: 0", "allowPrivilegeEscalation: true", "capabilities: {add: [KILL], drop: [ALL]}"];
    let more =
        ["procMount: Default", "seccompProfile: {type: RuntimeDefault}", "sysctls: [{name: net.ipv4.tcp_syncookies}]"];
    for field in right.into_iter().chain(more).chain(["privileged: false", "seLinuxOptions: {level: s0}"]) {
        assert_eq!(broken_pod("", &format!(", securityContext: {{{field}}}")), [""; 0], "{field}");
    }
}

#[test]
fn an_image_is_one_of_the_labs() {
    for image in ["evil", "busybox:1", "docker.io/evil/busybox", "\"\"", "~", "[busybox]", "busybox@sha256:0"] {
        let text = format!("kind: Pod\nmetadata: {{name: x}}\nspec: {{containers: [{{name: c, image: {image}}}]}}\n");
        assert_eq!(broken(&text), ["image"], "{image}");
    }
    let text = "kind: Pod\nspec:\n  initContainers:\n  - name: i\n  containers: {name: c, image: evil}\n";
    assert_eq!(broken(text), ["image", "image"]);
    for image in ["busybox", "busybox:latest", "docker.io/busybox", "docker.io/library/nginx:1.7.9"] {
        let text =
            format!("kind: Pod\nmetadata: {{name: x}}\nspec: {{containers: [{{name: c, image: \"{image}\"}}]}}\n");
        assert_eq!(broken(&text), [""; 0], "{image}");
    }
}

#[test]
fn a_container_has_no_port_of_its_node_and_reaches_nobody_by_it() {
    let cases = [
        ("ports: [{hostPort: 80}]", "no-host-port"),
        ("ports: [{hostPort: \"80\"}]", "no-host-port"),
        ("livenessProbe: {httpGet: {host: 10.0.0.1}}", "no-host-network"),
        ("readinessProbe: {tcpSocket: {host: localhost}}", "no-host-network"),
        ("startupProbe: {httpGet: {host: x}}", "no-host-network"),
        ("lifecycle: {postStart: {httpGet: {host: x}}}", "no-host-network"),
        ("lifecycle: {preStop: {tcpSocket: {host: x}}}", "no-host-network"),
        ("livenessProbe: {terminationGracePeriodSeconds: 600}", "grace-period"),
    ];
    for (field, rule) in cases {
        assert_eq!(broken_pod("", &format!(", {field}")), [rule], "{field}");
    }
    let right = ["ports: [{containerPort: 80, hostPort: 0}]", "livenessProbe: {httpGet: {port: 80, path: /}}"];
    for field in right.into_iter().chain(["lifecycle: {preStop: {exec: {command: [sleep, \"1\"]}}}"]) {
        assert_eq!(broken_pod("", &format!(", {field}")), [""; 0], "{field}");
    }
}

#[test]
fn a_pod_has_few_containers() {
    let many = |number: usize| vec!["{name: c, image: busybox}"; number].join(", ");
    let pod = |one: usize, two: usize| {
        format!("kind: Pod\nspec: {{initContainers: [{}], containers: [{}]}}\n", many(one), many(two))
    };
    assert_eq!(broken(&pod(5, 6)), ["object-count"]);
    assert_eq!(broken(&pod(5, 5)), [""; 0]);
}

#[test]
fn a_pod_is_judged_wherever_it_stands() {
    let places = [
        ("Deployment", "spec: {template: {spec: {hostPID: true}}}"),
        ("StatefulSet", "spec: {template: {spec: {hostPID: true}}}"),
        ("Job", "spec: {template: {spec: {hostPID: true}}}"),
        ("CronJob", "spec: {jobTemplate: {spec: {template: {spec: {hostPID: true}}}}}"),
        ("PodTemplate", "template: {spec: {hostPID: true}}"),
    ];
    for (kind, fields) in places {
        assert_eq!(broken(&format!("kind: {kind}\nmetadata: {{name: x}}\n{fields}\n")), ["no-host-pid"], "{kind}");
    }
}

#[test]
fn a_pods_variables_do_not_grow_without_end() {
    let each = |n: usize| format!("{{name: V{n}, value: $(V{0})$(V{0})}}", n - 1);
    let env = |count| format!(", env: [{}]", (1..=count).map(each).collect::<Vec<_>>().join(", "));
    assert_eq!(broken_pod("", &env(9)), ["variables"]);
    assert_eq!(broken_pod("", &env(8)), [""; 0]);
}
