#!/bin/bash
kubectl delete pod hello-pod
kubectl delete pods --field-selector status.phase!=Running --now
