#!/usr/bin/env bash
# Figures are put into a real Prometheus Pushgateway and read back from it.
set -euo pipefail
burstgate=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
PATH="$root/build/tools:$PATH"
for tool in prometheus-pushgateway python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
folder=$(mktemp -d)
gateway=
cleanup() {
  [ -z "$gateway" ] || kill "$gateway" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_WORKSPACE GITLAB_CI TF_BUILD BUILDKITE

fail() { echo "FAILED: $*"; head -c 3000 out.txt err.txt; exit 1; }
says() { grep -qF -- "$2" "$1" || fail "$1 does not say: $2"; }
expect() { # $1: exit code, rest: words
  local wanted=$1 code=0
  shift
  "$burstgate" "$@" >out.txt 2>err.txt || code=$?
  [ "$code" = "$wanted" ] || fail "exit $code instead of $wanted: $*"
}

prometheus-pushgateway --web.listen-address=127.0.0.1:0 --persistence.file="$folder/figures" >gateway.txt 2>&1 &
gateway=$!
for _ in $(seq 200); do
  port=$(grep -oE 'address=127\.0\.0\.1:[0-9]+' gateway.txt | grep -oE '[0-9]+$' | head -1) || true
  [ "${port:-0}" != 0 ] && break
  sleep 0.05
done
[ "${port:-0}" != 0 ] || { cat gateway.txt; fail "the Pushgateway did not start"; }
url=http://127.0.0.1:$port

echo '{"response_time_p95": 100, "requests_per_second": 500, "error_rate": 0.001}' >base.json
echo '{"response_time_p95": 140, "requests_per_second": 480, "error_rate": 0.001}' >slow.json
echo 'regression: {latency_p95: {fail: +20%}, throughput: {fail: -50%}}' >limits.yaml

# 1. A comparison's figures, and the same as a file: what is read back is what was written.
expect 1 compare base.json slow.json --thresholds limits.yaml --push-gateway "$url/" --openmetrics o.txt --output r.json
says err.txt 'told the Pushgateway'
python3 - "$url" <<'PYTHON' || fail "other figures than those that were written"
import sys, urllib.request
def samples(text):
    lines = [line for line in text.splitlines() if line.startswith("burstgate_")]
    found = {}
    for line in lines:
        labels, value = line.rsplit(" ", 1)
        name, _, inside = labels.partition("{")
        found[name, tuple(sorted(part for part in inside.rstrip("}").split(",") if part))] = float(value)
    return found
mine = samples(open("o.txt").read())
theirs = samples(urllib.request.urlopen(sys.argv[1] + "/metrics").read().decode())
assert len(mine) >= 10, mine
operation = next(part for _, labels in theirs for part in labels if part.startswith("operation="))
profile = next(part for _, labels in theirs for part in labels if part.startswith("profile="))
expected = {(name, tuple(sorted((*labels, 'instance=""', 'job="burstgate"', operation, profile)))): value
            for (name, labels), value in mine.items()}
# The gateway gives a summary without a sum one of 0.
added = {key for key in theirs if key not in expected and key[0].endswith(("_sum", "_count")) and theirs[key] == 0}
theirs = {key: value for key, value in theirs.items() if key not in added}
assert theirs == expected, (set(theirs) ^ set(expected))
PYTHON

# 2. The saved result again: one group, its figures in place of the old ones.
sed 's/140/100/' slow.json >same.json
expect 0 compare base.json same.json --thresholds limits.yaml --push-gateway "$url" --quiet
[ ! -s err.txt ] || fail "not quiet"
python3 - "$url" <<'PYTHON' || fail "the old figures are still there"
import sys, urllib.request
text = urllib.request.urlopen(sys.argv[1] + "/metrics").read().decode()
verdicts = {line.split('outcome="')[1].split('"')[0]: line.rsplit(" ", 1)[1] for line in text.splitlines()
            if line.startswith("burstgate_verdict{")}
assert verdicts == {"pass": "1", "warn": "0", "fail": "0", "inconclusive": "0"}, verdicts
PYTHON

# 3. Labels of the YAML file, in whatever characters; then nobody is there.
"$burstgate" serve --port 0 >serve.txt 2>&1 &
service=$!
for _ in $(seq 100); do
  target=$(grep -oE 'http://[0-9.:]+' serve.txt | head -1) && [ -n "$target" ] && break
  sleep 0.05
done
cat >burstgate.yaml <<YAML
service: $target
operation: api
profiles: {pr: {users: 1, duration: 200ms, warmup: 0s}}
thresholds: {limits: {error_rate: {fail: 50%}}}
export: {pushgateway: {url: "\${GATEWAY}", job: night/ly, labels: {branch: "\${BRANCH}", instance: "ä b?"}}}
YAML
export GATEWAY=$url BRANCH='feature/"x"'
expect 0 run --on-inconclusive pass
python3 - "$url" <<'PYTHON' || fail "the group is not what it should be"
import json, sys, urllib.request
groups = [group["labels"] for group in json.load(urllib.request.urlopen(sys.argv[1] + "/api/v1/metrics"))["data"]]
assert {"job": "night/ly", "operation": "api", "profile": "pr", "branch": 'feature/"x"', "instance": "ä b?"} in groups, groups
PYTHON
kill "$gateway"
wait "$gateway" 2>/dev/null || true
gateway=
expect 0 run --on-inconclusive pass --output run.json
says err.txt 'warning: the Pushgateway was not told: Connection refused'
! grep -qF "$url" out.txt err.txt run.json || fail "the gateway's URL was written down"
kill "$service"
wait "$service" 2>/dev/null || true
expect 5 report r.json --push-gateway "$url"
expect 2 compare base.json slow.json --push-gateway 127.0.0.1:9091
says err.txt '--push-gateway: error[E-119]: not a URL that begins with https:// or http://; write http://127.0.0.1:9091'
expect 2 compare base.json slow.json --push-gateway "$url/?a=b"
says err.txt '--push-gateway: error[E-119]: pushgateway: a URL with a query'
echo "pushgateway: ok"
