//! What is known of each site and rule, in the form a report keeps, so that what is decided over all sites can be
//! decided again when reports are merged. Turns facts into stored facts; never decides.

use std::collections::HashSet;

use super::{HomeLinks, Observed};
use crate::check::Wording;
use crate::policy::{Check, LoadedPolicy, Rule};
use crate::report::{AcrossRule, AcrossSite, Listed, NotJudged, SeenId, SeenLink, SeenLinks};
use crate::run::Run;
use crate::site::{Parent, Site, shown};
use crate::snapshot::Position;

/// Whether every judged site is an entry of the sites file. A target that is no entry may be one of them under
/// another name, so nothing is said of what the others declare.
pub(super) fn entries_only(run: &Run) -> bool {
    run.judged.iter().filter_map(|id| run.estate.site(id)).all(|s| s.declared.is_some())
}

/// Entries of the sites file that this run does not judge, each with its number, from 1.
pub(super) fn unjudged(run: &Run) -> impl Iterator<Item = (usize, &Site)> {
    let judged: HashSet<&str> = run.judged.iter().map(String::as_str).collect();
    let entries = run.estate.sites().iter().enumerate();
    entries.filter(move |(_, site)| !judged.contains(site.id.as_str())).map(|(n, site)| (n + 1, site))
}

/// What a rule over all sites needs to be decided without its policy; `None` of other rules.
#[must_use]
pub fn across_rule(loaded: &LoadedPolicy, rule: &Rule) -> Option<AcrossRule> {
    if !rule.check.is_estate_wide() {
        return None;
    }
    let named = rule.check.walk().into_iter().find_map(|c| match c {
        Check::UniqueId(reference) => reference.tracker.clone(),
        _ => None,
    });
    let wording = Wording::of(&loaded.policy, rule);
    Some(AcrossRule {
        tracker: named.or_else(|| loaded.policy.trackers.keys().next().cloned()).unwrap_or_default(),
        applies_to: rule.applies_to.clone(),
        message: rule.message.clone(),
        fix: rule.fix.clone(),
        fix_by_code: rule.fix_by_code.clone(),
        snippet: wording.snippet.to_owned(),
    })
}

/// The parent's id or address, as reports name it.
#[must_use]
pub fn parent_name(site: &Site) -> Option<String> {
    site.parent.as_ref().map(|p| match p {
        Parent::Declared(id) => id.clone(),
        Parent::Elsewhere(url) => shown(url),
    })
}

/// What is kept of an entry; its number, from 1, only a merge of shards needs.
fn listed(run: &Run, site: &Site, number: Option<usize>) -> Listed {
    Listed {
        entry: number.filter(|_| run.shard.is_some()).and_then(|n| u32::try_from(n).ok()),
        aliases: site.aliases.iter().map(shown).collect(),
        emc_site_id: site.emc_site_id.clone(),
        retired_on: site.retired_on,
        retired: site.retired,
    }
}

/// The entries of the sites file that were not judged; another shard's share is its own affair.
#[must_use]
pub fn not_judged(run: &Run) -> Vec<NotJudged> {
    let (all, with_ids) = (run.estate.sites().len(), entries_only(run));
    let mine = |n: usize| run.shard.is_none_or(|s| (n - 1) % s.of.max(1) as usize + 1 == s.index as usize);
    let others = unjudged(run).filter(|(n, _)| *n <= all && mine(*n));
    let others = others.map(|(n, site)| NotJudged {
        id: site.id.clone(),
        role: site.role,
        url: site.url.as_ref().map(shown),
        parent: parent_name(site),
        listed: Listed { emc_site_id: site.emc_site_id.clone().filter(|_| with_ids), ..listed(run, site, Some(n)) },
    });
    others.collect()
}

/// What a report keeps of a judged site for rules and notes over all sites.
#[must_use]
pub fn across_site(run: &Run, site: &Site, observed: &Observed) -> AcrossSite {
    let named = |n: u32| run.estate.sites().get(n as usize).map(|s| s.id.clone());
    let link = |to: String, at: Position| SeenLink { to, line: at.line, column: at.column };
    let links = observed.links.as_deref().map(|HomeLinks { origin, linked }| SeenLinks {
        path: origin.path.clone(),
        url: origin.url.clone(),
        sites: linked.sites.iter().filter_map(|(n, at)| Some(link(named(*n)?, *at))).collect(),
        // Of targets nobody says that all hosts were meant to be declared.
        hosts: linked.hosts.iter().filter(|_| !run.ad_hoc).map(|(host, at)| link(host.to_string(), *at)).collect(),
        to_parent: linked.to_parent,
        complete: linked.complete,
    });
    let ids = observed.seen.iter().flat_map(|(tracker, ids)| ids.iter().map(move |id| (tracker, id)));
    AcrossSite {
        listed: listed(run, site, run.estate.position(&site.id).map(|n| n + 1)),
        basis: observed.basis,
        code: observed.code.map(str::to_owned),
        ids: ids
            .map(|(tracker, (id, places))| SeenId { tracker: tracker.clone(), id: id.clone(), places: places.clone() })
            .collect(),
        links,
    }
}
