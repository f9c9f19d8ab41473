#!/usr/bin/env bash
# Measures the browser lane: seconds for each home page (folders with the stand-in, a loopback server with the library),
# peak memory of the program with its whole browser, whether it grows over many pages, and what is left behind.
# Prints a table with the bars and fails when one is missed. Needs Chromium and Python; nothing else should be at work
# on the machine meanwhile.
#
#   benches/browser.sh [PAGES] [LONG]       pages of the timed runs and of the long one, default 50 200
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || { echo "benches/browser.sh: chromium is missing: apt-get install chromium" >&2; exit 2; }
cargo build --release --locked --bin rasoat --example fleet
exec python3 benches/browser.py "${CARGO_TARGET_DIR:-target}/release" "$@"
