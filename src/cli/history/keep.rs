//! `--history DIR`: what is known of the runs before is laid beside the report, and the report is kept with them.

use std::path::Path;

use super::folder::{Folder, warn};
use crate::cli::output::Terminal;
use crate::deliver::history::{self, Limits};
use crate::error::Error;
use crate::history::{Outline, Walk, compare};
use crate::report::{Beside, Report};

/// Most runs that are opened for what is laid beside a report: a run a day for more than a year.
const MOST: usize = 400;

/// Checks before the work begins that a run can be kept.
pub(in crate::cli) fn possible(folder: Option<&Path>) -> Result<(), Error> {
    folder.map_or(Ok(()), history::probe)
}

/// Lays the trend up to this run, and what changed since the last one, beside a report.
pub(in crate::cli) fn lay(beside: &mut Beside, folder: Option<&Path>, report: &Report, terminal: Terminal) {
    let Some(path) = folder else { return };
    // A run that was kept must not be lost because an older one cannot be read.
    let mut folder = match Folder::open(path, terminal.lang, terminal.quiet) {
        Ok(folder) => folder,
        Err(error) => {
            if !terminal.quiet {
                warn(terminal.lang.pick(&error.text()), terminal.lang);
            }
            return;
        }
    };
    let this = Outline::of(report);
    let at: Option<jiff::Timestamp> = this.taken_at.parse().ok();
    let is_shard = this.shard.is_some();
    let mut walk = Walk::from(this);
    let runs = folder.runs.clone();
    for entry in runs.iter().filter(|entry| entry.name.at() <= at).take(MOST) {
        if let Some(run) = folder.outline(entry) {
            walk.older(run);
        }
    }
    folder.close();
    // What a shard leaves open is decided at the merge: beside a whole run it would look lost.
    if let (Some(this), Some(previous), false) = (walk.newest(), walk.previous(), is_shard) {
        beside.changes = Some(compare(previous, this, Some(walk.series())));
    }
    let (trend, ..) = walk.trend();
    if trend.runs.last().is_some_and(|run| run.run_id == report.run_id && run.taken_at == report.taken_at) {
        beside.trend = Some(trend);
    }
}

/// Keeps a report.
pub(in crate::cli) fn keep(folder: Option<&Path>, report: &Report) -> Result<(), Error> {
    folder.map_or(Ok(()), |folder| history::keep(folder, report, Limits::default()).map(drop))
}
