#!/bin/bash
kubectl delete -f pod.yml
