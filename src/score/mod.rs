//! Findings and a policy's points become a score: exact hundredths, an interval where something is not known, and a
//! level only when both ends agree. Never judges, and never prints.

mod gates;
mod order;
mod points;
mod scale;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use order::order;
pub use points::{Ask, score};
pub use scale::{Scale, Weight, rescaled};

use crate::finding::Verdict;
use crate::policy::Points;

/// The points of one site under one policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// The policy's id.
    pub policy: String,
    /// The site's id.
    pub site: String,
    /// The points this site can have: those of the policy without the ones that do not apply to it.
    pub possible: Points,
    /// The points that do not apply to it.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub removed: Points,
    /// What it has for certain: whatever is not known counts nothing.
    pub low: Points,
    /// What it can have at most: whatever is not known counts in full.
    pub high: Points,
    /// The part of `low` that rests on statements of people.
    pub attested: Points,
    /// Its level, when `low` and `high` have the same one.
    pub level: Option<String>,
    /// The level at `low`; `null` without levels.
    pub level_low: Option<String>,
    /// The level at `high`.
    pub level_high: Option<String>,
    /// The same by group, in the policy's order; one without a name for a policy that has no groups.
    pub groups: Vec<GroupScore>,
    /// What was asked of the score, and whether it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Gate>,
}

/// The points of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupScore {
    /// The group's id; `null` for a policy that has none.
    pub id: Option<String>,
    /// The points the site can have in it.
    pub possible: Points,
    /// The points in it that do not apply.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub removed: Points,
    /// For certain.
    pub low: Points,
    /// At most.
    pub high: Points,
    /// The part of `low` that rests on statements of people.
    pub attested: Points,
    /// Points of the group that no rule hands out: they count as not known.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub unassigned: Points,
    /// Its rules, in the policy's order.
    pub rules: Vec<RuleScore>,
}

/// The points of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleScore {
    /// The rule's id.
    pub rule: String,
    /// Its points in the policy.
    pub points: Points,
    /// For certain.
    pub low: Points,
    /// At most.
    pub high: Points,
    /// Why so many.
    pub counted: Counted,
    /// It rests on a statement.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attested: bool,
}

/// Why a rule has the points it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Counted {
    /// The rule is kept.
    Full,
    /// A part of it is kept.
    Part,
    /// It is not kept.
    Nothing,
    /// It could not be measured.
    Open,
    /// It does not apply: its points are taken out of the total.
    Removed,
    /// Not kept, and accepted by people for a time.
    Waived,
    /// Not kept, and known from before.
    Known,
    /// This run did not judge it.
    Skipped,
}

/// What is asked of scores: a run with a score that falls short fails.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gates {
    /// Fewest points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_score: Option<Points>,
    /// Lowest level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_level: Option<String>,
    /// Fewest points of single groups, by group id.
    #[serde(default, skip_serializing_if = "indexmap::IndexMap::is_empty")]
    pub min_groups: indexmap::IndexMap<String, Points>,
}

impl Gates {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One thing asked of a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gate {
    /// What is asked.
    pub kind: GateKind,
    /// The group, for a group's points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Fewest points, or the lowest level.
    pub wanted: String,
    /// `pass`, `fail`, or `inconclusive` when it depends on what is not known.
    pub verdict: Verdict,
}

/// What a gate asks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateKind {
    /// All points.
    Score,
    /// The level.
    Level,
    /// The points of a group.
    Group,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_nought(points: &Points) -> bool {
    points.0 == 0
}
