//! Any sheet on any page: what a person sees of every element is told, with a place in the text, soon; and a sheet for
//! printers, laid before it, changes nothing of it. Each byte of an input stands for a piece of CSS or HTML, so that
//! what is tried are sheets and not noise.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use rasoat::acquire::css::{Scripts, Styles, labels};
use rasoat::acquire::html::{self, Document};
use rasoat::acquire::{Fetched, css};
use rasoat::snapshot::{InjectedLabel, Origin, Seen, Source};
use rasoat_fuzz::facts::{self, NEEDS};
use rasoat_fuzz::parts;
use scraper::ElementRef;
use url::Url;

/// A piece a line; an escape of the line's end stands for one.
static PIECES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let pieces = include_str!("../src/pieces.txt");
    pieces.lines().filter(|line| !line.is_empty()).map(|line| line.replace("\\n", "\n").replace("\\s", " ")).collect()
});
static ADDRESS: LazyLock<Url> = LazyLock::new(|| Url::parse("https://a.gov.vn/").expect("an address"));

/// The text that bytes stand for; one that stands for no piece begins four that are taken as they are.
fn spelled(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        match PIECES.get(usize::from(*byte)) {
            Some(piece) => text.push_str(piece),
            None => text.extend(rest.by_ref().take(4).map(|b| char::from(*b))),
        }
    }
    text
}

/// How each element is seen, and how the injected label.
fn looked_at(page: &str, file: &str) -> (Vec<Seen>, Vec<u8>) {
    let source = Arc::new(Source::new(Origin { path: Some("index.html".to_owned()), url: None }, page.to_owned()));
    let sheet = Arc::new(Source::new(Origin { path: Some("a.css".to_owned()), url: None }, file.to_owned()));
    let doc = Document::parse(source.clone());
    let base = html::base(&doc, &ADDRESS);
    let fetched = |url: &Url| match url.path() {
        "/a.css" => Fetched::Read(sheet.clone()),
        _ => Fetched::OtherHost,
    };
    let _ = css::named(&doc, &base);
    let scripts = html::scripts(&doc, &base, &NEEDS, &fetched);
    let styles = Styles::new(&doc, &base, &fetched, &Scripts::of(&source, &scripts));
    styles.unread().iter().for_each(|unread| facts::spot(&unread.spot));
    let elements = doc.html.tree.root().descendants().filter_map(ElementRef::wrap);
    let seen: Vec<Seen> = elements.map(|element| styles.seen(&doc, element)).collect();
    seen.iter().for_each(facts::seen);
    let of_label = NEEDS.trackers.values().map(|tracker| {
        let found = labels(&doc, &styles, tracker);
        found.own.iter().for_each(|own| facts::within(&source, own.span));
        match found.injected {
            InjectedLabel::Shown => 0,
            InjectedLabel::Hidden(_) => 1,
            InjectedLabel::Conditional(_) => 2,
        }
    });
    let of_label = of_label.collect();
    (seen, of_label)
}

fuzz_target!(|bytes: &[u8]| {
    let parts = parts(bytes);
    let of = |k: usize| parts.get(k).map(|part| spelled(part)).unwrap_or_default();
    let (sheet, file, body) = (of(0), of(2), of(1));
    let page = |before: &str| {
        format!(
            "<!doctype html><html><head><title>x</title><link rel=stylesheet href=/a.css><style>{before}{sheet}</style>\
             </head><body>{body}<p id=p class='a b'>x<span title=c><a href=/ class=c>y</a></span></p></body></html>"
        )
    };
    let (seen, label) = looked_at(&page(""), &file);
    // What must stand first in a sheet does not count behind another rule; escapes may spell it in many ways.
    let lower = sheet.to_ascii_lowercase();
    if ["@import", "@namespace", "@charset", "\\"].iter().any(|first| lower.contains(first)) || label.is_empty() {
        return;
    }
    let (again, same_label) = looked_at(&page("@media print{*{display:none!important}}\n"), &file);
    let kinds = |all: &[Seen]| all.iter().map(std::mem::discriminant).collect::<Vec<_>>();
    assert!(kinds(&seen) == kinds(&again), "a sheet for printers changes what is seen: {}", page(""));
    assert_eq!(label, same_label, "a sheet for printers changes the label: {}", page(""));
});
