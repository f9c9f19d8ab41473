#!/usr/bin/env bash
# Proves that a release can be made again: two checkouts in two folders, with other homes, masks, time zones and
# languages, are built from nothing and give the same archive. Takes as long as two release builds take; a cheaper
# profile shows the same of paths and times: CARGO_PROFILE_RELEASE_OPT_LEVEL=0 tests/release/twice.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
unset CARGO_TARGET_DIR
cargo_home=$(realpath "${CARGO_HOME:-$HOME/.cargo}")
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}

git clone --quiet . "$scratch/one"
(cd "$scratch/one" && umask 022 && LC_ALL=C TZ=UTC scripts/release)

mkdir -p "$scratch/home/cargo" "$scratch/somewhere/else/in"
# Another home of cargo with the same packages.
[ ! -d "$cargo_home/registry" ] || cp -r "$cargo_home/registry" "$scratch/home/cargo/"
(
    umask 077
    git clone --quiet . "$scratch/somewhere/else/in/two"
    cd "$scratch/somewhere/else/in/two"
    find . -path ./.git -prune -o -type f -exec touch -d '2001-02-03 04:05' {} +
    HOME=$scratch/home CARGO_HOME=$scratch/home/cargo LC_ALL=vi_VN.UTF-8 TZ=Asia/Ho_Chi_Minh USER=another \
        RASOAT_LANG=en scripts/release
)
for one in "$scratch"/one/target/dist/*; do
    two=$scratch/somewhere/else/in/two/target/dist/$(basename "$one")
    cmp "$one" "$two" || { echo "twice: $(basename "$one") differs" >&2 && exit 1; }
done
# What the compilers saw is not in the program.
tar -xzOf "$scratch"/one/target/dist/rasoat-*.tar.gz --wildcards '*/rasoat' >"$scratch/rasoat"
! grep -qaF -e "$scratch" -e "$cargo_home" "$scratch/rasoat" || { echo 'twice: the program tells where it was built' >&2 && exit 1; }
echo 'twice: the same bytes'
