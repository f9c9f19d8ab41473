//! What becomes of an entry, and the file's text.

use super::*;

fn day(text: &str) -> Date {
    Date(text.parse().unwrap())
}

fn recorded(id: &str, hash: Option<char>, label: Option<&str>, on: Option<&str>) -> Recorded {
    Recorded {
        emc_site_id: id.to_owned(),
        snippet_sha256: hash.map(|c| c.to_string().repeat(64)),
        label: label.map(str::to_owned),
        accepted_on: on.map(day),
    }
}

/// The entry of a site after a sighting.
fn after(old: Option<Recorded>, state: Option<Recorded>, ids: &[&str]) -> (Option<Recorded>, Change) {
    let lock = Lock { sites: old.map(|r| ("a".to_owned(), r)).into_iter().collect(), ..Lock::default() };
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    let seen = [Sighting { id: "a", state: state.as_ref(), ids: &ids }];
    let mut accepted = accept(&lock, &seen, None, day("2026-01-02"));
    (accepted.lock.sites.remove("a"), accepted.changes.remove("a").unwrap())
}

const OLD: Option<&str> = Some("2025-01-01");
const NEW: Option<&str> = Some("2026-01-02");

#[test]
fn a_new_site_is_recorded_today() {
    let (entry, change) = after(None, Some(recorded("205", Some('a'), None, None)), &["205"]);
    let wanted = recorded("205", Some('a'), None, NEW);
    assert_eq!((entry, change), (Some(wanted.clone()), Change::Added(wanted)));
}

#[test]
fn an_unchanged_site_keeps_its_day_even_none() {
    for on in [OLD, None] {
        let old = recorded("205", Some('a'), Some("visible"), on);
        let (entry, change) =
            after(Some(old.clone()), Some(recorded("205", Some('a'), Some("visible"), None)), &["205"]);
        assert_eq!((entry, change), (Some(old), Change::Same));
    }
}

#[test]
fn what_was_left_open_stays_as_it_was() {
    let old = recorded("205", Some('a'), Some("visible"), OLD);
    assert_eq!(after(Some(old.clone()), Some(recorded("205", None, None, None)), &["205"]).1, Change::Same);
    // The hash of another id's snippet is not this one's.
    let (entry, _) = after(Some(old), Some(recorded("33", None, None, None)), &["33"]);
    assert_eq!(entry, Some(recorded("33", None, Some("visible"), NEW)));
}

#[test]
fn a_change_is_of_today() {
    let old = recorded("205", Some('a'), Some("visible"), OLD);
    for (state, wanted) in [
        (recorded("33", Some('b'), None, None), recorded("33", Some('b'), Some("visible"), NEW)),
        (recorded("205", Some('b'), None, None), recorded("205", Some('b'), Some("visible"), NEW)),
        (recorded("205", Some('a'), Some("label-hidden"), None), recorded("205", Some('a'), Some("label-hidden"), NEW)),
    ] {
        let (entry, change) = after(Some(old.clone()), Some(state.clone()), &[&state.emc_site_id]);
        assert_eq!((entry, change), (Some(wanted.clone()), Change::Changed { from: old.clone(), to: wanted }));
    }
}

#[test]
fn a_recorded_id_among_several_stays() {
    let old = recorded("205", None, None, OLD);
    assert_eq!(after(Some(old), Some(recorded("33", None, None, None)), &["205", "33"]).1, Change::Same);
}

#[test]
fn what_was_not_seen_stays_and_is_not_made_up() {
    let old = recorded("205", None, None, OLD);
    assert_eq!(after(Some(old.clone()), None, &[]), (Some(old), Change::Unseen));
    assert_eq!(after(None, None, &["205"]), (None, Change::Unseen));
}

#[test]
fn only_what_the_sites_file_no_longer_declares_is_removed() {
    let sites = ["a", "b"].map(|id| (id.to_owned(), recorded("1", None, None, OLD)));
    let lock = Lock { sites: sites.into(), ..Lock::default() };
    let declared = BTreeSet::from(["b", "c"]);
    let accepted = accept(&lock, &[], Some(&declared), day("2026-01-02"));
    assert_eq!(accepted.lock.sites.keys().collect::<Vec<_>>(), ["b"]);
    assert_eq!(accepted.changes, BTreeMap::from([("a".to_owned(), Change::Removed)]));
    assert_eq!(accept(&lock, &[], None, day("2026-01-02")).lock, lock);
}

#[test]
fn the_text_is_read_back_whatever_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rasoat.lock");
    let ids = ["so-gddt", "1", "01", "1e5", "true", "No", "null", "~", "a.b_c", "2026-01-01", "a: b", "\"'#", "ố\n-"];
    for on in [None, OLD] {
        let entry = |n: usize| recorded(ids[n], Some('0'), Some(ids[ids.len() - 1 - n]), on);
        let sites = ids.iter().enumerate().map(|(n, id)| ((*id).to_owned(), entry(n))).collect();
        let lock = Lock { sites, ..Lock::default() };
        std::fs::write(&path, render(&lock)).unwrap();
        assert_eq!(super::super::load_lock(&path).unwrap(), lock);
    }
    std::fs::write(&path, render(&Lock::default())).unwrap();
    assert_eq!(super::super::load_lock(&path).unwrap(), Lock::default());
}
