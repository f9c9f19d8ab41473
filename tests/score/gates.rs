//! What may be asked of scores, and how a run ends by it.

use std::path::Path;

use assert_cmd::Command;
use rasoat::report::{Outcome, Report, from_json};
use rasoat::tally;

use super::page::files;
use crate::support::{rasoat, write};

/// The documentation's example: 40–80 of 90 points (44.44–88.88 of 100), nothing attested.
fn example() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    folder
}

fn check(folder: &Path, args: &str) -> (Option<i32>, String, String) {
    ended(rasoat(folder).args(["check", "-p", "policy.yml"]).args(args.split_whitespace()))
}

fn ended(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn report(folder: &Path, args: &str) -> (Option<i32>, Report) {
    let (code, out, err) = check(folder, &format!("{args} -q --report json"));
    (code, from_json(&out).unwrap_or_else(|e| panic!("{e}: {err}")))
}

#[test]
fn a_gate_passes_fails_or_waits_for_what_is_not_known() {
    let folder = example();
    for (args, code) in [
        ("", 0),
        ("--min-score 44.44", 0),
        // 44.44 is rounded down; the share itself is 40/90.
        ("--min-score 44.45", 3),
        ("--min-score 88.88", 3),
        ("--min-score 88.89", 1),
        ("--min-score 100", 1),
        ("--min-score 0", 0),
        ("--min-level E", 0),
        ("--min-level B", 3),
        ("--min-level A", 1),
        ("--min-group noi-dung=48", 0),
        ("--min-group noi-dung=48.01", 1),
        ("--min-group an-toan=0.01", 3),
        ("--min-group noi-dung=48 --min-group an-toan=0", 0),
        ("--min-group noi-dung=60 --min-group an-toan=1", 1),
        // The last word holds.
        ("--min-group noi-dung=60 --min-group noi-dung=1", 0),
        ("--min-score 100 --fail-on never", 0),
        ("--min-score 50 --fail-on never", 0),
        ("--min-level B --attestations attestations.yml", 0),
        ("--min-level A --attestations attestations.yml", 1),
    ] {
        let (ended, out, err) = check(folder.path(), args);
        assert_eq!(ended, Some(code), "{args}\n{out}{err}");
    }
}

#[test]
fn what_cannot_be_asked_is_refused_with_the_nearest() {
    let folder = example();
    for (args, wanted) in [
        ("--min-score 100.01", "100.01 points are out of reach, there are 100"),
        ("--min-score 1.255", "at most two decimals"),
        ("--min-score -1", "at most two decimals"),
        ("--min-score 89,5", "at most two decimals"),
        ("--min-score 1e2", "at most two decimals"),
        ("--min-score NaN", "at most two decimals"),
        ("--min-score=", "at most two decimals"),
        ("--min-level F", "There are: A, B, C, D, E."),
        ("--min-level a", "There are: A, B, C, D, E."),
        ("--min-group noi-dug=1", "Did you mean “noi-dung”?"),
        ("--min-group noi-dung=60.5", "--min-group noi-dung: 60.5 points are out of reach, there are 60"),
        ("--min-group noi-dung", "GROUP=N"),
        ("--min-group noi-dung=", "at most two decimals"),
    ] {
        let (code, out, err) = check(folder.path(), args);
        assert_eq!(code, Some(2), "{args}\n{out}");
        assert!(err.contains(wanted), "{args}: {wanted}\n{err}");
        assert!(out.is_empty(), "{args}: {out}");
    }
    for args in ["--min-score 1", "--min-level A", "--min-group g=1"] {
        let (code, _, err) =
            ended(rasoat(folder.path()).args(["check", "-p", "transport-baseline"]).args(args.split(' ')));
        assert_eq!(code, Some(2), "{args}");
        assert!(err.contains("the policy has no points"), "{args}: {err}");
    }
}

#[test]
fn files_and_variables_say_what_flags_say() {
    let folder = example();
    let config =
        |text: &str| write(folder.path(), &[("rasoat.yml".into(), format!("apiVersion: rasoat/v1\n{text}").into())]);
    config("min_score: 88.89\n");
    assert_eq!(check(folder.path(), "").0, Some(1));
    assert_eq!(check(folder.path(), "--min-score 44.44").0, Some(0));
    config("min_level: B\nmin_groups: {noi-dung: 48}\n");
    let (code, stored) = report(folder.path(), "--min-group an-toan=0");
    assert_eq!(code, Some(3));
    assert_eq!(stored.gates.min_level.as_deref(), Some("B"));
    assert_eq!(stored.gates.min_groups.len(), 2, "groups are taken one by one");
    for (name, value, wanted) in [
        ("RASOAT_MIN_SCORE", "100", 1),
        ("RASOAT_MIN_LEVEL", "E", 0),
        ("RASOAT_MIN_GROUPS", "noi-dung=60\nan-toan=40", 1),
        ("RASOAT_MIN_SCORE", "1.234", 2),
        ("RASOAT_MIN_GROUPS", "noi-dung", 2),
        ("RASOAT_MIN_LEVEL", "Z", 2),
    ] {
        let mut command = rasoat(folder.path());
        let (code, _, err) = ended(command.env(name, value).args(["check", "-p", "policy.yml"]));
        assert_eq!(code, Some(wanted), "{name}={value}: {err}");
    }
    config("min_score: 1.234\n");
    let (code, _, err) = check(folder.path(), "");
    assert!(code == Some(2) && err.contains("rasoat.yml:2") && err.contains("min_score"), "{err}");
}

#[test]
fn gates_that_no_score_answers_are_never_green() {
    let folder = example();
    let sites = |role: &str, parent: &str| {
        let text = format!(
            "apiVersion: rasoat/v1\nsites:\n  - {{id: s, role: {role}{parent}, url: 'https://a.mau.gov.vn/', source: dist}}\n"
        );
        write(folder.path(), &[("sites.yml".to_owned(), text.into_bytes())]);
    };
    // Another policy has something to ask of a component, so the run is not empty; none of it has points.
    sites("component", ", parent: 'https://cong.mau.gov.vn/'");
    for args in ["--min-score 0", "--min-level E", "--min-group noi-dung=0"] {
        let (code, stored) = report(folder.path(), &format!("-p transport-baseline --fail-on error {args}"));
        assert!(stored.scores.is_empty(), "{args}");
        assert!(stored.findings.iter().any(|f| f.policy == "transport-baseline"), "{args}");
        assert!(code != Some(0) && code != Some(2), "{args}: {code:?}");
        assert!(!matches!(stored.outcome, Outcome::Passed | Outcome::PassedUnmeasured), "{args}");
        assert_eq!(tally::exit(&stored).number(), u8::try_from(code.unwrap()).unwrap());
    }
    // Nothing at all was evaluated.
    let (code, stored) = report(folder.path(), "--min-score 0");
    assert_eq!((code, stored.outcome), (Some(4), Outcome::Nothing));
    // A run that left every rule with points out.
    sites("service", "");
    let (code, stored) =
        report(folder.path(), "--skip tieu-de --skip tim-kiem --skip ho-so -p transport-baseline --min-score 0");
    assert!(stored.scores.is_empty() && code != Some(0), "{code:?}");
    // Said in words too.
    let (_, out, _) =
        check(folder.path(), "--skip tieu-de --skip tim-kiem --skip ho-so -p transport-baseline --min-score 0");
    assert!(out.contains("at least 0 points – no site has points to hold against this"), "{out}");
}

#[test]
fn a_passing_run_whose_gates_nobody_answers_is_inconclusive() {
    let folder = example();
    let (_, mut stored) = report(folder.path(), "--only tieu-de");
    assert_eq!((stored.outcome, tally::exit(&stored).number()), (Outcome::Passed, 0));
    stored.gates.min_groups.insert("so-do".to_owned(), rasoat::policy::Points(0));
    tally::count(&mut stored);
    assert_eq!((stored.outcome, tally::exit(&stored).number()), (Outcome::Inconclusive, 3));
    assert!(tally::is_whole(&stored));
    // Nor is a unit's section of a joined report green when the unit alone would not be.
    stored.sections.push(rasoat::report::Section {
        name: "don-vi".to_owned(),
        unit: None,
        taken_at: stored.taken_at.clone(),
        run_id: stored.run_id.clone(),
        sites: stored.sites.iter().map(|site| site.id.clone()).collect(),
        summary: stored.summary,
        outcome: Outcome::Passed,
    });
    tally::count(&mut stored);
    assert_eq!(stored.sections[0].outcome, Outcome::Inconclusive);
    stored.fail_on = rasoat::report::FailOn::Never;
    tally::count(&mut stored);
    assert_eq!((stored.outcome, tally::exit(&stored).number()), (Outcome::Inconclusive, 0));
    // What fell short ends well when nothing shall fail the run, and is not called passed.
    let (code, stored) = report(folder.path(), "--min-score 100 --fail-on never");
    assert_eq!((code, stored.outcome), (Some(0), Outcome::Failed));
}

#[test]
fn a_score_or_gate_edited_by_hand_is_damage() {
    let folder = example();
    let (_, stored) = report(folder.path(), "--min-score 50");
    assert!(tally::is_whole(&stored));
    let edited = |edit: fn(&mut Report)| {
        let mut copy = stored.clone();
        edit(&mut copy);
        tally::is_whole(&copy)
    };
    assert!(!edited(|r| r.scores[0].low = rasoat::policy::Points(9_000)));
    assert!(!edited(|r| r.scores[0].gates.clear()));
    assert!(!edited(|r| r.scores[0].level = Some("A".to_owned())));
    assert!(!edited(|r| r.scores.clear()));
    assert!(!edited(|r| r.gates.min_score = None));
    // A finding that names no rule or site of the report would stand in no table of it.
    assert!(!edited(|r| r.rules.truncate(1)));
    assert!(!edited(|r| r.rules.push(r.rules[0].clone())));
    assert!(!edited(|r| r.sites.clear()));
}

/// Two services, one with a search field; each in a shard of its own.
fn two(folder: &Path) {
    let page = |body: &str| {
        format!("<!doctype html><html lang=vi><head><title>Trang</title></head><body>{body}</body></html>")
    };
    let sites = "apiVersion: rasoat/v1\nsites:\n  - {id: mot, role: service, url: 'https://mot.mau.gov.vn/', source: one}\n  - {id: hai, role: service, url: 'https://hai.mau.gov.vn/', source: two}\n";
    write(
        folder,
        &[
            ("one/index.html".into(), page("<input type=search>").into()),
            ("two/index.html".into(), page("x").into()),
            ("sites.yml".into(), sites.into()),
        ],
    );
}

#[test]
fn merged_parts_have_the_scores_of_the_whole() {
    let folder = example();
    two(folder.path());
    let gates = "--min-level B --min-group noi-dung=60";
    let (code, whole) = report(folder.path(), gates);
    assert_eq!((code, whole.scores.len()), (Some(1), 2));
    for part in 1..=2 {
        check(folder.path(), &format!("{gates} -q --shard {part}/2 --report json={part}.json"));
    }
    let merge =
        |args: &str| ended(rasoat(folder.path()).args(["merge", "2.json", "1.json"]).args(args.split_whitespace()));
    let (code, out, err) = merge("-q --report json");
    let merged = from_json(&out).unwrap_or_else(|e| panic!("{e} {err}"));
    assert_eq!((&merged.scores, &merged.gates, merged.outcome), (&whole.scores, &whole.gates, whole.outcome));
    assert_eq!(code, Some(1));
    // The gates of its own flags take the place of theirs.
    assert_eq!(merge("-q --min-score 40").0, Some(0));
    assert_eq!(merge("-q --min-score 100.5").0, Some(2));
    assert!(merge("--min-level Q").2.contains("There are: A, B, C, D, E."));
}

#[test]
fn a_scale_that_one_report_has_to_itself_is_refused() {
    let folder = example();
    two(folder.path());
    for part in 1..=2 {
        check(folder.path(), &format!("-q --shard {part}/2 --report json={part}.json"));
    }
    let path = folder.path().join("1.json");
    let mut own = from_json(&std::fs::read_to_string(&path).unwrap()).unwrap();
    for level in own.policies.iter_mut().flat_map(|p| &mut p.scale).flat_map(|s| &mut s.levels) {
        level.from = rasoat::policy::Points(0);
    }
    tally::count(&mut own);
    assert!(tally::is_whole(&own) && own.scores[0].level.as_deref() == Some("A"));
    write(folder.path(), &[("1.json".to_owned(), rasoat::report::to_json(&own).unwrap().into_bytes())]);
    let (code, _, err) =
        ended(rasoat(folder.path()).args(["merge", "1.json", "2.json", "--lang", "en", "--report", "json"]));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("the points that the reports hold for it are not"), "{err}");
}

#[test]
fn reports_with_different_gates_are_told_apart() {
    let folder = example();
    two(folder.path());
    check(folder.path(), "-q --min-score 40 --shard 1/2 --report json=1.json");
    check(folder.path(), "-q --min-level B --shard 2/2 --report json=2.json");
    let merge = |args: &[&str]| ended(rasoat(folder.path()).args(["merge", "1.json", "2.json"]).args(args));
    let (code, _, err) = merge(&[]);
    assert_eq!(code, Some(2));
    for wanted in ["1.json: --min-score 40", "2.json: --min-level B", "Say what shall hold: --min-score"] {
        assert!(err.contains(wanted), "{wanted}\n{err}");
    }
    assert_eq!(merge(&["-q", "--min-score", "40"]).0, Some(0));
    let (code, _, err) = merge(&["--lang", "vi"]);
    assert!(code == Some(2) && err.contains("ngưỡng điểm khác nhau"), "{err}");
}
