kubectl delete pod one
