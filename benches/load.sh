#!/usr/bin/env bash
# Measures ten pages on a phone with rasoat and with Lighthouse 12.8.2 (`--throttling-method=devtools`), and prints
# the medians of both side by side: FCP, LCP, TBT, CLS, and Speed Index, which only Lighthouse knows. Needs Chromium
# and npm. Nothing else should be at work on the machine meanwhile.
#
#   benches/load.sh [RUNS]        runs of each (default 3); ten pages take about five minutes a run
#
# By hand, for one page (its address is printed first):
#   npx lighthouse@12.8.2 http://127.0.0.1:PORT/text --form-factor=mobile --throttling-method=devtools \
#       --only-categories=performance --output=json --chrome-flags="--headless=new --no-sandbox"
set -euo pipefail
cd "$(dirname "$0")/.."

tools=${CARGO_TARGET_DIR:-target}/lighthouse
lighthouse=$tools/node_modules/.bin/lighthouse
if [ ! -x "$lighthouse" ]; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-save --ignore-scripts --no-fund --no-audit lighthouse@12.8.2 >&2
fi
cargo build --locked --example load
exec "${CARGO_TARGET_DIR:-target}/debug/examples/load" "$lighthouse" "${1:-3}"
