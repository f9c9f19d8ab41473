//! What a home page links to among the sites of the estate: what is said of the estate as a whole is drawn from
//! it later, when the page is long gone. Small on purpose; never a verdict.

use std::collections::HashSet;

use super::lead::leads;
use super::sighted::links;
use super::target::{Declared, Targets};
use super::{Counts, page_is_shell, unknown_leads};
use crate::check::Subject;
use crate::site::{Estate, Site, domains_of};
use crate::snapshot::{Gap, Landing, Position};

/// Most hosts kept of one home page; more are no list of component sites.
pub const MOST_HOSTS: usize = 500;

/// What one home page links to.
#[derive(Debug, Clone, Default)]
pub struct LinkedSites {
    /// Declared sites by their position in the estate, each with the first link to it, in document order.
    pub sites: Vec<(u32, Position)>,
    /// Hosts under a declared portal's domain that nobody declared, each with its first link, in document order.
    pub hosts: Vec<(Box<str>, Position)>,
    /// It links to the portal that the site belongs to.
    pub to_parent: bool,
    /// Nothing on the page hides further links: no application shell, no script, nothing left unfollowed.
    pub complete: bool,
}

/// What a home page links to; empty when it was not seen.
#[must_use]
pub fn linked_sites(subject: &Subject<'_>) -> LinkedSites {
    let Ok(page) = subject.page else { return LinkedSites::default() };
    let declared = Declared::of(subject.site, subject.estate);
    let parent = Targets::new(declared.parent());
    let links = links(subject, page);
    let shell = subject.rendered().is_none() && page_is_shell(page);
    let mut linked =
        LinkedSites { complete: !shell && unknown_leads(&links, page).is_none(), ..LinkedSites::default() };
    let mut known: HashSet<u32> = HashSet::new();
    let mut hosts: HashSet<String> = HashSet::new();
    for lead in leads(&links, &page.base).iter().filter(|lead| lead.counts != Counts::Not) {
        let at = || page.source.position(lead.link.span.start);
        let landed = lead.landed(page);
        let ends = [Some((&lead.address, &lead.host)), landed.as_ref().map(|(url, host)| (*url, host))];
        for (address, host) in ends.into_iter().flatten() {
            linked.to_parent |= !declared.hits(address, host, &parent).is_empty();
            let owner = declared.owner(address, host).and_then(|site| subject.estate.position(&site.id));
            if let Some(n) = owner.and_then(|n| u32::try_from(n).ok())
                && known.insert(n)
            {
                linked.sites.push((n, at()));
            }
        }
        let stranger = subject.estate.at_host(&lead.host).next().is_none();
        if stranger && portal_above(&lead.host, subject.estate).is_some() {
            linked.complete &= !matches!(lead.landing(page), Some(Landing::Unknown(_)));
            let gone = matches!(lead.landing(page), Some(Landing::Dead(Gap::Dns)));
            if !gone && linked.hosts.len() < MOST_HOSTS && !hosts.contains(&lead.host) {
                hosts.insert(lead.host.clone());
                linked.hosts.push((lead.host.clone().into_boxed_str(), at()));
            }
        }
    }
    linked.sites.shrink_to_fit();
    linked.hosts.shrink_to_fit();
    linked
}

/// The declared portal under whose domain a host (as hosts are compared) lies, the nearest one.
#[must_use]
pub fn portal_above<'a>(host: &str, estate: &'a Estate) -> Option<&'a Site> {
    domains_of(host).skip(1).find_map(|domain| estate.portal_at(domain))
}
