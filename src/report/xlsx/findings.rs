//! The sheet of findings: one row each, what is read first in front, what is filtered by behind.

use std::collections::HashMap;

use rust_xlsxwriter::XlsxError;

use super::super::csv::points;
use super::super::{Report, SiteReport, plain, words};
use super::cell::Cell;
use super::look::Look;
use super::table::{Column, Done, Table};
use super::{Book, of_section};
use crate::finding::{Finding, Verdict};
use crate::policy::Points;
use crate::score::Counted;

/// The findings as a sheet.
pub(super) fn sheet(book: &Book<'_>, look: &Look) -> Result<Done, XlsxError> {
    let lang = book.lang;
    let name = lang.of("Kết quả", "Findings");
    let mut table = Table::new(name, columns(book), 1, look, lang)?;
    let sites = book.report.sites_by_id();
    let sections = of_section(book.report);
    let points = points(book.report);
    for finding in &book.report.findings {
        let mut cells = row(book, &sites, &sections, finding);
        if !book.report.scores.is_empty() {
            let rule = points.get(&(&*finding.site, &*finding.policy, &*finding.rule));
            let counts = rule.filter(|rule| rule.counted != Counted::Removed);
            cells.extend([
                rule.map_or(Cell::Empty, |_| Cell::Points(counts.map_or(Points(0), |rule| rule.points))),
                rule.map_or(Cell::Empty, |rule| Cell::Points(rule.low)),
                rule.map_or(Cell::Empty, |rule| Cell::Points(rule.high)),
            ]);
        }
        table.add(&cells)?;
    }
    table.end(&book.footer)
}

fn columns(book: &Book<'_>) -> Vec<Column> {
    let w = |vi: &str, en: &str| book.lang.of(vi, en).to_owned();
    let mut columns = vec![
        Column::wide(w("Trang", "Site"), 14),
        Column::wide(w("Tên trang", "Name"), 20),
        Column::wide(w("Tiêu chí", "Criterion"), 22),
        Column::wide(w("Căn cứ", "Clause"), 20),
        Column::verdict(w("Kết quả", "Verdict"), 13),
        Column::wide(w("Mức độ", "Severity"), 9),
        Column::wide(w("Lý do", "Reason"), 34),
        Column::wide(w("Vị trí", "Place"), 26),
        Column::wide(w("Cách sửa", "How to fix"), 36),
    ];
    let beside = [
        (w("Cơ quan chủ quản", "Unit"), 24),
        (w("Vai trò", "Role"), 16),
        (w("Địa chỉ", "URL"), 30),
        (w("Mã tiêu chí", "Rule"), 20),
        (w("Bộ tiêu chí", "Policy"), 14),
        (w("Mã kết quả", "Verdict code"), 14),
        (w("Mã lý do", "Code"), 18),
        (w("Cần", "Expected"), 28),
        (w("Thấy", "Actual"), 28),
        (w("Dữ kiện", "Evidence"), 40),
        (w("Ghi chú", "Notes"), 40),
        (w("Nguồn dữ kiện", "Basis"), 18),
        (w("Đã biết", "Known"), 10),
        (w("Tạm chấp nhận đến hết ngày", "Waived until"), 14),
        (w("Người phê duyệt", "Approved by"), 20),
        (w("Số phần đạt", "Parts met"), 10),
        (w("Số phần chưa rõ", "Parts open"), 10),
        (w("Tổng số phần", "Parts in all"), 10),
        (w("Thời gian (ms)", "Duration (ms)"), 12),
    ];
    columns.extend(beside.into_iter().map(|(header, width)| Column::beside(header, width)));
    if !book.report.sections.is_empty() {
        columns.push(Column::beside(w("Báo cáo của đơn vị", "Unit's report"), 24));
    }
    if !book.report.scores.is_empty() {
        columns.push(Column::beside(w("Điểm của tiêu chí", "Points of the criterion"), 10));
        columns.push(Column::beside(w("Điểm chắc chắn", "Points, certain"), 10));
        columns.push(Column::beside(w("Điểm tối đa có thể", "Points, at most"), 10));
    }
    columns
}

fn row(
    book: &Book<'_>,
    sites: &HashMap<&str, &SiteReport>,
    sections: &HashMap<&str, &str>,
    finding: &Finding,
) -> Vec<Cell> {
    let (report, lang) = (book.report, book.lang);
    let site = sites.get(finding.site.as_str()).copied();
    let line = |text: Option<&str>| Cell::text(text.map(plain::line).unwrap_or_default());
    let words = |words: words::Words| Cell::text(words.pick(lang));
    let part = |part: Option<u32>| Cell::count(part.map(u64::from));
    let waiver = finding.waiver.as_ref();
    let code = match finding.gap {
        Some(gap) => Cell::text(gap.name()),
        None => line(finding.code.as_deref()),
    };
    let mut cells = vec![
        line(Some(&finding.site)),
        line(site.and_then(|s| s.name.as_deref())),
        line(Some(plain::title(report, finding, lang))),
        Cell::text(plain::clause(report, finding, lang).unwrap_or_default()),
        Cell::Verdict(verdict(finding, book)),
        words(words::severity(finding.severity)),
        Cell::text(plain::reason(finding, lang)),
        Cell::text(plain::places(finding, lang)),
        Cell::text(plain::mending(report, finding, lang)),
        line(site.and_then(|s| s.unit.as_deref())),
        site.and_then(|s| s.role).map_or(Cell::Empty, |role| words(words::role(role))),
        line(site.and_then(|s| s.url.as_deref())),
        line(Some(&finding.rule)),
        line(Some(&finding.policy)),
        Cell::text(words::verdict_name(finding.verdict)),
        code,
        line(finding.expected.as_deref()),
        line(finding.actual.as_deref()),
        Cell::text(join(finding.evidence.iter().map(|e| plain::evidence(e, lang)))),
        Cell::text(join(finding.notes.iter().map(|n| plain::note(n, lang)))),
        words(words::basis(finding.basis)),
        Cell::text(if finding.known { lang.of("có", "yes") } else { "" }),
        waiver.map_or(Cell::Empty, |w| Cell::Day(w.expires)),
        line(waiver.map(|w| w.approved_by.as_str())),
        part(finding.earned.map(|share| share.met)),
        part(finding.earned.map(|share| share.open)),
        part(finding.earned.map(|share| share.of)),
        Cell::Count(finding.duration_ms),
    ];
    if !report.sections.is_empty() {
        cells.push(line(sections.get(finding.site.as_str()).copied()));
    }
    cells
}

fn join(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// A verdict in words, with what makes it weigh less.
pub(super) fn verdict(finding: &Finding, book: &Book<'_>) -> String {
    let word = words::verdict(finding.verdict).pick(book.lang);
    let stated = if finding.verdict == Verdict::Pass && plain::is_stated(finding) {
        book.lang.of(" (theo xác nhận)", " (by statement)")
    } else {
        ""
    };
    format!("{word}{}{stated}", plain::known(finding, book.lang))
}

/// The findings of each site by rule.
pub(super) fn by_site(report: &Report) -> HashMap<&str, HashMap<(&str, &str), &Finding>> {
    let mut sites: HashMap<&str, HashMap<(&str, &str), &Finding>> = HashMap::new();
    for finding in &report.findings {
        sites.entry(&finding.site).or_default().insert((&finding.policy, &finding.rule), finding);
    }
    sites
}
