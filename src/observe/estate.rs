//! Rules over all sites, decided after every site was seen: of a run as it ends, and again when stored reports are
//! merged. Both ask here, so that they cannot answer differently.

use std::collections::{BTreeMap, HashMap};

use url::Url;

use super::across::{entries_only, unjudged};
use super::{Observed, complete, role_unknown};
use crate::check::{self, Seen, Wording, gone, worded};
use crate::finding::{Basis, Finding, Place};
use crate::report::{AcrossRule, RuleRef};
use crate::run::{Applies, Run};
use crate::site::{Site, host_key};
use crate::snapshot::Gap;
use crate::tally;

/// A judged site as rules over all sites know it.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The site.
    pub site: &'a Site,
    /// Ids by tracker, each with its places.
    pub ids: &'a BTreeMap<String, Vec<(String, Vec<Place>)>>,
    /// Why it could not be read at all.
    pub gap: Option<Gap>,
    /// The code that says more than the gap.
    pub code: Option<&'a str>,
    /// Where its facts come from.
    pub basis: Basis,
    /// The address that answered in the end.
    pub final_url: Option<&'a str>,
}

impl Told<'_> {
    fn contribution(&self, tracker: &str) -> Seen {
        Seen {
            site: self.site.id.clone(),
            ids: self.ids.get(tracker).cloned().unwrap_or_default(),
            declared: self.site.emc_site_id.clone(),
            gap: self.gap,
            page: self.final_url.filter(|_| self.gap.is_none()).and_then(page_key),
        }
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
    let rules: Vec<RuleRef> =
        run.policies.iter().flat_map(|p| run.rules(p).map(|rule| tally::rule_ref(p, rule))).collect();
    let told: Vec<Told<'_>> = sites.iter().zip(&*observed).map(|(site, o)| o.told(site)).collect();
    let elsewhere: Vec<&Site> =
        if entries_only(run) { unjudged(run).map(|(_, site)| site).collect() } else { Vec::new() };
    add_estate_rules(&rules, &told, &elsewhere, run.shard.is_some(), &mut by_site);
    by_site.into_iter().flatten().collect()
}

/// Decides every rule over all sites and puts its findings where the rules' order wants them. `elsewhere` are
/// entries of the sites file that nobody judged: they still use the ids they declare.
pub fn add_estate_rules(
    rules: &[RuleRef],
    told: &[Told<'_>],
    elsewhere: &[&Site],
    in_shard: bool,
    by_site: &mut [Vec<Finding>],
) {
    for rule in rules {
        let Some(across) = rule.across.as_deref() else { continue };
        for (findings, finding) in by_site.iter_mut().zip(decided(rule, across, told, elsewhere, in_shard)) {
            findings.extend(finding);
        }
    }
    let order: HashMap<(&str, &str), usize> =
        rules.iter().enumerate().map(|(n, r)| ((r.policy.as_str(), r.id.as_str()), n)).collect();
    for findings in by_site {
        findings.sort_by_key(|f| order.get(&(f.policy.as_str(), f.rule.as_str())).copied().unwrap_or(usize::MAX));
    }
}

/// One answer for each site that the rule asks something of.
fn decided(
    rule: &RuleRef,
    across: &AcrossRule,
    told: &[Told<'_>],
    elsewhere: &[&Site],
    in_shard: bool,
) -> Vec<Option<Finding>> {
    let applies = |site: &Site| Applies::of(&across.applies_to, site.role);
    // Retired sites are not visited, so they neither answer nor count as users of an id.
    let is_asked = |site: &Site| !site.retired && applies(site) == Applies::Yes;
    let mut seen: Vec<Seen> =
        told.iter().filter(|t| is_asked(t.site)).map(|t| t.contribution(&across.tracker)).collect();
    let declaring = elsewhere.iter().filter(|site| is_asked(site) && site.emc_site_id.is_some());
    seen.extend(declaring.map(|site| Seen {
        site: site.id.clone(),
        ids: Vec::new(),
        declared: site.emc_site_id.clone(),
        gap: None,
        page: None,
    }));
    let mut answers = check::over_estate(&seen, in_shard).into_iter();
    let wording = Wording {
        policy: &rule.policy,
        rule: &rule.id,
        severity: rule.severity,
        message: across.message.as_ref(),
        fix: across.fix.as_ref(),
        fix_by_code: &across.fix_by_code,
        snippet: &across.snippet,
    };
    let one = |told: &Told<'_>| {
        let judged = match applies(told.site) {
            Applies::No => return None,
            Applies::RoleUnknown => Ok(role_unknown(&across.applies_to)),
            Applies::Yes if told.site.retired => Ok(gone(told.site)),
            Applies::Yes => answers.next().unwrap_or_else(|| Err(Gap::NoData.into())),
        };
        let mut finding = worded(wording, told.site, judged, told.basis, 0);
        // A site that could not be read at all has one code for that, whichever rule asked.
        if let Some(code) = told.code.filter(|_| finding.gap.is_some() && finding.gap == told.gap) {
            finding.code = Some(code.to_owned());
        }
        complete(&mut finding, None);
        Some(finding)
    };
    told.iter().map(one).collect()
}
