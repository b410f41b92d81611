#!/bin/sh
# Runs the README's demonstration with a program, shows it, and checks that it did what the README says: check-demo.sh PROGRAM
set -eu

program=$(realpath "$1")
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Shown while it runs; its exit code does not pass through the pipe, but what a failed one would not have said is looked for.
sh Scripts/demo.sh "$program" 2>&1 | tee "$log"
for line in \
  '^upgraded .*/experiments.sqlite3' \
  '^(exit code 20)$' \
  'state: the database is exactly as it was before' \
  '^restored .*/experiments.sqlite3' \
  '^ok$'; do
  grep -q -e "$line" "$log" || {
    echo "the demonstration has not said: $line" >&2
    exit 1
  }
done
