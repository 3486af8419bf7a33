#!/usr/bin/env bash
# Find what tests and figures need besides Python, or install it: debian.sh COMMAND PACKAGE WITHOUT.
set -euo pipefail

command=$1 package=$2 without=$3

say() { echo "$command: $*" >&2; }

if PATH=$PATH:/usr/sbin:/usr/local/sbin command -v "$command" >/dev/null; then
  exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  say "installing Debian's $package"
  if apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null; then
    exit 0
  fi
fi
say "none could be installed: $without; put $command on PATH"
