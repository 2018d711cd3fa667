kubectl get pods -o name | grep "/hello-pod$" | xargs kubectl delete --now
