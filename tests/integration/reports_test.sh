#!/usr/bin/env bash
# The reports of the real binary: every format is written and read by somebody else's parser, CI systems are told what
# they understand, and a report that cannot be written changes no verdict. No load: saved numbers are compared.
set -euo pipefail
burstgate=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
folder=$(mktemp -d)
mounted=()
cleanup() {
  for place in "${mounted[@]}"; do umount "$place" || true; done
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_WORKSPACE GITLAB_CI TF_BUILD BUILDKITE

echo '{"response_time_p95": 100, "requests_per_second": 500, "error_rate": 0.001}' >base.json
echo '{"response_time_p95": 140, "requests_per_second": 480, "error_rate": 0.001}' >slow.json
mkdir perf
cat >perf/limits.yaml <<'YAML'
regression:
  latency_p95: {fail: +20%}
YAML
limits=(--thresholds perf/limits.yaml)

fail() {
  echo "FAILED: $1"
  head -c 3000 out.txt err.txt
  exit 1
}
# expect CODE WORDS...: the binary with these words ends with CODE; its streams are in out.txt and err.txt.
expect() {
  local wanted=$1 code=0
  shift
  "$burstgate" "$@" >out.txt 2>err.txt || code=$?
  [ "$code" = "$wanted" ] || fail "exit $code instead of $wanted: $*"
}
says() { grep -qF -- "$2" "$1" || fail "$1 does not say: $2"; }
silent() { ! grep -qF -- "$2" "$1" || fail "$1 says: $2"; }

# 1. Every format, in one go.
expect 1 compare base.json slow.json "${limits[@]}" --output r.json --junit j.xml --markdown m.md --comment c.md \
  --csv f.csv --openmetrics o.txt --k6-summary k.json --badge b.json
silent err.txt '::error'
head -1 c.md | grep -q '^<!-- burstgate:.* -->$' || fail "no marker in the comment"
head -1 m.md | grep -qF 'FAIL' || fail "the verdict is not in the first line"
python3 - <<'PYTHON' || fail "a file is not what it should be"
import csv, json
rows = list(csv.DictReader(open("f.csv", newline="")))
check = [row for row in rows if row["row"] == "regression"][0]
assert check["metric"] == "latency_p95" and float(check["worse_by"]) == 40 and check["outcome"] == "fail", check
assert check["written_at"] == "perf/limits.yaml:2:3", check
assert json.load(open("k.json"))["metrics"]["checks"]["fails"] == 1
assert json.load(open("b.json")) == {"schemaVersion": 1, "label": "performance", "message": "fail, p95 140 ms",
                                     "color": "red"}
assert open("o.txt").read().endswith("# EOF\n")
PYTHON
if command -v xmllint >/dev/null; then
  xmllint --noout --schema "$root/schemas/junit-common.xsd" j.xml 2>err.txt || fail "the JUnit report is not valid"
fi
expect 1 compare base.json slow.json --junit j.xml --junit-profile=strict
if command -v xmllint >/dev/null; then
  xmllint --noout --schema "$root/schemas/junit-strict.xsd" j.xml 2>err.txt || fail "the strict one is not valid"
fi
expect 2 compare base.json slow.json --junit j.xml --junit-profile=loose
says err.txt "--junit-profile: error[E-001]: unknown value 'loose'; expected one of: common, strict"

# 2. A saved result again: the verdict is the saved one, the exit code is about the reports.
expect 0 report r.json
says out.txt 'FAIL'
says out.txt 'exit code 1: a limit is broken'
expect 0 report r.json --markdown again.md --junit again.xml
says out.txt 'FAIL, exit code 1 when it was judged; written: again.xml, again.md'
says again.md 'fail at +20 % (perf/limits.yaml:2:3)'
expect 0 report r.json --json
python3 -c 'import json; assert json.load(open("out.txt")) == json.load(open("r.json"))' || fail "another document"
expect 0 report r.json --quiet --badge again.json
[ ! -s out.txt ] || fail "not quiet"
expect 2 report base.json
says err.txt 'base.json: error[E-021]: not a burstgate result; gate, run and compare write one with --output FILE'
expect 2 report "$root/README.md"
expect 2 report nowhere.json
expect 2 report
says err.txt 'error[E-021]: 0 files given; burstgate report RESULT'
expect 2 report r.json --markdown r.json
says err.txt 'the same file is also read'
expect 5 report r.json --csv /dev/full --badge full.json
says err.txt '/dev/full: error[E-011]: write failed: No space left on device'
[ -s full.json ] || fail "the other report is missing"
expect 2 report r.json --ci=github

# 3. CI systems: told on stderr, and only by what they set.
(
  export GITHUB_ACTIONS=true GITHUB_WORKSPACE=$folder GITHUB_STEP_SUMMARY=$folder/summary.md
  echo before >summary.md
  cd perf
  expect 1 compare ../base.json ../slow.json --thresholds limits.yaml --json
  python3 -c 'import json; json.load(open("out.txt"))' || fail "stdout is not one JSON document"
  says err.txt '::error file=perf/limits.yaml,line=2,col=3,title=burstgate%3A fail%3A latency p95::latency p95 100 ms'
  [ "$(head -1 ../summary.md)" = before ] || fail "the summary was not appended to"
  says ../summary.md '| latency p95 | 100 ms | 140 ms | +40.0 % |'
  expect 1 compare ../base.json ../slow.json --ci=none
  silent err.txt '::error'
  [ "$(grep -cF '| latency p95 | 100 ms |' ../summary.md)" = 1 ] || fail "--ci=none wrote a summary"
  expect 0 compare ../base.json ../base.json --quiet
  [ ! -s err.txt ] || fail "a quiet pass says something"
  mv out.txt err.txt ..
)
# The summary of a step is never more than 1 MiB.
head -c $(((1 << 20) - 1500)) /dev/zero >full.md
GITHUB_STEP_SUMMARY=full.md expect 1 compare base.json slow.json
[ "$(stat -c %s full.md)" -le $((1 << 20)) ] || fail "the summary is too long"
says err.txt "warning: nothing was added to the step's summary"
# A summary that cannot be written: 5 where the verdict is pass, otherwise the verdict.
GITHUB_STEP_SUMMARY=$folder/no/such/summary.md expect 5 compare base.json base.json --badge five.json
says err.txt 'summary.md: error[E-020]: open failed: No such file or directory'
[ -s five.json ] || fail "the other report is missing"
GITHUB_STEP_SUMMARY=/dev/full expect 1 compare base.json slow.json
TF_BUILD=True expect 1 compare base.json slow.json "${limits[@]}" --markdown m.md
says err.txt '##vso[task.logissue type=error;sourcepath=perf/limits.yaml;linenumber=2;columnnumber=3]latency p95'
says err.txt "##vso[task.uploadsummary]$folder/m.md"
for quiet_one in GITLAB_CI BUILDKITE; do
  env "$quiet_one=true" "$burstgate" compare base.json slow.json >out.txt 2>err.txt || true
  [ "$(cat err.txt)" = 'exit 1: regression or limit broken' ] || fail "$quiet_one is told something"
done
expect 1 compare base.json slow.json --ci=github
says err.txt '::error title=burstgate%3A fail%3A latency p95::'

# 4. Outputs that cannot be written (case 154). Before anything is done where that can be seen, 5 otherwise.
expect 2 compare base.json base.json --csv same.txt --badge same.txt
says err.txt 'the same file is also written by another flag'
[ ! -e same.txt ] || fail "something was written"
expect 5 compare base.json base.json --openmetrics /dev/full --comment c.md --badge b5.json
says err.txt '/dev/full: error[E-011]: write failed: No space left on device'
[ -s b5.json ] || fail "the other report is missing"
expect 1 compare base.json slow.json --openmetrics /dev/full --badge b1.json
[ -s b1.json ] || fail "the other report is missing"
mkdir readonly
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=64k tmpfs readonly 2>/dev/null; then
  mounted+=("$folder/readonly")
  # A result whose reports do not fit.
  python3 - <<'PYTHON'
import json
result = json.load(open("r.json"))
result["notes"] = [f"{i} " + "x" * 300 for i in range(400)]
json.dump(result, open("big.json", "w"))
PYTHON
  expect 5 report big.json --output readonly/r.json --badge badge.json --csv readonly/f.csv
  says err.txt 'readonly/r.json: error[E-011]: write failed: No space left on device'
  [ -s badge.json ] || fail "the other report is missing"
  [ ! -e readonly/r.json ] || fail "half a file is left"
  [ "$(ls -A readonly)" = f.csv ] || fail "something is left over: $(ls -A readonly)"
  mount -o remount,ro readonly
else
  echo "not run: a file system of 64 KiB and one that is read-only need root"
  chmod 500 readonly
fi
if [ "$(id -u)" != 0 ] || [ "${#mounted[@]}" != 0 ]; then
  expect 2 compare base.json base.json --csv readonly/new.csv --badge never.json
  says err.txt 'readonly/new.csv: error[E-010]: cannot be written'
  [ ! -e never.json ] || fail "something was written"
fi

# 5. Streams that are closed, full, or left by their reader (case 153): the verdict and the files stand.
code_of() {
  local code=0
  bash -c "$1" || code=$?
  echo "$code"
}
export burstgate
compare='"$burstgate" compare base.json slow.json --badge s.json'
for streams in '2>err.txt >&-' '2>&-' '>&- 2>&-' '</dev/null >&- 2>&-' '2>/dev/full'; do
  rm -f s.json
  [ "$(code_of "$compare >out.txt $streams")" = 1 ] || fail "$streams changes the verdict"
  [ -s s.json ] || fail "$streams: a file is missing"
done
[ "$(code_of "$compare 2>&1 | true; exit \${PIPESTATUS[0]}")" = 1 ] || fail "a reader that left changes the verdict"
[ "$(code_of "$compare --json 2>err.txt >/dev/full")" = 1 ] || fail "a full stdout changes the verdict"
says err.txt 'stdout: error[E-011]: write failed: No space left on device; the report is missing or incomplete'
[ "$(code_of '"$burstgate" compare base.json base.json 2>err.txt >/dev/full')" = 5 ] || fail "a full stdout is not told"
[ "$(code_of '"$burstgate" report r.json 2>err.txt >/dev/full')" = 5 ] || fail "a full stdout is not told by report"
echo "reports are written, read and told"
