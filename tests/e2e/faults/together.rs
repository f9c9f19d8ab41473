//! All hungry hosts in one run: memory and time stay bounded, and the well-behaved ones beside them are judged.

use std::fmt::Write as _;
use std::time::Duration;

use super::super::program::{check, run, verdict};
use super::super::server::{Act, Answer, Asked, CHUNKED, FOREVER, Host, Server, chunk};
use super::bodies::{OPEN, bomb, endless, gzip};
use super::{MOST_MEMORY, bare, good};

#[test]
fn endless_bodies_and_bombs_at_one_time() {
    let server = Server::start();
    let block = vec![b'<'; 64 << 10];
    let packed = |bytes: Vec<u8>| Answer::new(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", bytes);
    let hosts: Vec<(&str, Host, &str)> = vec![
        ("open", endless(OPEN, block.clone()), "inconclusive too-large"),
        ("chunks", endless(CHUNKED, chunk(&block)), "inconclusive too-large"),
        ("headers", endless("HTTP/1.1 200 OK\r\nX: ", block.clone()), "inconclusive protocol-error"),
        ("bomb", Host::home(packed(bomb("", 300))), "inconclusive too-large"),
        ("stall", Host::home(Answer::then(OPEN, Act::Wait(FOREVER))), "inconclusive timeout"),
        (
            "sheet",
            Host::paths([
                ("/", Answer::html(good().replace("</head>", "<link rel=stylesheet href=/a.css></head>"))),
                ("/a.css", packed(bomb("", 100))),
            ]),
            "pass -",
        ),
        ("good", Host::page(good()), "pass -"),
        ("bare", Host::page(bare()), "fail snippet-missing"),
    ];
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for (name, host, _) in &hosts {
        for k in 0..6 {
            let full = format!("{name}-{k}.test");
            server.host(&full, host.clone());
            let _ = writeln!(sites, "  - {{id: {name}-{k}, role: portal, url: \"{}\"}}", server.https(&full));
        }
    }
    let ended = run(
        &server,
        "check -q --only emc-snippet --timeout 3s --retries 1 --jobs 16 --per-host 16",
        &[("sites.yml", sites)],
    );
    for (name, _, wanted) in &hosts {
        for k in 0..6 {
            let said = verdict(&ended.finding(&format!("{name}-{k}"), "emc-snippet"));
            let slow = said == "inconclusive timeout" && wanted.ends_with("too-large");
            assert!(said == *wanted || slow, "{name}-{k}: {said}");
        }
    }
    println!("{} sites, {:?}, {} KiB", hosts.len() * 6, ended.took, ended.peak);
    assert!(ended.peak < MOST_MEMORY, "{} KiB", ended.peak);
    assert!(ended.took < Duration::from_secs(30), "{:?}", ended.took);
    assert_eq!(ended.exit, Some(1), "one page without the snippet was seen");
}

#[test]
fn a_page_with_more_files_than_fit() {
    // Each file is below the limit of one; together they are 140 MiB.
    let server = Server::start();
    let sheet = gzip_of_mib(7);
    let sheet = Answer::new(200, "Content-Type: text/css\r\nContent-Encoding: gzip\r\n", sheet);
    let links: String = (0..20).map(|k| format!("<link rel=stylesheet href=/{k}.css>")).collect();
    let page = good().replace("</head>", &format!("{links}</head>"));
    let sheets = (0..20).map(|k| (format!("/{k}.css"), sheet.clone()));
    server.host("heavy.test", Host::paths(sheets.chain([("/".to_owned(), Answer::html(page))])));
    let ended = check(&server, &server.https("heavy.test"), "--only emc-snippet --only emc-label");
    println!("{:?}, {} KiB", ended.took, ended.peak);
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert_eq!(verdict(&ended.only("emc-label")), "pass -", "the page has a label of its own");
    assert!(ended.peak < MOST_MEMORY, "{} KiB", ended.peak);
}

#[test]
fn a_server_that_stalls_every_file_does_not_hold_the_run() {
    let server = Server::start();
    let links: String = (0..60).map(|k| format!("<link rel=stylesheet href=/{k}.css>")).collect();
    let page = good().replace("</head>", &format!("{links}</head>"));
    let stalled = |asked: &Asked| match &*asked.path {
        "/" => None,
        _ => Some(Answer::then(OPEN, Act::Wait(FOREVER))),
    };
    server.host("stalls.test", Host::new(move |asked| stalled(asked).unwrap_or_else(|| Answer::html(page.clone()))));
    let flags = "--only emc-snippet --only emc-label --timeout 1s --retries 0";
    let ended = check(&server, &server.https("stalls.test"), flags);
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    // Five have timed out when the rest is left, and four may be under way at a time.
    let files = server.asked("stalls.test").iter().filter(|a| a.path.ends_with(".css")).count();
    assert!((5..=8).contains(&files), "{files} files");
    assert!(ended.took < Duration::from_secs(10), "{:?}", ended.took);
}

#[test]
fn a_crawl_over_large_pages() {
    // Eight pages of 7 MiB each, a few kilobytes on the wire.
    let server = Server::start();
    let links: String = (0..8).map(|k| format!("<a href=/p{k}>Trang {k}</a>")).collect();
    let page = gzip(format!("{}{}", good(), " ".repeat(7 << 20)).as_bytes());
    let large = Answer::new(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", page);
    let pages = (0..8).map(|k| (format!("/p{k}"), large.clone()));
    let home = Answer::html(good().replace("</body>", &format!("{links}</body>")));
    server.host("crawl.test", Host::paths(pages.chain([("/".to_owned(), home)])));
    let ended = check(&server, &server.https("crawl.test"), "--only emc-snippet --pages all");
    println!("{:?}, {} KiB", ended.took, ended.peak);
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert_eq!(ended.report()["sites"][0]["pages_covered"]["judged"], 9);
    // A page of that size takes ten times its bytes while it is read.
    assert!(ended.peak < 2 * MOST_MEMORY, "{} KiB", ended.peak);
}

/// So many MiB of spaces, packed as they should be.
fn gzip_of_mib(mib: usize) -> Vec<u8> {
    gzip(&vec![b' '; mib << 20])
}
