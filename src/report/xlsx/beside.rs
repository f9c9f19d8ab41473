//! The sheets of what is laid beside a report: portals by visits, what changed, and the runs before this one.

use rust_xlsxwriter::XlsxError;

use super::super::words::Lang;
use super::super::{ChangeKind, Changes, Trend, plain, words};
use super::cell::Cell;
use super::look::Look;
use super::sites::rule_name;
use super::table::{Column, Done, Table};
use super::{Book, tally};
use crate::finding::Verdict;
use crate::rank::{By, Ranking};

fn line(text: Option<&str>) -> Cell {
    Cell::text(text.map(plain::line).unwrap_or_default())
}

/// Portals by visits, block by block.
pub(super) fn ranking(book: &Book<'_>, ranking: &Ranking, look: &Look) -> Result<Done, XlsxError> {
    let lang = book.lang;
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let columns = vec![
        Column::wide(w("Khối", "Block"), 20),
        Column::wide(w("Hạng", "Rank"), 8),
        Column::wide(w("Tên", "Name"), 40),
        Column::wide(w("Lượt truy cập", "Visits"), 16),
        Column::wide(w("Hạng kỳ trước", "Rank before"), 10),
        Column::wide(w("Tăng, giảm hạng", "Moved by"), 10),
        Column::wide(w("Mức ghi trong bảng", "Level stated"), 10),
        Column::wide(w("Địa chỉ", "URL"), 34),
        Column::wide(w("Mã số EMC", "EMC id"), 10),
        Column::wide(w("Trang trong báo cáo", "Site of the report"), 18),
    ];
    let mut table = Table::new(lang.of("Xếp hạng", "Ranking"), columns, 3, look, lang)?;
    for block in &ranking.blocks {
        for row in &block.rows {
            let moved = row.previous.zip(row.rank).map(|(before, now)| i64::from(before) - i64::from(now));
            table.add(&[
                line(block.name.as_deref()),
                Cell::count(row.rank.map(u64::from)),
                line(Some(&row.name)),
                match row.visits {
                    Some(visits) => Cell::Count(visits),
                    // Without any figures none is missing.
                    None if ranking.by == By::Stated => Cell::Empty,
                    None => Cell::text(lang.of("không có số liệu", "no figure")),
                },
                Cell::count(row.previous.map(u64::from)),
                moved.map_or(Cell::Empty, Cell::Change),
                line(row.level.as_deref()),
                line(row.url.as_deref()),
                line(row.emc_site_id.as_deref()),
                line(row.site.as_deref()),
            ])?;
        }
    }
    table.end(&book.footer)
}

fn kind(kind: ChangeKind, lang: Lang) -> &'static str {
    match kind {
        ChangeKind::Failing => lang.of("mới không đạt", "fails now"),
        ChangeKind::FailingAgain => lang.of("đo lại được, vẫn không đạt", "measured again, still fails"),
        ChangeKind::Fixed => lang.of("đã khắc phục", "mended"),
        ChangeKind::Unmeasured => lang.of("không còn đo được", "not measured any more"),
        ChangeKind::Measured => lang.of("nay đo được, đạt", "measured now, passes"),
        ChangeKind::Waived => lang.of("nay tạm chấp nhận", "waived now"),
        ChangeKind::Other => lang.of("thay đổi khác", "other"),
    }
}

/// Findings whose verdict is another or a failure still, and sites and criteria that came and went.
pub(super) fn changes(book: &Book<'_>, changes: &Changes, look: &Look) -> Result<Done, XlsxError> {
    let (report, lang) = (book.report, book.lang);
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let columns = vec![
        Column::wide(w("Thay đổi", "Change"), 18),
        Column::wide(w("Trang", "Site"), 18),
        Column::wide(w("Tên trang", "Name"), 34),
        Column::wide(w("Tiêu chí", "Criterion"), 36),
        Column::verdict(w("Trước", "Before"), 18),
        Column::verdict(w("Nay", "Now"), 18),
        Column::wide(w("Không đạt liên tục từ", "Failing since"), 18),
        Column::wide(w("Số lần chưa đo được từ đó", "Runs since then without an answer"), 12),
        Column::beside(w("Mã tiêu chí", "Rule"), 20),
        Column::beside(w("Bộ tiêu chí", "Policy"), 14),
    ];
    let mut table = Table::new(lang.of("Thay đổi", "Changes"), columns, 2, look, lang)?;
    let sites = report.sites_by_id();
    let name = |id: &str| line(sites.get(id).and_then(|s| s.name.as_deref()));
    let verdict = |verdict: Option<Verdict>| match verdict {
        Some(verdict) => Cell::Verdict(words::verdict(verdict).pick(lang).to_owned()),
        None => Cell::text(lang.of("không có", "none")),
    };
    let kinds = changes.findings.iter().map(|change| (kind(change.kind(), lang), change));
    let still = lang.of("vẫn không đạt", "still failing");
    for (kind, change) in kinds.chain(changes.standing.iter().map(|change| (still, change))) {
        table.add(&[
            Cell::text(kind),
            line(Some(&change.site)),
            name(&change.site),
            Cell::text(rule_name(book, &change.policy, &change.rule)),
            verdict(change.before),
            verdict(change.after),
            change.failing_since.as_deref().map_or(Cell::Empty, Cell::moment),
            Cell::count((change.failing_since.is_some()).then_some(change.unmeasured_since)),
            line(Some(&change.rule)),
            line(Some(&change.policy)),
        ])?;
    }
    let came = changes.sites_added.iter().map(|id| (w("trang mới", "site added"), id));
    let went = changes.sites_gone.iter().map(|id| (w("trang không còn", "site gone"), id));
    for (kind, id) in came.chain(went) {
        table.add(&[Cell::text(kind), line(Some(id)), name(id)])?;
    }
    let came = changes.rules_added.iter().map(|rule| (w("tiêu chí mới", "criterion added"), rule));
    let went = changes.rules_gone.iter().map(|rule| (w("tiêu chí không còn", "criterion gone"), rule));
    for (kind, (policy, rule)) in came.chain(went) {
        let title = Cell::text(rule_name(book, policy, rule));
        let mut cells = vec![Cell::text(kind), Cell::Empty, Cell::Empty, title];
        cells.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, line(Some(rule)), line(Some(policy))]);
        table.add(&cells)?;
    }
    table.end(&book.footer)
}

/// Scores that are others.
pub(super) fn score_changes(book: &Book<'_>, changes: &Changes, look: &Look) -> Result<Done, XlsxError> {
    let lang = book.lang;
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let columns = vec![
        Column::wide(w("Trang", "Site"), 18),
        Column::wide(w("Tên trang", "Name"), 36),
        Column::wide(w("Bộ tiêu chí", "Policy"), 14),
        Column::wide(w("Điểm chắc chắn trước", "Certain, before"), 12),
        Column::wide(w("Điểm chắc chắn nay", "Certain, now"), 12),
        Column::wide(w("Điểm tối đa có thể trước", "At most, before"), 12),
        Column::wide(w("Điểm tối đa có thể nay", "At most, now"), 12),
        Column::wide(w("Mức trước", "Level before"), 10),
        Column::wide(w("Mức nay", "Level now"), 10),
    ];
    let mut table = Table::new(lang.of("Thay đổi điểm", "Score changes"), columns, 1, look, lang)?;
    let sites = book.report.sites_by_id();
    for change in &changes.scores {
        let end = |ends: Option<[crate::policy::Points; 2]>, n: usize| {
            ends.and_then(|ends| ends.get(n).copied()).map_or(Cell::Empty, Cell::Points)
        };
        table.add(&[
            line(Some(&change.site)),
            line(sites.get(change.site.as_str()).and_then(|s| s.name.as_deref())),
            line(Some(&change.policy)),
            end(change.before, 0),
            end(change.after, 0),
            end(change.before, 1),
            end(change.after, 1),
            line(change.level_before.as_deref()),
            line(change.level_after.as_deref()),
        ])?;
    }
    table.end(&book.footer)
}

/// The runs of some time, one a row, with the share that passed of each rule.
pub(super) fn history(book: &Book<'_>, trend: &Trend, look: &Look) -> Result<Done, XlsxError> {
    let lang = book.lang;
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let mut rules: Vec<(&str, &str)> = Vec::new();
    for rule in trend.runs.iter().flat_map(|run| &run.rules) {
        if !rules.contains(&(&rule.policy, &rule.rule)) {
            rules.push((&rule.policy, &rule.rule));
        }
    }
    let mut columns = vec![
        Column::wide(w("Thời điểm", "Taken at"), 17),
        Column::wide(w("Kết luận chung", "Outcome"), 24),
        Column::wide(w("Số trang", "Sites"), 9),
    ];
    columns.extend(tally::headers(lang).into_iter().map(|header| Column::wide(header, 10)));
    columns.extend(rules.iter().map(|(policy, rule)| {
        Column::wide(format!("{}: {}", w("Tỷ lệ đạt", "Passed"), rule_name(book, policy, rule)), 14)
    }));
    columns.push(Column::beside(w("Mã lần chạy", "Run"), 34));
    let mut table = Table::new(lang.of("Lịch sử", "History"), columns, 1, look, lang)?;
    for run in &trend.runs {
        let mut cells = vec![
            Cell::moment(&run.taken_at),
            Cell::text(words::outcome(run.outcome).pick(lang)),
            Cell::Count(run.sites),
        ];
        cells.extend(tally::cells(run.summary));
        cells.extend(rules.iter().map(|(policy, rule)| {
            let of = run.rules.iter().find(|r| r.policy == *policy && r.rule == *rule);
            of.and_then(|r| tally::cells(r.summary).pop()).unwrap_or(Cell::Empty)
        }));
        cells.push(line(Some(&run.run_id)));
        table.add(&cells)?;
    }
    table.end(&book.footer)
}
