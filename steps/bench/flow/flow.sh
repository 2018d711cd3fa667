#!/bin/bash
# The Hello World flow as a script with kubectl: the steps of flow.feature, in the same order.
#   flow.sh NAMESPACE     in the lab's folder, with KUBECONFIG set
set -euo pipefail
namespace=$1
kubectl() { command kubectl --namespace "$namespace" "$@"; }

finish() { kubectl delete namespace "$namespace" --ignore-not-found; }
trap finish EXIT

address() { kubectl get pod hello -o go-template='{{.status.podIP}}'; }

# fetch PORT
fetch() { kubectl exec bb -- wget -O - "http://$helloip:$1" 2>&1; }

# listens PORT: a Pod without a readiness probe is ready before its server is.
listens() {
  local log
  log=$(sed "/Server running at http:..0.0.0.0:$1/q" < <(kubectl logs --follow hello))
  grep "Server running" <<< "$log" || { echo "the log ended: $log" >&2; return 1; }
}

kubectl create namespace "$namespace"
kubectl wait --for=create serviceaccount/default --timeout=60s

kubectl apply --filename pods.yaml
kubectl wait --for=condition=Ready pod/hello pod/bb --timeout=60s
listens 3000
helloip=$(address)
fetch 3000 | grep "Hello World"

kubectl delete pod hello
kubectl apply --filename podkv.yaml
kubectl wait --for=condition=Ready pod/hello --timeout=60s
listens 3001
helloip=$(address)
fetch 3001 | grep "Hello World"
if refused=$(fetch 3000); then
  echo "port 3000 still answers" >&2
  exit 1
fi
grep "Connection refused" <<< "$refused"

kubectl delete pods --all
