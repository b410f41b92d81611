#!/bin/sh
# Checks a program that is to need nothing: it works where the root of the file system has nothing but itself, a database, migration
# scripts, and the kernel's own /proc, which every container has, and in which the Swift runtime looks for the program's path.
# As root, or where users may have namespaces of their own: check-static.sh PROGRAM
set -eu

program=$(realpath "$1")
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
umask 022
mkdir -p "$root/data/migrations/versions" "$root/proc"
cp "$program" "$root/xm-safe"

fail() {
  printf '%s\n' "$1" >&2
  exit 1
}
if ldd "$program" >/dev/null 2>&1; then fail "it needs libraries"; fi

cat >"$root/data/alembic.ini" <<'INI'
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = sqlite:////data/tracker.db
INI
cat >"$root/data/migrations/versions/5cbe03fe7ed1_add.py" <<'PY'
"""Add a table.

Revision ID: 5cbe03fe7ed1
"""
from alembic import op
import sqlalchemy as sa

revision = '5cbe03fe7ed1'
down_revision = None


def upgrade():
  op.create_table('added', sa.Column('id', sa.Integer, primary_key=True))
PY
sqlite3 "$root/data/tracker.db" 'CREATE TABLE t (a); INSERT INTO t VALUES (1), (2);'
before=$(sqlite3 "$root/data/tracker.db" .dump)

inside() {
  printf '$ xm-safe %s\n' "$*"
  # Only root may do this; anybody may be root in a namespace of his own.
  own=$([ "$(id -u)" -eq 0 ] || echo --map-root-user)
  # shellcheck disable=SC2086 # one option or none
  unshare --mount $own sh -eu -c '
    root=$1
    shift
    mount --rbind /proc "$root/proc"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" /xm-safe "$@"' sh "$root" "$@"
}
inside --version
inside snapshot -c /data/alembic.ini
inside upgrade -c /data/alembic.ini
sqlite3 "$root/data/tracker.db" 'SELECT count(*) FROM added' >/dev/null || fail "the table is not there"
inside check -c /data/alembic.ini
inside verify --all --deep -c /data/alembic.ini
inside list -c /data/alembic.ini
first=$(cd "$root/data/Backups" && printf '%s\n' *-manual-*.sqlite3.gz | sed 's/.*-\([0-9a-f]*\)\.sqlite3\.gz/\1/')
inside restore "$first" -c /data/alembic.ini
[ "$(sqlite3 "$root/data/tracker.db" .dump)" = "$before" ] || fail "the database is not as before"
for archive in "$root"/data/Backups/*.sqlite3.gz; do
  gunzip -c "$archive" >"$root/copy"
  [ "$(sqlite3 "$root/copy" 'PRAGMA integrity_check')" = ok ] || fail "$archive is not whole"
done
echo "it works where there is nothing else"
