#!/usr/bin/env bash
# A service that speaks nothing but HTTP/2 is started, asked whether it is ready, and compared side by side.
set -euo pipefail
burstgate=$(realpath "$1")
for tool in nghttpd openssl python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
source tests/support/tls.sh

mkdir -p pages
printf 'twelve bytes' >pages/page
# A service that only speaks HTTP/2 is started and asked in it; both builds of a paired comparison are.
cat >burstgate.yaml <<YAML
service: {command: [nghttpd, --no-tls, -a, 127.0.0.1, -d, $folder/pages, "{port}"], url: "http://127.0.0.1:{port}", ready: /page, http: 2, streams: 4}
baseline: {command: [nghttpd, --no-tls, -a, 127.0.0.1, -d, $folder/pages, "{port}"], url: "http://127.0.0.1:{port}", budget: 8s}
workload: {scenarios: [{steps: [{get: /page}]}]}
profiles: {pr: {users: 8, duration: 2s, warmup: 200ms}}
thresholds: {regression: {latency_p50: {fail: +400%, floor: 5ms}}, limits: {error_rate: {fail: 1%}}}
YAML
code=0
"$burstgate" gate --output result.json >out 2>err || code=$?
[ "$code" = 0 ] || [ "$code" = 3 ] || fail "paired: exit $code"
expect "spoken: HTTP/2" result.json
[ "$(field "['totals']['failed']")" = 0 ] || fail "paired: failures"
echo "http2 paired: all as it should be"
