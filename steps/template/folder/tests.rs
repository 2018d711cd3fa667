use super::{super::tests::checked, *};

/// The sheet of a lab from these files, in which `labproof check` finds nothing, its description, and what was not taken.
fn made(files: &[(&str, &str)]) -> (String, String, Vec<String>) {
    let folder = folder_of(files);
    let (written, others) = from_manifests("shop", folder.path()).unwrap();
    assert_eq!(checked(&written), [""; 0]);
    let text = |path: &str| written[Path::new(path)].clone();
    (text("features/shop.feature"), text("scenarios/shop/lab.yaml"), others)
}

fn folder_of(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn has(sheet: &str, lines: &[&str]) {
    let missing: Vec<&&str> = lines.iter().filter(|line| !sheet.contains(**line)).collect();
    assert!(missing.is_empty(), "{missing:?} in\n{sheet}");
}

fn deployment(name: &str, namespace: &str, spec: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}{namespace}}}\nspec:\n  {spec}selector: {{matchLabels: \
         {{app: web}}}}\n  template: {{metadata: {{labels: {{app: web}}}}, spec: {{containers: [{{name: c, image: nginx}}]}}}}\n"
    )
}

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: key}\n";

#[test]
fn a_lab_from_manifests_checks_each_object() {
    let web = deployment("web", "", "");
    let values = "replicas: 2\n";
    let files = [("web.yaml", web.as_str()), ("b.yml", SECRET), ("values.yaml", values), ("notes.md", "# Notes\n")];
    let (sheet, description, others) = made(&files);
    assert_eq!(others[0], "notes.md (it is not a manifest)");
    assert!(others[1].starts_with("values.yaml (line 1: this is not an object"), "{others:?}");
    has(
        &sheet,
        &[
            "kubectl apply -f b.yml\n      kubectl apply -f web.yaml\n",
            "within 60 seconds the Deployment \"web\" is rolled out",
            "within 10 seconds the Secret \"key\" exists",
        ],
    );
    assert!(description.contains("pulls: [\"nginx\"]"));
}

#[test]
fn a_folder_without_a_readable_manifest_is_refused_with_the_reason() {
    let why = |files: &[(&str, &str)]| from_manifests("shop", folder_of(files).path()).unwrap_err().reason;
    assert!(why(&[]).ends_with("is a manifest"));
    assert!(why(&[("notes.md", "")]).ends_with("is a manifest: notes.md (it is not a manifest)"));
    let broken =
        why(&[("a.yaml", SECRET), ("k8s/web.yaml", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n b: c\n")]);
    assert!(broken.contains("k8s/web.yaml: line 5: "), "{broken}");
}

#[test]
fn the_scenario_works_where_the_objects_are() {
    let namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n";
    let web = deployment("web", ", namespace: shop", "");
    let more = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: else}\n";
    let (sheet, ..) = made(&[("a.yaml", &web), ("b.yaml", &web), ("c.yaml", more), ("z.yaml", namespace)]);
    has(
        &sheet,
        &[
            "    And I work in the new namespace \"shop\"\n    And no namespace is called \"else\"\n",
            "      kubectl create namespace else\n      kubectl apply -f z.yaml\n      kubectl apply -f a.yaml\n",
            "within 60 seconds the Deployment \"web\" is rolled out",
            "within 10 seconds \"kubectl --namespace else get configmap a\" succeeds",
        ],
    );
    has(&made(&[("a.yaml", &deployment("web", ", namespace: default", ""))]).0, &["the empty namespace \"default\""]);
}

#[test]
fn definitions_of_kinds_are_established_before_their_objects() {
    let definition = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: pots.tea.example}\n\
                      spec:\n  group: tea.example\n  scope: Namespaced\n  names: {kind: Pot, plural: pots}\n  versions:\n  - \
                      {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}\n";
    let pot = "apiVersion: tea.example/v1\nkind: Pot\nmetadata: {name: earl}\n";
    let (sheet, ..) = made(&[("a-pot.yaml", pot), ("crd.yaml", definition)]);
    has(
        &sheet,
        &[
            "kubectl apply -f crd.yaml\n      \"\"\"\n    Then within 60 seconds the CustomResourceDefinition \
         \"pots.tea.example\" has the condition \"Established\"\n    When I run:\n      \"\"\"\n      kubectl apply -f a-pot.yaml",
            "Then within 10 seconds the Pot \"earl\" exists",
        ],
    );
    has(
        &made(&[("crd.yaml", &format!("{definition}---\n{pot}"))]).0,
        &["# crd.yaml defines a kind and has objects of it"],
    );
}

#[test]
fn only_states_that_objects_reach_are_checked() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: once}\nspec: {restartPolicy: Never, containers: [{name: c, image: busybox}]}\n";
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: pi-}\nspec: {template: {spec: {restartPolicy: Never, \
               containers: [{name: c, image: busybox}]}}}\n";
    let (sheet, ..) =
        made(&[("job.yaml", job), ("pod.yaml", pod), ("web.yaml", &deployment("web", "", "replicas: 0\n  "))]);
    has(
        &sheet,
        &[
            "kubectl create -f job.yaml",
            "# The server makes up a name for the Job pi-",
            "the Pod \"once\" is in the phase Succeeded",
            "the Deployment \"web\" has spec.replicas 0",
        ],
    );
    has(&made(&[("job.yaml", job)]).0, &["Then it prints \" created\""]);
}

#[test]
fn what_the_cluster_must_have_is_asked_for() {
    let claim = "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: a}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
    let policy =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: {}}\n";
    let (sheet, ..) = made(&[("claim.yaml", claim), ("policy.yaml", policy)]);
    has(&sheet, &["And the cluster provides volumes\n    And the cluster enforces NetworkPolicies\n"]);
}

#[test]
fn a_kustomization_and_a_chart_are_applied_as_a_whole() {
    let web = deployment("web", "", "");
    let base = "resources:\n- web.yaml\n";
    let (sheet, description, _) = made(&[("kustomization.yaml", base), ("web.yaml", &web)]);
    has(&sheet, &["kubectl apply -k .\n", "Then it prints \" created\""]);
    has(&description, &["pulls: [\"nginx\"]", "# A kustomization may change images"]);
    let overlay = "resources:\n- ../../base\n";
    let (sheet, ..) = made(&[
        ("base/kustomization.yaml", base),
        ("base/web.yaml", &web),
        ("overlays/dev/kustomization.yaml", overlay),
        ("overlays/prod/kustomization.yaml", overlay),
    ]);
    has(&sheet, &["kubectl apply -k overlays/dev\n", "# `kubectl apply -k overlays/prod` is another variant."]);
    let template = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: {{ .Values.name }}\n";
    let chart = "apiVersion: v2\nname: shop\nversion: 0.1.0\n";
    let (sheet, ..) = made(&[("Chart.yaml", chart), ("values.yaml", "name: a\n"), ("templates/pod.yaml", template)]);
    has(&sheet, &["helm install shop .\n", "Then it prints \"STATUS: deployed\""]);
}

#[test]
fn a_kustomization_that_leads_out_of_the_folder_is_found() {
    let texts = |file: &str, item: &str| BTreeMap::from([(file.to_owned(), format!("resources:\n- {item}\n"))]);
    assert_eq!(leads_out(&texts("kustomization.yaml", "../base")), Some("../base"));
    assert_eq!(leads_out(&texts("overlays/dev/kustomization.yaml", "../../../base")), Some("../../../base"));
    assert_eq!(leads_out(&texts("overlays/dev/kustomization.yaml", "../../base")), None);
    assert_eq!(leads_out(&texts("kustomization.yaml", "web.yaml")), None);
}
