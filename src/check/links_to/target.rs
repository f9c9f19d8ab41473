//! Which declared site an address leads to. Several sites may share a host; then the longest declared
//! path prefix decides, otherwise the path does not matter.

use std::collections::HashMap;

use url::Url;

use crate::finding::Subject;
use crate::site::{Estate, HostMatch, Parent, Site, folders_of, host_key, own_path, same_site, shown};

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

    /// What a failure to link to it is about.
    pub(super) fn subject(&self) -> Option<Subject> {
        self.addresses.first().and_then(Subject::host)
    }

    /// Its hosts as they are compared.
    pub(super) fn host_keys(&self) -> impl Iterator<Item = String> {
        self.addresses.iter().filter_map(host_key)
    }
}

/// Sites that must be linked, found by their hosts and paths.
#[derive(Debug, Default)]
pub(super) struct Targets {
    list: Vec<Target>,
    by_host: HashMap<String, Vec<usize>>,
    by_path: HashMap<(String, String), Vec<usize>>,
    /// Bytes of the longest path of a target.
    longest: usize,
}

/// Targets of one host that are asked one after the other; of more only those whose path covers the link's.
const FEW: usize = 4;

impl Targets {
    pub(super) fn new(list: Vec<Target>) -> Self {
        let mut targets = Self { by_host: HashMap::with_capacity(list.len()), ..Self::default() };
        let add = |there: &mut Vec<usize>, n: usize| {
            if there.last() != Some(&n) {
                there.push(n);
            }
        };
        for (n, target) in list.iter().enumerate() {
            for (url, host) in target.addresses.iter().filter_map(|url| Some((url, host_key(url)?))) {
                targets.longest = targets.longest.max(own_path(url).len());
                add(targets.by_path.entry((host.clone(), own_path(url).to_owned())).or_default(), n);
                add(targets.by_host.entry(host).or_default(), n);
            }
        }
        targets.list = list;
        targets
    }

    pub(super) fn list(&self) -> &[Target] {
        &self.list
    }

    /// Whether one of them is declared on a host.
    pub(super) fn at_host(&self, host: &str) -> bool {
        self.by_host.contains_key(host)
    }

    /// Those on a host that a link with that path may lead to.
    fn near(&self, host: &str, path: &str) -> Vec<usize> {
        let there = self.by_host.get(host).map(Vec::as_slice).unwrap_or_default();
        if there.len() <= FEW {
            return there.to_vec();
        }
        let covering = folders_of(path).filter(|path| path.len() <= self.longest);
        let covering = covering.filter_map(|path| self.by_path.get(&(host.to_owned(), path.to_owned())));
        let mut near: Vec<usize> = covering.flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        near
    }
}

/// The declared addresses around one site.
pub(super) struct Declared<'a> {
    site: &'a Site,
    estate: &'a Estate,
    /// Addresses that are declared with an ad-hoc target instead of the sites file, by host.
    relatives: HashMap<String, Vec<&'a Url>>,
}

/// An address declared on some host, and by which site; `None` for one given with an ad-hoc target.
type Claim<'a> = (Option<&'a Site>, &'a Url);

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
        if !targets.at_host(host) {
            return Vec::new();
        }
        let nearest = self.nearest(address, host);
        let best = |target: &Target| {
            let mut best = None;
            for declared in &target.addresses {
                let hit = match same_site(address, declared) {
                    HostMatch::Other => continue,
                    _ if !self.owns(&nearest, (address, host), declared, target) => continue,
                    HostMatch::OtherPort => Hit::OtherPort,
                    HostMatch::Same if is_home(address, declared) => Hit::Home,
                    HostMatch::Same => Hit::Deep,
                };
                best = best.max(Some(hit));
            }
            best
        };
        let near = targets.near(host, address.path()).into_iter();
        near.filter_map(|n| Some((n, best(targets.list.get(n)?)?))).collect()
    }

    /// The declared site that an address leads to.
    pub(super) fn owner(&self, address: &Url, host: &str) -> Option<&'a Site> {
        only(self.claims(address, host)).or_else(|| only(self.nearest(address, host).into_iter()))
    }

    /// Addresses declared on a host; those on the link's own port, where there are any, alone.
    fn claims(&self, address: &Url, host: &str) -> impl Iterator<Item = Claim<'a>> {
        let (port, on_port) = (address.port(), self.on_port(address, host));
        let declared = self.estate.at_host(host).map(|(site, url)| (Some(site), url));
        let relatives = self.relatives.get(host).into_iter().flatten().map(|url| (None, *url));
        declared.chain(relatives).filter(move |(_, url)| !on_port || url.port() == port)
    }

    /// Whether an address is declared on the very port of a link.
    fn on_port(&self, address: &Url, host: &str) -> bool {
        let port = address.port();
        let relatives = || self.relatives.get(host).into_iter().flatten();
        self.estate.has_port(host, port) || relatives().any(|url| url.port() == port)
    }

    /// Those among them with the longest path that covers the link's.
    fn nearest(&self, address: &Url, host: &str) -> Vec<Claim<'a>> {
        let (port, on_port) = (address.port(), self.on_port(address, host));
        let relatives = self.relatives.get(host).map(Vec::as_slice).unwrap_or_default();
        for path in folders_of(address.path()) {
            let declared = self.estate.at_path(host, path).map(|(site, url)| (Some(site), url));
            let relatives = relatives.iter().filter(|url| own_path(url) == path).map(|url| (None, *url));
            let there = declared.chain(relatives).filter(|(_, url)| !on_port || url.port() == port);
            let there: Vec<Claim<'a>> = there.collect();
            if !there.is_empty() {
                return there;
            }
        }
        Vec::new()
    }

    /// On a host that several declared sites share, the longest declared path decides whose page it is.
    fn owns(&self, nearest: &[Claim<'a>], (address, host): (&Url, &str), declared: &Url, target: &Target) -> bool {
        let mine = |(site, url): &Claim<'_>| {
            site.is_some_and(|s| target.id.as_deref() == Some(&s.id)) || target.addresses.contains(url)
        };
        let own = own_path(declared);
        if folders_of(address.path()).any(|path| path == own) {
            let longest = match nearest.first().map(|(_, url)| own_path(url).len()) {
                None => true,
                Some(longest) if longest == own.len() => nearest.iter().all(mine),
                Some(longest) => longest < own.len(),
            };
            if longest {
                return true;
            }
        }
        self.claims(address, host).all(|claim| mine(&claim))
    }
}

/// The site of all claims, when they have one and the same.
fn only<'a>(mut claims: impl Iterator<Item = Claim<'a>>) -> Option<&'a Site> {
    let (first, _) = claims.next()?;
    let id = first.map(|site| &site.id);
    if claims.all(|(site, _)| site.map(|site| &site.id) == id) { first } else { None }
}

fn is_home(address: &Url, declared: &Url) -> bool {
    address.path().trim_end_matches('/') == declared.path().trim_end_matches('/')
        || matches!(address.path(), "/index.html" | "/index.htm" | "/default.html" | "/default.htm")
}
