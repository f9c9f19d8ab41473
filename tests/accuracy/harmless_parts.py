"""Harmless changes of the monitoring code, the label's surroundings and the links."""

import dataclasses
import html
import re

import embed
from operators import harmless, named


def changed(page, **parts):
    page.embed = dataclasses.replace(page.embed, **parts)
    return True


# The monitoring code.
@harmless()
def calls_reordered(page, r):
    order = list(page.embed.order)
    r.shuffle(order)
    return tuple(order) != page.embed.order and changed(page, order=tuple(order))


@harmless()
def other_quotes(page, r):
    return page.script != "minified" and changed(page, quote='"')


@harmless()
def id_as_number(page, r):
    return page.script != "variables" and changed(page, number=True)


@harmless()
def other_embedding(page, r):
    late = ("on-ready",) if page.form == "library-tag" else ()
    choices = [name for name in embed.SCRIPTS if name != page.script and name not in late]
    page.script = r.choice(choices)
    return True


@harmless()
def link_tracking_left_out(page, r):
    return page.embed.links and changed(page, links=False)


@harmless()
def code_moved(page, r):
    page.place = r.choice([p for p in ("head", "top", "end", "foot") if p != page.place])
    return True


ATTRIBUTES = {
    "nonce": ' nonce="r4nd0m"', "data": ' data-cfasync="false" data-no-optimize="1"', "id": ' id="emc-tracking" class="gs"',
    "type": ' type="text/javascript"', "language": ' language="JavaScript"', "type_upper": ' TYPE="Text/JavaScript"',
    "type_empty": ' type=""', "type_ecma": ' type="application/ecmascript"', "crossorigin": ' crossorigin="anonymous"',
    "charset": ' charset="utf-8"', "type_spaces": ' type=" text/javascript "',
}
for key, attrs in ATTRIBUTES.items():
    def add(page, r, attrs=attrs):
        page.script_attrs += attrs
        return True
    named(f"script_{key}", add, mark=harmless())


WRAPS = {
    "in_block": ("{\n", "\n}"),
    "in_if_true": ("if (true) {\n", "\n}"),
    "in_if_document": ("if (typeof document !== 'undefined') {\n", "\n}"),
    "in_try": ("try {\n", "\n} catch (e) {}"),
    "in_html_comment_marks": ("<!--\n", "\n//-->"),
    "in_cdata_marks": ("//<![CDATA[\n", "\n//]]>"),
    "after_use_strict": ("'use strict';\n", ""),
    "after_own_code": ("var ngay = new Date(), thu = ['CN', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7'][ngay.getDay()];\n", ""),
    "before_own_code": ("", "\nvar giaoDien = {mau: 'do', co: 14}; function doiCo(n) { giaoDien.co = n; }"),
    "with_comment_inside": ("/* Begin EMC Tracking Code */\n", "\n// End EMC Tracking Code"),
}
for key, (before, after) in WRAPS.items():
    def wrap(page, r, before=before, after=after):
        page.script_wraps.append(lambda js: before + js + after)
        return True
    named(f"code_{key}", wrap, mark=harmless())


def escaped(js, how):
    """Some letters of the string literals as escapes."""
    def one(match):
        return match[0][0] + "".join(how(c) if c in "eft/" and n % 2 else c for n, c in enumerate(match[0][1:-1])) + match[0][-1]
    return re.sub(r"'[^'\n\\]*'|\"[^\"\n\\]*\"", one, js)


@harmless()
def strings_hex_escaped(page, r):
    page.script_wraps.append(lambda js: escaped(js, lambda c: f"\\x{ord(c):02x}"))
    return True


@harmless()
def strings_unicode_escaped(page, r):
    page.script_wraps.append(lambda js: escaped(js, lambda c: f"\\u{{{ord(c):x}}}"))
    return True


@harmless()
def dead_copy_in_comment(page, r):
    page.slots["head"].append("<!-- mã cũ: <script>var _govaq=[['setSiteId','']];</script> -->")
    return True


@harmless()
def dead_copy_in_script_comment(page, r):
    page.script_wraps.append(lambda js: "// _govaq.push(['setSiteId', '']);\n/* _govaq = []; */\n" + js)
    return True


@harmless()
def dead_copy_in_template(page, r):
    page.slots["foot"].append("<template><script>window._govaq = [];</script></template>")
    return True


@harmless()
def dead_copy_in_data(page, r):
    page.slots["end"].append('<script type="application/json">{"emc": "_govaq.push([\'setSiteId\', \'\'])"}</script>')
    return True


@harmless()
def later_event_calls(page, r):
    page.slots["end"].append(
        "<script>document.addEventListener('click', function (e) { window._govaq && window._govaq.push(['trackDVC', 'xem', '1']); });</script>")
    return True


@harmless()
def preconnect(page, r):
    page.slots["head_top"].append('<link rel="preconnect" href="https://f-emc.ngsp.gov.vn"><link rel="dns-prefetch" href="//f-emc.ngsp.gov.vn">')
    return True


# Style sheets that look as if they hid the label.
STYLES = {
    "print_only": "@media print{.yhy-append-wrap{display:none!important}}",
    "narrow_only": "@media (max-width:480px){.yhy-append-wrap{display:none}}",
    "very_wide_only": "@media (min-width:3000px){.yhy-append-wrap{display:none}}",
    "corner": ".yhy-append-wrap{position:fixed;right:10px;bottom:10px;z-index:999}",
    "inline_block": "#btnEMC{display:inline-block!important}",
    "loses_to_inline": "#btnEMC{display:none}",
    "loses_to_specific": ".yhy-append-wrap{display:none}body div.yhy-append-wrap{display:block}",
    "loses_to_later": ".yhy-append-wrap{visibility:hidden}.yhy-append-wrap{visibility:visible}",
    "loses_to_important": "html body .yhy-append-wrap{display:none}.yhy-append-wrap{display:block!important}",
    "loses_to_unlayered": "@layer cu{.yhy-append-wrap{display:none}}.yhy-append-wrap{display:block}",
    "other_name": ".yhy-append-wrapper,.yhy-append-btn-khac,#yhy_append{display:none}",
    "other_parent": ".an .yhy-append-wrap,form>.yhy-append-wrap{display:none}",
    "in_css_comment": "/* .yhy-append-wrap{display:none} */",
    "unknown_value": ".yhy-append-wrap{display:nonee;visibility:hiden}",
    "unknown_selector": ".yhy-append-wrap:khong-co,.yhy-append-wrap{display:none}",
    "supports_not": "@supports (display:khong-co){.yhy-append-wrap{display:none}}",
    "opacity_half": ".yhy-append-wrap{opacity:.6}",
    "second_link_hidden": "#btnBTTTT{display:none!important}",
    "icon_hidden": ".yhy-append-icon{display:none}",
    "not_current_media": "@media not screen{.yhy-append-wrap{display:none}}",
    "unused_custom": ":root{--an:none}.yhy-append-wrap{--display:none}",
    "keyframes": "@keyframes mo{from{opacity:0}to{opacity:1}}",
    "hover": ".yhy-append-wrap:hover{opacity:.2}",
    "colours": ".yhy-append-wrap{background:#005;color:#fff}.yhy-append-wrap a{color:#ff0}",
}
for key, css in STYLES.items():
    def dress(page, r, css=css):
        page.css.append(css)
        return True
    # A rule that makes the label visible would undo a fault that hides it.
    named(f"style_{key}", dress, mark=harmless(pairs=not key.startswith(("loses_to", "inline_block"))))


@harmless()
def print_style_sheet(page, r):
    page.files["css/in.css"] = ".yhy-append-wrap, header, nav { display: none !important }\n"
    page.slots["head"].append('<link rel="stylesheet" href="/css/in.css" media="print">')
    return True


@harmless()
def style_of_unknown_type(page, r):
    page.slots["head"].append('<style type="text/x-mau">.yhy-append-wrap{display:none}</style>')
    return True


# The links.
def by_href(name, make):
    def rewrite(page, r):
        if not page.links:
            return False
        for link in page.links:
            link.href = make(link.url)
        return True
    named(name, rewrite, mark=harmless())


by_href("links_http", lambda u: "http" + u.removeprefix("https"))
by_href("links_www", lambda u: u.replace("://", "://www."))
by_href("links_without_slash", lambda u: u.removesuffix("/"))
by_href("links_scheme_relative", lambda u: u.removeprefix("https:"))
by_href("links_deep", lambda u: u + "Pages/trangchu.aspx?lang=vi#dau")
by_href("links_upper_case", lambda u: u.upper())
by_href("links_default_port", lambda u: u.removesuffix("/") + ":443/")
by_href("links_with_spaces", lambda u: f"  {u}\n")
by_href("links_backslashes", lambda u: u.replace("/", "\\"))
by_href("links_percent_host", lambda u: u.replace("gov", "%67ov"))


@harmless()
def links_as_references(page, r):
    if not page.links:
        return False
    page.link_wraps.append(lambda made: re.sub(r'(href|value)="(https?:[^"]*)"', lambda m: m[1] + '="' + "".join(f"&#{ord(c)};" for c in m[2]) + '"', made))
    return True


@harmless()
def links_through_alias(page, r):
    if not page.links or not page.alias_of:
        return False
    link = r.choice(page.links)
    if link.url not in page.alias_of:
        return False
    link.href = page.alias_of[link.url]
    return True


def by_form(name, form):
    def rewrite(page, r):
        if not page.links or page.linkform == form:
            return False
        page.linkform = form
        return True
    named(name, rewrite, mark=harmless())


for form in ("select", "image-map", "svg", "images", "cards", "details", "table", "hover-menu"):
    by_form("links_as_" + form.replace("-", "_"), form)


@harmless()
def links_in_other_place(page, r):
    page.link_slot = r.choice([s for s in ("nav", "side", "foot") if s != page.link_slot])
    return bool(page.links)


@harmless()
def hidden_second_copies(page, r):
    """A closed mobile menu repeats the links."""
    if not page.links:
        return False
    page.css.append(".menu-di-dong{display:none}")
    page.slots["nav"].append('<div class="menu-di-dong">' + "".join(
        f'<a href="{html.escape(x.url)}">{html.escape(x.text)}</a>' for x in page.links) + "</div>")
    return True


@harmless()
def links_by_onclick(page, r):
    """The address stands in the handler, as some themes write it."""
    if len(page.links) != 1 or page.linkform in ("select", "image-map", "svg"):
        return False
    link = page.links[0]
    page.links = []
    page.slots["foot"].append(f'<a href="#" onclick="window.open(\'{link.url}\'); return false;">{html.escape(link.text)}</a>')
    return True


# Its base takes every relative link of the page to the portal: no fault of the links could be planted beside it.
@harmless(pairs=False)
def link_relative_to_base(page, r):
    if len(page.links) != 1 or page.files or page.form == "site-file" or page.linkform in ("select", "image-map", "images"):
        return False
    if page.layout in ("joomla", "sharepoint"):
        return False
    page.slots["head_top"].append(f'<base href="{page.links[0].url}">')
    page.links[0].href = "./"
    return True


@harmless()
def aria_hidden_links(page, r):
    """Hidden from screen readers only: a person still sees them."""
    page.link_wraps.append(lambda made: f'<div aria-hidden="true" role="presentation">{made}</div>')
    return bool(page.links)


@harmless()
def own_label_repeated(page, r):
    if not page.own_label:
        return False
    page.slots["nav"].append('<div style="display:none">Đã kết nối EMC</div>')
    return True


@harmless(pairs=False)
def own_label_hidden(page, r):
    """Nobody sees the site's own label; the library's is then what counts, and only a browser sees that."""
    if not page.own_label:
        return False
    page.label_wraps.append(r.choice(("<div hidden>{}</div>", '<div style="display:none">{}</div>', "<template>{}</template>")).format)
    page.says("emc-label", "pass", "inconclusive")
    return True
