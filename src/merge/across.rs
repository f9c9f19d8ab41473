//! Decides over all sites of merged reports what a run decides over its own: stored facts become facts again, and
//! the same judges answer. Findings of single sites are left as they are.

use std::collections::BTreeMap;

use url::Url;

use crate::check::LinkedSites;
use crate::finding::{Finding, Note, Place, Verdict};
use crate::observe::{HomeLinks, Told, add_estate_rules, notes_of};
use crate::report::{AcrossSite, Listed, NotJudged, RuleRef, SeenLinks, SiteReport};
use crate::site::{Estate, Parent, Site};
use crate::snapshot::{Origin, Position};

/// Ids by tracker, each with its places.
type Ids = BTreeMap<String, Vec<(String, Vec<Place>)>>;

/// Decides the rules over all sites again and gives the notes on the estate. `findings` are those of `sites`, in
/// order.
pub(super) fn decide(
    rules: &[RuleRef],
    sites: &[SiteReport],
    not_judged: &[NotJudged],
    findings: &mut [Vec<Finding>],
) -> Vec<Note> {
    let estate = Estate::new(sites.iter().map(judged_site).chain(not_judged.iter().map(other_site)).collect());
    let ids: Vec<Ids> = sites.iter().map(|s| s.across.as_deref().map(ids).unwrap_or_default()).collect();
    let told: Vec<Told<'_>> = sites
        .iter()
        .zip(&ids)
        .zip(estate.sites())
        .filter_map(|((report, ids), site)| {
            let across = report.across.as_deref()?;
            Some(Told {
                site,
                ids,
                gap: report.gap,
                code: across.code.as_deref(),
                basis: across.basis,
                final_url: report.final_url.as_deref(),
            })
        })
        .collect();
    let is_across = |f: &Finding| rules.iter().any(|r| r.across.is_some() && r.id == f.rule && r.policy == f.policy);
    let before: Vec<Vec<Finding>> =
        findings.iter_mut().map(|all| all.extract_if(.., |f| is_across(f)).collect()).collect();
    let elsewhere: Vec<&Site> = estate.sites().iter().skip(sites.len()).collect();
    add_estate_rules(rules, &told, &elsewhere, false, findings);
    for (all, before) in findings.iter_mut().zip(before) {
        keep_decisions(all, before);
    }
    let links: Vec<Option<HomeLinks>> = sites.iter().map(|s| home_links(s, &estate)).collect();
    notes_of(&estate, told.into_iter().zip(links.iter().map(Option::as_ref)), true)
}

/// What people decided about a failure holds as long as the failure is the same.
fn keep_decisions(findings: &mut [Finding], before: Vec<Finding>) {
    for old in before.into_iter().filter(|f| f.known || f.waiver.is_some()) {
        let same = |new: &&mut Finding| {
            let key = |f: &Finding| (f.policy.clone(), f.rule.clone(), f.code.clone(), f.actual.clone());
            new.verdict == Verdict::Fail && key(new) == key(&old) && new.subjects == old.subjects
        };
        if let Some(new) = findings.iter_mut().find(same) {
            *new = old;
        }
    }
}

fn ids(across: &AcrossSite) -> Ids {
    let mut ids = Ids::new();
    for seen in &across.ids {
        ids.entry(seen.tracker.clone()).or_default().push((seen.id.clone(), seen.places.clone()));
    }
    ids
}

fn home_links(report: &SiteReport, estate: &Estate) -> Option<HomeLinks> {
    let SeenLinks { path, url, sites, hosts, to_parent, complete } = report.across.as_deref()?.links.clone()?;
    let at = |line: u32, column: u32| Position { line, column };
    let known = |id: &str| estate.position(id).and_then(|n| u32::try_from(n).ok());
    let linked = LinkedSites {
        sites: sites.iter().filter_map(|l| Some((known(&l.to)?, at(l.line, l.column)))).collect(),
        // What another report declares is no stranger any more.
        hosts: hosts
            .into_iter()
            .filter(|l| estate.at_host(&l.to).next().is_none())
            .map(|l| (l.to.into_boxed_str(), at(l.line, l.column)))
            .collect(),
        to_parent,
        complete,
    };
    Some(HomeLinks { origin: Origin { path, url }, linked })
}

/// Ids hold no `://`, so an address is never taken for one.
fn parent(named: Option<&String>) -> Option<Parent> {
    let named = named?;
    if !named.contains("://") {
        return Some(Parent::Declared(named.clone()));
    }
    Url::parse(named).ok().map(Parent::Elsewhere)
}

fn judged_site(report: &SiteReport) -> Site {
    let known = report.across.as_deref().map(|across| listed(&report.id, &across.listed));
    Site {
        name: report.name.clone(),
        role: report.role,
        url: report.url.as_deref().and_then(|url| Url::parse(url).ok()),
        source_name: report.source.clone(),
        unit: report.unit.clone(),
        parent: parent(report.parent.as_ref()),
        declared: report.declared.clone(),
        ..known.unwrap_or_else(|| Site::named(report.id.clone()))
    }
}

fn other_site(entry: &NotJudged) -> Site {
    Site {
        role: entry.role,
        url: entry.url.as_deref().and_then(|url| Url::parse(url).ok()),
        parent: parent(entry.parent.as_ref()),
        ..listed(&entry.id, &entry.listed)
    }
}

fn listed(id: &str, listed: &Listed) -> Site {
    Site {
        aliases: listed.aliases.iter().filter_map(|text| Url::parse(text).ok()).collect(),
        emc_site_id: listed.emc_site_id.clone(),
        retired_on: listed.retired_on,
        retired: listed.retired,
        ..Site::named(id.to_owned())
    }
}
