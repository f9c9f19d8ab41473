//! The program over some months: what it tells of changes and trends, and what it refuses.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use super::estate::{Home, names, run, set, town};

const CHECK: &str = "check --browser never --history lich-su";

/// Four months: `so-1` breaks in August and stays broken, unseen in September; `so-2` breaks in September.
fn months(folder: &Path) {
    town(folder, 3);
    for (day, one, two) in [
        ("2026-07-01", Home::Right, Home::Right),
        ("2026-08-01", Home::Bare, Home::Right),
        ("2026-09-01", Home::Empty, Home::Bare),
        ("2026-10-01", Home::Bare, Home::Right),
    ] {
        set(folder, "so-1", one);
        set(folder, "so-2", two);
        run(folder, day, &format!("{CHECK} -q"));
    }
    assert_eq!(names(&folder.join("lich-su")).len(), 4);
}

#[test]
fn a_check_tells_what_changed_since_the_last_one() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 3);
    let first = run(folder, "2026-08-01", &format!("{CHECK} --lang vi"));
    assert_eq!(first.code, Some(0), "{}", first.stderr);
    assert!(!first.stdout.contains("So với lần trước"), "there is none: {}", first.stdout);
    set(folder, "so-1", Home::Bare);
    let second = run(folder, "2026-09-01", &format!("{CHECK} --lang vi"));
    assert_eq!(second.code, Some(1));
    let said = "So với lần trước (01/08/2026): 2 lỗi mới, 1 thay đổi khác.";
    assert!(second.stdout.contains(said), "{}", second.stdout);
    assert!(second.stdout.contains("• so-1 · emc-snippet, emc-label: đạt → không đạt"), "{}", second.stdout);
    assert!(second.stdout.contains("Tỷ lệ đạt qua 2 lần, từ 01/08/2026: █▇ 100,0% → "), "{}", second.stdout);
    // What fails the run is what is found, not what is new.
    set(folder, "so-2", Home::Bare);
    let third = run(folder, "2026-10-01", &format!("{CHECK} --lang en --report markdown=r.md"));
    let markdown = fs::read_to_string(folder.join("r.md")).unwrap();
    for text in [&third.stdout, &markdown] {
        assert!(
            text.contains("Since the run of 2026-09-01: 2 new failures, 1 other change, 2 still failing."),
            "{text}"
        );
    }
    assert!(third.stdout.contains("• so-1 · emc-snippet, emc-label: failing since 2026-09-01"), "{}", third.stdout);
    assert!(markdown.contains("so-2 · emc-snippet, emc-label: pass → fail"), "{markdown}");
}

#[test]
fn what_is_stored_and_how_it_ends_do_not_depend_on_the_history() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    months(folder);
    let without = run(folder, "2026-11-01", "check -q --browser never --report json");
    let with = run(folder, "2026-11-01", &format!("{CHECK} -q --report json"));
    assert_eq!((without.code, &without.stdout), (with.code, &with.stdout));
    // The same run again is not a second one.
    run(folder, "2026-11-01", &format!("{CHECK} -q"));
    assert_eq!(names(&folder.join("lich-su")).len(), 5);
}

#[test]
fn runs_are_listed_and_rendered_again() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    months(folder);
    let listed = run(folder, "2026-11-01", "history show lich-su --lang vi");
    let lines: Vec<&str> = listed.stdout.lines().collect();
    assert_eq!((listed.code, lines.len()), (Some(0), 4), "{}", listed.stdout);
    assert!(lines[0].starts_with("01/10/2026 09:00  ") && lines[3].starts_with("01/07/2026"), "{}", listed.stdout);
    assert!(lines[0].contains("4 trang") && lines[0].contains("tt22-2023 2024.1"), "{}", lines[0]);
    let whole = run(folder, "2026-11-01", "history show lich-su 2026-08-01 --report json=aug.json");
    assert_eq!(whole.code, Some(1), "as `rasoat report` ends: {}", whole.stderr);
    let file = names(&folder.join("lich-su")).remove(1);
    let again = run(folder, "2026-11-01", &format!("report lich-su/{file} --report json=aug2.json"));
    assert_eq!((whole.code, &whole.stdout), (again.code, &again.stdout));
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert_eq!(read("aug.json"), read("aug2.json"));
    let id = serde_json::from_str::<Value>(&read("aug.json")).unwrap()["run_id"].as_str().unwrap()[..8].to_owned();
    for name in [id.as_str(), "20260801T02", file.as_str()] {
        assert_eq!(run(folder, "2026-11-01", &format!("history show lich-su {name}")).stdout, whole.stdout, "{name}");
    }
    for (wrong, why) in [("2026-12-31", "no run is"), ("2026", "is 4 runs"), ("..", "no run is")] {
        let refused = run(folder, "2026-11-01", &format!("history show lich-su {wrong}"));
        assert_eq!(refused.code, Some(2), "{wrong}");
        assert!(refused.stderr.contains(why), "{wrong}: {}", refused.stderr);
    }
}

#[test]
fn two_runs_are_compared_and_the_series_goes_back_over_a_gap() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    months(folder);
    let last = run(folder, "2026-11-01", "history diff lich-su --lang vi");
    assert_eq!(last.code, Some(0), "{}", last.stderr);
    assert!(last.stdout.starts_with("Lần chạy 01/10/2026. So với lần trước (01/09/2026): "), "{}", last.stdout);
    assert!(last.stdout.contains("2 đo lại được và vẫn không đạt, 2 đã sửa"), "{}", last.stdout);
    assert!(
        last.stdout.contains(
            "so-1 · emc-snippet, emc-label: chưa đủ căn cứ kết luận → không đạt, không đạt từ 01/08/2026, trong đó 1 lần chưa đo được"
        ),
        "{}",
        last.stdout
    );
    let named = run(folder, "2026-11-01", "history diff lich-su 2026-07-01 2026-09-01 --lang en");
    assert!(
        named
            .stdout
            .starts_with("Run of 2026-09-01. Since the run of 2026-07-01: 2 new failures, 4 no longer measured"),
        "{}",
        named.stdout
    );
    let one = run(folder, "2026-11-01", "history diff lich-su 2026-08-01 --lang en");
    assert!(one.stdout.starts_with("Run of 2026-10-01. Since the run of 2026-08-01:"), "{}", one.stdout);
    let alone = TempDir::new().unwrap();
    town(alone.path(), 1);
    run(alone.path(), "2026-10-01", &format!("{CHECK} -q"));
    let refused = run(alone.path(), "2026-11-01", "history diff lich-su");
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("there are no two whole runs"), "{}", refused.stderr);
}

#[test]
fn stored_reports_are_compared_without_a_history() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 2);
    run(folder, "2026-09-01", "check -q --browser never --report json=old.json");
    set(folder, "so-2", Home::Bare);
    run(folder, "2026-10-01", "check -q --browser never --report json=new.json");
    let compared = run(folder, "2026-10-02", "report new.json --compare old.json --lang vi --report markdown=r.md");
    assert_eq!(compared.code, Some(1), "it ends as its run ended: {}", compared.stderr);
    assert!(compared.stdout.contains("So với lần trước (01/09/2026): 2 lỗi mới"), "{}", compared.stdout);
    assert!(fs::read_to_string(folder.join("r.md")).unwrap().contains("2 lỗi mới"));
    let back = run(folder, "2026-10-02", "report old.json --compare new.json --lang en");
    assert_eq!(back.code, Some(0));
    assert!(back.stdout.contains("2 mended") && back.stdout.contains("newer of the two"), "{}", back.stdout);
    let same = run(folder, "2026-10-02", "report new.json --compare new.json --lang en");
    assert!(
        same.stdout.contains("nothing changed, 2 still failing") && same.stdout.contains("of one run"),
        "{}",
        same.stdout
    );
    for wrong in ["missing.json", "sites.yml"] {
        let refused = run(folder, "2026-10-02", &format!("report new.json --compare {wrong}"));
        assert_eq!(refused.code, Some(2), "{wrong}");
        assert!(refused.stderr.contains(wrong), "{}", refused.stderr);
    }
}

#[test]
fn a_trend_has_every_form() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    months(folder);
    let drawn = run(
        folder,
        "2026-11-01",
        "history trend lich-su --lang vi --report csv=t.csv --report json=t.json --report markdown=t.md",
    );
    assert_eq!((drawn.code, drawn.stderr.as_str()), (Some(0), ""));
    assert!(drawn.stdout.contains("01/07/2026  ████████████████████     100,0%"), "{}", drawn.stdout);
    let json: Value = serde_json::from_str(&fs::read_to_string(folder.join("t.json")).unwrap()).unwrap();
    let runs = json["runs"].as_array().unwrap();
    assert_eq!((&json["schema"], runs.len()), (&Value::from("rasoat/trend/v1"), 4));
    for run in runs {
        let n = |key: &str| run["summary"][key].as_f64().unwrap();
        let rate = (n("pass") / (n("pass") + n("fail")) * 1000.0).floor() / 10.0;
        assert_eq!(run["pass_rate"].as_f64(), Some(rate), "{run}");
    }
    assert_eq!(json["months"][3]["month"], "2026-10");
    let csv = fs::read_to_string(folder.join("t.csv")).unwrap();
    assert_eq!(csv.lines().filter(|line| line.starts_with("lần chạy,")).count(), 4);
    assert_eq!(csv.lines().filter(|line| line.starts_with("tiêu chí,")).count(), 4 * 7);
    let columns = csv.lines().next().unwrap().split(',').count();
    // A comma of a number stands between quotes.
    assert!(csv.lines().any(|line| line.contains("\"100,0\"")), "{csv}");
    assert_eq!(columns, 14);
    assert!(fs::read_to_string(folder.join("t.md")).unwrap().contains("| 01/10/2026 09:00 |"));
    let one = run(folder, "2026-11-01", "history trend lich-su --site so-1 --rule emc-snippet --report json --lang en");
    let json: Value = serde_json::from_str(&one.stdout).unwrap();
    let rates: Vec<&Value> = json["runs"].as_array().unwrap().iter().map(|r| &r["pass_rate"]).collect();
    assert_eq!(rates, [&Value::from(100.0), &Value::from(0.0), &Value::Null, &Value::from(0.0)], "unseen is no rate");
    for (wrong, why) in [
        ("--rule emc-snipet", "emc-snippet"),
        ("--site so-9", "--site"),
        ("--report xml", "csv, json, markdown"),
        ("--report csv --report json", "=PATH"),
        ("--report csv=", "csv=PATH"),
    ] {
        let refused = run(folder, "2026-11-01", &format!("history trend lich-su {wrong}"));
        assert_eq!(refused.code, Some(2), "{wrong}");
        assert!(refused.stderr.contains(why), "{wrong}: {}", refused.stderr);
    }
    let none = run(folder, "2026-11-01", "history trend chua-co");
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("rasoat check --history"), "{}", none.stderr);
}

#[test]
fn runs_of_another_range_are_kept_and_not_compared_as_if_equal() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    months(folder);
    let narrowed = run(folder, "2026-10-05", &format!("{CHECK} --site so-3 --lang en"));
    assert!(narrowed.stdout.contains("Since the run of 2026-10-01: nothing changed."), "{}", narrowed.stdout);
    assert!(narrowed.stdout.contains("3 sites of the earlier report were not judged this time"), "{}", narrowed.stdout);
    assert!(!narrowed.stdout.contains("Pass rate over"), "{}", narrowed.stdout);
    run(folder, "2026-10-06", &format!("{CHECK} -q --only emc-snippet"));
    for shard in ["1/2", "2/2"] {
        let part =
            run(folder, "2026-10-07", &format!("{CHECK} --shard {shard} --lang en --report json={}.json", &shard[..1]));
        assert!(!part.stdout.contains("Since the run of"), "{}", part.stdout);
    }
    assert_eq!(names(&folder.join("lich-su")).len(), 8);
    assert!(names(&folder.join("lich-su")).iter().any(|name| name.ends_with("-s2of2.json.zst")));
    let drawn = run(folder, "2026-11-01", "history trend lich-su --lang en");
    assert!(
        drawn.stderr.contains(
            "2 shards (keep the merged report: rasoat merge --history), 1 of some sites only, 1 by some rules only"
        ),
        "{}",
        drawn.stderr
    );
    assert_eq!(drawn.stdout.lines().filter(|line| line.contains('█')).count(), 4 + 7 - 1, "{}", drawn.stdout);
    let merged = run(folder, "2026-10-07", "merge 1.json 2.json --history lich-su --lang en");
    assert!(merged.stdout.contains("Since the run of"), "{}{}", merged.stdout, merged.stderr);
    let drawn = run(folder, "2026-11-01", "history trend lich-su --lang en --report csv");
    assert_eq!(drawn.stdout.lines().filter(|line| line.starts_with("run,")).count(), 5, "{}", drawn.stdout);
    assert!(drawn.stdout.contains("run,2026-10-07T02:00:00Z"), "{}", drawn.stdout);
}

#[test]
fn a_year_is_kept_whatever_is_asked_and_the_newest_run_always() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    months(folder);
    let history = folder.join("lich-su");
    for (wrong, why) in [
        ("--keep 364d", "at least a year"),
        ("--keep 0d", "at least a year"),
        ("--keep 1y", "400d"),
        ("--keep -5d", "'-5'"),
        ("--keep +400d", "400d"),
        ("--keep 99999999999d", "400d"),
    ] {
        let refused = run(folder, "2030-01-01", &format!("history prune lich-su {wrong}"));
        assert_eq!(refused.code, Some(2), "{wrong}: {}", refused.stdout);
        assert!(refused.stderr.contains(why), "{wrong}: {}", refused.stderr);
    }
    let dry = run(folder, "2027-08-15", "history prune lich-su --keep 365d --dry-run --lang en");
    assert!(dry.stdout.starts_with("2 runs older than 365 days would be removed"), "{}", dry.stdout);
    assert!(dry.stdout.contains("  20260801T020000Z-") && !dry.stdout.contains("20260901"), "{}", dry.stdout);
    assert_eq!(names(&history).len(), 4);
    // Exactly a year old is not older than a year.
    let exact = run(folder, "2027-07-01", "history prune lich-su --keep 365d --lang en");
    assert!(exact.stdout.starts_with("0 runs"), "{}", exact.stdout);
    let done = run(folder, "2027-08-15", "history prune lich-su --keep 365 --lang vi");
    assert!(
        done.stdout.starts_with("Đã xóa 2 lần chạy cũ hơn 365 ngày") && done.stdout.contains("giữ 2."),
        "{}",
        done.stdout
    );
    assert_eq!(names(&history).len(), 2);
    let all = run(folder, "2040-01-01", "history prune lich-su --keep 0d --force --lang en");
    assert!(all.stdout.starts_with("1 run older than 0 days was removed"), "{}", all.stdout);
    assert_eq!(names(&history).len(), 1);
    assert!(names(&history)[0].starts_with("20261001"), "the newest stays");
}

#[test]
fn the_folder_is_named_by_the_file_and_the_environment_too() {
    let kept = TempDir::new().unwrap();
    let folder = kept.path();
    town(folder, 1);
    fs::write(folder.join("rasoat.yml"), "apiVersion: rasoat/v1\nhistory: theo-tep\n").unwrap();
    run(folder, "2026-10-01", "check -q --browser never --report json=r.json");
    assert_eq!(names(&folder.join("theo-tep")).len(), 1);
    run(folder, "2026-10-02", "merge r.json -q");
    assert_eq!(names(&folder.join("theo-tep")).len(), 2, "merge keeps where check keeps");
    crate::support::rasoat(folder)
        .env("RASOAT_HISTORY", "theo-bien")
        .args(["check", "-q", "--browser", "never"])
        .output()
        .unwrap();
    assert_eq!(names(&folder.join("theo-bien")).len(), 1);
    // Only what keeps a run keeps one.
    run(folder, "2026-10-03", "report r.json -q");
    assert_eq!(names(&folder.join("theo-tep")).len(), 2);
}
