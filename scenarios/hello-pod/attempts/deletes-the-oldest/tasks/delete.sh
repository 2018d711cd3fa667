#!/bin/bash
# the first Pod that was made
pod=$(kubectl get pods --sort-by=.metadata.creationTimestamp -o name | head -n 1)
kubectl delete "$pod" --now
