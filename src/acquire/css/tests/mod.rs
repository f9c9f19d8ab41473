//! Tests of the whole way from a page's text to what a person sees.

mod carried;
mod clipping;
mod covered;
mod doubt;
mod edge;
mod ground;
mod harmless;
mod hidden;
mod hostile;
mod label;
mod menus;
mod sheets;
mod sizes;

use std::collections::HashMap;
use std::sync::Arc;

use scraper::{ElementRef, Selector};
use url::Url;

use super::{Scripts, Styles};
use crate::acquire::Fetched;
use crate::acquire::html::Document;
use crate::snapshot::{Gap, Origin, Seen, Source, Technique};

/// A page and the files it loads.
struct Case {
    doc: Document,
    styles: Styles,
}

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source::new(Origin::default(), text.to_owned()))
}

impl Case {
    fn page(text: &str) -> Self {
        Self::with(text, &[], &Scripts::default())
    }

    /// `css` in the head, `body` in the body.
    fn of(css: &str, body: &str) -> Self {
        Self::page(&document(css, body))
    }

    fn scripted(css: &str, body: &str, script: &str) -> Self {
        Self::with(&document(css, body), &[], &Scripts { running: true, texts: vec![script], ..Scripts::default() })
    }

    /// A script of the page's own, and another one that was not read.
    fn with_unread(css: &str, body: &str, script: &str) -> Self {
        let scripts = Scripts { running: true, unread: true, texts: vec![script] };
        Self::with(&document(css, body), &[], &scripts)
    }

    fn with(text: &str, files: &[(&str, &str)], scripts: &Scripts) -> Self {
        let doc = Document::parse(source(text));
        let base = Url::parse("https://x.gov.vn/").unwrap();
        let files: HashMap<Url, Arc<Source>> =
            files.iter().map(|(name, text)| (base.join(name).unwrap(), source(text))).collect();
        let read = |url: &Url| match files.get(url) {
            Some(text) => Fetched::Read(Arc::clone(text)),
            None if url.host_str() == Some("x.gov.vn") => Fetched::Missing(Gap::NotFound),
            None => Fetched::OtherHost,
        };
        let styles = Styles::new(&doc, &base, &read, scripts);
        Self { doc, styles }
    }

    fn element(&self, selector: &str) -> ElementRef<'_> {
        let selector = Selector::parse(selector).unwrap();
        self.doc.html.select(&selector).next().expect("the element is in the page")
    }

    fn seen(&self, selector: &str) -> Seen {
        self.styles.seen(&self.doc, self.element(selector))
    }

    fn at(&self) -> Seen {
        self.seen("#t")
    }
}

fn document(css: &str, body: &str) -> String {
    format!("<!DOCTYPE html><html lang=vi><head><style>{css}</style></head><body>{body}</body></html>")
}

/// One word for each answer.
fn word(seen: &Seen) -> String {
    match seen {
        Seen::Yes => "yes".into(),
        Seen::InDetails => "details".into(),
        Seen::InMenu(h) => format!("menu {:?}", h.technique),
        Seen::Hidden(h) => format!("hidden {:?}", h.technique),
        Seen::Unsure(h) => format!("unsure {:?}", h.technique),
    }
}

fn hidden_by(seen: &Seen) -> Option<Technique> {
    match seen {
        Seen::Hidden(h) => Some(h.technique),
        _ => None,
    }
}

/// The text of the rule, declaration or tag that hides.
fn spot_text(seen: &Seen) -> String {
    let (Seen::Hidden(h) | Seen::Unsure(h) | Seen::InMenu(h)) = seen else { return String::new() };
    h.spot.as_ref().map(|s| s.source.slice(s.span).to_owned()).unwrap_or_default()
}
