"""Harmless changes of the page as a whole: another writing, another encoding, other company."""

import re

import layouts
import markup
from operators import harmless


def text_change(f):
    """A harmless change of the finished text."""
    def plant(page, r):
        page.texts.append(lambda text: f(text))
        return True
    plant.__name__ = f.__name__
    plant.__doc__ = f.__doc__
    return harmless()(plant)


@harmless()
def crlf(page, r):
    page.newline = "\r\n"
    return True


@harmless()
def windows_1258(page, r):
    if page.encoding != "utf-8":
        return False
    page.encoding = "windows-1258"
    page.charset_said = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
    return True


@harmless()
def utf_16_little_endian(page, r):
    if page.encoding != "utf-8" or page.form == "site-file":
        return False
    page.encoding = "utf-16le"
    page.charset_said = ""
    return True


@harmless()
def utf_16_big_endian(page, r):
    if page.encoding != "utf-8" or page.form == "site-file":
        return False
    page.encoding = "utf-16be"
    page.charset_said = ""
    return True


@harmless()
def byte_order_mark(page, r):
    if page.encoding != "utf-8":
        return False
    page.bom = True
    return True


@text_change
def minified_page(text):
    """White space between tags taken out, as an optimiser of pages does."""
    return markup.rewrite(text, text=lambda t: re.sub(r"\s+", " ", t) if t.strip() else "", comment=lambda c: "")


@text_change
def pretty_printed(text):
    """Each block on its own line, indented."""
    blocks = re.compile(r"<(div|ul|li|table|tr|td|header|footer|nav|main|section|article|aside)\b", re.I)
    return markup.rewrite(text, tag=lambda t: "\n    " + t if blocks.match(t) else t)


@text_change
def upper_case_tags(text):
    return markup.rewrite(text, tag=lambda t: markup.change_tag(t, name=str.upper, attribute=lambda n, v: n.upper() if v is None else f"{n.upper()}={v}"))


@text_change
def single_quoted_attributes(text):
    def write(name, value):
        if value and value[0] == '"' and "'" not in value:
            return f"{name}='{value[1:-1]}'"
        return name if value is None else f"{name}={value}"
    return markup.rewrite(text, tag=lambda t: markup.change_tag(t, attribute=write))


@text_change
def unquoted_attributes(text):
    def write(name, value):
        if value and value[0] in "\"'" and re.fullmatch(r"[^\s\"'=<>`]+", value[1:-1]) and not value.endswith('/"'):
            return f"{name}={value[1:-1]}"
        return name if value is None else f"{name}={value}"
    return markup.rewrite(text, tag=lambda t: markup.change_tag(t, attribute=write))


@text_change
def spaces_in_tags(text):
    """White space around the equals sign and before the end of a tag."""
    def write(name, value):
        return name if value is None else f"{name} = {value}"
    return markup.rewrite(text, tag=lambda t: markup.change_tag(t, attribute=write))


@text_change
def optional_tags_omitted(text):
    """End tags that the HTML standard lets out."""
    gone = re.compile(r"</(li|p|tr|td|option|body|html)\s*>", re.I)
    return markup.rewrite(text, tag=lambda t: "" if gone.fullmatch(t) else t)


@text_change
def comments_added(text):
    n = 0

    def write(tag):
        nonlocal n
        n += 1
        return tag + f"<!-- khối {n} -->" if n % 12 == 0 and tag.lower().startswith(("<div", "</div", "<li")) else tag
    return markup.rewrite(text, tag=write)


@text_change
def attributes_added(text):
    """Attributes that frameworks leave behind."""
    n = 0

    def write(tag):
        nonlocal n
        n += 1
        return re.sub(r"^<(div|li|a|section|article|span)\b", rf'<\1 data-v-7ba5bd90 data-id="{n}" itemprop="k{n}"', tag, count=1)
    return markup.rewrite(text, tag=write)


@text_change
def letters_as_references(text):
    """Vietnamese letters as character references, as old editors write them."""
    return markup.rewrite(text, text=lambda t: "".join(c if ord(c) < 128 else f"&#{ord(c)};" for c in t))


@text_change
def decomposed_letters(text):
    """Vietnamese letters as their marks are typed on some machines (NFD)."""
    import unicodedata
    return markup.rewrite(text, text=lambda t: unicodedata.normalize("NFD", t))


@harmless()
def other_layout(page, r):
    """The same site after a move to another publishing system."""
    choice = r.choice([name for name in layouts.LAYOUTS if name not in (page.layout, "plain", "webforms")])
    page.layout = choice
    page.doctype = "<!DOCTYPE html>"
    for path in list(page.files):
        if path.endswith(".css"):
            del page.files[path]
    page.template = layouts.LAYOUTS[choice](page, r)
    return True


@harmless()
def whole_page_in_main(page, r):
    page.slots["top"].append('<main id="app" class="app">')
    return True


@harmless()
def body_attributes(page, r):
    page.body_attrs += ' class="home page-template vi" id="trang-chu" data-spy="scroll" onload="void 0"'
    return True


@harmless()
def google_analytics(page, r):
    page.slots["head"].append("""<script async src="https://www.google-analytics.com/analytics.js"></script>
<script>window.dataLayer = window.dataLayer || []; function gtag() { dataLayer.push(arguments); } gtag('js', new Date()); gtag('config', 'UA-12345-1');</script>""")
    return True


@harmless()
def matomo_of_its_own(page, r):
    """Another Matomo with its own queue, id and host."""
    page.slots["head"].append("""<script>
var _paq = window._paq = window._paq || []; _paq.push(['trackPageView']); _paq.push(['enableLinkTracking']);
(function () { var u = '//thongke.example.org/'; _paq.push(['setTrackerUrl', u + 'matomo.php']); _paq.push(['setSiteId', '7']);
var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0]; g.async = true; g.src = u + 'matomo.js'; s.parentNode.insertBefore(g, s); })();
</script>""")
    return True


@harmless()
def names_in_foreign_code(page, r):
    page.slots["end"].append("<script>var URL_govAquLaw_save = '/luu-van-ban'; var lop = 'govaq-au'; var cauHinh = {mayChu: 'f-emc.ngsp.gov.vn', bat: false};</script>")
    return True


@harmless()
def counter_script_of_the_site(page, r):
    page.files["js/dem-truy-cap.js"] = "var soLuot = 1; function tang() { soLuot += 1; return soLuot; } tang();\n"
    page.slots["end"].append('<script src="/js/dem-truy-cap.js"></script>')
    return True


@harmless()
def broken_script_elsewhere(page, r):
    """A script of its own that does not parse stops nothing but itself."""
    page.slots["end"].append("<script>function mo( { </script>")
    return True


@harmless()
def throwing_script_elsewhere(page, r):
    page.slots["end"].append("<script>khongCoHamNay();</script>")
    return True


@harmless()
def csp_that_allows(page, r):
    page.slots["head_top"].append(
        '<meta http-equiv="Content-Security-Policy" content="script-src * \'unsafe-inline\'; style-src * \'unsafe-inline\'; '
        'img-src * data:; connect-src *; frame-src *">')
    return True


@harmless()
def csp_that_names_the_host(page, r):
    page.slots["head_top"].append(
        '<meta http-equiv="Content-Security-Policy" content="script-src \'self\' \'unsafe-inline\' f-emc.ngsp.gov.vn; '
        'img-src \'self\' https://*.ngsp.gov.vn; connect-src \'self\' https://f-emc.ngsp.gov.vn">')
    return True
