"""Reads a Code Quality file as GitLab documents it, and compares its places with a second maker's file of the same run."""

import json
import re
import sys
from collections import Counter


def violations(path):
    text = open(path, "rb").read()
    assert not text.startswith(b"\xef\xbb\xbf"), f"{path}: a byte-order mark"
    return json.loads(text)


def place(violation):
    location = violation["location"]
    return violation["check_name"], location["path"], location["lines"]["begin"]


ours, second = (violations(path) for path in sys.argv[1:3])
for violation in ours:
    assert isinstance(violation["description"], str) and violation["description"].strip(), violation
    assert isinstance(violation["check_name"], str) and violation["check_name"], violation
    assert isinstance(violation["fingerprint"], str) and violation["fingerprint"], violation
    assert violation["severity"] in {"info", "minor", "major", "critical", "blocker"}, violation
    path = violation["location"]["path"]
    assert path and not re.match(r"/|\./|[a-z]+:", path), path
    assert violation["location"]["lines"]["begin"] >= 1, violation
fingerprints = [violation["fingerprint"] for violation in ours]
assert len(set(fingerprints)) == len(fingerprints), "equal fingerprints collapse"
assert ours, "nothing to compare"
assert Counter(map(place, ours)) == Counter(map(place, second)), (ours, second)
print(f"code quality: {len(ours)} violations, the same places as from SARIF")
