# shellcheck shell=bash
# Sourced, after calmly.sh and serve.sh, by tests in which another tool sends the load. `baseline` names the baseline's
# file, base.json unless it is set.

plan() { # $1: service, $2: exec, $3: thresholds
  printf 'service: %s\nbaseline: %s\nworkload: {exec: %s}\nthresholds: %s\n' "$1" "${baseline:-base.json}" "$2" "$3" >plan.yaml
}
run() { "$burstgate" "$1" --config plan.yaml "${@:2}" --output result.json >out.txt 2>err.txt; }
expect() { # $1: exit code; the rest: command and flags
  local expected=$1 code=0
  shift
  if [ "$expected" = 3 ]; then run "$@" || code=$?; else calmly run "$@" || code=$?; fi
  [ "$code" = "$expected" ] || { cat plan.yaml out.txt err.txt; fail "$* ended with $code, expected $expected"; }
}
said() { grep -qF -- "$1" "$2" || { cat "$2"; fail "'$1' is not in $2"; }; }
there() { command -v "$1" >/dev/null || { echo "skipped: $1 is missing"; return 1; }; }
