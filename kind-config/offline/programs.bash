# shellcheck shell=bash
# Builds the programs that modules/engine pins: a Docker engine, buildx and BuildKit. Sourced after common.bash.
offline=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
engine_module=$offline/modules/engine
docker_version=29.9.3 # what moby/v2 v2.0.0-beta.24 was released as; the module does not say

# The folder of the cache that holds the programs. Its name changes with the modules and with how they are built, so that
# whatever is in it is right, and a second call builds nothing.
programs_folder() {
  local key
  key=$({ recipe_of "$engine_module" && echo "$docker_version" && declare -f package_of linker_flags_of compile compile_runc; } | sha256sum)
  printf '%s/engine-%s\n' "$build" "${key:0:16}"
}

# build_programs PROGRAM...: builds those that are missing, and leaves the folder's path in `programs`.
build_programs() {
  local program missing=()
  programs=$(programs_folder)
  for program in "$@"; do [[ -x $programs/$program ]] || missing+=("$program"); done
  ((${#missing[@]})) || return 0
  only_one engine-programs
  go=$("$offline/go")
  say "building ${missing[*]} from Go modules (up to 10 minutes, once)"
  mkdir -p "$programs"
  forget_older_programs
  for program in "${missing[@]}"; do
    [[ ! -x $programs/$program ]] || continue # another process was faster
    if [[ $program == runc ]]; then compile_runc; else compile "$program"; fi
    mv "$programs/$program.part$$" "$programs/$program" # at once, so that nobody ever runs half of it
  done
  exec {lock}>&- # the next step may take the lock of something else
}

forget_older_programs() {
  local folder
  for folder in "$build"/engine-????????????????; do [[ $folder == "$programs" ]] || rm -rf "$folder"; done
}

package_of() {
  case $1 in
    dockerd | docker-proxy) echo "github.com/moby/moby/v2/cmd/$1" ;;
    docker) echo github.com/docker/cli/cmd/docker ;;
    docker-buildx) echo github.com/docker/buildx/cmd/buildx ;;
    containerd | containerd-shim-runc-v2) echo "github.com/containerd/containerd/v2/cmd/$1" ;;
    buildkitd | buildctl) echo "github.com/moby/buildkit/cmd/$1" ;;
    runc) echo github.com/opencontainers/runc ;;
  esac
}

# version_of MODULE: prints the version that modules/engine pins.
version_of() { awk -v module="$1" '$1 == module { sub("[+]incompatible", ""); print $2 }' "$engine_module/go.mod"; }

# A module says nothing about its version to the programs in it.
linker_flags_of() {
  local flags="-s -w"
  case $1 in
    dockerd) flags+=" -X github.com/moby/moby/v2/dockerversion.Version=$docker_version" ;;
    docker) flags+=" -X github.com/docker/cli/cli/version.Version=$(version_of github.com/docker/cli | tr -d v)" ;;
    docker-buildx) flags+=" -X github.com/docker/buildx/version.Version=$(version_of github.com/docker/buildx)" ;;
    containerd | containerd-shim-runc-v2) flags+=" -X github.com/containerd/containerd/v2/version.Version=$(version_of github.com/containerd/containerd/v2)" ;;
    buildkitd | buildctl) flags+=" -X github.com/moby/buildkit/version.Version=$(version_of github.com/moby/buildkit)" ;;
    runc) flags+=" -X main.version=$(version_of github.com/opencontainers/runc | tr -d v) -extldflags -static" ;;
  esac
  printf '%s\n' "$flags"
}

# compile PROGRAM [GO_OPTION...]: go.sum says what every module must be. Without C, unless the caller says `cgo=1`.
compile() {
  local program=$1
  shift
  # The client's module has no go.mod, which makes Go take it for a very old one.
  [[ $program != docker ]] || set -- -gcflags=github.com/docker/cli/cmd/docker=-lang=go1.26
  CGO_ENABLED=${cgo:-0} quietly "does the Go module proxy answer, and is there room on the disk? try: go env GOPROXY; df -h" \
    "$go" -C "$engine_module" build -buildvcs=false -trimpath "$@" -ldflags "$(linker_flags_of "$program")" -o "$programs/$program.part$$" "$(package_of "$program")"
}

# Debian's runc 1.1 is too old: today's engines ask for a time namespace in every container. runc needs libseccomp's
# headers, which are unpacked for the occasion and not installed. Static, so that BuildKit's image needs no libraries.
compile_runc() {
  local folder=$scratch/seccomp library
  mkdir "$folder"
  needs apt-get dpkg gcc
  (cd "$folder" && quietly "are Debian's package servers in reach? try: apt-get update" apt-get download libseccomp-dev)
  dpkg -x "$folder"/libseccomp-dev_*.deb "$folder"
  library=$(find "$folder" -name libseccomp.a)
  # Go asks pkg-config, which need not be installed and would only find what is. The folders are given as variables,
  # because Go keeps what pkg-config says for later builds, when this scratch folder is gone.
  printf '#!/bin/sh\ncase "$*" in *--libs*) echo -lseccomp ;; esac\n' > "$folder/pkg-config"
  chmod +x "$folder/pkg-config"
  PKG_CONFIG=$folder/pkg-config CGO_CFLAGS="-O2 -I$folder/usr/include" CGO_LDFLAGS="-L${library%/*}" cgo=1 \
    compile runc -tags "seccomp netgo osusergo"
}
