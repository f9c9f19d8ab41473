//! Where in a home page the list of component sites seems to be: the thickest run of links to sites of the same
//! house. A guess, and told as one.

use std::collections::BTreeSet;

use super::Counts;
use super::lead::Lead;
use super::target::{Declared, Targets};
use crate::finding::Place;
use crate::site::{host_key, is_under};
use crate::snapshot::{LinkForm, Page, Span};

/// Other links that may stand between two of a list.
const GAP: usize = 2;
/// Sites that make a list.
const LEAST: usize = 2;
/// Bytes before a list's first link in which its heading is looked for.
const BEFORE: usize = 2_000;

/// A run of links of the same house.
#[derive(Default)]
struct Run<'a> {
    first: usize,
    last: usize,
    hosts: BTreeSet<&'a str>,
    targets: BTreeSet<usize>,
}

impl Run<'_> {
    /// Wanted sites speak louder than other hosts under the portal's domain.
    fn weight(&self) -> usize {
        self.hosts.len() + self.targets.len()
    }
}

/// The thicker of two runs; of equals the first.
fn thicker<'a>(first: Option<Run<'a>>, second: Option<Run<'a>>) -> Option<Run<'a>> {
    match (first, second) {
        (Some(first), Some(second)) if second.weight() > first.weight() => Some(second),
        (None, second) => second,
        (first, _) => first,
    }
}

/// The beginning of the list: its heading or frame where one stands right before it, else its first link.
pub(super) fn beginning(
    leads: &[Lead<'_>],
    targets: &Targets,
    declared: &Declared<'_>,
    portal: &[String],
    page: &Page,
) -> Option<Place> {
    let seen: Vec<&Lead<'_>> =
        leads.iter().filter(|lead| lead.counts != Counts::Not && !lead.link.span.is_empty()).collect();
    let mut best: Option<Run<'_>> = None;
    let mut run: Option<Run<'_>> = None;
    for (n, lead) in seen.iter().enumerate() {
        let hits = declared.hits(&lead.address, &lead.host, targets);
        if hits.is_empty() && !portal.iter().any(|domain| is_under(&lead.host, domain)) {
            continue;
        }
        let current = match run.take() {
            Some(current) if n - current.last <= GAP + 1 => current,
            before => {
                best = thicker(best, before);
                Run { first: n, ..Run::default() }
            }
        };
        let current = run.insert(current);
        current.last = n;
        current.hosts.insert(&lead.host);
        current.targets.extend(hits.into_iter().map(|(target, _)| target));
    }
    let best = thicker(best, run).filter(|run| run.hosts.len().max(run.targets.len()) >= LEAST)?;
    let first = seen[best.first].link;
    let from = best.first.checked_sub(1).map_or(0, |before| seen[before].link.span.end);
    let in_select = matches!(first.form, LinkForm::Option(_));
    Some(Place::of(&page.source, before(&page.source.text, from, first.span.start, in_select).unwrap_or(first.span)))
}

/// The start tag of a heading, else of a frame, between two offsets.
fn before(text: &str, from: u32, to: u32, in_select: bool) -> Option<Span> {
    let (from, to) = (from as usize, to as usize);
    let from = (from.max(to.saturating_sub(BEFORE))..=to).find(|at| text.is_char_boundary(*at))?;
    let between = text.get(from..to)?.to_ascii_lowercase();
    let last = |names: &[&str]| {
        let tags = names.iter().filter_map(|name| between.rfind(name).map(|at| (at, name.len())));
        tags.filter(|(at, length)| !between[at + length..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'))
            .max()
    };
    let (at, _) = if in_select {
        last(&["<select"])
    } else {
        last(&["<h1", "<h2", "<h3", "<h4", "<h5", "<h6"]).or_else(|| last(&["<nav", "<aside", "<section", "<footer"]))
    }?;
    let end = between[at..].find('>').map_or(at + 1, |n| at + n + 1);
    Some(Span::new(from + at, from + end))
}

/// Hosts of the portal whose list it is.
pub(super) fn portal_hosts(site: &crate::site::Site) -> Vec<String> {
    site.addresses().filter_map(host_key).collect()
}
