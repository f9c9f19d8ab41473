#!/usr/bin/env bash
# Finds the browser that the input `browser` asks for, and axe-core where a chosen policy asks for accessibility.
# Sets the outputs `program` and `axe`, empty for none: then rasoat looks for itself. Never fails the step: what is
# missing is a gap in the report, with its remedy.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_folder=${GITHUB_ACTION_PATH:-$here/../..}
# shellcheck source=scripts/action/runner.sh
. "$here/runner.sh"

# Google's own packages first: their sandbox works where Ubuntu forbids it to programs it does not know.
programs='google-chrome-stable google-chrome chromium chromium-browser'

# The first browser that starts: Ubuntu's package of that name only says that there is a snap.
found_program() {
    local name
    for name in $programs; do
        if command -v "$name" >/dev/null && timeout 20 "$name" --version >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

install_program() {
    command -v apt-get >/dev/null || return 0
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || return 0
        root=(sudo -n)
    fi
    local apt=(${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get --yes --quiet -o DPkg::Lock::Timeout=60)
    echo '::group::apt-get install chromium'
    "${apt[@]}" install --no-install-recommends chromium ||
        { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends chromium; } || true
    echo '::endgroup::'
}

# Whether the chosen policies ask for accessibility: the program itself says what its rules check, so that an overlay
# and the file rasoat.yml count too. Combined rules may hold such a check, so they count as one.
asks_for_axe() {
    local probe="$work/probe" policies=() name policy
    mkdir "$probe"
    printf '<!doctype html><title>–</title>\n' >"$probe/index.html"
    lines_of "${INPUT_POLICY:-}"
    for policy in ${ITEMS[@]+"${ITEMS[@]}"}; do policies+=("--policy=$policy"); done
    arguments_of "${INPUT_ARGS:-}"
    set -- ${ARGUMENTS[@]+"${ARGUMENTS[@]}"}
    while [ $# -gt 0 ]; do
        name=$1
        case "$name" in
        -p | --policy) [ $# -lt 2 ] || { policies+=("--policy=$2") && shift; } ;;
        --policy=*) policies+=("$name") ;;
        esac
        shift
    done
    # What is wrong with them is told by the run itself.
    "$BINARY" check ${policies[@]+"${policies[@]}"} --browser never --quiet --report "json=$probe/report.json" \
        -- "$probe/index.html" >/dev/null 2>&1 || true
    grep -Eqs '"check": *"(wcag|all_of|any_of|none_of)"' "$probe/report.json"
}

# axe-core as package-lock.json pins it, by version and checksum; the rest of that file is for tests.
install_axe() {
    local lock="$source_folder/package-lock.json" version fresh
    command -v node >/dev/null && command -v npm >/dev/null || return 0
    version=$(node -p 'require(process.argv[1]).packages["node_modules/axe-core"].version' "$lock") || return 0
    axe=$(tool_cache)/axe-core-$version/node_modules/axe-core/axe.min.js
    if ! [ -s "$axe" ]; then
        fresh=$work/axe
        mkdir "$fresh"
        node - "$lock" "$fresh" <<'JS' || return 0
const fs = require('fs'), [lock, to] = process.argv.slice(2);
const name = 'node_modules/axe-core';
const { dev, ...entry } = JSON.parse(fs.readFileSync(lock, 'utf8')).packages[name];
const root = { name: 'axe', version: '1.0.0', dependencies: { 'axe-core': entry.version } };
fs.writeFileSync(`${to}/package.json`, JSON.stringify(root));
fs.writeFileSync(`${to}/package-lock.json`, JSON.stringify({ ...root, lockfileVersion: 3, packages: { '': root, [name]: entry } }));
JS
        echo "::group::npm ci axe-core@$version"
        (cd "$fresh" && npm ci --ignore-scripts --no-fund --no-audit) || true
        echo '::endgroup::'
        if [ -s "$fresh/node_modules/axe-core/axe.min.js" ]; then
            mkdir -p "$(tool_cache)"
            rm -rf "$(tool_cache)/axe-core-$version"
            mv "$fresh" "$(tool_cache)/axe-core-$version"
        fi
    fi
    [ -s "$axe" ] || axe=
}

wanted=${INPUT_BROWSER:-require} program='' axe=''
if [ "$wanted" != never ]; then
    work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/rasoat-browser.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    # A program that people name themselves is theirs to provide.
    if [ -z "${RASOAT_BROWSER_PATH+set}" ] && [[ ${INPUT_ARGS:-} != *--browser-path* ]]; then
        program=$(found_program) || { install_program && program=$(found_program); } || true
        [ -z "$program" ] || echo "$program: $("$program" --version 2>/dev/null | head -n 1)"
    fi
    if [ -z "${RASOAT_AXE:-}" ] && [[ ${INPUT_ARGS:-} != *--axe* ]] && asks_for_axe; then
        install_axe
        echo "axe-core: ${axe:-không có – none}"
    fi
fi
output program "$program"
output axe "$axe"
