//! Points: the laws of their arithmetic, what may be asked of them, and how they are told.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod support;

#[path = "score/counted.rs"]
mod counted;
#[path = "score/gates.rs"]
mod gates;
#[path = "score/laws.rs"]
mod laws;
#[path = "score/page.rs"]
mod page;
#[path = "score/told.rs"]
mod told;

use rasoat::finding::{Basis, Finding, Verdict};
use rasoat::policy::{Group, Level, Points, Severity, Text};
use rasoat::score::{Ask, Gates, Scale, Score, Weight, score};
use rasoat::site::Role;
use rasoat::snapshot::Gap;

/// A finding of the site `s` about a rule of the policy `p`.
fn finding(rule: &str, verdict: Verdict) -> Finding {
    Finding {
        policy: "p".to_owned(),
        rule: rule.to_owned(),
        site: "s".to_owned(),
        verdict,
        code: None,
        gap: (verdict == Verdict::Inconclusive).then_some(Gap::NotAttested),
        severity: Severity::Error,
        basis: Basis::Static,
        known: false,
        subjects: Vec::new(),
        subjects_left_out: 0,
        waiver: None,
        notes: Vec::new(),
        message: Text::default(),
        fix: None,
        reached: None,
        places: Vec::new(),
        places_total: 0,
        evidence: Vec::new(),
        expected: None,
        actual: None,
        earned: None,
        duration_ms: 0,
    }
}

/// A rule that services are asked.
fn weight(rule: &str, group: Option<&str>, hundredths: u32) -> Weight {
    Weight {
        rule: rule.to_owned(),
        group: group.map(str::to_owned),
        points: Points(hundredths),
        partial: false,
        applies_to: vec![Role::Service],
        skipped: false,
    }
}

fn group(id: &str, hundredths: u32) -> Group {
    Group { id: id.to_owned(), title: Text::new(id, id), points: Points(hundredths) }
}

/// Levels as the evaluation of 2024 has them.
fn levels() -> Vec<Level> {
    let level = |(id, from): (&str, u32)| Level { id: id.to_owned(), from: Points(from * 100) };
    [("A", 90), ("B", 80), ("C", 65), ("D", 50), ("E", 0)].map(level).to_vec()
}

fn scale(groups: Vec<Group>, rules: Vec<Weight>) -> Scale {
    let all = if groups.is_empty() {
        rules.iter().map(|w| w.points.0).sum()
    } else {
        groups.iter().map(|g| g.points.0).sum()
    };
    Scale { points: Points(all), groups, levels: levels(), rules }
}

fn scored_with(scale: &Scale, findings: &[Finding], gates: &Gates) -> Option<Score> {
    score(Ask { policy: "p", site: "s", role: Some(Role::Service), gates }, scale, findings)
}

fn scored(scale: &Scale, findings: &[Finding]) -> Option<Score> {
    scored_with(scale, findings, &Gates::default())
}
