//! The first screen: the run in words, counts, how each criterion stands, why things could not be seen. Counts what the
//! report holds and decides nothing.

use std::collections::{HashMap, HashSet};

use super::said::{Said, site_name};
use crate::finding::{Finding, Note, Verdict};
use crate::policy::Severity;
use crate::report::words::{self, Lang};
use crate::report::{Outcome, Outlet, Report, Summary, plain};
use crate::snapshot::Gap;

/// The look and sign of a verdict: never its colour alone.
pub(super) fn sign(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Pass => ("pass", "✓"),
        Verdict::Fail => ("fail", "✗"),
        Verdict::Inconclusive => ("open", "?"),
        Verdict::NotApplicable => ("none", "–"),
        Verdict::Waived => ("waived", "◆"),
    }
}

/// The look and sign of a run.
pub(super) fn run_sign(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Passed => ("pass", "✓"),
        Outcome::Failed => ("fail", "✗"),
        Outcome::PassedUnmeasured | Outcome::Inconclusive => ("open", "?"),
        Outcome::Nothing => ("none", "–"),
    }
}

/// Verdicts in the order people read them.
const ORDER: [Verdict; 5] =
    [Verdict::Fail, Verdict::Inconclusive, Verdict::Pass, Verdict::Waived, Verdict::NotApplicable];

/// One number of the summary.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) count: Said,
    pub(super) words: Said,
    /// Nothing of a kind that people ask for only where it occurs.
    pub(super) silent: bool,
}

/// Counts by verdict.
pub(super) fn tiles(summary: Summary) -> Vec<Tile> {
    let tile = |verdict| {
        let (class, sign) = sign(verdict);
        let n = summary.of(verdict);
        let silent = n == 0 && matches!(verdict, Verdict::Waived | Verdict::NotApplicable);
        Tile { class, sign, count: Said::count(n), words: words::verdict(verdict).into(), silent }
    };
    ORDER.into_iter().map(tile).collect()
}

/// A part of a bar.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) class: &'static str,
    /// Thousandths of the bar.
    pub(super) x: u64,
    pub(super) width: u64,
}

/// The bar of a summary: the verdicts in order, next to each other.
pub(super) fn bar(summary: Summary) -> Vec<Part> {
    let all = u128::from(summary.total());
    let mut parts = Vec::new();
    let mut before = 0_u64;
    for verdict in ORDER {
        let n = summary.of(verdict);
        let edge = |n: u64| (u128::from(n) * 1000).checked_div(all).map_or(0, |edge| edge as u64);
        if n > 0 {
            parts.push(Part {
                class: sign(verdict).0,
                x: edge(before),
                width: edge(before.saturating_add(n)) - edge(before),
            });
        }
        before = before.saturating_add(n);
    }
    parts
}

/// How one criterion stands.
#[derive(Debug)]
pub(super) struct RuleRow {
    pub(super) number: usize,
    pub(super) id: String,
    pub(super) title: Said,
    pub(super) clause: Said,
    pub(super) severity: Said,
    /// What the law says there, when the policy has it.
    pub(super) law: String,
    pub(super) bar: Vec<Part>,
    /// Counts in the order of the columns.
    pub(super) counts: Vec<Tile>,
    /// Passes among them that nobody measured.
    pub(super) stated: Option<Said>,
}

/// How many of these pass by a person's word alone.
pub(super) fn stated<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<Said> {
    let n = findings.filter(|f| plain::is_stated(f)).count() as u64;
    (n > 0).then(|| Said::count(n))
}

/// A row for each rule, in the report's order.
pub(super) fn rules(report: &Report) -> Vec<RuleRow> {
    let mut counts: HashMap<(&str, &str), Summary> = HashMap::new();
    let mut of_rule: HashMap<(&str, &str), Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        let rule = (finding.policy.as_str(), finding.rule.as_str());
        counts.entry(rule).or_default().add(finding.verdict);
        of_rule.entry(rule).or_default().push(finding);
    }
    let row = |(number, rule): (usize, &crate::report::RuleRef)| {
        let summary = counts.get(&(rule.policy.as_str(), rule.id.as_str())).copied().unwrap_or_default();
        RuleRow {
            number,
            id: plain::line_of(&rule.id, 200),
            title: Said::line(&rule.title),
            clause: rule.clause.as_ref().map(Said::line).unwrap_or_default(),
            severity: words::severity(rule.severity).into(),
            law: rule.cite.as_ref().and_then(|c| c.text.as_deref()).map(plain::line).unwrap_or_default(),
            bar: bar(summary),
            counts: tiles(summary),
            stated: stated(of_rule.get(&(rule.policy.as_str(), rule.id.as_str())).into_iter().flatten().copied()),
        }
    };
    report.rules.iter().enumerate().map(row).collect()
}

/// How often something could not be seen for one cause.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) name: String,
    pub(super) words: Said,
    pub(super) count: Said,
    /// Thousandths of the longest bar.
    pub(super) width: u64,
}

/// Causes, most frequent first.
pub(super) fn causes(report: &Report) -> Vec<Cause> {
    let mut counts: Vec<(Gap, u64)> = Gap::ALL
        .into_iter()
        .map(|gap| (gap, report.findings.iter().filter(|f| f.gap == Some(gap)).count() as u64))
        .filter(|(_, n)| *n > 0)
        .collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let most = counts.first().map_or(1, |(_, n)| *n);
    let cause = |(gap, n): (Gap, u64)| Cause {
        name: gap.name(),
        words: words::cause(gap).into(),
        count: Said::count(n),
        width: n * 1000 / most,
    };
    counts.into_iter().map(cause).collect()
}

/// A site that fails or is open, as it is told where no script runs.
#[derive(Debug)]
pub(super) struct Failing {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) address: String,
    pub(super) failed: String,
    pub(super) open: String,
}

/// Sites with something to mend, the worst first.
pub(super) fn failing(report: &Report) -> Vec<Failing> {
    let mut by_site: HashMap<&str, [Vec<&str>; 2]> = HashMap::new();
    for finding in report.findings.iter().filter(|f| Outlet::of(report, f).listed) {
        let column = match finding.verdict {
            Verdict::Fail => 0,
            Verdict::Inconclusive => 1,
            _ => continue,
        };
        by_site.entry(&finding.site).or_default()[column].push(&finding.rule);
    }
    let ids = |rules: &[&str]| rules.iter().map(|rule| plain::line_of(rule, 100)).collect::<Vec<_>>().join(", ");
    let mut sites: Vec<_> =
        report.sites.iter().filter_map(|site| Some((site, by_site.get(site.id.as_str())?))).collect();
    sites.sort_by_key(|(_, [failed, open])| std::cmp::Reverse((failed.len(), open.len())));
    sites
        .into_iter()
        .map(|(site, [failed, open])| Failing {
            name: site_name(site),
            id: plain::line_of(&site.id, 200),
            address: site.url.as_deref().or(site.source.as_deref()).map(|a| plain::line_of(a, 300)).unwrap_or_default(),
            failed: ids(failed),
            open: ids(open),
        })
        .collect()
}

/// Something said about all sites.
#[derive(Debug)]
pub(super) struct Remark {
    pub(super) warns: bool,
    pub(super) words: Said,
}

/// Notes about the estate; what the change under review decides for itself first.
pub(super) fn remarks(report: &Report) -> Vec<Remark> {
    let remark = |note: &Note| Remark {
        warns: note.level == crate::finding::NoteLevel::Warning || note.is_of_change(),
        words: Said::both(|lang| plain::note(note, lang)),
    };
    let (of_change, others): (Vec<&Note>, Vec<&Note>) = report.estate_notes.iter().partition(|n| n.is_of_change());
    of_change.into_iter().chain(others).map(remark).collect()
}

/// Clauses that were not measured because nobody asked for it.
pub(super) fn unmeasured(report: &Report) -> Vec<Said> {
    let [vi, en] = [Lang::Vi, Lang::En].map(|lang| plain::unmeasured(report, lang));
    // Where the languages put together different clauses the texts still stand in the same order.
    let longest = vi.len().max(en.len());
    let at = |all: &[String], n: usize| all.get(n).cloned().unwrap_or_default();
    (0..longest).map(|n| Said::new(at(&vi, n), at(&en, n))).collect()
}

/// The run in one sentence of numbers.
pub(super) fn sentence(report: &Report) -> Said {
    let judged: HashSet<&str> = report.findings.iter().map(|f| f.site.as_str()).collect();
    let clean = {
        let spoilt: HashSet<&str> = report
            .findings
            .iter()
            .filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Inconclusive | Verdict::Waived))
            .map(|f| f.site.as_str())
            .collect();
        let passes: HashSet<&str> =
            report.findings.iter().filter(|f| f.verdict == Verdict::Pass).map(|f| f.site.as_str()).collect();
        passes.difference(&spoilt).count() as u64
    };
    let failing: HashSet<&str> = report
        .findings
        .iter()
        .filter(|f| f.verdict == Verdict::Fail && f.severity == Severity::Error)
        .map(|f| f.site.as_str())
        .collect();
    Said::new("Đã đánh giá ", "")
        .then("", "", &Said::count(judged.len() as u64))
        .then(" trang: ", " sites were judged: ", &Said::count(clean))
        .then(
            " trang đạt mọi tiêu chí áp dụng, ",
            " keep every criterion that applies, ",
            &Said::count(failing.len() as u64),
        )
        .then(
            " trang không đạt ít nhất một tiêu chí ở mức lỗi.",
            " fail at least one criterion of severity error.",
            &Said::default(),
        )
}
