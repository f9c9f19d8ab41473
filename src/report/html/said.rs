//! What is said in both languages at once: text, numbers and days as each of them writes these, escaped for HTML.
//! The page shows one and hides the other; nothing here chooses.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::policy::{Points, Text};
use crate::report::figures::day;
use crate::report::words::{Lang, Words};
use crate::report::{SiteReport, between, plain};

/// A text in Vietnamese and English, plain and not yet escaped.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Said {
    pub(super) vi: String,
    pub(super) en: String,
}

impl Said {
    /// Words of our own.
    pub(super) fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }

    /// The same in both.
    pub(super) fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { en: text.clone(), vi: text }
    }

    /// Text of a page, file or policy, as one plain line.
    pub(super) fn line(text: &Text) -> Self {
        Self::both(|lang| plain::line(lang.pick(text)))
    }

    /// What a formatter says in each language.
    pub(super) fn both(say: impl Fn(Lang) -> String) -> Self {
        Self { vi: say(Lang::Vi), en: say(Lang::En) }
    }

    /// A number with its thousands set apart.
    pub(super) fn count(n: u64) -> Self {
        Self::both(|lang| lang.number(n))
    }

    /// So many of so many in hundredths, to the tenth and rounded down: what is not whole is never shown as whole.
    pub(super) fn percent(part: u64, whole: u64) -> Self {
        let Some(tenths) = (part * 1000).checked_div(whole) else { return Self::same("–") };
        let (n, tenth) = (tenths / 10, tenths % 10);
        if tenth == 0 {
            Self::same(format!("{n}%"))
        } else {
            Self::new(format!("{n},{tenth}%"), format!("{n}.{tenth}%"))
        }
    }

    /// Points.
    pub(super) fn points(points: Points) -> Self {
        Self::both(|lang| lang.points(points))
    }

    /// From so many points to so many; one number when both are the same.
    pub(super) fn span(low: Points, high: Points) -> Self {
        Self::both(|lang| between(low, high, lang))
    }

    /// An instant (`2026-01-01T00:00:00Z`) by Vietnam's clock.
    pub(super) fn instant(text: &str) -> Self {
        Self::both(|lang| plain::instant(text, lang))
    }

    /// The day of an instant, by Vietnam's clock.
    pub(super) fn day(text: &str) -> Self {
        Self::both(|lang| day(text, lang))
    }

    /// Put together with words between.
    pub(super) fn then(self, vi: &str, en: &str, next: &Self) -> Self {
        Self { vi: self.vi + vi + &next.vi, en: self.en + en + &next.en }
    }

    /// Whether there is nothing to say.
    pub(super) fn is_empty(&self) -> bool {
        self.vi.is_empty() && self.en.is_empty()
    }
}

impl From<Words> for Said {
    fn from(words: Words) -> Self {
        Self::new(words.vi, words.en)
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.vi == self.en {
            return escaped(&self.vi, f);
        }
        f.write_str("<span lang=\"vi\">")?;
        escaped(&self.vi, f)?;
        f.write_str("</span><span lang=\"en\">")?;
        escaped(&self.en, f)?;
        f.write_str("</span>")
    }
}

// Its own form is escaped already.
impl HtmlSafe for Said {}

fn escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        f.write_str(&rest[..at])?;
        f.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    f.write_str(rest)
}

/// What people call a site: its name, else its id.
pub(super) fn site_name(site: &SiteReport) -> String {
    let name = site.name.as_deref().map(|name| plain::line_of(name, 200)).filter(|name| !name.is_empty());
    name.unwrap_or_else(|| plain::line_of(&site.id, 200))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_written_as_each_language_writes_them() {
        for (said, vi, en) in [
            (Said::count(0), "0", "0"),
            (Said::count(999), "999", "999"),
            (Said::count(1_234_567), "1.234.567", "1,234,567"),
            (Said::percent(1, 8), "12,5%", "12.5%"),
            (Said::percent(2, 2), "100%", "100%"),
            (Said::percent(2_999, 3_000), "99,9%", "99.9%"),
            (Said::percent(0, 0), "–", "–"),
            (Said::points(Points(123_456)), "1.234,56", "1,234.56"),
            (Said::points(Points(125)), "1,25", "1.25"),
            (Said::span(Points(100), Points(250)), "1–2,5", "1–2.5"),
            (Said::span(Points(100), Points(100)), "1", "1"),
            // Evening in London is the next day in Hà Nội.
            (Said::day("2026-11-21T17:30:00Z"), "22/11/2026", "2026-11-22"),
            (Said::instant("2026-11-21T17:30:00Z"), "00:30 ngày 22/11/2026", "2026-11-22 00:30 (UTC+7)"),
            (Said::day("<b>"), "<b>", "<b>"),
        ] {
            assert_eq!((said.vi.as_str(), said.en.as_str()), (vi, en));
        }
    }

    #[test]
    fn every_character_that_html_obeys_is_escaped() {
        assert_eq!(Said::same("a<b>&\"'ố").to_string(), "a&lt;b&gt;&amp;&quot;&#39;ố");
        assert_eq!(Said::new("<", "&").to_string(), "<span lang=\"vi\">&lt;</span><span lang=\"en\">&amp;</span>");
    }
}
