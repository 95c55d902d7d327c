#!/usr/bin/env bash
# Two builds side by side, as a pull request's job would run them: unchanged (0), slower (1), faster (0, "improved"), more
# errors (1), two services that run already (0, "single launch"). The built-in service plays both.
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
calmly_tries=3

folder=$(mktemp -d)
servers=()
cleanup() {
  [ "${#servers[@]}" = 0 ] || kill "${servers[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"

service="path=/ time=lognormal(5ms,0.3)"
# $1, $2: what follows "serve" on the baseline's and on the candidate's side, as YAML list items
write_config() {
  cat >burstgate.yaml <<YAML
service: {command: ["$burstgate", serve, --port, "{port}", $2]}
baseline: {command: ["$burstgate", serve, --port, "{port}", $1], rate: 400/s, budget: 18s}
$thresholds
YAML
}
# Stalls: a service that waits 5 ms is stalled by any neighbour on a shared machine, which is not what this test is about.
thresholds='thresholds: {regression: {latency_p95: +20%, throughput: -15%, error_rate: +0.5pp, stalls: +40pp}}'

compare() { "$burstgate" gate --output "$1.json" --markdown "$1.md" >"$1.txt" 2>"$1.err"; }
gate() { # $1: expected exit code, $2: name
  local code=0
  calmly compare "$2" || code=$?
  [ "$code" = "$1" ] || { echo "$2: exit $code, expected $1"; cat "$2.txt" "$2.err"; exit 1; }
  expect '"comparison": "paired"' "$2.json"
}
expect() { grep -q -- "$1" "$2" || { echo "'$1' is not in $2:"; cat "$2"; exit 1; }; }
refuse() { ! grep -q -- "$1" "$2" || { echo "'$1' is in $2:"; cat "$2"; exit 1; }; }

write_config "--endpoint, \"$service\"" "--endpoint, \"$service\""
gate 0 unchanged
refuse 'single launch' unchanged.json
refuse '"improved": true' unchanged.json
refuse '"rounds_set_aside": null' unchanged.json
expect '"why_stopped": "every check is decided"' unchanged.json

write_config "--endpoint, \"$service\"" "--slowdown, \"1.4\", --endpoint, \"$service\""
gate 1 slower
expect 'latency p95' slower.txt
expect '"why_stopped": "a check failed"' slower.json

write_config "--slowdown, \"1.8\", --endpoint, \"$service\"" "--endpoint, \"$service\""
gate 0 faster
expect '"improved": true' faster.json
expect 'improved' faster.txt

write_config "--endpoint, \"$service\"" "--endpoint, \"$service errors=2%\""
gate 1 errors
expect 'error rate' errors.txt

start() {
  "$burstgate" serve --port 0 --endpoint "$service" >"$1" &
  servers+=($!)
  for _ in $(seq 100); do [ -s "$1" ] && break; sleep 0.05; done
  sed -n 's/^listening on //p' "$1"
}
start one.url >/dev/null
start two.url >/dev/null
cat >burstgate.yaml <<YAML
service: $(sed -n 's/^listening on //p' two.url)
baseline: {url: "$(sed -n 's/^listening on //p' one.url)", rate: 400/s, budget: 18s}
$thresholds
YAML
gate 0 running
expect 'single launch' running.txt
expect 'single launch' running.md
expect '"single_launch": true' running.json
kill -0 "${servers[@]}" # what burstgate did not start goes on

echo "unchanged, slower, faster, errors, already running: as they should"
