#!/usr/bin/env bash
# `explain` without a result: every setting and where it comes from, and nothing is started.
set -euo pipefail
burstgate=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
fail() { echo "$1"; cat out.txt err.txt; exit 1; }
run() { # $1: expected exit code, rest: arguments
  local expected=$1 code=0
  shift
  "$burstgate" "$@" >out.txt 2>err.txt || code=$?
  [ "$code" = "$expected" ] || fail "burstgate $*: exit $code, expected $expected"
}
says() { grep -qE -- "$1" out.txt err.txt || fail "not said: $1"; }

run 2 explain
says 'error\[E-100\]: nothing to send load to'

cat >burstgate.yaml <<'YAML'
service: {command: [touch, started, "{port}"], url: "http://127.0.0.1:{port}"}
baseline: perf/baseline.json
profiles: {pr: {users: 20, duration: 5s}}
YAML
run 0 explain --users 3
says '^profiles\.pr\.users +3 +flag --users$'
says '^profiles\.pr\.duration +5 s +burstgate\.yaml:3:38$'
says '^seed +1 +default$'
says '^thresholds\.regression\.latency_p95 +fail \+20 %, floor 1\.00 ms +default$'
says '^note: users 3 from --users instead of 20 \(burstgate\.yaml:3:24\)$'
BURSTGATE_DURATION=7s BURSTGATE_BUDGET=20s run 0 explain
says '^profiles\.pr\.duration +7 s +environment BURSTGATE_DURATION$'
run 0 explain http://127.0.0.1:9/x
says '^service\.url +http://127\.0\.0\.1:9/x +the URL on the command line$'
mv burstgate.yaml other.yaml
run 0 explain --config other.yaml
says 'other\.yaml:3:24'
[ ! -e started ] || fail "explain started the service"

# What belongs to the settings does not go with a result.
run 2 explain result.json --users 3
says '--users: error\[E-012\]: does not go with RESULT'
run 2 explain result.json --config other.yaml
says '--config: error\[E-012\]: does not go with RESULT'
run 2 explain a.json b.json
says '2 files given'
