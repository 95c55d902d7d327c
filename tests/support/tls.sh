# shellcheck shell=bash
# Sourced by the tests of HTTPS: a folder with certificates, and runs against a URL. The sourcing script has set
# `burstgate`, and starts its servers itself: their process ids go into `pids`.
source tests/support/certificates.sh
source tests/support/calmly.sh
folder=$(mktemp -d)
pids=()
clean_up() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap clean_up EXIT
cd "$folder"
chmod 755 .
make_certificates

fail() { echo "FAILED: $*"; cat out err 2>/dev/null; exit 1; }
expect() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2"; }
# $1: a key of the result, as Python reads it.
field() { python3 -c 'import json, sys; print(eval("r" + sys.argv[1], {"r": json.load(open("result.json"))}))' "$1"; }
# $1: how many, of this machine.
free_ports() {
  perl -MIO::Socket::INET -e '@s = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) } 1 .. $ARGV[0];
    print join(" ", map { $_->sockport } @s), "\n"' "$1"
}
# $1: a port that somebody is about to listen on.
await() {
  for _ in $(seq 200); do
    perl -MIO::Socket::INET -e "exit !IO::Socket::INET->new('127.0.0.1:$1')" && return
    sleep 0.02
  done
  fail "nothing listens on $1"
}
# $1: file, $2: its servers.
write_nginx_conf() {
  cat >"$1" <<CONF
worker_processes 1; daemon off; pid $folder/$1.pid; error_log $folder/error.log;
events { worker_connections 512; }
http {
  access_log $folder/access.log combined;
  ssl_protocols TLSv1.2 TLSv1.3; keepalive_requests 100000000;
  client_body_temp_path $folder; proxy_temp_path $folder; fastcgi_temp_path $folder; uwsgi_temp_path $folder;
  scgi_temp_path $folder;
  $2
}
CONF
}
start_nginx() {
  nginx -c "$folder/nginx.conf" -p "$folder" 2>>stderr.log &
  pids+=($!)
}
burst() { "$burstgate" "${command:-run}" --output result.json >out 2>err; }
# Paced: at full speed a generator with sanitizers is itself the limit on a slow machine, and a run says so.
paced="workload: {scenarios: [{wait: 10ms, steps: [{get: /}]}]}"
# $1: expected code, $2: URL, $3: what stands in service.tls; instead of `paced`, other lines of the YAML file in $4.
run_tls() {
  local code=0
  cat >burstgate.yaml <<YAML
service: {url: "$2", tls: {$3}}
profiles: {pr: {users: 2, duration: 300ms, warmup: 0s}}
thresholds: {limits: {error_rate: {fail: 1%}, latency_p50: {fail: 5s}}}
${4:-$paced}
YAML
  calmly burst || code=$?
  [ "$code" = "$1" ] || fail "$2 {$3}: exit $code, expected $1"
}
