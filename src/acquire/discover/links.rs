//! What a page says of other hosts: addresses under the domain in its links and selects, and links that lead to a
//! page with a map of the site. Seen or hidden does not matter here: a candidate is visited before it is believed.

use std::collections::BTreeSet;

use url::Url;

use super::domain::{Domain, home_of};
use crate::acquire::html::fold;
use crate::site::Host;
use crate::snapshot::{Link, LinkForm, Page};

/// Addresses of other hosts that are taken from one page.
pub(super) const MOST_HOSTS: usize = 5_000;

/// Where a candidate was found. The order is that of trust: what the portal shows comes before what lists hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// It is the domain that was asked for.
    Asked,
    /// The portal's home page.
    HomePage,
    /// A page of the portal with a map of the site.
    SiteMapPage,
    /// A site map for machines.
    Sitemap,
    /// The portal's robots.txt.
    Robots,
    /// The home page of another host.
    LinkedFrom(String),
    /// A redirect of another host.
    RedirectFrom(String),
    /// The certificate of a host.
    Certificate(String),
    /// The list that was given.
    Names,
    /// A log of certificates.
    Log,
}

impl Source {
    /// Whether somebody leads visitors there: a sign that it is meant as a web site.
    #[must_use]
    pub fn is_link(&self) -> bool {
        match self {
            Self::Asked
            | Self::HomePage
            | Self::SiteMapPage
            | Self::Sitemap
            | Self::Robots
            | Self::LinkedFrom(_)
            | Self::RedirectFrom(_) => true,
            Self::Certificate(_) | Self::Names | Self::Log => false,
        }
    }
}

/// Home pages of hosts of the domain that a page leads to, each once, in order.
#[must_use]
pub(super) fn hosts(page: &Page, domain: &Domain) -> Vec<Url> {
    of_addresses(page.links.iter().filter_map(|link| address(page, link)), domain)
}

/// Home pages of hosts of the domain among addresses, each once, in order.
pub(super) fn of_addresses(addresses: impl Iterator<Item = Url>, domain: &Domain) -> Vec<Url> {
    let mut known = BTreeSet::new();
    let homes = addresses.filter(|url| Host::of(url).is_some_and(|host| domain.holds(&host))).map(|url| home_of(&url));
    homes.filter(|home| known.insert(home.clone())).take(MOST_HOSTS).collect()
}

/// Pages of the page's own host that seem to show a map of the site, each once, in order.
#[must_use]
pub(super) fn site_map_pages(page: &Page) -> Vec<Url> {
    let own = Host::of(&page.address);
    let mut known = BTreeSet::from([page.address.clone()]);
    let named = page.links.iter().filter(|link| says_site_map(&link.text) || leads_to_site_map(&link.href));
    let mut pages: Vec<Url> = named.filter_map(|link| address(page, link)).filter(|url| Host::of(url) == own).collect();
    pages.retain(|url| known.insert(url.clone()));
    pages
}

fn address(page: &Page, link: &Link) -> Option<Url> {
    if link.form == LinkForm::ScriptUnknown {
        return None;
    }
    let mut url = page.base.join(&link.href).ok()?;
    url.set_fragment(None);
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// How people call a map of a site. A chart of an organisation (“sơ đồ tổ chức”) is none.
const WORDS: [&str; 9] = [
    "sơ đồ site",
    "sơ đồ trang",
    "sơ đồ web",
    "sơ đồ cổng",
    "so do site",
    "so do trang",
    "so do cong",
    "site map",
    "sitemap",
];

/// The same in addresses, without anything but letters.
const PARTS: [&str; 6] = ["sitemap", "sodosite", "sodotrang", "sodoweb", "sodocong", "bandotrang"];

fn says_site_map(text: &str) -> bool {
    let text = fold(text);
    WORDS.iter().any(|word| text.contains(word))
}

pub(super) fn leads_to_site_map(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    // The host's own name says nothing of the page.
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let letters: String = path.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    PARTS.iter().any(|part| letters.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::{Fetched, Needs, fetch, js, page};

    fn page(html: &str) -> Page {
        let answer = fetch::Answer {
            url: Url::parse("https://tinh-a.vn/vi/").unwrap(),
            body: html.as_bytes().into(),
            charset: Some("utf-8".to_owned()),
            is_page: true,
            headers: Vec::new(),
        };
        let none = |_: &Url| Fetched::OtherHost;
        page::of_answer(&answer, &Needs::default(), page::Kind::Home, &none, &js::Known::default()).unwrap()
    }

    fn shown(urls: &[Url]) -> Vec<&str> {
        urls.iter().map(Url::as_str).collect()
    }

    #[test]
    fn links_and_selects_lead_to_hosts_of_the_domain() {
        let page = page(
            "<!doctype html><title>Tỉnh A</title><a href='https://b.tinh-a.vn/x?y'>b</a><a href='//A.tinh-a.vn'>a</a>\
             <a href='http://b.tinh-a.vn/'>b</a><a hidden href='https://hidden.tinh-a.vn'>h</a><a href='/x'>own</a>\
             <select><option value='https://s.tinh-a.vn/'>S</option><option value='x'>x</option></select>\
             <a href='mailto:a@m.tinh-a.vn'>m</a><a href='https://x-tinh-a.vn'>x</a><img src='https://i.tinh-a.vn'>\
             <a href='https://tinh-a.vn.example.org/'>x</a><a href='https://c.tinh-a.vn:8443/'>c</a>\
             <!-- <a href='https://no.tinh-a.vn'>no</a> --><a href='https://u:p@d.tinh-a.vn'>d</a>\
             <button onclick=\"location.href='https://e.tinh-a.vn/x'\">e</button>",
        );
        let wanted = [
            "https://b.tinh-a.vn/",
            "https://a.tinh-a.vn/",
            "http://b.tinh-a.vn/",
            "https://hidden.tinh-a.vn/",
            "https://tinh-a.vn/",
            "https://s.tinh-a.vn/",
            "https://c.tinh-a.vn:8443/",
            "https://d.tinh-a.vn/",
            "https://e.tinh-a.vn/",
        ];
        assert_eq!(shown(&hosts(&page, &Domain::parse("tinh-a.vn").unwrap())), wanted);
    }

    #[test]
    fn a_page_with_very_many_hosts_is_cut() {
        let links: String = (0..=MOST_HOSTS).map(|n| format!("<a href='//s{n}.tinh-a.vn/'>s</a>")).collect();
        let page = page(&format!("<!doctype html><title>Tỉnh A</title>{links}"));
        assert_eq!(hosts(&page, &Domain::parse("tinh-a.vn").unwrap()).len(), MOST_HOSTS);
    }

    #[test]
    fn pages_with_a_map_of_the_site() {
        let page = page(
            "<!doctype html><title>Tỉnh A</title><a href='/a'>SƠ ĐỒ SITE</a><a href='/b'>So\u{31b} đô\u{300} trang</a>\
             <a href='/Pages/So-Do-Cong.aspx'>x</a><a href='/site_map?x=1#y'>y</a><a href='/a#z'>sitemap</a>\
             <a href='/to-chuc'>Sơ đồ tổ chức</a><a href='https://sitemap.tinh-a.vn/'>other</a><a href='#'>Sitemap</a>\
             <a href='https://tinh-a.vn/so-do-duong-di'>x</a>",
        );
        let wanted = [
            "https://tinh-a.vn/a",
            "https://tinh-a.vn/b",
            "https://tinh-a.vn/Pages/So-Do-Cong.aspx",
            "https://tinh-a.vn/site_map?x=1",
        ];
        assert_eq!(shown(&site_map_pages(&page)), wanted);
    }
}
