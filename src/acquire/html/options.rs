//! Selects whose options are addresses: which handler, if any, makes them lead there.
//! Looks at attributes, and for the select's name in the page's inline scripts.

use std::collections::HashMap;

use ego_tree::NodeId;
use html5ever::{local_name, ns};
use scraper::ElementRef;

use super::Document;
use super::script::{runs, source_attribute};
use super::walk::telling_here;
use crate::snapshot::OptionHandler;

/// How far from a select's name in a script its handler may stand, in bytes.
const NEAR: usize = 600;
/// Bytes of scripts that are looked through for names of selects.
const MOST_LOOKED: usize = 256 << 20;
/// Elements looked through for a button beside a select.
const BESIDE: usize = 400;
/// Attributes of a select, its options or what holds it, that act when an option is chosen.
const CHOSEN: &[&str] = &["onchange", "oninput", "onclick", "onblur", "onmouseup", "onkeyup", "onselect"];

/// What the page's scripts say, read once.
pub(super) struct Handlers<'a> {
    scripts: Vec<&'a str>,
    any: bool,
    unread: bool,
    last: Option<(NodeId, OptionHandler)>,
    /// Names of selects that were looked for, and whether a script handles one of that name.
    known: HashMap<&'a str, bool>,
    /// Bytes that may still be looked through.
    left: usize,
}

impl<'a> Handlers<'a> {
    pub(super) fn new(doc: &'a Document) -> Self {
        let mut found = Self {
            scripts: Vec::new(),
            any: false,
            unread: false,
            last: None,
            known: HashMap::new(),
            left: MOST_LOOKED,
        };
        for element in telling_here(doc).filter(|e| e.value().name.local == local_name!("script")) {
            let later = element.attr("type").is_some_and(|kind| {
                let kind = kind.to_ascii_lowercase();
                kind.contains("javascript") || kind.contains("lazyload") || kind.contains("partytown")
            });
            let text = doc.text_span(element.id()).map(|span| doc.source.slice(span)).unwrap_or_default();
            match source_attribute(element) {
                Some(src) => {
                    let acts = !src.is_empty() && (later || runs(element));
                    found.any |= acts;
                    found.unread |= acts;
                }
                None if text.trim().is_empty() => {}
                None => {
                    found.any |= later || runs(element);
                    if runs(element) {
                        found.scripts.push(text);
                    }
                }
            }
        }
        found
    }

    /// Whether a script of the page may speak of something: an inline one that holds the word, or a file.
    pub(super) fn may_speak_of(&self, word: &str) -> bool {
        self.unread || self.scripts.iter().any(|script| script.contains(word))
    }

    /// What makes an option of this select lead somewhere.
    pub(super) fn of(&mut self, select: ElementRef<'a>, option: ElementRef<'_>) -> OptionHandler {
        if CHOSEN.iter().any(|name| has_code(option, name)) {
            return OptionHandler::Inline;
        }
        if let Some((id, handler)) = self.last
            && id == select.id()
        {
            return handler;
        }
        let handler = if written_beside(select) || self.scripts_name(select) {
            OptionHandler::Inline
        } else if self.any {
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
        names.filter(|name| name.len() > 1).any(|name| self.handled(name))
    }

    /// Whether a script handles a select of this name. Looked for once; on a page of very many names not at all, so that
    /// its scripts may handle it.
    fn handled(&mut self, name: &'a str) -> bool {
        if let Some(known) = self.known.get(name) {
            return *known;
        }
        let handled = self.scripts.iter().any(|script| {
            self.left > script.len() && {
                let (handles, looked) = handles(script, name, self.left);
                self.left = self.left.saturating_sub(looked);
                handles
            }
        });
        self.known.insert(name, handled);
        handled
    }
}

fn has_code(element: ElementRef<'_>, name: &str) -> bool {
    element.attr(name).is_some_and(|code| !code.trim_matches([' ', ';', '\n', '\r', '\t']).is_empty())
}

/// A handler on the select, on what holds it, or on a button that speaks of it.
fn written_beside(select: ElementRef<'_>) -> bool {
    if CHOSEN.iter().any(|name| has_code(select, name)) {
        return true;
    }
    let around = || select.ancestors().filter_map(ElementRef::wrap);
    if around().any(|e| has_code(e, "onchange") || has_code(e, "oninput")) {
        return true;
    }
    let form = around().find(|e| e.value().name() == "form");
    let holder = form.or_else(|| select.parent().and_then(ElementRef::wrap));
    let names: Vec<&str> =
        ["id", "name"].iter().filter_map(|name| select.attr(name)).filter(|n| !n.is_empty()).collect();
    let speaks = |code: &str| {
        code.contains("selectedIndex") || code.contains("options[") || names.iter().any(|name| code.contains(name))
    };
    let beside = holder.into_iter().flat_map(|holder| holder.descendants().take(BESIDE)).filter_map(ElementRef::wrap);
    let submits = form.and_then(|f| f.attr("onsubmit")).is_some_and(speaks);
    submits || beside.filter_map(|e| e.attr("onclick")).any(speaks)
}

/// Whether a script that listens and goes somewhere stands behind a name, and how many bytes were looked through.
fn handles(script: &str, name: &str, most: usize) -> (bool, usize) {
    let edge = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
    let (mut looked, mut behind, mut comment) = (script.len(), 0, None);
    for (at, _) in script.match_indices(name) {
        let (before, after) = (&script[..at], &script[at + name.len()..]);
        if !(before.ends_with(edge) && after.starts_with(edge)) {
            continue;
        }
        // A name in a line comment is no code. What stands between two names is looked at once.
        let between = &script[behind..at];
        let line = between.rfind('\n');
        if comment.is_none() || line.is_some() {
            let begin = line.map_or(between, |n| &between[n + 1..]);
            comment = Some(begin.trim_start().starts_with("//"));
        }
        behind = at;
        if comment == Some(true) {
            continue;
        }
        let near = after.get(..after.floor_char_boundary(NEAR)).unwrap_or(after);
        looked += near.len();
        let listens = near.contains("change") || near.contains("click") || near.contains("input");
        let goes = near.contains("location") || near.contains("open(") || near.contains(".href");
        if listens && goes {
            return (true, looked);
        }
        if looked > most {
            break;
        }
    }
    (false, looked)
}
