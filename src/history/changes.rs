//! Two outlines become what differs between them. Only what both judged is compared; what one of them did not judge is
//! said, and never called gone or mended.

use std::collections::{BTreeSet, HashMap};

use super::{Cell, Outline, PolicyOf, RuleOf, Series};
use crate::finding::{Verdict, safe};
use crate::policy::Text;
use crate::report::{Change, Changes, ScoreChange};

/// What differs between an earlier report and this one; since when its failures fail, when a history is known.
#[must_use]
pub fn compare(earlier: &Outline, this: &Outline, series: Option<&Series>) -> Changes {
    let both = Both::of(earlier, this);
    let change = |cell: &Cell, before: Option<Verdict>, after: Option<Verdict>| {
        let since = series.filter(|_| after == Some(Verdict::Fail)).and_then(|series| series.since(cell));
        Change {
            policy: cell.policy.clone(),
            rule: cell.rule.clone(),
            site: cell.site.clone(),
            before,
            after,
            failing_since: since.map(|(at, _)| at.to_owned()),
            unmeasured_since: since.map_or(0, |(_, runs)| runs),
        }
    };
    let key = |cell: &Cell| (cell.policy.clone(), cell.rule.clone(), cell.site.clone());
    let mut before: HashMap<_, &Cell> = earlier.findings.iter().map(|cell| (key(cell), cell)).collect();
    let (mut findings, mut standing) = (Vec::new(), Vec::new());
    for cell in &this.findings {
        let was = before.remove(&key(cell)).map(|cell| cell.verdict);
        if was == Some(cell.verdict) {
            if cell.verdict == Verdict::Fail {
                standing.push(change(cell, was, Some(cell.verdict)));
            }
        } else if was.is_some() || cell.verdict == Verdict::Fail {
            findings.push(change(cell, was, Some(cell.verdict)));
        }
    }
    // Of a site and a rule that both judged: it has another role now.
    let left = earlier.findings.iter().filter(|cell| before.contains_key(&key(cell)));
    let unasked = left.filter(|cell| {
        both.sites.contains(cell.site.as_str())
            && both.rules.contains(&(cell.policy.as_str(), cell.rule.as_str()))
            && cell.verdict != Verdict::NotApplicable
    });
    findings.extend(unasked.map(|cell| change(cell, Some(cell.verdict), None)));
    let mut notes = both.notes;
    notes.extend(of_runs(earlier, this));
    notes.extend(moved(earlier, this));
    Changes {
        since: earlier.taken_at.clone(),
        sites_added: both.sites_added,
        sites_gone: both.sites_gone,
        rules_added: both.rules_added,
        rules_gone: both.rules_gone,
        findings,
        standing,
        scores: scores(earlier, this, &both.sites),
        notes,
    }
}

/// What two runs have in common, and what only one of them has.
struct Both<'a> {
    sites: BTreeSet<&'a str>,
    rules: BTreeSet<(&'a str, &'a str)>,
    sites_added: Vec<String>,
    sites_gone: Vec<String>,
    rules_added: Vec<(String, String)>,
    rules_gone: Vec<(String, String)>,
    notes: Vec<Text>,
}

impl<'a> Both<'a> {
    fn of(earlier: &'a Outline, this: &'a Outline) -> Self {
        let mut notes = Vec::new();
        let names = |run: &'a Outline| run.sites.iter().map(|s| s.id.as_str()).collect::<BTreeSet<_>>();
        let (had, has) = (names(earlier), names(this));
        // A shard does not say what the others judge.
        let parts = earlier.shard.is_some() || this.shard.is_some();
        let only = |run: &Outline, other: &BTreeSet<&str>, not_judged: &Outline| {
            let unjudged: BTreeSet<&str> = not_judged.not_judged.iter().map(|s| s.id.as_str()).collect();
            let only = run.sites.iter().map(|s| s.id.as_str()).filter(|id| !other.contains(id));
            let (unjudged, rest): (Vec<&str>, Vec<&str>) = only.partition(|id| parts || unjudged.contains(id));
            (unjudged.len(), rest.into_iter().map(str::to_owned).collect::<Vec<String>>())
        };
        let (not_judged_then, sites_added) = only(this, &had, earlier);
        let (not_judged_now, sites_gone) = only(earlier, &has, this);
        if not_judged_now > 0 {
            let (n, word) = (not_judged_now, if not_judged_now == 1 { "site" } else { "sites" });
            let (was, is) = if n == 1 { ("was", "is") } else { ("were", "are") };
            notes.push(Text::new(
                format!("{n} trang có trong báo cáo trước nhưng lần này không rà soát, nên không so sánh."),
                format!("{n} {word} of the earlier report {was} not judged this time, and so {is} not compared."),
            ));
        }
        if not_judged_then > 0 {
            let (n, word) = (not_judged_then, if not_judged_then == 1 { "site" } else { "sites" });
            let was = if n == 1 { "was" } else { "were" };
            notes.push(Text::new(
                format!("{n} trang của lần này không được rà soát ở lần trước, nên không so sánh được."),
                format!("{n} {word} of this report {was} not judged then, and so cannot be compared."),
            ));
        }
        let (asked, asks) = (rules(earlier), rules(this));
        let only = |run: &Outline, other: &BTreeSet<(&str, &str)>| {
            let only = run.rules.iter().filter(|r| !other.contains(&(r.policy.as_str(), r.id.as_str())));
            // A policy that is the same to the byte has the same rules: one run was told to leave some out.
            let (left_out, rest): (Vec<&RuleOf>, Vec<&RuleOf>) = only.partition(|r| same(earlier, this, &r.policy));
            (left_out.len(), rest.into_iter().map(|r| (r.policy.clone(), r.id.clone())).collect::<Vec<_>>())
        };
        let (skipped_then, rules_added) = only(this, &asked);
        let (skipped_now, rules_gone) = only(earlier, &asks);
        for (n, vi, en) in [
            (skipped_now, "lần này không xét", "left out this time"),
            (skipped_then, "lần trước không xét", "left out then"),
        ] {
            if n > 0 {
                let word = if n == 1 { "rule" } else { "rules" };
                notes.push(Text::new(
                    format!("{n} tiêu chí {vi} (--only, --skip), nên không so sánh."),
                    format!("{n} {word} {en} (--only, --skip), and so not compared."),
                ));
            }
        }
        Self {
            sites: had.intersection(&has).copied().collect(),
            rules: asked.intersection(&asks).copied().collect(),
            sites_added,
            sites_gone,
            rules_added,
            rules_gone,
            notes,
        }
    }
}

fn rules(run: &Outline) -> BTreeSet<(&str, &str)> {
    run.rules.iter().map(|r| (r.policy.as_str(), r.id.as_str())).collect()
}

/// Whether both runs applied a policy that is the same to the byte.
fn same(earlier: &Outline, this: &Outline, policy: &str) -> bool {
    let digest = |run: &Outline| run.policies.iter().find(|p| p.id == policy).map(|p| p.digest.clone());
    digest(earlier).is_some() && digest(earlier) == digest(this)
}

/// What is to be said of the two runs as such.
fn of_runs(earlier: &Outline, this: &Outline) -> Vec<Text> {
    let mut notes = policies(&earlier.policies, &this.policies);
    if earlier.shard != this.shard {
        let part = |run: &Outline, whole: &str| {
            run.shard.map_or_else(|| whole.to_owned(), |s| format!("{}/{}", s.index, s.of))
        };
        notes.push(Text::new(
            format!(
                "Hai báo cáo không cùng phạm vi: phần {} và phần {}.",
                part(earlier, "toàn bộ"),
                part(this, "toàn bộ")
            ),
            format!(
                "The two reports are of different shares of the sites file: {} and {}.",
                part(earlier, "all of it"),
                part(this, "all of it")
            ),
        ));
    }
    for (run, vi, en) in [(earlier, "Lần trước", "The earlier run"), (this, "Lần này", "This run")] {
        if run.is_broken_off() {
            notes.push(Text::new(
                format!("{vi} bị dừng giữa chừng."),
                format!("{en} was broken off before it was done."),
            ));
        }
    }
    if (&earlier.run_id, &earlier.taken_at, earlier.shard) == (&this.run_id, &this.taken_at, this.shard) {
        notes.push(Text::new("Hai báo cáo là của cùng một lần chạy.", "Both reports are of one run."));
    } else if at(earlier) > at(this) {
        notes.push(Text::new(
            "Báo cáo đem so mới hơn báo cáo này: hãy xem lại thứ tự.",
            "The report compared with is the newer of the two: was the order meant so?",
        ));
    }
    notes
}

/// Sites that have another address now: what is called mended may be another site.
fn moved(earlier: &Outline, this: &Outline) -> Option<Text> {
    let then: HashMap<&str, &str> =
        earlier.sites.iter().filter_map(|s| Some((s.id.as_str(), s.url.as_deref()?))).collect();
    let address = |url: &str| url.trim_end_matches('/').to_owned();
    let moved: Vec<String> = this
        .sites
        .iter()
        .filter_map(|site| Some((site, *then.get(site.id.as_str())?, site.url.as_deref()?)))
        .filter(|(_, was, is)| address(was) != address(is))
        .map(|(site, was, is)| format!("{} ({} → {})", safe(&site.id, 100), safe(was, 200), safe(is, 200)))
        .collect();
    let shown = moved.iter().take(MOVED).cloned().collect::<Vec<_>>().join("; ");
    let (n, more) = (moved.len(), if moved.len() > MOVED { "; …" } else { "" });
    (n > 0).then(|| {
        Text::new(
            format!("{n} trang đã đổi địa chỉ, nên thay đổi có thể là của một trang khác: {shown}{more}."),
            format!("Sites with another address than then, whose changes may be another site's ({n}): {shown}{more}."),
        )
    })
}

/// Most sites with another address that are named.
const MOVED: usize = 20;

fn at(run: &Outline) -> Option<jiff::Timestamp> {
    run.taken_at.parse().ok()
}

/// What differs in the policies of two runs.
pub(super) fn policies(earlier: &[PolicyOf], this: &[PolicyOf]) -> Vec<Text> {
    let mut notes = Vec::new();
    for policy in this {
        let (id, version) = (safe(&policy.id, 100), safe(&policy.version, 100));
        match earlier.iter().find(|p| p.id == policy.id) {
            None => notes.push(Text::new(
                format!("Bộ tiêu chí {id} chỉ có ở lần này."),
                format!("The policy {id} is applied by this report only."),
            )),
            Some(was) if was.version != policy.version => {
                let before = safe(&was.version, 100);
                notes.push(Text::new(
                    format!("Bộ tiêu chí {id} đã đổi phiên bản: {before} → {version}."),
                    format!("The policy {id} is of another version: {before} → {version}."),
                ));
            }
            Some(was) if was.digest != policy.digest => notes.push(Text::new(
                format!("Nội dung bộ tiêu chí {id} {version} đã khác (tham số hoặc phần ghi đè)."),
                format!("The policy {id} {version} has other contents (parameters or overlays)."),
            )),
            Some(_) => {}
        }
    }
    for was in earlier.iter().filter(|was| !this.iter().any(|p| p.id == was.id)) {
        let id = safe(&was.id, 100);
        notes.push(Text::new(
            format!("Bộ tiêu chí {id} chỉ có ở lần trước."),
            format!("The policy {id} is applied by the earlier report only."),
        ));
    }
    notes
}

fn scores(earlier: &Outline, this: &Outline, sites: &BTreeSet<&str>) -> Vec<ScoreChange> {
    let key = |policy: &str, site: &str| (policy.to_owned(), site.to_owned());
    let mut before: HashMap<_, _> = earlier.scores.iter().map(|s| (key(&s.policy, &s.site), s)).collect();
    let mut changed = Vec::new();
    for score in this.scores.iter().filter(|s| sites.contains(s.site.as_str())) {
        let was = before.remove(&key(&score.policy, &score.site));
        if was.is_none_or(|was| (was.low, was.high, &was.level) != (score.low, score.high, &score.level)) {
            changed.push(ScoreChange {
                policy: score.policy.clone(),
                site: score.site.clone(),
                before: was.map(|was| [was.low, was.high]),
                after: Some([score.low, score.high]),
                level_before: was.and_then(|was| was.level.clone()),
                level_after: score.level.clone(),
            });
        }
    }
    for was in earlier.scores.iter().filter(|s| sites.contains(s.site.as_str())) {
        if before.contains_key(&key(&was.policy, &was.site)) {
            changed.push(ScoreChange {
                policy: was.policy.clone(),
                site: was.site.clone(),
                before: Some([was.low, was.high]),
                after: None,
                level_before: was.level.clone(),
                level_after: None,
            });
        }
    }
    changed
}
