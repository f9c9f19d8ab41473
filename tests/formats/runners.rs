//! GitHub's workflow commands, GitLab's Code Quality and its job annotations.

use std::collections::{BTreeMap, BTreeSet};

use rasoat::finding::Verdict;
use rasoat::policy::Severity;
use rasoat::report::{
    FailOn, Github, Lang, Outlet, to_check_run, to_github, to_gitlab, to_gitlab_annotations, to_junit,
};
use serde_json::Value;

use super::{LANGS, sample};

#[test]
fn at_most_ten_annotations_of_a_type_and_the_tenth_counts_the_rest() {
    let text = to_github(&sample::many(300), Lang::Vi);
    let of = |command: &str| -> Vec<&str> { text.lines().filter(|l| l.starts_with(command)).collect() };
    assert_eq!(of("::error ").len(), 10);
    assert!(of("::error ")[9].ends_with("%0A… và 140 mục nữa; xem báo cáo đầy đủ."));
    assert_eq!(of("::warning ").len(), 10);
    assert!(of("::warning ")[9].contains("và 20 mục nữa"));
    assert!(text.lines().next().unwrap().starts_with("::error "));
    assert!(text.ends_with("chưa đo được\n"));
}

#[test]
fn gates_never_take_all_the_places_of_findings() {
    let mut report = sample::many(300);
    report.gates.min_level = Some("A".to_owned());
    report.scores = rasoat::tally::scores(&report);
    let failed = report.scores.iter().filter(|score| score.gates[0].verdict == Verdict::Fail).count();
    assert!(failed > 100, "{failed}");
    let text = to_github(&report, Lang::En);
    let errors: Vec<&str> = text.lines().filter(|l| l.starts_with("::error ")).collect();
    let of_gates = errors.iter().filter(|l| l.contains("%3A level A or better::")).count();
    assert_eq!((errors.len(), of_gates), (10, 5));
    let left = failed + 150 - 10;
    assert!(errors[9].ends_with(&format!("%0A… and {left} more; see the full report.")), "{}", errors[9]);
    let run = to_check_run(&report, Lang::En);
    let of_gates = run.annotations.iter().filter(|a| a.title.ends_with("level A or better")).count();
    assert_eq!((run.annotations.len(), of_gates), (300, 150));
}

#[test]
fn what_is_known_is_named_so_and_never_hides_what_is_new() {
    let mut report = sample::many(300);
    let mut failed = report.findings.iter_mut().filter(|f| Outlet::row(f, FailOn::Error, false).github.is_some());
    let last = failed.by_ref().filter(|f| f.severity == Severity::Error && f.verdict == Verdict::Fail).last().unwrap();
    let new = last.site.clone();
    for finding in report.findings.iter_mut().filter(|f| f.verdict == Verdict::Fail && f.site != new) {
        finding.known = true;
    }
    let text = to_github(&report, Lang::En);
    let errors: Vec<&str> = text.lines().filter(|l| l.starts_with("::error ")).collect();
    assert!(errors[0].contains(&format!("title={new}%3A")) && !errors[0].contains("(known)"), "{}", errors[0]);
    assert!(errors[1].contains(" (known) – "), "{}", errors[1]);
    assert!(text.trim_end().ends_with(" known failures"), "{text}");
    let run = to_check_run(&report, Lang::Vi);
    assert!(run.annotations[0].title.starts_with(&format!("{new}: ")), "{}", run.annotations[0].title);
    assert!(run.annotations[1].title.contains("(đã biết)") && run.title.ends_with(" lỗi đã biết"), "{}", run.title);
    let violations = to_gitlab(&report, Lang::Vi).unwrap();
    assert!(violations.contains(" (đã biết) – "));
    let tests = to_junit(&report, false, Lang::Vi).unwrap();
    assert!(tests.contains("không đạt (lỗi) (đã biết): "));
}

#[test]
fn annotations_are_one_line_commands_with_escaped_values() {
    let report = sample::report();
    for lang in LANGS {
        let text = to_github(&report, lang);
        let unanswered = report.gates.unanswered(&report.scores);
        let asked = report.scores.iter().flat_map(|score| &score.gates).chain(&unanswered);
        let of_gates = asked.filter_map(|gate| Outlet::of_gate(gate.verdict, report.fail_on).github);
        let of_findings = report.findings.iter().filter_map(|f| Outlet::of(&report, f).github);
        let mut each: BTreeMap<Github, usize> = BTreeMap::new();
        of_gates.chain(of_findings).for_each(|level| *each.entry(level).or_default() += 1);
        // A step shows ten of a type.
        let told: usize = each.values().map(|n| n.min(&10)).sum();
        let commands: Vec<&str> = text.lines().filter(|l| l.starts_with("::")).collect();
        assert_eq!(commands.len(), told);
        assert_eq!(text.lines().count(), told + 1);
        for line in commands {
            let (head, message) = line[2..].split_once("::").unwrap();
            assert!(!message.contains("::"), "{line}");
            let (command, properties) = head.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&command), "{line}");
            for property in properties.split(',') {
                let (name, value) = property.split_once('=').unwrap();
                assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{line}");
                assert!(!value.is_empty() && !value.contains(':'), "{line}");
            }
        }
    }
}

#[test]
fn violations_have_relative_paths_and_their_own_fingerprints() {
    let report = sample::report();
    let all: Vec<Value> = serde_json::from_str(&to_gitlab(&report, Lang::Vi).unwrap()).unwrap();
    let told: Vec<_> = report.findings.iter().filter(|f| Outlet::of(&report, f).gitlab.is_some()).collect();
    assert_eq!(all.len(), told.len());
    let mut seen = BTreeSet::new();
    for (violation, finding) in all.iter().zip(told) {
        assert!(seen.insert(violation["fingerprint"].as_str().unwrap()));
        assert_eq!(violation["check_name"], finding.rule.as_str());
        let path = violation["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with('/') && !path.contains("://"), "{path}");
        assert!(violation["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(["info", "minor", "major"].contains(&violation["severity"].as_str().unwrap()));
        assert!(!violation["description"].as_str().unwrap().is_empty());
    }
}

/// The links of a report, read as GitLab reads them: an object of lists of at most 1,000, in at most 80 KiB.
fn links(report: &rasoat::report::Report, lang: Lang) -> Vec<(String, String)> {
    let text = to_gitlab_annotations(report, lang).unwrap();
    assert!(text.len() <= 81_920, "{} bytes", text.len());
    let all: Value = serde_json::from_str(&text).unwrap();
    let lists = all.as_object().unwrap();
    assert!(lists.len() <= 20);
    let lists = lists.values().map(|l| l.as_array().unwrap());
    let link = |entry: &Value| {
        let only: Vec<&String> = entry.as_object().unwrap().keys().collect();
        assert_eq!(only, ["external_link"]);
        let link = entry["external_link"].as_object().unwrap();
        assert_eq!(link.len(), 2);
        (link["label"].as_str().unwrap().to_owned(), link["url"].as_str().unwrap().to_owned())
    };
    lists.inspect(|l| assert!(l.len() <= 1_000)).flatten().map(link).collect()
}

#[test]
fn every_site_with_an_address_is_linked_the_worst_first() {
    let mut report = sample::many(4);
    report.sites[1].url = Some("javascript:alert(1)".to_owned());
    let found = links(&report, Lang::Vi);
    let urls: Vec<&str> = found.iter().map(|(_, url)| url.as_str()).collect();
    assert_eq!(urls, ["https://so-0000.example/", "https://so-0002.example/", "https://so-0003.example/"]);
    assert!(
        found[0].0.starts_with("✗ Trang thông tin điện tử so-0000 · 1 không đạt, 1 chưa đo được, "),
        "{}",
        found[0].0
    );
    assert!(found[2].0.starts_with("✓ ") && !found[2].0.contains("không đạt"), "{}", found[2].0);
}

#[test]
fn links_end_before_a_limit_of_the_reader_and_the_last_counts_the_rest() {
    let found = links(&sample::many(1_200), Lang::Vi);
    assert!(found.len() > 400, "{}", found.len());
    let rest = 1_200 - found.len();
    assert!(found.last().unwrap().0.ends_with(&format!(" · … và {rest} trang nữa")), "{:?}", found.last());
    // Short names: the number of links is what ends them then.
    let mut short = sample::many(1_200);
    short.findings.clear();
    for (n, site) in short.sites.iter_mut().enumerate() {
        (site.id, site.name, site.url) = (format!("{n}"), None, Some("http://a/".to_owned()));
    }
    let found = links(&short, Lang::En);
    assert_eq!(found.len(), 1_000);
    assert!(found[999].0.ends_with(" · … and 200 more sites"), "{}", found[999].0);
    // Long ones fill the file to its end.
    let mut long = sample::many(1_200);
    for site in &mut long.sites {
        site.name = Some("ố𝒜".repeat(1_000));
        site.url = Some(format!("https://a.example/{}", "x".repeat(1_900)));
    }
    assert!(links(&long, Lang::Vi).len() > 20);
}
