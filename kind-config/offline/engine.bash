# shellcheck shell=bash
# What the scripts that start a Docker engine share. Sourced after common.bash; nothing is started here.

# A process id is used again after a while; together with its start time it is not.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20; }

# remember PID FILE: notes a process and the kernel's time of its start.
remember() { printf '%s\n' "$1" "$(start_time "$1")" > "$2"; }

# remembered FILE PROGRAM: prints the id of the process that was noted there, and nothing where that one is gone.
remembered() {
  local pid since
  { read -r pid && read -r since; } 2> /dev/null < "$1" || return 0
  [[ $(cat "/proc/$pid/comm" 2> /dev/null) == "$2" && $(start_time "$pid") == "$since" ]] || return 0
  printf '%s\n' "$pid"
}

# launch LOG PROGRAM [ARGUMENT...]: starts a program in the background, and leaves its id in `launched`. It has a session
# of its own, and none of the caller's files: a Ctrl-C does not reach it, and nobody who reads this script's output waits
# for the program to end.
launch() {
  local log=$1
  shift
  (
    for descriptor in /proc/self/fd/*; do
      descriptor=${descriptor##*/}
      ((descriptor <= 2)) || eval "exec $descriptor>&-"
    done
    cd / && exec setsid "$@"
  ) > "$log" 2>&1 < /dev/null &
  # shellcheck disable=SC2034 # it is for the scripts that source this
  launched=$!
  disown
}

# ended PID: ends a process and waits a minute for it. Docker gives its containers ten seconds.
ended() { kill "$1" && timeout 60 tail --pid="$1" --sleep-interval=0.1 -f /dev/null; }

# Bit 24 of the bounding set is CAP_SYS_RESOURCE.
lacks_sys_resource() { (((0x$(awk '/^CapBnd/ { print $2 }' /proc/self/status) >> 24 & 1) == 0)); }

# without_sys_resource WRAPPER RUNC: some hosts withhold CAP_SYS_RESOURCE from root. For a privileged container Docker asks
# runc for every capability there is, and runc then fails with "unable to apply caps: operation not permitted". With this
# wrapper runc is asked for all but that one, also for `docker exec`. It gains nothing, it asks for less.
without_sys_resource() {
  cat > "$1" << 'WRAPPER'
#!/bin/bash
# runc, asked for every capability in the request but CAP_SYS_RESOURCE, which this host does not grant.
set -euo pipefail
previous="" spec=""
for argument in "$@"; do
  case $previous in --bundle | -b) spec=$argument/config.json ;; --process | -p) spec=$argument ;; esac
  previous=$argument
done
if [[ -f $spec ]]; then
  kept=$(jq -c 'walk(if type == "object" and has("bounding") then map_values(map(select(. != "CAP_SYS_RESOURCE"))) else . end)' "$spec")
  printf %s "$kept" > "$spec"
fi
WRAPPER
  printf 'exec %q "$@"\n' "$2" >> "$1"
  chmod +x "$1"
}

# Each node's systemd and kubelet watch files: with the usual 128 instances the second or third node does not come up.
enough_inotify_instances() {
  (($(cat /proc/sys/fs/inotify/max_user_instances) < 512)) || return 0
  sysctl -qw fs.inotify.max_user_instances=1024 2> /dev/null \
    || say "fs.inotify.max_user_instances is below 512; if a node does not come up, run as root: sysctl -w fs.inotify.max_user_instances=1024"
}
