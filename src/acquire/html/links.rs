//! Everything on a page that a person could follow, in document order, with how it is written and whether it
//! can be seen. What is no element (comments, noscript, script text) or stands in a template is no link.

use std::cell::OnceCell;
use std::sync::Arc;

use html5ever::{QualName, local_name, ns};
use scraper::{ElementRef, Node};
use url::Url;

use super::Document;
use super::caseless;
use super::content::content;
use super::data_url::percent_decoded;
use super::handler::{Handler, calls_unknown, is_absolute};
use super::options::Handlers;
use super::script::source_attribute;
use super::text::{is_invisible, squeeze};
use super::walk::acting;
use crate::snapshot::{Hiding, Link, LinkForm, Seen, Span, Spot, Technique};

/// Characters of a link's text that are kept.
const TEXT: usize = 120;
/// Characters of a handler that are kept as the address of a link that leads to an unknown place.
const CODE: usize = 200;
/// Pictures asked whether they show, for one map.
const USES: usize = 20;
/// So many links are not asked one by one what is written around them.
const MANY: usize = 100;
/// Links looked back through for the other half of a link that the parser cut in two.
const HALVES_BACK: usize = 8;

/// Links of a page, at most about `most`. `seen` says whether a person can see an element.
pub fn links(doc: &Document, base: &Url, most: usize, seen: &dyn Fn(ElementRef<'_>) -> Seen) -> Vec<Link> {
    let mut handlers = Handlers::new(doc);
    // A few links are asked themselves; for all of them the text is looked through once.
    let says_inert = most < MANY || caseless::finds(doc.source.text.as_bytes(), b"inert");
    let says_disabled = most < MANY || caseless::finds(doc.source.text.as_bytes(), b"disabled");
    let may_act = says_inert && handlers.may_speak_of("inert");
    let may_enable = says_disabled && handlers.may_speak_of("disabled");
    let mut found = Found {
        doc,
        base,
        seen,
        links: Vec::new(),
        says_inert,
        may_act,
        says_disabled,
        may_enable,
        pictures: OnceCell::new(),
    };
    for element in acting(doc) {
        if found.links.len() >= most {
            break;
        }
        let name = &element.value().name;
        let leads = matches!(name.local, local_name!("a") | local_name!("area") | local_name!("option"));
        if !leads && on_click(element).is_none() {
            continue;
        }
        let Some(span) = doc.span(element.id()) else { continue };
        match (&name.ns, &*name.local) {
            (&ns!(html), "a") => found.anchor(element, span, LinkForm::Anchor),
            (&ns!(svg), "a") => found.anchor(element, span, LinkForm::Svg),
            (&ns!(html), "area") => found.anchor(element, span, LinkForm::Area),
            (&ns!(html), "option") => found.option(element, span, &mut handlers),
            // Choosing is read with the options; these others hold the page.
            (&ns!(html), "select" | "form" | "body" | "html" | "script") => {}
            _ => {
                if let Some(code) = on_click(element) {
                    let handler = Handler::read(code);
                    found.handler(element, span, &handler);
                    // What a person chose or typed leads to an option, which is a link of its own, or to a search.
                    let chosen = code.contains(".value") || code.contains(".options");
                    if handler.targets.is_empty() && handler.navigates && !chosen {
                        found.unknown(element, span, code);
                    }
                }
            }
        }
    }
    found.links
}

struct Found<'a> {
    doc: &'a Document,
    base: &'a Url,
    seen: &'a dyn Fn(ElementRef<'_>) -> Seen,
    links: Vec<Link>,
    /// The page holds the word: looked for once, since most pages do not.
    says_inert: bool,
    /// A script may make inert parts act again.
    may_act: bool,
    /// The page holds the word.
    says_disabled: bool,
    /// A script may make disabled controls act again.
    may_enable: bool,
    /// Pictures by the name of the map they use.
    pictures: OnceCell<Vec<(&'a str, ElementRef<'a>)>>,
}

impl<'a> Found<'a> {
    fn anchor(&mut self, element: ElementRef<'_>, span: Span, form: LinkForm) {
        let written = if form == LinkForm::Svg { source_attribute(element) } else { element.attr("href") };
        let href = written.map(cleaned);
        let code = href.as_deref().and_then(javascript);
        let mut handler = on_click(element).map(Handler::read).unwrap_or_default();
        if let Some(code) = &code {
            let read = Handler::read(code);
            handler.targets.extend(read.targets);
            handler.navigates |= read.navigates || calls_unknown(code);
        }
        let leads = href.as_deref().filter(|href| self.leads(href));
        if let Some(href) = leads {
            let link = self.link(element, span, form, href.to_owned());
            self.push(link);
            handler.targets.retain(|target| target != href);
        }
        let unknown = leads.is_none() && handler.targets.is_empty() && handler.navigates;
        self.handler(element, span, &handler);
        if unknown {
            let written = code.or_else(|| on_click(element).map(str::to_owned)).unwrap_or_default();
            self.unknown(element, span, &written);
        }
    }

    /// A link whose code leads to some place that does not stand in it.
    fn unknown(&mut self, element: ElementRef<'_>, span: Span, code: &str) {
        let link = self.link(element, span, LinkForm::ScriptUnknown, squeeze(code, CODE));
        self.push(link);
    }

    fn handler(&mut self, element: ElementRef<'_>, span: Span, handler: &Handler) {
        for target in &handler.targets {
            let href = cleaned(target);
            if self.leads(&href) {
                let link = self.link(element, span, LinkForm::Script, href);
                self.push(link);
            }
        }
    }

    fn option(&mut self, option: ElementRef<'a>, span: Span, handlers: &mut Handlers<'a>) {
        let around = || option.ancestors().filter_map(ElementRef::wrap);
        let Some(select) = around().find(|e| e.value().name() == "select") else { return };
        let value = option.attr("value").map_or_else(|| content(*option, 2_000, false), str::to_owned);
        let href = cleaned(&value);
        // Browsers take `\` in an address of the web for `/`.
        if !is_absolute(&href.replace('\\', "/")) || !self.leads(&href) {
            return;
        }
        let group = around().find(|e| e.value().name() == "optgroup");
        let parts = [Some(option), group, Some(select)];
        let shut = parts.into_iter().flatten().find(|e| e.attr("disabled").is_some() || e.attr("hidden").is_some());
        let seen = match shut {
            Some(part) => self.hidden(part, Technique::HiddenAttribute),
            None => (self.seen)(select),
        };
        let seen = self.acting(select, seen);
        let text = option.attr("label").map_or_else(|| content(*option, TEXT, false), |label| squeeze(label, TEXT));
        let form = LinkForm::Option(handlers.of(select, option));
        self.push(Link { form, href, span, text, seen });
    }

    fn link(&self, element: ElementRef<'_>, span: Span, form: LinkForm, href: String) -> Link {
        let html = element.value().name.ns == ns!(html);
        let seen = match &*element.value().name.local {
            "area" if html => self.area_seen(element),
            "a" if html => match (self.seen)(element) {
                seen if matches!(seen, Seen::Hidden(_)) || !is_bare(element) => seen,
                // A script may fill it.
                Seen::Unsure(hiding) if hiding.technique == Technique::ZeroSize => Seen::Unsure(hiding),
                _ => self.hidden(element, Technique::ZeroSize),
            },
            _ => (self.seen)(element),
        };
        let seen = self.acting(element, seen);
        Link { form, href, span, text: text(element), seen }
    }

    /// What is disabled, and what stands in an `inert` part, is drawn and cannot be followed, unless a script makes that
    /// part act again.
    fn acting(&self, element: ElementRef<'_>, seen: Seen) -> Seen {
        if !matches!(seen, Seen::Hidden(_))
            && self.says_disabled
            && let Some(part) = disabling(element)
        {
            return match self.hidden(part, Technique::HiddenAttribute) {
                Seen::Hidden(hiding) if self.may_enable => Seen::Unsure(hiding),
                hidden => hidden,
            };
        }
        let around = std::iter::once(element).chain(element.ancestors().filter_map(ElementRef::wrap));
        let inert = |e: &ElementRef<'_>| e.value().name.ns == ns!(html) && e.attr("inert").is_some();
        if matches!(seen, Seen::Hidden(_)) || !self.says_inert {
            return seen;
        }
        let Some(part) = around.into_iter().find(inert) else { return seen };
        match self.hidden(part, Technique::HiddenAttribute) {
            Seen::Hidden(hiding) if self.may_act => Seen::Unsure(hiding),
            hidden => hidden,
        }
    }

    /// An area shows where a picture uses its map.
    fn area_seen(&self, area: ElementRef<'_>) -> Seen {
        if is_empty_area(area) {
            return self.hidden(area, Technique::ZeroSize);
        }
        let map = area.ancestors().filter_map(ElementRef::wrap).find(|e| e.value().name() == "map");
        let name = map.and_then(|map| map.attr("name").or_else(|| map.attr("id")));
        let pictures = self.pictures.get_or_init(|| pictures(self.doc)).iter();
        let using = pictures.filter(|(used, _)| Some(*used) == name).take(USES);
        let seen = using.map(|(_, picture)| (self.seen)(*picture)).min_by_key(rank);
        seen.unwrap_or_else(|| self.hidden(area, Technique::HiddenAttribute))
    }

    fn hidden(&self, element: ElementRef<'_>, technique: Technique) -> Seen {
        let span = self.doc.span(element.id());
        let spot = span.map(|span| Spot { source: Arc::clone(&self.doc.source), span });
        Seen::Hidden(Hiding { technique, spot })
    }

    /// Whether an address leads to a page. A place on the same page, mail and telephone do not.
    fn leads(&self, href: &str) -> bool {
        !href.is_empty()
            && !href.starts_with('#')
            && (self.is_path(href) || self.base.join(href).is_ok_and(|url| is_web(&url)))
    }

    /// A path on the same host leads there whatever it holds: nothing to resolve.
    fn is_path(&self, href: &str) -> bool {
        href.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\'])) && is_web(self.base)
    }

    /// Adds a link. The parser cuts one in two where it runs into the next block: the halves are one link.
    fn push(&mut self, link: Link) {
        let half = |other: &&mut Link| other.span == link.span && other.href == link.href && other.form == link.form;
        let Some(other) = self.links.iter_mut().rev().take(HALVES_BACK).find(half) else {
            self.links.push(link);
            return;
        };
        if rank(&link.seen) < rank(&other.seen) {
            other.seen = link.seen;
        }
        if other.text.is_empty() {
            other.text = link.text;
        }
    }
}

/// What disables a control: its own attribute, or a fieldset around it that holds it outside its legend.
fn disabling<'a>(element: ElementRef<'a>) -> Option<ElementRef<'a>> {
    let html = |e: &ElementRef<'_>| e.value().name.ns == ns!(html);
    let disabled = |e: &ElementRef<'_>| e.attr("disabled").is_some();
    if !html(&element) || !matches!(element.value().name(), "button" | "input" | "select" | "textarea") {
        return None;
    }
    if disabled(&element) {
        return Some(element);
    }
    let mut below = element;
    for around in element.ancestors().filter_map(ElementRef::wrap) {
        if html(&around) && around.value().name() == "fieldset" && disabled(&around) {
            let legend = around.child_elements().find(|e| e.value().name() == "legend");
            if legend.is_none_or(|legend| legend.id() != below.id()) {
                return Some(around);
            }
        }
        below = around;
    }
    None
}

/// Whether the shape of an area covers nothing of the picture.
fn is_empty_area(area: ElementRef<'_>) -> bool {
    let shape = area.attr("shape").unwrap_or_default().to_ascii_lowercase();
    let coords = area.attr("coords").unwrap_or_default();
    let numbers: Vec<f32> = coords.split(',').take(5).map_while(|n| n.trim().parse().ok()).collect();
    match (shape.as_str(), numbers.as_slice()) {
        ("circle" | "circ", [_, _, radius]) => *radius <= 0.0,
        ("poly" | "polygon" | "default" | "circle" | "circ", _) => false,
        (_, [left, top, right, bottom]) => left == right || top == bottom,
        _ => false,
    }
}

/// Pictures that use a map, with its name.
fn pictures(doc: &Document) -> Vec<(&str, ElementRef<'_>)> {
    let pictures = acting(doc).filter(|e| matches!(e.value().name(), "img" | "object"));
    let named =
        pictures.filter_map(|e| e.attr("usemap").and_then(|value| value.split_once('#')).map(|(_, name)| (name, e)));
    named.filter(|(name, _)| !name.is_empty()).collect()
}

fn rank(seen: &Seen) -> u8 {
    match seen {
        Seen::Yes => 0,
        Seen::InDetails => 1,
        Seen::InMenu(_) => 2,
        Seen::Unsure(_) => 3,
        Seen::Hidden(_) => 4,
    }
}

/// An address as browsers take it: no white space or controls around it, no tabs or line breaks in it.
pub(super) fn cleaned(href: &str) -> String {
    let href = href.trim_matches(|c: char| c <= ' ');
    if href.contains(['\t', '\n', '\r']) { href.replace(['\t', '\n', '\r'], "") } else { href.to_owned() }
}

/// The attribute, without making its name anew for each of a page's elements.
fn on_click(element: ElementRef<'_>) -> Option<&str> {
    let named = |name: &QualName| name.local == local_name!("onclick") && name.ns == ns!();
    element.value().attrs.iter().find(|(name, _)| named(name)).map(|(_, value)| &**value)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The code of a `javascript:` address.
fn javascript(href: &str) -> Option<String> {
    let scheme = "javascript:";
    let code = href.get(scheme.len()..).filter(|_| href[..scheme.len()].eq_ignore_ascii_case(scheme))?;
    Some(String::from_utf8_lossy(&percent_decoded(code)).into_owned())
}

/// What a person reads on a link: its text and pictures, else what is said of it.
fn text(element: ElementRef<'_>) -> String {
    let own = content(*element, TEXT, true);
    if !own.is_empty() {
        return own;
    }
    let svg_title = || {
        let inner = element.descendants().filter_map(ElementRef::wrap).take(200);
        let title = inner.filter(|e| e.value().name.ns == ns!(svg) && e.value().name.local == local_name!("title"));
        title.map(|e| e.text().collect::<String>()).next()
    };
    let said = ["aria-label", "title", "alt", "value"].iter().find_map(|name| element.attr(name)).map(str::to_owned);
    squeeze(&said.or_else(svg_title).unwrap_or_default(), TEXT)
}

/// Nothing in it takes any room: no text, no picture, nothing that a style sheet may have given a size.
fn is_bare(element: ElementRef<'_>) -> bool {
    element.descendants().all(|node| match node.value() {
        Node::Text(text) => text.chars().all(|c| c.is_ascii_whitespace() || is_invisible(c)),
        Node::Element(inner) => {
            let plain = matches!(inner.name(), "a" | "b" | "br" | "em" | "font" | "i" | "p" | "span" | "strong" | "u");
            plain && ["class", "id", "style"].iter().all(|name| inner.attr(name).is_none())
        }
        Node::Comment(_) => true,
        _ => false,
    })
}
