# shellcheck shell=bash
# Sourced by tests that need a folder of their own and the built-in service on a free port. The sourcing script has set
# `burstgate`, and fail() comes from here.
folder=$(mktemp -d)
server=
clean_up() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap clean_up EXIT
cd "$folder"

fail() { echo "FAILED: $*"; exit 1; }

# $@: arguments of serve. Afterwards `url` is where it listens.
start_service() {
  "$burstgate" serve --port 0 "$@" >serve.txt 2>&1 &
  server=$!
  for _ in $(seq 100); do
    url=$(grep -oE 'http://[0-9.:]+' serve.txt | head -1) && [ -n "$url" ] && return
    sleep 0.05
  done
  fail "the built-in service did not start"
}
stop_service() { kill "$server"; wait "$server" 2>/dev/null || true; server=; }
