#!/usr/bin/env bash
# Measures `rasoat check` over the network on loopback, server on the same machine:
#   a fleet of sites with TLS (sites per minute, processor seconds per site, peak memory, requests), at two sizes;
#   all pages of one site over HTTP against lychee with the same list.
#
#   benches/fleet.sh [SITES] [PAGES]        default 3000 2000
set -euo pipefail
cd "$(dirname "$0")/.."
sites=${1:-3000} pages=${2:-2000}
cargo build --release --locked --bin rasoat --example fleet
bin=$(realpath "${CARGO_TARGET_DIR:-target}/release")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

serve() { # WHAT...; sets port; the server ends when its input does
    coproc SERVER { "$bin/examples/fleet" "$work" "$@"; }
    read -r port <&"${SERVER[0]}"
}
# The server prints how often it was asked; its process and pipes are gone afterwards.
served() {
    local out=${SERVER[0]} in=${SERVER[1]} pid=$SERVER_PID
    exec {in}>&-
    read -r asked _ <&"$out"
    wait "$pid" || true
}
measured() { # NAME COMMAND...
    local name=$1
    shift
    local status=0
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/out" 2>"$work/err" || status=$?
    read -r wall user system peak < <(tail -n 1 "$work/time")
    cpu=$(echo "$user + $system" | bc)
    printf '%-28s %7.2f s wall %7.2f s cpu %6d MiB peak   exit %s\n' "$name" "$wall" "$cpu" $((peak / 1024)) "$status"
}

echo "A fleet of sites over TLS, ${BYTES:-60000} bytes a home page, $(nproc) cores shared with the server"
before=''
for count in $((sites / 5)) "$sites"; do
    serve fleet "$count" "${BYTES:-60000}"
    measured "$count sites" "$bin/rasoat" check --sites "$work/sites.yml" --cacert "$work/root.pem" \
        --resolve "*:$port:127.0.0.1" --skip emc-label --skip domain-name --quiet --report "json=$work/report.json"
    served
    python3 - "$work/report.json" "$count" "$wall" "$cpu" "$asked" <<'PY'
import json, sys
report, sites, wall, cpu, asked = json.load(open(sys.argv[1])), int(sys.argv[2]), *map(float, sys.argv[3:6])
print(f"{'':28} {sites / wall * 60:7.0f} sites a minute, {cpu / sites * 1000:.2f} ms cpu a site, {asked / sites:.2f} requests a site,", report["summary"])
PY
    [ -z "$before" ] || echo "cpu for 5 × the sites: $(echo "scale=2; $cpu / $before" | bc) ×"
    before=$cpu
done

echo "All pages of one site over HTTP, $pages pages"
python3 benches/make_site.py "$work/site" "$pages" >/dev/null
serve folder "$work/site"
measured "rasoat --pages all" "$bin/rasoat" check "http://127.0.0.1:$port/" --policy benches/policy.yml --pages all \
    --max-pages "$pages" --per-host 16 --quiet --report "json=$work/report.json"
ours=$cpu
python3 -c "import json,sys; print(' ' * 28, json.load(open(sys.argv[1]))['sites'][0]['pages_covered'])" "$work/report.json"
if command -v lychee >/dev/null; then
    find "$work/site" -name '*.html' -printf "http://127.0.0.1:$port/%P\n" | sort >"$work/urls"
    # It reads each page of the list; of the links it finds only those of the site itself count, as with us.
    measured lychee lychee --no-progress --files-from "$work/urls" --include "^http://127\\.0\\.0\\.1:$port/" \
        --max-concurrency 64 --host-concurrency 64 --host-request-interval 0ms --format json --output "$work/lychee.json"
    echo "cpu: rasoat / lychee = $(echo "scale=2; $ours / $cpu" | bc)"
else
    echo "lychee is missing: cargo install lychee --locked"
fi
served
