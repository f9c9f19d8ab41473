//! Which declared site an address leads to. Several sites may share a host; then the longest declared
//! path prefix decides, otherwise the path does not matter.

use url::Url;

use crate::site::{Estate, HostMatch, Parent, Site, host_key, same_site};

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

impl Hit {
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::OtherPort => 0,
            Self::Deep => 1,
            Self::Home => 2,
        }
    }
}

impl Target {
    /// A fixed address.
    pub(super) fn address(url: Url) -> Self {
        Self { id: None, name: None, addresses: vec![url] }
    }

    fn of(site: &Site) -> Self {
        Self { id: Some(site.id.clone()), name: site.name.clone(), addresses: addresses(site).cloned().collect() }
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
        self.addresses.first().map(ToString::to_string).unwrap_or_default()
    }

    /// Its hosts as they stand in addresses.
    pub(super) fn hosts(&self) -> impl Iterator<Item = &str> {
        self.addresses.iter().filter_map(Url::host_str)
    }
}

fn addresses(site: &Site) -> impl Iterator<Item = &Url> {
    site.url.iter().chain(&site.aliases)
}

/// The declared addresses around one site.
pub(super) struct Declared<'a> {
    site: &'a Site,
    estate: &'a Estate,
}

impl<'a> Declared<'a> {
    pub(super) fn of(site: &'a Site, estate: &'a Estate) -> Self {
        Self { site, estate }
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

    /// How an address leads to a target, if it does.
    pub(super) fn hit(&self, address: &Url, target: &Target) -> Option<Hit> {
        let mut best = None;
        for declared in &target.addresses {
            let hit = match same_site(address, declared) {
                HostMatch::Other => continue,
                _ if !self.owns(address, declared, target) => continue,
                HostMatch::OtherPort => Hit::OtherPort,
                HostMatch::Same if is_home(address, declared) => Hit::Home,
                HostMatch::Same => Hit::Deep,
            };
            best = best.max(Some(hit));
        }
        best
    }

    /// On a host that several declared sites share, the longest declared path prefix decides whose page it is.
    fn owns(&self, address: &Url, declared: &Url, target: &Target) -> bool {
        let Some(host) = host_key(address) else { return false };
        let own = prefix(declared);
        let others = self
            .estate
            .sites
            .iter()
            .filter(|s| target.id.as_deref() != Some(&s.id))
            .flat_map(addresses)
            .chain(self.relatives())
            .filter(|u| host_key(u).as_deref() == Some(&host) && !target.addresses.contains(u));
        let mut shared = false;
        let mut longest_other = None;
        for other in others {
            shared = true;
            let prefix = prefix(other);
            if covers(prefix, address.path()) {
                longest_other = longest_other.max(Some(prefix.len()));
            }
        }
        !shared || (covers(own, address.path()) && longest_other.is_none_or(|len| len < own.len()))
    }

    /// Addresses that are declared with an ad-hoc target instead of the sites file.
    fn relatives(&self) -> impl Iterator<Item = &Url> {
        let parent = match &self.site.parent {
            Some(Parent::Elsewhere(url)) => Some(url),
            _ => None,
        };
        self.site.components.iter().chain(parent)
    }
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
