#!/usr/bin/env bash
# What can go wrong while two builds run side by side (docs/reliability.md, services): whose fault it is decides the exit
# code, a signal ends it in time, and nothing is left running, not even after SIGKILL. KILLS=200 for the whole figure.
set -euo pipefail
burstgate=$(realpath "$1")
kills=${KILLS:-20}
# shellcheck source=tests/support/calmly.sh
source "$(dirname "${BASH_SOURCE[0]}")/../support/calmly.sh"

folder=$(mktemp -d)
mine=()
cleanup() {
  [ "${#mine[@]}" = 0 ] || kill "${mine[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
ln -s "$burstgate" burstgate # so that every process of this test has the folder in its command line

free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'; }
is_bound() { perl -MIO::Socket::INET -e "exit !IO::Socket::INET->new('127.0.0.1:$1')"; }
# Of what burstgate started, the watchdogs included; the servers of this script have it in `mine`.
left() { pgrep -f "$folder/(burstgate|crash)" | grep -vxF -f <(printf '%s\n' 0 "${mine[@]}") || true; }
fail() { echo "FAILED: $*"; cat gate.txt gate.err 2>/dev/null; exit 1; }
expect() { grep -q -- "$1" "$2" || fail "'$1' is not in $2"; }

serve() { echo "[\"$folder/burstgate\", serve, --port, \"$1\", --endpoint, \"path=/ time=2ms\"]"; }
good="command: $(serve '{port}')"
# $1: service, $2: baseline, $3: further lines
write_config() { printf 'service: {%s}\nbaseline: {%s, budget: 20s}\n%s\n' "$1" "$2" "${3:-}" >burstgate.yaml; }
none_left() { # $1: when
  for _ in $(seq 40); do
    [ -n "$(left)" ] || return 0
    sleep 0.05
  done
  ps -o pid,ppid,stat,args -p "$(left | paste -sd,)"
  fail "$1: processes were left"
}
gate() { # $1: expected exit code, $2: name
  local code=0
  "$folder/burstgate" gate --output result.json >gate.txt 2>gate.err || code=$?
  [ "$code" = "$1" ] || fail "$2: exit $code, expected $1"
  none_left "$2"
}

# ---- a side that cannot be had ----
write_config "$good" 'command: ["./missing", "{port}"]'
gate 3 "no baseline program"
expect "cannot start './missing': No such file or directory (errno 2)" gate.err
expect '"baseline_failed"' result.json
write_config 'command: ["./missing", "{port}"]' "$good"
gate 4 "no candidate program"
expect "cannot start './missing': No such file or directory (errno 2)" gate.err
expect '"target_died"' result.json
write_config "$good" "$good, ready: {get: /nothing, within: 1s}"
gate 3 "baseline never ready"
expect 'was not ready within 1 s' gate.err
expect 'last answer: ' gate.err
expect '"baseline_failed"' result.json

taken=$(free_port)
"$folder/burstgate" serve --port "$taken" >taken.txt &
mine+=($!)
until [ -s taken.txt ]; do sleep 0.02; done
write_config "$good" "command: $(serve "$taken"), url: \"http://127.0.0.1:$taken\""
gate 3 "the baseline's port is taken"
expect "port $taken is already taken by" gate.err
kill -0 "${mine[0]}" # and whoever has it goes on

# ---- a side that is not what it should be ----
write_config "$good" "command: [\"$folder/burstgate\", serve, --port, \"{port}\", --endpoint, path=/other], ready: /other"
gate 3 "the baseline answers another workload"
expect 'baseline: no request succeeded' gate.err
expect '"baseline_failed"' result.json
cat >crash.sh <<SH
"$folder/burstgate" serve --port "\$1" --endpoint "path=/ time=2ms" &
sleep 4
kill -KILL \$!
exit 7
SH
crash="command: [sh, \"$folder/crash.sh\", \"{port}\"]"
write_config "$crash" "$good, relaunch: 1m"
gate 4 "the candidate crashes"
expect "candidate: the service's process exited with status 7" gate.err
expect '"target_died"' result.json
expect '"partial": true' result.json
[ "$(grep -c '"phase"' result.json)" -gt 3 ] || fail "the rounds until the crash were not saved"
write_config "$good" "$crash, relaunch: 1m"
gate 3 "the baseline crashes"
expect "baseline: the service's process exited with status 7" gate.err
expect '"baseline_failed"' result.json

# ---- signals, in every phase: start-up, probe of the rate, warm-up, slices, relaunch ----
a=$(free_port) b=$(free_port)
write_config "command: $(serve "$a"), url: \"http://127.0.0.1:$a\"" "command: $(serve "$b"), url: \"http://127.0.0.1:$b\"" \
  'thresholds: {regression: {latency_p95: {fail: +0.1%, floor: 0us}}}' # goes on until it is stopped
now_ms() { date +%s%3N; }
none_bound() { # $1: when
  local port
  for port in "$a" "$b"; do
    for _ in $(seq 40); do
      is_bound "$port" || continue 2
      sleep 0.05
    done
    fail "$1: port $port is still bound"
  done
}
start_gate() {
  "$folder/burstgate" gate --output result.json >gate.txt 2>gate.err &
  pid=$!
}
stopped_after() { # $1: signal, $2: expected exit code, $3: seconds since signals are watched
  local code=0 began
  rm -f result.json
  start_gate
  until_signals_are_handled "$pid" || fail "the gate ended by itself"
  sleep "$3"
  began=$(now_ms)
  kill "-$1" "$pid"
  wait "$pid" || code=$?
  [ "$code" = "$2" ] || fail "$1 after $3 s: exit $code"
  [ $(($(now_ms) - began)) -lt 4000 ] || fail "$1 after $3 s: took $(($(now_ms) - began)) ms"
  expect '"interrupted": true' result.json
  none_left "$1 after $3 s"
  none_bound "$1 after $3 s"
}
# While the rate is looked for, and before any answer: such a slice has neither successes nor a duration.
slow="command: [\"$folder/burstgate\", serve, --port, \"{port}\", --endpoint, path=/ time=700ms, --endpoint, path=/ready]"
mv burstgate.yaml usual.yaml
write_config "$slow, ready: /ready" "$slow"
stopped_after TERM 143 0.6
mv usual.yaml burstgate.yaml
between() { perl -e "printf '%.2f', $1 + rand($2 - $1)"; }
for phase in "0.05 0.2" "0.2 0.6" "0.6 1.1" "1.1 1.8" "1.8 3.2" "3.2 4.5"; do
  # shellcheck disable=SC2086
  stopped_after TERM 143 "$(between $phase)"
  # shellcheck disable=SC2086
  stopped_after INT 130 "$(between $phase)"
done

# ---- SIGKILL at random moments (case 92) ----
start_gate
sleep 1.5
[ "$(left | wc -l)" = 5 ] || fail "not gate, two watchdogs and two services are found, but: $(left)" # none_left can fail
if ! is_bound "$a" || ! is_bound "$b"; then fail "the services' ports are not bound"; fi
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
none_left "SIGKILL after 1.5 s"
for n in $(seq "$kills"); do
  start_gate
  after=$(between 0 1.4)
  sleep "$after"
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  none_left "SIGKILL $n after $after s"
  none_bound "SIGKILL $n after $after s"
done
echo "sides that fail, signals in every phase, $kills times SIGKILL: as they should, and nothing was left"
