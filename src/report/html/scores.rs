//! Points and levels as tables, for policies that have them. Reads what is stored and adds nothing up.

use indexmap::IndexMap;

use super::said::{Said, site_name};
use crate::finding::Verdict;
use crate::report::{Report, plain, scored, words};
use crate::score::{Gate, GateKind, Score};

/// Most rows of a table; every site has its points at its own place too.
const ROWS: usize = 300;

/// Most gates that are named; the rest is counted.
const GATES: usize = 100;

/// Something asked of a score that does not hold.
#[derive(Debug)]
pub(super) struct Unkept {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    /// The site's name; empty when no site has points.
    pub(super) site: String,
    pub(super) href: String,
    pub(super) words: Said,
}

/// What was asked of scores and does not hold, and how many of these are not named.
pub(super) fn unkept(report: &Report) -> (Vec<Unkept>, Option<Said>) {
    let sites = report.sites_by_id();
    let all = scored::unkept(report);
    let told = all.iter().take(GATES).map(|one| {
        let (class, sign) = super::overview::sign(match one.gate.verdict {
            Verdict::Fail => Verdict::Fail,
            _ => Verdict::Inconclusive,
        });
        let id = one.score.map(|score| score.site.as_str());
        let name = |id: &str| sites.get(id).map_or_else(|| plain::line_of(id, 200), |site| site_name(site));
        Unkept {
            class,
            sign,
            site: id.map(name).unwrap_or_default(),
            href: id.map(super::href).unwrap_or_default(),
            words: Said::both(|lang| {
                let (asked, answer) =
                    (scored::asked(&one.gate, lang), scored::answer(report, one.score, &one.gate, lang));
                format!("{asked} – {answer}")
            }),
        }
    });
    let left = all.len().saturating_sub(GATES);
    (told.collect(), (left > 0).then(|| Said::count(left as u64)))
}

/// The scores under one policy.
#[derive(Debug)]
pub(super) struct Scores {
    pub(super) policy: Said,
    pub(super) levels: Vec<Level>,
    /// Groups, with the points of each.
    pub(super) groups: Vec<Said>,
    pub(super) rows: Vec<Row>,
    /// Sites beyond the rows.
    pub(super) left: Option<Said>,
}

/// How many sites have a level.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) name: Said,
    pub(super) sites: Said,
    /// Hundredths of the longest bar.
    pub(super) width: u64,
    pub(super) open: bool,
}

/// One site's points.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) site: String,
    pub(super) href: String,
    pub(super) points: Said,
    pub(super) possible: Said,
    pub(super) level: Said,
    pub(super) attested: Said,
    pub(super) groups: Vec<Said>,
}

/// A table for each policy that has scores.
pub(super) fn scores(report: &Report) -> Vec<Scores> {
    let mut by_policy: IndexMap<&str, Vec<&Score>> = IndexMap::new();
    for score in &report.scores {
        by_policy.entry(&score.policy).or_default().push(score);
    }
    let sites = report.sites_by_id();
    let of = |(policy, scores): (&str, Vec<&Score>)| {
        let scale = report.scale_of(policy);
        let row = |score: &&Score| Row {
            site: sites.get(score.site.as_str()).map_or_else(|| plain::line_of(&score.site, 200), |s| site_name(s)),
            href: super::href(&score.site),
            points: Said::span(score.low, score.high),
            possible: Said::points(score.possible),
            level: level(score),
            attested: Said::points(score.attested),
            groups: score.groups.iter().map(|group| Said::span(group.low, group.high)).collect(),
        };
        let groups = scale.map_or(&[][..], |scale| &scale.groups);
        let named = groups.iter().map(|group| {
            let points = Said::points(group.points);
            Said::line(&group.title).then(" (", " (", &points).then(")", ")", &Said::default())
        });
        Scores {
            policy: name(report, policy),
            levels: levels(&scores, scale.map_or(&[][..], |scale| &scale.levels)),
            groups: named.collect(),
            rows: scores.iter().take(ROWS).map(row).collect(),
            left: (scores.len() > ROWS).then(|| Said::count((scores.len() - ROWS) as u64)),
        }
    };
    by_policy.into_iter().map(of).collect()
}

/// What a policy is called.
pub(super) fn name(report: &Report, id: &str) -> Said {
    let policy = report.policies.iter().find(|policy| policy.id == id);
    policy
        .map(|policy| Said::line(&policy.title))
        .filter(|title| !title.is_empty())
        .unwrap_or_else(|| Said::same(plain::line(id)))
}

fn levels(scores: &[&Score], levels: &[crate::policy::Level]) -> Vec<Level> {
    if levels.is_empty() {
        return Vec::new();
    }
    let at = |level: Option<&str>| scores.iter().filter(|score| score.level.as_deref() == level).count() as u64;
    let mut counts: Vec<(Said, u64, bool)> =
        levels.iter().map(|level| (Said::same(plain::line_of(&level.id, 40)), at(Some(&level.id)), false)).collect();
    counts.push((Said::new("Chưa xác định được", "Not settled"), at(None), true));
    let most = counts.iter().map(|(_, n, _)| *n).max().unwrap_or(0).max(1);
    let row = |(name, n, open)| Level { name, sites: Said::count(n), width: n * 100 / most, open };
    counts.into_iter().map(row).collect()
}

/// The level, or between which two it lies.
fn level(score: &Score) -> Said {
    let plain = |level: &String| plain::line_of(level, 40);
    match (&score.level, &score.level_low, &score.level_high) {
        (Some(level), ..) => Said::same(plain(level)),
        (None, Some(low), Some(high)) => {
            let (low, high) = (plain(low), plain(high));
            Said::new(format!("chưa xác định ({low} đến {high})"), format!("not settled ({low} to {high})"))
        }
        _ => Said::same("–"),
    }
}

/// A site's points in a few lines: all of them, then group by group, then what was asked of them.
pub(super) fn lines(report: &Report, score: &Score) -> Vec<Said> {
    let points = Said::span(score.low, score.high).then(" trên ", " of ", &Said::points(score.possible));
    let mut first = name(report, &score.policy).then(": ", ": ", &points).then(" điểm", " points", &Said::default());
    if score.level_low.is_some() {
        first = first.then(" · mức ", " · level ", &level(score));
    }
    if score.removed.0 > 0 {
        first = first.then(" · không áp dụng ", " · does not apply: ", &Said::points(score.removed));
    }
    if score.attested.0 > 0 {
        first = first.then(" · theo xác nhận ", " · by statement: ", &Said::points(score.attested));
    }
    let groups = report.scale_of(&score.policy).map_or(&[][..], |scale| &scale.groups);
    let mut all = vec![first];
    for group in &score.groups {
        let Some(named) = groups.iter().find(|g| group.id.as_deref() == Some(&g.id)) else { continue };
        let points = Said::span(group.low, group.high).then(" trên ", " of ", &Said::points(group.possible));
        all.push(Said::line(&named.title).then(": ", ": ", &points));
    }
    all.extend(score.gates.iter().map(gate));
    all
}

fn gate(gate: &Gate) -> Said {
    let wanted = plain::line_of(&gate.wanted, 40);
    let group = gate.group.as_deref().map(|g| plain::line_of(g, 100)).unwrap_or_default();
    let asked = match gate.kind {
        GateKind::Score => {
            Said::new(format!("Yêu cầu ít nhất {wanted} điểm"), format!("At least {wanted} points wanted"))
        }
        GateKind::Level => Said::new(format!("Yêu cầu từ mức {wanted}"), format!("Level {wanted} wanted")),
        GateKind::Group => Said::new(
            format!("Yêu cầu nhóm {group} ít nhất {wanted} điểm"),
            format!("At least {wanted} points wanted in group {group}"),
        ),
    };
    asked.then(": ", ": ", &words::verdict(gate.verdict).into())
}
