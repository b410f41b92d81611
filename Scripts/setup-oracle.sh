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

# What its template for async engines needs.
if [ ! -f "$oracle/aiosqlite-0.22.1" ]; then
  "$oracle/bin/pip" install --quiet --disable-pip-version-check aiosqlite==0.22.1 greenlet
  touch "$oracle/aiosqlite-0.22.1"
fi

# The drivers for servers that it is tested with.
if [ ! -f "$oracle/psycopg2-2.9.12-psycopg-3.3.4-pymysql-1.2.0" ]; then
  "$oracle/bin/pip" install --quiet --disable-pip-version-check psycopg2-binary==2.9.12 'psycopg[binary]==3.3.4' PyMySQL==1.2.0
  touch "$oracle/psycopg2-2.9.12-psycopg-3.3.4-pymysql-1.2.0"
fi

# Others, that need no compiler.
if [ ! -f "$oracle/asyncpg-0.31.0-pg8000-1.31.6-aiomysql-0.3.2" ]; then
  "$oracle/bin/pip" install --quiet --disable-pip-version-check asyncpg==0.31.0 pg8000==1.31.6 aiomysql==0.3.2
  touch "$oracle/asyncpg-0.31.0-pg8000-1.31.6-aiomysql-0.3.2"
fi

# The oldest stack that XManager has pinned.
oldest="$cache/oracle-oldest"
if [ ! -f "$oldest/alembic-1.4.3-sqlalchemy-1.2.19" ]; then
  rm -rf "$oldest"
  "$python" -m venv "$oldest"
  "$oldest/bin/pip" install --quiet --disable-pip-version-check setuptools wheel
  "$oldest/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation alembic==1.4.3 SQLAlchemy==1.2.19
  touch "$oldest/alembic-1.4.3-sqlalchemy-1.2.19"
fi

if [ ! -f "$oldest/psycopg2-2.9.12-pymysql-1.2.0" ]; then
  "$oldest/bin/pip" install --quiet --disable-pip-version-check psycopg2-binary==2.9.12 PyMySQL==1.2.0
  touch "$oldest/psycopg2-2.9.12-pymysql-1.2.0"
fi

# Both lines of XManager's releases: its code, without what it imports.
for release in 0.8.5.post1:xmanager 0.7.1:xmanager-0.7.1; do
  version=${release%:*}
  xmanager="$cache/${release#*:}"
  if [ ! -f "$xmanager/$version" ]; then
    rm -rf "$xmanager"
    mkdir -p "$xmanager"
    "$oracle/bin/pip" download --quiet --disable-pip-version-check --no-deps \
      --dest "$xmanager" "xmanager==$version"
    "$oracle/bin/python" -m zipfile -e "$xmanager"/*.whl "$xmanager"
    touch "$xmanager/$version"
  fi
done

# What XManager's module for its database needs, to judge its YAML files with.
for stack in "$oracle" "$oldest"; do
  if [ ! -f "$stack/PyYAML-6.0.4" ]; then
    "$stack/bin/pip" install --quiet --disable-pip-version-check PyYAML==6.0.4 attrs
    touch "$stack/PyYAML-6.0.4"
  fi
done

# The applications of the README's recipes and of the chains. MLflow and Langflow come without what they only need for other things
# than their scripts; an old Optuna makes the database that the new one wants upgraded.
applications="$cache/applications"
if [ ! -f "$applications/optuna-5.0.0-mlflow-3.18.0-langflow-1.13.0" ]; then
  rm -rf "$applications" "$cache/optuna-3.1.1"
  "$python" -m venv "$applications"
  pip="$applications/bin/pip install --quiet --disable-pip-version-check"
  $pip alembic==1.20.1 SQLAlchemy==2.0.58 optuna==5.0.0 sqlmodel protobuf==7.36.2 pydantic==2.14.4 \
    opentelemetry-sdk==1.45.2 opentelemetry-proto==1.45.2 cachetools requests sqlparse fastapi importlib_metadata \
    databricks-sdk click
  $pip --no-deps mlflow==3.18.0 langflow-base==1.13.0
  $pip --no-deps --target "$cache/optuna-3.1.1" optuna==3.1.1 cmaes==0.10.0
  touch "$applications/optuna-5.0.0-mlflow-3.18.0-langflow-1.13.0"
fi

# What MLflow's own command needs as well.
if [ ! -f "$applications/python-dotenv-1.2.4" ]; then
  "$applications/bin/pip" install --quiet --disable-pip-version-check python-dotenv==1.2.4
  touch "$applications/python-dotenv-1.2.4"
fi
