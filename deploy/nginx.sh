#!/usr/bin/env bash
# Find the nginx before which the public site's cache is tested and measured, or install one.
set -euo pipefail

say() { echo "nginx: $*" >&2; }

if PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing Debian's nginx-light"
  if apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; then
    exit 0
  fi
fi
say "none could be installed: tests of the cache are skipped; put nginx on PATH"
