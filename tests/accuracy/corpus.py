#!/usr/bin/env python3
"""Writes a corpus of home pages with planted faults and harmless changes, and what is true of each.

    tests/accuracy/corpus.py --seed 7 --count 5000 --out DIR [--only GLOB] [--operators]

DIR/sites.yml, DIR/rasoat.lock and DIR/pages/ID/ are for a checker; DIR/manifest.jsonl says for each site
`expect` (per rule: the law's verdict `truth`; the verdicts that bytes alone may give, `static`; where the stand-in
cannot show it, `browser`; `code`) and `truth` (what a person with a browser and the real library would find:
`configured`, `sent_id`, `label_visible`, and `follows`, the links to sites of the list that can be followed).
The same seed and count give the same bytes.
"""

import argparse
import fnmatch
import json
import pathlib
import random
import sys

import content
import embed
import faults_estate
import faults_label
import faults_links
import faults_snippet
import harmless_page
import harmless_parts
import layouts
import links
import operators
import page as pages

# Importing them registers their operators.
REGISTERED = (faults_estate, faults_label, faults_links, faults_snippet, harmless_page, harmless_parts)
SIZES = (1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 12, 20, 40)
OWN_LABELS = (
    "<p class='emc'><span>Đã kết nối EMC</span></p>", "<div>Đã kết nối với EMC</div>", "<b>ĐÃ KẾT NỐI EMC</b>",
    "<p>Đã kết nối hệ thống EMC</p>", '<img src="/images/emc.png" width="160" height="60" alt="Đã kết nối EMC">')


class Corpus:
    """Draws estates until there are enough pages."""

    def __init__(self, seed, count, only):
        self.seed, self.count, self.only = seed, count, only
        self.made = []
        self.declared = 10000
        self.queues = {"portal": [], "component": []}

    def operator(self, role, r):
        """The next operator for a page of this role; `None` leaves the page as it is."""
        if not self.queues[role]:
            fit = [o for o in operators.ALL.values() if role in o.roles and (not self.only or fnmatch.fnmatch(o.name, self.only))]
            faults = [o for o in fit if o.kind == "fault" and o.pairs]
            mild = [o for o in operators.ALL.values() if role in o.roles and o.kind == "harmless" and o.pairs]
            turn = [(o,) for o in fit]
            if not self.only:
                turn += [()] * (12 if role == "component" else 30)
                turn += [tuple(r.sample(mild, 3)) for _ in range(10)]
            turn += [(r.choice(mild), r.choice(faults)) for _ in range(len(fit) // 6) if faults]
            r.shuffle(turn)
            self.queues[role] = turn
        return self.queues[role].pop()

    def blank(self, role, place, host):
        """A page that keeps the law, in a style of its own."""
        self.declared += 1
        ident = f"{'c' if role == 'portal' else 't'}{self.declared}"
        page = pages.Page(id=ident, name=place, role=role, url=f"https://{host}/", declared=str(self.declared), layout="")
        page.aliases = [f"https://cu-{self.declared}.{host}/"] if role == "portal" or self.declared % 2 else []
        return page

    def styled(self, page, r):
        """A fresh copy of the page in a style drawn anew; the law is kept."""
        portal, children = page.portal, page.children
        page.portal, page.children, page.moves = None, [], None
        made = page.copy()
        page.portal, page.children = portal, children
        made.portal, made.children = portal, children
        made.moves = lambda to: moved(made, to)
        made.layout = r.choice(list(layouts.LAYOUTS))
        made.script = r.choice(list(embed.SCRIPTS))
        made.form = r.choice(("inline",) * 5 + ("library-tag", "site-file", "next-data"))
        if made.form == "library-tag" and made.script in ("on-ready",):
            made.form = "inline"
        made.place = r.choice(("head", "head", "end", "end", "top", "foot"))
        made.embed = embed.Embed(made.declared, quote=r.choice("''\""))
        made.linkform = r.choice(("plain-list", "plain-list", "hover-menu", "select", "image-map", "svg", "images", "cards", "details", "table"))
        made.link_slot = r.choice(("nav", "side", "foot"))
        if r.random() < 0.4:
            made.own_label = r.choice(OWN_LABELS)
            if "emc.png" in made.own_label:
                made.files["images/emc.png"] = links.LOGO
        if r.random() < 0.08:
            made.encoding = "windows-1258"
        if r.random() < 0.05:
            made.newline = "\r\n"
        made.template = layouts.LAYOUTS[made.layout](made, r)
        made.style = "/".join((made.layout, made.script, made.form, made.place, made.linkform, "own" if made.own_label else "library", made.encoding))
        pages.base(made)
        return made

    def planted(self, page, chosen, r):
        """The page with the operators applied, in a style where they can be; `None` when there is none."""
        for _ in range(60):
            made = self.styled(page, r)
            if all(o(made, r) for o in chosen):
                if chosen:
                    made.operator = "+".join(o.name for o in chosen)
                    kinds = {o.kind for o in chosen}
                    made.kind = "pair" if len(kinds) == 2 else kinds.pop()
                    made.rule = next((o.rule for o in chosen if o.rule), "")
                return made
        return None

    def estate(self, number):
        """One portal and its component sites."""
        r = random.Random(f"{self.seed}:{number}")
        name, slug = content.PROVINCES[number % len(content.PROVINCES)]
        root = f"{slug}{number}.gov.vn"
        portal = self.blank("portal", f"Cổng thông tin điện tử tỉnh {name}", root)
        size = SIZES[number % len(SIZES)]
        blanks = []
        for n in range(size):
            if n < len(content.UNITS):
                title, sub = content.UNITS[n]
            else:
                title, sub = f"Ủy ban nhân dân xã {content.PROVINCES[n % 16][0]} {n}", f"xa{n}"
            blanks.append(self.blank("component", f"{title} tỉnh {name}", f"{sub}.{root}"))
        portal.links = [pages.Link(c.url, c.name, site=c.id) for c in blanks]
        portal.alias_of = {c.url: c.aliases[0] for c in blanks if c.aliases}
        portal.children = blanks
        chosen = self.operator("portal", r)
        made = self.planted(portal, chosen, r)
        portal = made or self.styled(portal, r)
        made_pages = [portal]
        for child in blanks:
            child.parent, child.parent_url = portal.id, portal.url
            child.links = [pages.Link(portal.url, portal.name, site=portal.id)]
            child.alias_of = {portal.url: portal.aliases[0]}
            child.portal = portal
            if child.retired_on:
                made_pages.append(self.styled(child, r))
                continue
            made_pages.append(self.planted(child, self.operator("component", r), r) or self.styled(child, r))
        portal.wanted = [c.url for c in made_pages[1:] if c.retired_on != faults_estate.CLOSED]
        for child in made_pages[1:]:
            child.wanted = [portal.url]
        return made_pages

    def draw(self):
        number = 0
        while len(self.made) < self.count:
            self.made += self.estate(number)
            number += 1
        return self.made


def moved(page, host):
    """The page under another host name; its portal links there."""
    old, page.url = page.url, f"https://{host}/"
    for link in page.portal.links:
        if link.url == old:
            link.href = link.href.replace(old, page.url)
            link.url = page.url
    page.portal.truth["follows"] = [page.url if u == old else u for u in page.portal.truth["follows"]]


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def entry(page):
    """A site of the list as YAML."""
    lines = [f"  - id: {page.id}", f"    name: {quoted(page.name)}", f"    role: {page.role}", f"    url: {page.url}",
             f"    source: pages/{page.id}", f'    emc_site_id: "{page.declared}"']
    if page.parent:
        lines.append(f"    parent: {page.parent}")
    if page.aliases:
        lines.append(f"    aliases: [{', '.join(page.aliases)}]")
    if page.retired_on:
        lines.append(f"    retired_on: {page.retired_on}")
    return "\n".join(lines)


def record(page):
    """A line of the manifest."""
    return {
        "id": page.id, "group": "main", "style": page.style, "operator": page.operator, "kind": page.kind,
        "rule": page.rule, "role": page.role, "url": page.url, "source": f"pages/{page.id}",
        "declared_id": page.declared, "parent": page.parent_url, "wanted": page.wanted,
        "expect": page.expect, "truth": page.truth}



def write(made, out):
    """The corpus as files."""
    for page in made:
        folder = out / "pages" / page.id
        for path, body in pages.finish(page, links.draw).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(body)
    head = "apiVersion: rasoat/v1\nsites:\n"
    (out / "sites.yml").write_text(head + "\n".join(entry(p) for p in made) + "\n")
    kept = [f'  {p.id}:\n    emc_site_id: "{p.recorded}"\n    accepted_on: 2026-01-05' for p in made if p.recorded]
    (out / "rasoat.lock").write_text(head + "\n".join(kept) + "\n" if kept else "apiVersion: rasoat/v1\nsites: {}\n")
    with open(out / "manifest.jsonl", "w") as lines:
        for page in made:
            lines.write(json.dumps(record(page), ensure_ascii=False, sort_keys=True) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=5000, help="at least so many pages")
    parser.add_argument("--out", type=pathlib.Path)
    parser.add_argument("--only", help="operators whose name fits this glob")
    parser.add_argument("--operators", action="store_true", help="list the operators")
    args = parser.parse_args()
    if args.operators:
        for o in operators.ALL.values():
            print(o.kind, o.rule or "-", o.name)
        return
    if not args.out:
        parser.error("--out is needed")
    if args.out.exists() and any(args.out.iterdir()):
        sys.exit(f"{args.out}: not empty")
    args.out.mkdir(parents=True, exist_ok=True)
    made = Corpus(args.seed, args.count, args.only).draw()
    write(made, args.out)
    print(f"{len(made)} pages in {args.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
