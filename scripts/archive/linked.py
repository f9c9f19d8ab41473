"""Which packages a build of rasoat is made of: from cargo's own answers to the list that the notices and the bill of
materials share. Asks no network and decides nothing."""

import json
import pathlib
import re
import subprocess
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]


def cargo(*words: str) -> str:
    return subprocess.run(["cargo", *words], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


class Package:
    """One crate at one version."""

    def __init__(self, said: dict):
        self.id = said["id"]
        self.name, self.version = said["name"], said["version"]
        self.licence = (said["license"] or "").replace("/", " OR ")
        self.authors = said["authors"]
        self.address = said["repository"] or said["homepage"]
        self.about = said["description"]
        self.folder = pathlib.Path(said["manifest_path"]).parent
        # Runs while cargo builds and is no part of the program.
        self.macro = any("proc-macro" in target["kind"] for target in said["targets"])
        self.features: set[str] = set()
        self.needs: dict[str, bool] = {}
        self.linked = False

    @property
    def purl(self) -> str:
        return f"pkg:cargo/{self.name}@{self.version.replace('+', '%2B')}"


def packages(target: str) -> tuple[Package, list[Package]]:
    """The program's own package, and all others by name and version: those linked into it, and those that build it."""
    metadata = json.loads(cargo("metadata", "--locked", "--format-version=1", f"--filter-platform={target}"))
    known = {said["id"]: Package(said) for said in metadata["packages"]}
    for node in metadata["resolve"]["nodes"]:
        for needed in node["deps"]:
            kinds = {kind["kind"] for kind in needed["dep_kinds"]}
            if kinds & {None, "build"}:
                known[node["id"]].needs[needed["pkg"]] = None in kinds
    # What tests bring is in the metadata, its features too; the tree of a build leaves it out.
    tree = cargo("tree", "--locked", f"--target={target}", "--edges=normal,build", "--prefix=none", "--format={p}\t{f}")
    built = {}
    for line in tree.splitlines():
        name, version, features = re.match(r"(\S+) v(\S+)[^\t]*\t(.*)", line.removesuffix(" (*)")).groups()
        built.setdefault((name, version), set()).update(filter(None, features.removesuffix(" (*)").split(",")))
    root = known[metadata["resolve"]["root"]]
    used = {p.id: p for p in known.values() if (p.name, p.version) in built}
    for package in used.values():
        package.features = built[package.name, package.version]
        package.needs = {key: normal for key, normal in package.needs.items() if key in used}
    waiting = [root]
    while waiting:
        package = waiting.pop()
        if package.linked or package.macro:
            continue
        package.linked = True
        waiting += [used[key] for key, normal in package.needs.items() if normal]
    others = sorted((p for p in used.values() if p is not root), key=lambda p: (p.name, p.version))
    return root, others


def checksums() -> dict[tuple[str, str], str]:
    """SHA-256 of each package as it was downloaded, from Cargo.lock."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    return {(p["name"], p["version"]): p["checksum"] for p in lock["package"] if "checksum" in p}


def compiler() -> dict[str, str]:
    """What `rustc -vV` says."""
    said = subprocess.run(["rustc", "-vV"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
