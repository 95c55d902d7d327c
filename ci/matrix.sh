#!/usr/bin/env bash
# What takes longer than a pull request should wait: clang 14 with warnings as errors, and the whole suite under TSan.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}" "${matrix_packages[@]}"
for preset in clang tsan; do
  cmake --preset "$preset" >/dev/null
  cmake --build --preset "$preset"
  echo "== tests, $preset"
  ctest --preset "$preset"
done
