//! What a policy's points say, small enough to stand in a report: a score can be worked out again from the report
//! alone. Data only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::{Group, Level, Points, Policy};
use crate::site::Role;

/// Points, groups and levels of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scale {
    /// All points of the policy.
    pub points: Points,
    /// Groups in order; empty when rules have points of their own only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Levels, highest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// Rules that count, in the policy's order.
    pub rules: Vec<Weight>,
}

/// What one rule counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Weight {
    /// The rule's id.
    pub rule: String,
    /// Its group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Its points.
    pub points: Points,
    /// A failure may earn a part of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub partial: bool,
    /// Roles it applies to: of a site with another role its points are taken out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub applies_to: Vec<Role>,
    /// The run was told not to judge it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub skipped: bool,
}

impl Scale {
    /// The scale of a policy of which a run judges some rules; `None` when no rule of it counts.
    #[must_use]
    pub fn of(policy: &Policy, judged: &dyn Fn(&str) -> bool) -> Option<Self> {
        let counts = policy.rules.iter().filter(|rule| rule.scored);
        let rules: Vec<Weight> = counts
            .filter_map(|rule| {
                Some(Weight {
                    rule: rule.id.clone(),
                    group: rule.group.clone(),
                    points: rule.points?,
                    partial: rule.partial,
                    applies_to: rule.applies_to.clone(),
                    skipped: !judged(&rule.id),
                })
            })
            .collect();
        if rules.is_empty() {
            return None;
        }
        let points = if policy.groups.is_empty() {
            sum(rules.iter().map(|weight| weight.points))
        } else {
            sum(policy.groups.iter().map(|group| group.points))
        };
        Some(Self { points, groups: policy.groups.clone(), levels: policy.levels.clone(), rules })
    }

    /// The level of so many points out of so many. Points that do not apply to a site are no loss to it: what it has
    /// is weighed by its share of what it can have.
    #[must_use]
    pub fn level(&self, points: Points, possible: Points) -> Option<&Level> {
        self.levels.iter().find(|level| self.reaches(points, possible, level.from, self.points))
    }

    /// So many points out of `possible` as points out of all of the policy, rounded down to the hundredth: they reach
    /// just the levels that the points themselves reach, whose bounds are whole hundredths.
    #[must_use]
    pub fn of_all(&self, points: Points, possible: Points) -> Points {
        rescaled(points, possible, self.points)
    }

    /// Whether so many points out of `possible` are as large a share as `from` out of `of`.
    #[must_use]
    pub fn reaches(&self, points: Points, possible: Points, from: Points, of: Points) -> bool {
        // Nothing out of nothing is no share at all.
        possible.0 > 0 && u64::from(points.0) * u64::from(of.0) >= u64::from(from.0) * u64::from(possible.0)
    }
}

/// So many points out of `possible` as points out of `of`, rounded down to the hundredth.
#[must_use]
pub fn rescaled(points: Points, possible: Points, of: Points) -> Points {
    let share = (u64::from(points.0) * u64::from(of.0)).checked_div(u64::from(possible.0)).unwrap_or(0);
    Points(u32::try_from(share).unwrap_or(u32::MAX))
}

/// A sum of points.
pub(super) fn sum(points: impl Iterator<Item = Points>) -> Points {
    Points(points.fold(0u32, |sum, one| sum.saturating_add(one.0)))
}
