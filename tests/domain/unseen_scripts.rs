//! What bytes cannot tell: tag managers, application shells, optimisers, files that were not read, conditions.
//! Never a pass and never a fail for lack of evidence; an absent snippet beside other hosts' bundles fails with a note.

use super::cases::{Case, case, run};
use super::pages::{CALLS, LOADER, code, connected, in_script, page, page_with, script, snippet};

fn row(name: &str, html: impl Into<Vec<u8>>) -> Case {
    case("emc-snippet", name, html)
}

/// Code that was not read and may set any value.
const CONFIG: &str = "<script src=\"https://cdn.example.org/config.js\"></script>";
const GTM: &str = "<script>(function(w,d,s,l,i){w[l]=w[l]||[];w[l].push({'gtm.start':new Date().getTime(),event:'gtm.js'});\
    var f=d.getElementsByTagName(s)[0],j=d.createElement(s),dl=l!='dataLayer'?'&l='+l:'';j.async=true;\
    j.src='https://www.googletagmanager.com/gtm.js?id='+i+dl;f.parentNode.insertBefore(j,f);})(window,document,'script','dataLayer','GTM-ABC1234');</script>";

#[test]
fn injected_or_built_at_run_time() {
    let shell = |root: &str, script: &str| {
        format!(
            "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Cổng dịch vụ</title></head><body>{root}{script}</body></html>"
        )
    };
    run(
        "tag managers and application shells",
        &[
            row("Google Tag Manager only", page_with(GTM, "")).open("needs-browser").exit(3),
            row(
                "the tag manager by a plain tag",
                page("<script async src=\"https://www.googletagmanager.com/gtm.js?id=GTM-1\"></script>"),
            )
            .open("needs-browser"),
            row(
                "the tag manager's frame without its script",
                page(
                    "<noscript><iframe src=\"https://www.googletagmanager.com/ns.html?id=GTM-1\"></iframe></noscript>",
                ),
            )
            .fails("snippet-missing"),
            row("the tag manager in a comment", page(&format!("<!-- {GTM} -->"))).fails("snippet-missing"),
            row("the tag manager beside a right snippet", page_with(GTM, &snippet("205"))),
            row("the tag manager beside an empty id", page_with(GTM, &snippet(""))).fails("site-id-empty"),
            row(
                "React",
                shell(
                    "<noscript>You need to enable JavaScript to run this app.</noscript><div id=\"root\"></div>",
                    "<script src=\"https://cdn.example.org/static/js/main.js\"></script>",
                ),
            )
            .open("needs-browser"),
            row(
                "Angular",
                shell(
                    "<app-root></app-root>",
                    "<script src=\"https://cdn.example.org/runtime.js\" type=module></script>",
                ),
            )
            .open("needs-browser"),
            row(
                "Vue with a bundle that was read and hides it",
                shell("<div id=app></div>", "<script src=/app.js></script>"),
            )
            .file("app.js", "fetch('/api/config').then(r=>r.json()).then(c=>{document.title=c.title});")
            .open("needs-browser"),
            row(
                "Nuxt with a loading text",
                shell(
                    "<div id=__nuxt><div class=loading>Đang tải...</div></div>",
                    "<script src=\"https://cdn.example.org/_nuxt/entry.js\" type=module></script>",
                ),
            )
            .open("needs-browser"),
            row(
                "a shell with the snippet in its HTML",
                shell(
                    "<div id=root></div>",
                    &format!("{}<script src=\"https://cdn.example.org/main.js\"></script>", snippet("205")),
                ),
            ),
            row(
                "other hosts' bundles on a full page",
                page("<script src=\"https://cdn.example.org/theme.js\"></script>"),
            )
            .fails("snippet-missing")
            .note("unread-scripts"),
            row("a full page without such bundles", page("")).fails("snippet-missing").no_note("unread-scripts"),
            row(
                "a static host of the unit is another host",
                page("<script src=\"https://static.tinh-a.gov.vn/emc.js\"></script>"),
            )
            .with("--url https://tinh-a.gov.vn/")
            .fails("snippet-missing")
            .note("unread-scripts"),
            row("a file of the site that is missing", page("<script src=\"/js/emc.js\"></script>")).open("not-found"),
            row(
                "a missing file matters not beside a right snippet",
                connected("<script src=\"/js/menu.js\"></script>"),
            ),
            row("a missing file that no browser runs", page("<script nomodule src=\"/js/old.js\"></script>"))
                .fails("snippet-missing"),
        ],
    );
}

#[test]
fn run_later_or_perhaps() {
    let array = format!("window._govaq=[{CALLS},['setSiteId','205']];{LOADER}");
    run("deferred types and conditions", &[
        row("litespeed", in_script("type=\"litespeed/javascript\" data-optimized=1")).open("needs-browser"),
        row("WP Rocket", in_script("type=\"rocketlazyloadscript\" data-rocket-type=\"text/javascript\"")).open("needs-browser"),
        row("Partytown", in_script("type=\"text/partytown\"")).open("needs-browser"),
        row("Rocket Loader", in_script("type=\"d1f2a3b4c5d6e7f8a9b0c1d2-text/javascript\"")).open("needs-browser"),
        row("Rocket Loader, the library in a tag", page(&format!(
            "<script type=\"d1f2a3b4c5d6e7f8a9b0c1d2-text/javascript\">{array}</script><script src=\"/cdn-cgi/scripts/7d0fa10a/cloudflare-static/rocket-loader.min.js\" data-cf-settings=\"d1f2a3b4c5d6e7f8a9b0c1d2-|49\" defer></script>")))
            .open("needs-browser"),
        row("an optimiser's script with an empty id", page(&format!("<script type=\"litespeed/javascript\">{}</script>", code("")))).fails_or_open(),
        row("a made-up type is data", in_script("type=\"lazy/javascript\"")).fails("script-type"),
        row("an id from a server call", script(&format!(
            "fetch('/api/emc').then(function(r){{return r.json()}}).then(function(c){{window._govaq=[{CALLS},['setSiteId',c.id]];{LOADER}}});"))).open("needs-browser"),
        row("an id from an attribute of the page", page(&format!(
            "<div id=emc data-id=205></div><script>window._govaq=[{CALLS},['setSiteId',document.getElementById('emc').dataset.id]];{LOADER}</script>"))).open("needs-browser"),
        row("an id from a cookie", script(&format!("window._govaq=[{CALLS},['setSiteId',document.cookie.split('=')[1]]];{LOADER}"))).open("needs-browser"),
        row("the library's address from a server value", page(&format!(
            "{CONFIG}<script>window._govaq=[{CALLS},['setSiteId','205']];var g=document.createElement('script');g.src=window.EMC_URL;document.head.appendChild(g);</script>"))).open("needs-browser"),
        row("only after a click", script(&format!("document.addEventListener('click',function(){{{array}}},{{once:true}});"))).open("needs-browser"),
        row("only after scrolling", script(&format!("window.addEventListener('scroll',function(){{{array}}},{{once:true}});"))).open("needs-browser"),
        row("only after consent", page(&format!("<script src=\"https://consent.example.org/c.js\"></script><script>window.CookieConsent&&CookieConsent.onAccept(function(){{{array}}});</script>"))).open("needs-browser"),
        row("under a condition of unread code's making", page(&format!("{CONFIG}<script>if(window.EMC_ENABLED){{{array}}}</script>"))).open("needs-browser"),
        row("the queue may be emptied", page(&format!("{CONFIG}<script>{array}if(window.noTracking){{window._govaq=[];}}</script>"))).open("needs-browser"),
        row("a condition that nothing on the page makes true", script(&format!("if(window.EMC_ENABLED){{{array}}}"))).fails("dead-code"),
        row("the host's own name, which is known", script(&format!("if(location.hostname==='tinh-a.gov.vn'){{{array}}}"))).with("--url https://tinh-a.gov.vn/"),
        row("another host's name", script(&format!("if(location.hostname==='tinh-b.gov.vn'){{{array}}}"))).with("--url https://tinh-a.gov.vn/").fails("dead-code"),
        row("a host's name when the address is not known", script(&format!("if(location.hostname==='tinh-a.gov.vn'){{{array}}}"))).open("needs-browser"),
        row("a second guarded copy changes nothing", script(&format!("{array}if(window.x){{_govaq.push(['setSiteId','205']);}}"))),
        row("a command of other reading under a condition", script(&format!("{array}if(window.x){{_govaq.push(['trackDVC','1']);}}"))),
        row("an unknown script before the library", page(&format!("<script src=\"https://cdn.example.org/a.js\"></script><script>{array}</script>"))),
    ]);
}

#[test]
fn pages_that_are_not_the_site() {
    let titled = |title: &str, text: &str| {
        format!("<!doctype html><html><head><title>{title}</title></head><body><h1>{text}</h1></body></html>")
    };
    run("saved error pages and files that are no pages", &[
        row("an empty file", "").open("empty"),
        row("white space only", " \r\n\t\n").open("empty"),
        row("a binary file", vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0xff, 0xd8]).open("not-html"),
        row("a PDF", "%PDF-1.4\n%âãÏÓ\n1 0 obj\n").open("not-html"),
        row("JSON", "{\"status\": 404, \"message\": \"Not Found\"}").open("not-html"),
        row("JSON with a list", "[{\"id\":1,\"title\":\"Tin tức\"}]").open("not-html"),
        row("an error page saved as index", titled("404 Not Found", "Not Found")).open("soft-404"),
        row("IIS 404", titled("404 - File or directory not found.", "Server Error")).open("soft-404"),
        row("a Vietnamese error page", titled("Không tìm thấy trang", "Không tìm thấy trang bạn yêu cầu")).open("soft-404"),
        row("the server's own page", titled("Welcome to nginx!", "Welcome to nginx!")).open("placeholder"),
        row("IIS's own page", "<!DOCTYPE html><html><head><title>IIS Windows Server</title></head><body><a href=\"http://go.microsoft.com/fwlink/?linkid=66138\"><img src=iisstart.png alt=IIS></a></body></html>").open("placeholder"),
        row("maintenance", titled("Bảo trì hệ thống", "Hệ thống đang bảo trì, vui lòng quay lại sau")).open("placeholder"),
        row("a firewall's page", titled("Request Rejected", "The requested URL was rejected. Please consult with your administrator. Your support ID is: 123")).open("blocked"),
        row("a challenge", titled("Just a moment...", "Checking your browser before accessing tinh-a.gov.vn.")).open("challenge"),
        row("an article about error 404 is a page", page("<article><h2>Trang báo lỗi 404 Not Found là gì?</h2><p>Bảo trì hệ thống.</p></article>")).fails("snippet-missing"),
        row("an error page that carries the snippet is no home page", format!("{}{}", titled("404 Not Found", "Not Found"), snippet("205"))).open("soft-404"),
        row("a page that is a fragment", "<div>Tin tức</div>").open("not-html"),
        row("a refresh to another site", "<html><head><meta http-equiv=refresh content=\"0;url=https://example.org/\"></head><body></body></html>").open("redirect-off-site"),
        row("a refresh in a circle", "<html><head><meta http-equiv=refresh content=\"0;url=b.html\"></head><body></body></html>")
            .file("b.html", "<html><head><meta http-equiv=refresh content=\"0;url=index.html\"></head><body></body></html>").open("redirect-loop"),
        row("a refresh to nowhere", "<html><head><meta http-equiv=refresh content=\"0;url=vi/\"></head><body></body></html>").open("not-found"),
        row("a refresh that only reloads a news ticker", page_with("<meta http-equiv=refresh content=300>", &snippet("205"))),
        row("no index among several pages", "").no_home().file("a.html", connected("")).file("b.html", connected("")).open("not-found"),
    ]);
}
