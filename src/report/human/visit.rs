//! What the way to a site showed: pages that were not read, always; redirects, status, TLS and times on request.

use super::style::Ink;
use super::{Sheet, SiteReport, plain};
use crate::snapshot::{Attempted, BrowserVisit, LibraryFrom, Timings};

/// Redirects that are told one by one.
const HOPS: usize = 10;

impl Sheet<'_> {
    /// Lines below a site's heading.
    pub(super) fn visit(&mut self, site: &SiteReport) {
        let lang = self.lang;
        let covered = &site.pages_covered;
        if covered.judged == 0 {
            // The findings already tell why nothing was read.
            if self.verbose {
                self.way(site);
            }
            return;
        }
        let mut parts = Vec::new();
        for (n, vi, en) in [
            (covered.unread, "trang không đọc được", "pages could not be read"),
            (covered.beyond_limit, "trang vượt giới hạn `--max-pages`", "pages beyond `--max-pages`"),
            (covered.robots, "trang bị robots.txt loại trừ", "pages excluded by robots.txt"),
        ] {
            if n > 0 {
                parts.push(format!("{n} {}", lang.of(vi, en)));
            }
        }
        if !parts.is_empty() || (self.verbose && covered.judged > 1) {
            parts.insert(0, format!("{} {}", covered.judged, lang.of("trang đã kiểm tra", "pages were checked")));
            self.say(2, Some(Ink::Dim), &parts.join(", "));
        }
        if covered.unread > 0 {
            for unread in covered.unread_names.iter().take(if self.verbose { usize::MAX } else { 3 }) {
                let text = format!("- {} [{}]", plain::line(&unread.page), unread.gap.name());
                self.put(4, &text);
            }
        }
        if self.verbose {
            self.way(site);
        }
    }

    /// `http://… (301) → https://… (200, 3 attempts, 192.0.2.1)`, then how it was carried and how long it took.
    fn way(&mut self, site: &SiteReport) {
        if let Some(last) = &site.final_url {
            let mut steps: Vec<String> = site.hops.iter().take(HOPS).map(hop).collect();
            let left = site.hops.len() - steps.len();
            if left > 0 {
                steps.push(
                    self.lang.of(format!("… {left} lần chuyển hướng nữa …"), format!("… {left} more redirects …")),
                );
            }
            let mut facts = Vec::new();
            facts.extend(site.status.map(|status| status.to_string()));
            if site.attempts > 1 {
                facts.push(format!("{} {}", site.attempts, self.lang.of("lần thử", "attempts")));
            }
            facts.extend(site.address.as_deref().map(plain::line));
            let facts = if facts.is_empty() { String::new() } else { format!(" ({})", facts.join(", ")) };
            steps.push(format!("{}{facts}", plain::line(last)));
            self.say(2, Some(Ink::Dim), &steps.join(" → "));
        }
        let carried = self.carried(site);
        if !carried.is_empty() {
            self.say(2, Some(Ink::Dim), &carried.join(" · "));
        }
        if let Some(timings) = site.timings {
            let text = self.timings(timings).join(" · ");
            self.say(2, Some(Ink::Dim), &text);
        }
        if let Some(browser) = &site.browser {
            let text = self.browser(browser).join(" · ");
            self.say(2, Some(Ink::Dim), &text);
        }
    }

    /// `Chrome/148`, without its sandbox, with the tracker's stand-in, what it said when it did not start.
    fn browser(&self, browser: &BrowserVisit) -> Vec<String> {
        let lang = self.lang;
        let mut parts = vec![match browser.product.as_str() {
            "" => lang.of("trình duyệt không khởi động được", "the browser did not start").to_owned(),
            product => plain::line_of(product, 60),
        }];
        if !browser.sandboxed && !browser.product.is_empty() {
            parts.push(lang.of("không dùng sandbox", "without its sandbox").to_owned());
        }
        if browser.library == Some(LibraryFrom::StandIn) {
            parts.push(lang.of("thư viện giám sát được mô phỏng", "the tracker's library is simulated").to_owned());
        }
        if let Some(ms) = browser.loaded_ms {
            parts.push(lang.of(format!("tải xong sau {ms} ms"), format!("loaded after {ms} ms")));
        }
        parts.extend(browser.trouble.as_deref().map(|said| plain::line_of(said, 600)));
        parts
    }

    /// `HTTP/2`, `TLS 1.3`, the certificate's issuer and the days it still holds.
    fn carried(&self, site: &SiteReport) -> Vec<String> {
        let lang = self.lang;
        let mut parts = Vec::new();
        parts.extend(site.http_version.as_deref().map(|v| format!("HTTP/{}", plain::line_of(v, 20))));
        let Some(tls) = &site.tls else { return parts };
        parts.extend(tls.version.as_deref().map(|v| format!("TLS {}", plain::line_of(v, 20))));
        let Some(leaf) = tls.chain.first() else { return parts };
        let issuer = plain::line_of(&leaf.issuer, 120);
        parts.push(lang.of(format!("chứng thư số do {issuer} cấp"), format!("certificate issued by {issuer}")));
        let until = lang.day(leaf.not_after);
        parts.push(match plain::days_left(self.report, leaf) {
            Some(days) if days >= 0 => {
                lang.of(format!("còn hạn {days} ngày (đến {until})"), format!("{days} days left (until {until})"))
            }
            Some(_) => lang.of(format!("đã hết hạn ngày {until}"), format!("expired on {until}")),
            None => lang.of(format!("hạn đến {until}"), format!("until {until}")),
        });
        parts
    }

    fn timings(&self, timings: Timings) -> Vec<String> {
        let lang = self.lang;
        let first = [
            ("DNS", timings.dns_ms),
            (lang.of("kết nối", "connect"), timings.connect_ms),
            // Without an answer there was none.
            (lang.of("byte đầu tiên", "first byte"), Some(timings.first_byte_ms).filter(|ms| *ms > 0)),
            (lang.of("tổng", "total"), Some(timings.total_ms)),
        ];
        first.into_iter().filter_map(|(name, ms)| Some(format!("{name} {} ms", ms?))).collect()
    }
}

/// `http://… (301)`; a redirect written in the page has no status.
fn hop(hop: &Attempted) -> String {
    let status = hop.status.map(|status| format!(" ({status})")).unwrap_or_default();
    format!("{}{status}", plain::line(&hop.url))
}
