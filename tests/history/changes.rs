//! Two runs, and what differs: nothing unseen is called mended, nothing unjudged is called gone.

use rasoat::finding::{Verdict, is_unseen};
use rasoat::history::{Outline, ScoreOf, Unusable, Walk, compare};
use rasoat::policy::Points;
use rasoat::report::{
    Beside, Change, ChangeKind, Changes, HumanOptions, Lang, changes_to_text, from_json, to_human_beside, to_json,
    to_markdown_beside, trend_to_csv, trend_to_json, trend_to_markdown, trend_to_text,
};
use rasoat::site::Shard;

use super::estate;
use super::outlines::{VERDICTS, policy, run, site};

fn told(changes: &Changes) -> Vec<(ChangeKind, String)> {
    changes.findings.iter().map(|c| (c.kind(), format!("{} {}", c.site, c.rule))).collect()
}

/// What a person would call each step from one verdict to another.
#[test]
fn every_step_has_its_kind() {
    use ChangeKind::{Failing, Fixed, Measured, Other, Unmeasured, Waived};
    let table = [
        ("pass", ["", "Failing", "Unmeasured", "Other", "Waived"]),
        ("fail", ["Fixed", "", "Unmeasured", "Other", "Waived"]),
        ("open", ["Measured", "Failing", "", "Other", "Waived"]),
        ("none", ["Other", "Failing", "Other", "", "Waived"]),
        ("waived", ["Fixed", "Failing", "Unmeasured", "Other", ""]),
    ];
    for (before, kinds) in table {
        for (after, wanted) in VERDICTS.into_iter().zip(kinds) {
            let changes = compare(&run(1, &format!("a r={before}")), &run(2, &format!("a r={after}")), None);
            let kind = changes.findings.first().map(Change::kind);
            let expected = match wanted {
                "" => None,
                "Failing" => Some(Failing),
                "Fixed" => Some(Fixed),
                "Measured" => Some(Measured),
                "Unmeasured" => Some(Unmeasured),
                "Waived" => Some(Waived),
                _ => Some(Other),
            };
            assert_eq!(kind, expected, "{before} → {after}");
            assert_eq!(changes.standing.len(), usize::from(before == "fail" && after == "fail"));
        }
    }
}

#[test]
fn every_failure_of_the_later_run_is_told_once() {
    for n in 0..125 {
        let word = |k: usize| VERDICTS[n / 5_usize.pow(k as u32) % 5];
        let earlier = run(1, &format!("a r={} s={}", word(0), word(1)));
        let later = run(2, &format!("a r={} s={}; b r=fail s={}", word(2), word(0), word(1)));
        let changes = compare(&earlier, &later, None);
        let after = |c: &&Change| c.after == Some(Verdict::Fail);
        let told = changes.findings.iter().filter(after).count() + changes.standing.len();
        assert_eq!(told as u64, later.summary.fail, "{n}");
        assert_eq!(changes.sites_added, ["b"]);
    }
}

#[test]
fn sites_that_were_not_judged_are_neither_gone_nor_new() {
    let whole = run(1, "a r=pass; b r=fail");
    let mut narrowed = run(2, "a r=pass");
    narrowed.not_judged = vec![site("b")];
    let changes = compare(&whole, &narrowed, None);
    assert!(changes.sites_gone.is_empty() && changes.findings.is_empty(), "{changes:?}");
    let said = "1 site of the earlier report was not judged this time, and so is not compared.";
    assert_eq!(changes.notes[0].en, said);
    let back = compare(&narrowed, &whole, None);
    assert!(back.sites_added.is_empty(), "{back:?}");
    assert_eq!(told(&back), [(ChangeKind::Failing, "b r".to_owned())], "its failure is told though");
    // Without an entry it is gone indeed.
    let gone = compare(&whole, &run(3, "a r=pass"), None);
    assert_eq!((gone.sites_gone, gone.findings.len()), (vec!["b".to_owned()], 0));
}

#[test]
fn a_shard_says_nothing_of_the_sites_of_others() {
    let mut shard = run(2, "a r=pass");
    shard.shard = Some(Shard { index: 1, of: 2 });
    let changes = compare(&run(1, "a r=fail; b r=fail"), &shard, None);
    assert!(changes.sites_gone.is_empty());
    assert_eq!(told(&changes), [(ChangeKind::Fixed, "a r".to_owned())]);
    assert!(changes.notes.iter().any(|n| n.vi.contains("phần toàn bộ và phần 1/2")), "{:?}", changes.notes);
}

#[test]
fn rules_of_one_policy_that_were_left_out_are_not_gone() {
    let changes = compare(&run(1, "a r=pass s=fail"), &run(2, "a r=pass"), None);
    assert!(changes.rules_gone.is_empty() && changes.findings.is_empty(), "{changes:?}");
    assert!(changes.notes[0].en.contains("1 rule left out this time (--only, --skip)"), "{:?}", changes.notes);
    let mut other = run(2, "a r=pass t=fail");
    other.policies = vec![policy("mau", "2", "sha256:b")];
    let changes = compare(&run(1, "a r=pass s=fail"), &other, None);
    let of = |rules: &[(String, String)]| rules.iter().map(|(_, rule)| rule.clone()).collect::<Vec<_>>();
    assert_eq!((of(&changes.rules_added), of(&changes.rules_gone)), (vec!["t".to_owned()], vec!["s".to_owned()]));
    assert_eq!(told(&changes), [(ChangeKind::Failing, "a t".to_owned())]);
    assert_eq!(changes.notes[0].en, "The policy mau is of another version: 1 → 2.");
}

#[test]
fn one_run_beside_itself_and_the_wrong_order_are_said() {
    let one = run(1, "a r=fail");
    let changes = compare(&one, &one, None);
    assert!(changes.is_empty() && changes.standing.len() == 1);
    assert_eq!(changes.notes[0].en, "Both reports are of one run.");
    let changes = compare(&run(2, "a r=fail"), &one, None);
    assert!(changes.notes[0].en.contains("newer"), "{:?}", changes.notes);
}

#[test]
fn what_fails_again_after_a_gap_is_not_new() {
    let newest = run(3, "a r=fail s=fail");
    let mut walk = Walk::from(newest.clone());
    walk.older(run(2, "a r=open s=open"));
    walk.older(run(1, "a r=fail s=pass"));
    let changes = compare(walk.previous().unwrap(), &newest, Some(walk.series()));
    let expected = [(ChangeKind::FailingAgain, "a r".to_owned()), (ChangeKind::Failing, "a s".to_owned())];
    assert_eq!(told(&changes), expected);
    let text = changes_to_text(&changes, &newest.taken_at, false, Lang::Vi);
    assert!(text.contains("1 lỗi mới, 1 đo lại được và vẫn không đạt"), "{text}");
    assert!(
        text.contains(
            "• a · r: chưa đủ căn cứ kết luận → không đạt, không đạt từ 01/10/2026, trong đó 1 lần chưa đo được"
        ),
        "{text}"
    );
}

#[test]
fn scores_and_levels_that_changed_are_told() {
    let score = |site: &str, low: u32, high: u32, level: Option<&str>| ScoreOf {
        policy: "mau".to_owned(),
        site: site.to_owned(),
        low: Points(low),
        high: Points(high),
        level: level.map(str::to_owned),
    };
    let (mut earlier, mut later) = (run(1, "a r=pass; b r=pass; c r=pass"), run(2, "a r=pass; b r=pass"));
    earlier.scores = vec![score("a", 8_125, 8_125, Some("B")), score("b", 1, 2, None), score("c", 5, 5, None)];
    later.scores = vec![score("a", 9_000, 9_100, Some("A")), score("b", 1, 2, None)];
    let changes = compare(&earlier, &later, None);
    assert_eq!(changes.scores.len(), 1, "neither what stayed nor what is gone: {:?}", changes.scores);
    let text = changes_to_text(&changes, &later.taken_at, false, Lang::Vi);
    assert!(text.contains("• a · mau: 81,25 → 90–91, mức B → mức A"), "{text}");
}

#[test]
fn an_edited_or_cut_report_is_not_taken() {
    let report = estate::report();
    let json = to_json(&report).unwrap();
    let read = |text: &str| Outline::read(text.as_bytes());
    assert_eq!(
        read(&json).unwrap(),
        Outline::of(&from_json(&json).unwrap()),
        "the short way reads what the long one reads"
    );
    let failed = json.replacen("\"verdict\": \"fail\"", "\"verdict\": \"pass\"", 1);
    assert_ne!(failed, json);
    assert_eq!(read(&failed), Err(Unusable::Counts));
    assert!(matches!(read(&json[..json.len() / 2]), Err(Unusable::Form(_))));
    assert!(matches!(read(&json.replace("report/v1", "report/v2")), Err(Unusable::Version(_))));
    assert_eq!(read(&json.replace(&report.taken_at, "hôm qua")), Err(Unusable::Time));
    for text in ["", "null", "[]", "{}", "\u{0}", "{\"schema\":\"rasoat/report/v1\"}"] {
        assert!(matches!(read(text), Err(Unusable::Form(_))), "{text}");
    }
}

/// Names come from files that others wrote: whatever is in them must not act on who reads about them.
#[test]
fn hostile_names_do_not_act() {
    const HOSTILE: &str = "::error::x\u{1b}[31m\u{202e}##[error]=HYPERLINK(1)|<script>\r\n::set-output`[a](b)";
    let mut earlier = run(1, "a r=pass; b r=pass");
    let mut later = run(2, "a r=fail; c r=fail");
    for run in [&mut earlier, &mut later] {
        run.policies[0].version.push_str(HOSTILE);
        for rule in &mut run.rules {
            rule.id = HOSTILE.to_owned();
        }
        for cell in &mut run.findings {
            cell.rule = HOSTILE.to_owned();
            cell.site.push_str(HOSTILE);
        }
        for site in &mut run.sites {
            site.id.push_str(HOSTILE);
        }
    }
    later.policies[0].version.push('2');
    later.run_id = "=1+1".to_owned();
    let mut walk = Walk::from(later.clone());
    walk.older(earlier.clone());
    let changes = compare(&earlier, &later, Some(walk.series()));
    assert_eq!(changes.findings.len(), 2);
    let (trend, notes, _) = walk.trend();
    let report = estate::report();
    for lang in [Lang::Vi, Lang::En] {
        let beside = Beside { trend: Some(trend.clone()), changes: Some(changes.clone()), ..Beside::default() };
        let options = HumanOptions { lang, verbose: true, ..HumanOptions::default() };
        let markdown = to_markdown_beside(&report, lang, &beside);
        for text in [
            changes_to_text(&changes, &later.taken_at, true, lang),
            to_human_beside(&report, &options, &beside),
            markdown.clone(),
            trend_to_text(&trend, &notes, lang),
            trend_to_markdown(&trend, &notes, lang),
            trend_to_csv(&trend, lang).trim_start_matches('\u{feff}').replace("\r\n", "\n"),
            trend_to_json(&trend, &notes).unwrap(),
        ] {
            assert_eq!(text.chars().find(|c| *c != '\n' && is_unseen(*c)), None, "{text:?}");
            assert!(!text.contains("##["), "{text}");
            assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text}");
        }
        let table = trend_to_csv(&trend, lang);
        let formula = |cell: &str| cell.trim_start_matches('"').starts_with('=');
        assert!(!table.lines().any(|line| line.split(',').any(formula)), "{table}");
        assert!(!markdown.contains("|<script>") && !markdown.contains("[a](b)"), "{markdown}");
    }
}

#[test]
fn two_runs_of_one_day_are_told_apart() {
    let (earlier, mut later) = (run(1, "a r=pass"), run(1, "a r=fail"));
    later.taken_at = "2026-10-01T10:30:00Z".to_owned();
    let text = changes_to_text(&compare(&earlier, &later, None), &later.taken_at, false, Lang::Vi);
    assert!(text.starts_with("Lần chạy 01/10/2026 17:30. So với lần trước (01/10/2026 09:00): 1 lỗi mới."), "{text}");
}

#[test]
fn a_site_with_another_address_is_told() {
    let (mut earlier, mut this) = (run(1, "mot snippet=fail"), run(2, "mot snippet=pass"));
    let at = |outline: &mut rasoat::history::Outline, url: &str| {
        outline.sites = vec![site("mot")];
        outline.sites[0].url = Some(url.to_owned());
    };
    at(&mut earlier, "https://mot.gov.vn/");
    for (url, told) in [("https://mot.gov.vn", false), ("https://hai.gov.vn/", true)] {
        at(&mut this, url);
        let notes = compare(&earlier, &this, None).notes;
        assert_eq!(notes.iter().any(|n| n.en.contains("mot (https://mot.gov.vn/ → https://hai.gov.vn/)")), told);
    }
}

#[test]
fn nothing_changed_is_an_answer() {
    let changes = compare(&run(1, "a r=pass"), &run(2, "a r=pass"), None);
    let text = changes_to_text(&changes, "2026-10-02T02:00:00Z", false, Lang::Vi);
    assert_eq!(text, "Lần chạy 02/10/2026. So với lần trước (01/10/2026): không có gì thay đổi.\n");
    let text = changes_to_text(&changes, "2026-10-02T02:00:00Z", false, Lang::En);
    assert_eq!(text, "Run of 2026-10-02. Since the run of 2026-10-01: nothing changed.\n");
}

#[test]
fn long_lists_are_cut_and_the_rest_is_counted() {
    let sites = |word: &str| (0..23).map(|n| format!("s{n:02} r={word}")).collect::<Vec<_>>().join("; ");
    let (earlier, later) = (run(1, &sites("pass")), run(2, &sites("fail")));
    let changes = compare(&earlier, &later, None);
    let told = |all| changes_to_text(&changes, &later.taken_at, all, Lang::En);
    assert!(told(false).contains("• s19 ") && !told(false).contains("• s20 "));
    assert!(told(false).contains("… and 3 more (-v: all)"));
    assert!(told(true).contains("• s22 ") && !told(true).contains(" more "));
    let (mut trend, notes, _) = Walk::from(run(1, "a r=pass")).trend();
    let dated = |n: usize| {
        let taken_at = format!("2025-{:02}-{:02}T02:00:00Z", n / 10 + 1, n % 10 + 1);
        rasoat::report::TrendRun { taken_at, ..trend.runs[0].clone() }
    };
    trend.runs = (0..91).map(dated).collect();
    let text = trend_to_text(&trend, &notes, Lang::En);
    assert!(text.contains("By run (67 older ones not listed)"), "{text}");
    let markdown = trend_to_markdown(&trend, &notes, Lang::Vi);
    assert!(markdown.contains("… và 31 lần cũ hơn."), "{markdown}");
    let table = trend_to_csv(&trend, Lang::En);
    assert!(trend.runs.iter().all(|run| table.contains(&run.taken_at[..10])), "a table holds all: {table}");
}
