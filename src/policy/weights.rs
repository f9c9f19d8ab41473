//! Whether points, groups and levels can add up at all.

use std::collections::BTreeMap;

use super::file::RuleFile;
use super::merge::{Layered, Placed};
use super::{Group, Level, Points, Text};
use crate::yaml::{At, Problems, quoted, suggestion};

/// Checks the weights; returns groups as written and levels from the highest down.
pub(super) fn check(
    groups: Option<Placed<Vec<Group>>>,
    levels: Option<Placed<Vec<Level>>>,
    rules: &[Layered<RuleFile>],
    problems: &mut Problems,
) -> (Vec<Group>, Vec<Level>) {
    let mut by_id: BTreeMap<&str, (Points, At)> = BTreeMap::new();
    if let Some(groups) = &groups {
        for (n, group) in groups.value.iter().enumerate() {
            let at = groups.at.item(n);
            if let Some((_, first)) = by_id.get(group.id.as_str()) {
                problems.push(twice(&group.id, &at.key("id"), &first.key("id")));
                continue;
            }
            by_id.insert(&group.id, (group.points, at));
        }
    }
    shares(&by_id, rules, problems);
    let sum = |points: &mut dyn Iterator<Item = Points>| points.fold(0u64, |sum, p| sum + u64::from(p.0));
    let total = if by_id.is_empty() {
        sum(&mut rules.iter().filter(|r| r.value.scored != Some(false)).filter_map(|r| r.value.points))
    } else {
        sum(&mut by_id.values().map(|(points, _)| *points))
    };
    if total > u64::from(Points::MOST.0) {
        let text = Text::new(
            format!("tổng điểm vượt quá mức cho phép: nhiều nhất {}", Points::MOST),
            format!("there are too many points in all: at most {}", Points::MOST),
        );
        let place = match &groups {
            Some(groups) if !by_id.is_empty() => Some(groups.at.clone()),
            _ => rules
                .iter()
                .find(|r| r.value.scored != Some(false) && r.value.points.is_some())
                .map(|r| r.key("points")),
        };
        if let Some(at) = place {
            problems.push(at.problem("weights", text));
        }
    }
    let levels = levels.map(|levels| ordered(levels, total, problems)).unwrap_or_default();
    (groups.map(|g| g.value).unwrap_or_default(), levels)
}

/// Rules against the groups they belong to.
fn shares(groups: &BTreeMap<&str, (Points, At)>, rules: &[Layered<RuleFile>], problems: &mut Problems) {
    let mut used: BTreeMap<&str, (u64, Vec<&Layered<RuleFile>>)> = BTreeMap::new();
    for rule in rules {
        let scored = rule.value.scored != Some(false);
        match (&rule.value.group, rule.value.points) {
            (Some(group), points) => {
                if !groups.contains_key(group.as_str()) {
                    let name = quoted(group);
                    let text = Text::new(format!("không có nhóm {name}"), format!("there is no group {name}"));
                    let help = suggestion(group, groups.keys().copied());
                    problems.push(rule.key("group").problem("unknown-group", text).help(help));
                } else if let Some(points) = points.filter(|_| scored) {
                    let (sum, members) = used.entry(group).or_default();
                    *sum += u64::from(points.0);
                    members.push(rule);
                }
            }
            (None, Some(_)) if scored && !groups.is_empty() => {
                let text =
                    Text::new("tiêu chí có điểm nhưng không thuộc nhóm nào", "a rule with points belongs to no group");
                let help = suggestion("", groups.keys().copied());
                problems.push(rule.key("points").problem("no-group", text).help(help));
            }
            _ => {}
        }
    }
    for (id, (sum, members)) in used {
        let Some((points, at)) = groups.get(id).filter(|(points, _)| sum > u64::from(points.0)) else { continue };
        let (name, sum) = (quoted(id), Points(u32::try_from(sum).unwrap_or(u32::MAX)));
        let text = Text::new(
            format!("điểm không thể khớp: các tiêu chí của nhóm {name} cộng lại {sum}, nhóm chỉ có {points}"),
            format!("the weights cannot hold: the rules of group {name} add up to {sum}, the group has {points}"),
        );
        let mut problem = at.key("points").problem("weights", text);
        for rule in members.iter().take(8) {
            problem = problem.label(&rule.key("points"), Text::new(quoted(&rule.value.id), quoted(&rule.value.id)));
        }
        problems.push(problem);
    }
}

fn ordered(levels: Placed<Vec<Level>>, total: u64, problems: &mut Problems) -> Vec<Level> {
    let Placed { value: mut levels, at } = levels;
    if levels.is_empty() {
        return levels;
    }
    if total == 0 {
        let text = Text::new("có mức xếp loại nhưng không có điểm nào", "there are levels but no points");
        problems.push(at.problem("weights", text));
        return levels;
    }
    for (n, level) in levels.iter().enumerate() {
        let here = at.item(n);
        if let Some(first) = levels[..n].iter().position(|other| other.id == level.id) {
            problems.push(twice(&level.id, &here.key("id"), &at.item(first).key("id")));
        }
        if let Some(first) = levels[..n].iter().position(|other| other.from == level.from) {
            let text = Text::new("hai mức bắt đầu từ cùng số điểm", "two levels begin at the same number of points");
            let first = at.item(first).key("from");
            problems.push(here.key("from").problem("weights", text).label(&first, Text::new("mức kia", "the other")));
        }
        if u64::from(level.from.0) > total {
            let top = Points(u32::try_from(total).unwrap_or(u32::MAX));
            let text = Text::new(
                format!("mức {} không thể đạt: tổng điểm chỉ có {top}", quoted(&level.id)),
                format!("the level {} is out of reach: there are {top} points in all", quoted(&level.id)),
            );
            problems.push(here.key("from").problem("weights", text));
        }
    }
    if levels.iter().all(|level| level.from.0 > 0) {
        let text = Text::new("không có mức nào bắt đầu từ 0 điểm", "no level begins at 0 points");
        problems.push(at.problem("weights", text).help(Text::new(
            "Chỉ ghi cận dưới; mức thấp nhất `from: 0`, để mọi số điểm đều có mức.",
            "Lower bounds only; the lowest level is `from: 0`, so that every score has one.",
        )));
    }
    levels.sort_by_key(|level| std::cmp::Reverse(level.from));
    levels
}

fn twice(id: &str, second: &At, first: &At) -> crate::yaml::Problem {
    let name = quoted(id);
    second
        .problem("duplicate-id", Text::new(format!("mã {name} dùng hai lần"), format!("the id {name} is used twice")))
        .label(first, Text::new("lần đầu", "the first time"))
}
