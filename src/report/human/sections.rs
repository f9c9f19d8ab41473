//! What each unit handed in, a line each: shown above the result of a report that joins those of several units.

use super::super::{Outcome, Section, plain};
use super::Sheet;
use super::style::Ink;

impl Sheet<'_> {
    /// A line for each unit; nothing for a report of one run.
    pub(super) fn sections(&mut self) {
        let report = self.report;
        if report.sections.is_empty() {
            return;
        }
        self.rest();
        let units = report.sections.len();
        let title = self.lang.of(format!("{units} báo cáo đã gộp:"), format!("{units} reports were merged:"));
        self.say(0, Some(Ink::Bold), &title);
        for section in &report.sections {
            self.section(section);
        }
        self.rest();
    }

    fn section(&mut self, section: &Section) {
        let (sign, ink) = match section.outcome {
            Outcome::Passed => ("✓", Ink::Good),
            Outcome::PassedUnmeasured => ("✓", Ink::Warn),
            Outcome::Failed => ("✗", Ink::Bad),
            Outcome::Inconclusive => ("?", Ink::Warn),
            Outcome::Nothing => ("–", Ink::Dim),
        };
        let mut named = plain::line_of(&section.name, 200);
        if let Some(unit) = section.unit.as_deref().filter(|unit| *unit != section.name) {
            named.push_str(&format!(" · {}", plain::line_of(unit, 200)));
        }
        let s = section.summary;
        let parts = self.count_words(s.pass, s.fail, s.inconclusive, s.not_applicable, s.waived);
        // A nought among the first three is an answer too.
        let counts =
            parts.iter().enumerate().filter(|(i, (n, _))| *i < 3 || *n > 0).map(|(_, (_, text))| text.as_str());
        let (n, word) = (section.sites.len(), if section.sites.len() == 1 { "site" } else { "sites" });
        let line = format!(
            "{} {} · {n} {} · {} · {}",
            self.painter.paint(ink, sign),
            self.painter.paint(Ink::Bold, &named),
            self.lang.of("trang", word),
            counts.collect::<Vec<_>>().join(", "),
            plain::outcome(section.outcome, self.lang),
        );
        self.put(2, &line);
    }
}
