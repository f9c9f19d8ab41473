//! What changed since an earlier report, and the share of passes from run to run as a line. Draws what was worked out
//! elsewhere.

use std::fmt::Write;

use super::overview::sign;
use super::said::{Said, site_name};
use crate::finding::Verdict;
use crate::report::{Change, Changes, Report, Trend, TrendRun, plain, words};

/// Most changes that are listed; the rest is counted.
const ROWS: usize = 300;
/// Most sites that are named in one line.
const NAMES: usize = 30;

/// What differs from an earlier report.
#[derive(Debug)]
pub(super) struct Changed {
    pub(super) since: Said,
    pub(super) worse: Said,
    pub(super) better: Said,
    pub(super) standing: Said,
    pub(super) rules_added: String,
    pub(super) rules_gone: String,
    pub(super) added: String,
    pub(super) gone: String,
    pub(super) rows: Vec<ChangedRow>,
    pub(super) left: Option<Said>,
    pub(super) scores: Vec<ChangedScore>,
    pub(super) scores_left: Option<Said>,
    pub(super) notes: Vec<Said>,
}

/// A finding that is another.
#[derive(Debug)]
pub(super) struct ChangedRow {
    pub(super) site: String,
    pub(super) href: Option<String>,
    pub(super) rule: Said,
    pub(super) before: Shown,
    pub(super) after: Shown,
    pub(super) since: Option<Said>,
}

/// A verdict with its sign; a dash where there was none.
#[derive(Debug)]
pub(super) struct Shown {
    pub(super) class: &'static str,
    pub(super) sign: &'static str,
    pub(super) words: Said,
}

/// A score that is another.
#[derive(Debug)]
pub(super) struct ChangedScore {
    pub(super) site: String,
    pub(super) before: Said,
    pub(super) after: Said,
}

fn shown(verdict: Option<Verdict>) -> Shown {
    let Some(verdict) = verdict else {
        return Shown { class: "none", sign: "", words: Said::new("không có", "none") };
    };
    let (class, sign) = sign(verdict);
    Shown { class, sign, words: words::verdict(verdict).into() }
}

/// One line of names, and how many more there are.
fn names<T>(all: &[T], name: impl Fn(&T) -> String) -> String {
    let mut text = all.iter().take(NAMES).map(name).collect::<Vec<_>>().join("; ");
    if all.len() > NAMES {
        let _ = write!(text, "; … +{}", all.len() - NAMES);
    }
    text
}

/// How many of so many a table leaves out.
fn left(all: usize) -> Option<Said> {
    (all > ROWS).then(|| Said::count((all - ROWS) as u64))
}

/// Changes as tables.
pub(super) fn changed(report: &Report, changes: &Changes) -> Changed {
    let sites = report.sites_by_id();
    let named = |id: &str| sites.get(id).map_or_else(|| plain::line_of(id, 200), |site| site_name(site));
    let row = |change: &Change| {
        let rule = report.rules.iter().find(|r| r.id == change.rule && r.policy == change.policy);
        ChangedRow {
            site: named(&change.site),
            href: sites.contains_key(change.site.as_str()).then(|| super::href(&change.site)),
            rule: rule.map_or_else(|| Said::same(plain::line_of(&change.rule, 200)), |rule| Said::line(&rule.title)),
            before: shown(change.before),
            after: shown(change.after),
            since: change.failing_since.as_deref().map(Said::day),
        }
    };
    let fails = |verdict: Option<Verdict>| verdict == Some(Verdict::Fail);
    let count = |is: &dyn Fn(&Change) -> bool| Said::count(changes.findings.iter().filter(|c| is(c)).count() as u64);
    // How long something has failed is told of what fails still, when a history knows it.
    let lasting = changes.standing.iter().filter(|change| change.failing_since.is_some());
    let all: Vec<&Change> = changes.findings.iter().chain(lasting).collect();
    let rules =
        |rules: &[(String, String)]| names(rules, |(policy, rule)| plain::line_of(&format!("{policy}/{rule}"), 200));
    let sites = |ids: &[String]| names(ids, |id| named(id));
    let points = |at: Option<[crate::policy::Points; 2]>, level: &Option<String>| {
        let Some([low, high]) = at else { return Said::same("–") };
        let level = level.as_deref().map(|level| format!(" ({})", plain::line_of(level, 40))).unwrap_or_default();
        Said::span(low, high).then(&level, &level, &Said::default())
    };
    Changed {
        since: Said::instant(&changes.since),
        worse: count(&|c| !fails(c.before) && fails(c.after)),
        // What can no longer be seen is not mended.
        better: count(&|c| fails(c.before) && c.after == Some(Verdict::Pass)),
        standing: Said::count(changes.standing.len() as u64),
        rules_added: rules(&changes.rules_added),
        rules_gone: rules(&changes.rules_gone),
        added: sites(&changes.sites_added),
        gone: sites(&changes.sites_gone),
        rows: all.iter().take(ROWS).map(|change| row(change)).collect(),
        left: left(all.len()),
        scores_left: left(changes.scores.len()),
        scores: changes
            .scores
            .iter()
            .take(ROWS)
            .map(|score| ChangedScore {
                site: named(&score.site),
                before: points(score.before, &score.level_before),
                after: points(score.after, &score.level_after),
            })
            .collect(),
        notes: changes.notes.iter().map(Said::line).collect(),
    }
}

/// Width and height of the drawing.
const SIZE: (f64, f64) = (720.0, 220.0);
/// Room for the axis: left, top, right, bottom.
const ROOM: (f64, f64, f64, f64) = (48.0, 12.0, 24.0, 30.0);

/// The share of passes from run to run.
#[derive(Debug)]
pub(super) struct Line {
    /// Of the line, as SVG has it.
    pub(super) points: String,
    pub(super) runs: Vec<Run>,
    pub(super) grid: Vec<Grid>,
}

/// One run.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) x: String,
    pub(super) y: String,
    pub(super) day: Said,
    pub(super) share: Said,
    pub(super) pass: Said,
    pub(super) fail: Said,
    pub(super) open: Said,
    pub(super) sites: Said,
    /// Its day is written below.
    pub(super) labelled: bool,
}

/// A line of the grid.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) y: String,
    pub(super) percent: u32,
}

/// The line of a trend; nothing to draw of fewer than two runs.
pub(super) fn line(trend: &Trend) -> Option<Line> {
    if trend.runs.len() < 2 {
        return None;
    }
    let (left, top, right, bottom) = ROOM;
    let (wide, high) = (SIZE.0 - left - right, SIZE.1 - top - bottom);
    let last = trend.runs.len() - 1;
    // About eight days fit below.
    let every = last.div_ceil(8).max(1);
    let place = |n: usize, run: &TrendRun| {
        let s = run.summary;
        let rate = s.pass_rate();
        #[expect(clippy::cast_precision_loss, reason = "pixels")]
        let x = left + wide * n as f64 / last as f64;
        let y = f64::from(rate.unwrap_or(0)) / 1000.0;
        Run {
            x: format!("{x:.1}"),
            y: format!("{:.1}", top + high * (1.0 - y)),
            day: Said::day(&run.taken_at),
            share: rate.map_or_else(|| Said::same("–"), |rate| Said::percent(u64::from(rate), 1000)),
            pass: Said::count(s.pass),
            fail: Said::count(s.fail),
            open: Said::count(s.inconclusive),
            sites: Said::count(run.sites),
            labelled: n.is_multiple_of(every),
        }
    };
    let runs: Vec<Run> = trend.runs.iter().enumerate().map(|(n, run)| place(n, run)).collect();
    let points = runs.iter().map(|run| format!("{},{}", run.x, run.y)).collect::<Vec<_>>().join(" ");
    let grid = [0_u32, 25, 50, 75, 100]
        .map(|percent| Grid { y: format!("{:.1}", top + high * (1.0 - f64::from(percent) / 100.0)), percent });
    Some(Line { points, runs, grid: grid.into() })
}
