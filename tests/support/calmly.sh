# shellcheck shell=bash
# Sourced by tests that start gates on a machine that others may disturb.

# Runs the command again while it exits with 3: "cannot tell" is a right answer on such a machine, but not what these
# tests are about. At most `calmly_tries` times (5). Its exit code is the last one's.
calmly() {
  local code
  for _ in $(seq "${calmly_tries:-5}"); do
    code=0
    "$@" || code=$?
    [ "$code" = 3 ] || break
  done
  return "$code"
}
