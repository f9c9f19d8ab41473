//! The fault server itself: what it is told to do is what a client sees, else the other tests prove nothing.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::program::check;
use super::server::{
    Act, Answer, Cert, FIRST, FOREVER, FULL, Fault, Handshake, Host, NOBODY, Province, SECOND, Server,
};

/// What one request over a plain socket gives: the bytes, and how it ended.
fn plain(server: &Server, host: &str) -> (String, Option<std::io::ErrorKind>) {
    let port = server.http(host).rsplit_once(':').unwrap().1.trim_end_matches('/').parse().unwrap();
    let mut stream = TcpStream::connect(SocketAddr::new(FIRST, port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    write!(stream, "GET / HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut got = Vec::new();
    let end = loop {
        let mut piece = [0; 4096];
        match stream.read(&mut piece) {
            Ok(0) => break None,
            Ok(n) if got.len() < 1 << 20 => got.extend_from_slice(&piece[..n]),
            Ok(_) => break Some(std::io::ErrorKind::FileTooLarge),
            Err(e) => break Some(e.kind()),
        }
    };
    (String::from_utf8_lossy(&got).into_owned(), end)
}

#[test]
fn acts_are_what_a_client_sees() {
    let server = Server::start();
    server.host("reset.test", Host::home(Answer::then("HTTP/1.1 2", Act::Reset)));
    server.host("stall.test", Host::home(Answer::then("HTTP/1.1 2", Act::Wait(FOREVER))));
    server.host("endless.test", Host::home(Answer::then("HTTP/1.1 200 OK\r\n\r\n", Act::Endless(vec![b'x'; 65536]))));
    server.host("drip.test", Host::home(Answer::acts(vec![Act::Drip(b"abc".to_vec(), Duration::from_millis(50))])));
    assert_eq!(plain(&server, "reset.test"), ("HTTP/1.1 2".into(), Some(std::io::ErrorKind::ConnectionReset)));
    let (got, end) = plain(&server, "stall.test");
    assert_eq!((got.as_str(), end), ("HTTP/1.1 2", Some(std::io::ErrorKind::WouldBlock)));
    assert_eq!(plain(&server, "endless.test").1, Some(std::io::ErrorKind::FileTooLarge));
    let begun = Instant::now();
    assert_eq!(plain(&server, "drip.test"), ("abc".into(), None));
    assert!(begun.elapsed() > Duration::from_millis(100), "one byte at a time");
    assert_eq!(server.asked("reset.test")[0].header("connection"), Some("close"));
}

#[test]
fn faults_come_first_and_in_order() {
    let server = Server::start();
    let fault = |status| Fault::Answer(Answer::new(status, "", ""));
    server.host("a.test", Host::page("fine").fails([fault(503), fault(502)]));
    let seen: Vec<String> = (0..4).map(|_| plain(&server, "a.test").0[9..12].to_owned()).collect();
    assert_eq!(seen, ["503", "502", "200", "200"]);
    server.host("b.test", Host::page("fine").chance(move |before| (before % 2 == 1).then(|| fault(500))));
    let seen: Vec<String> = (0..4).map(|_| plain(&server, "b.test").0[9..12].to_owned()).collect();
    assert_eq!(seen, ["200", "500", "200", "500"]);
    assert_eq!((server.asked("a.test").len(), server.busiest(FIRST), server.busiest(SECOND)), (4, 1, 0));
    server.forget();
    assert!(server.log().is_empty());
}

#[test]
fn addresses_and_certificates() {
    let server = Server::start();
    let page = || Host::page(super::server::home("Cổng", "", &super::server::snippet("1"), 0));
    server.host("good.test", page());
    server.host_at("second.test", SECOND, page());
    server.host_at("nobody.test", NOBODY, page());
    server.host_at("full.test", FULL, page());
    server.host("expired.test", page().cert(Cert::Expired));
    server.host("late.test", page().fails([Fault::Handshake(Handshake::Reset)]));
    let snippet = |name: &str, flags: &str| {
        let ended = check(&server, &server.https(name), &format!("--only emc-snippet {flags}"));
        println!("{name} {:?} {} KiB", ended.took, ended.peak);
        super::program::verdict(&ended.only("emc-snippet"))
    };
    assert_eq!(snippet("good.test", ""), "pass -");
    assert_eq!(snippet("second.test", ""), "pass -");
    assert_eq!(snippet("nobody.test", "--retries 0"), "inconclusive refused");
    assert_eq!(snippet("full.test", "--retries 0 --timeout 500ms"), "inconclusive timeout");
    assert_eq!(snippet("expired.test", "--retries 0"), "inconclusive tls-expired");
    assert_eq!(snippet("late.test", "--retries 1"), "pass -");
    assert_eq!((server.greeted("late.test"), server.asked("late.test").len()), (2, 1));
}

#[test]
fn a_province_is_as_it_says() {
    let server = Server::start();
    let province = Province::new(7, 60).bytes(60_000);
    province.serve(&server, &|_, host| host);
    let kinds = |k| province.components.iter().filter(|c| c.kind == k).count();
    use super::server::Kind;
    for kind in [Kind::Plain, Kind::SnippetInFile, Kind::Moved, Kind::Renamed, Kind::NoSnippet, Kind::Retired] {
        assert!(kinds(kind) > 0, "{kind:?} is missing");
    }
    assert_eq!(Province::new(7, 60).truth(), province.truth(), "the seed decides everything");
    assert_ne!(Province::new(8, 60).truth(), province.truth());
    let (page, _) = plain(&server, &province.components[0].host);
    assert!((60_000..64_000).contains(&page.len()), "{}", page.len());
    let ended = super::program::run(
        &server,
        "check -q --skip domain-name --skip emc-site-id-unique --skip emc-site-id-drift",
        &[("sites.yml", province.sites(&server))],
    );
    println!("{:?} {} KiB", ended.took, ended.peak);
    assert_eq!(ended.exit, Some(1), "{}", ended.err);
    assert_eq!(ended.verdicts(), province.truth());
}
