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

    /// The day it is in Vietnam at an instant: `31/12/2026`, `2026-12-31`.
    #[must_use]
    pub fn day(self, at: jiff::Timestamp) -> String {
        in_vietnam(at).strftime(self.of("%d/%m/%Y", "%Y-%m-%d")).to_string()
    }

    /// An instant as the clocks in Vietnam show it, for tables: `31/12/2026 09:00`, `2026-12-31 09:00`.
    #[must_use]
    pub fn moment(self, at: jiff::Timestamp) -> String {
        in_vietnam(at).strftime(self.of("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M")).to_string()
    }

    /// The same in a sentence: `09:00 ngày 31/12/2026`, `2026-12-31 09:00 (UTC+7)`.
    #[must_use]
    pub fn instant(self, at: jiff::Timestamp) -> String {
        in_vietnam(at).strftime(self.of("%H:%M ngày %d/%m/%Y", "%Y-%m-%d %H:%M (UTC+7)")).to_string()
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

    /// Points, exact to the hundredth: `1.233,5`, `1,233.5`.
    #[must_use]
    pub fn points(self, points: Points) -> String {
        let whole = self.number(u64::from(points.0 / 100));
        match points.to_string().split_once('.') {
            Some((_, part)) => format!("{whole}{}{part}", self.of(',', '.')),
            None => whole,
        }
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

/// The clocks of Vietnam at an instant: one offset all year, so that no table of time zones is needed.
fn in_vietnam(at: jiff::Timestamp) -> jiff::Zoned {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)))
}

/// How much a text is like Vietnamese with tones as characters of their own, as windows-1258 has them: tones that
/// follow a vowel, and tones that do not. In other 8-bit encodings the same bytes are letters that rarely do.
#[must_use]
pub(crate) fn tones(text: &str) -> (usize, usize) {
    let mut before = ' ';
    let (mut good, mut bad) = (0_usize, 0_usize);
    for c in text.chars() {
        if matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}') {
            let vowel = before.to_lowercase().next().is_some_and(|v| "aăâeêioôơuưy".contains(v));
            if vowel { good += 1 } else { bad += 1 }
        }
        before = c;
    }
    (good, bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_days_and_points_as_each_language_writes_them() {
        let at = "2026-12-31T17:30:00Z".parse().unwrap();
        for (lang, wanted) in [
            (Lang::Vi, ["01/01/2027", "01/01/2027 00:30", "00:30 ngày 01/01/2027", "1.234.567", "1.234,56", "1,25"]),
            (Lang::En, ["2027-01-01", "2027-01-01 00:30", "2027-01-01 00:30 (UTC+7)", "1,234,567", "1,234.56", "1.25"]),
        ] {
            let (number, points) = (lang.number(1_234_567), |n| lang.points(Points(n)));
            let said = [lang.day(at), lang.moment(at), lang.instant(at), number, points(123_456), points(125)];
            assert_eq!(said, wanted);
        }
        assert_eq!([0, 250, 10_000].map(|n| Lang::Vi.points(Points(n))), ["0", "2,5", "100"]);
        assert_eq!([0, 1_000, 10_000, 100_000].map(|n| Lang::Vi.number(n)), ["0", "1.000", "10.000", "100.000"]);
    }
}
