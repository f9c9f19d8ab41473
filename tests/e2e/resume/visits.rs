//! Sites of a province on a bad day, folders and crawled pages.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::{Estate, kill_and_finish, kills};
use crate::e2e::server::{Act, Answer, Fault, Host, NOBODY, Province, Server, home, label, snippet};

/// Eighteen sites on a server, some of which fail at first or always, two with pages of their own, and four folders.
pub(super) fn province() -> Estate {
    let (server, province) = (Server::start(), Province::new(7, 12));
    province.serve(&server, &|_, host| host.slow(Duration::from_millis(30)));
    let mut sites = province.sites(&server);
    let mut declare = |id: &str, url: &str, more: &str| {
        sites += &format!("  - {{id: {id}, role: component, parent: cong, url: \"{url}\"{more}}}\n");
    };
    // Pages of their own are reached from the home page; one of them fails.
    for (n, id) in ["nhieu-trang-1", "nhieu-trang-2"].iter().enumerate() {
        let body =
            |n: usize| format!("{}{}<a href=/p/{}>x</a><a href=/p/{}>y</a>", label(), snippet("901"), n + 1, n * 2 + 1);
        let broken = n;
        let name = format!("{id}.test");
        let pages = Host::new(move |asked| match asked.path.as_str() {
            "/" => Answer::html(home("Trang", "", &body(1), 4_000)),
            "/robots.txt" => Answer::file("text/plain", "User-agent: *\nDisallow: /p/3\n"),
            "/p/4" if broken == 1 => Answer::new(500, "", "lỗi"),
            path => match path.strip_prefix("/p/").and_then(|n| n.parse::<usize>().ok()).filter(|n| *n < 30) {
                Some(n) => Answer::html(home(&format!("Trang {n}"), "", &body(n), 4_000)),
                None => Answer::new(404, "", "không có"),
            },
        });
        server.host(&name, pages.slow(Duration::from_millis(15)));
        declare(id, &server.https(&name), "");
    }
    server.host(
        "passing.test",
        Host::page(home("Trang", "", &snippet("7"), 9_000)).fails([
            Fault::Answer(Answer::new(503, "Retry-After: 0\r\n", "bận")),
            Fault::Answer(Answer::acts(vec![Act::Reset])),
        ]),
    );
    server.host("cut.test", Host::home(Answer::cut_short("<!doctype html><title>Trang", 9_000, Act::Cut)));
    server.host_at("nobody.test", NOBODY, Host::page(""));
    for id in ["passing", "cut", "nobody"] {
        declare(id, &server.https(&format!("{id}.test")), "");
    }
    let mut files = Vec::new();
    for n in 0..4 {
        let page = home(
            &format!("Thư mục {n}"),
            "<link rel=stylesheet href=a.css>",
            &snippet(&format!("{}", 500 + n)),
            30_000,
        );
        files.push((format!("dist-{n}/index.html"), page.clone()));
        files.push((format!("dist-{n}/a.css"), "p{color:red}".to_owned()));
        for k in 0..6 {
            files.push((format!("dist-{n}/trang-{k}.html"), page.replace("Thư mục", &format!("Trang {k} của"))));
        }
        declare(&format!("thu-muc-{n}"), &format!("https://thu-muc-{n}.test/"), &format!(", source: dist-{n}"));
    }
    files.push(("sites.yml".to_owned(), sites));
    let words = "-q --browser never --pages all --max-pages 8 --jobs 3 --retries 2 --timeout 60s";
    Estate { server, files, words: words.to_owned() }
}

#[test]
fn killed_at_any_moment_and_continued_it_is_the_same_run() {
    kill_and_finish(&province(), kills(), 2026);
}

#[test]
fn two_runs_do_not_share_a_recording() {
    let estate = province();
    let whole = estate.whole();
    let folder = estate.folder();
    let mut first = estate.run(folder.path()).spawn().unwrap();
    let since = Instant::now();
    while fs::read(folder.path().join("rec/manifest.jsonl")).unwrap_or_default().is_empty() {
        assert!(since.elapsed() < Duration::from_secs(60), "nothing is recorded");
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut refused = 0;
    while first.try_wait().unwrap().is_none() && refused < 5 {
        let second = estate.run(folder.path()).stderr(Stdio::piped()).output().unwrap();
        if first.try_wait().unwrap().is_none() {
            let said = String::from_utf8_lossy(&second.stderr);
            assert_eq!(second.status.code(), Some(2), "{said}");
            assert!(said.contains("--record rec: another run is recording there."), "{said}");
            refused += 1;
        }
    }
    assert!(refused > 0, "the first run had ended before the second began");
    assert_eq!(first.wait().unwrap().code(), whole.code);
    assert_eq!(estate.finished(folder.path(), &whole), [""; 0]);
}
