"""Reads a step's text as GitHub's own runner does: which commands it obeys, and which lines are only text."""

import re

UNESCAPED = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


class Command:
    def __init__(self, name, properties, data):
        self.name = name
        self.properties = properties
        self.data = data

    def __repr__(self):
        return f"::{self.name} {self.properties}::{self.data}"


def unescaped(text):
    return re.sub("%(25|0D|0A|3A|2C)", lambda m: UNESCAPED[m.group(0)], text)


def one(line):
    """The command of a line: `::name k=v::data` behind white space, or `##[name k=v]data` anywhere."""
    new = re.match(r"\s*::([^ :]+)(?: (.*?))?::(.*)$", line)
    old = re.search(r"##\[([^ \]]+)(?: ([^\]]*))?\](.*)$", line)
    found = new or old
    if not found:
        return None
    separator = "," if new else ";"
    pairs = [pair.split("=", 1) for pair in (found.group(2) or "").split(separator) if "=" in pair]
    return Command(found.group(1), {k.strip(): unescaped(v) for k, v in pairs}, unescaped(found.group(3)))


def read(text):
    """Commands that are obeyed, and the lines between `stop-commands` and its word."""
    commands, quiet, word = [], [], None
    # The runner's reader ends lines at CR, LF and CRLF.
    for line in re.split(r"\r\n|\r|\n", text):
        command = one(line)
        if word is not None:
            if command is not None and command.name == word:
                word = None
            else:
                quiet.append(line)
        elif command is not None and command.name == "stop-commands":
            word = command.data
        elif command is not None:
            commands.append(command)
    assert word is None, "commands stay stopped"
    return commands, quiet


def outputs(text):
    """The outputs of a GITHUB_OUTPUT file, in the form `NAME<<WORD`."""
    found, lines = {}, text.split("\n")
    while lines:
        line = lines.pop(0)
        if not line:
            continue
        name, word = line.split("<<", 1)
        assert re.fullmatch("[0-9a-f]{32}", word), line
        value = []
        while lines[0] != word:
            value.append(lines.pop(0))
        lines.pop(0)
        found[name] = "\n".join(value)
    return found
