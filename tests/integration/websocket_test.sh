#!/usr/bin/env bash
# WebSocket scenarios against a server that is not ours: both sides count the same; lost, late and doubled replies, drop
# counters, subprotocols, heartbeats, slow clients, TLS, interruption.
# Usage: websocket_test.sh path/to/burstgate
set -euo pipefail
burstgate=$(realpath "${1:?usage: websocket_test.sh path/to/burstgate}")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
/usr/bin/python3 -c 'import websockets' 2>/dev/null || { echo "skipped: the Debian package python3-websockets is missing"; exit 77; }
# shellcheck source=tests/support/serve.sh
source "$root/tests/support/serve.sh"
# shellcheck source=tests/support/calmly.sh
source "$root/tests/support/calmly.sh"

peer=
peer_flags=()
start_peer() {
  /usr/bin/python3 -B "$root/tests/support/websocket_server.py" "$folder/counts.json" "${peer_flags[@]}" >peer.txt 2>peer_errors.txt &
  peer=$!
  for _ in $(seq 200); do
    port=$(sed -n 's/^listening //p' peer.txt) && [ -n "$port" ] && return
    sleep 0.05
  done
  fail "the peer did not start: $(cat peer_errors.txt)"
}
stop_peer() { # afterwards its counts are complete
  for _ in $(seq 60); do # connections that are just ending
    /usr/bin/python3 -c 'import json; exit(json.load(open("counts.json"))["open"] != 0)' 2>/dev/null && break
    sleep 0.05
  done
  kill -TERM "$peer"
  wait "$peer" 2>/dev/null || true
  peer=
}
trap '[ -z "$peer" ] || kill "$peer" 2>/dev/null || true; clean_up' EXIT

# $1: path or mapping, $2: steps, $3: profile, $4: limits. A step of waiting comes last: at full speed a generator with
# sanitizers is itself the limit on a slow machine, and a run says so. `pause` is its length, or `none`.
write_plan() {
  local steps=$2 pause=${pause:-3ms}
  local service=${service:-http://127.0.0.1:PORT}
  [ "$pause" = none ] || steps+=", {wait: $pause}"
  cat >plan.yaml <<YAML
service: ${service//PORT/$port}
workload:
  headers: {X-Token: t0ken}
  timeout: ${timeout:-5s}
  scenarios:
    - {name: chat, websocket: $1, steps: [$steps]}
profiles: {only: $3}
thresholds: {limits: ${4:-{error_rate: {fail: 100%\}\}}}
YAML
}
run() { "$burstgate" run --config plan.yaml --output result.json >out.txt 2>err.txt; }
expect_code() { [ "$2" = "$1" ] || { cat out.txt err.txt; fail "exit $2, expected $1"; }; }
burst() { # $1: expected exit code
  local code=0
  calmly run || code=$?
  expect_code "$1" "$code"
}
# $1: expected exit code; the rest as of write_plan. Peer and run begin anew where the machine was too busy to tell.
play() {
  local code
  for _ in $(seq 5); do
    code=0
    start_peer
    write_plan "${@:2}"
    run || code=$?
    stop_peer
    [ "$code" = 3 ] || break
  done
  expect_code "$1" "$code"
}
# A Python expression over r (the result), c (the peer's counts), m (the note's numbers) and e (the endpoints by name).
check() {
  /usr/bin/python3 - "$1" <<'PYTHON' || fail "$1"
import json, os, re, sys
r = json.load(open("result.json"))
c = json.load(open("counts.json")) if os.path.exists("counts.json") else {}
note = next((n for n in r["notes"] if n.startswith("WebSocket messages")), "")
m = {word: int(n) for n, word in re.findall(r"(\d+) (sent|received|lost|late|duplicate|unexpected)", note)}
e = {x["name"]: x for x in r["endpoints"]}
f = r["totals"].get("figures", {})
ok = eval(sys.argv[1])
if not ok:
    print({"note": note, "figures": f, "counts": c, "endpoints": {k: (v["requests"], v["ok"], v["failures"]) for k, v in e.items()}})
sys.exit(not ok)
PYTHON
}
closed='{users: 3, duration: 400ms, warmup: 0s}'

# ---- both sides count the same ----
play 0 '{path: /echo, subprotocols: [chat.v1]}' '{send: {id: 0, text: hello}, id: /id}' "$closed"
check 'm["sent"] == m["received"] == c["sent"] == c["received"] == e["chat message"]["ok"] > 50'
check 'e["chat connect"]["ok"] == 3 and c["connections"] == 4'                # three users, and the handshake beforehand
check 'c["codes"] == {"1000": 4} and f["ws_unclean_closes"] == 0'
check 'c["tokens"] == ["t0ken"] and c["subprotocols"] == ["chat.v1"]'
check 'e["chat connect"]["statuses"] == {"101": 3} and f["ws_lost"] == f["ws_unexpected"] == 0'
grep -q '"chat connect"' result.json

# ---- lost, late and doubled replies ----
timeout=100ms play 1 /rude '{send: {id: "", text: hello}, id: /id}' "$closed" '{ws_lost: {fail: 3}}'
check 'm["lost"] == c["unanswered"] == e["chat message"]["failures"]["timeout"] > 3'
check 'm["duplicate"] == c["twice"] > 3 and m["unexpected"] == m["late"] == 0'
check 'm["sent"] == c["received"] and m["received"] == c["sent"] and f["ws_lost"] == m["lost"]'
grep -q 'ws lost limit *[0-9]' out.txt || fail "the limit on lost messages is not in the report"

# ---- what comes before the final message is progress, and a slow client reads it late ----
play 0 '{path: /stream, read_delay: 20ms}' '{send: {type: message}, await: {/type: final}, name: answer}' "$closed"
check 'm["unexpected"] == 0 and m["received"] == c["sent"] == 6 * e["answer"]["ok"]'
check 'e["answer"]["latency_ms"]["p50"] >= 100'

# ---- drop counters ----
drops() { # $1: place and kind
  pause=20ms play 1 "{path: /drops, drops: $1}" '{send: {type: message}, await: {/type: final}}' "$closed" '{ws_drops: {fail: 10}}'
}
drops /backpressure/drops
check 'f["ws_drops"] > 10 and abs(f["ws_drops"] - c["received"] / 2) <= 2'
drops '{at: /backpressure/all, kind: service}'
check 'f["ws_drops"] == c["received"] - 1'

# ---- connections that end without a close frame; a connection for each iteration; heartbeats ----
pause=none play 0 /abrupt '{wait: 3ms}, {send: hello, await: any}' "$closed"
check 'f["ws_unclean_closes"] > 3 and e["chat message"]["failures"]["unclean_close"] > 3'
play 0 '{path: /echo, connection: per_iteration}' '{send: hello, await: any}' "$closed"
check 'e["chat message"]["ok"] == c["received"] > 20 and f["ws_unclean_closes"] == 0'
check '0 <= e["chat connect"]["ok"] - e["chat message"]["ok"] <= 3' # the window may end between the two
check 'c["codes"] == {"1000": c["connections"]}'
play 0 '{path: /quiet, heartbeat: 50ms}' '{wait: 10s}' "$closed"
check '15 <= c["pings"] <= 27 and f["ws_unclean_closes"] == 0 and c["codes"] == {"1000": 4}'

# ---- the open model: what waits counts ----
play 0 '{path: /stream, read_delay: 20ms}' '{send: {type: message}, await: {/type: final}}' \
  '{rate: 40/s, connections: 2, duration: 1s, warmup: 0s}'
check 'r["totals"]["planned"] == 40 + 2 and e["chat message"]["latency_ms"]["p95"] > 500'

# ---- interrupted: soon over, partial results kept, connections closed properly ----
start_peer
pause=none write_plan /echo '{send: {id: 0}, id: /id}' '{users: 3, duration: 60s, warmup: 0s}'
"$burstgate" run --config plan.yaml --output result.json >out.txt 2>err.txt &
run=$!
until_signals_are_handled "$run" || fail "the run ended by itself"
sleep 1
began=$(date +%s%N)
kill -INT "$run"
code=0
wait "$run" || code=$?
[ "$code" = 130 ] || fail "interrupted: exit $code"
[ $((($(date +%s%N) - began) / 1000000)) -lt 2000 ] || fail "interrupted, it took more than 2 s"
stop_peer
check 'r["partial"] and m["sent"] == c["received"] and c["codes"] == {"1000": 4}'

# ---- over TLS, with the service's certificate and without ----
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=peer \
  -addext 'subjectAltName=IP:127.0.0.1' 2>/dev/null
peer_flags=(--tls cert.pem key.pem)
service="{url: \"https://127.0.0.1:PORT\", tls: {ca_file: $folder/cert.pem}}" play 0 /echo '{send: {id: 0}, id: /id}' "$closed"
check 'm["sent"] == m["received"] == c["sent"] == c["received"] > 20 and c["codes"] == {"1000": 4}'
check 'f["ws_unclean_closes"] == 0'
service="https://127.0.0.1:PORT" play 4 /echo '{send: {id: 0}, id: /id}' "$closed"
grep -q 'E-305' err.txt || fail "no word on the certificate: $(cat err.txt)"

# ---- no WebSocket there ----
start_service --endpoint 'path=/ time=0ms' --endpoint 'path=/ws kind=websocket time=2ms' \
  --endpoint 'path=/lossy kind=websocket errors=10%'
port=${url##*:}
write_plan / '{send: hello, await: any}' "$closed"
burst 4
grep -q 'E-306.*chat connect: no WebSocket here: status: 200 instead of 101' err.txt || fail "no word on the handshake: $(cat err.txt)"

# ---- the built-in service ----
rm -f counts.json
write_plan '{path: /lossy, drops: /dropped}' '{send: {id: 0}, id: /id}' "$closed"
sed -i 's/timeout: 5s/timeout: 20ms/' plan.yaml
burst 0
check 'f["ws_drops"] > 2 and f["ws_lost"] - 3 <= f["ws_drops"] <= f["ws_lost"]'
echo "WebSocket: both sides count the same"
