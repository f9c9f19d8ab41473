//! Sites that are shown to Chromium: a killed run leaves no browser, and the next one no profile.

use std::time::{Duration, Instant};

use super::{Estate, kill_and_finish, kills};
use crate::e2e::browser::{TRACKER, browsers_of, page, policy, snippet, tracker};
use crate::e2e::server::{Host, Server};

/// Fails when a browser of a program that is gone is still there after a while.
pub(super) fn nobody_is_left(program: u32) {
    let begun = Instant::now();
    while !browsers_of(program).is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(20), "browsers are left: {:?}", browsers_of(program));
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn killed_while_pages_are_shown_and_continued_it_is_the_same_run() {
    let server = Server::start();
    server.host(TRACKER, tracker());
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    for n in 0..5 {
        let name = format!("s{n}.test");
        let hide = if n == 3 { "<style>#yhy-append{display:none!important}</style>" } else { "" };
        server.host(&name, Host::page(page(hide, &snippet(&server, &format!("{n}1")))));
        sites += &format!("  - {{id: s{n}, role: portal, url: '{}'}}\n", server.https(&name));
    }
    sites += "  - {id: thu-muc, role: portal, url: 'https://thu-muc.test/', source: dist}\n";
    let (name, text) = policy(&server);
    let built = page("", &snippet(&server, "77"));
    let files = [(name, text), ("sites.yml", sites), ("dist/index.html", built)];
    let files = files.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
    let words = "-q -p p.yml --only emc-label --only emc-snippet --browser-path chromium --tabs 2 --timeout 60s";
    kill_and_finish(&Estate { server, files, words: words.to_owned() }, kills().div_ceil(4), 77);
}
