//! The report as workflow commands: annotations on files, worst first. A step shows ten of each type, so the
//! tenth says how many more there are. The only format that speaks to the runner; every text is escaped.

use super::anchor::{Anchor, Anchors};
use super::outlet::{Github, Outlet};
use super::scored::{self, Unkept};
use super::words::{self, Lang};
use super::{Report, plain};
use crate::finding::Finding;

/// Annotations of one type that a step shows.
const SHOWN: usize = 10;

/// The report as workflow commands, one a line.
#[must_use]
pub fn to_github(report: &Report, lang: Lang) -> String {
    let anchors = Anchors::of(report);
    let unkept = scored::unkept(report);
    let mut out = String::new();
    for (level, command) in [(Github::Error, "error"), (Github::Warning, "warning"), (Github::Notice, "notice")] {
        let mut found: Vec<&Finding> =
            report.findings.iter().filter(|f| Outlet::of(report, f).github == Some(level)).collect();
        // What is known must not take the places of what is new; stable, so that the rest keeps its order.
        found.sort_by_key(|f| f.known);
        let gates: Vec<&Unkept<'_>> = unkept
            .iter()
            .filter(|one| Outlet::of_gate(one.gate.verdict, report.fail_on).github == Some(level))
            .collect();
        let left = (gates.len() + found.len()).saturating_sub(SHOWN);
        // Nor may gates take them all.
        let of_gates = (SHOWN / 2).max(SHOWN.saturating_sub(found.len()));
        // What was asked of scores first: it sums up the rest.
        let told = gates
            .iter()
            .take(of_gates)
            .map(|one| {
                let anchor = one.score.map(|score| anchors.of_site(&score.site));
                (anchor, gate_title(report, one, lang), gate_message(report, one, lang))
            })
            .chain(found.iter().map(|finding| {
                (Some(anchors.first(finding)), title(report, finding, lang), message(report, finding, lang))
            }));
        for (n, (anchor, title, mut message)) in told.take(SHOWN).enumerate() {
            if n + 1 == SHOWN && left > 0 {
                message.push_str(&lang.of(
                    format!("\n… và {left} mục nữa; xem báo cáo đầy đủ."),
                    format!("\n… and {left} more; see the full report."),
                ));
            }
            let place = anchor.map(|anchor| place(&anchor)).unwrap_or_default();
            out.push_str(&format!("::{command} {place}title={}::{}\n", property(&title), data(&message)));
        }
    }
    let counts = plain::counts(report, lang);
    let mut text = plain::outcome(report.outcome, lang);
    let unmeasured = plain::unmeasured(report, lang);
    if !unmeasured.is_empty() {
        text = format!("{} {}. {text}", lang.of("Chưa đo:", "Not measured:"), unmeasured.join("; "));
    }
    // An ordinary line of the log: not an annotation, so that ten findings keep their places.
    out.push_str(&format!("{}: {} · {counts}\n", plain::line(&report.tool.name), plain::line(&text)));
    out
}

/// A place as properties.
fn place(anchor: &Anchor) -> String {
    let r = anchor.region;
    let columns =
        if r.line == r.end_line { format!(",col={},endColumn={}", r.column, r.end_column) } else { String::new() };
    format!("file={},line={},endLine={}{columns},", property(&anchor.path), r.line, r.end_line)
}

/// Site and what is asked of its score.
pub(super) fn gate_title(report: &Report, one: &Unkept<'_>, lang: Lang) -> String {
    format!("{}: {}", scored::whose(report, one.score), scored::asked(&one.gate, lang))
}

/// What the site has, and where to look for what is missing.
pub(super) fn gate_message(report: &Report, one: &Unkept<'_>, lang: Lang) -> String {
    let answer = scored::answer(report, one.score, &one.gate, lang);
    let more =
        lang.of("Cách tính từng điểm: rasoat check --explain-score", "How it is counted: rasoat check --explain-score");
    plain::line_of(&answer, 1_000) + "\n" + more
}

/// Site, rule and the rule's title.
pub(super) fn title(report: &Report, finding: &Finding, lang: Lang) -> String {
    format!(
        "{}: {}{} – {}",
        plain::line_of(&finding.site, 100),
        plain::line_of(&finding.rule, 100),
        plain::known(finding, lang),
        plain::line_of(plain::title(report, finding, lang), 200)
    )
}

/// Reason, law and remedy.
pub(super) fn message(report: &Report, finding: &Finding, lang: Lang) -> String {
    let mut lines = vec![plain::line_of(&plain::reason(finding, lang), 1_000)];
    if let Some(clause) = plain::clause(report, finding, lang) {
        lines.push(format!("{} {clause}", lang.of("Căn cứ:", "Law:")));
    }
    match finding.gap {
        Some(gap) => lines.push(words::remedy(gap).pick(lang).to_owned()),
        None => {
            if let Some(fix) = plain::fix(report, finding, lang) {
                lines.push(lang.of("Cách sửa:", "How to fix:").to_owned());
                lines.extend(plain::lines(fix).into_iter().take(20));
            }
        }
    }
    lines.join("\n")
}

/// Text after `::`. Some runners take the last `::` of a line for the one that ends the properties.
fn data(text: &str) -> String {
    let mut text = escaped(text);
    while text.contains("::") {
        text = text.replace("::", "∶:");
    }
    text
}

/// A value before `::`.
fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
