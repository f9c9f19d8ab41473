#!/usr/bin/env python3
"""One run over a large fleet: its memory while it goes, and what it leaves behind after its end, after Ctrl-C and after
being killed.

  benches/leftovers.py PROGRAM FLEET [SITES] [BYTES]        default 10000 20000

PROGRAM is rasoat, FLEET the server of benches/fleet.rs. Ends with 1 when a run that could still act left something.
"""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time


def held(pid):
    """Memory now and at most in KiB, open descriptors, threads."""
    try:
        status = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
        descriptors = len(os.listdir(f"/proc/{pid}/fd"))
    except (OSError, ValueError):
        return None
    kib = lambda name: int(status.get(name, "0 kB").split()[0])
    return kib("VmRSS"), kib("VmHWM"), descriptors, int(status.get("Threads", "0"))


def processes(word):
    """Processes that name a folder in what they were started with."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if word in line:
                found.append(line[:100])
    return found


def main():
    program, fleet = (str(pathlib.Path(p).resolve()) for p in sys.argv[1:3])
    sites, size = (sys.argv[3:] + ["10000", "20000"][len(sys.argv) - 3:])[:2]
    bad = 0
    with tempfile.TemporaryDirectory() as work:
        temporary, reports = pathlib.Path(work, "temporary"), pathlib.Path(work, "reports")
        server = subprocess.Popen([fleet, work, "fleet", sites, size], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = server.stdout.readline().strip()
        command = [program, "check", "--sites", f"{work}/sites.yml", "--cacert", f"{work}/root.pem", "--resolve", f"*:{port}:127.0.0.1",
                   "--skip", "emc-label", "--skip", "domain-name", "--quiet", "--browser", "never", "--report", f"json={reports}/report.json"]
        for how in ("to its end", "Ctrl-C", "killed"):
            for folder in (temporary, reports):
                folder.mkdir(exist_ok=True)
                for entry in folder.iterdir():
                    entry.unlink()
            began = time.monotonic()
            run = subprocess.Popen(command, env={"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "TMPDIR": str(temporary)})
            seen, acted = [], False
            while run.poll() is None:
                now = held(run.pid)
                if now:
                    seen.append(now)
                # In mid-run: connections are open and pages are being read.
                if how != "to its end" and not acted and now and now[2] > 20 and time.monotonic() - began > 3:
                    run.send_signal(signal.SIGINT if how == "Ctrl-C" else signal.SIGKILL)
                    acted = True
                time.sleep(0.05)
            most = [max(column) for column in zip(*seen)]
            left, alive = [e.name for e in temporary.iterdir()], processes(work)
            alive = [line for line in alive if not line.startswith(fleet)]
            written = sorted(e.name for e in reports.iterdir())
            print(f"{how:10} exit {run.returncode:4}  {time.monotonic() - began:6.1f} s  peak {most[1]:7} KiB  most open {most[2]:4}  "
                  f"threads {most[3]:3}  left: temporary {left}, processes {alive}, reports {written}", flush=True)
            if left or alive or (how != "killed" and written != ["report.json"]) or (how == "killed" and "report.json" in written):
                bad = 1
        server.stdin.close()
        server.wait()
    return bad


if __name__ == "__main__":
    sys.exit(main())
