//! What a page may ask for, and what becomes of what lies beyond.

use super::*;
use crate::snapshot::Gap;

async fn rig(limits: Limits) -> (Server, Rig) {
    let server = Server::start(|_, _| ok("", &"x".repeat(1000))).await;
    let visitor = visitor(&server.at("a.test", "/"), net(&server, &["a.test"]));
    (server, Rig::new(Answers::Web(visitor), Rules { limits, ..Rules::default() }))
}

#[test]
fn limits_have_defaults() {
    assert_eq!(Limits::default(), Limits { requests: 2_000, request_bytes: 1 << 20, answer_bytes: 64 << 20 });
}

#[tokio::test]
async fn a_page_asks_so_often_and_no_more() {
    let (server, rig) = rig(Limits { requests: 3, ..Limits::default() }).await;
    for n in 0..5 {
        assert_eq!(rig.get(&server.at("a.test", "/"), "empty").await.is_some(), n < 3);
    }
    let traffic = rig.intercept.traffic();
    assert_eq!((server.hits(), traffic.requests, traffic.pending), (3, 3, 0));
    assert!(traffic.failed_scripts.is_empty());
    // What may hold the snippet and was refused by a limit of ours is told.
    assert!(rig.get(&server.at("a.test", "/app.js"), "script").await.is_none());
    let refused = rig.intercept.traffic().failed_scripts;
    assert!(matches!(refused.as_slice(), [(_, Err(Gap::TooLarge))]), "{refused:?}");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let (server, rig) = rig(Limits::default()).await;
    let whole = rig.ask("POST", &server.at("a.test", "/"), "empty").body(vec![b'x'; 1 << 20]);
    assert_eq!(Got::of(whole).await.unwrap().status, 200);
    let larger = rig.ask("POST", &server.at("a.test", "/"), "empty").body(vec![b'x'; (1 << 20) + 1]);
    assert_eq!(Got::of(larger).await.map_or(413, |got| got.status), 413);
    assert_eq!(server.hits(), 1);
}

#[tokio::test]
async fn the_network_answers_so_much_and_no_more() {
    let (server, rig) = rig(Limits { answer_bytes: 2_500, ..Limits::default() }).await;
    for n in 0..5 {
        assert_eq!(rig.get(&server.at("a.test", "/"), "empty").await.is_some(), n < 2, "{n}");
    }
    assert_eq!(server.hits(), 3, "what would be too much is no longer asked for");
}

#[tokio::test]
async fn changes_are_not_missed() {
    let (server, rig) = rig(Limits::default()).await;
    rig.get(&server.at("a.test", "/"), "document").await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), rig.intercept.changed()).await.unwrap();
    assert!(rig.intercept.traffic().last.is_some());
}
