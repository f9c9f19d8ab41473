//! What changed since an earlier report, in words that the formats for people share.

use indexmap::IndexMap;

use super::figures::{day, moment};
use super::words::{self, Lang};
use super::{Change, ChangeKind, Changes, ScoreChange, plain};
use crate::finding::Verdict;
use crate::policy::Points;

/// A list of what changed, its entries as plain lines.
pub(super) struct Listed {
    pub(super) title: String,
    pub(super) entries: Vec<String>,
}

/// The numbers in one line.
pub(super) fn headline(changes: &Changes, at: &str, l: Lang) -> String {
    // Two runs of one day are told apart by the hour.
    let one_day = day(&changes.since, l) == day(at, l);
    let since = if one_day { moment(&changes.since, l) } else { day(&changes.since, l) };
    let head = l.of(format!("So với lần trước ({since}):"), format!("Since the run of {since}:"));
    let count = |n: usize, vi: &str, en: &str| (n > 0).then(|| format!("{} {}", l.number(n as u64), l.of(vi, en)));
    let of = |kind: ChangeKind| changes.of(kind).count();
    let word = |n: usize, one: &'static str, more: &'static str| if n == 1 { one } else { more };
    let (failing, other) = (of(ChangeKind::Failing), of(ChangeKind::Other));
    let mut parts: Vec<String> = [
        count(failing, "lỗi mới", word(failing, "new failure", "new failures")),
        count(of(ChangeKind::FailingAgain), "đo lại được và vẫn không đạt", "measured again and still failing"),
        count(of(ChangeKind::Fixed), "đã sửa", "mended"),
        count(of(ChangeKind::Unmeasured), "không còn đo được", "no longer measured"),
        count(of(ChangeKind::Measured), "đo lại được và đạt", "measured again and passed"),
        count(of(ChangeKind::Waived), "được tạm chấp nhận", "waived"),
        count(other, "thay đổi khác", word(other, "other change", "other changes")),
        count(
            changes.scores.len(),
            "điểm hoặc mức thay đổi",
            word(changes.scores.len(), "score or level changed", "scores or levels changed"),
        ),
        count(changes.sites_added.len(), "trang mới", word(changes.sites_added.len(), "new site", "new sites")),
        count(changes.sites_gone.len(), "trang không còn", word(changes.sites_gone.len(), "site gone", "sites gone")),
        count(changes.rules_added.len(), "tiêu chí mới", word(changes.rules_added.len(), "new rule", "new rules")),
        count(
            changes.rules_gone.len(),
            "tiêu chí không còn",
            word(changes.rules_gone.len(), "rule gone", "rules gone"),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        parts.push(l.of("không có gì thay đổi", "nothing changed").to_owned());
    }
    parts.extend(count(changes.standing.len(), "lỗi vẫn còn", "still failing"));
    format!("{head} {}.", parts.join(", "))
}

/// Most entries of one list.
const MOST: usize = 20;

/// What changed as text for a terminal; `at` is when the later report was taken.
#[must_use]
pub fn changes_to_text(changes: &Changes, at: &str, all: bool, l: Lang) -> String {
    let one_day = day(&changes.since, l) == day(at, l);
    let this = if one_day { moment(at, l) } else { day(at, l) };
    let mut out = l.of(format!("Lần chạy {this}. "), format!("Run of {this}. "));
    out.push_str(&headline(changes, at, l));
    out.push('\n');
    for note in &changes.notes {
        out.push_str(&format!("• {}\n", plain::line(l.pick(note))));
    }
    let most = if all { usize::MAX } else { MOST };
    for Listed { title, entries } in lists(changes, l, true) {
        out.push_str(&format!("\n{title}\n"));
        for entry in entries.iter().take(most) {
            out.push_str(&format!("  • {entry}\n"));
        }
        let left = entries.len().saturating_sub(most);
        if left > 0 {
            out.push_str(
                &l.of(format!("  … và {left} nữa (-v: liệt kê hết)\n"), format!("  … and {left} more (-v: all)\n")),
            );
        }
    }
    out
}

/// What changed, list by list: all of it, or without what there is nothing to do about and failures of which nobody
/// knows since when they fail.
pub(super) fn lists(changes: &Changes, l: Lang, all: bool) -> Vec<Listed> {
    let title = |kind: ChangeKind| match kind {
        ChangeKind::Failing => l.of("Lỗi mới:", "New failures:"),
        ChangeKind::FailingAgain => l.of("Đo lại được và vẫn không đạt:", "Measured again and still failing:"),
        ChangeKind::Fixed => l.of("Đã sửa:", "Mended:"),
        ChangeKind::Unmeasured => l.of("Không còn đo được:", "No longer measured:"),
        ChangeKind::Measured => l.of("Đo lại được và đạt:", "Measured again and passed:"),
        ChangeKind::Waived => l.of("Được tạm chấp nhận:", "Waived:"),
        ChangeKind::Other => l.of("Thay đổi khác:", "Other changes:"),
    };
    let mut lists: Vec<Listed> = ChangeKind::ALL
        .into_iter()
        .filter(|kind| all || *kind != ChangeKind::Other)
        .map(|kind| Listed { title: title(kind).to_owned(), entries: entries(changes.of(kind), &changes.since, l) })
        .collect();
    lists.push(Listed {
        title: l.of("Điểm và mức:", "Scores and levels:").to_owned(),
        entries: changes.scores.iter().map(|change| score(change, l)).collect(),
    });
    let plain_ids = |ids: &[String]| ids.iter().map(|id| plain::line_of(id, 200)).collect::<Vec<_>>();
    let rules = |rules: &[(String, String)]| {
        rules.iter().map(|(policy, rule)| plain::line_of(&format!("{policy} · {rule}"), 200)).collect::<Vec<_>>()
    };
    for (vi, en, entries) in [
        ("Trang mới:", "New sites:", plain_ids(&changes.sites_added)),
        ("Trang không còn:", "Sites gone:", plain_ids(&changes.sites_gone)),
        ("Tiêu chí mới:", "New rules:", rules(&changes.rules_added)),
        ("Tiêu chí không còn:", "Rules gone:", rules(&changes.rules_gone)),
    ] {
        lists.push(Listed { title: l.of(vi, en).to_owned(), entries });
    }
    let mut standing: Vec<&Change> =
        changes.standing.iter().filter(|change| all || change.failing_since.is_some()).collect();
    // The oldest first: they have waited longest.
    standing.sort_by(|a, b| a.failing_since.cmp(&b.failing_since));
    lists.push(Listed {
        title: l.of("Lỗi vẫn còn, lâu nhất trước:", "Still failing, longest first:").to_owned(),
        entries: entries(standing.into_iter(), &changes.since, l),
    });
    lists.retain(|list| !list.entries.is_empty());
    lists
}

/// Changes as lines: rules of one site that went the same way share one.
fn entries<'a>(changes: impl Iterator<Item = &'a Change>, compared: &str, l: Lang) -> Vec<String> {
    let mut lines: IndexMap<(&str, String), Vec<String>> = IndexMap::new();
    for change in changes {
        let rule = plain::line_of(&change.rule, 100);
        lines.entry((&change.site, way(change, compared, l))).or_default().push(rule);
    }
    let line = |((site, way), rules): ((&str, String), Vec<String>)| {
        plain::line(&format!("{} · {}{way}", plain::line_of(site, 200), rules.join(", ")))
    };
    lines.into_iter().map(line).collect()
}

/// From what to what, and since when it fails.
fn way(change: &Change, compared: &str, l: Lang) -> String {
    let verdict = |v: Option<Verdict>| {
        v.map_or_else(|| l.of("chưa xét", "not asked").to_owned(), |v| words::verdict(v).pick(l).to_owned())
    };
    let mut parts = Vec::new();
    if change.before != change.after {
        parts.push(format!("{} → {}", verdict(change.before), verdict(change.after)));
    }
    if let Some(since) = &change.failing_since {
        // A failure that is new since the run compared with says so already.
        if change.before == change.after || change.unmeasured_since > 0 || since.as_str() < compared {
            let at = day(since, l);
            parts.push(l.of(format!("không đạt từ {at}"), format!("failing since {at}")));
        }
        if change.unmeasured_since > 0 {
            let n = l.number(change.unmeasured_since);
            let runs = if change.unmeasured_since == 1 { "run" } else { "runs" };
            parts.push(l.of(format!("trong đó {n} lần chưa đo được"), format!("not measured in {n} {runs} since")));
        }
    }
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

fn score(change: &ScoreChange, l: Lang) -> String {
    let points = |ends: Option<[Points; 2]>| match ends {
        None => l.of("không có điểm", "no score").to_owned(),
        Some([low, high]) if low == high => decimal(low, l),
        Some([low, high]) => format!("{}–{}", decimal(low, l), decimal(high, l)),
    };
    let level = |level: &Option<String>| {
        level.as_deref().map_or_else(
            || l.of("chưa rõ mức", "level open").to_owned(),
            |id| format!("{} {}", l.of("mức", "level"), plain::line_of(id, 20)),
        )
    };
    let (site, policy) = (plain::line_of(&change.site, 200), plain::line_of(&change.policy, 100));
    let mut text = format!("{site} · {policy}: {} → {}", points(change.before), points(change.after));
    if change.level_before != change.level_after {
        text.push_str(&format!(", {} → {}", level(&change.level_before), level(&change.level_after)));
    }
    text
}

fn decimal(points: Points, l: Lang) -> String {
    l.of(points.to_string().replace('.', ","), points.to_string())
}
