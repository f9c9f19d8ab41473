//! The bytes of a table file become sheets of typed cells: CSV in the encodings Vietnamese offices write, or XLSX.
//! Within limits; knows nothing of what the columns mean.

mod csv;
mod decode;
#[cfg(feature = "office")]
mod xlsx;

use super::fold::tidy;
use crate::policy::Text;

/// How much of a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: u64,
    /// Bytes of what is packed in it.
    pub unpacked: u64,
    /// Rows of a sheet, also empty ones between others.
    pub rows: u32,
    /// Columns.
    pub columns: u32,
    /// Cells of the file that hold something.
    pub cells: usize,
    /// Characters of a cell that are kept.
    pub cell: usize,
    /// First rows among which the header is sought.
    pub header: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, unpacked: 64 << 20, rows: 20_000, columns: 200, cells: 400_000, cell: 500, header: 50 }
    }
}

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text, tidied and cut.
    Text(String),
    /// A number that the file holds as one.
    Number(f64),
    /// A date or time that the file holds as one.
    Date,
    /// An error of the spreadsheet: `#REF!`.
    Fault(String),
    /// A formula whose result was not saved.
    Uncalculated,
}

impl Cell {
    fn text(text: &str, limits: &Limits) -> Self {
        let tidy = tidy(text, limits.cell);
        if tidy.is_empty() { Self::Empty } else { Self::Text(tidy) }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// As people see it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Empty | Self::Uncalculated | Self::Date => String::new(),
            Self::Text(text) | Self::Fault(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A row that holds something.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Row of the sheet, or line of the text on which it begins; from 1.
    pub number: u32,
    /// Its cells, without empty ones at the end.
    pub cells: Vec<Cell>,
}

impl Row {
    /// The cell of a column; empty beyond the last.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    /// Columns that hold something.
    pub(super) fn filled(&self) -> impl Iterator<Item = usize> {
        self.cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()).map(|(n, _)| n)
    }
}

/// A sheet, or the whole of a text file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// Its name in the workbook; a text file has none.
    pub name: Option<String>,
    /// Its rows; those without anything are left out.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// Where a cell stands, for people: `ô C5` of a workbook, `dòng 5, cột C` of a text.
    pub(super) fn at(&self, row: u32, column: usize) -> Text {
        let letters = letters(column);
        match &self.name {
            Some(name) => Text::new(format!("ô {letters}{row} (“{name}”)"), format!("cell {letters}{row} (“{name}”)")),
            None => Text::new(format!("dòng {row}, cột {letters}"), format!("line {row}, column {letters}")),
        }
    }
}

/// The letters of a column: A, B … Z, AA.
pub(super) fn letters(column: usize) -> String {
    let mut rest = column;
    let mut out = Vec::new();
    loop {
        out.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    out.iter().rev().collect()
}

/// The column of its letters; `None` for what is none.
pub(super) fn column_of(letters: &str) -> Option<usize> {
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_uppercase()) {
        return None;
    }
    Some(letters.bytes().fold(0, |n, b| n * 26 + usize::from(b - b'A') + 1) - 1)
}

/// The sheets of a file; of a text file one. The kind is told by the bytes, not by the name.
///
/// # Errors
/// Why the file cannot be read, and what to do.
pub fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Text> {
    if bytes.len() as u64 > limits.bytes {
        let most = limits.bytes >> 20;
        return Err(Text::new(
            format!("tệp lớn hơn {most} MiB; bảng số liệu không lớn đến thế."),
            format!("the file is larger than {most} MiB; no table of figures is."),
        ));
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Err(Text::new(
            "đây là tệp Excel 97–2003 (.xls) hoặc tệp có mật khẩu; hãy mở bằng Excel và lưu thành .xlsx, không mật khẩu.",
            "this is an Excel 97–2003 file (.xls) or one with a password; open it in Excel and save it as .xlsx, \
             without a password.",
        ));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return workbook(bytes, limits);
    }
    let text = decode::decode(bytes)?;
    csv::read(&text, limits).map(|sheet| vec![sheet])
}

#[cfg(feature = "office")]
fn workbook(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Text> {
    xlsx::read(bytes, limits)
}

#[cfg(not(feature = "office"))]
fn workbook(_: &[u8], _: &Limits) -> Result<Vec<Sheet>, Text> {
    Err(Text::new(
        "bản rasoat này không đọc được XLSX (build không có tính năng office); hãy lưu bảng thành “CSV UTF-8”.",
        "this build of rasoat cannot read XLSX (built without the feature office); save the table as “CSV UTF-8”.",
    ))
}

fn too_many_rows(limits: &Limits) -> Text {
    let most = limits.rows;
    Text::new(
        format!("bảng có hơn {most} dòng; hãy xóa các dòng thừa."),
        format!("the table has more than {most} rows; remove those that do not belong to it."),
    )
}

fn too_many_columns(limits: &Limits, row: u32) -> Text {
    let most = limits.columns;
    Text::new(
        format!("dòng {row}: hơn {most} cột; hãy xóa các cột thừa."),
        format!("row {row}: more than {most} columns; remove those that do not belong to the table."),
    )
}

fn too_many_cells(limits: &Limits) -> Text {
    let most = limits.cells;
    Text::new(
        format!("tệp có hơn {most} ô có nội dung; hãy chỉ giữ bảng số liệu."),
        format!("the file has more than {most} filled cells; keep only the table of figures."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
            assert_eq!(column_of(name), Some(column));
        }
        assert_eq!(column_of("a"), None);
        assert_eq!(column_of("ABCD"), None);
    }

    #[test]
    fn files_that_are_no_tables_are_refused_with_the_remedy() {
        let limits = Limits { bytes: 100, ..Limits::default() };
        assert!(read(&[b'a'; 101], &limits).is_err());
        assert!(read(&[b'a'; 100], &limits).is_ok());
        let old = read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", &limits).unwrap_err();
        assert!(old.vi.contains(".xlsx") && old.en.contains(".xlsx"));
    }
}
