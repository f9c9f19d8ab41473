#!/usr/bin/env bash
# What comes into the program from others: cargo-deny holds Cargo.lock to deny.toml, and planted faults prove that it
# does; the compiler is the one that the manifest promises; the package holds what a build from it reads. Takes what
# tests/clients/reports.sh installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "supply: $*" >&2 && exit 1; }
deny() { "$root/.venv/bin/cargo-deny" --color never --locked "$@" 2>&1; }

echo '-- licences, bans, sources'
# A warning is a permission that nothing needs any more.
deny check --deny warnings licenses bans sources

echo '-- planted faults'
refused() { # WHAT, WORDS: one line of deny.toml is another
    ! cmp --silent deny.toml "$scratch/deny.toml" || fail "$1: nothing was planted"
    ! deny --config "$scratch/deny.toml" check licenses bans sources >"$scratch/said" || fail "$1 was let through"
    grep -q "$2" "$scratch/said" || fail "$1: $(tail -n 3 "$scratch/said")"
}
sed 's/"MIT", //' deny.toml >"$scratch/deny.toml"
refused 'a licence that is not allowed' 'licenses FAILED'
sed '/crate = "quick-xml@/d' deny.toml >"$scratch/deny.toml"
refused 'a second version without a reason' "duplicate entries for crate 'quick-xml'"
sed 's/crate = "openssl"/crate = "memchr"/' deny.toml >"$scratch/deny.toml"
refused 'a banned crate' 'bans FAILED'
sed 's/^allow-git = \[\]/&\nallow-registry = []/' deny.toml >"$scratch/deny.toml"
refused 'a place that is not allowed' 'sources FAILED'
mkdir "$scratch/wild"
ln -s "$root"/{src,benches,tests,policies,templates,Cargo.lock,README.md} "$scratch/wild/"
sed 's/^memchr = "2"$/memchr = "*"/' Cargo.toml >"$scratch/wild/Cargo.toml"
grep -q '^memchr = "\*"$' "$scratch/wild/Cargo.toml" || fail 'no wildcard was planted'
! deny --manifest-path "$scratch/wild/Cargo.toml" --config deny.toml check bans >"$scratch/said" || fail 'a wildcard was let through'
grep -q 'wildcard dependency' "$scratch/said" || fail "wildcard: $(tail -n 3 "$scratch/said")"

echo '-- advisories'
database=https://github.com/rustsec/advisory-db
if getent hosts github.com >/dev/null && timeout 20 git ls-remote --quiet "$database" HEAD >/dev/null 2>&1; then
    deny check advisories
else
    echo 'the database of advisories cannot be reached from here: not asked (cargo deny check advisories)'
fi

echo '-- compiler'
promised=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' Cargo.toml)
runs=$(rustc --version | cut -d ' ' -f 2)
[ "${runs%.*}" = "$promised" ] ||
    fail "this is Rust $runs, and Cargo.toml promises $promised: what is promised is what is tested here; raise rust-version and the images"
grep -q "^FROM rust:$promised-" Dockerfile || fail "the Dockerfile builds with another Rust than $promised"
grep -q "default: rust:$promised-" templates/rasoat.yml || fail "the GitLab component builds with another Rust than $promised"

echo '-- package'
cargo package --list --locked --allow-dirty >"$scratch/list"
for file in $(git ls-files src policies schema templates) Cargo.lock LICENSE README.md; do
    grep -qxF "$file" "$scratch/list" || fail "the package lacks $file"
done
for folder in .ci benches fuzz node_modules scripts tests; do
    ! grep -q "^$folder/" "$scratch/list" || fail "the package carries $folder"
done
echo 'supply: all is well'
