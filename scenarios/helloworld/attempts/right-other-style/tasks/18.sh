kubectl delete pods --all --grace-period=1
