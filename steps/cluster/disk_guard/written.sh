#!/bin/sh
# Prints, on a node, a line for each Pod: its UID, and how much all that it can write holds, in KiB. What is in memory is
# left out: the node's own memory bounds it. A test gives another folder in place of the root.
root=$1
containerd=$root/var/lib/containerd/io.containerd.grpc.v1.cri
running=$root/run/containerd/io.containerd.runtime.v2.task/k8s.io

# The folder of a container's own files. One that has ended has nothing mounted, and its files stay.
own_files() {
  options=$(awk -v place="$running/$1/rootfs" '$2 == place { print $4 }' "$root/proc/mounts")
  [ -n "$options" ] || options=$(ctr --namespace k8s.io snapshots mounts / "$1" 2> /dev/null)
  case $options in *upperdir=*) options=${options#*upperdir=} && echo "${options%%,*}" ;; esac
}

# What a running container has mounted from elsewhere on the node: the volumes of claims.
from_elsewhere() {
  [ ! -f "$running/$1/config.json" ] || jq --raw-output --arg root "$root" '.mounts[]
    | select(.type == "bind" and (.options // [] | index("ro") | not)) | .source
    | select(ltrimstr($root) | test("^/(run|dev|sys|proc|var/lib/kubelet|var/lib/containerd)/") | not)' \
    "$running/$1/config.json"
}

# Lines of a Pod's UID and one of its folders. The kubelet's has its volumes, its /etc/hosts and its termination messages;
# containerd's have its /etc/hostname, its /etc/resolv.conf and the volumes that images declare.
folders() {
  for folder in "$root"/var/lib/kubelet/pods/*; do echo "${folder##*/} $folder"; done
  for folder in "$root"/var/log/pods/*_*_*; do echo "${folder##*_} $folder"; done
  crictl ps --all --output json \
    | jq --raw-output '.containers[] | "\(.labels["io.kubernetes.pod.uid"]) \(.id) \(.podSandboxId)"' \
    | while read -r uid id sandbox; do
      printf '%s\n' "$containerd/containers/$id" "$containerd/sandboxes/$sandbox" "$(own_files "$id")" \
        "$(from_elsewhere "$id")" | sed -n "s,^/,$uid /,p"
    done
}

# The sum for one Pod. `du` counts once what it finds twice, as a volume that is mounted by a part of it.
sum() {
  [ $# -lt 2 ] || (uid=$1 && shift && echo "$uid $(du -skcx "$@" 2> /dev/null | tail -n 1 | cut -f 1)")
}

folders | sort -u | {
  set --
  while read -r uid folder; do
    [ "$uid" = "$1" ] || { sum "$@" && set -- "$uid"; }
    set -- "$@" "$folder"
  done
  sum "$@"
}
