#!/usr/bin/env bash
# How rasoat comes to people: commit hooks, completions, manual pages, the container's recipe. Real pre-commit, bash and
# man read what is shipped; the recipe is linted and its build context compiled, since no container engine is needed
# for that. Takes what `scripts/test build` made and what tests/clients/reports.sh installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
bin=$root/.venv/bin
PATH="$root/${CARGO_TARGET_DIR:-target}/release:$PATH"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
fail() { echo "packaging: $*" >&2 && exit 1; }

echo '-- commit hooks'
"$bin/pre-commit" validate-manifest .pre-commit-hooks.yaml
git='git -c user.name=t -c user.email=t@localhost -c init.defaultBranch=main'
hooks=$scratch/hooks site=$scratch/site
mkdir "$hooks" && cp .pre-commit-hooks.yaml "$hooks"
(cd "$hooks" && $git init -q && $git add . && $git commit -qm hooks)
mkdir -p "$site" && cp -r examples "$site/sites" && mkdir "$site/policies" && cp policies/tt22-2023.yml "$site/policies"
cat >"$site/rasoat.yml" <<'EOF'
apiVersion: rasoat/v1
sites: sites/sites.yml
EOF
cat >"$site/.pre-commit-config.yaml" <<EOF
repos:
  - repo: $hooks
    rev: $(cd "$hooks" && git rev-parse HEAD)
    hooks: [{id: rasoat-system}, {id: rasoat-policy}]
EOF
cd "$site" && $git init -q && $git add .
export PRE_COMMIT_HOME=$scratch/home
# One of the examples is red: the hook stops the commit and says why.
! "$bin/pre-commit" run >"$scratch/red" 2>&1 || fail "a red site was committed"
grep -q 'site-id-empty' "$scratch/red" || fail "the hook does not say why: $(cat "$scratch/red")"
grep -q 'exit code: 1' "$scratch/red" || fail "the hook does not end with 1"
printf 'apiVersion: rasoat/v1\npolicies: [tt22-2023]\nsites: sites/green.yml\n' >rasoat.yml
# The red site is left out, as a vendor would who builds the others.
awk '/^  - id: so-gddt/{skip=1} /^  - id:/&&!/so-gddt/{skip=0} !skip' sites/sites.yml >sites/green.yml
$git add . && "$bin/pre-commit" run >"$scratch/green" 2>&1 || fail "a green site was stopped: $(cat "$scratch/green")"
[ "$(grep -c 'Passed$' "$scratch/green")" = 2 ] || fail "both hooks should have run: $(cat "$scratch/green")"
cd "$root"

echo '-- completions'
for shell in bash elvish fish powershell zsh; do
    rasoat completions "$shell" >"$scratch/rasoat.$shell"
    grep -q 'browser-timeout' "$scratch/rasoat.$shell" || fail "$shell does not know --browser-timeout"
done
bash -n "$scratch/rasoat.bash"
completed=$(bash -c 'source "$1"; COMP_WORDS=(rasoat check --browser ""); COMP_CWORD=3
    _rasoat rasoat "" --browser; echo "${COMPREPLY[*]}"' - "$scratch/rasoat.bash")
[ "$completed" = 'never auto require' ] || fail "bash completes --browser with “$completed”"

echo '-- manual pages'
command -v man >/dev/null || apt-get install --yes --quiet man-db >&2
rasoat man >"$scratch/rasoat.1"
# shellcheck disable=SC2013
for name in $(sed -n 's/^rasoat\\-\([a-z]*\)(1)$/\1/p' "$scratch/rasoat.1"); do
    [ "$name" = help ] && continue
    rasoat man "$name" >"$scratch/rasoat-$name.1"
done
[ -s "$scratch/rasoat-check.1" ] || fail "the program's page names no commands"
for page in "$scratch"/*.1; do
    said=$(LC_ALL=C.UTF-8 MANWIDTH=100 man --warnings=w -l "$page" 2>&1 >"$page.txt")
    [ -z "$said" ] || fail "$page: $said"
    grep -q 'EXIT STATUS' "$page.txt" || fail "$page does not tell the exit status"
done
# Every flag of the help is in the page.
for flag in $(rasoat check --help | grep -o '^ *\(-., \)\?--[a-z-]*' | grep -o -- '--[a-z-]*'); do
    grep -q -- "$flag" "$scratch/rasoat-check.1.txt" || fail "the page of check lacks $flag"
done

echo '-- container recipe'
"$bin/hadolint" Dockerfile
context=$scratch/context
mkdir "$context"
sed -n 's/^!//p' .dockerignore | xargs -I{} cp -r {} "$context/"
sed -n 's/^COPY \([^-].*\)/\1/p' Dockerfile | while read -r line; do
    # The last word is where to.
    for from in ${line% *}; do [ -e "$context/$from" ] || fail "the recipe copies $from, the context has none"; done
done
# What is not copied is not there when the engine builds.
(cd "$context" && CARGO_TARGET_DIR="$root/${CARGO_TARGET_DIR:-target}" cargo check --quiet --locked)
echo 'packaging: all is well'
