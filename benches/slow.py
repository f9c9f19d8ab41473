"""A country in small, on loopback: provinces whose sites share one address each, some slow, some silent, some refused.
Checks it with rasoat and lays the time it took beside the time that the formula of docs/scale.md gives.

    python3 benches/slow.py PROGRAM [PROVINCES] [SITES]      default 12 provinces of 50 sites
"""

import asyncio
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time

JOBS, PER_HOST, TRIES = 64, 4, 3
# What is waited between two tries, on average: 0.4 s, then twice that.
PAUSES = 0.4 + 0.8


class Server:
    """Answers by the name it is asked by: `ok-…` soon, `slow-…` late, `dead-…` never."""

    def __init__(self, soon, late):
        self.asked, self.waits = 0, {"ok": soon, "slow": late}
        self.loop = asyncio.new_event_loop()
        begun = threading.Event()
        threading.Thread(target=self.run, args=(begun,), daemon=True).start()
        begun.wait()

    def run(self, begun):
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.talk, "0.0.0.0", 0, backlog=4096))
        self.port = server.sockets[0].getsockname()[1]
        begun.set()
        self.loop.run_forever()

    async def talk(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
                self.asked += 1
                host = head.split("host: ", 1)[1].split("\r\n", 1)[0]
                kind = host.split("-", 1)[0]
                if kind == "dead":
                    await asyncio.sleep(600)
                await asyncio.sleep(self.waits[kind])
                body = page(host).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def page(host):
    news = "".join(f"<p>Tin số {n}: ủy ban nhân dân triển khai nhiệm vụ trọng tâm</p>\n" for n in range(100))
    return f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{host}</title></head><body><h1>{host}</h1>{news}</body></html>"


def country(folder, port, provinces, sites, shares):
    """The sites file and where the names live: a province's sites that answer share one address."""
    kinds, lines, places = [], ["apiVersion: rasoat/v1", "sites:"], []
    draw = random.Random(22)
    for p in range(provinces):
        for s in range(sites):
            kind = "ok" if s == 0 else draw.choices(list(shares), list(shares.values()))[0]
            host = f"{kind}-{s}.tinh-{p}.test"
            at = port if kind != "refused" else 9
            role = "role: portal" if s == 0 else f"role: component, parent: s-{p}-0"
            lines.append(f"  - {{id: s-{p}-{s}, {role}, url: 'http://{host}:{at}/'}}")
            address = f"127.1.{p}.1" if kind in ("ok", "slow") else f"127.{2 + s}.{p}.1"
            places.append(f"{host}:{at}:{address}")
            kinds.append((p, kind))
    pathlib.Path(folder, "sites.yml").write_text("\n".join(lines) + "\n")
    pathlib.Path(folder, "hosts").write_text("\n".join(places) + "\n")
    return kinds


def predicted(kinds, soon, late, timeout, delay):
    """Seconds by the formula: what all places of the run, the busiest address and the slowest site need at least."""
    held = {"ok": soon, "slow": late, "dead": TRIES * timeout, "refused": 0.0}
    slots = sum(held[kind] for _, kind in kinds) / JOBS
    shared = {}
    for p, kind in kinds:
        if kind in ("ok", "slow"):
            shared.setdefault(p, []).append(held[kind])
    address = max(max(sum(all_of) / PER_HOST, len(all_of) * delay) for all_of in shared.values())
    present = {kind for _, kind in kinds}
    site = max(held[kind] + (PAUSES if kind in ("dead", "refused") else 0) for kind in present)
    return slots, address, site


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    provinces = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    sites = int(sys.argv[3]) if len(sys.argv) > 3 else 50
    print(f"{provinces} provinces of {sites} sites, each with one address, {JOBS} jobs, {PER_HOST} for each address; load {os.getloadavg()[0]:.1f}")
    print(f"{'':<34} {'slots':>8} {'address':>8} {'site':>8} {'formula':>8} {'measured':>9} {'ratio':>6} {'cpu':>7} {'requests':>9}  verdicts")
    everywhere = {"ok": 1.0}
    bad = {"ok": 0.65, "slow": 0.1, "dead": 0.125, "refused": 0.125}
    for name, shares, soon, late, timeout, delay in [
        ("all answer after 2 s", everywhere, 2.0, 0, 10, 0),
        ("the same, --delay 1s", everywhere, 2.0, 0, 10, 1.0),
        ("10 % slow, 25 % unreachable", bad, 2.0, 8.0, 10, 0),
    ]:
        server = Server(soon, late)
        with tempfile.TemporaryDirectory() as folder:
            kinds = country(folder, server.port, provinces, sites, shares)
            slots, address, site = predicted(kinds, soon, late, timeout, delay)
            before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
            subprocess.run(
                [program, "check", "-q", "--browser", "never", "--resolve", "@hosts", "--timeout", f"{timeout}s", "--delay", f"{int(delay * 1000)}ms",
                 "--jobs", str(JOBS), "--per-host", str(PER_HOST), "--report", "json=report.json"],
                cwd=folder, check=False,
            )
            took, used = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
            report = json.loads(pathlib.Path(folder, "report.json").read_text())
            formula = max(slots, address, site)
            print(f"{name:<34} {slots:8.1f} {address:8.1f} {site:8.1f} {formula:8.1f} {took:9.1f} {took / formula:6.2f} {cpu:7.2f} {server.asked:9}  {report['summary']}", flush=True)


main()
