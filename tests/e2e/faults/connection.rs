//! Before an answer is there: names, connections, TLS, and connections that break or hang.

use std::time::Duration;

use super::super::program::{check, verdict};
use super::super::server::{Act, Answer, CHUNKED, Cert, FOREVER, FULL, Handshake, Host, NOBODY, Server, chunk};
use super::{good, row, table};

/// A TLS record that ends the handshake for a reason.
fn alert(reason: u8) -> Handshake {
    Handshake::Bytes(vec![0x15, 3, 1, 0, 2, 2, reason])
}

/// The answer of a server that knows TLS 1.0 or 1.1 and nothing newer.
fn old_hello(minor: u8) -> Handshake {
    let body = [&[3, minor][..], &[7; 32], &[0], &[0, 0x2f], &[0]].concat();
    let message = [&[2, 0, 0, u8::try_from(body.len()).unwrap()][..], &body].concat();
    Handshake::Bytes([&[0x16, 3, minor, 0, u8::try_from(message.len()).unwrap()][..], &message].concat())
}

fn host() -> Host {
    Host::page(good())
}

#[test]
fn names_and_connections() {
    let half = &good()[..600];
    let length = good().len();
    let started = [CHUNKED.as_bytes(), &chunk(good().as_bytes())].concat();
    let broken = [CHUNKED.as_bytes(), format!("{:x}\r\n{half}", length).as_bytes()].concat();
    let stalled = |part: &str| Answer::cut_short(part, length, Act::Wait(FOREVER));
    let answer = |answer: Answer| Host::home(answer);
    let slow = Duration::from_millis(20);
    let told = table(
        "connection",
        vec![
            row("nobody listens", host(), "inconclusive refused").at(NOBODY),
            row("nobody listens, plain", host(), "inconclusive refused").at(NOBODY).plain(),
            row("nobody is let in", host(), "inconclusive timeout").code("timeout-connect").at(FULL),
            row("reset before any byte", answer(Answer::acts(vec![Act::Reset])), "inconclusive reset").twice(),
            row("reset before any byte, plain", answer(Answer::acts(vec![Act::Reset])), "inconclusive reset")
                .plain()
                .twice(),
            row("closed before any byte", answer(Answer::acts(vec![])), "inconclusive reset").twice(),
            row("cut before any byte", answer(Answer::acts(vec![Act::Cut])), "inconclusive reset").twice(),
            row(
                "reset in the headers",
                answer(Answer::then("HTTP/1.1 200 OK\r\nContent-Ty", Act::Reset)),
                "inconclusive reset",
            )
            .twice(),
            row(
                "closed in the headers",
                answer(Answer::raw("HTTP/1.1 200 OK\r\nContent-Ty")),
                "inconclusive reset|inconclusive protocol-error",
            )
            .twice(),
            row("reset in the body", answer(Answer::cut_short(&good(), length + 9, Act::Reset)), "inconclusive reset")
                .twice(),
            row(
                "cut in the body, after the snippet",
                answer(Answer::cut_short(&good(), length + 9, Act::Cut)),
                "inconclusive reset",
            )
            .code("broke-off-in-body")
            .twice(),
            row(
                "closed in the body, after the snippet",
                answer(Answer::cut_short(&good(), length + 9, Act::Wait(slow))),
                "inconclusive reset",
            )
            .twice(),
            row(
                "closed in the body, plain",
                answer(Answer::cut_short(half, length, Act::Wait(slow))),
                "inconclusive reset",
            )
            .plain()
            .twice(),
            row("closed in a chunk", answer(Answer::raw(broken.clone())), "inconclusive reset").twice(),
            row("closed in a chunk, plain", answer(Answer::raw(broken.clone())), "inconclusive reset").plain().twice(),
            row("reset in a chunk", answer(Answer::then(broken, Act::Reset)), "inconclusive reset").twice(),
            row("closed before the last chunk", answer(Answer::raw(started)), "inconclusive reset").twice(),
            row(
                "without a length, cut before TLS says it is over",
                answer(Answer::then(format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{}", good()), Act::Cut)),
                "inconclusive reset",
            ),
            row("no byte of the answer", answer(Answer::acts(vec![Act::Wait(FOREVER)])), "inconclusive timeout")
                .code("timeout-first-byte")
                .twice(),
            row(
                "headers that stall",
                answer(Answer::then("HTTP/1.1 200 OK\r\n", Act::Wait(FOREVER))),
                "inconclusive timeout",
            )
            .code("timeout-first-byte")
            .twice(),
            row("a body that stalls", answer(stalled(half)), "inconclusive timeout").code("timeout-body").twice(),
            row(
                "a body that stalls after the snippet",
                answer(Answer::cut_short(&good(), length + 9, Act::Wait(FOREVER))),
                "inconclusive timeout",
            )
            .twice(),
            row(
                "a body that drips",
                answer(Answer::cut_short("", length, Act::Drip(good().into_bytes(), slow))),
                "inconclusive timeout",
            )
            .code("timeout-body")
            .twice(),
            row(
                "headers that drip",
                answer(Answer::acts(vec![Act::Drip(
                    format!("HTTP/1.1 200 OK\r\nX-Slow: {}\r\n\r\n", "x".repeat(600)).into_bytes(),
                    slow,
                )])),
                "inconclusive timeout",
            )
            .twice(),
        ],
    );
    println!("{told}");
}

#[test]
fn every_fault_of_tls() {
    let shows = |cert: Cert| host().cert(cert);
    let does = |handshake: Handshake| host().handshake(handshake);
    let html = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_vec();
    let told = table(
        "tls",
        vec![
            row("all is well", shows(Cert::Good), "pass -").once(),
            row("expired", shows(Cert::Expired), "inconclusive tls-expired").once(),
            row("not yet valid", shows(Cert::NotYetValid), "inconclusive tls-not-yet-valid").once(),
            row("for another host", shows(Cert::WrongHost), "inconclusive tls-wrong-host").once(),
            row("signed by itself", shows(Cert::SelfSigned), "inconclusive tls-untrusted").code("self-signed").once(),
            row("an unknown root, the chain whole", shows(Cert::UnknownRoot), "inconclusive tls-untrusted")
                .code("unknown-root")
                .once(),
            row("the intermediate is missing", shows(Cert::LeafOnly), "inconclusive tls-incomplete-chain").once(),
            row("TLS 1.0 only", does(old_hello(1)), "inconclusive tls-other").code("old-tls").once(),
            row("TLS 1.1 only", does(old_hello(2)), "inconclusive tls-other").code("old-tls").once(),
            row("an old server's alert: version", does(alert(70)), "inconclusive tls-other").once(),
            row("an alert: no common cipher", does(alert(40)), "inconclusive tls-other").once(),
            row("an alert: unknown name", does(alert(112)), "inconclusive tls-other").once(),
            row(
                "plain HTTP on the TLS port",
                does(Handshake::Bytes(html)),
                "inconclusive tls-other|inconclusive protocol-error",
            ),
            row(
                "something else on the TLS port",
                does(Handshake::Bytes(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
                "inconclusive tls-other|inconclusive protocol-error",
            ),
            row("a handshake that hangs", does(Handshake::Hang), "inconclusive timeout").twice(),
            row("a handshake that is closed", does(Handshake::Close), "inconclusive reset").twice(),
            row("a handshake that is reset", does(Handshake::Reset), "inconclusive reset").twice(),
        ],
    );
    println!("{told}");
}

#[test]
fn names_that_do_not_resolve_and_proxies_that_do_not_serve() {
    let server = Server::start();
    server.host("a.test", host());
    server.host_at("dead.test", NOBODY, host());
    let said = |url: &str, flags: &str| {
        let ended = check(&server, url, &format!("--only emc-snippet --retries 0 --timeout 5s {flags}"));
        assert_eq!(ended.exit, Some(3), "{url}");
        verdict(&ended.only("emc-snippet"))
    };
    assert_eq!(said("https://no-such-host.invalid/", ""), "inconclusive dns");
    assert_eq!(said(&server.https("unknown.invalid"), ""), "inconclusive dns");
    // The proxy's address is one where nobody listens, then one that refuses to be a proxy for TLS.
    let dead = server.http("dead.test").replace("dead.test", &NOBODY.to_string());
    assert_eq!(said(&server.https("a.test"), &format!("--proxy {dead}")), "inconclusive proxy");
    let unwilling = server.http("127.0.0.1");
    assert_eq!(said(&server.https("a.test"), &format!("--proxy {unwilling}")), "inconclusive proxy");
}
