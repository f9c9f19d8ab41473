//! Since when a rule fails on a site: from the newest run back to the first one of the unbroken series. A run that
//! could not measure it does not end the series but is counted; an accepted failure is one; a run that did not judge
//! the site says nothing.

use std::collections::HashMap;

use super::{Cell, Outline};
use crate::finding::Verdict;

/// The failures of the newest run, followed backwards.
#[derive(Debug, Clone, Default)]
pub struct Series {
    failing: HashMap<(String, String, String), Open>,
}

/// One failure.
#[derive(Debug, Clone)]
struct Open {
    since: String,
    unmeasured: u64,
    /// Runs that could not measure it, before any older failure is seen: they count only between two failures.
    pending: u64,
    ended: bool,
}

impl Series {
    /// The failures of the newest run.
    #[must_use]
    pub fn of(newest: &Outline) -> Self {
        let fails = newest.findings.iter().filter(|cell| cell.verdict == Verdict::Fail);
        let open = |_: &Cell| Open { since: newest.taken_at.clone(), unmeasured: 0, pending: 0, ended: false };
        Self { failing: fails.map(|cell| (key(cell), open(cell))).collect() }
    }

    /// Goes on with the next older run.
    pub fn older(&mut self, run: &Outline) {
        for cell in &run.findings {
            let Some(open) = self.failing.get_mut(&key(cell)).filter(|open| !open.ended) else { continue };
            match cell.verdict {
                Verdict::Fail | Verdict::Waived => {
                    open.since.clone_from(&run.taken_at);
                    open.unmeasured += std::mem::take(&mut open.pending);
                }
                Verdict::Inconclusive => open.pending += 1,
                Verdict::Pass | Verdict::NotApplicable => open.ended = true,
            }
        }
    }

    /// The first run of a failure's series, and how many runs since then could not measure it.
    #[must_use]
    pub fn since(&self, cell: &Cell) -> Option<(&str, u64)> {
        self.failing.get(&key(cell)).map(|open| (open.since.as_str(), open.unmeasured))
    }
}

fn key(cell: &Cell) -> (String, String, String) {
    (cell.policy.clone(), cell.rule.clone(), cell.site.clone())
}
