#!/usr/bin/env bash
# Shows report files to readers of other makers and fails when one of them objects.
#
#   tests/clients/reports.sh [FOLDER]
#
# FOLDER holds *.sarif, *.junit.xml, *.junit-strict.xml and, where the counts are known, NAME.expected.json;
# without one the samples of `cargo test --test formats` are used. Installs the readers where they are missing:
# npm packages to node_modules, Python packages to .venv, xmllint from the system's packages.
set -euo pipefail
cd "$(dirname "$0")/../.."

folder=${1:-}
if [ -z "$folder" ]; then
    cargo test --quiet --test formats samples_for_clients >&2
    folder=${CARGO_TARGET_DIR:-target}/tmp/reports
fi

multitool=node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
if [ ! -e "$multitool" ]; then
    npm ci --ignore-scripts --no-fund --no-audit >&2
fi
# The package's install script would do this; scripts of packages are not run here.
chmod u+x "$multitool"

if ! cmp --silent tests/clients/requirements.txt .venv/reports.txt; then
    python3 -m venv .venv
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement tests/clients/requirements.txt >&2
    cp tests/clients/requirements.txt .venv/reports.txt
fi

if ! command -v xmllint >/dev/null; then
    apt-get install --yes --quiet libxml2-utils >&2 || { apt-get update >&2 && apt-get install --yes --quiet libxml2-utils >&2; }
fi

exec .venv/bin/python tests/clients/reports.py "$folder" "$multitool"
