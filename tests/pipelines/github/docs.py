"""The documentation of the action holds the workflows of examples/ci/github word for word, and names every input, every
output and every default of action.yml. Usage: docs.py, in the repository's root."""

import pathlib
import re

ACTION = pathlib.Path("action.yml").read_text(encoding="utf-8")
WORKFLOWS = [path.read_text(encoding="utf-8") for path in sorted(pathlib.Path("examples/ci/github").glob("*.yml"))]


def named(section):
    """The names below `inputs:` or `outputs:`."""
    body = re.search(rf"^{section}:\n((?:  .*\n|\n)*)", ACTION, re.MULTILINE).group(1)
    return re.findall(r"^  ([a-z-]+):$", body, re.MULTILINE)


inputs, outputs = named("inputs"), named("outputs")
assert (len(inputs), len(outputs)) == (14, 10), (inputs, outputs)
pages = ["docs/github.md", "docs/github.vi.md"]
for page in pages:
    text = pathlib.Path(page).read_text(encoding="utf-8")
    for workflow in WORKFLOWS:
        assert f"```yaml\n{workflow}```\n" in text, f"{page} holds another text of:\n{workflow[:200]}"
    for name in inputs + outputs:
        assert re.search(rf"^\|[^|]*`{name}`", text, re.MULTILINE), f"{page} has no row of `{name}`"
    for name in ("on-inconclusive", "strict", "browser"):
        default = re.search(rf"^  {name}:\n(?:    .*\n)*?    default: '?(\w+)'?$", ACTION, re.MULTILINE).group(1)
        assert re.search(rf"^\| `{name}`[^|]*\| `{default}` ", text, re.MULTILINE), f"{page}: default of {name}"
print(f"ok {len(WORKFLOWS)} workflows, {len(inputs)} inputs and {len(outputs)} outputs on {len(pages)} pages")
