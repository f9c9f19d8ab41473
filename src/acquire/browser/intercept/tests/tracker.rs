//! Requests of trackers: noted, answered here, and let through only where that was asked for.

use super::*;

/// A way out that has no network: names of trackers lead to a server that counts.
async fn rig(rule: TrackerRule, send: bool) -> (Server, Rig) {
    let server = Server::start(|_, _| ok("Content-Type: text/javascript; charset=utf-8\r\n", "library()")).await;
    let visitor = visitor("http://a.test/", net(&server, &["dem.test", "www.dem.test"]));
    (server, Rig::new(Answers::Web(visitor), Rules { send, ..rules(rule) }))
}

/// The same tracker on the server's port, without TLS.
fn plain(port: u16, stand_in: Option<&str>) -> TrackerRule {
    let at = |path: &str| Url::parse(&format!("http://dem.test:{port}{path}")).unwrap();
    TrackerRule { library: at("/embed/thu.js"), collector: at("/thu"), ..rule(stand_in) }
}

#[tokio::test]
async fn what_goes_to_the_collector_is_noted_and_answered_here() {
    let (server, rig) = rig(rule(Some("stand_in()")), false).await;
    let told = rig.ask("GET", "https://dem.test/thu?id=7&url=https%3A%2F%2Fa.vn%2F", "image");
    let got = Got::of(told.header("origin", "https://a.vn").header("referer", "https://a.vn/x")).await.unwrap();
    assert_eq!((got.status, got.header("access-control-allow-origin")), (204, "https://a.vn"));
    assert_eq!(got.header("access-control-allow-credentials"), "true");
    for url in ["https://www.dem.test:8443/thu/x", "http://dem.test/thu", "https://dem.test/khac"] {
        let got = Got::of(rig.ask("POST", url, "empty").body(r#"{"id":"7"}"#)).await.unwrap();
        assert_eq!(got.status, 204, "{url}");
    }
    let preflight = rig.ask("OPTIONS", "https://dem.test/thu", "empty");
    let preflight = preflight.header("access-control-request-method", "POST");
    let got = Got::of(preflight.header("access-control-request-headers", "content-type")).await.unwrap();
    assert_eq!(got.header("access-control-allow-headers"), "content-type");
    assert_eq!(got.header("access-control-allow-methods"), "POST");
    let sent = rig.intercept.traffic().sent;
    assert_eq!(sent.len(), 4, "leave to send is not sending");
    assert_eq!(sent[0].tracker, "dem");
    assert_eq!(sent[0].sent.values, ["7", "https://a.vn/"]);
    assert_eq!((sent[0].sent.method.as_str(), sent[0].sent.url.as_str()), ("GET", "https://dem.test/thu"));
    assert_eq!(sent[0].sent.referer.as_deref(), Some("https://a.vn/x"));
    assert!(sent[1..].iter().all(|s| s.sent.values == ["7"]));
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn with_a_stand_in_nothing_goes_to_the_tracker() {
    let (server, rig) = rig(rule(Some("stand_in()")), false).await;
    for url in ["https://dem.test/embed/thu.js", "https://dem.test/embed/thu.js?v=2", "http://dem.test/embed/thu.js"] {
        let got = rig.get(url, "script").await.unwrap();
        assert_eq!((got.status, got.text.as_str()), (200, "stand_in()"), "{url}");
        assert_eq!(got.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(got.header("access-control-allow-origin"), "*");
    }
    for url in
        ["https://dem.test/", "https://dem.test/thu2", "https://dem.test/embed/other.js", "http://www.dem.test/a.png"]
    {
        assert_eq!(rig.get(url, "script").await.unwrap().status, 404, "{url}");
    }
    rig.get("https://dem.test/embed/thu.js", "empty").await.unwrap();
    let traffic = rig.intercept.traffic();
    let asked: Vec<(&str, _)> = traffic.libraries.iter().map(|l| (l.url.scheme(), l.answer)).collect();
    assert_eq!(asked, [("https", Some(Ok(200))), ("https", Some(Ok(200))), ("http", Some(Ok(200)))]);
    assert!(traffic.sent.is_empty());
    assert_eq!(server.hits(), 0);
}

#[tokio::test]
async fn a_live_library_gets_a_line_before_it_and_only_files_are_fetched_beside_it() {
    let server = Server::start(|head, _| {
        let missing = head.contains("gone.js");
        with(if missing { 404 } else { 200 }, "Content-Type: text/javascript; charset=utf-8\r\n", "\u{feff}library()")
    })
    .await;
    let visitor = visitor("http://a.test/", net(&server, &["dem.test"]));
    let mut both = rules(plain(server.port, None));
    let mut gone = plain(server.port, None);
    gone.library.set_path("/gone.js");
    both.trackers.insert("gone".to_owned(), gone);
    let rig = Rig::new(Answers::Web(visitor), both);
    let got = rig.get(&server.at("dem.test", "/embed/thu.js?v=1"), "script").await.unwrap();
    // Reading the text takes the mark at its beginning away.
    assert_eq!(got.text, "/*before*/library()");
    assert_eq!(got.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(got.header("content-length"), (got.text.len() + "\u{feff}".len()).to_string());
    assert_eq!(rig.get(&server.at("dem.test", "/gone.js"), "script").await.unwrap().text, "library()");
    for (path, status) in [
        ("/embed/theme.css?v=12", 200),
        ("/pixel.gif?id=7&url=x", 204),
        ("/pixel.gif?d=aWQ9NyZ1cmw9aHR0cHM6Ly9hLnZuL3Rob25nLXRpbi1iYW8tY2hp", 204),
        ("/dem?id=7", 204),
        ("/", 204),
    ] {
        assert_eq!(rig.get(&server.at("dem.test", path), "image").await.unwrap().status, status, "{path}");
    }
    let traffic = rig.intercept.traffic();
    let ends: Vec<_> = traffic.libraries.iter().map(|l| (l.tracker.as_str(), l.answer)).collect();
    assert_eq!(ends, [("dem", Some(Ok(200))), ("gone", Some(Ok(404)))]);
    assert_eq!((traffic.sent.len(), server.hits()), (4, 3));
}

#[tokio::test]
async fn a_live_library_that_is_not_there_is_a_gap() {
    let (server, _) = rig(rule(None), false).await;
    let visitor = visitor("http://a.test/", NetOptions { retries: 0, ..net(&server, &["dem.test"]) });
    let mut rule = plain(server.port, None);
    rule.library = Url::parse("http://127.0.0.1:1/thu.js").unwrap();
    let rig = Rig::new(Answers::Web(visitor), rules(rule));
    assert!(rig.get("http://127.0.0.1:1/thu.js", "script").await.is_none());
    assert_eq!(rig.intercept.traffic().libraries[0].answer, Some(Err(Gap::PrivateAddress)));
}

#[tokio::test]
async fn what_is_to_be_sent_goes_out_and_is_noted() {
    let server = Server::start(|_, _| with(202, "", "")).await;
    let visitor = visitor("http://a.test/", net(&server, &["dem.test"]));
    let rules = Rules { send: true, ..rules(plain(server.port, Some("stand_in()"))) };
    let rig = Rig::new(Answers::Web(visitor), rules);
    let got = Got::of(rig.ask("POST", &server.at("dem.test", "/thu"), "empty").body("id=7")).await.unwrap();
    assert_eq!(got.status, 202);
    assert!(server.heads()[0].ends_with("\r\n\r\nid=7"));
    assert_eq!(rig.intercept.traffic().sent[0].sent.values, ["7"]);
    assert_eq!(rig.get(&server.at("dem.test", "/khac"), "empty").await.unwrap().status, 404);
    assert_eq!(server.hits(), 1);
}

#[tokio::test]
async fn a_bounded_part_of_what_a_page_sends_is_kept() {
    let (server, rig) = rig(rule(Some("")), false).await;
    for n in 0..30 {
        rig.get(&format!("https://dem.test/thu?n={n}"), "image").await.unwrap();
        rig.get("https://dem.test/embed/thu.js", "script").await.unwrap();
    }
    let traffic = rig.intercept.traffic();
    assert_eq!((traffic.sent.len(), traffic.libraries.len(), server.hits()), (20, 20, 0));
}
