kubectl delete pods -l zone=prod,version=v1 --now
