#!/usr/bin/env bash
# From a bare Debian 12 or Ubuntu to the demo: installs what is missing, builds, and shows the main job on the built-in
# service: a baseline recorded, an unchanged build that passes, a slower build that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
source ci/packages.sh
install_packages "${build_packages[@]}"
cmake --preset release -DBURSTGATE_TESTS=OFF >/dev/null
cmake --build --preset release --target burstgate
exec build/release/burstgate demo build/burstgate-demo
