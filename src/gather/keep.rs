//! What a recording has to do with one site: hand out what it holds of it before, and take what was seen after.
//! Durations are facts of the recording too. Nothing is judged or changed but them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::acquire::folder::{Files, FolderWatch};
use crate::acquire::record::{Facts, Recording, Taken};
use crate::finding::Finding;
use crate::observe::Observed;
use crate::run::Run;
use crate::site::Site;
use crate::snapshot::{BrowserFacts, Gap};

/// Milliseconds by finding.
type Durations = BTreeMap<String, u64>;

/// What a recording tells of a site beside its bytes.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// How long judging took.
    durations: Durations,
    /// What a browser saw.
    pub(super) browser: Option<Box<BrowserFacts>>,
}

/// What the run's recording holds of a site; `None` when the site is to be visited.
pub(super) fn recalled(run: &Run, site: &Site) -> Option<(Arc<Recording>, Option<Facts>, Told)> {
    let recording = run.recording.as_ref().filter(|r| r.recalls(&site.id))?;
    let taken = recording.taken(&site.id).map(|t| (t.facts, Told { durations: t.durations, browser: t.browser }));
    let (facts, told) = taken.unzip();
    Some((recording.clone(), facts, told.unwrap_or_default()))
}

/// What is to be done with a folder's facts once it was judged.
pub(super) enum After {
    /// Nothing.
    Nothing,
    /// It was told by a recording.
    Recalled(Told),
    /// They are recorded.
    Keep(Arc<Recording>, Arc<FolderWatch>),
}

/// Where a folder is read, and what is done after.
pub(super) fn folder(run: &Run, site: &Site) -> (Files, After) {
    if let Some((recording, facts, told)) = recalled(run, site) {
        return (Files::recalled(&recording, facts), After::Recalled(told));
    }
    match &run.recording {
        Some(recording) => {
            let watch = Arc::new(FolderWatch::new(recording));
            (Files::Watched(watch.clone()), After::Keep(recording.clone(), watch))
        }
        None => (Files::Disk, After::Nothing),
    }
}

impl After {
    /// Does it.
    pub(super) fn settle(self, run: &Run, site: &Site, observed: &mut Observed, browser: Option<Box<BrowserFacts>>) {
        match self {
            Self::Nothing => {}
            Self::Recalled(told) => told.durations(&mut observed.findings),
            Self::Keep(..) if run.cancelled.load(Ordering::Relaxed) => {}
            Self::Keep(recording, watch) => {
                finish(&recording, site, Facts::Folder(watch.facts()), browser, observed);
            }
        }
    }
}

impl Told {
    /// Durations are those of the recording; what it did not judge has none.
    pub(super) fn durations(&self, findings: &mut [Finding]) {
        for finding in findings {
            finding.duration_ms = self.durations.get(&key(finding)).copied().unwrap_or_default();
        }
    }
}

/// Notes a site as finished, unless a part of it was left out because the run was stopped.
pub(super) fn finish(
    recording: &Recording,
    site: &Site,
    facts: Facts,
    browser: Option<Box<BrowserFacts>>,
    observed: &Observed,
) {
    let cut = observed.gap == Some(Gap::Cancelled)
        || observed.findings.iter().any(|f| f.gap == Some(Gap::Cancelled))
        || observed.covered.unread_names.iter().any(|u| u.gap == Gap::Cancelled);
    if !cut {
        let durations = observed.findings.iter().map(|f| (key(f), f.duration_ms)).collect();
        recording.finish(&site.id, &Taken { durations, facts, browser });
    }
}

fn key(finding: &Finding) -> String {
    format!("{}/{}", finding.policy, finding.rule)
}
