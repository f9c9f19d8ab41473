//! The report for a person at a terminal: failures in detail, grouped by site; what could not be measured
//! with its cause and remedy; the rest counted; and a summary whose last line says it all, with what the change under
//! review decides for itself.

mod changes;
mod detail;
mod ranking;
mod score;
mod sections;
mod style;
mod visit;

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;
pub(super) use ranking::to_human as ranking_to_human;
use style::{Ink, Painter, wrap};
use unicode_width::UnicodeWidthStr;

use super::words::{self, Lang};
use super::{Beside, Outcome, Outlet, Report, SiteReport, plain, scored};
use crate::finding::{Finding, NoteLevel, Verdict};
use crate::policy::Severity;
use crate::score::Score;

/// From so many sites on, a site is told in one line unless it fails.
const MANY_SITES: usize = 20;

/// How the reader wants it.
#[derive(Debug, Clone, Copy)]
pub struct HumanOptions {
    /// Language.
    pub lang: Lang,
    /// Colours.
    pub color: bool,
    /// List what passed too.
    pub verbose: bool,
    /// The report is of a recording, judged again.
    pub replayed: bool,
    /// Tell how every point was counted.
    pub explain_score: bool,
    /// Cells of a line; source lines and sentences are fitted to it.
    pub width: usize,
}

impl Default for HumanOptions {
    fn default() -> Self {
        Self { lang: Lang::Vi, color: false, verbose: false, replayed: false, explain_score: false, width: 100 }
    }
}

/// The report as text for a terminal.
#[must_use]
pub fn to_human(report: &Report, options: &HumanOptions) -> String {
    to_human_beside(report, options, &Beside::default())
}

/// The report as text for a terminal, with what is laid beside it.
#[must_use]
pub fn to_human_beside(report: &Report, options: &HumanOptions, beside: &Beside) -> String {
    let mut sheet = Sheet {
        report,
        lang: options.lang,
        verbose: options.verbose,
        explain_score: options.explain_score,
        scores_of: HashMap::new(),
        width: options.width.clamp(40, 200),
        painter: Painter { on: options.color },
        told: BTreeSet::new(),
        out: String::new(),
    };
    for score in &report.scores {
        sheet.scores_of.entry(&score.site).or_default().push(score);
    }
    sheet.opening(options.replayed);
    // Sites in declared order, then those that only findings name.
    let mut by_site: IndexMap<&str, (Option<&SiteReport>, Vec<&Finding>)> =
        report.sites.iter().map(|s| (s.id.as_str(), (Some(s), Vec::new()))).collect();
    for finding in &report.findings {
        by_site.entry(&finding.site).or_default().1.push(finding);
    }
    let many = by_site.len() > MANY_SITES;
    for (id, (site, findings)) in &by_site {
        sheet.site(*site, id, findings, many);
    }
    if many {
        sheet.by_rule();
    }
    sheet.sections();
    sheet.changes(beside);
    sheet.summary();
    sheet.out
}

/// A text under construction.
struct Sheet<'a> {
    report: &'a Report,
    lang: Lang,
    verbose: bool,
    explain_score: bool,
    scores_of: HashMap<&'a str, Vec<&'a Score>>,
    width: usize,
    painter: Painter,
    /// Remedies already printed, so that a hundred sites do not repeat one text.
    told: BTreeSet<&'a str>,
    out: String,
}

impl<'a> Sheet<'a> {
    /// One line, as it is: its parts were made plain where they were taken from the report.
    fn put(&mut self, indent: usize, text: &str) {
        if !text.is_empty() {
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.out.push_str(text);
        }
        self.out.push('\n');
    }

    /// A sentence, broken to the screen's width; entries of a list hang under their sign.
    fn say(&mut self, indent: usize, ink: Option<Ink>, text: &str) {
        let hang = if text.starts_with("• ") { 2 } else { 0 };
        for (n, line) in wrap(text, self.width.saturating_sub(indent + hang)).iter().enumerate() {
            // A break may have brought a runner's command to the start of a line.
            let line = plain::line(line);
            let line = ink.map_or_else(|| line.clone(), |ink| self.painter.paint(ink, &line));
            self.put(if n == 0 { indent } else { indent + hang }, &line);
        }
    }

    /// One empty line, however many are asked for.
    fn rest(&mut self) {
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn opening(&mut self, replayed: bool) {
        let report = self.report;
        let mut parts = vec![format!("{} {}", plain::line(&report.tool.name), plain::line(&report.tool.version))];
        parts.extend(report.policies.iter().map(|p| plain::line(&format!("{} {}", p.id, p.version))));
        parts.push(plain::instant(&report.taken_at, self.lang));
        if let Some(shard) = report.shard {
            parts.push(format!("{} {}/{}", self.lang.of("phần", "shard"), shard.index, shard.of));
        }
        self.say(0, Some(Ink::Dim), &parts.join(" · "));
        if replayed {
            let of = plain::instant(&report.taken_at, self.lang);
            let words = self.lang.of("Xét lại từ bản ghi lúc", "Replayed from a recording of");
            let without = self.lang.of("không truy cập mạng", "without network");
            self.say(0, None, &format!("{words} {of}, {without}."));
        }
        self.rest();
    }

    fn site(&mut self, site: Option<&'a SiteReport>, id: &str, findings: &[&'a Finding], many: bool) {
        let shown: Vec<&'a Finding> = findings.iter().copied().filter(|f| Outlet::of(self.report, f).listed).collect();
        let quiet = shown
            .iter()
            .all(|f| matches!(f.verdict, Verdict::Pass | Verdict::NotApplicable) && !warns(f) && !plain::is_stated(f));
        let listed = self.verbose || !quiet || (!many && shown.iter().any(|f| f.verdict != Verdict::Pass));
        let fails =
            |least: Severity| findings.iter().any(|f| f.verdict == Verdict::Fail && !f.known && f.severity >= least);
        let worst = if fails(Severity::Error) {
            ("✗", Ink::Bad)
        } else if findings.iter().any(|f| f.verdict == Verdict::Fail) {
            ("✗", Ink::Warn)
        } else if findings.iter().any(|f| f.verdict == Verdict::Inconclusive) {
            ("?", Ink::Warn)
        } else if findings.iter().any(|f| f.verdict == Verdict::Pass) {
            ("✓", Ink::Good)
        } else {
            ("–", Ink::Dim)
        };
        let mut line = format!(
            "{} {}",
            self.painter.paint(worst.1, worst.0),
            self.painter.paint(Ink::Bold, &plain::line_of(id, 200))
        );
        let name = site.and_then(|s| s.name.as_deref());
        let address = site.and_then(|s| s.url.as_deref().or(s.source.as_deref()));
        for part in [name, address].into_iter().flatten().filter(|p| *p != id) {
            line.push_str(" · ");
            line.push_str(&plain::line_of(part, 300));
        }
        if let Some(role) = site.and_then(|s| s.role) {
            line.push_str(&self.painter.paint(Ink::Dim, &format!(" · {}", words::role(role).pick(self.lang))));
        }
        // Of many sites each has its one line.
        let alone = !many || self.explain_score;
        if !alone {
            line.push_str(&self.short_scores(id));
        }
        line.push_str(&self.painter.paint(Ink::Dim, &format!(" · {}", self.counts(findings))));
        self.put(0, &line);
        if let Some(site) = site {
            self.visit(site);
        }
        self.scores(id, findings, alone);
        if listed {
            self.details(&shown, many);
            self.rest();
        }
    }

    /// `3 đạt, 1 không đạt` of some findings.
    fn counts(&self, findings: &[&Finding]) -> String {
        let of = |v: Verdict| findings.iter().filter(|f| f.verdict == v).count() as u64;
        let parts = self.count_words(
            of(Verdict::Pass),
            of(Verdict::Fail),
            of(Verdict::Inconclusive),
            of(Verdict::NotApplicable),
            of(Verdict::Waived),
        );
        let shown: Vec<&str> = parts.iter().filter(|(n, _)| *n > 0).map(|(_, t)| t.as_str()).collect();
        if shown.is_empty() { self.lang.of("không có tiêu chí", "no rules").to_owned() } else { shown.join(", ") }
    }

    fn count_words(&self, pass: u64, fail: u64, unseen: u64, none: u64, waived: u64) -> [(u64, String); 5] {
        let l = self.lang;
        [
            (pass, format!("{pass} {}", l.of("đạt", "passed"))),
            (fail, format!("{fail} {}", l.of("không đạt", "failed"))),
            (unseen, format!("{unseen} {}", l.of("chưa đo được", "not measured"))),
            (none, format!("{none} {}", l.of("không áp dụng", "not applicable"))),
            (waived, format!("{waived} {}", l.of("tạm chấp nhận", "waived"))),
        ]
    }

    /// One line a rule: how many sites keep it. Tells of many sites where the work lies.
    fn by_rule(&mut self) {
        let mut rules: IndexMap<(&str, &str), [u64; 3]> = IndexMap::new();
        for finding in &self.report.findings {
            let column = match finding.verdict {
                Verdict::Pass => 0,
                Verdict::Fail => 1,
                Verdict::Inconclusive => 2,
                Verdict::NotApplicable | Verdict::Waived => continue,
            };
            rules.entry((&finding.policy, &finding.rule)).or_default()[column] += 1;
        }
        self.rest();
        let l = self.lang;
        let widest = rules.keys().map(|(_, rule)| plain::line_of(rule, 60).width()).max().unwrap_or(0);
        let header = [l.of("đạt", "passed"), l.of("không đạt", "failed"), l.of("chưa đo được", "not measured")];
        let head = format!("{}  {}  {}  {}", " ".repeat(widest), header[0], header[1], header[2]);
        let head = self.painter.paint(Ink::Dim, &head);
        self.put(2, &head);
        for ((_, rule), counts) in rules {
            let rule = plain::line_of(rule, 60);
            let mut text = format!("{rule}{}", " ".repeat(widest - rule.width()));
            for (count, title) in counts.into_iter().zip(header) {
                let count = count.to_string();
                text.push_str(&format!("  {}{count}", " ".repeat(title.width().saturating_sub(count.len()))));
            }
            self.put(2, &text);
        }
    }

    fn summary(&mut self) {
        let report = self.report;
        self.rest();
        let unmeasured = plain::unmeasured(report, self.lang);
        if !unmeasured.is_empty() {
            let text = format!("{} {}", self.lang.of("Chưa đo:", "Not measured:"), unmeasured.join("; "));
            self.say(0, Some(Ink::Warn), &text);
        }
        for note in report.estate_notes.iter().filter(|note| !note.is_of_change()) {
            self.note(0, note);
        }
        let shown = report.sites.iter().filter(|s| s.browser.is_some()).count();
        if self.verbose && shown > 0 {
            let saved = report.sites.len() - shown;
            let text = self.lang.of(
                format!("Trình duyệt: đã mở {shown} trang; {saved} trang kết luận được từ mã nguồn, không cần mở."),
                format!("Browser: {shown} sites were shown to it; {saved} were decided by their bytes."),
            );
            self.say(0, Some(Ink::Dim), &text);
        }
        self.unscored();
        let known = report.findings.iter().filter(|f| f.verdict == Verdict::Fail && f.known).count();
        let s = report.summary;
        let parts = self.count_words(s.pass, s.fail, s.inconclusive, s.not_applicable, s.waived);
        // The first three are always told: a nought is an answer too.
        let counts: Vec<&str> =
            parts.iter().enumerate().filter(|(i, (n, _))| *i < 3 || *n > 0).map(|(_, (_, t))| t.as_str()).collect();
        let mut text = format!(
            "{}: {} · {}",
            self.lang.of("Kết quả", "Result"),
            plain::outcome(report.outcome, self.lang),
            counts.join(", ")
        );
        if known > 0 {
            let word = if known == 1 { "known failure" } else { "known failures" };
            text.push_str(&format!(" · {known} {}", self.lang.of("lỗi đã biết", word)));
            if report.new_only {
                text.push_str(self.lang.of(" (không liệt kê)", " (not listed)"));
            }
        }
        let word = if report.sites.len() == 1 { "site" } else { "sites" };
        text.push_str(&format!(" · {} {}", report.sites.len(), self.lang.of("trang", word)));
        text.push_str(&scored::gate_counts(report, self.lang));
        let ink = match report.outcome {
            Outcome::Passed => Ink::Good,
            Outcome::PassedUnmeasured | Outcome::Inconclusive | Outcome::Nothing => Ink::Warn,
            Outcome::Failed => Ink::Bad,
        };
        let text = self.painter.paint(ink, &text);
        self.put(0, &text);
        // What a change decides for itself is read with the verdict or not at all.
        for note in report.estate_notes.iter().filter(|note| note.is_of_change()) {
            self.note(0, note);
        }
    }
}

/// Whether a finding carries something worth mending beside its verdict.
fn warns(finding: &Finding) -> bool {
    finding.notes.iter().any(|n| n.level == NoteLevel::Warning)
}
