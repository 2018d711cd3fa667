//go:build tools

// Package tools pins what a node image holds beside Kubernetes itself. The two share one module because both are made
// of Kubernetes' client, which is then compiled once.
package tools

import (
	_ "sigs.k8s.io/cri-tools/cmd/crictl"
	_ "sigs.k8s.io/kube-network-policies/cmd"
)
