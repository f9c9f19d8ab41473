//! Counts by verdict of parts of a report, as tables show them. Adds up, and never decides.

use super::super::Summary;
use super::super::words::{self, Lang};
use super::cell::Cell;
use crate::finding::Verdict;

/// Verdicts in the order tables name them.
pub(super) const VERDICTS: [Verdict; 5] =
    [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive, Verdict::NotApplicable, Verdict::Waived];

/// The headers of [`cells`].
pub(super) fn headers(lang: Lang) -> Vec<String> {
    let names = VERDICTS.map(|verdict| capital(words::verdict(verdict).pick(lang)));
    let more = lang.of(["Tổng số", "Tỷ lệ đạt trên số đã kết luận"], ["Total", "Passed, of those decided"]);
    names.into_iter().chain(more.map(str::to_owned)).collect()
}

/// Counts by verdict, their sum, and the share that passed of all that was decided.
pub(super) fn cells(summary: Summary) -> Vec<Cell> {
    let counts = VERDICTS.map(|verdict| Cell::Count(summary.of(verdict)));
    let share = Cell::Share(summary.pass, summary.pass.saturating_add(summary.fail).saturating_add(summary.waived));
    counts.into_iter().chain([Cell::Count(summary.total()), share]).collect()
}

/// A text with its first letter large.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
