#!/usr/bin/env bash
# Find the browser that the tests drive, or install one; $1 is the Python that has Playwright.
set -euo pipefail
python=${1:-.venv/bin/python}

say() { echo "browser: $*" >&2; }

apt_install() {
  say "installing Debian's $*"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

driver_runs() {
  "$python" - <<'PY'
import subprocess, sys
from playwright._impl._driver import compute_driver_executable

sys.exit(subprocess.run([compute_driver_executable()[0], "--version"], capture_output=True).returncode)
PY
}

has_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
    command -v google-chrome >/dev/null || "$python" - <<'PY'
import pathlib, sys
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PY
}

if ! driver_runs; then
  # the driver's own Node.js is linked against it, and a bare Debian does not have it
  if ! can_apt; then
    say "Playwright's driver does not start: install libatomic (Debian: libatomic1)"
    exit 1
  fi
  apt_install libatomic1
fi
if ! has_browser; then
  if can_apt; then
    apt_install chromium
  else
    say "fetching Playwright's Chromium"
    "$python" -m playwright install chromium || {
      say "no browser could be installed: put Chromium on PATH"
      exit 1
    }
  fi
fi
if can_apt && ! command -v chromium-headless-shell >/dev/null; then
  apt_install chromium-headless-shell ||
    say "no chromium-headless-shell: tests take the whole Chromium, and longer"
fi
if can_apt && [ -z "$(fc-list :lang=zh-hk file 2>/dev/null)" ]; then
  apt_install fontconfig fonts-noto-cjk || say "no Chinese font: screenshots will show boxes"
fi
