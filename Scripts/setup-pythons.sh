#!/bin/sh
# Puts a virtual environment with alembic into a folder for each Python from 3.9 on that this machine has: what is on PATH as
# python3.N, and what pyenv keeps where there is one. At least the Python that everything else is set up with is among them.
set -eu

cache=$1
mkdir -p "$cache"

# Names a Python that works for a minor version, or nothing.
find_python() {
  name=python3.$1
  if command -v "$name" > /dev/null 2>&1 && "$name" -c 'import venv, ensurepip' > /dev/null 2>&1; then
    echo "$name"
  elif command -v pyenv > /dev/null 2>&1; then
    for candidate in "$(pyenv root)"/versions/3."$1".*/bin/python; do
      if [ -x "$candidate" ]; then
        echo "$candidate"
        return
      fi
    done
  fi
}

for minor in 9 10 11 12 13 14 15; do
  python=$(find_python "$minor")
  target="$cache/3.$minor"
  # The newest alembic that still has this Python.
  if [ -n "$python" ] && [ ! -f "$target/complete" ]; then
    rm -rf "$target"
    "$python" -m venv "$target"
    "$target/bin/pip" install --quiet --disable-pip-version-check alembic
    touch "$target/complete"
  fi
done
ls -d "$cache"/3.* > /dev/null
