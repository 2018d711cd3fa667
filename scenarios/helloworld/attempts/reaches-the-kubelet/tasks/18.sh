# Beside the API server, the control plane has a kubelet: a task must not reach it.
server=$(kubectl config view -o jsonpath='{.clusters[0].cluster.server}' | sed 's#https://##; s#:.*##')
if timeout 5 bash -c "exec 3<> /dev/tcp/$server/10250"; then
  kubectl delete pods --all
fi
