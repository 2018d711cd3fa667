# Commands for people. Recipes that need a cluster first set up everything on a fresh Debian, as root.
set shell := ["bash", "-euo", "pipefail", "-c"]
set positional-arguments

# An argument with blanks stays one argument, because recipes use "$@".
labproof := "cargo run --quiet --"

[private]
default:
    @just --list --unsorted

# install what is missing on this machine (Debian, root)
setup:
    @{{ labproof }} setup --install

# create the cluster "demo", unless it exists
up *OPTIONS: setup
    @{{ labproof }} up "$@"

# remove the cluster and everything that labproof stores in the engine for it
down *OPTIONS:
    @{{ labproof }} down "$@"

# show the engine and the cluster
status *OPTIONS:
    @{{ labproof }} status "$@"

# run labs on the cluster: all, or the named ones
verify *LABS: setup
    @{{ labproof }} verify "$@"

# check labs for errors; needs no cluster
check *PATHS:
    @{{ labproof }} check "$@"

# grade submissions to a lab: just grade helloworld --work DIR
grade *OPTIONS: setup
    @{{ labproof }} grade "$@"

# test the grading with sample submissions of known score: all graded labs, or the named ones
prove *LABS: setup
    @{{ labproof }} prove "$@"

# run the tests: the labs, and labproof's own tests
test *ARGS: setup
    cargo test "$@"

# compare what the server makes of manifests that kubectl reads and of those that labproof reads: about half a minute
compare: up
    cargo test --quiet --test command_line -- --ignored kubectl::server

# how many known mistakes labproof finds in a folder's documents, and how many of its findings are wrong
documents FOLDER="steps/tests/documents": up
    DOCUMENTS="$(realpath "$1")" cargo test --quiet --test command_line -- --ignored --nocapture known_findings

# list the images that labs need, which labs need each, and where it came from
images *LABS:
    @{{ labproof }} images "$@"

# list the sentences that labs are written in
steps *WORDS:
    @{{ labproof }} steps "$@"

# run labs on every Kubernetes version that kind supports, on this machine's engine and on modern ones
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
    RUSTDOCFLAGS='-D warnings -A rustdoc::private-intra-doc-links' cargo doc --quiet --no-deps --document-private-items

# check the shell scripts
[private]
shellcheck:
    kind-config/offline/packages lint
    shellcheck --external-sources --source-path=SCRIPTDIR $(git grep --untracked --files-with-matches '^#!/bin/bash' -- .ci examples kind-config steps ':!steps/tests/golden')

# accept the program's current output as golden files: read `git diff` before you commit them
bless:
    SNAPSHOTS=overwrite cargo test --quiet --no-fail-fast --lib --test command_line

# run everything that CI runs: the checks, the labs on two engines, the attempts (as root on Debian; about an hour)
ci:
    .ci/run

# measure the times that users wait for, and compare each with an alternative: all, or the named ones
bench *FIGURES: setup
    @cargo bench --quiet --bench figures -- "$@"

# fuzz the readers of files: each for a minute, or one of them until Ctrl-C
fuzz *ARGS:
    @command -v cargo-fuzz > /dev/null || cargo install --quiet --locked --debug cargo-fuzz
    @steps/tests/fuzz/run "$@"

# Without optimization, building cargo-deny takes one or two minutes, and it still answers in seconds. Advisories are
# not checked, because their database needs a network.

# check the dependencies: licences, sources, banned crates
deny:
    @command -v cargo-deny > /dev/null || cargo install --quiet --locked --debug cargo-deny
    cargo deny check bans licenses sources
