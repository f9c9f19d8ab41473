//! The sheets of points: by group for every site, and sites in the order of what is certain.

use rust_xlsxwriter::XlsxError;

use super::super::scored::asked;
use super::super::{Report, plain, words};
use super::Book;
use super::cell::Cell;
use super::look::Look;
use super::table::{Column, Done, Table};
use crate::policy::Group;
use crate::score::{GroupScore, Score, order};

/// A level; both ends when what is not known decides between them.
pub(super) fn level(score: &Score) -> String {
    match (&score.level, &score.level_low, &score.level_high) {
        (Some(level), _, _) => plain::line_of(level, 50),
        (None, Some(low), Some(high)) => format!("{}–{}", plain::line_of(low, 50), plain::line_of(high, 50)),
        _ => String::new(),
    }
}

/// Groups of the report's policies, with the policy of each.
fn groups(report: &Report) -> Vec<(&str, &Group)> {
    let scales = report.policies.iter().filter_map(|p| Some((p.id.as_str(), p.scale.as_ref()?)));
    scales.flat_map(|(id, scale)| scale.groups.iter().map(move |group| (id, group))).collect()
}

/// Points by group, a row for each site and policy.
pub(super) fn by_group(book: &Book<'_>, look: &Look) -> Result<Done, XlsxError> {
    let (report, lang) = (book.report, book.lang);
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let mut columns = vec![
        Column::wide(w("Trang", "Site"), 16),
        Column::wide(w("Tên trang", "Name"), 28),
        Column::wide(w("Bộ tiêu chí", "Policy"), 13),
        Column::wide(w("Mức", "Level"), 8),
        Column::wide(w("Điểm chắc chắn", "Points, certain"), 10),
        Column::wide(w("Điểm tối đa có thể", "Points, at most"), 10),
        Column::wide(w("Trên tổng điểm", "Out of"), 10),
    ];
    let groups = groups(report);
    let several = report.policies.iter().filter(|p| p.scale.is_some()).count() > 1;
    let name = |(policy, group): &(&str, &Group)| {
        let title = plain::line_of(lang.pick(&group.title), 100);
        if several { format!("{title} ({})", plain::line_of(policy, 60)) } else { title }
    };
    columns.extend(groups.iter().map(|group| {
        let of = lang.of("tối đa", "of");
        Column::wide(format!("{} ({of} {})", name(group), lang.points(group.1.points)), 13)
    }));
    columns.extend([
        Column::beside(w("Cơ quan chủ quản", "Unit"), 24),
        Column::beside(w("Trong đó theo xác nhận", "Of it by statement"), 12),
        Column::beside(w("Điểm không áp dụng", "Not applicable"), 12),
        Column::beside(w("Yêu cầu về điểm", "Asked of the score"), 30),
    ]);
    columns.extend(
        groups.iter().map(|group| Column::beside(format!("{} – {}", name(group), w("tối đa có thể", "at most")), 13)),
    );
    columns.extend(
        groups.iter().map(|group| Column::beside(format!("{} – {}", name(group), w("trên tổng", "out of")), 13)),
    );
    let mut table = Table::new(lang.of("Điểm", "Scores"), columns, 1, look, lang)?;
    let sites = report.sites_by_id();
    for score in &report.scores {
        let site = sites.get(score.site.as_str()).copied();
        let line = |text: Option<&str>| Cell::text(text.map(plain::line).unwrap_or_default());
        let of = |(policy, group): &(&str, &Group)| {
            score.groups.iter().find(|g| *policy == score.policy && g.id.as_deref() == Some(&group.id))
        };
        let points =
            |points: fn(&GroupScore) -> Cell| groups.iter().map(move |group| of(group).map_or(Cell::Empty, points));
        let mut cells = vec![
            line(Some(&score.site)),
            line(site.and_then(|s| s.name.as_deref())),
            line(Some(&score.policy)),
            Cell::Verdict(level(score)),
            Cell::Points(score.low),
            Cell::Points(score.high),
            Cell::Points(score.possible),
        ];
        cells.extend(points(|g| Cell::Points(g.low)));
        let gates: Vec<String> = score
            .gates
            .iter()
            .map(|gate| format!("{}: {}", asked(gate, lang), words::verdict(gate.verdict).pick(lang)))
            .collect();
        cells.extend([
            line(site.and_then(|s| s.unit.as_deref())),
            Cell::Points(score.attested),
            Cell::Points(score.removed),
            Cell::text(gates.join("\n")),
        ]);
        cells.extend(points(|g| Cell::Points(g.high)));
        cells.extend(points(|g| Cell::Points(g.possible)));
        table.add(&cells)?;
    }
    table.end(&book.footer)
}

/// Sites in the order of their points, policy by policy.
pub(super) fn in_order(book: &Book<'_>, look: &Look) -> Result<Done, XlsxError> {
    let (report, lang) = (book.report, book.lang);
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let columns = vec![
        Column::wide(w("Bộ tiêu chí", "Policy"), 14),
        Column::wide(w("Hạng theo điểm chắc chắn", "Rank by certain points"), 12),
        Column::wide(w("Trang", "Site"), 18),
        Column::wide(w("Tên trang", "Name"), 36),
        Column::wide(w("Cơ quan chủ quản", "Unit"), 30),
        Column::wide(w("Tỷ lệ điểm chắc chắn", "Certain share"), 12),
        Column::wide(w("Điểm chắc chắn", "Points, certain"), 12),
        Column::wide(w("Điểm tối đa có thể", "Points, at most"), 12),
        Column::wide(w("Trên tổng điểm", "Out of"), 12),
        Column::wide(w("Mức", "Level"), 10),
    ];
    let mut table = Table::new(lang.of("Xếp hạng theo điểm", "By score"), columns, 2, look, lang)?;
    let sites = report.sites_by_id();
    for policy in &report.policies {
        for (rank, score) in order(report.scores.iter().filter(|s| s.policy == policy.id)) {
            let site = sites.get(score.site.as_str()).copied();
            let line = |text: Option<&str>| Cell::text(text.map(plain::line).unwrap_or_default());
            table.add(&[
                line(Some(&policy.id)),
                Cell::Count(u64::from(rank)),
                line(Some(&score.site)),
                line(site.and_then(|s| s.name.as_deref())),
                line(site.and_then(|s| s.unit.as_deref())),
                Cell::Share(u64::from(score.low.0), u64::from(score.possible.0)),
                Cell::Points(score.low),
                Cell::Points(score.high),
                Cell::Points(score.possible),
                Cell::Verdict(level(score)),
            ])?;
        }
    }
    table.end(&book.footer)
}
