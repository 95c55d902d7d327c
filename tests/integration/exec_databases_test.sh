#!/usr/bin/env bash
# Databases and caches under another tool's load (workload.exec): redis-benchmark against a real Redis, pgbench against a
# real PostgreSQL. What is absent is skipped by name.
# Usage: exec_databases_test.sh path/to/burstgate
set -euo pipefail
burstgate=$(realpath "${1:?usage: exec_databases_test.sh path/to/burstgate}")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=tests/support/calmly.sh
source "$root/tests/support/calmly.sh"
# shellcheck source=tests/support/serve.sh
source "$root/tests/support/serve.sh"
# shellcheck source=tests/support/exec.sh
source "$root/tests/support/exec.sh"

redis_gates() {
  there redis-server && there redis-benchmark || return 0
  baseline=redis.json
  plan '{command: [redis-server, --port, "{port}", --save, "900000 1"], url: "tcp://127.0.0.1:{port}"}' \
    '{command: [redis-benchmark, -p, "{port}", -n, 3000, -c, 4, -t, "set,get", --csv], times: 2}' \
    '{endpoints: {GET: {regression: {latency_p50: {fail: +900%, floor: 20ms}, throughput: {fail: -95%}}}}}'
  expect 0 record
  expect 0 gate
  said 'GET' out.txt
  said 'redis-benchmark' result.json
  sed -i '/^thresholds/d' plan.yaml # the built-in limits, for each test
  expect 0 record --replace
  baseline=
}

# As nobody in particular: a server of PostgreSQL refuses to be root.
as_nobody() { if [ "$(id -u)" = 0 ]; then runuser -u nobody -- "$@"; else "$@"; fi; }
data=
stop_postgres() {
  [ -z "$data" ] || as_nobody "$bin/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true
  data=
}
trap 'stop_postgres; clean_up' EXIT
pgbench_gates() {
  there pgbench || return 0
  local port
  data=$folder/pg
  bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
  [ -x "$bin/initdb" ] || { echo "skipped: initdb is missing"; return 0; }
  port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
  chmod 755 "$folder"
  mkdir "$data"
  if [ "$(id -u)" = 0 ]; then chown nobody "$data"; fi
  as_nobody "$bin/initdb" -D "$data" -N -A trust -U bench --locale=C >initdb.txt 2>&1 || { cat initdb.txt; fail initdb; }
  as_nobody "$bin/pg_ctl" -D "$data" -w -l "$data/log" \
    -o "-p $port -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=" start >/dev/null || fail pg_ctl
  PGPORT=$port PGHOST=127.0.0.1 PGUSER=bench pgbench -i -q postgres >/dev/null 2>&1 || fail 'pgbench -i'
  baseline=pg.json
  plan "tcp://127.0.0.1:$port" \
    '{command: [pgbench, -h, "{host}", -p, "{port}", -U, bench, -n, -S, -c2, -T1, postgres], times: 2}' \
    '{regression: {latency_mean: {fail: +900%, floor: 20ms}, throughput: {fail: -95%}}}'
  expect 0 record
  expect 0 gate
  said 'latency mean' out.txt
  stop_postgres
  expect 4 run
  said 'cannot connect' err.txt
  baseline=
}

redis_gates
pgbench_gates
echo "redis-benchmark and pgbench: recorded and gated"
