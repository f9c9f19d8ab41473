//! What a browser is to be asked of one site: what its rules leave open, or all they can use. Never asks.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::{Observed, pairs};
use crate::finding::{Finding, Verdict};
use crate::policy::{Check, Rule};
use crate::run::Run;
use crate::site::{Parent, Site, host_key, own_path};
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
    /// Sites that its links may lead to, and whether they should: a host as [`host_key`] gives it, followed by the path
    /// where several sites share the host.
    pub sites: BTreeMap<String, bool>,
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
    let mut wanted: BTreeSet<Url> = BTreeSet::new();
    let judged = pairs(run, site).filter(|(_, rule)| !rule.check.is_estate_wide());
    for ((_, rule), finding) in judged.zip(&first.findings) {
        let asked = finding.verdict != Verdict::NotApplicable && (all || is_open(finding));
        for check in rule.check.walk() {
            match check {
                Check::LinksTo(links) => {
                    wanted.extend(links.urls.iter().filter_map(|url| Url::parse(url).ok()));
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
    wanted.extend(run.estate.children(&site.id).flat_map(Site::addresses).cloned());
    wanted.extend(site.components.iter().cloned());
    match &site.parent {
        Some(Parent::Declared(id)) => {
            wanted.extend(run.estate.site(id).into_iter().flat_map(Site::addresses).cloned());
        }
        Some(Parent::Elsewhere(url)) => {
            wanted.insert(url.clone());
        }
        None => {}
    }
    wish.sites = told_apart(run, &wanted);
    wish
}

/// The sites on the hosts of wanted addresses, by as much of their address as tells them apart, and whether they are
/// wanted.
fn told_apart(run: &Run, wanted: &BTreeSet<Url>) -> BTreeMap<String, bool> {
    let mut hosts: BTreeMap<String, Vec<&Url>> = BTreeMap::new();
    for (host, url) in wanted.iter().filter_map(|url| Some((host_key(url)?, url))) {
        hosts.entry(host).or_default().push(url);
    }
    let mut sites = BTreeMap::new();
    for (host, wanted) in hosts {
        let declared: Vec<(&Site, &Url)> = run.estate.at_host(&host).collect();
        let others = wanted.iter().filter(|url| declared.iter().all(|(_, known)| known != *url));
        let mut owners: BTreeSet<&str> = declared.iter().map(|(site, _)| site.id.as_str()).collect();
        owners.extend(others.map(|url| url.as_str()));
        // A path tells sites apart, not the addresses of one; nor sites on ports of their own.
        let ports: BTreeSet<Option<u16>> =
            declared.iter().map(|(_, url)| *url).chain(wanted.iter().copied()).map(Url::port).collect();
        if owners.len() < 2 || ports.len() > 1 {
            sites.insert(host, true);
            continue;
        }
        sites.extend(declared.iter().map(|(_, url)| (format!("{host}{}", own_path(url)), false)));
        sites.extend(wanted.iter().map(|url| (format!("{host}{}", own_path(url)), true)));
    }
    sites
}

/// Whether the bytes left it open in a way that a browser may close.
fn is_open(finding: &Finding) -> bool {
    let unread = || finding.verdict == Verdict::Fail && finding.notes.iter().any(|n| n.code == "unread-scripts");
    matches!(finding.gap, Some(Gap::NotRequested | Gap::NeedsBrowser)) || unread()
}
