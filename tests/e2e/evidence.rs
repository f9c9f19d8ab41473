//! What the report tells of the way to a site: hops, addresses, TLS with its chain, versions, headers that matter,
//! also when the visit failed.

use super::program::{check, verdict};
use super::server::{Answer, Cert, FIRST, Host, SECOND, Server, home, label, snippet};

fn page() -> String {
    home("Cổng", "", &format!("{}{}", label(), snippet("1")), 0)
}

#[test]
fn a_visit_that_arrived() {
    let server = Server::start();
    let headers = "Content-Type: text/html; charset=utf-8\r\nContent-Security-Policy: upgrade-insecure-requests\r\n\
        Strict-Transport-Security: max-age=31536000\r\nX-Noise: 1\r\n";
    server.host_at(
        "a.test",
        SECOND,
        Host::paths([
            ("/", Answer::new(301, "Location: /vi\r\n", "")),
            ("/vi", Answer::new(307, "Location: /vi/trang-chu\r\n", "")),
            ("/vi/trang-chu", Answer::new(200, headers, page())),
        ]),
    );
    let ended = check(&server, &server.https("a.test"), "--record rec");
    assert_eq!(ended.replayed(""), None, "a replay tells the same");
    let site = &ended.report()["sites"][0];
    let address = server.https("a.test");
    assert_eq!(site["final_url"], format!("{address}vi/trang-chu"));
    let hops: Vec<(String, u64)> = site["hops"]
        .as_array()
        .unwrap()
        .iter()
        .map(|h| (h["url"].as_str().unwrap().to_owned(), h["status"].as_u64().unwrap()))
        .collect();
    assert_eq!(hops, [(address.clone(), 301), (format!("{address}vi"), 307)]);
    assert_eq!((site["status"].as_u64(), site["attempts"].as_u64()), (Some(200), Some(1)));
    assert_eq!((site["address"].as_str(), site["http_version"].as_str()), (Some(&*SECOND.to_string()), Some("1.1")));
    assert_eq!(site["tls"]["version"], "1.3");
    let chain = site["tls"]["chain"].as_array().unwrap();
    assert_eq!(chain.len(), 2, "{chain:?}");
    assert_eq!(chain[0]["names"][0], "a.test");
    assert!(chain[0]["issuer"].as_str().unwrap().contains("Test intermediate"), "{}", chain[0]);
    assert!(chain[0]["not_after"].as_str().unwrap().starts_with("2090-01-01"), "{}", chain[0]);
    let headers = site["headers"].to_string();
    for kept in ["upgrade-insecure-requests", "max-age=31536000", "text/html"] {
        assert!(headers.contains(kept), "{kept} is missing in {headers}");
    }
}

#[test]
fn a_visit_that_failed_still_shows_the_chain() {
    let server = Server::start();
    for (name, cert, certificates) in [
        ("leaf.test", Cert::LeafOnly, 1),
        ("old.test", Cert::Expired, 2),
        ("self.test", Cert::SelfSigned, 1),
        ("other.test", Cert::WrongHost, 2),
    ] {
        server.host(name, Host::page(page()).cert(cert));
        let ended = check(&server, &server.https(name), "--only emc-snippet");
        let report = ended.report();
        let site = &report["sites"][0];
        assert_eq!(site["tls"]["chain"].as_array().map(Vec::len), Some(certificates), "{name}: {}", site["tls"]);
        assert_eq!(site["gap"], ended.only("emc-snippet")["gap"], "{name}");
        assert!(server.asked(name).is_empty(), "{name}: nothing is asked over a connection that is not trusted");
    }
    let message = |name: &str| {
        check(&server, &server.https(name), "--only emc-snippet").only("emc-snippet")["message"]["en"].to_string()
    };
    assert!(message("old.test").contains("2021-01-01"), "{}", message("old.test"));
    assert!(message("leaf.test").contains("Test intermediate"), "{}", message("leaf.test"));
    assert!(message("other.test").contains("another.test"), "{}", message("other.test"));
}

#[test]
fn tries_are_counted_and_the_last_answer_is_told() {
    let server = Server::start();
    server.host("busy.test", Host::home(Answer::new(503, "Content-Type: text/plain\r\n", "bận")));
    let ended = check(&server, &server.https("busy.test"), "--retries 2");
    let report = ended.report();
    let site = &report["sites"][0];
    assert_eq!((site["status"].as_u64(), site["attempts"].as_u64()), (Some(503), Some(3)));
    assert_eq!(site["address"], FIRST.to_string());
    assert_eq!(server.asked("busy.test").len(), 3);
    let apart: Vec<f64> = server.asked("busy.test").windows(2).map(|w| (w[1].at - w[0].at).as_secs_f64()).collect();
    assert!(apart[0] > 0.15 && apart[1] > apart[0] * 0.6, "each wait is longer than the last, give or take: {apart:?}");
}

#[test]
fn transport_is_judged_from_what_was_seen() {
    let server = Server::start();
    let strict = "Content-Type: text/html\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n";
    server.host("strict.test", Host::home(Answer::new(200, strict, page())));
    server.host("lax.test", Host::page(page()));
    let said = |name: &str| check(&server, &server.https(name), "-p transport-baseline --role portal").verdicts();
    let (strict, lax) = (said("strict.test"), said("lax.test"));
    let of = |said: &std::collections::BTreeMap<String, String>, part: &str| {
        said.iter().find(|(key, _)| key.contains(part)).unwrap_or_else(|| panic!("{said:?}")).1.clone()
    };
    assert_eq!((&*of(&strict, "hsts"), of(&lax, "hsts").split(' ').next()), ("pass -", Some("fail")));
    assert_eq!((&*of(&strict, "tls"), &*of(&strict, "cert")), ("pass -", "pass -"));
    assert!(verdict(&check(&server, &server.https("lax.test"), "--only emc-snippet").only("emc-snippet")) == "pass -");
}
