//! Finds where a page names a tracker outside its scripts: in comments, noscript, templates and other markup.
//! There the name does nothing, which is worth telling; scripts are read elsewhere.

use std::sync::Arc;

use html5ever::local_name;
use url::Url;

use super::{Document, caseless};
use crate::policy::Tracker;
use crate::snapshot::{Idle, Mention, Span, Spot};

/// Most occurrences that are noted: the places of a finding are cut at fewer.
const MOST: usize = 1_000;

/// Occurrences of the tracker's queue, or of its library's or collector's host, outside script elements, in the
/// order of the text.
#[must_use]
pub fn mentions(doc: &Document, tracker: &Tracker) -> Vec<Mention> {
    let text = &doc.source.text;
    let mut found = Vec::new();
    if !tracker.queue.is_empty() {
        let queue = &tracker.queue;
        found.extend(places(text, queue).filter(|f| is_name(text, *f)));
    }
    for host in hosts(tracker) {
        let places = caseless::places(text.as_bytes(), host.as_bytes()).map(|at| (at, host.len()));
        found.extend(places.filter(|place| is_host(text, *place)));
    }
    if found.is_empty() {
        return Vec::new();
    }
    found.sort_unstable();
    let places = Places::of(doc);
    let spot = |at: usize, length: usize| Spot { source: Arc::clone(&doc.source), span: Span::new(at, at + length) };
    found
        .into_iter()
        .filter_map(|(at, length)| places.idle(at).map(|idle| Mention { idle, spot: spot(at, length) }))
        .take(MOST)
        .collect()
}

/// Where a word stands in a text, and how long it is.
fn places<'a>(text: &'a str, word: &'a str) -> impl Iterator<Item = (usize, usize)> {
    memchr::memmem::find_iter(text.as_bytes(), word).map(|at| (at, word.len()))
}

fn hosts(tracker: &Tracker) -> Vec<String> {
    let addresses = [&tracker.library, &tracker.collector];
    let urls = addresses.iter().filter_map(|address| Url::parse(address).ok());
    let mut hosts: Vec<String> = urls.filter_map(|url| url.host_str().map(str::to_ascii_lowercase)).collect();
    hosts.dedup();
    hosts
}

/// Whether an occurrence is a name of its own, not a part of a longer one.
fn is_name(text: &str, (at, length): (usize, usize)) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-');
    !text[..at].ends_with(part) && !text[at + length..].starts_with(part)
}

/// Whether an occurrence is a whole host, not the start of a look-alike or the end of another.
fn is_host(text: &str, (at, length): (usize, usize)) -> bool {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let (before, after) = (&text[..at], &text[at + length..]);
    let longer = after.strip_prefix('.').is_some_and(|rest| rest.starts_with(part));
    !before.ends_with(part) && !before.ends_with('.') && !after.starts_with(part) && !longer
}

/// The parts of a page by what they do; each list is in the order of the text and has no overlaps.
struct Places<'a> {
    scripts: Vec<Span>,
    noscripts: Vec<Span>,
    comments: &'a [Span],
    templates: &'a [Span],
}

impl<'a> Places<'a> {
    fn of(doc: &'a Document) -> Self {
        let named = |id, name| {
            let element = doc.html.tree.get(id).and_then(|node| node.value().as_element());
            element.is_some_and(|element| element.name.local == name)
        };
        let of_name = |name: &html5ever::LocalName| -> Vec<Span> {
            let texts = doc.raw_texts().filter(|(id, _)| named(*id, name.clone()));
            texts.map(|(_, span)| span).collect()
        };
        let tags = doc.noted.telling.iter().filter(|id| named(**id, local_name!("script")));
        let tags = tags.filter_map(|id| doc.span(*id));
        let mut scripts: Vec<Span> = tags.chain(of_name(&local_name!("script"))).collect();
        scripts.sort_unstable();
        Self {
            scripts,
            noscripts: of_name(&local_name!("noscript")),
            comments: doc.comments(),
            templates: doc.template_contents(),
        }
    }

    /// Why what stands there does nothing; `None` in a script.
    fn idle(&self, at: usize) -> Option<Idle> {
        if within(&self.scripts, at) {
            None
        } else if within(self.comments, at) {
            Some(Idle::HtmlComment)
        } else if within(&self.noscripts, at) {
            Some(Idle::Noscript)
        } else if within(self.templates, at) {
            Some(Idle::Template)
        } else {
            Some(Idle::Markup)
        }
    }
}

fn within(spans: &[Span], at: usize) -> bool {
    let behind = spans.partition_point(|span| span.start as usize <= at);
    behind.checked_sub(1).and_then(|last| spans.get(last)).is_some_and(|span| at < span.end as usize)
}
