//! Policies as code: overlays that weaken mandatory rules need people's leave, what a run leaves out is told, and the
//! handbook of rules is the policies'. `UPDATE_DOCS=1 cargo test --test policies` writes the handbook anew.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

use std::path::Path;

use serde_json::Value;
use support::{rasoat, write};
use tempfile::TempDir;

const BASE: &str = "apiVersion: rasoat/v1
kind: Policy
id: tinh
version: \"1\"
title: {vi: Tỉnh, en: Province}
trackers:
  own: {queue: _q, calls: {page_view: a, site_id: b, collector: c}, library: https://t.example.org/l.js, collector: https://t.example.org/c, site_id: '^[0-9]+$'}
params:
  share: {type: integer, default: 100}
rules:
  - id: one
    title: {vi: Một, en: One}
    severity: error
    applies_to: [portal, component]
    pages: all
    mandatory: true
    check: {element: {selector: h1}}
    tests: {pass: [{html: <h1>x</h1>}], fail: [{html: <p>x</p>}]}
  - id: two
    title: {vi: Hai, en: Two}
    severity: error
    applies_to: [portal, component]
    mandatory: true
    check: {tracker: {name: own}}
  - id: three
    title: {vi: Ba, en: Three}
    severity: error
    applies_to: [portal]
    mandatory: true
    check: {links_to: {sites: children, share: '${share}'}}
";

fn overlay(rest: &str) -> String {
    format!(
        "apiVersion: rasoat/v1\nkind: Policy\nid: so\nversion: \"1\"\ntitle: {{vi: Sở, en: Department}}\nextends: [./base.yml]\n{rest}"
    )
}

fn waivers(entries: &str) -> String {
    format!("apiVersion: rasoat/v1\nwaivers:\n{entries}")
}

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
    write(folder.path(), &[("base.yml".to_owned(), BASE.as_bytes().to_vec())]);
    write(folder.path(), &files);
    folder
}

/// Exit code and what was said.
fn run(folder: &Path, args: &str) -> (i32, String) {
    let output = rasoat(folder).args(args.split(' ')).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&said).into_owned())
}

#[test]
fn every_way_to_weaken_a_mandatory_rule_is_refused() {
    for (key, rest) in [
        ("off", "rules: [{id: one, off: true}]"),
        ("severity", "rules: [{id: one, severity: warning}]"),
        ("applies_to", "rules: [{id: one, applies_to: [portal]}]"),
        ("pages", "rules: [{id: one, pages: home}]"),
        ("check", "rules: [{id: one, check: {element: {selector: body}}}]"),
        ("scored", "rules: [{id: one, scored: false}]"),
        ("mandatory", "rules: [{id: one, mandatory: false}]"),
        ("trackers.own", "trackers: {own: {site_id: '.*'}}"),
        ("params.share", "params: {share: {type: integer, default: 1}}"),
    ] {
        let folder = folder(&[("own.yml", overlay(&format!("{rest}\n")))]);
        let (exit, said) = run(folder.path(), "test own.yml");
        assert_eq!(exit, 2, "{key}: {said}");
        assert!(said.contains(&format!("may not be weakened by `{key}`")), "{key}: {said}");
        assert!(said.contains("site: '*', reason: …, approved_by: …, expires: YYYY-MM-DD"), "{key}: {said}");
    }
}

#[test]
fn what_makes_a_mandatory_rule_stricter_needs_no_leave() {
    for rest in [
        "rules: [{id: one, title: {vi: Khác, en: Other}, fix: {vi: Sửa, en: Mend}}]",
        "rules: [{id: one, applies_to: [portal, component, service], severity: error, pages: all}]",
        "trackers: {own: {snippet: <script></script>}}",
        "trackers: {other: {queue: _r, calls: {page_view: a, site_id: b, collector: c}, library: https://t.example.org/l.js, collector: https://t.example.org/c, site_id: '^[0-9]+$'}}",
    ] {
        let folder = folder(&[("own.yml", overlay(&format!("{rest}\n")))]);
        let (exit, said) = run(folder.path(), "test own.yml");
        assert_eq!(exit, 0, "{rest}: {said}");
    }
}

// The clock of these runs stands at 2026-01-01 in Vietnam.
#[test]
fn a_waiver_gives_leave_until_its_last_day() {
    let own = overlay("rules: [{id: one, severity: note}]\n");
    let waiver = |site: &str, rest: &str, day: &str| {
        waivers(&format!(
            "  - {{rule: one, site: '{site}', reason: Chờ nâng cấp, approved_by: Sở TTTT, expires: {day}{rest}}}\n"
        ))
    };
    for (name, text, wanted, told) in [
        ("holds", waiver("*", "", "2026-12-31"), 0, ""),
        ("the last day", waiver("*", "", "2026-01-01"), 0, ""),
        ("the day after", waiver("*", "", "2025-12-31"), 2, "this waiver ended on 2025-12-31"),
        ("some sites only", waiver("so-*", "", "2026-12-31"), 2, "does not cover the whole rule"),
        ("a part only", waiver("*", ", subject: {page: /}", "2026-12-31"), 2, "does not cover the whole rule"),
        ("another rule", waiver("*", "", "2026-12-31").replace("rule: one", "rule: two"), 2, "may not be weakened"),
    ] {
        let folder = folder(&[("own.yml", own.clone()), ("w.yml", text)]);
        let (exit, said) = run(folder.path(), "test own.yml --waivers w.yml");
        assert_eq!(exit, wanted, "{name}: {said}");
        assert!(said.contains(told), "{name}: {said}");
    }
    // A rule that is taken out is known to the waivers still.
    let gone = overlay("rules: [{id: one, off: true}]\n");
    let folder = folder(&[("own.yml", gone), ("w.yml", waiver("*", "", "2026-12-31"))]);
    let (exit, said) = run(folder.path(), "test own.yml --waivers w.yml --only two");
    assert_eq!(exit, 4, "{said}");
    let (exit, said) = run(folder.path(), "rules own.yml");
    assert!(exit == 0 && said.contains("two") && !said.contains("one "), "{said}");
}

#[test]
fn a_check_is_judged_by_a_weakened_rule_under_a_waiver_and_says_so() {
    let entry = "  - {rule: one, site: '*', reason: Chờ nâng cấp, approved_by: Sở TTTT, expires: 2026-01-01}\n";
    let own = overlay("rules: [{id: one, severity: note}, {id: two, off: true}, {id: three, off: true}]\n");
    let all = [entry, &entry.replace("one", "two"), &entry.replace("one", "three")].concat();
    let pages = ("dist/index.html", "<!doctype html><title>x</title><h1>x</h1>".to_owned());
    let folder = folder(&[("own.yml", own), ("w.yml", waivers(&all)), ("part.yml", waivers(entry)), pages]);
    let (exit, said) = run(folder.path(), "check dist -p own.yml");
    assert!(exit == 2 && said.contains("may not be weakened by `severity`"), "{said}");
    let (exit, said) = run(folder.path(), "check dist -p own.yml --waivers part.yml");
    assert!(exit == 2 && !said.contains("`severity`") && said.contains("`off`"), "{said}");
    let args = "check dist -p own.yml --waivers w.yml --report json -q".split(' ');
    let output = rasoat(folder.path()).args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let notes = report["estate_notes"].as_array().unwrap();
    let codes: Vec<&str> = notes.iter().map(|note| note["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["mandatory-weakened"; 3], "no waiver is called unmatched");
    let message = notes[0]["message"]["en"].as_str().unwrap();
    let wanted = "The mandatory rule one is weakened by severity (own.yml:7) under the waiver w.yml:3, approved by Sở TTTT, until 2026-01-01.";
    assert_eq!(message, wanted);
    assert_eq!((&notes[0]["places"][0]["path"], &notes[0]["places"][0]["line"]), (&"w.yml".into(), &3.into()));
    // The day after.
    let later = rasoat(folder.path())
        .env("SOURCE_DATE_EPOCH", "1767315600")
        .args(["check", "dist", "-p", "own.yml", "--waivers", "w.yml"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&later.stderr).into_owned();
    assert!(later.status.code() == Some(2) && said.contains("this waiver ended on 2026-01-01"), "{said}");
}

#[test]
fn a_run_that_leaves_out_mandatory_rules_says_so() {
    let folder = folder(&[("dist/index.html", "<!doctype html><h1>x</h1>".to_owned())]);
    let notes = |args: &str| {
        let output = rasoat(folder.path()).args(args.split(' ')).args(["--report", "json", "-q"]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        report["estate_notes"].clone()
    };
    assert_eq!(notes("check dist -p base.yml"), serde_json::json!([]));
    let skipped = notes("check dist -p base.yml --skip one --skip three");
    assert_eq!(skipped[0]["code"], "mandatory-not-judged");
    assert!(skipped[0]["message"]["en"].as_str().unwrap().ends_with("(2): one, three."), "{skipped}");
    let narrowed = notes("check dist -p base.yml --only one");
    assert!(narrowed[0]["message"]["vi"].as_str().unwrap().ends_with("(2): two, three."), "{narrowed}");
    assert_eq!(notes("check dist --only emc-label"), serde_json::json!([]), "no shipped rule is mandatory");
}

#[test]
fn coverage_wants_both_examples_or_the_reason_for_none() {
    let with = |tests: &str| overlay(&format!("rules: [{{id: two, tests: {tests}}}, {{id: three, tests: {tests}}}]\n"));
    let impossible = with("{pass: [{impossible: không có}], fail: [{impossible: không có}]}");
    let folder = folder(&[("own.yml", impossible), ("half.yml", with("{fail: [{impossible: không có}]}"))]);
    assert_eq!(run(folder.path(), "test own.yml --coverage").0, 0);
    let (exit, said) = run(folder.path(), "test half.yml --coverage");
    assert_eq!(exit, 1);
    assert!(said.contains("the rule two has no example of pass\n"), "{said}");
    assert!(said.contains("1 of 3 rules have both"), "{said}");
    assert_eq!(run(folder.path(), "test half.yml").0, 0, "without the flag it is no failure");
    let (exit, said) = run(folder.path(), "test base.yml --coverage --only one");
    assert!(exit == 0 && said.contains("1 of 1 rules"), "{said}");
}

/// What a policy says can be no markup of the handbook.
#[test]
fn a_handbook_is_text_whatever_the_policy_says() {
    let title = r#"title: {vi: 'Một | <img src=x onerror=alert(1)>', en: "One [x](javascript:1)\u202e | <b>"}"#;
    let hostile = BASE.replace("title: {vi: Một, en: One}", title);
    assert_ne!(hostile, BASE);
    let folder = folder(&[("own.yml", hostile)]);
    for lang in ["vi", "en"] {
        let (exit, said) = run(folder.path(), &format!("explain --all -p own.yml --format markdown --lang {lang}"));
        assert_eq!(exit, 0, "{said}");
        assert!(!said.contains("<img") && !said.contains("<b>") && !said.contains('\u{202e}'), "{said}");
        assert!(!said.contains("[x](java"), "{said}");
    }
}

#[test]
fn a_mandatory_rule_is_called_so() {
    let folder = folder(&[("own.yml", BASE.to_owned())]);
    let (exit, said) = run(folder.path(), "explain one -p own.yml --lang vi");
    assert!(exit == 0 && said.contains("Bắt buộc: có"), "{said}");
    let (_, other) = run(folder.path(), "explain emc-snippet --lang vi");
    assert!(!other.contains("Bắt buộc"), "{other}");
}

/// Nor does it act on the terminal that lists or explains it.
#[test]
fn a_policy_cannot_act_on_the_terminal() {
    let hostile = BASE.replace("title: {vi: Một, en: One}", r#"title: {vi: 'Một', en: "One\e[31m\u202e"}"#);
    assert_ne!(hostile, BASE);
    let folder = folder(&[("own.yml", hostile)]);
    for command in ["rules own.yml --lang en", "explain one -p own.yml --lang en"] {
        let (exit, said) = run(folder.path(), command);
        assert!(exit == 0 && said.contains("One␛[31m"), "{command}: {said}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{command}: {said}");
    }
}

#[test]
fn the_handbook_is_the_policies() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (lang, name) in [("en", "docs/rules.md"), ("vi", "docs/rules.vi.md")] {
        let (exit, page) = run(root, &format!("explain --all --format markdown --lang {lang}"));
        assert_eq!(exit, 0, "{page}");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(root.join(name), &page).unwrap();
        }
        let kept = std::fs::read_to_string(root.join(name)).unwrap_or_default().replace("\r\n", "\n");
        assert!(kept == page, "{name} is not what the policies say: UPDATE_DOCS=1 cargo test --test policies");
    }
}
