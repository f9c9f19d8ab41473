//! Finds the style sheets of a page in tree order and reads those that apply: `<style>`, `<link>`, `@import`.
//! Names the files that could not be read.

use std::sync::Arc;

use scraper::{ElementRef, Html};
use url::Url;

use super::media::{Truth, media};
use super::rules::{Placed, Rules, SheetText};
use super::selector::attribute;
use super::sheet::{Group, Walker};
use crate::acquire::Fetched;
use crate::acquire::html::Document;
use crate::snapshot::{Source, Span, Spot, Unread, UnreadKind};

/// Imports of imports beyond this depth are not read.
const DEEPEST_IMPORT: usize = 8;
/// A page that asks for more files than this is not read further.
const MOST_FILES: usize = 300;
/// More bytes of style sheets than this are not read.
const MOST_BYTES: usize = 64 << 20;

/// Reads style sheets into one set of rules.
pub(super) struct Collector<'f> {
    pub(super) rules: Rules,
    pub(super) unread: Vec<Unread>,
    pub(super) read: Vec<(Url, Arc<Source>)>,
    pub(super) quirks: bool,
    files: &'f dyn Fn(&Url) -> Fetched,
    /// The files being read, outermost first.
    chain: Vec<Url>,
    asked: usize,
    bytes: usize,
}

/// Reads all sheets of a page that apply to a screen.
pub(super) fn collect<'f>(
    doc: &Document,
    base: &Url,
    files: &'f dyn Fn(&Url) -> Fetched,
    quirks: bool,
) -> Collector<'f> {
    let mut collector = Collector::new(files, quirks);
    let preferred = preferred_title(&doc.html);
    for el in doc.html.tree.root().descendants().filter_map(ElementRef::wrap) {
        match el.value().name() {
            "style" if applies(el, preferred.as_deref(), false) => collector.style(doc, el, base),
            "link" if applies(el, preferred.as_deref(), true) => collector.link(doc, el, base),
            _ => {}
        }
    }
    collector
}

/// The title of the first titled sheet: others of another title are alternatives a person may choose.
fn preferred_title(html: &Html) -> Option<String> {
    let titled = |el: ElementRef| {
        let rel = attribute(el, "rel").unwrap_or("").to_ascii_lowercase();
        let sheet = match el.value().name() {
            "style" => true,
            "link" => rel.split_ascii_whitespace().any(|r| r == "stylesheet") && !rel.contains("alternate"),
            _ => false,
        };
        if sheet { attribute(el, "title").filter(|t| !t.is_empty()).map(str::to_owned) } else { None }
    };
    html.tree.root().descendants().filter_map(ElementRef::wrap).find_map(titled)
}

fn applies(el: ElementRef, preferred: Option<&str>, link: bool) -> bool {
    let kind = attribute(el, "type").unwrap_or("").trim().to_ascii_lowercase();
    let kind_fits = kind.is_empty() || kind == "text/css" || (link && kind.starts_with("text/css;"));
    let inert =
        el.ancestors().filter_map(ElementRef::wrap).any(|a| matches!(a.value().name(), "template" | "noscript"));
    let other_title = attribute(el, "title").is_some_and(|t| !t.is_empty() && Some(t) != preferred);
    kind_fits && !inert && !other_title && (!link || linked(el))
}

/// Whether a `<link>` brings a style sheet to the page.
fn linked(el: ElementRef) -> bool {
    let rel = attribute(el, "rel").unwrap_or("").to_ascii_lowercase();
    let rel: Vec<&str> = rel.split_ascii_whitespace().collect();
    if rel.contains(&"stylesheet") {
        return !rel.contains(&"alternate") && attribute(el, "disabled").is_none();
    }
    // Loaded early and turned into a style sheet when it has arrived.
    rel.contains(&"preload")
        && attribute(el, "as").is_some_and(|a| a.eq_ignore_ascii_case("style"))
        && attribute(el, "onload").is_some_and(|o| o.contains("stylesheet"))
}

impl<'f> Collector<'f> {
    fn new(files: &'f dyn Fn(&Url) -> Fetched, quirks: bool) -> Self {
        Self {
            rules: Rules::default(),
            unread: Vec::new(),
            read: Vec::new(),
            quirks,
            files,
            chain: Vec::new(),
            asked: 0,
            bytes: 0,
        }
    }

    /// The group for an element's `media` attribute; `None` when it does not apply to the screen.
    fn group(&mut self, el: ElementRef) -> Option<Group> {
        let query = attribute(el, "media").unwrap_or("");
        // Sheets that are loaded for print and then switched to all media.
        let switched = attribute(el, "onload").is_some_and(|o| o.contains("media") || o.contains("rel"));
        match media(query) {
            _ if switched => Some(Group::default()),
            Truth::Yes => Some(Group::default()),
            Truth::No => None,
            Truth::Unknown => Some(Group { condition: self.rules.condition(0, query), ..Group::default() }),
        }
    }

    fn style(&mut self, doc: &Document, el: ElementRef, base: &Url) {
        let Some(group) = self.group(el) else { return };
        let text: String = el.children().filter_map(|c| c.value().as_text().map(|t| &**t)).collect();
        let (text, place) = placed(&doc.source, doc.span(el.id()), text);
        self.read(SheetText { source: Arc::clone(&doc.source), place }, &text, base.clone(), group);
    }

    fn link(&mut self, doc: &Document, el: ElementRef, base: &Url) {
        let Some(group) = self.group(el) else { return };
        let Some(href) = attribute(el, "href").map(str::trim).filter(|h| !h.is_empty()) else { return };
        let spot = doc.span(el.id()).map(|span| Spot { source: Arc::clone(&doc.source), span });
        let spot = spot.unwrap_or_else(|| Spot { source: Arc::clone(&doc.source), span: Span::new(0, 0) });
        self.import(href, base, group, Some(spot));
    }

    /// Reads the file at an address, or names it among the unread.
    pub(super) fn import(&mut self, href: &str, base: &Url, group: Group, spot: Option<Spot>) {
        if self.chain.len() > DEEPEST_IMPORT || self.asked >= MOST_FILES {
            return;
        }
        let url = match base.join(href) {
            Ok(url) => url,
            Err(_) => {
                self.leave(href.to_owned(), false, None, spot);
                return;
            }
        };
        if self.chain.contains(&url) {
            return;
        }
        self.asked += 1;
        match (self.files)(&url) {
            Fetched::Read(source) => {
                self.chain.push(url.clone());
                self.read.push((url.clone(), Arc::clone(&source)));
                let text = Arc::clone(&source);
                self.read(SheetText { source, place: Placed::At(0) }, &text.text, url, group);
                self.chain.pop();
            }
            Fetched::Missing(gap) => self.leave(url.into(), true, Some(gap), spot),
            Fetched::OtherHost => self.leave(url.into(), false, None, spot),
        }
    }

    fn leave(&mut self, address: String, same_site: bool, gap: Option<crate::snapshot::Gap>, spot: Option<Spot>) {
        let Some(spot) = spot else { return };
        if self.unread.iter().any(|u| u.address == address) {
            return;
        }
        self.unread.push(Unread { kind: UnreadKind::Style, address, same_site, gap, spot });
    }

    fn read(&mut self, sheet: SheetText, text: &str, base: Url, group: Group) {
        self.bytes += text.len();
        if self.bytes > MOST_BYTES {
            return;
        }
        let number = self.rules.sheets.len();
        self.rules.sheets.push(sheet);
        Walker::new(self, number, base).walk(text, group);
    }
}

/// Where the text of a `<style>` element stands in the page. The parser changes line ends, so the page's own
/// text is used where it says the same.
fn placed(source: &Source, tag: Option<Span>, text: String) -> (String, Placed) {
    let Some(tag) = tag else {
        return match source.text.find(&text) {
            Some(at) if !text.is_empty() => (text, Placed::At(at)),
            _ => (text, Placed::Within(None)),
        };
    };
    let from = tag.end as usize;
    let rest = source.text.get(from..).unwrap_or("");
    if rest.starts_with(&text) {
        return (text, Placed::At(from));
    }
    let mut own = String::new();
    let mut length = 0;
    // The parser's text is the page's with CRLF and CR as LF: walk both until the parser's ends.
    let mut wanted = text.chars();
    let mut chars = rest.chars().peekable();
    for expected in wanted.by_ref() {
        match chars.next() {
            Some('\r') if expected == '\n' => {
                length += 1;
                if chars.next_if_eq(&'\n').is_some() {
                    length += 1;
                }
            }
            Some(c) if c == expected => length += c.len_utf8(),
            _ => return (text, Placed::Within(Some(tag))),
        }
    }
    own.push_str(rest.get(..length).unwrap_or(""));
    (own, Placed::At(from))
}
