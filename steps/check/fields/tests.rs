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
fn a_field_that_may_be_newer_is_left_alone() {
    assert_eq!(wrong_in(&pod("image: nginx\nquiteNewThing: true", "anotherInvention: {a: 1}")), []);
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
