//! What differs between two reports, as formats show it. Data only, and into which kinds a change falls: it is
//! worked out from stored reports elsewhere.

use serde::{Deserialize, Serialize};

use crate::finding::Verdict;
use crate::policy::{Points, Text};

/// What differs between an earlier report and this one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// When the earlier one's facts were taken, UTC.
    pub since: String,
    /// Sites that only this report has.
    pub sites_added: Vec<String>,
    /// Sites that only the earlier one has.
    pub sites_gone: Vec<String>,
    /// Policy and rule that only this report has.
    pub rules_added: Vec<(String, String)>,
    /// Policy and rule that only the earlier one has.
    pub rules_gone: Vec<(String, String)>,
    /// Findings whose verdict is another, and failures that the earlier report did not ask for, in this report's order.
    pub findings: Vec<Change>,
    /// Failures that were failures before, in this report's order.
    pub standing: Vec<Change>,
    /// Scores that are others.
    pub scores: Vec<ScoreChange>,
    /// What makes the two hard to compare: other policies, other rules, sites that one of them did not judge.
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
    /// In how many runs since then it could not be measured.
    pub unmeasured_since: u64,
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

/// The kind a change falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It fails, and did not before.
    Failing,
    /// It failed before it could not be measured for a time, and fails.
    FailingAgain,
    /// It failed, and passes.
    Fixed,
    /// It could be measured, and cannot be.
    Unmeasured,
    /// It could not be measured, and passes.
    Measured,
    /// Its failure is accepted for a time.
    Waived,
    /// All else: it does not apply any more, or does again.
    Other,
}

impl ChangeKind {
    /// Every kind, as they are told.
    pub const ALL: [Self; 7] =
        [Self::Failing, Self::FailingAgain, Self::Fixed, Self::Unmeasured, Self::Measured, Self::Waived, Self::Other];
}

impl Change {
    /// The kind it falls into.
    #[must_use]
    pub fn kind(&self) -> ChangeKind {
        match (self.before, self.after) {
            // Only a history knows what was before the gap.
            (Some(Verdict::Inconclusive), Some(Verdict::Fail)) if self.unmeasured_since > 0 => ChangeKind::FailingAgain,
            (_, Some(Verdict::Fail)) => ChangeKind::Failing,
            (Some(Verdict::Fail | Verdict::Waived), Some(Verdict::Pass)) => ChangeKind::Fixed,
            (Some(Verdict::Pass | Verdict::Fail | Verdict::Waived), Some(Verdict::Inconclusive)) => {
                ChangeKind::Unmeasured
            }
            (Some(Verdict::Inconclusive), Some(Verdict::Pass)) => ChangeKind::Measured,
            (_, Some(Verdict::Waived)) => ChangeKind::Waived,
            // What does not apply any more was not mended.
            (_, Some(Verdict::Pass | Verdict::Inconclusive | Verdict::NotApplicable) | None) => ChangeKind::Other,
        }
    }
}

impl Changes {
    /// The changes of a kind.
    pub fn of(&self, kind: ChangeKind) -> impl Iterator<Item = &Change> {
        self.findings.iter().filter(move |change| change.kind() == kind)
    }

    /// Whether nothing is another.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { sites_added, sites_gone, rules_added, rules_gone, findings, scores, .. } = self;
        sites_added.is_empty()
            && sites_gone.is_empty()
            && rules_added.is_empty()
            && rules_gone.is_empty()
            && findings.is_empty()
            && scores.is_empty()
    }
}
