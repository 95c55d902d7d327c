#!/usr/bin/env bash
# Builds burstgate from this checkout, without tests, and puts the binary into a folder:
#   ci/install.sh ~/.local/bin
# Installs what the build needs with apt, on Debian 12 or Ubuntu 24.04.
set -euo pipefail
folder=$(realpath -m -- "${1:-$HOME/.local/bin}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source ci/packages.sh
install_packages "${build_packages[@]}"
cmake --preset release -DBURSTGATE_TESTS=OFF >/dev/null
cmake --build --preset release --target burstgate
install -D -m 755 build/release/burstgate "$folder/burstgate"
"$folder/burstgate" --version
