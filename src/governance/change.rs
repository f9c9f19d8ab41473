//! What the change under review decides for itself: decisions that were not in the files before it, or were shorter
//! there, and that act on a finding of this run. Compares what was read; reads no repository.

use std::collections::{BTreeMap, BTreeSet};

use super::baseline;
use super::file::{Attestation, AttestationsFile, Subject, Waiver, WaiversFile};
use super::lay::{Decisions, list, place, place_name, warning};
use crate::finding::{self, Note, safe};
use crate::policy::Text;
use crate::yaml;

/// Decisions that acted on a finding of this run.
#[derive(Debug, Default)]
pub(super) struct Acts {
    /// Waivers by their number in the file, with the site.
    pub(super) waivers: Vec<(usize, String)>,
    /// Statements by their number in the file, with the site.
    pub(super) attestations: Vec<(usize, String)>,
    /// Known failures, by site and rule.
    pub(super) known: Vec<baseline::Failure>,
}

/// The files as they were before the change under review.
#[derive(Debug, Clone, Default)]
pub struct Earlier {
    waivers: Vec<Waiver>,
    attestations: Vec<Attestation>,
    failures: BTreeMap<baseline::Failure, BTreeSet<finding::Subject>>,
}

impl Earlier {
    /// From the bytes of the files before the change; `None` where there was none. What cannot be read is as if it
    /// had not been there: then everything in the file is new.
    #[must_use]
    pub fn read(waivers: Option<&[u8]>, attestations: Option<&[u8]>, baseline: Option<&[u8]>) -> Self {
        let waivers = waivers.and_then(|bytes| yaml::parse::<WaiversFile>("waivers", bytes, yaml::MOST).ok());
        let attestations =
            attestations.and_then(|bytes| yaml::parse::<AttestationsFile>("attestations", bytes, yaml::MOST).ok());
        let baseline = baseline.and_then(|bytes| baseline::read("baseline", bytes).ok());
        Self {
            waivers: waivers.map(|(file, _)| file.waivers).unwrap_or_default(),
            attestations: attestations.map(|(file, _)| file.attestations).unwrap_or_default(),
            failures: baseline.map(|baseline| baseline.failures).unwrap_or_default(),
        }
    }

    fn has_waiver(&self, now: &Waiver) -> bool {
        let same = |before: &&Waiver| {
            before.rule == now.rule
                && before.site == now.site
                && same_subject(before.subject.as_ref(), now.subject.as_ref())
        };
        self.waivers.iter().filter(same).any(|before| before.expires >= now.expires)
    }

    fn has_attestation(&self, now: &Attestation) -> bool {
        let same = |before: &&Attestation| {
            before.rule == now.rule
                && before.site == now.site
                && before.status == now.status
                && before.points == now.points
                && before.by == now.by
                && before.on == now.on
        };
        self.attestations.iter().filter(same).any(|before| before.valid_until >= now.valid_until)
    }
}

fn same_subject(a: Option<&Subject>, b: Option<&Subject>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// What the change adds or prolongs and uses itself.
pub(super) fn told(decisions: &Decisions, earlier: &Earlier, acts: &Acts) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(waivers) = &decisions.waivers {
        for (number, sites) in by_number(&acts.waivers) {
            let (waiver, at) = (&waivers.waivers[number], &waivers.places[number]);
            if earlier.has_waiver(waiver) {
                continue;
            }
            let Waiver { rule, reason, approved_by, expires, .. } = waiver;
            let (rule, reason, by) = (safe(rule, 80), safe(reason, 200), safe(approved_by, 200));
            let (sites, at_name) = (list(sites.into_iter()), place_name(at));
            let text = Text::new(
                format!(
                    "Thay đổi này tự miễn lỗi của mình: {rule} ở {sites}, đến hết ngày {}, lý do: {reason} (phê duyệt: {by}; {at_name}).",
                    expires.vi()
                ),
                format!(
                    "This change waives its own failure: {rule} on {sites}, until the end of {expires}, because: {reason} (approved by {by}; {at_name})."
                ),
            );
            notes.push(warning("waiver-added", text, vec![place(at)]));
        }
    }
    if let Some(attestations) = &decisions.attestations {
        for (number, sites) in by_number(&acts.attestations) {
            let (stated, at) = (&attestations.attestations[number], &attestations.places[number]);
            if earlier.has_attestation(stated) {
                continue;
            }
            let (rule, by, until) = (safe(&stated.rule, 80), safe(&stated.by, 200), stated.valid_until);
            let (sites, at_name) = (list(sites.into_iter()), place_name(at));
            let text = Text::new(
                format!("Thay đổi này tự xác nhận: {rule} ở {sites}, đến hết ngày {} ({by}; {at_name}).", until.vi()),
                format!(
                    "This change attests for itself: {rule} on {sites}, until the end of {until} ({by}; {at_name})."
                ),
            );
            notes.push(warning("attestation-added", text, vec![place(at)]));
        }
    }
    notes.extend(known_added(decisions, earlier, acts));
    notes
}

fn known_added(decisions: &Decisions, earlier: &Earlier, acts: &Acts) -> Option<Note> {
    let baseline = decisions.baseline.as_ref()?;
    let mut known: Vec<&baseline::Failure> = acts.known.iter().collect();
    known.sort_unstable();
    known.dedup();
    let added: Vec<&baseline::Failure> = known
        .into_iter()
        .filter(|failure| {
            let (now, before) = (baseline.failures.get(*failure), earlier.failures.get(*failure));
            before.is_none() || now.zip(before).is_some_and(|(now, before)| !now.is_subset(before))
        })
        .collect();
    if added.is_empty() {
        return None;
    }
    let (n, names) = (added.len(), list(added.iter().map(|(site, rule)| format!("{site}: {rule}"))));
    let text = Text::new(
        format!("Thay đổi này tự ghi lỗi của mình là đã biết ({n}): {names}."),
        format!("This change records its own failures as known ({n}): {names}."),
    );
    let places = added.iter().filter_map(|failure| baseline.places.get(*failure)).take(10).map(place).collect();
    Some(warning("baseline-added", text, places))
}

fn by_number(acts: &[(usize, String)]) -> BTreeMap<usize, BTreeSet<String>> {
    let mut all: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (number, site) in acts {
        all.entry(*number).or_default().insert(site.clone());
    }
    all
}
