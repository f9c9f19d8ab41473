//! What `rasoat.lock` records of a site: id, hash of the normalised snippet, state of the label. Only of a snippet
//! that works; what could not be seen is left open.

use sha2::{Digest, Sha256};

use super::{Opinion, Subject, label, tracker};
use crate::policy::{Check, Reach};
use crate::site::Recorded;

/// The word for a label that a person sees; any other state is the code of what is wrong with it.
const VISIBLE: &str = "visible";

/// The state of a site, without the day it is accepted; `None` unless its snippet is shown to work.
#[must_use]
pub fn state(subject: &Subject<'_>) -> Option<Recorded> {
    let checks = || subject.policy.rules.iter().flat_map(|r| r.check.walk());
    let wanted = checks().find_map(|c| match c {
        Check::IdDrift(c) => Some(c.tracker.as_deref()),
        _ => None,
    });
    let (name, tracker) = subject.tracker(wanted.flatten()).ok()?;
    let standing = tracker::stand(subject, name, tracker).ok()?;
    of(&standing, subject)
}

/// The state that a standing shows.
pub(super) fn of(standing: &tracker::Standing, subject: &Subject<'_>) -> Option<Recorded> {
    if !standing.reaches(Reach::Configured) {
        return None;
    }
    Some(Recorded {
        // The last one set is the one that counts.
        emc_site_id: standing.ids.last()?.clone(),
        snippet_sha256: standing.snippet.as_deref().map(hashed),
        label: seen_label(subject),
        accepted_on: None,
    })
}

fn hashed(snippet: &str) -> String {
    Sha256::digest(snippet.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// What the policy's own rule about the label finds.
fn seen_label(subject: &Subject<'_>) -> Option<String> {
    let check = subject.policy.rules.iter().flat_map(|r| r.check.walk()).find_map(|c| match c {
        Check::Label(c) => Some(c),
        _ => None,
    })?;
    let decided = label::judge(check, subject).ok()?;
    match decided.opinion {
        Opinion::Pass => Some(VISIBLE.to_owned()),
        Opinion::Fail => decided.grounds.code.map(str::to_owned),
        Opinion::NotApplicable => None,
    }
}
