# shellcheck shell=bash
# shellcheck disable=SC2034,SC2016 # variables are for the scripts that source this; "$1" in hooks is for mmdebstrap's shell
# What the scripts of kind-config share: where things are kept, how they speak, and how packages become images.
# It is sourced, not run. Data goes to stdout, everything that is said to stderr.
set -euo pipefail
shopt -s inherit_errexit

cache=${LABPROOF_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/labproof}
# Root's state belongs to the machine, whatever HOME a job has: there is one engine and one registry on it.
if [[ $(id -u) == 0 ]]; then state=/var/lib/labproof; else state=${XDG_STATE_HOME:-${HOME:-}/.local/state}/labproof; fi
state=${LABPROOF_STATE:-$state}
build=$cache/offline
bin=$cache/bin
script=$(basename "$0")
[[ $script != build ]] || script=$(basename "$(dirname "$0")")/build # the stand-ins' scripts share this name

mkdir -p "$build"
scratch=$(mktemp -d "$build/$$.XXXXXX") # in the cache, because a root file system does not fit into every /tmp
at_exit() { :; } # what a script has to undo beyond its scratch folder; also runs when it is interrupted
trap 'at_exit; rm -rf "$scratch"' EXIT

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [HINT]
fail() {
  say "$script: $1"
  [[ -z ${2:-} ]] || say "hint: $2"
  exit 1
}

# quietly HINT PROGRAM [ARGUMENT...]: hides what a program prints unless it fails. Not for shell functions: bash
# ignores `set -e` inside a command whose status is tested.
quietly() {
  local hint=$1 log=$scratch/output status=0
  shift
  "$@" > "$log" 2>&1 < /dev/null || status=$?
  ((status == 0)) && return
  say "$script: this command failed with status $status: $*"
  tail -n 20 "$log" | sed 's/^/  | /' >&2
  say "hint: $hint"
  exit 1
}

# needs PROGRAM...: checked before anything slow begins. Root gets what is missing from Debian's packages.
needs() {
  local program
  for program in "$@"; do
    command -v "$program" > /dev/null || [[ $(id -u) != 0 ]] || "$(dirname "${BASH_SOURCE[0]}")/packages" offline
    command -v "$program" > /dev/null || fail "$program is not installed" "run as root: kind-config/offline/packages offline"
  done
}

needs_engine() {
  needs docker
  docker version > /dev/null 2>&1 || fail "no Docker engine answers" "run kind-config/offline/docker-engine start"
}

# only_one NAME: waits until no other process holds this lock; it is released when this process ends.
only_one() {
  exec {lock}> "$build/$1.lock"
  flock --nonblock "$lock" || { say "waiting for another $script" && flock "$lock"; }
}

# The state folder; nobody but the user can look into it. (Of a path that is missing as a whole, only the end is meant.)
# shellcheck disable=SC2174
make_state_folder() { mkdir -p -m 700 "$state"; }

# recipe_of PATH...: a digest of the names and contents of these files and folders, and of how a root file system is made.
# As a label it says which recipe an image came from: one that has changed since is made again.
recipe_of() {
  { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sed "s, $(dirname "$1")/, ," && declare -f rootfs; } | sha256sum | cut -c1-16
}

# rootfs NAME VARIANT PACKAGE,... [MMDEBSTRAP OPTION...]: prints the path of a tar file with Debian packages in it.
# It is kept in the cache under a name that changes with what is asked for. Of mmdebstrap's hooks, the last one that runs
# is `extract` for the variant extract, which installs nothing, and `customize` for the others.
rootfs() {
  local name=$1 variant=$2 packages=$3 last_hook=customize file suite=bookworm unwanted=('./dev/*')
  [[ $variant != extract ]] || { last_hook=extract && unwanted+=(./etc/apt ./etc/dpkg ./etc/fstab './var/*'); }
  file=$build/$name-$(sha256sum <<< "$* $(declare -f rootfs)" | cut -c1-16).tar
  shift 3
  if [[ ! -f $file ]]; then
    needs mmdebstrap
    [[ $(id -u) == 0 ]] || fail "only root can make Debian's root file systems" "run this as root"
    say "fetching Debian packages for $name (up to a minute, once)"
    # The machine's own resolver and name do not belong into an image; containers are given theirs.
    quietly "are Debian's package servers in reach? try: apt-get update" \
      mmdebstrap --quiet --variant="$variant" --include="$packages" --format=directory \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --$last_hook-hook='rm -f "$1/etc/resolv.conf" "$1/etc/hostname"' "$@" "$suite" "$scratch/root"
    # Device nodes come from the container runtime; as part of a layer they need privileges to be unpacked. What is merely
    # extracted has no package manager, only what mmdebstrap itself needed. (Deleting from mmdebstrap's own tar file is no
    # way: GNU tar leaves a broken archive behind, of which containerd says "invalid tar header".)
    tar --create --file "$scratch/root.tar" --numeric-owner --sort=name --directory "$scratch/root" "${unwanted[@]/#/--exclude=}" .
    rm -rf "$scratch/root"
    rm -f "$build/$name"-????????????????.tar # what earlier versions of this recipe asked for
    mv "$scratch/root.tar" "$file"
  fi
  printf '%s\n' "$file"
}

# label IMAGE KEY: prints a label's value, and nothing where image or label do not exist.
label() {
  docker image inspect --format "{{with .Config.Labels}}{{index . \"$2\"}}{{end}}" "$1" 2> /dev/null || true
}

# Removes what these scripts made before and made anew since: it has no name any more, and no container needs it.
forget_former() { docker image prune --force --filter label=dev.labproof.recipe > /dev/null; }
