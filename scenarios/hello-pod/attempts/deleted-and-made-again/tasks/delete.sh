kubectl delete pod hello-pod --now && kubectl create -f pod.yml
