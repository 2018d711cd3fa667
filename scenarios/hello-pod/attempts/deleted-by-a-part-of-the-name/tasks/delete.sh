kubectl get pods -o name | grep hello | xargs kubectl delete --now
