//! The findings of one site: failures with source line, reason and remedy, gaps told once for all the
//! rules they stop, and one line for everything else.

use super::style::{Ink, underlined};
use super::{Sheet, plain, warns, words};
use crate::finding::{Evidence, Finding, Note, NoteLevel, Place, Verdict};
use crate::policy::Severity;

/// Most entries of a list before the rest is counted.
const LISTED: usize = 10;
/// Places whose source line is shown.
const SHOWN: usize = 3;

impl<'a> Sheet<'a> {
    /// All findings of one site: failures first, then what could not be seen, then the rest.
    pub(super) fn details(&mut self, findings: &[&'a Finding], many: bool) {
        for finding in findings.iter().filter(|f| f.verdict == Verdict::Fail) {
            if finding.known && !self.verbose {
                self.one_line(finding, true);
            } else {
                self.failure(finding, many);
            }
        }
        self.gaps(findings);
        for finding in findings {
            match finding.verdict {
                Verdict::Waived => self.one_line(finding, true),
                Verdict::NotApplicable if self.verbose || !many => self.one_line(finding, true),
                Verdict::Pass if plain::is_stated(finding) => self.one_line(finding, true),
                Verdict::Pass if self.verbose || warns(finding) => self.one_line(finding, false),
                _ => {}
            }
        }
    }

    /// `✗ không đạt  rule  Title`.
    fn heading(&self, finding: &Finding) -> String {
        let (sign, ink) = match finding.verdict {
            Verdict::Pass => ("✓", Ink::Good),
            Verdict::Fail if finding.known || finding.severity < Severity::Error => ("✗", Ink::Warn),
            Verdict::Fail => ("✗", Ink::Bad),
            Verdict::Inconclusive => ("?", Ink::Warn),
            Verdict::NotApplicable | Verdict::Waived => ("–", Ink::Dim),
        };
        let mut verdict = words::verdict(finding.verdict).pick(self.lang).to_owned();
        if finding.verdict == Verdict::Fail {
            let severity = words::severity(finding.severity).pick(self.lang);
            let known = self.lang.of("đã biết", "known");
            match (finding.severity < Severity::Error, finding.known) {
                (true, true) => verdict.push_str(&format!(" ({severity}, {known})")),
                (true, false) => verdict.push_str(&format!(" ({severity})")),
                (false, true) => verdict.push_str(&format!(" ({known})")),
                (false, false) => {}
            }
        }
        format!(
            "{}  {}  {}",
            self.painter.paint(ink, &format!("{sign} {verdict}")),
            self.painter.paint(Ink::Cool, &plain::line(&finding.rule)),
            self.painter.paint(Ink::Bold, &plain::line(plain::title(self.report, finding, self.lang)))
        )
    }

    fn one_line(&mut self, finding: &'a Finding, with_reason: bool) {
        let text = self.heading(finding);
        self.put(2, &text);
        if with_reason {
            let reason = plain::reason(finding, self.lang);
            self.say(4, None, &reason);
        }
        for note in &finding.notes {
            if self.verbose || note.level == NoteLevel::Warning {
                self.note(4, note);
            }
        }
    }

    fn failure(&mut self, finding: &'a Finding, many: bool) {
        let heading = self.heading(finding);
        self.put(2, &heading);
        if let Some(clause) = plain::clause(self.report, finding, self.lang) {
            self.say(4, Some(Ink::Dim), &clause);
        }
        let mut reason = plain::reason(finding, self.lang);
        if let Some(code) = &finding.code {
            reason.push_str(&format!(" [{}]", plain::line_of(code, 100)));
        }
        self.say(4, None, &reason);
        self.places(finding);
        let lang = self.lang;
        for (label, value) in
            [(lang.of("Cần:", "Expected:"), &finding.expected), (lang.of("Thấy:", "Found:"), &finding.actual)]
        {
            if let Some(value) = value.as_deref().filter(|v| !v.trim().is_empty()) {
                let text = format!("{label} {}", plain::line_of(value, 500));
                self.say(4, None, &text);
            }
        }
        if let Some(reach) = finding.reached {
            let text = format!("{} {}", lang.of("Mức đã thấy:", "Seen so far:"), words::reach(reach).pick(lang));
            self.say(4, None, &text);
        }
        if self.verbose {
            let text =
                format!("{} {}", lang.of("Nguồn dữ kiện:", "Facts from:"), words::basis(finding.basis).pick(lang));
            self.say(4, None, &text);
        }
        self.evidence(finding);
        for note in &finding.notes {
            self.note(4, note);
        }
        self.remedy(finding, many);
        self.rest();
    }

    fn places(&mut self, finding: &Finding) {
        for place in finding.places.iter().take(SHOWN) {
            self.place(place);
        }
        for place in finding.places.iter().take(LISTED).skip(SHOWN) {
            if let Some(text) = plain::place(place) {
                let text = self.painter.paint(Ink::Cool, &text);
                self.put(6, &text);
            }
        }
        let told = finding.places.len().min(LISTED) as u64;
        let left = finding.places_total.max(finding.places.len() as u64) - told;
        if left > 0 {
            let text = self.lang.of(format!("… và {left} chỗ nữa"), format!("… and {left} more places"));
            self.put(6, &text);
        }
    }

    /// `path:line:column`, the source line, and the marked characters underlined.
    fn place(&mut self, place: &Place) {
        let Some(text) = plain::place(place) else { return };
        let text = self.painter.paint(Ink::Cool, &text);
        self.put(6, &text);
        let (Some(excerpt), Some(marked), Some(line)) = (place.excerpt.as_deref(), place.marked(), place.line) else {
            return;
        };
        let number = line.to_string();
        let gutter = number.len().max(3);
        let bar = self.painter.paint(Ink::Dim, "│");
        let (shown, under) = underlined(
            &plain::defused(crate::finding::safe(excerpt, 400)),
            marked,
            self.width.saturating_sub(gutter + 9),
        );
        let number = self.painter.paint(Ink::Dim, &format!("{number:>gutter$}"));
        self.put(6, &format!("{number} {bar} {shown}"));
        let under = self.painter.paint(Ink::Bad, &under);
        self.put(6, &format!("{} {bar} {under}", " ".repeat(gutter)));
    }

    fn evidence(&mut self, finding: &Finding) {
        let listed = if self.verbose { usize::MAX } else { LISTED };
        let repeats =
            |e: &&Evidence| matches!(e, Evidence::Statement { text } if Some(text) == finding.actual.as_ref());
        let entries: Vec<&Evidence> = finding.evidence.iter().filter(|e| !repeats(e)).collect();
        for entry in entries.iter().take(listed) {
            let text = format!("- {}", plain::evidence(entry, self.lang));
            self.put(6, &text);
        }
        let left = entries.len().saturating_sub(listed);
        if left > 0 {
            let text = self.lang.of(format!("… và {left} nữa"), format!("… and {left} more"));
            self.put(6, &text);
        }
    }

    fn remedy(&mut self, finding: &'a Finding, many: bool) {
        let Some(fix) = plain::fix(self.report, finding, self.lang) else { return };
        let label = self.lang.of("Cách sửa:", "How to fix:");
        if !self.told.insert(fix) && many {
            let text = format!("{label} {}", self.lang.of("như đã nêu ở trên", "as told above"));
            self.put(4, &text);
            return;
        }
        let label = self.painter.paint(Ink::Good, label);
        self.put(4, &label);
        for line in plain::lines(fix) {
            // Sentences are fitted to the screen; what may be code is left as it is, to be copied.
            if line.starts_with(char::is_uppercase) {
                self.say(6, None, &line);
            } else {
                self.put(6, &line);
            }
        }
    }

    /// What could not be seen: rules that one cause stops are told together.
    fn gaps(&mut self, findings: &[&'a Finding]) {
        let mut open: Vec<&Finding> = findings.iter().copied().filter(|f| f.verdict == Verdict::Inconclusive).collect();
        while let Some(first) = open.first().copied() {
            let reason = plain::reason(first, self.lang);
            let (same, rest): (Vec<&Finding>, Vec<&Finding>) =
                open.into_iter().partition(|f| f.gap == first.gap && plain::reason(f, self.lang) == reason);
            open = rest;
            for finding in &same {
                let heading = self.heading(finding);
                self.put(2, &heading);
                for place in finding.places.iter().take(SHOWN) {
                    self.place(place);
                }
            }
            let cause = first.gap.map(|g| words::cause(g).pick(self.lang));
            self.say(4, None, &reason);
            if let Some(cause) = cause.filter(|c| !reason.starts_with(c)) {
                self.say(4, None, cause);
            }
            for note in same.iter().flat_map(|f| &f.notes) {
                self.note(4, note);
            }
            if let Some(gap) = first.gap {
                let text =
                    format!("{} {}", self.lang.of("Cách xử lý:", "What to do:"), words::remedy(gap).pick(self.lang));
                self.say(4, None, &text);
            }
            self.rest();
        }
    }

    /// `• ghi chú: … (place)`.
    pub(super) fn note(&mut self, indent: usize, note: &Note) {
        let ink = match note.level {
            NoteLevel::Info => Ink::Dim,
            NoteLevel::Warning => Ink::Warn,
        };
        let mut text = format!(
            "• {}: {} [{}]",
            words::note_level(note.level).pick(self.lang),
            plain::line(self.lang.pick(&note.message)),
            plain::line_of(&note.code, 100)
        );
        let places: Vec<String> = note.places.iter().take(3).filter_map(plain::place).collect();
        if !places.is_empty() {
            text.push_str(&format!(" — {}", places.join(", ")));
        }
        self.say(indent, Some(ink), &text);
    }
}
