//! Workbooks: their visible sheets, cell by cell as they stand in the file, so that a workbook that claims millions of
//! rows costs nothing. What it unpacks to is counted before it is read.

use std::io::{Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};

use super::{Cell, Limits, Row, Sheet, too_many_cells, too_many_columns, too_many_rows};
use crate::policy::Text;

/// The visible sheets that hold something.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Vec<Sheet>, Text> {
    measure(bytes, limits)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    let visible = |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible;
    let names: Vec<String> = workbook.sheets_metadata().iter().filter(visible).map(|s| s.name.clone()).collect();
    let mut sheets = Vec::new();
    let mut cells = 0;
    for name in names {
        let rows = rows(&mut workbook, &name, limits, &mut cells)?;
        if !rows.is_empty() {
            sheets.push(Sheet { name: Some(crate::finding::safe(&name, 60)), rows });
        }
    }
    if sheets.is_empty() {
        return Err(Text::new("bảng tính trống.", "the workbook is empty."));
    }
    Ok(sheets)
}

/// Unpacks everything once and keeps nothing: what an archive says of its own sizes may be a lie.
fn measure(bytes: &[u8], limits: &Limits) -> Result<(), Text> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(&e.to_string()))?;
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(Text::new(
            "đây là tệp nén nhưng không phải XLSX; hãy lưu bảng thành .xlsx hoặc “CSV UTF-8”.",
            "this is an archive but no XLSX; save the table as .xlsx or “CSV UTF-8”.",
        ));
    }
    let mut left = limits.unpacked;
    for index in 0..archive.len() {
        let file = archive.by_index(index).map_err(|e| damaged(&e.to_string()))?;
        let unpacked = std::io::copy(&mut file.take(left.saturating_add(1)), &mut std::io::sink());
        let unpacked = unpacked.map_err(|e| damaged(&e.to_string()))?;
        left = left.checked_sub(unpacked).ok_or_else(|| {
            let most = limits.unpacked >> 20;
            Text::new(
                format!("giải nén ra hơn {most} MiB; hãy chỉ giữ bảng số liệu trong tệp."),
                format!("it unpacks to more than {most} MiB; keep only the table of figures in the file."),
            )
        })?;
    }
    Ok(())
}

fn damaged(why: &str) -> Text {
    let why = crate::finding::safe(why, 200);
    Text::new(
        format!("không đọc được tệp XLSX: {why}; hãy mở bằng Excel và lưu lại."),
        format!("cannot read the XLSX file: {why}; open it in Excel and save it again."),
    )
}

fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, name: &str, limits: &Limits, cells: &mut usize) -> Result<Vec<Row>, Text> {
    let mut rows: std::collections::BTreeMap<u32, Row> = std::collections::BTreeMap::new();
    // A sheet that holds only a chart has no cells.
    let Ok(mut reader) = workbook.worksheet_cells_reader(name) else { return Ok(Vec::new()) };
    while let Some(read) = reader.next_cell_with_formula_metadata().map_err(|e| damaged(&e.to_string()))? {
        let (row, column) = read.pos;
        let cell = match read.value {
            DataRef::Empty if read.formula.is_some() => Cell::Uncalculated,
            value => cell(value, limits),
        };
        if cell.is_empty() {
            continue;
        }
        if row >= limits.rows {
            return Err(too_many_rows(limits));
        }
        if column >= limits.columns {
            return Err(too_many_columns(limits, row + 1));
        }
        *cells += 1;
        if *cells > limits.cells {
            return Err(too_many_cells(limits));
        }
        let row = rows.entry(row).or_insert_with(|| Row { number: row + 1, cells: Vec::new() });
        let column = column as usize;
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Cell::Empty);
        }
        row.cells[column] = cell;
    }
    Ok(rows.into_values().collect())
}

fn cell(value: DataRef<'_>, limits: &Limits) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::text(&text, limits),
        DataRef::SharedString(text) => Cell::text(text, limits),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet's numbers are doubles")]
        DataRef::Int(number) => Cell::Number(number as f64),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::Bool(truth) => Cell::text(if truth { "TRUE" } else { "FALSE" }, limits),
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Cell::Date,
        DataRef::Error(error) => Cell::Fault(error.to_string()),
    }
}
