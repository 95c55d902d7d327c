#!/usr/bin/env bash
# On a terminal: one rewritten progress line, and a result that fits 80 by 24. Elsewhere: a line per phase, everything in the
# report, no control characters.
set -euo pipefail
burstgate=$(realpath "$1")
source tests/support/calmly.sh
source tests/support/serve.sh
export LC_ALL=C.UTF-8 TERM=xterm NO_COLOR=1

start_service --endpoint "path=/ time=2ms"

on_terminal() { script -qec "stty cols $1 rows 24; $2" typescript >/dev/null </dev/null; }
calmly on_terminal 80 "'$burstgate' gate $url --duration 2500ms --warmup 300ms"
grep -q 'COMMAND_EXIT_CODE="0"' typescript || fail "the gate on a terminal"
tr '\r' '\n' <typescript | grep -a $'^\e\[K' | sed $'s/^\e\[K//' >progress.txt
grep -qaE '^measuring  [0-9]+/3 s  10 users  [0-9]+/s  p95 [0-9.]+ (ms|us)  0 failed  ' progress.txt || { cat progress.txt; fail "no live figures"; }
[ "$(wc -l <progress.txt)" -ge 10 ] || fail "the line was not rewritten"
sed -n '/PASS/,/^exit code/p' typescript | tr -d '\r' >screen.txt
[ "$(wc -l <screen.txt)" -le 23 ] && [ -s screen.txt ] || { cat screen.txt; fail "the result does not fit the screen"; }
grep -q '^exit code 0: pass' screen.txt || fail "the screen is cut"
grep -q 'burstgate report performance/results/' screen.txt || fail "the screen does not say where the rest is"

# A narrow terminal: the line never wraps.
calmly on_terminal 40 "'$burstgate' run $url --duration 1500ms --warmup 300ms"
tr '\r' '\n' <typescript | grep -a $'^\e\[K' | sed $'s/^\e\[K//' >narrow.txt
[ "$(LC_ALL=C.UTF-8 awk '{ if (length($0) > n) n = length($0) } END { print n }' narrow.txt)" -le 39 ] || fail "the line is wider than the terminal"

# Not a terminal.
calmly "$burstgate" gate "$url" --duration 1s --warmup 300ms >out.txt 2>err.txt || fail "the gate in a pipe"
if grep -qa $'[\r\e]' out.txt err.txt; then fail "control characters in a log"; fi
grep -q '^measuring ...$' err.txt || fail "no line per phase"
grep -q '^Environment$' out.txt || fail "a log does not have the whole report"
quietly() { "$burstgate" gate "$url" --duration 1s --warmup 300ms --quiet >quiet.txt 2>&1; }
calmly quietly || fail "the quiet gate"
[ ! -s quiet.txt ] || { cat quiet.txt; fail "--quiet says something on a pass"; }
