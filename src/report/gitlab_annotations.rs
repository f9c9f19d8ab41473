//! The report as GitLab's `reports:annotations`: links from the job to the checked sites, worst first, each with what
//! was found of it. Only http and https addresses become links, and never one with an account in it.

use std::collections::HashMap;

use serde::Serialize;
use url::Url;

use super::outlet::{self, Outlet};
use super::words::Lang;
use super::{Report, SiteReport, json::escaped, plain};
use crate::finding::{Finding, Verdict};

/// Most links: GitLab refuses a list of more than 1,000.
const MOST: usize = 1_000;
/// Most bytes of the file: GitLab refuses one of more than 80 KiB; what stands around the links needs some.
const BYTES: usize = 80 * 1024 - 256;
/// Longest name of a site in a label, in characters.
const NAME: usize = 150;
/// Longest address: browsers and proxies cut longer ones.
const ADDRESS: usize = 2_000;
/// More bytes than one link can take: a name and counts of four bytes a character, an address, the keys.
const ROOM: usize = 4 * (NAME + 150) + ADDRESS + 100;

#[derive(Serialize)]
struct Annotation {
    external_link: Link,
}

#[derive(Serialize)]
struct Link {
    label: String,
    url: String,
}

/// Sites with something to tell first, the gravest of them first.
type Rank = (bool, Option<outlet::Gitlab>);

/// The report as an annotations file. What its limits leave out is counted in the last label.
///
/// # Errors
/// Only when it cannot be expressed as JSON, which its types rule out.
pub fn to_gitlab_annotations(report: &Report, lang: Lang) -> serde_json::Result<String> {
    let mut of: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in &report.findings {
        of.entry(&finding.site).or_default().push(finding);
    }
    let findings = |site: &SiteReport| of.get(site.id.as_str()).map_or(&[][..], Vec::as_slice);
    let mut links: Vec<_> = report.sites.iter().filter_map(|site| link(site, findings(site), report, lang)).collect();
    // Stable: sites of one rank stay in declared order.
    links.sort_by_key(|(rank, _)| *rank);
    let total = links.len();
    let mut lines: Vec<String> = Vec::new();
    let mut bytes = 0;
    for (n, (_, mut annotation)) in links.into_iter().enumerate() {
        let left = total - n - 1;
        let last = n + 1 == MOST || bytes + 2 * ROOM > BYTES;
        if last && left > 0 {
            let more = lang.of(format!(" · … và {left} trang nữa"), format!(" · … and {left} more sites"));
            annotation.external_link.label.push_str(&more);
        }
        let text = escaped(&serde_json::to_string(&annotation)?);
        // The comma and the line end.
        bytes += text.len() + 2;
        lines.push(text);
        if last {
            break;
        }
    }
    if lines.is_empty() {
        return Ok("{}\n".to_owned());
    }
    Ok(format!("{{\"rasoat\": [\n{}\n]}}\n", lines.join(",\n")))
}

/// The link of a site with an address, and how bad the site is: the worst of its findings' own levels.
fn link(site: &SiteReport, findings: &[&Finding], report: &Report, lang: Lang) -> Option<(Rank, Annotation)> {
    let url = address(site.url.as_deref()?)?;
    let rank = findings.iter().filter_map(|f| Outlet::of(report, f).gitlab).min();
    let count = |v: Verdict| findings.iter().filter(|f| f.verdict == v).count();
    let counts = [
        ("✗", count(Verdict::Fail), lang.of("không đạt", "failed")),
        ("?", count(Verdict::Inconclusive), lang.of("chưa đo được", "not measured")),
        ("✓", count(Verdict::Pass), lang.of("đạt", "passed")),
    ];
    let mark = counts.iter().find(|(_, n, _)| *n > 0).map_or("–", |(mark, ..)| mark);
    let told: Vec<String> =
        counts.iter().filter(|(_, n, _)| *n > 0).map(|(_, n, word)| format!("{n} {word}")).collect();
    let told = if told.is_empty() { lang.of("không có tiêu chí", "no rules").to_owned() } else { told.join(", ") };
    let name = plain::line_of(site.name.as_deref().unwrap_or(&site.id), NAME);
    let external_link = Link { label: format!("{mark} {name} · {told}"), url };
    Some(((rank.is_none(), rank), Annotation { external_link }))
}

/// An address that a browser may be sent to: nothing of it runs, and nobody logs in with it.
fn address(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return None;
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.into()).filter(|u: &String| u.len() <= ADDRESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_without_accounts_become_links() {
        for (text, link) in [
            ("https://tinh-a.example/", Some("https://tinh-a.example/")),
            ("https://ten:mat-khau@tinh-a.example:8443/x?y#z", Some("https://tinh-a.example:8443/x?y#z")),
            ("http://[::1]/", Some("http://[::1]/")),
            ("https://a.example/\u{202e}\"><script>", Some("https://a.example/%E2%80%AE%22%3E%3Cscript%3E")),
            ("javascript:alert(1)", None),
            ("data:text/html,x", None),
            ("file:///etc/passwd", None),
            ("ftp://a.example/", None),
            ("dist/index.html", None),
        ] {
            assert_eq!(address(text).as_deref(), link, "{text}");
        }
        assert_eq!(address(&format!("https://a.example/{}", "x".repeat(ADDRESS))), None);
    }
}
