#!/usr/bin/env bash
# Runs the GitLab component with gitlab-ci-local, without GitLab and without containers, on sites that pass, fail, cannot
# be reached and are not there; asserts states, exit codes, logs and files. Then shows the files to their schemas.
#
#   tests/pipelines/gitlab.sh [SCENARIO]...
#
# PROGRAM (default: the release build) is the rasoat of the runner.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
program=$(realpath "${PROGRAM:-${CARGO_TARGET_DIR:-target}/release/rasoat}")
runner=$root/node_modules/.bin/gitlab-ci-local
for tool in "$program" "$runner" .venv/bin/check-jsonschema .venv/bin/sarif; do
    [ -x "$tool" ] || { echo "$tool is missing: scripts/test tools build reports" >&2 && exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The program stands where an image would have it.
mkdir "$work/bin" && ln -s "$program" "$work/bin/rasoat"

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    [ ! -f "$work/log" ] || sed 's/^/  | /' "$work/log" >&2
    exit 1
}

# A vendor's repository with the inputs that are read from standard input; the component is a file of its own.
project() { # NAME
    cd "$work" && mkdir "$1" && cd "$1"
    cp -r "$root/templates" .
    cp -r "$root/examples/so-y-te" dist
    cp -r "$root/examples/so-gddt" broken
    mkdir empty && touch empty/.keep
    cp "$root/examples/sites.yml" . && cp -r "$root/examples/cong-tinh-a" "$root/examples/so-"* .
    {
        printf 'include:\n  - local: /templates/rasoat.yml\n    inputs:\n'
        sed 's/^/      /'
    } >.gitlab-ci.yml
    commit
}

commit() {
    [ -d .git ] || git init --quiet --initial-branch main .
    git config remote.origin.url https://gitlab.example/nhom/vendor.git
    git add --all
    git -c user.name=vendor -c user.email=vendor@example.com commit --quiet --message site
}

# Runs the pipeline: its exit, and the state that the runner gives to a job.
pipeline() { # EXIT, STATE, JOB
    local code=0
    PATH=${path-$work/bin:$PATH} "$runner" --force-shell-executor --shell-isolation --no-color >"$work/log" 2>&1 || code=$?
    [ "$code" = "$1" ] || fail "the pipeline exits with $code, not $1"
    grep -q "^ $2  $3" "$work/log" || fail "no job with: $2 $3"
}

ended() { # JOB, WORDS
    grep -q "^$1 *finished in .*$2" "$work/log" || fail "$1 does not end with: $2"
}

told() { # WORDS
    grep -qF -- "$1" "$work/log" || fail "the log does not tell: $1"
}

reports() { # FOLDER, NAME...
    local folder=$1 name
    shift
    for name in "$@"; do
        [ -s "$folder/$name" ] || fail "$folder/$name is missing"
    done
}

all=(report.json junit.xml code-quality.json annotations.json rasoat.env rasoat.sarif)
site='--role component
  --parent https://tinh-a.gov.vn/'

scenario_passing() {
    project passing <<YML
targets: dist
args: |
  $site
  --url https://soyte.tinh-a.gov.vn/
  --emc-site-id 206
YML
    # What a later job gets.
    cat >>.gitlab-ci.yml <<'YML'
after:
  stage: deploy
  needs: [rasoat]
  script: echo "verdict $RASOAT_RESULT_VERDICT of $RASOAT_RESULT_SITES"
YML
    commit
    # The browser is required unless the vendor says otherwise: this run shows the page to Chromium.
    pipeline 0 PASS rasoat
    reports .gitlab-ci-local/artifacts/rasoat/rasoat-reports "${all[@]}"
    told 'verdict passed of 1'
    grep -q '"browser"' rasoat-reports/report.json || fail 'no browser saw the page'
    python3 - rasoat-reports <<'PY'
import json, sys
folder = sys.argv[1]
links = json.load(open(f"{folder}/annotations.json"))["rasoat"]
assert [link["external_link"]["url"] for link in links] == ["https://soyte.tinh-a.gov.vn/"], links
assert json.load(open(f"{folder}/code-quality.json")) == []
PY
}

scenario_failing() {
    project failing <<YML
targets: broken
browser: never
args: |
  $site
  --url https://sogddt.tinh-a.gov.vn/
  --emc-site-id 207
YML
    pipeline 1 FAIL rasoat
    ended rasoat 'FAIL 1'
    told 'broken/index.html:24:19'
    told "Điền mã số do Hệ thống EMC cấp cho chính trang này: _govaq.push(['setSiteId', '207']);"
    # A red job keeps its reports.
    reports .gitlab-ci-local/artifacts/rasoat/rasoat-reports "${all[@]}"
    grep -qx RASOAT_RESULT_VERDICT=failed rasoat-reports/rasoat.env || fail 'the verdict is no variable'
    "$root/.venv/bin/sarif" codeclimate --output "$work/second.json" rasoat-reports/rasoat.sarif >/dev/null
    "$root/.venv/bin/python" "$root/tests/pipelines/code_quality.py" rasoat-reports/code-quality.json "$work/second.json"
    xmllint --noout rasoat-reports/junit.xml
}

scenario_below_the_bar() {
    project below <<YML
targets: broken
browser: never
fail-on: never
args: $(printf '"--url https://sogddt.tinh-a.gov.vn/"')
YML
    pipeline 0 PASS rasoat
}

# An old page joins: what is known of it is no failure of the next change.
scenario_known_failures() {
    project known <<YML
targets: broken
browser: never
baseline: rasoat-baseline.yml
args: |
  $site
  --url https://sogddt.tinh-a.gov.vn/
YML
    "$program" check broken --role component --parent https://tinh-a.gov.vn/ --url https://sogddt.tinh-a.gov.vn/ \
        --browser never --quiet --report "json=$work/today.json" || [ $? -eq 1 ]
    "$program" baseline write "$work/today.json" --baseline rasoat-baseline.yml >"$work/log" 2>&1 || fail 'no baseline'
    commit
    pipeline 0 PASS rasoat
    told 'lỗi đã biết'
}

scenario_unreachable() {
    # Nobody listens on the port "discard" of a runner.
    project unreachable <<'YML'
targets: http://127.0.0.1:9/
browser: never
args: --retries=0
YML
    pipeline 1 FAIL rasoat
    ended rasoat 'FAIL 3'
    reports .gitlab-ci-local/artifacts/rasoat/rasoat-reports "${all[@]}"
    project unreachable-warns <<'YML'
targets: http://127.0.0.1:9/
browser: never
on-inconclusive: warn
args: --retries=0
YML
    pipeline 0 WARN rasoat
    ended rasoat 'WARN 3'
    told 'Máy chủ từ chối kết nối.'
    reports .gitlab-ci-local/artifacts/rasoat/rasoat-reports "${all[@]}"
}

# Only 3 is forgiven: a broken page, an empty folder and a wrong flag stay red. The job's state says so; the runner's own
# exit is 0 as soon as a job forgives any code.
scenario_only_3_is_forgiven() {
    project empty <<'YML'
targets: empty
browser: never
on-inconclusive: warn
YML
    pipeline 0 FAIL rasoat
    ended rasoat 'FAIL 4'
    project failing-warns <<'YML'
targets: broken
browser: never
on-inconclusive: warn
YML
    pipeline 0 FAIL rasoat
    ended rasoat 'FAIL 1'
    project wrong <<'YML'
targets: dist
browser: never
on-inconclusive: warn
args: --polcy tt22-2023
YML
    pipeline 0 FAIL rasoat
    ended rasoat 'FAIL 2'
    # Help is no check, even where an old report lies in the project.
    project helped <<'YML'
targets: dist
browser: never
args: --help
YML
    mkdir rasoat-reports && printf '{}' >rasoat-reports/report.json && git add --force rasoat-reports && commit
    pipeline 1 FAIL rasoat
    ended rasoat 'FAIL 2'
}

scenario_no_browser() {
    # Its label is added by the tracker's library: only a browser sees it.
    project no-browser <<'YML'
targets: so-noi-vu
YML
    RASOAT_BROWSER_PATH='' pipeline 1 FAIL rasoat
    ended rasoat 'FAIL 3'
    told 'chromium'
}

# Values are words: nothing in them is run, split or matched with files.
scenario_hostile() {
    project hostile <<'YML'
targets: |
  $(touch pwned); touch pwned
browser: never
sites: '"; touch pwned; "'
policy: '`touch pwned`'
args: |
  --user-agent ' ; touch pwned; $(touch pwned) *
YML
    pipeline 1 FAIL rasoat
    ended rasoat 'FAIL 2'
    [ -z "$(find . -name 'pwned*')" ] || fail 'an input was run'
    project spaces <<'YML'
targets: trang so y te
browser: never
folder: bao-cao
args: |
  --user-agent * kiểm tra 'của' "sở" ; x
  --url https://soyte.tinh-a.gov.vn/
YML
    mv dist 'trang so y te'
    commit
    pipeline 0 PASS rasoat
    grep -q '"source": "trang so y te"' bao-cao/report.json || fail 'the target was split'
}

scenario_component_address() {
    project address <<'YML'
targets: dist
browser: never
name: cong-khai
stage: build
YML
    # The very line of the documentation, instead of a path.
    # shellcheck disable=SC2016
    sed -i 's|- local: /templates/rasoat.yml|- component: $CI_SERVER_FQDN/nhom/vendor/rasoat@$CI_COMMIT_SHA|' .gitlab-ci.yml
    grep -q component: .gitlab-ci.yml
    commit
    pipeline 0 PASS cong-khai
}

archive_project() { # NAME, ARCHIVE, SHA-256
    project "$1" <<YML
targets: dist
browser: never
version: "$("$program" --version | cut -d' ' -f2)"
archive: $2
archive-sha256: '$3'
YML
}

scenario_archive() {
    # A runner without the program: only what every image has.
    local path=/usr/local/bin:/usr/bin:/bin sum
    mkdir -p "$work/release/rasoat-x" && ln -sf "$program" "$work/release/rasoat-x/rasoat"
    tar -chzf "$work/rasoat.tar.gz" -C "$work/release" rasoat-x
    sum=$(sha256sum "$work/rasoat.tar.gz" | cut -d' ' -f1)
    path=$(dirname "$(command -v node)"):$path
    archive_project archive "file://$work/rasoat.tar.gz" "$sum"
    pipeline 0 PASS rasoat
    archive_project archive-changed "file://$work/rasoat.tar.gz" "${sum/[0-9]/f}0"
    pipeline 1 FAIL rasoat
    told 'SHA-256 không khớp'
    [ ! -e rasoat-reports/report.json ] || fail 'an archive with another sum was run'
    archive_project archive-unchecked "file://$work/rasoat.tar.gz" ''
    pipeline 1 FAIL rasoat
    told 'archive needs archive-sha256'
    project no-program <<'YML'
targets: dist
YML
    pipeline 1 FAIL rasoat
    told 'image with rasoat, or archive and archive-sha256, or source and source-ref'
}

# Building takes minutes, so a crate of the same name is built that hands over to the program.
scenario_source() {
    local path=$work/cargo:/usr/local/bin:/usr/bin:/bin
    path=$(dirname "$(command -v node)"):$path
    mkdir -p "$work/crate/src" "$work/cargo" && cd "$work/crate"
    printf '[package]\nname = "rasoat"\nversion = "0.1.0"\nedition = "2024"\n' >Cargo.toml
    cat >src/main.rs <<RS
use std::os::unix::process::CommandExt;
fn main() {
    panic!("{}", std::process::Command::new("$program").args(std::env::args_os().skip(1)).exec());
}
RS
    cargo generate-lockfile --quiet
    commit
    git tag v1
    # The log of this cargo is how often it was asked.
    printf '#!/bin/sh\necho asked >>%s\nPATH=%s exec cargo "$@"\n' "$work/cargo.log" "$PATH" >"$work/cargo/cargo"
    chmod +x "$work/cargo/cargo"
    project source <<YML
targets: dist
browser: never
source: file://$work/crate
source-ref: v1
YML
    pipeline 0 PASS rasoat
    pipeline 0 PASS rasoat
    [ "$(wc -l <"$work/cargo.log")" = 1 ] || fail 'the second pipeline built anew'
}

scenario_shards() {
    project shards <<'YML'
sites: sites.yml
browser: never
shards: 2
YML
    pipeline 1 FAIL rasoat
    # The portal and the failing component share a shard; the other one passes.
    ended 'rasoat-shard: \[1/2\]' 'WARN 1'
    grep -q '^ PASS  rasoat-shard: \[2/2\]' "$work/log" || fail 'shard 2 does not pass'
    ended rasoat 'FAIL 1'
    reports .gitlab-ci-local/artifacts/rasoat/rasoat-reports "${all[@]}"
    # The same as without shards.
    "$program" check --sites sites.yml --browser never --quiet --report "json=$work/whole.json" || [ $? -eq 1 ]
    python3 - "$work/whole.json" rasoat-reports/report.json <<'PY'
import json, sys
whole, merged = (json.load(open(path)) for path in sys.argv[1:])
said = lambda report: sorted((f["site"], f["rule"], f["verdict"], f["code"] or "") for f in report["findings"])
assert said(whole) == said(merged), (said(whole), said(merged))
assert whole["summary"] == merged["summary"] and merged["shard"] is None
PY
    # More shards than sites: an empty shard is no failure of the whole.
    project more-shards <<'YML'
sites: one.yml
browser: never
shards: 2
YML
    sed '/id: so-y-te/,$d' sites.yml >one.yml
    commit
    pipeline 0 PASS rasoat
    ended 'rasoat-shard: \[2/2\]' 'WARN 4'
}

# Editors and GitLab's own linter read the same schema. It knows nothing of inputs that become numbers.
scenario_schemas() {
    mkdir "$work/split" && cd "$work/split"
    for file in "$root"/templates/*.yml "$root"/templates/parts/*.yml; do
        name=$(basename "$file" .yml)
        csplit --quiet --prefix "$name." --suffix-format '%d.yml' <(sed 's/: \$\[\[ inputs.shards \]\]/: 2/' "$file") '/^---$/'
    done
    [ "$(find . -type f | wc -l)" = 4 ] || fail "not two documents each: $(find .)"
    "$root/.venv/bin/check-jsonschema" --quiet --builtin-schema vendor.gitlab-ci ./*.yml
    # Both languages tell of every input.
    "$root/.venv/bin/python" - "$root" <<'PY'
import re, sys, yaml
root = sys.argv[1]
inputs = next(yaml.safe_load_all(open(f"{root}/templates/rasoat.yml", encoding="utf-8")))["spec"]["inputs"]
for page in ("pipelines.md", "pipelines.vi.md"):
    rows = [line.split("|")[1] for line in open(f"{root}/docs/{page}", encoding="utf-8") if line.startswith("| `")]
    told = {name for row in rows for name in re.findall("`([^`]+)`", row)}
    assert told == set(inputs), (page, told ^ set(inputs))
PY
    # The pipeline as GitLab would see it.
    project resolved <<'YML'
targets: dist
shards: 2
YML
    "$runner" --preview >"$work/preview.yml" 2>"$work/log"
    "$root/.venv/bin/check-jsonschema" --quiet --builtin-schema vendor.gitlab-ci "$work/preview.yml"
}

scenarios=(passing failing below_the_bar known_failures unreachable only_3_is_forgiven no_browser hostile
    component_address archive source shards schemas)
[ $# -gt 0 ] || set -- "${scenarios[@]}"
for name in "$@"; do
    rm -f "$work/log"
    begun=$SECONDS
    (set -e; "scenario_$name")
    printf 'gitlab: %s (%d s)\n' "$name" $((SECONDS - begun))
done
