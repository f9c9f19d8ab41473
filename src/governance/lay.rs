//! Lays what people decided over findings: statements first, since they may make failures, then waivers, then the
//! baseline. Pure: findings and a day in, the same findings and what is to be said of the estate out.

use std::collections::HashSet;

use super::change::{self, Acts, Earlier};
use super::{Attestations, Baseline, Partly, Waivers, attest, known, waive};
use crate::finding::{Finding, Note, NoteLevel, Place, safe};
use crate::policy::{Date, Text};
use crate::site::Estate;
use crate::yaml::At;

/// What people decided, as read.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Failures that are accepted for a time.
    pub waivers: Option<Waivers>,
    /// Statements about what no machine sees.
    pub attestations: Option<Attestations>,
    /// Failures that are known.
    pub baseline: Option<Baseline>,
    /// The same files before the change under review, to tell what it adds.
    pub earlier: Option<Earlier>,
    /// Why they could not be compared with those before the change, although that was asked for.
    pub not_compared: Option<Text>,
    /// Known failures are counted, and not listed.
    pub new_only: bool,
}

/// What of the estate and the policies a run looks at, and on which day.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The day in Vietnam.
    pub today: Date,
    /// All sites that are known.
    pub estate: &'a Estate,
    /// Ids of the sites that were judged.
    pub judged: HashSet<&'a str>,
    /// Ids of the rules that were judged.
    pub rules: HashSet<&'a str>,
    /// Ids of mandatory rules that a policy weakens under a waiver.
    pub weakened: HashSet<&'a str>,
    /// Sites of which not every page was read.
    pub partly: Partly,
}

/// Lays decisions over findings; what is returned is said of the estate, the change under review first.
#[must_use]
pub fn lay_over(decisions: &Decisions, scope: &Scope<'_>, findings: &mut [Finding]) -> Vec<Note> {
    let mut acts = Acts::default();
    let mut said = Vec::new();
    if let Some(attestations) = &decisions.attestations {
        said.extend(attest::lay(attestations, scope, findings, &mut acts));
    }
    if let Some(waivers) = &decisions.waivers {
        said.extend(waive::lay(waivers, scope, findings, &mut acts));
    }
    if let Some(baseline) = &decisions.baseline {
        said.extend(known::lay(baseline, scope, findings, &mut acts));
    }
    let mut notes = Vec::new();
    if let Some(earlier) = &decisions.earlier {
        notes = change::told(decisions, earlier, &acts);
    }
    if let Some(why) = &decisions.not_compared {
        notes.push(warning("base-unread", why.clone(), Vec::new()));
    }
    notes.extend(said);
    notes
}

pub(super) fn warning(code: &str, message: Text, places: Vec<Place>) -> Note {
    Note { code: code.to_owned(), level: NoteLevel::Warning, message, places }
}

pub(super) fn info(code: &str, message: Text, places: Vec<Place>) -> Note {
    Note { code: code.to_owned(), level: NoteLevel::Info, message, places }
}

/// Where a decision is written.
pub(super) fn place(at: &At) -> Place {
    let region = at.document.region(&at.path);
    Place {
        path: Some(at.document.name().to_owned()),
        line: region.map(|r| r.line),
        column: region.map(|r| r.column),
        ..Place::default()
    }
}

/// The same in a sentence, as `waivers.yml:4`.
pub(super) fn place_name(at: &At) -> String {
    let place = place(at);
    let path = place.path.unwrap_or_default();
    place.line.map_or_else(|| path.clone(), |line| format!("{path}:{line}"))
}

/// Most names that one sentence lists.
const LISTED: usize = 5;

/// Some names in a sentence, made safe, and how many more there are.
pub(super) fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|name| safe(&name, 120)).collect();
    let shown = names.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    if names.len() > LISTED { format!("{shown} (+{})", names.len() - LISTED) } else { shown }
}

/// Adds a sentence after a finding's own.
pub(super) fn add(finding: &mut Finding, sentence: &Text) {
    finding.message = joined(&finding.message, sentence);
}

/// Puts a sentence before a finding's own: what is cut for want of room is the end.
pub(super) fn put_first(finding: &mut Finding, sentence: &Text) {
    finding.message = joined(sentence, &finding.message);
}

fn joined(first: &Text, second: &Text) -> Text {
    let join = |a: &str, b: &str| format!("{a} {b}").trim().to_owned();
    Text::new(join(&first.vi, &second.vi), join(&first.en, &second.en))
}

impl Scope<'_> {
    /// Whether this run would have seen what a decision is about: its rule was judged, and so was every site it names.
    pub(super) fn reaches(&self, rule: &str, sites: &[&str]) -> bool {
        self.rules.contains(rule) && sites.iter().all(|site| self.judged.contains(site))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_counted() {
        let listed = |n: usize| {
            let names: Vec<String> = (0..n).map(|k| format!("so-{k}")).collect();
            list(names.into_iter())
        };
        assert_eq!((listed(0).as_str(), listed(2).as_str()), ("", "so-0, so-1"));
        assert!(listed(5).ends_with("so-4"));
        assert!(listed(8).ends_with("so-4 (+3)"), "{}", listed(8));
    }
}
