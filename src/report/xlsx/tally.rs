//! Counts by verdict of parts of a report, as tables show them. Adds up, and never decides.

use super::super::Summary;
use super::super::words::{self, Lang};
use super::cell::Cell;
use crate::finding::{Finding, Verdict};

/// Verdicts in the order tables name them.
pub(super) const VERDICTS: [Verdict; 5] =
    [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived];

/// Counts one more finding.
pub(super) fn add(summary: &mut Summary, finding: &Finding) {
    *slot(summary, finding.verdict) += 1;
}

fn slot(summary: &mut Summary, verdict: Verdict) -> &mut u64 {
    match verdict {
        Verdict::Pass => &mut summary.pass,
        Verdict::Fail => &mut summary.fail,
        Verdict::Inconclusive => &mut summary.inconclusive,
        Verdict::NotApplicable => &mut summary.not_applicable,
        Verdict::Waived => &mut summary.waived,
    }
}

/// How many of a verdict.
pub(super) fn of(mut summary: Summary, verdict: Verdict) -> u64 {
    *slot(&mut summary, verdict)
}

/// All of them.
pub(super) fn total(summary: Summary) -> u64 {
    VERDICTS.into_iter().map(|verdict| of(summary, verdict)).sum()
}

/// The headers of [`cells`].
pub(super) fn headers(lang: Lang) -> Vec<String> {
    let names = VERDICTS.map(|verdict| capital(words::verdict(verdict).pick(lang)));
    let more = lang.of(["Tổng số", "Tỷ lệ đạt trên số đã kết luận"], ["Total", "Passed, of those decided"]);
    names.into_iter().chain(more.map(str::to_owned)).collect()
}

/// Counts by verdict, their sum, and the share that passed of all that was decided.
pub(super) fn cells(summary: Summary) -> Vec<Cell> {
    let counts = VERDICTS.map(|verdict| Cell::Count(of(summary, verdict)));
    let share = Cell::Share(summary.pass, summary.pass + summary.fail + summary.waived);
    counts.into_iter().chain([Cell::Count(total(summary)), share]).collect()
}

/// A text with its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
