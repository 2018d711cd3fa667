# shellcheck shell=bash
# shellcheck disable=SC2016 # "$1" and the folders in hooks are for the shell that mmdebstrap starts
# What the stand-ins' `build` scripts share. Sourced with the tags that a script was given, it keeps in `wanted` those that
# are to be made, and ends the script where there are none.
source "$(dirname "${BASH_SOURCE[0]}")/../offline/common.bash"

# part NAME [ARGUMENT...]: prints the command with which mmdebstrap adds a part to a root file system: a script in `parts`,
# or one of the stand-in's own. The digest is there so that the cached file changes with what fills it.
part() {
  if [[ -f $parts/$1 ]]; then
    printf '"$parts/%s" "$1" %s # %s' "$1" "${*:2}" "$(recipe_of "$parts/$1")"
  else
    printf '"$here/%s" "$1" %s # %s' "$1" "${*:2}" "$(recipe_of "$here")"
  fi
}

# busybox_rootfs NAME PACKAGE,... [MMDEBSTRAP OPTION...]: as rootfs, with a userland of busybox, which is one of the packages;
# they are unpacked and not installed.
busybox_rootfs() {
  rootfs "$1" extract "$2" --dpkgopt='path-exclude=/usr/share/*' --dpkgopt='path-exclude=/usr/lib/*/gconv/*' \
    --extract-hook="$(part busybox)" "${@:3}"
}

# debian_rootfs NAME PACKAGE,... [MMDEBSTRAP OPTION...]: as rootfs, with a small Debian, whose apt works. The hooks merge /usr
# as the package usrmerge does, which would bring 50 MB of Perl along.
debian_rootfs() {
  rootfs "$1" minbase "$2" --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr "${@:3}" --customize-hook="$(part apt)"
}

# wants_stand_in TAG: whether the engine has neither the real image nor a stand-in made by this recipe.
wants_stand_in() {
  docker image inspect "$1" > /dev/null 2>&1 || return 0
  [[ -n $(label "$1" dev.labproof.stand-in) ]] || { say "$1 is here and is not a stand-in: left as it is" && return 1; }
  [[ $(label "$1" dev.labproof.recipe) != "$recipe" ]]
}

# stand_in TAR REASON [CHANGE...]: makes the wanted images, with names that are not ours, and says so in their labels.
stand_in() {
  local tar=$1 reason=$2 tag change changes=()
  for change in 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' "${@:3}" \
    'LABEL dev.labproof.made=true' "LABEL dev.labproof.recipe=$recipe" "LABEL dev.labproof.stand-in=\"$reason\""; do
    changes+=(--change "$change")
  done
  for tag in "${wanted[@]}"; do
    # An import needs no builder, so it does not matter which one this engine and this client agree on.
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
