//! `--pages all` over HTTP: which pages are reached, which robots.txt keeps out, what one bad page means, and where
//! it ends.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use super::program::{Ended, check, verdict};
use super::server::{Answer, Host, Server, home, label, snippet};

fn page(links: &[&str]) -> Answer {
    let links: String = links.iter().map(|to| format!("<a href=\"{to}\">{to}</a> ")).collect();
    Answer::html(home("Cổng", "", &format!("{links}{}{}", label(), snippet("1")), 0))
}

/// A page that lacks the snippet.
fn bare() -> Answer {
    Answer::html(home("Trang con", "", "", 0))
}

fn crawl(paths: Vec<(&str, Answer)>, flags: &str) -> (Server, Ended) {
    let server = Server::start();
    server.host("a.test", Host::paths(paths));
    let more = format!("--only emc-snippet --pages all --timeout 2s --record rec {flags}");
    let ended = check(&server, &server.https("a.test"), &more);
    assert_eq!(ended.replayed("--only emc-snippet"), None, "a replay tells the same");
    (server, ended)
}

fn covered(ended: &Ended) -> Value {
    ended.report()["sites"][0]["pages_covered"].clone()
}

fn asked(server: &Server) -> Vec<String> {
    let mut paths: Vec<String> = server.asked("a.test").into_iter().map(|a| a.path).collect();
    paths.sort();
    paths
}

#[test]
fn pages_are_reached_over_links() {
    let paths = vec![
        ("/", page(&["/mot", "/hai#x", "hai", "/tep.pdf", "https://example.org/", "mailto:a@a.test", "/mot?x=1"])),
        ("/mot", page(&["/sau/ba", "/"])),
        ("/mot?x=1", page(&[])),
        ("/hai", page(&["/gone"])),
        ("/sau/ba", page(&[])),
    ];
    let (server, ended) = crawl(paths, "");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    let asked = asked(&server);
    for path in ["/", "/mot", "/mot?x=1", "/hai", "/sau/ba", "/robots.txt", "/sitemap.xml"] {
        assert_eq!(asked.iter().filter(|a| *a == path).count(), 1, "{path} in {asked:?}");
    }
    assert!(!asked.contains(&"/tep.pdf".to_owned()), "a document is no page: {asked:?}");
    assert_eq!(covered(&ended)["judged"], 5);
}

#[test]
fn a_page_that_has_two_addresses_counts_once() {
    let paths = vec![
        ("/", page(&["/mot", "/cu", "/ve-nha"])),
        ("/mot", page(&[])),
        ("/cu", Answer::redirect("/mot")),
        ("/ve-nha", Answer::redirect("/")),
    ];
    let (_, ended) = crawl(paths, "");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert_eq!(covered(&ended)["judged"], 2);
}

#[test]
fn one_page_without_the_snippet_fails_the_site_and_is_named() {
    let (_, ended) = crawl(vec![("/", page(&["/mot", "/hai"])), ("/mot", page(&[])), ("/hai", bare())], "");
    let finding = ended.only("emc-snippet");
    assert_eq!(verdict(&finding), "fail snippet-missing");
    assert!(finding["places"].to_string().contains("/hai"), "{}", finding["places"]);
    assert_eq!(ended.exit, Some(1));
}

#[test]
fn a_page_that_cannot_be_read_leaves_the_question_open() {
    for (name, broken) in [
        ("error", Answer::new(500, "", "")),
        ("cut", Answer::raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 900\r\n\r\n<html>")),
    ] {
        let (_, ended) =
            crawl(vec![("/", page(&["/mot", "/hai"])), ("/mot", page(&[])), ("/hai", broken)], "--retries 1");
        let finding = ended.only("emc-snippet");
        assert_eq!(finding["verdict"], "inconclusive", "{name}: {finding}");
        assert_eq!((&covered(&ended)["unread"], ended.exit), (&Value::from(1), Some(3)), "{name}");
        let names = covered(&ended)["unread_names"].to_string();
        assert!(names.contains("/hai"), "{name}: {names}");
    }
}

#[test]
fn robots_txt_binds_the_crawl_and_not_the_home_page() {
    let robots = "User-agent: *\nDisallow: /kin\nUser-agent: other\nDisallow: /\n";
    let paths = vec![
        ("/robots.txt", Answer::file("text/plain", robots)),
        ("/", page(&["/kin/a", "/mo", "/kin/b"])),
        ("/mo", page(&[])),
        ("/kin/a", bare()),
        ("/kin/b", bare()),
    ];
    let (server, ended) = crawl(paths, "");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert_eq!((&covered(&ended)["judged"], &covered(&ended)["robots"]), (&Value::from(2), &Value::from(2)));
    assert!(!asked(&server).iter().any(|a| a.starts_with("/kin")), "{:?}", asked(&server));

    let all = vec![
        ("/robots.txt", Answer::file("text/plain", "User-agent: *\nDisallow: /\n")),
        ("/", page(&["/mo"])),
        ("/mo", bare()),
    ];
    let (_, ended) = crawl(all, "");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -", "the home page is judged all the same");
    assert_eq!(covered(&ended)["judged"], 1);
}

#[test]
fn a_robots_txt_that_cannot_be_had_forbids() {
    let paths = vec![("/robots.txt", Answer::new(503, "", "")), ("/", page(&["/mo"])), ("/mo", bare())];
    let (server, ended) = crawl(paths, "--retries 0");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert!(!asked(&server).contains(&"/mo".to_owned()), "{:?}", asked(&server));
}

#[test]
fn site_maps_are_read_also_packed_and_nested() {
    let server = Server::start();
    let at = server.https("a.test");
    let map = |pages: &[&str]| {
        let urls: String = pages.iter().map(|p| format!("<url><loc>{at}{p}</loc></url>")).collect();
        format!("<?xml version=\"1.0\"?><urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
    };
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(map(&["hai", "ba"]).as_bytes()).unwrap();
    let index = format!(
        "<sitemapindex><sitemap><loc>{at}mot.xml</loc></sitemap><sitemap><loc>{at}hai.xml.gz</loc></sitemap></sitemapindex>"
    );
    let robots = format!("User-agent: *\nSitemap: {at}chi-muc.xml\n");
    server.host(
        "a.test",
        Host::paths([
            ("/robots.txt", Answer::file("text/plain", robots)),
            ("/chi-muc.xml", Answer::file("application/xml", index)),
            ("/mot.xml", Answer::file("application/xml", map(&["mot"]))),
            ("/hai.xml.gz", Answer::file("application/gzip", packer.finish().unwrap())),
            ("/", page(&[])),
            ("/mot", page(&[])),
            ("/hai", page(&[])),
            ("/ba", bare()),
        ]),
    );
    let ended = check(&server, &at, "--only emc-snippet --pages all");
    assert_eq!(
        verdict(&ended.only("emc-snippet")),
        "fail snippet-missing",
        "the page that only a site map names was read"
    );
    assert_eq!(covered(&ended)["judged"], 4);
}

#[test]
fn the_limit_is_kept_and_said() {
    let names: Vec<String> = (0..30).map(|k| format!("/p{k}")).collect();
    let links: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut paths = vec![("/", page(&links))];
    paths.extend(links.iter().map(|p| (*p, page(&[]))));
    let (server, ended) = crawl(paths, "--max-pages 10");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert_eq!((&covered(&ended)["judged"], &covered(&ended)["beyond_limit"]), (&Value::from(10), &Value::from(21)));
    assert_eq!(asked(&server).iter().filter(|a| a.starts_with("/p")).count(), 9);
}

#[test]
fn a_trap_of_endless_pages_ends() {
    let server = Server::start();
    server.host(
        "a.test",
        Host::new(|a| match &*a.path {
            "/robots.txt" | "/sitemap.xml" => Answer::new(404, "", ""),
            path => {
                let (next, other) = (format!("{path}/x"), format!("{path}?n={}", path.len()));
                page(&[&next, &other])
            }
        }),
    );
    let ended = check(&server, &server.https("a.test"), "--only emc-snippet --pages all --max-pages 40");
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert_eq!(covered(&ended)["judged"], 40);
    assert!(server.asked("a.test").len() < 150, "{}", server.asked("a.test").len());
}

#[test]
fn a_server_that_fails_page_after_page_is_left_alone() {
    let names: Vec<String> = (0..60).map(|k| format!("/p{k}")).collect();
    let links: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut paths = vec![("/", page(&links))];
    paths.extend(links.iter().map(|p| (*p, Answer::new(503, "", ""))));
    let (server, ended) = crawl(paths, "--retries 0");
    assert_eq!(verdict(&ended.only("emc-snippet")), "inconclusive server-error");
    // Three that are not there come first, thirteen with them, and sixteen side by side after these.
    assert_eq!(asked(&server).iter().filter(|a| a.starts_with("/p")).count(), 29);
    assert_eq!(covered(&ended)["beyond_limit"], 31);
}

#[test]
fn so_many_site_maps_are_read_and_few_may_fail() {
    for (there, read) in [(true, 49), (false, 3)] {
        let server = Server::start();
        let at = server.https("a.test");
        let maps: String = (0..60).map(|k| format!("<sitemap><loc>{at}m{k}.xml</loc></sitemap>")).collect();
        let index = Answer::file("application/xml", format!("<sitemapindex>{maps}</sitemapindex>"));
        let robots = Answer::file("text/plain", format!("User-agent: *\nSitemap: {at}chi-muc.xml\n"));
        server.host(
            "a.test",
            Host::new(move |asked| match &*asked.path {
                "/robots.txt" => robots.clone(),
                "/chi-muc.xml" => index.clone(),
                path if path.starts_with("/m") && there => {
                    let page = path.replace("/m", "x").replace(".xml", "");
                    Answer::file("application/xml", format!("<urlset><url><loc>{at}{page}</loc></url></urlset>"))
                }
                path if path == "/" || path.starts_with("/x") => page(&[]),
                _ => Answer::new(404, "", ""),
            }),
        );
        let ended = check(&server, &server.https("a.test"), "--only emc-snippet --pages all --max-pages 200");
        let maps = asked(&server).iter().filter(|a| a.starts_with("/m")).count();
        // The index is one of the fifty.
        assert_eq!((maps, &covered(&ended)["judged"]), (read, &Value::from(if there { 50 } else { 1 })));
        assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    }
}
