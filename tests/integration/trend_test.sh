#!/usr/bin/env bash
# A year of nightly runs through the real binary: what is said, in every format, what --fail-on makes of it, and what a
# history that is not tidy does. No load: the runs are made up.
set -euo pipefail
burstgate=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset GITHUB_ACTIONS GITLAB_CI TF_BUILD BUILDKITE
export LC_ALL=C.UTF-8
template=$root/tests/golden/result/full.json
make_history() { python3 -B "$root/tests/support/make_history.py" "$template" "$@"; }

fail() {
  echo "FAILED: $1"
  head -c 4000 out.txt err.txt
  exit 1
}
expect() { # $1: exit code, rest: words
  local wanted=$1 code=0
  shift
  "$burstgate" "$@" >out.txt 2>err.txt || code=$?
  [ "$code" = "$wanted" ] || fail "exit $code instead of $wanted: $*"
}
says() { grep -qF -- "$2" "$1" || fail "$1 does not say: $2"; }

# 1. A year with a change in the middle of June that stays, and one in March that was taken back.
make_history year 365 --change 70:1.15 --change 85:1 --change 165:1.25
expect 0 trend year --html year.html --markdown year.md
says out.txt '365 runs'
says out.txt 'degrading'
says out.txt '2025-06-15'
tr -s ' \n' ' ' <out.txt >flat.txt
says flat.txt 'commits 00a400a400..00a500a500'
says flat.txt 'gone by now'
says flat.txt 'still there'
[ "$(wc -l <out.txt)" -le 60 ] || fail "a year does not fit a page of text: $(wc -l <out.txt) lines"
[ -s year/.burstgate-history.jsonl ] || fail "no index"
cp out.txt first.txt
expect 0 trend year
cmp out.txt first.txt || fail "the second time, from the index, it says something else"
rm year/.burstgate-history.jsonl
expect 0 trend year
cmp out.txt first.txt || fail "without the index it says something else"
says year.md '**degrading**'
says year.md '- 2025-06-15: **worse, still there**; commits 00a400a400..00a500a500: latency p50'
if command -v xmllint >/dev/null; then xmllint --noout year.html || fail "the page is not well formed"; fi
[ "$(grep -o '<figcaption>' year.html | wc -l)" -ge 5 ] || fail "charts are missing"
! grep -q '<script' year.html || fail "a script in the page"

# 2. JSON for other programs: one document, the same facts.
expect 0 trend year --json
python3 - <<'PYTHON' || fail "the JSON is not what it should be"
import json
trend = json.load(open("out.txt"))
assert trend["schema"] == "burstgate-trend/1" and trend["runs"] == 365, trend["runs"]
p95 = [m for m in trend["series"][0]["metrics"] if m["metric"] == "latency_p95" and m["endpoint"] == ""][0]
assert p95["direction"] == "degrading" and 0.2 < p95["worse_by"] < 0.3, p95["worse_by"]
firsts = [c["first_run"] for c in p95["change_points"]]
assert len(firsts) == 3 and all(abs(a - b) <= 2 for a, b in zip(firsts, (70, 85, 165))), firsts
assert [c["lasting"] for c in p95["change_points"]] == [False, False, True], p95["change_points"]
assert p95["drift"]["direction"] == "degrading"
assert len(p95["values_ms"]) == 365
PYTHON

# 3. --fail-on, the period and the filters.
expect 1 trend year --fail-on degrading
says err.txt 'exit 1'
expect 1 trend year --fail-on change-point
expect 0 trend year --fail-on degrading --days 60
expect 1 trend year --fail-on degrading --days 60 --anchor 0000
says out.txt 'Since commit 0000'
expect 0 trend year --branch main --operation checkout --days 30
says out.txt '31 runs with operation checkout, branch main'
expect 3 trend year --branch other --fail-on degrading
says out.txt '0 runs with branch other'
expect 0 trend year --commit 0010
says out.txt '1 runs with commit 0010'
expect 2 trend year --days 0
says err.txt "--days: error[E-001]: '0' is no valid value; a whole number from 1 to 36500"
expect 2 trend year --fail-on everything
says err.txt 'expected one of: degrading, change-point'
expect 2 trend year --anchor nowhere
says err.txt "E-038]: 'nowhere' is no file, and no run of such a commit is in the history"
expect 2 trend nowhere
says err.txt 'nowhere: error[E-540]: cannot be read as a folder'
expect 2 trend

# 4. A history that is not tidy: nothing is lost, all is said.
make_history odd 40 --gap 20:12 --first-day 2025-02-01
cp odd/checkout_20250205_020000.json odd/a-copy.json
head -c 2000 "$template" >odd/cut-off.json
echo '{"response_time_p95": 100, "requests_per_second": 500, "timestamp": "2025-01-01T12:00:00"}' >odd/flat.json
echo '{"metrics": {}}' >odd/foreign.json
sed 's/"started_at": "[^"]*"/"started_at": "2096-01-01T00:00:00Z"/; s/"operation": "[^"]*"/"operation": "future"/' \
  "$template" >odd/future.json
sed 's/"partial": false/"partial": true/' odd/checkout_20250203_020000.json >odd/stopped.json
expect 0 trend odd
tr -s ' \n' ' ' <out.txt >flat.txt
says flat.txt 'no runs for 13 days, from 2025-02-20 to 2025-03-05'
says flat.txt 'checkout_20250205_020000.json is not counted: the same run as a-copy.json'
says flat.txt 'cut-off.json is not counted: not valid JSON'
says flat.txt 'foreign.json is not counted: not a burstgate result'
says flat.txt 'future.json: says it ran at 2096-01-01T00:00:00Z, but was written at'
says flat.txt '1 run left out: interrupted, or the service died'
says out.txt '1 run, 2096-01-01'
! grep -q 'flat.json is not counted' out.txt || fail 'the flat summary was not read'
mkdir empty
expect 0 trend empty
says out.txt 'empty: 0 runs'
expect 3 trend empty --fail-on degrading

# 5. A folder that cannot be written to is read all the same; a report that cannot be written is exit 5.
expect 5 trend year --html /dev/full
echo "trend: ok"
