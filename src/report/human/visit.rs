//! What the way to a site showed: pages that were not read, always; redirects, status and time on request.

use super::style::Ink;
use super::{Sheet, SiteReport, plain};

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

    /// `https://… → https://… (200, 3 attempts, 192.0.2.1, 340 ms)`.
    fn way(&mut self, site: &SiteReport) {
        let Some(last) = &site.final_url else { return };
        let mut addresses: Vec<String> = site.hops.iter().take(10).map(|hop| plain::line(&hop.url)).collect();
        addresses.push(plain::line(last));
        addresses.dedup();
        let mut facts = Vec::new();
        facts.extend(site.status.map(|status| status.to_string()));
        if site.attempts > 1 {
            facts.push(format!("{} {}", site.attempts, self.lang.of("lần thử", "attempts")));
        }
        facts.extend(site.address.as_deref().map(plain::line));
        facts.extend(site.timings.map(|t| format!("{} ms", t.total_ms)));
        let text = format!("{} ({})", addresses.join(" → "), facts.join(", "));
        self.say(2, Some(Ink::Dim), &text);
    }
}
