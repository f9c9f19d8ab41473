# shellcheck shell=bash
# What the action's scripts say to the runner: commands, outputs, the job's summary. Sourced, not run.
# Messages are "Việt – English" on one line, since the job's language is only known to the program.

: "${GITHUB_OUTPUT:=/dev/null}" "${GITHUB_STEP_SUMMARY:=/dev/null}"

# A word that no page can know.
random_word() {
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# Text as the message of a command: one line, without characters that act on a terminal, cut.
escaped() { # TEXT
    local text
    text=$(printf '%s' "$1" | LC_ALL=C tr -d '\000-\010\013\014\016-\037\177' | head -c 2000)
    text=${text//'%'/%25}
    text=${text//$'\r'/%0D}
    text=${text//$'\n'/%0A}
    # Some runners take the last `::` of a line for the one that ends the properties.
    while [[ $text == *::* ]]; do text=${text//::/∶:}; done
    printf '%s' "$text"
}

# An annotation of the step.
annotate() { # error|warning|notice TEXT
    printf '::%s title=rasoat::%s\n' "$1" "$(escaped "$2")"
}

# An output of the step. No value can end its own text, since the delimiter is a new random word.
output() { # NAME VALUE
    local delimiter
    delimiter=$(random_word)
    printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"$GITHUB_OUTPUT"
}

# Ends the step before the program could run, with the outputs that later steps ask for.
stop() { # EXIT-CODE TEXT
    annotate error "$2"
    output verdict error
    output exit-code "$1"
    printf '## rasoat · lỗi – error\n\n' >>"$GITHUB_STEP_SUMMARY"
    quoted "$2" >>"$GITHUB_STEP_SUMMARY"
    exit "$1"
}

# Text as a block that Markdown shows as it is: every line is indented, so none can end the block.
quoted() { # TEXT
    printf '%s\n' "$1" | LC_ALL=C tr -d '\000-\010\013-\037\177' | head -n 100 | head -c 16384 | sed 's/^/    /'
    printf '\n\n'
}

# The lines of an input into the array ITEMS: without blank ends and empty lines.
lines_of() { # TEXT
    local line
    ITEMS=()
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#"${line%%[![:space:]]*}"}
        line=${line%"${line##*[![:space:]]}"}
        [ -z "$line" ] || ITEMS+=("$line")
    done <<<"$1"
}

# The arguments of the input `args` into the array ARGUMENTS: `--name value` on a line is a name and a value.
arguments_of() { # TEXT
    local line
    lines_of "$1"
    ARGUMENTS=()
    for line in ${ITEMS[@]+"${ITEMS[@]}"}; do
        if [[ $line =~ ^(--?[A-Za-z][A-Za-z-]*)[[:space:]]+(.+)$ ]]; then
            ARGUMENTS+=("${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}")
        else
            ARGUMENTS+=("$line")
        fi
    done
}

# Where programs are kept from run to run.
tool_cache() {
    printf '%s/rasoat' "${RUNNER_TOOL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/rasoat-tools}"
}
