#!/bin/sh
# Installs the Debian packages that are missing, and does nothing when none is.
set -eu

missing=
for package in "$@"; do
  if ! dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed'; then
    missing="$missing $package"
  fi
done
[ -n "$missing" ] || exit 0

echo "installing:$missing" >&2
# Word splitting is meant: one argument per package.
# shellcheck disable=SC2086
export DEBIAN_FRONTEND=noninteractive
if [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends $missing
else
  sudo apt-get update -qq
  sudo apt-get install -y -qq --no-install-recommends $missing
fi
