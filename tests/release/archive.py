"""Reads a release's archive as those who get it do: sums, names, modes, notices, the bill of materials by the official
CycloneDX schema, and the action's own script that downloads it from a server on this machine.

    archive.py ARCHIVE.tar.gz
"""

import functools
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import tomllib

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = pathlib.Path(__file__).resolve().parents[2]
ARCHIVE = pathlib.Path(sys.argv[1]).resolve()


def expect(good: object, what: str) -> None:
    if not good:
        sys.exit(f"archive: {what}")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def members() -> tuple[str, dict[str, bytes]]:
    """The name of the folder and the bytes of each file in it."""
    told = ARCHIVE.with_name(ARCHIVE.name + ".sha256").read_text(encoding="utf-8")
    expect(told == f"{sha256(ARCHIVE.read_bytes())}  {ARCHIVE.name}\n", "the sum beside it is another")
    # No name and no time in the compressed file's own head.
    expect(ARCHIVE.read_bytes()[3:8] == bytes(5), "gzip tells a name or a time")
    name = ARCHIVE.name.removesuffix(".tar.gz")
    staged = ["git", "ls-files", "--stage", "examples", "templates"]
    staged = subprocess.run(staged, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    programs = {"rasoat"} | {line.split("\t", 1)[1] for line in staged if line.startswith("100755")}
    with tarfile.open(ARCHIVE) as tar:
        entries = tar.getmembers()
        # Folder by folder: what lies in `letter/` comes before `letter.docx`.
        names = [e.name.split("/") for e in entries]
        expect(names == sorted(names), "the entries are in no order")
        expect(len({e.mtime for e in entries}) == 1, "times differ")
        for entry in entries:
            expect(entry.name == name or entry.name.startswith(f"{name}/"), f"{entry.name}: outside of the folder")
            expect(".." not in entry.name.split("/"), f"{entry.name}: climbs")
            expect(entry.isfile() or entry.isdir(), f"{entry.name}: neither file nor folder")
            expect((entry.uid, entry.gid, entry.uname, entry.gname) == (0, 0, "", ""), f"{entry.name}: of somebody")
            mode = 0o755 if entry.isdir() or entry.name.removeprefix(f"{name}/") in programs else 0o644
            expect(entry.mode == mode, f"{entry.name}: mode {entry.mode:o}")
        return name, {e.name.removeprefix(f"{name}/"): tar.extractfile(e).read() for e in entries if e.isfile()}


def version() -> str:
    return tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]["version"]


def contents(name: str, files: dict[str, bytes]) -> None:
    expect(re.fullmatch(rf"rasoat-{re.escape(version())}-(x86_64|aarch64)-unknown-linux-gnu", name), f"{name}: its name")
    # obtain.sh and the GitLab component look for a file of this name, wherever it lies.
    expect([f for f in files if pathlib.Path(f).name == "rasoat"] == ["rasoat"], "more than one file rasoat, or none")
    sums = dict(reversed(line.split("  ", 1)) for line in files["SHA256SUMS"].decode().splitlines())
    expect(sums == {f: sha256(b) for f, b in files.items() if f != "SHA256SUMS"}, "SHA256SUMS is not what is there")
    for path in ("LICENSE", "README.md", "README.vi.md", "CHANGELOG.md", "CONTRIBUTING.md"):
        expect(files[path] == (ROOT / path).read_bytes(), f"{path}: another one")
    for folder in ("docs", "examples", "policies", "schema", "templates"):
        tracked = subprocess.run(["git", "ls-files", folder], cwd=ROOT, check=True, capture_output=True, text=True)
        for path in tracked.stdout.split():
            expect(files.get(path) == (ROOT / path).read_bytes(), f"{path}: another one, or missing")
    for path in ("rasoat.bash", "rasoat.elv", "rasoat.fish", "_rasoat", "_rasoat.ps1"):
        expect(b"browser-timeout" in files[f"completions/{path}"], f"completions/{path}: without --browser-timeout")
    for path in ("man/man1/rasoat-check.1", "man/vi/man1/rasoat-check.1", "man/man1/rasoat.1", "man/vi/man1/rasoat.1"):
        expect(b".TH rasoat" in files[path], f"{path}: no manual page")
    expect(files["man/man1/rasoat-check.1"] != files["man/vi/man1/rasoat-check.1"], "one language twice")
    home = str(pathlib.Path.home()).encode()
    for path in set(files) - {"rasoat"}:
        expect(str(ROOT).encode() not in files[path], f"{path}: tells where it was made")
        expect(home + b"/" not in files[path], f"{path}: tells by whom it was made")


def bill(files: dict[str, bytes]) -> None:
    text = files["sbom.cdx.json"].decode()
    fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    expect(fault is None, f"sbom.cdx.json: {fault}")
    # The validator does find faults.
    broken = text.replace('"scope": "required"', '"scope": "perhaps"', 1)
    expect(JsonStrictValidator(SchemaVersion.V1_6).validate_str(broken) is not None, "the validator lets everything through")
    said = json.loads(text)
    beside = ARCHIVE.with_name(ARCHIVE.name.removesuffix(".tar.gz") + ".cdx.json")
    expect(beside.read_bytes() == files["sbom.cdx.json"], "the bill beside the archive is another")
    own = said["metadata"]["component"]
    expect(own["hashes"][0]["content"] == sha256(files["rasoat"]), "the bill is of another program")
    features = {p["value"] for p in own["properties"] if p["name"] == "cargo:feature"}
    expect({"browser", "github", "office"} <= features, f"features {features}")
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))["package"]
    locked = {(p["name"], p["version"]): p.get("checksum") for p in lock}
    linked = set()
    for part in said["components"]:
        key = part["name"], part["version"]
        if part["name"] == "rust-std":
            continue
        expect(part["hashes"][0]["content"] == locked[key], f"{key}: another checksum than Cargo.lock")
        expect(part["purl"].startswith(f"pkg:cargo/{key[0]}@"), f"{key}: purl {part['purl']}")
        expect(part["licenses"][0]["expression"], f"{key}: no licence")
        if part["scope"] == "required":
            linked.add(key)
    names = {name for name, _ in linked}
    expect({"rustls", "oxc_parser", "octocrab", "calamine", "rcgen"} <= names, "what is linked is not told")
    # Of tests, of macros, of other systems.
    expect(not {"proptest", "criterion", "syn", "windows-sys", "cc"} & names, "what is not linked is told as linked")
    refs = {part["bom-ref"] for part in said["components"]} | {own["bom-ref"]}
    expect({d["ref"] for d in said["dependencies"]} == refs, "the graph has other knots than the list")
    expect({r for d in said["dependencies"] for r in d["dependsOn"]} <= refs, "the graph leads out of the list")
    notices = files["THIRD-PARTY.txt"].decode()
    for name, number in linked:
        expect(f"\n{name} {number}: " in notices, f"THIRD-PARTY.txt: nothing of {name} {number}")
    for words in ("Mozilla Public License", "UNICODE LICENSE", "ISC License", "Permission is hereby granted"):
        expect(words in notices, f"THIRD-PARTY.txt: no “{words}”")


class Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def taken_by_the_action() -> None:
    """scripts/action/obtain.sh downloads it, checks it, and what it keeps starts."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch, "served/OWNER/rasoat/releases/download", f"v{version()}")
        folder.mkdir(parents=True)
        for path in (ARCHIVE, ARCHIVE.with_name(ARCHIVE.name + ".sha256")):
            shutil.copy(path, folder)
        served = functools.partial(Silent, directory=f"{scratch}/served")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), served)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = pathlib.Path(scratch, "output")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "INPUT_", "RUNNER_"))}
        env |= {
            "INPUT_VERSION": version(),
            "GITHUB_SERVER_URL": f"http://127.0.0.1:{server.server_port}",
            "GITHUB_REPOSITORY": "OWNER/rasoat",
            "GITHUB_OUTPUT": str(said),
            "RUNNER_TEMP": scratch,
            "RUNNER_TOOL_CACHE": f"{scratch}/cache",
            # The loopback needs no proxy.
            "no_proxy": "127.0.0.1",
        }
        run = subprocess.run([ROOT / "scripts/action/obtain.sh"], env=env, capture_output=True, text=True)
        server.shutdown()
        expect(run.returncode == 0, f"obtain.sh: {run.stdout}{run.stderr}")
        expect("Compiling" not in run.stdout + run.stderr, "obtain.sh built it instead")
        kept = re.search(r"^/.*/rasoat$", said.read_text(encoding="utf-8"), re.M)
        expect(kept and kept[0].startswith(f"{scratch}/cache/"), "obtain.sh kept nothing")
        told = subprocess.run([kept[0], "--version"], capture_output=True, text=True, check=True).stdout
        expect(told == f"rasoat {version()}\n", f"the program says {told}")


name, files = members()
contents(name, files)
bill(files)
taken_by_the_action()
print(f"archive: {len(files)} files, {len(files['rasoat'])} bytes of program, {ARCHIVE.stat().st_size} packed")
