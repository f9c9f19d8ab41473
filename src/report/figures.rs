//! Instants and shares of a report as the reader writes them; what is no instant stands as it is.

use super::Lang;
use super::plain;

/// The day of an instant; the text itself when it is none.
pub(super) fn day(instant: &str, lang: Lang) -> String {
    instant.parse().map_or_else(|_| plain::line_of(instant, 40), |at| lang.day(at))
}

/// The day and the time of an instant.
pub(super) fn moment(instant: &str, lang: Lang) -> String {
    instant.parse().map_or_else(|_| plain::line_of(instant, 40), |at| lang.moment(at))
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
