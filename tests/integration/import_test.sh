#!/usr/bin/env bash
# Other tools' results through the real binary: compared as they are, imported, refused. No load.
set -euo pipefail
burstgate=$(realpath "$1")
cases=$(cd "$(dirname "${BASH_SOURCE[0]}")/../cases/importers" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
unset GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITLAB_CI TF_BUILD BUILDKITE

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

# A run of 60 s at 200/s as JMeter writes it; $1: what the times are multiplied by.
jtl() {
  echo 'timeStamp,elapsed,label,responseCode,success'
  awk -v by="$1" 'BEGIN { srand(7); for (i = 0; i < 12000; ++i)
    printf "%.0f,%d,%s,200,true\n", 1795266951000 + i * 5, (20 + 30 * rand() ^ 3) * by, i % 3 ? "login" : "home" }'
}
jtl 1 >old.jtl
jtl 1.02 >same.jtl
jtl 1.5 >slow.jtl

# Single requests are compared with confidence, summaries without.
expect 0 compare old.jtl same.jtl
says out.txt '95 %'
expect 1 compare old.jtl slow.jtl --markdown m.md --junit j.xml
says out.txt 'latency p95'
says m.md 'imported: JMeter, JTL (CSV)'
expect 0 compare "$cases/k6-summary-export.json" "$cases/k6-summary-export.json"
says out.txt 'point comparison, no confidence'
sed -E 's/"p\(95\)": 0\.29904[0-9]*/"p(95)": 9.5/; s/"max": 23/"max": 99/; s/"p\(99\)": 2\.13/"p(99)": 9.9/' \
  "$cases/k6-summary-export.json" >slow.json
expect 1 compare "$cases/k6-summary-export.json" slow.json

# Without a p95 the built-in limit is on the next best figure, and that is said.
expect 0 compare "$cases/wrk-latency.txt" "$cases/wrk-latency.txt"
says out.txt 'no latency_p95 on both sides: the built-in limit is applied to latency_p99'
expect 0 compare "$cases/redis.csv" "$cases/redis.csv"
says out.txt 'PING_MBULK'

# Everything failed: that is no improvement.
expect 1 compare "$cases/artillery.json" "$cases/artillery-nothing-answered.json"

# Two tools are not compared unless asked for; nor are two definitions of one tool.
expect 3 compare "$cases/wrk-latency.txt" "$cases/wrk2-spectrum.txt"
says out.txt 'tool: wrk -> wrk2'
says out.txt '--different-tools'
expect 1 compare "$cases/wrk2-spectrum.txt" "$cases/wrk-latency.txt" --different-tools
says out.txt 'compared across tools'
says out.txt '--different-tools'
expect 3 compare old.jtl "$cases/hey-requests.csv"
expect 3 compare "$cases/pgbench-text.txt" "$cases/pgbench-scheduled.txt"

# Imported: a result that is compared like the file itself; several files are the runs of a baseline.
expect 0 import old.jtl
says err.txt 'note: 12000 requests, one by one'
python3 -c 'import json; assert json.load(open("out.txt"))["schema"] == "burstgate/1"'
mv out.txt old.json
expect 0 compare old.json same.jtl
expect 0 import old.jtl same.jtl --output perf/baseline.json
says out.txt 'written: perf/baseline.json'
expect 1 compare perf/baseline.json slow.jtl
expect 0 import "$cases/hdr.hlog" --value-unit ns --output hdr.json
expect 0 report old.json

# Shards of one run are added up.
expect 0 merge old.jtl same.jtl --output sum.json
says out.txt '24000 requests of 2 files'
expect 0 compare sum.json sum.json
expect 3 compare old.jtl sum.json
says out.txt 'shards:'
expect 2 merge old.jtl ./old.jtl
says err.txt 'the same file is given twice'
expect 2 merge old.jtl "$cases/hey-requests.csv"
says err.txt 'another workload was sent than in the first file'

# Refused, with the reason.
expect 2 import "$cases/hdr.hlog"
says err.txt 'add --value-unit ns, us, ms or s'
expect 2 import "$cases/hdr.hlog" --value-unit min
says err.txt "--value-unit: error[E-001]: unknown value 'min'"
expect 2 import perf/baseline.json
says err.txt 'is a burstgate file already'
expect 2 import
expect 2 import old.jtl same.jtl
says err.txt 'several files, and nowhere to write them'
expect 2 import old.jtl --output old.jtl
expect 2 import "$cases/unknown-other-json.json"
says err.txt 'error[E-006]: not a burstgate result, and no other format that is known'
cp "$cases/refused-jmeter-xml.jtl" old.csv # the ending says nothing
expect 2 compare old.csv old.jtl
says err.txt "old.csv: error[E-556]: this is JMeter's results as XML, which is not read"
sed '5000s/,/;/' old.jtl >broken.jtl
expect 2 compare old.jtl broken.jtl
says err.txt 'broken.jtl:5000: error[E-552]: expected 5 fields as in the header, got 4'
sed '3000s/login/"login/' old.jtl >quote.jtl # one quote that is never closed
expect 2 compare old.jtl quote.jtl
says err.txt 'quote.jtl:3000: error[E-553]: a quoted field that does not end'
awk -F, 'NR > 1 { $3 = "item " NR } { print }' OFS=, old.jtl >many.jtl
expect 2 import many.jtl
says err.txt 'many.jtl:202: error[E-554]: more than 200 different names'
expect 5 import old.jtl --output /proc/none/x.json
echo "imports work"
