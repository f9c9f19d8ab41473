#!/usr/bin/env bash
# The GitHub Action as its users meet it: `act` runs the composite on small sites, Python asserts outputs, summaries and
# exit states, and the makers' validators read the action and the workflows of examples/ci/github. Takes what
# `scripts/test build` made and what tests/clients/reports.sh and `npm ci` installed. Nothing leaves the machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
program=$root/${CARGO_TARGET_DIR:-target}/release/rasoat
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "github: $*" >&2 && exit 1; }

echo '-- validators'
for script in scripts/action/*.sh tests/pipelines/github.sh; do bash -n "$script"; done
.venv/bin/check-jsonschema --builtin-schema vendor.github-actions action.yml
.venv/bin/check-jsonschema --builtin-schema vendor.github-workflows examples/ci/github/*.yml tests/pipelines/github/cases.yml
for file in action.yml examples/ci/github/*.yml; do node_modules/.bin/action-validator "$file"; done
.venv/bin/zizmor --offline --quiet --pedantic action.yml examples/ci/github/*.yml
# Nothing of a stranger's runs inside the action, and no input is a part of a command line.
! grep -nE '^ *(- )?uses:' action.yml || fail 'action.yml calls another action'
! grep -nE '^ *run:.*\$\{\{' action.yml || fail 'action.yml puts an expression into a command'

python3 tests/pipelines/github/docs.py
# The program in the cache is named after all that the build reads.
git ls-files | sed -n 's#/.*##p' | sort -u | grep -vxE 'src|policies|schema|templates' | while read -r folder; do
    ! grep -rnE --include='*.rs' "^[^#]*include_(str|bytes)!\(\"(\.\./)+$folder/" src || fail "obtain.sh does not hash $folder"
done

# The action as a runner downloads it, and the program in the tool cache as an earlier job left it.
mkdir "$scratch/action"
git ls-files -z action.yml scripts/action Cargo.toml Cargo.lock package.json package-lock.json src policies schema templates |
    xargs -0 cp --parents --target-directory "$scratch/action"
key=$("$scratch/action/scripts/action/obtain.sh" --key)
mkdir -p "$scratch/cache/act/tool_cache/rasoat/$key"
cp "$program" "$scratch/cache/act/tool_cache/rasoat/$key/rasoat"

echo '-- scripts under a strict reader of workflow commands'
python3 tests/pipelines/github/alone.py "$scratch" "$program"

echo '-- act'
XDG_CACHE_HOME=$scratch/cache python3 tests/pipelines/github/runs.py "$scratch" "$root/.venv/bin/act"
