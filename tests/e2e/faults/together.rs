//! All hungry hosts in one run: memory and time stay bounded, and the well-behaved ones beside them are judged.

use std::fmt::Write as _;
use std::time::Duration;

use super::super::program::{run, verdict};
use super::super::server::{Act, Answer, CHUNKED, FOREVER, Host, Server, chunk};
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
fn pages_with_more_files_than_fit() {
    // Each file is below the limit; together they are 140 MiB a site, and 16 sites are visited at a time.
    let server = Server::start();
    let packed = |kind: &str, bytes: Vec<u8>| {
        Answer::new(200, &format!("Content-Type: {kind}\r\nContent-Encoding: gzip\r\n"), bytes)
    };
    let links: String = (0..20).map(|k| format!("<link rel=stylesheet href=/{k}.css>")).collect();
    let mut paths = vec![("/".to_owned(), Answer::html(good().replace("</head>", &format!("{links}</head>"))))];
    let sheet = gzip_of_mib(7);
    paths.extend((0..20).map(|k| (format!("/{k}.css"), packed("text/css", sheet.clone()))));
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for k in 0..16 {
        let name = format!("heavy-{k}.test");
        server.host(&name, Host::paths(paths.clone()));
        let _ = writeln!(sites, "  - {{id: heavy-{k}, role: portal, url: \"{}\"}}", server.https(&name));
    }
    let ended =
        run(&server, "check -q --only emc-snippet --only emc-label --jobs 16 --per-host 16", &[("sites.yml", sites)]);
    println!("{:?}, {} KiB, {:?}", ended.took, ended.peak, ended.finding("heavy-3", "emc-label")["gap"]);
    assert_eq!(verdict(&ended.finding("heavy-3", "emc-snippet")), "pass -");
    assert!(ended.peak < MOST_MEMORY, "{} KiB", ended.peak);
}

/// So many MiB of spaces, packed as they should be.
fn gzip_of_mib(mib: usize) -> Vec<u8> {
    gzip(&vec![b' '; mib << 20])
}
