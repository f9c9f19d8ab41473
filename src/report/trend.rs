//! How results changed from run to run, as formats show it. Data only: it is worked out from stored reports elsewhere.

use serde::{Deserialize, Serialize};

use super::{Outcome, Summary};
use crate::finding::Verdict;
use crate::policy::{Points, Text};

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

/// What differs between an earlier report and this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// When the earlier one's facts were taken, UTC.
    pub since: String,
    /// Sites that only this report has.
    pub sites_added: Vec<String>,
    /// Sites that only the earlier one has.
    pub sites_gone: Vec<String>,
    /// Findings whose verdict is another, in this report's order; those of sites that are gone last.
    pub findings: Vec<Change>,
    /// Scores that are others.
    pub scores: Vec<ScoreChange>,
    /// What makes the two hard to compare: other policies, other rules.
    pub notes: Vec<Text>,
}

/// A finding whose verdict is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The policy's id.
    pub policy: String,
    /// The rule's id.
    pub rule: String,
    /// The site's id.
    pub site: String,
    /// What it was; `None` when there was no such finding.
    pub before: Option<Verdict>,
    /// What it is; `None` when there is none any more.
    pub after: Option<Verdict>,
    /// The first run from which on it has failed without a break (`taken_at`), when a history says so.
    pub failing_since: Option<String>,
}

/// A score that is another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScoreChange {
    /// The policy's id.
    pub policy: String,
    /// The site's id.
    pub site: String,
    /// Low and high as they were.
    pub before: Option<[Points; 2]>,
    /// Low and high as they are.
    pub after: Option<[Points; 2]>,
    /// The level as it was.
    pub level_before: Option<String>,
    /// The level as it is.
    pub level_after: Option<String>,
}
