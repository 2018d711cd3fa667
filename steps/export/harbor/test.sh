#!/bin/bash
# Harbor runs this script after the agent, in a container with labproof and a Docker engine. It grades the handed-in
# folder. The reward is the part of the points that was earned, from 0 to 1. If something is broken, there is no reward,
# and Harbor reports an error instead of a score. report.json has the details, with everything about hidden checks.
set -euo pipefail

course=${COURSE:-/course}
submission=${SUBMISSION:-/submission}
results=${RESULTS:-/logs/verifier}

# An agent that removed the folder has handed in nothing.
mkdir -p "$submission" "$results"
cd "$course"
exec labproof grade LAB --work "$submission" --report terminal --report "harbor=$results/reward.txt" \
  --report "json=$results/report.json"
