# shellcheck shell=bash
# shellcheck disable=SC2016 # "$1" and the folders in hooks are for mmdebstrap's shell
# Shared by the stand-ins' `build` scripts. Source this file with the script's tags. It stores the tags to build in
# `wanted`, and ends the script if there are none.
source "$(dirname "${BASH_SOURCE[0]}")/../offline/common.bash"

# part NAME [ARGUMENT...]: prints the command with which mmdebstrap adds a part to a root file system: a script in
# `parts`, or one of the stand-in itself. It contains a digest, so the cached file changes with its content.
part() {
  if [[ -f $parts/$1 ]]; then
    printf '"$parts/%s" "$1" %s # %s' "$1" "${*:2}" "$(recipe_of "$parts/$1")"
  else
    printf '"$here/%s" "$1" %s # %s' "$1" "${*:2}" "$(recipe_of "$here")"
  fi
}

# busybox_rootfs NAME PACKAGE,... [MMDEBSTRAP OPTION...]: like rootfs, with a userland of busybox, which must be one of
# the packages. They are unpacked but not installed.
busybox_rootfs() {
  rootfs "$1" extract "$2" --dpkgopt='path-exclude=/usr/share/*' --dpkgopt='path-exclude=/usr/lib/*/gconv/*' \
    --extract-hook="$(part busybox)" "${@:3}"
}

# debian_rootfs NAME PACKAGE,... [MMDEBSTRAP OPTION...]: like rootfs, with a small Debian and a working apt. The hooks
# merge /usr like the package usrmerge, which would add 50 MB of Perl.
debian_rootfs() {
  rootfs "$1" minbase "$2" --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "${@:3}" --customize-hook="$(part apt)"
}

# wants_stand_in TAG: succeeds if the engine has neither the real image nor a stand-in of this recipe.
wants_stand_in() {
  docker image inspect "$1" > /dev/null 2>&1 || return 0
  [[ -n $(label "$1" dev.labproof.stand-in) ]] || { say "$1 is here and is not a stand-in: left as it is" && return 1; }
  [[ $(label "$1" dev.labproof.recipe) != "$recipe" ]]
}

# stand_in TAR REASON [CHANGE...]: imports the wanted images, with labels that mark them as stand-ins and give the
# reason.
stand_in() {
  local tar=$1 reason=$2 tag change changes=()
  for change in 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "${@:3}" \
    'LABEL dev.labproof.made=true' "LABEL dev.labproof.recipe=$recipe" "LABEL dev.labproof.stand-in=\"$reason\""; do
    changes+=(--change "$change")
  done
  for tag in "${wanted[@]}"; do
    # An import needs no builder, so the engine's builder does not matter.
    quietly "is there room on the engine's disk? try: docker system df" docker import "${changes[@]}" "$tar" "$tag"
    say "made $tag: $reason"
  done
  forget_former
}

(($#)) || fail "usage: build TAG..."
needs_engine
here=$(cd "$(dirname "$0")" && pwd) parts=$(cd "$(dirname "${BASH_SOURCE[0]}")/parts" && pwd)
export here parts
only_one "stand-in-$(basename "$here")"
recipe=$(recipe_of "$here" "$parts")
wanted=()
for tag in "$@"; do ! wants_stand_in "$tag" || wanted+=("$tag"); done
((${#wanted[@]})) || exit 0
