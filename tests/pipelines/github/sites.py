"""Writes the repository of a vendor: small sites that pass, fail, hold nothing, or wish the runner ill."""

import pathlib

PARENT = "https://tinh-a.gov.vn/"

SNIPPET = """  <script>
    var _govaq = window._govaq || [];
    _govaq.push(['trackPageView']);
    _govaq.push(['enableLinkTracking']);
    (function () {
      _govaq.push(['setTrackerUrl', 'https://f-emc.ngsp.gov.vn/tracking']);
      _govaq.push(['setSiteId', %s]);
      var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];
      g.type = 'text/javascript'; g.async = true; g.defer = true;
      g.src = 'https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';
      s.parentNode.insertBefore(g, s);
    })();
  </script>
"""

# What a page may hold to speak to the runner: at the beginning of lines, in the old form, over line ends.
HOSTILE = """`
::error::PWNED
::set-output name=verdict::passed
##[command]PWNED
::add-mask::PWNED
::stop-commands::PWNED
`"""


def page(site_id, title="Sở Nội vụ tỉnh A", snippet=True):
    return (
        f'<!doctype html>\n<html lang="vi">\n<head>\n  <meta charset="utf-8">\n  <title>{title}</title>\n</head>\n<body>\n'
        f'  <nav><a href="{PARENT}">Cổng thông tin điện tử tỉnh A</a></nav>\n'
        f"{SNIPPET % site_id if snippet else ''}</body>\n</html>\n"
    )


def entry(name, text):
    return f"  - id: {name}\n    role: component\n    parent: {PARENT}\n    url: https://{name}.tinh-a.gov.vn/\n{text}"


def write(folder):
    """The repository's files; returns nothing, the folder is the result."""
    folder = pathlib.Path(folder)

    def file(path, text):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")

    def sites(path, entries):
        file(path, "apiVersion: rasoat/v1\nsites:\n" + "".join(entries))

    file("good/index.html", page("'208'"))
    file("bad/index.html", page("''"))
    file("void/readme.txt", "nothing was built\n")
    file("hostile/index.html", page(HOSTILE, title="\n::error::PWNED\n##[error]PWNED"))
    sites("good.yml", [entry("good", "    source: good\n    emc_site_id: '208'\n")])
    sites("bad.yml", [entry("bad", "    source: bad\n    emc_site_id: '209'\n")])
    sites("gone.yml", [entry("gone", "").replace("https://gone.tinh-a.gov.vn/", "http://127.0.0.1:9/")])
    hostile = "    source: hostile\n    name: \"::error::PWNED\\n::error::PWNED ##[error]PWNED\"\n"
    sites("hostile.yml", [entry("hostile", hostile)])
    file("broken.yml", "apiVersion: rasoat/v1\nsites:\n::error::PWNED\n##[command]PWNED\n")
    many = [f"many{n:02}" for n in range(14)]
    for name in many:
        file(f"{name}/index.html", page("", snippet=False))
    sites("many.yml", [entry(name, f"    source: {name}\n") for name in many])
    # The documented workflows name this file.
    sites("sites.yml", [entry("good", "    source: good\n"), entry("second", "    source: good\n")])
