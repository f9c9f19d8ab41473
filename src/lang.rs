//! The two languages of the reader.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::{Points, Text};

/// The language of the reader.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese, the first language.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The reader's version of a text; the other one when that is empty.
    #[must_use]
    pub fn pick(self, text: &Text) -> &str {
        let (first, second) = match self {
            Self::Vi => (&text.vi, &text.en),
            Self::En => (&text.en, &text.vi),
        };
        if first.trim().is_empty() { second } else { first }
    }

    /// The language's code: `vi` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.of("vi", "en")
    }

    /// The day of an instant, in UTC: `31/12/2026`, `2026-12-31`.
    #[must_use]
    pub fn day(self, at: jiff::Timestamp) -> String {
        at.strftime(self.of("%d/%m/%Y", "%Y-%m-%d")).to_string()
    }

    /// An instant as the clocks in Vietnam show it: `09:00 ngày 31/12/2026`, `2026-12-31 09:00 (UTC+7)`.
    #[must_use]
    pub fn instant(self, at: jiff::Timestamp) -> String {
        // One offset all year, and no table of time zones is needed.
        let there = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)));
        there.strftime(self.of("%H:%M ngày %d/%m/%Y", "%Y-%m-%d %H:%M (UTC+7)")).to_string()
    }

    /// A whole number in groups of three: `1.234.567`, `1,234,567`.
    #[must_use]
    pub fn number(self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::new();
        for (at, digit) in digits.char_indices() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push(self.of('.', ','));
            }
            out.push(digit);
        }
        out
    }

    /// Points, exact to the hundredth: `33,5`, `33.5`.
    #[must_use]
    pub fn points(self, points: Points) -> String {
        points.to_string().replace('.', self.of(",", "."))
    }

    /// One of two words.
    #[must_use]
    pub(crate) fn of<T>(self, vi: T, en: T) -> T {
        match self {
            Self::Vi => vi,
            Self::En => en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_points_as_each_language_writes_them() {
        let at = "2026-12-31T17:30:00Z".parse().unwrap();
        for (lang, wanted) in [
            (Lang::Vi, ["31/12/2026", "00:30 ngày 01/01/2027", "1.234.567", "999", "1,25", "100"]),
            (Lang::En, ["2026-12-31", "2027-01-01 00:30 (UTC+7)", "1,234,567", "999", "1.25", "100"]),
        ] {
            let points = |n| lang.points(Points(n));
            let said =
                [lang.day(at), lang.instant(at), lang.number(1_234_567), lang.number(999), points(125), points(10_000)];
            assert_eq!(said, wanted);
        }
        assert_eq!([0, 1_000, 10_000, 100_000].map(|n| Lang::Vi.number(n)), ["0", "1.000", "10.000", "100.000"]);
    }
}
