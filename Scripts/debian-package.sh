#!/bin/sh
# Makes a Debian package of a built xm-safe: debian-package.sh PROGRAM DIRECTORY
set -eu

program=$1
target=$2
cd "$(dirname "$0")/.."
version=$("$program" --version | sed 's/xm-safe \([^ ]*\).*/\1/')
architecture=$(dpkg --print-architecture)
stage=$(mktemp -d)
work=$(mktemp -d)
trap 'rm -rf "$stage" "$work"' EXIT
chmod 755 "$stage"
umask 022

sh Scripts/install.sh "$program" "$stage" /usr
documents="$stage/usr/share/doc/xm-safe"
rm "$documents/LICENSE"
gzip -9n "$stage"/usr/share/man/man1/*.1

# The libraries that the program is linked with: the packages that have them, in the versions that have what it calls. One that is
# built for its tests has more of them, from no package.
mkdir "$work/debian" "$stage/DEBIAN"
printf 'Source: xm-safe\n\nPackage: xm-safe\nArchitecture: any\n' >"$work/debian/control"
if ! (cd "$work" && dpkg-shlibdeps --ignore-missing-info -O "$stage/usr/bin/xm-safe") >"$work/needed" 2>"$work/warnings"; then
  cat "$work/warnings" >&2
  exit 1
fi
depends=$(sed -n 's/^shlibs:Depends=//p' "$work/needed")

# There is no address that a reader could write to.
install -d "$stage/usr/share/lintian/overrides"
printf 'xm-safe: bogus-mail-host *\nxm-safe: bogus-mail-host-in-debian-changelog *\n' >"$stage/usr/share/lintian/overrides/xm-safe"

cat >"$stage/DEBIAN/control" <<CONTROL
Package: xm-safe
Version: $version
Section: database
Priority: optional
Architecture: $architecture
Maintainer: The xm-safe developers <xm-safe@localhost.localdomain>
Installed-Size: $(du -ks "$stage/usr" | cut -f1)
Depends: $depends, sensible-utils
Recommends: curl
Suggests: postgresql-client, mariadb-client, python3
Description: safe alembic upgrades for SQLite, PostgreSQL and MariaDB
 Upgrades the database of an application that uses alembic so that it is
 afterwards entirely new, or entirely as it was. Before an upgrade the
 database is saved into an archive that gunzip can read; whatever fails is
 undone, and proven undone.
CONTROL
cat >"$documents/copyright" <<COPYRIGHT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: xm-safe

Files: *
Copyright: 2026 The xm-safe developers
License: Apache-2.0
Comment:
 The program has parts of Swift's runtime and Foundation, swift-argument-parser,
 swift-log, swift-asn1 and swift-crypto in it, which are under the same license
 (the first two with the Swift Runtime Library Exception); and, through
 swift-crypto, of BoringSSL, whose own files say what holds for them.

License: Apache-2.0
 On Debian systems the full text of the Apache License, version 2.0, is in
 /usr/share/common-licenses/Apache-2.0.
COPYRIGHT
printf 'xm-safe (%s) unstable; urgency=medium\n\n  * See the README.\n\n -- The xm-safe developers <xm-safe@localhost.localdomain>  %s\n' \
  "$version" "$(LC_ALL=C date -R -d "@${SOURCE_DATE_EPOCH:-0}")" | gzip -9n >"$documents/changelog.gz"
(cd "$stage" && find usr -type f -exec md5sum {} +) >"$stage/DEBIAN/md5sums"

mkdir -p "$target"
rm -f "$target"/xm-safe_*.deb
dpkg-deb --root-owner-group --build "$stage" "$target/xm-safe_${version}_$architecture.deb"
