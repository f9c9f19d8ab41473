//! The arithmetic: a scale and the findings of one site become its points. Whole hundredths throughout; a share of
//! points is rounded down.

use std::collections::HashMap;

use super::gates::held;
use super::scale::sum;
use super::{Counted, Gates, GroupScore, RuleScore, Scale, Score, Weight};
use crate::finding::{Basis, Finding, Share, Verdict};
use crate::policy::Points;
use crate::site::{Applies, Role};

/// Whose score is asked for, and what of it.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The policy's id.
    pub policy: &'a str,
    /// The site's id.
    pub site: &'a str,
    /// The site's role.
    pub role: Option<Role>,
    /// What the score must reach.
    pub gates: &'a Gates,
}

/// The score of one site by its findings under one policy; `None` when no rule with points asks anything of it, or
/// when there are no points that it could have.
#[must_use]
pub fn score<'a>(ask: Ask<'_>, scale: &Scale, findings: impl IntoIterator<Item = &'a Finding>) -> Option<Score> {
    let by_rule: HashMap<&str, &Finding> = findings.into_iter().map(|f| (f.rule.as_str(), f)).collect();
    let asked =
        |weight: &Weight| by_rule.get(weight.rule.as_str()).is_some_and(|f| f.verdict != Verdict::NotApplicable);
    if !scale.rules.iter().any(asked) {
        return None;
    }
    let rule = |weight: &Weight| rule_score(weight, ask.role, by_rule.get(weight.rule.as_str()).copied());
    let groups: Vec<GroupScore> = if scale.groups.is_empty() {
        vec![group_score(None, sum(scale.rules.iter().map(|w| w.points)), scale.rules.iter().map(rule).collect())]
    } else {
        let of = |id: &str| scale.rules.iter().filter(|w| w.group.as_deref() == Some(id)).map(rule).collect();
        scale.groups.iter().map(|group| group_score(Some(&group.id), group.points, of(&group.id))).collect()
    };
    let total = |points: fn(&GroupScore) -> Points| sum(groups.iter().map(points));
    let (possible, low, high) = (total(|g| g.possible), total(|g| g.low), total(|g| g.high));
    if possible.0 == 0 {
        return None;
    }
    let at = |points| scale.level(points, possible).map(|level| level.id.clone());
    let (level_low, level_high) = (at(low), at(high));
    let mut score = Score {
        policy: ask.policy.to_owned(),
        site: ask.site.to_owned(),
        possible,
        removed: total(|g| g.removed),
        low,
        high,
        attested: total(|g| g.attested),
        level: level_low.clone().filter(|low| Some(low) == level_high.as_ref()),
        level_low,
        level_high,
        groups,
        gates: Vec::new(),
    };
    score.gates = held(ask.gates, scale, &score);
    Some(score)
}

fn rule_score(weight: &Weight, role: Option<Role>, finding: Option<&Finding>) -> RuleScore {
    let full = weight.points;
    let nothing = Points(0);
    let (low, high, counted) = match finding {
        // The policy asks it of other roles.
        None if Applies::of(&weight.applies_to, role) != Applies::Yes => (nothing, nothing, Counted::Removed),
        None if weight.skipped => (nothing, full, Counted::Skipped),
        // Nobody can say why there is no answer.
        None => (nothing, full, Counted::Open),
        Some(finding) => match finding.verdict {
            Verdict::NotApplicable => (nothing, nothing, Counted::Removed),
            Verdict::Inconclusive => (nothing, full, Counted::Open),
            Verdict::Waived => (nothing, nothing, Counted::Waived),
            Verdict::Fail if finding.known => (nothing, nothing, Counted::Known),
            // A share of nothing says nothing.
            verdict => match finding.earned.filter(|share| weight.partial && share.of > 0) {
                Some(share) => part(share, full),
                None if verdict == Verdict::Pass => (full, full, Counted::Full),
                None => (nothing, nothing, Counted::Nothing),
            },
        },
    };
    let attested = finding.is_some_and(|f| f.basis == Basis::Attested && f.verdict != Verdict::Inconclusive);
    RuleScore { rule: weight.rule.clone(), points: full, low, high, counted, attested }
}

fn part(share: Share, full: Points) -> (Points, Points, Counted) {
    let (low, high) = (share.of_points(share.met, full), share.of_points(share.met.saturating_add(share.open), full));
    let counted = match (low, high) {
        (low, _) if low == full => Counted::Full,
        (_, Points(0)) => Counted::Nothing,
        _ => Counted::Part,
    };
    (low, high, counted)
}

fn group_score(id: Option<&str>, points: Points, rules: Vec<RuleScore>) -> GroupScore {
    let handed_out = sum(rules.iter().map(|r| r.points));
    let unassigned = Points(points.0.saturating_sub(handed_out.0));
    let removed = sum(rules.iter().filter(|r| r.counted == Counted::Removed).map(|r| r.points));
    let low = sum(rules.iter().map(|r| r.low));
    GroupScore {
        id: id.map(str::to_owned),
        possible: Points(points.0.saturating_sub(removed.0)),
        removed,
        low,
        high: sum(rules.iter().map(|r| r.high).chain([unassigned])),
        attested: sum(rules.iter().filter(|r| r.attested).map(|r| r.low)),
        unassigned,
        rules,
    }
}
