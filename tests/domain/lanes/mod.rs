//! The two lanes against each other: every page that the tests know is judged by its bytes alone, and again after a
//! real browser showed it. What the bytes pass, the browser may not overturn; what they fail, it may only pass with a
//! note that says why. `RASOAT_LANES=all cargo test --test domain lanes -- --nocapture` takes every page, a number as
//! many of them; without it some are drawn.

mod corpus;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use self::corpus::Entry;
use crate::support::rasoat;

/// Pages that are drawn when nobody says otherwise.
const DRAWN: usize = 100;
/// What they are drawn by.
const SEED: u64 = 22_2023;
/// Notes that say why the bytes did not tell what the browser shows.
const REASONS: [&str; 3] = ["static-differs", "lanes-differ", "unread-scripts"];

/// Findings by site and rule.
type Cells = BTreeMap<(String, String), Value>;

fn judged(folder: &Path, entries: usize, lane: &str) -> Cells {
    let mut command = rasoat(folder);
    // What the pages load from elsewhere shall not be had: a door that nobody opens.
    command.args(["check", "-q", "-p", "tt22-2023", "--sites", "sites.yml", "--proxy", "http://127.0.0.1:9"]);
    // Whose ids are the same is no question to ask of pages that have nothing to do with each other.
    command.args(["--skip", "emc-site-id-unique"]).args(lane.split_whitespace()).args([
        "--retries",
        "0",
        "--report",
        "json",
    ]);
    command.args((0..entries).flat_map(|n| ["--site".to_owned(), format!("s{n}")]));
    let output = command.timeout(std::time::Duration::from_secs(3_000)).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&output.stderr)));
    let findings = report["findings"].as_array().unwrap().iter();
    let cell = |f: &Value| (f["site"].as_str().unwrap().to_owned(), f["rule"].as_str().unwrap().to_owned());
    findings.map(|f| (cell(f), f.clone())).collect()
}

fn text<'a>(finding: &'a Value, key: &str) -> &'a str {
    finding[key].as_str().unwrap_or("-")
}

fn short(finding: &Value) -> String {
    let notes: Vec<&str> = finding["notes"].as_array().unwrap().iter().map(|n| text(n, "code")).collect();
    format!("{} {} {} {notes:?}", text(finding, "verdict"), text(finding, "code"), text(finding, "gap"))
}

/// Whether a finding says why the lanes differ: by a note, or because a script could not be had.
fn is_explained(finding: &Value) -> bool {
    let notes = finding["notes"].as_array().unwrap();
    notes.iter().any(|n| REASONS.contains(&text(n, "code"))) || text(finding, "code") == "script-unread"
}

/// What is wrong with what the browser made of it.
fn complaint(bytes: &Value, browser: &Value) -> Option<&'static str> {
    let has_reason = || is_explained(bytes) || is_explained(browser);
    match (text(bytes, "verdict"), text(browser, "verdict")) {
        (a, b) if a == b => None,
        ("pass", "fail") => Some("a pass is overturned"),
        ("pass", "inconclusive") if !has_reason() => Some("a pass is lost"),
        ("fail", "pass") if !has_reason() => Some("a fail becomes a pass and nobody says why"),
        ("fail", "inconclusive") if !has_reason() => Some("a fail is lost"),
        ("not-applicable", _) | (_, "not-applicable") => Some("it applies in one lane only"),
        _ => None,
    }
}

#[test]
fn both_lanes_agree() {
    let (mut entries, left_out) = corpus::all();
    let all = entries.len();
    let wanted = std::env::var("RASOAT_LANES").unwrap_or_default();
    if wanted != "all" {
        fastrand::Rng::with_seed(SEED).shuffle(&mut entries);
        entries.truncate(wanted.parse().unwrap_or(DRAWN));
    }
    let folder = tempfile::tempdir().unwrap();
    corpus::write(&entries, folder.path());
    let begun = std::time::Instant::now();
    let bytes = judged(folder.path(), entries.len(), "--browser never");
    let between = std::time::Instant::now();
    let browser = judged(folder.path(), entries.len(), "--browser require --browser-path chromium");
    println!(
        "{} of {all} pages ({left_out} rows left out): {:.1?} by bytes, {:.1?} in the browser",
        entries.len(),
        between - begun,
        between.elapsed()
    );
    compare(&entries, &bytes, &browser);
}

#[expect(clippy::print_stdout, reason = "how often the lanes agree, for --nocapture")]
fn compare(entries: &[Entry], bytes: &Cells, browser: &Cells) {
    assert!(bytes.keys().eq(browser.keys()), "the lanes do not judge the same rules");
    let (mut counts, mut wrong) = (BTreeMap::<String, usize>::new(), Vec::new());
    for ((site, rule), first) in bytes {
        let second = &browser[&(site.clone(), rule.clone())];
        *counts.entry(format!("{} → {}", text(first, "verdict"), text(second, "verdict"))).or_default() += 1;
        let Some(complaint) = complaint(first, second) else { continue };
        let n: usize = site[1..].parse().unwrap();
        wrong.push(format!(
            "{complaint}: {rule} of {site}, {}\n    bytes   {}\n    browser {}\n            {}",
            entries[n].name,
            short(first),
            short(second),
            text(&second["message"], "en")
        ));
    }
    for (change, count) in &counts {
        println!("{count:6}  {change}");
    }
    assert!(wrong.is_empty(), "{} of {} cells\n{}", wrong.len(), bytes.len(), wrong.join("\n"));
}
