"""Planted faults of the label: what the library adds cannot be seen, or a label stands without the connection.

The library adds `div.yhy-append-wrap > div#yhy-append > a#btnEMC[style=display:flex]` at the end of body.
"""

import links
from operators import fault, named

label = fault("emc-label")
ALL_PARTS = ".yhy-append-wrap"
OPEN = ["fail", "inconclusive"]


def by_css(name, css, static="fail", place="style", browser=OPEN, markup=""):
    """A rule of the page's own style sheet that hides what the library adds.

    A browser with a stand-in may leave it open: the real library could put its label elsewhere.
    """
    def plant(page, r):
        if page.own_label:
            return False
        if place == "style":
            page.css.append(css)
        elif place == "body":
            page.slots["foot"].append(f"<style>{css}</style>")
        else:
            page.files["css/giao-dien.css"] = css if place == "file" else '@import url("nut.css");\nbody{margin:0}\n'
            if place == "import":
                page.files["css/nut.css"] = css
            page.slots["head"].append('<link rel="stylesheet" href="/css/giao-dien.css">')
        page.slots["foot"].append(markup)
        return page.label_fails(static, "label-hidden" if static == "fail" else None, browser)
    named(name, plant, mark=label)


TECHNIQUES = {
    "display": "display:none",
    "visibility": "visibility:hidden",
    "visibility-collapse": "visibility:collapse",
    "opacity": "opacity:0",
    "clip": "position:absolute;clip:rect(0 0 0 0)",
    "clip-path-inset": "clip-path:inset(50%)",
    "clip-path-circle": "clip-path:circle(0)",
    "left": "position:absolute;left:-9999px",
    "fixed-top": "position:fixed;top:-5000px;left:0",
    "translate": "transform:translateX(-10000px)",
    "scale": "transform:scale(0)",
    "scale-property": "scale:0",
    "filter": "filter:opacity(0)",
    "filter-percent": "filter:opacity(0%)",
    "size": "width:0;height:0;overflow:hidden",
    "max-height": "max-height:0;overflow:hidden",
    "content-visibility": "content-visibility:hidden",
}
for key, declarations in TECHNIQUES.items():
    by_css(f"label_{key}".replace("-", "_"), f"{ALL_PARTS}{{{declarations}}}")
# What depends on the inner markup's boxes is for a browser when it is not said from the bytes.
by_css("label_text_indent", "#btnEMC{text-indent:-9999px!important;overflow:hidden!important;width:40px}#btnEMC img{display:none}", OPEN)
by_css("label_font_size", ".yhy-append-wrap,.yhy-append-wrap *{font-size:0!important}.yhy-append-wrap img{display:none}", OPEN)
by_css("label_same_colour", ".yhy-append-wrap,.yhy-append-wrap *{color:#fff!important;background:#fff!important}.yhy-append-wrap img{display:none}", OPEN)
by_css("label_transparent", ".yhy-append-wrap,.yhy-append-wrap *{color:transparent!important}.yhy-append-wrap img{display:none}", OPEN)
by_css("label_margin", ".yhy-append-wrap{margin-left:-9999px;width:300px}", OPEN)
by_css("label_z_index", ".yhy-append-wrap{position:fixed;left:0;top:0;z-index:-1}html{background:#fff}body{min-height:3000px}body::before{content:'';position:fixed;inset:0;background:#fff;z-index:0}body>*{position:relative}", "inconclusive")
by_css("label_covered", ".yhy-append-wrap{position:fixed;left:0;bottom:0;width:200px;height:40px;z-index:5}.thanh-duoi{position:fixed;left:0;bottom:0;width:100%;height:120px;background:#a00;z-index:99}",
       "inconclusive", markup='<div class="thanh-duoi">&nbsp;</div>')
by_css("label_inner_display", "#btnEMC{display:none!important}")
by_css("label_inner_visibility", "#btnEMC{visibility:hidden}")
by_css("label_inner_opacity", "a.yhy-append-btn{opacity:0}")
by_css("label_text_part", ".yhy-append-txt,.yhy-append-icon{display:none}")
# Where the rule stands and how it wins.
by_css("label_group_selector", ".dau-trang,nav.phu,.popup-qc,.yhy-append-wrap{display:none!important}", "fail")
by_css("label_linked_sheet", ".yhy-append-wrap{display:none}", place="file")
by_css("label_linked_minified", "html{color:#222}.a{margin:0}.quang-cao,#yhy-append{display:none!important}.b{top:0}", place="file")
by_css("label_imported_sheet", "#yhy-append{display:none}", place="import")
by_css("label_style_in_body", ".yhy-append-wrap{visibility:hidden}", place="body")
by_css("label_media_wide", "@media screen and (min-width:1024px){.yhy-append-wrap{display:none}}")
by_css("label_media_range", "@media (800px <= width <= 2000px){.yhy-append-wrap{display:none}}")
by_css("label_media_not_print", "@media not print{.yhy-append-wrap{display:none}}")
by_css("label_media_nested", "@media screen{@media (min-width:600px){.yhy-append-wrap{display:none}}}")
by_css("label_supports", "@supports (display:grid){.yhy-append-wrap{display:none}}")
by_css("label_layer", "@layer nen{.yhy-append-wrap{display:none}}")
by_css("label_layer_important_order", "@layer mot,hai;@layer mot{.yhy-append-wrap{display:none!important}}@layer hai{.yhy-append-wrap{display:block!important}}")
by_css("label_nesting", "body{& .yhy-append-wrap{display:none}}")
by_css("label_has", "body:has(h1, h2, table) .yhy-append-wrap{display:none}", OPEN)
by_css("label_not", "div:not(.khong-co):not(#khong).yhy-append-wrap{display:none}")
by_css("label_is_where", ":is(.yhy-append-wrap,.khac){opacity:0}:where(.yhy-append-wrap){opacity:1}")
by_css("label_attribute_selector", '[class^="yhy-append-w"]{display:none}')
by_css("label_attribute_contains", '[class*="yhy"]{display:none!important}')
# Where in the body the library puts it is its own affair: the stand-in cannot say.
by_css("label_child_of_body", "body>.yhy-append-wrap{display:none}", "inconclusive")
by_css("label_later_wins", ".yhy-append-wrap{display:block}.yhy-append-wrap{display:none}")
by_css("label_specific_wins", "body div.yhy-append-wrap{display:none}.yhy-append-wrap{display:block}")
by_css("label_important_wins", ".yhy-append-wrap{display:none!important}html body div.yhy-append-wrap{display:block}")
by_css("label_custom_property", ":root{--an:none}.yhy-append-wrap{display:var(--an)}")
by_css("label_custom_fallback", ".yhy-append-wrap{display:var(--khong-khai-bao, none)}")
by_css("label_escaped_name", "#\\62 tnEMC{display:none!important}")
by_css("label_upper_case", ".yhy-append-wrap{DISPLAY:NONE!IMPORTANT}")
by_css("label_comment_inside", ".yhy-append-wrap{/* ẩn */display/**/:/**/none/**/}")
by_css("label_last_child", "body>div:last-child[class^=yhy]{display:none}", OPEN)
by_css("label_path_from_body", "body > div[class] > #yhy-append{display:none}", "inconclusive")


def by_script(name, js, static="inconclusive"):
    """A script of the page that hides what the library adds, whenever that comes."""
    def plant(page, r):
        if page.own_label:
            return False
        page.slots["end"].append(f"<script>\n{js}\n</script>")
        return page.label_fails(static, browser=OPEN)
    named(name, plant, mark=label)


by_script("label_hidden_by_timer", "setInterval(function () { var e = document.querySelector('#yhy-append'); if (e) e.style.display = 'none'; }, 50);")
by_script("label_hidden_by_observer", "new MutationObserver(function () { var e = document.querySelector('.yhy-append-wrap'); if (e) e.style.setProperty('display', 'none', 'important'); }).observe(document.documentElement, {childList: true, subtree: true});")
by_script("label_removed_by_script", "setInterval(function () { var e = document.getElementById('yhy-append'); if (e) e.remove(); }, 50);")
by_script("label_style_by_script", "var kieu = document.createElement('style'); kieu.textContent = '.yhy-append-wrap{display:none!important}'; document.head.appendChild(kieu);", OPEN)
by_script("label_style_written", "document.write('<style>.yhy-append-wrap{display:none!important}<\\/style>');", OPEN)
by_script("label_class_by_script", "document.addEventListener('DOMContentLoaded', function () { var k = document.createElement('link'); k.rel = 'stylesheet'; k.href = 'data:text/css,.yhy-append-wrap%7Bdisplay:none%7D'; document.head.appendChild(k); });", OPEN)


@label
def label_body_hidden_rule_with_own(page, r):
    """The site's own label is hidden too, with the library's."""
    if not page.own_label:
        return False
    page.label_wraps.append(lambda made: f'<div class="an-nhan">{made}</div>')
    page.css.append(".an-nhan,.yhy-append-wrap{display:none!important}")
    return page.label_fails("fail", "label-hidden")


@label
def label_inline_hidden_with_own(page, r):
    if not page.own_label:
        return False
    page.label_wraps.append(lambda made: f'<div style="display:none">{made}</div>')
    page.css.append("#yhy-append{visibility:hidden}")
    return page.label_fails("fail", "label-hidden")


def without_connection(page):
    page.snippet_fails("snippet-missing")
    page.says("emc-label", "fail", "fail", "label-without-connection")
    page.truth["label_visible"] = True
    return True


@label
def label_text_without_snippet(page, r):
    if not page.own_label:
        return False
    page.embed = None
    return without_connection(page)


@label
def label_image_without_snippet(page, r):
    page.embed = None
    page.own_label = '<img src="/images/emc.png" width="160" height="60" alt="Đã kết nối EMC">'
    page.files["images/emc.png"] = links.LOGO
    return without_connection(page)


@label
def label_pasted_markup_without_snippet(page, r):
    page.embed = None
    page.own_label = ('<div class="yhy-append-wrap"><div id="yhy-append" class="yhy-append"><a id="btnEMC" class="yhy-append-btn '
                      'yhy-btn-emc" href="javascript:void(0)" style="display:flex" title="TRUNG TÂM GIÁM SÁT QUỐC GIA VỀ CHÍNH PHỦ SỐ">'
                      '<span class="yhy-append-txt">Đã kết nối EMC</span></a></div></div>')
    return without_connection(page)


# A snippet that stands in a comment and a style that forces the label: seen on a real portal.
@label
def label_forced_snippet_in_comment(page, r):
    page.own_label = ('<div class="yhy-append-wrap"><div id="yhy-append"><a id="btnEMC" href="javascript:void(0)">'
                      '<span>Đã kết nối EMC</span></a></div></div>')
    page.css.append("#yhy-append{display:inline-block!important}")
    page.snippet_wraps.append(lambda made: f"<!-- {made} -->")
    if page.form == "next-data":
        page.form = "inline"
    page.snippet_fails("in-comment")
    page.says("emc-label", "fail", "fail", "label-without-connection")
    page.truth["label_visible"] = True
    return True


# Labels of the site's own that nobody sees, and a library's label that is hidden as well.
OWN = {
    "hidden_attribute": "<div hidden>{}</div>",
    "opacity": '<div style="opacity:0">{}</div>',
    "off_screen": '<div style="position:absolute;left:-9999px">{}</div>',
    "zero_size": '<div style="height:0;overflow:hidden">{}</div>',
    "closed_details": "<details><summary>Thông tin</summary>{}</details>",
    "template": "<template>{}</template>",
    "noscript": "<noscript>{}</noscript>",
    "comment": "<!-- {} -->",
    "script_string": "<script>var nhan = `{}`;</script>",
    "textarea_hidden": "<textarea hidden>{}</textarea>",
    "closed_dialog": "<dialog>{}</dialog>",
}
for key, form in OWN.items():
    def bury(page, r, form=form):
        if not page.own_label:
            return False
        page.label_wraps.append(form.format)
        page.css.append(".yhy-append-wrap{display:none!important}")
        return page.label_fails("fail", "label-hidden")
    named(f"own_label_in_{key}", bury, mark=label)

# Words that are no label: the library's is hidden, and these do not replace it.
WORDS = {
    "in_news": "<p>Sáng 12/3/2026, Sở đã báo cáo Ủy ban nhân dân tỉnh về việc các trang thông tin điện tử thành phần đã kết nối EMC "
               "và đang chờ đơn vị vận hành xác nhận số liệu của quý.</p>",
    "without_marks": "<p>Da ket noi EMC</p>",
    "negated": "<p>Chưa kết nối EMC</p>",
    "of_other_system": "<p>Đã kết nối NGSP</p>",
}
for key, text in WORDS.items():
    def say(page, r, text=text):
        if page.own_label:
            return False
        page.slots["foot"].append(text)
        page.css.append(".yhy-append-wrap{display:none!important}")
        return page.label_fails("fail", "label-hidden")
    named(f"label_words_{key}", say, mark=label)
