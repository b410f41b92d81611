#!/bin/sh
# Puts what the tests compare with into a folder: a virtual environment with the real alembic, and XManager's wheel.
# Each part is made once; a part that was interrupted is made again.
set -eu

cache=$1
python=${PYTHON:-python3}
mkdir -p "$cache"

oracle="$cache/oracle"
if [ ! -f "$oracle/alembic-1.20.1-sqlalchemy-2.1.9" ]; then
  rm -rf "$oracle"
  "$python" -m venv "$oracle"
  "$oracle/bin/pip" install --quiet --disable-pip-version-check alembic==1.20.1 SQLAlchemy==2.1.9
  touch "$oracle/alembic-1.20.1-sqlalchemy-2.1.9"
fi

xmanager="$cache/xmanager"
if [ ! -f "$xmanager/0.8.5.post1" ]; then
  rm -rf "$xmanager"
  mkdir -p "$xmanager"
  "$oracle/bin/pip" download --quiet --disable-pip-version-check --no-deps \
    --dest "$xmanager" xmanager==0.8.5.post1
  "$oracle/bin/python" -m zipfile -e "$xmanager"/*.whl "$xmanager"
  touch "$xmanager/0.8.5.post1"
fi
