#!/usr/bin/env bash
# Another tool sends the load (workload.exec): ab and wrk against the built-in service, and everything that can go wrong
# with a tool. What is absent is skipped by name.
# Usage: exec_test.sh path/to/burstgate
set -euo pipefail
burstgate=$(realpath "${1:?usage: exec_test.sh path/to/burstgate}")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/calmly.sh
source "$root/tests/support/calmly.sh"
# shellcheck source=tests/support/serve.sh
source "$root/tests/support/serve.sh"
# shellcheck source=tests/support/exec.sh
source "$root/tests/support/exec.sh"

built_in() { # $1: what every request takes
  printf '{command: ["%s", serve, --port, "{port}", --endpoint, "path=/ time=%s"], url: "http://127.0.0.1:{port}"}' "$burstgate" "$1"
}
generous='{regression: {latency_p50: {fail: +150%, floor: 1ms}}}'

ab_gates() {
  there ab || return 0
  plan "$(built_in 5ms)" '{command: [ab, -q, -n, 200, -c, 2, "{url}/"], times: 5}' "$generous"
  expect 0 record
  said 'recorded as runs 1 to 5 of base.json' out.txt
  sed -i 's/times: 5/times: 2/' plan.yaml
  expect 0 gate
  said 'compared with 5 stored runs' out.txt
  said '2 runs of the tool, the median of each figure' out.txt
  said '"command"' result.json
  said 'load by: ab -q -n 200 -c 2 {url}/' out.txt
  plan "$(built_in 40ms)" '{command: [ab, -q, -n, 200, -c, 2, "{url}/"]}' "$generous"
  expect 1 gate
  said 'latency p50' out.txt
  plan "$(built_in 5ms)" '{command: [ab, -q, -n, 200, -c, 3, "{url}/"]}' "$generous"
  expect 3 gate # another command is another workload
  said 'command: ' out.txt
}

wrk_fails() { # nothing but 404
  there wrk || return 0
  plan "$(built_in 5ms)" '{command: [wrk, -t1, -c2, -d1s, --latency, "{url}/nowhere"]}' "$generous"
  expect 4 run
  said 'every request failed' out.txt
}

# Every way in which a tool gives no measurement: exit 4, and its last words.
mistakes() {
  start_service
  while IFS='|' read -r exec code said; do
    plan "$url" "$exec" '{limits: {latency_p50: {fail: 1s}}}'
    expect "$code" run
    said "$said" err.txt
    said "${said##*: }" result.json
    [[ "$exec" != *luck* ]] || said '| out of luck' err.txt
    said 'TARGET FAILED' out.txt
  done <<'CASES'
{command: [no-such-tool-here]}|4|cannot start 'no-such-tool-here': No such file or directory
{command: [sh, -c, "echo out of luck >&2; exit 7"]}|4|'sh' exited with status 7
{command: ["true"]}|4|is empty
{command: [echo, hello]}|4|no format that is known; it begins with 'hello'
{command: [sleep, 60], timeout: 1s}|4|'sleep' did not end within 1 s and was stopped
{command: ["true"], reads: nothing.csv}|4|true did not write this file
{command: ["true"], reads: plan.yaml}|4|it is as old as before the run
CASES
  plan "$url" '{command: [sh, -c, "printf \"\\\"test\\\",\\\"rps\\\"\\n\\\"GET\\\",\\\"5\\\"\\n\" > $$1", sh, "{output}"]}' '{endpoints: {GET: {limits: {throughput: {fail: 1/s}}}}}'
  expect 0 run # a file of its own for each run
  stop_service
}

# The tool and what it started are ended by Ctrl-C, and by the end of the service.
ends() {
  local tag="8642.$$" code=0
  start_service
  plan "$url" "{command: [sh, -c, 'sleep $tag & sleep $tag']}" '{limits: {latency_p50: {fail: 1s}}}'
  "$burstgate" run --config plan.yaml --output result.json >out.txt 2>err.txt &
  local gate=$!
  for _ in $(seq 200); do pgrep -f "sleep $tag" >/dev/null && break; sleep 0.05; done
  kill -INT "$gate" && { wait "$gate" || code=$?; }
  [ "$code" = 130 ] || fail "Ctrl-C ended with $code"
  pgrep -f "^sleep $tag" && fail "the tool's processes are left"
  stop_service
  plan '{command: [sh, -c, "timeout 1 \"$$0\" serve --port $$1", "'"$burstgate"'", "{port}"], url: "http://127.0.0.1:{port}"}' \
    '{command: [sleep, 60]}' '{limits: {latency_p50: {fail: 1s}}}'
  expect 4 run
  grep -qE 'the service.s process ended|before it was ready' err.txt out.txt || { cat out.txt err.txt; fail "why it ended"; }
}

ab_gates
wrk_fails
mistakes
ends
echo "a tool as the burst: recorded, gated, and refused where it measured nothing"
