# Such a Pod would run on the control plane. The script only deletes the Pod if it can lead another one there.
toleration='[{"op": "add", "path": "/spec/tolerations/-", "value": {"operator": "Exists"}}]'
if kubectl patch pod asker --type=json --patch="$toleration"; then
  kubectl delete pod hello-pod
fi
