//! What the way to a site showed, in a few lines: where it led, how it was carried, which pages were read.

use super::said::Said;
use crate::report::{Lang, Report, SiteReport, plain, words};

/// Lines below a site's name; none of a site that was read from files without trouble.
pub(super) fn visited(report: &Report, site: &SiteReport) -> Vec<Said> {
    let mut lines = Vec::new();
    if let Some(gap) = site.gap {
        lines.push(words::cause(gap).into());
    }
    let mut facts: Vec<String> = Vec::new();
    if let Some(last) = site.final_url.as_deref().filter(|last| site.url.as_deref() != Some(*last)) {
        facts.push(format!("→ {}", plain::line_of(last, 300)));
    }
    facts.extend(site.status.map(|status| status.to_string()));
    facts.extend(site.address.as_deref().map(|address| plain::line_of(address, 60)));
    facts.extend(site.http_version.as_deref().map(|v| format!("HTTP/{}", plain::line_of(v, 20))));
    facts
        .extend(site.tls.as_ref().and_then(|t| t.version.as_deref()).map(|v| format!("TLS {}", plain::line_of(v, 20))));
    if !facts.is_empty() {
        lines.push(Said::same(facts.join(" · ")));
    }
    if let Some(leaf) = site.tls.as_ref().and_then(|tls| tls.chain.first()) {
        let [vi, en] = [Lang::Vi, Lang::En].map(|lang| lang.day(leaf.not_after));
        lines.push(match plain::days_left(report, leaf) {
            Some(days) if days < 0 => {
                Said::new(format!("Chứng thư số đã hết hạn ngày {vi}"), format!("The certificate expired on {en}"))
            }
            _ => Said::new(format!("Chứng thư số có hạn đến ngày {vi}"), format!("The certificate holds until {en}")),
        });
    }
    let covered = &site.pages_covered;
    if covered.judged > 1 || covered.unread > 0 || covered.beyond_limit > 0 || covered.robots > 0 {
        let parts = [
            (covered.judged, "trang đã kiểm tra", "pages checked"),
            (covered.unread, "trang không đọc được", "pages could not be read"),
            (covered.beyond_limit, "trang vượt giới hạn", "pages beyond the limit"),
            (covered.robots, "trang bị robots.txt loại trừ", "pages excluded by robots.txt"),
        ];
        let shown: Vec<Said> = parts
            .into_iter()
            .filter(|(n, ..)| *n > 0)
            .map(|(n, vi, en)| Said::count(n).then(" ", " ", &Said::new(vi, en)))
            .collect();
        lines.extend(shown.into_iter().reduce(|all, next| all.then(", ", ", ", &next)));
    }
    lines
}
