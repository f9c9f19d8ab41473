//! What a table states is checked against itself: ranks must be a competition ranking, levels follow the ranks, and
//! counts that were printed beside the table must be those of its rows. Says which figure is right; changes none.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::entry::{Entry, Said};
use super::fold::{plain, unit};
use super::{By, LevelCount, Ranked, Ranking};
use crate::finding::{NoteLevel, safe};
use crate::policy::Text;

/// Counts per level that were printed beside a table: `[BLOCK:]C=39,D=24,E=9[/63]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    block: Option<String>,
    counts: Vec<(String, u32)>,
    of: Option<u32>,
}

impl Stated {
    /// Reads `[BLOCK:]LEVEL=COUNT[,LEVEL=COUNT]…[/TOTAL]`; `None` for what is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (block, rest) = match text.rsplit_once(':') {
            Some((block, rest)) if !block.trim().is_empty() => (Some(safe(block.trim(), 100)), rest),
            Some(_) => return None,
            None => (None, text),
        };
        let (counts, of) = match rest.rsplit_once('/') {
            Some((counts, of)) => (counts, Some(of.trim().parse().ok()?)),
            None => (rest, None),
        };
        let count = |part: &str| {
            let (level, count) = part.split_once('=')?;
            let level = safe(level.trim(), 40);
            Some((level, count.trim().parse::<u32>().ok()?)).filter(|(level, _)| !level.is_empty())
        };
        let counts: Vec<(String, u32)> = counts.split(',').map(count).collect::<Option<_>>()?;
        let twice = counts.iter().enumerate().any(|(n, (level, _))| counts.iter().skip(n + 1).any(|(l, _)| l == level));
        (!twice).then_some(Self { block, counts, of })
    }

    fn is_of(&self, name: Option<&str>) -> bool {
        self.block
            .as_deref()
            .is_none_or(|wanted| name.is_some_and(|name| unit(name) == unit(wanted) || plain(name) == plain(wanted)))
    }
}

/// How many rows have each level, the best first.
pub(super) fn levels(rows: &[Ranked]) -> Vec<LevelCount> {
    let mut counts: IndexMap<&str, u32> = IndexMap::new();
    for level in rows.iter().filter_map(|row| row.level.as_deref()) {
        *counts.entry(level).or_default() += 1;
    }
    if counts.keys().all(|level| letter(level).is_some()) {
        counts.sort_unstable_keys();
    }
    let of = rows.len() as u64;
    let share = |count: u32| u32::try_from((u64::from(count) * 20_000 + of) / (2 * of.max(1))).unwrap_or(u32::MAX);
    counts
        .into_iter()
        .map(|(level, count)| LevelCount { level: level.to_owned(), count, share: share(count) })
        .collect()
}

/// A level that is one letter: A is better than B.
fn letter(level: &str) -> Option<u8> {
    match level.as_bytes() {
        [letter @ b'A'..=b'Z'] => Some(*letter),
        _ => None,
    }
}

/// Checks what the table states. `all` are its rows in the table's own order.
///
/// # Errors
/// When printed counts name a block that the table does not have.
pub(super) fn check(ranking: &Ranking, all: &[Entry], stated: &[Stated]) -> Result<Vec<Said>, Text> {
    let mut said = Vec::new();
    if all.iter().any(|entry| entry.rank.is_some()) {
        match ranking.by {
            By::Stated => ranks(ranking, all, &mut said),
            By::Visits => against_visits(ranking, all, &mut said),
        }
    }
    for block in &ranking.blocks {
        let rows: Vec<&Entry> = all.iter().filter(|entry| entry.block == block.name).collect();
        level_order(&rows, block, &mut said);
    }
    for one in stated {
        let mut found = false;
        for block in ranking.blocks.iter().filter(|block| one.is_of(block.name.as_deref())) {
            // Without a name the counts are those of a table of one block.
            if one.block.is_none() && ranking.blocks.len() > 1 {
                break;
            }
            found = true;
            counts(one, block, &mut said);
        }
        if !found {
            return Err(no_block(one, ranking));
        }
    }
    Ok(said)
}

fn no_block(stated: &Stated, ranking: &Ranking) -> Text {
    let names: Vec<&str> = ranking.blocks.iter().filter_map(|block| block.name.as_deref()).collect();
    let names = super::listed(&names);
    let wanted = stated.block.clone().unwrap_or_default();
    Text::new(
        format!(
            "--stated: hãy ghi đúng tên khối trước dấu hai chấm (đã ghi “{wanted}”). Các khối trong bảng: {}.",
            names.vi
        ),
        format!("--stated: name the block before a colon (it is “{wanted}”). Blocks of the table: {}.", names.en),
    )
}

/// Ranks that are not one more than the number of better ones, with their rows and what they should be.
fn gaps(rows: &[&Entry]) -> Vec<(u32, u32, Vec<u32>)> {
    let mut by_rank: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
    for entry in rows {
        if let Some(rank) = entry.rank {
            by_rank.entry(rank).or_default().push(entry.row);
        }
    }
    let mut better = 0_u32;
    let mut wrong = Vec::new();
    for (rank, rows) in by_rank {
        let right = better + 1;
        better += u32::try_from(rows.len()).unwrap_or(u32::MAX - better);
        if rank != right {
            wrong.push((rank, right, rows));
        }
    }
    wrong
}

fn ranks(ranking: &Ranking, all: &[Entry], said: &mut Vec<Said>) {
    let everyone: Vec<&Entry> = all.iter().collect();
    let several = ranking.blocks.len() > 1;
    let mut wrong = Vec::new();
    for block in &ranking.blocks {
        let rows: Vec<&Entry> = all.iter().filter(|entry| entry.block == block.name).collect();
        wrong.extend(gaps(&rows));
    }
    let ranked = all.iter().filter(|entry| entry.rank.is_some()).count();
    if wrong.is_empty() || (several && gaps(&everyone).is_empty()) {
        let (vi, en) =
            if wrong.is_empty() && several { (" trong từng khối", " within each block") } else { ("", "") };
        said.push((
            NoteLevel::Info,
            "ranks-valid",
            Text::new(
                format!("hạng của {ranked} dòng xếp đúng{vi}: đồng hạng dùng chung một hạng, các hạng sau được bỏ trống tương ứng."),
                format!("the ranks of {ranked} rows are a valid competition ranking{en}: ties share a rank and the next ones are left out."),
            ),
            Vec::new(),
        ));
        return;
    }
    for (rank, right, rows) in wrong.into_iter().take(MOST) {
        let lines = rows.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        let (better, held) = (right - 1, rows.len());
        said.push((
            NoteLevel::Warning,
            "rank-gap",
            Text::new(
                format!("dòng {lines}: hạng {rank} không hợp lệ: {held} dòng giữ hạng này, {better} dòng đứng trên, nên phải là hạng {right}."),
                format!("row {lines}: the rank {rank} cannot be: held by {held}, with {better} above, so it should be {right}."),
            ),
            rows,
        ));
    }
}

/// Most notes of one kind.
const MOST: usize = 100;

fn against_visits(ranking: &Ranking, all: &[Entry], said: &mut Vec<Said>) {
    let rows: HashMap<(u32, &str), &Ranked> = ranking.rows().map(|row| ((row.row, row.name.as_str()), row)).collect();
    let own = |entry: &Entry| rows.get(&(entry.row, entry.name.as_str())).copied();
    // Ranks of a table may run within blocks or through all of them: it is held to what it keeps better.
    let differ = |rank: &dyn Fn(&Ranked) -> Option<u32>| -> Vec<(&Entry, Option<u32>)> {
        let pairs = all.iter().filter_map(|entry| Some((entry, rank(own(entry)?))));
        pairs.filter(|(entry, rank)| entry.rank.is_some() && entry.rank != *rank).collect()
    };
    let within = differ(&|row| row.rank);
    let through = differ(&|row| row.overall.or(row.rank));
    let fewer = if through.len() < within.len() { through } else { within };
    for (entry, rank) in fewer.into_iter().take(MOST) {
        let stated = entry.rank.unwrap_or_default();
        let (vi, en) = match rank {
            Some(rank) => (format!("theo lượt truy cập là hạng {rank}"), format!("by visits it is {rank}")),
            None => ("không có số liệu để xếp hạng".to_owned(), "there is no figure to rank it by".to_owned()),
        };
        said.push((
            NoteLevel::Warning,
            "rank-differs-from-visits",
            Text::new(
                format!("dòng {} ({}): bảng ghi hạng {stated}, {vi}.", entry.row, entry.name),
                format!("row {} ({}): the table states rank {stated}, {en}.", entry.row, entry.name),
            ),
            vec![entry.row],
        ));
    }
}

/// Rows whose level does not follow their rank: the fewest that, left out, put the others in order.
fn level_order(rows: &[&Entry], block: &super::Block, said: &mut Vec<Said>) {
    let computed: HashMap<u32, Option<u32>> = block.rows.iter().map(|row| (row.row, row.rank)).collect();
    let rank_of = |entry: &Entry| computed.get(&entry.row).copied().flatten();
    let ranked =
        rows.iter().filter_map(|entry| Some((entry.rank.or_else(|| rank_of(entry))?, entry.level.as_deref()?, *entry)));
    let ranked: Vec<(u32, &str, &Entry)> = ranked.collect();
    let order = best_first(&ranked);
    let place = |level: &str| order.iter().position(|l| *l == level).unwrap_or(order.len());
    let mut sorted: Vec<(u32, usize, &Entry)> =
        ranked.iter().map(|(rank, level, entry)| (*rank, place(level), *entry)).collect();
    sorted.sort_by_key(|(rank, level, entry)| (*rank, *level, entry.row));
    for pair in sorted.chunk_by(|a, b| a.0 == b.0).filter(|tied| tied.iter().any(|t| t.1 != tied[0].1)).take(MOST) {
        let mut lines: Vec<u32> = pair.iter().map(|(_, _, entry)| entry.row).collect();
        lines.sort_unstable();
        let (rank, shown) = (pair[0].0, lines.iter().map(u32::to_string).collect::<Vec<_>>().join(", "));
        said.push((
            NoteLevel::Warning,
            "tied-levels-differ",
            Text::new(
                format!("dòng {shown}: cùng hạng {rank} nhưng mức khác nhau."),
                format!("row {shown}: the same rank {rank} and different levels."),
            ),
            lines,
        ));
    }
    let kept = longest_in_order(&sorted.iter().map(|(_, level, _)| *level).collect::<Vec<_>>(), order.len());
    for ((rank, _, entry), _) in sorted.iter().zip(kept).filter(|(_, kept)| !kept).take(MOST) {
        let level = entry.level.as_deref().unwrap_or_default();
        said.push((
            NoteLevel::Warning,
            "level-out-of-order",
            Text::new(
                format!(
                    "dòng {} ({}): mức {level} ở hạng {rank} không theo thứ tự các mức của bảng.",
                    entry.row, entry.name
                ),
                format!(
                    "row {} ({}): level {level} at rank {rank} is out of the table's order of levels.",
                    entry.row, entry.name
                ),
            ),
            vec![entry.row],
        ));
    }
}

/// Levels from the best on: by letter, else by where they stand on average.
fn best_first<'e>(ranked: &[(u32, &'e str, &Entry)]) -> Vec<&'e str> {
    let mut sums: IndexMap<&str, (u64, u64)> = IndexMap::new();
    for (rank, level, _) in ranked {
        let (sum, count) = sums.entry(level).or_default();
        *sum += u64::from(*rank);
        *count += 1;
    }
    let mut levels: Vec<&str> = sums.keys().copied().collect();
    if levels.iter().all(|level| letter(level).is_some()) {
        levels.sort_unstable();
    } else {
        let mean = |level: &str| sums.get(level).map_or(0, |(sum, count)| sum * 1_000 / count.max(&1));
        levels.sort_by_key(|level| mean(level));
    }
    levels
}

/// Which items stay when as few as possible are left out and the rest never descends.
fn longest_in_order(items: &[usize], kinds: usize) -> Vec<bool> {
    // The longest run that ends in each kind: its length and its last item.
    let mut best: Vec<(usize, Option<usize>)> = vec![(0, None); kinds + 1];
    let mut before: Vec<Option<usize>> = Vec::with_capacity(items.len());
    for (n, item) in items.iter().enumerate() {
        let (length, last) = best.iter().take(item + 1).max_by_key(|(length, _)| *length).copied().unwrap_or_default();
        before.push(last);
        best[*item] = (length + 1, Some(n));
    }
    let mut kept = vec![false; items.len()];
    let mut at = best.iter().max_by_key(|(length, _)| *length).and_then(|(_, last)| *last);
    while let Some(n) = at {
        kept[n] = true;
        at = before[n];
    }
    kept
}

fn counts(stated: &Stated, block: &super::Block, said: &mut Vec<Said>) {
    let rows = u32::try_from(block.rows.len()).unwrap_or(u32::MAX);
    let counted = |level: &str| block.levels.iter().find(|l| l.level == level).map_or(0, |l| l.count);
    let lines = |level: &str| -> Vec<u32> {
        block.rows.iter().filter(|row| row.level.as_deref() == Some(level)).map(|row| row.row).collect()
    };
    let unsaid = block.levels.iter().filter(|l| stated.counts.iter().all(|(level, _)| *level != l.level));
    let sum = stated.counts.iter().fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
    let of = stated.of.unwrap_or(rows);
    let shown = stated.counts.iter().map(|(level, count)| format!("{level} {count}")).collect::<Vec<_>>().join(", ");
    let name = block.name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
    let wrong: Vec<&(String, u32)> = stated.counts.iter().filter(|(level, count)| counted(level) != *count).collect();
    if of != rows {
        said.push((
            NoteLevel::Warning,
            "total-differs",
            Text::new(
                format!("số công bố tính trên {of}{name}, bảng có {rows} dòng."),
                format!("the printed counts are of {of}{name}, the table has {rows} rows."),
            ),
            Vec::new(),
        ));
    }
    if sum != of {
        said.push((
            NoteLevel::Warning,
            "counts-do-not-add-up",
            Text::new(
                format!("số công bố{name} không khớp: {shown} cộng lại là {sum}, không phải {of}."),
                format!("the printed counts{name} do not add up: {shown} make {sum}, not {of}."),
            ),
            Vec::new(),
        ));
    }
    for (level, printed) in &wrong {
        let count = counted(level);
        let share = block.levels.iter().find(|l| l.level == *level).map_or(0, |l| l.share);
        // A printed percentage is rounded to a whole one.
        let is_share = (share + 50) / 100 == *printed
            && sum.checked_sub(*printed).and_then(|rest| rest.checked_add(count)) == Some(of);
        let exact = tenths(share);
        let (code, vi, en) = if is_share {
            (
                "count-is-a-share",
                format!(
                    "mức {level}{name}: công bố {printed}, bảng có {count}. Số đúng là {count}: {printed} là tỷ lệ phần trăm ({count}/{of} = {}%), và với {count} thì tổng là {of}.",
                    exact.vi
                ),
                format!(
                    "level {level}{name}: printed {printed}, the table has {count}. {count} is right: {printed} is the percentage ({count}/{of} = {}%), and with {count} the counts make {of}.",
                    exact.en
                ),
            )
        } else {
            (
                "count-differs",
                format!("mức {level}{name}: công bố {printed}, bảng có {count}."),
                format!("level {level}{name}: printed {printed}, the table has {count}."),
            )
        };
        said.push((NoteLevel::Warning, code, Text::new(vi, en), lines(level)));
    }
    for level in unsaid {
        let (level, count) = (&level.level, level.count);
        said.push((
            NoteLevel::Warning,
            "count-differs",
            Text::new(
                format!("mức {level}{name}: không có trong số công bố, bảng có {count}."),
                format!("level {level}{name}: not among the printed counts, the table has {count}."),
            ),
            lines(level),
        ));
    }
    if wrong.is_empty() && sum == of && of == rows && said.iter().all(|(_, code, _, _)| *code != "count-differs") {
        said.push((
            NoteLevel::Info,
            "counts-agree",
            Text::new(
                format!("số công bố{name} khớp với bảng: {shown}, tổng {of}."),
                format!("the printed counts{name} are those of the table: {shown}, {of} in all."),
            ),
            Vec::new(),
        ));
    }
}

/// Hundredths of a percent to one decimal, rounded half up.
fn tenths(share: u32) -> Text {
    let tenths = (share + 5) / 10;
    Text::new(format!("{},{}", tenths / 10, tenths % 10), format!("{}.{}", tenths / 10, tenths % 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_counts_are_read() {
        let all = Stated::parse("Tỉnh, thành phố: C=39, D=24,E=9 / 63").unwrap();
        assert_eq!(all.block.as_deref(), Some("Tỉnh, thành phố"));
        assert_eq!(all.counts, [("C".to_owned(), 39), ("D".to_owned(), 24), ("E".to_owned(), 9)]);
        assert_eq!(all.of, Some(63));
        for wrong in ["", "C", "C=", "=3", "C=x", "C=3,", "C=3/x", ":C=3", "C=1,C=2", "C=-1"] {
            assert_eq!(Stated::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn as_few_as_possible_are_called_out_of_order() {
        let out = |items: &[usize]| -> Vec<usize> {
            let kept = longest_in_order(items, 5);
            (0..items.len()).filter(|n| !kept[*n]).collect()
        };
        assert!(out(&[0, 0, 1, 1, 2]).is_empty());
        assert_eq!(out(&[0, 0, 2, 0, 1, 1, 2]), [2]);
        assert_eq!(out(&[0, 0, 1, 1, 0, 2]), [4]);
        assert!(out(&[]).is_empty());
    }

    #[test]
    fn shares_are_rounded_half_up() {
        let rows = |counts: &[(&str, usize)]| -> Vec<Ranked> {
            let each = counts.iter().flat_map(|(level, n)| std::iter::repeat_n(*level, *n));
            each.map(|level| Ranked { level: Some(level.to_owned()), ..Ranked::default() }).collect()
        };
        let shares: Vec<u32> = levels(&rows(&[("C", 39), ("D", 15), ("E", 9)])).iter().map(|l| l.share).collect();
        // 61.904…, 23.809… and 14.285… percent.
        assert_eq!(shares, [6_190, 2_381, 1_429]);
        assert_eq!(
            (tenths(2_381).vi, tenths(6_190).en, tenths(9_995).en),
            ("23,8".into(), "61.9".into(), "100.0".into())
        );
        assert!(levels(&[]).is_empty());
    }
}
