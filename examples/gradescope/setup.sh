#!/bin/bash
# Gradescope runs this script once, as root, to build the autograder's image. Before you create the archive, put your
# `key`, `known_hosts` and `machine` beside this file.
set -euo pipefail

source_folder=${AUTOGRADER:-/autograder}/source

apt-get install -y --no-install-recommends openssh-client tar
chmod 600 "$source_folder/key"
