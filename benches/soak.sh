#!/usr/bin/env bash
# Builds and runs the soak (benches/soak.rs): many checks of varied pages in one process, flat memory, nothing left.
#
#   benches/soak.sh                     10,000 checks, one in 100 in Chromium
#   benches/soak.sh --checks 400 …      options of benches/soak.rs
#
# PROFILE=dev takes the build of the tests: slower, but nothing is compiled anew.
set -euo pipefail
cd "$(dirname "$0")/.."
profile=${PROFILE:-release}
cargo build --profile "$profile" --locked --example soak
browser=()
chromium=$(command -v chromium || command -v google-chrome || true)
[ -z "$chromium" ] || browser=(--browser "$chromium")
exec "${CARGO_TARGET_DIR:-target}/${profile/dev/debug}/examples/soak" "${browser[@]}" "$@"
