#!/usr/bin/env bash
# The release's archive, made from the program that `scripts/test build` left: what is in it, that packing it again
# under other settings gives the same bytes, and that the action's own script takes it. A proof of the compiler's
# bytes needs two builds: scripts/release in two checkouts, as docs/release.md says.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-target}
program=$(realpath "${1:-$target/release/rasoat}")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "archive: $*" >&2 && exit 1; }

rm -rf "$target/dist"
scripts/release --program "$program"
archive=$(echo "$target"/dist/rasoat-*.tar.gz)
cp "$archive" "$scratch/first.tar.gz"
(umask 077 && TZ=Asia/Ho_Chi_Minh LANG=vi_VN.UTF-8 LC_ALL=C RASOAT_LANG=en TAR_OPTIONS=--owner=7 GZIP=-1 \
    scripts/release --program "$program") >/dev/null
cmp "$scratch/first.tar.gz" "$archive" || fail 'packed again it is another archive'
.venv/bin/python tests/release/archive.py "$archive"

echo '-- refusals'
! scripts/release --program "$scratch/none" 2>"$scratch/said" || fail 'a program that is not there was packed'
grep -q -- '--program FILE' "$scratch/said" || fail "$(cat "$scratch/said")"
! scripts/release no-such-target 2>"$scratch/said" || fail 'a target that does not exist was built'
if [ -n "$(git status --porcelain)" ]; then
    grep -q 'no commit holds' "$scratch/said" || fail "$(cat "$scratch/said")"
else
    grep -q 'no linker' "$scratch/said" || fail "$(cat "$scratch/said")"
fi
echo 'archive: all is well'
