# What a person types. The recipes that need a cluster set up everything on a fresh Debian first, as root.
set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

# An argument with blanks in it stays one argument: recipes use "$@".
labproof := "cargo run --quiet --"

[private]
default:
    @just --list --unsorted

# install what is missing on this machine (Debian, root)
setup:
    @{{ labproof }} setup --install

# make the cluster "demo", unless it is there
up *OPTIONS: setup
    @{{ labproof }} up "$@"

# remove the cluster and everything that labproof keeps in the engine for it
down *OPTIONS:
    @{{ labproof }} down "$@"

# say what is there
status *OPTIONS:
    @{{ labproof }} status "$@"

# run labs on the cluster: all of them, or those that are named
verify *LABS: setup
    @{{ labproof }} verify "$@"

# say what is wrong with labs as far as that can be told without a cluster
check *PATHS:
    @{{ labproof }} check "$@"

# say what submissions to a lab earn: just grade helloworld --work DIR
grade *OPTIONS: setup
    @{{ labproof }} grade "$@"

# show that the grading of labs is right: all that are graded, or those that are named
prove *LABS: setup
    @{{ labproof }} prove "$@"

# run the tests: the same labs, and labproof's own
test *ARGS: setup
    cargo test "$@"

# list the images that labs need, who needs each, and where it came from
images *LABS:
    @{{ labproof }} images "$@"

# show the sentences that labs are written in
steps *WORDS:
    @{{ labproof }} steps "$@"

# run labs on every Kubernetes version that kind has a node image of, on this machine's engine and on modern ones
matrix *LABS: setup
    #!/usr/bin/env bash
    set -euo pipefail
    versions=1.34,1.35,1.36,1.37
    status=0
    {{ labproof }} verify --kubernetes "$versions" "$@" || status=$?
    {{ labproof }} down
    for store in containerd overlay2; do
        export LABPROOF_STATE=$PWD/target/matrix
        printf '\nDocker 29 with the image store %s\n' "$store"
        (
            eval "$(kind-config/offline/modern-engine start "$store")"
            nsenter --net="$LABPROOF_ENGINE_NETWORK" {{ labproof }} verify --kubernetes "$versions" "$@"
        ) || status=$?
        kind-config/offline/modern-engine stop
    done
    exit "$status"

# format the code
fmt:
    cargo fmt

# check the code: format, clippy, documentation, shell scripts
lint: && shellcheck
    cargo fmt --check
    cargo clippy --quiet --all-targets -- -D warnings
    RUSTDOCFLAGS='-D warnings' cargo doc --quiet --no-deps --document-private-items

# check the shell scripts
[private]
shellcheck:
    kind-config/offline/packages lint
    shellcheck --external-sources --source-path=SCRIPTDIR $(git grep --untracked --files-with-matches '^#!/bin/bash' -- .ci examples kind-config steps)

# accept what the program prints now as golden files: read `git diff` before you commit them
bless:
    SNAPSHOTS=overwrite cargo test --quiet --lib --test command_line

# run all that CI runs: the checks, the labs on two engines, the attempts (as root on Debian; about 45 minutes)
ci:
    .ci/run

# measure what people wait for, each figure beside its alternative: all of them, or those that are named
bench *FIGURES: setup
    @cargo bench --quiet --bench figures -- "$@"

# Without optimization cargo-deny is built in one or two minutes, and still answers in seconds. Advisories are not checked,
# because their database needs a network.

# check the dependencies: licences, sources, banned crates
deny:
    @command -v cargo-deny > /dev/null || cargo install --quiet --locked --debug cargo-deny
    cargo deny check bans licenses sources
