//! Numbers and days as the reader writes them: 1.234 and 01/10/2026 in Vietnamese, 1,234 and 2026-10-01 in English.
//! Days are Vietnam's.

use super::Lang;
use super::plain;

/// A count.
pub(super) fn number(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(lang.of('.', ','));
        }
        out.push(digit);
    }
    out
}

/// The day of an instant; the text itself when it is none.
pub(super) fn day(instant: &str, lang: Lang) -> String {
    local(instant, lang.of("%d/%m/%Y", "%Y-%m-%d"))
}

/// The day and the time of an instant.
pub(super) fn moment(instant: &str, lang: Lang) -> String {
    local(instant, lang.of("%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"))
}

fn local(instant: &str, form: &str) -> String {
    let Ok(at) = instant.parse::<jiff::Timestamp>() else { return plain::line_of(instant, 40) };
    // One offset all year, and no table of time zones is needed.
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7))).strftime(form).to_string()
}

/// Tenths of a percent: `83,3%`; `–` when nothing was measured.
pub(super) fn percent(tenths: Option<u16>, lang: Lang) -> String {
    tenths.map_or_else(|| "–".to_owned(), |t| format!("{}{}{}%", t / 10, lang.of(',', '.'), t % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_those_of_the_language() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(|n| number(n, Lang::Vi)), ["0", "999", "1.000", "1.234.567"]);
        assert_eq!(number(21_000, Lang::En), "21,000");
        // Midnight in Vietnam is five in the afternoon, UTC.
        assert_eq!(day("2026-09-30T17:00:00Z", Lang::Vi), "01/10/2026");
        assert_eq!(moment("2026-09-30T16:59:00Z", Lang::En), "2026-09-30 23:59");
        assert_eq!(day("hôm\nqua", Lang::Vi), "hôm qua");
        assert_eq!(
            [Some(1000), Some(0), Some(833), None].map(|t| percent(t, Lang::Vi)),
            ["100,0%", "0,0%", "83,3%", "–"]
        );
        assert_eq!(percent(Some(5), Lang::En), "0.5%");
    }
}
