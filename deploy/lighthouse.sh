#!/usr/bin/env bash
# Put Lighthouse, exactly as bench/lighthouse locks it, into the folder $1. What is missing and
# cannot be installed is said, not refused: the benchmark then goes on without it.
set -euo pipefail
folder=${1:-.data/lighthouse}
wanted=$(dirname "$0")/../bench/lighthouse
marker=$folder/node_modules/.package-lock.json

say() { echo "lighthouse: $*" >&2; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

has_node() {
  command -v npm >/dev/null &&
    node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null
}

if ! has_node && can_apt; then
  say "installing Debian's nodejs and npm"
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null || true
fi
if ! has_node; then
  say "Node.js 18 or newer with npm is needed; there are no figures of it without"
  exit 0
fi
if [ -e "$marker" ] && cmp -s "$wanted/package-lock.json" "$folder/package-lock.json"; then
  exit 0
fi
say "installing the locked packages"
mkdir -p "$folder"
rm -f "$marker"
cp "$wanted/package.json" "$wanted/package-lock.json" "$folder/"
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null ||
  say "its packages cannot be had now; there are no figures of it without"
