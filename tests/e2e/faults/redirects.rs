//! Redirects: chains, loops, other sites, no usable address; and those that a page writes itself.

use super::super::program::{check, run, verdict};
use super::super::server::{Answer, Host, Server};
use super::{good, row, table};

/// `/` leads to `/1`, that to `/2` and so on; the last is the page.
fn chain(n: usize) -> Host {
    let hop = |k: usize| if k == 0 { "/".to_owned() } else { format!("/{k}") };
    let mut paths: Vec<(String, Answer)> = (0..n).map(|k| (hop(k), Answer::redirect(&hop(k + 1)))).collect();
    paths.push((hop(n), Answer::html(good())));
    Host::paths(paths)
}

fn to(location: &str) -> Host {
    Host::paths([("/", Answer::redirect(location)), ("/trang-chu", Answer::html(good()))])
}

fn refresh(content: &str) -> Host {
    let page = format!(
        "<!doctype html><html><head><meta http-equiv=refresh content=\"{content}\"></head><body></body></html>"
    );
    Host::paths([("/", Answer::html(page)), ("/trang-chu", Answer::html(good()))])
}

fn script(code: &str) -> Host {
    let page = format!("<!doctype html><html><head><script>{code}</script></head><body></body></html>");
    Host::paths([("/", Answer::html(page)), ("/trang-chu", Answer::html(good()))])
}

#[test]
fn where_a_redirect_may_lead() {
    let status = |status: u16, headers: &str| {
        Host::paths([("/", Answer::new(status, headers, good())), ("/trang-chu", Answer::html(good()))])
    };
    let told = table(
        "redirect",
        vec![
            row("301", status(301, "Location: /trang-chu\r\n"), "pass -").once(),
            row("303", status(303, "Location: trang-chu\r\n"), "pass -").once(),
            row("307", status(307, "Location: ./trang-chu#top\r\n"), "pass -").once(),
            row("308", status(308, "location: /trang-chu?x=1\r\n"), "inconclusive not-found").once(),
            row("no Location", status(302, ""), "inconclusive http-error").once(),
            row(
                "an empty Location",
                status(302, "Location: \r\n"),
                "inconclusive http-error|inconclusive redirect-loop",
            )
            .once(),
            row("ftp", to("ftp://example.org/"), "inconclusive http-error").once(),
            row("javascript", to("javascript:alert(1)"), "inconclusive http-error").once(),
            row("data", to("data:text/html,<p>x</p>"), "inconclusive http-error").once(),
            row("file", to("file:///etc/passwd"), "inconclusive http-error").once(),
            row("no address", to("https://[bad"), "inconclusive http-error").once(),
            row("no host", to("https://"), "inconclusive http-error").once(),
            row("itself", to("/"), "inconclusive redirect-loop").once(),
            row("a chain of 10", chain(10), "pass -").once(),
            row("a chain of 11", chain(11), "inconclusive redirect-loop").once(),
            row("a chain of 3 with a limit of 2", chain(3), "inconclusive redirect-loop")
                .once()
                .flags("--max-redirects 2"),
            row("none with a limit of 0", chain(1), "inconclusive redirect-loop").once().flags("--max-redirects 0"),
            row(
                "ever new addresses",
                Host::new(|a| Answer::redirect(&format!("{}x", a.path))),
                "inconclusive redirect-loop",
            )
            .once(),
            row("another site", to("https://example.org/"), "inconclusive redirect-off-site").once(),
            row("a look-alike", to("https://redirect-19.test.example.org/"), "inconclusive redirect-off-site").once(),
            row("a private address", to("http://10.0.0.1/"), "inconclusive private-address").once(),
            row(
                "a very long address",
                to(&format!("/{}", "x".repeat(60_000))),
                "inconclusive not-found|inconclusive http-error|inconclusive protocol-error",
            ),
            row("a refresh in the page", refresh("0; url=/trang-chu"), "pass -").once(),
            row(
                "a refresh in a header",
                status(200, "Content-Type: text/html\r\nRefresh: 0; url=/trang-chu\r\n"),
                "pass -",
            )
            .once(),
            row("a refresh with quotes", refresh("0;URL='trang-chu'"), "pass -").once(),
            row(
                "a refresh to itself",
                refresh("0;url=/"),
                "inconclusive redirect-loop|fail snippet-missing|inconclusive empty",
            )
            .once(),
            row("a refresh to another site", refresh("0;url=https://example.org/"), "inconclusive redirect-off-site")
                .once(),
            row("a refresh to a private address", refresh("0;url=http://192.168.1.1/"), "inconclusive private-address")
                .once(),
            row("a script that leads on", script("window.location.href='/trang-chu'"), "pass -").once(),
            row("a script that replaces", script("location.replace('trang-chu')"), "pass -").once(),
            row(
                "a script to another site",
                script("location='https://example.org/'"),
                "inconclusive redirect-off-site",
            )
            .once(),
        ],
    );
    println!("{told}");
}

#[test]
fn two_pages_that_lead_to_each_other_end() {
    let server = Server::start();
    let refresh = |to: &str| {
        Answer::html(format!("<!doctype html><html><head><meta http-equiv=refresh content='0;url={to}'></head></html>"))
    };
    let mixed = [("/", Answer::redirect("/a")), ("/a", refresh("/b")), ("/b", Answer::redirect("/"))];
    for (name, paths) in [
        ("http.test", [("/", Answer::redirect("/a")), ("/a", Answer::redirect("/b")), ("/b", Answer::redirect("/a"))]),
        ("html.test", [("/", refresh("/a")), ("/a", refresh("/b")), ("/b", refresh("/a"))]),
        ("mixed.test", mixed),
    ] {
        server.host(name, Host::paths(paths));
        let ended = check(&server, &server.https(name), "--only emc-snippet");
        assert_eq!(verdict(&ended.only("emc-snippet")), "inconclusive redirect-loop", "{name}");
        assert!(server.asked(name).len() < 30, "{name}: {} requests", server.asked(name).len());
    }
}

/// Some sites hand out a cookie, or several, before they show anything; a site that never stops ends all the same.
#[test]
fn a_gate_that_hands_out_cookies_may_lead_back() {
    let server = Server::start();
    for (gates, wanted) in
        [(1, "pass -"), (3, "pass -"), (4, "inconclusive redirect-loop"), (999, "inconclusive redirect-loop")]
    {
        let name = format!("gates-{gates}.test");
        let host = Host::new(move |asked| {
            let passed = asked.header("cookie").and_then(|c| c.rsplit('=').next()?.parse().ok()).unwrap_or(0);
            if passed >= gates {
                return Answer::html(good());
            }
            Answer::new(302, &format!("Location: /\r\nSet-Cookie: qua={}\r\n", passed + 1), "")
        });
        server.host(&name, host);
        let ended = check(&server, &server.https(&name), "--only emc-snippet");
        assert_eq!(verdict(&ended.only("emc-snippet")), wanted, "{gates} gates");
        assert!(server.asked(&name).len() <= 5, "{gates} gates: {} requests", server.asked(&name).len());
    }
}

#[test]
fn from_http_to_https_and_back() {
    let server = Server::start();
    let secure = server.https("up.test");
    server.host(
        "up.test",
        Host::new(move |a| match &*a.path {
            "/" => Answer::redirect(&format!("{secure}trang-chu")),
            _ => Answer::html(good()),
        }),
    );
    let plain = server.http("down.test");
    server.host(
        "down.test",
        Host::new(move |a| match &*a.path {
            "/" => Answer::redirect(&format!("{plain}trang-chu")),
            _ => Answer::html(good()),
        }),
    );
    let entry = |id: &str, url: String, alias: String| {
        format!("  - {{id: {id}, role: portal, url: \"{url}\", aliases: [\"{alias}\"]}}\n")
    };
    let (up, down) = ("up.test", "down.test");
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n{}{}",
        entry("up", server.http(up), server.https(up)),
        entry("down", server.https(down), server.http(down))
    );
    let ended = run(&server, "check -q --only emc-snippet", &[("sites.yml", sites)]);
    assert_eq!(verdict(&ended.finding("up", "emc-snippet")), "pass -");
    assert_eq!(ended.site("up")["final_url"], format!("{}trang-chu", server.https(up)));
    assert_eq!(ended.site("up")["hops"][0]["url"], server.http(up));
    let finding = ended.finding("down", "emc-snippet");
    assert_eq!(verdict(&finding), "pass -");
    assert_eq!(finding["notes"][0]["code"], "https-downgrade", "{finding}");
}

#[test]
fn a_site_may_send_to_its_other_names() {
    let server = Server::start();
    for name in ["www.a.test", "moi.test", "khac.test"] {
        server.host(name, Host::page(good()));
    }
    for (name, to) in [("a.test", "www.a.test"), ("cu.test", "moi.test"), ("b.test", "khac.test")] {
        server.host(name, Host::home(Answer::redirect(&server.https(to))));
    }
    let alias = format!(", aliases: [\"{}\"]", server.https("moi.test"));
    let entry = |id: &str, more: &str| format!("  - {{id: {id}, role: portal, url: \"{}\"{more}}}\n", server.https(id));
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n{}{}{}{}",
        entry("a.test", ""),
        entry("cu.test", &alias),
        entry("b.test", ""),
        // It is declared, but not as another name of the one that leads there.
        entry("khac.test", "")
    );
    let said = run(&server, "check -q --only emc-snippet", &[("sites.yml", sites)]).verdicts();
    assert_eq!(said["a.test emc-snippet"], "pass -", "the www form is the same site");
    assert_eq!(said["cu.test emc-snippet"], "pass -", "an alias is the same site");
    assert_eq!(said["b.test emc-snippet"], "inconclusive redirect-off-site");
    assert_eq!(said["khac.test emc-snippet"], "pass -");
}
