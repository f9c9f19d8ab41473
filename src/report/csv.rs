//! The report as a table for spreadsheets: one row a finding, verdicts of every kind. Cells that a
//! spreadsheet would run as formulas are defused; the byte-order mark makes Excel read Vietnamese right.

use std::collections::HashMap;

use super::words::{self, Lang, outcome_name, verdict_name};
use super::{Report, SiteReport, plain};
use crate::finding::Finding;
use crate::policy::Points;
use crate::score::{Counted, RuleScore};

/// Longest cell, in characters: Excel takes 32,767.
const CELL: usize = 8_000;
/// Most places of one row.
const PLACES: usize = 20;
/// Cells of a row.
const COLUMNS: usize = 25;
/// Where the run's word stands.
const OUTCOME: usize = 21;

/// The report as comma-separated values (RFC 4180, UTF-8).
#[must_use]
pub fn to_csv(report: &Report, lang: Lang) -> String {
    let mut out = String::from('\u{feff}');
    let header = lang.of(
        [
            "trang",
            "tên",
            "cơ quan chủ quản",
            "vai trò",
            "địa chỉ",
            "bộ tiêu chí",
            "tiêu chí",
            "tên tiêu chí",
            "căn cứ",
            "kết quả",
            "kết quả (mã)",
            "mức độ",
            "mã lý do",
            "lý do",
            "vị trí",
            "cần",
            "thấy",
            "dữ kiện",
            "cách sửa",
            "ghi chú",
            "đã biết",
            "kết quả chung",
            "điểm tối đa",
            "điểm chắc chắn",
            "điểm cao nhất",
        ],
        [
            "site",
            "name",
            "unit",
            "role",
            "url",
            "policy",
            "rule",
            "title",
            "clause",
            "verdict",
            "verdict_code",
            "severity",
            "code",
            "reason",
            "place",
            "expected",
            "actual",
            "evidence",
            "fix",
            "notes",
            "known",
            "outcome",
            "points",
            "points_low",
            "points_high",
        ],
    );
    row(&mut out, &header.map(str::to_owned));
    let sites = report.sites_by_id();
    let points = points(report);
    for finding in &report.findings {
        let site = sites.get(finding.site.as_str()).copied();
        let mut cells = cells(report, site, finding, lang);
        if let Some(rule) = points.get(&(&*finding.site, &*finding.policy, &*finding.rule)) {
            let has = if rule.counted == Counted::Removed { Points(0) } else { rule.points };
            for (cell, points) in cells[OUTCOME + 1..].iter_mut().zip([has, rule.low, rule.high]) {
                *cell = points.to_string();
            }
        }
        row(&mut out, &cells);
    }
    for note in &report.estate_notes {
        let mut cells: [String; COLUMNS] = Default::default();
        let places: Vec<String> = note.places.iter().take(PLACES).filter_map(plain::place).collect();
        cells[11] = words::note_level(note.level).pick(lang).to_owned();
        cells[12] = plain::line(&note.code);
        cells[13] = plain::line(lang.pick(&note.message));
        cells[14] = places.join("\n");
        cells[OUTCOME] = outcome_name(report.outcome).to_owned();
        row(&mut out, &cells);
    }
    out
}

/// The points of every rule on every site that has a score: summed up by site they are its score, but for what no
/// rule of this run hands out.
fn points(report: &Report) -> HashMap<(&str, &str, &str), &RuleScore> {
    let named = report.scores.iter().flat_map(|score| {
        score
            .groups
            .iter()
            .flat_map(|group| &group.rules)
            .map(|rule| ((&*score.site, &*score.policy, &*rule.rule), rule))
    });
    named.collect()
}

fn cells(report: &Report, site: Option<&SiteReport>, finding: &Finding, lang: Lang) -> [String; COLUMNS] {
    let text = |t: Option<&str>| t.map(plain::line).unwrap_or_default();
    let places: Vec<String> = finding.places.iter().take(PLACES).filter_map(plain::place).collect();
    let evidence: Vec<String> = finding.evidence.iter().map(|e| plain::evidence(e, lang)).collect();
    let notes: Vec<String> = finding.notes.iter().map(|n| plain::note(n, lang)).collect();
    let remedy = match finding.gap {
        Some(gap) => words::remedy(gap).pick(lang).to_owned(),
        None => plain::fix(report, finding, lang).map(|f| plain::lines(f).join("\n")).unwrap_or_default(),
    };
    // A remedy belongs to what is to be mended, not to a pass.
    let mends = matches!(verdict_name(finding.verdict), "fail" | "inconclusive" | "waived");
    [
        plain::line(&finding.site),
        text(site.and_then(|s| s.name.as_deref())),
        text(site.and_then(|s| s.unit.as_deref())),
        site.and_then(|s| s.role).map(|r| words::role(r).pick(lang).to_owned()).unwrap_or_default(),
        text(site.and_then(|s| s.url.as_deref())),
        plain::line(&finding.policy),
        plain::line(&finding.rule),
        plain::line(plain::title(report, finding, lang)),
        plain::clause(report, finding, lang).unwrap_or_default(),
        words::verdict(finding.verdict).pick(lang).to_owned(),
        verdict_name(finding.verdict).to_owned(),
        words::severity(finding.severity).pick(lang).to_owned(),
        finding.gap.map(crate::snapshot::Gap::name).unwrap_or_else(|| text(finding.code.as_deref())),
        plain::reason(finding, lang),
        places.join("\n"),
        text(finding.expected.as_deref()),
        text(finding.actual.as_deref()),
        evidence.join("\n"),
        if mends { remedy } else { String::new() },
        notes.join("\n"),
        if finding.known { lang.of("có", "yes").to_owned() } else { String::new() },
        outcome_name(report.outcome).to_owned(),
        String::new(),
        String::new(),
        String::new(),
    ]
}

pub(crate) fn row(out: &mut String, cells: &[String]) {
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let mut cell: String = cell.chars().take(CELL).collect();
        // Also after spaces: spreadsheets trim them.
        if cell.trim_start().starts_with(['=', '+', '-', '@', '\t', '\r']) {
            cell.insert(0, '\'');
        }
        if cell.contains([',', '"', '\n', ';']) {
            out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}
