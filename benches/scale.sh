#!/usr/bin/env bash
# Prints the numbers that docs/scale.md plans a whole country with:
#   lanes     processor seconds, bytes and requests for each site: folders, TLS, recordings, Chromium
#   slow      a country in small with slow, silent and refusing sites on shared addresses: measured against the formula
#   country   40,000 folders in one process and in 40 shards, the merge, and every format of its report
#
#   benches/scale.sh [PART]...              default all; needs Python, and Chromium for the lanes
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo "benches/scale.sh: chromium is missing: apt-get install chromium" >&2; exit 2; }
cargo build --release --locked --bin rasoat --example fleet
bin=$(realpath "${CARGO_TARGET_DIR:-target}/release")
[ $# -gt 0 ] || set -- lanes slow country
for part in "$@"; do
    case $part in
    lanes) python3 benches/scale.py "$bin" lanes ;;
    slow) python3 benches/slow.py "$bin/rasoat" ;;
    country) python3 benches/scale.py "$bin" country ;;
    *) echo "benches/scale.sh: no part “$part”; there are: lanes, slow, country" >&2 && exit 2 ;;
    esac
done
