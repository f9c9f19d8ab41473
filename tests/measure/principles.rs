//! The four principles of the shipped evaluation on a real page: each is met when the checker finds nothing of its own
//! and people answer for the rest; what the checker finds stands whatever is stated.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::{rasoat, write};

const PRINCIPLES: [&str; 4] = ["wcag-perceivable", "wcag-operable", "wcag-understandable", "wcag-robust"];

/// Checks the example with a part of its page replaced; `edit` changes what is stated.
fn check(old: &str, new: &str, edit: impl Fn(String) -> String, more: &[&str]) -> Value {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/dich-vu-cong");
    let read = |name: &str| fs::read_to_string(example.join(name)).unwrap();
    let page = read("dist/index.html");
    assert!(page.contains(old), "{old}");
    let folder = TempDir::new().unwrap();
    write(
        folder.path(),
        &[
            ("sites.yml".to_owned(), read("sites.yml").into()),
            ("attestations.yml".to_owned(), edit(read("attestations.yml")).into()),
            ("bien-ban.txt".to_owned(), read("bien-ban.txt").into()),
            ("broken.js".to_owned(), "throw new Error('x')".into()),
            ("dist/index.html".to_owned(), page.replace(old, new).into()),
        ],
    );
    let args = "check -p qd473-2024 --attestations attestations.yml --skip measured-page-load --skip measured-emc";
    let browser = ["--browser", "require", "--browser-path", "chromium", "--report", "json", "-q"];
    let ended = rasoat(folder.path()).args(args.split(' ')).args(browser).args(more).output().unwrap();
    serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ended.stderr)))
}

/// Verdict, code and basis of the four principles.
fn told(report: &Value) -> [String; 4] {
    PRINCIPLES.map(|rule| {
        let found = report["findings"].as_array().unwrap().iter().find(|f| f["rule"] == rule).unwrap();
        ["verdict", "code", "basis"].map(|key| found[key].as_str().unwrap_or("–")).join(" ")
    })
}

const MET: &str = "pass – attested";
const BROKEN: &str = "fail wcag-violations browser";

#[test]
fn a_principle_is_met_by_a_clean_page_and_a_statement() {
    for (name, old, new, wanted, points) in [
        ("as it is", "<h2>Tra cứu hồ sơ</h2>", "<h2>Tra cứu</h2>", [MET; 4], 74.5),
        (
            "a picture without words",
            " alt=\"Trung tâm phục vụ hành chính công tỉnh A\"",
            "",
            [BROKEN, MET, MET, MET],
            73.25,
        ),
        ("no title", "<title>Cổng dịch vụ công tỉnh A</title>", "", [MET, BROKEN, MET, MET], 73.25),
        ("no language", "<html lang=\"vi\">", "<html>", [MET, MET, BROKEN, MET], 73.25),
        ("a field without a name", "<label for=\"ma\">Mã hồ sơ</label>", "", [MET, MET, MET, BROKEN], 73.25),
        (
            "a link without words breaks two",
            "<a href=\"/huong-dan\">Hướng dẫn</a>",
            "<a href=\"/huong-dan\"></a>",
            [MET, BROKEN, MET, BROKEN],
            72.0,
        ),
        // Whether it needs captions only a person can say, and one has.
        ("a video", "<h2>Tra cứu hồ sơ</h2>", "<video src=\"/a.mp4\" controls></video>", [MET; 4], 74.5),
    ] {
        let report = check(old, new, |stated| stated, &[]);
        assert_eq!(told(&report), wanted, "{name}");
        let score = &report["scores"][0];
        assert_eq!([&score["low"], &score["high"]], [points, points], "{name}");
        assert_eq!(score["level"], "C", "{name}");
    }
}

#[test]
fn what_people_did_not_state_is_open_and_what_they_deny_is_not_met() {
    // The last four statements are those of the principles.
    let without = |stated: String| stated.split("  - rule: wcag-").next().unwrap().to_owned();
    let open = "inconclusive not-attested static";
    let report = check("<h2>Tra cứu hồ sơ</h2>", "<video src=\"/a.mp4\" controls></video>", without, &[]);
    assert_eq!(told(&report), [open; 4]);
    let findings = report["findings"].as_array().unwrap();
    let first = findings.iter().find(|f| f["rule"] == PRINCIPLES[0]).unwrap();
    let asked = first["notes"].as_array().unwrap().iter().find(|n| n["code"] == "measured-part").unwrap();
    assert!(asked["message"]["en"].as_str().unwrap().contains("video-caption (1)"), "{asked}");

    let denied = |stated: String| {
        let (before, after) = stated.split_once("  - rule: wcag-robust").unwrap();
        format!("{before}  - rule: wcag-robust{}", after.replace("status: pass", "status: fail"))
    };
    let report = check("<h2>Tra cứu hồ sơ</h2>", "<h2>Tra cứu</h2>", denied, &[]);
    assert_eq!(told(&report), [MET, MET, MET, "fail attested-fail attested"]);
    let ended = |stated: String| {
        let (before, after) = stated.split_once("  - rule: wcag-").unwrap();
        format!("{before}  - rule: wcag-{}", after.replace("valid_until: 2027-12-31", "valid_until: 2025-12-31"))
    };
    let report = check("<html lang=\"vi\">", "<html>", ended, &[]);
    let expired = "inconclusive attestation-expired static";
    assert_eq!(told(&report), [expired, expired, BROKEN, expired]);
}

#[test]
fn a_statement_never_stands_in_for_a_checker_that_gave_no_answer() {
    let report = check("<h2>Tra cứu hồ sơ</h2>", "<h2>Tra cứu</h2>", |stated| stated, &["--axe", "broken.js"]);
    assert_eq!(told(&report), ["inconclusive no-data static"; 4]);
    let score = &report["scores"][0];
    assert_eq!([&score["low"], &score["high"]], [69.5, 74.5]);
}
