//! Event handler attributes of elements that act, with their code and its place. Reads no code; other modules do.

use html5ever::{local_name, ns};
use scraper::ElementRef;

use super::Document;
use super::walk::handling;
use crate::snapshot::{InlineHandler, Span, Trigger};

/// Events of a file that an element loads, or of its failure.
const OF_FILES: &[&str] = &["onload", "onerror", "onloadstart", "onloadeddata", "onloadedmetadata", "oncanplay"];

/// Event handler attributes in document order.
pub fn inline_handlers(doc: &Document) -> Vec<InlineHandler> {
    let mut found = Vec::new();
    for element in handling(doc) {
        let written =
            element.value().attrs.iter().filter(|(name, _)| name.local.starts_with("on") && name.local.len() > 2);
        let mut handlers: Vec<InlineHandler> = written
            .filter(|(_, code)| !code.trim().is_empty())
            .filter_map(|(name, code)| {
                let attribute = name.local.to_ascii_lowercase().to_string();
                let span = place(doc, doc.span(element.id())?, &attribute, code);
                let trigger = trigger(element, &attribute);
                Some(InlineHandler { attribute, trigger, code: code.to_string(), span })
            })
            .collect();
        handlers.sort_unstable_by(|a, b| (a.span, &a.attribute).cmp(&(b.span, &b.attribute)));
        found.append(&mut handlers);
    }
    found
}

fn trigger(element: ElementRef<'_>, attribute: &str) -> Trigger {
    let name = &element.value().name;
    let html = name.ns == ns!(html);
    if html && matches!(name.local, local_name!("body") | local_name!("frameset")) {
        return if matches!(attribute, "onload" | "onpageshow") { Trigger::Window } else { Trigger::Person };
    }
    if OF_FILES.contains(&attribute) { Trigger::Resource } else { Trigger::Person }
}

/// The value of an attribute in a start tag where it stands there as it is; else the tag.
fn place(doc: &Document, tag: Span, attribute: &str, value: &str) -> Span {
    let text = doc.source.slice(tag);
    let lower = text.to_ascii_lowercase();
    let starts = lower.match_indices(attribute).filter_map(|(at, _)| {
        let apart = lower[..at].ends_with(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\''));
        let behind = text.get(at + attribute.len()..)?.trim_ascii_start().strip_prefix('=')?.trim_ascii_start();
        let behind = behind.strip_prefix(['"', '\'']).unwrap_or(behind);
        (apart && behind.starts_with(value)).then_some(text.len() - behind.len())
    });
    starts.map(|at| tag.start as usize + at).next().map_or(tag, |start| Span::new(start, start + value.len()))
}
