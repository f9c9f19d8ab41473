"""Runs the program over a corpus: from folders, in a browser, and over TLS from a loopback proxy that stands for the net."""

import contextlib
import http
import json
import pathlib
import resource
import socketserver
import ssl
import subprocess
import sys
import threading
import time

OF_THE_PAGE = ("emc-snippet", "emc-label", "component-links", "portal-link")
TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".png": "image/png"}


def check(program, corpus, report, *flags):
    """One check of the corpus: the findings by (site, rule), and seconds (wall clock, CPU of the program)."""
    begun = time.monotonic()
    command = [program, "check", "--sites", corpus / "sites.yml", "--quiet", "--lang", "en", "--report", f"json={report}", *flags]
    before = children_seconds()
    ran = subprocess.run([str(c) for c in command], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if ran.returncode not in (0, 1, 3):
        sys.exit(f"{program}: exit {ran.returncode}\n{ran.stderr[-2000:]}")
    return findings(report), time.monotonic() - begun, children_seconds() - before


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def findings(path):
    """The report's findings by (site, rule)."""
    with open(path) as file:
        return {(f["site"], f["rule"]): f for f in json.load(file)["findings"]}


def folders(program, corpus, work):
    return check(program, corpus, work / "folders.json", "--browser", "never")


def chosen(ids):
    """Flags that narrow a run to some sites; the list of sites stays whole, so that portals keep their components."""
    return [part for ident in ids for part in ("--site", ident)]


def browser(program, corpus, work, ids):
    """Each of these sites shown to Chromium, some hundred in a run."""
    found, seconds, cpu = {}, 0.0, 0.0
    for n, some in enumerate(batches(ids, 200)):
        part, wall, used = check(program, corpus, work / f"browser-{n}.json", "--browser", "require", "--tabs", "8", *chosen(some))
        found |= part
        seconds, cpu = seconds + wall, cpu + used
    return found, seconds, cpu


def batches(ids, size):
    for at in range(0, len(ids), size):
        yield ids[at:at + size]


def over_http(program, corpus, work, entries):
    """These sites fetched over TLS, the same bytes as in their folders, without a browser."""
    authority, chain, key = certificates(work, sorted({e["url"].split("/")[2] for e in entries}))
    with serving(corpus, entries, chain, key) as port:
        flags = ["--browser", "never", "--deployed", "--proxy", f"http://127.0.0.1:{port}", "--cacert", authority]
        return check(program, corpus, work / "http.json", *flags, *chosen([e["id"] for e in entries]))


def certificates(work, hosts):
    """An authority and one certificate for all hosts, made anew."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    authority, authority_key = work / "ca.pem", work / "ca.key"
    leaf, key, request, names = work / "leaf.pem", work / "leaf.key", work / "leaf.csr", work / "leaf.ext"
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *curve, "-keyout", str(authority_key), "-out", str(authority), "-days", "30",
            "-subj", "/CN=Accuracy test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", "-new", *curve, "-keyout", str(key), "-out", str(request), "-subj", "/CN=accuracy.test")
    names.write_text("subjectAltName=" + ",".join(f"DNS:{h}" for h in hosts) + "\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", str(request), "-CA", str(authority), "-CAkey", str(authority_key), "-CAcreateserial",
            "-days", "30", "-extfile", str(names), "-out", str(leaf))
    return authority, leaf, key


@contextlib.contextmanager
def serving(corpus, entries, chain, key):
    """A proxy on loopback that answers CONNECT for each host with that site's folder."""
    folders_of = {e["url"].split("/")[2]: corpus / e["source"] for e in entries}
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)

    class Talk(socketserver.BaseRequestHandler):
        def handle(self):
            with contextlib.suppress(OSError, ValueError):
                asked = head(self.request)
                if not asked.startswith("CONNECT "):
                    self.request.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
                    return
                host = asked.split()[1].rsplit(":", 1)[0].lower()
                if host not in folders_of:
                    self.request.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                    return
                self.request.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                with context.wrap_socket(self.request, server_side=True) as talk:
                    while asked := head(talk):
                        talk.sendall(answer(folders_of[host], asked.split()[1]))

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Talk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def head(talk):
    """The head of a request; nothing at the end of the connection."""
    talk.settimeout(60)
    got = b""
    while b"\r\n\r\n" not in got and len(got) < 65536:
        more = talk.recv(4096)
        if not more:
            return ""
        got += more
    return got.decode("latin-1")


def answer(folder, target):
    """A file of the folder as a plain web server sends it: no charset, so that the page's own word counts."""
    path = target.split("?")[0].lstrip("/") or "index.html"
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()) or not file.is_file():
        status, kind, body = http.HTTPStatus.NOT_FOUND, "text/html", b"<!doctype html><title>404</title><p>404"
    else:
        status, kind, body = http.HTTPStatus.OK, TYPES.get(pathlib.Path(path).suffix, "application/octet-stream"), file.read_bytes()
    return (f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


