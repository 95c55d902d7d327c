#!/usr/bin/env bash
# Installs what is missing, with apt, on Debian 12 or Ubuntu. Sourced by demo.sh and test.sh.
# shellcheck disable=SC2034  # the lists are used where this is sourced
set -euo pipefail

build_packages=(g++ cmake ninja-build ccache pkg-config libssl-dev libnghttp2-dev zlib1g-dev nlohmann-json3-dev libyaml-cpp-dev
  libfmt-dev libcxxopts-dev)
test_packages=(doctest-dev nginx-light nghttp2-server openssl libxml2-utils strace wrk apache2-utils redis-server redis-tools
  postgresql perl-base python3-jsonschema python3-yaml
  python3-websockets clang-format-14 procps chromium fonts-dejavu-core mandoc zsh fish nodejs curl git make shellcheck)
# Only for the extra compilers and sanitizers of ci/matrix.sh, and for tests/bench.
matrix_packages=(clang-14 libclang-rt-14-dev clang-tidy-14)
bench_packages=(wrk apache2-utils nghttp2-client nghttp2-server h2o hey nginx-light nodejs node-ws perl-base python3-minimal)

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

# A command may be there without its package (nginx from elsewhere, for example).
is_there() {
  case "$1" in
    nginx-light) command -v nginx >/dev/null || is_installed nginx-light ;;
    *) is_installed "$1" ;;
  esac
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Debian 12 has Boost 1.81 beside its default 1.74; elsewhere the default is what there is.
boost_is_there() {
  local version
  version=$(awk '/define BOOST_VERSION /{print $3}' /usr/include/boost/version.hpp 2>/dev/null)
  [ "${version:-0}" -ge 108100 ]
}
boost_package() {
  if apt-cache show libboost1.81-dev >/dev/null 2>&1; then echo libboost1.81-dev; else echo libboost-dev; fi
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    is_there "$package" || missing+=("$package")
  done
  boost_is_there || missing+=(boost)
  [ "${#missing[@]}" = 0 ] && return 0
  echo "installing: ${missing[*]}"
  as_root apt-get update -q >/dev/null
  missing=("${missing[@]/#boost/$(boost_package)}")
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
}

# These packages of Debian's bring a server that starts by itself: only the one program is unpacked. $1: the package, $2:
# the program, $3: the folder it goes to, $4: what is not tested without it.
fetch_program() {
  [ ! -x "$3/$2" ] || return 0
  local unpacked
  unpacked=$(mktemp -d)
  if (cd "$unpacked" && apt-get download -q "$1" && dpkg-deb -x "$1"_*.deb .) >/dev/null 2>&1; then
    mkdir -p "$3"
    cp "$unpacked/usr/bin/$2" "$3/$2"
  else
    echo "$2 could not be had: $4"
  fi
  rm -rf "$unpacked"
}
