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
/// Most places of a note.
const PLACES: usize = 20;
/// Cells of a row. Programs find them by number too: new ones stand at the end.
const COLUMNS: usize = 29;
/// The columns of what a rule may earn: points, for certain, at most.
const POINTS: usize = 26;
/// The column of the run in one word.
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
            "số phần đạt",
            "số phần chưa rõ",
            "tổng số phần",
            "báo cáo của đơn vị",
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
            "parts_met",
            "parts_open",
            "parts_of",
            "section",
            "points",
            "points_low",
            "points_high",
        ],
    );
    row(&mut out, &header.map(str::to_owned));
    let sites = report.sites_by_id();
    let sections: HashMap<&str, &str> =
        report.sections.iter().flat_map(|s| s.sites.iter().map(|id| (id.as_str(), s.name.as_str()))).collect();
    let points = points(report);
    for finding in &report.findings {
        let site = sites.get(finding.site.as_str()).copied();
        let section = sections.get(finding.site.as_str()).copied();
        let mut cells = cells(report, site, section, finding, lang);
        if let Some(rule) = points.get(&(&*finding.site, &*finding.policy, &*finding.rule)) {
            let has = if rule.counted == Counted::Removed { Points(0) } else { rule.points };
            for (cell, points) in cells[POINTS..].iter_mut().zip([has, rule.low, rule.high]) {
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
pub(super) fn points(report: &Report) -> HashMap<(&str, &str, &str), &RuleScore> {
    let named = report.scores.iter().flat_map(|score| {
        score
            .groups
            .iter()
            .flat_map(|group| &group.rules)
            .map(|rule| ((&*score.site, &*score.policy, &*rule.rule), rule))
    });
    named.collect()
}

fn cells(
    report: &Report,
    site: Option<&SiteReport>,
    section: Option<&str>,
    finding: &Finding,
    lang: Lang,
) -> [String; COLUMNS] {
    let text = |t: Option<&str>| t.map(plain::line).unwrap_or_default();
    // Each in a cell of its own: 12/13 in one would be read as a day.
    let part = |part: Option<u32>| part.map(|n| n.to_string()).unwrap_or_default();
    let evidence: Vec<String> = finding.evidence.iter().map(|e| plain::evidence(e, lang)).collect();
    let notes: Vec<String> = finding.notes.iter().map(|n| plain::note(n, lang)).collect();
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
        plain::places(finding, lang),
        text(finding.expected.as_deref()),
        text(finding.actual.as_deref()),
        evidence.join("\n"),
        plain::mending(report, finding, lang),
        notes.join("\n"),
        if finding.known { lang.of("có", "yes").to_owned() } else { String::new() },
        outcome_name(report.outcome).to_owned(),
        part(finding.earned.map(|share| share.met)),
        part(finding.earned.map(|share| share.open)),
        part(finding.earned.map(|share| share.of)),
        text(section),
        String::new(),
        String::new(),
        String::new(),
    ]
}

/// One row. A cell with several lines or values is quoted; none of its lines begins as a formula.
pub(crate) fn row(out: &mut String, cells: &[String]) {
    for (n, cell) in cells.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        let mut cell = cell.clone();
        if let Some((cut, _)) = cell.char_indices().nth(CELL) {
            cell.truncate(cut);
            cell.push('…');
        }
        // Where lists are parted by semicolons (Excel in Vietnamese), quotes within a line are no quotes: every line
        // of a cell, and what stands after a semicolon, becomes a cell of its own.
        let lines =
            cell.split('\n').map(|line| line.split(';').map(|part| defused(part.to_owned())).collect::<Vec<_>>());
        let cell = lines.map(|parts| parts.join(";")).collect::<Vec<_>>().join("\n");
        if cell.contains([',', '"', '\n', ';']) {
            out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

/// The same text with an apostrophe before what a spreadsheet would run as a formula.
pub(super) fn defused(mut text: String) -> String {
    // Also after spaces and quotes: spreadsheets trim them. The wide forms count where East Asian text is typed.
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || c == '"');
    if start.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) {
        text.insert(0, '\'');
    }
    text
}
