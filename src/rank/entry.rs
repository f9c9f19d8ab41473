//! The rows of sheets as portals with their figures, and what is to be said of how the table was read. Cells that
//! cannot be what their column says stop the reading, all of them named.

use indexmap::IndexMap;

use super::figure::{Figure, column, whole};
use super::fold::{plain, toned};
use super::header::{Columns, Kind};
use super::row::{Is, sorted};
use super::table::{Cell, Row, Sheet};
use crate::finding::{NoteLevel, safe, without_credentials};
use crate::policy::Text;

/// A portal of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) row: u32,
    pub(super) block: Option<String>,
    pub(super) name: String,
    pub(super) url: Option<String>,
    pub(super) id: Option<String>,
    pub(super) visits: Figure,
    pub(super) rank: Option<u32>,
    pub(super) level: Option<String>,
}

/// A note before it has its file.
pub(super) type Said = (NoteLevel, &'static str, Text, Vec<u32>);

/// The portals of a sheet.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) all: Vec<Entry>,
    pub(super) said: Vec<Said>,
}

/// Longest name, in characters.
const NAME: usize = 300;
/// Most faulty cells an error names.
const FAULTS: usize = 10;

/// Reads the portals below a header. Blocks that the table does not name have the name that is given.
///
/// # Errors
/// All cells that cannot be what their column says.
pub(super) fn read(sheet: &Sheet, columns: &Columns, block: Option<&str>) -> Result<Entries, Text> {
    let rows = sorted(sheet, columns);
    let portals: Vec<usize> = rows.iter().filter(|(_, is)| *is == Is::Portal).map(|(n, _)| *n).collect();
    let mut figures = columns.of(Kind::Visits).map(|visits| column(sheet, &portals, visits)).unwrap_or_default();
    let mut faults: Vec<Text> = figures.contradiction.take().into_iter().collect();
    let contradicted = !faults.is_empty();
    let mut entries = Entries::default();
    let mut current: Option<String> = block.map(str::to_owned);
    let (mut titles, mut remarks, mut totals) = (Vec::new(), Vec::new(), Vec::new());
    for (n, is) in &rows {
        let Some(row) = sheet.rows.get(*n) else { continue };
        match is {
            Is::Title(title) => {
                current = Some(safe(title, NAME));
                titles.push((row.number, safe(title, 100)));
            }
            Is::Total => totals.push(row.number),
            Is::Remark => remarks.push(row.number),
            Is::Header => {}
            Is::Portal => {
                if let Some(own) = columns.of(Kind::Block).map(|c| row.cell(c)).filter(|cell| !cell.is_empty()) {
                    current = Some(safe(&own.shown(), NAME));
                }
                let visits = match figures.figures.remove(n) {
                    Some(Ok(figure)) => figure,
                    Some(Err(fault)) => {
                        if !contradicted {
                            faults.push(fault);
                        }
                        continue;
                    }
                    None => Figure::Missing(None),
                };
                match entry(sheet, row, columns, current.clone(), visits) {
                    Ok(entry) => entries.all.push(entry),
                    Err(fault) => faults.push(fault),
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(together(&faults));
    }
    entries.say_how(columns, &titles, &totals, &remarks, figures.assumed);
    let alike = one_spelling(&mut entries.all);
    entries.said.extend(alike);
    if let Some(visits) = columns.of(Kind::Visits) {
        entries.compare_totals(sheet, &totals, visits);
    }
    Ok(entries)
}

/// Gives blocks that differ in case, punctuation or the place of a tone only the first spelling: whoever stands alone
/// in a block of its own is its first.
pub(super) fn one_spelling(all: &mut [Entry]) -> Option<Said> {
    let mut first: IndexMap<String, String> = IndexMap::new();
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    for entry in all {
        let Some(block) = &mut entry.block else { continue };
        let folded = Some(toned(block)).filter(|folded| !folded.is_empty()).unwrap_or_else(|| block.clone());
        let spelled = first.entry(folded).or_insert_with(|| block.clone());
        if spelled != block {
            let pair = format!("{block} → {spelled}");
            if !others.contains(&pair) {
                others.push(pair);
            }
            rows.push(entry.row);
            block.clone_from(spelled);
        }
    }
    let (count, list) = (rows.len(), super::listed(&others));
    let text = Text::new(
        format!("{count} dòng ghi tên khối khác cách viết, được xếp chung một khối: {}.", list.vi),
        format!("rows whose block is spelled in another way ({count}) are ranked in one block: {}.", list.en),
    );
    (count > 0).then_some((NoteLevel::Info, "blocks-alike", text, rows))
}

fn together(faults: &[Text]) -> Text {
    let shown = faults.iter().take(FAULTS);
    let mut vi = shown.clone().map(|f| f.vi.as_str()).collect::<Vec<_>>().join("\n  ");
    let mut en = shown.map(|f| f.en.as_str()).collect::<Vec<_>>().join("\n  ");
    let more = faults.len().saturating_sub(FAULTS);
    if more > 0 {
        vi.push_str(&format!("\n  … và {more} ô khác"));
        en.push_str(&format!("\n  … and {more} more"));
    }
    Text::new(vi, en)
}

fn entry(sheet: &Sheet, row: &Row, columns: &Columns, block: Option<String>, visits: Figure) -> Result<Entry, Text> {
    let text = |kind: Kind| -> Option<String> {
        let shown = columns.of(kind).map(|column| row.cell(column).shown())?;
        // A dash stands for nothing.
        (!plain(&shown).is_empty()).then(|| safe(&shown, NAME))
    };
    let url = text(Kind::Url).map(|url| without_credentials(&url));
    let id = text(Kind::Id);
    let Some(name) = text(Kind::Name).or_else(|| text(Kind::Unit)).or_else(|| url.clone()).or_else(|| id.clone())
    else {
        let column = [Kind::Name, Kind::Unit, Kind::Url, Kind::Id].into_iter().find_map(|kind| columns.of(kind));
        let at = sheet.at(row.number, column.unwrap_or_default());
        return Err(Text::new(
            format!("{}: thiếu tên đơn vị hoặc cổng; hãy ghi tên, hoặc xóa dòng này.", at.vi),
            format!("{}: the name of the unit or portal is missing; write it, or remove the row.", at.en),
        ));
    };
    let rank = match columns.of(Kind::Rank) {
        Some(column) => stated_rank(row.cell(column), || sheet.at(row.number, column))?,
        None => None,
    };
    Ok(Entry { row: row.number, block, name, url, id, visits, rank, level: text(Kind::Level) })
}

/// The rank that a cell states.
fn stated_rank(cell: &Cell, at: impl Fn() -> Text) -> Result<Option<u32>, Text> {
    let rank = match cell {
        Cell::Empty => return Ok(None),
        Cell::Number(number) => whole(*number),
        Cell::Text(text) if !text.chars().any(|c| c.is_ascii_digit()) => return Ok(None),
        Cell::Text(text) => text.trim_end_matches('.').parse().ok(),
        _ => None,
    };
    rank.and_then(|rank| u32::try_from(rank).ok()).filter(|rank| *rank > 0).map(Some).ok_or_else(|| {
        let (at, text) = (at(), safe(&cell.shown(), 60));
        Text::new(
            format!("{}: hạng “{text}” không phải số nguyên dương.", at.vi),
            format!("{}: the rank “{text}” is not a whole number above nought.", at.en),
        )
    })
}

impl Entries {
    fn say_how(
        &mut self,
        columns: &Columns,
        titles: &[(u32, String)],
        totals: &[u32],
        remarks: &[u32],
        assumed: Option<(usize, u32, String)>,
    ) {
        let mut say = |level, code, vi: String, en: String, rows: Vec<u32>| {
            self.said.push((level, code, Text::new(vi, en), rows));
        };
        let (read, header) = (columns.shown(), columns.row);
        say(
            NoteLevel::Info,
            "columns-read",
            format!("các cột được đọc (tiêu đề ở dòng {header}): {}.", read.vi),
            format!("columns read (header in row {header}): {}.", read.en),
            vec![header],
        );
        let scaled = columns.of(Kind::Visits).and_then(|column| columns.names.get(column)).filter(|name| {
            let name = format!(" {} ", plain(name));
            ["nghin", "ngan", "trieu", "ty", "thousand", "thousands", "million", "millions"]
                .iter()
                .any(|unit| name.contains(&format!(" {unit} ")))
        });
        if let Some(name) = scaled {
            let name = safe(name, 100);
            say(
                NoteLevel::Warning,
                "figures-scaled",
                format!(
                    "cột “{name}” không tính theo lượt; các số được giữ nguyên như trong bảng, thứ hạng không đổi."
                ),
                format!(
                    "the column “{name}” does not count single visits; its numbers are kept as they are, ranks are the same."
                ),
                vec![header],
            );
        }
        if let Some((count, row, text)) = assumed {
            let (number, text) = (text.replace(['.', ','], ""), safe(&text, 60));
            say(
                NoteLevel::Warning,
                "separator-read",
                format!(
                    "{count} ô chỉ có một dấu chấm hoặc phẩy, được hiểu là hàng nghìn vì lượt truy cập là số nguyên: “{text}” là {number}."
                ),
                format!(
                    "cells with a single point or comma ({count}), taken for thousands since visits are whole numbers: “{text}” is {number}."
                ),
                vec![row],
            );
        }
        if !titles.is_empty() {
            let names: Vec<&String> = titles.iter().map(|(_, title)| title).collect();
            let names = super::listed(&names);
            say(
                NoteLevel::Info,
                "block-titles",
                format!("dòng tiêu đề khối: {}.", names.vi),
                format!("rows read as titles of blocks: {}.", names.en),
                titles.iter().map(|(row, _)| *row).collect(),
            );
        }
        if !totals.is_empty() {
            say(
                NoteLevel::Info,
                "total-row",
                format!("{} dòng tổng cộng không phải cổng, không xếp hạng.", totals.len()),
                format!("rows of totals ({}) are no portals and are not ranked.", totals.len()),
                totals.to_vec(),
            );
        }
        if !remarks.is_empty() {
            say(
                NoteLevel::Info,
                "below-the-table",
                format!("{} dòng dưới bảng (ghi chú, người lập) được bỏ qua.", remarks.len()),
                format!("rows below the table ({}: remarks, signatures) are passed over.", remarks.len()),
                remarks.to_vec(),
            );
        }
    }

    /// A total that is the sum neither of all rows above it nor of its block is told.
    fn compare_totals(&mut self, sheet: &Sheet, totals: &[u32], visits: usize) {
        for total in totals {
            let Some(row) = sheet.rows.iter().find(|row| row.number == *total) else { continue };
            let indices: Vec<usize> = sheet.rows.iter().position(|r| r.number == *total).into_iter().collect();
            let is_average = row.filled().filter(|column| *column < visits).any(|column| {
                let label = plain(&row.cell(column).shown());
                ["trung binh", "binh quan", "average", "mean"].iter().any(|start| label.starts_with(start))
            });
            // A total is as large as no other cell, so its own signs tell how it is read.
            let read = column(sheet, &indices, visits).figures.into_values().next();
            let Some(Ok(Figure::Known(stated))) = read.filter(|_| !is_average) else { continue };
            let known = |entry: &&Entry| matches!(entry.visits, Figure::Known(_));
            let sum = |of: &mut dyn Iterator<Item = &Entry>| -> u64 {
                of.filter(known)
                    .map(|e| if let Figure::Known(n) = e.visits { n } else { 0 })
                    .fold(0, u64::saturating_add)
            };
            let above = || self.all.iter().filter(|entry| entry.row < *total);
            let block = above().next_back().map(|entry| entry.block.clone());
            let sums = [
                sum(&mut above()),
                sum(&mut self.all.iter()),
                sum(&mut above().filter(|entry| Some(&entry.block) == block.as_ref())),
                sum(&mut self.all.iter().filter(|e| e.row > *total)),
            ];
            if !sums.contains(&stated) {
                let [added, ..] = sums;
                self.said.push((
                    NoteLevel::Warning,
                    "total-differs",
                    Text::new(
                        format!(
                            "dòng {total}: tổng ghi trong bảng là {stated}, các dòng phía trên cộng lại là {added}."
                        ),
                        format!("row {total}: the table states a total of {stated}, the rows above add up to {added}."),
                    ),
                    vec![*total],
                ));
            }
        }
    }
}
