//! What a change decides for itself, told by comparing the files with those before it.

use rasoat::finding::Verdict;

use super::bench::{Bench, finding, missing, waiver};

const LONG: &str = "2026-06-30";

fn bench() -> Bench {
    Bench::on("2026-01-02", vec![finding("tinh-a", "snippet", Verdict::Fail)])
}

#[test]
fn only_what_is_new_or_longer_and_acts_is_named() {
    let now = waiver("snippet", "tinh-a", "", LONG);
    for (before, named) in [
        (None, true),
        (Some("  - not a waiver\n".to_owned()), true),
        (Some(waiver("snippet", "tinh-a", "", "2026-03-31")), true),
        (Some(waiver("snippet", "tinh-*", "", LONG)), true),
        (Some(waiver("label", "tinh-a", "", LONG)), true),
        (Some(waiver("snippet", "tinh-a", "subject: {page: /}, ", LONG)), true),
        (Some(now.clone()), false),
        (Some(waiver("snippet", "tinh-a", "", "2026-12-31")), false),
    ] {
        let said = bench().waivers(&now).before(before.as_deref(), None).said();
        assert_eq!(said == ["waiver-added"], named, "{before:?}: {said:?}");
    }
}

#[test]
fn what_does_not_act_is_not_named() {
    let ended = waiver("snippet", "tinh-a", "", "2025-12-31");
    assert_eq!(bench().waivers(&ended).before(None, None).said(), [""; 0]);
    let part = waiver("links", "tinh-a", "subject: {host: a.vn}, ", LONG);
    let failure = missing("tinh-a", &["a.vn", "b.vn"]);
    let (findings, notes) = Bench::on("2026-01-02", vec![failure]).waivers(&part).before(None, None).laid();
    assert_eq!(findings[0].verdict, Verdict::Fail);
    assert_eq!(notes[0].code, "waiver-added", "a part counts");
}

#[test]
fn the_note_names_rule_site_reason_and_approver_and_goes_first() {
    let text = waiver("label", "tinh-a", "", LONG) + &waiver("snippet", "tinh-a", "", LONG);
    let (_, notes) = bench().waivers(&text).before(None, None).laid();
    assert_eq!(notes.iter().map(|n| n.code.as_str()).collect::<Vec<_>>(), ["waiver-added", "waiver-unmatched"]);
    for part in ["snippet on tinh-a", "chờ nâng cấp", "Trần B", LONG, "decisions.yml:4"] {
        assert!(notes[0].message.en.contains(part), "{part}: {}", notes[0].message.en);
    }
    assert!(notes[0].is_of_change() && !notes[1].is_of_change());
}

#[test]
fn known_failures_that_the_change_records_are_named() {
    let one = "  - {site: tinh-a, rule: links, subjects: [{host: a.vn}]}\n";
    let two = "  - {site: tinh-a, rule: links, subjects: [{host: a.vn}, {host: b.vn}]}\n";
    for (before, named) in [(None, true), (Some(one), true), (Some(two), false)] {
        let bench = Bench::on("2026-01-02", vec![missing("tinh-a", &["a.vn", "b.vn"])]);
        let said = bench.baseline(two).before(None, before).said();
        assert_eq!(said == ["baseline-added"], named, "{before:?}: {said:?}");
    }
}

#[test]
fn a_waiver_under_which_a_rule_is_weakened_acts_without_a_failure() {
    let bench = |glob: &str| {
        let mut bench = Bench::on("2026-01-02", vec![finding("tinh-a", "snippet", Verdict::Pass)]);
        bench.weakened = vec!["snippet"];
        bench.waivers(&waiver("snippet", glob, "", LONG))
    };
    assert_eq!(bench("*").said(), [""; 0]);
    assert_eq!(bench("*").before(None, None).said(), ["waiver-added"]);
    assert_eq!(bench("tinh-a").said(), ["waiver-unmatched"]);
}
