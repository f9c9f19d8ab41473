"""Takes out of the examples of examples/ci what a pipeline would run.

    examples.py jenkins FILE           the shell lines of a Jenkinsfile
    examples.py azure FILE             the shell lines of an Azure pipeline
    examples.py pod FILE NAME=VALUE... what the only container of a manifest runs, each word ended by a NUL
    examples.py fenced FILE...         fails unless every container of the manifests runs without rights
"""

import re
import sys

import yaml


def manifests(path):
    return [document for document in yaml.safe_load_all(open(path, encoding="utf-8")) if document]


def pods(path):
    for manifest in manifests(path):
        spec = manifest["spec"].get("jobTemplate", manifest)["spec"]
        if "template" in spec:
            yield manifest, spec, spec["template"]["spec"]


def jenkins(path):
    text = open(path, encoding="utf-8").read()
    blocks = re.findall(r"script: '''(.*?)'''", text, re.DOTALL)
    assert blocks, f"{path}: no shell lines"
    # In Groovy a backslash at the end of a line joins it with the next one.
    return "\n".join(blocks).replace("\\\n", "")


def azure(path):
    steps = [step["bash"] for step in manifests(path)[0]["steps"] if "bash" in step]
    assert steps, f"{path}: no shell lines"
    return "\n".join(steps)


def pod(path, values):
    [(_, _, spec)] = pods(path)
    [container] = spec["containers"]
    words = container.get("command", ["rasoat"]) + container["args"]
    known = {entry["name"] for entry in container["env"]} | set(values)

    def value(match):
        assert match[1] in known, f"{path}: {match[1]} is not in env"
        return values[match[1]]

    return [re.sub(r"\$\((\w+)\)", value, word) for word in words]


def fenced(path):
    for _, job, spec in pods(path):
        assert spec["restartPolicy"] == "Never" and job["podFailurePolicy"]["rules"], path
        assert spec["securityContext"]["runAsNonRoot"] and not spec["automountServiceAccountToken"], path
        for container in spec["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] and not rights["allowPrivilegeEscalation"], path
            assert rights["capabilities"] == {"drop": ["ALL"]}, path
            assert container["resources"]["requests"] and container["resources"]["limits"]["memory"], path
            mounted = {mount["name"] for mount in container["volumeMounts"]}
            assert mounted == {volume["name"] for volume in spec["volumes"]}, path
            named = {code["containerName"] for rule in job["podFailurePolicy"]["rules"] if (code := rule["onExitCodes"])}
            assert named == {container["name"]}, path
        # Another number of shards than of pods would leave sites out.
        for shards in re.findall(r"--shard=auto/(\d+)", str(spec)):
            assert job["completions"] == job["parallelism"] == int(shards), path


kind, path, *rest = sys.argv[1:]
if kind == "jenkins":
    print(jenkins(path))
elif kind == "azure":
    print(azure(path))
elif kind == "pod":
    words = pod(path, dict(pair.split("=", 1) for pair in rest))
    sys.stdout.write("".join(word + "\0" for word in words))
elif kind == "fenced":
    for manifest in [path, *rest]:
        fenced(manifest)
else:
    sys.exit(__doc__)
