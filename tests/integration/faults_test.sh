#!/usr/bin/env bash
# Cases 46-49 of docs/reliability.md: system calls that fail. Interrupted calls change nothing; our own shortages are the
# generator's fault and never the service's; an unreachable network is named.
set -euo pipefail
burstgate=$(realpath "$1")
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0 # no leak check in a traced process
command -v strace >/dev/null || { echo "skipped: strace is missing"; exit 77; }
strace -f -o /dev/null true 2>/dev/null || { echo "skipped: strace cannot trace here"; exit 77; }

folder=$(mktemp -d)
"$burstgate" serve --port 0 --endpoint "path=/ time=2ms" >"$folder/serve.txt" &
server=$!
cleanup() { kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"; }
trap cleanup EXIT
for _ in $(seq 100); do [ -s "$folder/serve.txt" ] && break; sleep 0.05; done
url=$(sed -n 's/^listening on //p' "$folder/serve.txt")
cd "$folder"
printf 'workload: {keep_alive: false, scenarios: [{name: s, wait: 5ms, steps: [{get: /}]}]}\nthreads: 1\n' >reconnect.yaml

# $1: expected exit code, $2: injection, rest: flags
run() {
  local expected=$1 injection=$2 code
  shift 2
  for _ in 1 2 3; do # a disturbed machine may make a run inconclusive: asked again
    code=0
    traced "$injection" "$@" || code=$?
    [ "$code" = 3 ] && [ "$expected" != 3 ] || break
  done
  grep -q INJECTED trace.txt || { echo "$injection: nothing was injected"; exit 1; }
  [ "$code" = "$expected" ] || { echo "$injection: exit $code, expected $expected"; cat out.txt err.txt; exit 1; }
}
traced() {
  local injection=$1
  shift
  strace -f -o trace.txt -e trace="${injection%%:*}" -e inject="$injection" \
    "$burstgate" run "$url" --users 2 --duration 700ms --warmup 0s --output result.json "$@" >out.txt 2>err.txt
}
count() { perl -ne "if (/\"$1\": (\\d+)/) { print \$1; exit }" result.json; }

for call in recvfrom epoll_wait sendto; do # case 48
  run 0 "$call:error=EINTR:when=3+4"
  [ "$(count ok)" -gt 10 ] && [ "$(count failed)" = 0 ]
done
run 4 connect:error=ENETUNREACH # case 49
grep -q 'Network is unreachable' err.txt
run 3 connect:error=EADDRNOTAVAIL:when=6+2 --config reconnect.yaml # case 47: local ports exhausted
grep -q 'generator' out.txt
run 3 socket:error=EMFILE:when=12+2 --config reconnect.yaml # case 46: no descriptors
grep -q 'generator' out.txt
[ "$(count generator)" -gt 0 ]
echo "interrupted calls, unreachable network, no ports, no descriptors: as they should"
