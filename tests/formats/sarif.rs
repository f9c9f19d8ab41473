//! SARIF: what code scanning refuses or misreads when it is wrong.

use std::collections::{BTreeMap, BTreeSet};

use rasoat::finding::{Place, Verdict};
use rasoat::policy::Severity;
use rasoat::report::{Lang, Outlet, Report, to_sarif};
use rasoat::site::Role;
use serde_json::Value;

use super::{LANGS, sample};

fn run(report: &Report, lang: Lang) -> Value {
    let log: Value = serde_json::from_str(&to_sarif(report, lang).unwrap()).unwrap();
    log["runs"][0].clone()
}

fn results(run: &Value) -> &Vec<Value> {
    run["results"].as_array().unwrap()
}

/// Every `artifactLocation` anywhere in the log.
fn artifacts<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                if key == "artifactLocation" {
                    found.push(value);
                }
                artifacts(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|v| artifacts(v, found)),
        _ => {}
    }
}

#[test]
fn no_location_is_an_absolute_address() {
    for lang in LANGS {
        let run = run(&sample::report(), lang);
        let mut found = Vec::new();
        artifacts(&run, &mut found);
        assert!(!found.is_empty());
        for location in found {
            let uri = location["uri"].as_str().unwrap();
            assert!(!uri.contains("://") && !uri.starts_with('/') && !uri.contains(':'), "{uri}");
            assert!(uri.is_ascii() && !uri.split('/').any(|n| n == ".." || n.is_empty()), "{uri}");
            assert_eq!(location["uriBaseId"], "%SRCROOT%");
        }
    }
}

#[test]
fn results_are_those_of_the_table() {
    let report = sample::report();
    let run = run(&report, Lang::Vi);
    let told: Vec<_> =
        report.findings.iter().filter_map(|f| Outlet::of(&report, f).sarif.map(|outlet| (f, outlet))).collect();
    assert_eq!(results(&run).len(), told.len());
    for (result, (finding, outlet)) in results(&run).iter().zip(told) {
        assert_eq!(result["ruleId"], finding.rule.as_str());
        assert_eq!(result["kind"], if outlet.open { "open" } else { "fail" });
        let level = if outlet.open { Severity::Note } else { finding.severity };
        assert_eq!(result["level"], serde_json::to_value(level).unwrap());
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(!matches!(finding.verdict, Verdict::Pass | Verdict::NotApplicable | Verdict::Waived));
    }
    assert_eq!(run["properties"]["summary"]["pass"], 7);
    assert_eq!(run["properties"]["outcome"], "failed");
    assert!(run["automationDetails"]["id"].as_str().unwrap().ends_with('/'));
}

#[test]
fn every_result_has_a_full_region_a_message_and_its_own_fingerprint() {
    let report = sample::report();
    let run = run(&report, Lang::Vi);
    let mut seen = BTreeSet::new();
    for result in results(&run) {
        assert!(seen.insert(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap()));
        let text = result["message"]["text"].as_str().unwrap();
        assert!(text.chars().count() <= 1_024 && text.len() > 10 && !text.contains("]("), "{text}");
        let locations = result["locations"].as_array().unwrap();
        assert!(!locations.is_empty() && locations.len() <= 100);
        for location in locations {
            let region = &location["physicalLocation"]["region"];
            let at = |key: &str| region[key].as_u64().unwrap();
            assert!(at("startLine") >= 1 && at("startColumn") >= 1);
            assert!((at("endLine"), at("endColumn")) > (at("startLine"), at("startColumn")), "{region}");
            assert!(!location["logicalLocations"][0]["fullyQualifiedName"].as_str().unwrap().is_empty());
        }
    }
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        for text in ["shortDescription", "fullDescription", "help"] {
            let text = rule[text]["text"].as_str().unwrap();
            assert!(!text.is_empty());
        }
        assert!(rule["fullDescription"]["text"].as_str().unwrap().chars().count() <= 1_024);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("**"));
    }
}

#[test]
fn a_fingerprint_outlives_lines_codes_and_wording() {
    let before = sample::report();
    let mut after = before.clone();
    for finding in &mut after.findings {
        finding.code = Some("another".to_owned());
        finding.message = rasoat::policy::Text::new("khác", "other");
        finding.places = vec![Place { path: Some("khác.html".to_owned()), line: Some(99), ..Place::default() }];
    }
    let marks = |report: &Report| -> Vec<Value> {
        results(&run(report, Lang::Vi)).iter().map(|r| r["partialFingerprints"].clone()).collect()
    };
    assert_eq!(marks(&before), marks(&after));
}

#[test]
fn findings_without_a_file_stand_at_their_own_lines_of_the_sites_file() {
    let report = sample::report();
    let run = run(&report, Lang::Vi);
    let mut lines: BTreeMap<&str, Vec<(String, u64)>> = BTreeMap::new();
    for result in results(&run) {
        let place = &result["locations"][0]["physicalLocation"];
        if place["artifactLocation"]["uri"] == "c%E1%BA%A5u%20h%C3%ACnh/sites.yml" {
            let line = place["region"]["startLine"].as_u64().unwrap();
            lines
                .entry(result["properties"]["site"].as_str().unwrap())
                .or_default()
                .push((result["ruleId"].as_str().unwrap().to_owned(), line));
        }
    }
    // The snippet holds the line of its id and the links that of `id`, although they stand in files today.
    assert_eq!(lines["tinh-a"], [("label".to_owned(), 6), ("unique".to_owned(), 4), ("domain".to_owned(), 5)]);
    // Without a declaration: the address without its scheme.
    let blocked = results(&run).iter().find(|r| r["properties"]["site"] == "so-yte").unwrap();
    assert_eq!(blocked["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "so-yte.example");
}

#[test]
fn limits_are_kept_and_what_is_left_out_is_counted() {
    let mut findings = Vec::new();
    for n in 0..25_003 {
        let severity = if n < 3 { Severity::Note } else { Severity::Error };
        findings.push(sample::finding("tinh-a", &format!("r{n}"), severity, Verdict::Fail));
    }
    let place = |n: u32| Place { path: Some("a.html".to_owned()), line: Some(n), ..Place::default() };
    findings[5].places = (1..=150).map(place).collect();
    findings[5].places_total = 4_000;
    let report = sample::of(vec![sample::site("tinh-a", Role::Portal, 3)], Vec::new(), findings);
    let run = run(&report, Lang::En);
    assert_eq!(results(&run).len(), 25_000);
    assert!(results(&run).iter().all(|r| r["level"] == "error"));
    assert_eq!(run["properties"]["resultsLeftOut"], 3);
    let told = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
    assert!(told.as_str().unwrap().starts_with("3 least grave results were left out"));
    let wide = results(&run).iter().find(|r| r["ruleId"] == "r5").unwrap();
    assert_eq!(wide["locations"].as_array().unwrap().len(), 100);
    assert!(wide["message"]["text"].as_str().unwrap().contains("100 of 4000 places"));
}

#[test]
fn a_rule_of_a_second_policy_with_the_same_name_is_told_apart() {
    let mut report = sample::report();
    let mut second = report.rules[0].clone();
    second.policy = "khac".to_owned();
    report.rules.push(second);
    let mut finding = report.findings[0].clone();
    finding.policy = "khac".to_owned();
    report.findings.push(finding);
    let run = run(&report, Lang::Vi);
    assert_eq!(results(&run).last().unwrap()["ruleId"], "khac.snippet");
    assert_eq!(run["tool"]["driver"]["rules"][5]["id"], "khac.snippet");
}
