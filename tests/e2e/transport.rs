//! How sites are served, over real TLS: each certificate of the fault server with the verdict of every transport
//! rule, and what the reports tell of the way to a site.

use super::program::{Ended, check, run, verdict};
use super::server::{Answer, Cert, Handshake, Host, Server, home};

const RULES: [&str; 4] = ["https-only", "hsts-max-age", "certificate-valid", "tls-version"];

fn page() -> String {
    home("Cổng thông tin điện tử tỉnh A", "", "", 0)
}

fn judged(ended: &Ended) -> [String; 4] {
    RULES.map(|rule| verdict(&ended.only(rule)))
}

#[test]
fn every_certificate_has_its_verdict() {
    let server = Server::start();
    let hsts = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nStrict-Transport-Security: max-age=31536000\r\n";
    let sends = |headers: &str| {
        Host::home(Answer::raw(format!(
            "{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{}",
            page().len(),
            page()
        )))
    };
    let seen = |gap: &str| format!("inconclusive {gap}");
    let refused = |cert: Cert, gap: &str, verdict: &str| {
        (Host::page(page()).cert(cert), [seen(gap), seen(gap), verdict.to_owned(), seen(gap)])
    };
    let pass = "pass -".to_owned();
    let rows = [
        (sends(hsts), [&pass, &pass, &pass, &pass].map(Clone::clone)),
        (Host::page(page()), [pass.clone(), "fail hsts-missing".to_owned(), pass.clone(), pass]),
        refused(Cert::Expired, "tls-expired", "fail certificate-expired"),
        refused(Cert::NotYetValid, "tls-not-yet-valid", "fail certificate-not-yet-valid"),
        refused(Cert::WrongHost, "tls-wrong-host", "fail certificate-wrong-host"),
        refused(Cert::SelfSigned, "tls-untrusted", "fail certificate-self-signed"),
        refused(Cert::UnknownRoot, "tls-untrusted", "inconclusive tls-untrusted"),
        refused(Cert::LeafOnly, "tls-incomplete-chain", "fail chain-incomplete"),
        (Host::page(page()).handshake(Handshake::Close), std::array::from_fn(|_| seen("reset"))),
    ];
    for (k, (host, wanted)) in rows.into_iter().enumerate() {
        let name = format!("transport-{k}.test");
        server.host(&name, host);
        let ended = check(&server, &server.https(&name), "-p transport-baseline --role portal --retries 0");
        assert_eq!(judged(&ended), wanted, "row {k}: {:?}", ended.only("certificate-valid")["message"]["en"]);
        assert_eq!(ended.exit, Some(0), "row {k}: recommendations do not fail a run");
    }
}

#[test]
fn the_way_to_a_site_is_told() {
    let server = Server::start();
    // One name on both ports: in clear it redirects, over TLS it answers itself.
    let secure = server.https("told.test");
    server.host(
        "told.test",
        Host::new(move |asked| {
            if asked.path == "/" {
                Answer::new(301, &format!("Location: {secure}vi\r\n"), "")
            } else {
                Answer::html(page())
            }
        }),
    );
    let url = server.https("told.test");
    let ended = run(
        &server,
        &format!("check {url} -p transport-baseline --role portal -v --lang en --report junit=j.xml"),
        &[],
    );
    for text in ["(301) → ", "HTTP/1.1 · TLS 1.3 · certificate issued by", " days left "] {
        assert!(ended.out.contains(text), "“{text}” is not in\n{}", ended.out);
    }
    let xml = std::fs::read_to_string(ended.folder.path().join("j.xml")).unwrap();
    for name in
        ["site.tls\" value=\"1.3\"", "site.redirects\" value=\"1\"", "site.certificate.days_left", "site.http_version"]
    {
        assert!(xml.contains(name), "{name} is not in\n{xml}");
    }
}
