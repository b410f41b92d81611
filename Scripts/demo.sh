#!/bin/sh
# Shows the program's main job on a database like those that XManager 0.2 left on disks: an upgrade that works, an upgrade
# that fails half-way and is undone, the list of snapshots, a restore. Takes the path of xm-safe; leaves everything in demo/.
set -eu

xm_safe=$1
cd "$(dirname "$0")/.."
rm -rf demo
mkdir -p demo/migrations/versions
cd demo

# Bold on a terminal only.
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  say() { printf '\n\033[1m# %s\033[0m\n' "$1"; }
else
  say() { printf '\n# %s\n' "$1"; }
fi
run() {
  printf '$ xm-safe %s\n' "$*"
  status=0
  "$xm_safe" "$@" || status=$?
  [ "$status" -eq 0 ] || printf '(exit code %s)\n' "$status"
}

sqlite3 experiments.sqlite3 <<'SQL'
CREATE TABLE Experiment (Id INTEGER, Title TEXT, PRIMARY KEY(Id));
CREATE TABLE Job (ExperimentId INTEGER, Name TEXT, Data TEXT, PRIMARY KEY(ExperimentId, Name));
INSERT INTO Experiment VALUES (1660000000001, 'cifar resnet sweep'), (1660000000002, 'imagenet ablation');
INSERT INTO Job VALUES (1660000000001, 'train', 'local { pid: "4711" }'), (1660000000002, 'eval', x'63616970');
SQL

cat >alembic.ini <<'INI'
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = sqlite:///experiments.sqlite3
INI

cat >migrations/versions/5cbe03fe7ed1_rename.py <<'PY'
"""Rename tables and columns.

Revision ID: 5cbe03fe7ed1
"""
from alembic import op
import sqlalchemy as sa

revision = '5cbe03fe7ed1'
down_revision = None


def upgrade():
  with op.batch_alter_table('Experiment') as batch_op:
    batch_op.alter_column('Id', new_column_name='experiment_id', type_=sa.BigInteger())
    batch_op.alter_column('Title', new_column_name='experiment_title', type_=sa.String(255))
  op.rename_table('Job', 'jobs')
PY

cat >migrations/versions/106c21f078d5_example.py <<'PY'
"""Create Example table.

Revision ID: 106c21f078d5
"""
from alembic import op
import sqlalchemy as sa

revision = '106c21f078d5'
down_revision = '5cbe03fe7ed1'


def upgrade():
  op.create_table('Example', sa.Column('Id', sa.Integer, primary_key=True))
PY

say 'An upgrade that works'
run upgrade

cat >migrations/versions/9d3e1c7a2b40_broken.py <<'PY'
"""Move the jobs, and fail half-way.

Revision ID: 9d3e1c7a2b40
"""
from alembic import op
import sqlalchemy as sa

revision = '9d3e1c7a2b40'
down_revision = '106c21f078d5'


def upgrade():
  op.create_table('archive', sa.Column('Id', sa.Integer, primary_key=True))
  op.execute('DELETE FROM jobs')
  op.drop_table('Example')
  op.execute('INSERT INTO archive SELECT Id FROM no_such_table')
PY

say 'An upgrade that fails half-way: on a copy, and when that is left out, undone'
run upgrade
run upgrade --no-rehearsal
run current
printf '$ sqlite3 experiments.sqlite3 "SELECT count(*) FROM jobs"\n'
sqlite3 experiments.sqlite3 'SELECT count(*) FROM jobs'

say 'The snapshots'
run list

say 'The first one put back'
first=$("$xm_safe" list --json -q | sed -n 's/.*"id" : "\([0-9a-f]*\)".*/\1/p' | head -n 1)
run restore "$first"
run current
printf '$ sqlite3 experiments.sqlite3 .tables\n'
sqlite3 experiments.sqlite3 .tables

say 'Without xm-safe, gunzip is enough'
printf '$ gunzip -c Backups/*-%s.sqlite3.gz > copy.sqlite3\n' "$first"
gunzip -c Backups/*-"$first".sqlite3.gz >copy.sqlite3
printf '$ sqlite3 copy.sqlite3 "PRAGMA integrity_check"\n'
sqlite3 copy.sqlite3 'PRAGMA integrity_check'
