#!/usr/bin/env python3
"""Packs the parts beside this file into ../letter.docx. The same parts always give the same file."""
import pathlib
import zipfile

here = pathlib.Path(__file__).resolve().parent
# Readers expect the part that names the others first.
parts = ["[Content_Types].xml", "_rels/.rels"]
found = sorted(p.relative_to(here).as_posix() for p in here.rglob("*") if p.suffix in (".xml", ".rels"))
parts += [name for name in found if name not in parts]
with zipfile.ZipFile(here.parent / "letter.docx", "w", zipfile.ZIP_DEFLATED) as packed:
    for name in parts:
        entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        packed.writestr(entry, (here / name).read_bytes())
