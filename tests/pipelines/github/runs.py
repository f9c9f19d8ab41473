"""Lets `act` run the action in a vendor's repository, as a push and as a pull request from a fork, then the workflows
of examples/ci/github themselves. Asserts outputs, summaries, commands and exit states.
Usage: runs.py SCRATCH ACT; SCRATCH holds `action` as github.sh made it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import sites

SCRATCH, ACT = pathlib.Path(sys.argv[1]), sys.argv[2]
HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parents[2] / "examples/ci/github"
VENDOR = SCRATCH / "vendor"
DOUBLES = SCRATCH / "doubles"
COMMAND = "raw"  # act gives a command's own line only where a step printed one


class Step:
    """How a step ended, out of act's lines."""

    def __init__(self, lines):
        self.lines = lines
        top = [line for line in lines if line.get("stage") == "Main"]
        results = [line["stepResult"] for line in top if "stepResult" in line and len(line["stepID"]) == 1]
        self.result = results[-1] if results else "absent"
        given = [line for line in top if line.get("command") == "set-output" and len(line["stepID"]) == 1]
        self.outputs = {line["name"]: line["arg"] for line in given}
        summaries = [line["content"] for line in top if line.get("command") == "summary"]
        self.summary = summaries[-1] if summaries else ""
        self.commands = [line for line in top if COMMAND in line]
        self.text = "".join(line["msg"] for line in top if line.get("raw_output"))

    def expect(self, condition, what):
        assert condition, f"{what}\n{self.result} {self.outputs}\n{self.text[-3000:]}\n--- summary\n{self.summary[-2000:]}"


class Run:
    """One workflow run by act: its jobs' steps by `job` and `id`."""

    def __init__(self, event, workflow, *arguments):
        local = ["OWNER/rasoat", "actions/cache", "actions/upload-artifact", "actions/download-artifact",
                 "github/codeql-action", "actions/checkout"]
        text = workflow.read_text(encoding="utf-8")
        mapped = []
        for name in local:
            for ref in sorted(set(re.findall(rf"uses: {name}(?:/[a-z-]+)?@(\S+)", text))):
                folder = SCRATCH / "action" if name == "OWNER/rasoat" else HERE / "double" / name.split("/")[1]
                mapped += ["--local-repository", f"{name}@{ref}={folder}"]
        target = VENDOR / ".github/workflows" / workflow.name
        shutil.rmtree(target.parent, ignore_errors=True)
        target.parent.mkdir(parents=True)
        shutil.copy(workflow, target)
        shutil.rmtree(DOUBLES, ignore_errors=True)
        DOUBLES.mkdir()
        (DOUBLES / "action").symlink_to(SCRATCH / "action")
        ended = subprocess.run(
            [ACT, event, "--json", "-P", "ubuntu-latest=-self-hosted", "--env", f"DOUBLES={DOUBLES}",
             "--env", "LANG=C.UTF-8", *mapped, *arguments],
            cwd=VENDOR, capture_output=True, text=True, timeout=170, check=False,
            env={name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "RUNNER_", "RASOAT_"))},
        )
        self.code, self.steps = ended.returncode, {}
        self.log = ended.stdout + ended.stderr
        by_step = {}
        for text in ended.stdout.splitlines():
            line = json.loads(text) if text.startswith("{") else {}
            if line.get("stepID"):
                by_step.setdefault((line["jobID"], json.dumps(line.get("matrix")), line["stepID"][0]), []).append(line)
        for (job, matrix, step), lines in by_step.items():
            self.steps.setdefault((job, step), []).append(Step(lines))
        asked = DOUBLES / "asked"
        self.asked = asked.read_text(encoding="utf-8").splitlines() if asked.exists() else []

    def step(self, job, name="it"):
        assert (job, name) in self.steps, f"no step {job}/{name}\n{self.log[-4000:]}"
        return self.steps[(job, name)][0]


def repository():
    sites.write(VENDOR)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "site"]):
        subprocess.run([*git, *command], cwd=VENDOR, check=True)


def ended(run, job, result, code, verdict):
    step = run.step(job)
    step.expect(step.result == result, f"{job}: {result}")
    step.expect((step.outputs["exit-code"], step.outputs["verdict"]) == (str(code), verdict), f"{job}: {code} {verdict}")
    return step


def asserted(run):
    """Every case of cases.yml."""
    passing = ended(run, "passing", "success", 0, "passed")
    passing.expect("[passed]" in passing.summary or "· passed" in passing.summary, "the summary says so")
    passing.expect((passing.outputs["passed"], passing.outputs["failed"]) == ("5", "0"), "counts")
    passing.expect("hrom" in passing.text, "the log names the browser")
    for name in ("sarif", "junit", "report"):
        passing.expect(passing.outputs[name].startswith("/"), name)

    failing = ended(run, "failing", "failure", 1, "failed")
    failing.expect(failing.outputs["failed"] != "0", "it counts failures")
    errors = [c for c in failing.commands if c["command"] == "error"]
    failing.expect(any(c["kvPairs"].get("file") == "bad/index.html" and c["kvPairs"].get("line") for c in errors), "a place")
    failing.expect("bad/index.html" in failing.summary and "### Failures" in failing.summary, "the summary says where")

    unreachable = ended(run, "unreachable", "failure", 3, "inconclusive")
    unreachable.expect("refused" in unreachable.summary, "the summary says why")
    warned = ended(run, "warned", "success", 3, "inconclusive")
    warned.expect("on-inconclusive: warn" in warned.summary, "the summary says why it is green")
    warned.expect(any(c["command"] == "warning" and "on-inconclusive" in c["arg"] for c in warned.commands), "a warning")

    empty = ended(run, "empty", "failure", 4, "nothing")
    empty.expect("void" in empty.summary, "the summary names the folder")

    unmeasured = ended(run, "unmeasured", "success", 0, "passed-unmeasured")
    first = unmeasured.summary.splitlines()[0]
    unmeasured.expect("clause 7" in first and "emc-label" in first, f"first line: {first}")

    hostile = ended(run, "hostile", "failure", 1, "failed")
    hostile.expect(all(c["command"] in ("group", "endgroup", "error", "warning", "notice", "stop-commands") or
                       re.fullmatch("[0-9a-f]{32}", c["command"]) for c in hostile.commands), "a page commands")
    hostile.expect(not any(c["arg"].startswith("PWNED") for c in hostile.commands), "a page annotates")
    hostile.expect("PWNED" in hostile.text, "the log shows the page's text")

    mistaken = ended(run, "mistaken", "failure", 2, "error")
    mistaken.expect("broken.yml" in mistaken.summary and "    " in mistaken.summary, "the summary quotes the error")
    mistaken.expect(not any(c["arg"].startswith("PWNED") for c in mistaken.commands), "a file annotates")

    injected = ended(run, "injected", "failure", 2, "error")
    for job, step in (("injected", "2"), ("failing", "2")):
        checked = run.step(job, step)
        checked.expect(checked.result == "success", f"{job}: the step after it")


def documented_workflow():
    """examples/ci/github/rasoat.yml: pushed, then proposed from a fork."""
    pushed = Run("push", EXAMPLES / "rasoat.yml")
    step = ended_as(pushed, "rasoat", "success", "passed")
    step.expect(pushed.code == 0, "the run is green")
    step.expect("upload-sarif\trasoat" in pushed.asked, "SARIF is uploaded")
    step.expect("upload-artifact\trasoat" in pushed.asked, "reports are kept")
    caches = [line.split("\t") for line in pushed.asked if line.startswith("cache")]
    step.expect(len(caches) == 1 and caches[0][1].endswith("tool_cache/rasoat"), "the cache is the program's")
    step.expect((pathlib.Path(caches[0][1]) / "").is_dir(), "and there it lies")

    fork = Run("pull_request", EXAMPLES / "rasoat.yml", "-e", str(HERE / "fork.json"))
    step = ended_as(fork, "rasoat", "success", "passed")
    step.expect(fork.code == 0, "a fork's run is green")
    step.expect(not any(line.startswith("upload-sarif") for line in fork.asked), "a fork may not upload")
    step.expect("upload-artifact\trasoat" in fork.asked, "reports are kept")
    step.expect(not any(c["arg"].startswith("PWNED") for c in step.commands), "the title annotates")


def ended_as(run, job, result, verdict):
    step = run.step(job, "rasoat")
    step.expect(step.result == result and step.outputs["verdict"] == verdict, f"{job}: {result} {verdict}")
    return step


def shards():
    """examples/ci/github/shards.yml: two machines, one verdict."""
    run = Run("workflow_dispatch", EXAMPLES / "shards.yml")
    parts = run.steps.get(("check", "rasoat"), [])
    assert len(parts) == 2, run.log[-4000:]
    for part in parts:
        part.expect(part.outputs["report"].endswith("/report.json"), "a shard has a report")
    [merged] = [step for (job, _), steps in run.steps.items() if job == "merge" for step in steps if "summary" in str(step.lines)]
    merged.expect(merged.result == "success" and run.code == 0, "the joined report is green")
    merged.expect(all(f"| {name} |" in merged.summary for name in ("good", "second")), "it holds both sites")
    assert (DOUBLES / "rasoat-sites.sarif").exists(), "SARIF of the joined report is uploaded"


repository()
cases = Run("push", HERE / "cases.yml")
asserted(cases)
print("ok push: nine cases", flush=True)
asserted(Run("pull_request", HERE / "cases.yml", "-e", str(HERE / "fork.json")))
print("ok pull request of a fork: the same", flush=True)
documented_workflow()
print("ok examples/ci/github/rasoat.yml", flush=True)
shards()
print("ok examples/ci/github/shards.yml", flush=True)
