"""Runs the programs of site.sh in turn and compares them. Needs nothing but Python."""

import argparse
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_site  # noqa: E402

COMPONENTS = [f"--component=https://{host}/" for host in make_site.COMPONENTS]
# Name, ratio, what it is for.
BARS = {"floor": (1.2, "bar"), "hyperlink": (4.0, "aim"), "lychee": (0.30, "aim")}
PEAK_MIB = 64
# Peak memory against lychee's on the same pages.
PEAK_OF_LYCHEE = 0.2
GROWTH = 5.5


def run(command, log):
    """Processor seconds, wall seconds and peak MiB of one process."""
    with open(log, "wb") as out:
        begun = time.monotonic()
        pid = os.posix_spawnp(
            command[0],
            command,
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, out.fileno(), 2)],
        )
        _, status, used = os.wait4(pid, 0)
        wall = time.monotonic() - begun
    code = os.waitstatus_to_exitcode(status)
    return {"code": code, "cpu": used.ru_utime + used.ru_stime, "wall": wall, "peak": used.ru_maxrss / 1024}


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def commands(binaries, site, reports):
    # fmt: off
    return {
        "rasoat": [f"{binaries}/rasoat", "check", site, "--pages", "all", "-p", "benches/policy.yml", "--role", "portal",
                   "--url", "https://tinh-mau.gov.vn/", *COMPONENTS, "--report", f"json={reports}/r.json",
                   "--report", f"junit={reports}/r.xml", "--report", f"sarif={reports}/r.sarif"],
        "floor": [f"{binaries}/examples/floor", site],
        "hyperlink": ["hyperlink", site],
        "lychee": ["lychee", "--offline", "--no-progress", "--root-dir", os.path.abspath(site), site],
    }
    # fmt: on


def bytes_of(site):
    return sum(path.stat().st_size for path in pathlib.Path(site).rglob("*.html"))


def last_lines(log, count=1):
    lines = pathlib.Path(log).read_text(errors="replace").strip().splitlines()
    return " | ".join(line.strip() for line in lines[-count:])


def measure(commands, rounds, folder):
    """Every program once for warmth, then all of them in turn, round by round."""
    taken = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            figures = run(command, f"{folder}/{name}.log")
            # A program that breaks down is fast: only the codes for "checked, and this is what was found" count.
            if figures["code"] not in (0, 1, 2):
                sys.exit(f"{name} ended with {figures['code']}: {last_lines(f'{folder}/{name}.log', 5)}")
            if number:
                taken[name].append(figures)
    return taken


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--keep", help="a folder for the sites, kept for the next time")
    options.add_argument("--small", action="store_true", help="only the site of 100 pages: to try the bench itself")
    chosen = options.parse_args()
    folder = chosen.keep or tempfile.mkdtemp(prefix="rasoat-bench-")
    missed = []
    try:
        for pages in (100,) if chosen.small else (100, 2_000, 10_000):
            site = f"{folder}/{pages}"
            if not os.path.exists(site):
                make_site.main(site, pages)
            missed += compare(chosen, pages, site, folder)
        if not chosen.small:
            missed += growth(chosen, folder)
    finally:
        if not chosen.keep:
            shutil.rmtree(folder)
    print("\nMISSED: " + "; ".join(missed) if missed else "\nEvery bar was reached.")
    sys.exit(1 if missed else 0)


def compare(chosen, pages, site, folder):
    programs = commands(chosen.bin, site, folder)
    # The largest site is for memory and growth; three rounds of all programs are enough there.
    taken = measure(programs, chosen.rounds if pages < 10_000 else 3, folder)
    print(f"\n{pages} pages, {bytes_of(site) / 1e6:.0f} MB; median (least–most) of {len(taken['rasoat'])} rounds")
    for name, figures in taken.items():
        parts = [f"{what} {spread([f[what] for f in figures])} {unit}" for what, unit in (("cpu", "s"), ("wall", "s"), ("peak", "MiB"))]
        print(f"  {name:<10}" + ", ".join(parts))
    missed = []
    for name, (most, kind) in BARS.items():
        ratios = [own["cpu"] / other["cpu"] for own, other in zip(taken["rasoat"], taken[name])]
        reached = statistics.median(ratios) <= most
        print(f"  rasoat / {name:<10} cpu {spread(ratios)} ({kind}: at most {most:.2f}, {'reached' if reached else 'MISSED'})")
        print(f"    drawn by {name}: {last_lines(f'{folder}/{name}.log', 2)}")
        if pages == 2_000 and kind == "bar" and not reached:
            missed.append(f"rasoat / {name}")
    run([f"{chosen.bin}/examples/drawn", site], f"{folder}/drawn.log")
    print(f"    drawn by rasoat, for each page: {last_lines(f'{folder}/drawn.log')}")
    peak = max(f["peak"] for f in taken["rasoat"])
    if pages == 10_000:
        print(f"  peak memory {peak:.0f} MiB (bar: at most {PEAK_MIB})")
        if peak > PEAK_MIB:
            missed.append(f"peak memory {peak:.0f} MiB")
    if pages >= 2_000:
        ratios = [own["peak"] / other["peak"] for own, other in zip(taken["rasoat"], taken["lychee"])]
        reached = statistics.median(ratios) <= PEAK_OF_LYCHEE
        kind = "bar" if pages == 10_000 else "aim"
        print(f"  rasoat / lychee     peak memory {spread(ratios)} ({kind}: at most {PEAK_OF_LYCHEE})")
        if kind == "bar" and not reached:
            missed.append("memory of rasoat / lychee")
    return missed


def growth(chosen, folder):
    small, large = (commands(chosen.bin, f"{folder}/{pages}", folder)["rasoat"] for pages in (2_000, 10_000))
    ratios = []
    for _ in range(5):
        less, more = run(small, f"{folder}/small.log"), run(large, f"{folder}/large.log")
        ratios.append(more["cpu"] / less["cpu"])
    size = bytes_of(f"{folder}/10000") / bytes_of(f"{folder}/2000")
    print(f"\ncpu for {size:.2f} × the bytes: {spread(ratios)} × (bar: at most {GROWTH})")
    return [f"growth {statistics.median(ratios):.2f}"] if statistics.median(ratios) > GROWTH else []


if __name__ == "__main__":
    main()
