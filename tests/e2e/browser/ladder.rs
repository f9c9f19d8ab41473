//! How far up the ladder a snippet gets when a browser runs it, and what stops it: each told apart by its code.
//! Nothing reaches the collector in any of them.

use super::{TRACKER, check, hits, page, snippet, snippet_text, told, tracker, tracker_with};
use crate::e2e::server::{Answer, Host, Server};

/// One page and what is to be said of it.
struct Row {
    name: &'static str,
    page: Answer,
    flags: &'static str,
    snippet: &'static str,
    label: &'static str,
}

fn row(name: &'static str, page: impl Into<Vec<u8>>, snippet: &'static str, label: &'static str) -> Row {
    Row { name, page: Answer::html(page), flags: "", snippet, label }
}

fn judge(rows: Vec<Row>, server: &Server) {
    let mut wrong = Vec::new();
    for row in rows {
        server.host("a.test", Host::home(row.page.clone()));
        server.forget();
        let ended = check(server, &format!("{} --role component -q {}", server.https("a.test"), row.flags), &[]);
        let report = ended.report();
        let (snippet, label) = (told(&report, "emc-snippet"), told(&report, "emc-label"));
        if snippet != row.snippet || label != row.label {
            wrong.push(format!(
                "{}\n    snippet {snippet}\n     wanted {}\n    label   {label}\n     wanted {}",
                row.name, row.snippet, row.label
            ));
        }
        if hits(server) > 0 {
            wrong.push(format!("{}: {} requests reached the collector", row.name, hits(server)));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

const PASS: &str = "pass - - browser sent";
const SEEN: &str = "pass - - browser sent";

#[test]
fn a_real_library_runs_and_its_request_is_caught() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let s = |id: &str| snippet(&server, id);
    // In a function the queue is a variable of its own unless it is put on the window.
    let wide = snippet_text(&server, "205")
        .replace("var _govaq = window._govaq", "var _govaq = window._govaq = window._govaq");
    let lib = server.https(TRACKER);
    let rows = vec![
        row("canonical", page("", &s("205")), PASS, SEEN),
        row("in the head", page(&s("205"), ""), PASS, SEEN),
        row(
            "made by a script two seconds after load",
            page("", &format!("<script>onload=function(){{setTimeout(function(){{{wide}}},2000)}}</script>")),
            PASS,
            SEEN,
        ),
        row(
            "injected by a bundle of the site",
            page(
                "",
                "<div id=app></div><script>var s=document.createElement('script');s.text=atob('AAAA')||'';</script>",
            ),
            "fail snippet-missing - browser -",
            "fail not-connected - browser -",
        ),
        row(
            "another id than declared",
            page("", &s("206")),
            "fail site-id-mismatch - browser addressed",
            "fail not-connected - browser addressed",
        ),
        row(
            "no id",
            page("", &s("")),
            "fail site-id-empty - browser addressed",
            "fail not-connected - browser addressed",
        ),
        row(
            "nothing at all",
            page("", "<script>1</script>"),
            "fail snippet-missing - browser -",
            "fail not-connected - browser -",
        ),
        row(
            "a library tag and a queue made at run time",
            page(
                "",
                &format!(
                    "<script>eval(\"window._govaq=[['trackPageView'],['setSiteId','20'+5],['setTrackerUrl','{lib}tracking']]\")</script><script src=\"{lib}lib.js\"></script>"
                ),
            ),
            PASS,
            SEEN,
        ),
    ];
    let rows = rows.into_iter().map(|row| Row { flags: "--emc-site-id 205 --browser require", ..row });
    judge(rows.collect(), &server);
}

#[test]
fn what_the_site_stops_is_the_sites_own() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let (s, text) = (snippet(&server, "205"), snippet_text(&server, "205"));
    let lib = server.https(TRACKER);
    let csp = |policy: &str| format!("content-security-policy: {policy}\r\n");
    let with = |headers: &str, html: String| {
        Answer::new(200, &format!("content-type: text/html; charset=utf-8\r\n{headers}"), html)
    };
    let (csp_snippet, csp_label) = ("fail csp-blocks - browser addressed", "fail not-connected - browser addressed");
    let rows = vec![
        Row {
            name: "CSP forbids inline scripts",
            page: with(&csp("script-src 'self'"), page("", &s)),
            flags: "",
            snippet: "fail csp-blocks - browser text",
            label: "fail not-connected - browser text",
        },
        Row {
            name: "CSP forbids the library",
            page: with(&csp("script-src 'unsafe-inline'"), page("", &s)),
            flags: "",
            snippet: csp_snippet,
            label: csp_label,
        },
        row(
            "a meta policy",
            page("<meta http-equiv=\"content-security-policy\" content=\"script-src 'unsafe-inline'\">", &s),
            csp_snippet,
            csp_label,
        ),
        row(
            "http on https",
            page("", &s.replace("https://", "http://")),
            "fail mixed-content - browser live",
            "fail not-connected - browser live",
        ),
        row(
            "after consent",
            page(
                "",
                &format!(
                    "<div style=\"position:fixed;bottom:0;left:0;right:0;background:#fff\">Trang này dùng cookie <button id=ok>Đồng ý</button></div><script>document.getElementById('ok').onclick=function(){{{text}}}</script>"
                ),
            ),
            "fail after-consent - browser text",
            "fail not-connected - browser text",
        ),
        row(
            "after the first scroll or key",
            page(
                "",
                &format!(
                    "<script>var done;['scroll','keydown','mousemove','touchstart'].forEach(function(e){{addEventListener(e,function(){{if(done)return;done=1;{text}}})}})</script>"
                ),
            ),
            "fail after-interaction - browser text",
            "fail not-connected - browser text",
        ),
        row(
            "after twenty seconds",
            page("", &format!("<script>setTimeout(function(){{{text}}},20000)</script>")),
            "fail delayed - browser text",
            "fail not-connected - browser text",
        ),
        row(
            "the script throws first",
            page("", &format!("<script>undefinedFunction();{text}</script>")),
            "fail script-threw - browser text",
            "fail not-connected - browser text",
        ),
        row(
            "only in a frame",
            page("", &format!("<iframe srcdoc='{}'></iframe>", s.replace('\'', "&#39;"))),
            "fail only-in-frame - browser -",
            "fail not-connected - browser -",
        ),
        row(
            "its own script is missing",
            page("", "<div id=app></div><script src=\"/js/emc.js\"></script>"),
            "fail script-missing - browser -",
            "fail not-connected - browser -",
        ),
        row(
            "a loader that is not inserted",
            page("", &text_without_insert(&text)),
            "fail loader-not-inserted - browser live",
            "fail not-connected - browser live",
        ),
        row(
            "no page view",
            page("", &s.replace("_govaq.push(['trackPageView']);", "")),
            "fail no-page-view - browser addressed",
            "fail not-connected - browser addressed",
        ),
        row(
            "a collector elsewhere",
            page("", &s.replace(&format!("{lib}tracking"), "https://count.test/tracking")),
            "fail wrong-host - browser live",
            "fail not-connected - browser live",
        ),
    ];
    let rows = rows.into_iter().map(|row| Row { flags: "--emc-site-id 205 --browser require", ..row });
    judge(rows.collect(), &server);
}

fn text_without_insert(text: &str) -> String {
    format!("<script>{}</script>", text.replace("s.parentNode.insertBefore(g, s);", ""))
}

#[test]
fn what_the_trackers_host_does_is_not_the_sites() {
    let server = Server::start();
    let s = snippet(&server, "205");
    let slow = std::time::Duration::from_secs(40);
    for (name, library, label) in [
        ("gone", Answer::new(404, "", "no"), "inconclusive library-unavailable not-found browser configured"),
        ("broken", Answer::new(500, "", "no"), "inconclusive library-unavailable server-error browser configured"),
        (
            "throws",
            Answer::file("text/javascript", "throw new Error('x')"),
            "inconclusive library-unavailable no-data browser loaded",
        ),
        ("does nothing", Answer::file("text/javascript", "1"), "inconclusive label-not-added no-data browser loaded"),
        (
            "slow",
            Answer::file("text/javascript", "1").after(slow),
            "inconclusive library-unavailable timeout browser configured",
        ),
    ] {
        server.host(TRACKER, tracker_with(library));
        server.host("a.test", Host::page(page("", &s)));
        let flags = "--role component -q --browser require --timeout 6s";
        let report = check(&server, &format!("{} {flags}", server.https("a.test")), &[]).report();
        let verdict = told(&report, "emc-snippet");
        assert!(verdict.starts_with("pass - - browser"), "{name}: {verdict}");
        assert_eq!(told(&report, "emc-label"), label, "{name}");
        assert_eq!(hits(&server), 0, "{name}");
    }
}
