#!/usr/bin/env python3
"""Writes docs/accuracy.md and docs/accuracy.vi.md, and the counts that must not get worse, from a run's results.

    tests/accuracy/table.py WORK --docs docs --bars tests/accuracy/published.json

WORK holds result.json and wrong.jsonl of judge.py, and peers.json of peers.py when the peers were run.
"""

import argparse
import collections
import json
import pathlib

WORDS = json.loads((pathlib.Path(__file__).parent / "words.json").read_text())
RULES = ("emc-snippet", "emc-label", "component-links", "portal-link", "emc-site-id-unique", "emc-site-id-drift", "domain-name")


def number(value, lang):
    """A number as the language writes it."""
    text = f"{value:,.2f}".removesuffix(".00") if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,")) if lang == "vi" else text


def date(text, lang):
    year, month, day = text.split("-")
    return f"{day}/{month}/{year}" if lang == "vi" else text


def table(head, rows):
    """A Markdown table; the first column is text, the others numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def score(row):
    return 100.0 if not row.get("faults") else round(100 * (row["faults"] - row.get("survivor", 0)) / row["faults"], 2)


def rule_rows(lane, lang):
    shown = [rule for rule in RULES if rule in lane["rules"]]
    total = sum((collections.Counter(lane["rules"][r]) for r in shown), collections.Counter())
    for name, row in [(f"`{r}`", lane["rules"][r]) for r in shown] + [(f"**{WORDS['all'][lang]}**", total)]:
        yield [name] + [number(row.get(w, 0), lang) for w in ("faults", "caught", "left open", "survivor")] + [
            number(score(row), lang) + " %"] + [number(row.get(w, 0), lang) for w in ("good", "right", "open as declared", "undecided", "false fail")]


def survivors(wrong, lang):
    """Survivors and false fails, joined by operator, rule and lane, with what is known of their cause."""
    grouped = collections.defaultdict(list)
    for each in wrong:
        if each.get("kind") in ("survivor", "false fail"):
            parts = each["operator"].split("+")
            known = next((p for p in parts if p in WORDS["why"]), parts[-1])
            grouped[(each["kind"], each["lane"], each["rule"], known)].append(each)
    for (kind, lane, rule, name), some in sorted(grouped.items()):
        why = WORDS["why"].get(name, {}).get(lang, "–")
        yield [f"`{name}`", f"`{rule}`", WORDS["lanes"][lane][lang], WORDS["kinds"][kind][lang], number(len(some), lang), some[0]["site"], why]


def operator_rows(lanes, lang):
    names = sorted({name for lane in lanes for name in lane["operators"] if "+" not in name})
    for name in names:
        cells = []
        for lane in lanes:
            row = lane["operators"].get(name, {})
            cells += [number(row.get(w, 0), lang) for w in ("caught", "left open", "survivor", "false fail")]
        if any(c != "0" for c in cells):
            yield [f"`{name}`", *cells]


def peer_rows(peers, static, lang):
    for name, rules in peers.items():
        for rule in RULES:
            if isinstance(rules, dict) and rule in rules:
                row = rules[rule]
                judged, false_pass, false_fail = (number(row.get(k, 0), lang) for k in ("pages", "false_pass", "false_fail"))
                yield [name, f"`{rule}`", judged, false_pass, false_fail]
    for rule in RULES[:4]:
        row = static["rules"][rule]
        judged = row.get("faults", 0) + row.get("good", 0)
        yield ["**rasoat**", f"`{rule}`", number(judged, lang), number(row.get("survivor", 0), lang), number(row.get("false fail", 0), lang)]


def page(result, wrong, peers, commands, lang):
    words = {key: value[lang] for key, value in WORDS.items() if isinstance(value, dict) and lang in value}
    static = result["static"]
    other = "*Tiếng Việt: [accuracy.vi.md](accuracy.vi.md)*" if lang == "en" else "*English: [accuracy.md](accuracy.md)*"
    parts = [f"# {words['title']}", other, words["intro"], "\n".join([
        f"- {words['date']}: {date(result['date'], lang)}", f"- {words['version']}: {result['version']}",
        f"- {words['seed']}: {result['seed']}; {words['pages']}: {number(result['pages'], lang)}",
        *([f"- {words['time']}: {number(static['seconds'], lang)} s ({number(static['cpu_seconds'], lang)} s CPU)"] if "seconds" in static else []),
        f"- {words['commands']}:"]) + "\n\n```\n" + commands + "\n```"]
    head = words["columns"].split("|")
    for lane in ("static", "browser", "http"):
        if lane in result:
            parts += [f"## {words['heading_' + lane]}", words["about_" + lane].format(
                pages=number(result[lane]["pages"], lang), contradictions=number(result[lane].get("contradictions", 0), lang),
                other=number(result[lane].get("other_verdicts", 0), lang)),
                table(head, rule_rows(result[lane], lang))]
    rows = list(survivors(wrong, lang))
    parts += [f"## {words['survivors']}", words["about_survivors"],
              table(words["survivor_columns"].split("|"), rows) if rows else words["none"]]
    if peers:
        parts += [f"## {words['peers']}", words["about_peers"], table(words["peer_columns"].split("|"), peer_rows(peers, static, lang))]
    lanes = [result[lane] for lane in ("static", "browser") if lane in result]
    inner = [f"{WORDS['lanes'][lane][lang]}: {word}" for lane in ("static", "browser") if lane in result for word in words["operator_columns"].split("|")]
    parts += [f"## {words['operators']}", words["about_operators"],
              f"<details><summary>{words['operators']}</summary>\n\n" + table([words["operator"], *inner], operator_rows(lanes, lang)) + "\n\n</details>"]
    return "\n\n".join(parts) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--docs", type=pathlib.Path, required=True)
    parser.add_argument("--bars", type=pathlib.Path, required=True)
    parser.add_argument("--commands", default="scripts/accuracy")
    args = parser.parse_args()
    result = json.loads((args.work / "result.json").read_text())
    wrong = [json.loads(line) for line in (args.work / "wrong.jsonl").read_text().splitlines()]
    peers_file = args.work / "peers.json"
    peers = json.loads(peers_file.read_text()) if peers_file.exists() and peers_file.stat().st_size else {}
    peers = peers.get("peers", peers)
    for lang, name in (("en", "accuracy.md"), ("vi", "accuracy.vi.md")):
        write(args.docs / name, page(result, wrong, peers, args.commands, lang))
    bars = {"pages": result["static"]["pages"], "seed": result["seed"], "rules": result["static"]["rules"]}
    write(args.bars, json.dumps(bars, indent=1, sort_keys=True) + "\n")


def write(path, text):
    """Write, then rename: readers never see half a page."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(text)
    beside.rename(path)


if __name__ == "__main__":
    main()
