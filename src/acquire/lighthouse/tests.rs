//! Reports that are taken and reports that are refused, and whose they are.

use serde_json::{Value, json};

use super::*;
use crate::snapshot::Profile;

/// A report as the tool writes it, with the keys that matter.
pub(super) fn report() -> Value {
    json!({
        "lighthouseVersion": "12.8.2",
        "requestedUrl": "https://tinh-a.example/",
        "mainDocumentUrl": "https://tinh-a.example/",
        "finalDisplayedUrl": "https://www.tinh-a.example/vi/",
        "fetchTime": "2026-01-31T00:00:00.000Z",
        "userAgent": "x",
        "configSettings": { "formFactor": "mobile", "throttlingMethod": "devtools", "extra": [1, {"a": null}] },
        "audits": {
            "speed-index": { "id": "speed-index", "score": 0.9, "numericValue": 2345.6 },
            "first-contentful-paint": { "numericValue": 1200.5 },
            "largest-contentful-paint": { "numericValue": 1800 },
            "total-blocking-time": { "numericValue": 0 },
            "cumulative-layout-shift": { "numericValue": 0.01 },
            "other": { "numericValue": "no number" }
        },
        "categories": {}
    })
}

/// The report with one value changed; `Value::Null` takes it away.
fn with(pointer: &str, value: Value) -> Vec<u8> {
    let mut report = report();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = if parent.is_empty() { &mut report } else { report.pointer_mut(parent).unwrap() };
    match value {
        Value::Null => drop(parent.as_object_mut().unwrap().remove(key)),
        value => parent[key] = value,
    }
    report.to_string().into_bytes()
}

#[test]
fn a_report_gives_its_figures() {
    let read = parse(report().to_string().as_bytes()).unwrap();
    assert_eq!((read.speed_index_ms, read.fcp_ms, read.lcp_ms), (2345.6, Some(1200.5), Some(1800.0)));
    assert_eq!((read.tbt_ms, read.cls), (Some(0.0), Some(0.01)));
    assert_eq!((read.version.as_str(), read.throttling.as_str()), ("12.8.2", "devtools"));
    assert_eq!(read.ended.as_str(), "https://www.tinh-a.example/vi/");
    let marked = [b"\xef\xbb\xbf".to_vec(), report().to_string().into_bytes()].concat();
    assert!(parse(&marked).is_ok());
    assert!(parse(&with("/configSettings/throttlingMethod", json!("simulate"))).is_ok());
    assert!(parse(&with("/runtimeError", json!({"code": "NO_ERROR", "message": ""}))).is_ok());
    assert!(parse(&with("/finalDisplayedUrl", Value::Null)).is_ok());
    let without = parse(&with("/audits/total-blocking-time", Value::Null)).unwrap();
    assert_eq!(without.tbt_ms, None);
}

#[test]
fn what_is_no_load_on_a_phone_is_refused() {
    let not = |r: &Refusal| matches!(r, Refusal::NotAReport(_));
    for (bytes, wanted) in [
        (b"".to_vec(), "NotAReport"),
        (b"{".to_vec(), "NotAReport"),
        (b"[]".to_vec(), "NotAReport"),
        (b"{}".to_vec(), "NotAReport"),
        (b"\xff\xfe{".to_vec(), "NotAReport"),
        (b"<html>".to_vec(), "NotAReport"),
        (report().to_string().into_bytes()[..200].to_vec(), "NotAReport"),
        ("[".repeat(100_000).into_bytes(), "NotAReport"),
        (with("/lighthouseVersion", Value::Null), "NotAReport"),
        (with("/audits/speed-index/numericValue", json!("5")), "NotAReport"),
        (with("/configSettings/formFactor", json!("desktop")), "NotAPhone"),
        (with("/configSettings/formFactor", Value::Null), "NotAPhone"),
        (with("/configSettings/throttlingMethod", json!("provided")), "NotThrottled"),
        (with("/configSettings/throttlingMethod", Value::Null), "NotThrottled"),
        (with("/runtimeError", json!({"code": "NO_FCP", "message": "The page did not paint"})), "Failed"),
        (with("/runtimeError", json!({"code": "ERRORED_DOCUMENT_REQUEST"})), "Failed"),
        (with("/audits/speed-index", Value::Null), "NoSpeedIndex"),
        (with("/audits/speed-index/numericValue", json!(-3)), "NoSpeedIndex"),
        (with("/audits", Value::Null), "NoSpeedIndex"),
    ] {
        let refusal = parse(&bytes).unwrap_err();
        assert!(format!("{refusal:?}").starts_with(wanted), "{wanted} is wanted, it is {refusal:?}");
        let text = refusal.text();
        assert!(!text.vi.is_empty() && text.en.len() < 600 && !text.en.contains('\n'), "{}", text.en);
        assert!(not(&refusal) || !text.en.contains("not a JSON report"));
    }
    let evil = parse(&with("/runtimeError", json!({"code": "\u{1b}[31m", "message": "x".repeat(9_000)})));
    let text = evil.unwrap_err().text().en;
    assert!(!text.contains('\u{1b}') && text.len() < 500);
}

fn site(id: &str, url: &str, aliases: &[&str]) -> Site {
    let mut site = Site::at(id.to_owned(), Url::parse(url).unwrap());
    site.aliases = aliases.iter().map(|a| Url::parse(a).unwrap()).collect();
    site
}

fn imported(reports: &[Vec<u8>], sites: &[Site]) -> Result<BTreeMap<String, Vec<LighthouseReport>>, String> {
    let folder = tempfile::tempdir().unwrap();
    let name = |n: usize| folder.path().join(format!("{n}.json"));
    for (n, bytes) in reports.iter().enumerate() {
        std::fs::write(name(n), bytes).unwrap();
    }
    import(&(0..reports.len()).map(name).collect::<Vec<_>>(), sites).map_err(|e| {
        assert_eq!(e.exit(), crate::error::ExitCode::Usage);
        e.text().en
    })
}

#[test]
fn reports_go_to_the_site_they_are_of() {
    let sites = [site("b", "https://tinh-b.example/", &[]), site("a", "http://tinh-a.example", &[])];
    let later = with("/fetchTime", json!("2026-01-31T00:01:00.000Z"));
    let all = imported(&[report().to_string().into_bytes(), later.clone()], &sites).unwrap();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(all["a"].len(), 2);
    let by_alias = [site("c", "https://c.example/", &["https://tinh-a.example/"])];
    assert_eq!(imported(&[later], &by_alias).unwrap()["c"].len(), 1);
    assert!(imported(&[], &[]).unwrap().is_empty());
}

#[test]
fn a_report_of_another_page_is_refused_with_its_file() {
    let sites = [site("a", "https://tinh-a.example/", &[])];
    let asked = |url: &str, ended: &str| {
        let mut report = report();
        (report["requestedUrl"], report["finalDisplayedUrl"]) = (json!(url), json!(ended));
        imported(&[report.to_string().into_bytes()], &sites)
    };
    assert!(asked("https://tinh-a.example", "https://tinh-a.example/").is_ok());
    assert!(asked("http://www.tinh-a.example/", "https://tinh-a.example/Pages/home.aspx").is_ok());
    for (url, ended) in [
        ("https://tinh-b.example/", "https://tinh-b.example/"),
        ("https://tinh-a.example/gioi-thieu", "https://tinh-a.example/gioi-thieu"),
        ("https://tinh-a.example/?trang=2", "https://tinh-a.example/?trang=2"),
        ("https://tinh-a.example:8443/", "https://tinh-a.example:8443/"),
        ("https://tinh-a.example.evil.example/", "https://tinh-a.example.evil.example/"),
    ] {
        let why = asked(url, ended).unwrap_err();
        assert!(why.contains("0.json") && why.contains("no home page"), "{url}: {why}");
    }
    let led_away = asked("https://tinh-a.example/", "https://login.example/").unwrap_err();
    assert!(led_away.contains("another site"), "{led_away}");
    let secret = asked("https://user:secret@tinh-b.example/", "https://tinh-b.example/").unwrap_err();
    assert!(!secret.contains("secret"), "{secret}");
}

#[test]
fn the_same_load_twice_a_missing_file_and_a_huge_one_are_refused() {
    let sites = [site("a", "https://tinh-a.example/", &[])];
    let good = report().to_string().into_bytes();
    assert!(imported(&[good.clone(), good], &sites).unwrap_err().contains("already"));
    let folder = tempfile::tempdir().unwrap();
    let none = import(&[folder.path().join("none.json")], &sites).unwrap_err();
    assert!(none.text().en.contains("cannot be read"));
    let huge = folder.path().join("huge.json");
    std::fs::File::create(&huge).unwrap().set_len(LARGEST + 1).unwrap();
    assert!(import(&[huge], &sites).unwrap_err().text().en.contains("larger than 64 MiB"));
}

#[test]
fn figures_and_versions_are_laid_over_a_load() {
    let profile = Profile {
        width: 1,
        height: 1,
        scale: 1.0,
        cpu_slowdown: 1.0,
        latency_ms: 0.0,
        download_kbps: 0.0,
        upload_kbps: 0.0,
    };
    let mut load =
        PageLoad { profile, runs: Vec::new(), speed_index_ms: Vec::new(), lighthouse: None, lighthouse_gap: None };
    lay(&mut load, &[], Some(LighthouseGap::NotInstalled));
    assert_eq!((load.lighthouse.as_deref(), load.lighthouse_gap), (None, Some(LighthouseGap::NotInstalled)));
    let one = parse(report().to_string().as_bytes()).unwrap();
    let other = parse(&with("/configSettings/throttlingMethod", json!("simulate"))).unwrap();
    lay(&mut load, &[one.clone(), one, other], Some(LighthouseGap::Late));
    assert_eq!(load.speed_index_ms, [2345.6; 3]);
    assert_eq!(load.lighthouse.as_deref(), Some("12.8.2 (devtools), 12.8.2 (simulate)"));
    assert_eq!(load.lighthouse_gap, None);
}
