#!/usr/bin/env bash
# Find the ogrinfo that the standards' outputs are read with in tests, or install one.
set -euo pipefail

say() { echo "gdal: $*" >&2; }

if command -v ogrinfo >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing Debian's gdal-bin"
  if apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gdal-bin >/dev/null; then
    exit 0
  fi
fi
say "none could be installed: tests with ogrinfo are skipped; put it on PATH"
