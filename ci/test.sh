#!/usr/bin/env bash
# From a bare Debian 12 or Ubuntu to a tested build: installs what is missing, builds with sanitizers and in release
# form, runs all tests in both. Ends with the test runner's summary.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}"
ulimit -n "$(ulimit -Hn)" || true

# Formatting is checked where the one formatter that defines it exists.
if command -v clang-format-14 >/dev/null; then
  git ls-files -z 'src/*.?pp' 'tests/*.?pp' | xargs -0 clang-format-14 --dry-run --Werror
fi

status=0
for preset in dev release; do
  cmake --preset "$preset" -DBURSTGATE_TESTS=ON >/dev/null
  cmake --build --preset "$preset"
  echo "== tests, $preset"
  ctest --preset "$preset" || status=1
done
exit "$status"
