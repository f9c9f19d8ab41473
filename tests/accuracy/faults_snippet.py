"""Planted faults of the monitoring code: what it says, where it stands, and what the page does to it.

Each says what the HTML, script and CSP standards make of it; the label falls with the code (clause 7a).
"""

import dataclasses
import json

import embed
from operators import fault, named

EMC = "emc-snippet"
snippet = fault(EMC)


def other_id(page):
    """Another decimal id, the same for the same page and used by no other."""
    return str(900000 + int(page.declared))


def literal(text):
    """A JavaScript string that does not end the script element it stands in."""
    return json.dumps(text, ensure_ascii=False).replace("</", "<\\/")


def by_value(name, code, **change):
    """A fault that is another value of a parameter of the embedding."""
    def plant(page, r):
        made = {k: v(page) if callable(v) else v for k, v in change.items()}
        page.embed = dataclasses.replace(page.embed, **made)
        return page.snippet_fails(code)
    named(name, plant, mark=snippet)


@snippet
def snippet_dropped(page, r):
    page.embed = None
    return page.snippet_fails("snippet-missing")


# What the commands say.
by_value("id_empty", "site-id-empty", site_id="")
by_value("id_command_missing", "site-id-missing", site_id=None)
for n, text in enumerate(("SITE_ID", "undefined", "{{emc_site_id}}", "<?php echo $emc_id; ?>", "YOUR_SITE_ID", "%SITE_ID%",
                          "[[+emc_id]]", "xxxx")):
    by_value(f"id_placeholder_{n}", None, site_id=text)
by_value("id_with_letters", "site-id-invalid", site_id=lambda p: "VN" + p.declared)
by_value("id_negative", "site-id-invalid", site_id=lambda p: "-" + p.declared)
by_value("id_full_width_digits", None, site_id=lambda p: "".join(chr(ord(c) + 0xFEE0) for c in p.declared))
by_value("no_page_view", "no-page-view", page_view=False)
by_value("collector_missing", "collector-missing", collector=None)


@snippet
def id_of_another_site(page, r):
    page.embed = dataclasses.replace(page.embed, site_id=other_id(page))
    page.snippet_fails("site-id-mismatch", sent=other_id(page), configured=True)
    page.truth["label_visible"] = True
    return True


@snippet
def id_one_digit_more(page, r):
    longer = page.declared + "0"
    page.embed = dataclasses.replace(page.embed, site_id=longer)
    page.snippet_fails("site-id-mismatch", sent=longer, configured=True)
    page.truth["label_visible"] = True
    return True


# Addresses that look right. Parsed host, scheme and path decide.
LOOKALIKES = {
    "suffix": "f-emc.ngsp.gov.vn.example.org",
    "prefix": "xf-emc.ngsp.gov.vn",
    "dash": "f-emc-ngsp.gov.vn",
    "userinfo": "f-emc.ngsp.gov.vn@thongke.example.org",
    "homograph": "f-emс.ngsp.gov.vn",  # a Cyrillic letter
    "tld": "f-emc.ngsp.gov.com",
    "subdomain": "a.f-emc.ngsp.gov.vn",
    "parent": "ngsp.gov.vn",
    "port": "f-emc.ngsp.gov.vn:8443",
    "typo": "f-ecm.ngsp.gov.vn",
    "path-in-other": "thongke.example.org/f-emc.ngsp.gov.vn",
}
for key, host in LOOKALIKES.items():
    by_value(f"library_host_{key}", None, library=f"https://{host}/embed/gov-tracking.min.js")
    if key in ("suffix", "userinfo", "tld", "typo", "homograph"):
        by_value(f"collector_host_{key}", None, collector=f"https://{host}/tracking")
by_value("library_wrong_path", "wrong-path", library="https://f-emc.ngsp.gov.vn/embed/gov-tracking.js")
by_value("library_path_upper_case", "wrong-path", library="https://f-emc.ngsp.gov.vn/Embed/gov-tracking.min.js")
by_value("collector_wrong_path", "wrong-path", collector="https://f-emc.ngsp.gov.vn/track")
by_value("library_http", "mixed-content", library="http://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js")
by_value("library_relative", None, library="/embed/gov-tracking.min.js")
by_value("queue_misspelt", None, queue="_govag")
by_value("queue_upper_case", None, queue="_GOVAQ")
by_value("library_missing", "library-missing", library=None)


@snippet
def collector_http(page, r):
    page.embed = dataclasses.replace(page.embed, collector="http://f-emc.ngsp.gov.vn/tracking")
    return page.snippet_fails("mixed-content")


@snippet
def loader_not_inserted(page, r):
    if page.form == "library-tag":
        return False
    page.embed = dataclasses.replace(page.embed, insert=False)
    return page.snippet_fails("loader-not-inserted")


@snippet
def loader_source_overwritten(page, r):
    if page.form == "library-tag" or page.script in ("minified", "attributes"):
        return False
    page.embed = dataclasses.replace(page.embed, before_insert="g.src = '/js/thong-ke-noi-bo.js';")
    return page.snippet_fails()


# What happens to the queue before the library loads.
def queue_change(name, code, js):
    def plant(page, r):
        if page.form == "library-tag":
            page.script_wraps.append(lambda text: text + "\n" + js.replace("QUEUE", "window._govaq"))
        else:
            page.embed = dataclasses.replace(page.embed, before_load=js.replace("QUEUE", "window._govaq"))
        return page.snippet_fails(code)
    named(name, plant, mark=snippet)


queue_change("queue_emptied", None, "QUEUE = [];")
queue_change("queue_length_zero", None, "QUEUE.length = 0;")
queue_change("queue_spliced", None, "QUEUE.splice(0, QUEUE.length);")
queue_change("queue_deleted", None, "QUEUE = undefined;")
queue_change("queue_replaced_by_object", None, "QUEUE = {push: function () {}};")


@snippet
def queue_local_to_function(page, r):
    if page.script not in ("canonical", "one-push", "initial", "appended", "variables"):
        return False
    page.script_wraps.append(lambda js: "(function () {\n" + js.replace("window._govaq ||", "") + "\n})();")
    return page.snippet_fails("queue-local")


@snippet
def queue_local_to_module(page, r):
    if page.script not in ("initial", "one-push") or page.form == "site-file":
        return False
    if page.script == "one-push":
        page.script_wraps.append(lambda js: js.replace("var _govaq = _govaq || [];", "const _govaq = [];"))
    page.script_attrs += ' type="module"'
    return page.snippet_fails("queue-local")


@snippet
def queue_by_let(page, r):
    """A top-level `let` makes no property of window: the library finds no queue."""
    if page.script not in ("canonical", "initial"):
        return False
    page.script_wraps.append(lambda js: js.replace("var _govaq = window._govaq ||", "let _govaq =").replace("var _govaq =", "let _govaq ="))
    return page.snippet_fails()


# Code that never runs.
def dead(name, before, after, code="dead-code", static="fail"):
    def plant(page, r):
        if page.form == "library-tag":
            return False
        page.script_wraps.append(lambda js: before + js + after)
        return page.snippet_fails(code, static)
    named(name, plant, mark=snippet)


# A block hoists `var _govaq` and no more; what it holds does not run.
dead("dead_if_false", "if (false) {\n", "\n}")
dead("dead_if_zero", "if (0) {\n", "\n}")
dead("dead_after_return", "(function () {\nreturn;\n", "\n})();")
dead("dead_function_not_called", "function ganMaGiamSat() {\n", "\n}", None)
dead("dead_arrow_not_called", "var ganMaGiamSat = () => {\n", "\n};", None)
dead("dead_and_false", "false && (function () {\n", "\n})();")
dead("dead_after_throw", "throw new Error('chua cau hinh');\n", "", None)
dead("dead_while_false", "while (false) {\n", "\n}")
dead("dead_switch", "switch (1) { case 2:\n", "\n}")
dead("dead_event_never_fired", "document.addEventListener('emc-san-sang', function () {\n", "\n});", None, ["fail", "inconclusive"])
dead("dead_other_host", "if (location.hostname === 'localhost') {\n", "\n}", None)
dead("js_block_comment", "/*\n", "\n*/", "in-comment")
dead("syntax_error_bracket", "", "\n(", "script-syntax-error")
dead("syntax_error_quotes", "var tenTrang = “Cổng thông tin”;\n", "", "script-syntax-error")
dead("syntax_error_html_left", "", "\n<div>", "script-syntax-error")
dead("threw_before", "khongCoHamNay();\n", "", None)


@snippet
def js_string(page, r):
    if page.form == "library-tag":
        return False
    page.script_wraps.append(lambda js: f"var maCu = {literal(js)};")
    return page.snippet_fails("in-string")


@snippet
def js_line_comments(page, r):
    page.script_wraps.append(lambda js: "\n".join("// " + line for line in js.splitlines()))
    if page.form == "library-tag":
        return page.snippet_fails()
    return page.snippet_fails("in-comment")


# Places that run nothing.
def wrapped(name, before, after, code, needs=lambda page: True):
    def plant(page, r):
        if not needs(page):
            return False
        page.snippet_wraps.append(lambda made: before + made + after)
        if page.form == "next-data":
            page.form = "inline"
        return page.snippet_fails(code)
    named(name, plant, mark=snippet)


def in_body(page):
    if page.place in ("head", "head_top"):
        page.place = "end"
    return True


wrapped("html_comment", "<!-- Begin EMC Tracking Code\n", "\nEnd EMC Tracking Code -->", "in-comment")
wrapped("html_comment_conditional", "<!--[if lt IE 9]>\n", "\n<![endif]-->", "in-comment")
wrapped("html_comment_unclosed_later", "<!--\n", "\n--!>", "in-comment")
wrapped("in_template", "<template id=\"emc\">\n", "\n</template>", "in-template")
wrapped("in_noscript", "<noscript>\n", "\n</noscript>", "in-noscript")
wrapped("in_textarea", "<textarea rows=\"8\" readonly>\n", "\n</textarea>", None, in_body)
wrapped("in_xmp", "<xmp>\n", "\n</xmp>", None, in_body)
wrapped("in_title_of_svg", "<title>\n", "\n</title>", None)
wrapped("in_iframe_text", "<iframe>", "</iframe>", None, in_body)
wrapped("in_noembed", "<noembed>", "</noembed>", None, in_body)
wrapped("in_style", "<style>\n", "\n</style>", None)


def attribute(name, attrs, code, needs=lambda page: True, static="fail"):
    def plant(page, r):
        if not needs(page):
            return False
        page.script_attrs += " " + attrs
        return page.snippet_fails(code, static=static)
    named(name, plant, mark=snippet)


attribute("type_json", 'type="application/json"', None)
attribute("type_with_charset", 'type="text/javascript; charset=utf-8"', "script-type")
attribute("type_plain", 'type="text/plain"', "script-type")
attribute("type_template", 'type="text/template"', "script-type")
attribute("type_misspelt", 'type="text/javscript"', "script-type")
attribute("type_vbscript", 'type="text/vbscript" language="javascript"', "script-type")
attribute("language_unknown", 'language="vb"', None)
attribute("nomodule", "nomodule", None)
attribute("beside_src", 'src="/js/khac.js"', "beside-src", lambda p: p.form != "site-file" and p.files.setdefault("js/khac.js", "var tienIch = 1;\n"))
attribute("event_for_attributes", 'for="document" event="onclick"', None)


@snippet
def in_attribute(page, r):
    page.place = "end"
    page.form = "inline"
    page.snippet_wraps.append(lambda made: '<div class="huong-dan" data-snippet="' + made.replace("&", "&amp;").replace('"', "&quot;") + '">Hướng dẫn</div>')
    return page.snippet_fails()


@snippet
def shown_as_text(page, r):
    page.place = "end"
    page.form = "inline"
    page.snippet_wraps.append(lambda made: "<pre>" + made.replace("&", "&amp;").replace("<", "&lt;") + "</pre>")
    return page.snippet_fails()


@snippet
def in_srcdoc(page, r):
    page.place = "end"
    page.form = "inline"
    page.snippet_wraps.append(lambda made: '<iframe title="emc" width="1" height="1" srcdoc="' + made.replace("&", "&amp;").replace('"', "&quot;") + '"></iframe>')
    return page.snippet_fails()


@snippet
def after_html_in_comment(page, r):
    page.place = "after"
    page.snippet_wraps.append(lambda made: "<!-- " + made.replace("--", "- -") + " -->")
    if page.form == "next-data":
        page.form = "inline"
    return page.snippet_fails("in-comment")


@snippet
def after_plaintext(page, r):
    page.place = "after"
    page.slots["end"].append("<plaintext>")
    return page.snippet_fails()


@snippet
def in_inner_html(page, r):
    """A script element that innerHTML makes does not run."""
    if page.form != "inline":
        return False
    page.place = "end"
    page.snippet_wraps.append(lambda made: '<div id="cho-emc"></div>\n<script>document.getElementById("cho-emc").innerHTML = '
                              + literal(made) + ";</script>")
    return page.snippet_fails()


@snippet
def only_on_a_sub_page(page, r):
    page.files["gioi-thieu/index.html"] = ("<!doctype html><html><head><title>Giới thiệu</title></head><body><h1>Giới thiệu</h1>"
                                           + sub_page_code(page) + "</body></html>")
    page.embed = None
    return page.snippet_fails("snippet-missing")


def sub_page_code(page):
    return "<script>" + embed.canonical(page.embed) + "</script>"


@snippet
def site_file_missing(page, r):
    """The page names a script of the site that is not there."""
    page.embed = None
    page.slots["head"].append('<script src="/js/khong-co-emc.js"></script>')
    return page.snippet_fails(static=["fail", "inconclusive"])


# Content-Security-Policy in a meta element.
def csp(name, policy, needs=lambda page: True):
    def plant(page, r):
        # Handlers of the page's lists would be stopped as well.
        if page.linkform == "select" or not needs(page):
            return False
        page.slots["head_top"].append(f'<meta http-equiv="Content-Security-Policy" content="{policy}">')
        return page.snippet_fails("csp-blocks")
    named(name, plant, mark=snippet)


csp("csp_self_only", "default-src 'self'")
csp("csp_no_inline", "script-src 'self' https://f-emc.ngsp.gov.vn", lambda p: p.form in ("inline", "library-tag", "next-data"))
csp("csp_no_host", "script-src 'self' 'unsafe-inline'")
csp("csp_other_host", "script-src 'self' 'unsafe-inline' https://emc.ngsp.gov.vn; img-src *; connect-src *")
csp("csp_script_none", "script-src 'none'; style-src * 'unsafe-inline'")
csp("csp_wrong_path", "script-src 'self' 'unsafe-inline' https://f-emc.ngsp.gov.vn/other/")
csp("csp_http_scheme_port", "script-src 'self' 'unsafe-inline' https://f-emc.ngsp.gov.vn:8443")
csp("csp_elem_overrides", "script-src * 'unsafe-inline'; script-src-elem 'self' 'unsafe-inline'")
csp("csp_hash_makes_inline_void", "script-src 'unsafe-inline' https://f-emc.ngsp.gov.vn 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    lambda p: p.form in ("inline", "library-tag", "next-data"))
csp("csp_nonce_makes_inline_void", "script-src 'unsafe-inline' https://f-emc.ngsp.gov.vn 'nonce-abc123'",
    lambda p: p.form in ("inline", "library-tag", "next-data"))


@snippet
def two_ids_declared_missing(page, r):
    """Two layouts merged: two ids of other sites, the declared one in neither."""
    if page.script not in ("canonical", "inside", "variables", "called"):
        return False
    second = "1" + other_id(page)
    page.embed = dataclasses.replace(
        page.embed, site_id=other_id(page), before_load=f"window._govaq.push(['setSiteId', '{second}']);")
    page.snippet_fails(sent=second, configured=True)
    page.truth["label_visible"] = True
    return True


@snippet
def only_guard_calls(page, r):
    """An application bundle that talks to a queue which nobody set up."""
    page.embed = None
    page.slots["end"].append("<script>window._govaq && window._govaq.push(['trackDVC', 'nop-ho-so', 'G01']);</script>")
    return page.snippet_fails("not-embedded")


@snippet
def library_only(page, r):
    page.embed = None
    page.slots["head"].append('<script async defer src="https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js"></script>')
    return page.snippet_fails()


@snippet
def after_click_only(page, r):
    if page.form == "library-tag":
        return False
    page.script_wraps.append(lambda js: "document.addEventListener('click', function () {\n" + js + "\n}, {once: true});")
    return page.snippet_fails(static=["fail", "inconclusive"])


@snippet
def after_consent_only(page, r):
    if page.form == "library-tag":
        return False
    page.script_wraps.append(lambda js: "if (localStorage.getItem('dong-y-cookie') === '1') {\n" + js + "\n}")
    return page.snippet_fails(static="inconclusive")


@snippet
def loader_by_integrity(page, r):
    if page.form != "library-tag":
        return False
    page.snippet_wraps.append(lambda made: made.replace("<script async defer", '<script crossorigin="anonymous" integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC" async defer'))
    return page.snippet_fails(static=["fail", "inconclusive"])
