//! A ranking for a person at a terminal: a table for each block, its columns as wide as what stands in them, and what
//! is to be said of it.

use unicode_width::UnicodeWidthStr;

use super::HumanOptions;
use super::style::{Ink, Painter, wrap};
use crate::finding::NoteLevel;
use crate::rank::{Block, Ranked, Ranking};
use crate::report::plain;
use crate::report::ranked::{Columns, heading, levels};

/// Widest name or address, in characters.
const NAME: usize = 60;

/// The ranking as text.
pub(in crate::report) fn to_human(ranking: &Ranking, options: &HumanOptions) -> String {
    let painter = Painter { on: options.color };
    let mut out = painter.paint(Ink::Bold, &heading(ranking, options.lang));
    out.push('\n');
    for block in &ranking.blocks {
        out.push('\n');
        out.push_str(&table(ranking, block, options, painter));
    }
    let shown: Vec<_> = ranking
        .notes
        .iter()
        .filter(|note| options.verbose || note.level == NoteLevel::Warning || !is_of_reading(&note.code))
        .collect();
    if !shown.is_empty() {
        out.push('\n');
    }
    for note in shown {
        let ink = if note.level == NoteLevel::Warning { Ink::Warn } else { Ink::Dim };
        let sign = if note.level == NoteLevel::Warning { "!" } else { "·" };
        let text = format!("{} [{}]", plain::line(options.lang.pick(&note.message)), plain::line_of(&note.code, 60));
        for (n, line) in wrap(&text, options.width.saturating_sub(2)).into_iter().enumerate() {
            let lead = if n == 0 { painter.paint(ink, sign) } else { " ".to_owned() };
            out.push_str(&format!("{lead} {line}\n"));
        }
    }
    let left_out = ranking.rows().filter(|row| row.rank.is_none()).count();
    let count = ranking.rows().count();
    let lang = options.lang;
    let warnings = ranking.notes.iter().filter(|note| note.level == NoteLevel::Warning).count();
    let text = lang.of(
        format!("{count} cổng, {} có hạng, {left_out} không có hạng · {warnings} cảnh báo", count - left_out),
        format!("portals: {count}, ranked: {}, without a rank: {left_out} · warnings: {warnings}", count - left_out),
    );
    out.push('\n');
    out.push_str(&painter.paint(if warnings == 0 { Ink::Good } else { Ink::Warn }, &text));
    out.push('\n');
    out
}

/// Whether a note only tells how the table was read; such are told when asked for.
fn is_of_reading(code: &str) -> bool {
    code == "columns-read"
}

/// A cell, on which side it stands, and how it is painted.
type Cell = (String, Option<Ink>);

fn table(ranking: &Ranking, block: &Block, options: &HumanOptions, painter: Painter) -> String {
    let lang = options.lang;
    let columns = Columns::of(ranking);
    let header = columns.titles(lang);
    let rows: Vec<Vec<Cell>> = block.rows.iter().map(|row| cells(row, columns, options)).collect();
    let widths: Vec<usize> = header
        .iter()
        .enumerate()
        .map(|(n, (title, _))| {
            rows.iter().filter_map(|row| row.get(n)).map(|(text, _)| text.width()).max().unwrap_or(0).max(title.width())
        })
        .collect();
    let mut out = String::new();
    if let Some(name) = &block.name {
        let count = lang.of(format!("{} cổng", block.rows.len()), block.rows.len().to_string());
        out.push_str(&format!("{} ({count})\n", painter.paint(Ink::Bold, &plain::line_of(name, 200))));
    }
    let line = |cells: &[Cell]| {
        let mut line = String::from(" ");
        for ((n, (text, ink)), width) in cells.iter().enumerate().zip(&widths) {
            let space = " ".repeat(width.saturating_sub(text.width()));
            let painted = ink.map_or_else(|| text.clone(), |ink| painter.paint(ink, text));
            let right = header.get(n).is_some_and(|(_, right)| *right);
            line.push(' ');
            line.push_str(&if right { format!("{space}{painted}") } else { format!("{painted}{space}") });
            line.push(' ');
        }
        format!("{}\n", line.trim_end())
    };
    let titles: Vec<Cell> = header.iter().map(|(title, _)| ((*title).to_owned(), Some(Ink::Dim))).collect();
    out.push_str(&line(&titles));
    rows.iter().for_each(|row| out.push_str(&line(row)));
    if !block.levels.is_empty() {
        out.push_str(&format!("\n  {}\n", levels(block, lang)));
    }
    out
}

fn cells(row: &Ranked, columns: Columns, options: &HumanOptions) -> Vec<Cell> {
    let lang = options.lang;
    let moved = row.risen().map(|risen| {
        if risen > 0 {
            Ink::Good
        } else if risen < 0 {
            Ink::Bad
        } else {
            Ink::Dim
        }
    });
    let cells = columns.cells(row, lang);
    cells
        .into_iter()
        .map(|(title, text)| {
            let text = plain::line_of(&text, NAME);
            let ink = match title {
                "change" => moved.or(row.new.then_some(Ink::Cool)),
                "visits" if row.visits.is_none() => Some(Ink::Warn),
                "rank" if row.rank.is_some() => Some(Ink::Bold),
                "url" | "id" | "site" => Some(Ink::Dim),
                _ => None,
            };
            (text, ink)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Lang;
    use crate::report::ranked::{movement, percent};

    fn ranked(rank: Option<u32>, name: &str, visits: Option<u64>, previous: Option<u32>) -> Ranked {
        Ranked { rank, name: name.to_owned(), visits, previous, ..Ranked::default() }
    }

    fn ranking() -> Ranking {
        let rows = vec![
            ranked(Some(1), "Bộ Văn hóa, Thể thao và Du lịch", Some(1_234_567), Some(3)),
            ranked(Some(2), "Huế", Some(900), Some(1)),
            ranked(None, "e\u{1b}[2J\u{202e}x", None, None),
        ];
        let block = Block { name: None, levels: Vec::new(), rows };
        Ranking {
            source: "a.csv".to_owned(),
            compared_with: Some("b.csv".to_owned()),
            blocks: vec![block],
            ..Ranking::default()
        }
    }

    #[test]
    fn columns_stand_under_each_other_whatever_the_marks() {
        let text = to_human(&ranking(), &HumanOptions { lang: Lang::Vi, ..HumanOptions::default() });
        let rows: Vec<&str> = text.lines().filter(|line| line.contains(['▲', '▼'])).collect();
        // The last figure ends in one cell for all rows.
        let ends: Vec<usize> = rows.iter().map(|row| row.width()).collect();
        assert_eq!((ends.len(), ends[0]), (2, ends[1]), "{text}");
        assert!(text.contains("1.234.567") && text.contains("▲2") && text.contains("▼1"), "{text}");
        let english = to_human(&ranking(), &HumanOptions { lang: Lang::En, ..HumanOptions::default() });
        assert!(english.contains("1,234,567"), "{english}");
    }

    #[test]
    fn hostile_names_cannot_act_and_colours_only_come_from_here() {
        let plain = to_human(&ranking(), &HumanOptions::default());
        assert!(!plain.contains('\u{1b}') && !plain.contains('\u{202e}'), "{plain:?}");
        let painted = to_human(&ranking(), &HumanOptions { color: true, ..HumanOptions::default() });
        assert!(painted.contains("\u{1b}[32m▲2\u{1b}[0m") && !painted.contains("\u{1b}[2J"), "{painted:?}");
    }

    #[test]
    fn no_figure_is_said_and_is_never_nought() {
        let text = to_human(&ranking(), &HumanOptions { lang: Lang::Vi, ..HumanOptions::default() });
        let line = text.lines().find(|line| line.contains("␛")).unwrap();
        assert!(line.contains("không có số liệu") && !line.contains(" 0"), "{line}");
        assert_eq!(percent(6_190, Lang::Vi), "61,9%");
        assert_eq!(movement(&ranking().blocks[0].rows[2], Lang::Vi), "");
    }
}
