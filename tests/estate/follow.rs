//! Which links are worth following: few, the likely ones first, none when all is linked.

use std::fmt::Write;

use rasoat::check::MOST_FOLLOWED;
use rasoat::finding::Verdict;
use rasoat::snapshot::{Gap, Landing};

use super::town::{Town, url};

const PORTAL: &str = "id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/'";
const SOGD: &str = "id: sogd, role: component, parent: tinh-a, url: 'https://sogd.tinh-a.gov.vn/'";
const ELSEWHERE: &str = "id: bv, role: component, parent: tinh-a, url: 'https://www.benhvien.example.vn/'";
const RETIRED: &str =
    "id: cu, role: component, parent: tinh-a, url: 'https://phongcu.tinh-a.gov.vn/', retired_on: 2025-07-01";
const RULE: &str = "component-links";

fn portal(entries: &[&str], body: &str) -> Town {
    Town::of(entries).page("tinh-a", body)
}

#[test]
fn nothing_is_followed_when_all_is_linked() {
    let body = "<a href=https://cu.tinh-a.gov.vn/>a</a><a href=https://sogd.tinh-a.gov.vn/>b</a>";
    assert!(portal(&[PORTAL, SOGD], body).followed("tinh-a", RULE).is_empty());
    assert!(portal(&[PORTAL], body).followed("tinh-a", RULE).is_empty());
    assert!(portal(&[PORTAL, SOGD], body).followed("tinh-a", "emc-snippet").is_empty());
    assert!(portal(&[PORTAL, SOGD], body).gap("tinh-a", Gap::Dns).followed("tinh-a", RULE).is_empty());
}

#[test]
fn the_likely_come_first_and_hosts_once_before_twice() {
    let body = "
        <a href='https://example.org/'>a</a>
        <a href='https://cu.tinh-a.gov.vn/1#x'>b</a>
        <a href='https://cu.tinh-a.gov.vn/1#y'>the same</a>
        <a href='https://cu.tinh-a.gov.vn/2'>c</a>
        <a href='https://u:p@cu2.tinh-a.gov.vn/'>d</a>
        <a href='https://old.benhvien.example.vn/'>e</a>
        <a href='//facebook.com/tinh-a'>f</a>
        <a href='https://x-tinh-a.gov.vn/'>g</a>
        <a href='https://tinh-a.gov.vn/tin'>own</a> <a href=/gioi-thieu>own</a>
        <a href='mailto:a@cu3.tinh-a.gov.vn'>h</a> <a href='ftp://cu4.tinh-a.gov.vn/'>i</a>
        <a hidden href='https://cu5.tinh-a.gov.vn/'>j</a>
        <select onchange='location=this.value'><option value='https://cu6.tinh-a.gov.vn/'>k</option></select>";
    assert_eq!(
        portal(&[PORTAL, SOGD, ELSEWHERE], body).followed("tinh-a", RULE),
        [
            "https://cu.tinh-a.gov.vn/1",
            "https://cu2.tinh-a.gov.vn/",
            "https://old.benhvien.example.vn/",
            "https://cu6.tinh-a.gov.vn/",
            "https://cu.tinh-a.gov.vn/2",
            "https://example.org/",
            "https://facebook.com/tinh-a",
            "https://x-tinh-a.gov.vn/",
        ]
    );
}

#[test]
fn declared_sites_are_not_followed_but_retired_ones_are() {
    let body = "<a href=https://phongcu.tinh-a.gov.vn/>a</a><a href=https://www.benhvien.example.vn/>b</a>";
    let town = portal(&[PORTAL, SOGD, ELSEWHERE, RETIRED], body).change(|run| {
        let mut sites = run.estate.sites().to_vec();
        sites[3].retired = true;
        run.estate = std::sync::Arc::new(rasoat::site::Estate::new(sites));
    });
    assert_eq!(town.followed("tinh-a", RULE), ["https://phongcu.tinh-a.gov.vn/"]);
    // A dissolved office whose address leads to its heir.
    let found = town
        .lands("tinh-a", "https://phongcu.tinh-a.gov.vn/", Landing::At(url("https://sogd.tinh-a.gov.vn/")))
        .finding("tinh-a", RULE);
    assert_eq!(found.verdict, Verdict::Pass);
}

#[test]
fn at_most_thirty_are_followed() {
    let body = (0..100).fold(String::new(), |mut body, n| {
        let _ = writeln!(body, "<a href=https://h{n}.tinh-a.gov.vn/>a</a><a href=https://h{n}.tinh-a.gov.vn/2>a</a>");
        body
    });
    let town = portal(&[PORTAL, SOGD], &body);
    let followed = town.followed("tinh-a", RULE);
    assert_eq!((followed.len(), MOST_FOLLOWED), (30, 30));
    assert!(followed.iter().enumerate().all(|(n, link)| *link == format!("https://h{n}.tinh-a.gov.vn/")));
    // Nothing was followed, as in a folder: judged by its bytes.
    assert_eq!(town.finding("tinh-a", RULE).code.as_deref(), Some("missing-link"));
    // Thirty lead elsewhere; the rest might have led there.
    let elsewhere = |town: Town, followed: &[String]| {
        followed.iter().fold(town, |town, link| town.lands("tinh-a", link, Landing::At(url("https://example.org/"))))
    };
    let found = elsewhere(town, &followed).finding("tinh-a", RULE);
    assert_eq!((found.code.as_deref(), found.gap), (Some("link-not-followed"), Some(Gap::NoData)));
    assert!(found.message.en.contains("30") && found.message.vi.contains("danh sách trang"), "{}", found.message.en);
    // Of thirty hosts each was asked once: that answers for their other pages.
    let body: String = body.lines().take(30).collect();
    let town = portal(&[PORTAL, SOGD], &body);
    let followed = town.followed("tinh-a", RULE);
    assert_eq!(followed.len(), 30);
    let found = elsewhere(town, &followed).finding("tinh-a", RULE);
    assert_eq!(found.code.as_deref(), Some("missing-link"));
}
