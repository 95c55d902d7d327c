#!/usr/bin/env bash
# Baselines with a life: runs are promoted or refused, pinned, shown, compared, pruned and verified by the real binary; and
# waivers are said in every report. Results come from short bursts at the built-in service, or are copies of them.
set -euo pipefail
burstgate=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/tests/support/calmly.sh"
source "$root/tests/support/serve.sh"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_WORKSPACE GITLAB_CI TF_BUILD BUILDKITE
export LC_ALL=C.UTF-8

expect() { # $1: exit code, rest: words
  local wanted=$1 code=0
  shift
  "$burstgate" "$@" >out.txt 2>err.txt || code=$?
  [ "$code" = "$wanted" ] || { head -c 3000 out.txt err.txt; fail "exit $code instead of $wanted: $*"; }
}
says() { grep -qF -- "$2" "$1" || { head -c 3000 "$1"; fail "$1 does not say: $2"; }; }
later() { # $1: from, $2: to, $3: day of January 2026
  sed "s/\"started_at\": \"[^\"]*\"/\"started_at\": \"2026-01-$3T02:00:00Z\"/" "$1" >"$2"
}

start_service --endpoint "path=/ time=2ms"
BURSTGATE_BRANCH=main BURSTGATE_PULL_REQUEST=12 BURSTGATE_COMMIT=c0ffee1234 \
  calmly "$burstgate" run "$url" --users 2 --duration 1s --warmup 100ms --quiet --output run.json >/dev/null || fail "run"
stop_service
start_service --endpoint "path=/ time=6ms"
calmly "$burstgate" run "$url" --users 2 --duration 1s --warmup 100ms --quiet --output slow.json >/dev/null || fail "run"
stop_service
grep -q '"branch": "main"' run.json && grep -q '"pull_request": "12"' run.json || fail "branch and pull request are not kept"

# 1. Promotion, once.
later run.json run1.json 01
expect 0 promote run1.json --baseline perf/base.json
says out.txt 'promoted: run1.json is run 1 of perf/base.json'
expect 2 promote run1.json --baseline perf/base.json
says err.txt 'run1.json: error[E-036]: is in perf/base.json already, as run 1; one run counts once'
for day in 02 03 04 05; do
  later run.json "run$day.json" "$day"
  expect 0 promote "run$day.json" --baseline perf/base.json
done
expect 0 baseline show perf/base.json
says out.txt 'perf/base.json: 5 runs in 1 group, 0 pinned runs'
says out.txt '2026-01-03 02:00  c0ffee1234'
says out.txt 'promoted 20'
expect 0 baseline verify perf/base.json
says out.txt 'perf/base.json: ok (5 runs)'
if command -v python3 >/dev/null && python3 -c 'import jsonschema' 2>/dev/null; then
  python3 - "$root" <<'PYTHON' || fail "the file breaks its schema"
import json, pathlib, sys
import jsonschema
schemas = pathlib.Path(sys.argv[1]) / "schemas"
store = {name: json.loads((schemas / name).read_text()) for name in ("baseline.schema.json", "result.schema.json")}
resolver = jsonschema.RefResolver("baseline.schema.json", store["baseline.schema.json"], store=store)
jsonschema.Draft7Validator(store["baseline.schema.json"], resolver=resolver).validate(json.load(open("perf/base.json")))
PYTHON
fi

cp perf/base.json five.json

# 2. What is refused, and what a reason changes.
expect 3 promote slow.json --baseline perf/base.json
says err.txt 'slow.json: error[E-036]: not promoted: it is an outlier: latency_p50 '
says err.txt 'of 5 comparable runs'
says err.txt 'perf/base.json is unchanged; if it is meant: --accept "reason"'
expect 1 compare perf/base.json slow.json --output failed.json
expect 1 promote failed.json --baseline perf/base.json
says err.txt 'not promoted: its verdict was fail'
says err.txt 'exit 1'
echo '{"response_time_p95": 100, "requests_per_second": 500}' >flat.json
expect 2 promote flat.json --baseline perf/base.json
expect 2 promote perf/base.json --baseline perf/other.json
says err.txt 'not a result of one run'
expect 2 promote run.json
says err.txt 'no baseline file to promote into'
expect 2 promote run.json --baseline perf/base.json --accept ' '
sed 's/"partial": false/"partial": true/' slow.json >partial.json
expect 3 promote partial.json --baseline perf/base.json --accept "please"
says err.txt 'no measurement: '
says err.txt '--accept does not help here'
[ "$("$burstgate" baseline verify perf/base.json)" = 'perf/base.json: ok (5 runs)' ] || fail "a refused run is in the file"
expect 0 promote failed.json --baseline perf/base.json --accept "slower writes are meant"
says out.txt 'failed.json is run 6 of perf/base.json; accepted although its verdict was fail: slower writes are meant'
grep -q '"accepted": "slower writes are meant"' perf/base.json || fail "the reason is not in the file"
expect 0 baseline show perf/base.json
says out.txt 'verdict fail: slower writes are meant'
expect 3 baseline verify perf/base.json
says out.txt 'perf/base.json: run 6: an outlier: latency_p50 '

# 3. Pruning and comparing files.
cp perf/base.json old.json
expect 0 baseline prune perf/base.json --drop 6 --dry-run
says out.txt '1 of 6 runs would leave'
cmp old.json perf/base.json || fail "a dry run changed the file"
expect 0 baseline prune perf/base.json --drop 6
expect 0 baseline verify perf/base.json
expect 0 baseline diff old.json perf/base.json
says out.txt '  - 20'
says out.txt 'medians: p50 '
expect 0 baseline diff perf/base.json perf/base.json
says out.txt 'the same runs and anchors'
expect 2 baseline prune perf/base.json
says err.txt 'nothing to go by; give --keep N, --days N or --drop N'
expect 2 baseline shwo perf/base.json
says err.txt "no such action; did you mean 'show'?"
expect 2 baseline show
expect 2 baseline verify perf/base.json --keep 3
says err.txt '--keep: error[E-037]: only for prune'
echo broken >broken.json
expect 2 baseline verify broken.json

# 4. A pinned run is judged as well: the window has moved along with a slowdown, the last release has not.
cat >limits.yaml <<'YAML'
regression: {latency_p95: +20%}
YAML
later run.json release.json 06
expect 0 promote release.json --baseline moved.json --anchor v1.2.0
says out.txt 'release.json is the anchor v1.2.0 of moved.json'
for day in 11 12 13 14 15; do
  later slow.json "slow$day.json" "$day"
  expect 0 promote "slow$day.json" --baseline moved.json --keep 5
done
expect 0 baseline show moved.json
says out.txt 'anchor v1.2.0: 2026-01-06 02:00'
expect 1 compare moved.json slow.json --thresholds limits.yaml --output moved-result.json --junit j.xml --csv c.csv \
  --openmetrics o.txt --markdown m.md
says out.txt 'latency p95 since anchor'
says out.txt 'anchor v1.2.0'
grep -q '"against": "anchor"' moved-result.json || fail "the result does not say against what"
grep -q 'latency p95 since anchor' j.xml || fail "JUnit does not tell the two apart"
grep -q ',anchor,' c.csv || fail "CSV does not tell the two apart"
grep -q 'kind="anchor"' o.txt || fail "OpenMetrics does not tell the two apart"
expect 0 report moved-result.json
says out.txt 'latency p95 since anchor'

# 5. Waivers: wide for a while, and loud about it.
cat >waivers.yaml <<'YAML'
- {metric: latency_p95, regression: +400%, reason: the index is being built, until: 2999-12-31}
- {metric: latency_p99, regression: +400%, reason: nobody limits it, until: 2999-12-31}
- {metric: latency_p95, regression: +50%, reason: last year, until: 2020-12-31}
YAML
expect 0 compare run1.json slow.json --thresholds limits.yaml --waivers waivers.yaml --markdown m.md --html h.html --junit j.xml
says out.txt 'WARN'
for report in out.txt m.md h.html j.xml; do
  tr '\n' ' ' <"$report" | tr -s ' ' >flat.txt
  says flat.txt 'WAIVED until 2999-12-31'
  says flat.txt 'the index is being built'
  says flat.txt 'expired on 2020-12-31'
  says flat.txt 'there is no such limit'
done
expect 0 compare run1.json run02.json --thresholds limits.yaml --waivers waivers.yaml
tr '\n' ' ' <out.txt | tr -s ' ' >flat.txt
says flat.txt 'this run did not need it'
echo '- {metric: latency_p95}' >bad.yaml
expect 2 compare run1.json slow.json --thresholds limits.yaml --waivers bad.yaml
says err.txt 'bad.yaml:1:3: error[E-107]: a waiver without reason'

# 6. A recorded run that is unlike the others is refused as well, with its report; a reason takes it, and a fresh file too.
start_service --endpoint "path=/ time=6ms"
record=(record "$url" --users 2 --duration 1s --warmup 100ms --baseline five.json --quiet)
before=$(sha256sum <five.json)
expect 3 "${record[@]}" --output refused.json
says err.txt 'five.json: error[E-047]: not recorded, the run is an outlier: latency_p50 '
says err.txt 'of 5 comparable runs ('
says err.txt 'look for what was different; if it is meant: --accept "reason"'
grep -q 'not recorded, it is an outlier' refused.json || fail "the result does not say that it was refused"
[ "$(sha256sum <five.json)" = "$before" ] || fail "the file was changed"
expect 2 "${record[@]}" --accept ' '
says err.txt '--accept: error[E-036]: is empty; say it in words'
expect 0 "${record[@]}" --accept 'the new index is slower' --output taken.json
expect 0 baseline show five.json
says out.txt '6 runs'
says out.txt 'the new index is slower'
expect 0 "${record[@]}" --replace --output fresh.json
echo "promote: ok"
