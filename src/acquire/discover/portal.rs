//! What a portal shows of its sites beside the links of its home page: pages with a map of the site, site maps for
//! machines, robots.txt. Asks for few files, one after the other, and for none that robots.txt excludes.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::candidates::Candidates;
use super::links::{Source, hosts, leads_to_site_map, of_addresses};
use super::visit::{Look, Scout};
use crate::acquire::fetch::{Answer, Fault, Visitor, says_there_is_none};
use crate::acquire::robots::Robots;
use crate::acquire::{page, sitemap};
use crate::error::Error;
use crate::site::Host;
use crate::snapshot::Gap;

/// Site maps for machines that are read.
pub(super) const MOST_SITEMAPS: usize = 20;
/// Pages with a map of the site that are read.
pub(super) const MOST_SITE_MAP_PAGES: usize = 5;

/// The longest wait between two requests that robots.txt can impose.
const LONGEST_DELAY: Duration = Duration::from_secs(10);

/// Something of the portal that could not be used, so that the list may lack sites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its address.
    pub url: Url,
    /// Why.
    pub gap: Gap,
}

/// A portal that was seen, and what is asked of it further.
pub(super) struct Portal<'a> {
    pub(super) scout: &'a Scout,
    pub(super) visitor: &'a Arc<Visitor>,
    pub(super) host: &'a Host,
    pub(super) unread: Vec<Unread>,
    robots: Robots,
}

impl<'a> Portal<'a> {
    pub(super) fn new(scout: &'a Scout, visitor: &'a Arc<Visitor>, host: &'a Host) -> Self {
        Self { scout, visitor, host, unread: Vec::new(), robots: Robots::allow_all() }
    }

    /// Adds the hosts that the portal shows.
    pub(super) async fn search(&mut self, home: &Url, look: &Look, found: &mut Candidates) -> Result<(), Error> {
        for url in &look.leads_to {
            found.add_linked(url, Source::HomePage);
        }
        self.robots = self.robots(home).await;
        let mut pages = look.site_maps.clone();
        self.sitemaps(home, &mut pages, found).await;
        self.site_map_pages(pages, found).await
    }

    async fn robots(&mut self, home: &Url) -> Robots {
        self.visitor.robots(home).await.unwrap_or_else(|(url, gap)| {
            self.unread.push(Unread { url, gap });
            Robots::disallow_all()
        })
    }

    /// Reads site maps, those that an index names included.
    async fn sitemaps(&mut self, home: &Url, pages: &mut Vec<Url>, found: &mut Candidates) {
        let named = self.robots.sitemaps().to_vec();
        let named: Vec<Url> = named.iter().filter_map(|text| home.join(text.trim()).ok()).collect();
        for url in of_addresses(named.iter().cloned(), &self.scout.domain) {
            found.add_linked(&url, Source::Robots);
        }
        let mut queue: VecDeque<Url> = named.into_iter().collect();
        let usual = home.join("/sitemap.xml").ok();
        queue.extend(usual.clone());
        let mut asked = BTreeSet::new();
        while let Some(url) = queue.pop_front() {
            let own = Host::of(&url).as_ref() == Some(self.host);
            if !own || !asked.insert(url.clone()) {
                continue;
            }
            if asked.len() > MOST_SITEMAPS {
                self.unread.push(Unread { url, gap: Gap::TooLarge });
                return;
            }
            if !self.robots.allows(&url) {
                self.unread.push(Unread { url, gap: Gap::Robots });
                continue;
            }
            let map = match self.ask(&url, false).await {
                Ok(answer) => sitemap::read(&answer.body, &answer.url),
                // Nobody promised that there is one.
                Err(fault) => {
                    if usual.as_ref() != Some(&url) || !says_there_is_none(fault.gap) {
                        self.unread.push(Unread { url, gap: fault.gap });
                    }
                    continue;
                }
            };
            let fault = match (map.kind, map.read) {
                (sitemap::Kind::Neither, _) if usual.as_ref() == Some(&url) => None,
                (_, sitemap::Extent::Limited) => Some(Gap::TooLarge),
                (sitemap::Kind::Neither, _) | (_, sitemap::Extent::Broken) => Some(Gap::Unreadable),
                (_, sitemap::Extent::Whole) => None,
            };
            self.unread.extend(fault.map(|gap| Unread { url, gap }));
            for home in of_addresses(map.addresses.iter().cloned(), &self.scout.domain) {
                found.add_linked(&home, Source::Sitemap);
            }
            match map.kind {
                sitemap::Kind::Index => queue.extend(map.addresses),
                sitemap::Kind::Pages => {
                    let shows = |url: &&Url| leads_to_site_map(url.path()) && Host::of(url).as_ref() == Some(self.host);
                    pages.extend(map.addresses.iter().filter(shows).cloned());
                }
                sitemap::Kind::Neither => {}
            }
        }
    }

    async fn site_map_pages(&mut self, pages: Vec<Url>, found: &mut Candidates) -> Result<(), Error> {
        let mut asked = BTreeSet::new();
        for url in pages {
            // A file for machines was read as such.
            let for_machines = [".xml", ".gz", ".txt"].iter().any(|end| url.path().ends_with(end));
            if for_machines || asked.contains(&url) || asked.len() == MOST_SITE_MAP_PAGES {
                continue;
            }
            asked.insert(url.clone());
            if !self.robots.allows(&url) {
                self.unread.push(Unread { url, gap: Gap::Robots });
                continue;
            }
            let page = match self.ask(&url, true).await {
                Ok(answer) => self.scout.read(self.visitor, answer, page::Kind::SiteMap).await?,
                Err(fault) => Err(fault.gap),
            };
            match page {
                Ok(page) => {
                    for home in hosts(&page, &self.scout.domain) {
                        found.add_linked(&home, Source::SiteMapPage);
                    }
                }
                Err(gap) => self.unread.push(Unread { url, gap }),
            }
        }
        Ok(())
    }

    /// Asks for a file or a page, again when it fails in passing.
    async fn ask(&self, url: &Url, page: bool) -> Result<Answer, Fault> {
        if let Some(delay) = self.robots.crawl_delay() {
            tokio::time::sleep(delay.min(LONGEST_DELAY)).await;
        }
        self.visitor.patiently(url, page).await
    }
}
