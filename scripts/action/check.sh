#!/usr/bin/env bash
# Runs `rasoat check` once and hands its result to the runner: the text into the log, where it can start no command,
# annotations, the job's summary, outputs, and the exit code.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/action/runner.sh
. "$here/runner.sh"

# The token is for publishing and stays out of every other program's environment.
token=${INPUT_TOKEN:-}
unset INPUT_TOKEN

# Most bytes of the summary.
most=65536
# Annotations of one type that the runner shows.
shown=10

folder=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/rasoat.XXXXXX")
arguments=(check)

# The commit that a pull request would change, where it can be had: an exception that the same change adds is told.
base_commit() {
    [ -n "${GITHUB_BASE_REF:-}" ] && command -v git >/dev/null || return 1
    [ -n "${INPUT_WAIVERS:-}${INPUT_BASELINE:-}" ] || grep -Eqs '^(waivers|attestations|baseline):' rasoat.yml || return 1
    local ref="refs/heads/$GITHUB_BASE_REF" depth=()
    # A complete clone stays complete.
    [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" != true ] || depth=(--depth=1)
    if GIT_TERMINAL_PROMPT=0 timeout 60 git fetch --quiet --no-tags ${depth[@]+"${depth[@]}"} origin "$ref" 2>/dev/null; then
        git rev-parse --verify --quiet 'FETCH_HEAD^{commit}'
    else
        git rev-parse --verify --quiet "refs/remotes/origin/$GITHUB_BASE_REF^{commit}"
    fi
}

collect_arguments() {
    local line base
    lines_of "${INPUT_POLICY:-}"
    for line in ${ITEMS[@]+"${ITEMS[@]}"}; do arguments+=("--policy=$line"); done
    [ -z "${INPUT_SITES:-}" ] || arguments+=("--sites=$INPUT_SITES")
    [ -z "${INPUT_FAIL_ON:-}" ] || arguments+=("--fail-on=$INPUT_FAIL_ON")
    [ "${INPUT_STRICT:-false}" != true ] || arguments+=(--strict)
    arguments+=("--browser=${INPUT_BROWSER:-require}")
    [ -z "${BROWSER_PROGRAM:-}" ] || arguments+=("--browser-path=$BROWSER_PROGRAM")
    [ -z "${INPUT_WAIVERS:-}" ] || arguments+=("--waivers=$INPUT_WAIVERS")
    [ -z "${INPUT_BASELINE:-}" ] || arguments+=("--baseline=$INPUT_BASELINE")
    if base=$(base_commit); then arguments+=("--base=$base"); fi
    for line in json=report.json sarif=report.sarif junit=junit.xml dotenv=result.env markdown=summary.md github=annotations.txt; do
        arguments+=("--report=${line%%=*}=$folder/${line#*=}")
    done
    lines_of "${INPUT_REPORTS:-}"
    for line in ${ITEMS[@]+"${ITEMS[@]}"}; do arguments+=("--report=$line"); done
    lines_of "${INPUT_PUBLISH:-}"
    for line in ${ITEMS[@]+"${ITEMS[@]}"}; do arguments+=("--publish=$line"); done
    arguments_of "${INPUT_ARGS:-}"
    arguments+=(${ARGUMENTS[@]+"${ARGUMENTS[@]}"})
    lines_of "${INPUT_TARGETS:-}"
    arguments+=(-- ${ITEMS[@]+"${ITEMS[@]}"})
}

# The program's text shows pages of strangers: until the random word comes the runner obeys nothing.
run() {
    local word environment=()
    word=$(random_word)
    [ -z "${AXE:-}" ] || environment+=("RASOAT_AXE=$AXE")
    printf '::stop-commands::%s\n' "$word"
    code=0
    (
        # Not on a command line, where every program of the machine could read it.
        if [ -n "${INPUT_PUBLISH:-}" ]; then export GITHUB_TOKEN="$token"; fi
        exec env ${environment[@]+"${environment[@]}"} "$BINARY" "${arguments[@]}"
    ) 2>&1 | tee "$folder/log.txt" || code=${PIPESTATUS[0]}
    printf '\n::%s::\n' "$word"
}

# An annotation of the action's own, where the program's leave it a place; the summary names it anyway.
own_annotation() { # TYPE TEXT
    local taken=0
    [ ! -s "$folder/annotations.txt" ] || taken=$(grep -c "^::$1 " "$folder/annotations.txt") || true
    if [ "$taken" -lt "$shown" ]; then annotate "$1" "$2"; else echo "$2"; fi
    addition+="$2"$'\n\n'
}

# The value of a line of the dotenv report: a word or a number, nothing else.
result() { # NAME
    [ ! -s "$folder/result.env" ] || sed -n "s/^RASOAT_RESULT_$1=\([A-Za-z0-9._-]*\)\$/\1/p" "$folder/result.env"
}

path_of() { # FILE
    if [ -s "$folder/$1" ]; then printf '%s' "$folder/$1"; fi
}

hand_over_outputs() {
    local name verdict
    verdict=$(result VERDICT)
    output verdict "${verdict:-error}"
    for name in passed failed inconclusive score level; do
        output "$name" "$(result "$(printf '%s' "$name" | tr '[:lower:]' '[:upper:]')")"
    done
    output sarif "$(path_of report.sarif)"
    output junit "$(path_of junit.xml)"
    output report "$(path_of report.json)"
    output exit-code "$code"
}

write_summary() {
    local rest room
    rest=$addition
    [ -z "$trouble" ] || rest+=$(quoted "$trouble")
    if ! [ -s "$folder/summary.md" ]; then
        printf '## rasoat · lỗi – error (%s)\n' "$code" >"$folder/summary.md"
    fi
    room=$((most - $(printf '\n%s\n' "$rest" | wc -c)))
    {
        if [ "$(wc -c <"$folder/summary.md")" -le "$room" ]; then
            cat "$folder/summary.md"
        else
            # Whole lines only.
            head -c "$room" "$folder/summary.md" | sed '$d'
        fi
        [ -z "$rest" ] || printf '\n%s\n' "$rest"
    } >>"$GITHUB_STEP_SUMMARY"
}

addition='' trouble=''
collect_arguments
run
# As with `args: --help`: nothing was checked, so nothing passed.
unchecked=''
if [ "$code" -eq 0 ] && ! [ -s "$folder/report.json" ]; then
    unchecked='rasoat kết thúc mà không rà soát gì; hãy xem đầu vào args – rasoat ended without a check; look at the input args.'
    code=2
fi
if [ -s "$folder/annotations.txt" ]; then cat "$folder/annotations.txt"; fi
case "$code" in
0 | 1 | 3 | 4) ;;
5)
    trouble=$(tail -n 3 "$folder/log.txt")
    own_annotation error 'Không ghi được một báo cáo – a report could not be written.'
    ;;
*)
    trouble=${unchecked:-$(head -n 60 "$folder/log.txt")}
    annotate error "rasoat ($code): $trouble"
    ;;
esac
if grep -Eqs '"gap": *"no-browser"' "$folder/report.json"; then
    own_annotation error 'Không có Chromium hay Chrome trên runner và không cài được: cài gói chromium hoặc google-chrome, đặt RASOAT_BROWSER_PATH, hoặc dùng browser: never – the runner has no Chromium or Chrome and none could be installed: install the package chromium or google-chrome, set RASOAT_BROWSER_PATH, or use browser: never.'
fi
ended=$code
if [ "$code" -eq 3 ] && [ "${INPUT_ON_INCONCLUSIVE:-fail}" = warn ]; then
    ended=0
    own_annotation warning 'Có nội dung chưa đủ căn cứ kết luận; bước này không báo hỏng (on-inconclusive: warn) – something could not be measured; the step does not fail (on-inconclusive: warn).'
fi
hand_over_outputs
# A summary that cannot be written is no reason to end otherwise.
write_summary || true
exit "$ended"
