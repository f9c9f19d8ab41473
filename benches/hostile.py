#!/usr/bin/env python3
"""Times pages that were made to be slow: each way at an eighth, a quarter, a half and the whole of a size.

  benches/hostile.py PROGRAM [WAY...] [--bytes 8388608] [--bar 10] [--all]

Prints CPU seconds (user and system, of the program and what it started) and the ratio between the last two sizes,
and ends with 1 when a way needs more than the bar at its full size. With --all other sizes are shown too.
"""
import argparse
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

SNIPPET = (
    "<script>var _govaq=window._govaq||[];_govaq.push(['trackPageView']);(function(){_govaq.push(['setTrackerUrl',"
    "'https://f-emc.ngsp.gov.vn/tracking']);_govaq.push(['setSiteId','205']);var d=document,g=d.createElement('script'),"
    "s=d.getElementsByTagName('script')[0];g.async=true;g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';"
    "s.parentNode.insertBefore(g,s)})()</script>"
)
LABEL = "<footer id=l class='a b c'>Đã kết nối EMC</footer>"


def page(body="", head=""):
    return f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>t</title>{head}{SNIPPET}</head><body>{body}{LABEL}</body></html>"


def fill(part, size):
    """Part, a text or a function of a number, so often that it has the size."""
    made, length, number = [], 0, 0
    while length < size:
        one = part(number) if callable(part) else part
        made.append(one)
        length += len(one)
        number += 1
    return "".join(made)


def style(text):
    return f"<style>{text}</style>"


COVERS = style(".w{position:absolute;inset:0;background:#fff}i.w{z-index:-1}")


def script(text):
    return f"<script>{text}</script>"


def halves(first, second):
    """Two attacks in one page, half of the bytes each."""
    return lambda n: (first(n // 2), second(n // 2))


def ruled(rule, element="<div class='a b c'>x</div>"):
    return lambda n: page(fill(element, n // 2), style(fill(rule, n // 2)))


def doubling(n):
    depth = max(4, n // 4000)
    names = "".join(f"--v{k}:var(--v{k - 1}) var(--v{k - 1});" for k in range(1, depth))
    return page("", style(f":root{{--v0:none none none;{names}}} #l{{display:var(--v{depth - 1})}}") + fill("<!-- -->", n))


WAYS = {
    # Markup.
    "attributes of one tag": lambda n: page(f"<div {fill(lambda k: f'a{k} ', n)}>x</div>"),
    "attributes of the body again": lambda n: page(fill(lambda k: f"<body a{k}>", n)),
    "one attribute": lambda n: page(f"<div title='{'x' * n}'>x</div>"),
    "nested div": lambda n: page(fill("<div>", n)),
    "nested, closed": lambda n: page(fill(fill("<div>", 20000) + fill("</div>", 24000), n)),
    "formatting <b><p>": lambda n: page(fill("<b><p>", n)),
    "formatting, other attributes": lambda n: page(fill(lambda k: f"<b a={k}><p>x</b>", n)),
    "adoption </b> in depth": lambda n: page(fill("<b><i><u><em><a><p></b>", n)),
    "links": lambda n: page(fill(lambda k: f"<a href=/p{k}>Tin {k}</a>", n)),
    "links to one place": lambda n: page(fill("<a href=//x.gov.vn>x</a>", n)),
    "links open": lambda n: page(fill(lambda k: f"<a href=/p{k}>", n)),
    "base": lambda n: page("", fill(lambda k: f"<base href=/b{k}>", n)),
    "tables open": lambda n: page(fill("<table><td>", n)),
    "foster parents": lambda n: page(fill("<table>x<b>", n)),
    "tables, text outside": lambda n: page("<table>" + fill("x<i>y</i>", n)),
    "select": lambda n: page("<select>" + fill(lambda k: f"<option value=https://s{k}.gov.vn/>x", n) + "</select>"),
    "select with handler": lambda n: page("<select onchange='location=this.value'>" + fill(lambda k: f"<option value=https://s{k}.gov.vn/>x", n) + "</select>"),
    "many selects": lambda n: page(fill("<select onchange='location=this.value'><option value=https://a.gov.vn/>x</select>", n)),
    "selectedcontent": lambda n: page("<select><button><selectedcontent></selectedcontent></button>" + fill("<option selected>x<b>y</b></option>", n)),
    "handlers": lambda n: page(fill(lambda k: f"<p onclick=\"location='https://s{k}.gov.vn/'\">x</p>", n)),
    "meta refresh": lambda n: page("", fill("<meta http-equiv=refresh content='9;url=/x'>", n)),
    "meta csp": lambda n: page("", fill(lambda k: f"<meta http-equiv=content-security-policy content=\"script-src 'unsafe-inline' *;img-src s{k}.vn\">", n)),
    "csp directives": lambda n: page("", f"<meta http-equiv=content-security-policy content=\"script-src 'unsafe-inline' {fill(lambda k: f'h{k}.gov.vn ', n)}\">"),
    "entities": lambda n: page(fill("&amp;&#x1EA5;&notin;", n)),
    "angle brackets": lambda n: page(fill("<", n)),
    "comments": lambda n: page(fill("<!--x-->", n)),
    "comment open": lambda n: page("<!--" + fill("--!", n)),
    "templates": lambda n: page(fill("<template>", n)),
    "noscript": lambda n: page("", fill("<noscript><img src=x></noscript>", n)),
    "svg": lambda n: page(fill("<svg><title>x", n)),
    "labels": lambda n: page(fill("<p>Đã kết nối EMC</p>", n)),
    "label text in pieces": lambda n: page(fill("<div>Đã kết <b>nối</b> EMC ", n)),
    "label halves": lambda n: page(fill("<span>Đã kết nối </span>", n)),
    "NUL": lambda n: page(fill("\0", n)),
    "marks": lambda n: page("a" + fill("\u0301\u0323", n // 2)),
    "iframes": lambda n: page(fill("<iframe srcdoc='<a>x</a>'></iframe>", n)),
    "titles": lambda n: page(fill("<svg><title>Đã kết nối EMC</title></svg>", n)),
    "images": lambda n: page(fill("<img alt='Đã kết nối EMC' src=x>", n)),
    "ids alike": lambda n: page(fill("<p id=l>x</p>", n)),
    "ids": lambda n: page(fill(lambda k: f"<p id=i{k}>x</p>", n)),
    "labels for": lambda n: page(fill("<details><summary>x</summary><a href=//x.gov.vn>x</a></details>", n)),
    "classes of one": lambda n: page(f"<div class='{fill(lambda k: f'c{k} ', n)}'><p>x</p></div>"),
    "queue named": lambda n: page(fill("_govaq ", n)),
    "queue named in comments": lambda n: page(fill("<!-- _govaq f-emc.ngsp.gov.vn -->", n)),
    # Style.
    "rules": ruled(".a{color:red}"),
    "rules that hide": ruled(".a{display:none}", "<a class='a b c' href=/x>x</a>"),
    "rules of many classes": lambda n: page(fill("<a class='a b c' href=/x>x</a>", n // 2), style(fill(lambda k: f".x{k},.a .y{k}{{display:none}}", n // 2))),
    "rules *": ruled("*{display:none}", "<a href=/x>x</a>"),
    "rules * *": ruled("* * *{display:none}", "<a href=/x>x</a>"),
    "rules :not": ruled(":not(.x){display:none}", "<a href=/x>x</a>"),
    "rules :is": lambda n: page(fill("<a href=/x>x</a>", n // 2), style(f":is({fill(lambda k: f'.x{k},', n // 2)}.a){{display:none}}")),
    "rules :has": ruled("div:has(.x .y){display:none}", "<div><a href=/x>x</a></div>"),
    "rules :nth": ruled(":nth-child(3n+1){display:none}", "<a href=/x>x</a>"),
    "rules ~": ruled("a ~ a ~ a{display:none}", "<a href=/x>x</a>"),
    "rules [attr*=]": ruled("[class*=xx]{display:none}", "<a class=xxx href=/x>x</a>"),
    "selector long": lambda n: page("", style(f"{fill('div ', n)}.a{{display:none}}")),
    "selector nested :is": lambda n: page("", style(fill(":is(", n) + "a")),
    "selector list": lambda n: page("", style(fill(lambda k: f".x{k},", n) + "#l{display:none}")),
    "media nested": lambda n: page("", style(fill("@media all{", n))),
    "supports": lambda n: page("", style(fill("@supports (display:grid){#l{color:red}}", n))),
    "supports nested": lambda n: page("", style("@supports " + fill("(not ", n))),
    "rules nested": lambda n: page("", style(fill(".a{", n))),
    "rules nested &": lambda n: page(LABEL, style(fill(".a,.b{&.c,&.d{&.a,&.b{&.c,&.d{&.a,&.b{display:none}}}}}", n))),
    "layers": lambda n: page("", style(fill(lambda k: f"@layer l{k}{{#l{{display:none}}}}", n))),
    "var doubled": doubling,
    "var many": lambda n: page("", style(f":root{{{fill(lambda k: f'--v{k}:none;', n)}}} #l{{display:var(--v1)}}")),
    "var on many": lambda n: page(fill("<a class=a href=/x>x</a>", n // 2), style(f":root{{{fill(lambda k: f'--v{k}:none;', n // 2)}}} .a{{display:var(--v1)}}")),
    "calc": lambda n: page("", style(f"#l{{width:{fill('calc(1px + ', n)}")),
    "import": lambda n: page("", style(fill(lambda k: f"@import url(s{k}.css);", n))),
    "stylesheets": lambda n: page("", fill(lambda k: f"<link rel=stylesheet href=s{k}.css>", n)),
    "style elements": lambda n: page("", fill("<style>.a{display:none}</style>", n)),
    "inline styles": lambda n: page(fill("<a style='display:none;opacity:0' href=/x>x</a>", n)),
    "css braces": lambda n: page("", style(fill("{[(", n))),
    "css comments": lambda n: page("", style(fill("/**/", n))),
    "css escapes": lambda n: page("", style(fill("\\31 ", n))),
    "links under boxes": lambda n: page("<div class=w>" + fill("<div><i class=w></i>", 20_000) + fill("<a href=//cha.gov.vn/>x</a>", min(n // 2, 1_000_000)), COVERS),
    "links under placed boxes": lambda n: page(fill("<div class=w><i class=w></i>", 28_000) + fill("<a href=//cha.gov.vn/>x</a>", min(n // 2, 1_000_000)), COVERS),
    "covers of links": lambda n: page("<div class=w>" + fill("<i class=w></i>", n // 2) + fill("<a href=//cha.gov.vn/>x</a>", n // 2), COVERS),
    "deep rules": lambda n: page(fill("<div class=a>", 11000) + fill("<a href=/x>x</a>", n // 2), style(fill(".a .a .a .a .b a{display:none}", n // 2))),
    # Script.
    "scripts": lambda n: page("", fill("<script></script>", n)),
    "scripts with words": lambda n: page("", fill(lambda k: f"<script>var a{k}=1</script>", n)),
    "scripts of files": lambda n: page("", fill(lambda k: f"<script src=s{k}.js></script>", n)),
    "scripts of hosts": lambda n: page("", fill(lambda k: f"<script src=//h{k}.vn/s.js></script>", n)),
    "scripts with the queue": lambda n: page("", fill("<script>_govaq.push(['a'])</script>", n)),
    "one script": lambda n: page("", script(fill(lambda k: f"function f{k}(a){{return a+{k}}}\n", n))),
    "one script with the queue": lambda n: page("", script(fill(lambda k: f"_govaq.push(['a{k}','{k}']);\n", n))),
    "parentheses": lambda n: page("", script("var _govaq=" + fill("(", n))),
    "brackets": lambda n: page("", script("var _govaq=" + fill("[", n // 2) + fill("]", n // 2))),
    "braces": lambda n: page("", script("_govaq;" + fill("{", n // 2) + fill("}", n // 2))),
    "templates nested": lambda n: page("", script("_govaq=" + fill("`${", n // 2))),
    "arrows": lambda n: page("", script("_govaq=" + fill("a=>", n) + "1")),
    "arrows in parentheses": lambda n: page("", script("_govaq=" + fill("(a=", n))),
    "minus": lambda n: page("", script("_govaq=" + fill("- ", n) + "1")),
    "plus": lambda n: page("", script("_govaq=" + fill("'a'+", n) + "'b'")),
    "plus of variables": lambda n: page("", script("var a='x',_govaq=" + fill("a+", n) + "a")),
    "string doubled": lambda n: page("", script("var s='xx';" + fill("s=s+s;", n) + "_govaq.push([s])")),
    "array doubled": lambda n: page("", script("var s=[1];" + fill("s=s.concat(s);", n) + "_govaq.push(s)")),
    "array literal": lambda n: page("", script("var _govaq=[" + fill("['a','b'],", n) + "]")),
    "object literal": lambda n: page("", script("var _govaq={" + fill(lambda k: f"a{k}:1,", n) + "}")),
    "member chain": lambda n: page("", script("_govaq" + fill(".a", n))),
    "call chain": lambda n: page("", script("_govaq" + fill(".push(1)", n))),
    "else if": lambda n: page("", script("_govaq=[];" + fill("if(a){}else ", n) + "{}")),
    "ternary": lambda n: page("", script("_govaq=" + fill("a?b:", n) + "c")),
    "if unknown": lambda n: page("", script("var _govaq=[];" + fill("if(window.q)_govaq.push(['a']);", n))),
    "functions calling two": lambda n: page("", script(fill(lambda k: f"function f{k}(){{f{k + 1}();f{k + 1}()}}", n) + "var _govaq=[];f0()")),
    "loops": lambda n: page("", script("var _govaq=[];" + fill("for(var i=0;i<1e9;i++)_govaq.push(i);", n))),
    "loops nested": lambda n: page("", script("var _govaq=[];" + fill("for(;;)", n) + "_govaq.push(1)")),
    "regular expressions": lambda n: page("", script("var _govaq=[];" + fill("/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!');", n))),
    "replace": lambda n: page("", script("var _govaq=[],s='" + "a" * (n // 2) + "';" + fill("s=s.replace(/a/g,'bb');", n // 2))),
    "split join": lambda n: page("", script("var _govaq=[],s='a,a';" + fill("s=s.split(',').join(s);", n))),
    "from char codes": lambda n: page("", script("_govaq=String.fromCharCode(" + fill("65,", n) + "65)")),
    "document.write": lambda n: page("", script(fill("document.write('<script>_govaq</scr'+'ipt>');", n))),
    "timers": lambda n: page("", script("var _govaq=[];" + fill("setTimeout(function(){_govaq.push(1)},0);", n))),
    "timers again": lambda n: page("", script("var _govaq=[];function f(){setTimeout(f,0);setTimeout(f,0)}f()" + fill(";f()", n))),
    "listeners": lambda n: page("", script("var _govaq=[];" + fill("addEventListener('load',function(){_govaq.push(1)});", n))),
    "elements inserted": lambda n: page("", script("var _govaq=[];" + fill("document.body.appendChild(document.createElement('script')).src='//f-emc.ngsp.gov.vn/a';", n))),
    "imports": lambda n: page("", f"<script type=module>{fill(lambda k: f'import a{k} from {chr(39)}./m{k}.js{chr(39)};', n)}_govaq</script>"),
    "syntax faults": lambda n: page("", fill("<script>_govaq=(</script>", n)),
    "html comments in script": lambda n: page("", "<script>" + fill("<!--<script>", n)),
    "json": lambda n: page("", "<script type=application/json>" + fill("[", n) + "</script>"),
    "one line comment": lambda n: page("", script("//" + "_govaq " * (n // 7))),
    "escaped queue": lambda n: page("", script(fill("window['\\x5fgovaq'].push(1);", n))),
    "string with the queue": lambda n: page("", script("var s='" + fill("_govaq ", n) + "'")),
    "eval": lambda n: page("", script("var _govaq=[];" + fill("eval('_govaq.push(1)');", n))),
    "closures": lambda n: page("", script("var _govaq=[];" + fill("(function(){", n // 2) + fill("})()", n // 2))),
    "labels of script": lambda n: page("", script("_govaq;" + fill(lambda k: f"l{k}:", n) + ";")),
    "try": lambda n: page("", script("_govaq=[];" + fill("try{_govaq.push(1)}catch(e){}", n))),
    "classes of script": lambda n: page("", script("_govaq=[];" + fill(lambda k: f"class A{k} extends (A{k - 1}||Object){{static a=_govaq.push(1)}}", n))),
    "spread": lambda n: page("", script("var a=[1,2],_govaq=[];" + fill("a=[...a,...a];", n) + "_govaq.push(...a)")),
    "destructuring": lambda n: page("", script("var _govaq=[];var " + fill("[", n // 2) + "a" + fill("]", n // 2) + "=_govaq")),
    # Text.
    "empty lines": lambda n: page(fill("\n", n)),
    "carriage returns": lambda n: page(fill("\r", n)),
    "words": lambda n: page(fill("Đã kết nối ", n)),
}


def run(program, way, size, folder):
    text = WAYS[way](size)
    site = pathlib.Path(folder) / "site"
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text(text, encoding="utf-8", newline="")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [program, "check", str(site), "--url", "https://a.gov.vn/", "--role", "component", "--parent", "https://cha.gov.vn/",
               "--browser", "never", "-q", "--report", f"json={folder}/report.json"]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=120, cwd=folder, env={"PATH": os.environ["PATH"], "LANG": "en_US.UTF-8"})
        code = ended.returncode
    except subprocess.TimeoutExpired:
        code = "time"
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, code


def main():
    wanted = argparse.ArgumentParser()
    wanted.add_argument("program")
    wanted.add_argument("ways", nargs="*")
    wanted.add_argument("--bytes", type=int, default=8_300_000)
    wanted.add_argument("--bar", type=float, default=10)
    wanted.add_argument("--parts", default="8,4,2,1")
    asked = wanted.parse_args()
    program = str(pathlib.Path(asked.program).resolve())
    slow, parts = [], [int(part) for part in asked.parts.split(",")]
    with tempfile.TemporaryDirectory() as folder:
        for way in asked.ways or WAYS:
            # From the smallest on: what is slow already is not tried larger.
            seconds, code = [], 0
            for part in parts:
                used, code = run(program, way, asked.bytes // part - 2_000, folder)
                seconds.append(used)
                if used > 2 * asked.bar or code not in (0, 1, 3):
                    break
            ratio = seconds[-1] / max(seconds[-2], 0.001) if len(seconds) > 1 else 0
            mark = ""
            if seconds[-1] > asked.bar or code not in (0, 1, 3):
                mark = f"  SLOW ({code})" if code in (0, 1, 3) else f"  ENDED {code}"
                slow.append(way)
            print(f"{way:32}" + "".join(f"{s:8.2f}" for s in seconds) + "        " * (len(parts) - len(seconds)) + f"   x{ratio:.1f} exit {code}{mark}", flush=True)
    print(f"{len(slow)} of {len(asked.ways or WAYS)} beyond {asked.bar} CPU s: {', '.join(slow) or 'none'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
