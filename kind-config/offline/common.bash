# shellcheck shell=bash
# shellcheck disable=SC2034,SC2016 # other scripts use the variables; "$1" in hooks is for mmdebstrap's shell
# Shared by the scripts in kind-config: where files are stored, how messages are printed, and how packages become
# images. Source this file; do not run it. Data goes to stdout, messages to stderr.
set -euo pipefail
shopt -s inherit_errexit

cache=${LABPROOF_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/labproof}
# Root's state belongs to the machine, whatever HOME is, because the machine has one engine and one registry.
if [[ $(id -u) == 0 ]]; then state=/var/lib/labproof; else state=${XDG_STATE_HOME:-${HOME:-}/.local/state}/labproof; fi
state=${LABPROOF_STATE:-$state}
build=$cache/offline
bin=$cache/bin
script=$(basename "$0")
[[ $script != build ]] || script=$(basename "$(dirname "$0")")/build # all stand-ins' scripts have this name

mkdir -p "$build"
scratch=$(mktemp -d "$build/$$.XXXXXX") # in the cache, because /tmp may be too small for a root file system
at_exit() { :; } # a script's own cleanup, besides its scratch folder; also runs after an interrupt
trap 'at_exit; rm -rf "$scratch"' EXIT

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [HINT]
fail() {
  say "$script: $1"
  [[ -z ${2:-} ]] || say "hint: $2"
  exit 1
}

# quietly HINT PROGRAM [ARGUMENT...]: hides a program's output unless it fails. Not for shell functions, because bash
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

# needs PROGRAM...: checks that these programs exist, before anything slow begins. As root, installs missing ones from
# Debian.
needs() {
  local program
  for program in "$@"; do
    command -v "$program" > /dev/null || [[ $(id -u) != 0 ]] || "$(dirname "${BASH_SOURCE[0]}")/packages" offline
    command -v "$program" > /dev/null || fail "$program is not installed" "run as root: labproof setup --install"
  done
}

needs_engine() {
  needs docker
  docker version > /dev/null 2>&1 || fail "no Docker engine answers" "start it, or run as root: labproof setup --install"
}

# only_one NAME: waits until no other process holds this lock; the end of this process releases it.
only_one() {
  exec {lock}> "$build/$1.lock"
  flock --nonblock "$lock" || { say "waiting for another $script" && flock "$lock"; }
}

# Creates the state folder, which only the user can open. (The mode applies only to the last folder of the path.)
# shellcheck disable=SC2174
make_state_folder() { mkdir -p -m 700 "$state"; }

# recipe_of PATH...: the digest of the names and contents of these files and folders, and of `rootfs`. It is a label of
# the images made here; an image is made again if its recipe has changed.
recipe_of() {
  { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sed "s, $(dirname "$1")/, ," && declare -f rootfs; } | sha256sum | cut -c1-16
}

# rootfs NAME VARIANT PACKAGE,... [MMDEBSTRAP OPTION...]: prints the path of a tar file that contains Debian packages.
# It is stored in the cache under a name that depends on the arguments. mmdebstrap's last hook is `extract` for the
# variant extract, which installs nothing, and `customize` for the others.
rootfs() {
  local name=$1 variant=$2 packages=$3 last_hook=customize file suite=bookworm unwanted=('./dev/*')
  [[ $variant != extract ]] || { last_hook=extract && unwanted+=(./etc/apt ./etc/dpkg ./etc/fstab './var/*'); }
  file=$build/$name-$(sha256sum <<< "$* $(declare -f rootfs)" | cut -c1-16).tar
  shift 3
  if [[ ! -f $file ]]; then
    needs mmdebstrap
    [[ $(id -u) == 0 ]] || fail "only root can make Debian's root file systems" "run this as root"
    say "fetching Debian packages for $name (up to a minute, once)"
    # An image must not contain the machine's own resolver and name; containers get theirs.
    quietly "are Debian's package servers in reach? try: apt-get update" \
      mmdebstrap --quiet --variant="$variant" --include="$packages" --format=directory \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
      --$last_hook-hook='rm -f "$1/etc/resolv.conf" "$1/etc/hostname"' "$@" "$suite" "$scratch/root"
    # The container runtime creates device nodes; unpacking a layer with them would need privileges. Packages that are
    # only extracted need no package manager, so what mmdebstrap itself needed is left out. (Deleting it from
    # mmdebstrap's tar file does not work: GNU tar leaves a damaged archive, which containerd rejects with "invalid tar
    # header".)
    tar --create --file "$scratch/root.tar" --numeric-owner --sort=name --directory "$scratch/root" "${unwanted[@]/#/--exclude=}" .
    rm -rf "$scratch/root"
    rm -f "$build/$name"-????????????????.tar # files of earlier versions of this recipe
    mv "$scratch/root.tar" "$file"
  fi
  printf '%s\n' "$file"
}

# label IMAGE KEY: prints the value of a label; nothing if the image or the label does not exist.
label() {
  docker image inspect --format "{{with .Config.Labels}}{{index . \"$2\"}}{{end}}" "$1" 2> /dev/null || true
}

# Removes earlier images of these scripts that have been replaced: they have no name and no container uses them.
forget_former() { docker image prune --force --filter label=dev.labproof.recipe > /dev/null; }

# go_build MODULE_FOLDER OPTION...: runs `go build` with the Go in `go`; go.sum verifies every module. The linker leaves
# the debug information out of all programs here (-s -w); not writing it at all saves a fifth of the time that a build
# takes. Collecting the compiler's garbage less often saves a sixth, and takes more memory. -buildvcs=false, because a
# build must not depend on the state of the surrounding git checkout.
go_build() {
  local module=$1
  shift
  CGO_ENABLED=${cgo:-0} GOGC=${GOGC:-400} \
    quietly "does the Go module proxy answer, and is there room on the disk? try: go env GOPROXY; df -h" \
    "$go" -C "$module" build -buildvcs=false -trimpath -gcflags=all=-dwarf=false "$@"
}
