//! What a status means, which are tried again, and how long a server may ask to wait.

use std::time::Duration;

use super::super::program::{check, verdict};
use super::super::server::{Act, Answer, Fault, Host, Server};
use super::{good, row, table};

#[test]
fn every_status_has_its_gap() {
    // The site's own page comes with every status, so that a status that is overlooked would pass.
    let says = |status: u16| Host::home(Answer::new(status, "Content-Type: text/html\r\n", good()));
    let with = |status: u16, header: &str| Host::home(Answer::new(status, header, good()));
    let told = table(
        "status",
        vec![
            row("200", says(200), "pass -").once(),
            row("203", says(203), "pass -").once(),
            row("400", says(400), "inconclusive http-error").once(),
            row("401", with(401, "WWW-Authenticate: Basic realm=x\r\n"), "inconclusive blocked").once(),
            row("402", says(402), "inconclusive http-error").once(),
            row("403", says(403), "inconclusive blocked").once(),
            row("404", says(404), "inconclusive not-found").once(),
            row("405", says(405), "inconclusive http-error").once(),
            row("407", says(407), "inconclusive blocked").once(),
            row("410", says(410), "inconclusive not-found").once(),
            row("418", says(418), "inconclusive http-error").once(),
            row("429", says(429), "inconclusive rate-limited").twice(),
            row("451", says(451), "inconclusive blocked").once(),
            row("500", says(500), "inconclusive server-error").twice(),
            row("501", says(501), "inconclusive server-error").once(),
            row("502", says(502), "inconclusive server-error").twice(),
            row("503", says(503), "inconclusive server-error").twice(),
            row("504", says(504), "inconclusive server-error").twice(),
            row("520", says(520), "inconclusive server-error").once(),
            row("599", says(599), "inconclusive server-error").once(),
            row("600", says(600), "inconclusive http-error").once(),
            row("999", says(999), "inconclusive http-error").once(),
            row("204", says(204), "inconclusive empty").once(),
            row("205", says(205), "inconclusive empty").once(),
            row(
                "206, a part of the page",
                with(206, "Content-Range: bytes 0-9/99\r\n"),
                "inconclusive http-error|pass -",
            )
            .once(),
            row("300", says(300), "inconclusive http-error").once(),
            row("304", Host::home(Answer::new(304, "", "")), "inconclusive http-error").once(),
            row(
                "101",
                Host::home(Answer::raw("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")),
                "inconclusive http-error|inconclusive protocol-error",
            ),
            row("a hundred and then the page", Host::home(hundreds(3)), "pass -"),
            row(
                "a hundred for ever",
                Host::home(Answer::acts(vec![Act::Endless(EARLY.repeat(999).into_bytes())])),
                "inconclusive protocol-error|inconclusive timeout|inconclusive too-large",
            ),
        ],
    );
    println!("{told}");
}

/// Interim answers before the page.
fn hundreds(n: usize) -> Answer {
    let page =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{}", good().len(), good());
    Answer::raw(format!("{}{page}", EARLY.repeat(n)))
}

const EARLY: &str = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";

/// Seconds between the first and the second request of a host that first says `fault`.
fn waited(server: &Server, name: &str, fault: Answer) -> (String, f64) {
    server.host(name, Host::page(good()).fails([Fault::Answer(fault)]));
    let ended = check(server, &server.https(name), "--only emc-snippet --retries 1");
    let asked = server.asked(name);
    let apart = if asked.len() == 2 { (asked[1].at - asked[0].at).as_secs_f64() } else { f64::NAN };
    (verdict(&ended.only("emc-snippet")), apart)
}

#[test]
fn a_server_may_say_when_to_come_back() {
    let server = Server::start();
    // The server's own clock is wrong by years, as is that of many.
    let date = "Wed, 21 Oct 2015 07:28:03 GMT\r\nDate: Wed, 21 Oct 2015 07:28:00 GMT";
    for (name, status, after, least) in
        [("seconds.test", 429, "3", 3.0), ("at-503.test", 503, "2", 2.0), ("date.test", 429, date, 3.0)]
    {
        let (said, apart) = waited(&server, name, Answer::new(status, &format!("Retry-After: {after}\r\n"), ""));
        assert_eq!(said, "pass -", "{name}");
        assert!(apart >= least && apart < least + 6.0, "{name}: {apart} s apart, {after} was asked for");
    }
    for (name, after) in [("none.test", "soon"), ("negative.test", "-5"), ("zero.test", "0")] {
        let (said, apart) = waited(&server, name, Answer::new(503, &format!("Retry-After: {after}\r\n"), ""));
        assert_eq!(said, "pass -", "{name}");
        assert!(apart < 5.0, "{name}: {apart} s apart");
    }
}

#[test]
fn a_block_is_not_asked_again_and_nobody_waits_for_an_hour() {
    let server = Server::start();
    let hour = |status| Host::home(Answer::new(status, "Retry-After: 3600\r\n", good()));
    server.host("block.test", hour(403));
    let ended = check(&server, &server.https("block.test"), "--only emc-snippet --retries 2");
    let said = verdict(&ended.only("emc-snippet"));
    assert!(["inconclusive blocked", "inconclusive rate-limited"].contains(&&*said), "{said}");
    assert!(ended.took < Duration::from_secs(70), "{:?}", ended.took);
    server.host("hour.test", hour(429));
    let ended = check(&server, &server.https("hour.test"), "--only emc-snippet --retries 1 --deadline 3s");
    let said = verdict(&ended.only("emc-snippet"));
    assert!(["inconclusive rate-limited", "inconclusive cancelled"].contains(&&*said), "{said}");
    assert_eq!(ended.exit, Some(3));
    assert!(ended.took < Duration::from_secs(8), "{:?}", ended.took);
}
