//! Notes on the estate as a whole.

use rasoat::check::MOST_HOSTS;
use rasoat::finding::{MOST_PLACES, Note, NoteLevel};
use rasoat::site::Estate;
use rasoat::snapshot::{Gap, Landing};

use super::town::{Town, url};

const A: &str = "id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/'";
const B: &str = "id: tinh-b, role: portal, url: 'https://tinh-b.gov.vn/'";
const SO1: &str = "id: so-1, role: component, parent: tinh-a, url: 'https://so-1.tinh-a.gov.vn/', aliases: ['https://cu-1.tinh-a.gov.vn/']";
const SO2: &str = "id: so-2, role: component, parent: tinh-a, url: 'https://so-2.tinh-a.gov.vn/'";
const SO3: &str =
    "id: so-3, role: component, parent: tinh-a, url: 'https://so-3.tinh-a.gov.vn/', retired_on: 2025-07-01";
const TO1: &str = "<a href=https://cu-1.tinh-a.gov.vn/x>a</a>\n";
const TO2: &str = "<a href=https://so-2.tinh-a.gov.vn/>a</a>\n";
const TO3: &str = "<a href=https://so-3.tinh-a.gov.vn/>a</a>\n";
const TO_A: &str = "<a href=https://tinh-a.gov.vn/>a</a>\n";
const TO_B: &str = "<a href=https://tinh-b.gov.vn/>b</a>\n";

fn retire(town: Town, id: &str) -> Town {
    town.change(|run| {
        let mut sites = run.estate.sites().to_vec();
        sites.iter_mut().find(|s| s.id == id).unwrap().retired = true;
        run.estate = std::sync::Arc::new(Estate::new(sites));
    })
}

/// The only note of a code, which must be told in both languages.
fn only(town: &Town, code: &str) -> Note {
    let notes = town.notes(code);
    assert_eq!(notes.len(), 1, "{notes:?}");
    let note = notes.into_iter().next().unwrap();
    assert!(!note.message.vi.is_empty() && note.message.vi != note.message.en);
    note
}

#[test]
fn orphans_are_components_no_portal_links_to() {
    let all = [A, B, SO1, SO2, SO3];
    let town = |a: &str, b: &str| retire(Town::of(&all), "so-3").page("tinh-a", a).page("tinh-b", b).page("so-1", TO2);
    let note = only(&town(TO1, ""), "orphan");
    assert!(note.message.en.contains("links to (1)") && note.message.en.ends_with("(1): so-2."), "{}", note.message.en);
    assert_eq!(note.level, NoteLevel::Warning);
    assert!(note.places[0].path.is_some() || note.places[0].url.is_some());
    assert!(only(&town("", ""), "orphan").message.en.contains("so-1, so-2"));
    // Another portal links to it.
    assert!(town(TO1, TO2).notes("orphan").is_empty());
    // Hidden links are none; what a script may do is not known.
    assert!(
        only(&town("<p hidden><a href=https://so-2.tinh-a.gov.vn>a</a></p>", TO1), "orphan")
            .message
            .en
            .contains("so-2")
    );
    assert!(town("<a href='javascript:go(3)'>x</a>", "").notes("orphan").is_empty());
    // The portal was not seen.
    assert!(town("", "").gap("tinh-a", Gap::Timeout).notes("orphan").is_empty());
    // A redirect that was followed is a link; one that was not leaves the question open.
    let old = format!("{TO1}<a href=https://old.tinh-a.gov.vn/>x</a>");
    let lands = |landing| town(&old, "").lands("tinh-a", "https://old.tinh-a.gov.vn/", landing).notes("orphan").len();
    assert_eq!(lands(Landing::At(url("https://so-2.tinh-a.gov.vn/"))), 0);
    assert_eq!(lands(Landing::Unknown(Gap::Timeout)), 0);
    assert_eq!(lands(Landing::Dead(Gap::Dns)), 1);
}

#[test]
fn a_component_that_links_to_another_portal() {
    let town = |body: &str| Town::of(&[A, B, SO1, SO2]).page("tinh-a", "").page("so-1", body).page("so-2", TO_B);
    let note = only(&town(&format!("<p>\n{TO_B}")), "links-to-other-portal");
    assert!(note.message.en.contains("Component sites of tinh-a that link to another portal, tinh-b,"));
    assert!(note.message.en.ends_with("own (2): so-1, so-2."));
    assert_eq!(note.places.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(6), Some(5)]);
    assert!(only(&town(&format!("{TO_A}{TO_B}")), "links-to-other-portal").message.en.ends_with("own (1): so-2."));
    assert!(only(&town(""), "links-to-other-portal").message.en.ends_with("own (1): so-2."));
    // Its portal stands outside the file.
    let far = "id: far, role: component, parent: 'https://tinh-z.gov.vn/', url: 'https://far.tinh-z.gov.vn/'";
    let town = |body: &str| Town::of(&[A, far]).page("tinh-a", "").page("far", body);
    assert!(only(&town(TO_A), "links-to-other-portal").message.en.contains("https://tinh-z.gov.vn/"));
    assert!(town(&format!("{TO_A}<a href=http://www.tinh-z.gov.vn/x>z</a>")).notes("links-to-other-portal").is_empty());
}

#[test]
fn links_to_dead_and_retired_sites() {
    let town = |gap| Town::of(&[A, SO1, SO2]).page("tinh-a", &format!("{TO1}{TO2}")).page("so-1", TO2).gap("so-2", gap);
    for gap in [Gap::Dns, Gap::Refused, Gap::NotFound, Gap::Soft404, Gap::ServerError, Gap::Placeholder] {
        let note = only(&town(gap), "link-to-dead-site");
        assert!(
            note.message.en.contains(&format!("[{}: ", gap.name())) && note.message.en.ends_with("so-1, tinh-a."),
            "{}",
            note.message.en
        );
        assert_eq!(note.places.iter().map(|p| p.line).collect::<Vec<_>>(), [Some(5), Some(6)]);
    }
    for gap in [Gap::Timeout, Gap::Blocked, Gap::TlsExpired, Gap::RateLimited, Gap::Cancelled] {
        assert!(town(gap).notes("link-to-dead-site").is_empty(), "{gap:?}");
    }
    let town = retire(Town::of(&[A, SO1, SO3]), "so-3").page("tinh-a", &format!("{TO1}{TO3}")).page("so-1", "");
    let note = only(&town, "link-to-retired-site");
    assert!(note.message.en.contains("is retired since 2025-07-01") && note.message.vi.contains("ngừng hoạt động"));
    assert!(town.notes("link-to-dead-site").is_empty());
}

const HOSTS: &str = "
    <a href=https://b.tinh-a.gov.vn/x>a</a> <a href=https://a.tinh-a.gov.vn>a</a> <a href=https://x.so-1.tinh-a.gov.vn>a</a>
    <a href=https://x-tinh-a.gov.vn>a</a> <a href=https://tinh-a.gov.vn.example.org>a</a> <a href=https://tinh-b.gov.vn.example.org>a</a>
    <a href=https://so-1.tinh-a.gov.vn:8443/>a</a> <a href=https://www.tinh-a.gov.vn>a</a> <a href=mailto:x@thu.tinh-a.gov.vn>a</a>
    <a href=https://example.org/?https://c.tinh-a.gov.vn>a</a> <a hidden href=https://d.tinh-a.gov.vn>a</a>
    <select onchange='location=this.value'><option value=https://e.tinh-b.gov.vn>e</option></select>";

#[test]
fn hosts_that_the_sites_file_lacks() {
    let town = Town::of(&[A, B, SO1])
        .page("tinh-a", HOSTS)
        .page("tinh-b", "<a href=https://a.tinh-a.gov.vn/>a</a>")
        .page("so-1", TO_A);
    let notes = town.notes("undeclared-hosts");
    let said: Vec<&str> = notes.iter().map(|n| n.message.en.as_str()).collect();
    assert_eq!(
        said,
        [
            "Hosts under the domain of tinh-a that home pages link to and the sites file lacks (3): a.tinh-a.gov.vn, b.tinh-a.gov.vn, x.so-1.tinh-a.gov.vn.",
            "Hosts under the domain of tinh-b that home pages link to and the sites file lacks (1): e.tinh-b.gov.vn."
        ]
    );
    assert_eq!(notes[0].places.len(), 3);
    assert!(notes.iter().all(|n| n.level == NoteLevel::Info));
    // Targets on the command line are no sites file.
    assert!(town.change(|run| run.ad_hoc = true).notes("undeclared-hosts").is_empty());
    // A name that does not exist is no site.
    let town = Town::of(&[A, SO1]).page("tinh-a", "<a href=https://b.tinh-a.gov.vn/>b</a>");
    assert!(
        town.lands("tinh-a", "https://b.tinh-a.gov.vn/", Landing::Dead(Gap::Dns)).notes("undeclared-hosts").is_empty()
    );
}

#[test]
fn many_hosts_are_counted_and_cut() {
    let body: String = (0..700).map(|n| format!("<a href=https://h{n:03}.tinh-a.gov.vn>h</a>")).collect();
    let note = only(&Town::of(&[A]).page("tinh-a", &body), "undeclared-hosts");
    assert!(
        note.message.en.contains(&format!("lacks ({MOST_HOSTS}): h000"))
            && note.message.en.contains("h099.tinh-a.gov.vn (+400)")
    );
    assert_eq!(note.places.len(), MOST_PLACES);
}

#[test]
fn an_estate_in_order_has_no_notes() {
    let town = Town::of(&[A, SO1, SO2]).page("tinh-a", &format!("{TO1}{TO2}")).page("so-1", TO_A).page("so-2", TO_A);
    assert_eq!(town.report().estate_notes, []);
}
