#!/usr/bin/env bash
# HTTPS against a real nginx: cases 4, 60-62, 67 and 68.
set -euo pipefail
burstgate=$(realpath "$1")
for tool in nginx openssl python3; do
  command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
source tests/support/tls.sh

read -ra ports < <(free_ports 9)
good=${ports[0]} expired=${ports[1]} future=${ports[2]} elsewhere=${ports[3]} stranger=${ports[4]}
client=${ports[5]} old=${ports[6]} plain=${ports[7]} own=${ports[8]}
server() { echo "server { listen 127.0.0.1:$1 ssl; ssl_certificate certs/$2.pem; ssl_certificate_key certs/$2.key; $3 location / { return 200 ok; } }"; }
write_nginx_conf nginx.conf "$(server "$good" good "")
  $(server "$expired" expired "")
  $(server "$future" future "")
  $(server "$elsewhere" elsewhere "")
  $(server "$stranger" stranger "")
  $(server "$client" good "ssl_verify_client on; ssl_client_certificate certs/ca.pem;")
  $(server "$old" good "ssl_protocols TLSv1.2;")
  server { listen 127.0.0.1:$plain; location / { return 200 ok; } }"
start_nginx
await "$plain"

refused() { # $1: URL, $2: tls, then the texts of the message
  run_tls 4 "$1" "$2"
  local text
  for text in "${@:3}"; do expect "$text" err; done
}
trust="ca_file: certs/ca.pem"

# Verified, by address and by name; every request that was counted arrived, and no other.
: >access.log
run_tls 0 "https://127.0.0.1:$good/" "$trust"
expect "spoken: HTTP/1.1 over TLSv1.3" out
[ "$(field "['totals']['requests']")" = "$(wc -l <access.log)" ] || fail "nginx saw $(wc -l <access.log) requests"
[ "$(field "['generator']['connections_opened']")" = 2 ] || fail "connections"
digest=$(field "['workload']['digest']")
run_tls 0 "https://localhost:$good/" "$trust, min_version: 1.2, max_version: 1.2"
expect "spoken: HTTP/1.1 over TLSv1.2" out

# Case 60: each certificate that must be refused says why, and what to do.
refused "https://127.0.0.1:$good/" "" "E-305" "127.0.0.1:$good" "unknown issuer" "subject CN=good, issuer CN=Test CA" \
  "names localhost example.test 127.0.0.1" "service.tls.ca_file"
refused "https://127.0.0.1:$expired/" "$trust" "certificate expired 2021-01-01T00:00:00Z (now 2" "valid 2020-01-01T00:00:00Z to 2021-01-01T00:00:00Z" "renew it"
refused "https://127.0.0.1:$future/" "$trust" "certificate not valid before 2038-01-01T00:00:00Z (now 2"
refused "https://127.0.0.1:$elsewhere/" "$trust" "certificate is not for 127.0.0.1" "names other.test 10.1.2.3" "service.tls.server_name"
refused "https://localhost:$elsewhere/" "$trust" "certificate is not for localhost"
refused "https://127.0.0.1:$stranger/" "$trust" "self-signed" "service.tls.ca_file"
expect "certificate" result.json # a result that says so, and no figures
[ "$(field "['totals']['requests']")" = 0 ] || fail "requests were sent"

# `insecure` is said everywhere, and is other work.
run_tls 0 "https://127.0.0.1:$expired/" "insecure: true"
expect "service.tls.insecure" out
expect "warning: service.tls.insecure" err
expect "service.tls.insecure" result.json
[ "$(field "['workload']['digest']")" != "$digest" ] || fail "insecure has the digest of a verified run"
for format in markdown html junit csv openmetrics; do
  "$burstgate" report result.json --$format report.$format >/dev/null 2>&1 || true
done
expect "service.tls.insecure" report.markdown
expect "service.tls.insecure" report.html
expect "service.tls.insecure" report.junit

# Case 61: another name is asked for and verified.
run_tls 0 "https://127.0.0.1:$good/" "$trust, server_name: example.test"
refused "https://127.0.0.1:$good/" "$trust, server_name: nobody.test" "certificate is not for nobody.test"

# Case 67: client certificates.
mine="cert_file: certs/client.pem, key_file: certs/client.key"
run_tls 0 "https://127.0.0.1:$client/" "$trust, $mine"
run_tls 4 "https://127.0.0.1:$client/" "$trust" # nginx answers 400
: >access.log
cp certs/client.key certs/open.key && chmod 640 certs/open.key
run_tls 2 "https://127.0.0.1:$client/" "$trust, cert_file: certs/client.pem, key_file: certs/open.key"
expect "E-304" err; expect "others may read the key (mode 0640)" err; expect "chmod 600 certs/open.key" err
run_tls 2 "https://127.0.0.1:$client/" "$trust, cert_file: certs/client.pem, key_file: certs/good.key"
expect "not the key of certs/client.pem" err
run_tls 2 "https://127.0.0.1:$client/" "$trust, cert_file: certs/client.pem, key_file: certs/none.key"
expect "certs/none.key" err
run_tls 2 "https://127.0.0.1:$client/" "ca_file: certs/client.key"
expect "no certificate in it" err
openssl pkcs8 -topk8 -in certs/client.key -out certs/locked.key -passout pass:correct-horse && chmod 600 certs/locked.key
locked="$trust, cert_file: certs/client.pem, key_file: certs/locked.key"
run_tls 2 "https://127.0.0.1:$client/" "$locked"
run_tls 2 "https://127.0.0.1:$client/" "$locked, key_passphrase: wrong-battery"
expect "no key in it that can be read" err
! grep -q "wrong-battery\|BEGIN" err out || fail "a secret was printed"
[ ! -s access.log ] || fail "requests were sent with a bad key"
KEY_PASSPHRASE=correct-horse run_tls 0 "https://127.0.0.1:$client/" "$locked, key_passphrase: \"\${KEY_PASSPHRASE}\""
! grep -rq "correct-horse" out err result.json || fail "the passphrase was printed"

# Case 68: no version in common; both sides' are named.
refused "https://127.0.0.1:$old/" "$trust, min_version: 1.3" "allowed here are TLS 1.3 to TLS 1.3" "the service speaks TLS 1.2"
run_tls 2 "https://127.0.0.1:$old/" "min_version: 1.3, max_version: 1.2"
# Case 4, and its reverse.
refused "https://127.0.0.1:$plain/" "$trust" "the peer speaks plain HTTP" "use http://"
# Case 62.
run_tls 2 "http://127.0.0.1:$plain/" "$trust"
expect "tls: the service's url is not https://" err

# A started service is asked over TLS whether it is ready.
write_nginx_conf own.conf "$(server "$own" good "")"
cat >burstgate.yaml <<YAML
service: {command: [nginx, -p, $folder, -c, $folder/own.conf], url: "https://127.0.0.1:$own", tls: {$trust}}
$paced
profiles: {pr: {users: 2, duration: 250ms, warmup: 0s}}
thresholds: {limits: {error_rate: {fail: 1%}}}
YAML
calmly "$burstgate" run >out 2>err || fail "a started service"
expect "spoken: HTTP/1.1 over TLSv1.3" out
echo "tls: all as it should be"
