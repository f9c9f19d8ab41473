//! A sheet that is one table: a header that stays in sight and is printed on every page, a filter, widths, colours of
//! verdicts. What is beyond a sheet's last row is counted and said, never dropped in silence.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::super::words::Lang;
use super::cell::{Cell, put};
use super::look::{Look, verdict_rules};

/// Most rows of a sheet.
const MOST_ROWS: u32 = 1_048_576;
/// Most columns of a table; sheets take 16,384.
const MOST_COLUMNS: usize = 1_000;
/// Most links of a sheet: spreadsheets take 65,530.
const MOST_LINKS: u32 = 65_000;
/// Rows are as tall as their text up to so many lines; the rest stands in the cell.
const MOST_LINES: usize = 14;
/// Characters of columns that a printed page holds and can still be read.
const PAGE: u16 = 230;
/// Height of a line, in points.
const LINE: f64 = 15.0;

/// One column.
#[derive(Debug, Clone)]
pub(super) struct Column {
    header: String,
    /// Characters.
    width: u16,
    wrap: bool,
    verdict: bool,
    printed: bool,
}

impl Column {
    /// A column of text that is broken into lines.
    pub(super) fn wide(header: impl Into<String>, width: u16) -> Self {
        Self { header: header.into(), width, wrap: true, verdict: false, printed: true }
    }

    /// A column of verdicts.
    pub(super) fn verdict(header: impl Into<String>, width: u16) -> Self {
        Self { verdict: true, ..Self::wide(header, width) }
    }

    /// A column that is there to filter and to look up; it is not printed, and stands after those that are.
    pub(super) fn beside(header: impl Into<String>, width: u16) -> Self {
        Self { wrap: false, printed: false, ..Self::wide(header, width) }
    }
}

/// A table under construction.
pub(super) struct Table<'a> {
    sheet: Worksheet,
    look: &'a Look,
    lang: Lang,
    columns: Vec<Column>,
    columns_left_out: usize,
    /// So many columns stay in sight.
    frozen: u16,
    /// The next row.
    row: u32,
    most_rows: u32,
    left_out: u64,
    links: u32,
}

/// A table that is done.
pub(super) struct Done {
    pub(super) sheet: Worksheet,
    /// What was left out, in words.
    pub(super) said: Option<String>,
}

impl<'a> Table<'a> {
    /// Begins a sheet; the first `frozen` columns stay in sight too.
    pub(super) fn new(
        name: &str,
        columns: Vec<Column>,
        frozen: u16,
        look: &'a Look,
        lang: Lang,
    ) -> Result<Self, XlsxError> {
        let mut table = Self {
            sheet: Worksheet::new(),
            look,
            lang,
            columns_left_out: columns.len().saturating_sub(MOST_COLUMNS),
            columns,
            frozen,
            row: 1,
            most_rows: MOST_ROWS,
            left_out: 0,
            links: 0,
        };
        table.columns.truncate(MOST_COLUMNS);
        table.sheet.set_name(name)?;
        for (n, column) in (0u16..).zip(&table.columns) {
            table.sheet.set_column_width(n, column.width)?;
            table.sheet.write_string_with_format(0, n, &column.header, &look.header)?;
        }
        let lines =
            table.columns.iter().map(|column| lines_of(&column.header, column.width * 4 / 5)).max().unwrap_or(1);
        if let Some(height) = height(lines) {
            table.sheet.set_row_height(0, height)?;
        }
        table.sheet.set_freeze_panes(1, frozen)?;
        Ok(table)
    }

    /// Adds a row; cells without a column are left out.
    pub(super) fn add(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        // The last row is kept for what has to be said.
        if self.row + 1 >= self.most_rows {
            self.left_out += 1;
            return Ok(());
        }
        let mut lines = 1;
        for (n, (cell, column)) in (0u16..).zip(cells.iter().zip(&self.columns)) {
            let mut plain = None;
            if let Cell::Link(address) = cell {
                self.links += 1;
                plain = (self.links > MOST_LINKS).then(|| Cell::text(address));
            }
            put(&mut self.sheet, self.look, (self.row, n), plain.as_ref().unwrap_or(cell), column.wrap)?;
            if let Cell::Text(text) | Cell::Verdict(text) | Cell::Link(text) = cell
                && column.wrap
            {
                lines = lines.max(lines_of(text, column.width));
            }
        }
        if let Some(height) = height(lines) {
            self.sheet.set_row_height(self.row, height)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Finishes the sheet.
    pub(super) fn end(mut self, footer: &str) -> Result<Done, XlsxError> {
        let mut said = Vec::new();
        if self.left_out > 0 {
            let n = self.left_out;
            let text = self.lang.of(
                format!("… {n} dòng nữa không vừa một trang tính; xem báo cáo JSON hoặc CSV."),
                format!("… {n} more rows do not fit a sheet; see the JSON or CSV report."),
            );
            self.sheet.write_string_with_format(self.row, 0, &text, &self.look.line)?;
            said.push(text);
        }
        if self.columns_left_out > 0 {
            let n = self.columns_left_out;
            said.push(self.lang.of(
                format!("… {n} cột nữa không vừa một trang tính; xem báo cáo JSON hoặc CSV."),
                format!("… {n} more columns do not fit a sheet; see the JSON or CSV report."),
            ));
        }
        let last_row = self.row.saturating_sub(1);
        let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.sheet.autofilter(0, 0, last_row, last)?;
        if last_row > 0 {
            for n in (0u16..).zip(&self.columns).filter(|(_, column)| column.verdict).map(|(n, _)| n) {
                for rule in verdict_rules(self.lang) {
                    self.sheet.add_conditional_format(1, n, last_row, n, &rule)?;
                }
            }
        }
        self.sheet.set_repeat_rows(0, 0)?;
        let printed = self.columns.iter().rposition(|column| column.printed).unwrap_or_default();
        self.sheet.set_print_area(0, 0, self.row.clamp(1, MOST_ROWS - 1), u16::try_from(printed).unwrap_or(last))?;
        page(&mut self.sheet, footer, self.lang);
        let width: u16 = self.columns.iter().take(printed + 1).map(|column| column.width).sum();
        if width > PAGE {
            // Several pages beside each other, each with what the row is about.
            self.sheet.set_print_fit_to_pages(width.div_ceil(PAGE), 0);
            if self.frozen > 0 {
                self.sheet.set_repeat_columns(0, self.frozen - 1)?;
            }
        }
        Ok(Done { sheet: self.sheet, said: (!said.is_empty()).then(|| said.join(" ")) })
    }
}

/// A4 on its side, one page wide, with page numbers.
pub(super) fn page(sheet: &mut Worksheet, footer: &str, lang: Lang) {
    // Ampersands are commands there, and 255 characters are all it takes.
    let footer: String = footer.chars().take(100).collect::<String>().replace('&', "&&");
    let pages = lang.of("Trang &P/&N", "Page &P of &N");
    sheet
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0)
        .set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3)
        .set_header("&C&\"Times New Roman,Bold\"&A")
        .set_footer(format!("&L&\"Times New Roman,Regular\"{footer}&R&\"Times New Roman,Regular\"{pages}"));
}

/// The height of a row of so many lines, in points; `None` for one line, which needs none.
pub(super) fn height(lines: usize) -> Option<f64> {
    (lines > 1).then(|| LINE * f64::from(u8::try_from(lines.min(MOST_LINES)).unwrap_or(u8::MAX)))
}

/// How many lines a text takes in a column of so many characters. Not every reader fits rows to their text by itself.
pub(super) fn lines_of(text: &str, width: u16) -> usize {
    // Widths are told in digits; letters are narrower.
    let room = usize::from(width).max(2) * 5 / 4;
    text.split('\n').map(|line| broken(line, room)).sum()
}

fn broken(line: &str, room: usize) -> usize {
    let (mut lines, mut used) = (1, 0);
    for word in line.split(' ') {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            lines += 1;
            used = 0;
        }
        used += length + usize::from(used > 0);
        // A word that is longer than a line is broken where it ends.
        while used > room {
            lines += 1;
            used -= room;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_beyond_the_last_are_counted_and_said() {
        let look = Look::new(Lang::En);
        let mut table = Table::new("x", vec![Column::wide("a", 10)], 1, &look, Lang::En).unwrap();
        table.most_rows = 5;
        for n in 0..7 {
            table.add(&[Cell::Count(n)]).unwrap();
        }
        // A header, three rows and the sentence.
        assert_eq!((table.row, table.left_out), (4, 4));
        let done = table.end("").unwrap();
        assert_eq!(done.said.as_deref(), Some("… 4 more rows do not fit a sheet; see the JSON or CSV report."));
    }

    #[test]
    fn columns_beyond_the_last_are_counted_and_said() {
        let look = Look::new(Lang::En);
        let columns = vec![Column::wide("a", 10); MOST_COLUMNS + 2];
        let mut table = Table::new("x", columns, 1, &look, Lang::En).unwrap();
        table.add(&vec![Cell::Count(1); MOST_COLUMNS + 2]).unwrap();
        let done = table.end("").unwrap();
        assert_eq!(done.said.as_deref(), Some("… 2 more columns do not fit a sheet; see the JSON or CSV report."));
    }

    #[test]
    fn the_lines_of_a_text_are_counted_by_its_width() {
        assert_eq!(lines_of("một\nhai ba", 10), 2);
        assert_eq!(lines_of("không đạt", 5), 2);
        assert_eq!(lines_of(&"x".repeat(101), 10), 9);
        assert_eq!(lines_of("", 10), 1);
        assert_eq!(height(1), None);
        assert_eq!(height(10_000), Some(210.0));
    }
}
