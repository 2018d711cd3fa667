#!/bin/bash
# Harbor's agent "oracle" runs this script. It hands in an attempt: "golden", the lab's own files, or another one.
set -euo pipefail

attempt=${ATTEMPT:-golden}
submission=${SUBMISSION:-/submission}
attempts=$(cd "$(dirname "${BASH_SOURCE[0]}")/attempts" && pwd)

if [[ ! -d $attempts/$attempt ]]; then
  echo "there is no attempt $attempt; there are:" "$(ls "$attempts")" >&2
  exit 1
fi
cd "$submission"
# What a learner starts from; an attempt may leave out a file.
rm -f -- FILES
cp -R "$attempts/$attempt/." .
