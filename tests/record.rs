//! What is recorded of servers and folders is judged again without them, byte for byte; a run that was killed goes
//! on; and nothing that must not be there is in the files.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "contract/server.rs"]
mod server;
mod support;

#[path = "record/estate.rs"]
mod estate;
#[path = "record/refused.rs"]
mod refused;
#[path = "support/scrubbed.rs"]
mod scrubbed;

use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;

use estate::{Estate, page};
use scrubbed::scrubbed;
use server::{Answer, Server, answer, html};

#[test]
fn a_replay_is_the_recorded_report_byte_for_byte() {
    let estate = Estate::of_every_kind();
    let (first, code) = estate.check("--record rec --report json=a.json --timeout 500ms --retries 1");
    assert_eq!(code, 1, "{first}");
    let hits = estate.hits();
    let recorded = estate.read("a.json");

    // The folder is gone, and so is every server as far as the replay is concerned.
    fs::rename(estate.path("dist"), estate.path("gone")).unwrap();
    let (said, code) = estate.check("--replay rec --report json=b.json");
    assert_eq!((code, estate.read("b.json") == recorded), (1, true), "{said}");
    let taken_at = serde_json::from_str::<Value>(&recorded).unwrap()["taken_at"].as_str().unwrap().parse().unwrap();
    let taken_at = rasoat::lang::Lang::En.instant(taken_at);
    assert!(said.contains(&format!("Replayed from a recording of {taken_at}, without network.")), "{said}");
    assert!(!first.contains("Replayed"));
    // Elsewhere there is no sites file either.
    fs::create_dir(estate.path("elsewhere")).unwrap();
    let (said, code) = estate.check_in("elsewhere", "--replay ../rec --report json=../c.json --lang vi");
    assert_eq!((code, estate.read("c.json") == recorded), (1, true), "{said}");
    assert!(said.contains("Xét lại từ bản ghi lúc"), "{said}");
    assert_eq!(estate.hits(), hits, "a replay asks nobody");

    // The facts were those they should be: without them equality would say little.
    let report: Value = serde_json::from_str(&recorded).unwrap();
    let gap = |id: &str| report["sites"].as_array().unwrap().iter().find(|s| s["id"] == id).unwrap()["gap"].clone();
    assert_eq!(gap("dead"), "refused");
    assert_eq!(gap("hangs-up"), "reset");
    assert_eq!(gap("private"), "private-address");
    assert_eq!(gap("off"), "redirect-off-site");
    assert_eq!(gap("moved"), Value::Null);
    assert!(report["sites"].as_array().unwrap().iter().any(|s| s["attempts"] == 2), "{report:#}");
    assert!(report["findings"].as_array().unwrap().iter().any(|f| f["duration_ms"].as_u64() > Some(0)));
}

#[test]
fn a_crawl_is_replayed_in_the_order_it_had() {
    let transient = |body: &str| Answer::InTurn(vec![answer(503, "", "busy"), html(&page(body))]);
    let link = |n: u32| format!("<a href=/p{n}>Trang {n}</a>");
    let mut home: String = (0..9).map(link).collect();
    home += "<a href=/doc>Tài liệu</a>";
    let mut paths = vec![
        ("/".to_owned(), html(&page(&home))),
        ("/robots.txt".to_owned(), answer(200, "Content-Type: text/plain\r\n", "User-agent: *\nDisallow: /p8\n")),
        ("/doc".to_owned(), answer(200, "Content-Type: application/pdf\r\n", "%PDF")),
        ("/p3".to_owned(), transient(&link(20))),
        ("/p20".to_owned(), transient("<p>20</p>")),
        ("/p5".to_owned(), answer(500, "", "broken")),
    ];
    for n in [0, 1, 2, 4, 6, 7, 8, 10, 11, 12] {
        paths.push((format!("/p{n}"), html(&page(&link(n + 4)))));
    }
    let paths: Vec<(&str, Answer)> = paths.iter().map(|(p, a)| (p.as_str(), a.clone())).collect();
    let server = Server::serve(&paths);
    let estate = Estate::with_sites(&[], &[("a", &server.address, None)]);
    let (said, code) = estate.check("--pages all --max-pages 14 --retries 2 --record rec --report json=a.json");
    assert_eq!(code, 1, "{said}");
    let hits = server.asked().len();
    let covered = &estate.report("a.json")["sites"][0]["pages_covered"];
    assert!(covered["judged"].as_u64() > Some(9), "{covered}");
    assert_eq!((covered["robots"].as_u64(), covered["unread"].as_u64()), (Some(1), Some(1)), "{covered}");
    let (said, code) = estate.check("--replay rec --report json=b.json");
    assert_eq!((code, estate.read("b.json") == estate.read("a.json")), (1, true), "{said}");
    let (_, code) = estate.check("--replay rec --pages home --report json=c.json");
    assert_eq!((code, estate.report("c.json")["sites"][0]["pages_covered"]["judged"].as_u64()), (1, Some(1)));
    assert_eq!(server.asked().len(), hits);
}

#[test]
fn a_site_that_asks_for_patience_is_replayed_at_once() {
    let robots = answer(200, "Content-Type: text/plain\r\n", "User-agent: *\nCrawl-delay: 2\n");
    let links = "<a href=/1>1</a><a href=/2>2</a>";
    let paths =
        [("/", html(&page(links))), ("/robots.txt", robots), ("/1", html(&page("1"))), ("/2", html(&page("2")))];
    let server = Server::serve(&paths);
    let estate = Estate::with_sites(&[], &[("a", &server.address, None)]);
    estate.check("--pages all --record rec --report json=a.json");
    let begun = Instant::now();
    estate.check("--replay rec --report json=b.json");
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(estate.read("b.json"), estate.read("a.json"));
}

#[test]
fn the_same_words_replay_targets() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let estate = Estate::empty(&[("dist/index.html", &page(""))]);
    let words = format!("{} dist --max-redirects 3", server.address);
    let (said, code) = estate.check(&format!("{words} --record rec --report json=a.json"));
    assert_eq!(code, 1, "{said}");
    // A sites file that merely lies there has nothing to do with recorded targets.
    fs::write(
        estate.path("sites.yml"),
        "apiVersion: rasoat/v1\nsites: [{id: x, role: portal, url: 'https://x.vn/'}]\n",
    )
    .unwrap();
    fs::remove_dir_all(estate.path("dist")).unwrap();
    for (n, words) in [words.as_str(), ""].iter().enumerate() {
        let (said, code) = estate.check(&format!("{words} --replay rec --report json={n}.json"));
        assert_eq!(code, 1, "{said}");
        assert_eq!(estate.read(&format!("{n}.json")), estate.read("a.json"), "{words}");
    }
    let (said, code) = estate.check("other --replay rec");
    assert_eq!(code, 2, "{said}");
    let (said, _) = estate.check("dist --replay rec --report json=one.json");
    assert_eq!(estate.report("one.json")["sites"].as_array().unwrap().len(), 1, "{said}");
    assert_eq!(server.asked().len(), 1, "{:?}", server.asked());
}

#[test]
fn a_killed_run_goes_on() {
    let quick = Server::serve(&[("/", html(&page("")))]);
    let stalls = Answer::InTurn(vec![Answer::Silence(Duration::from_secs(120)), html(&page("<p>late</p>"))]);
    let slow = Server::serve(&[("/", stalls)]);
    let estate = Estate::with_sites(
        &[("dist/index.html", &page(""))],
        &[
            ("quick", &quick.address, None),
            ("slow", &slow.address, None),
            ("built", "https://built.example/", Some("dist")),
        ],
    );
    let mut killed = estate.command("--record rec --report json=never.json").spawn().unwrap();
    let begun = Instant::now();
    while estate.lines("rec/manifest.jsonl") < 2 || slow.asked().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is finished");
        std::thread::sleep(Duration::from_millis(20));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert!(!estate.path("never.json").exists());

    let (said, code) = estate.check("--record rec --report json=resumed.json");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("continuing the recording of") && said.contains("1 of 3 sites are done"), "{said}");
    assert_eq!((quick.asked().len(), slow.asked().len()), (1, 2), "what was finished is not asked for again");
    let (said, _) = estate.check("--replay rec --report json=replayed.json");
    assert_eq!(estate.read("replayed.json"), estate.read("resumed.json"), "{said}");
    estate.check("--record whole --report json=whole.json");
    assert_eq!(scrubbed(estate.report("resumed.json")), scrubbed(estate.report("whole.json")));

    // A third time there is nothing left to do.
    let (said, code) = estate.check("--record rec --report json=third.json");
    assert_eq!((code, slow.asked().len()), (1, 3), "{said}");
    assert_eq!(estate.read("third.json"), estate.read("resumed.json"));
}

#[test]
fn what_a_stopped_run_left_is_not_recorded_as_finished() {
    let quick = Server::serve(&[("/", html(&page("")))]);
    let slow = Server::serve(&[("/", Answer::Silence(Duration::from_secs(30)))]);
    let estate = Estate::with_sites(&[], &[("quick", &quick.address, None), ("slow", &slow.address, None)]);
    let (said, code) = estate.check("--record rec --deadline 3s --report json=a.json");
    assert_eq!(code, 1, "{said}");
    assert_eq!(estate.gap("a.json", "slow"), "cancelled");
    assert_eq!(estate.lines("rec/manifest.jsonl"), 2, "the run and one site");
    let (said, code) = estate.check("--replay rec --report json=b.json");
    assert_eq!(code, 1, "{said}");
    assert_eq!(estate.gap("b.json", "slow"), "no-data");
    assert_eq!(estate.gap("b.json", "quick"), Value::Null);
}

#[test]
fn another_policy_judges_anew() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let policy = "apiVersion: rasoat/v1\nkind: Policy\nid: ours\nversion: '1'\ntitle: {vi: Của ta, en: Ours}\nrules:\n  \
                  - id: heading\n    title: {vi: Có tiêu đề, en: It has a heading}\n    severity: error\n    \
                  applies_to: [portal, component]\n    check: {element: {selector: h1}}\n    \
                  fix: {vi: Thêm h1., en: Add an h1.}\n";
    let estate = Estate::with_sites(&[("ours.yml", policy)], &[("a", &server.address, None)]);
    let (said, code) = estate.check("--record rec");
    assert_eq!(code, 1, "{said}");
    let (said, code) = estate.check("--replay rec -p ours.yml --report json=b.json");
    assert_eq!(code, 0, "{said}");
    let report = estate.report("b.json");
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    assert_eq!(report["findings"][0]["verdict"], "pass");
    let (_, code) = estate.check("--replay rec -p ours.yml --report json=c.json");
    assert_eq!((code, estate.read("c.json")), (0, estate.read("b.json")), "for ever the same");
    let (said, code) = estate.check("--record rec -p ours.yml");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--policy tt22-2023, ours"), "{said}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_sites_file_may_be_mended_and_may_name_more() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let estate = Estate::with_sites(&[], &[("a", &server.address, None)]);
    estate.check("--record rec --report json=a.json");
    estate.declare(&[("a", &server.address, None), ("new", "https://new.example/", None)]);
    let (said, code) = estate.check("--replay rec --report json=b.json");
    assert_eq!(code, 1, "{said}");
    assert_eq!(estate.gap("b.json", "new"), "no-data");
    assert_eq!(estate.gap("b.json", "a"), Value::Null);
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_shard_is_recorded_and_replayed_as_such() {
    let server = Server::serve(&[("/", html(&page("")))]);
    let other = Server::serve(&[("/", html(&page("")))]);
    let estate = Estate::with_sites(&[], &[("a", &other.address, None), ("b", &server.address, None)]);
    let (said, code) = estate.check("--shard 2/2 --record rec --report json=a.json");
    assert_eq!(code, 1, "{said}");
    estate.check("--replay rec --report json=b.json");
    assert_eq!(estate.read("b.json"), estate.read("a.json"));
    let (said, code) = estate.check("--shard 1/2 --record rec");
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("--shard"), "{said}");
    assert_eq!((other.asked().len(), server.asked().len()), (0, 1));
}
