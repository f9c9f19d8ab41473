#!/usr/bin/env bash
# Opens what offices get in the programs they use: workbooks and tables in LibreOffice, pages as PDF. Fails when a
# reader objects or counts otherwise than the report.
#
#   tests/clients/office.sh [RASOAT]
#
# RASOAT is the program (default: the release build). Each proof is a file of tests/clients/office; it gets the program
# and a folder of its own. LibreOffice and poppler are installed from the system's packages where they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${CARGO_TARGET_DIR:-target}
rasoat=$(realpath "${1:-$target/release/rasoat}")

need() { # COMMAND DEBIAN-PACKAGE...
    local command=$1
    shift
    command -v "$command" >/dev/null && return
    apt-get install --yes --quiet --no-install-recommends "$@" >&2 ||
        { apt-get update >&2 && apt-get install --yes --quiet --no-install-recommends "$@" >&2; }
}
need soffice libreoffice-calc libreoffice-writer
need pdftotext poppler-utils

export PYTHONDONTWRITEBYTECODE=1
for proof in tests/clients/office/*.sh tests/clients/office/*.py; do
    [ -e "$proof" ] || continue
    printf -- '-- %s\n' "$proof"
    folder="$target/tmp/office/$(basename "${proof%.*}")"
    rm -rf "$folder"
    mkdir -p "$folder"
    case $proof in
    *.py) python3 "$proof" "$rasoat" "$(realpath "$folder")" ;;
    *) "$proof" "$rasoat" "$(realpath "$folder")" ;;
    esac
done
