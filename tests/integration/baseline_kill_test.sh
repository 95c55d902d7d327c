#!/bin/bash
# Case 131: `record` is killed at every system call with which it touches the baseline. Afterwards the file is whole and
# holds the runs from before, or those and the new one; and the next `record` succeeds and clears up.
set -euo pipefail
burstgate=$(realpath "$1")
# A leak check cannot run in a process that is traced.
export ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0

if ! command -v strace >/dev/null; then
  echo "SKIPPED: needs the package strace"
  exit 77
fi
if ! strace -f -o /dev/null true 2>/dev/null; then
  echo "SKIPPED: strace cannot trace here (ptrace is not permitted)"
  exit 77
fi

folder=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT

"$burstgate" serve --port 0 >"$folder/serve.txt" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
  url=$(sed -n 's/^listening on \(http[^ ]*\).*$/\1/p;q' "$folder/serve.txt")
  [ -n "$url" ] && break
  sleep 0.1
done
[ -n "$url" ] || { echo "FAILED: serve does not listen"; cat "$folder/serve.txt"; exit 1; }

mkdir "$folder/perf"
cd "$folder" # results of the runs land here, not in the tree
baseline=$folder/perf/baseline.json
record=("$burstgate" record "$url" --baseline "$baseline" --users 1 --duration 200ms --warmup 0s --quiet
  --accept "runs under strace are unlike others")
calls=openat,flock,write,fchmod,fsync,close,rename,renameat,renameat2,unlink,unlinkat

runs() { grep -c '"schema": "burstgate/1"' "$baseline"; }
fail() {
  echo "FAILED: $*"
  ls -lA "$folder/perf"
  exit 1
}

"${record[@]}" >/dev/null || fail "record without interference: exit code $?"
[ "$(runs)" = 1 ] || fail "one run expected, $(runs) there"

# Which of the calls, counted in the thread that makes them, touch the baseline? One file per thread.
strace -ff -e trace="$calls" -o "$folder/trace" "${record[@]}" >/dev/null || fail "record under strace: exit code $?"
trace=$(grep -l 'rename.*baseline\.json"' "$folder"/trace.* | head -1)
[ -n "$trace" ] || fail "no rename onto the baseline in the trace"

killed=0
sweep() { # call first last
  local n before after code
  for n in $(seq "$2" "$3"); do
    before=$(runs)
    code=0
    { strace -f -e trace="$calls" -e inject="$1:signal=KILL:when=$n" -o /dev/null "${record[@]}" >/dev/null || code=$?; } 2>/dev/null
    after=$(runs)
    tail -c 20 "$baseline" | grep -q '"complete": true' || fail "$1 $n: the file is cut off"
    [ "$after" = "$before" ] || [ "$after" = $((before + 1)) ] || fail "$1 $n: $before runs before, $after after"
    if [ "$code" = 0 ]; then
      [ "$after" = $((before + 1)) ] || fail "$1 $n: exit code 0, but nothing was appended"
    else
      killed=$((killed + 1))
    fi
    if [ "$after" -gt 40 ]; then "${record[@]}" --replace >/dev/null || fail "$1 $n: record --replace: exit code $?"; fi
  done
}

for call in ${calls//,/ }; do
  # From the first to the last call of this name between the lock and its removal, and two on either side, because the
  # numbers differ a little from run to run.
  range=$(awk -v name="$call(" '
    index($0, name) == 1 { ++n }
    /baseline\.json\.lock/ { if (!first) first = n ? n : 1; last = n }
    END { if (n && first) { low = first > 2 ? first - 2 : 1; print low, last + 2 } }' "$trace")
  # shellcheck disable=SC2086
  [ -z "$range" ] || sweep "$call" $range
done

[ "$killed" -ge 10 ] || fail "only $killed of the runs were killed"
"${record[@]}" >/dev/null || fail "record after the sweep: exit code $?"
[ "$(ls -A "$folder/perf")" = baseline.json ] || fail "something was left beside the baseline"
echo "killed $killed times, no run was lost and no file torn"
