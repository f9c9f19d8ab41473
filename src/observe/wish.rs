//! What a browser is to be asked of one site: what its rules leave open, or all they can use. Never asks.

use std::collections::BTreeSet;

use super::{Observed, pairs};
use crate::finding::{Finding, Verdict};
use crate::policy::{Check, Rule};
use crate::run::Run;
use crate::site::{Parent, Site, host_key};
use crate::snapshot::Gap;

/// What a browser is to be asked of one site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// The home page as a person meets it.
    pub rendered: bool,
    /// How long it takes.
    pub load: bool,
    /// Tags of the accessibility rules to run; empty for none.
    pub access: Vec<String>,
    /// Hosts of sites it may have to link to.
    pub hosts: Vec<String>,
}

impl Wish {
    /// Whether there is anything to ask.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.rendered && !self.load && self.access.is_empty()
    }
}

/// What the rules of a site want of a browser, after its bytes were judged: `all` they can use, or what is open.
#[must_use]
pub fn wish(run: &Run, site: &Site, first: &Observed, all: bool) -> Wish {
    let mut wish = Wish::default();
    let mut hosts = BTreeSet::new();
    let judged = pairs(run, site).filter(|(_, rule)| !rule.check.is_estate_wide());
    for ((_, rule), finding) in judged.zip(&first.findings) {
        let asked = finding.verdict != Verdict::NotApplicable && (all || is_open(finding));
        for check in rule.check.walk() {
            match check {
                Check::LinksTo(links) => {
                    hosts.extend(links.urls.iter().filter_map(|u| host_key(&url::Url::parse(u).ok()?)));
                    wish.rendered |= asked;
                }
                Check::Tracker(_) | Check::Label(_) | Check::Element(_) | Check::IdDrift(_) => wish.rendered |= asked,
                Check::LoadTime(_) => wish.load |= asked,
                Check::Wcag(wcag) if asked => wish.access.extend(wcag.tags.iter().cloned()),
                _ => {}
            }
        }
    }
    let shared = |rule: &Rule| rule.check.is_estate_wide();
    // What is decided over all sites wants this one's id.
    wish.rendered |= all && pairs(run, site).any(|(_, rule)| shared(rule));
    wish.access.sort();
    wish.access.dedup();
    hosts.extend(run.estate.children(&site.id).flat_map(Site::addresses).filter_map(host_key));
    hosts.extend(site.components.iter().filter_map(host_key));
    match &site.parent {
        Some(Parent::Declared(id)) => {
            hosts.extend(run.estate.site(id).into_iter().flat_map(Site::addresses).filter_map(host_key));
        }
        Some(Parent::Elsewhere(url)) => hosts.extend(host_key(url)),
        None => {}
    }
    wish.hosts = hosts.into_iter().collect();
    wish
}

/// Whether the bytes left it open in a way that a browser may close.
fn is_open(finding: &Finding) -> bool {
    let unread = || finding.verdict == Verdict::Fail && finding.notes.iter().any(|n| n.code == "unread-scripts");
    matches!(finding.gap, Some(Gap::NotRequested | Gap::NeedsBrowser)) || unread()
}
