//! Separated values as offices write them: comma, semicolon, tab or bar, quoted cells with line breaks, a `sep=`
//! line. The separator is the one by which a header is found.

use super::{Cell, Limits, Row, Sheet, too_many_cells, too_many_columns, too_many_rows};
use crate::policy::Text;
use crate::rank::header;

const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// The table of a text.
pub(super) fn read(text: &str, limits: &Limits) -> Result<Sheet, Text> {
    if let Some((separator, rest)) = named(text) {
        // Its line counts, so that lines stay those of an editor.
        return rows(rest, separator, limits, usize::MAX).map(|mut rows| {
            rows.iter_mut().for_each(|row| row.number += 1);
            Sheet { name: None, rows }
        });
    }
    let tried = SEPARATORS.map(|separator| {
        let sheet = Sheet { name: None, rows: rows(text, separator, limits, limits.header).unwrap_or_default() };
        let widest = sheet.rows.iter().filter(|row| row.filled().count() > 1).count();
        ((header::found(&sheet, limits), widest), separator)
    });
    // The first of equals: a comma.
    let best = tried.iter().rev().max_by_key(|(score, _)| *score).map_or(',', |(_, separator)| *separator);
    rows(text, best, limits, usize::MAX).map(|rows| Sheet { name: None, rows })
}

/// The separator that a spreadsheet names in a first line of its own.
fn named(text: &str) -> Option<(char, &str)> {
    let (line, rest) = text.split_once('\n')?;
    let line = line.trim_end_matches('\r').trim_matches('"');
    let mut rest_of_line = line.strip_prefix("sep=")?.chars();
    let separator = rest_of_line.next()?;
    rest_of_line.next().is_none().then_some((separator, rest))
}

/// The first rows that hold something, at most so many.
fn rows(text: &str, separator: char, limits: &Limits, most: usize) -> Result<Vec<Row>, Text> {
    let mut rows: Vec<Row> = Vec::new();
    let mut cells = 0;
    let mut chars = text.chars().peekable();
    let (mut line, mut number) = (1_u32, 0_u32);
    while chars.peek().is_some() && rows.len() < most {
        number += 1;
        if number > limits.rows {
            return Err(too_many_rows(limits));
        }
        let began = line;
        let mut row = Row { number: began, cells: Vec::new() };
        loop {
            let (cell, ended) = cell(&mut chars, separator, &mut line, limits)?;
            row.cells.push(cell);
            if row.cells.len() > limits.columns as usize {
                // Empty cells at the end of lines are what a spreadsheet leaves behind.
                let filled = row.cells.iter().rposition(|c| !c.is_empty()).map_or(0, |n| n + 1);
                if filled > limits.columns as usize {
                    return Err(too_many_columns(limits, began));
                }
                row.cells.truncate(filled.max(limits.columns as usize));
            }
            if ended {
                break;
            }
        }
        while row.cells.last().is_some_and(Cell::is_empty) {
            row.cells.pop();
        }
        cells += row.filled().count();
        if cells > limits.cells {
            return Err(too_many_cells(limits));
        }
        if !row.cells.is_empty() {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// The next cell, and whether it ends its row.
fn cell(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    separator: char,
    line: &mut u32,
    limits: &Limits,
) -> Result<(Cell, bool), Text> {
    let mut text = String::new();
    let mut quoted = false;
    let began = *line;
    let ended = loop {
        let Some(c) = chars.next() else {
            if quoted {
                return Err(Text::new(
                    format!("dòng {began}: dấu ngoặc kép mở ở đây không được đóng."),
                    format!("line {began}: the quotation mark that opens here is never closed."),
                ));
            }
            break true;
        };
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                text.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if text.trim().is_empty() => quoted = true,
            '\r' | '\n' => {
                if c == '\r' && chars.peek() == Some(&'\n') {
                    chars.next();
                }
                *line += 1;
                if !quoted {
                    break true;
                }
                text.push(' ');
            }
            c if c == separator && !quoted => break false,
            c => text.push(c),
        }
    };
    Ok((Cell::text(&text, limits), ended))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        let sheet = read(text, &Limits::default()).unwrap();
        sheet.rows.iter().map(|row| row.cells.iter().map(Cell::shown).collect()).collect()
    }

    #[test]
    fn the_separator_is_the_one_that_gives_a_header() {
        let wanted = vec![vec!["Đơn vị", "Lượt truy cập"], vec!["Bộ Văn hóa, Thể thao và Du lịch", "1,234,567"]];
        for separator in [";", "\t", "|"] {
            let text = wanted.iter().map(|row| row.join(separator)).collect::<Vec<_>>().join("\n");
            assert_eq!(cells(&text), wanted, "{separator:?}");
            // Lines above the header that hold the other separators do not mislead.
            let title = format!("Bảng 1, năm 2024, kỳ 2, số liệu EMC, bản 3\n{text}");
            assert_eq!(cells(&title)[1..], wanted, "{separator:?}");
        }
        let quoted = "Đơn vị,Lượt truy cập\r\n\"Bộ Văn hóa, Thể thao và Du lịch\",\"1,234,567\"\r\n";
        assert_eq!(cells(quoted), wanted);
        assert_eq!(cells(&format!("sep=;\n{}", "a;b,c\n")), [["a", "b,c"]]);
    }

    #[test]
    fn quoted_cells_hold_breaks_and_lines_are_still_counted() {
        let sheet = read("name,visits\n\"A\nB \"\"x\"\"\",5\n\n\nC,6", &Limits::default()).unwrap();
        assert_eq!(sheet.rows[1].cells[0], Cell::Text("A B \"x\"".to_owned()));
        assert_eq!(sheet.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 6]);
        let open = read("name,visits\nA,5\n\"B,6\nC,7", &Limits::default()).unwrap_err();
        assert!(open.en.starts_with("line 3:"), "{}", open.en);
    }

    #[test]
    fn limits_hold() {
        let limits = Limits { rows: 3, columns: 2, cells: 5, ..Limits::default() };
        assert!(read("a,b\n\n\nc", &limits).is_err(), "rows");
        assert!(read("a,b\n1,2,3", &limits).is_err(), "columns");
        assert!(read("a,b,,,,,\n1,2,,,", &limits).is_ok(), "empty columns are none");
        assert!(read("a,b\n1,2\n3,4", &limits).is_err(), "cells");
    }
}
