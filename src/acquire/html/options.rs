//! Selects whose options are addresses: which handler, if any, makes them lead there.
//! Looks at attributes, and for the select's name in the page's inline scripts.

use ego_tree::NodeId;
use html5ever::{local_name, ns};
use scraper::ElementRef;

use super::Document;
use super::listens::Leading;
use super::script::{runs, source_attribute};
use super::walk::telling_here;
use crate::snapshot::OptionHandler;

/// Elements looked through for a button beside a select.
const BESIDE: usize = 400;
/// Attributes of a select, its options or what holds it, that act when an option is chosen.
const CHOSEN: &[&str] = &["onchange", "oninput", "onclick", "onblur", "onmouseup", "onkeyup", "onselect"];

/// What the page's scripts say, read once.
pub(super) struct Handlers<'a> {
    leading: Leading<'a>,
    any: bool,
    unread: bool,
    last: Option<(NodeId, OptionHandler)>,
}

impl<'a> Handlers<'a> {
    pub(super) fn new(doc: &'a Document) -> Self {
        let (mut scripts, mut any, mut unread) = (Vec::new(), false, false);
        for element in telling_here(doc).filter(|e| e.value().name.local == local_name!("script")) {
            let later = element.attr("type").is_some_and(|kind| {
                let kind = kind.to_ascii_lowercase();
                kind.contains("javascript") || kind.contains("lazyload") || kind.contains("partytown")
            });
            let text = doc.text_span(element.id()).map(|span| doc.source.slice(span)).unwrap_or_default();
            match source_attribute(element) {
                Some(src) => {
                    let acts = !src.is_empty() && (later || runs(element));
                    any |= acts;
                    unread |= acts;
                }
                None if text.trim().is_empty() => {}
                None => {
                    any |= later || runs(element);
                    if runs(element) {
                        scripts.push(text);
                    }
                }
            }
        }
        Self { leading: Leading::of(scripts), any, unread, last: None }
    }

    /// Whether a script of the page may speak of something: an inline one that holds the word, or a file.
    pub(super) fn may_speak_of(&self, word: &str) -> bool {
        self.unread || self.leading.speaks_of(word)
    }

    /// What makes an option of this select lead somewhere.
    pub(super) fn of(&mut self, select: ElementRef<'a>, option: ElementRef<'_>) -> OptionHandler {
        if code_of(option).any(|code| self.leading.acts(code)) {
            return OptionHandler::Inline;
        }
        let own = code_of(option).next().map(|_| OptionHandler::MaybeScript);
        match self.of_list(select) {
            OptionHandler::None => own.unwrap_or(OptionHandler::None),
            handler => handler,
        }
    }

    fn of_list(&mut self, select: ElementRef<'a>) -> OptionHandler {
        if let Some((id, handler)) = self.last
            && id == select.id()
        {
            return handler;
        }
        let beside = written_beside(select);
        let handler = if beside.iter().any(|code| self.leading.acts(code)) || self.scripts_name(select) {
            OptionHandler::Inline
        } else if self.any || !beside.is_empty() {
            OptionHandler::MaybeScript
        } else {
            OptionHandler::None
        };
        self.last = Some((select.id(), handler));
        handler
    }

    /// Whether a script takes this select by its id, name or class, listens to it and goes somewhere.
    fn scripts_name(&mut self, select: ElementRef<'a>) -> bool {
        if select.value().name.ns != ns!(html) {
            return false;
        }
        let classes = select.attr("class").unwrap_or_default().split_ascii_whitespace();
        let names = ["id", "name"].into_iter().filter_map(|name| select.attr(name)).chain(classes);
        names.filter(|name| name.len() > 1).any(|name| self.leading.holds(name))
    }
}

fn code<'a>(element: ElementRef<'a>, name: &str) -> Option<&'a str> {
    element.attr(name).filter(|code| !code.trim_matches([' ', ';', '\n', '\r', '\t']).is_empty())
}

/// What an element does when an option is chosen.
fn code_of(element: ElementRef<'_>) -> impl Iterator<Item = &str> {
    CHOSEN.iter().filter_map(move |name| code(element, name))
}

/// Handlers on the select, on what holds it, or on a button that speaks of it.
fn written_beside(select: ElementRef<'_>) -> Vec<&str> {
    let mut found: Vec<&str> = code_of(select).collect();
    let around = || select.ancestors().filter_map(ElementRef::wrap);
    found.extend(around().flat_map(|e| ["onchange", "oninput"].into_iter().filter_map(move |name| code(e, name))));
    let form = around().find(|e| e.value().name() == "form");
    let holder = form.or_else(|| select.parent().and_then(ElementRef::wrap));
    let names: Vec<&str> =
        ["id", "name"].iter().filter_map(|name| select.attr(name)).filter(|n| !n.is_empty()).collect();
    let speaks = |code: &&str| {
        code.contains("selectedIndex") || code.contains("options[") || names.iter().any(|name| code.contains(name))
    };
    let beside = holder.into_iter().flat_map(|holder| holder.descendants().take(BESIDE)).filter_map(ElementRef::wrap);
    found.extend(form.and_then(|f| f.attr("onsubmit")).filter(speaks));
    found.extend(beside.filter_map(|e| e.attr("onclick")).filter(speaks));
    found
}
