"""Prints the numbers that docs/scale.md plans with: what a site costs in each lane, what a whole country of folders costs
in one process and in shards, and what its formats weigh.

    python3 benches/scale.py BIN lanes [SITES] [BROWSED]     default 3000 60: folders, TLS, Chromium
    python3 benches/scale.py BIN country [SITES] [SHARDS]    default 40000 40: folders of a small page each
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

BYTES = 60_000


class Server:
    """The loopback server: it ends when its input does."""

    def __init__(self, binary, *words):
        self.process = subprocess.Popen([binary / "examples/fleet", *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def end(self):
        self.process.stdin.close()
        asked = int(self.process.stdout.read().split()[0])
        self.process.wait()
        return asked


def run(binary, folder, *words, most=None):
    """Runs it; wall and processor seconds, most MiB of one process, and how it ended."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as said:
        # The browser is no child of ours, its processor time comes with the program that waited for it.
        process = subprocess.Popen([binary / "rasoat", *map(str, words)], cwd=folder, stdout=subprocess.DEVNULL, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1, 3):
            said.seek(0)
            sys.exit(f"rasoat {' '.join(map(str, words))}: exit {process.returncode}\n{said.read().decode()}")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def bytes_of(path):
    path = pathlib.Path(path)
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


def row(name, sites, measured, *more):
    wall, cpu, peak = measured
    print(f"{name:<42} {sites:6} sites {wall:8.1f} s wall {cpu:8.2f} s cpu {cpu / sites * 1000:9.2f} ms cpu a site {peak:6.0f} MiB", *more, flush=True)


def kept(folder, sites):
    """What a run left, in bytes for each site."""
    told = [f"{name} {bytes_of(folder / path) / sites:.0f}" for name, path in
            (("JSON", "r.json"), ("history", "kept"), ("recording", "rec")) if (folder / path).exists()]
    return "bytes a site: " + ", ".join(told)


def clear(folder):
    for name in ("kept", "rec"):
        shutil.rmtree(folder / name, ignore_errors=True)


def lanes(binary, sites, browsed):
    print(f"Home pages of {BYTES:,} bytes; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, shared with the server")
    output = ["-q", "--report", "json=r.json", "--history", "kept", "--skip", "domain-name"]
    with tempfile.TemporaryDirectory() as own:
        folder = pathlib.Path(own)
        server = Server(binary, folder, "visited", sites, BYTES)
        near = ["check", "--sites", "folders.yml", "-p", "policy.yml", "--browser", "never", *output]
        far = ["check", "-p", "policy.yml", "--browser", "never", "--cacert", "root.pem", "--resolve", f"*:{server.port}:127.0.0.1", *output]
        for name, words, more in (("folders", near, []), ("folders, --record", near, ["--record", "rec"]), ("TLS", far, []), ("TLS, --record", far, ["--record", "rec"])):
            clear(folder)
            row(name, sites, run(binary, folder, *words, *more), kept(folder, sites))
        row("--replay", sites, run(binary, folder, "check", "-q", "-p", "policy.yml", "--skip", "domain-name", "--replay", "rec", "--report", "json=again.json"))
        before = server.end()
        print(f"{'':<42} {before / sites / 2:.2f} requests a site over TLS")
    with tempfile.TemporaryDirectory() as own:
        folder = pathlib.Path(own)
        server = Server(binary, folder, "visited", browsed, BYTES)
        seen = ["check", "-p", "policy.yml", "--browser", "require", *output]
        far = ["--cacert", "root.pem", "--resolve", f"*:{server.port}:127.0.0.1"]
        for name, words in (("Chromium, folders, stand-in", ["--sites", "folders.yml", "--emc", "stand-in", *far]), ("Chromium, TLS, the library itself", ["--emc", "live", *far])):
            clear(folder)
            row(name, browsed, run(binary, folder, *seen, *words, "--record", "rec"), kept(folder, browsed))
        server.end()


def country(binary, sites, shards):
    print(f"Folders of one page of 2,000 bytes; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as own:
        folder = pathlib.Path(own)
        for count in (sites // 8, sites // 4, sites // 2, sites):
            estate(folder, count)
            row("one process", count, run(binary, folder, "check", "-q", "--browser", "never", "--report", "json=r.json"), f"JSON {bytes_of(folder / 'r.json') / count:.0f} bytes a site")
        total, peak = [0.0, 0.0], 0.0
        for n in range(1, shards + 1):
            wall, cpu, most = run(binary, folder, "check", "-q", "--browser", "never", "--shard", f"{n}/{shards}", "--report", f"json=part-{n}.json")
            total, peak = [total[0] + wall, total[1] + cpu], max(peak, most)
        row(f"{shards} shards, one after the other", sites, (*total, peak))
        row(f"merge of {shards} × {sites // shards}", sites, run(binary, folder, "merge", "-q", *[f"part-{n}.json" for n in range(1, shards + 1)], "--report", "json=m.json"))
        # Elsewhere: a process that begins as a copy of a large one would count as large.
        subprocess.run([sys.executable, __file__, "compare", folder / "r.json", folder / "m.json"], check=True)
        for name, file in (("json", "o.json"), ("csv", "o.csv"), ("xlsx", "o.xlsx"), ("html", "o.html"), ("markdown", "o.md"), ("junit", "o.xml"), ("sarif", "o.sarif"), ("gitlab", "o.gl.json"), ("github", "o.txt"), ("docx", "o.docx")):
            row(f"report --report {name}", sites, run(binary, folder, "report", "r.json", "-q", "--report", f"{name}={file}"), f"{bytes_of(folder / file) / 1e6:.1f} MB")
        row("report on the terminal", sites, run(binary, folder, "report", "r.json"))
        row("history", sites, run(binary, folder, "merge", "-q", "r.json", "--history", "kept"), f"{bytes_of(folder / 'kept') / sites:.0f} bytes a site")


def compare(whole, merged):
    """Whether two reports say the same, but for how long it took and which run it was."""
    whole, merged = (json.loads(pathlib.Path(name).read_text()) for name in (whole, merged))
    for report in (whole, merged):
        for finding in report["findings"]:
            del finding["duration_ms"]
    differ = [key for key in whole if key not in ("run_id", "taken_at") and whole[key] != merged[key]]
    print(f"{'':<42} {len(whole['findings']):,} findings; merged and whole run differ in: {', '.join(differ) or 'nothing'}", flush=True)


def estate(folder, count):
    lines = ["apiVersion: rasoat/v1", "sites:"]
    for k in range(count):
        family = k // 400 * 400
        role = "role: portal" if k == family else f"role: component, parent: s-{family}"
        lines.append(f"  - {{id: s-{k}, {role}, url: 'https://s-{k}.tinh-{family}.gov.vn/', source: s-{k}, name: Trang thông tin điện tử số {k}}}")
        home = folder / f"s-{k}/index.html"
        if not home.exists():
            home.parent.mkdir()
            home.write_text(small(k, family, k % 4))
    (folder / "sites.yml").write_text("\n".join(lines) + "\n")


def small(k, family, kind):
    """Of four sites one is right, one has no label, one no link, one nothing."""
    queue = f"""<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);_govaq.push(['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking']);
_govaq.push(['setSiteId','{k}']);(function(){{var d=document,g=d.createElement('script'),s=d.getElementsByTagName('script')[0];
g.async=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';s.parentNode.insertBefore(g,s)}})()</script>"""
    link = f"<a href='https://s-{family}.tinh-{family}.gov.vn/'>Cổng</a>" if kind in (0, 1) else ""
    label = "<footer>Đã kết nối EMC</footer>" if kind in (0, 2) else ""
    text = "<p>Ủy ban nhân dân triển khai nhiệm vụ trọng tâm</p>\n" * 15
    return f"<!doctype html><html lang=vi><head><title>Trang {k}</title></head><body><h1>Trang {k}</h1>{link}{text}{queue if kind < 3 else ''}{label}</body></html>"


def main():
    if sys.argv[1] == "compare":
        return compare(*sys.argv[2:])
    binary, what = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    numbers = [int(n) for n in sys.argv[3:]]
    if what == "lanes":
        lanes(binary, *(numbers + [3000, 60][len(numbers):]))
    else:
        country(binary, *(numbers + [40000, 40][len(numbers):]))


main()
