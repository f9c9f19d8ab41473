"""The licences of everything linked into the program, with the texts as their packages bring them: what has to go
along with a copy of it. Stops when a package says nothing about its licence.

    notices.py TARGET >THIRD-PARTY.txt
"""

import re
import sys

from linked import ROOT, Package, packages

RULE = "=" * 100
MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


def texts(package: Package) -> list[str]:
    """The licence files of a package; deeper ones belong to sources of others that it compiles in."""
    found = []
    for file in sorted(package.folder.rglob("*")):
        inside = file.relative_to(package.folder)
        words = r"(licen[cs]e|notice|unlicense|copyright)" if len(inside.parts) > 1 else r"(licen[cs]e|notice|unlicense|copyright|copying)"
        if not re.match(words, file.name, re.I) or file.suffix in {".rs", ".toml", ".py", ".json", ".html", ".hbs"}:
            continue
        if {"tests", "test", "benches", "fuzz", "target"} & set(inside.parts[:-1]) or not file.is_file():
            continue
        lines = file.read_text(encoding="utf-8", errors="replace").replace("\f", "\n").splitlines()
        found.append("\n".join(line.rstrip() for line in lines).strip("\n"))
    return [text for text in found if text.strip()]


def main() -> None:
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    _, others = packages(sys.argv[1])
    linked = [package for package in others if package.linked]
    unsaid = [f"{p.name} {p.version}" for p in linked if not p.licence]
    if unsaid:
        sys.exit(f"notices.py: no licence is declared by {', '.join(unsaid)}")
    print("rasoat holds these works of others, unchanged, under the licences that each of them declares.\n")
    print("The Rust standard library: MIT OR Apache-2.0 – https://github.com/rust-lang/rust")
    for package in linked:
        print(f"{package.name} {package.version}: {package.licence} – {package.address or ', '.join(package.authors)}")
    owners: dict[str, list[str]] = {}
    bare = []
    for package in linked:
        found = texts(package)
        for text in found:
            owners.setdefault(text, []).append(f"{package.name} {package.version}")
        if not found:
            bare.append(package)
    for text, names in sorted(owners.items(), key=lambda entry: entry[1]):
        print(f"\n{RULE}\n{', '.join(dict.fromkeys(names))}\n{RULE}\n\n{text}")
    print(f"\n{RULE}\nPackages without a text of their own, and whose work they are\n{RULE}\n")
    for package in bare:
        print(f"{package.name} {package.version}: {package.licence} – {', '.join(package.authors) or package.address}")
    print(f"\n{RULE}\nMIT\n{RULE}\n\n{MIT}")
    print(f"\n{RULE}\nApache-2.0\n{RULE}\n\n{(ROOT / 'LICENSE').read_text(encoding='utf-8').strip()}")


main()
