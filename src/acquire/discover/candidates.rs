//! Hosts that may be sites: each once, with every way it was found and the address where it is to be visited.
//! What lies outside the domain never gets in. Pure: the same finds in another order are the same candidates.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::domain::{Domain, home_of};
use super::links::Source;
use crate::site::Host;

/// Ways in which one host was found that are kept: the most trusted ones.
pub(super) const MOST_SOURCES: usize = 8;

/// Everything that was found so far.
#[derive(Debug)]
pub(super) struct Candidates {
    domain: Domain,
    all: BTreeMap<Host, Candidate>,
}

#[derive(Debug, Default)]
struct Candidate {
    sources: BTreeSet<Source>,
    /// Home pages that something leads to.
    linked: BTreeSet<Url>,
    /// Where a mere name may answer, best first.
    guessed: Vec<Url>,
    taken: bool,
}

/// A host to visit, and where: best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// The host.
    pub(super) host: Host,
    /// Where it may answer.
    pub(super) starts: Vec<Url>,
}

impl Candidates {
    /// Nothing was found yet.
    #[must_use]
    pub(super) fn new(domain: &Domain) -> Self {
        Self { domain: domain.clone(), all: BTreeMap::new() }
    }

    /// Adds the host of an address that something leads to. Whether it lies under the domain.
    pub(super) fn add_linked(&mut self, url: &Url, source: Source) -> bool {
        let Some(candidate) = self.under_domain(url, source) else { return false };
        candidate.linked.insert(home_of(url));
        true
    }

    /// Adds a name, by the addresses where it may answer. Whether it lies under the domain.
    pub(super) fn add_named(&mut self, addresses: &[Url], source: Source) -> bool {
        let Some(first) = addresses.first() else { return false };
        let Some(candidate) = self.under_domain(first, source) else { return false };
        // A list may hold the same host with and without `www.`.
        if candidate.guessed.is_empty() || candidate.guessed[0] > *first {
            candidate.guessed = addresses.to_vec();
        }
        true
    }

    fn under_domain(&mut self, url: &Url, source: Source) -> Option<&mut Candidate> {
        let host = Host::of(url).filter(|host| self.domain.holds(host))?;
        let candidate = self.all.entry(host).or_default();
        candidate.sources.insert(source);
        if candidate.sources.len() > MOST_SOURCES {
            candidate.sources.pop_last();
        }
        Some(candidate)
    }

    /// A host that was visited by other ways.
    pub(super) fn mark(&mut self, host: &Host) {
        if let Some(candidate) = self.all.get_mut(host) {
            candidate.taken = true;
        }
    }

    /// The hosts whose turn it is, at most so many, by name; those left over are the least trusted.
    pub(super) fn take(&mut self, most: usize) -> Vec<Turn> {
        let mut waiting: Vec<(&Host, &mut Candidate)> = self.all.iter_mut().filter(|(_, c)| !c.taken).collect();
        waiting.sort_by_cached_key(|(host, candidate)| (candidate.sources.first().cloned(), (*host).clone()));
        waiting.truncate(most);
        let mut turns: Vec<Turn> = waiting
            .into_iter()
            .map(|(host, candidate)| {
                candidate.taken = true;
                Turn { host: host.clone(), starts: candidate.starts() }
            })
            .collect();
        turns.sort_by(|a, b| a.host.cmp(&b.host));
        turns
    }

    /// How many hosts still wait for their turn.
    #[must_use]
    pub(super) fn waiting(&self) -> usize {
        self.all.values().filter(|candidate| !candidate.taken).count()
    }

    /// How a host was found.
    #[must_use]
    pub(super) fn sources(&self, host: &Host) -> BTreeSet<Source> {
        self.all.get(host).map(|candidate| candidate.sources.clone()).unwrap_or_default()
    }
}

impl Candidate {
    fn starts(&self) -> Vec<Url> {
        let www = |url: &Url| url.host_str().is_some_and(|name| name.starts_with("www."));
        let best = self.linked.iter().min_by_key(|url| (url.scheme() != "https", www(url)));
        best.map_or_else(|| self.guessed.clone(), |url| vec![url.clone()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn candidates() -> Candidates {
        Candidates::new(&Domain::parse("tinh-a.vn").unwrap())
    }

    fn shown(turns: &[Turn]) -> Vec<String> {
        turns.iter().map(|t| t.starts.iter().map(Url::as_str).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn a_host_is_visited_once_where_something_leads() {
        let mut all = candidates();
        let named = [url("https://b.tinh-a.vn/"), url("http://b.tinh-a.vn/")];
        assert!(all.add_named(&named, Source::Names));
        assert!(all.add_named(&[url("https://c.tinh-a.vn/"), url("http://c.tinh-a.vn/")], Source::Log));
        assert!(all.add_linked(&url("http://www.b.tinh-a.vn/x?y"), Source::HomePage));
        assert!(all.add_linked(&url("http://b.tinh-a.vn/z"), Source::Sitemap));
        assert!(!all.add_linked(&url("https://x-tinh-a.vn/"), Source::HomePage));
        assert!(!all.add_named(&[], Source::Names));
        let turns = all.take(10);
        assert_eq!(shown(&turns), ["http://b.tinh-a.vn/", "https://c.tinh-a.vn/ http://c.tinh-a.vn/"]);
        assert!(all.take(10).is_empty());
        all.add_linked(&url("https://b.tinh-a.vn/"), Source::Robots);
        assert!(all.take(10).is_empty(), "found again is not visited again");
        let sources: Vec<Source> = all.sources(&turns[0].host).into_iter().collect();
        assert_eq!(sources, [Source::HomePage, Source::Sitemap, Source::Robots, Source::Names]);
    }

    #[test]
    fn the_limit_leaves_out_the_least_trusted() {
        let mut all = candidates();
        all.add_named(&[url("https://a.tinh-a.vn/")], Source::Names);
        all.add_linked(&url("https://z.tinh-a.vn/"), Source::HomePage);
        all.add_linked(&url("https://y.tinh-a.vn/"), Source::LinkedFrom("z".to_owned()));
        assert_eq!(shown(&all.take(2)), ["https://y.tinh-a.vn/", "https://z.tinh-a.vn/"]);
        assert_eq!(all.waiting(), 1);
    }

    #[test]
    fn few_of_many_sources_are_kept_in_whatever_order_they_come() {
        let kept = |order: &mut dyn Iterator<Item = usize>| {
            let mut all = candidates();
            for n in order {
                all.add_linked(&url("https://b.tinh-a.vn/"), Source::LinkedFrom(format!("{n:03}")));
            }
            all.sources(&Host::of(&url("https://b.tinh-a.vn/")).unwrap())
        };
        let forth = kept(&mut (0..100));
        assert_eq!(forth.len(), MOST_SOURCES);
        assert_eq!(forth, kept(&mut (0..100).rev()));
    }
}
