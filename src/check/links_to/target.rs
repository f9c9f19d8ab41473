//! Which declared site an address leads to. Several sites may share a host; then the longest declared
//! path prefix decides, otherwise the path does not matter.

use std::collections::HashMap;

use url::Url;

use crate::site::{Estate, HostMatch, Parent, Site, host_key, same_site, shown};

/// A site that must be linked.
#[derive(Debug, Clone)]
pub(super) struct Target {
    /// Its id, when it is declared in the run.
    pub(super) id: Option<String>,
    name: Option<String>,
    /// Its address first, then its aliases.
    addresses: Vec<Url>,
}

/// How an address leads to a target; better ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hit {
    /// Its host on another port.
    OtherPort,
    /// An inner page.
    Deep,
    /// Its home page.
    Home,
}

impl Target {
    /// A fixed address.
    pub(super) fn address(url: Url) -> Self {
        Self { id: None, name: None, addresses: vec![url] }
    }

    fn of(site: &Site) -> Self {
        Self { id: Some(site.id.clone()), name: site.name.clone(), addresses: site.addresses().cloned().collect() }
    }

    /// Its name for people.
    pub(super) fn name(&self) -> String {
        let address = self.shown();
        match (&self.name, &self.id) {
            (Some(name), _) => format!("{} ({address})", crate::finding::safe(name, 80)),
            (None, Some(id)) if address.is_empty() => id.clone(),
            _ => address,
        }
    }

    /// Its address without user name and password.
    pub(super) fn shown(&self) -> String {
        self.addresses.first().map(shown).unwrap_or_default()
    }

    /// Its hosts as they are compared.
    pub(super) fn host_keys(&self) -> impl Iterator<Item = String> {
        self.addresses.iter().filter_map(host_key)
    }

    /// Its hosts as they stand in addresses.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.addresses.iter().filter_map(Url::host_str)
    }
}

/// Sites that must be linked, found by their hosts.
#[derive(Debug, Default)]
pub(super) struct Targets {
    list: Vec<Target>,
    by_host: HashMap<String, Vec<usize>>,
}

impl Targets {
    pub(super) fn new(list: Vec<Target>) -> Self {
        let mut by_host: HashMap<String, Vec<usize>> = HashMap::with_capacity(list.len());
        for (n, target) in list.iter().enumerate() {
            for host in target.host_keys() {
                let there = by_host.entry(host).or_default();
                if there.last() != Some(&n) {
                    there.push(n);
                }
            }
        }
        Self { list, by_host }
    }

    pub(super) fn list(&self) -> &[Target] {
        &self.list
    }

    /// Whether one of them is declared on a host.
    pub(super) fn at_host(&self, host: &str) -> bool {
        self.by_host.contains_key(host)
    }
}

/// The declared addresses around one site.
pub(super) struct Declared<'a> {
    site: &'a Site,
    estate: &'a Estate,
    /// Addresses that are declared with an ad-hoc target instead of the sites file, by host.
    relatives: HashMap<String, Vec<&'a Url>>,
}

/// Addresses declared on the host that a link leads to: whose they are, and the longest path among them that
/// covers the link's.
struct Claims<'a> {
    all: Vec<(Option<&'a Site>, &'a Url)>,
    longest: Option<usize>,
}

impl<'a> Claims<'a> {
    /// Those with the longest path.
    fn winners(&self, path: &str) -> impl Iterator<Item = (Option<&'a Site>, &'a Url)> {
        self.all.iter().copied().filter(move |(_, url)| {
            let own = prefix(url);
            covers(own, path) && Some(own.len()) == self.longest
        })
    }
}

impl<'a> Declared<'a> {
    pub(super) fn of(site: &'a Site, estate: &'a Estate) -> Self {
        let parent = match &site.parent {
            Some(Parent::Elsewhere(url)) => Some(url),
            _ => None,
        };
        let mut relatives: HashMap<String, Vec<&Url>> = HashMap::new();
        for url in site.components.iter().chain(parent) {
            relatives.entry(host_key(url).unwrap_or_default()).or_default().push(url);
        }
        Self { site, estate, relatives }
    }

    /// Component sites that are not retired: declared ones, then those given with an ad-hoc target.
    pub(super) fn children(&self) -> Vec<Target> {
        let declared = self.estate.children(&self.site.id).filter(|s| !s.retired).map(Target::of);
        declared.chain(self.site.components.iter().cloned().map(Target::address)).collect()
    }

    /// The portal the site belongs to.
    pub(super) fn parent(&self) -> Vec<Target> {
        match &self.site.parent {
            Some(Parent::Declared(id)) => self.estate.site(id).map(Target::of).into_iter().collect(),
            Some(Parent::Elsewhere(url)) => vec![Target::address(url.clone())],
            None => Vec::new(),
        }
    }

    /// Whether a site that is still judged is declared on a host.
    pub(super) fn at_host(&self, host: &str) -> bool {
        self.relatives.contains_key(host) || self.estate.at_host(host).any(|(site, _)| !site.retired)
    }

    /// The targets that an address leads to, and how.
    pub(super) fn hits(&self, address: &Url, host: &str, targets: &Targets) -> Vec<(usize, Hit)> {
        let Some(there) = targets.by_host.get(host) else { return Vec::new() };
        let claims = self.claims(address, host);
        let best = |target: &Target| {
            let mut best = None;
            for declared in &target.addresses {
                let hit = match same_site(address, declared) {
                    HostMatch::Other => continue,
                    _ if !owns(&claims, address, declared, target) => continue,
                    HostMatch::OtherPort => Hit::OtherPort,
                    HostMatch::Same if is_home(address, declared) => Hit::Home,
                    HostMatch::Same => Hit::Deep,
                };
                best = best.max(Some(hit));
            }
            best
        };
        there.iter().filter_map(|n| Some((*n, best(&targets.list[*n])?))).collect()
    }

    /// The declared site that an address leads to.
    pub(super) fn owner(&self, address: &Url, host: &str) -> Option<&'a Site> {
        let claims = self.claims(address, host);
        let (first, _) = claims.all.first()?;
        let same = |a: Option<&Site>, b: Option<&Site>| a.map(|s| &s.id) == b.map(|s| &s.id);
        if claims.all.iter().all(|(site, _)| same(*site, *first)) {
            return *first;
        }
        let mut winners = claims.winners(address.path());
        let (site, _) = winners.next()?;
        if winners.all(|(other, _)| same(other, site)) { site } else { None }
    }

    /// Several sites may share a host; those declared on the link's own port go before those on another.
    fn claims(&self, address: &Url, host: &str) -> Claims<'a> {
        let declared = self.estate.at_host(host).map(|(site, url)| (Some(site), url));
        let relatives = self.relatives.get(host).into_iter().flatten().map(|url| (None, *url));
        let mut all: Vec<(Option<&Site>, &Url)> = declared.chain(relatives).collect();
        let on_port = |url: &Url| same_site(address, url) == HostMatch::Same;
        if address.port().is_some() || all.iter().any(|(_, url)| url.port().is_some()) {
            if all.iter().any(|(_, url)| on_port(url)) {
                all.retain(|(_, url)| on_port(url));
            }
        }
        let path = address.path();
        let longest = all.iter().map(|(_, url)| prefix(url)).filter(|own| covers(own, path)).map(str::len).max();
        Claims { all, longest }
    }
}

/// On a host that several declared sites share, the longest declared path prefix decides whose page it is.
fn owns(claims: &Claims<'_>, address: &Url, declared: &Url, target: &Target) -> bool {
    let mine = |(site, url): &(Option<&Site>, &Url)| {
        site.is_some_and(|s| target.id.as_deref() == Some(&s.id)) || target.addresses.contains(url)
    };
    let own = prefix(declared);
    if covers(own, address.path()) {
        let longest = match claims.longest {
            None => true,
            Some(longest) if longest == own.len() => claims.winners(address.path()).all(|claim| mine(&claim)),
            Some(longest) => longest < own.len(),
        };
        if longest {
            return true;
        }
    }
    claims.all.iter().all(mine)
}

/// The path that a site owns on its host, without the final slash or file name.
fn prefix(url: &Url) -> &str {
    let path = url.path();
    match path.rsplit_once('/') {
        Some((folder, last)) if last.is_empty() || last.contains('.') => folder,
        _ => path,
    }
}

fn covers(prefix: &str, path: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn is_home(address: &Url, declared: &Url) -> bool {
    address.path().trim_end_matches('/') == declared.path().trim_end_matches('/')
        || matches!(address.path(), "/index.html" | "/index.htm" | "/default.html" | "/default.htm")
}
