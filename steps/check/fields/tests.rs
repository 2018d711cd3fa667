use super::*;
use crate::yaml::{Bounds, read};

/// What is wrong in a manifest, and what to write.
fn wrong_in(text: &str) -> Vec<(String, String)> {
    let documents = read(text, &Bounds::trusted());
    let objects = documents.into_iter().map(|document| document.content.unwrap());
    let found = objects.flat_map(|object| wrong(&object));
    found.map(|found| (found.message, found.hint.unwrap_or_default())).collect()
}

/// A Pod with these lines in its container, and these in its specification.
fn pod(container: &str, spec: &str) -> String {
    let container = container.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let spec = spec.lines().map(|line| format!("  {line}\n")).collect::<String>();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: web}}\nspec:\n{spec}  containers:\n  - name: web\n{container}"
    )
}

fn deployment(labels: &str, spec: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  selector: {{matchLabels: {{app: web}}}}\n  \
         template:\n    metadata: {{labels: {labels}}}\n    spec: {{containers: [{{name: web, image: nginx}}]}}\n{spec}"
    )
}

/// Holds that exactly this is wrong.
fn assert_wrong(text: &str, message: &str, hint: &str) {
    assert_eq!(wrong_in(text), [(message.to_owned(), hint.to_owned())], "in {text}");
}

#[test]
fn a_right_manifest_has_no_errors() {
    let rich = "image: nginx:1.29\nports: [{containerPort: 80, name: http}]\nresources: {limits: {cpu: 1, memory: 64Mi}}\n\
                env: [{name: A, value: '5'}]\nlivenessProbe: {httpGet: {path: /, port: http}}\n\
                volumeMounts: [{name: data, mountPath: /data}]\nargs: []";
    let spec = "restartPolicy: Never\nvolumes: [{name: data, emptyDir: {}}]\nnodeSelector: {protocol: x}";
    assert_eq!(wrong_in(&pod(rich, spec)), []);
    assert_eq!(wrong_in(&deployment("{app: web, tier: a}", "  replicas: 3\n  strategy: {type: Recreate}\n")), []);
    for right in [
        "apiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\nspec: {limits: [{type: Container, max: {cpu: 2}}]}\n",
        "apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: a}\nspec: {hard: {pods: 4, requests.cpu: '1'}}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {key: dmFsdWU=}\n",
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}, ingress: []}\n",
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: 'a:B'}\nrules: [{apiGroups: [''], resources: [pods], verbs: [get]}]\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: a, creationTimestamp: null}\nspec: {ports: [{port: 80, targetPort: http, nodePort: 0}]}\nstatus: {loadBalancer: {}}\n",
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteOnce], storageClassName: '', resources: {requests: {storage: 1Gi}}}\n",
        "apiVersion: example.com/v1\nkind: Pod\nmetadata: {name: A}\nspec: {containers: 5}\n",
    ] {
        assert_eq!(wrong_in(right), [], "in {right}");
    }
}

#[test]
fn a_misspelt_field_is_reported_with_the_right_one() {
    assert_wrong(
        &pod("image: nginx\nimagepullPolicy: Always", ""),
        "spec.containers[0] has no field imagepullPolicy",
        "did you mean imagePullPolicy?",
    );
    assert_wrong(
        &pod("image: nginx", "volume: [{name: a, emptyDir: {}}]"),
        "spec has no field volume",
        "did you mean volumes?",
    );
    assert_wrong(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatas: {a: b}\n",
        "a ConfigMap has no field datas",
        "did you mean data?",
    );
}

#[test]
fn a_field_in_another_place_is_reported_with_the_right_place() {
    let hint = |place: &str| format!("write it as {place}: look at its indentation");
    let inner = pod("image: nginx\nrestartPolicy: Never\nvolumes: [{name: a, emptyDir: {}}]", "");
    assert_wrong(&inner, "spec.containers[0] has no field volumes", &hint("spec.volumes"));
    assert_wrong(
        &pod("image: nginx", "ports: [{containerPort: 80}]"),
        "spec has no field ports",
        &hint("spec.containers[0].ports"),
    );
    assert_wrong(
        &deployment("{app: web}", "  containers: [{name: a, image: b}]\n"),
        "spec has no field containers",
        &hint("spec.template.spec.containers"),
    );
}

#[test]
fn a_field_that_only_newer_versions_have_is_left_alone() {
    assert_eq!(wrong_in(&pod("image: nginx", "workloadRef: {name: a}")), []);
}

#[test]
fn a_field_that_kubernetes_does_not_have_is_reported() {
    let hint = "Kubernetes 1.34 has no such field";
    assert_wrong(&pod("image: nginx\nfoo: 1", ""), "spec.containers[0] has no field foo", hint);
    let set = deployment("{app: web}", "  replicas: 2\n").replace("Deployment", "DaemonSet");
    assert_wrong(&set, "spec has no field replicas", hint);
    let map = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nspec: {a: b}\n";
    assert_wrong(map, "a ConfigMap has no field spec", hint);
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {storageClass: fast, accessModes: \
                 [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    assert_eq!(wrong_in(claim)[0].0, "spec has no field storageClass");
    assert_eq!(wrong_in(&deployment("{app: web}", "  image: nginx\n"))[0].0, "spec has no field image");
}

#[test]
fn words_ports_and_labels_that_no_server_takes_are_reported() {
    let strategy = "  strategy: {type: rolling}\n";
    assert_wrong(
        &deployment("{app: web}", strategy),
        "spec.strategy.type cannot be rolling",
        "write RollingUpdate, Recreate",
    );
    let tolerations = "tolerations: [{key: a, operator: exists, effect: NoSchedul}]";
    let found = wrong_in(&pod("image: nginx", tolerations));
    assert_eq!(found[0], ("spec.tolerations[0].effect cannot be NoSchedul".into(), "did you mean NoSchedule?".into()));
    assert_eq!(found[1], ("spec.tolerations[0].operator cannot be exists".into(), "did you mean Exists?".into()));
    let service = |spec: &str| format!("apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n");
    assert_wrong(
        &service("{type: NodePort, ports: [{port: 80, nodePort: 8080}]}"),
        "spec.ports[0].nodePort is 8080, and must be from 30000 to 32767",
        "choose one of these, or leave nodePort out",
    );
    let range = "apiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\nspec: {limits: [{type: container}]}\n";
    assert_wrong(range, "spec.limits[0].type cannot be container", "did you mean Container?");
    let labelled = pod("image: nginx", "").replace("{name: web}", "{name: web, labels: {app: my app}}");
    assert_eq!(wrong_in(&labelled)[0].0, "metadata.labels.app: \"my app\" cannot be the value of a label");
    assert!(wrong_in(&service("{selector: {app: a/b}, ports: [{port: 80}]}"))[0].0.starts_with("spec.selector.app"));
    let cron = "apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: a}\nspec: {schedule: every minute, jobTemplate: {spec: {template: \
                {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}}}\n";
    assert!(wrong_in(cron)[0].0.contains("five fields"), "{:?}", wrong_in(cron));
}

#[test]
fn containers_that_do_not_fit_together_are_reported() {
    let below = "image: nginx\nresources: {requests: {memory: 128Mi, cpu: 1}, limits: {memory: 64Mi, cpu: 1}}";
    let message = "spec.containers[0] requests memory: 128Mi, and its limit is 64Mi";
    assert_wrong(&pod(below, ""), message, "request at most the limit");
    let probe = "image: nginx\nlivenessProbe: {periodSeconds: 5}";
    let message = "spec.containers[0].livenessProbe does not say what it does";
    assert_wrong(&pod(probe, ""), message, "write one of exec, grpc, httpGet, tcpSocket");
    let twice = pod("image: nginx", "initContainers: [{name: web, image: b}]");
    let message = "spec.containers[0] is called web, and another container of the Pod as well";
    assert_wrong(&twice, message, "give each container of a Pod a name of its own");
}

#[test]
fn services_claims_and_roles_that_lack_something_are_reported() {
    let service = |spec: &str| format!("apiVersion: v1\nkind: Service\nmetadata: {{name: a}}\nspec: {spec}\n");
    assert_eq!(wrong_in(&service("{selector: {app: a}}"))[0].0, "spec has no ports");
    assert_eq!(wrong_in(&service("{clusterIP: None}")), []);
    assert_eq!(wrong_in(&service("{type: ExternalName, externalName: a.example}")), []);
    assert_eq!(wrong_in(&service("{ports: [{port: 80, name: a}, {port: 81}]}"))[0].0, "spec.ports[1] has no name");
    let claim =
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteOnce]}\n";
    assert_eq!(wrong_in(claim)[0].0, "spec.resources.requests has no storage");
    let role = |rule: &str| {
        format!("apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {{name: a}}\nrules: [{{{rule}}}]\n")
    };
    assert_eq!(wrong_in(&role("resources: [pods], verbs: [get]"))[0].0, "rules[0] has no apiGroups");
    assert_eq!(wrong_in(&role("apiGroups: [''], resources: [pods]"))[0].0, "rules[0] has no verbs");
    for right in [
        "apiGroups: ['*'], resources: ['*'], verbs: ['*']",
        "apiGroups: ['', apps], resources: [pods/log, deployments], verbs: [get, '*']",
        "apiGroups: [tea.example], resources: [pot], verbs: [pour]",
        "apiGroups: [''], resources: [deployments], verbs: [lst]",
    ] {
        assert_eq!(wrong_in(&role(right)), [], "{right}");
    }
}

#[test]
fn a_value_of_the_wrong_type_is_reported() {
    assert_wrong(
        &pod("image: 5", ""),
        "spec.containers[0].image is a number, and must be text",
        "put it between quotes: \"5\"",
    );
    assert_wrong(
        &pod("image: nginx\nenv: [{name: A, value: 5}]", ""),
        "spec.containers[0].env[0].value is a number, and must be text",
        "put it between quotes: \"5\"",
    );
    assert_wrong(
        &deployment("{app: web}", "  replicas: '3'\n"),
        "spec.replicas is text, and must be a whole number",
        "write it without quotes",
    );
    assert_wrong(
        &deployment("{app: web}", "  replicas: 3x\n"),
        "spec.replicas is text, and must be a whole number",
        "write digits only",
    );
    assert_wrong(
        &pod("image: nginx\nports: {containerPort: 80}", ""),
        "spec.containers[0].ports is a mapping, and must be a list",
        "begin each item with a hyphen",
    );
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata: {key: 'not base64!'}\n";
    assert!(wrong_in(secret)[0].1.contains("stringData"), "{:?}", wrong_in(secret));
}

#[test]
fn a_value_that_no_server_takes_is_reported() {
    assert_wrong(
        &pod("image: nginx", "restartPolicy: always"),
        "spec.restartPolicy cannot be always",
        "did you mean Always?",
    );
    assert_wrong(
        &pod("image: nginx\nresources: {limits: {memory: 64MB}}", ""),
        "spec.containers[0].resources.limits.memory: 64MB is not a quantity",
        "did you mean 64M?",
    );
    assert_wrong(
        &pod("image: nginx\nports: [{containerPort: 99999}]", ""),
        "spec.containers[0].ports[0].containerPort is 99999, and a port is a number from 1 to 65535",
        "",
    );
    let named = wrong_in("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: My_Map}\n");
    assert_eq!(named[0].0, "metadata.name: My_Map cannot be a name");
    assert_wrong(
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {type: Nodeport}\n",
        "spec.type cannot be Nodeport",
        "did you mean NodePort?",
    );
}

#[test]
fn what_does_not_fit_together_is_reported() {
    assert_wrong(
        &deployment("{app: wbe}", ""),
        "spec.selector asks for the label app: web, and the template's Pods have the label app: wbe",
        "write the same label in both places",
    );
    assert_wrong(&pod("command: [sh]", ""), "spec.containers[0] has no image", "");
    assert_wrong(
        &pod("image: nginx\nvolumeMounts: [{name: data, mountPath: /data}]", ""),
        "spec.containers[0] mounts the volume data, which the Pod does not have",
        "the Pod has none",
    );
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: b}]}}}\n";
    assert_wrong(job, "spec.template.spec has no restartPolicy", "a Job needs restartPolicy: OnFailure or Never");
}

#[test]
fn a_word_is_known_by_its_owner_where_two_have_a_field_of_the_name() {
    let found = |policy: &str, resize: &str| {
        let container = format!("image: x\nresizePolicy: [{{resourceName: cpu, restartPolicy: {resize}}}]\n");
        wrong_in(&pod(&container, &format!("restartPolicy: {policy}\n"))).len()
    };
    assert_eq!((found("Never", "NotRequired"), found("Never", "RestartContainer")), (0, 0));
    assert_eq!((found("NotRequired", "NotRequired"), found("Never", "Never")), (1, 1));
}
