//! Where a result stands in the reader's repository. Code scanning takes relative addresses only: a finding
//! in a file stands there, one on an address at the site's own lines in the sites file, and without one at
//! the address without its scheme.

use std::collections::HashMap;

use serde_sarif::sarif;

use crate::finding::{Finding, Place};
use crate::policy::Cite;
use crate::report::{Report, SiteReport, plain};
use crate::site::Region;

/// Most locations a result keeps: readers keep no more.
pub(super) const MOST_LOCATIONS: usize = 100;

/// The first character of a file: the region of a file as a whole.
const START: Region = Region { line: 1, column: 1, end_line: 1, end_column: 2 };

/// A file, relative to the root of the sources and percent-encoded, and a region in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) uri: String,
    pub(super) region: Region,
}

impl Anchor {
    pub(super) fn to_physical(&self) -> sarif::PhysicalLocation {
        let r = self.region;
        sarif::PhysicalLocation::builder()
            .artifact_location(
                sarif::ArtifactLocation::builder().uri(self.uri.clone()).uri_base_id(super::ROOT.to_owned()).build(),
            )
            .region(
                sarif::Region::builder()
                    .start_line(r.line)
                    .start_column(r.column)
                    .end_line(r.end_line)
                    .end_column(r.end_column)
                    .build(),
            )
            .build()
    }
}

/// The anchors of a finding: its files, else its site's declaration, else the site's name.
pub(super) fn anchors(finding: &Finding, site: Option<&SiteReport>, declared: Option<&Anchor>) -> Vec<Anchor> {
    let mut found: Vec<Anchor> = Vec::new();
    for place in &finding.places {
        if let Some(anchor) = in_file(place)
            && !found.contains(&anchor)
        {
            found.push(anchor);
            if found.len() == MOST_LOCATIONS {
                break;
            }
        }
    }
    if !found.is_empty() {
        return found;
    }
    if let Some(declared) = declared {
        return vec![declared.clone()];
    }
    let source = site.and_then(|s| s.source.as_deref()).map(relative);
    let url = finding.places.iter().find_map(|p| p.url.as_deref()).or(site.and_then(|s| s.url.as_deref()));
    let address = url.and_then(plain::bare_address).map(|a| relative(&a));
    let uri = source.or(address).unwrap_or_else(|| relative(&finding.site));
    vec![Anchor { uri, region: START }]
}

fn in_file(place: &Place) -> Option<Anchor> {
    let uri = relative(place.path.as_deref()?);
    let region = place.line.map_or(START, |line| {
        let column = place.column.unwrap_or(1);
        Region {
            line,
            column,
            end_line: place.end_line.unwrap_or(line),
            end_column: place.end_column.unwrap_or(column.saturating_add(1)),
        }
    });
    Some(Anchor { uri, region: whole(region) })
}

/// A region readers accept: positions from 1, and at least one character.
fn whole(region: Region) -> Region {
    let line = region.line.max(1);
    let column = region.column.max(1);
    let end_line = region.end_line.max(line);
    let least = if end_line == line { column.saturating_add(1) } else { 1 };
    Region { line, column, end_line, end_column: region.end_column.max(least) }
}

/// A path or bare address as a relative address: `/` between names, `.` and `..` and the root dropped (what
/// lies outside of the repository keeps its names, which is all a reader can use), the rest percent-encoded.
pub(super) fn relative(path: &str) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in path.split(['/', '\\']) {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(encoded(name)),
        }
    }
    if names.is_empty() { "site".to_owned() } else { names.join("/") }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
fn encoded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The line of a site's entry each of its rules stands at, by policy and rule. Readers that tell alerts
/// apart by line need one line for one rule, and the same line tomorrow: so every rule of the site gets its
/// line, whatever its verdict, first the key it speaks about.
pub(super) fn declared_lines<'a>(
    report: &'a Report,
    site: &SiteReport,
    findings: &[&'a Finding],
) -> HashMap<(&'a str, &'a str), Anchor> {
    let Some(declared) = &site.declared else { return HashMap::new() };
    let uri = relative(&declared.path);
    let mut used: Vec<u32> = Vec::new();
    let mut out = HashMap::new();
    for finding in findings {
        let check = report.rule_of(finding).and_then(|r| r.check.as_deref());
        let wished = preferred(check).iter().chain(REST).filter_map(|key| declared.keys.get(*key));
        let regions: Vec<Region> = wished.chain(declared.keys.get("")).map(|r| key_line(*r)).collect();
        let free = regions.iter().find(|r| !used.contains(&r.line));
        let Some(region) = free.or(regions.first()) else { continue };
        used.push(region.line);
        out.insert(
            (finding.policy.as_str(), finding.rule.as_str()),
            Anchor { uri: uri.clone(), region: whole(*region) },
        );
    }
    out
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

/// Document, article, clause and point, for filters of readers.
pub(super) fn tags(cite: Option<&Cite>) -> Vec<String> {
    let Some(cite) = cite else { return Vec::new() };
    let mut tags = vec![plain::line_of(&cite.document, 100)];
    let parts = [
        cite.article.map(|n| format!("article-{n}")),
        cite.clause.map(|n| format!("clause-{n}")),
        cite.point.as_deref().map(|p| format!("point-{}", plain::line_of(p, 20))),
    ];
    tags.extend(parts.into_iter().flatten());
    tags
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
            assert_eq!(relative(path), uri, "{path}");
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
