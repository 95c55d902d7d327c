#!/usr/bin/env bash
# Makes the pictures of docs/images anew: a passing and a failing report of real paired runs on the built-in service.
# Needs chromium and a release build; takes a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
burstgate=$PWD/build/release/burstgate
images=$PWD/docs/images
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

write_config() { # $1: what is wrong with the candidate, as YAML list items
  cat >burstgate.yaml <<YAML
service:
  command: ["$burstgate", serve, --port, "{port}", --endpoint, "path=/chat time=lognormal(6ms,0.3)", --endpoint,
    "path=/search time=lognormal(12ms,0.3)"$1]
  url: http://127.0.0.1:{port}
  ready: {get: /chat, within: 10s}
baseline:
  command: ["$burstgate", serve, --port, "{port}", --endpoint, "path=/chat time=lognormal(6ms,0.3)", --endpoint,
    "path=/search time=lognormal(12ms,0.3)"]
workload:
  scenarios: [{name: api_user, steps: [{get: /chat, name: chat}, {get: /search, name: search}]}]
profiles: {pr: {users: 10, duration: 10s}}
thresholds: {regression: {latency_p95: +20%, throughput: -15%, error_rate: +0.5pp}}
YAML
}
shot() { # $1: report, $2: picture, $3: width, $4: height
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size="$3,$4" --screenshot="$images/$2" \
    "file://$folder/$1" >/dev/null 2>&1
}

write_config ''
"$burstgate" gate --profile pr --html passing.html --quiet
write_config ', --slowdown, "1.4"'
code=0
"$burstgate" gate --profile pr --html failing.html --quiet >/dev/null || code=$?
[ "$code" = 1 ] || { echo "the slower build was not refused: exit $code"; exit 1; }
shot passing.html report-passing.png 1100 760
shot failing.html report-failing.png 1100 900
