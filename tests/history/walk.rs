//! A way back through runs: what counts, what does not and why, and since when a failure fails.

use rasoat::history::{Asked, LeftOut, Outline, PolicyOf, Walk};
use rasoat::report::{Summary, Trend, TrendRun};
use rasoat::site::Shard;
use rasoat::snapshot::Gap;

use super::outlines::{policy, run, site};

/// Since when the one failure of the newest run fails: the day, and the runs that could not measure it.
fn since(words: &[&str]) -> (u32, u64) {
    let mut runs: Vec<Outline> =
        words.iter().zip(1..).map(|(word, day)| run(day, &format!("cong snippet={word}"))).collect();
    let newest = runs.pop().unwrap();
    let mut walk = Walk::from(newest.clone());
    runs.into_iter().rev().for_each(|run| walk.older(run));
    let (at, open) = walk.series().since(&newest.findings[0]).unwrap();
    (at[8..10].parse().unwrap(), open)
}

#[test]
fn a_failure_goes_back_to_the_first_run_of_its_unbroken_series() {
    assert_eq!(since(&["fail"]), (1, 0));
    assert_eq!(since(&["fail", "fail", "fail"]), (1, 0));
    assert_eq!(since(&["pass", "fail", "fail"]), (2, 0));
    assert_eq!(since(&["fail", "pass", "fail"]), (3, 0), "what passed in between has begun anew");
    assert_eq!(since(&["fail", "open", "fail"]), (1, 1), "what could not be seen does not mend anything");
    assert_eq!(since(&["fail", "open", "open", "fail", "open", "fail"]), (1, 3));
    assert_eq!(since(&["open", "open", "fail"]), (3, 0), "nor is it a failure");
    assert_eq!(since(&["pass", "open", "fail"]), (3, 0));
    assert_eq!(since(&["fail", "none", "fail"]), (3, 0));
    assert_eq!(since(&["fail", "waived", "fail"]), (1, 0), "a failure that people accept is one");
}

#[test]
fn a_run_that_did_not_judge_a_site_says_nothing_of_it() {
    let newest = run(3, "cong snippet=fail; so snippet=pass");
    let mut walk = Walk::from(newest.clone());
    walk.older(run(2, "so snippet=pass"));
    walk.older(run(1, "cong snippet=fail"));
    assert_eq!(walk.series().since(&newest.findings[0]), Some(("2026-10-01T02:00:00Z", 0)));
    assert_eq!(walk.series().since(&newest.findings[1]), None, "what passes fails since never");
}

#[test]
fn a_run_of_some_sites_is_evidence_though_no_part_of_the_trend() {
    let newest = run(3, "cong snippet=fail");
    let mut walk = Walk::from(newest.clone());
    let mut narrowed = run(2, "cong snippet=pass");
    narrowed.not_judged = vec![site("so")];
    walk.older(narrowed);
    walk.older(run(1, "cong snippet=fail"));
    assert_eq!(walk.series().since(&newest.findings[0]), Some(("2026-10-03T02:00:00Z", 0)));
}

fn days(trend: &Trend) -> Vec<&str> {
    trend.runs.iter().map(|run| &run.taken_at[8..10]).collect()
}

#[test]
fn only_runs_that_can_stand_beside_the_newest_are_counted() {
    let whole = |day| run(day, "cong snippet=pass label=pass; so snippet=fail label=pass");
    let with = |day, change: fn(&mut Outline)| {
        let mut outline = whole(day);
        change(&mut outline);
        outline
    };
    let runs = [
        with(28, |o| o.shard = Some(Shard { index: 1, of: 2 })),
        whole(27),
        with(26, |o| o.not_judged = vec![site("so-b")]),
        with(25, |o| o.findings[0].gap = Some(Gap::Cancelled)),
        with(24, |o| o.policies = vec![policy("khac", "1", "sha256:a")]),
        with(23, |o| o.policies.push(policy("khac", "1", "sha256:b"))),
        run(22, "la snippet=pass label=pass"),
        run(21, "cong snippet=pass; so snippet=pass"),
        with(20, |o| o.policies = vec![policy("mau", "2", "sha256:b")]),
        whole(19),
        whole(19),
        whole(18),
    ];
    let mut walk = Walk::new(Asked::default());
    runs.into_iter().for_each(|run| walk.older(run));
    assert_eq!(walk.newest().unwrap().taken_at, "2026-10-27T02:00:00Z");
    let (trend, notes, left_out) = walk.trend();
    assert_eq!(days(&trend), ["18", "19", "20", "27"]);
    let expected = [
        (LeftOut::Shard, 1),
        (LeftOut::SomeSites, 1),
        (LeftOut::SomeRules, 1),
        (LeftOut::BrokenOff, 1),
        (LeftOut::OtherPolicies, 2),
        (LeftOut::OtherSites, 1),
        (LeftOut::JudgedAgain, 1),
    ];
    assert_eq!(left_out.into_iter().collect::<Vec<_>>(), expected);
    let said: Vec<&str> = notes.iter().map(|n| n.en.as_str()).collect();
    assert_eq!(
        said,
        [
            "2026-10-20T02:00:00Z: The policy mau is of another version: 1 → 2.",
            "2026-10-27T02:00:00Z: The policy mau is of another version: 2 → 1."
        ]
    );
}

#[test]
fn of_a_run_judged_again_the_last_answer_counts() {
    let mut walk = Walk::new(Asked::default());
    walk.older(run(2, "cong snippet=pass"));
    // The folder gives the last version first.
    walk.older(run(1, "cong snippet=pass"));
    walk.older(run(1, "cong snippet=fail"));
    let (trend, _, left_out) = walk.trend();
    assert_eq!(trend.runs.iter().map(|r| r.summary.fail).collect::<Vec<_>>(), [0, 0]);
    assert_eq!(left_out.get(&LeftOut::JudgedAgain), Some(&1));
}

#[test]
fn a_trend_of_one_rule_and_one_site_counts_nothing_else() {
    let asked = Asked { rules: vec!["label".to_owned()], sites: vec!["so".to_owned()] };
    let mut walk = Walk::new(asked);
    walk.older(run(2, "cong snippet=fail label=fail; so snippet=fail label=waived"));
    walk.older(run(1, "cong snippet=fail label=fail"));
    let (trend, _, left_out) = walk.trend();
    assert_eq!(trend.runs.len(), 1);
    assert_eq!(trend.runs[0].summary, Summary { waived: 1, ..Summary::default() });
    assert_eq!((trend.runs[0].sites, trend.runs[0].rules.len()), (1, 1));
    assert_eq!(left_out.get(&LeftOut::OtherSites), Some(&1), "{left_out:?}");
}

#[test]
fn the_sum_of_the_rules_is_the_run() {
    let mut walk = Walk::new(Asked::default());
    walk.older(run(1, "a x=pass y=fail z=open; b x=fail y=fail z=none; c x=waived y=pass z=pass"));
    let (trend, ..) = walk.trend();
    let TrendRun { rules, summary, sites, .. } = &trend.runs[0];
    let sum = |of: fn(&Summary) -> u64| rules.iter().map(|r| of(&r.summary)).sum::<u64>();
    assert_eq!(
        (sum(|s| s.pass), sum(|s| s.fail), sum(|s| s.inconclusive), sum(|s| s.not_applicable), sum(|s| s.waived)),
        (summary.pass, summary.fail, summary.inconclusive, summary.not_applicable, summary.waived)
    );
    assert_eq!((*sites, rules.len()), (3, 3));
}

#[test]
fn the_pass_rate_is_of_what_was_measured_and_never_rounded_up() {
    let rate = |pass, fail| Summary { pass, fail, inconclusive: 9, not_applicable: 9, waived: 9 }.pass_rate();
    assert_eq!(rate(0, 0), None, "nothing measured is no rate, and no nought either");
    assert_eq!((rate(1, 0), rate(0, 1), rate(1, 2)), (Some(1000), Some(0), Some(333)));
    assert_eq!(rate(9_999, 1), Some(999), "one failure in ten thousand is not all of it");
    assert_eq!(rate(u64::MAX, 1), None, "counts that cannot be");
    assert_eq!(rate(u64::MAX - 1, 1), Some(999));
}

#[test]
fn months_are_those_of_vietnam_and_end_with_their_last_run() {
    let run = |taken_at: &str, fail| TrendRun {
        taken_at: taken_at.to_owned(),
        run_id: taken_at.to_owned(),
        outcome: rasoat::report::Outcome::Failed,
        sites: 1,
        summary: Summary { fail, ..Summary::default() },
        rules: Vec::new(),
    };
    let trend = Trend {
        runs: vec![
            run("2026-09-30T16:59:59Z", 1),
            run("2026-09-30T17:00:00Z", 2),
            run("2026-10-20T00:00:00Z", 3),
            run("2027-10-20T00:00:00Z", 4),
        ],
    };
    let months: Vec<(String, u64, u64)> =
        trend.months().into_iter().map(|m| (m.month, m.runs, m.last.summary.fail)).collect();
    let expected = [("2026-09", 1, 1), ("2026-10", 2, 3), ("2027-10", 1, 4)];
    assert_eq!(months, expected.map(|(m, n, f)| (m.to_owned(), n, f)));
}

#[test]
fn a_policy_with_one_name_and_other_contents_is_said() {
    let mut older = run(1, "cong snippet=pass");
    older.policies = vec![PolicyOf { digest: "sha256:b".to_owned(), ..older.policies.remove(0) }];
    let mut walk = Walk::new(Asked::default());
    walk.older(run(2, "cong snippet=pass"));
    walk.older(older);
    let (trend, notes, _) = walk.trend();
    assert_eq!(trend.runs.len(), 2);
    assert!(notes[0].vi.contains("Nội dung bộ tiêu chí mau 1 đã khác"), "{notes:?}");
}
