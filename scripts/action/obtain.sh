#!/usr/bin/env bash
# Finds the program for this runner: one that is cached, else a release with its checksum when one is named,
# else a build of this action's own source. Sets the output `binary`.
#
#   obtain.sh           as a step of action.yml
#   obtain.sh --key     prints the folder's name in the tool cache, and nothing is done
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_folder=${GITHUB_ACTION_PATH:-$here/../..}
# shellcheck source=scripts/action/runner.sh
. "$here/runner.sh"

version=${INPUT_VERSION:-}
version=${version#v}
platform=$(uname -s | tr '[:upper:]' '[:lower:]')-$(uname -m)

sha256=(sha256sum)
command -v sha256sum >/dev/null || sha256=(shasum -a 256)

# What the build reads, as one word.
source_hash() {
    (
        cd "$source_folder"
        find Cargo.toml Cargo.lock src policies schema templates -type f -print0 | LC_ALL=C sort -z |
            xargs -0 "${sha256[@]}" | "${sha256[@]}" | cut -c 1-16
    )
}

key() {
    if [ -n "$version" ]; then printf 'v%s-%s\n' "$version" "$platform"; else printf 'src-%s-%s\n' "$(source_hash)" "$platform"; fi
}

checked_inputs() {
    case "${INPUT_BROWSER:-require}" in require | auto | never) ;;
    *) stop 2 "browser: '$INPUT_BROWSER' – require, auto, never." ;; esac
    case "${INPUT_ON_INCONCLUSIVE:-fail}" in fail | warn) ;;
    *) stop 2 "on-inconclusive: '$INPUT_ON_INCONCLUSIVE' – fail, warn." ;; esac
    case "${INPUT_STRICT:-false}" in true | false) ;;
    *) stop 2 "strict: '$INPUT_STRICT' – true, false." ;; esac
    # The version becomes a part of an address and of a path.
    [[ -z $version || $version =~ ^[0-9]+\.[0-9]+\.[0-9]+([.+-][0-9A-Za-z.-]*)?$ ]] ||
        stop 2 "version: '$version' – 1.2.3."
}

# A program that starts: one built for another system does not.
starts() { # FILE
    [ -x "$1" ] && "$1" --version >/dev/null 2>&1
}

# Puts a program into the cache in one step, so that a second job never sees half of it.
keep() { # FILE
    mkdir -p "$cache"
    local fresh
    fresh=$(mktemp -d "$cache/.new.XXXXXX")
    cp "$1" "$fresh/rasoat"
    chmod 755 "$fresh" "$fresh/rasoat"
    # Another job of the same machine may have been faster.
    if [ -e "$cache/$key" ]; then rm -rf "$fresh"; else mv "$fresh" "$cache/$key"; fi
}

# The release's archive for this system into the cache; nothing where there is no such release.
released() {
    local triple name address file status wanted found
    case "$platform" in
    linux-x86_64 | linux-amd64) triple=x86_64-unknown-linux-gnu ;;
    linux-aarch64 | linux-arm64) triple=aarch64-unknown-linux-gnu ;;
    *) return ;;
    esac
    name=rasoat-$version-$triple.tar.gz
    # A local action (`uses: ./`) has no repository of its own: it is the one that is checked out.
    address=${GITHUB_SERVER_URL:-https://github.com}/${GITHUB_ACTION_REPOSITORY:-${GITHUB_REPOSITORY:-}}/releases/download/v$version/$name
    printf '%s\n' "$address"
    for file in "$name" "$name.sha256"; do
        status=0
        curl --fail --silent --show-error --location --proto '=https,http' --retry 3 --connect-timeout 10 --max-time 300 \
            --max-filesize 200000000 --output "$work/$file" "${address%"$name"}$file" || status=$?
        # 22: the server answered, with an error.
        [ "$status" -ne 22 ] || return 0
        [ "$status" -eq 0 ] || stop 70 "không tải được – cannot download $file (curl: $status)."
    done
    wanted=$(LC_ALL=C tr '[:upper:]' '[:lower:]' <"$work/$name.sha256" | cut -c 1-64)
    found=$("${sha256[@]}" <"$work/$name" | cut -c 1-64)
    [[ $wanted =~ ^[0-9a-f]{64}$ ]] || stop 70 "$name.sha256: không phải mã SHA-256 – holds no SHA-256 checksum."
    # A wrong checksum is never a reason to try something else.
    [ "$wanted" = "$found" ] ||
        stop 70 "$name: sai mã kiểm tra – wrong checksum (SHA-256 $found; $name.sha256: $wanted)."
    mkdir "$work/release"
    tar -xzf "$work/$name" -C "$work/release" || stop 70 "$name: không giải nén được – cannot be unpacked."
    found=$(find "$work/release" -type f -name rasoat | head -n 1)
    [ -n "$found" ] || stop 70 "$name: không có tệp rasoat – holds no file rasoat."
    starts "$found" || stop 70 "$name: chương trình không chạy được trên máy này – the program does not start on this machine."
    keep "$found"
}

own_version() {
    sed -n 's/^version = "\(.*\)"$/\1/p' "$source_folder/Cargo.toml" | head -n 1
}

# `cargo` new enough for the source; rustup adds a toolchain where the installed one is too old.
toolchain() {
    local wanted have
    command -v cargo >/dev/null || stop 70 "không có cargo để biên dịch: cài Rust, hoặc dùng đầu vào version – no cargo to build with: install Rust, or name a release by the input version."
    wanted=$(sed -n 's/^rust-version = "\(.*\)"$/\1/p' "$source_folder/Cargo.toml")
    have=$(cargo --version | cut -d ' ' -f 2)
    if [ "$(printf '%s\n%s\n' "$wanted" "${have%%-*}" | sort -V | head -n 1)" != "$wanted" ] && command -v rustup >/dev/null; then
        rustup toolchain install stable --profile minimal --no-self-update
        export RUSTUP_TOOLCHAIN=stable
    fi
}

built() {
    toolchain
    # In the source's folder and without the job's own settings, so that those of the checked project do not count.
    (
        cd "$source_folder"
        env -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
            cargo build --release --locked --bin rasoat --target-dir "$work/target"
    ) || stop 70 "không biên dịch được rasoat – rasoat could not be built."
    starts "$work/target/release/rasoat" || stop 70 "rasoat vừa biên dịch không chạy được – the built rasoat does not start."
    keep "$work/target/release/rasoat"
}

if [ "${1:-}" = --key ]; then
    key
    exit
fi
checked_inputs
key=$(key)
cache=$(tool_cache)
if ! starts "$cache/$key/rasoat"; then
    rm -rf "${cache:?}/${key:?}"
    work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/rasoat-obtain.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    echo "::group::rasoat $key"
    [ -z "$version" ] || released
    if ! [ -e "$cache/$key" ]; then
        # A release that is not there may be built when it is what this source says it is.
        [ -z "$version" ] || [ "$version" = "$(own_version)" ] ||
            stop 70 "không có bản phát hành v$version cho máy này – there is no release v$version for this machine ($platform)."
        built
    fi
    echo '::endgroup::'
fi
echo "$("$cache/$key/rasoat" --version): $cache/$key"
# Later steps may call it by its name, to merge reports or to render them again.
[ -z "${GITHUB_PATH:-}" ] || printf '%s\n' "$cache/$key" >>"$GITHUB_PATH"
output binary "$cache/$key/rasoat"
