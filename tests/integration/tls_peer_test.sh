#!/usr/bin/env bash
# HTTPS against a peer that is rude, and one that sends events: cases 32, 61 and 63-66.
set -euo pipefail
burstgate=$(realpath "$1")
root=$(pwd)
for tool in openssl python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
source tests/support/tls.sh

trust="ca_file: certs/ca.pem"
mine="cert_file: certs/client.pem, key_file: certs/client.key"
start_peer() { # $1: mode
  for pid in "${pids[@]}"; do kill "$pid"; done
  : >peer.txt
  python3 "$root/tests/support/tls_peer.py" "$1" certs/good.pem certs/good.key >peer.txt &
  pids=($!)
  for _ in $(seq 200); do [ -s peer.txt ] && break; sleep 0.02; done
  url="https://127.0.0.1:$(head -1 peer.txt)/"
}
quick="workload: {timeout: 1s, connect_timeout: 300ms, scenarios: [{wait: 20ms, steps: [{get: /}]}]}"
failures() { field "['totals']['failures']['$1']"; }

# Case 63.
start_peer hang
run_tls 4 "$url" "$trust" "$quick"; expect "no TLS handshake within 300 ms" err
start_peer partial
run_tls 4 "$url" "$trust" "$quick"; expect "no TLS handshake within 300 ms" err
start_peer close_at_once
run_tls 4 "$url" "$trust" "$quick"; expect "connection closed during the TLS handshake" err
start_peer plain_http
run_tls 4 "$url" "$trust" "$quick"; expect "the peer speaks plain HTTP" err
# Case 64: what is no record ends the request, and only that.
for mode in garbage huge_record; do
  start_peer $mode
  run_tls 4 "$url" "$trust" "$quick"
  [ "$(failures tls)" -gt 0 ] || fail "$mode: no failure of class tls"
done
# Cases 32, 65: an answer that ends with the connection needs a farewell; one with a length does not.
start_peer cut
run_tls 4 "$url" "$trust" "$quick"; [ "$(failures truncated)" -gt 0 ] || fail "cut: not truncated"
start_peer close_notify
run_tls 0 "$url" "$trust" "$quick"
start_peer length_cut
run_tls 0 "$url" "$trust" "$quick"
# Case 61: no name for an address, and none of its dots.
start_peer answer
run_tls 0 "$url" "$trust" "$quick"
expect "name=None resumed=False" peer.txt
run_tls 0 "$url" "$trust, server_name: localhost." "$quick"
expect "name=localhost " peer.txt
# Case 66.
fresh="workload: {keep_alive: false, scenarios: [{wait: 20ms, steps: [{get: /}]}]}"
start_peer answer
run_tls 0 "$url" "$trust" "$fresh"
! grep -q "resumed=True" peer.txt || fail "a session was resumed without being asked to"
run_tls 0 "$url" "$trust, resumption: true" "$fresh"
expect "resumed=True" peer.txt
grep -qE "TLS handshakes: [0-9]+, [1-9][0-9]* of them resumed" out || fail "resumed handshakes are not said"
# A service that wants a client certificate says so after the handshake.
start_peer want_client
run_tls 4 "$url" "$trust" "$quick"; expect "the service wants a client certificate" err
run_tls 0 "$url" "$trust, $mine" "$quick"
# Events of a stream over TLS: the time to the first is measured, limited, and no end is waited for.
start_peer events
events="workload: {scenarios: [{wait: 20ms, steps: [{get: /, stream: {events: 2}}]}]}"
run_tls 0 "$url" "$trust" "$events"
python3 - <<'PYTHON' || fail "first_event"
import json
totals = json.load(open("result.json"))["totals"]
times = totals["histograms"]
assert times["first_event"]["samples"] == totals["ok"] > 0, times
assert times["first_byte"]["min_ms"] < 20 <= times["first_event"]["min_ms"] and times["ok"]["min_ms"] >= 40, times
PYTHON
sed -i 's/latency_p50: {fail: 5s}/first_event_p50: {fail: 10ms}/' burstgate.yaml
"$burstgate" run >out 2>err && fail "a first event after 20 ms keeps a limit of 10 ms"
expect "first event p50" out
echo "tls peer: all as it should be"
