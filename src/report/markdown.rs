//! The report as Markdown for a job's summary or a merge request: what was not measured, points, a table of sites,
//! failures with law and remedy, open questions. At most 64 KiB: what does not fit is counted.

use std::collections::HashMap;

use super::words::{self, Lang};
use super::{Beside, Outlet, Report, Summary, changed, plain, scored, trend};
use crate::finding::{Finding, Note, NoteLevel, Verdict};
use crate::policy::Severity;

/// Most bytes; job summaries take more, comments do not.
const MOST_BYTES: usize = 64 * 1024;
/// Room kept for the sentence that counts what was left out.
const RESERVE: usize = 512;

/// The report as Markdown.
#[must_use]
pub fn to_markdown(report: &Report, lang: Lang) -> String {
    to_markdown_beside(report, lang, &Beside::default())
}

/// The report as Markdown, with what is laid beside it.
#[must_use]
pub fn to_markdown_beside(report: &Report, lang: Lang, beside: &Beside) -> String {
    of_size(report, lang, beside, MOST_BYTES)
}

/// The report as Markdown of at most so many bytes.
pub(super) fn within(report: &Report, lang: Lang, most: usize) -> String {
    of_size(report, lang, &Beside::default(), most)
}

fn of_size(report: &Report, lang: Lang, beside: &Beside, most: usize) -> String {
    let mut sheet = Sheet { out: String::new(), left_out: 0, most };
    let s = report.summary;
    // The very first line: above a green heading it cannot be overlooked.
    let unmeasured = plain::unmeasured(report, lang);
    if !unmeasured.is_empty() {
        let text = plain::markdown(&unmeasured.join("; "));
        sheet.add(&format!("**{}** {text}\n\n", lang.of("Chưa đo:", "Not measured:")));
    }
    sheet.add(&format!("## {} · {}\n\n", plain::markdown(&report.tool.name), plain::outcome(report.outcome, lang)));
    for note in report.estate_notes.iter().filter(|note| note.is_of_change()) {
        sheet.add(&format!("**{}**\n\n", plain::markdown(lang.pick(&note.message))));
    }
    sheet.add(&lang.of(
        format!(
            "{} đạt, {} không đạt, {} chưa đo được, {} không áp dụng, {} tạm chấp nhận · {} trang\n\n",
            s.pass,
            s.fail,
            s.inconclusive,
            s.not_applicable,
            s.waived,
            report.sites.len()
        ),
        format!(
            "{} passed, {} failed, {} not measured, {} not applicable, {} waived · {} sites\n\n",
            s.pass,
            s.fail,
            s.inconclusive,
            s.not_applicable,
            s.waived,
            report.sites.len()
        ),
    ));
    scores(report, &mut sheet, lang);
    if let Some(known) = known(report, lang) {
        sheet.add(&format!("{known}\n\n"));
    }
    let notes: Vec<&Note> = report.estate_notes.iter().filter(|note| !note.is_of_change()).collect();
    for note in &notes {
        sheet.add(&format!("- {}\n", plain::markdown(lang.pick(&note.message))));
    }
    if !notes.is_empty() {
        sheet.add("\n");
    }
    sections(report, &mut sheet, lang);
    changes(beside, &report.taken_at, &mut sheet, lang);
    // Failures first: when space runs out it is the long table that is cut.
    let of = |v: Verdict| report.findings.iter().filter(move |f| f.verdict == v && Outlet::of(report, f).listed);
    for (verdict, title) in [
        (Verdict::Fail, lang.of("Không đạt", "Failures")),
        (Verdict::Inconclusive, lang.of("Chưa đo được", "Not measured")),
        (Verdict::Waived, lang.of("Tạm chấp nhận", "Waived")),
    ] {
        if of(verdict).next().is_some() {
            sheet.add(&format!("### {title}\n\n"));
            // What is known must not take the room of what is new.
            for finding in of(verdict).filter(|f| !f.known).chain(of(verdict).filter(|f| f.known)) {
                sheet.add(&item(report, finding, lang));
            }
            sheet.add("\n");
        }
    }
    let stated: Vec<&Finding> = report.findings.iter().filter(|f| plain::is_stated(f)).collect();
    if !stated.is_empty() {
        sheet.add(&format!(
            "### {}\n\n",
            lang.of("Đạt theo xác nhận, không do máy đo", "Passed by statement, not measured")
        ));
        for finding in stated {
            sheet.add(&item(report, finding, lang));
        }
        sheet.add("\n");
    }
    table(report, &mut sheet, lang);
    if sheet.left_out > 0 {
        let n = sheet.left_out;
        sheet.out.push_str(&lang.of(
            format!("\n… {n} mục không vừa trang này; xem báo cáo đầy đủ.\n"),
            format!("\n… {n} entries do not fit here; see the full report.\n"),
        ));
    }
    sheet.out
}

/// Most units that are named.
const MOST_UNITS: usize = 100;

/// What each unit handed in, a row each; nothing for a report of one run.
fn sections(report: &Report, sheet: &mut Sheet, lang: Lang) {
    if report.sections.is_empty() {
        return;
    }
    let header = lang.of(
        "| Đơn vị | Kết luận | Số trang | Đạt | Không đạt | Chưa đo được | Không áp dụng | Tạm chấp nhận | Dữ liệu lúc |",
        "| Unit | Outcome | Sites | Passed | Failed | Not measured | Not applicable | Waived | Facts of |",
    );
    let title = lang.of("Đơn vị", "Units");
    sheet.add(&format!("### {title}\n\n{header}\n|---|---|--:|--:|--:|--:|--:|--:|---|\n"));
    for section in report.sections.iter().take(MOST_UNITS) {
        let unit = section.unit.as_deref().filter(|unit| *unit != section.name);
        let unit = unit.map(|unit| format!(" · {}", plain::markdown(&plain::line_of(unit, 200)))).unwrap_or_default();
        let s = section.summary;
        sheet.add(&format!(
            "| {}{unit} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            plain::markdown(&plain::line_of(&section.name, 200)),
            plain::markdown(&plain::outcome(section.outcome, lang)),
            section.sites.len(),
            s.pass,
            s.fail,
            s.inconclusive,
            s.not_applicable,
            s.waived,
            plain::markdown(&plain::instant(&section.taken_at, lang)),
        ));
    }
    if report.sections.len() > MOST_UNITS {
        let n = report.sections.len() - MOST_UNITS;
        sheet.add(&lang.of(format!("\n… và {n} đơn vị nữa\n"), format!("\n… and {n} more units\n")));
    }
    sheet.add("\n");
}

/// Most sites of the table of points: what must be mended needs the room.
const MOST_SCORES: usize = 50;

/// What was asked of scores and does not hold, and the points of every site that has any.
fn scores(report: &Report, sheet: &mut Sheet, lang: Lang) {
    let unkept = scored::unkept(report);
    if report.scores.is_empty() && unkept.is_empty() {
        return;
    }
    sheet.add(&format!("### {}\n\n", lang.of("Điểm", "Points")));
    for one in unkept.iter().take(MOST_SCORES) {
        let sign = if one.gate.verdict == Verdict::Fail { "✗" } else { "?" };
        let asked = plain::markdown(&scored::asked(&one.gate, lang));
        let answer = plain::markdown(&scored::answer(report, one.score, &one.gate, lang));
        sheet.add(&format!(
            "- {sign} **{}** · {asked} – {answer}\n",
            plain::markdown(&scored::whose(report, one.score))
        ));
    }
    if unkept.len() > MOST_SCORES {
        let left = unkept.len() - MOST_SCORES;
        sheet.add(&lang.of(format!("- … và {left} ngưỡng nữa\n"), format!("- … and {left} more gates\n")));
    }
    if !unkept.is_empty() {
        sheet.add("\n");
    }
    if report.scores.is_empty() {
        return;
    }
    let header = lang.of(
        "| Trang | Bộ tiêu chí | Điểm | Trên | Mức | Theo xác nhận |",
        "| Site | Policy | Points | Of | Level | Attested |",
    );
    sheet.add(&format!("{header}\n|---|---|--:|--:|---|--:|\n"));
    for score in report.scores.iter().take(MOST_SCORES) {
        let level = match (&score.level_low, &score.level_high) {
            (Some(low), Some(high)) if low == high => plain::markdown(&plain::line_of(low, 60)),
            (Some(low), Some(high)) => {
                format!("{}–{}", plain::markdown(&plain::line_of(low, 60)), plain::markdown(&plain::line_of(high, 60)))
            }
            _ => String::new(),
        };
        sheet.add(&format!(
            "| {} | {} | {} | {} | {level} | {} |\n",
            plain::markdown(&plain::line_of(&score.site, 100)),
            plain::markdown(&plain::line_of(&score.policy, 100)),
            scored::between(score.low, score.high, lang),
            lang.points(score.possible),
            lang.points(score.attested)
        ));
    }
    sheet.add("\n");
    if report.scores.len() > MOST_SCORES {
        let left = report.scores.len() - MOST_SCORES;
        sheet.add(&lang.of(
            format!("… và {left} trang nữa có điểm; xem báo cáo đầy đủ.\n\n"),
            format!("… and {left} more sites with points; see the full report.\n\n"),
        ));
    }
}

/// Most entries of one list of changes: the failures themselves stand below.
const MOST_CHANGES: usize = 20;

/// What changed since an earlier report, and the trend in one line.
fn changes(beside: &Beside, at: &str, sheet: &mut Sheet, lang: Lang) {
    if let Some(changes) = &beside.changes {
        sheet.add(&format!("**{}**\n\n", plain::markdown(&changed::headline(changes, at, lang))));
        for note in &changes.notes {
            sheet.add(&format!("- {}\n", plain::markdown(&plain::line(lang.pick(note)))));
        }
        for list in changed::lists(changes, lang, false) {
            let left = list.entries.len().saturating_sub(MOST_CHANGES);
            let mut text = format!("- {}\n", plain::markdown(&list.title));
            for entry in list.entries.iter().take(MOST_CHANGES) {
                text.push_str(&format!("  - {}\n", plain::markdown(entry)));
            }
            if left > 0 {
                text.push_str(&lang.of(format!("  - … và {left} nữa\n"), format!("  - … and {left} more\n")));
            }
            sheet.add(&text);
        }
        sheet.add("\n");
    }
    if let Some(line) = beside.trend.as_ref().and_then(|t| trend::trend_line(t, lang)) {
        sheet.add(&format!("{}\n\n", plain::markdown(&line)));
    }
}

/// How many failures were there before, and whether they are named.
fn known(report: &Report, lang: Lang) -> Option<String> {
    let known = report.findings.iter().filter(|f| f.verdict == Verdict::Fail && f.known).count();
    let hidden = if report.new_only { lang.of(", không liệt kê", ", not listed") } else { "" };
    let word = if known == 1 { "failure is" } else { "failures are" };
    (known > 0)
        .then(|| lang.of(format!("{known} lỗi đã biết từ trước{hidden}."), format!("{known} {word} known{hidden}.")))
}

/// A text that grows only while there is room.
struct Sheet {
    out: String,
    left_out: usize,
    /// Most bytes.
    most: usize,
}

impl Sheet {
    fn add(&mut self, text: &str) {
        if self.left_out == 0 && self.out.len() + text.len() + RESERVE <= self.most {
            self.out.push_str(text);
        } else if text.trim() != "" {
            // From the first that does not fit: a gap in the middle would read as a whole.
            self.left_out += 1;
        }
    }
}

/// One finding as an entry of a list, its remedy folded.
fn item(report: &Report, finding: &Finding, lang: Lang) -> String {
    let mut kind = String::new();
    if finding.severity < Severity::Error {
        kind.push_str(&format!(", {}", words::severity(finding.severity).pick(lang)));
    }
    if finding.known {
        kind.push_str(lang.of(", đã biết", ", known"));
    }
    let mut out = format!(
        "- **{}** · {} ({}{kind}): {}\n",
        plain::markdown(&finding.site),
        plain::markdown(plain::title(report, finding, lang)),
        plain::markdown(&finding.rule),
        plain::markdown(&plain::line_of(&plain::reason(finding, lang), 500))
    );
    for note in finding.notes.iter().filter(|note| note.level == NoteLevel::Warning).take(10) {
        out.push_str(&format!("  - {}\n", plain::markdown(lang.pick(&note.message))));
    }
    if let Some(clause) = plain::clause(report, finding, lang) {
        out.push_str(&format!("  - {}: {}\n", lang.of("Căn cứ", "Law"), plain::markdown(&clause)));
    }
    if finding.verdict == Verdict::Waived {
        return out;
    }
    for place in finding.places.iter().take(3).filter_map(plain::place) {
        out.push_str(&format!("  - {}\n", plain::markdown(&place)));
    }
    for evidence in finding.evidence.iter().take(10) {
        out.push_str(&format!("  - {}\n", plain::markdown(&plain::evidence(evidence, lang))));
    }
    if finding.evidence.len() > 10 {
        let left = finding.evidence.len() - 10;
        out.push_str(&lang.of(format!("  - … và {left} nữa\n"), format!("  - … and {left} more\n")));
    }
    match finding.gap {
        Some(gap) => out.push_str(&format!("  - {}\n", plain::markdown(words::remedy(gap).pick(lang)))),
        None => {
            if let Some(fix) = plain::fix(report, finding, lang) {
                let block = plain::fenced(&plain::lines(fix)).replace('\n', "\n  ");
                let label = lang.of("Cách sửa", "How to fix");
                out.push_str(&format!("\n  <details><summary>{label}</summary>\n\n  {block}\n\n  </details>\n\n"));
            }
        }
    }
    out
}

fn table(report: &Report, sheet: &mut Sheet, lang: Lang) {
    let mut by_site: HashMap<&str, Summary> = HashMap::new();
    for finding in &report.findings {
        by_site.entry(&finding.site).or_default().add(finding.verdict);
    }
    let header = lang.of(
        "| Trang | Đạt | Không đạt | Chưa đo được | Không áp dụng | Tạm chấp nhận |",
        "| Site | Passed | Failed | Not measured | Not applicable | Waived |",
    );
    sheet.add(&format!("### {}\n\n{header}\n|---|--:|--:|--:|--:|--:|\n", lang.of("Các trang", "Sites")));
    for site in &report.sites {
        let n = by_site.get(site.id.as_str()).copied().unwrap_or_default();
        let name = site.name.as_deref().map(|name| format!(" · {}", plain::markdown(&plain::line_of(name, 200))));
        sheet.add(&format!(
            "| {}{} | {} | {} | {} | {} | {} |\n",
            plain::markdown(&site.id),
            name.unwrap_or_default(),
            n.pass,
            n.fail,
            n.inconclusive,
            n.not_applicable,
            n.waived
        ));
    }
}
