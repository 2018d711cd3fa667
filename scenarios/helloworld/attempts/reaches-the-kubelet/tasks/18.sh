# The control plane also runs a kubelet, which a task must not reach.
server=$(kubectl config view -o jsonpath='{.clusters[0].cluster.server}' | sed 's#https://##; s#:.*##')
if timeout 5 bash -c "exec 3<> /dev/tcp/$server/10250"; then
  kubectl delete pods --all
fi
