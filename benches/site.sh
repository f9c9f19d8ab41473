#!/usr/bin/env bash
# Measures `rasoat check` on a portal-like site against a parse-only floor, hyperlink and lychee: processor time,
# wall time and peak memory of whole processes, in interleaved rounds. Fails when a bar is missed.
#
#   benches/site.sh [--rounds N] [--keep FOLDER]
set -euo pipefail
cd "$(dirname "$0")/.."

missing=0
for tool in hyperlink lychee; do
    if ! command -v "$tool" >/dev/null; then
        echo "benches/site.sh: $tool is missing: cargo install $tool --locked" >&2
        missing=1
    fi
done
[ "$missing" -eq 0 ] || exit 2

cargo build --release --locked --bin rasoat --example floor --example drawn
exec python3 benches/site.py --bin "${CARGO_TARGET_DIR:-target}/release" "$@"
