//! The script elements of a page and how a browser treats each, after the HTML standard's "prepare the
//! script element". Reads no script; other modules do.

use std::collections::HashSet;
use std::sync::Arc;

use html5ever::{local_name, ns};
use scraper::ElementRef;
use url::Url;

use super::Document;
use super::data_url;
use super::walk::telling;
use crate::acquire::{Fetched, Needs};
use crate::policy::compiled_caseless;
use crate::snapshot::{Gap, Inert, Origin, Script, ScriptFile, ScriptKind, Source, Span};

/// The standard's JavaScript MIME type essences.
const JAVASCRIPT: &[&str] = &[
    "application/ecmascript",
    "application/javascript",
    "application/x-ecmascript",
    "application/x-javascript",
    "text/ecmascript",
    "text/javascript",
    "text/javascript1.0",
    "text/javascript1.1",
    "text/javascript1.2",
    "text/javascript1.3",
    "text/javascript1.4",
    "text/javascript1.5",
    "text/jscript",
    "text/livescript",
    "text/x-ecmascript",
    "text/x-javascript",
];

/// Whether a type, in small letters, is one of JavaScript's.
pub(in crate::acquire) fn is_javascript(kind: &str) -> bool {
    JAVASCRIPT.contains(&kind)
}

/// Script elements in document order. `files` is asked for the text of those that a browser would load, and
/// of those an optimiser runs later; a `data:` address is read here. A script that never runs, or whose `src`
/// is no address, has no file.
pub fn scripts(doc: &Document, base: &Url, needs: &Needs, files: &dyn Fn(&Url) -> Fetched) -> Vec<Script> {
    let unseen = unseen_mark(doc);
    telling(doc)
        .filter(|(e, _)| e.value().name.local == local_name!("script"))
        .filter_map(|(e, in_template)| {
            let tag = doc.span(e.id())?;
            let inert = if in_template {
                Some(Inert::Template)
            } else if doc.is_unclosed(e.id()) {
                Some(Inert::Unclosed)
            } else {
                (e.value().name.ns != ns!(html) && e.value().name.ns != ns!(svg)).then_some(Inert::Foreign)
            };
            let kind = kind(e, &needs.deferred_types);
            let src = source_attribute(e).map(str::to_owned);
            let url = src.as_deref().filter(|src| !src.is_empty()).and_then(|src| base.join(src).ok());
            let loads = matches!(kind, ScriptKind::Classic | ScriptKind::Module | ScriptKind::Deferred(_));
            let file = match &url {
                Some(url) if loads && inert.is_none() => file(url, files),
                _ => ScriptFile::Inline,
            };
            let present = |name: &str| e.attr(name).is_some();
            Some(Script {
                is_async: present("async"),
                is_defer: present("defer") || kind == ScriptKind::Module,
                on_demand: false,
                nonce: e.attr("nonce").map(str::to_owned),
                integrity: e.attr("integrity").map(str::to_owned),
                has_body: has_body(e) || unseen.is_some_and(|at| at < tag.start as usize),
                kind,
                inert,
                tag,
                text: text(doc, e, tag),
                src,
                url,
                file,
            })
        })
        .collect()
}

/// Whether there is a body when the parser comes to a script. The tree tells it: a script goes into the head, be it
/// behind `</head>`, as long as there is none.
fn has_body(script: ElementRef<'_>) -> bool {
    let parent = script.parent().and_then(|parent| parent.value().as_element());
    !parent.is_some_and(|e| e.name.ns == ns!(html) && e.name.local == local_name!("head"))
}

/// Where the first byte-order mark stands that this parser may have passed over: behind a tag. For a browser it is a
/// character like any other, with which the body begins.
fn unseen_mark(doc: &Document) -> Option<usize> {
    let text = &doc.source.text;
    let mut marks = memchr::memmem::find_iter(text.as_bytes(), ">\u{feff}").map(|at| at + 1).peekable();
    marks.peek()?;
    let ends: HashSet<u32> = doc.tags().map(|(_, tag)| tag.end).collect();
    let behind_script = |at: usize| {
        let tag = text.get(..at - 1).unwrap_or_default().trim_ascii_end().as_bytes();
        tag.len().checked_sub(8).and_then(|n| tag.get(n..)).is_some_and(|end| end.eq_ignore_ascii_case(b"</script"))
    };
    marks.find(|at| u32::try_from(*at).is_ok_and(|at| ends.contains(&at)) || behind_script(*at))
}

/// Whether the element runs, now or later, in a browser.
pub(super) fn runs(element: ElementRef<'_>) -> bool {
    let kind = kind(element, &[]);
    matches!(kind, ScriptKind::Classic | ScriptKind::Module)
}

/// `src`; in SVG `href`.
pub(super) fn source_attribute(element: ElementRef<'_>) -> Option<&str> {
    let element = element.value();
    if element.name.ns != ns!(svg) {
        return element.attr("src");
    }
    let xlink = || element.attrs.iter().find(|(name, _)| name.ns == ns!(xlink) && name.local == local_name!("href"));
    element.attr("href").or_else(|| xlink().map(|(_, value)| &**value))
}

fn kind(element: ElementRef<'_>, deferred_types: &[String]) -> ScriptKind {
    let kind = match (element.attr("type"), element.attr("language")) {
        (Some(""), _) | (None, None | Some("")) => "text/javascript".to_owned(),
        (Some(written), _) => written.trim_ascii().to_ascii_lowercase(),
        (None, Some(language)) => format!("text/{}", language.to_ascii_lowercase()),
    };
    if is_javascript(&kind) {
        if element.attr("nomodule").is_some() && element.value().name.ns == ns!(html) {
            return ScriptKind::NoModule;
        }
        return if stopped_by_event(element) { ScriptKind::ForEvent } else { ScriptKind::Classic };
    }
    match kind.as_str() {
        "module" => ScriptKind::Module,
        _ if is_deferred(deferred_types, &kind) => ScriptKind::Deferred(kind),
        _ => ScriptKind::Data(kind),
    }
}

/// `for` and `event` together stop a script, unless they are the window's load event.
fn stopped_by_event(element: ElementRef<'_>) -> bool {
    let (Some(target), Some(event)) = (element.attr("for"), element.attr("event")) else { return false };
    let (target, event) = (target.trim_ascii(), event.trim_ascii());
    let onload = event.eq_ignore_ascii_case("onload") || event.eq_ignore_ascii_case("onload()");
    !(target.eq_ignore_ascii_case("window") && onload)
}

fn file(url: &Url, files: &dyn Fn(&Url) -> Fetched) -> ScriptFile {
    if url.scheme() == "data" {
        return data_url::text(url).map_or(ScriptFile::Missing(Gap::Undecodable), |text| {
            let start: String = url.as_str().chars().take(80).collect();
            let origin = Origin { path: None, url: Some(start) };
            ScriptFile::Read(Arc::new(Source::new(origin, text)))
        });
    }
    match files(url) {
        Fetched::Read(source) => ScriptFile::Read(source),
        Fetched::Missing(gap) => ScriptFile::Missing(gap),
        Fetched::OtherHost => ScriptFile::OtherHost,
    }
}

/// The text between the tags. In SVG it may be wrapped in a CDATA section, which is no part of the script.
fn text(doc: &Document, element: ElementRef<'_>, tag: Span) -> Span {
    let Some(span) = doc.text_span(element.id()) else { return Span { start: tag.end, end: tag.end } };
    if element.value().name.ns == ns!(html) {
        return span;
    }
    let written = doc.source.slice(span);
    let inner = written.trim().strip_prefix("<![CDATA[").and_then(|s| s.strip_suffix("]]>"));
    let lead = written.len() - written.trim_start().len() + "<![CDATA[".len();
    inner.map_or(span, |inner| {
        let start = span.start as usize + lead;
        Span::new(start, start + inner.len())
    })
}

/// Whether a type is one that an optimiser runs later. The policy writes them plain, as `*` with an ending, or
/// as `^` with a pattern.
fn is_deferred(types: &[String], kind: &str) -> bool {
    types.iter().any(|written| match written.strip_prefix('*') {
        Some(ending) => kind.len() > ending.len() && kind.ends_with(&ending.to_ascii_lowercase()),
        None if written.starts_with('^') => compiled_caseless(written).is_some_and(|p| p.is_match(kind)),
        None => written.eq_ignore_ascii_case(kind),
    })
}
