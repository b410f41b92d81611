#!/bin/sh
# Puts a built xm-safe where other programs are: the program, its manual pages, completions for three shells, its documents.
#
#     install.sh PROGRAM DESTDIR PREFIX
set -eu

program=$1
root=$2$3
cd "$(dirname "$0")/.."

install -d "$root/bin" "$root/share/man/man1" "$root/share/doc/xm-safe" \
  "$root/share/bash-completion/completions" "$root/share/zsh/site-functions" "$root/share/fish/vendor_completions.d"
install -m 755 "$program" "$root/bin/xm-safe"
# What is stripped is only of use to a debugger.
if command -v strip >/dev/null; then strip --remove-section=.comment --remove-section=.note "$root/bin/xm-safe"; fi

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
"${PYTHON:-python3}" Scripts/man-pages.py "$program" "$pages"
install -m 644 "$pages"/*.1 "$root/share/man/man1/"

complete() {
  # It is read by a shell that runs, and is no program.
  "$program" --generate-completion-script "$1" | sed '1{/^#!/d}' >"$pages/script"
  install -m 644 "$pages/script" "$root/share/$2"
}
complete bash bash-completion/completions/xm-safe
complete zsh zsh/site-functions/_xm-safe
complete fish fish/vendor_completions.d/xm-safe.fish

# At the places that the links in them lead to; the recordings of the tests are for whoever builds it, and stay there.
for document in README.md LICENSE Documentation/*.md Backups/README.md Conformance/README.md Fuzz/README.md Torture/README.md; do
  install -d "$root/share/doc/xm-safe/$(dirname "$document")"
  sed 's|\[Tests/Fixtures/Transcripts\](Tests/Fixtures/Transcripts)|`Tests/Fixtures/Transcripts` in the source|' "$document" >"$pages/document"
  install -m 644 "$pages/document" "$root/share/doc/xm-safe/$document"
done
