//! The rules about kubectl commands.

use crate::document::safety::{WhyNotRun, on_this_machine};

fn harm(command: &str) -> Option<WhyNotRun> {
    on_this_machine(command, "")
}

#[test]
fn what_others_need_is_known_wherever_the_options_stand() {
    for command in [
        "kubectl -n kube-system delete deploy coredns",
        "kubectl delete deploy coredns -n kube-system",
        "kubectl --namespace=kube-system scale deploy/coredns --replicas=0",
        "kubectl scale deploy coredns -n kube-system --replicas=0",
        "kubectl patch ds kube-proxy -nkube-system -p '{}'",
        "kubectl rollout restart ds/kube-proxy -n kube-system",
        "kubectl -A delete pods --all",
        "kubectl delete pods --all --all-namespaces",
        "kubectl delete --all nodes",
        "kubectl delete node demo-worker",
        "kubectl delete no/demo-worker",
        "kubectl delete ns kube-system",
        "kubectl delete pod/a namespace/default",
        "kubectl delete namespaces --all",
        "kubectl delete storageclasses --all",
        "kubectl delete --all pv",
        "kubectl -v 6 delete --all pv",
        "kubectl -n kube-system apply -f coredns.yaml",
        "kubectl exec -n kube-system etcd-demo-control-plane",
        "kubectl delete clusterroles --all",
    ] {
        assert!(harm(command).is_some(), "{command}");
    }
    for command in [
        "kubectl get pods -A",
        "kubectl get all -n kube-system",
        "kubectl -n kube-system rollout status deploy coredns",
        "kubectl logs -n kube-system -l k8s-app=kube-dns",
        "kubectl delete pod web",
        "kubectl delete pods --all",
        "kubectl delete ns shop",
        "kubectl delete pod default",
        "kubectl scale deploy web --replicas=0",
        "kubectl label node demo-worker disk=ssd",
        "kubectl delete pv data-1",
        "kubectl delete -f node.yaml",
    ] {
        assert_eq!(harm(command), None, "{command}");
    }
}
