use super::review;
use crate::document::{Markup, read, story::Story};

/// What a review finds, each as `line text`.
fn found(text: &str) -> Vec<String> {
    let document = read(Markup::Markdown, text);
    let mut story = Story::of(&document);
    review(&document, &mut story);
    let doubts = story.acts.iter().flat_map(|act| &act.doubts);
    doubts.map(|doubt| format!("{} {}", doubt.line, doubt.text)).collect()
}

fn yaml(text: &str) -> String {
    format!("```yaml\n{text}\n```\n")
}

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  selector:\n    app: web\n  ports:\n  - port: 80\n---\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  labels:\n    app: web\nspec:\n  containers:\n  - name: main\n    image: nginx\n    ports:\n    - containerPort: 80\n";

/// The document with one change must have exactly one finding with these words; without the change it has none.
fn only(right: &str, from: &str, to: &str, words: &str) {
    assert_eq!(found(right), [""; 0], "{right}");
    assert!(right.contains(from), "{from}");
    let wrong = found(&right.replacen(from, to, 1));
    assert!(wrong.len() == 1 && wrong[0].contains(words), "{words}: {wrong:?}");
}

#[test]
fn a_service_selects_pods_of_the_document_and_their_ports() {
    let both = yaml(&format!("{SERVICE}{POD}"));
    only(&both, "selector:\n    app: web", "selector:\n    app: wbe", "8 the Service web selects app=wbe");
    only(&both, "port: 80", "port: 8080", "sends to the port 8080");
    let both_wrong =
        both.replacen("selector:\n    app: web", "selector:\n    app: wbe", 1).replacen("port: 80", "port: 81", 1);
    assert_eq!(found(&both_wrong).len(), 2);
    only(&both, "name: web\n  labels", "name: web\n  namespace: shop\n  labels", "only Pods of its own namespace");
    let by_command = "```sh\nkubectl create deployment web --image=nginx\n```\n".to_owned() + &yaml(SERVICE);
    assert_eq!(found(&by_command), [""; 0]);
    assert_eq!(found(&yaml(SERVICE)), [""; 0]);
}

#[test]
fn a_role_names_the_group_of_its_resources() {
    let rules = "rules:\n- apiGroups: [\"\"]\n  resources: [pods, pods/log]\n  verbs: [get]\n- apiGroups: [\"apps\"]\n  resources: [deployments]\n  verbs: [get]\n";
    let role = yaml(&format!("apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: r\n{rules}"));
    only(&role, "[\"apps\"]", "[\"\"]", "10 no group of this rule has deployments: write `apiGroups: [\"apps\"]`");
    only(&role, "[pods, pods/log]", "[pods, jobs]", "7 no group of this rule has jobs");
    for right in ["[\"*\"]", "[\"\", apps, tea.example]", "[metrics.k8s.io]"] {
        assert_eq!(found(&role.replace("[\"\"]", right)), [""; 0], "{right}");
    }
}

#[test]
fn a_mistake_on_purpose_is_none() {
    let wrong = yaml(&format!("{SERVICE}{POD}").replacen("app: web", "app: wbe", 1));
    for prose in
        ["The selector is wrong on purpose:", "Das Manifest enthält absichtlich einen Fehler:", "故意写错的清单："]
    {
        assert_eq!(found(&format!("{prose}\n\n{wrong}")), [""; 0], "{prose}");
    }
    assert_eq!(found(&format!("A Service:\n\n{wrong}")).len(), 1);
    assert_eq!(found(&format!("It is wrong on purpose.\n\nAnother one:\n\n{wrong}")).len(), 1);
}

#[test]
fn a_service_may_send_to_a_port_beside_one_that_is_declared() {
    let both = yaml(&format!("{SERVICE}{POD}"));
    let beside = both.replacen("  - port: 80\n", "  - name: a\n    port: 80\n  - name: b\n    port: 8443\n", 1);
    assert_eq!(found(&beside), [""; 0]);
}

#[test]
fn an_indented_text_without_a_command_is_prose() {
    let page = "Look at the Pod.\n\n    Leave the shell before you use the kubectl logs command.\n";
    only(page, "kubectl logs", "kubectl log", "3 kubectl has no command log; it has logs");
}

#[test]
fn a_command_selects_labels_of_the_document() {
    let page = yaml(POD) + "```sh\nkubectl get pods -l app=web\nkubectl get pods --selector other=web\n```\n";
    only(&page, "-l app=web", "-l app=wbe", "it selects app=wbe");
    let elsewhere = page.replace("-l app=web", "-n kube-system -l app=dns");
    assert_eq!(found(&elsewhere), [""; 0]);
    let slice = "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata:\n  name: db\n  labels:\n    kubernetes.io/service-name: db\n";
    let other = "```sh\nkubectl get endpointslices -l kubernetes.io/service-name=web\n```\n";
    assert_eq!(found(&(yaml(slice) + other)), Vec::<String>::new(), "a controller sets this label");
}

#[test]
fn a_part_of_a_manifest_is_yaml() {
    let part = "- name: sidecar\n  image: nginx\n  ports:\n  - containerPort: 80\n";
    only(&yaml(part), "\n  image", "\nimage", "this part of a manifest is not YAML");
    assert_eq!(found(&yaml(&part.replace("\n  image: nginx", "\nimage: ..."))), [""; 0]);
}

#[test]
fn a_container_mounts_volumes_of_its_pod() {
    let pod = POD.to_owned()
        + "    volumeMounts:\n    - name: data\n      mountPath: /data\n  volumes:\n  - name: data\n    emptyDir: {}\n";
    only(&yaml(&pod), "- name: data\n      mount", "- name: dta\n      mount", "mounts the volume dta");
}

#[test]
fn what_an_object_refers_to_is_made_by_the_document() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  colour: red\n---\n";
    let pod = POD.to_owned()
        + "    env:\n    - name: A\n      valueFrom:\n        configMapKeyRef:\n          name: settings\n          key: colour\n";
    let both = yaml(&format!("{config}{pod}"));
    only(&both, "          name: settings", "          name: setings", "it makes settings");
    only(&both, "key: colour", "key: color", "no such key; it has colour");
    let elsewhere = "```sh\nhelm install a b\n```\n".to_owned() + &both.replace("key: colour", "key: color");
    assert_eq!(found(&elsewhere), [""; 0]);
}

#[test]
fn a_container_has_what_its_probes_and_arguments_need() {
    let pod = POD.to_owned()
        + "    command: [sh, -c, \"touch /tmp/ok; date >> /data/log; echo $(NAME)\"]\n    env:\n    - name: NAME\n      value: a\n    livenessProbe:\n      exec:\n        command: [cat, /tmp/ok]\n";
    let page = yaml(&pod);
    only(&page, "touch /tmp/ok", "true", "reads the file /tmp/ok");
    only(&page, "/data/log", "/data/ log", "which is a folder");
    only(&page, "$(NAME)", "$(OTHER)", "uses the variable OTHER");
    only(&page, "image: nginx", "image: a.io/path/to/b", "nobody can pull");
}

#[test]
fn the_prose_has_the_names_of_the_blocks() {
    let page = "Create `web-server.yaml` with 1 replicas, mounted at `/data`.\n\n".to_owned()
        + &yaml(&format!(
            "# web-server.yaml\n{POD}    volumeMounts:\n    - name: a\n      mountPath: /data\n  - name: log-reader\n    image: nginx\n  volumes: [{{name: a, emptyDir: {{}}}}]\n"
        ))
        + "\nThe `log-reader` container reads. See `kubectl logs`.\n```sh\nkubectl apply -f web-server.yaml\n```\n";
    only(&page, "`log-reader`", "`log-raeder`", "one has log-reader");
    only(&page, "`log-reader`", "`monitor`", "no Pod of the document has a container monitor");
    only(&page, "at `/data`", "at `/srv`", "mounts a volume at /srv");
    only(&page, "`kubectl logs`", "`kubectl log`", "kubectl has no command log");
    only(&page, "`kubectl logs`", "`kubectl -f apply web.yaml`", "write `kubectl apply -f`");
}

#[test]
fn a_name_of_several_words_needs_no_quotes() {
    let page = "Create a role called pod-viewer-role, state-of-the-art.\n\n```sh\nkubectl create clusterrole pod-viewer-role --verb=list --resource=pods\n```\n";
    only(page, "clusterrole pod-viewer-role", "clusterrole pod-viewr-role", "says pod-viewer-role, which no block has");
}

#[test]
fn what_is_typed_while_a_port_is_forwarded_needs_another_terminal() {
    let page = "In another terminal:\n\n```sh\nkubectl port-forward web 8080:80\ncurl localhost:8080\n```\n";
    only(page, "In another terminal", "Then", "say that this is typed into another one");
}

#[test]
fn an_image_that_is_built_reaches_the_nodes() {
    let page = "```sh\ndocker build -t shop:1 .\nkind load docker-image shop:1\n```\n".to_owned()
        + &yaml(&POD.replace("nginx", "shop:1"));
    only(&page, "kind load docker-image shop:1\n", "", "no command brings it to the nodes");
}

#[test]
fn two_pods_of_one_name_are_no_update() {
    let page = yaml(POD) + "\n" + &yaml(&POD.replace("nginx", "nginx:2"));
    only(&page, "nginx:2", "nginx:2\n    workingDir: /", "has the name of the Pod at line");
}

#[test]
fn the_paragraph_after_a_manifest_has_its_number_of_replicas() {
    let manifest =
        "```yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n```\n\n";
    let page = manifest.to_owned() + "Das Deployment sorgt dafür, dass drei Replikate laufen.\n";
    only(&page, "drei Rep", "zwei Rep", "the prose says zwei replicas");
    for later in [
        "Now we want two replicas:\n",
        "Later we use two replicas.\n\n```sh\nkubectl scale deploy web --replicas=2\n```\n",
    ] {
        assert_eq!(found(&(manifest.to_owned() + later)), [""; 0], "{later}");
    }
}

#[test]
fn a_binding_and_a_stateful_set_name_what_the_document_makes() {
    let service = SERVICE.replace("  selector:\n    app: web\n", "  clusterIP: None\n");
    let set = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  serviceName: web\n";
    only(&yaml(&format!("{service}{set}")), "serviceName: web", "serviceName: wbe", "uses the Service wbe");
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: reader\nrules: []\n---\n";
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata:\n  name: reads\nroleRef:\n  kind: Role\n  name: reader\n";
    let both = yaml(&format!("{role}{binding}"));
    only(&both, "kind: Role\n  name: reader", "kind: Role\n  name: raeder", "uses the Role raeder");
    assert_eq!(found(&both.replace("kind: Role\n  name: reader", "kind: ClusterRole\n  name: view")), [""; 0]);
}

#[test]
fn a_quantity_has_a_suffix_that_exists() {
    let pod = POD.to_owned() + "    resources:\n      limits:\n        memory: 64Mi\n        cpu: \"0.5\"\n";
    for (wrong, words) in
        [("64mi", "write 64Mi"), ("64MiB", "write 64Mi"), ("64 Mi", "write 64Mi"), ("many", "is not a quantity")]
    {
        only(&yaml(&pod), "64Mi", wrong, words);
    }
}

#[test]
fn a_here_document_has_only_variables_that_are_set() {
    let text = "```sh\nIMAGE=nginx\ncat <<'END' > a.txt\n$IMAGE $NUMBER \\$LATER $HOME\nEND\n```\n";
    only(text, "'END'", "END", "replaces $NUMBER by nothing");
}

#[test]
fn a_manifest_names_the_control_plane_as_nodes_do() {
    let tolerates = "  tolerations:\n  - key: node-role.kubernetes.io/control-plane\n";
    let right = yaml(&format!("{POD}{tolerates}"));
    only(&right, "control-plane", "master", "no node has node-role.kubernetes.io/master");
    assert_eq!(
        found(&right.replace(tolerates, &(tolerates.to_owned() + &tolerates.replace("control-plane", "master")))),
        [""; 0]
    );
}

#[test]
fn a_manifest_that_later_commands_need_is_applied() {
    let other = "Save this as `other.yaml`:\n\n".to_owned() + &yaml(&POD.replace("web", "other"));
    let rest = "```sh\nkubectl apply -f other.yaml\n```\n\nThe file `web.yaml`:\n\n".to_owned() + &yaml(POD);
    let uses = "```sh\nkubectl logs web\n```\n";
    let listing = format!("{other}{rest}Now apply it.\n\n{uses}");
    only(&listing, "Now apply it.", "Here it is.", "it needs the objects of web.yaml (line");
}

#[test]
fn a_command_that_waits_or_whose_output_is_shown_gives_the_pod_its_time() {
    let early = "```sh\nkubectl apply -f web.yaml\nkubectl exec web -- ls\n```\n";
    assert!(found(early)[0].contains("right after the command that creates the Pod"));
    let waits = early.replace("web.yaml", "web.yaml && kubectl wait --for=condition=Ready pod/web");
    let shown = "```\n$ kubectl apply -f web.yaml\npod/web created\n$ kubectl exec web -- ls\nbin\n```\n";
    assert_eq!((found(&waits), found(shown)), (vec![], vec![]));
    let of_another = "```sh\nkubectl run raft -n harbour --image=busybox\n```\nThen:\n```sh\nkubectl apply -f fog.yaml\nkubectl exec -n harbour raft -- ls\n```\n";
    assert_eq!(found(of_another), Vec::<String>::new());
}

#[test]
fn a_line_is_no_program() {
    let pod = yaml(&POD.replace("    image: nginx\n", "    image: nginx\n    command: [sh, -c, echo a]\n"));
    only(&pod, "[sh, -c, echo a]", "[for i in 1 2; do echo $i; done]", "12 the Pod web runs a program called");
}

#[test]
fn a_host_of_the_cluster_is_in_a_namespace_of_the_document() {
    let page =
        "```sh\nkubectl create namespace shop\nkubectl -n shop exec web -- curl db.shop.svc.cluster.local\n```\n";
    only(page, "db.shop.svc", "db.shopp.svc", "the host db.shopp.svc.cluster.local is in the namespace shopp");
    only(page, "db.shop.svc", "10-0-0-1.shops.pod", "it makes shop");
    for host in ["kube-dns.kube-system.svc", "web.default.svc", "web-0.db.shop.svc", "web.istio-system.svc"] {
        assert_eq!(found(&page.replace("db.shop.svc", host)), [""; 0], "{host}");
    }
}
