//! GitHub's workflow commands and GitLab's Code Quality.

use std::collections::BTreeSet;

use rasoat::report::{Lang, Outlet, to_github, to_gitlab};
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
fn annotations_are_one_line_commands_with_escaped_values() {
    let report = sample::report();
    for lang in LANGS {
        let text = to_github(&report, lang);
        let told = report.findings.iter().filter(|f| Outlet::of(&report, f).github.is_some()).count();
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
