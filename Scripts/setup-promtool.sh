#!/bin/sh
# Puts Prometheus' own promtool into a folder, out of Debian's package, without installing the server that is in it too.
set -eu

target=$1
[ ! -x "$target/usr/bin/promtool" ] || exit 0
mkdir -p "$target"
target=$(cd "$target" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Root downloads as a user of its own where it can, who has no right to this folder: that is only worth a warning.
(cd "$work" && apt-get -qq -o APT::Sandbox::User=root download prometheus)
dpkg-deb -x "$work"/prometheus_*.deb "$work/package"
mkdir -p "$target/usr/bin"
mv "$work/package/usr/bin/promtool" "$target/usr/bin/promtool"
