"""Runs the action's scripts as steps without a runner, and reads what they say as GitHub's runner would: releases with
right, wrong and missing checksums, a browser that is not there, pages that wish to command, limits of annotations and
summary. Usage: alone.py SCRATCH PROGRAM; SCRATCH holds `action` and `cache` as github.sh made them."""

import functools
import hashlib
import http.server
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading

import reader
import sites

SCRATCH, PROGRAM = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
ACTION = SCRATCH / "action"
WORKSPACE = SCRATCH / "alone"
HERE = pathlib.Path(__file__).resolve().parent
NO_BROWSER = {"RASOAT_BROWSER_PATH": ""}
CASES = []


def case(function):
    CASES.append(function)
    return function


class Step:
    """What a script left behind."""

    def __init__(self, script, workspace=WORKSPACE, **variables):
        with tempfile.TemporaryDirectory(dir=SCRATCH) as temp:
            temp = pathlib.Path(temp)
            files = {name: temp / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
            environment = {
                "PATH": os.environ["PATH"],
                **{name: os.environ[name] for name in ("HOME", "CARGO_HOME", "RUSTUP_HOME") if name in os.environ},
                "LANG": "C.UTF-8",
                "GITHUB_ACTION_PATH": str(ACTION),
                "GITHUB_ACTION_REPOSITORY": "OWNER/rasoat",
                "RUNNER_TEMP": str(temp),
                "RUNNER_TOOL_CACHE": str(SCRATCH / "alone-cache"),
                "BINARY": str(PROGRAM),
                **{name: str(path) for name, path in files.items()},
                **variables,
            }
            ended = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", f'bash "$GITHUB_ACTION_PATH/scripts/action/{script}.sh"'],
                cwd=workspace, env=environment, capture_output=True, timeout=120, check=False,
            )
            self.code = ended.returncode
            # Both streams are read by the runner.
            self.text = ended.stdout.decode() + ended.stderr.decode()
            self.commands, self.quiet = reader.read(self.text)
            told = {name: path.read_text(encoding="utf-8") if path.exists() else "" for name, path in files.items()}
            self.outputs = reader.outputs(told["GITHUB_OUTPUT"])
            self.summary = told["GITHUB_STEP_SUMMARY"]
            self.path = told["GITHUB_PATH"]
            report = self.outputs.get("report")
            self.report = pathlib.Path(report).read_text(encoding="utf-8") if report else ""

    def all(self, name):
        return [command for command in self.commands if command.name == name]

    def expect(self, condition, what):
        assert condition, f"{what}\nexit {self.code}\noutputs {self.outputs}\n{self.text[-3000:]}\n--- summary\n{self.summary[-3000:]}"


def link(name):
    """One of the machine's programs for the bare machine of SCRATCH/tools."""
    (SCRATCH / "tools" / name).symlink_to(shutil.which(name))


check = functools.partial(Step, "check", INPUT_BROWSER="never")


def harmless(step):
    """No command came from a page: only those of the action's own, and no title or file that a page chose."""
    step.expect({c.name for c in step.commands} <= {"group", "endgroup", "error", "warning", "notice"}, "a page commands")
    for command in step.commands:
        step.expect(not command.data.lstrip().startswith("PWNED"), "an annotation of the page's own")
        step.expect("verdict" not in command.properties, "a property of the page's own")
    step.expect(any("PWNED" in line for line in step.quiet), "the case shows nothing of the page")


@case
def a_page_cannot_speak_to_the_runner():
    step = check(INPUT_SITES="hostile.yml")
    harmless(step)
    step.expect(step.code == 1 and step.outputs["verdict"] == "failed", "the page is red")
    step.expect("\n::" not in step.summary and "##[" not in step.summary, "the summary holds a command")


@case
def a_file_that_cannot_be_read_is_told_and_quoted():
    step = check(INPUT_SITES="broken.yml")
    harmless(step)
    step.expect(step.code == 2, "bad input is 2")
    step.expect((step.outputs["verdict"], step.outputs["exit-code"]) == ("error", "2"), "outputs are set")
    step.expect(step.outputs["sarif"] == step.outputs["report"] == step.outputs["score"] == "", "no file, no path")
    step.expect(len(step.all("error")) == 1 and "broken.yml" in step.all("error")[0].data, "one error names the file")
    body = step.summary.split("\n", 2)[2]
    step.expect("broken.yml" in body, "the summary names the file")
    step.expect(all(line.startswith("    ") or not line.strip() for line in body.split("\n")), "text left its block")


@case
def what_was_not_checked_is_not_green():
    step = check(INPUT_SITES="good.yml", INPUT_ARGS="--help")
    step.expect(step.code == 2 and step.outputs["verdict"] == "error", "nothing was checked")
    step.expect(step.outputs["exit-code"] == "2" and "args" in step.summary, "it is told")


@case
def a_program_that_falls_is_an_error_too():
    fallen = SCRATCH / "fallen"
    fallen.write_text("#!/bin/sh\necho 'internal error: ::error::PWNED'\nexit 70\n", encoding="utf-8")
    fallen.chmod(0o755)
    step = check(BINARY=str(fallen), INPUT_ON_INCONCLUSIVE="warn")
    step.expect(step.code == 70 and step.outputs["verdict"] == "error", "70 stays 70")
    step.expect(step.outputs["exit-code"] == "70" and "internal error" in step.summary, "it is told")


@case
def ten_annotations_and_the_last_says_how_many_more():
    step = check(INPUT_SITES="many.yml")
    errors = step.all("error")
    step.expect(len(errors) == 10, f"{len(errors)} errors")
    step.expect("18 more" in errors[-1].data, "the tenth does not count the rest")
    step.expect(all(c.properties["file"].startswith("many") and c.properties["line"] for c in errors), "without a place")
    step.expect(step.outputs["failed"] == "28", "two rules on fourteen sites")


@case
def what_the_action_adds_takes_no_place_of_a_finding():
    # Fourteen sites that nobody answers for: ten warnings are the report's own.
    text = (WORKSPACE / "many.yml").read_text(encoding="utf-8")
    addresses = "".join(line if "source:" not in line else "" for line in text.splitlines(keepends=True))
    for n in range(14):
        addresses = addresses.replace(f"https://many{n:02}.tinh-a.gov.vn/", f"http://127.0.0.1:9/{n:02}/")
    (WORKSPACE / "silent.yml").write_text(addresses, encoding="utf-8")
    step = check(INPUT_SITES="silent.yml", INPUT_ON_INCONCLUSIVE="warn", INPUT_ARGS="--retries=0")
    step.expect(step.code == 0 and step.outputs["exit-code"] == "3", "warn lets 3 pass")
    step.expect(len(step.all("warning")) == 10, f"{len(step.all('warning'))} warnings")
    step.expect("on-inconclusive: warn" in step.summary, "the summary does not say why it is green")


@case
def the_first_line_names_what_was_not_measured():
    step = check(INPUT_SITES="good.yml")
    first = step.summary.split("\n", 1)[0]
    step.expect(step.code == 0 and step.outputs["verdict"] == "passed-unmeasured", "passed as far as measured")
    step.expect("clause 7" in first and "emc-label" in first, f"first line: {first}")


@case
def the_summary_has_an_end():
    name = "Trang " + "rất dài " * 200
    folders = ["good", *["bad"] * 149]
    entries = [sites.entry(f"s{n:03}", f"    source: {at}\n    name: {name}\n") for n, at in enumerate(folders)]
    (WORKSPACE / "long.yml").write_text("apiVersion: rasoat/v1\nsites:\n" + "".join(entries), encoding="utf-8")
    step = check(INPUT_SITES="long.yml", INPUT_BROWSER="require", **NO_BROWSER)
    size = len(step.summary.encode())
    step.expect(60_000 < size <= 65_536, f"{size} bytes")
    step.expect(step.summary.rstrip().endswith("browser: never."), "the action's own words are cut")


@case
def arguments_keep_their_words():
    step = check(
        INPUT_TARGETS="\n  good  \n\n", INPUT_POLICY="tt22-2023\ntransport-baseline",
        INPUT_REPORTS="csv=extra file.csv", INPUT_FAIL_ON="never", INPUT_STRICT="true",
        INPUT_ARGS="--role component\n--parent=https://tinh-a.gov.vn/\n--user-agent a b $(touch pwned) 'c'\n--lang vi",
    )
    step.expect(step.code == 0, "fail-on never and a folder")
    step.expect('"id": "transport-baseline"' in step.report or '"id":"transport-baseline"' in step.report, "both policies")
    step.expect((WORKSPACE / "extra file.csv").exists(), "the extra report")
    step.expect("Chưa đo" in step.summary, "Vietnamese")
    step.expect(not (WORKSPACE / "pwned").exists(), "an argument was run")


@case
def a_browser_that_is_not_there_is_told():
    # A machine with nothing but the tools the scripts need.
    tools = SCRATCH / "tools"
    tools.mkdir()
    for name in "bash cat cp cut date dirname env grep head id mkdir mktemp mv od rm sed sort tail tee timeout tr uname wc".split():
        link(name)
    found = Step("browser", INPUT_BROWSER="require", PATH=str(tools))
    found.expect(found.code == 0 and found.outputs == {"program": "", "axe": ""}, "nothing to find")
    step = Step("check", INPUT_SITES="good.yml", INPUT_BROWSER="require", PATH=str(tools), **NO_BROWSER)
    step.expect(step.code == 3 and step.outputs["verdict"] == "inconclusive", "require without a browser is 3")
    step.expect("RASOAT_BROWSER_PATH" in step.all("error")[0].data, "the annotation says how")
    step.expect("RASOAT_BROWSER_PATH" in step.summary, "the summary says how")


@case
def a_browser_is_installed_where_the_machine_can():
    # A machine whose apt-get knows the package after an update, and one that starts nothing of that name at first.
    tools = SCRATCH / "tools"
    (tools / "chromium-browser").write_text("#!/bin/sh\necho 'this needs a snap' >&2\nexit 1\n", encoding="utf-8")
    (tools / "apt-get").write_text(
        f"""#!/bin/sh
echo "$@" >>{tools}/asked
case "$*" in
*update*) touch {tools}/updated ;;
*) test -e {tools}/updated && printf '#!/bin/sh\\necho Chromium 1\\n' >{tools}/chromium && chmod +x {tools}/chromium ;;
esac
""", encoding="utf-8")
    for name in ("touch", "chmod", "sh"):
        link(name)
    for name in ("apt-get", "chromium-browser"):
        (tools / name).chmod(0o755)
    step = Step("browser", INPUT_BROWSER="auto", PATH=str(tools))
    step.expect(step.outputs["program"] == f"{tools}/chromium", "it is installed and found")
    asked = (tools / "asked").read_text(encoding="utf-8").splitlines()
    step.expect(len(asked) == 3 and all(line.endswith(("update", "chromium")) for line in asked), f"{asked}")
    step = Step("browser", INPUT_BROWSER="require", PATH=str(tools))
    step.expect((tools / "asked").read_text(encoding="utf-8").count("\n") == 3, "what is there is not installed again")
    for name in ("apt-get", "chromium-browser", "chromium"):
        (tools / name).unlink()


@case
def the_browser_is_not_looked_for_where_none_is_wanted():
    step = Step("browser", INPUT_BROWSER="never", INPUT_POLICY="experience-2025")
    step.expect(step.outputs == {"program": "", "axe": ""}, "never")


@case
def axe_is_there_where_a_policy_asks_for_it():
    installed = pathlib.Path("node_modules/axe-core")
    version = json.loads((installed / "package.json").read_text(encoding="utf-8"))["version"]
    kept = SCRATCH / f"alone-cache/rasoat/axe-core-{version}/node_modules/axe-core/axe.min.js"
    kept.parent.mkdir(parents=True)
    shutil.copy(installed / "axe.min.js", kept)
    overlay = "apiVersion: rasoat/v1\nkind: Policy\nid: own\nversion: '1'\nextends: [builtin:experience-2025]\ntitle: {vi: Riêng, en: Own}\n"
    (WORKSPACE / "own.yml").write_text(overlay, encoding="utf-8")
    for wanted, inputs in [
        (kept, {"INPUT_POLICY": "tt22-2023\nexperience-2025"}), (kept, {"INPUT_POLICY": "own.yml"}),
        (kept, {"INPUT_ARGS": "--policy own.yml"}), ("", {}), ("", {"INPUT_POLICY": "tt22-2023\ntransport-baseline"}),
        ("", {"INPUT_POLICY": "no-such-policy"}),
    ]:
        step = Step("browser", INPUT_BROWSER="auto", RASOAT_BROWSER_PATH="", **inputs)
        step.expect(step.outputs["axe"] == str(wanted), f"{inputs}")
    # A project's own file counts like an input.
    project = SCRATCH / "project"
    project.mkdir()
    (project / "rasoat.yml").write_text("apiVersion: rasoat/v1\npolicies: [experience-2025]\n", encoding="utf-8")
    step = Step("browser", workspace=project, INPUT_BROWSER="auto", RASOAT_BROWSER_PATH="")
    step.expect(step.outputs["axe"] == str(kept), "rasoat.yml")


def telling():
    """A program that only tells what it is given."""
    told = SCRATCH / "told"
    told.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nenv | grep -E "canary|^RASOAT_AXE="\n', encoding="utf-8")
    told.chmod(0o755)
    return told


@case
def a_pull_request_is_held_against_its_base():
    def git(folder, *words):
        who = ["-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "init.defaultBranch=main"]
        return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()

    origin, shallow, whole = SCRATCH / "origin", SCRATCH / "shallow", SCRATCH / "whole"
    origin.mkdir()
    git(origin, "init", "-q")
    for n in range(3):
        git(origin, "commit", "-q", "--allow-empty", "-m", f"{n}")
    git(origin, "checkout", "-q", "-b", "change")
    git(origin, "commit", "-q", "--allow-empty", "-m", "change")
    git(SCRATCH, "clone", "-q", "--depth=1", "--branch=change", f"file://{origin}", "shallow")
    git(SCRATCH, "clone", "-q", "--branch=change", f"file://{origin}", "whole")
    base = git(origin, "rev-parse", "main")
    given = {"BINARY": str(telling()), "GITHUB_BASE_REF": "main"}
    for folder in (shallow, whole):
        step = check(workspace=folder, INPUT_WAIVERS="waivers.yml", **given)
        step.expect(f"--base={base}" in step.quiet and "--waivers=waivers.yml" in step.quiet, f"{folder.name}: waivers")
        step = check(workspace=folder, **given)
        step.expect(not any(line.startswith("--base") for line in step.quiet), f"{folder.name}: nothing to hold")
        step = check(workspace=folder, INPUT_BASELINE="b.json", **{**given, "GITHUB_BASE_REF": "gone"})
        step.expect(not any(line.startswith("--base=") for line in step.quiet), f"{folder.name}: no such branch")
    step = check(workspace=whole, INPUT_BASELINE="b.json", **{**given, "GITHUB_BASE_REF": ""})
    step.expect(not any(line.startswith("--base=") for line in step.quiet), "a push has no base")
    whole.joinpath("rasoat.yml").write_text("apiVersion: rasoat/v1\nwaivers: waivers.yml\n", encoding="utf-8")
    shutil.rmtree(origin)
    step = check(workspace=whole, **given)
    step.expect(f"--base={base}" in step.quiet, "rasoat.yml names waivers, and the clone knows the branch")
    step.expect(git(whole, "rev-parse", "--is-shallow-repository") == "false", "cut")


@case
def the_token_is_for_publishing_alone():
    given = {"BINARY": str(telling()), "INPUT_TOKEN": "canary", "AXE": "/axe.min.js", "INPUT_POLICY": "a b\nc"}
    step = check(**given)
    step.expect("canary" not in step.text, "a run that publishes nothing knows no token")
    step.expect("RASOAT_AXE=/axe.min.js" in step.quiet, "axe is handed over")
    step.expect("--policy=a b" in step.quiet and "--policy=c" in step.quiet, "a line is a value")
    step.expect(step.outputs["verdict"] == "error", "a program without reports has no verdict")
    step = check(**given, INPUT_PUBLISH="github")
    step.expect([line for line in step.quiet if "canary" in line] == ["GITHUB_TOKEN=canary"], "the token's one place")
    step.expect("--publish=github" in step.quiet, "publish is passed on")


class Forbidden(http.server.BaseHTTPRequestHandler):
    """GitHub's API towards a token that may only read."""

    asked = []

    def answer(self):
        self.asked.append((self.command, self.path, self.headers.get("Authorization")))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b'{"message": "Resource not accessible by integration"}'
        self.send_response(403)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PATCH = do_PUT = answer

    def log_message(self, *_):
        pass


@case
def what_cannot_be_published_is_not_the_result():
    api = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forbidden)
    threading.Thread(target=api.serve_forever, daemon=True).start()
    job = {
        "GITHUB_API_URL": f"http://127.0.0.1:{api.server_port}", "GITHUB_REPOSITORY": "OWNER/site", "GITHUB_SHA": "1" * 40,
        "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_NAME": "push", "INPUT_TOKEN": "canary-token",
    }
    for sites_file, code in (("good.yml", 0), ("bad.yml", 1)):
        step = check(INPUT_SITES=sites_file, INPUT_PUBLISH="github", **job)
        step.expect(step.code == code, "403 is not the result")
        step.expect("not published" in step.text and "canary" not in step.text, "it is said, without the token")
    assert any(path.endswith("/check-runs") and "canary-token" in who for _, path, who in Forbidden.asked), Forbidden.asked
    fork = job | {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(HERE / "fork.json"), "GITHUB_REF": "refs/pull/7/merge"}
    step = check(INPUT_SITES="good.yml", INPUT_PUBLISH="github", **fork)
    step.expect(step.code == 0 and step.outputs["verdict"] == "passed-unmeasured", "nor is a fork's token")
    api.shutdown()


@case
def wrong_inputs_are_told_before_anything_is_done():
    for name, value in [("BROWSER", "yes"), ("ON_INCONCLUSIVE", "ignore"), ("STRICT", "1"), ("VERSION", "../../x")]:
        step = Step("obtain", **{f"INPUT_{name}": value})
        step.expect(step.code == 2 and step.outputs == {"verdict": "error", "exit-code": "2"}, name)
        step.expect(value in step.all("error")[0].data and value in step.summary, f"{name} is not named")


class Releases(http.server.BaseHTTPRequestHandler):
    """A server of releases: whatever lies in `files`."""

    files = {}

    def do_GET(self):
        body = self.files.get(self.path)
        self.send_response(200 if body is not None else 404)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


def release(version, checksum=None, at="/OWNER/rasoat"):
    machine = {"x86_64": "x86_64", "aarch64": "aarch64"}[os.uname().machine]
    name = f"rasoat-{version}-{machine}-unknown-linux-gnu.tar.gz"
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=1) as tar:
        tar.add(PROGRAM, f"rasoat-{version}/rasoat")
    body = archive.getvalue()
    base = f"{at}/releases/download/v{version}/{name}"
    Releases.files[base] = body
    if checksum != "none":
        Releases.files[f"{base}.sha256"] = f"{checksum or hashlib.sha256(body).hexdigest()}  {name}\n".encode()


@case
def a_release_is_unpacked_only_with_its_checksum():
    here = {"GITHUB_SERVER_URL": f"http://127.0.0.1:{SERVER.server_port}"}
    cache = SCRATCH / "alone-cache/rasoat"
    release("9.0.1")
    for version in ("9.0.1", "v9.0.1"):
        step = Step("obtain", INPUT_VERSION=version, **here)
        step.expect(step.code == 0 and (cache / f"v9.0.1-linux-{os.uname().machine}/rasoat").exists(), version)
        step.expect(step.outputs["binary"].endswith("/rasoat") and step.path.strip() in step.outputs["binary"], version)
        Releases.files.clear()  # the second one is a hit in the cache
    release("9.0.2", checksum="0" * 64)
    release("9.0.3", checksum="none")
    release("9.0.4", checksum="<html>")
    for version, told in [("9.0.2", "wrong checksum"), ("9.0.3", "no release v9.0.3"), ("9.0.4", "no SHA-256"), ("9.0.5", "no release v9.0.5")]:
        step = Step("obtain", INPUT_VERSION=version, **here)
        step.expect(step.code == 70 and step.outputs == {"verdict": "error", "exit-code": "70"}, version)
        step.expect(told in step.all("error")[0].data, told)
        step.expect("Compiling" not in step.text, "it fell back to a build")
        step.expect(not list(cache.glob(f"v{version}*")), "something was kept")


@case
def the_source_is_built_once():
    tree = SCRATCH / "tiny"
    shutil.copytree(ACTION / "scripts/action", tree / "scripts/action")
    for name in ("policies", "schema", "templates", "src"):
        (tree / name).mkdir()
    manifest = '[package]\nname = "rasoat"\nversion = "9.1.0"\nedition = "2024"\nrust-version = "1.85"\n'
    (tree / "Cargo.toml").write_text(manifest, encoding="utf-8")
    (tree / "Cargo.lock").write_text('version = 4\n\n[[package]]\nname = "rasoat"\nversion = "9.1.0"\n', encoding="utf-8")
    main = tree / "src/main.rs"
    main.write_text('fn main() { print!("{}", env!("CARGO_PKG_VERSION")) }\n', encoding="utf-8")
    # The checked project's own settings have no say.
    project = SCRATCH / "rust-project"
    (project / ".cargo").mkdir(parents=True)
    (project / ".cargo/config.toml").write_text('[build]\ntarget = "no-such-target"\n', encoding="utf-8")
    given = {"workspace": project, "GITHUB_ACTION_PATH": str(tree), "RUSTFLAGS": "--no-such-flag"}
    first = Step("obtain", **given)
    first.expect(first.code == 0 and "Compiling rasoat" in first.text, "it is built")
    second = Step("obtain", **given)
    second.expect(second.code == 0 and "Compiling" not in second.text, "it is built once")
    second.expect(second.outputs == first.outputs, "and kept in one place")
    # No server of releases answers here with that version, but the source says that it is it.
    nobody = {"GITHUB_SERVER_URL": f"http://127.0.0.1:{SERVER.server_port}", "INPUT_VERSION": "9.1.0"}
    named = Step("obtain", **given, **nobody)
    named.expect(named.code == 0 and "Compiling rasoat" in named.text and "v9.1.0" in named.outputs["binary"], "named")
    main.write_text("fn main() {}\n", encoding="utf-8")
    third = Step("obtain", **given)
    third.expect(third.code == 0 and third.outputs["binary"] != first.outputs["binary"], "another source, another program")
    main.write_text("no program\n", encoding="utf-8")
    broken = Step("obtain", **given)
    broken.expect(broken.code == 70 and broken.outputs == {"verdict": "error", "exit-code": "70"}, "70")


@case
def a_cached_program_of_another_system_is_not_used():
    key = subprocess.run([ACTION / "scripts/action/obtain.sh", "--key"], capture_output=True, text=True, check=True).stdout.strip()
    folder = SCRATCH / "alone-cache/rasoat" / key
    folder.mkdir(parents=True)
    (folder / "rasoat").write_bytes(b"\x7fELF of another machine")
    (folder / "rasoat").chmod(0o755)
    # Without cargo there is nothing left to do but to say so.
    tools = SCRATCH / "tools"
    for name in ("find", "xargs", "sha256sum"):
        link(name)
    step = Step("obtain", PATH=str(tools))
    step.expect(step.code == 70 and "cargo" in step.all("error")[0].data, "cargo is asked for")
    (folder).mkdir(parents=True, exist_ok=True)
    (folder / "rasoat").write_bytes(PROGRAM.read_bytes())
    (folder / "rasoat").chmod(0o755)
    step = Step("obtain", PATH=str(tools))
    step.expect(step.code == 0 and step.outputs["binary"] == str(folder / "rasoat"), "a hit needs no cargo")


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Releases)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
sites.write(WORKSPACE)
for function in CASES:
    function()
    print(f"ok {function.__name__}", flush=True)
