//! The stored report: one finding for each rule and site, its fields, its places, and that two runs are alike.

use serde_json::Value;

use super::command::{call, good, page, snippet};

const SITES: &str = "apiVersion: rasoat/v1\nsites:\n  - id: tinh-a\n    name: Cổng tỉnh A\n    role: portal\n    unit: UBND tỉnh A\n    \
    url: https://tinh-a.gov.vn/\n    source: dist\n  - id: sogd\n    role: component\n    parent: tinh-a\n    url: https://sogd.tinh-a.gov.vn/\n    \
    source: so\n  - id: old\n    role: component\n    parent: tinh-a\n    url: https://old.tinh-a.gov.vn/\n    retired_on: 2025-01-01\n  \
    - id: dvc\n    role: service\n    url: https://dvc.tinh-a.gov.vn/\n    source: so\n  - id: broken\n    role: portal\n    url: https://broken.gov.vn/\n    source: broken\n";

fn estate() -> Value {
    call("", "check --report json -q")
        .file("sites.yml", SITES)
        .file("dist/index.html", good())
        .file("so/index.html", page("<!-- x -->"))
        .file("broken/index.html", "")
        .report()
}

fn finding<'a>(report: &'a Value, rule: &str, site: &str) -> &'a Value {
    let all = report["findings"].as_array().unwrap();
    all.iter().find(|f| f["rule"] == rule && f["site"] == site).unwrap_or_else(|| panic!("{rule} on {site}"))
}

#[test]
fn one_finding_for_each_rule_and_site() {
    let report = estate();
    let findings = report["findings"].as_array().unwrap();
    let mut cells: Vec<String> =
        findings.iter().map(|f| format!("{}/{}/{}", f["policy"], f["site"], f["rule"])).collect();
    let all = cells.len();
    cells.dedup();
    assert_eq!(cells.len(), all);
    let of = |site: &str| {
        findings.iter().filter(|f| f["site"] == site).map(|f| f["rule"].as_str().unwrap()).collect::<Vec<_>>()
    };
    let shared = ["emc-snippet", "emc-label"];
    let last = ["emc-site-id-unique", "emc-site-id-drift", "domain-name"];
    assert_eq!(of("tinh-a"), [&shared[..], &["component-links"], &last].concat());
    assert_eq!(of("sogd"), [&shared[..], &["portal-link"], &last].concat());
    assert_eq!(of("old"), [&shared[..], &["portal-link"], &last].concat());
    assert!(of("dvc").is_empty(), "no rule of this policy asks a service anything");
    assert!(
        findings
            .iter()
            .filter(|f| f["site"] == "old")
            .all(|f| f["verdict"] == "not-applicable" && f["code"] == "retired")
    );
    for finding in findings {
        let open = finding["verdict"] == "inconclusive";
        assert_eq!(open, !finding["gap"].is_null(), "{finding}");
        for key in [
            "policy",
            "rule",
            "site",
            "verdict",
            "code",
            "gap",
            "severity",
            "basis",
            "known",
            "notes",
            "message",
            "reached",
            "places",
            "evidence",
            "expected",
            "actual",
            "duration_ms",
        ] {
            assert!(finding.get(key).is_some(), "{key} is missing: {finding}");
        }
        for lang in ["vi", "en"] {
            assert!(!finding["message"][lang].as_str().unwrap().trim().is_empty(), "{finding}");
        }
        let basis = finding["basis"].as_str().unwrap();
        assert!(["static", "http", "browser", "stand-in", "attested", "declared"].contains(&basis), "{basis}");
        if finding["verdict"] == "fail" {
            assert!(
                !finding["code"].is_null() && !finding["places"].as_array().unwrap().is_empty(),
                "a failure has a code and a place: {finding}"
            );
            let fix = &finding["fix"];
            assert!(
                !fix["vi"].as_str().unwrap().contains("${") && !fix["en"].as_str().unwrap().contains("${"),
                "{fix}"
            );
        }
    }
    for rule in ["emc-snippet", "emc-label"] {
        let open = finding(&report, rule, "broken");
        assert_eq!((&open["verdict"], &open["gap"]), (&"inconclusive".into(), &"empty".into()));
        assert_eq!(open["reached"], Value::Null);
    }
}

#[test]
fn head_sites_and_summary() {
    let report = estate();
    assert_eq!(report["schema"], "rasoat/report/v1");
    assert_eq!(report["tool"]["name"], "rasoat");
    assert_eq!(report["tool"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(report["taken_at"], "2026-01-01T00:00:00Z");
    assert_eq!(report["shard"], Value::Null);
    assert_eq!(report["policies"][0]["id"], "tt22-2023");
    let digest = report["policies"][0]["digest"].as_str().unwrap();
    assert!(digest.strip_prefix("sha256:").is_some_and(|d| d.len() == 64), "{digest}");
    assert_eq!((&report["fail_on"], &report["strict"]), (&"error".into(), &false.into()));
    assert!(!report["run_id"].as_str().unwrap().is_empty());
    assert!(report["estate_notes"].is_array() && report["scores"].is_array());
    let site = &report["sites"][0];
    assert_eq!(site["id"], "tinh-a");
    assert_eq!(
        (&site["name"], &site["unit"], &site["role"]),
        (&"Cổng tỉnh A".into(), &"UBND tỉnh A".into(), &"portal".into())
    );
    assert_eq!((&site["url"], &site["parent"]), (&"https://tinh-a.gov.vn/".into(), &Value::Null));
    assert_eq!(report["sites"][1]["parent"], "tinh-a");
    for key in
        ["final_url", "hops", "status", "attempts", "address", "tls", "timings", "seen_site_ids", "pages_covered"]
    {
        assert!(site.get(key).is_some(), "{key}");
    }
    assert_eq!(site["seen_site_ids"], serde_json::json!(["205"]));
    let count =
        |verdict: &str| report["findings"].as_array().unwrap().iter().filter(|f| f["verdict"] == verdict).count();
    for (key, verdict) in [
        ("pass", "pass"),
        ("fail", "fail"),
        ("inconclusive", "inconclusive"),
        ("not_applicable", "not-applicable"),
        ("waived", "waived"),
    ] {
        assert_eq!(report["summary"][key], count(verdict), "{key}");
    }
}

#[test]
fn places_and_evidence() {
    let html = "<!doctype html>\n<html><head><title>Cổng</title></head>\n<body><p>Xin chào</p>\n  <footer>Đã kết nối EMC</footer>\n</body></html>\n";
    let report = call(
        "",
        "check dist --role portal --component https://soyt.gov.vn/ --component https://sogd.gov.vn/ --report json -q",
    )
    .file("dist/index.html", html)
    .report();
    let label = finding(&report, "emc-label", "dist");
    let place = &label["places"][0];
    assert_eq!((&place["path"], &place["url"]), (&"dist/index.html".into(), &Value::Null));
    assert_eq!(
        (place["line"].as_u64(), place["column"].as_u64(), place["end_line"].as_u64()),
        (Some(4), Some(3), Some(4)),
        "{place}"
    );
    assert!(place["end_column"].as_u64() > place["column"].as_u64());
    assert!(place["excerpt"].as_str().unwrap().contains("<footer>Đã kết nối EMC"));
    let links = finding(&report, "component-links", "dist");
    let missing: Vec<&Value> =
        links["evidence"].as_array().unwrap().iter().filter(|e| e["kind"] == "missing-link").collect();
    assert_eq!(missing.len(), 2);
    assert_eq!(missing[0]["url"], "https://soyt.gov.vn/");
    assert!(missing[0].get("site").is_some());
    assert_eq!((&links["expected"], &links["actual"]), (&"2/2".into(), &"0/2".into()));
    for text in [&links["message"]["vi"], &links["message"]["en"], &links["fix"]["en"]] {
        assert!(
            text.as_str().unwrap().contains("https://soyt.gov.vn/")
                && text.as_str().unwrap().contains("https://sogd.gov.vn/"),
            "{text}"
        );
    }
    let snippet = finding(&report, "emc-snippet", "dist");
    let fix = snippet["fix"]["vi"].as_str().unwrap();
    assert!(fix.contains("_govaq.push(['trackPageView'])") && fix.contains("SITE_ID"), "{fix}");
    let own_id = call("", "check dist --emc-site-id 8981 --report json -q").file("dist/index.html", html).report();
    assert!(finding(&own_id, "emc-snippet", "dist")["fix"]["vi"].as_str().unwrap().contains("'setSiteId', '8981'"));
    for evidence in report["findings"].as_array().unwrap().iter().flat_map(|f| f["evidence"].as_array().unwrap()) {
        let kind = evidence["kind"].as_str().unwrap();
        let known = [
            "request",
            "element",
            "header",
            "measure",
            "certificate",
            "statement",
            "absence",
            "screenshot",
            "missing-link",
        ];
        assert!(known.contains(&kind), "{kind}");
    }
}

#[test]
fn two_runs_are_alike() {
    let run = || {
        let calls = call("", "check --report json -q --pages all")
            .file("sites.yml", SITES)
            .file("dist/index.html", good())
            .file("so/index.html", page("x"))
            .file("broken/index.html", "");
        let calls = (0..30).fold(calls, |c, n| {
            c.file(&format!("dist/tin/{n}.html"), page(&snippet(if n % 7 == 0 { "" } else { "205" })))
        });
        calls.output().1.stdout
    };
    let first = run();
    assert!(!first.is_empty() && (0..3).all(|_| run() == first), "the same site gives the same bytes");
}

#[test]
fn many_places_are_counted() {
    let pages = (0..150).fold(
        call("", "check dist --pages all --only emc-snippet --report json -q").file("dist/index.html", good()),
        |c, n| c.file(&format!("dist/p{n:03}.html"), page("x")),
    );
    let report = pages.report();
    let found = &report["findings"][0];
    assert_eq!((found["places"].as_array().unwrap().len(), found["places_total"].as_u64()), (100, Some(150)));
}

#[test]
fn page_text_is_made_safe() {
    let html = page(
        "<a href=\"https://x.tinh-a.gov.vn.evil.example/\u{202e}\u{1b}[31m\">\u{202e}x</a>\n<script>var _govaq=[['trackPageView'],['setTrackerUrl','https://f-emc.ngsp.gov.vn/tracking'],\
        ['setSiteId','\u{1b}[31m::error::x\u{202e}']];var g=document.createElement('script');g.src='https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js';document.body.appendChild(g)</script>",
    );
    for format in ["json", "human", "github", "gitlab", "junit", "sarif", "markdown", "csv"] {
        let (_, output) =
            call("", &format!("check dist -q --parent https://x.tinh-a.gov.vn/ --role component --report {format}"))
                .file("dist/index.html", html.clone())
                .output();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty() && !text.contains('\u{1b}') && !text.contains('\u{202e}'), "{format}");
        assert!(!text.lines().any(|l| l.trim_start().starts_with("::error::x")), "{format}");
    }
}

#[test]
fn a_stored_report_is_rendered_again() {
    let (scratch, first) =
        call("", "check dist --lang en --report json=r.json").file("dist/index.html", page("")).output();
    let again = crate::support::rasoat(scratch.path())
        .args(["report", "r.json", "--lang", "en", "--report", "human"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&again.stdout), String::from_utf8_lossy(&first.stdout));
}
