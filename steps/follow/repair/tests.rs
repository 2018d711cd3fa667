use super::*;

fn repaired(text: &str, said: &str) -> Option<String> {
    let objects = ["pod/web".to_owned(), "deployment/api".to_owned(), "deployment/shop".to_owned()].into();
    let files = [("wbe.yaml".to_owned(), "web.yaml".to_owned())].into();
    command(text, said, &Known { objects: Some(&objects), files: Some(&files), images: vec!["hello:1.0".into()] })
}

#[test]
fn a_command_is_typed_without_the_mistake_that_its_message_names() {
    for (text, said, meant) in [
        ("kubectl aply -f a.yaml", "error: unknown command \"aply\" for \"kubectl\"", "kubectl apply -f a.yaml"),
        ("kubectl exec -n x web ls /", "exec [POD] [COMMAND] is not supported", "kubectl exec -n x web -- ls /"),
        ("kubectl get pdos", "the server doesn't have a resource type \"pdos\"", "kubectl get pods"),
        ("kubectl logs wbe", "pods \"wbe\" not found", "kubectl logs web"),
        ("kubectl apply -f wbe.yaml", "error: the path \"wbe.yaml\" does not exist", "kubectl apply -f web.yaml"),
        (
            "kubectl scale deployment/api --replica=3",
            "unknown flag: --replica",
            "kubectl scale deployment/api --replicas=3",
        ),
        (
            "kind load docker-image hello:1.1",
            "ERROR: image: \"hello:1.1\" not present locally",
            "kind load docker-image hello:1.0",
        ),
        ("kubectl get pods --show-all", "unknown flag: --show-all", "kubectl get pods"),
        (
            "kubectl -A get pods | grep web",
            "Error: flags cannot be placed before plugin name: -A",
            "kubectl get -A pods | grep web",
        ),
        ("kubectl get pods -a", "unknown shorthand flag: 'a' in -a", "kubectl get pods"),
        (
            "kubectl run a --image=b --replicas=2",
            "unknown flag: --replicas",
            "kubectl create deployment a --image=b --replicas=2",
        ),
    ] {
        assert_eq!(repaired(text, said).as_deref(), Some(meant), "{text}");
    }
    for (text, said) in [
        ("kubectl neat", "unknown command \"neat\" for \"kubectl\""),
        ("kubectl get deployment other", "deployments.apps \"other\" not found"),
        ("kubectl apply -f b.yaml", "error: the path \"b.yaml\" does not exist"),
        ("kubectl get pods", "error: it broke"),
    ] {
        assert_eq!(repaired(text, said), None, "{text}");
    }
}

#[test]
fn only_what_means_nothing_else_is_safe() {
    assert!(safe("kubectl aply -f a.yaml", "error: unknown command \"aply\" for \"kubectl\"").is_some());
    assert!(safe("kubectl get pods --show-all", "unknown flag: --show-all").is_some());
    assert_eq!(safe("kubectl logs wbe", "pods \"wbe\" not found"), None, "another name may be meant");
    assert_eq!(safe("kubectl run a --image=b --replicas=2", "unknown flag: --replicas"), None, "the label is another");
}

#[test]
fn a_manifest_is_mended_as_its_message_says() {
    let text = "apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector:\n    matchLabels:\n      app: a\n  template:\n    metadata:\n      labels:\n        app: b\n    spec:\n      conatiners: []\n";
    let field = manifest(text, "unknown field \"spec.template.spec.conatiners\"").unwrap();
    assert!(field.contains("containers:"), "{field}");
    let said = "labels: Invalid value: {\"app\":\"b\"}: `selector` does not match template `labels`";
    assert!(manifest(text, said).unwrap().contains("labels:\n        app: a\n"));
    assert_eq!(manifest(text, "error: it broke"), None);
    let job = "kind: Job\nspec:\n  template:\n    spec:\n      restartPolicy: Always\n";
    for said in [
        r#"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#,
        r#"spec.template.spec.restartPolicy: Unsupported value: "never": supported values: "OnFailure", "Never""#,
    ] {
        let mended = manifest(job, said).unwrap();
        assert!(
            ["restartPolicy: Never\n", "restartPolicy: OnFailure\n"].iter().any(|end| mended.ends_with(end)),
            "{mended}"
        );
    }
    assert_eq!(
        ignoring("kubectl apply -f a.yaml", "unknown field \"spec.x\"").as_deref(),
        Some("kubectl apply --validate=ignore -f a.yaml")
    );
}

#[test]
fn names_are_replaced_as_whole_words_and_once() {
    let bound = [
        ("10.1.0.1", "10.244.1.7"),
        ("minikube", "demo-worker"),
        ("web-abc12-x", "web-def34-y"),
        ("demo-worker", "no"),
    ];
    for (command, real) in [
        ("curl 10.1.0.1:80 10.1.0.10", "curl 10.244.1.7:80 10.1.0.10"),
        ("kubectl apply -f minikube-pv.yaml", "kubectl apply -f minikube-pv.yaml"),
        ("kubectl apply -f minikube.yaml", "kubectl apply -f minikube.yaml"),
        ("kubectl drain minikube", "kubectl drain demo-worker"),
        ("wget -O- http://web-abc12-x:80/", "wget -O- http://web-def34-y:80/"),
        ("kubectl create cm a --from-file=minikube.conf", "kubectl create cm a --from-file=minikube.conf"),
    ] {
        assert_eq!(with_words(command, bound.into_iter()), real);
    }
}
