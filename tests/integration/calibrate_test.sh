#!/usr/bin/env bash
# `calibrate` proposes limits that `gate` would read, and plays all of the load that was asked for.
set -euo pipefail
burstgate=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >burstgate.yaml <<YAML
service:
  command: ["$burstgate", serve, --port, "{port}", --endpoint, "path=/ time=lognormal(5ms,0.3)"]
  url: http://127.0.0.1:{port}
  ready: /_ready
workload: {scenarios: [{name: s, steps: [{get: /}]}]}
profiles: {pr: {users: 8, duration: 3s}}
YAML
fail() {
  echo "$1"
  cat out.txt err.txt
  exit 1
}
for _ in 1 2 3 4; do # a machine that takes too much CPU away leaves nothing to calibrate: asked again
  code=0
  "$burstgate" calibrate --runs 1 --duration 8s --output limits.yaml >out.txt 2>err.txt || code=$?
  [ "$code" = 3 ] || break
done
[ "$code" = 0 ] || fail "exit $code"
grep -q 'runs of 8 s of load' out.txt || fail "the load is not named"
grep -q '^latency_p95 .* ms .* %' out.txt || fail "no line about p95"
grep -q '^regression:$' limits.yaml || fail "nothing was proposed"
grep -q '^  error_rate: {fail: +' limits.yaml || fail "no limit for errors"
"$burstgate" validate limits.yaml >/dev/null || fail "the proposed limits are not valid"
