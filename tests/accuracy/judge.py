#!/usr/bin/env python3
"""Runs the program over a corpus and compares its verdicts with what the corpus says is so.

    tests/accuracy/judge.py CORPUS --program target/release/rasoat --work DIR [--browser N|all] [--http N]

All pages are read from their folders without a browser; `--browser` shows a seeded sample to Chromium, `--http` fetches
one over TLS. Writes WORK/result.json and WORK/wrong.jsonl. Exit code 1 when a bar is missed: a false fail, fewer than
99 % of the faults caught, an idle operator that words.json does not explain, lanes that contradict each other.
"""

import argparse
import datetime
import json
import pathlib
import random
import subprocess
import sys

import compare
import lanes

BAR = 99.0


def sample(entries, size, seed, first):
    """A seeded choice of sites: one page of each operator named in `first`, then any."""
    r = random.Random(f"{seed}:sample")
    live = [e for e in entries if e["operator"] != "retired"]
    r.shuffle(live)
    picked = []
    for name in first:
        picked += [e for e in live if e["operator"] == name][:1]
    taken = {e["id"] for e in picked}
    return (picked + [e for e in live if e["id"] not in taken])[:max(size, len(picked))]


def score(row):
    """Hundredths of a percent of the faults that did not survive."""
    return 100.0 if not row["faults"] else 100.0 * (row["faults"] - row["survivor"]) / row["faults"]


def lane_result(table, seconds, cpu, **more):
    return {
        "pages": table.pages, "seconds": round(seconds, 1), "cpu_seconds": round(cpu, 1),
        "rules": {rule: dict(row) for rule, row in table.rules.items()},
        "operators": {name: dict(row) for name, row in sorted(table.operators.items())},
        "score": round(score(table.totals()), 2), "false_fails": table.totals()["false fail"], **more}


def judge(args):
    everything = compare.manifest(args.corpus)
    entries = list(everything.values())
    result = {
        "date": datetime.date.today().isoformat(), "seed": args.seed, "pages": len(entries),
        "version": subprocess.run([args.program, "--version"], capture_output=True, text=True, check=True).stdout.strip()}
    wrong, broken = [], []
    explained = set(json.loads((pathlib.Path(__file__).parent / "words.json").read_text())["why"])

    found, seconds, cpu = lanes.folders(args.program, args.corpus, args.work)
    table = compare.Table("static").fill(entries, found)
    silent = compare.silent(entries, found)
    result["static"] = lane_result(table, seconds, cpu, silent=silent)
    wrong += [{"lane": "static", **w} for w in table.wrong]

    if args.browser != "0":
        size = len(entries) if args.browser == "all" else int(args.browser)
        picked = sample(entries, size, args.seed, silent)
        seen, seconds, cpu = lanes.browser(args.program, args.corpus, args.work, [e["id"] for e in picked])
        shown = compare.Table("browser").fill(picked, seen, lanes.OF_THE_PAGE)
        against = compare.contradictions(found, seen, lanes.OF_THE_PAGE)
        result["browser"] = lane_result(shown, seconds, cpu, contradictions=len(against))
        wrong += [{"lane": "browser", **w} for w in shown.wrong] + [{"lane": "folder and browser", **c} for c in against]
        unexplained = [c for c in against if not explained & set(everything[c["site"]]["operator"].split("+"))]
        broken += [f"{c['rule']} on {c['site']}: {c['one']} from the folder, {c['other']} in the browser" for c in unexplained]
        caught = {name for name, row in shown.operators.items() if row["caught"] or row["left open"]}
        silent = [name for name in silent if name not in caught]
        broken += [f"{w['rule']} on {w['site']}: {w['kind']} in the browser" for w in shown.wrong if w["kind"] == "false fail"]
        broken += [f"the browser lane caught {result['browser']['score']} % of the faults"] if result["browser"]["score"] < BAR else []
    if args.browser != "0":
        result["idle"] = silent
        broken += [f"{name}: changes no verdict" for name in silent if name not in explained]

    if args.http:
        picked = [e for e in sample(entries, args.http, f"{args.seed}:http", []) if len(e["url"].split("/")[2]) <= 64]
        sent, seconds, cpu = lanes.over_http(args.program, args.corpus, args.work, picked)
        fetched = compare.Table("static").fill(picked, sent, lanes.OF_THE_PAGE)
        against = compare.contradictions(found, sent, lanes.OF_THE_PAGE)
        other = [key for key, f in sent.items() if key[1] in lanes.OF_THE_PAGE and f["verdict"] != found[key]["verdict"]]
        result["http"] = lane_result(fetched, seconds, cpu, contradictions=len(against), other_verdicts=len(other))
        wrong += [{"lane": "folder and http", **c} for c in against]
        broken += [f"{c['rule']} on {c['site']}: {c['one']} from the folder, {c['other']} over TLS" for c in against]

    static = result["static"]
    broken += [f"{w['rule']} on {w['site']} ({w['operator']}): false fail" for w in table.wrong if w["kind"] == "false fail"]
    broken += [f"{w['rule']} on {w['site']} ({w['operator']}): {w['verdict']}" for w in table.wrong if w["kind"] == "strange"]
    broken += [f"{static['score']} % of the faults caught, {BAR} % wanted"] if static["score"] < BAR else []
    if args.bars and args.bars.exists():
        broken += below(static, json.loads(args.bars.read_text()))
    result["broken"] = broken
    (args.work / "result.json").write_text(json.dumps(result, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    with open(args.work / "wrong.jsonl", "w") as file:
        file.writelines(json.dumps(w, ensure_ascii=False) + "\n" for w in wrong)
    return result


def below(static, bars):
    """Where the run is worse than the committed one: of the same seed and count only, the bars being counts."""
    if bars["pages"] != static["pages"]:
        return []
    worse = []
    for rule, row in bars["rules"].items():
        now = static["rules"].get(rule, {})
        for word in ("survivor", "false fail", "undecided", "left open"):
            if now.get(word, 0) > row.get(word, 0):
                worse.append(f"{rule}: {word} {now.get(word, 0)}, {row.get(word, 0)} when it was published")
    return worse


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=pathlib.Path)
    parser.add_argument("--program", default="target/release/rasoat")
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--browser", default="0", metavar="N|all", help="pages shown to Chromium")
    parser.add_argument("--http", type=int, default=0, metavar="N", help="pages fetched over TLS")
    parser.add_argument("--bars", type=pathlib.Path, help="published counts that must not get worse")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    result = judge(args)
    for lane in ("static", "browser", "http"):
        if lane in result:
            row = result[lane]
            print(f"{lane}: {row['pages']} pages, {row['seconds']} s ({row['cpu_seconds']} s of CPU), {row['score']} % caught, "
                  f"{row['false_fails']} false fails, {row.get('contradictions', 0)} contradictions")
    for line in result["broken"]:
        print(f"BROKEN {line}")
    sys.exit(1 if result["broken"] else 0)


if __name__ == "__main__":
    main()
