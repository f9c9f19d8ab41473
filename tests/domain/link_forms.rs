//! Forms of links: what a person can see and follow on the home page, and what only holds an address.
//! Judged by `portal-link` with one portal, so that a row is about the form alone.

use super::cases::{Case, case, run};
use super::pages::{page, page_with};

const PORTAL: &str = "https://tinh-a.gov.vn/";

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("portal-link", name, html)
        .with("--role component --parent https://tinh-a.gov.vn/ --url https://sogd.tinh-a.gov.vn/")
}

/// Markup in the body of the component's home page.
fn with(name: &str, body: &str) -> Case {
    row(name, page(body))
}

#[test]
fn elements() {
    run("elements that hold an address", &[
        with("a", &format!("<a href=\"{PORTAL}\">Cổng tỉnh A</a>")).line(11).no_note("deep-link"),
        with("a without quotes", "<a href=https://tinh-a.gov.vn>Cổng</a>"),
        with("a single quote, capitals, spaces and line breaks", "<A HREF='  \n https://TINH-A.gov.vn/ '>Cổng</A>"),
        with("a line break inside the address", "<a href=\"https://tinh-a\n.gov.vn/\">Cổng</a>"),
        with("entities in the address", "<a href=\"https&colon;//tinh-a.gov.vn&sol;\">Cổng</a>"),
        with("target and rel change nothing", &format!("<a href=\"{PORTAL}\" target=_blank rel=\"nofollow noopener\">Cổng</a>")),
        with("an image alone", &format!("<a href=\"{PORTAL}\"><img src=/logo.png alt=\"\"></a>")),
        with("a picture element", &format!("<a href=\"{PORTAL}\"><picture><source srcset=a.webp><img src=a.png></picture></a>")),
        with("an area of a used map", &format!("<img src=/b.png usemap=\"#m\" width=100 height=50><map name=m><area shape=rect coords=\"0,0,9,9\" href=\"{PORTAL}\"></map>")),
        with("an area of a map that no image uses", &format!("<map name=m><area shape=rect coords=\"0,0,9,9\" href=\"{PORTAL}\"></map>")).fails("link-hidden"),
        with("a in svg", &format!("<svg width=50 height=50><a href=\"{PORTAL}\"><text x=5 y=20>Cổng</text></a></svg>")),
        with("a in svg with xlink", &format!("<svg width=50 height=50><a xlink:href=\"{PORTAL}\"><text x=5 y=20>Cổng</text></a></svg>")),
        with("a around blocks", &format!("<a href=\"{PORTAL}\"><div><h3>Cổng</h3></div></a>")),
        with("in a frame's fall-back", &format!("<object data=x.swf><a href=\"{PORTAL}\">Cổng</a></object>")).fails_or_pass(),
        with("an empty a", &format!("<a href=\"{PORTAL}\"></a>")).fails("link-hidden"),
        with("#", "<a href=\"#\">Cổng tỉnh A</a>").fails("missing-link").exit(1),
        with("an empty address", "<a href=\"\">Cổng tỉnh A</a>").fails("missing-link"),
        with("no address", "<a name=cong>https://tinh-a.gov.vn/</a>").fails("missing-link"),
        with("an address as text", "<p>https://tinh-a.gov.vn/</p>").fails("missing-link"),
        with("an e-mail address", "<a href=\"mailto:ubnd@tinh-a.gov.vn\">Thư</a>").fails("missing-link"),
        with("a telephone number", "<a href=\"tel:0204\">Gọi</a>").fails("missing-link"),
        with("an image's src", "<img src=\"https://tinh-a.gov.vn/logo.png\" alt=\"Cổng\">").fails("missing-link"),
        row("link, canonical, og:url, preconnect, alternate", page_with(
            "<link rel=canonical href=\"https://tinh-a.gov.vn/\"><link rel=preconnect href=\"https://tinh-a.gov.vn/\">\
             <link rel=alternate href=\"https://tinh-a.gov.vn/rss\"><meta property=\"og:url\" content=\"https://tinh-a.gov.vn/\">", "")).fails("missing-link"),
        with("a form's action", "<form action=\"https://tinh-a.gov.vn/tim\"><button>Tìm</button></form>").fails("missing-link"),
        with("a frame", "<iframe src=\"https://tinh-a.gov.vn/\"></iframe>").fails("missing-link"),
        with("a data attribute", "<div data-href=\"https://tinh-a.gov.vn/\">Cổng</div>").fails("missing-link"),
        with("JSON-LD", "<script type=\"application/ld+json\">{\"@id\":\"https://tinh-a.gov.vn/\"}</script>").fails("missing-link"),
        with("a script's string", "<script>var portal='<a href=\"https://tinh-a.gov.vn/\">Cổng</a>';</script>").fails("missing-link"),
        with("a comment", &format!("<!-- <a href=\"{PORTAL}\">Cổng</a> -->")).fails("missing-link"),
        with("a conditional comment", &format!("<!--[if IE]><a href=\"{PORTAL}\">Cổng</a><![endif]-->")).fails("missing-link"),
        with("a template", &format!("<template><a href=\"{PORTAL}\">Cổng</a></template>")).fails("missing-link"),
        with("noscript", &format!("<noscript><a href=\"{PORTAL}\">Cổng</a></noscript>")).fails("missing-link"),
        with("a text area", &format!("<textarea><a href=\"{PORTAL}\">Cổng</a></textarea>")).fails("missing-link"),
        with("only on a sub page", "<a href=\"/lien-ket.html\">Liên kết</a>").file("lien-ket.html", format!("<html><body><a href=\"{PORTAL}\">Cổng</a></body></html>")).fails("missing-link"),
        with("only on a sub page, all pages asked for", "").file("lien-ket.html", format!("<html><body><a href=\"{PORTAL}\">Cổng</a></body></html>"))
            .with("--pages all").fails("missing-link"),
        row("in a frame of a frameset", "<html><head><title>Sở</title></head><frameset rows=\"20%,*\"><frame src=top.html><frame src=main.html></frameset></html>")
            .file("top.html", format!("<html><body><a href=\"{PORTAL}\">Cổng</a></body></html>")).fails("missing-link"),
        row("on the page that the index refreshes to", "<html><head><meta http-equiv=refresh content=\"0;url=trang-chu.html\"></head><body></body></html>")
            .file("trang-chu.html", page(&format!("<a href=\"{PORTAL}\">Cổng</a>"))),
        row("an empty file", "").open("empty"),
        row("an application shell", "<!doctype html><html><head><title>x</title></head><body><div id=root></div><script type=module src=\"https://cdn.example.org/a.js\"></script></body></html>").open("needs-browser"),
    ]);
}

#[test]
fn handlers_and_lists() {
    let select = |attributes: &str, after: &str| {
        format!(
            "<select {attributes}><option value=\"\">Liên kết website</option><option value=\"https://tinh-a.gov.vn/\">Cổng tỉnh</option></select>{after}"
        )
    };
    run("links by script and lists to choose from", &[
        with("a select with onchange", &select("onchange=\"location.href=this.value\"", "")).note("link-in-select"),
        with("a select that opens a window", &select("onchange=\"if(this.value)window.open(this.value,'_blank')\"", "")).note("link-in-select"),
        with("a select with a named function", &select("onchange=\"jumpMenu(this)\"", "<script>function jumpMenu(s){location=s.options[s.selectedIndex].value}</script>")).note("link-in-select"),
        with("a select with a button", &select("id=lk", "<button onclick=\"location=document.getElementById('lk').value\">Đi</button>")),
        with("a select without handler, no script on the page", &select("", "")).fails("link-hidden"),
        with("a select without handler, a script that may attach one", &select("id=lk", "<script src=\"https://cdn.example.org/a.js\"></script>")).open("needs-browser"),
        with("a select and an inline script that speaks of it", &select("id=lienket", "<script>document.getElementById('lienket').addEventListener('change',function(){location.href=this.value})</script>")).note("link-in-select"),
        with("options with relative values", "<select onchange=\"location=this.value\"><option value=\"/tinh-a.gov.vn\">Cổng</option></select>").fails("missing-link"),
        with("a disabled select", &select("disabled onchange=\"location=this.value\"", "")).fails("link-hidden"),
        with("a data list", "<input list=l><datalist id=l><option value=\"https://tinh-a.gov.vn/\"></datalist>").fails("missing-link"),
        with("onclick with an address", "<div onclick=\"window.open('https://tinh-a.gov.vn/')\">Cổng</div>").note("link-by-script"),
        with("onclick on a button", "<button onclick=\"location.href='https://tinh-a.gov.vn/'\">Cổng</button>").note("link-by-script"),
        with("a javascript: address", "<a href=\"javascript:window.open('https://tinh-a.gov.vn/')\">Cổng</a>").note("link-by-script"),
        with("a # with onclick", "<a href=\"#\" onclick=\"location='https://tinh-a.gov.vn/';return false\">Cổng</a>").note("link-by-script"),
        with("onclick that leads to an unknown place", "<div onclick=\"location.href=portalUrl\">Cổng</div>").open("needs-browser"),
        with("onclick that opens a menu", "<div onclick=\"toggleMenu(this)\">Cổng</div>").fails("missing-link"),
        with("onclick that searches the site", "<button onclick=\"location.href='/tim?q='+q.value\">Tìm</button>").fails_or_open(),
        with("javascript: of a function", "<a href=\"javascript:openPortal()\">Cổng</a>").open("needs-browser"),
        with("javascript:void(0)", "<a href=\"javascript:void(0)\">Cổng tỉnh A</a>").fails("missing-link"),
        with("onclick that leads to an unknown place", "<div onclick=\"location.href=portalUrl\">Cổng</div>").open("needs-browser"),
        with("a button that opens an unknown place", "<button onclick=\"window.open(urls.portal)\">Cổng</button>").open("needs-browser"),
        with("a hidden element with such an onclick", "<div hidden onclick=\"location.href=portalUrl\">Cổng</div>").fails_any(),
        with("onclick that stays on the page", "<div onclick=\"toggleMenu()\">Cổng</div>").fails("missing-link"),
        with("javascript: of a function", "<a href=\"javascript:openPortal()\">Cổng</a>").open("needs-browser"),
        with("ASP.NET postback", "<a href=\"javascript:__doPostBack('ctl00$lnk','')\">Cổng</a>").open("needs-browser"),
        with("onclick that only tells a statistic", "<a href=\"#\" onclick=\"ga('send','https://tinh-a.gov.vn/')\">Cổng</a>").fails_or_open(),
        with("onclick that only warns", "<p onclick=\"alert('https://tinh-a.gov.vn/')\">Cổng</p>").fails_or_open(),
    ]);
}

#[test]
fn links_that_nobody_sees() {
    let link = format!("<a class=p href=\"{PORTAL}\">Cổng thông tin điện tử tỉnh</a>");
    let hidden = |name: &str, css: &str| {
        row(name, page_with(&format!("<style>{css}</style>"), &format!("<footer>{link}</footer>"))).fails("link-hidden")
    };
    let shown = |name: &str, css: &str| {
        row(name, page_with(&format!("<style>{css}</style>"), &format!("<footer>{link}</footer>")))
    };
    let wrapped = |name: &str, css: &str, open: &str, close: &str| {
        row(name, page_with(&format!("<style>{css}</style>"), &format!("{open}{link}{close}")))
    };
    run(
        "links and visibility",
        &[
            hidden("display none", ".p{display:none}"),
            hidden("off the screen, as link sellers do", "footer{position:absolute;left:-5000px}"),
            hidden("opacity", ".p{opacity:0}"),
            hidden("no height", "footer{height:0;overflow:hidden}"),
            hidden("only on phones", "@media(min-width:992px){footer{display:none}}"),
            shown("hidden on phones only", "@media(max-width:991px){footer{display:none}}"),
            shown("shown again by a later rule", ".p{display:none}a.p{display:inline}"),
            shown("hidden in print", "@media print{a{display:none}}"),
            wrapped("hidden attribute", "", "<div hidden>", "</div>").fails("link-hidden"),
            wrapped("inline style", "", "<div style='display : none'>", "</div>").fails("link-hidden"),
            wrapped("a closed dialog", "", "<dialog>", "</dialog>").fails("link-hidden"),
            wrapped("a closed details", "", "<details><summary>Liên kết</summary>", "</details>")
                .note("link-in-details"),
            wrapped("an open details", "", "<details open><summary>Liên kết</summary>", "</details>")
                .no_note("link-in-details"),
            wrapped(
                "a menu that opens on hover",
                "nav ul ul{display:none}nav li:hover>ul{display:block}",
                "<nav><ul><li><a href=/lk>Liên kết</a><ul><li>",
                "</li></ul></li></ul></nav>",
            )
            .note("link-in-menu"),
            wrapped(
                "a menu that opens on focus",
                "nav ul ul{visibility:hidden}nav li:focus-within ul{visibility:visible}",
                "<nav><ul><li><a href=/lk>Liên kết</a><ul><li>",
                "</li></ul></li></ul></nav>",
            )
            .note("link-in-menu"),
            wrapped(
                "a mega menu by opacity",
                ".mega{opacity:0;visibility:hidden}.item:hover .mega{opacity:1;visibility:visible}",
                "<div class=item>Sở<div class=mega>",
                "</div></div>",
            )
            .note("link-in-menu"),
            wrapped(
                "a Bootstrap drop-down",
                ".dropdown-menu{display:none}.dropdown-menu.show{display:block}",
                "<div class=dropdown><button data-bs-toggle=dropdown>Liên kết</button><div class=dropdown-menu>",
                "</div></div><script src=\"https://cdn.example.org/bootstrap.bundle.min.js\"></script>",
            )
            .note("link-in-menu"),
            wrapped(
                "a Bootstrap collapse",
                ".collapse:not(.show){display:none}",
                "<button data-bs-toggle=collapse data-bs-target='#c'>Liên kết</button><div class=collapse id=c>",
                "</div><script src=\"https://cdn.example.org/bootstrap.bundle.min.js\"></script>",
            )
            .note("link-in-menu"),
            wrapped(
                "a check box menu",
                ".m{display:none}#t:checked~.m{display:block}",
                "<input type=checkbox id=t><label for=t>Menu</label><div class=m>",
                "</div>",
            )
            .note("link-in-menu"),
            wrapped(
                "a navbar that collapses on phones only",
                ".navbar-collapse{display:none}@media(min-width:992px){.navbar-collapse{display:flex!important}}",
                "<div class=navbar-collapse>",
                "</div>",
            )
            .no_note("link-in-menu"),
            wrapped(
                "a tab panel that is not open",
                ".tab-pane{display:none}.tab-pane.active{display:block}",
                "<div class=tab-pane id=lk>",
                "</div>",
            )
            .fails_or_open(),
            wrapped("aria-hidden is still seen", "", "<div aria-hidden=true>", "</div>"),
            row("hidden once, shown once", page(&format!("<div hidden>{link}</div><footer>{link}</footer>"))),
        ],
    );
}
