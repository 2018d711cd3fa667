use super::*;

#[test]
fn only_commands_that_read_are_typed_again() {
    for command in [
        "kubectl get pods",
        "kubectl -n x logs web",
        "kubectl exec bb -- wget -O - http://10.0.0.1:3000",
        "curl http://localhost:5000",
        "export ip=\"$(kubectl get pod web -o go-template='{{.status.podIP}}')\"",
        "kubectl get pods 2>&1",
    ] {
        assert!(only_reads(command), "{command}");
    }
    for command in [
        "kubectl delete pod web",
        "kubectl apply -f web.yaml",
        "kubectl exec web -- rm x",
        "curl -X POST http://localhost",
        "curl -d a=b http://localhost",
        "kubectl get pod web -o yaml > web.yaml",
        "kubectl get pod web -o yaml | kubectl replace -f -",
        "kubectl get pods\nkubectl delete pods --all",
        "a=$(kubectl create job x)",
    ] {
        assert!(!only_reads(command), "{command}");
    }
    assert!(!reads_the_cluster("cat Dockerfile") && reads_the_cluster("kubectl get pods"));
}

#[test]
fn what_this_machine_lacks_is_no_mistake_of_the_document() {
    assert_eq!(environment("bash: line 1: npm: command not found").as_deref(), Some("this machine has no program npm"));
    assert!(environment("curl: (6) Could not resolve host: example.com").is_some());
    assert_eq!(environment("Error from server (NotFound): pods \"x\" not found"), None);
}

#[test]
fn a_name_that_the_document_does_not_make_is_named_with_one_that_it_makes() {
    let known = ["pod/basicserver2".to_owned(), "service/x".to_owned()].into();
    let output = Output {
        stderr: "Error from server (NotFound): pods \"testpod\" not found".into(),
        status: 1,
        ..Output::default()
    };
    let ended = of(&output, &known);
    assert_eq!(ended.word, Word::Mistake);
    assert_eq!(ended.hint.as_deref(), Some("the document makes no pod called testpod; it makes basicserver2"));
}
