#!/usr/bin/env bash
# The examples do what their READMEs say (with shorter bursts).
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/schemas"
ln -s "$burstgate" "$folder/bin/burstgate"
export PATH="$folder/bin:$PATH"
cp -r examples/1-first-gate "$folder/example"
cd "$folder/example"
burstgate validate
burstgate run --dry-run --profile steady | grep -q 'open model: 200/s'
flags=(--duration 1500ms --warmup 300ms --baseline base.json)
sed 's/serve, --port/serve, --slowdown, "2", --port/' burstgate.yaml >slower.yaml
# Recordings that were disturbed spread so far that nothing can be told from them: then they are made anew.
record_and_gate_slower() {
  rm -f base.json
  # A disturbed run may break an absolute limit (1); it is recorded all the same.
  for _ in 1 2 3 4 5; do calmly burstgate record --quiet "${flags[@]}" || [ $? = 1 ] || return 2; done
  burstgate gate --config slower.yaml "${flags[@]}" --junit junit.xml --markdown summary.md
}
code=0
calmly record_and_gate_slower >gate.txt 2>&1 || code=$?
[ "$code" = 1 ] || { echo "a service twice as slow: exit $code"; tail -60 gate.txt; exit 1; }
[ -s junit.xml ] && [ -s summary.md ]

# Example 2: validated here; paired_test.sh plays the comparison itself.
cd "$OLDPWD"
cd examples/2-pull-request-ab
BASE=burstgate HEAD=burstgate burstgate validate

# Examples 3 to 7: the five suites record and gate, every request is answered as it should be, and none of them is idle.
cd "$OLDPWD"
command -v node >/dev/null || { echo "node is missing: examples 3 and 7 are not run"; exit 77; }
cp -r examples "$folder/suites"
cd "$folder/suites"
export API_TOKEN=canary
# $1: folder, $2: file; the rest: flags that shorten it. The machine may be too busy for a verdict about 1 s of load; what was
# sent and answered must be right all the same.
suite() {
  local at=$1 file=$2
  shift 2
  cd "$at"
  burstgate validate "$file" >/dev/null
  burstgate run --dry-run --config "$file" | grep -q 'nothing was sent' || { echo "$at/$file: dry run"; exit 1; }
  # So short a run may hold too few requests for a limit's quantile (3), and is then no baseline.
  local code=0
  burstgate record --quiet --config "$file" --baseline short.json "$@" >record.txt 2>&1 || code=$?
  case "$code" in 0 | 1 | 3) ;; *) echo "$at/$file: record exits $code"; tail -40 record.txt; exit 1 ;; esac
  code=0
  burstgate gate --quiet --config "$file" --baseline short.json --output result.json "$@" >gate.txt 2>&1 || code=$?
  case "$code" in 0 | 1 | 3) ;; *) echo "$at/$file: exit $code"; tail -40 gate.txt; exit 1 ;; esac
  python3 - "$at/$file" <<'PYTHON'
import json, sys
with open("result.json") as file:
    result = json.load(file)
for endpoint in result["endpoints"]:
    assert endpoint["failed"] == 0, (sys.argv[1], endpoint["name"], endpoint["failures"], endpoint["statuses"])
    assert endpoint["ok"] > 0 or endpoint["name"] in ("login", "ws_user connect", "slow_client connect"), (sys.argv[1], endpoint["name"])
assert "verdict" in result
PYTHON
  cd - >/dev/null
}
short=(--duration 1s --warmup 200ms)
suite 3-content-generation health.yaml "${short[@]}"
suite 3-content-generation generation.yaml --users 6 "${short[@]}"
suite 3-content-generation mixed.yaml --users 9 --duration 2s --warmup 200ms
suite 4-api-endpoints burstgate.yaml --users 20 "${short[@]}"
suite 7-stories-and-whispers burstgate.yaml --users 20 "${short[@]}"
suite 5-staged-ramp burstgate.yaml --duration 3s
suite 6-api-and-websocket burstgate.yaml --users 40 --duration 4s --warmup 200ms
for profile in spike soak stress; do
  burstgate run --dry-run --config 6-api-and-websocket/burstgate.yaml --profile $profile \
    --thresholds 6-api-and-websocket/$profile.yaml >/dev/null
done
