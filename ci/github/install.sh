#!/usr/bin/env bash
# The action's first steps: finds a burstgate, or builds one from the action's own sources.
#   install.sh find    the input `binary`, BURSTGATE_BIN, or PATH; else where a built one is kept, and its cache key
#   install.sh build   builds it, unless the cache had one that runs here
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=ci/github/outputs.sh
source "$root/ci/github/outputs.sh"

runs_here() { "$1" --version 2>/dev/null; }

# The sources that a binary comes from, and the system whose libraries it needs.
cache_key() {
  local system sources
  system=$(. /etc/os-release && echo "$ID$VERSION_ID")
  sources=$(cd "$root" && find CMakeLists.txt CMakePresets.json src ci/packages.sh ci/install.sh -type f -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  echo "burstgate-$system-$(uname -m)-${sources:0:32}"
}

find_binary() {
  local given=${INPUT_BINARY:-${BURSTGATE_BIN:-}} binary
  if [ -n "$given" ]; then
    binary=$(realpath -m -- "$given")
    runs_here "$binary" || { say_error "the given binary cannot be run"; exit 2; }
  elif binary=$(command -v burstgate); then
    runs_here "$binary" || { say_error "the burstgate on PATH cannot be run"; exit 2; }
  else
    put build true
    put key "$(cache_key)"
    put folder "$RUNNER_TEMP/burstgate-bin"
    binary=$RUNNER_TEMP/burstgate-bin/burstgate
  fi
  put binary "$binary"
}

build_binary() {
  runs_here "$FOLDER/burstgate" && return
  # A cached binary may only lack its libraries, which come with the packages.
  # shellcheck source=ci/packages.sh
  source "$root/ci/packages.sh"
  install_packages "${build_packages[@]}"
  runs_here "$FOLDER/burstgate" && return
  "$root/ci/install.sh" "$FOLDER"
}

case "${1:-}" in
  find) find_binary ;;
  build) build_binary ;;
  *) echo "usage: install.sh find|build" >&2; exit 2 ;;
esac
