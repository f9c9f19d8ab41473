//! Whole numbers as tables write them. Which of point, comma and space parts the thousands is decided for a column as
//! a whole; what is not a whole number of visits is told with its cell, and what stands for “no figure” is known.

use std::collections::BTreeMap;

use super::fold::plain;
use super::table::{Cell, Sheet};
use crate::finding::safe;
use crate::policy::Text;

/// A cell of the visits' column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Figure {
    /// So many.
    Known(u64),
    /// None; what stands there instead.
    Missing(Option<String>),
}

/// A cell that is no figure, with its place and the remedy.
pub(super) type Fault = Text;

/// The figures of a column by index of their rows, and what is to be said of how they were read.
#[derive(Debug, Default)]
pub(super) struct Column {
    pub(super) figures: BTreeMap<usize, Result<Figure, Fault>>,
    /// Cells that would be another number if their point or comma parted decimals: how many, and the first.
    pub(super) assumed: Option<(usize, u32, String)>,
    /// The points or commas in the column contradict each other.
    pub(super) contradiction: Option<Fault>,
}

/// What a text of digits may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Digits only, or parted by spaces in threes.
    Plain(u64),
    /// Parted in threes by this, at two places or more, or beside decimals of the other kind that are nought.
    Parted(char, u64),
    /// One point or comma with three digits behind it: a thousand, or decimals.
    Either(char, u64),
    /// A number with decimals by this.
    Decimal(char),
    /// None of these.
    Other,
}

/// Reads the column of a sheet at some of its rows.
pub(super) fn column(sheet: &Sheet, rows: &[usize], column: usize) -> Column {
    let mut read = Column::default();
    let mut forms: Vec<(usize, Form)> = Vec::new();
    for index in rows {
        let Some(row) = sheet.rows.get(*index) else { continue };
        let at = || sheet.at(row.number, column);
        match row.cell(column) {
            Cell::Text(text) if missing(text) => {
                read.figures.insert(*index, Ok(Figure::Missing(Some(safe(text, 100)))));
            }
            Cell::Text(text) => forms.push((*index, form(text))),
            cell => {
                read.figures.insert(*index, typed(cell, &at()));
            }
        }
    }
    let place = |wanted: &dyn Fn(Form) -> bool| {
        let (index, _) = forms.iter().find(|(_, form)| wanted(*form))?;
        let row = sheet.rows.get(*index)?;
        Some((row.number, row.cell(column).shown()))
    };
    let parts = |sign: char| place(&|form| matches!(form, Form::Parted(s, _) if s == sign));
    let either = |sign: char| place(&|form| matches!(form, Form::Either(s, _) if s == sign));
    let (dot, comma) = (parts('.'), parts(','));
    let unsure = (either('.'), either(','));
    // One sign for thousands in a column: shown by a number that allows no other reading, else the only one used.
    let thousands = match (&dot, &comma, &unsure.0, &unsure.1) {
        (Some(one), Some(two), _, _) | (None, None, Some(one), Some(two)) => {
            read.contradiction = Some(contradiction(sheet, column, one, two));
            None
        }
        (Some(_), None, _, _) => Some('.'),
        (None, Some(_), _, _) => Some(','),
        (None, None, Some(_), None) => Some('.'),
        (None, None, None, Some(_)) => Some(','),
        (None, None, None, None) => None,
    };
    let shown_by_others = dot.is_some() || comma.is_some();
    for (index, form) in forms {
        let Some(row) = sheet.rows.get(index) else { continue };
        let text = row.cell(column).shown();
        let figure = match form {
            Form::Plain(number) => Ok(Figure::Known(number)),
            Form::Parted(sign, number) if Some(sign) == thousands => Ok(Figure::Known(number)),
            Form::Either(sign, number) if Some(sign) == thousands => {
                if !shown_by_others {
                    let (count, _, _) = read.assumed.get_or_insert((0, row.number, text.clone()));
                    *count += 1;
                }
                Ok(Figure::Known(number))
            }
            Form::Decimal(_) | Form::Parted(..) | Form::Either(..) => {
                Err(fraction(&sheet.at(row.number, column), &text))
            }
            Form::Other => Err(no_number(&sheet.at(row.number, column), &text)),
        };
        read.figures.insert(index, figure);
    }
    read
}

/// What a text is in place of a figure: `-`, `N/A`, `chưa có số liệu`.
fn missing(text: &str) -> bool {
    if text.chars().all(|c| matches!(c, '-' | '–' | '—' | '−' | '.' | '…' | '_' | '?' | '*' | 'x' | 'X' | '/'))
    {
        return true;
    }
    let plain = plain(text);
    let whole = ["na", "n a", "nan", "null", "none", "nil", "missing", "unknown", "khuyet", "trong", "kxd", "kcsl"];
    let begins = ["chua ", "khong co", "khong ro", "khong xac dinh", "khong ket noi", "no data", "not ", "thieu"];
    whole.contains(&plain.as_str()) || begins.iter().any(|start| plain.starts_with(start))
}

/// The largest whole number that a spreadsheet holds exactly.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A cell that is no text.
fn typed(cell: &Cell, at: &Text) -> Result<Figure, Fault> {
    match cell {
        Cell::Empty => Ok(Figure::Missing(None)),
        Cell::Number(number) => whole(*number).map(Figure::Known).ok_or_else(|| {
            if number.fract() == 0.0 { no_number(at, &number.to_string()) } else { fraction(at, &number.to_string()) }
        }),
        Cell::Fault(fault) if fault == "#N/A" => Ok(Figure::Missing(Some(fault.clone()))),
        Cell::Fault(fault) => Err(Text::new(
            format!("{}: công thức bị lỗi {fault}; hãy sửa công thức rồi lưu lại.", at.vi),
            format!("{}: the formula fails with {fault}; mend it and save again.", at.en),
        )),
        Cell::Date => Err(Text::new(
            format!("{}: là ngày tháng, không phải số lượt truy cập; hãy đổi định dạng ô về Số (Number).", at.vi),
            format!("{}: a date, not a number of visits; give the cell the format Number.", at.en),
        )),
        Cell::Uncalculated => Err(Text::new(
            format!("{}: công thức chưa có kết quả; hãy mở tệp bằng Excel hoặc LibreOffice rồi lưu lại.", at.vi),
            format!("{}: a formula without its result; open the file in Excel or LibreOffice and save it.", at.en),
        )),
        Cell::Text(text) => Err(no_number(at, text)),
    }
}

/// A whole number that is not negative.
pub(super) fn whole(number: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "just seen to be whole and in range")]
    (number.fract() == 0.0 && (0.0..=EXACT).contains(&number)).then_some(number as u64)
}

fn no_number(at: &Text, text: &str) -> Fault {
    let text = safe(text, 60);
    Text::new(
        format!(
            "{}: “{text}” không phải số lượt truy cập; hãy ghi số nguyên không âm, để trống hoặc ghi “-” nếu chưa có số liệu.",
            at.vi
        ),
        format!(
            "{}: “{text}” is no number of visits; write a whole number, or nothing or “-” where there is no figure.",
            at.en
        ),
    )
}

fn fraction(at: &Text, text: &str) -> Fault {
    let text = safe(text, 60);
    Text::new(
        format!(
            "{}: “{text}” không phải số nguyên; nếu dấu phân cách hàng nghìn đã bị đọc thành dấu thập phân, hãy ghi lại đủ các chữ số.",
            at.vi
        ),
        format!(
            "{}: “{text}” is not a whole number; if a sign of thousands was taken for a decimal one, write all digits anew.",
            at.en
        ),
    )
}

fn contradiction(sheet: &Sheet, column: usize, one: &(u32, String), two: &(u32, String)) -> Fault {
    let (a, b) = (sheet.at(one.0, column), sheet.at(two.0, column));
    let (x, y) = (safe(&one.1, 60), safe(&two.1, 60));
    Text::new(
        format!(
            "dấu phân cách hàng nghìn không thống nhất: {} là “{x}”, {} là “{y}”; hãy dùng một dấu cho cả cột.",
            a.vi, b.vi
        ),
        format!(
            "thousands are parted in two ways: {} is “{x}”, {} is “{y}”; use one sign in the whole column.",
            a.en, b.en
        ),
    )
}

/// Reads digits with whatever parts them.
fn form(text: &str) -> Form {
    let lower = text.to_lowercase();
    // A unit after the number says nothing new.
    let text =
        ["lượt truy cập", "lượt", "visits"].iter().find_map(|unit| lower.strip_suffix(unit)).unwrap_or(&lower).trim();
    let spaced = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’');
    let mut digits = String::new();
    let mut groups: Vec<(Option<char>, usize)> = vec![(None, 0)];
    for c in text.chars() {
        match c {
            '0'..='9' => {
                digits.push(c);
                if let Some((_, length)) = groups.last_mut() {
                    *length += 1;
                }
            }
            '.' | ',' => groups.push((Some(c), 0)),
            c if spaced(c) => groups.push((Some(' '), 0)),
            _ => return Form::Other,
        }
    }
    let Ok(number) = digits.parse::<u64>() else { return Form::Other };
    let leading = groups.first().map_or(0, |(_, length)| *length);
    let behind = groups.get(1..).unwrap_or_default();
    let threes = |groups: &[(Option<char>, usize)]| groups.iter().all(|(_, length)| *length == 3);
    let signs: Vec<char> = behind.iter().filter_map(|(sign, _)| *sign).collect();
    let one_sign = signs.windows(2).all(|pair| pair[0] == pair[1]);
    let led = (1..=3).contains(&leading) && !text.starts_with('0');
    match (signs.as_slice(), behind) {
        ([], _) => Form::Plain(number),
        ([' ', ..], _) if one_sign => {
            if led && threes(behind) {
                Form::Plain(number)
            } else {
                Form::Other
            }
        }
        ([sign], [(_, 3)]) if led => Form::Either(*sign, number),
        ([sign], [(_, length)]) if *length > 0 => Form::Decimal(*sign),
        ([sign, _, ..], _) if one_sign => {
            if led && threes(behind) {
                Form::Parted(*sign, number)
            } else {
                Form::Other
            }
        }
        // `1.234,00`: the last of two signs parts decimals.
        ([first @ .., last], [parts @ .., (_, decimals)])
            if led
                && first.iter().all(|sign| Some(sign) == first.first())
                && first.first() != Some(last)
                && *last != ' '
                && threes(parts) =>
        {
            let sign = first.first().copied().unwrap_or(' ');
            let nought = digits.len() >= *decimals && digits.ends_with(&"0".repeat(*decimals));
            match digits.get(..digits.len().saturating_sub(*decimals)).and_then(|whole| whole.parse().ok()) {
                Some(whole) if nought && *decimals > 0 && sign == ' ' => Form::Plain(whole),
                Some(whole) if nought && *decimals > 0 => Form::Parted(sign, whole),
                _ => Form::Decimal(*last),
            }
        }
        _ => Form::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::table::Row;

    fn sheet(cells: &[Cell]) -> Sheet {
        let rows = (1..).zip(cells).map(|(number, cell)| Row { number, cells: vec![cell.clone()] }).collect();
        Sheet { name: Some("S".to_owned()), rows }
    }

    fn texts(cells: &[&str]) -> Column {
        let cells: Vec<Cell> = cells.iter().map(|text| Cell::Text((*text).to_owned())).collect();
        let sheet = sheet(&cells);
        column(&sheet, &(0..cells.len()).collect::<Vec<_>>(), 0)
    }

    fn known(column: &Column) -> Vec<Option<u64>> {
        let number = |figure: &Result<Figure, Fault>| match figure {
            Ok(Figure::Known(number)) => Some(*number),
            _ => None,
        };
        column.figures.values().map(number).collect()
    }

    #[test]
    fn thousands_are_read_both_ways_and_by_spaces() {
        assert_eq!(known(&texts(&["1.234.567", "1.234", "12"])), [Some(1_234_567), Some(1_234), Some(12)]);
        assert_eq!(known(&texts(&["1,234,567", "1,234", "12"])), [Some(1_234_567), Some(1_234), Some(12)]);
        assert_eq!(
            known(&texts(&["1 234 567", "1\u{a0}234", "1\u{202f}234"])),
            [Some(1_234_567), Some(1_234), Some(1_234)]
        );
        assert_eq!(known(&texts(&["1.234,00", "2.000.000,0", "5,5"])), [Some(1_234), Some(2_000_000), None]);
        assert!(texts(&["1.234,00", "3,500.00"]).contradiction.is_some());
        assert_eq!(
            known(&texts(&["1.234 lượt", "1.234.567 Lượt truy cập", "0"])),
            [Some(1_234), Some(1_234_567), Some(0)]
        );
    }

    #[test]
    fn a_single_sign_is_decided_by_the_column_or_said() {
        let others = texts(&["1.234", "1.234.567"]);
        assert_eq!((known(&others), others.assumed), (vec![Some(1_234), Some(1_234_567)], None));
        // Beside 1,234,567 a point can only part decimals.
        let decimal = texts(&["1.234", "1,234,567"]);
        assert_eq!(known(&decimal), [None, Some(1_234_567)]);
        let alone = texts(&["1.234", "567", "8.910"]);
        assert_eq!(
            (known(&alone), alone.assumed),
            (vec![Some(1_234), Some(567), Some(8_910)], Some((2, 1, "1.234".to_owned())))
        );
        assert!(texts(&["1.234", "1,234"]).contradiction.is_some());
        assert!(texts(&["1.234.567", "1,234,567"]).contradiction.is_some());
    }

    #[test]
    fn what_is_no_whole_number_is_told_with_its_cell() {
        for text in [
            "-5",
            "12,5",
            "0.123",
            "12.34.567",
            "1.2345",
            "1234.567",
            "1e6",
            "+7",
            "12 34",
            "=1+1",
            "1,23,456",
            "5%",
            "12.",
            ".5",
            "99999999999999999999",
            "không",
        ] {
            let read = texts(&[text]);
            let fault = read.figures[&0].as_ref().expect_err(text);
            assert!(fault.vi.starts_with("ô A1") && fault.en.starts_with("cell A1"), "{text}: {}", fault.en);
        }
    }

    #[test]
    fn what_stands_for_no_figure_is_missing_and_never_nought() {
        for text in [
            "-",
            "–",
            "…",
            "N/A",
            "n/a",
            "chưa có số liệu",
            "Chưa gắn mã",
            "Không có số liệu",
            "không kết nối",
            "no data",
        ] {
            assert_eq!(texts(&[text]).figures[&0], Ok(Figure::Missing(Some(text.to_owned()))), "{text}");
        }
        let typed = sheet(&[Cell::Empty, Cell::Fault("#N/A".to_owned())]);
        let read = column(&typed, &[0, 1], 0);
        assert_eq!(read.figures[&0], Ok(Figure::Missing(None)));
        assert!(matches!(read.figures[&1], Ok(Figure::Missing(Some(_)))));
    }

    #[test]
    fn cells_of_a_workbook_are_taken_by_their_type() {
        let cells = [
            Cell::Number(1_234_567.0),
            Cell::Number(1.234),
            Cell::Number(-1.0),
            Cell::Number(1e300),
            Cell::Number(f64::NAN),
            Cell::Date,
            Cell::Fault("#REF!".to_owned()),
            Cell::Uncalculated,
        ];
        let read = column(&sheet(&cells), &(0..cells.len()).collect::<Vec<_>>(), 0);
        assert_eq!(known(&read)[0], Some(1_234_567));
        assert!((1..cells.len()).all(|n| read.figures[&n].is_err()), "{:?}", read.figures);
    }
}
