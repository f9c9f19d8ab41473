"""Compares verdicts with what the corpus says is so, and counts for each rule and each operator."""

import collections
import json

LINK_RULES = ("component-links", "portal-link")


def manifest(folder):
    """The manifest's entries by site."""
    with open(folder / "manifest.jsonl") as lines:
        return {entry["id"]: entry for entry in map(json.loads, lines)}


def outcome(expected, finding, lane):
    """How a finding stands to the expectation: (class, whether it is as declared for this lane)."""
    truth = expected["truth"]
    allowed = expected["static"] if lane == "static" else expected.get("browser", [truth])
    verdict = finding["verdict"] if finding else "absent"
    if truth == "fail":
        kind = {"fail": "caught", "inconclusive": "left open"}.get(verdict, "survivor")
    elif verdict == truth:
        kind = "right"
    else:
        kind = {"fail": "false fail", "inconclusive": "undecided"}.get(verdict, "strange")
    if kind == "undecided" and verdict in expected["static"] and lane == "static":
        kind = "open as declared"
    return kind, verdict in allowed


class Table:
    """Counts of outcomes of one lane, and each that is not as declared."""

    def __init__(self, lane):
        self.lane = lane
        self.rules = collections.defaultdict(collections.Counter)
        self.operators = collections.defaultdict(collections.Counter)
        self.wrong = []
        self.pages = 0

    def fill(self, entries, found, rules=None):
        """Adds the findings of these sites; those whose site was not run are left out."""
        for entry in entries:
            self.pages += 1
            for rule, expected in entry["expect"].items():
                if rules is None or rule in rules:
                    self.add(entry, rule, expected, found.get((entry["id"], rule)))
        return self

    def add(self, entry, rule, expected, finding):
        kind, declared = outcome(expected, finding, self.lane)
        row = self.rules[rule]
        if expected["truth"] == "fail":
            row["faults"] += 1
        elif expected["truth"] == "pass":
            row["good"] += 1
        row[kind] += 1
        if not declared:
            row["not as declared"] += 1
        if kind in ("survivor", "false fail", "strange") or not declared:
            self.wrong.append(told(entry, rule, expected, finding, kind))
        if entry["rule"] == rule:
            self.operators[entry["operator"]][kind] += 1
        elif entry["kind"] == "harmless" and kind not in ("right", "open as declared", "caught"):
            self.operators[entry["operator"]][kind] += 1

    def totals(self):
        return sum(self.rules.values(), collections.Counter())


def told(entry, rule, expected, finding, kind):
    """What is said of an outcome that is not as declared."""
    finding = finding or {}
    return {
        "kind": kind, "rule": rule, "operator": entry["operator"], "site": entry["id"], "style": entry["style"],
        "expected": expected, "verdict": finding.get("verdict"), "code": finding.get("code"), "gap": finding.get("gap"),
        "message": (finding.get("message") or {}).get("en"), "source": entry["source"]}


def silent(entries, found):
    """Fault operators after which the rule answers on no page otherwise than on the page before."""
    changed = collections.defaultdict(bool)
    for entry in entries:
        if entry["kind"] == "fault" and entry["rule"] and (entry["id"], entry["rule"]) in found:
            finding = found[entry["id"], entry["rule"]]
            answer = (finding["verdict"], finding["gap"])
            changed[entry["operator"]] |= answer != before_fault(entry)
    return sorted(name for name, seen in changed.items() if not seen)


def before_fault(entry):
    """What the rule answers from bytes on the same page without the fault."""
    if entry["rule"] == "emc-label" and "/own/" not in entry["style"]:
        return "inconclusive", "not-requested"
    return ("not-applicable" if entry["rule"] == "emc-site-id-drift" else "pass"), None


def contradictions(one, other, rules):
    """Findings that say pass in one lane and fail in the other."""
    decided = ("pass", "fail")
    return [
        {"site": key[0], "rule": key[1], "one": finding["verdict"], "other": other[key]["verdict"],
         "codes": [finding["code"], other[key]["code"]]}
        for key, finding in sorted(one.items())
        if key[1] in rules and key in other and finding["verdict"] in decided and other[key]["verdict"] in decided
        and finding["verdict"] != other[key]["verdict"]]
