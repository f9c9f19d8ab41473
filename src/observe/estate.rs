//! Rules over all sites of a run, decided after every site was seen.

use std::collections::HashSet;

use url::Url;

use super::{Observed, complete, role_unknown, say_why};
use crate::check::{self, Seen, finding, gone};
use crate::finding::Finding;
use crate::policy::{Check, LoadedPolicy, Rule};
use crate::run::{Applies, Run};
use crate::site::{Site, host_key};
use crate::snapshot::Gap;

/// What the estate's rules want to know of a site.
fn contribution(site: &Site, observed: &Observed, tracker: &str) -> Seen {
    Seen {
        site: site.id.clone(),
        ids: observed.seen.get(tracker).cloned().unwrap_or_default(),
        declared: site.emc_site_id.clone(),
        gap: observed.gap,
        page: observed.visit.final_url.as_deref().filter(|_| observed.gap.is_none()).and_then(page_key),
    }
}

/// A page's address as pages are told apart: scheme, leading `www.`, default port and final slash aside.
fn page_key(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let port = url.port().filter(|port| !matches!(port, 80 | 443)).map(|p| format!(":{p}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    Some(format!("{}{port}{path}?{}", host_key(&url)?, url.query().unwrap_or_default()))
}

/// The findings of every site in declared order, rules in policy order, rules over the estate decided last. They
/// are taken out of what was observed: a run of thousands of sites keeps them once.
#[must_use]
pub fn with_estate_rules(run: &Run, observed: &mut [Observed]) -> Vec<Finding> {
    let sites: Vec<&Site> = run.judged.iter().filter_map(|id| run.estate.site(id)).collect();
    let mut by_site: Vec<Vec<Finding>> = observed.iter_mut().map(|o| std::mem::take(&mut o.findings)).collect();
    let observed = &*observed;
    for loaded in &run.policies {
        for rule in run.rules(loaded).filter(|r| r.check.is_estate_wide()) {
            // Retired sites are not visited, so they neither answer nor count as users of an id.
            let asked: Vec<usize> = (0..sites.len())
                .filter(|i| !sites[*i].retired && Run::applies(rule, sites[*i].role) == Applies::Yes)
                .collect();
            let tracker = tracker_of(loaded, rule);
            let mut seen: Vec<Seen> = asked.iter().map(|i| contribution(sites[*i], &observed[*i], &tracker)).collect();
            seen.extend(declared_elsewhere(run, rule));
            let mut answers = check::over_estate(&seen, run.shard.is_some()).into_iter();
            for (i, site) in sites.iter().enumerate() {
                let judged = match Run::applies(rule, site.role) {
                    Applies::No => continue,
                    Applies::RoleUnknown => Ok(role_unknown(rule)),
                    Applies::Yes if site.retired => Ok(gone(site)),
                    Applies::Yes => {
                        let mut judged = answers.next().unwrap_or_else(|| Err(Gap::NoData.into()));
                        say_why(&mut judged, observed[i].gap, observed[i].code);
                        judged
                    }
                };
                let mut finding = finding(&loaded.policy, rule, site, judged, observed[i].basis, 0);
                complete(&mut finding, None);
                by_site[i].push(finding);
            }
        }
    }
    for findings in &mut by_site {
        findings.sort_by_key(|f| order(run, f));
    }
    by_site.into_iter().flatten().collect()
}

/// Entries of the sites file that this run does not judge still use the ids they declare. A target that is no
/// entry may be one of them under another name, so nothing is said of it.
fn declared_elsewhere<'a>(run: &'a Run, rule: &'a Rule) -> impl Iterator<Item = Seen> + 'a {
    let judged: HashSet<&str> = run.judged.iter().map(String::as_str).collect();
    let entries_only = run.judged.iter().filter_map(|id| run.estate.site(id)).all(|s| s.declared.is_some());
    run.estate
        .sites()
        .iter()
        .filter(move |s| entries_only && !s.retired && !judged.contains(s.id.as_str()) && s.emc_site_id.is_some())
        .filter(|s| Run::applies(rule, s.role) == Applies::Yes)
        .map(|s| Seen { site: s.id.clone(), ids: Vec::new(), declared: s.emc_site_id.clone(), gap: None, page: None })
}

/// The rule's place among all rules of the run.
fn order(run: &Run, finding: &Finding) -> (usize, usize) {
    let policy = run.policies.iter().position(|p| p.policy.id == finding.policy).unwrap_or(usize::MAX);
    let rules = run.policies.get(policy).map(|p| &p.policy.rules);
    let rule = rules.and_then(|r| r.iter().position(|r| r.id == finding.rule)).unwrap_or(usize::MAX);
    (policy, rule)
}

fn tracker_of(loaded: &LoadedPolicy, rule: &Rule) -> String {
    let named = rule.check.walk().into_iter().find_map(|c| match c {
        Check::UniqueId(reference) => reference.tracker.clone(),
        _ => None,
    });
    named.or_else(|| loaded.policy.trackers.keys().next().cloned()).unwrap_or_default()
}
