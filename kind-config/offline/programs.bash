# shellcheck shell=bash
# Builds the programs that modules/engine pins: a Docker engine, buildx and BuildKit. Source this file after
# common.bash.
offline=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
engine_module=$offline/modules/engine
docker_version=29.9.3 # the release of moby/v2 v2.0.0-beta.24; the module does not contain it

# The cache folder with the programs. Its name depends on the modules and on how they are built, so its content is
# always right, and a second call builds nothing.
programs_folder() {
  local key
  key=$({ recipe_of "$engine_module" && echo "$docker_version" && declare -f package_of linker_flags_of compile compile_runc; } | sha256sum)
  printf '%s/engine-%s\n' "$build" "${key:0:16}"
}

# build_programs PROGRAM...: builds the missing programs, and stores the folder's path in `programs`.
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
    [[ ! -x $programs/$program ]] || continue # another process has built it
    if [[ $program == runc ]]; then compile_runc; else compile "$program"; fi
    mv "$programs/$program.part$$" "$programs/$program" # atomically, so nobody runs an incomplete file
  done
  exec {lock}>&- # a later step may take another lock
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

# version_of MODULE: prints the module's version in modules/engine.
version_of() { awk -v module="$1" '$1 == module { sub("[+]incompatible", ""); print $2 }' "$engine_module/go.mod"; }

# A module does not contain its own version, so the programs get it here.
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

# compile PROGRAM [GO_OPTION...]: go.sum verifies every module. Without C, unless the caller sets `cgo=1`.
compile() {
  local program=$1
  shift
  # The client's module has no go.mod, so Go would assume a very old language version.
  [[ $program != docker ]] || set -- '-gcflags=github.com/docker/cli/cmd/docker=-lang=go1.26 -dwarf=false'
  CGO_ENABLED=${cgo:-0} quietly "does the Go module proxy answer, and is there room on the disk? try: go env GOPROXY; df -h" \
    "$go" -C "$engine_module" build "${go_options[@]}" "$@" -ldflags "$(linker_flags_of "$program")" -o "$programs/$program.part$$" "$(package_of "$program")"
}

# Debian's runc 1.1 is too old: today's engines request a time namespace for every container. runc needs libseccomp's
# headers, which are unpacked only for the build. It is static, so BuildKit's image needs no libraries.
compile_runc() {
  local folder=$scratch/seccomp library
  mkdir "$folder"
  needs apt-get dpkg gcc
  (cd "$folder" && quietly "are Debian's package servers in reach? try: apt-get update" apt-get download libseccomp-dev)
  dpkg -x "$folder"/libseccomp-dev_*.deb "$folder"
  library=$(find "$folder" -name libseccomp.a)
  # Go would ask pkg-config, which may not be installed and would only find installed libraries. The folders are given
  # as variables, because Go would reuse pkg-config's answer in later builds, when this scratch folder no longer exists.
  printf '#!/bin/sh\ncase "$*" in *--libs*) echo -lseccomp ;; esac\n' > "$folder/pkg-config"
  chmod +x "$folder/pkg-config"
  PKG_CONFIG=$folder/pkg-config CGO_CFLAGS="-O2 -I$folder/usr/include" CGO_LDFLAGS="-L${library%/*}" cgo=1 \
    compile runc -tags "seccomp netgo osusergo"
}
