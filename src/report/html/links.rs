//! Whether a portal links to each of its component sites and whether these link back, as the findings of rules about
//! links say. Never looks at a page and never judges: what no finding tells is unknown.

use std::collections::{HashMap, HashSet};

use crate::finding::{Evidence, Finding, Verdict};
use crate::report::Report;
use crate::site::Role;

/// The kind of check whose findings tell of links.
const KIND: &str = "links_to";

/// The state of links, by site in the report's order: from its portal to it, and back.
#[derive(Debug)]
pub(super) struct Links(Vec<Option<String>>);

/// What is known of one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Linked,
    Missing,
    Unknown,
    NotAsked,
}

impl State {
    fn letter(self) -> char {
        match self {
            Self::Linked => 'y',
            Self::Missing => 'n',
            Self::Unknown => '?',
            Self::NotAsked => '-',
        }
    }
}

impl Links {
    /// Reads them off the findings.
    pub(super) fn of_report(report: &Report) -> Self {
        let kinds: HashSet<(&str, &str)> = report
            .rules
            .iter()
            .filter(|rule| rule.check.as_deref() == Some(KIND))
            .map(|rule| (rule.policy.as_str(), rule.id.as_str()))
            .collect();
        let mut by_site: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in report.findings.iter().filter(|f| kinds.contains(&(f.policy.as_str(), f.rule.as_str()))) {
            by_site.entry(&finding.site).or_default().push(finding);
        }
        let sites = report.sites_by_id();
        // A portal may lack thousands: looked up, not searched.
        let missing: HashMap<&str, HashSet<&str>> = by_site
            .iter()
            .map(|(site, findings)| {
                // What an open question could not find may be there all the same.
                let told = findings.iter().filter(|f| f.verdict != Verdict::Inconclusive);
                let lost = told.flat_map(|f| &f.evidence).filter_map(|e| match e {
                    Evidence::MissingLink { site, .. } => site.as_deref(),
                    _ => None,
                });
                (*site, lost.collect())
            })
            .collect();
        let states = report.sites.iter().map(|site| {
            let parent = site.parent.as_deref()?;
            let down = match sites.get(parent) {
                // Nothing is asked of a site that was closed.
                Some(_) if site.across.as_ref().is_some_and(|across| across.listed.retired) => State::NotAsked,
                Some(portal) => {
                    let lost = missing.get(portal.id.as_str()).is_some_and(|lost| lost.contains(site.id.as_str()));
                    if lost { State::Missing } else { down(by_site.get(portal.id.as_str())) }
                }
                None => State::NotAsked,
            };
            // What a portal that has a portal of its own links to is its component sites.
            let up = if site.role == Some(Role::Portal) { State::NotAsked } else { up(by_site.get(site.id.as_str())) };
            Some([down, up].into_iter().map(State::letter).collect())
        });
        Self(states.collect())
    }

    /// Two letters of a site that has a portal.
    pub(super) fn of(&self, site: usize) -> Option<String> {
        self.0.get(site).cloned().flatten()
    }
}

/// Of a component site that the portal's findings do not name as missing.
fn down(findings: Option<&Vec<&Finding>>) -> State {
    let told = |f: &Finding| match f.verdict {
        Verdict::Pass => Some(State::Linked),
        // Some of those that are not named may be linked or not: which, nobody can say.
        Verdict::Fail | Verdict::Waived if f.earned.is_some_and(|share| share.open > 0) => Some(State::Unknown),
        // Without names nobody knows which are missing.
        Verdict::Fail | Verdict::Waived if f.evidence.iter().any(|e| matches!(e, Evidence::MissingLink { .. })) => {
            Some(State::Linked)
        }
        Verdict::NotApplicable => None,
        _ => Some(State::Unknown),
    };
    let states: Vec<State> = findings.into_iter().flatten().filter_map(|f| told(f)).collect();
    match states.as_slice() {
        [] => State::NotAsked,
        states if states.contains(&State::Unknown) => State::Unknown,
        _ => State::Linked,
    }
}

fn up(findings: Option<&Vec<&Finding>>) -> State {
    let verdicts: Vec<Verdict> = findings.into_iter().flatten().map(|f| f.verdict).collect();
    let any = |v: &[Verdict]| verdicts.iter().any(|verdict| v.contains(verdict));
    if any(&[Verdict::Fail, Verdict::Waived]) {
        State::Missing
    } else if any(&[Verdict::Inconclusive]) {
        State::Unknown
    } else if any(&[Verdict::Pass]) {
        State::Linked
    } else {
        State::NotAsked
    }
}
