#!/usr/bin/env python3
"""The rules that other tools use, written from their description, run over the accuracy corpus.

    python3 tests/accuracy/peers.py DIR

DIR holds manifest.jsonl and the folders it names. Prints one JSON object: for each peer and each rule how many pages it
judged, passed wrongly, failed wrongly and judged rightly, against the truth that the corpus planted. Peers read the
home page's bytes, as their models do; none of them ever says that it cannot know.

  names       substring search: the queue's name and the tracker's host; the word EMC; the portal's host
  expression  the regular expressions of a known script that drives a browser, with its loop repaired: an inline
              script of type text/javascript, single quotes, hosts by substring
  detector    what detectors of web analytics do, with the names of EMC in place of Matomo's: a script's address, the
              queue as a global, pushed calls; links by parsed address and suffix; the label by the element's name
"""

import collections
import html
import html.parser
import json
import pathlib
import re
import sys
import urllib.parse

HOST = "f-emc.ngsp.gov.vn"
RULES = ("emc-snippet", "emc-label", "portal-link", "component-links")


def read(path):
    """A page's text as a simple tool gets it: the declared encoding if Python knows it, else UTF-8."""
    data = path.read_bytes()
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if data.startswith(mark):
            return data[len(mark):].decode(name, "replace")
    named = re.search(rb"""charset\s*=\s*["']?([\w-]+)""", data[:1024], re.IGNORECASE)
    try:
        return data.decode(named.group(1).decode() if named else "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def bare(address):
    """The host of an address without a leading www."""
    host = (urllib.parse.urlsplit(address).hostname or "").lower()
    return host.removeprefix("www.")


class Tags(html.parser.HTMLParser):
    """The elements of a page with their attributes, and the text beside them."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.scripts = [], [], []
        self.silent = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self.silent = tag
            if tag == "script":
                self.scripts.append((dict(attrs), []))

    def handle_endtag(self, tag):
        if tag == self.silent:
            self.silent = None

    def handle_data(self, data):
        if self.silent == "script":
            self.scripts[-1][1].append(data)
        elif self.silent is None:
            self.texts.append(data)


class Names:
    """Looks for the names anywhere in the source."""

    def __init__(self, source, _page):
        self.source = source
        self.lower = source.lower()

    def snippet(self):
        return "_govaq" in self.source and HOST in self.lower

    def label(self):
        return "EMC" in self.source

    def links(self, wanted):
        return all(bare(address) in self.lower for address in wanted)


class Expression:
    """An inline script of the exact type, calls in single quotes; hosts by substring in any href."""

    SCRIPT = re.compile(r'<script[^>]*\btype="text/javascript"[^>]*>(.*?)</script>', re.DOTALL)
    SITE = re.compile(r"_govaq\.push\(\s*\['setSiteId',\s*'(\d+)'\s*\]\s*\)")
    TRACKER = re.compile(r"_govaq\.push\(\s*\['setTrackerUrl',\s*'https?://[^']*f-emc\.ngsp\.gov\.vn[^']*'\s*\]\s*\)")
    HREF = re.compile(r"""href\s*=\s*["']([^"']*)["']""", re.IGNORECASE)
    SAYS = "Đã kết nối EMC"

    def __init__(self, source, _page):
        self.source = source

    def snippet(self):
        return any(self.SITE.search(one) and self.TRACKER.search(one) for one in self.SCRIPT.findall(self.source))

    def label(self):
        return self.SAYS in html.unescape(self.source)

    def links(self, wanted):
        found = [address.lower() for address in self.HREF.findall(self.source)]
        return all(any(bare(address) in href for href in found) for address in wanted)


class Detector:
    """Patterns of a detector of analytics: it wants to know whether the tracker is used, not whether it works."""

    SOURCE = re.compile(r"f-emc\.ngsp\.gov\.vn/|gov-tracking(\.min)?\.js")
    GLOBAL = re.compile(r"\b(window\.)?_govaq\s*=|_govaq\.push\s*\(")

    def __init__(self, _source, page):
        self.page = page

    def snippet(self):
        for attributes, text in self.page.scripts:
            code = "".join(text)
            if self.SOURCE.search(attributes.get("src") or "") or (self.GLOBAL.search(code) and self.SOURCE.search(code)):
                return True
        return False

    def label(self):
        named = any(a.get("id") in ("yhy-append", "btnEMC") or "yhy-append-wrap" in (a.get("class") or "") for _, a in self.page.elements)
        return named or "đã kết nối emc" in " ".join("".join(self.page.texts).lower().split())

    def links(self, wanted):
        found = set()
        for tag, attributes in self.page.elements:
            if tag in ("a", "area") and attributes.get("href"):
                try:
                    found.add(bare(attributes["href"].strip()))
                except ValueError:
                    continue
        return all(any(host == bare(w) or host.endswith("." + bare(w)) for host in found) for w in wanted)


PEERS = {"names": Names, "expression": Expression, "detector": Detector}


def wanted(sites, manifest):
    """The addresses that each site's home page should link to, by site, as its sites file declares them."""
    entries = {}
    for block in re.split(r"^  - id: ", sites, flags=re.MULTILINE)[1:]:
        keys = dict(re.findall(r"^    (\w+): *\"?([^\"\n]*)\"?$", block, re.MULTILINE))
        entries[block.split("\n", 1)[0].strip()] = keys
    found = {name: [] for name in entries}
    for keys in entries.values():
        if keys.get("parent") in found and "retired_on" not in keys:
            found[keys["parent"]].append(keys["url"])
    for site in manifest:
        if site["role"] == "component":
            found[site["id"]] = [site["parent"]]
    return found


def home(folder):
    """The home page of a site's folder."""
    for name in ("index.html", "index.htm", "default.aspx"):
        if (folder / name).is_file():
            return folder / name
    return folder if folder.is_file() else None


def compare(directory):
    """Counts per peer and rule."""
    counts = {name: {rule: collections.Counter() for rule in RULES} for name in PEERS}
    directory = pathlib.Path(directory)
    manifest = [json.loads(line) for line in (directory / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    links = wanted((directory / "sites.yml").read_text(encoding="utf-8"), manifest)
    for site in manifest:
        path = home(directory / site["source"])
        if path is None:
            continue
        source = read(path)
        page = Tags(source)
        for name, peer in PEERS.items():
            tool = peer(source, page)
            for rule in RULES:
                judge(counts[name][rule], tool, rule, site, links.get(site["id"], []))
    return counts


def judge(count, tool, rule, site, links):
    """Adds one answer of one tool."""
    truth = site["expect"].get(rule, {}).get("truth")
    if truth not in ("pass", "fail"):
        return
    if rule == "emc-snippet":
        said = tool.snippet()
    elif rule == "emc-label":
        said = tool.label()
    else:
        said = tool.links(links)
    count["pages"] += 1
    right = truth == "pass"
    if said == right:
        count["right"] += 1
    else:
        count["false_pass" if said else "false_fail"] += 1


def main():
    """The command."""
    if len(sys.argv) != 2 or not (pathlib.Path(sys.argv[1]) / "manifest.jsonl").is_file():
        sys.exit("peers.py: give the folder that holds manifest.jsonl")
    counts = compare(sys.argv[1])
    keys = ("pages", "false_pass", "false_fail", "right", "undecided")
    told = {peer: {rule: {key: count[key] for key in keys} for rule, count in rules.items()} for peer, rules in counts.items()}
    print(json.dumps(told, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
