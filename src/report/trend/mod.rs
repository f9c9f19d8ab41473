//! Results run after run, as formats show them, and the one share that is told of them. Worked out from stored
//! reports elsewhere.

mod csv;
mod json;
mod markdown;
mod text;

pub use csv::trend_to_csv;
pub use json::trend_to_json;
pub use markdown::trend_to_markdown;
pub(super) use text::line as trend_line;
pub use text::trend_to_text;

use serde::{Deserialize, Serialize};

use super::{Outcome, Summary};
use crate::policy::Date;

/// The runs of some time, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trend {
    /// Runs, oldest first.
    pub runs: Vec<TrendRun>,
}

/// One run of a trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendRun {
    /// When its facts were taken, UTC, to the second.
    pub taken_at: String,
    /// The run.
    pub run_id: String,
    /// The run in one word.
    pub outcome: Outcome,
    /// How many sites were judged.
    pub sites: u64,
    /// Counts of all findings.
    pub summary: Summary,
    /// Counts by policy and rule.
    pub rules: Vec<TrendRule>,
}

/// Counts of one rule in one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendRule {
    /// The policy's id.
    pub policy: String,
    /// The rule's id.
    pub rule: String,
    /// Its counts.
    pub summary: Summary,
}

impl Summary {
    /// Tenths of a percent of what was measured that passed, rounded down so that 100 % means all of it; `None` when
    /// nothing was measured. What is waived, open or not applicable is no part of it.
    #[must_use]
    pub fn pass_rate(self) -> Option<u16> {
        let measured = self.pass.checked_add(self.fail)?;
        let share = (u128::from(self.pass) * 1000).checked_div(u128::from(measured))?;
        u16::try_from(share).ok()
    }
}

impl Trend {
    /// The last run of each month, by Vietnam's calendar, with how many runs that month had.
    #[must_use]
    pub fn months(&self) -> Vec<Month<'_>> {
        let mut months: Vec<Month<'_>> = Vec::new();
        for run in &self.runs {
            let Some(month) = month(&run.taken_at) else { continue };
            match months.last_mut().filter(|last| last.month == month) {
                Some(last) => *last = Month { runs: last.runs + 1, last: run, month },
                None => months.push(Month { runs: 1, last: run, month }),
            }
        }
        months
    }
}

/// A month of a trend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month<'a> {
    /// As `2026-11`.
    pub month: String,
    /// How many runs it had.
    pub runs: u64,
    /// The last of them: how the month ended.
    pub last: &'a TrendRun,
}

/// The month an instant falls into in Vietnam.
fn month(taken_at: &str) -> Option<String> {
    let day = Date::in_vietnam(taken_at.parse().ok()?);
    Some(day.0.strftime("%Y-%m").to_string())
}
