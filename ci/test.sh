#!/usr/bin/env bash
# From a bare Debian 12 or Ubuntu to a tested build: installs what is missing, builds in release form and with sanitizers,
# runs all tests. Ends with the test runner's summary.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}"
fetch_program prometheus promtool build/tools 'OpenMetrics is not checked by it'
fetch_program prometheus-pushgateway prometheus-pushgateway build/tools 'nothing is pushed to a real one'
export PATH=$PWD/build/tools:$PATH
ulimit -n "$(ulimit -Hn)" || true

# Formatting is checked where the one formatter that defines it exists.
if command -v clang-format-14 >/dev/null; then
  git ls-files -z 'src/*.?pp' 'tests/*.?pp' | xargs -0 clang-format-14 --dry-run --Werror
fi

ci/lint-workflows.sh

# The release binary first, in whole comparisons; then everything else with sanitizers.
cmake --preset release -DBURSTGATE_TESTS=ON >/dev/null
cmake --build --preset release --target burstgate integration_hostile_test
echo "== whole comparisons and hostile servers, release"
status=0
ctest --preset release -L release -j2 || status=1

cmake --preset dev -DBURSTGATE_TESTS=ON >/dev/null
cmake --build --preset dev
echo "== all other tests, ASan + UBSan"
ctest --preset dev -j2 -LE release-only || status=1
exit "$status"
