# shellcheck shell=bash
# Builds the programs that modules/programs pins: those of a Docker engine, of BuildKit, and those of a node that are the
# same for every Kubernetes version. Source this file after common.bash.
offline=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs_module=$offline/modules/programs
docker_version=29.9.3 # the release of moby/v2 v2.0.0-beta.24; the module does not contain it

# The cache folder with the programs. Its name depends on the module and on how they are built, so its content is always
# right, and a second call builds nothing.
programs_folder() {
  local key
  key=$({ recipe_of "$programs_module" && echo "$docker_version" && declare -f package_of linker_flags compile compile_packages compile_runc go_build; } | sha256sum)
  printf '%s/programs-%s\n' "$build" "${key:0:16}"
}

# build_programs PROGRAM...: builds the missing programs, and stores the folder's path in `programs`.
build_programs() {
  local program missing=()
  programs=$(programs_folder)
  for program in "$@"; do [[ -x $programs/$program ]] || missing+=("$program"); done
  ((${#missing[@]})) || return 0
  only_one programs
  go=$("$offline/go")
  say "building ${missing[*]} from Go modules (up to 10 minutes, once)"
  mkdir -p "$programs"
  forget_older_programs
  compile "${missing[@]}"
  exec {lock}>&- # a later step may take another lock
}

forget_older_programs() {
  local folder
  for folder in "$build"/programs-????????????????; do [[ $folder == "$programs" ]] || rm -rf "$folder"; done
}

package_of() {
  case $1 in
    dockerd | docker-proxy) echo "github.com/moby/moby/v2/cmd/$1" ;;
    docker) echo github.com/docker/cli/cmd/docker ;;
    docker-buildx) echo github.com/docker/buildx/cmd/buildx ;;
    containerd | containerd-shim-runc-v2 | ctr) echo "github.com/containerd/containerd/v2/cmd/$1" ;;
    buildkitd | buildctl) echo "github.com/moby/buildkit/cmd/$1" ;;
    runc) echo github.com/opencontainers/runc ;;
    crictl) echo sigs.k8s.io/cri-tools/cmd/crictl ;;
    kube-network-policies) echo sigs.k8s.io/kube-network-policies/cmd ;;
    local-path-provisioner) echo github.com/rancher/local-path-provisioner ;;
    host-local) echo github.com/containernetworking/plugins/plugins/ipam/host-local ;;
    loopback | ptp) echo "github.com/containernetworking/plugins/plugins/main/$1" ;;
    portmap) echo github.com/containernetworking/plugins/plugins/meta/portmap ;;
  esac
}

# version_of MODULE: prints the module's version in modules/programs.
version_of() { awk -v module="$1" '$1 == module { sub("[+]incompatible", ""); print $2 }' "$programs_module/go.mod"; }

# Modules do not contain their own versions, so the programs get them here. The linker ignores a variable that a program
# does not have.
linker_flags() {
  local module variable
  printf '%s' "-s -w -X github.com/moby/moby/v2/dockerversion.Version=$docker_version"
  while read -r module variable; do printf '%s' " -X $variable=$(version_of "$module" | tr -d v)"; done << 'END'
github.com/docker/cli github.com/docker/cli/cli/version.Version
github.com/containerd/containerd/v2 github.com/containerd/containerd/v2/version.Version
github.com/containernetworking/plugins github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion
github.com/rancher/local-path-provisioner main.VERSION
sigs.k8s.io/cri-tools sigs.k8s.io/cri-tools/pkg/version.Version
END
  for module in github.com/docker/buildx github.com/moby/buildkit; do
    printf '%s' " -X $module/version.Version=$(version_of "$module")"
  done
}

# compile PROGRAM...: builds the programs side by side, where that is possible.
compile() {
  local program packages=() made=$scratch/programs
  mkdir -p "$made"
  for program in "$@"; do
    case $program in
      runc) compile_runc "$made/runc" ;;
      # It imports a module under a name that differs from everybody else's in a capital letter.
      local-path-provisioner) compile_packages "$made" "$(package_of "$program")" ;;
      *) packages+=("$(package_of "$program")") ;;
    esac
  done
  ((${#packages[@]} == 0)) || compile_packages "$made" "${packages[@]}"
  # Each one is moved into place, so nobody runs an incomplete file.
  for program in "$@"; do mv "$made/$(basename "$(package_of "$program")")" "$programs/$program"; done
}

# compile_packages FOLDER PACKAGE... The client's module has no go.mod, so Go would assume a very old language version.
compile_packages() {
  local folder=$1
  shift
  go_build "$programs_module" '-gcflags=github.com/docker/cli/cmd/docker=-lang=go1.26 -dwarf=false' \
    -ldflags "$(linker_flags)" -o "$folder/" "$@"
}

# compile_runc OUTPUT: Debian's runc 1.1 is too old: today's engines request a time namespace for every container. runc
# contains C and needs libseccomp's headers, which are unpacked only for the build. It is static, so it runs on a node
# and in BuildKit's image whatever libraries they have.
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
    go_build "$programs_module" -tags "seccomp netgo osusergo" -o "$1" \
    -ldflags "-s -w -X main.version=$(version_of "$(package_of runc)" | tr -d v) -extldflags -static" "$(package_of runc)"
}
