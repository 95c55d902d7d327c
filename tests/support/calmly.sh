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

# What a shell starts in the background ignores SIGINT until it says otherwise, and before that a SIGTERM just ends it.
# Until the process is another program than this shell and handles both: bits 1 and 14 of the caught signals.
until_signals_are_handled() { # $1: process id
  local caught
  for _ in $(seq 2000); do
    caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status" 2>/dev/null) || return 1
    [ "$(readlink "/proc/$1/exe")" != "$(readlink "/proc/$$/exe")" ] && [ "$((0x$caught & 0x4002))" = "$((0x4002))" ] && return
    sleep 0.01
  done
  return 1
}
