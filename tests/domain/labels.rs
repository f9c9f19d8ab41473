//! The label: the library's own, which only a browser sees, and the page's; what hides either, and what does not.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LOADER, code, connected, page, page_with, snippet, styled};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-label", name, html)
}

/// The canonical page with markup before the snippet.
fn with(name: &str, body: &str) -> Case {
    row(name, connected(body))
}

#[test]
fn the_snippet_comes_first() {
    let empty = page(&format!("<footer>Đã kết nối EMC</footer>{}", snippet("")));
    run("labels and the state of the snippet", &[
        row("neither snippet nor label", page("")).fails("not-connected"),
        row("own text without the snippet", page("<footer>Đã kết nối EMC</footer>")).fails("label-without-connection").line(11).exit(1),
        row("own text with an empty id", empty).fails("label-without-connection"),
        row("pasted markup without the snippet", page("<div class=\"yhy-append-wrap\"><div id=\"yhy-append\" class=\"yhy-append\"><a id=\"btnEMC\" \
            class=\"yhy-append-btn yhy-btn-emc\" href=\"javascript:void(0)\"><span class=\"yhy-append-icon\"><img alt=\"EMC\"></span>\
            <span class=\"yhy-append-txt\">Đã kết nối EMC</span></a></div></div>")).fails("label-without-connection"),
        row("a hidden text claims nothing", page("<p hidden>Đã kết nối EMC</p>")).fails("not-connected"),
        row("a snippet in a comment with a forced label", page(&format!("<!-- {} --><span>Đã kết nối EMC</span>", snippet("1")))).fails("label-without-connection"),
        row("a snippet in doubt leaves the label in doubt", page(&format!("<footer>Đã kết nối EMC</footer><script type=\"litespeed/javascript\">{}</script>", code("205")))).open("needs-browser"),
        row("a missing file of the site leaves both open", page("<footer>Đã kết nối EMC</footer><script src=/emc.js></script>")).open("not-found"),
        row("an empty file", "").open("empty"),
        row("nothing hides what the library adds", connected("")).open("not-requested").exit(0),
        row("the same counts under --strict", connected("")).with("--strict").open("not-requested").exit(3),
        row("no browser although one is required", connected("")).with("--browser require").open("no-browser").exit(3),
        row("an http page", connected("").replace("https:", "http:")).with("--url http://a.gov.vn/").open("not-requested"),
    ]);
}

#[test]
fn own_labels() {
    run(
        "the page's own label, the snippet right",
        &[
            with("text in the footer", "<footer><span>Đã kết nối EMC</span></footer>").line(11).exit(0),
            with("in other letters and spaces", "<footer>\n  ĐÃ   KẾT NỐI\n EMC </footer>"),
            with("in decomposed letters", "<footer>Đa\u{303} kê\u{301}t nô\u{301}i EMC</footer>"),
            with("with entities", "<footer>&#272;&atilde; k&#7871;t n&#7889;i EMC</footer>"),
            with("with a no-break space", "<footer>Đã kết nối&nbsp;EMC</footer>"),
            with("in parts", "<footer><span>Đã <b>kết nối</b> <i>EMC</i></span></footer>"),
            with("the longer wording", "<footer>Đã kết nối với Hệ thống EMC</footer>"),
            with("an image with alt", "<footer><img src=/emc.png alt=\"Đã kết nối EMC\"></footer>"),
            with("an image with title", "<footer><img src=/emc.png title=\"Đã kết nối EMC\"></footer>"),
            with(
                "an image with aria-label in a link",
                "<footer><a href=\"#\"><img src=/e.png aria-label=\"Đã kết nối EMC\"></a></footer>",
            ),
            with(
                "an svg with title",
                "<footer><svg width=90 height=20><title>Đã kết nối EMC</title><rect width=90 height=20 /></svg></footer>",
            ),
            with(
                "beside a hidden injected one",
                "<style>.yhy-append-wrap{display:none!important}</style><footer>Đã kết nối EMC</footer>",
            )
            .note("injected-label-hidden"),
            with("without marks", "<footer>Da ket noi EMC</footer>").open("not-requested"),
            with("with other marks", "<footer>Đã kêt nôi EMC</footer>").open("not-requested"),
            with(
                "in a long paragraph",
                &format!("<p>{} Đã kết nối EMC từ năm nay.</p>", "Cổng thông tin điện tử của tỉnh ".repeat(4)),
            )
            .open("not-requested"),
            with("denied", "<footer>Chưa kết nối EMC</footer>").open("not-requested"),
            with("in a script's string only", "<script>var label='Đã kết nối EMC';</script>").open("not-requested"),
            with("in a comment", "<!-- Đã kết nối EMC -->").open("not-requested"),
            with("in a template", "<template><p>Đã kết nối EMC</p></template>").open("not-requested"),
            with("in noscript", "<noscript>Đã kết nối EMC</noscript>").open("not-requested"),
            with("in the page's title only", "").replace_title("Đã kết nối EMC").open("not-requested"),
            with("in a meta description", "<meta name=description content=\"Đã kết nối EMC\">").open("not-requested"),
            with("in CSS only", "<style>footer::after{content:'Đã kết nối EMC'}</style><footer></footer>")
                .open("not-requested"),
            with("in a hidden field", "<input type=hidden value=\"Đã kết nối EMC\">").open("not-requested"),
            with("in alt of a hidden image", "<img style=\"display:none\" src=/e.png alt=\"Đã kết nối EMC\">")
                .open("not-requested"),
            with("in an image of no size", "<img width=0 height=0 src=/e.png alt=\"Đã kết nối EMC\">")
                .open("not-requested"),
        ],
    );
}

#[test]
fn own_labels_that_nobody_sees() {
    let label = "<span class=\"emc\">Đã kết nối EMC</span>";
    let hidden = |name: &str, css: &str| {
        with(name, &format!("<style>{css}</style><footer>{label}</footer>")).open("not-requested")
    };
    let shown = |name: &str, css: &str| with(name, &format!("<style>{css}</style><footer>{label}</footer>"));
    let inside =
        |name: &str, open: &str, close: &str| with(name, &format!("{open}{label}{close}")).open("not-requested");
    run("own labels and visibility", &[
        hidden("display none", ".emc{display:none}"),
        hidden("display none on what holds it", "footer{display:none}"),
        hidden("visibility hidden", ".emc{visibility:hidden}"),
        hidden("opacity nought", ".emc{opacity:0}"),
        hidden("off the screen", ".emc{position:absolute;left:-9999px}"),
        hidden("clipped", ".emc{position:absolute;clip:rect(0,0,0,0)}"),
        hidden("indented away", ".emc{display:block;text-indent:-9999px;overflow:hidden}"),
        shown("indented away with a picture in its place", ".emc{display:block;text-indent:-9999px;background:url(/emc.png)}"),
        shown("an indent in a line", ".emc{text-indent:-9999px}"),
        hidden("clip-path", ".emc{clip-path:inset(50%)}"),
        hidden("no size", ".emc{display:block;width:0;height:0;overflow:hidden}"),
        hidden("font-size nought", ".emc{font-size:0}"),
        hidden("transparent text", ".emc{color:transparent}"),
        hidden("white on white", "footer{background:#fff}.emc{color:#ffffff}"),
        hidden("the screen-reader class", ".emc{position:absolute;width:1px;height:1px;padding:0;margin:-1px;overflow:hidden;clip:rect(0 0 0 0);white-space:nowrap;border:0}"),
        hidden("only for print", ".emc{display:none}@media print{.emc{display:inline}}"),
        hidden("only on phones", "@media (min-width:768px){.emc{display:none}}"),
        hidden("by an imported sheet's layer that wins", "@layer a,b;@layer b{.emc{display:none}}@layer a{.emc{display:inline}}"),
        hidden("by a nested rule", "footer{& .emc{display:none}}"),
        hidden("by :has", "footer:has(.emc){display:none}"),
        shown("hidden only on phones", "@media (max-width:767px){.emc{display:none}}"),
        shown("hidden only for print", "@media print{.emc{display:none}}"),
        shown("a later rule shows it again", ".emc{display:none}.emc{display:inline}"),
        shown("a more specific rule shows it again", "footer .emc{display:inline}.emc{display:none}"),
        shown("visibility set back inside", "footer{visibility:hidden}.emc{visibility:visible}"),
        shown("a rule for another class", ".emc-old{display:none}"),
        shown("a rule in a comment", "/* .emc{display:none} */"),
        shown("a broken rule", ".emc{display:nonee}"),
        shown("dark but not equal colours", "footer{background:#fff}.emc{color:#333}"),
        inside("the hidden attribute", "<div hidden>", "</div>"),
        inside("an inline style", "<div style=\"display:none\">", "</div>"),
        inside("a closed details", "<details><summary>Khác</summary>", "</details>"),
        inside("a dialog", "<dialog>", "</dialog>"),
        inside("aria-hidden is seen all the same", "<div aria-hidden=true>", "</div>").expect_pass(),
        inside("an open details", "<details open><summary>Khác</summary>", "</details>").expect_pass(),
        with("Bootstrap 5 d-none", &format!("<link rel=stylesheet href=/bs.css><div class=\"d-none\">{label}</div>")).file("bs.css", ".d-none{display:none!important}").open("not-requested"),
        with("Bootstrap 5 visually-hidden", &format!("<link rel=stylesheet href=/bs.css><div class=\"visually-hidden\">{label}</div>"))
            .file("bs.css", ".visually-hidden{position:absolute!important;width:1px!important;height:1px!important;padding:0!important;margin:-1px!important;overflow:hidden!important;clip:rect(0,0,0,0)!important;white-space:nowrap!important;border:0!important}").open("not-requested"),
        with("d-none d-lg-block is shown on a desktop", &format!("<link rel=stylesheet href=/bs.css><div class=\"d-none d-lg-block\">{label}</div>"))
            .file("bs.css", ".d-none{display:none!important}@media (min-width:992px){.d-lg-block{display:block!important}}"),
        with("d-block d-lg-none is not", &format!("<link rel=stylesheet href=/bs.css><div class=\"d-block d-lg-none\">{label}</div>"))
            .file("bs.css", ".d-block{display:block!important}@media (min-width:992px){.d-lg-none{display:none!important}}").open("not-requested"),
        with("a print sheet", &format!("<link rel=stylesheet media=print href=/p.css>{label}")).file("p.css", ".emc{display:none}"),
        with("an alternate sheet", &format!("<link rel=\"alternate stylesheet\" title=x href=/p.css>{label}")).file("p.css", ".emc{display:none}"),
        with("a disabled sheet", &format!("<link rel=stylesheet disabled href=/p.css>{label}")).file("p.css", ".emc{display:none}"),
        with("an imported sheet", &format!("<style>@import url(/css/p.css);</style>{label}")).file("css/p.css", ".emc{display:none}").open("not-requested"),
        with("an imported sheet for print", &format!("<style>@import url(/css/p.css) print;</style>{label}")).file("css/p.css", ".emc{display:none}"),
        with("a tab panel", &format!("<style>.tab-content>.tab-pane{{display:none}}.tab-content>.active{{display:block}}</style><div class=tab-content><div class=\"tab-pane\">{label}</div></div>")).open("needs-browser"),
        with("the tab that is open", &format!("<style>.tab-content>.tab-pane{{display:none}}.tab-content>.active{{display:block}}</style><div class=tab-content><div class=\"tab-pane active\">{label}</div></div>")),
    ]);
}

#[test]
fn hiding_what_the_library_adds() {
    let css = |name: &str, css: &str| row(name, styled(css));
    run("styles and scripts against the injected label", &[
        css("the group selector seen in the field", "header, nav, footer, .yhy-append-wrap {display:none!important}").fails("label-hidden").line(6).exit(1),
        row("the same, minified in a linked sheet", page_with("<link rel=stylesheet href=\"/css/main.min.css\">", &snippet("205")))
            .file("css/main.min.css", "body{margin:0}.a,.b,.yhy-append-wrap,footer{display:none!important}").fails("label-hidden").line(1),
        row("in an imported sheet", page_with("<link rel=stylesheet href=\"/a.css\">", &snippet("205")))
            .file("a.css", "@import 'b/c.css';").file("b/c.css", "#yhy-append{display:none}").fails("label-hidden"),
        css("the button, which keeps its inline display", "#btnEMC{display:none}").open("not-requested"),
        css("the button, with !important", "#btnEMC{display:none!important}").fails("label-hidden"),
        css("the wrapper without !important", ".yhy-append-wrap{display:none}").fails("label-hidden"),
        css("a later rule shows it again", ".yhy-append-wrap{display:none}.yhy-append-wrap{display:block}").open("not-requested"),
        css("visibility", "#yhy-append{visibility:hidden}").fails("label-hidden"),
        css("opacity", ".yhy-append{opacity:0}").fails("label-hidden"),
        css("off the screen", ".yhy-append-wrap{position:fixed;left:-10000px}").fails("label-hidden"),
        css("an attribute selector", "[class*=yhy-append]{display:none!important}").fails("label-hidden"),
        css("the last element of body, which it need not be", "body>div:last-child{display:none}").open("needs-browser"),
        css("as a child of body, which it need not be", "body>.yhy-append-wrap{display:none!important}").open("needs-browser"),
        css("within the library's own markup", ".yhy-append-wrap>#yhy-append{display:none}").fails("label-hidden"),
        css("moved to a corner", ".yhy-append-wrap{position:fixed;right:10px;bottom:10px;z-index:99}").open("not-requested"),
        css("forced inline-block", "#btnEMC{display:inline-block!important}").open("not-requested"),
        css("only for print", "@media print{.yhy-append-wrap{display:none!important}}").open("not-requested"),
        css("only on phones", "@media (max-width:600px){.yhy-append-wrap{display:none!important}}").open("not-requested"),
        css("on screens as wide as a desktop", "@media screen and (min-width:1200px){.yhy-append-wrap{display:none!important}}").fails("label-hidden"),
        css("under a feature that is not known", "@supports (foo:bar(1)){.yhy-append-wrap{display:none!important}}").open_any(),
        css("only in the dark", "@media (prefers-color-scheme:dark){.yhy-append-wrap{display:none!important}}").open_any(),
        css("only the ministry's link", "#btnBTTTT{display:none!important}").open("not-requested"),
        css("in a comment", "/*.yhy-append-wrap{display:none!important}*/").open("not-requested"),
        css("another class that ends alike", ".yhy-append-wrapper{display:none!important}").open("not-requested"),
        css("after an unclosed brace of another rule", ".a{color:red .yhy-append-wrap{display:none!important}").open_any(),
        row("by a script on mount", page(&format!("{}<script>document.querySelector('#yhy-append').style.display='none'</script>", snippet("205")))).open("needs-browser"),
        row("by a script in a file", page(&format!("{}<script src=/a.js></script>", snippet("205"))))
            .file("a.js", "window.onload=function(){document.getElementById('btnEMC').remove()}").open("needs-browser"),
        row("by jQuery", page(&format!("<script src=\"https://code.jquery.com/jquery-3.7.1.min.js\"></script>{}<script>$('.yhy-append-wrap').hide();</script>", snippet("205")))).open("needs-browser"),
        row("a style made by a script", page(&format!("{}<script>var s=document.createElement('style');s.textContent='.yhy-append-wrap{{display:none}}';document.head.appendChild(s)</script>", snippet("205")))).open("needs-browser"),
        row("a sheet that could not be read", page_with("<link rel=stylesheet href=\"/css/none.css\">", &snippet("205"))).open_any(),
        row("a pasted copy that is hidden, the snippet right", page(&format!(
            "<div class=\"yhy-append-wrap\" style=\"display:none\"><span class=\"yhy-append-txt\">Đã kết nối EMC</span></div><script>window._govaq=[{CALLS},['setSiteId','1']];{LOADER}</script>"))).open("not-requested"),
    ]);
}
