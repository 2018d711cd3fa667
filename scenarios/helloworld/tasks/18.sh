#!/bin/bash
export podlist="$(kubectl get pods -o go-template='{{range .items}}{{.metadata.name}}{{" "}}{{end}}')"
kubectl delete pods $podlist
