//! What must not leave or be shown: user names and passwords in addresses, values of `--header`, cookies.

use super::super::program::{Ended, begin, run, verdict};
use super::super::server::{Answer, Cert, Host, Server, home, label, snippet};

const SECRET: &str = "s3cr3t-7f3a9";
const FORMATS: &[&str] =
    &["json", "junit", "junit-strict", "sarif", "gitlab", "github", "markdown", "html", "csv", "xlsx", "docx"];

/// The formats that this program writes.
fn formats(server: &Server) -> Vec<&'static str> {
    let takes = |format: &&&str| {
        run(server, &format!("check http://127.0.0.1:1/ -q --retries 0 --report {format}=x"), &[]).exit != Some(2)
    };
    let known: Vec<&str> = FORMATS.iter().filter(takes).copied().collect();
    assert!(known.len() > 4, "{known:?}");
    known
}

fn shows_nothing(ended: &Ended, secret: &str) {
    let shown = |text: &str| text.lines().filter(|l| l.contains(secret)).take(5).map(str::to_owned).collect::<Vec<_>>();
    let shows: Vec<(String, Vec<String>)> = ended
        .everything()
        .into_iter()
        .map(|(name, text)| (name, shown(&text)))
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    assert!(shows.is_empty(), "{shows:#?}");
}

#[test]
fn a_secret_header_is_in_no_output() {
    let server = Server::start();
    let echo = |asked: &super::super::server::Asked| asked.header("x-secret").unwrap_or("none").to_owned();
    // The server gives the secret back wherever it can: title, text, links, snippet, headers, redirects, errors.
    server.host("text.test", Host::new(move |a| {
        let s = echo(a);
        let body = format!("<p>{s}</p><a href=\"https://example.org/{s}\">{s}</a><a href=\"/{s}\" title=\"{s}\">x</a>{}", snippet(&s));
        Answer::new(200, &format!("Content-Type: text/html\r\nX-Back: {s}\r\nContent-Security-Policy: default-src {s}\r\nServer: {s}\r\n"), home(&s, "", &body, 0))
    }));
    server.host(
        "redirect.test",
        Host::new(move |a| match &*a.path {
            "/" => Answer::redirect(&format!("/{0}?token={0}#{0}", echo(a))),
            _ => Answer::html(home("Cổng", "", &snippet("1"), 0)),
        }),
    );
    server.host("away.test", Host::new(move |a| Answer::redirect(&format!("https://example.org/?{}", echo(a)))));
    server.host("inside.test", Host::new(move |a| Answer::redirect(&format!("http://10.0.0.1/{}", echo(a)))));
    server.host("error.test", Host::new(move |a| Answer::new(500, "", echo(a))));
    server.host("rubbish.test", Host::new(move |a| Answer::raw(format!("HTTP/1.1 {} OK\r\n\r\n", echo(a)))));
    server.host(
        "script.test",
        Host::new(move |a| {
            Answer::html(home(
                "Cổng",
                "",
                &format!("<script>var _govaq=_govaq||[];'{0}' {0}(</script><script src=/{0}.js></script>", echo(a)),
                0,
            ))
        }),
    );
    server.host("cert.test", Host::page("x").cert(Cert::WrongHost));
    let names = [
        "text.test",
        "redirect.test",
        "away.test",
        "inside.test",
        "error.test",
        "rubbish.test",
        "script.test",
        "cert.test",
    ];
    let entries: String =
        names.iter().map(|n| format!("  - {{id: {n}, role: portal, url: \"{}\"}}\n", server.https(n))).collect();
    let sites = format!("apiVersion: rasoat/v1\nsites:\n{entries}");
    let reports: String =
        formats(&server).iter().filter(|f| **f != "json").map(|f| format!(" --report {f}=out.{f}")).collect();
    server.forget();
    // What is recorded is looked into as well.
    let record = if run(&server, "check --help", &[]).out.contains("--record") { " --record seen" } else { "" };
    let args = format!("check -v --retries 0 --header X-Secret:␣{SECRET}{reports}{record}");
    server.forget();
    let ended = run(&server, &args, &[("sites.yml", sites)]);
    let has_page = |text: &String| text.contains("Ủy ban nhân dân tỉnh họp phiên");
    assert!(record.is_empty() || ended.everything().iter().any(|(_, text)| has_page(text)), "the recording was read");
    assert_eq!(server.asked("text.test")[0].header("x-secret"), Some(SECRET), "it is sent to the sites");
    assert_eq!(verdict(&ended.finding("text.test", "emc-snippet")).split(' ').next(), Some("fail"));
    shows_nothing(&ended, SECRET);
}

#[test]
fn a_secret_from_the_environment_or_a_file_is_in_no_output() {
    let server = Server::start();
    server.host(
        "a.test",
        Host::new(|a| {
            let s = a.header("authorization").unwrap_or("none").to_owned();
            Answer::html(home(&s, "", &format!("<p>{s}</p>{}", snippet(&s)), 0))
        }),
    );
    let ended = run(
        &server,
        &format!("check {} -v --retries 0 --header Authorization:␣Bearer␣{SECRET}", server.https("a.test")),
        &[],
    );
    assert_eq!(server.asked("a.test")[0].header("authorization"), Some(&*format!("Bearer {SECRET}")));
    shows_nothing(&ended, SECRET);
}

#[test]
fn credentials_in_addresses_are_neither_sent_nor_shown() {
    let server = Server::start();
    let with = |url: &str| url.replace("https://", "https://admin:hunter2@");
    let inner = with(&format!("{}trang-chu", server.https("a.test")));
    server.host(
        "a.test",
        Host::new(move |a| match &*a.path {
            "/" => Answer::redirect(&inner),
            _ => Answer::html(home(
                "Cổng",
                &format!("<link rel=stylesheet href=\"{inner}.css\">"),
                &format!("{}{}", label(), snippet("1")),
                0,
            )),
        }),
    );
    let ended = run(&server, &format!("check {} -v --retries 0", with(&server.https("a.test"))), &[]);
    assert_eq!(verdict(&ended.only("emc-snippet")), "pass -");
    assert!(server.asked("a.test").len() >= 2);
    for asked in server.asked("a.test") {
        assert_eq!(asked.header("authorization"), None, "{}", asked.head);
        assert!(!asked.head.contains("hunter2"), "{}", asked.head);
    }
    shows_nothing(&ended, "hunter2");
}

#[test]
fn cookies_stay_with_their_site() {
    let server = Server::start();
    // Asks back for a cookie, as gates of some sites do; sets one for the whole province.
    let gate = |name: &'static str| {
        Host::new(move |a| {
            let set = format!("Set-Cookie: sid={name}; Domain=tinh.test; Path=/\r\nSet-Cookie: own={name}; Path=/\r\n");
            let known = a.header("cookie").is_some_and(|c| c.contains(&format!("own={name}")));
            match (&*a.path, known) {
                ("/cua", true) => Answer::html(home("Cổng", "", &format!("{}{}", label(), snippet("1")), 0)),
                ("/cua", false) => Answer::new(403, "", ""),
                _ => Answer::new(302, &format!("{set}Location: /cua\r\n"), ""),
            }
        })
    };
    server.host("a.tinh.test", gate("a"));
    server.host("b.tinh.test", gate("b"));
    server.host("tinh.test", gate("c"));
    let sites: String = ["a.tinh.test", "b.tinh.test", "tinh.test"]
        .map(|n| format!("  - {{id: {n}, role: portal, url: \"{}\"}}\n", server.https(n)))
        .concat();
    let ended = begin(
        &server,
        "check -q --only emc-snippet --jobs 1 --retries 0",
        &[("sites.yml", format!("apiVersion: rasoat/v1\nsites:\n{sites}"))],
    )
    .end();
    for (site, own) in [("a.tinh.test", "a"), ("b.tinh.test", "b"), ("tinh.test", "c")] {
        assert_eq!(verdict(&ended.finding(site, "emc-snippet")), "pass -", "{site} gets its own cookie back");
        for asked in server.asked(site) {
            let cookies = asked.header("cookie").unwrap_or_default();
            let foreign = ["a", "b", "c"].iter().filter(|n| **n != own).any(|n| cookies.contains(&format!("={n}")));
            assert!(!foreign, "{site} was sent {cookies}");
        }
    }
}
