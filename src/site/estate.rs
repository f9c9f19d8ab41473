//! All sites of a run, with an index by id, by parent and by host, so that thousands of them can be asked for
//! each other. Put together once and never changed after, so that the index cannot lie.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::{HostMatch, Parent, Role, Shard, Site, folders_of, host_key, own_path, same_site};

/// All sites of a run.
#[derive(Debug, Clone, Default)]
pub struct Estate {
    sites: Vec<Site>,
    by_id: HashMap<String, usize>,
    children: HashMap<String, Vec<usize>>,
    by_host: HashMap<String, OnHost>,
}

/// What is declared on one host: sites, and which of their addresses.
#[derive(Debug, Clone, Default)]
struct OnHost {
    all: Vec<(usize, usize)>,
    by_path: HashMap<String, Vec<(usize, usize)>>,
    /// Bytes of the longest of these paths.
    longest: usize,
    ports: HashSet<Option<u16>>,
    /// The portal with the shortest path, and that path's length.
    portal: Option<(usize, usize)>,
}

impl Estate {
    /// Sites in the order they were declared. Of several with one id the first bears it.
    #[must_use]
    pub fn new(sites: Vec<Site>) -> Self {
        let mut by_id = HashMap::with_capacity(sites.len());
        let mut children: HashMap<String, Vec<usize>> = HashMap::new();
        let mut by_host: HashMap<String, OnHost> = HashMap::with_capacity(sites.len());
        for (n, site) in sites.iter().enumerate() {
            by_id.entry(site.id.clone()).or_insert(n);
            if let Some(Parent::Declared(parent)) = &site.parent {
                children.entry(parent.clone()).or_default().push(n);
            }
            for (nth, url) in site.addresses().enumerate() {
                if let Some(host) = host_key(url) {
                    let there = by_host.entry(host).or_default();
                    there.all.push((n, nth));
                    there.by_path.entry(own_path(url).to_owned()).or_default().push((n, nth));
                    there.longest = there.longest.max(own_path(url).len());
                    there.ports.insert(url.port());
                    let length = url.path().len();
                    let shorter = |(other, least): (usize, usize)| (length, &site.id) < (least, &sites[other].id);
                    if site.role == Some(Role::Portal) && there.portal.is_none_or(shorter) {
                        there.portal = Some((n, length));
                    }
                }
            }
        }
        Self { sites, by_id, children, by_host }
    }

    /// The sites, in the order they were declared.
    #[must_use]
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// The sites again, to put together another estate.
    #[must_use]
    pub fn into_sites(self) -> Vec<Site> {
        self.sites
    }

    /// A site by its id.
    #[must_use]
    pub fn site(&self, id: &str) -> Option<&Site> {
        self.sites.get(self.position(id)?)
    }

    /// Where a site stands among all, by its id.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    /// The entries of one shard: entry k, from 1, goes to shard ((k−1) mod N)+1. Parents and children are
    /// still those of the whole estate.
    pub fn shard(&self, shard: Shard) -> impl Iterator<Item = &Site> {
        let (index, of) = (shard.index.max(1) as usize, shard.of.max(1) as usize);
        self.sites.iter().skip(index - 1).step_by(of)
    }

    /// The sites that name this one as their parent, in order.
    pub fn children(&self, id: &str) -> impl Iterator<Item = &Site> {
        self.children.get(id).into_iter().flatten().filter_map(|n| self.sites.get(*n))
    }

    /// The addresses declared on a host (as [`host_key`] gives it), each with its site, in order.
    pub fn at_host<'a>(&'a self, host: &str) -> impl Iterator<Item = (&'a Site, &'a Url)> + use<'a> {
        let there = self.by_host.get(host).map(|on| on.all.as_slice()).unwrap_or_default();
        there.iter().filter_map(|at| self.address(*at))
    }

    /// Those that own a path there (as [`own_path`] gives it).
    pub fn at_path<'a>(&'a self, host: &str, path: &str) -> impl Iterator<Item = (&'a Site, &'a Url)> + use<'a> {
        // A path of a page may have a hundred thousand folders: those that nobody can have declared are not looked up.
        let on = self.by_host.get(host).filter(|on| path.len() <= on.longest);
        let there = on.and_then(|on| on.by_path.get(path));
        there.into_iter().flatten().filter_map(|at| self.address(*at))
    }

    /// The portal declared on a host; of several the one with the shortest path, which is the house's own.
    #[must_use]
    pub fn portal_at(&self, host: &str) -> Option<&Site> {
        self.sites.get(self.by_host.get(host)?.portal?.0)
    }

    /// Whether one of them is on that port; `None` is the scheme's own.
    #[must_use]
    pub fn has_port(&self, host: &str, port: Option<u16>) -> bool {
        self.by_host.get(host).is_some_and(|on| on.ports.contains(&port))
    }

    /// Whether an address is a site's. Of several sites on one host it is the one's with the longest path before it.
    #[must_use]
    pub fn is_of(&self, url: &Url, site: &Site) -> bool {
        let Some(host) = host_key(url) else { return false };
        for folder in folders_of(url.path()) {
            let there = self.at_path(&host, folder).filter(|(_, own)| same_site(url, own) == HostMatch::Same);
            let mut there = there.map(|(owner, _)| owner.id == site.id).peekable();
            if there.peek().is_some() {
                return there.any(|mine| mine);
            }
        }
        site.addresses().any(|own| same_site(url, own) == HostMatch::Same)
    }

    fn address(&self, (n, nth): (usize, usize)) -> Option<(&Site, &Url)> {
        let site = self.sites.get(n)?;
        Some((site, site.addresses().nth(nth)?))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn sites_are_found_by_id_parent_and_host() {
        let text = "apiVersion: rasoat/v1\nsites:\n\
            - {id: p, role: portal, url: 'https://www.a.example.vn/', aliases: ['http://B.example.vn', 'https://a.example.vn/x/']}\n\
            - {id: c2, role: component, parent: p, url: 'https://c2.a.example.vn:8443/'}\n\
            - {id: c1, role: component, parent: p, url: 'https://a.example.vn/c1/'}\n\
            - {id: d, role: component, parent: 'https://p.example.vn/', url: 'https://d.example.vn/'}\n";
        let estate = crate::site::read("s.yml", text.as_bytes(), Path::new("")).unwrap().estate;
        let ids = |sites: Vec<&Site>| sites.iter().map(|s| s.id.clone()).collect::<Vec<_>>().join(" ");
        assert_eq!(ids(estate.children("p").collect()), "c2 c1");
        assert_eq!(estate.children("d").count() + estate.children("").count(), 0);
        assert_eq!((estate.position("c1"), estate.position("C1")), (Some(2), None));
        assert_eq!(estate.site("d").unwrap().id, "d");
        let at = |host: &str| {
            let there = estate.at_host(host).map(|(site, url)| format!("{} {}", site.id, url.path()));
            there.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(at("a.example.vn"), "p /, p /x/, c1 /c1/");
        assert_eq!((at("b.example.vn"), at("c2.a.example.vn")), ("p /".to_owned(), "c2 /".to_owned()));
        assert_eq!((at("www.a.example.vn"), at("p.example.vn"), at("")), Default::default());
        let owners = |path: &str| estate.at_path("a.example.vn", path).map(|(s, _)| s).collect::<Vec<_>>();
        assert_eq!(
            (ids(owners("")), ids(owners("/c1")), ids(owners("/c1/"))),
            ("p".into(), "c1".into(), String::new())
        );
        let deep = Url::parse(&format!("https://a.example.vn/c1{}", "/a".repeat(500_000))).unwrap();
        let begun = std::time::Instant::now();
        assert!(estate.is_of(&deep, estate.site("c1").unwrap()) && !estate.is_of(&deep, estate.site("p").unwrap()));
        assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
        assert!(estate.has_port("c2.a.example.vn", Some(8443)) && !estate.has_port("c2.a.example.vn", None));
        assert_eq!(ids(Estate::new(estate.clone().into_sites()).sites().iter().collect()), "p c2 c1 d");
    }
}
