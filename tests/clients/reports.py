"""Shows every report of a folder to its readers; called by reports.sh."""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from junitparser import Error, Failure, JUnitXml, Skipped

HERE = pathlib.Path(__file__).parent
# The address of the schema cannot be fetched where tests run without a network.
OFFLINE = {"SARIF2006"}

passed = failed = 0


def check(name, problems):
    global passed, failed
    if problems:
        failed += 1
        print(f"FAIL {name}")
        for problem in problems[:20]:
            print(f"     {problem}")
    else:
        passed += 1
        print(f"ok   {name}")


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def multitool(file, tool, scratch):
    """Its exit code is 0 even with errors, so its own log is read."""
    out = scratch / "validated.sarif"
    out.unlink(missing_ok=True)
    kinds, levels = "Ghas;Sarif", "Error;Warning"
    done = run(tool, "validate", file, "--rule-kind", kinds, "--level", levels, "--log", "ForceOverwrite", "-o", out)
    if not out.exists():
        return [f"no log, exit {done.returncode}: {done.stdout[-500:]}{done.stderr[-500:]}"]
    log = json.loads(out.read_text(encoding="utf-8-sig"))
    problems = []
    for part in log["runs"]:
        for result in part.get("results", []):
            if result["ruleId"] not in OFFLINE and result.get("level", "warning") in ("error", "warning"):
                message = result["message"]
                problems.append(f"{result['ruleId']} {message.get('text') or message.get('arguments')}")
        for invocation in part.get("invocations", []):
            for notice in invocation.get("toolExecutionNotifications", []):
                if notice.get("level", "warning") == "error":
                    problems.append(f"notification {notice['message']}")
    if "Analysis completed successfully" not in done.stdout:
        problems.append(f"exit {done.returncode}: {done.stdout[-500:]}")
    return problems


def absolute_uris(file):
    """What makes GitHub refuse a file and no validator notices."""
    found = []

    def walk(value):
        if isinstance(value, dict):
            location = value.get("artifactLocation")
            if isinstance(location, dict) and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|/", location.get("uri", "/")):
                found.append(location.get("uri"))
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(json.loads(file.read_text(encoding="utf-8")))
    return found


def sarif_tools(file, expected, scratch):
    out = scratch / "rows.csv"
    out.unlink(missing_ok=True)
    done = run(HERE.parent.parent / ".venv/bin/sarif", "csv", "--output", out, file)
    if done.returncode != 0 or not out.exists():
        return [f"exit {done.returncode}: {done.stderr[-500:]}"]
    summary = run(HERE.parent.parent / ".venv/bin/sarif", "summary", file).stdout
    counts = {level: int(n) for level, n in re.findall(r"^(error|warning|note): (\d+)", summary, re.MULTILINE)}
    if expected and counts != expected["sarif"]:
        return [f"counts {counts}, expected {expected['sarif']}"]
    return []


def xmllint(file):
    done = run("xmllint", "--noout", "--schema", HERE / "junit-10.xsd", file)
    return [] if done.returncode == 0 else done.stderr.splitlines()


def junitparser(file, expected):
    xml = JUnitXml.fromfile(str(file))
    counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    names = set()
    problems = []
    for suite in xml:
        for case in suite:
            counts["tests"] += 1
            for kind, key in ((Failure, "failures"), (Error, "errors"), (Skipped, "skipped")):
                counts[key] += sum(isinstance(result, kind) for result in case.result)
            if (case.classname, case.name) in names:
                problems.append(f"twice: {case.classname} {case.name}")
            names.add((case.classname, case.name))
    if (xml.tests, xml.failures, xml.errors) != (counts["tests"], counts["failures"], counts["errors"]):
        problems.append(f"totals {xml.tests}, {xml.failures}, {xml.errors} of {counts}")
    if expected and counts != expected["junit"]:
        problems.append(f"counts {counts}, expected {expected['junit']}")
    return problems


def junit2html(file, scratch):
    out = scratch / "report.html"
    out.unlink(missing_ok=True)
    done = run(HERE.parent.parent / ".venv/bin/junit2html", file, out)
    if done.returncode != 0 or not out.exists() or out.stat().st_size == 0:
        return [f"exit {done.returncode}: {done.stderr[-500:]}"]
    return ["markup of a page in the result"] if "<script>alert(1)" in out.read_text(encoding="utf-8") else []


def main():
    folder, tool = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        for file in sorted(folder.iterdir()):
            stem = file.name.split(".")[0]
            known = folder / f"{stem}.expected.json"
            expected = json.loads(known.read_text()) if known.exists() else None
            if file.suffix == ".sarif":
                check(f"{file.name}: sarif-multitool", multitool(file, tool, scratch))
                check(f"{file.name}: no absolute address", absolute_uris(file))
                check(f"{file.name}: sarif-tools", sarif_tools(file, expected, scratch))
            elif file.name.endswith((".junit.xml", ".junit-strict.xml")):
                if file.name.endswith(".junit-strict.xml"):
                    check(f"{file.name}: xmllint", xmllint(file))
                check(f"{file.name}: junitparser", junitparser(file, expected))
                check(f"{file.name}: junit2html", junit2html(file, scratch))
    if passed + failed == 0:
        check(f"{folder} holds reports", ["none found"])
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
