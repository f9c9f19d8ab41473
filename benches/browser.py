"""Runs the checks of benches/browser.sh: times them, samples the memory of the program with its browser from /proc, and
looks for what was left behind. Prints a table with the bars; ends with 1 when one is missed.

    python3 benches/browser.py BIN [PAGES] [LONG]       default 50 200
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

SECONDS_A_PAGE = 1.0
PEAK_MIB = 900
# A browser fills its caches; beyond this between two quarters of a run it would be a leak.
GROWTH_MIB = 60
TABS = 4


class Server:
    """The loopback server: it ends when its input does."""

    def __init__(self, binary, folder, sites):
        command = [binary / "examples/fleet", folder, "visited", str(sites), "60000"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        asked, collected = self.process.stdout.read().split()
        self.process.wait()
        return int(asked), int(collected)


def stat(pid):
    """Parent, and the time it was born, which tells it from a later one of the same number."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[1]), int(fields[19]), fields[0]


def tree(root):
    """A process and all that descend from it, with the time of their birth."""
    all_of = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                all_of[int(entry)] = stat(int(entry))
            except (OSError, IndexError):
                pass
    found, grown = {root}, True
    while grown:
        more = {pid for pid, (parent, _, _) in all_of.items() if parent in found} - found
        found, grown = found | more, bool(more)
    return {pid: all_of[pid][1] for pid in found if pid in all_of}


def pss(pid):
    """Its share of memory in KiB; pages that several processes map are shared out among them."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def finished(recording):
    """Sites that are done: each has a line after the first."""
    try:
        return max((recording / "manifest.jsonl").read_bytes().count(b"\n") - 1, 0)
    except OSError:
        return 0


class Run:
    """One run of the program, in a folder for temporary files of its own."""

    def __init__(self, binary, folder, arguments, sampled=False, recording=None):
        self.samples, known = [], {}
        with tempfile.TemporaryDirectory() as own:
            report = pathlib.Path(own, "report.json")
            command = [binary / "rasoat", "check", "-q", "--policy", folder / "policy.yml", "--tabs", str(TABS)]
            # Names under .test are none that a government may have.
            command += ["--skip", "domain-name"]
            command += ["--report", f"json={report}", *arguments]
            command += ["--record", recording] if recording else []
            begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
            process = subprocess.Popen(command, env={**os.environ, "TMPDIR": own})
            last = 0
            while process.poll() is None:
                now = tree(process.pid)
                known |= now
                done = finished(recording) if recording else 0
                if sampled and time.monotonic() - last > 0.25:
                    memory = {pid: pss(pid) for pid in now}
                    self.samples.append((done, sum(memory.values()) / 1024, memory.get(process.pid, 0) / 1024))
                    last = time.monotonic()
                time.sleep(0.05 if sampled else 0.2)
            self.seconds = time.monotonic() - begun
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            self.exit = process.returncode
            self.findings = json.loads(report.read_text())["findings"]
            self.browsed = {f["site"] for f in self.findings if f["basis"] in ("browser", "stand-in")}
            self.verdicts = {}
            for finding in self.findings:
                self.verdicts[finding["verdict"]] = self.verdicts.get(finding["verdict"], 0) + 1
            # Children of a browser that ends need a moment.
            for _ in range(20):
                self.left = [pid for pid, born in known.items() if alive(pid, born)]
                if not self.left:
                    break
                time.sleep(0.1)
            for pid in self.left:
                os.kill(pid, signal.SIGKILL)
            self.folders = [name for name in os.listdir(own) if name != "report.json"]


def alive(pid, born):
    try:
        _, when, state = stat(pid)
    except (OSError, IndexError):
        return False
    return when == born and state != "Z"


def row(name, value, bar, held):
    print(f"{name:<58} {value:>12} {bar:>14}   {'ok' if held else 'MISSED'}")
    return held


def main():
    binary = pathlib.Path(sys.argv[1]).resolve()
    pages = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    long = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    held = []
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f} before the run, {TABS} tabs, pages of 60 kB")
    print(f"{'':<58} {'measured':>12} {'bar':>14}")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        left, folders, collected = 0, 0, 0

        def run(name, arguments, **how):
            nonlocal left, folders
            done = Run(binary, folder, arguments, **how)
            left, folders = left + len(done.left), folders + len(done.folders)
            if done.exit not in (0, 1) or set(done.verdicts) - {"pass", "not-applicable"}:
                print(f"  {name}: exit {done.exit}, {done.verdicts}")
                held.append(False)
            return done

        def speed(name, arguments, count):
            done = run(name, arguments)
            if len(done.browsed) != count:
                print(f"  {name}: {len(done.browsed)} of {count} sites were shown to the browser")
                held.append(False)
            a_page = done.seconds / count
            held.append(row(f"{name}, {count} pages", f"{a_page:.2f} s/page", f"{SECONDS_A_PAGE} s/page", a_page <= SECONDS_A_PAGE))
            # What other programs on the machine do does not change this figure much.
            print(f"{'  processor seconds, program and browser':<58} {done.cpu / count:>8.2f} s/page")

        def live(server):
            return ["--sites", folder / "sites.yml", "--cacert", folder / "root.pem", "--resolve", f"*:{server.port}:127.0.0.1"]

        server = Server(binary, folder, pages)
        speed("folders, stand-in", ["--sites", folder / "folders.yml"], pages)
        speed("loopback server, live library", live(server), pages)
        collected += server.end()[1]

        server = Server(binary, folder, long)
        done = run("memory", live(server), sampled=True, recording=folder / "recording")
        collected += server.end()[1]
        peak = max(done.samples, key=lambda s: s[1])
        held.append(row("peak memory (PSS), program and browser", f"{peak[1]:.0f} MiB", f"{PEAK_MIB} MiB", peak[1] <= PEAK_MIB))
        print(f"{'  of it the program itself':<58} {max(s[2] for s in done.samples):>8.0f} MiB")
        quarters = []
        for n in range(1, 5):
            mark = long * n // 4
            near = [s for s in done.samples if long * (n - 1) // 4 + long // 8 <= s[0] < mark]
            mean = sum(s[1] for s in near) / max(len(near), 1)
            quarters.append(mean)
            own = sum(s[2] for s in near) / max(len(near), 1)
            print(f"{f'  memory before page {mark}':<58} {mean:>8.0f} MiB   program {own:.0f} MiB")
        growth = quarters[3] - quarters[1]
        held.append(row(f"growth from page {long // 2} to page {long}", f"{growth:+.0f} MiB", f"{GROWTH_MIB} MiB", growth <= GROWTH_MIB))
        print(f"{f'  seconds a page, sampled and recorded, {long} pages':<58} {done.seconds / long:>8.2f} s/page")
        held.append(row("processes left behind", str(left), "0", left == 0))
        held.append(row("profile folders left behind", str(folders), "0", folders == 0))
        held.append(row("requests that reached the collector", str(collected), "0", collected == 0))
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
