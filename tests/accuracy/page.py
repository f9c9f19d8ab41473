"""A page under construction: what operators change, and how it becomes the bytes of a folder.

`expect` holds what the law says of the page, `truth` what a person with a browser and the real library would find.
"""

import copy
import dataclasses
import unicodedata

import embed

RULES = (
    "emc-snippet", "emc-label", "component-links", "portal-link", "emc-site-id-unique", "emc-site-id-drift", "domain-name")
SLOTS = ("head_top", "head", "top", "nav", "side", "foot", "end", "after")


@dataclasses.dataclass
class Link:
    """A link that a page owes: where to, its words, and how it is written."""

    url: str
    text: str
    href: str = ""
    site: str = ""  # the id of the site it leads to, when it is one of the list

    def __post_init__(self):
        self.href = self.href or self.url


@dataclasses.dataclass
class Page:
    """One home page and what belongs to it."""

    id: str
    name: str
    role: str
    url: str
    declared: str
    layout: str
    parent: str = ""  # id of the portal
    parent_url: str = ""
    aliases: list = dataclasses.field(default_factory=list)
    retired_on: str = ""
    recorded: str = ""  # what rasoat.lock holds of the site
    operator: str = "base"
    kind: str = "base"
    style: str = ""
    # The embedding.
    embed: object = None  # embed.Embed, or None without the code
    script: str = "canonical"
    form: str = "inline"
    place: str = "head"  # a slot
    script_attrs: str = ""
    snippet_wraps: list = dataclasses.field(default_factory=list)  # functions of the drawn markup
    script_wraps: list = dataclasses.field(default_factory=list)  # functions of the JavaScript
    # The label and the links.
    own_label: str = ""  # markup of the site's own label, for `label_slot`
    label_slot: str = "foot"
    label_wraps: list = dataclasses.field(default_factory=list)
    links: list = dataclasses.field(default_factory=list)
    linkform: str = "list"
    link_slot: str = "foot"
    link_wraps: list = dataclasses.field(default_factory=list)
    # Everything else.
    css: list = dataclasses.field(default_factory=list)
    slots: dict = dataclasses.field(default_factory=lambda: {name: [] for name in SLOTS})
    files: dict = dataclasses.field(default_factory=dict)  # path → text or bytes
    body_attrs: str = ""
    html_attrs: str = ' lang="vi"'
    doctype: str = "<!DOCTYPE html>"
    texts: list = dataclasses.field(default_factory=list)  # functions of the finished text
    encoding: str = "utf-8"
    bom: bool = False
    charset_said: str = '<meta charset="{}">'
    newline: str = "\n"
    # What is so.
    expect: dict = dataclasses.field(default_factory=dict)
    truth: dict = dataclasses.field(default_factory=dict)
    template: str = ""
    portal: object = None  # a component's portal page
    shared: bool = False  # another site carries this one's id
    moves: object = None  # function that gives the page another host
    wanted: list = dataclasses.field(default_factory=list)  # addresses to which the law wants a link
    rule: str = ""  # the rule of the planted fault
    children: list = dataclasses.field(default_factory=list)  # a portal's component pages
    alias_of: dict = dataclasses.field(default_factory=dict)  # url of a linked site → its alias

    def copy(self):
        """An independent copy, for another operator to change."""
        return copy.deepcopy(self)

    @property
    def host(self):
        return self.url.split("/")[2]

    def says(self, rule, truth, static=None, code=None, browser=None):
        """Sets what is expected of a rule: its truth, and the verdicts that may be given from bytes alone."""
        entry = {"truth": truth}
        if code:
            entry["code"] = code
        if static:
            entry["static"] = static if isinstance(static, list) else [static]
        else:
            entry["static"] = [truth]
        if browser:
            entry["browser"] = browser if isinstance(browser, list) else [browser]
        self.expect[rule] = entry

    def snippet_fails(self, code=None, static="fail", sent=None, configured=False):
        """The monitoring code does not do its work; the label falls with it (clause 7a needs the connection)."""
        self.says("emc-snippet", "fail", static, code)
        if self.own_label and static == "fail":
            self.says("emc-label", "fail", "fail")
        else:
            self.says("emc-label", "fail", static)
        self.truth["configured"] = configured
        self.truth["sent_id"] = sent
        if not configured and not self.own_label:
            self.truth["label_visible"] = False
        return True

    def label_fails(self, static="fail", code=None, browser=None):
        """The connection works, and no label can be seen."""
        self.says("emc-label", "fail", static, code, browser)
        self.truth["label_visible"] = False
        return True

    def drops(self, link, static="fail", code=None):
        """A person cannot follow the link: the rule about it fails."""
        self.says("component-links" if self.role == "portal" else "portal-link", "fail", static, code)
        self.truth["follows"] = [u for u in self.truth["follows"] if u != link.url]
        return True


def base(page):
    """What is true of a page that keeps the law."""
    portal = page.role == "portal"
    page.says("emc-snippet", "pass")
    page.says("emc-label", "pass", "pass" if page.own_label else "inconclusive")
    if portal:
        page.says("component-links", "pass" if page.links else "not-applicable")
    else:
        page.says("portal-link", "pass")
    page.says("emc-site-id-unique", "pass")
    page.says("emc-site-id-drift", "pass" if page.recorded else "not-applicable")
    page.says("domain-name", "pass")
    page.truth = {
        "configured": True, "sent_id": page.declared, "label_visible": True,
        "follows": [link.url for link in page.links]}


def draw_snippet(page):
    """The markup of the monitoring code, and a file of the site when the style has one."""
    e = page.embed
    if e is None:
        return ""
    js = embed.SCRIPTS[page.script](e)
    if page.form == "library-tag":
        js = embed.SCRIPTS[page.script](dataclasses.replace(e, library=None))
    for wrap in page.script_wraps:
        js = wrap(js)
    attrs = page.script_attrs
    if page.form == "site-file":
        page.files.setdefault("js/emc-giam-sat.js", js)
        made = f'<script src="/js/emc-giam-sat.js"{attrs}></script>'
    else:
        made = f"<script{attrs}>\n{js}\n</script>"
    if page.form == "library-tag" and e.library and e.insert:
        made += f'\n<script async defer src="{e.library}"></script>'
    if page.form == "next-data":
        made += f'\n<script id="__NEXT_DATA__" type="application/json">{embed.copy_in_data(js)}</script>'
    for wrap in page.snippet_wraps:
        made = wrap(made)
    return made


def finish(page, draw_links):
    """Fills the layout's slots and gives the folder's files as bytes."""
    slots = {name: list(parts) for name, parts in page.slots.items()}
    links = draw_links(page)
    for wrap in page.link_wraps:
        links = wrap(links)
    slots[page.link_slot].insert(0, links)
    label = page.own_label
    for wrap in page.label_wraps:
        label = wrap(label)
    slots[page.label_slot].append(label)
    slots[page.place].append(draw_snippet(page))
    head = ([page.charset_said.format(page.encoding)] if page.charset_said else []) + slots.pop("head_top")
    if page.css:
        slots["head"].insert(0, "<style>\n" + "\n".join(page.css) + "\n</style>")
    text = page.template.replace("@@doctype@@", page.doctype).replace("@@html@@", page.html_attrs)
    text = text.replace("@@body@@", page.body_attrs).replace("@@head_top@@", "\n".join(head))
    for name, parts in slots.items():
        text = text.replace(f"@@{name}@@", "\n".join(part for part in parts if part))
    for change in page.texts:
        text = change(text)
    files = {path: body if isinstance(body, bytes) else body.encode() for path, body in page.files.items()}
    files["index.html"] = encode(text.replace("\r\n", "\n").replace("\n", page.newline), page.encoding, page.bom)
    return files


def encode(text, encoding, bom):
    """The bytes of a text in one of the encodings that portals use."""
    if encoding == "windows-1258":
        return b"".join(in_1258(c) for c in unicodedata.normalize("NFC", text))
    if encoding.startswith("utf-16"):
        mark = b"\xff\xfe" if encoding == "utf-16le" else b"\xfe\xff"
        return mark + text.encode(encoding)
    return (b"\xef\xbb\xbf" if bom else b"") + text.encode(encoding)


def in_1258(c):
    """One letter in windows-1258, which writes the tone marks after their letters."""
    try:
        return c.encode("cp1258")
    except UnicodeEncodeError:
        parts = unicodedata.normalize("NFD", c)
        tones = "".join(p for p in parts if p in "\u0300\u0301\u0303\u0309\u0323")
        stem = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
        try:
            return (stem + tones).encode("cp1258")
        except UnicodeEncodeError:
            return f"&#{ord(c)};".encode()
