#!/usr/bin/env bash
# The road a user takes, against a real nginx: record, gate (0), nginx slower (1), nginx returning errors (1 and 4), nginx
# stopped (4); each with a readable console, Markdown and JUnit (validated against the schema).
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
root=$(pwd)
for tool in nginx xmllint; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done

folder=$(mktemp -d)
chmod 755 "$folder"
nginx_pid=
cleanup() {
  [ -z "$nginx_pid" ] || kill "$nginx_pid" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT
cd "$folder"

free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport'; }
port=$(free_port)
head -c 200000 /dev/zero | tr '\0' x >page

# $1: what the location does.
start_nginx() {
  cat >nginx.conf <<CONF
worker_processes 1; daemon off; pid $folder/nginx.pid; error_log $folder/error.log;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path $folder; proxy_temp_path $folder; fastcgi_temp_path $folder; uwsgi_temp_path $folder;
  scgi_temp_path $folder;
  split_clients "\$request_id" \$lot { 20% broken; * fine; }
  server { listen 127.0.0.1:$port; root $folder; location = /page { $1 } }
}
CONF
  nginx -c "$folder/nginx.conf" -p "$folder" 2>>"$folder/stderr.log" &
  nginx_pid=$!
  for _ in $(seq 100); do
    perl -MIO::Socket::INET -e "exit !IO::Socket::INET->new('127.0.0.1:$port')" && return
    sleep 0.05
  done
  echo "nginx did not start"; cat "$folder"/*.log; exit 1
}
stop_nginx() { kill "$nginx_pid"; wait "$nginx_pid" || true; nginx_pid=; }

cat >burstgate.yaml <<YAML
service: http://127.0.0.1:$port
baseline: baseline.json
workload: {scenarios: [{name: reader, wait: 5ms..15ms, steps: [{get: /page, name: page}]}]}
profiles: {pr: {users: 4, duration: 1500ms, warmup: 300ms}}
thresholds:
  regression:
    latency_p50: {fail: +60%, floor: 5ms}
    error_rate:  {fail: +2pp}
  limits:
    error_rate:  {fail: 5%}
YAML

burst() { "$burstgate" gate --junit "$1.xml" --markdown "$1.md" --output "$1.json" >"$1.txt" 2>"$1.err"; }
gate() { # $1: expected exit code, $2: name
  local code=0
  if [ "$1" = 3 ]; then burst "$2" || code=$?; else calmly burst "$2" || code=$?; fi
  if [ "$code" != "$1" ]; then
    echo "$2: exit $code, expected $1"; cat "$2.txt" "$2.err"; exit 1
  fi
  tail -1 "$2.err" | grep -q "^exit $1: " || { echo "$2: the last line does not name the code"; exit 1; }
}
reports() { # $1: name
  xmllint --noout --schema "$root/schemas/junit-common.xsd" "$1.xml"
  grep -q '^\*\*' "$1.md"
  [ -s "$1.txt" ]
}
expect() { grep -q "$1" "$2" || { echo "'$1' is not in $2:"; cat "$2"; exit 1; }; }

start_nginx ''
gate 3 missing # no baseline yet
expect 'burstgate record' missing.txt
for _ in 1 2 3 4 5; do calmly "$burstgate" record --quiet --output recorded.json; done
gate 0 unchanged
reports unchanged
expect 'PASS' unchanged.txt
stop_nginx

start_nginx 'limit_rate 2m;' # 200 kB at 2 MB/s: about 100 ms
gate 1 slower
reports slower
expect 'FAIL' slower.txt
expect 'latency p50' slower.md
expect '<failure type="regression"' slower.xml
stop_nginx

start_nginx 'if ($lot = broken) { return 503; }'
gate 1 errors
reports errors
expect 'error rate' errors.txt
expect '503' errors.txt
stop_nginx

start_nginx 'return 500;'
gate 4 broken
reports broken
expect '500' broken.txt
stop_nginx

gate 4 stopped
reports stopped
expect 'nothing listens' stopped.err
expect 'nothing listens' stopped.md
expect 'nothing listens' stopped.xml

# What all these runs left in the baseline: the five recorded ones.
[ "$(grep -c '"burstgate/1"' baseline.json)" = 5 ]
echo "record, gate, slower, errors, broken, stopped: as they should"
