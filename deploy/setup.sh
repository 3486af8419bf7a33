#!/usr/bin/env bash
# Make the virtual environment $1 with exactly what the lock names. Quick when it is there already.
set -euo pipefail
venv=${1:-.venv}

say() { echo "setup: $*" >&2; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  say "Python 3.11 or newer is needed: install it, or name it with PYTHON=/path/to/python3"
  return 1
}

install_venv_module() {
  # Debian keeps ensurepip in a package of its own, named after the interpreter's version.
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say "this Python cannot make virtual environments: install its venv package (Debian: python3-venv)"
    return 1
  fi
  say "installing Debian's python3-venv"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
}

python=$(find_python)
if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  "$python" -c 'import ensurepip, venv' 2>/dev/null || install_venv_module
  say "making $venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
fi
say "installing the locked packages"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-schemas.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
say "ready: $venv/bin/cop"
