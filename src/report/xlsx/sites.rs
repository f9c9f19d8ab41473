//! The sheet of sites: one row each, what it is, its verdict by every criterion, its points, and what was seen on the
//! way to it.

use std::collections::HashMap;

use rust_xlsxwriter::XlsxError;

use super::super::{Report, SiteReport, Summary, plain, words};
use super::cell::Cell;
use super::findings::{by_site, verdict};
use super::look::Look;
use super::scores::level;
use super::table::{Column, Done, Table};
use super::{Book, of_section};
use crate::finding::Finding;
use crate::policy::Date;
use crate::score::Score;

/// The sites as a sheet.
pub(super) fn sheet(book: &Book<'_>, look: &Look) -> Result<Done, XlsxError> {
    let mut table = Table::new(book.lang.of("Các trang", "Sites"), columns(book), 1, look, book.lang)?;
    let findings = by_site(book.report);
    let sections = of_section(book.report);
    let scores: HashMap<(&str, &str), &Score> =
        book.report.scores.iter().map(|s| ((s.site.as_str(), s.policy.as_str()), s)).collect();
    for site in &book.report.sites {
        let of_site = findings.get(site.id.as_str());
        table.add(&row(book, site, of_site, &scores, sections.get(site.id.as_str()).copied()))?;
    }
    table.end(&book.footer)
}

/// Policies whose scores stand in a report.
fn scored(report: &Report) -> impl Iterator<Item = &str> {
    let has = |id: &str| report.scores.iter().any(|s| s.policy == id);
    report.policies.iter().map(|p| p.id.as_str()).filter(move |id| has(id))
}

fn columns(book: &Book<'_>) -> Vec<Column> {
    let (report, lang) = (book.report, book.lang);
    let w = |vi: &str, en: &str| lang.of(vi, en).to_owned();
    let mut columns = vec![
        Column::wide(w("Trang", "Site"), 16),
        Column::wide(w("Tên trang", "Name"), 28),
        Column::wide(w("Cơ quan chủ quản", "Unit"), 20),
        Column::wide(w("Địa chỉ", "URL"), 30),
    ];
    for policy in scored(report) {
        let of = if scored(report).count() > 1 { format!(" ({})", plain::line_of(policy, 60)) } else { String::new() };
        for (vi, en) in
            [("Điểm chắc chắn", "Points, certain"), ("Điểm tối đa có thể", "Points, at most"), ("Mức", "Level")]
        {
            columns.push(Column::wide(format!("{}{of}", w(vi, en)), 10));
        }
    }
    columns.extend(report.rules.iter().map(|rule| Column::verdict(rule_name(book, &rule.policy, &rule.id), 14)));
    let beside = [
        (w("Vai trò", "Role"), 16),
        (w("Cổng mẹ", "Parent"), 16),
        (w("Số tiêu chí đạt", "Passed"), 9),
        (w("Số tiêu chí không đạt", "Failed"), 9),
        (w("Số tiêu chí chưa kết luận", "Inconclusive"), 9),
        (w("Địa chỉ cuối cùng", "Final URL"), 30),
        (w("Mã trạng thái HTTP", "HTTP status"), 10),
        (w("Vì sao không đọc được", "Why it was not read"), 36),
        (w("Mã số giám sát đã thấy", "Tracker ids seen"), 14),
        (w("Số trang con đã xét", "Pages judged"), 9),
        (w("Số trang con không đọc được", "Pages unread"), 9),
        (w("Phiên bản TLS", "TLS version"), 9),
        (w("Chứng thư số hết hạn ngày", "Certificate ends on"), 13),
    ];
    columns.extend(beside.into_iter().map(|(header, width)| Column::beside(header, width)));
    if !report.sections.is_empty() {
        columns.push(Column::beside(w("Báo cáo của đơn vị", "Unit's report"), 24));
    }
    columns
}

/// A rule's title; with its policy where another policy has a rule of that title.
pub(super) fn rule_name(book: &Book<'_>, policy: &str, id: &str) -> String {
    let title = |rule: &super::super::RuleRef| {
        let title = plain::line_of(book.lang.pick(&rule.title), 120);
        if title.is_empty() { plain::line_of(&rule.id, 120) } else { title }
    };
    let Some(rule) = book.report.rules.iter().find(|r| r.policy == policy && r.id == id) else {
        return plain::line_of(id, 120);
    };
    let name = title(rule);
    let twice = book.report.rules.iter().filter(|other| title(other) == name).count() > 1;
    if twice { format!("{name} ({} {})", plain::line_of(policy, 60), plain::line_of(id, 60)) } else { name }
}

fn row(
    book: &Book<'_>,
    site: &SiteReport,
    findings: Option<&HashMap<(&str, &str), &Finding>>,
    scores: &HashMap<(&str, &str), &Score>,
    section: Option<&str>,
) -> Vec<Cell> {
    let (report, lang) = (book.report, book.lang);
    let line = |text: Option<&str>| Cell::text(text.map(plain::line).unwrap_or_default());
    let address = |text: Option<&str>| text.map(plain::line).map_or(Cell::Empty, Cell::Link);
    let mut cells = vec![
        line(Some(&site.id)),
        line(site.name.as_deref()),
        line(site.unit.as_deref()),
        if site.url.is_some() { address(site.url.as_deref()) } else { line(site.source.as_deref()) },
    ];
    for policy in scored(report) {
        match scores.get(&(site.id.as_str(), policy)) {
            Some(score) => {
                cells.extend([Cell::Points(score.low), Cell::Points(score.high), Cell::Verdict(level(score))]);
            }
            None => cells.extend([Cell::Empty, Cell::Empty, Cell::Empty]),
        }
    }
    let of = |rule: &super::super::RuleRef| findings?.get(&(rule.policy.as_str(), rule.id.as_str())).copied();
    cells.extend(
        report.rules.iter().map(|rule| of(rule).map_or(Cell::Empty, |finding| Cell::Verdict(verdict(finding, book)))),
    );
    let mut counts = Summary::default();
    findings.into_iter().flat_map(HashMap::values).for_each(|finding| counts.add(finding.verdict));
    let ends = site.tls.as_ref().and_then(|tls| tls.chain.first()).map(|leaf| Date::in_vietnam(leaf.not_after));
    cells.extend([
        site.role.map_or(Cell::Empty, |role| Cell::text(words::role(role).pick(lang))),
        line(site.parent.as_deref()),
        Cell::Count(counts.pass),
        Cell::Count(counts.fail),
        Cell::Count(counts.inconclusive),
        // Where a server led may be anywhere: not a link.
        line(site.final_url.as_deref()),
        Cell::count(site.status.map(u64::from)),
        site.gap.map_or(Cell::Empty, |gap| Cell::text(words::cause(gap).pick(lang))),
        line(Some(&site.seen_site_ids.join(", "))),
        Cell::Count(site.pages_covered.judged),
        Cell::Count(site.pages_covered.unread),
        line(site.tls.as_ref().and_then(|tls| tls.version.as_deref())),
        ends.map_or(Cell::Empty, Cell::Day),
    ]);
    if !report.sections.is_empty() {
        cells.push(line(section));
    }
    cells
}
