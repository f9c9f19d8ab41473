"""Makes a site like a province's portal: pages of one size in Vietnamese with about two hundred links, the
monitoring snippet inline, scripts and a style sheet that all pages share. The same arguments give the same bytes.

    python3 benches/make_site.py FOLDER PAGES
"""

import pathlib
import random
import sys

PAGE = 60_000
WORDS = (
    "cổng thông tin điện tử ủy ban nhân dân tỉnh sở ban ngành huyện xã phường thủ tục hành chính dịch vụ công "
    "trực tuyến hồ sơ tiếp nhận giải quyết kết quả công dân doanh nghiệp văn bản chỉ đạo điều hành quy hoạch ngân "
    "sách đầu tư công khai kế hoạch phát triển kinh tế xã hội chuyển đổi số giám sát đo lường mức độ cung cấp sử "
    "dụng chính phủ nghị định thông tư quyết định hội nghị triển khai nhiệm vụ trọng tâm năm tháng quý báo cáo"
).split()
COMPONENTS = [f"so-{name}.tinh-mau.gov.vn" for name in ("noi-vu", "tai-chinh", "y-te", "giao-duc", "xay-dung")]
SNIPPET = """<script>
  var _govaq = window._govaq || [];
  _govaq.push(['trackPageView']);
  _govaq.push(['enableLinkTracking']);
  (function () {
    _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);
    _govaq.push(['setSiteId', '205']);
    var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
    g.type = 'text/javascript'; g.async = true; g.defer = true;
    g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';
    s.parentNode.insertBefore(g, s);
  })();
</script>"""


def words(rng, count):
    return " ".join(rng.choices(WORDS, k=count)).capitalize()


def address(number, pages):
    number %= pages
    return "/index.html" if number == 0 else f"/tin-tuc/{number // 500:02}/bai-{number:05}.html"


def item(rng, pages):
    text = words(rng, rng.randint(3, 9))
    kind = rng.random()
    if kind < 0.78:
        to = address(rng.randrange(pages), pages)
    elif kind < 0.88:
        to = f"https://{rng.choice(COMPONENTS)}/trang-chu?id={rng.randrange(900)}"
    elif kind < 0.96:
        to = f"https://www.bao-mau.vn/{rng.randrange(10**6)}.html"
    else:
        to = "#noi-dung"
    return f'<li class="item item-{rng.randrange(9)}"><a class="link" title="{text}" href="{to}">{text}</a></li>'


def page(number, pages):
    rng = random.Random(number)
    title = words(rng, 10)
    menu = "\n".join(
        f'<li class="has-sub"><a href="{address(group * 7, pages)}">{words(rng, 3)}</a>\n<ul class="sub">'
        + "\n".join(item(rng, pages) for _ in range(9))
        + "</ul></li>"
        for group in range(8)
    )
    aside = "\n".join(item(rng, pages) for _ in range(95))
    units = "\n".join(f'<li><a href="https://{host}/">{words(rng, 4)}</a></li>' for host in COMPONENTS)
    head = f"""<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="{words(rng, 30)}">
<title>{title} – Cổng thông tin điện tử</title>
<link rel="stylesheet" href="/assets/site.css">
<script src="/assets/library.min.js"></script>
<script src="/assets/menu.js" defer></script>
</head>
<body class="page page-{number}">
<header id="top"><div class="banner"><img src="/assets/banner.png" alt="Quốc huy"><h2>Tỉnh Mẫu</h2></div>
<nav class="menu"><ul>
{menu}
</ul></nav></header>
<main id="noi-dung"><article><h1>{title}</h1>
"""
    tail = f"""</article>
<aside class="news"><ul>
{aside}
</ul></aside></main>
<footer><ul class="units">
{units}
</ul><p>{words(rng, 40)}</p></footer>
<script src="/assets/site.js"></script>
{SNIPPET}
</body>
</html>
"""
    body, size = [], len(head.encode()) + len(tail.encode())
    while size < PAGE:
        link = f' <a href="{address(rng.randrange(pages), pages)}">{words(rng, 4)}</a>' if rng.random() < 0.35 else ""
        text = f'<p class="text"><span>{words(rng, 60)}</span>{link}. <em>{words(rng, 12)}</em>.</p>\n'
        body.append(text)
        size += len(text.encode())
    return head + "".join(body) + tail


def library():
    """A bundled library as every portal has one: 80 kB in long lines."""
    parts = [
        f'p.m{n}=function(e,t){{var r=this.n||[],i=0;if(!e)return t;for(;i<r.length;i++){{if(r[i].k==="m{n}"&&t[i]!==e)'
        f'{{r.push({{k:e.nodeName,v:t&&t.v||"x{n}",d:function(){{return e[t]+{n}}}}})}}}}return r.concat(t)}}'
        for n in range(380)
    ]
    return "!function(w){function L(e){return new L.fn.init(e)}var p=L.fn=L.prototype={};p.init=function(e){this.n=[e]};\n" + (
        ";\n".join(parts) + ";w.L=L}(window);\n"
    )


def script(name, blocks):
    """A page script as a vendor writes it."""
    parts = [
        f"""
/* {name} {n} */
function {name}{n}(root, options) {{
    var items = root ? root.querySelectorAll('.item-{n}') : [], open = false;
    for (var i = 0; i < items.length; i++) {{
        items[i].addEventListener('click', function (event) {{
            open = !open;
            event.currentTarget.className = open ? 'open' : 'closed';
        }});
    }}
    return {{ count: items.length, name: '{name}-{n}', speed: options && options.speed || {n * 10} }};
}}
document.addEventListener('DOMContentLoaded', function () {{ {name}{n}(document.getElementById('top'), {{ speed: {n} }}); }});
"""
        for n in range(blocks)
    ]
    return "".join(parts)


def style():
    rules = [
        f".menu .item-{n} > a.link:hover, #top ul.sub li:nth-child({n}) {{ color: #0{n % 10}4; padding: {n}px }}\n"
        f"@media (max-width: {600 + n}px) {{ .units li:nth-child({n}) {{ display: none }} }}\n"
        for n in range(300)
    ]
    return ".sub { display: none }\n.has-sub:hover .sub { display: block }\n" + "".join(rules)


def main(folder, pages):
    root = pathlib.Path(folder)
    (root / "assets").mkdir(parents=True)
    (root / "assets/library.min.js").write_text(library(), encoding="utf-8")
    (root / "assets/menu.js").write_text(script("menu", 8), encoding="utf-8")
    (root / "assets/site.js").write_text(script("site", 16), encoding="utf-8")
    (root / "assets/site.css").write_text(style(), encoding="utf-8")
    (root / "assets/banner.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    for number in range(pages):
        path = root / address(number, pages)[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(number, pages), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
