//! The program on systems that are rated with points: the shipped policy on the example, what takes its points away,
//! and what a policy of one's own gives for a part of a rule.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{rasoat, write};

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/dich-vu-cong");

fn run(folder: &Path, args: &str) -> (i32, Value, String) {
    let ended = rasoat(folder).args(args.split(' ')).args(["--report", "json", "-q"]).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    (ended.status.code().unwrap(), serde_json::from_slice(&ended.stdout).unwrap_or_default(), said)
}

/// The example's files, with something in them replaced.
fn example(file: &str, old: &str, new: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in ["sites.yml", "attestations.yml", "bien-ban.txt", "dist/index.html"] {
        let mut text = fs::read_to_string(Path::new(EXAMPLE).join(name)).unwrap();
        if name == file {
            assert!(text.contains(old), "{name} does not hold {old}");
            text = text.replace(old, new);
        }
        write(folder.path(), &[(name.to_owned(), text.into_bytes())]);
    }
    folder
}

const RATED: &str = "check -p qd473-2024 --attestations attestations.yml --browser never";

fn points(score: &Value) -> [f64; 3] {
    ["low", "high", "attested"].map(|key| score[key].as_f64().unwrap())
}

fn finding<'a>(report: &'a Value, rule: &str) -> &'a Value {
    report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == rule).unwrap()
}

#[test]
fn the_example_reaches_its_level() {
    let (exit, report, said) = run(Path::new(EXAMPLE), RATED);
    assert_eq!(exit, 0, "{said}");
    let score = &report["scores"][0];
    // 33.5 + 4 + 8 + 7 + 12 + 5; the four principles need the browser: 4 × 1.25.
    assert_eq!(points(score), [69.5, 74.5, 69.5]);
    assert_eq!((&score["possible"], &score["level"]), (&100.into(), &"C".into()));
    let groups: Vec<_> = score["groups"].as_array().unwrap().iter().map(|g| g["possible"].as_f64().unwrap()).collect();
    assert_eq!(groups, [50.0, 5.0, 20.0, 15.0, 5.0, 5.0]);
    for principle in ["wcag-perceivable", "wcag-operable", "wcag-understandable", "wcag-robust"] {
        let found = finding(&report, principle);
        assert_eq!((&found["gap"], &found["code"]), (&"not-requested".into(), &"measured-first".into()), "{principle}");
        assert_eq!(found["notes"][0]["code"], "attestation-unused", "{principle}");
    }
    let rated = finding(&report, "rated-functions");
    assert_eq!((&rated["verdict"], &rated["code"]), (&"pass".into(), &"attested-part".into()));
    assert_eq!(rated["earned"], serde_json::json!({"met": 3350, "of": 5000}));
    assert_eq!(finding(&report, "measured-emc")["verdict"], "pass");
}

/// What is measured stands beside the points and never changes them.
#[test]
fn our_own_measurements_take_no_points() {
    let folder = example("dist/index.html", "_govaq.push(['setSiteId', '310']);", "");
    let (exit, report, said) = run(folder.path(), RATED);
    assert_eq!(exit, 0, "{said}");
    assert_eq!(finding(&report, "measured-emc")["verdict"], "fail");
    assert_eq!(points(&report["scores"][0]), [69.5, 74.5, 69.5]);
}

#[test]
fn without_statements_nothing_is_known_and_nothing_passes() {
    let (exit, report, _) = run(Path::new(EXAMPLE), "check -p qd473-2024 --browser never");
    assert_eq!(exit, 3);
    let score = &report["scores"][0];
    assert_eq!(points(score), [0.0, 100.0, 0.0]);
    assert_eq!([&score["level"], &score["level_low"], &score["level_high"]], [&Value::Null, &"E".into(), &"A".into()]);
}

#[test]
fn what_is_stated_moves_the_points() {
    let functions = "status: pass\n    points: 33.5";
    for (name, old, new, exit, wanted, level) in [
        ("two points less", functions, "status: pass\n    points: 31.5", 0, [67.5, 72.5], Some("C")),
        ("stated as not kept", functions, "status: fail\n    points: 33.5", 1, [69.5, 74.5], Some("C")),
        ("nothing of it", functions, "status: fail", 1, [36.0, 41.0], Some("E")),
        ("all of it", functions, "status: pass", 0, [86.0, 91.0], None),
        ("the day after the last", "2027-12-31", "2025-12-31", 3, [0.0, 100.0], None),
    ] {
        let folder = example("attestations.yml", old, new);
        let (code, report, said) = run(folder.path(), RATED);
        assert_eq!(code, exit, "{name}: {said}");
        let score = &report["scores"][0];
        assert_eq!(points(score)[..2], wanted, "{name}");
        assert_eq!(score["level"].as_str(), level, "{name}");
    }
}

#[test]
fn a_document_that_changed_rates_nothing() {
    let folder = example("bien-ban.txt", "33,5/50", "43,5/50");
    let (exit, _, said) = run(folder.path(), RATED);
    assert!(exit == 2 && said.contains("attestations.yml:13:"), "{said}");
}

#[test]
fn a_portal_has_no_points_and_no_level() {
    let folder = example("sites.yml", "source: dist", "source: khac");
    let here = folder.path();
    for role in ["portal", "component --parent https://tinh-a.gov.vn/"] {
        let (exit, report, said) = run(here, &format!("check dist -p qd473-2024 --role {role}"));
        assert_eq!(exit, 4, "{role}: {said}");
        assert_eq!((report["findings"].as_array().unwrap().len(), &report["scores"]), (0, &serde_json::json!([])));
    }
    let (_, report, _) = run(here, "check dist -p tt22-2023 -p qd473-2024 --role portal");
    assert!(report["findings"].as_array().unwrap().iter().all(|f| f["policy"] == "tt22-2023"));
    assert_eq!(report["scores"], serde_json::json!([]));
    // Nobody said what it is: no points either.
    let (_, report, _) = run(here, "check dist -p qd473-2024");
    assert!(report["findings"].as_array().unwrap().iter().all(|f| f["code"] == "role-unknown"));
    assert_eq!(report["scores"], serde_json::json!([]));
}

const LINKED: &str = "apiVersion: rasoat/v1
kind: Policy
id: lien-ket
version: \"1\"
title: {vi: Liên kết, en: Links}
levels: [{id: tot, from: 6}, {id: thuong, from: 0}]
rules:
  - id: links
    title: {vi: Liên kết, en: Links}
    severity: warning
    applies_to: [portal]
    points: 10
    partial: PARTIAL
    check: {links_to: {sites: children, share: SHARE}}
";

/// A portal with three components and a home page.
fn linked(body: &str, partial: &str, share: &str) -> Value {
    let folder = TempDir::new().unwrap();
    let page =
        format!("<!doctype html><html lang=vi><head><title>A</title></head><body><h1>A</h1>{body}</body></html>");
    let policy = LINKED.replace("PARTIAL", partial).replace("SHARE", share);
    write(folder.path(), &[("p.yml".to_owned(), policy.into()), ("dist/index.html".to_owned(), page.into())]);
    let parts: String = ["a", "b", "c"].map(|so| format!(" --component https://{so}.tinh.gov.vn/")).concat();
    let (_, report, said) = run(folder.path(), &format!("check dist -p p.yml --role portal{parts} --browser never"));
    assert!(!report["findings"].is_null(), "{said}");
    report
}

fn link(so: &str) -> String {
    format!("<a href=\"https://{so}.tinh.gov.vn/\">Sở {so}</a>")
}

#[test]
fn a_portal_earns_points_by_the_share_of_its_links() {
    let select = "<select id=s><option value=\"https://b.tinh.gov.vn/\">b</option></select><script src=\"https://x.vn/a.js\"></script>";
    for (name, body, verdict, earned, scored) in [
        ("all", link("a") + &link("b") + &link("c"), "pass", None, [10.0, 10.0]),
        ("two", link("a") + &link("b"), "fail", Some((2, 0)), [6.66, 6.66]),
        ("one, twice", link("a") + &link("a"), "fail", Some((1, 0)), [3.33, 3.33]),
        ("none", String::new(), "fail", Some((0, 0)), [0.0, 0.0]),
        ("one hidden", format!("{}<div hidden>{}</div>", link("a"), link("b")), "fail", Some((1, 0)), [3.33, 3.33]),
        ("one in doubt, one missing", link("a") + select, "fail", Some((1, 1)), [3.33, 6.66]),
        // What could not be seen counts nothing, or all.
        ("one in doubt", link("a") + &link("c") + select, "inconclusive", Some((2, 1)), [0.0, 10.0]),
        (
            "a click that leads anywhere",
            link("a") + "<a href=\"javascript:go(this)\">Các sở</a>",
            "inconclusive",
            Some((1, 2)),
            [0.0, 10.0],
        ),
    ] {
        let report = linked(&body, "true", "100");
        let found = finding(&report, "links");
        assert_eq!(found["verdict"], verdict, "{name}: {}", found["message"]["en"]);
        let wanted = earned.map_or(Value::Null, |(met, open)| match open {
            0 => serde_json::json!({"met": met, "of": 3}),
            _ => serde_json::json!({"met": met, "open": open, "of": 3}),
        });
        assert_eq!(found["earned"], wanted, "{name}");
        let [low, high, _] = points(&report["scores"][0]);
        assert_eq!([low, high], scored, "{name}");
    }
}

#[test]
fn a_rule_without_partial_gives_all_or_nothing() {
    let report = linked(&(link("a") + &link("b")), "false", "100");
    assert_eq!(points(&report["scores"][0])[..2], [0.0, 0.0]);
    // Enough by the policy's own share is all of it.
    let report = linked(&(link("a") + &link("b")), "true", "60");
    assert_eq!(finding(&report, "links")["earned"], Value::Null);
    assert_eq!((points(&report["scores"][0])[0], report["scores"][0]["level"].as_str()), (10.0, Some("tot")));
}
