//! Visits over HTTP: what an answer, a redirect or its absence means. Whatever was not reached is never a failure
//! and never a pass.

use std::time::Duration;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::Value;

use super::command::{call, good, page, snippet};
use super::server::{Answer, Server, answer, html, redirect};

/// Checks the server's home page and gives the report.
fn check(server: &Server, path: &str, flags: &str) -> Value {
    call("", &format!("check {}{path} --report json -q {flags}", server.address)).report()
}

fn of<'a>(report: &'a Value, rule: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == rule).unwrap()
}

fn raw(head: &str, body: &str) -> Answer {
    Answer::Bytes(format!("{head}\r\n\r\n{body}").into_bytes())
}

#[test]
fn what_was_not_reached_has_a_name() {
    let long = "x".repeat(200_000);
    let cut = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n{}", good());
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n",
        good().len(),
        good()
    );
    let type_of = |kind: &str, body: &str| answer(200, &format!("Content-Type: {kind}\r\n"), body);
    let rows: Vec<(&str, Answer, &str, &str)> = vec![
        ("401", answer(401, "WWW-Authenticate: Basic\r\n", &good()), "", "blocked"),
        ("403 with the site's own page", answer(403, "", &good()), "", "blocked"),
        ("407", answer(407, "", ""), "", "blocked"),
        ("451", answer(451, "", ""), "", "blocked"),
        ("404", answer(404, "", &good()), "", "not-found"),
        ("410", answer(410, "", ""), "", "not-found"),
        ("429", answer(429, "", ""), "", "rate-limited"),
        ("500 with the site's own page", answer(500, "", &good()), "", "server-error"),
        ("503", answer(503, "", ""), "", "server-error"),
        ("599", answer(599, "", ""), "", "server-error"),
        ("204", raw("HTTP/1.1 204 No Content", ""), "", "empty"),
        ("205", answer(205, "", ""), "", "empty"),
        ("200 without a body", html(""), "", "empty"),
        ("200 with white space", html(" \r\n "), "", "empty"),
        ("304", raw("HTTP/1.1 304 Not Modified", ""), "", "http-error"),
        ("302 without a location", answer(302, "", ""), "", "http-error"),
        ("300", answer(300, "", ""), "", "http-error"),
        ("400", answer(400, "", ""), "", "http-error"),
        ("418", answer(418, "", ""), "", "http-error"),
        ("a redirect to itself", redirect("/"), "", "redirect-loop"),
        ("a redirect to another site", redirect("https://example.org/"), "", "redirect-off-site"),
        ("a redirect to a private address", redirect("http://10.1.2.3/"), "", "private-address"),
        ("a redirect to another port of this address", redirect("http://127.0.0.1:9/"), "", "private-address"),
        ("a redirect to the metadata address", redirect("http://169.254.169.254/latest/"), "", "private-address"),
        ("a redirect to localhost", redirect("http://localhost/"), "", "private-address"),
        ("a redirect to a private IPv6 address", redirect("http://[::1]/"), "", "private-address"),
        ("a redirect to a file", redirect("file:///etc/passwd"), "", "http-error"),
        (
            "a meta refresh to another site",
            html(
                "<html><head><meta http-equiv=refresh content='0;url=https://example.org/'></head><body></body></html>",
            ),
            "",
            "redirect-off-site",
        ),
        ("silence", Answer::Silence(Duration::from_secs(5)), "--timeout 400ms", "timeout"),
        ("a connection that ends", Answer::Hangup, "", "reset|protocol-error"),
        ("no HTTP at all", Answer::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), "", "protocol-error"),
        ("a body that broke off, the snippet in it", Answer::Bytes(cut.into_bytes()), "", "reset|protocol-error"),
        ("chunks that never end, the snippet in them", Answer::Bytes(chunked.into_bytes()), "", "reset|protocol-error"),
        ("a length that is no number", raw("HTTP/1.1 200 OK\r\nContent-Length: many", &good()), "", "protocol-error"),
        ("more than the limit", html(&format!("{}<!--{long}-->", good())), "--max-size 100kB", "too-large"),
        ("JSON", type_of("application/json", "{\"a\":1}"), "", "not-html"),
        ("a PDF", type_of("application/pdf", "%PDF-1.4"), "", "not-html"),
        ("an image", type_of("image/png", "x"), "", "not-html"),
        ("JSON sent as HTML", html("{\"code\":500,\"message\":\"Lỗi\"}"), "", "not-html"),
        (
            "an error page with 200",
            html("<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"),
            "",
            "soft-404",
        ),
        (
            "a maintenance page with 200",
            html("<html><head><title>Bảo trì hệ thống</title></head><body>Hệ thống đang bảo trì</body></html>"),
            "",
            "placeholder",
        ),
        (
            "gzip that is none",
            answer(200, "Content-Type: text/html\r\nContent-Encoding: gzip\r\n", &good()),
            "",
            "protocol-error|undecodable",
        ),
        ("a fragment", html("<p>Xin chào</p>"), "", "not-html|"),
    ];
    let wrong: Vec<String> = rows
        .par_iter()
        .filter_map(|(name, answer, flags, gaps)| {
            let server = Server::serve(&[("/", answer.clone())]);
            let report = check(&server, "/", &format!("{flags} --retries 0"));
            let difference = ["emc-snippet", "emc-label"].iter().find_map(|rule| {
                let found = of(&report, rule);
                let gap = found["gap"].as_str().unwrap_or("");
                let same = gaps.split('|').any(|g| g == gap) && (gap.is_empty() || found["verdict"] == "inconclusive");
                (!same).then(|| format!("{rule} is {} ({gap}), {gaps} is wanted", found["verdict"]))
            })?;
            Some(format!("  {name}: {difference}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn nobody_listens() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let report = call("", &format!("check http://127.0.0.1:{port}/ --report json -q --retries 0")).report();
    assert_eq!(of(&report, "emc-snippet")["gap"], "refused");
    let report = call("", "check http://no-such-host.invalid/ --report json -q --retries 0").report();
    assert_eq!(of(&report, "emc-snippet")["gap"], "dns");
}

#[test]
fn pages_that_were_reached() {
    let in_file = page("<script src=/js/emc.js></script>");
    let js = snippet("205").replace("<script>", "").replace("</script>", "");
    let server = Server::serve(&[
        ("/", html(&good())),
        ("/moved", redirect("/")),
        ("/absolute", redirect("{}/")),
        ("/refresh", html("<html><head><meta http-equiv=refresh content='0;url=/'></head><body></body></html>")),
        ("/file", html(&in_file)),
        ("/js/emc.js", answer(200, "Content-Type: text/javascript\r\n", &js)),
        ("/no-file", html(&in_file.replace("emc.js", "none.js"))),
        ("/broken-file", html(&in_file.replace("emc.js", "broken.js"))),
        ("/js/broken.js", Answer::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n{js}").into_bytes())),
        ("/csp", answer(200, "Content-Type: text/html\r\nContent-Security-Policy: default-src 'self'\r\n", &good())),
        ("/csp-report", answer(200, "Content-Type: text/html\r\nContent-Security-Policy-Report-Only: default-src 'self'\r\n", &good())),
        ("/no-type", raw_page("")),
        ("/plain", raw_page("Content-Type: text/plain\r\n")),
        ("/xhtml", raw_page("Content-Type: application/xhtml+xml\r\n")),
        ("/chunked", Answer::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}\r\n0\r\n\r\n", good().len(), good()).into_bytes())),
        ("/latin", Answer::Bytes([b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=windows-1258\r\n\r\n".to_vec(), encoding_rs::WINDOWS_1258.encode(&good().replace("<meta charset=utf-8>", "")).0.into_owned()].concat())),
        ("/flaky", Answer::InTurn(vec![answer(503, "", ""), html(&good())])),
        ("/later", Answer::InTurn(vec![answer(429, "Retry-After: 1\r\n", ""), html(&good())])),
    ]);
    let verdict = |path: &str, flags: &str| {
        let report = check(&server, path, flags);
        let found = of(&report, "emc-snippet").clone();
        (format!("{} {}", found["verdict"].as_str().unwrap(), found["code"].as_str().unwrap_or("-")), report)
    };
    for path in ["/", "/moved", "/absolute", "/refresh", "/file", "/csp-report", "/no-type", "/chunked", "/latin"] {
        assert_eq!(verdict(path, "--retries 0").0, "pass -", "{path}");
    }
    assert_eq!(verdict("/csp", "--retries 0").0, "fail csp-blocks");
    assert_eq!(verdict("/no-file", "--retries 0").0, "inconclusive script-unread");
    assert_eq!(of(&verdict("/no-file", "--retries 0").1, "emc-snippet")["gap"], "not-found");
    assert!(verdict("/broken-file", "--retries 0").0.starts_with("inconclusive"));
    assert_eq!(verdict("/flaky", "--retries 1").0, "pass -");
    assert_eq!(verdict("/later", "--retries 1").0, "pass -");
    let (_, report) = verdict("/moved", "");
    let site = &report["sites"][0];
    assert_eq!(
        (site["status"].as_u64(), site["final_url"].as_str()),
        (Some(200), Some(&*format!("{}/", server.address)))
    );
    assert_eq!((site["hops"][0]["status"].as_u64(), site["address"].as_str()), (Some(302), Some("127.0.0.1")));
    let found = of(&report, "emc-snippet");
    assert_eq!(found["basis"], "http");
    assert!(found["places"][0]["url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{}", found["places"]);
    assert_eq!(found["places"][0]["path"], Value::Null);
}

fn raw_page(headers: &str) -> Answer {
    Answer::Bytes(format!("HTTP/1.1 200 OK\r\n{headers}\r\n{}", good()).into_bytes())
}

#[test]
fn exits_entries_and_headers() {
    let server = Server::serve(&[("/", html(&good())), ("/gone", answer(404, "", ""))]);
    let url = &server.address;
    let exit = |args: &str| call("", args).output().1.status.code();
    assert_eq!(exit(&format!("check {url}/ -q")), Some(0));
    assert_eq!(exit(&format!("check {url}/gone -q --retries 0")), Some(3));
    assert_eq!(exit(&format!("check {url}/gone -q --retries 0 --fail-on never")), Some(0));
    let sites = format!(
        "apiVersion: rasoat/v1\nsites:\n  - id: a\n    role: portal\n    url: {url}/\n    source: dist\n    aliases: [https://cu.tinh-a.gov.vn/]\n"
    );
    let entry = |args: &str| call("", args).file("sites.yml", sites.clone()).file("dist/index.html", page("")).report();
    let basis = |report: &Value| of(report, "emc-snippet")["basis"].as_str().unwrap().to_owned();
    assert_eq!(basis(&entry("check --report json -q")), "static");
    assert_eq!(basis(&entry("check --deployed --report json -q")), "http");
    let by_url = entry(&format!("check {url} --report json -q"));
    assert_eq!((by_url["sites"][0]["id"].as_str(), basis(&by_url)), (Some("a"), "http".to_owned()));
    call("", &format!("check {url}/ --report json -q --header X-Token:␣s3cret --user-agent Soat/1")).report();
    let last = server.asked().pop().unwrap();
    assert!(last.to_ascii_lowercase().contains("x-token: s3cret") && last.contains("Soat/1"), "{last}");
    let (_, output) =
        call("", &format!("check {url}/ -v --header X-Token:␣s3cret --report json=r.json --report junit=r.xml"))
            .output();
    let shown = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8_lossy(&shown).contains("s3cret"));
    let with_password = url.replace("http://", "http://user:s3cret@");
    let (_, output) = call("", &format!("check {with_password}/ --report json")).output();
    assert!(!String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).contains("s3cret"));
    assert!(!server.asked().iter().any(|h| h.to_ascii_lowercase().contains("authorization")));
}

#[test]
fn the_collector_and_other_hosts_are_never_asked() {
    let elsewhere = Server::serve(&[("/a.js", answer(200, "", "var a=1")), ("/a.css", answer(200, "", "a{}"))]);
    let body = page(&format!(
        "{}<script src=\"{e}/a.js\"></script><link rel=stylesheet href=\"{e}/a.css\"><img src=\"{e}/x.png\">",
        snippet("205"),
        e = elsewhere.address
    ));
    let server = Server::serve(&[("/", html(&body))]);
    let report = check(&server, "/", "");
    assert_eq!(of(&report, "emc-snippet")["verdict"], "pass");
    assert!(elsewhere.asked().is_empty(), "{:?}", elsewhere.asked());
    assert_eq!(server.asked().len(), 1, "pictures are not asked for: {:?}", server.asked());
}
