# shellcheck shell=bash
# Shared by the scripts that start a Docker engine. Source this file after common.bash; it starts nothing itself.

# A process id is reused after some time, but not together with its start time.
start_time() { sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20; }

# remember PID FILE: records a process and its start time.
remember() { printf '%s\n' "$1" "$(start_time "$1")" > "$2"; }

# remembered FILE PROGRAM: prints the id of the recorded process; nothing if it has ended.
remembered() {
  local pid since
  { read -r pid && read -r since; } 2> /dev/null < "$1" || return 0
  [[ $(cat "/proc/$pid/comm" 2> /dev/null) == "$2" && $(start_time "$pid") == "$since" ]] || return 0
  printf '%s\n' "$pid"
}

# launch LOG PROGRAM [ARGUMENT...]: starts a program in the background, and stores its id in `launched`. The program has
# its own session and none of the caller's files. So Ctrl-C does not reach it, and a reader of this script's output does
# not wait for the program.
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
  # shellcheck disable=SC2034 # the scripts that source this file use it
  launched=$!
  disown
}

# ended PID: ends a process, and waits up to a minute. Docker gives its containers ten seconds.
ended() { kill "$1" && timeout 60 tail --pid="$1" --sleep-interval=0.1 -f /dev/null; }

# CAP_SYS_RESOURCE is bit 24 of the bounding set.
lacks_sys_resource() { (((0x$(awk '/^CapBnd/ { print $2 }' /proc/self/status) >> 24 & 1) == 0)); }

# without_sys_resource WRAPPER RUNC: some hosts deny CAP_SYS_RESOURCE to root. Docker requests all capabilities for a
# privileged container, and runc then fails with "unable to apply caps: operation not permitted". This wrapper removes
# that one from the request, also for `docker exec`. It gives no additional privileges.
without_sys_resource() {
  cat > "$1" << 'WRAPPER'
#!/bin/bash
# Calls runc with all requested capabilities except CAP_SYS_RESOURCE, which this host denies.
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

# Each node's systemd and kubelet watch files: with the default of 128 instances, the second or third node fails to
# start.
enough_inotify_instances() {
  (($(cat /proc/sys/fs/inotify/max_user_instances) < 512)) || return 0
  sysctl -qw fs.inotify.max_user_instances=1024 2> /dev/null \
    || say "fs.inotify.max_user_instances is below 512; if a node does not come up, run as root: sysctl -w fs.inotify.max_user_instances=1024"
}

# The largest packet of the network that leads out of this machine. Some clouds and VPNs have less than Ethernet's 1500.
route_mtu() {
  local device
  # From the kernel's table, because a small machine may lack `ip`.
  device=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route 2> /dev/null || true)
  cat "/sys/class/net/$device/mtu" 2> /dev/null || echo 1500
}

# An engine gives its default network 1500, whatever leads out of the machine, and kind gives its nodes the same when it
# makes their network. Where less leads out, a container would ask for packets that never arrive, and a download would
# hang after it has begun.
#   set_mtu_option CONFIGURATION: stores dockerd's option in `mtu_option`, unless this file of dockerd's sets it already
set_mtu_option() {
  local mtu
  mtu=$(route_mtu)
  mtu_option=()
  if ((mtu < 1500)) && ! jq -e 'has("mtu")' "$1" > /dev/null 2>&1; then
    # shellcheck disable=SC2034 # the scripts that source this file use it
    mtu_option=(--mtu "$mtu")
  fi
}
