//! Ranks in competition order: equal figures share a rank, and as many ranks are left out after them. Portals without
//! figures stand last and have none.

use indexmap::IndexMap;

use super::entry::{self, Entries, Entry, Said};
use super::figure::Figure;
use super::header::{self, Kind, Named};
use super::stated::{self, Stated};
use super::table::{Limits, Sheet};
use super::{Block, By, Ranked, Ranking, listed};
use crate::finding::{NoteLevel, safe};
use crate::policy::Text;

/// What is asked of a table beside its ranks.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Columns the user named.
    pub columns: Vec<Named>,
    /// Sheets of the workbook; of several each is a block, unless it has blocks itself. None: the only one that has
    /// a header.
    pub sheets: Vec<String>,
    /// Counts per level that were printed beside the table.
    pub stated: Vec<Stated>,
}

/// Ranks the portals of a file.
///
/// # Errors
/// What cannot be read, with its place and the remedy.
pub fn rank(sheets: &[Sheet], source: &str, asked: &Asked, limits: &Limits) -> Result<Ranking, Text> {
    let chosen = chosen(sheets, asked, limits)?;
    let mut entries = Entries::default();
    let mut by = None;
    for sheet in &chosen {
        let columns = header::read(sheet, limits, &asked.columns)?;
        let own = if columns.of(Kind::Visits).is_some() { By::Visits } else { By::Stated };
        if by.is_some_and(|by| by != own) {
            return Err(Text::new(
                "các trang tính không cùng loại: có trang không có cột lượt truy cập.",
                "the sheets are not of one kind: one of them has no column of visits.",
            ));
        }
        by = Some(own);
        let name = sheet.name.as_deref().filter(|_| chosen.len() > 1);
        let read = entry::read(sheet, &columns, name)?;
        entries.all.extend(read.all);
        entries.said.extend(read.said);
    }
    if entries.all.is_empty() {
        return Err(Text::new("dưới dòng tiêu đề không có cổng nào.", "there is no portal below the header."));
    }
    let alike = entry::one_spelling(&mut entries.all);
    entries.said.extend(alike);
    let mut ranking = Ranking { source: safe(source, 300), by: by.unwrap_or_default(), ..Ranking::default() };
    for (level, code, message, rows) in std::mem::take(&mut entries.said) {
        ranking.say(level, code, message, &rows);
    }
    twice(&mut ranking, &entries.all);
    arrange(&mut ranking, &entries.all);
    let said = stated::check(&ranking, &entries.all, &asked.stated)?;
    for (level, code, message, rows) in said {
        ranking.say(level, code, message, &rows);
    }
    Ok(ranking)
}

fn chosen<'s>(sheets: &'s [Sheet], asked: &Asked, limits: &Limits) -> Result<Vec<&'s Sheet>, Text> {
    let name = |sheet: &&Sheet| sheet.name.clone().unwrap_or_default();
    if asked.sheets.is_empty() {
        let tables: Vec<&Sheet> = sheets.iter().filter(|sheet| header::found(sheet, limits) > 0).collect();
        return match tables.as_slice() {
            // The error of the first says what it lacks; a column that the user names may make it a table.
            [] => Ok(sheets.iter().take(1).collect()),
            [one] => Ok(vec![*one]),
            several => {
                let names: Vec<String> = several.iter().map(name).collect();
                let names = listed(&names);
                Err(Text::new(
                    format!(
                        "có nhiều trang tính là bảng: {}. Hãy chỉ rõ: --sheet TÊN (lặp lại được; mỗi trang là một khối).",
                        names.vi
                    ),
                    format!(
                        "several sheets are tables: {}. Say which: --sheet NAME (repeatable; each is a block).",
                        names.en
                    ),
                ))
            }
        };
    }
    let find = |wanted: &String| {
        sheets.iter().find(|sheet| sheet.name.as_deref() == Some(wanted.as_str())).ok_or_else(|| {
            let names: Vec<String> = sheets.iter().filter(|s| s.name.is_some()).map(|s| name(&s)).collect();
            let names = listed(&names);
            let wanted = safe(wanted, 60);
            Text::new(
                format!("--sheet: tệp không có trang tính “{wanted}”. Các trang tính: {}.", names.vi),
                format!("--sheet: the file has no sheet “{wanted}”. Sheets: {}.", names.en),
            )
        })
    };
    asked.sheets.iter().map(find).collect()
}

/// Portals that stand in the table twice.
fn twice(ranking: &mut Ranking, all: &[Entry]) {
    let mut ids: IndexMap<&str, Vec<u32>> = IndexMap::new();
    let mut addresses: IndexMap<String, Vec<u32>> = IndexMap::new();
    let mut names: IndexMap<(Option<&str>, String), Vec<u32>> = IndexMap::new();
    for entry in all {
        if let Some(id) = &entry.id {
            ids.entry(id).or_default().push(entry.row);
        }
        if let Some(address) = entry.url.as_deref().and_then(super::pair::address) {
            addresses.entry(address).or_default().push(entry.row);
        }
        names.entry((entry.block.as_deref(), super::fold::toned(&entry.name))).or_default().push(entry.row);
    }
    let several = |rows: &Vec<u32>| rows.len() > 1;
    let shown = |rows: &[u32]| rows.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let mut said: Vec<Said> = Vec::new();
    for (id, rows) in ids.iter().filter(|(_, rows)| several(rows)) {
        said.push((
            NoteLevel::Warning,
            "id-used-twice",
            Text::new(
                format!("mã EMC {id} được dùng ở nhiều dòng: {}.", shown(rows)),
                format!("the EMC id {id} is used in several rows: {}.", shown(rows)),
            ),
            rows.clone(),
        ));
    }
    for (address, rows) in addresses.iter().filter(|(_, rows)| several(rows)) {
        said.push((
            NoteLevel::Warning,
            "address-twice",
            Text::new(
                format!("địa chỉ {address} có ở nhiều dòng: {}.", shown(rows)),
                format!("the address {address} stands in several rows: {}.", shown(rows)),
            ),
            rows.clone(),
        ));
    }
    for ((_, name), rows) in names.iter().filter(|(_, rows)| several(rows)) {
        said.push((
            NoteLevel::Warning,
            "name-twice",
            Text::new(
                format!("tên “{name}” có ở nhiều dòng: {}.", shown(rows)),
                format!("the name “{name}” stands in several rows: {}.", shown(rows)),
            ),
            rows.clone(),
        ));
    }
    for (level, code, message, rows) in said.into_iter().take(MOST_TWICE) {
        ranking.say(level, code, message, &rows);
    }
}

/// Most notes about portals that stand in the table twice.
const MOST_TWICE: usize = 100;

/// Puts the portals into blocks, in order, with their ranks.
fn arrange(ranking: &mut Ranking, all: &[Entry]) {
    let mut blocks: IndexMap<Option<&str>, Vec<Ranked>> = IndexMap::new();
    for entry in all {
        blocks.entry(entry.block.as_deref()).or_default().push(ranked(entry, ranking.by));
    }
    let mut blocks: Vec<Block> = blocks
        .into_iter()
        .map(|(name, rows)| Block { name: name.map(str::to_owned), levels: stated::levels(&rows), rows })
        .collect();
    if ranking.by == By::Visits {
        for block in &mut blocks {
            let ranks = competition(&block.rows.iter().map(|row| row.visits).collect::<Vec<_>>());
            block.rows.iter_mut().zip(ranks).for_each(|(row, rank)| row.rank = rank);
        }
        if blocks.len() > 1 {
            let visits: Vec<Option<u64>> = blocks.iter().flat_map(|b| &b.rows).map(|row| row.visits).collect();
            let ranks = competition(&visits);
            blocks.iter_mut().flat_map(|b| &mut b.rows).zip(ranks).for_each(|(row, rank)| row.overall = rank);
        }
    }
    for block in &mut blocks {
        // Stable: equal ones, and those without a rank, stay in the table's order.
        block.rows.sort_by_key(|row| row.rank.unwrap_or(u32::MAX));
    }
    ranking.blocks = blocks;
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    let ranks = ranking.rows().any(|row| row.rank.is_some());
    for row in ranking.rows().filter(|row| ranks && row.rank.is_none()) {
        names.push(match &row.instead {
            Some(text) => format!("{} (“{text}”)", row.name),
            None => row.name.clone(),
        });
        rows.push(row.row);
    }
    if !names.is_empty() {
        let list = listed(&names);
        let (vi, en) = match ranking.by {
            By::Visits => ("không có số liệu lượt truy cập", "without a figure of visits"),
            By::Stated => ("không có hạng trong bảng", "without a rank in the table"),
        };
        let count = names.len();
        let message = Text::new(
            format!("{count} cổng {vi}, xếp cuối, không có hạng: {}.", list.vi),
            format!("portals {en} ({count}) stand last and have no rank: {}.", list.en),
        );
        ranking.say(NoteLevel::Warning, "unranked", message, &rows);
    }
}

fn ranked(entry: &Entry, by: By) -> Ranked {
    let (visits, instead) = match &entry.visits {
        Figure::Known(visits) => (Some(*visits), None),
        Figure::Missing(instead) => (None, instead.clone()),
    };
    Ranked {
        rank: entry.rank.filter(|_| by == By::Stated),
        name: entry.name.clone(),
        row: entry.row,
        url: entry.url.clone(),
        emc_site_id: entry.id.clone(),
        visits,
        instead,
        level: entry.level.clone(),
        ..Ranked::default()
    }
}

/// The rank of each figure among all of them, the largest first: one more than there are larger ones.
pub(super) fn competition(figures: &[Option<u64>]) -> Vec<Option<u32>> {
    let mut sorted: Vec<u64> = figures.iter().flatten().copied().collect();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let larger = |figure: u64| sorted.partition_point(|other| *other > figure);
    figures.iter().map(|figure| figure.and_then(|figure| u32::try_from(larger(figure) + 1).ok())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_figures_share_a_rank_and_leave_out_the_next() {
        let known = |figures: &[u64]| competition(&figures.iter().map(|f| Some(*f)).collect::<Vec<_>>());
        let ranks: Vec<u32> = known(&[90, 80, 70, 60, 60, 60, 60, 50, 50, 10]).into_iter().flatten().collect();
        assert_eq!(ranks, [1, 2, 3, 4, 4, 4, 4, 8, 8, 10]);
        assert_eq!(competition(&[None, Some(0), Some(5), None]), [None, Some(2), Some(1), None]);
        assert_eq!(known(&[7, 7, 7]), [Some(1); 3]);
        assert!(competition(&[]).is_empty());
    }
}
