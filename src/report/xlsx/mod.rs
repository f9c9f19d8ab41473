//! The report as a workbook for spreadsheets: a summary, findings, sites and, where there are any, points, ranks,
//! changes and earlier runs. Numbers, dates and links are typed; text is never a formula. The same report always
//! gives the same bytes.

mod beside;
mod cell;
mod findings;
mod look;
mod scores;
mod sites;
mod summary;
mod table;
mod tally;

use std::collections::HashMap;

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use super::words::Lang;
use super::{Beside, Report, plain};
use cell::excel_utc;
use look::Look;
use table::Done;

/// What every sheet is made from.
struct Book<'a> {
    report: &'a Report,
    lang: Lang,
    beside: &'a Beside,
    /// What stands below every printed page.
    footer: String,
}

/// The report as a workbook (Office Open XML).
///
/// # Errors
/// The writer's own words when a sheet cannot be written, which the limits kept here rule out.
pub fn to_xlsx(report: &Report, lang: Lang, beside: &Beside) -> Result<Vec<u8>, String> {
    let tool = format!("{} {}", plain::line_of(&report.tool.name, 30), plain::line_of(&report.tool.version, 30));
    let of = lang.of("dữ liệu lúc", "facts of");
    let footer = format!("{tool} · {of} {}", plain::instant(&report.taken_at, lang));
    bytes(&Book { report, lang, beside, footer }).map_err(|e| e.to_string())
}

fn bytes(book: &Book<'_>) -> Result<Vec<u8>, XlsxError> {
    let look = Look::new(book.lang);
    let mut sheets: Vec<Done> = vec![findings::sheet(book, &look)?, sites::sheet(book, &look)?];
    if !book.report.scores.is_empty() {
        sheets.push(scores::by_group(book, &look)?);
        sheets.push(scores::in_order(book, &look)?);
    }
    if let Some(ranking) = &book.beside.ranking {
        sheets.push(beside::ranking(book, ranking, &look)?);
    }
    if let Some(changes) = &book.beside.changes {
        sheets.push(beside::changes(book, changes, &look)?);
        if !changes.scores.is_empty() {
            sheets.push(beside::score_changes(book, changes, &look)?);
        }
    }
    if let Some(trend) = &book.beside.trend {
        sheets.push(beside::history(book, trend, &look)?);
    }
    let cut: Vec<String> =
        sheets.iter().filter_map(|done| Some(format!("{}: {}", done.sheet.name(), done.said.as_ref()?))).collect();
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(book));
    workbook.push_worksheet(summary::sheet(book, &cut, &look)?);
    for done in sheets {
        workbook.push_worksheet(done.sheet);
    }
    workbook.save_to_buffer()
}

/// What a file manager shows of the workbook; its date is the report's, not the clock's.
fn properties(book: &Book<'_>) -> DocProperties {
    let policies: Vec<String> =
        book.report.policies.iter().map(|p| plain::line_of(&format!("{} {}", p.id, p.version), 100)).collect();
    let mut properties = DocProperties::new()
        .set_title(summary::title(book.lang))
        .set_subject(plain::line_of(&policies.join(", "), 250))
        .set_author(plain::line_of(&book.report.tool.name, 60));
    let epoch = "1980-01-01T00:00:00Z";
    if let Some(at) = excel_utc(&book.report.taken_at).or_else(|| excel_utc(epoch)) {
        properties = properties.set_creation_datetime(&at);
    }
    properties
}

/// The unit's report that each site came in.
fn of_section(report: &Report) -> HashMap<&str, &str> {
    let sections = report.sections.iter();
    sections.flat_map(|section| section.sites.iter().map(|id| (id.as_str(), section.name.as_str()))).collect()
}
