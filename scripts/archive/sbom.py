"""The release's bill of materials in CycloneDX: what is linked into the program, what only built it, from where, under
which licence. The same sources give the same bytes.

    sbom.py TARGET PROGRAM >sbom.cdx.json     (SOURCE_DATE_EPOCH: the time it bears)
"""

import datetime
import hashlib
import json
import os
import sys
import uuid

from linked import Package, checksums, compiler, packages


def component(package: Package, sums: dict) -> dict:
    said = {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        # Excluded: it ran while the program was built, and is not in it.
        "scope": "required" if package.linked else "excluded",
        "purl": package.purl,
        "licenses": [{"expression": package.licence, "acknowledgement": "declared"}],
    }
    if package.about:
        said["description"] = " ".join(package.about.split())
    if package.authors:
        said["authors"] = [{"name": author} for author in package.authors]
    checksum = sums.get((package.name, package.version))
    if checksum:
        said["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package.address:
        said["externalReferences"] = [{"type": "vcs", "url": package.address}]
    if package.features:
        said["properties"] = [{"name": "cargo:feature", "value": name} for name in sorted(package.features)]
    return said


def main() -> None:
    target, program = sys.argv[1:]
    root, others = packages(target)
    sums = checksums()
    own = component(root, sums) | {"type": "application"}
    with open(program, "rb") as file:
        own["hashes"] = [{"alg": "SHA-256", "content": hashlib.file_digest(file, "sha256").hexdigest()}]
    rustc = compiler()
    own["properties"] = own.get("properties", []) + [
        {"name": "cargo:target", "value": target},
        {"name": "rustc", "value": f"{rustc['release']} ({rustc['commit-hash']})"},
    ]
    std = {
        "type": "library",
        "bom-ref": "rust-std",
        "name": "rust-std",
        "version": rustc["release"],
        "scope": "required",
        "description": "The Rust standard library",
        "licenses": [{"expression": "MIT OR Apache-2.0", "acknowledgement": "declared"}],
        "externalReferences": [{"type": "vcs", "url": "https://github.com/rust-lang/rust"}],
    }
    by_id = {package.id: package for package in [root, *others]}
    edges = [
        {"ref": p.purl, "dependsOn": sorted(by_id[key].purl for key in p.needs) + (["rust-std"] if p is root else [])}
        for p in [root, *others]
    ]
    born = datetime.datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), datetime.UTC)
    bom = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": born.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lifecycles": [{"phase": "build"}],
            "component": own,
        },
        "components": [component(package, sums) for package in others] + [std],
        "dependencies": edges + [{"ref": "rust-std", "dependsOn": []}],
    }
    # The same bill has the same number.
    words = json.dumps(bom, ensure_ascii=False, sort_keys=True)
    bom["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, hashlib.sha256(words.encode()).hexdigest()).urn
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    json.dump(bom, sys.stdout, ensure_ascii=False, indent=1)
    print()


main()
