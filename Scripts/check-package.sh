#!/bin/sh
# Checks a Debian package: lintian finds nothing wrong with it, it names the packages that it needs, its pages can be read, and the
# program in it does its job. Nothing is installed: check-package.sh PACKAGE
set -eu

package=$(realpath "$1")
cd "$(dirname "$0")/.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT

say() { printf '%s: %s\n' "$(basename "$package")" "$1"; }
fail() {
  say "$1" >&2
  exit 1
}

lintian --fail-on error,warning --allow-root "$package"
say "lintian has no objection"

dpkg-deb -x "$package" "$tree"
program=$tree/usr/bin/xm-safe
depends=$(dpkg-deb -f "$package" Depends)
# Without a linker's cache of Swift's, and without the paths that the build has left in it.
libraries=$(env -i LC_ALL=C ldd "$program")
case $libraries in
  *'not found'* | *libswift* | *libFoundation*) fail "it needs what no package has: $libraries" ;;
esac
printf '%s\n' "$libraries" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r library; do
  # A package may have it below /lib or below /usr/lib, which are the same.
  name=$({ dpkg-query -S "$library" || dpkg-query -S "$(realpath "$library")" || dpkg-query -S "/usr$library"; } 2>/dev/null |
    sed 's/[:,].*//')
  case ", $depends," in
    *", $name,"* | *", $name ("*) ;;
    *) fail "it needs $name ($library), and does not say so: $depends" ;;
  esac
done
say "it needs $depends"

case $(file -b "$program" 2>/dev/null || echo stripped) in
  *'not stripped'*) fail "the program is not stripped" ;;
esac
for page in "$tree"/usr/share/man/man1/*.1.gz; do
  said=$(gunzip -c "$page" | groff -ww -z -man -Tutf8 -K utf8 2>&1) || fail "$page: $said"
  [ -z "$said" ] || fail "$page: $said"
done
gunzip -c "$tree/usr/share/doc/xm-safe/changelog.gz" | grep -q '^xm-safe (' || fail "there is no changelog"
[ -s "$tree/usr/share/doc/xm-safe/copyright" ] || fail "there is no copyright"
say "its pages can be read"

version=$(dpkg-deb -f "$package" Version)
env -i "$program" --version | grep -q "^xm-safe $version " || fail "the program is not of version $version"
sh Scripts/check-demo.sh "$program"
say "its program does what the README says"
