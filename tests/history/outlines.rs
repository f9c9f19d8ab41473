//! Outlines in short: `12 cong snippet=fail label=pass` is the run of the 12th day of a history.

use rasoat::finding::Verdict;
use rasoat::history::{Cell, Outline, PolicyOf, RuleOf, SiteOf};
use rasoat::report::Outcome;
use rasoat::snapshot::Gap;

pub(crate) fn verdict(word: &str) -> Verdict {
    match word {
        "pass" => Verdict::Pass,
        "fail" => Verdict::Fail,
        "open" => Verdict::Inconclusive,
        "none" => Verdict::NotApplicable,
        "waived" => Verdict::Waived,
        other => panic!("{other}"),
    }
}

pub(crate) const VERDICTS: [&str; 5] = ["pass", "fail", "open", "none", "waived"];

/// The run of a day of October 2026; sites are separated by `;`, each with its rules and their verdicts.
pub(crate) fn run(day: u32, sites: &str) -> Outline {
    let (mut findings, mut rules, mut names) = (Vec::new(), Vec::<RuleOf>::new(), Vec::new());
    for site in sites.split(';') {
        let mut words = site.split_whitespace();
        let id = words.next().unwrap().to_owned();
        for word in words {
            let (rule, said) = word.split_once('=').unwrap();
            let verdict = verdict(said);
            let gap = (verdict == Verdict::Inconclusive).then_some(Gap::Timeout);
            let of = RuleOf { policy: "mau".to_owned(), id: rule.to_owned() };
            if !rules.contains(&of) {
                rules.push(of);
            }
            findings.push(Cell { policy: "mau".to_owned(), rule: rule.to_owned(), site: id.clone(), verdict, gap });
        }
        names.push(SiteOf { id, url: None });
    }
    let mut outline = Outline {
        run_id: format!("run{day}"),
        taken_at: format!("2026-10-{day:02}T02:00:00Z"),
        shard: None,
        outcome: Outcome::Failed,
        policies: vec![policy("mau", "1", "sha256:a")],
        rules,
        sites: names,
        not_judged: Vec::new(),
        findings,
        scores: Vec::new(),
        summary: Default::default(),
    };
    outline.summary = outline.counts(|_| true);
    outline
}

pub(crate) fn policy(id: &str, version: &str, digest: &str) -> PolicyOf {
    PolicyOf { id: id.to_owned(), version: version.to_owned(), digest: digest.to_owned() }
}

pub(crate) fn site(id: &str) -> SiteOf {
    SiteOf { id: id.to_owned(), url: None }
}
