//! Says what each visited host is: a site, another name of one, a copy, dead, or no site at all. Pure: the same
//! visits give the same answer in whatever order they were made.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use url::Url;

use super::domain::home_of;
use super::links::Source;
use crate::acquire::html::fold;
use crate::site::Host;
use crate::snapshot::{Gap, Page};

/// Two pages with less text than this, in characters, may be alike by chance: shells that scripts fill.
const TELLING: usize = 100;
/// Redirects from host to host that are followed in what was seen.
const MOST_STEPS: usize = 10;

/// What visiting a candidate gave.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The address that was visited.
    pub start: Url,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// Where it was found.
    pub sources: BTreeSet<Source>,
    /// What it showed.
    pub shown: Shown,
}

/// What a candidate showed.
#[derive(Debug, Clone)]
pub enum Shown {
    /// A home page.
    Page(Seen),
    /// It sends its visitors to another host.
    Elsewhere(Url),
    /// Nothing that could be read.
    Nothing(Gap),
}

/// What is kept of a home page.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The address that answered.
    pub address: Url,
    /// Its title.
    pub title: Option<String>,
    /// A digest of what a person reads on it, when that is enough to tell pages apart.
    pub print: Option<[u8; 32]>,
    /// Tracker ids on it.
    pub ids: Vec<String>,
}

impl Seen {
    /// What is kept of a page.
    #[must_use]
    pub fn of(page: &Page, ids: Vec<String>) -> Self {
        let (title, text) = (fold(page.title.as_deref().unwrap_or_default()), fold(&page.text));
        let telling = text.chars().count() >= TELLING;
        let print = telling.then(|| Sha256::digest(format!("{title}\n{text}")).into());
        Self { address: page.address.clone(), title: page.title.clone().filter(|t| !t.is_empty()), print, ids }
    }
}

/// What a host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// A site of its own.
    Site,
    /// It leads to a found site: another name of it.
    Alias(Host),
    /// It leads to an address that is no found site.
    Redirect(Url),
    /// It shows the same page as a found site.
    Duplicate(Host),
    /// Something answers, but its page could not be seen.
    Unseen(Gap),
    /// Nothing answers.
    Dead(Gap),
    /// What answers is no site: a file, a default page of a server, nothing at all.
    NotASite(Gap),
}

impl Class {
    /// The word in tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Alias(_) => "alias",
            Self::Redirect(_) => "redirect",
            Self::Duplicate(_) => "duplicate",
            Self::Unseen(_) => "unseen",
            Self::Dead(_) => "dead",
            Self::NotASite(_) => "not-a-site",
        }
    }

    /// Why nothing was seen.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        match self {
            Self::Unseen(gap) | Self::Dead(gap) | Self::NotASite(gap) => Some(*gap),
            _ => None,
        }
    }
}

/// One host and what it is.
#[derive(Debug, Clone)]
pub struct Found {
    /// The host.
    pub host: Host,
    /// Its home page.
    pub address: Url,
    /// What it is.
    pub class: Class,
    /// What visiting it gave.
    pub looked: Looked,
}

impl Found {
    /// Whether it belongs into a list of sites as it stands. What could not be seen does when something leads
    /// visitors to it: a firewall before a site is no reason to leave the site out.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        match self.class {
            Class::Site => true,
            Class::Unseen(_) => self.looked.sources.iter().any(Source::is_link),
            _ => false,
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        match &self.looked.shown {
            Shown::Page(seen) => seen.title.as_deref(),
            _ => None,
        }
    }

    /// Tracker ids on its home page.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        match &self.looked.shown {
            Shown::Page(seen) => &seen.ids,
            _ => &[],
        }
    }
}

/// What each host is: the portal first, the others by name.
#[must_use]
pub(super) fn classify(portal: &Host, looked: BTreeMap<Host, Looked>) -> Vec<Found> {
    let originals = originals(portal, &looked);
    let classes: Vec<Class> = looked.iter().map(|(host, one)| class(host, one, &looked, &originals)).collect();
    let address = |host: &Host, one: &Looked| match &one.shown {
        Shown::Page(seen) if Host::of(&seen.address).as_ref() == Some(host) => home_of(&seen.address),
        _ => home_of(&one.start),
    };
    let found = looked.into_iter().zip(classes).map(|((host, looked), class)| {
        let address = address(&host, &looked);
        Found { host, address, class, looked }
    });
    let mut found: Vec<Found> = found.collect();
    found.sort_by_key(|one| one.host != *portal);
    found
}

/// Of each page that several hosts show, the host it belongs to: the portal, else the one that is best known.
fn originals(portal: &Host, looked: &BTreeMap<Host, Looked>) -> BTreeMap<[u8; 32], Host> {
    let mut originals: BTreeMap<[u8; 32], (&Host, &Looked)> = BTreeMap::new();
    let key = |(host, one): (&Host, &Looked)| {
        (*host != *portal, one.sources.first().cloned(), host.name.split('.').count(), host.name.len(), host.clone())
    };
    for (host, one) in looked {
        let Some(print) = print(one) else { continue };
        let held = originals.entry(print).or_insert((host, one));
        if key((host, one)) < key(*held) {
            *held = (host, one);
        }
    }
    originals.into_iter().map(|(print, (host, _))| (print, host.clone())).collect()
}

fn print(looked: &Looked) -> Option<[u8; 32]> {
    match &looked.shown {
        Shown::Page(seen) => seen.print,
        _ => None,
    }
}

fn class(host: &Host, one: &Looked, looked: &BTreeMap<Host, Looked>, originals: &BTreeMap<[u8; 32], Host>) -> Class {
    match &one.shown {
        Shown::Nothing(gap) => of_gap(*gap),
        Shown::Elsewhere(to) => match landing(to, looked) {
            Some((landed, there)) if landed != host => {
                let original = print(there).and_then(|print| originals.get(&print)).unwrap_or(landed);
                if original == host { Class::Site } else { Class::Alias(original.clone()) }
            }
            _ => Class::Redirect(to.clone()),
        },
        Shown::Page(seen) => match seen.print.and_then(|print| originals.get(&print)) {
            Some(original) if original != host => Class::Duplicate(original.clone()),
            _ => Class::Site,
        },
    }
}

/// The found page that an address leads to in the end.
fn landing<'a>(to: &Url, looked: &'a BTreeMap<Host, Looked>) -> Option<(&'a Host, &'a Looked)> {
    let mut to = to;
    for _ in 0..MOST_STEPS {
        let (host, there) = looked.get_key_value(&Host::of(to)?)?;
        match &there.shown {
            Shown::Page(_) => return Some((host, there)),
            Shown::Elsewhere(next) => to = next,
            Shown::Nothing(gap) => return matches!(of_gap(*gap), Class::Unseen(_)).then_some((host, there)),
        }
    }
    None
}

/// What a host is that showed no page.
fn of_gap(gap: Gap) -> Class {
    match gap {
        Gap::Dns | Gap::Refused | Gap::NotFound | Gap::PrivateAddress => Class::Dead(gap),
        Gap::NotHtml | Gap::Empty | Gap::Placeholder | Gap::Soft404 => Class::NotASite(gap),
        _ => Class::Unseen(gap),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, any, prop, proptest};

    use super::*;

    fn host(name: &str) -> Host {
        Host { name: name.to_owned(), port: None }
    }

    fn url(name: &str) -> Url {
        Url::parse(&format!("https://{name}/")).unwrap()
    }

    fn looked(name: &str, sources: &[Source], shown: Shown) -> (Host, Looked) {
        let sources = sources.iter().cloned().collect();
        (host(name), Looked { start: url(name), status: None, sources, shown })
    }

    fn page(name: &str, print: Option<u8>) -> Shown {
        let print = print.map(|n| [n; 32]);
        Shown::Page(Seen { address: url(name), title: None, print, ids: Vec::new() })
    }

    fn classes(all: Vec<(Host, Looked)>) -> Vec<String> {
        let found = classify(&host("a.vn"), all.into_iter().collect());
        let told = |class: &Class| match class {
            Class::Alias(of) | Class::Duplicate(of) => format!(" {of}"),
            Class::Redirect(to) => format!(" {to}"),
            other => other.gap().map(|gap| format!(" {}", gap.name())).unwrap_or_default(),
        };
        found.iter().map(|f| format!("{} {}{}", f.host, f.class.name(), told(&f.class))).collect()
    }

    #[test]
    fn every_class() {
        let all = vec![
            looked("z.vn", &[Source::HomePage], page("z.vn", Some(1))),
            looked("a.vn", &[Source::Asked], page("www.a.vn", Some(2))),
            looked("b.vn", &[Source::Names], page("b.vn", Some(1))),
            looked("c.vn", &[Source::HomePage], page("c.vn", Some(2))),
            looked("d.vn", &[Source::HomePage], Shown::Elsewhere(url("b.vn"))),
            looked("e.vn", &[Source::HomePage], Shown::Elsewhere(url("d.vn"))),
            looked("f.vn", &[Source::HomePage], Shown::Elsewhere(url("stranger.org"))),
            looked("g.vn", &[Source::HomePage], Shown::Nothing(Gap::Dns)),
            looked("h.vn", &[Source::HomePage], Shown::Nothing(Gap::Placeholder)),
            looked("i.vn", &[Source::HomePage], Shown::Nothing(Gap::Blocked)),
            looked("j.vn", &[Source::Names], page("j.vn", None)),
            looked("k.vn", &[Source::Names], page("k.vn", None)),
            looked("l.vn", &[Source::Names], Shown::Elsewhere(url("i.vn"))),
            looked("m.vn", &[Source::Names], Shown::Elsewhere(url("g.vn"))),
            looked("n.vn", &[Source::Names], Shown::Elsewhere(url("o.vn"))),
            looked("o.vn", &[Source::Names], Shown::Elsewhere(url("n.vn"))),
        ];
        let wanted = [
            "a.vn site",
            "b.vn duplicate z.vn",
            "c.vn duplicate a.vn",
            "d.vn alias z.vn",
            "e.vn alias z.vn",
            "f.vn redirect https://stranger.org/",
            "g.vn dead dns",
            "h.vn not-a-site placeholder",
            "i.vn unseen blocked",
            "j.vn site",
            "k.vn site",
            "l.vn alias i.vn",
            "m.vn redirect https://g.vn/",
            "n.vn redirect https://o.vn/",
            "o.vn redirect https://n.vn/",
            "z.vn site",
        ];
        assert_eq!(classes(all), wanted);
    }

    #[test]
    fn every_gap_has_a_class() {
        let dead: Vec<Gap> = Gap::ALL.into_iter().filter(|gap| matches!(of_gap(*gap), Class::Dead(_))).collect();
        assert_eq!(dead, [Gap::Dns, Gap::Refused, Gap::NotFound, Gap::PrivateAddress]);
        for gap in [Gap::Timeout, Gap::TlsExpired, Gap::Challenge, Gap::ServerError, Gap::RateLimited, Gap::Reset] {
            assert_eq!(of_gap(gap), Class::Unseen(gap), "a gap is no evidence that there is no site");
        }
    }

    #[test]
    fn what_could_not_be_seen_is_proposed_when_something_leads_there() {
        let proposed = |source: Source, gap| {
            let all = BTreeMap::from([looked("x.vn", &[source], Shown::Nothing(gap))]);
            classify(&host("a.vn"), all)[0].is_proposed()
        };
        assert!(proposed(Source::HomePage, Gap::Blocked));
        assert!(proposed(Source::LinkedFrom("b.vn".to_owned()), Gap::Timeout));
        assert!(!proposed(Source::Log, Gap::TlsWrongHost));
        assert!(!proposed(Source::HomePage, Gap::Dns));
    }

    #[test]
    fn the_address_is_the_one_that_answered() {
        let all = BTreeMap::from([
            looked("a.vn", &[Source::Asked], page("www.a.vn", None)),
            looked("b.vn", &[Source::Asked], page("c.vn", None)),
        ]);
        let found = classify(&host("a.vn"), all);
        assert_eq!(found[0].address.as_str(), "https://www.a.vn/");
        assert_eq!(found[1].address.as_str(), "https://b.vn/");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_copy_has_an_original_that_is_a_site(
            all in prop::collection::vec((any::<bool>(), prop::option::of(0u8..4), 0usize..12, 0usize..3), 1..12)
        ) {
            let name = |n: usize| format!("s{n}.vn");
            let sources = [Source::HomePage, Source::Names, Source::Log];
            let all: BTreeMap<Host, Looked> = all.iter().enumerate().map(|(n, (is_page, print, to, source))| {
                let shown = if *is_page { page(&name(n), *print) } else { Shown::Elsewhere(url(&name(*to))) };
                looked(&name(n), &[sources[*source].clone()], shown)
            }).collect();
            let found = classify(&host("s0.vn"), all);
            for one in &found {
                if let Class::Alias(of) | Class::Duplicate(of) = &one.class {
                    let original = found.iter().find(|f| f.host == *of).unwrap();
                    assert_eq!(original.class, Class::Site, "{one:?}");
                }
            }
        }
    }
}
