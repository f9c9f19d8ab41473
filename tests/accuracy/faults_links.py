"""Planted faults of the links that home pages owe, for a portal's component sites and for a component's portal alike."""

from operators import fault, named

OPEN = ["fail", "inconclusive"]


def both(name, plant):
    """Registers a fault for both link rules; `plant` is a function of (page, link, random)."""
    for rule, roles in (("portal-link", ("component",)), ("component-links", ("portal",))):
        def change(page, r):
            if not page.links:
                return False
            link = r.choice(page.links)
            return plant(page, link, r)
        prefix = "parent" if rule == "portal-link" else "child"
        named(f"{prefix}_{name}", change, mark=fault(rule, roles))


def without(page, link):
    page.links = [x for x in page.links if x is not link]


def host_of(link):
    return link.url.split("/")[2]


def missing(page, link, r):
    without(page, link)
    return page.drops(link, code="missing-link")


both("missing", missing)


# Addresses that hold the right host's name and lead elsewhere.
def by_address(name, make, static="fail"):
    def plant(page, link, r):
        if page.linkform == "select" and not make(host_of(link)).startswith("http"):
            return False
        link.href = make(host_of(link))
        return page.drops(link, static)
    both(name, plant)


by_address("suffix", lambda h: f"https://{h}.example.org/")
by_address("prefix", lambda h: f"https://x{h}/")
by_address("dash_prefix", lambda h: f"https://cong-{h}/")
by_address("subdomain", lambda h: f"https://tintuc.{h}/")
by_address("double_www", lambda h: f"https://www.www.{h}/")
by_address("www1", lambda h: f"https://www1.{h}/")
by_address("upper_domain", lambda h: f"https://{h.split('.', 1)[1]}/")
by_address("other_tld", lambda h: f"https://{h.replace('.gov.vn', '.com.vn')}/")
by_address("dash_for_dot", lambda h: f"https://{h.replace('.gov.vn', '-gov.vn')}/")
by_address("userinfo", lambda h: f"https://{h}@example.org/")
by_address("userinfo_password", lambda h: f"https://{h}:443@example.org/")
by_address("in_path", lambda h: f"https://example.org/{h}/")
by_address("in_query", lambda h: f"https://example.org/chuyen-huong?url=https://{h}/")
by_address("in_fragment", lambda h: f"https://example.org/#https://{h}/")
by_address("homograph", lambda h: f"https://{h.replace('o', 'о', 1).replace('a', 'а', 1)}/")
by_address("punycode", lambda h: f"https://xn--{h.split('.')[0]}-9ua.{h.split('.', 1)[1]}/")
by_address("mailto", lambda h: f"mailto:vanthu@{h}")
by_address("tel", lambda h: "tel:02431234567")
by_address("hash", lambda h: "#")
by_address("hash_with_address", lambda h: f"#https://{h}/")
by_address("empty_href", lambda h: " ")
by_address("no_scheme", lambda h: h)
by_address("one_slash", lambda h: f"https:/{h}/")
by_address("javascript_void", lambda h: "javascript:void(0)", OPEN)
by_address("javascript_unknown_function", lambda h: "javascript:moTrang(12)", "inconclusive")
by_address("data_address", lambda h: f"data:text/html,{h}")
by_address("placeholder", lambda h: "https://tenmien.gov.vn/")


def wrong_site(page, link, r):
    """The link leads to another site of the province."""
    link.href = f"https://khac.{host_of(link).split('.', 1)[1]}/" if page.role == "portal" else f"https://khac.{host_of(link)}/"
    return page.drops(link)


both("of_another_site", wrong_site)


# The right address, not in a link that a person can follow.
def by_markup(name, make, static="fail", slot="foot"):
    def plant(page, link, r):
        without(page, link)
        page.slots[slot].append(make(link.url, link.text))
        return page.drops(link, static)
    both(name, plant)


by_markup("in_comment", lambda u, t: f'<!-- <a href="{u}">{t}</a> -->')
by_markup("in_template", lambda u, t: f'<template><a href="{u}">{t}</a></template>')
by_markup("in_noscript", lambda u, t: f'<noscript><a href="{u}">{t}</a></noscript>')
by_markup("in_script_data", lambda u, t: f'<script type="application/json">{{"lienKet": "<a href=\\"{u}\\">{t}<\\/a>"}}</script>')
by_markup("in_textarea", lambda u, t: f'<textarea><a href="{u}">{t}</a></textarea>')
by_markup("in_iframe_text", lambda u, t: f'<iframe width="1" height="1" title="x"><a href="{u}">{t}</a></iframe>')
by_markup("as_text", lambda u, t: f"<p>{t}: {u}</p>")
by_markup("escaped", lambda u, t: f'<p>&lt;a href="{u}"&gt;{t}&lt;/a&gt;</p>')
by_markup("canonical", lambda u, t: f'<link rel="canonical" href="{u}">', slot="head")
by_markup("og_url", lambda u, t: f'<meta property="og:url" content="{u}">', slot="head")
by_markup("link_rel_up", lambda u, t: f'<link rel="up" href="{u}">', slot="head")
by_markup("iframe_source", lambda u, t: f'<iframe src="{u}" title="{t}" width="300" height="80"></iframe>')
by_markup("image_source", lambda u, t: f'<img src="{u}logo.png" alt="{t}" width="90" height="30">')
by_markup("form_action", lambda u, t: f'<form action="{u}tim-kiem" method="get"><input name="q"><button>Tìm</button></form>')
by_markup("cite_attribute", lambda u, t: f'<blockquote cite="{u}">{t}</blockquote>')
by_markup("data_href", lambda u, t: f'<a data-href="{u}">{t}</a>')
by_markup("misspelt_href", lambda u, t: f'<a herf="{u}">{t}</a>')
by_markup("second_href", lambda u, t: f'<a href="#" href="{u}">{t}</a>')
by_markup("link_without_content", lambda u, t: f'<a href="{u}"></a>')
by_markup("link_with_title_only", lambda u, t: f'<a href="{u}" title="{t}"></a>')
by_markup("select_without_handler", lambda u, t: f'<select><option value="{u}">{t}</option></select>', "inconclusive")
by_markup("datalist", lambda u, t: f'<input list="ds" size="30"><datalist id="ds"><option value="{u}">{t}</option></datalist>', OPEN)
by_markup("map_without_image", lambda u, t: f'<map name="khongdung"><area shape="default" href="{u}" alt="{t}"></map>', OPEN)
by_markup("svg_in_defs", lambda u, t: f'<svg width="200" height="20"><defs><a href="{u}"><text y="15">{t}</text></a></defs></svg>', OPEN)
by_markup("svg_in_symbol", lambda u, t: f'<svg width="200" height="20"><symbol id="k"><a href="{u}"><text y="15">{t}</text></a></symbol></svg>', OPEN)
by_markup("canvas_fallback", lambda u, t: f'<canvas width="40" height="20"><a href="{u}">{t}</a></canvas>', OPEN)
by_markup("video_fallback", lambda u, t: f'<video width="40" height="20" controls><a href="{u}">{t}</a></video>', OPEN)
by_markup("closed_dialog", lambda u, t: f'<dialog><a href="{u}">{t}</a></dialog>', OPEN)
by_markup("popover", lambda u, t: f'<div popover><a href="{u}">{t}</a></div>', OPEN)

# Links that a person does not see.
HIDDEN = {
    "hidden_attribute": ("hidden", ""),
    "display": ('style="display:none"', ""),
    "display_important": ('style="color:red; DISPLAY : none !important"', ""),
    "visibility": ('style="visibility:hidden"', ""),
    "opacity": ('style="opacity:0"', ""),
    "opacity_percent": ('style="opacity:0%"', ""),
    "off_left": ('style="position:absolute;left:-9999px;top:0"', ""),
    "off_top": ('style="position:absolute;top:-10000px"', ""),
    "off_fixed": ('style="position:fixed;left:-300vw;top:0"', ""),
    "clip": ('style="position:absolute;clip:rect(0,0,0,0)"', ""),
    "clip_path": ('style="clip-path:inset(100%)"', ""),
    "size": ('style="width:0;height:0;overflow:hidden"', ""),
    "max_height": ('style="max-height:0;overflow:hidden"', ""),
    "scale": ('style="transform:scale(0)"', ""),
    "translate": ('style="transform:translate(-20000px)"', ""),
    "filter": ('style="filter:opacity(0)"', ""),
    "content_visibility": ('style="content-visibility:hidden"', ""),
    "class": ('class="an-di"', ".an-di{display:none}"),
    "class_important": ('class="hien an-di"', ".an-di{display:none!important}.hien{display:block}"),
    "class_media": ('class="an-di"', "@media (min-width:900px){.an-di{display:none}}"),
    "class_layer": ('class="an-di"', "@layer a{.an-di{visibility:hidden}}"),
    "class_nested": ('class="boc"', "body{& .boc{opacity:0}}"),
    "id_rule": ('id="lk-an"', "div{display:block}#lk-an{display:none}"),
}
for key, (attrs, css) in HIDDEN.items():
    def hide(page, link, r, attrs=attrs, css=css):
        without(page, link)
        if css:
            page.css.append(css)
        page.slots["foot"].append(f'<div {attrs}><p><a href="{link.url}">{link.text}</a></p></div>')
        return page.drops(link, "fail", "link-hidden")
    both(f"hidden_{key}", hide)

HARDER = {
    "same_colour": ('style="color:#fff;background:#fff"', ' style="color:#fff"'),
    "transparent": ("", ' style="color:transparent"'),
    "font_size": ("", ' style="font-size:0"'),
    "text_indent": ('style="text-indent:-9999px;overflow:hidden"', ""),
    "margin": ('style="margin-left:-9999px;width:100px"', ""),
    "covered": ('style="position:relative;width:600px;height:40px"', ""),
    "inert": ("inert", ""),
}
for key, (attrs, own) in HARDER.items():
    def obscure(page, link, r, key=key, attrs=attrs, own=own):
        without(page, link)
        cover = '<span style="position:absolute;left:0;top:0;width:600px;height:40px;background:#fff"></span>' if key == "covered" else ""
        page.slots["foot"].append(f'<div {attrs}><a href="{link.url}"{own}>{link.text}</a>{cover}</div>')
        return page.drops(link, OPEN)
    both(f"hidden_{key}", obscure)


def hidden_ancestor(page, link, r):
    page.link_wraps.append(lambda made: f'<div class="ngoai"><div class="trong">{made}</div></div>')
    page.css.append(".ngoai{display:none!important}.trong{display:block}")
    for each in page.links:
        page.drops(each, "fail", "link-hidden")
    return True


both("hidden_ancestor", hidden_ancestor)


def hidden_by_linked_sheet(page, link, r):
    page.link_wraps.append(lambda made: f'<div class="lk-ngoai">{made}</div>')
    page.files["css/lien-ket.css"] = "body{margin:0}\n.quang-cao, .lk-ngoai { display: none !important }\n"
    page.slots["head"].append('<link rel="stylesheet" type="text/css" href="/css/lien-ket.css">')
    for each in page.links:
        page.drops(each, "fail", "link-hidden")
    return True


both("hidden_by_linked_sheet", hidden_by_linked_sheet)


def hidden_by_script(page, link, r):
    page.link_wraps.append(lambda made: f'<div id="khung-lk">{made}</div>')
    page.slots["end"].append("<script>document.getElementById('khung-lk').style.display = 'none';</script>")
    for each in page.links:
        page.drops(each, OPEN)
    return True


both("hidden_by_script", hidden_by_script)


def removed_by_script(page, link, r):
    page.link_wraps.append(lambda made: f'<div id="khung-lk">{made}</div>')
    page.slots["end"].append("<script>document.getElementById('khung-lk').remove();</script>")
    for each in page.links:
        page.drops(each, OPEN)
    return True


both("removed_by_script", removed_by_script)


def on_a_sub_page(page, link, r):
    without(page, link)
    page.files["lien-ket/index.html"] = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>Liên kết</title></head><body><a href="{link.url}">{link.text}</a></body></html>')
    page.slots["nav"].append('<a href="/lien-ket/">Liên kết website</a>')
    return page.drops(link, code="missing-link")


both("on_a_sub_page", on_a_sub_page)


def second_base(page, link, r):
    """Only the first base counts: the relative link stays on the page's own host."""
    if page.files or page.form == "site-file" or page.linkform in ("select", "image-map", "images") or page.layout in ("joomla", "sharepoint"):
        return False
    page.slots["head_top"].append(f'<base href="{page.url}"><base href="{link.url}">')
    link.href = "trang-chu"
    return page.drops(link)


both("second_base", second_base)


def base_elsewhere(page, link, r):
    """A base of another host takes the relative link there."""
    if page.files or page.form == "site-file" or page.linkform in ("select", "image-map", "images") or page.layout in ("joomla", "sharepoint"):
        return False
    page.slots["head_top"].append(f'<base href="https://luu-tru.example.org/{host_of(link)}/">')
    link.href = "./"
    return page.drops(link)


both("base_elsewhere", base_elsewhere)


def retires_later(page, r):
    """A component whose closing lies ahead is still owed its link."""
    if not page.links or not getattr(page, "children", None):
        return False
    link = r.choice(page.links)
    child = next((c for c in page.children if c.id == link.site), None)
    if child is None or child.retired_on:
        return False
    child.retired_on = "2099-12-31"
    without(page, link)
    return page.drops(link, code="missing-link")


named("child_retires_later", retires_later, mark=fault("component-links", ("portal",), pairs=False))
