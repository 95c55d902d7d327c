#!/usr/bin/env bash
# Case 112: the wall clock steps by an hour back and forth during the run; durations and latencies do not notice.
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
compiler=$(command -v c++ || command -v g++) || { echo "skipped: no compiler for the shim"; exit 77; }
folder=$(mktemp -d)
cat >"$folder/shim.c" <<'C'
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec* t) {
  static int calls;
  int result = (int)syscall(SYS_clock_gettime, id, t);
  if (id == CLOCK_REALTIME) t->tv_sec += ++calls % 2 ? 3600 : -3600;
  return result;
}
C
"$compiler" -x c -shared -fPIC -O1 "$folder/shim.c" -o "$folder/shim.so"
"$burstgate" serve --port 0 --endpoint "path=/ time=5ms" >"$folder/serve.txt" &
server=$!
cleanup() { kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$folder"; }
trap cleanup EXIT
for _ in $(seq 100); do [ -s "$folder/serve.txt" ] && break; sleep 0.05; done
url=$(sed -n 's/^listening on //p' "$folder/serve.txt")
cd "$folder"
run() {
  ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0 LD_PRELOAD="$folder/shim.so" \
    "$burstgate" run "$url" --users 2 --duration 800ms --warmup 100ms --output result.json --quiet
}
calmly run
number() { perl -ne "if (/\"$1\": ([\\d.]+)/) { print \$1; exit }" result.json; }
perl -e 'exit !($ARGV[0] == 0.8 && $ARGV[1] >= 5 && $ARGV[2] < 3600 * 1000)' "$(number duration_s)" "$(number p50)" "$(number max)"
echo "duration $(number duration_s) s, p50 $(number p50) ms, max $(number max) ms"
