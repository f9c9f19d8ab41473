//! Statements of people: they decide what nobody measured, and nothing else.

use rasoat::finding::{Basis, Evidence, Finding, Share, Verdict};
use rasoat::governance::Earlier;
use rasoat::snapshot::Gap;

use super::bench::{Bench, codes, finding, open, waiver};

fn stated(status: &str, on: &str, until: &str) -> String {
    format!("  - {{rule: paper, site: tinh-a, status: {status}, by: Lê C, on: {on}, valid_until: {until}}}\n")
}

fn laid(of: Finding, entries: &str) -> Finding {
    Bench::on("2026-01-02", vec![of]).attestations(entries).one()
}

#[test]
fn a_statement_decides_what_nobody_measured() {
    for (gap, status, verdict) in [
        (Gap::NotAttested, "pass", Verdict::Pass),
        (Gap::NotAttested, "fail", Verdict::Fail),
        (Gap::NotRequested, "pass", Verdict::Pass),
    ] {
        let one = laid(open("tinh-a", "paper", gap), &stated(status, "2026-01-02", "2026-06-30"));
        assert_eq!((one.verdict, one.gap, one.basis), (verdict, None, Basis::Attested));
        assert_eq!(one.evidence, [Evidence::Statement { text: "Lê C, 2026-01-02".to_owned() }]);
        assert_eq!(one.places[0].line, Some(3));
        assert_eq!(one.code.as_deref(), (verdict == Verdict::Fail).then_some("attested-fail"));
        assert_eq!(one.subjects.len(), usize::from(verdict == Verdict::Fail));
    }
}

#[test]
fn what_could_not_be_reached_or_is_decided_later_cannot_be_stated() {
    let text = stated("pass", "2026-01-01", "2026-06-30");
    for gap in [Gap::Timeout, Gap::Blocked, Gap::NeedsBrowser, Gap::NoBrowser] {
        let one = laid(open("tinh-a", "paper", gap), &text);
        assert_eq!((one.gap, codes(&one.notes)), (Some(gap), vec!["attestation-unused".to_owned()]));
    }
    for code in ["decided-at-merge", "measured-first"] {
        let later = Finding { code: Some(code.to_owned()), ..open("tinh-a", "paper", Gap::NotRequested) };
        let one = laid(later, &text);
        assert_eq!((one.gap, one.basis), (Some(Gap::NotRequested), Basis::Static), "{code}");
        assert_eq!(codes(&one.notes), ["attestation-unused"], "{code}");
    }
}

#[test]
fn what_was_measured_stands() {
    for (measured, status, notes) in [
        (Verdict::Pass, "fail", vec!["attestation-differs".to_owned()]),
        (Verdict::Fail, "pass", vec!["attestation-differs".to_owned()]),
        (Verdict::Pass, "pass", vec![]),
        (Verdict::Fail, "fail", vec![]),
    ] {
        let one = laid(finding("tinh-a", "paper", measured), &stated(status, "2026-01-01", "2026-06-30"));
        assert_eq!((one.verdict, one.basis, codes(&one.notes)), (measured, Basis::Static, notes));
    }
}

#[test]
fn the_last_day_counts_and_the_next_does_not() {
    for (until, gap) in [("2026-01-02", None), ("2026-01-01", Some(Gap::AttestationExpired))] {
        let one = laid(open("tinh-a", "paper", Gap::NotAttested), &stated("pass", "2025-06-01", until));
        assert_eq!(one.gap, gap, "{until}");
        assert!(gap.is_none() || one.message.en.contains("2026-01-01 only"), "{}", one.message.en);
    }
}

#[test]
fn the_latest_statement_holds_also_when_it_is_worse() {
    let all = stated("pass", "2025-06-01", "2026-06-30") + &stated("fail", "2025-12-01", "2026-06-30");
    assert_eq!(laid(open("tinh-a", "paper", Gap::NotAttested), &all).verdict, Verdict::Fail);
    // A recording of that day knows nothing of what was stated later.
    let all = stated("pass", "2025-06-01", "2026-06-30") + &stated("fail", "2026-01-03", "2026-06-30");
    assert_eq!(laid(open("tinh-a", "paper", Gap::NotAttested), &all).verdict, Verdict::Pass);
}

#[test]
fn a_stated_failure_may_be_waived() {
    let one = Bench::on("2026-01-02", vec![open("tinh-a", "paper", Gap::NotAttested)])
        .attestations(&stated("fail", "2026-01-01", "2026-06-30"))
        .waivers(&waiver("paper", "tinh-a", "", "2026-06-30"))
        .one();
    assert_eq!((one.verdict, one.basis), (Verdict::Waived, Basis::Attested));
}

#[test]
fn a_statement_without_a_finding_is_told() {
    let text = stated("pass", "2026-01-01", "2026-06-30");
    let said = |findings| Bench::on("2026-01-02", findings).attestations(&text).said();
    assert_eq!(said(vec![]), ["attestation-unmatched"]);
    assert_eq!(said(vec![finding("tinh-a", "paper", Verdict::NotApplicable)]), ["attestation-unmatched"]);
    assert_eq!(said(vec![open("tinh-a", "paper", Gap::Dns)]), [""; 0]);
    let mut narrowed = Bench::on("2026-01-02", vec![]).attestations(&text);
    narrowed.judged = vec!["so-y-te"];
    assert_eq!(narrowed.said(), [""; 0]);
    let wrong = text.replace("tinh-a", "tinh-b");
    let (_, notes) = Bench::on("2026-01-02", vec![]).attestations(&wrong).laid();
    assert!(notes[0].message.en.contains("no site is called so; tinh-a?"), "{}", notes[0].message.en);
}

/// What is stated of the rule of 50 points.
fn rated(status: &str, points: &str) -> String {
    stated(status, "2026-01-01", "2026-06-30").replace("paper", "rated").replace("by:", &format!("{points}by:"))
}

#[test]
fn points_are_counted_and_told() {
    let share = |met| Some(Share { met, open: 0, of: 5_000 });
    for (status, points, earned, verdict, code) in [
        ("pass", "", None, Verdict::Pass, None),
        ("pass", "points: 50, ", share(5_000), Verdict::Pass, None),
        ("pass", "points: 33.5, ", share(3_350), Verdict::Pass, Some("attested-part")),
        ("pass", "points: 0.01, ", share(1), Verdict::Pass, Some("attested-part")),
        ("fail", "points: 49.99, ", share(4_999), Verdict::Fail, Some("attested-fail")),
        ("fail", "points: 0, ", share(0), Verdict::Fail, Some("attested-fail")),
        ("fail", "", None, Verdict::Fail, Some("attested-fail")),
    ] {
        let one = laid(open("tinh-a", "rated", Gap::NotAttested), &rated(status, points));
        assert_eq!((one.verdict, one.code.as_deref(), one.earned), (verdict, code, earned), "{status} {points}");
    }
    let one = laid(open("tinh-a", "rated", Gap::NotAttested), &rated("pass", "points: 33.5, "));
    assert!(one.message.vi.contains("đạt, 33,5/50 điểm (có giá trị"), "{}", one.message.vi);
    assert!(one.message.en.contains("is kept, with 33.5 of 50 points (valid"), "{}", one.message.en);
    assert_eq!(one.evidence, [Evidence::Statement { text: "Lê C, 2026-01-01, 33.5/50".to_owned() }]);
}

#[test]
fn points_that_decide_nothing_are_not_counted() {
    let ended = rated("pass", "points: 33.5, ").replace("2026-06-30", "2026-01-01");
    for (of, text) in [
        (open("tinh-a", "rated", Gap::NotAttested), &ended),
        (open("tinh-a", "rated", Gap::Timeout), &rated("pass", "points: 33.5, ")),
        (finding("tinh-a", "rated", Verdict::Fail), &rated("pass", "points: 33.5, ")),
        (finding("tinh-a", "rated", Verdict::Pass), &rated("fail", "points: 1, ")),
    ] {
        let verdict = of.verdict;
        let one = laid(of, text);
        assert_eq!((one.verdict, one.earned), (verdict, None), "{}", one.message.en);
    }
}

#[test]
fn more_points_than_before_the_change_are_told() {
    let file = |points: &str| format!("apiVersion: rasoat/v1\nattestations:\n{}", rated("pass", points));
    for (before, told) in [("points: 33.5, ", false), ("points: 30, ", true), ("", true)] {
        let findings = vec![open("tinh-a", "rated", Gap::NotAttested)];
        let mut bench = Bench::on("2026-01-02", findings).attestations(&rated("pass", "points: 33.5, "));
        bench.decisions.earlier = Some(Earlier::read(None, Some(file(before).as_bytes()), None));
        assert_eq!(bench.said().contains(&"attestation-added".to_owned()), told, "{before}");
    }
}
