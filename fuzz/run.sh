#!/usr/bin/env bash
# Runs each fuzz target for some seconds on the stable toolchain, beginning with the committed seeds.
#
#   fuzz/run.sh SECONDS [TARGET]...
#
# SEED (7) begins the search: a short run goes the way of a longer one, as far as it comes.
# What is found on the way stays in fuzz/corpus, what breaks the program in fuzz/artifacts; neither is committed.
# Coverage guides the search; there is no address sanitizer, which only nightly has: this crate forbids unsafe
# code, so what can break is a panic or an endless loop. `cargo +nightly fuzz run TARGET` adds the sanitizer.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:?how many seconds for each target?}
shift
if [ $# -eq 0 ]; then
    set -- html record report script site style table wire yaml
fi

host=$(rustc -vV | sed -n 's/^host: //p')
# What cargo-fuzz sets, as far as the stable toolchain has it. Naming the target keeps it off build scripts.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares"
# The program's own versions of everything; only what fuzzing adds is resolved here.
cp ../Cargo.lock Cargo.lock
cargo build --release --target "$host"

for name in "$@"; do
    mkdir -p "corpus/$name" "artifacts/$name"
    log=artifacts/$name.log
    words=()
    [ ! -f "dict/$name.dict" ] || words=("-dict=dict/$name.dict")
    # One input may take ten seconds at most and two gibibytes of memory.
    if ! "${CARGO_TARGET_DIR:-target}/$host/release/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=65536 -seed="${SEED:-7}" "${words[@]}" -artifact_prefix="artifacts/$name/" "corpus/$name" "seeds/$name" >"$log" 2>&1; then
        tail -n 60 "$log"
        echo "fuzz target $name: FAILED, see fuzz/$log"
        exit 1
    fi
    echo "fuzz target $name: $(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/\1 inputs in \2 s/p' "$log"), nothing broke"
done
