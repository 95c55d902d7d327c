# shellcheck shell=bash
# Sourced by the action's scripts: what they hand on to the runner.

# An output of this step. The end mark cannot be guessed, so no value can end early and set another output.
put() {
  local mark
  mark="end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  printf '%s<<%s\n%s\n%s\n' "$1" "$mark" "$2" "$mark" >>"$GITHUB_OUTPUT"
}

# An error that the runner shows at the top of the page. Only fixed texts: an input may hold anything.
say_error() { printf '::error title=burstgate::%s\n' "$1"; }
