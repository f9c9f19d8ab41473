//! One cell with its type, and how text is made fit for it: nothing a spreadsheet would run, no character its files
//! cannot hold, no more than it takes.

use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};
use rust_xlsxwriter::{ExcelDateTime, Worksheet, XlsxError};
use url::Url;

use super::super::csv::defused;
use super::look::Look;
use crate::finding::safe;
use crate::policy::{Date, Points};

/// Most characters of a cell, as spreadsheets count them: UTF-16 units.
const MOST_UNITS: usize = 32_767;
/// Most line ends of a cell.
const MOST_LINE_ENDS: usize = 253;
/// Longest address that becomes a link; what is longer stays text.
const MOST_ADDRESS: usize = 2_000;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Empty,
    /// Of one or several lines.
    Text(String),
    /// A verdict's words.
    Verdict(String),
    Count(u64),
    /// How much it went up or down.
    Change(i64),
    Points(Points),
    /// So many of so many.
    Share(u64, u64),
    /// A day.
    Day(Date),
    /// A day and time, here in Vietnam's time.
    Moment(DateTime),
    /// An address; a link only when it is plainly one of the web.
    Link(String),
}

impl Cell {
    /// Text of the report's own or of a page; nothing when there is none.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// An instant as the report writes it; as it is when it is none.
    pub(super) fn moment(at: &str) -> Self {
        local(at).map_or_else(|| Self::text(safe(at, 100)), Self::Moment)
    }

    /// The number of something whose number may be unknown.
    pub(super) fn count(count: Option<u64>) -> Self {
        count.map_or(Self::Empty, Self::Count)
    }
}

/// An instant in Vietnam's time.
fn local(at: &str) -> Option<DateTime> {
    let at: jiff::Timestamp = at.parse().ok()?;
    // One offset all year, and no table of time zones is needed.
    Some(at.to_zoned(TimeZone::fixed(offset(7))).datetime())
}

/// Writes a cell.
pub(super) fn put(
    sheet: &mut Worksheet,
    look: &Look,
    (row, column): (u32, u16),
    cell: &Cell,
    wrap: bool,
) -> Result<(), XlsxError> {
    let text = if wrap { &look.text } else { &look.line };
    let written = match cell {
        Cell::Empty => sheet.write_blank(row, column, text),
        Cell::Text(said) => sheet.write_string_with_format(row, column, fit(said), text),
        Cell::Verdict(said) => sheet.write_string_with_format(row, column, fit(said), &look.verdict),
        Cell::Count(n) => sheet.write_number_with_format(row, column, float(*n), &look.count),
        Cell::Change(n) => {
            let size = float(n.unsigned_abs());
            sheet.write_number_with_format(row, column, if *n < 0 { -size } else { size }, &look.change)
        }
        Cell::Points(points) => sheet.write_number_with_format(row, column, f64::from(points.0) / 100.0, &look.points),
        Cell::Share(_, 0) => sheet.write_blank(row, column, text),
        Cell::Share(part, of) => sheet.write_number_with_format(row, column, float(*part) / float(*of), &look.share),
        Cell::Day(day) => match excel(day.0.at(0, 0, 0, 0)) {
            Some(at) => sheet.write_datetime_with_format(row, column, at, &look.day),
            None => sheet.write_string_with_format(row, column, day.to_string(), &look.line),
        },
        Cell::Moment(at) => match excel(*at) {
            Some(at) => sheet.write_datetime_with_format(row, column, at, &look.moment),
            None => sheet.write_string_with_format(row, column, at.to_string(), &look.line),
        },
        Cell::Link(address) => match link(address) {
            Some(url) => sheet.write_url_with_options(row, column, url.as_str(), fit(address), "", Some(&look.link)),
            None => sheet.write_string_with_format(row, column, fit(address), text),
        },
    };
    written.map(|_| ())
}

/// A count as spreadsheets keep numbers; exact up to 2^53.
#[expect(clippy::cast_precision_loss, reason = "spreadsheets know no other numbers")]
fn float(n: u64) -> f64 {
    n as f64
}

/// `None` before 1900 and where spreadsheets have no dates.
fn excel(at: DateTime) -> Option<ExcelDateTime> {
    let part = |n: i8| u8::try_from(n).ok();
    let year = u16::try_from(at.year()).ok()?;
    let day = ExcelDateTime::from_ymd(year, part(at.month())?, part(at.day())?).ok()?;
    day.and_hms(u16::from(part(at.hour())?), part(at.minute())?, f64::from(part(at.second())?)).ok()
}

/// The same for a file's own properties.
pub(super) fn excel_utc(at: &str) -> Option<ExcelDateTime> {
    let at: jiff::Timestamp = at.parse().ok()?;
    excel(at.to_zoned(TimeZone::UTC).datetime())
}

/// An address that may be followed: of the web, with a host, without an account.
fn link(address: &str) -> Option<Url> {
    let url = Url::parse(address).ok()?;
    let web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    let bare = url.username().is_empty() && url.password().is_none();
    (web && bare && url.as_str().len() <= MOST_ADDRESS && safe(address, MOST_ADDRESS) == address).then_some(url)
}

/// Text that a cell can hold and that nobody runs.
fn fit(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (n, line) in text.split('\n').enumerate() {
        if n > MOST_LINE_ENDS {
            out.push('…');
            break;
        }
        if n > 0 {
            out.push('\n');
        }
        out.push_str(&safe(line, MOST_UNITS));
    }
    let mut out = defused(out);
    if out.len() > MOST_UNITS && out.encode_utf16().count() > MOST_UNITS {
        let mut units = 0;
        // One unit is kept for the mark.
        let end = out.char_indices().find(|(_, c)| {
            units += c.len_utf16();
            units > MOST_UNITS - 1
        });
        out.truncate(end.map_or(out.len(), |(at, _)| at));
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_fits_a_cell_and_says_where_it_was_cut() {
        for (text, units) in [("x".repeat(32_767), 32_767), ("ệ".repeat(40_000), 32_767), ("👍".repeat(16_384), 32_767)]
        {
            let fitted = fit(&text);
            assert_eq!(fitted.encode_utf16().count(), units);
            assert_eq!(fitted.ends_with('…'), fitted != text);
        }
        let tall = fit(&"a\n".repeat(1_000));
        assert_eq!(tall.matches('\n').count(), MOST_LINE_ENDS);
        assert!(tall.ends_with('…'));
        assert_eq!(fit("a\u{0}\u{b}\u{fffe}\u{ffff}\r\nb"), "a␀␋\u{fffd}\u{fffd}␍\nb");
    }

    #[test]
    fn only_plain_addresses_of_the_web_are_links() {
        for address in ["https://tinh-a.example/", "http://a.example:8080/x?y=1#z", "https://xã.example/tin-tức"] {
            assert!(link(address).is_some(), "{address}");
        }
        for address in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "mailto:a@b.example",
            "internal:Sheet1!A1",
            "https://u:p@a.example/",
            "https://u@a.example/",
            "https://a.example/\u{202e}",
            "https://a.example/\n",
            "a.example",
            "",
            "\\\\host\\share",
        ] {
            assert_eq!(link(address), None, "{address}");
        }
        assert_eq!(link(&format!("https://a.example/{}", "x".repeat(2_000))), None);
    }

    #[test]
    fn an_instant_is_shown_in_vietnams_time() {
        assert_eq!(local("2025-12-31T17:30:00Z").unwrap().to_string(), "2026-01-01T00:30:00");
        assert_eq!(local("hôm qua"), None);
        assert_eq!(Cell::moment("hôm qua"), Cell::Text("hôm qua".to_owned()));
    }

    #[test]
    fn dates_that_spreadsheets_do_not_have_are_none() {
        assert!(excel("1899-12-30T00:00:00".parse().unwrap()).is_none());
        assert!(excel(jiff::civil::datetime(-1, 1, 1, 0, 0, 0, 0)).is_none());
        assert!(excel("2026-11-22T23:59:59".parse().unwrap()).is_some());
    }
}
