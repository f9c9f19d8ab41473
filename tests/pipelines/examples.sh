#!/usr/bin/env bash
# Shows the examples of examples/ci to the schemas of their systems, and runs every command in them that can run without
# those systems: the shell gate under each exit code, the shell lines of Jenkins and Azure, what the pods would run, and
# the GitLab file by gitlab-ci-local.
#
#   tests/pipelines/examples.sh [EXAMPLE]...
#
# PROGRAM (default: the release build) is the rasoat that runs.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD examples=$PWD/examples/ci
program=$(realpath "${PROGRAM:-${CARGO_TARGET_DIR:-target}/release/rasoat}")
runner=$root/node_modules/.bin/gitlab-ci-local
for tool in "$program" "$runner" .venv/bin/check-jsonschema .venv/bin/kubernetes-validate; do
    [ -x "$tool" ] || { echo "$tool is missing: scripts/test tools build reports" >&2 && exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$program" "$work/bin/rasoat"
PATH=$work/bin:$PATH
schema=$root/.venv/bin/check-jsonschema
taken=("$root/.venv/bin/python" "$root/tests/pipelines/examples.py")

fail() {
    printf 'FAILED: %s\n' "$*" >&2
    [ ! -f "$work/log" ] || sed 's/^/  | /' "$work/log" >&2
    exit 1
}

# Runs a command: its exit, and what it must say.
ends() { # EXIT, WORDS, COMMAND...
    local code=0 exit=$1 words=$2
    shift 2
    "$@" >"$work/log" 2>&1 </dev/null || code=$?
    [ "$code" = "$exit" ] || fail "exit $code, not $exit: $*"
    grep -qF -- "$words" "$work/log" || fail "the log does not tell: $words"
}

# A repository whose built pages pass, fail, or hold what only a browser sees.
site() { # so-y-te|so-gddt|so-noi-vu
    rm -rf "$work/site" && mkdir "$work/site" && cd "$work/site"
    cp -r "$root/examples/$1" dist
}

example_shell() {
    local gate=$examples/shell/gate.sh
    local -a page=(dist --role component --parent https://tinh-a.gov.vn/ --url https://soyte.tinh-a.gov.vn/)
    site so-y-te
    ends 0 'Kết quả: đạt' sh "$gate" "${page[@]}" --lang vi
    for name in report.json junit.xml rasoat.sarif; do
        [ -s "rasoat-reports/$name" ] || fail "$name is missing"
    done
    ends 2 'exit 2' sh "$gate" "${page[@]}" --polcy x
    ends 1 'nothing was checked' sh "$gate" rasoat-reports
    # A folder stands where a report should.
    mkdir -p taken/report.json
    REPORTS=taken ends 2 'exit 5' sh "$gate" "${page[@]}"
    PATH=/usr/bin:/bin ends 2 'exit 127' sh "$gate" "${page[@]}"
    site so-gddt
    ends 1 "setSiteId', '207'" sh "$gate" dist --emc-site-id 207
    site so-noi-vu
    export RASOAT_BROWSER_PATH=''
    ends 1 'could not be measured, stop' sh "$gate" dist
    ON_INCONCLUSIVE=warn ends 0 'could not be measured, go on' sh "$gate" dist
    unset RASOAT_BROWSER_PATH
}

example_jenkins() {
    "${taken[@]}" jenkins "$examples/jenkins/Jenkinsfile" >"$work/lines.sh"
    site so-gddt
    ends 1 'site-id-empty' bash -e "$work/lines.sh"
    xmllint --noout --schema "$root/tests/clients/junit-10.xsd" rasoat-reports/junit.xml
    site so-y-te
    ends 0 'Kết quả: đạt' env LANG=vi_VN.UTF-8 bash -e "$work/lines.sh"
    xmllint --noout --schema "$root/tests/clients/junit-10.xsd" rasoat-reports/junit.xml
    # What the pipeline itself makes of the code.
    grep -q 'code == 3' "$examples/jenkins/Jenkinsfile"
}

example_azure() {
    # The schema's patterns are not in the stricter dialect of regular expressions.
    "$schema" --quiet --regex-variant nonunicode --builtin-schema vendor.azure-pipelines "$examples/azure/azure-pipelines.yml"
    "${taken[@]}" azure "$examples/azure/azure-pipelines.yml" >"$work/lines.sh"
    site so-y-te
    ends 0 '' bash -e "$work/lines.sh"
    site so-gddt
    ends 1 'site-id-empty' bash -e "$work/lines.sh"
    site so-noi-vu
    sed -i "s/'208'/'206'/" dist/index.html
    RASOAT_BROWSER_PATH='' ends 0 '##vso[task.complete result=SucceededWithIssues]' bash -e "$work/lines.sh"
    rm -r dist
    ends 2 '' bash -e "$work/lines.sh"
}

# Runs what a pod would, its volumes being folders here.
pod() { # EXIT, WORDS, FILE, NAME=VALUE...
    local exit=$1 words=$2 file=$3
    local -a command
    shift 3
    "${taken[@]}" pod "$examples/$file" "$@" >"$work/words"
    mapfile -d '' command < <(sed -z "s|/sites/|$work/estate/|; s|/reports/|$work/volume/|" "$work/words")
    ends "$exit" "$words" env LANG=vi_VN.UTF-8 "$@" "${command[@]}" ${extra[@]+"${extra[@]}"}
}

example_kubernetes() {
    local -a extra=()
    "$root/.venv/bin/kubernetes-validate" --strict --quiet "$examples"/kubernetes/*.yml "$examples"/argocd/*.yml
    "${taken[@]}" fenced "$examples"/kubernetes/*.yml "$examples"/argocd/*.yml
    mkdir "$work/estate" "$work/volume"
    cp -r "$root"/examples/{sites.yml,cong-tinh-a,so-y-te,so-gddt} "$work/estate/"
    pod 1 'site-id-empty' kubernetes/cronjob.yml POD=rasoat-29000000-abcde
    [ -s "$work/volume/rasoat-29000000-abcde.json" ] || fail 'the report is not on the volume'
    # Nobody listens: the sync's hook is tried again.
    extra=(--resolve tinh-a.gov.vn:443:127.0.0.1 --retries 0)
    pod 3 'từ chối kết nối' argocd/post-sync-job.yml
}

example_shards() {
    local -a extra=()
    mkdir -p "$work/estate" "$work/volume"
    cp -r "$root"/examples/{sites.yml,cong-tinh-a,so-y-te,so-gddt} "$work/estate/"
    for n in 0 1 2 3; do
        pod 0 '' kubernetes/shards-job.yml "JOB_COMPLETION_INDEX=$n"
    done
    pod 1 'site-id-empty' kubernetes/merge-job.yml
    # One run over all sites, with what the pods ask for, says the same.
    rasoat check --sites "$work/estate/sites.yml" --browser require --no-sandbox --quiet \
        --report "json=$work/whole.json" || [ $? -eq 1 ]
    python3 - "$work/whole.json" "$work/volume/report.json" <<'PY'
import json, sys
whole, merged = (json.load(open(path)) for path in sys.argv[1:])
said = lambda report: [(f["site"], f["rule"], f["verdict"], f["code"], f["basis"]) for f in report["findings"]]
assert said(whole) == said(merged), (said(whole), said(merged))
assert whole["summary"] == merged["summary"] and merged["shard"] is None and len(merged["sites"]) == len(whole["sites"])
PY
    rm "$work/volume/shard-3.json"
    pod 2 'shard-3.json' kubernetes/merge-job.yml
}

# The component's address is that of a GitLab; here it is a folder of the repository.
example_gitlab() {
    "$schema" --quiet --builtin-schema vendor.gitlab-ci "$examples/gitlab/gitlab-ci.yml"
    rm -rf "$work/vendor" && mkdir "$work/vendor" && cd "$work/vendor"
    cp -r "$root/templates" . && cp -r "$root/examples/so-y-te" web
    sed "s|- component: .*|- local: /templates/rasoat.yml|" "$examples/gitlab/gitlab-ci.yml" >.gitlab-ci.yml
    git init --quiet --initial-branch main .
    git remote add origin https://gitlab.example/nhom/vendor.git
    git add --all
    git -c user.name=vendor -c user.email=vendor@example.com commit --quiet --message site
    ends 0 'rasoat says passed, 0 not measured' "$runner" --force-shell-executor --shell-isolation --no-color
    # At night the second part is there too.
    ends 0 'cac-trang-shard: [2/2]' "$runner" --force-shell-executor --no-color --list --variable CI_PIPELINE_SOURCE=schedule
    cp -r "$root/examples/so-gddt/." web
    ends 1 'dist/index.html:24:19' "$runner" --force-shell-executor --shell-isolation --no-color
}

# What `rasoat init` writes is what these systems read, and is checked at once.
example_init() {
    site so-y-te
    ends 0 'role         component' rasoat init --url https://soyte.tinh-a.gov.vn/ --ci github --lang en
    "$schema" --quiet --builtin-schema vendor.github-workflows .github/workflows/rasoat.yml
    "$root/.venv/bin/zizmor" --quiet --offline --persona auditor .github/workflows/rasoat.yml
    ends 0 '.gitlab-ci.yml' rasoat init --url https://soyte.tinh-a.gov.vn/ --ci gitlab --force
    "$schema" --quiet --builtin-schema vendor.gitlab-ci .gitlab-ci.yml
    "$schema" --quiet --schemafile "$root/schema/sites.schema.json" sites.yml
    "$schema" --quiet --schemafile "$root/schema/config.schema.json" rasoat.yml
    ends 0 'Result: passed' rasoat check --lang en
}

all=(shell jenkins azure kubernetes shards gitlab init)
[ $# -gt 0 ] || set -- "${all[@]}"
for name in "$@"; do
    begun=$SECONDS
    (set -e; "example_$name")
    printf 'examples: %s (%d s)\n' "$name" $((SECONDS - begun))
done
