//! Single cases: what each verdict counts, exact hundredths, and what cannot be had.

use rasoat::finding::{Share, Verdict};
use rasoat::policy::Points;
use rasoat::score::{Counted, Gates, Weight, rescaled};
use rasoat::site::Role;

use super::{finding, group, scale, scored, scored_with, weight};

fn share(met: u32, open: u32, of: u32) -> Option<Share> {
    Some(Share { met, open, of })
}

#[test]
fn what_each_verdict_counts() {
    for (verdict, known, low, high, counted) in [
        (Verdict::Pass, false, 500, 500, Counted::Full),
        (Verdict::Fail, false, 0, 0, Counted::Nothing),
        (Verdict::Fail, true, 0, 0, Counted::Known),
        (Verdict::Waived, false, 0, 0, Counted::Waived),
        (Verdict::Inconclusive, false, 0, 500, Counted::Open),
    ] {
        let mut one = finding("a", verdict);
        one.known = known;
        let rule = &scored(&scale(vec![], vec![weight("a", None, 500)]), &[one]).unwrap().groups[0].rules[0];
        assert_eq!((rule.low.0, rule.high.0, rule.counted), (low, high, counted), "{verdict:?} {known}");
    }
}

#[test]
fn four_principles_of_one_and_a_quarter_are_five() {
    let rules: Vec<Weight> = ["a", "b", "c", "d"].map(|id| weight(id, Some("g"), 125)).to_vec();
    let passed: Vec<_> = rules.iter().map(|w| finding(&w.rule, Verdict::Pass)).collect();
    let score = scored(&scale(vec![group("g", 500)], rules), &passed).unwrap();
    assert_eq!((score.low, score.high, score.possible), (Points(500), Points(500), Points(500)));
    assert_eq!(score.low.to_string(), "5");
}

#[test]
fn a_share_is_rounded_down_to_the_hundredth_and_only_where_the_rule_says_so() {
    let mut one = finding("a", Verdict::Fail);
    for (earned, partial, low, high, counted) in [
        (share(1, 0, 3), true, 166, 166, Counted::Part),
        (share(2, 0, 3), true, 333, 333, Counted::Part),
        (share(7, 2, 10), true, 350, 450, Counted::Part),
        (share(1, 2, 3), true, 166, 500, Counted::Part),
        (share(0, 0, 3), true, 0, 0, Counted::Nothing),
        (share(0, 1, 3), true, 0, 166, Counted::Part),
        (share(9, 9, 3), true, 500, 500, Counted::Full),
        (share(u32::MAX, u32::MAX, u32::MAX), true, 500, 500, Counted::Full),
        (share(2, 0, 3), false, 0, 0, Counted::Nothing),
        (None, true, 0, 0, Counted::Nothing),
        (share(0, 0, 0), true, 0, 0, Counted::Nothing),
    ] {
        one.earned = earned;
        let weight = Weight { partial, ..weight("a", None, 500) };
        let rule = &scored(&scale(vec![], vec![weight]), &[one.clone()]).unwrap().groups[0].rules[0];
        assert_eq!((rule.low.0, rule.high.0, rule.counted), (low, high, counted), "{earned:?} {partial}");
    }
}

#[test]
fn a_pass_with_a_share_of_nothing_loses_nothing() {
    let mut one = finding("a", Verdict::Pass);
    one.earned = share(0, 0, 0);
    let partial = Weight { partial: true, ..weight("a", None, 500) };
    assert_eq!(scored(&scale(vec![], vec![partial]), &[one]).unwrap().low, Points(500));
}

#[test]
fn accepted_and_known_failures_earn_no_part_either() {
    let partial = Weight { partial: true, ..weight("a", None, 500) };
    for (verdict, known) in [(Verdict::Waived, false), (Verdict::Fail, true)] {
        let mut one = finding("a", verdict);
        (one.known, one.earned) = (known, share(9, 0, 10));
        assert_eq!(scored(&scale(vec![], vec![partial.clone()]), &[one]).unwrap().high, Points(0));
    }
}

#[test]
fn what_does_not_apply_is_taken_out_of_the_total_and_nothing_else_is() {
    let rules = vec![weight("a", Some("g"), 100), weight("b", Some("h"), 4_000)];
    // Forty-nine points of `g` are handed out by no rule: they stay open, whatever happens to its one rule.
    let scale = scale(vec![group("g", 5_000), group("h", 5_000)], rules);
    let score = scored(&scale, &[finding("a", Verdict::NotApplicable), finding("b", Verdict::Pass)]).unwrap();
    assert_eq!((score.removed.0, score.possible.0), (100, 9_900));
    assert_eq!((score.groups[0].unassigned.0, score.groups[0].low.0, score.groups[0].high.0), (4_900, 0, 4_900));
    assert_eq!((score.low.0, score.high.0), (4_000, 9_900));
    assert_eq!(score.level, None);
    assert_eq!((score.level_low.as_deref(), score.level_high.as_deref()), (Some("E"), Some("A")));
}

#[test]
fn a_rule_left_out_of_the_run_is_open_only_where_it_would_have_been_asked() {
    let mut skipped = weight("b", None, 300);
    skipped.skipped = true;
    let passed = [finding("a", Verdict::Pass)];
    let of = |applies_to: Vec<Role>| {
        let scale = scale(vec![], vec![weight("a", None, 700), Weight { applies_to, ..skipped.clone() }]);
        let score = scored(&scale, &passed).unwrap();
        (score.low.0, score.high.0, score.possible.0, score.groups[0].rules[1].counted)
    };
    assert_eq!(of(vec![Role::Service]), (700, 1_000, 1_000, Counted::Skipped));
    assert_eq!(of(vec![Role::Portal]), (700, 700, 700, Counted::Removed));
}

#[test]
fn an_answer_that_is_missing_is_no_reason_to_take_points_out() {
    let scale = scale(vec![], vec![weight("a", None, 700), weight("b", None, 300)]);
    let score = scored(&scale, &[finding("a", Verdict::Pass)]).unwrap();
    assert_eq!((score.low.0, score.high.0, score.possible.0), (700, 1_000, 1_000));
    assert_eq!(score.groups[0].rules[1].counted, Counted::Open);
}

#[test]
fn no_points_to_be_had_are_no_score_and_no_best_level() {
    let of = |points: u32, verdict: Verdict| {
        scored(
            &scale(vec![], vec![weight("a", None, points), weight("b", None, 0)]),
            &[finding("a", verdict), finding("b", Verdict::Pass)],
        )
    };
    assert_eq!(of(500, Verdict::NotApplicable), None);
    assert_eq!(of(0, Verdict::Pass), None);
    assert_eq!(scored(&scale(vec![], vec![weight("a", None, 500)]), &[]), None);
}

#[test]
fn a_statement_is_counted_as_such_when_it_decided() {
    use rasoat::finding::Basis;
    let scale = scale(vec![], vec![weight("a", None, 500), weight("b", None, 500)]);
    let mut stated = finding("a", Verdict::Pass);
    stated.basis = Basis::Attested;
    let score = scored(&scale, &[stated.clone(), finding("b", Verdict::Pass)]).unwrap();
    assert_eq!((score.low.0, score.attested.0), (1_000, 500));
    stated.verdict = Verdict::Inconclusive;
    assert_eq!(scored(&scale, &[stated]).unwrap().attested, Points(0));
}

#[test]
fn the_gaps_of_the_printed_table_have_levels() {
    let scale = scale(vec![], vec![weight("a", None, 10_000)]);
    for (hundredths, level) in
        [(8_950, "B"), (9_000, "A"), (8_999, "B"), (7_999, "C"), (6_450, "D"), (4_999, "E"), (0, "E"), (10_000, "A")]
    {
        assert_eq!(scale.level(Points(hundredths), Points(10_000)).unwrap().id, level, "{hundredths}");
    }
    // 63 of 70 is nine tenths exactly; one hundredth less is not.
    assert_eq!(scale.level(Points(6_300), Points(7_000)).unwrap().id, "A");
    assert_eq!(scale.level(Points(6_299), Points(7_000)).unwrap().id, "B");
    assert_eq!(scale.of_all(Points(6_299), Points(7_000)), Points(8_998));
}

#[test]
fn nothing_overflows_at_the_most_points_a_policy_may_have_nor_beyond() {
    for most in [Points::MOST.0, u32::MAX] {
        let mut rules = vec![weight("a", Some("g"), most), weight("b", Some("h"), most)];
        rules[0].partial = true;
        let groups = vec![group("g", most), group("h", most)];
        let scale = super::Scale { points: Points(most), groups, levels: super::levels(), rules };
        let mut part = finding("a", Verdict::Fail);
        part.earned = share(u32::MAX - 1, 1, u32::MAX);
        let gates = Gates {
            min_score: Some(Points(most)),
            min_level: Some("A".to_owned()),
            min_groups: [("g".to_owned(), Points(most))].into_iter().collect(),
        };
        let score = scored_with(&scale, &[part, finding("b", Verdict::Pass)], &gates).unwrap();
        assert!(score.low <= score.high && score.high <= score.possible, "{score:?}");
        assert_eq!(score.gates.len(), 3);
    }
    assert_eq!(rescaled(Points(u32::MAX), Points(1), Points(u32::MAX)), Points(u32::MAX));
    assert_eq!(rescaled(Points(1), Points(0), Points(1)), Points(0));
}

#[test]
fn a_policy_with_more_points_than_can_be_counted_is_refused() {
    let policy = |points: &str| {
        format!(
            "apiVersion: rasoat/v1\nkind: Policy\nid: p\nversion: '1'\ntitle: {{vi: P, en: P}}\ngroups:\n  - {{id: g, title: {{vi: G, en: G}}, points: {points}}}\n  - {{id: h, title: {{vi: H, en: H}}, points: 1}}\nrules:\n  - {{id: a, title: {{vi: A, en: A}}, severity: error, applies_to: [service], group: g, points: 1, check: {{attestation: {{}}}}}}\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("p.yml");
    for (points, fits) in [("999999", true), ("1000000", false)] {
        std::fs::write(&path, policy(points)).unwrap();
        let loaded = rasoat::policy::load(path.to_str().unwrap(), &Default::default());
        assert_eq!(loaded.is_ok(), fits, "{points}");
        if let Err(problems) = loaded {
            assert!(problems.to_string().contains("too many points in all: at most 1000000"), "{problems}");
        }
    }
}
