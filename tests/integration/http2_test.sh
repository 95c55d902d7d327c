#!/usr/bin/env bash
# HTTP/2 against peers that others wrote: nghttpd in cleartext, nginx over TLS. Cases 62, 69, 70, 72; a stored
# baseline.
set -euo pipefail
burstgate=$(realpath "$1")
for tool in nginx nghttpd openssl python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
source tests/support/tls.sh

read -ra ports < <(free_ports 6)
clear=${ports[0]} tls=${ports[1]} only1=${ports[2]} few=${ports[3]} leaving=${ports[4]} plain=${ports[5]}
mkdir -p pages
printf 'twelve bytes' >pages/page
nghttpd --no-tls -a 127.0.0.1 -d pages "$clear" >nghttpd.log 2>&1 &
pids+=($!)
server() { echo "server { listen 127.0.0.1:$1 ssl $2; ssl_certificate certs/good.pem; ssl_certificate_key certs/good.key; root pages; $3 }"; }
write_nginx_conf nginx.conf "$(server "$tls" http2 "")
  $(server "$only1" "" "")
  $(server "$few" http2 "http2_max_concurrent_streams 2;")
  $(server "$leaving" http2 "keepalive_requests 20;")
  server { listen 127.0.0.1:$plain; root pages; }"
start_nginx
await "$clear"
await "$plain"

# $1: expected code, $2: URL, $3: streams, $4: command, $5: further lines.
run() {
  local code=0
  cat >burstgate.yaml <<YAML
service: {url: "$2", http: 2, streams: $3${tls_keys:+, tls: {$tls_keys\}}}
workload: {scenarios: [{wait: 5ms, steps: [{get: /page, expect: {body_contains: twelve}}, {post: /page, body: "0123456789", expect: {status: [200, 405]}}]}]}
profiles: {pr: {users: 10, duration: 400ms, warmup: 0s}}
threads: 1
thresholds: {regression: {latency_p50: {fail: +900%}}, limits: {error_rate: {fail: 1%}}}
${5:-}
YAML
  command=${4:-run}
  if [ "$1" = 3 ]; then burst || code=$?; else calmly burst || code=$?; fi
  [ "$code" = "$1" ] || fail "$2: exit $code, expected $1"
}
no_failures() { [ "$(field "['totals']['failed']")" = 0 ] || fail "$1: failures"; }

# Cleartext with prior knowledge: ten users on two connections.
tls_keys=
run 0 "http://127.0.0.1:$clear/" 5
no_failures h2c
expect "spoken: HTTP/2" out
[ "$(field "['generator']['connections_opened']")" = 2 ] || fail "connections: $(field "['generator']")"
[ "$(field "['totals']['requests']")" -gt 100 ] || fail "hardly any requests"
run 0 "http://127.0.0.1:$clear/" 1
[ "$(field "['generator']['connections_opened']")" = 10 ] || fail "connections without sharing"
# Record and gate with a stored baseline; other streams are other work.
run 0 "http://127.0.0.1:$clear/" 5 "record" "baseline: base.json"
run 3 "http://127.0.0.1:$clear/" 10 "gate" "baseline: base.json"
expect "streams" out

# Over TLS; the server's own count agrees.
tls_keys="ca_file: certs/ca.pem"
: >access.log
run 0 "https://127.0.0.1:$tls/" 5
no_failures tls
expect "spoken: HTTP/2 over TLSv1.3" out
sleep 0.1
[ "$(field "['totals']['requests']")" = "$(grep -c 'HTTP/2.0' access.log)" ] || fail "nginx saw $(grep -c 'HTTP/2.0' access.log)"
# Case 62: never another protocol than the one that was asked for.
run 4 "https://127.0.0.1:$only1/" 5
grep -qE "does not offer h2|negotiated (no protocol|http/1.1), configured h2" err || fail "ALPN: not said"
tls_keys=
# Case 69.
run 4 "http://127.0.0.1:$plain/" 5
expect "peer answered HTTP/1.1 on an h2 connection" err
tls_keys="ca_file: certs/ca.pem"
# Case 72: fewer streams than users: the rest wait, and it is said.
run 0 "https://127.0.0.1:$few/" 10
no_failures few
expect "the service allows 2 streams on a connection, asked for are 10" out
# Case 70: a service that goes away after every twentieth request.
: >access.log
run 0 "https://127.0.0.1:$leaving/" 5
no_failures leaving
[ "$(field "['generator']['connections_opened']")" -gt 4 ] || fail "leaving: connections"
sleep 0.1
[ "$(field "['totals']['ok']")" = "$(grep -c 'HTTP/2.0' access.log)" ] || fail "leaving: nginx saw $(grep -c 'HTTP/2.0' access.log), ok $(field "['totals']['ok']")"

# What cannot be is said before anything is sent.
run 2 "https://127.0.0.1:$tls/" 0
cat >burstgate.yaml <<YAML
service: {url: "http://127.0.0.1:$clear", http: 2}
workload: {keep_alive: false, scenarios: [{steps: [{get: /page}]}]}
thresholds: {limits: {error_rate: {fail: 1%}}}
YAML
"$burstgate" run >out 2>err && fail "keep_alive: false with http: 2"
expect "http: 2 together with keep_alive: false" err

echo "http2: all as it should be"
