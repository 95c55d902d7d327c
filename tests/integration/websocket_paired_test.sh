#!/usr/bin/env bash
# WebSocket scenarios have baselines like any other: recorded ones, and a build beside.
# Usage: websocket_paired_test.sh path/to/burstgate
set -euo pipefail
burstgate=$(realpath "${1:?usage: websocket_paired_test.sh path/to/burstgate}")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/calmly.sh
source "$root/tests/support/calmly.sh"
# shellcheck source=tests/support/serve.sh
source "$root/tests/support/serve.sh"

cat >plan.yaml <<'YAML'
service: {command: [serve], url: "http://127.0.0.1:{port}"}
workload:
  scenarios:
    - {name: chat, websocket: /ws, steps: [{send: {type: message, id: 0}, id: /id}]}
profiles: {only: {users: 2, duration: 600ms, warmup: 100ms}}
thresholds: {limits: {ws_lost: {fail: 1}, ws_unclean_closes: {fail: 1}}, regression: {latency_p50: {fail: +100%}}}
YAML
service() { # $1: service time
  printf '{command: ["%s", serve, --port, "{port}", --endpoint, "path=/ time=0ms", --endpoint, "path=/ws kind=websocket time=%s"], url: "http://127.0.0.1:{port}"}' "$burstgate" "$1"
}
plan() { # $1: service time, $2: baseline
  sed -i "s|^service: .*|service: $(service "$1")|; /^baseline:/d" plan.yaml
  [ -z "${2:-}" ] || echo "baseline: $2" >>plan.yaml
}
burst() { "$burstgate" "$@" --config plan.yaml --output result.json >out.txt 2>err.txt; }
expect() { # $1: exit code; the rest: command and flags
  local expected=$1 code=0
  shift
  calmly burst "$@" || code=$?
  [ "$code" = "$expected" ] || { cat out.txt err.txt; fail "exit $code, expected $expected"; }
}

plan 2ms
expect 0 record --baseline base.json
expect 0 gate --baseline base.json
plan 8ms
expect 1 gate --baseline base.json
grep -q 'latency p50' out.txt || fail "the slower service is not named: $(cat out.txt)"

plan 2ms "{command: $(service 2ms | sed 's/^{command: //; s/, url: .*//'), url: \"http://127.0.0.1:{port}\"}"
sed -i 's/^baseline: {/&budget: 20s, /' plan.yaml
calmly burst gate || fail "unchanged: exit $?: $(cat out.txt)"
/usr/bin/python3 - <<'PYTHON' || fail "the paired run's figures"
import json
result = json.load(open("result.json"))
figures, endpoints = result["totals"]["figures"], {e["name"]: e for e in result["endpoints"]}
print(figures, {name: (e["ok"], e["failed"]) for name, e in endpoints.items()})
assert endpoints["chat message"]["ok"] > 100 and result["totals"]["failed"] == 0
assert figures["ws_lost"] == figures["ws_unexpected"] == figures["ws_unclean_closes"] == 0
PYTHON
echo "WebSocket: stored and paired baselines"
