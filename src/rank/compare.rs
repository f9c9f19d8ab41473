//! Last year's table beside this one: which portals rose or fell, which are new, gone or renamed. A rank is compared
//! with one of the same block, or both among all portals; portals that could be several of last year's are left open.

use super::fold::unit;
use super::pair::{Key, Known, Match, address, pair};
use super::{Ranked, Ranking, listed};
use crate::finding::NoteLevel;
use crate::policy::Text;

/// Lays an earlier ranking beside this one.
pub fn compare(ranking: &mut Ranking, earlier: &Ranking) {
    ranking.compared_with = Some(earlier.source.clone());
    let old: Vec<(Option<&str>, &Ranked)> =
        earlier.blocks.iter().flat_map(|block| block.rows.iter().map(|row| (block.name.as_deref(), row))).collect();
    let now: Vec<Known> = ranking.rows().map(known).collect();
    let then: Vec<Known> = old.iter().map(|(_, row)| known(row)).collect();
    let found = pair(&now, &then);
    let one_each = ranking.blocks.len() == 1 && earlier.blocks.len() == 1;
    let mut told = Told::default();
    let mut taken = vec![false; old.len()];
    let mut found = found.into_iter();
    for block in &mut ranking.blocks {
        for row in &mut block.rows {
            match found.next() {
                Some(Match::One(n, key)) => {
                    taken[n] = true;
                    let Some((old_block, before)) = old.get(n).copied() else { continue };
                    let same =
                        one_each || (old_block.is_some() && old_block.map(unit) == block.name.as_deref().map(unit));
                    // Ranks of different blocks say nothing of each other.
                    row.previous = before.rank.filter(|_| same);
                    if !same && before.rank.is_some() {
                        told.moved.push((row.row, row.name.clone()));
                    }
                    row.previous_visits = before.visits;
                    if key != Key::Name && unit(&before.name) != unit(&row.name) {
                        told.renamed.push((row.row, format!("{} → {}", before.name, row.name)));
                    }
                }
                Some(Match::None) => {
                    row.new = true;
                    told.new.push((row.row, row.name.clone()));
                }
                Some(Match::Ambiguous | Match::Disagree { .. }) => told.open.push((row.row, row.name.clone())),
                None => {}
            }
        }
    }
    let open = !told.open.is_empty();
    let gone: Vec<String> =
        old.iter().zip(taken).filter(|(_, taken)| !taken).map(|((_, row), _)| row.name.clone()).collect();
    let sizes = (ranking.rows().count(), old.len());
    told.say(ranking);
    if !gone.is_empty() {
        let (count, list) = (gone.len(), listed(&gone));
        // What was left open may be among them.
        let (vi, en) = if open {
            (" (có thể gồm các dòng chưa ghép được)", " (rows left open may be among them)")
        } else {
            ("", "")
        };
        let message = Text::new(
            format!("{count} cổng của bảng trước không còn trong bảng này{vi}: {}.", list.vi),
            format!("portals of the earlier table that are not in this one ({count}){en}: {}.", list.en),
        );
        ranking.say(NoteLevel::Warning, "gone", message, &[]);
    }
    if sizes.0 != sizes.1 {
        let message = Text::new(
            format!(
                "bảng này có {} cổng, bảng trước có {}: tăng giảm hạng chỉ so sánh được phần nào.",
                sizes.0, sizes.1
            ),
            format!(
                "portals in this table: {}, in the earlier one: {}; movements compare only in part.",
                sizes.0, sizes.1
            ),
        );
        ranking.say(NoteLevel::Info, "tables-differ-in-size", message, &[]);
    }
}

/// What a row is known by.
pub(super) fn known(row: &Ranked) -> Known {
    Known {
        ids: row.emc_site_id.clone().into_iter().collect(),
        addresses: row.url.as_deref().and_then(address).into_iter().collect(),
        names: vec![row.name.clone()],
    }
}

/// What is to be said, by kind.
#[derive(Default)]
struct Told {
    renamed: Vec<(u32, String)>,
    moved: Vec<(u32, String)>,
    open: Vec<(u32, String)>,
    new: Vec<(u32, String)>,
}

impl Told {
    fn say(self, ranking: &mut Ranking) {
        let kinds = [
            (
                self.open,
                NoteLevel::Warning,
                "previous-ambiguous",
                "dòng có thể là nhiều cổng của bảng trước nên không so sánh (hãy thêm mã EMC hoặc địa chỉ vào cả hai bảng)",
                "rows that could each be several portals of the earlier table and are not compared; give both tables EMC ids or addresses",
            ),
            (
                self.renamed,
                NoteLevel::Info,
                "renamed",
                "cổng đổi tên, ghép theo mã EMC hoặc địa chỉ",
                "portals that changed their names, matched by EMC id or address",
            ),
            (
                self.moved,
                NoteLevel::Info,
                "block-changed",
                "cổng ở khối khác so với bảng trước nên không so sánh hạng",
                "portals that stood in another block, whose ranks are not compared",
            ),
            (
                self.new,
                NoteLevel::Info,
                "new",
                "cổng không có trong bảng trước",
                "portals that are not in the earlier table",
            ),
        ];
        for (rows, level, code, vi, en) in kinds.into_iter().filter(|(rows, ..)| !rows.is_empty()) {
            let names: Vec<&String> = rows.iter().map(|(_, name)| name).collect();
            let (count, list) = (rows.len(), listed(&names));
            let message = Text::new(format!("{count} {vi}: {}.", list.vi), format!("{en} ({count}): {}.", list.en));
            let lines: Vec<u32> = rows.iter().map(|(row, _)| *row).collect();
            ranking.say(level, code, message, &lines);
        }
    }
}
