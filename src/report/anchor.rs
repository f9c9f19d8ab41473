//! Where a finding stands in the reader's repository. Code scanning takes relative paths only: a finding in
//! a file stands there, one on an address at the site's own lines in the sites file, and without one at the
//! address without its scheme. Also what makes a finding the same one tomorrow.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use url::Url;

use super::{Report, SiteReport, plain};
use crate::finding::{Finding, Place, Subject};
use crate::site::{Region, host_key};

/// Most anchors of one finding: readers keep no more.
pub(super) const MOST_ANCHORS: usize = 100;

/// The first character of a file: the region of a file as a whole.
const START: Region = Region { line: 1, column: 1, end_line: 1, end_column: 2 };

/// A file, relative to the root of the sources, and a region in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) path: String,
    pub(super) region: Region,
}

impl Anchor {
    /// The path, percent-encoded: all but the unreserved characters of RFC 3986.
    pub(super) fn uri(&self) -> String {
        let mut out = String::with_capacity(self.path.len());
        for byte in self.path.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
        }
        out
    }
}

/// The anchors of all findings of a report.
pub(super) struct Anchors<'a> {
    sites: HashMap<&'a str, &'a SiteReport>,
    declared: HashMap<[&'a str; 3], Anchor>,
}

impl<'a> Anchors<'a> {
    /// Sites by id, and the line of the sites file each of their rules stands at.
    pub(super) fn of(report: &'a Report) -> Self {
        let sites = report.sites_by_id();
        let mut used: HashMap<&str, Vec<u32>> = HashMap::new();
        let mut declared = HashMap::new();
        for finding in &report.findings {
            let Some(site) = sites.get(finding.site.as_str()) else { continue };
            let check = report.rule_of(finding).and_then(|r| r.check.as_deref());
            if let Some(anchor) = declared_line(site, check, used.entry(&finding.site).or_default()) {
                declared.insert(key(finding), anchor);
            }
        }
        Self { sites, declared }
    }

    /// A finding's site.
    pub(super) fn site(&self, finding: &Finding) -> Option<&'a SiteReport> {
        self.sites.get(finding.site.as_str()).copied()
    }

    /// The anchors of a finding, at least one: its files, else its site's declaration, else the site's name.
    pub(super) fn all(&self, finding: &'a Finding) -> Vec<Anchor> {
        let mut found: Vec<Anchor> = Vec::new();
        for anchor in finding.places.iter().filter_map(in_file) {
            if found.len() < MOST_ANCHORS && !found.contains(&anchor) {
                found.push(anchor);
            }
        }
        if found.is_empty() {
            found.push(self.elsewhere(finding));
        }
        found
    }

    /// The first of them.
    pub(super) fn first(&self, finding: &'a Finding) -> Anchor {
        finding.places.iter().find_map(in_file).unwrap_or_else(|| self.elsewhere(finding))
    }

    /// Where a site as a whole stands: its entry, else its folder, address or name.
    pub(super) fn of_site(&self, id: &str) -> Anchor {
        let site = self.sites.get(id).copied();
        let declared = site.and_then(|site| declared_line(site, None, &mut Vec::new()));
        let source = || site.and_then(|s| s.source.as_deref()).map(relative);
        let address = || site.and_then(|s| s.url.as_deref()).and_then(plain::bare_address).map(|a| relative(&a));
        declared.unwrap_or_else(|| Anchor {
            path: source().or_else(address).unwrap_or_else(|| relative(id)),
            region: START,
        })
    }

    fn elsewhere(&self, finding: &'a Finding) -> Anchor {
        if let Some(declared) = self.declared.get(&key(finding)) {
            return declared.clone();
        }
        let site = self.site(finding);
        let source = site.and_then(|s| s.source.as_deref()).map(relative);
        let url = finding.places.iter().find_map(|p| p.url.as_deref()).or(site.and_then(|s| s.url.as_deref()));
        let address = url.and_then(plain::bare_address).map(|a| relative(&a));
        Anchor { path: source.or(address).unwrap_or_else(|| relative(&finding.site)), region: START }
    }

    /// What makes an alert the same tomorrow, as hexadecimal digits: rule, site, the site's address and the first
    /// thing it is about; not lines, codes or wording, which change with every build. The first only, so that an
    /// alert about thirty things stays the same when one of the others is mended; the home page is not named, so
    /// that it stays the same while the site cannot be reached.
    pub(super) fn fingerprint(&self, finding: &Finding) -> String {
        let site = self.site(finding);
        let url = site.and_then(|s| Url::parse(s.url.as_deref()?).ok());
        let host = url.as_ref().and_then(host_key).or_else(|| site?.source.clone()).unwrap_or_default();
        let home = Subject::home(url.as_ref());
        let subject =
            finding.subjects.first().filter(|s| **s != home && finding.subjects.binary_search(&home).is_err());
        let mut hash = Sha256::new();
        for part in [&finding.policy, &finding.rule, &finding.site, &host] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        if let Some(subject) = subject {
            for part in [&subject.page, &subject.host, &subject.element] {
                hash.update(part.as_deref().unwrap_or_default().as_bytes());
                hash.update([0]);
            }
        }
        hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
    }
}

fn key(finding: &Finding) -> [&str; 3] {
    [&finding.site, &finding.policy, &finding.rule]
}

fn in_file(place: &Place) -> Option<Anchor> {
    let path = relative(place.path.as_deref()?);
    let region = place.line.map_or(START, |line| {
        let column = place.column.unwrap_or(1);
        Region {
            line,
            column,
            end_line: place.end_line.unwrap_or(line),
            end_column: place.end_column.unwrap_or(column.saturating_add(1)),
        }
    });
    Some(Anchor { path, region: whole(region) })
}

/// A region readers accept: positions from 1, and at least one character.
fn whole(region: Region) -> Region {
    let line = region.line.max(1);
    let column = region.column.max(1);
    let end_line = region.end_line.max(line);
    let least = if end_line == line { column.saturating_add(1) } else { 1 };
    Region { line, column, end_line, end_column: region.end_column.max(least) }
}

/// A path or bare address as a relative path: `/` between names, `.`, `..` and the root dropped (what lies
/// outside of the repository keeps its names, which is all a reader can use), unseen characters replaced.
fn relative(path: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in path.split(['/', '\\']) {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(plain::defused(crate::finding::safe(name, 255))),
        }
    }
    if names.is_empty() { "site".to_owned() } else { names.join("/") }
}

/// The line of a site's entry that one of its rules stands at. Readers that tell alerts apart by line need
/// one line for one rule, and the same line tomorrow: so every rule of the site takes a line, whatever its
/// verdict, first that of the key it speaks about.
fn declared_line(site: &SiteReport, check: Option<&str>, used: &mut Vec<u32>) -> Option<Anchor> {
    let declared = site.declared.as_ref()?;
    let wished = preferred(check).iter().chain(REST).filter_map(|key| declared.keys.get(*key));
    let regions: Vec<Region> = wished.chain(declared.keys.get("")).map(|r| key_line(*r)).collect();
    let region = regions.iter().find(|r| !used.contains(&r.line)).or(regions.first())?;
    if !used.contains(&region.line) {
        used.push(region.line);
    }
    Some(Anchor { path: relative(&declared.path), region: whole(*region) })
}

/// Keys of a site's entry that rules fall back to, the most telling first.
const REST: &[&str] = &["url", "name", "role", "unit", "source", "parent", "id", "emc_site_id", "aliases"];

/// The keys a kind of check speaks about.
fn preferred(check: Option<&str>) -> &'static [&'static str] {
    match check {
        Some("tracker" | "unique_id" | "id_drift") => &["emc_site_id", "url", "id"],
        Some("links_to") => &["parent", "url", "id"],
        Some("label") => &["url", "name"],
        Some("attestation") => &["name", "id"],
        _ => &["url"],
    }
}

/// An entry as a whole spans many lines; its first one stands for it.
fn key_line(region: Region) -> Region {
    if region.end_line == region.line {
        return region;
    }
    Region { end_line: region.line, end_column: region.column.saturating_add(1), ..region }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_relative_and_encoded() {
        for (path, uri) in [
            ("dist/portal/index.html", "dist/portal/index.html"),
            ("/home/ci/dist/index.html", "home/ci/dist/index.html"),
            ("../dist/./a b.html", "dist/a%20b.html"),
            ("a/../../b", "b"),
            ("C:\\site\\index.html", "C%3A/site/index.html"),
            ("trang/Cổng #1?.html", "trang/C%E1%BB%95ng%20%231%3F.html"),
            ("tinh-a.gov.vn:8443/", "tinh-a.gov.vn%3A8443"),
            ("//evil.example/x", "evil.example/x"),
            ("../..", "site"),
            ("", "site"),
        ] {
            let anchor = Anchor { path: relative(path), region: START };
            assert_eq!(anchor.uri(), uri, "{path}");
        }
    }

    #[test]
    fn regions_hold_at_least_one_character() {
        let region = |line, column, end_line, end_column| Region { line, column, end_line, end_column };
        assert_eq!(whole(region(3, 5, 3, 5)), region(3, 5, 3, 6));
        assert_eq!(whole(region(0, 0, 0, 0)), region(1, 1, 1, 2));
        assert_eq!(whole(region(3, 5, 2, 9)), region(3, 5, 3, 9));
        assert_eq!(whole(region(3, 5, 4, 1)), region(3, 5, 4, 1));
    }
}
