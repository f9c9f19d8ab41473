//! JUnit: well-formed, counted as the table says, and in its two dialects.

use std::collections::BTreeSet;

use rasoat::finding::{Evidence, Finding, Verdict};
use rasoat::policy::Severity;
use rasoat::report::{FailOn, Junit, Lang, Outlet, Raises, Report, to_junit};
use rasoat::snapshot::Gap;
use rasoat::tally;
use roxmltree::{Document, Node};

use super::{LANGS, sample};

fn cases<'a>(doc: &'a Document<'_>) -> Vec<Node<'a, 'a>> {
    doc.descendants().filter(|n| n.has_tag_name("testcase")).collect()
}

/// What a test case holds, as the table names it.
fn form(case: Node<'_, '_>) -> Junit {
    let has = |tag: &str| case.children().any(|n| n.has_tag_name(tag));
    match () {
        () if has("failure") => Junit::Failure,
        () if has("error") => Junit::Error,
        () if has("skipped") => Junit::Skipped,
        () => Junit::Testcase,
    }
}

fn matrix(fail_on: FailOn, strict: bool) -> Report {
    let mut findings: Vec<Finding> = Vec::new();
    let verdicts = [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived];
    for verdict in verdicts {
        for severity in [Severity::Note, Severity::Warning, Severity::Error] {
            let gaps: Vec<Option<Gap>> =
                if verdict == Verdict::Inconclusive { Gap::ALL.into_iter().map(Some).collect() } else { vec![None] };
            for gap in gaps {
                let mut finding = sample::finding("tinh-a", &format!("r{}", findings.len()), severity, verdict);
                finding.gap = gap;
                findings.push(finding);
            }
        }
    }
    let mut report = sample::of(vec![sample::site("tinh-a", rasoat::site::Role::Portal, 3)], Vec::new(), findings);
    report.fail_on = fail_on;
    report.strict = strict;
    report
}

#[test]
fn every_verdict_leaves_as_the_table_says() {
    for fail_on in [FailOn::Error, FailOn::Warning, FailOn::Note, FailOn::Never] {
        for strict in [false, true] {
            let report = matrix(fail_on, strict);
            let xml = to_junit(&report, strict, Lang::Vi).unwrap();
            let doc = Document::parse(&xml).unwrap();
            let cases = cases(&doc);
            assert_eq!(cases.len(), report.findings.len());
            for (case, finding) in cases.iter().zip(&report.findings) {
                let expected = match Outlet::of(&report, finding).junit {
                    Junit::SystemOut => {
                        assert!(case.children().any(|n| n.has_tag_name("system-out")));
                        Junit::Testcase
                    }
                    other => other,
                };
                assert_eq!(form(*case), expected, "{finding:?}");
                if let Some(gap) = finding.gap {
                    let told = case.first_element_child().unwrap();
                    assert_eq!(told.attribute("type"), Some(gap.name().as_str()));
                }
            }
            let count = |form_of: Junit| cases.iter().filter(|c| form(**c) == form_of).count().to_string();
            let suite = doc.descendants().find(|n| n.has_tag_name("testsuite")).unwrap();
            for (name, form_of) in [("failures", Junit::Failure), ("errors", Junit::Error), ("skipped", Junit::Skipped)]
            {
                assert_eq!(suite.attribute(name), Some(count(form_of).as_str()));
            }
            assert_eq!(suite.attribute("tests"), Some(cases.len().to_string().as_str()));
        }
    }
}

#[test]
fn the_table_and_the_exit_code_agree() {
    for fail_on in [FailOn::Error, FailOn::Warning, FailOn::Note, FailOn::Never] {
        for strict in [false, true] {
            let mut report = matrix(fail_on, strict);
            let mut known = report.findings.clone();
            known.iter_mut().for_each(|f| f.known = f.verdict == Verdict::Fail);
            report.findings.extend(known);
            for finding in &report.findings {
                let raises = Outlet::of(&report, finding).raises;
                assert_eq!(raises == Raises::Violation, tally::fails(finding, fail_on), "{finding:?}");
                assert_eq!(raises == Raises::Unseen, tally::leaves_open(finding, fail_on, strict), "{finding:?}");
            }
        }
    }
}

/// How the names of cases begin that are about scores.
fn lang_word(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "ngưỡng: ",
        Lang::En => "gate: ",
    }
}

#[test]
fn suites_are_sites_and_cases_are_distinct() {
    let report = sample::report();
    for strict in [false, true] {
        for lang in LANGS {
            let xml = to_junit(&report, strict, lang).unwrap();
            let doc = Document::parse(&xml).unwrap();
            let suites: Vec<&str> =
                doc.descendants().filter(|n| n.has_tag_name("testsuite")).filter_map(|n| n.attribute("name")).collect();
            assert_eq!(suites, ["tinh-a", "so-gddt", "so-yte", "so-nv", "so-hai", "rasoat"]);
            let mut seen = BTreeSet::new();
            for case in cases(&doc) {
                let suite = case.parent_element().unwrap().attribute("name").unwrap();
                let class = case.attribute("classname").unwrap();
                // What was asked of scores and no site answers stands in a suite of its own.
                let own = suite == "rasoat";
                assert_eq!(class, if own { suite.to_owned() } else { format!("mau-2024.{suite}") });
                assert!(seen.insert((class, case.attribute("name").unwrap())));
                let asked = case.attribute("name").unwrap().starts_with(lang_word(lang));
                assert_eq!(case.attribute("time"), Some(if asked { "0.000" } else { "0.003" }));
            }
        }
    }
}

#[test]
fn the_strict_dialect_leaves_out_what_the_schema_forbids() {
    let report = sample::report();
    let strict = to_junit(&report, true, Lang::Vi).unwrap();
    let doc = Document::parse(&strict).unwrap();
    assert_eq!(doc.root_element().attribute("skipped"), None);
    assert_eq!(doc.root_element().attribute("timestamp"), None);
    assert!(cases(&doc).iter().all(|c| c.attribute("file").is_none() && c.attribute("line").is_none()));
    let loose = to_junit(&report, false, Lang::Vi).unwrap();
    let doc = Document::parse(&loose).unwrap();
    assert_eq!(doc.root_element().attribute("skipped"), Some("4"));
    let case = cases(&doc)[0];
    assert_eq!((case.attribute("file"), case.attribute("line")), (Some("dist/cổng/index.html"), Some("6")));
}

#[test]
fn the_element_tells_law_place_and_remedy_and_the_suite_its_score() {
    let xml = to_junit(&sample::report(), false, Lang::Vi).unwrap();
    let doc = Document::parse(&xml).unwrap();
    let told = doc.descendants().find(|n| n.has_tag_name("failure")).unwrap().text().unwrap();
    for part in ["khoản 6 Điều 4", "dist/cổng/index.html:6:54", "Cách sửa:\n", "_q.push(['setSiteId', '205']);"]
    {
        assert!(told.contains(part), "{part} in {told}");
    }
    let property = |name: &str| {
        doc.descendants()
            .find(|n| n.has_tag_name("property") && n.attribute("name") == Some(name))
            .and_then(|n| n.attribute("value"))
    };
    assert_eq!(property("score.low"), Some("0"));
    assert_eq!(property("score.level"), Some("E"));
    assert_eq!(property("run.outcome"), Some("failed"));
    assert_eq!(property("site.unit"), Some("UBND tỉnh A"));
}

#[test]
fn lists_of_an_element_end_with_how_many_more_there_are() {
    let mut report = sample::report();
    let n = report.findings.iter().position(|f| f.verdict == Verdict::Fail && !f.places.is_empty()).unwrap();
    let finding = &mut report.findings[n];
    finding.evidence =
        (0..103).map(|k| Evidence::Element { what: "id".to_owned(), text: format!("số {k}.") }).collect();
    finding.places = vec![finding.places[0].clone(); 100];
    finding.places_total = 107;
    let xml = to_junit(&report, false, Lang::Vi).unwrap();
    for (part, there) in [("số 99.", true), ("số 100.", false), ("… và 3 nữa", true), ("… và 7 chỗ nữa", true)]
    {
        assert_eq!(xml.contains(part), there, "{part}");
    }
}
