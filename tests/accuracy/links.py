"""The ways in which home pages write their links to the portal and to component sites."""

import html
import struct
import zlib


def picture(width=160, height=60):
    """A small opaque PNG with stripes, so that a person sees something."""
    rows = b"".join(
        b"\0" + b"".join(b"\xc0\x10\x20" if (x + y) // 8 % 2 else b"\xff\xe0\x60" for x in range(width)) for y in range(height))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


LOGO = picture()


def anchor(link, inner=None, attrs=""):
    return f'<a{attrs} href="{html.escape(link.href)}">{inner or html.escape(link.text)}</a>'


def plain_list(page):
    return '<ul class="lien-ket">\n' + "\n".join(f"<li>{anchor(x)}</li>" for x in page.links) + "\n</ul>"


def hover_menu(page):
    page.css.append(".cap-1 .cap-2{display:none;list-style:none}.cap-1:hover>.cap-2{display:block}")
    inner = "\n".join(f"<li>{anchor(x)}</li>" for x in page.links)
    return f'<ul class="trinh-don"><li class="cap-1"><a href="#">Các đơn vị</a><ul class="cap-2">\n{inner}\n</ul></li></ul>'


def select(page):
    inner = "\n".join(f'<option value="{html.escape(x.href)}">{html.escape(x.text)}</option>' for x in page.links)
    return ('<select name="lienket" onchange="if (this.value) window.open(this.value, \'_blank\');">\n'
            f'<option value="">-- Liên kết website --</option>\n{inner}\n</select>')


def image_map(page):
    page.files["images/ban-do.png"] = picture(320, 24 * max(1, len(page.links)))
    inner = "\n".join(
        f'<area shape="rect" coords="0,{24 * n},320,{24 * n + 23}" href="{html.escape(x.href)}" alt="{html.escape(x.text)}">'
        for n, x in enumerate(page.links))
    height = 24 * max(1, len(page.links))
    return (f'<img src="/images/ban-do.png" width="320" height="{height}" usemap="#bando" alt="Bản đồ liên kết">\n'
            f'<map name="bando">\n{inner}\n</map>')


def svg(page):
    inner = "\n".join(
        f'<a href="{html.escape(x.href)}"><rect x="0" y="{24 * n}" width="400" height="22" fill="#fd6"></rect>'
        f'<text x="8" y="{24 * n + 16}" font-size="14">{html.escape(x.text)}</text></a>' for n, x in enumerate(page.links))
    return f'<svg width="400" height="{24 * max(1, len(page.links))}" xmlns="http://www.w3.org/2000/svg">\n{inner}\n</svg>'


def images(page):
    page.files["images/logo.png"] = LOGO
    return "\n".join(
        anchor(x, f'<img src="/images/logo.png" width="160" height="60" alt="{html.escape(x.text)}">') for x in page.links)


def cards(page):
    return '<div class="don-vi">\n' + "\n".join(
        f'<div class="the">{anchor(x, "<strong>" + html.escape(x.text) + "</strong><br><small>Trang thông tin điện tử</small>")}</div>'
        for x in page.links) + "\n</div>"


def details(page):
    return f"<details><summary>Liên kết</summary>\n{plain_list(page)}\n</details>"


def table(page):
    return '<table border="0" class="lk">' + "".join(
        f"<tr><td>» {anchor(x, attrs=' target=_blank')}</td></tr>\n" for x in page.links) + "</table>"


FORMS = {f.__name__.replace("_", "-"): f for f in (
    plain_list, hover_menu, select, image_map, svg, images, cards, details, table)}


def draw(page):
    """The page's links in its form; nothing when it owes none."""
    return FORMS[page.linkform](page) if page.links else ""
