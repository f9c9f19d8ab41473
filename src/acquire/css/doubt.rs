//! What scripts may do to hidden or empty parts that no class, id or selector of theirs names: open what stands beside
//! something, set up what a library shows, fill what is empty. What it finds leaves the answer open, never settles it.

use std::cell::RefCell;
use std::collections::HashMap;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::cascade::World;
use super::hiding::Reason;
use super::reveal::{Named, says_button, says_set_up};
use super::selector::{Selector, Simple, attribute, parent_of};
use super::style::By;
use super::visible::{MOST_LEAVES, Seeing, Styles};

/// Elements on either side that a script comes to from a part.
const NEAR: usize = 3;
/// Nodes on either side that are looked at for them: texts and comments stand between.
const AROUND: usize = 12;
/// Nodes in one of them that are looked at: the link in a heading.
const WITHIN: usize = 40;
/// Levels up and down that it takes.
const LEVELS: usize = 2;
/// Steps from an element to one beside it.
const SIDEWAYS: [&str; 12] = [
    "nextElementSibling",
    "previousElementSibling",
    ".nextSibling",
    ".previousSibling",
    ".next(",
    ".nextAll(",
    ".nextUntil(",
    ".prev(",
    ".prevAll(",
    ".siblings(",
    ".parent(",
    ".closest(",
];
/// Steps from an element to one in it.
const DOWN: [&str; 7] =
    [".find(", ".children", "this.querySelector", "firstElementChild", "lastElementChild", ".firstChild", ".lastChild"];
/// Elements that scripts take by their bare names to open what follows.
const HEADINGS: [&str; 10] = ["h1", "h2", "h3", "h4", "h5", "h6", "dt", "legend", "button", "caption"];
/// What only a library of such steps says: it takes none itself.
const LIBRARY: &str = "prevUntil";

/// What scripts that step from one element to another start from.
#[derive(Debug, Default)]
pub(super) struct Steps {
    sideways: Option<Named>,
    down: Option<Named>,
    known: RefCell<HashMap<NodeId, bool>>,
}

impl Steps {
    pub(super) fn read(texts: &[&str]) -> Self {
        let taking = |steps: &[&str]| {
            let takes = |text: &&&str| !text.contains(LIBRARY) && steps.iter().any(|step| text.contains(step));
            let mut texts = texts.iter().filter(takes).copied().peekable();
            texts.peek().is_some().then(|| Named::read(texts))
        };
        Self { sideways: taking(&SIDEWAYS), down: taking(&DOWN), known: RefCell::default() }
    }

    /// Whether a script may come to an element from something near it.
    fn lead_to(&self, el: ElementRef) -> bool {
        if self.sideways.is_none() && self.down.is_none() {
            return false;
        }
        if let Some(known) = self.known.borrow().get(&el.id()) {
            return *known;
        }
        let leads = self.sideways.as_ref().is_some_and(|named| beside(el, named, self.down.is_some()))
            || self.down.as_ref().is_some_and(|named| above(el).any(|up| starts(up, named)));
        self.known.borrow_mut().insert(el.id(), leads);
        leads
    }
}

/// The nearest elements around one, the page itself left out.
fn above(el: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    let around = std::iter::successors(parent_of(el), |e| parent_of(*e));
    around.take_while(|e| !matches!(e.value().name(), "html" | "body")).take(LEVELS)
}

/// Whether a script starts from something beside an element, or beside what is around it where scripts step down.
fn beside(el: ElementRef, named: &Named, down: bool) -> bool {
    let inner = |e: ElementRef| e.descendants().take(WITHIN).filter_map(ElementRef::wrap).any(|e| starts(e, named));
    neighbours(el).any(inner) || (down && above(el).flat_map(neighbours).any(|e| starts(e, named)))
}

fn neighbours(el: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    let before = el.prev_siblings().take(AROUND).filter_map(ElementRef::wrap).take(NEAR);
    before.chain(el.next_siblings().take(AROUND).filter_map(ElementRef::wrap).take(NEAR))
}

/// Whether a script starts from an element: its own handler that hands it on, or a name.
fn starts(el: ElementRef, named: &Named) -> bool {
    let name = el.value().name();
    if matches!(name, "script" | "style" | "link" | "meta" | "template" | "noscript") {
        return false;
    }
    let hands_on = |code: &str| code.contains("this") || code.contains("event");
    let handles = el.value().attrs().any(|(key, code)| key.starts_with("on") && hands_on(code));
    handles || named.may_name(el) || (HEADINGS.contains(&name) && named.has(name))
}

impl Styles {
    /// Whether a script that is not understood, or was not read, may show what is hidden.
    pub(super) fn may_show_later(
        &self,
        html: &Html,
        seeing: &Seeing,
        el: ElementRef,
        text: bool,
        reason: Reason,
    ) -> bool {
        let at = html.tree.get(reason.at).and_then(ElementRef::wrap);
        self.hidden_in(html, seeing, el, text, World::Loaded).is_none()
            || at.is_some_and(|at| {
                self.steps.lead_to(at) || self.set_up(at, reason.by) || (self.named.unread && behind_a_button(at))
            })
    }

    /// Whether the rule that hides an element speaks of a part that scripts name or libraries set up, while a script of
    /// the page was not read.
    fn set_up(&self, at: ElementRef, by: By) -> bool {
        let By::Declaration(rule, _) = by else { return false };
        let Some(rule) = self.cascade.rules.all.get(rule).filter(|_| self.named.unread) else { return false };
        let speaks = |s: &&Selector| names(s).any(|name| self.named.has(name) || says_set_up(name));
        rule.selectors.iter().filter(speaks).any(|s| self.cascade.fits(s, at))
    }

    /// Whether a script may put something into an empty element.
    pub(super) fn may_be_filled(&self, el: ElementRef) -> bool {
        let may = |name: &str| self.named.unread || self.named.has(name);
        let filled = |e: ElementRef| {
            self.named.may_name(e)
                || (e.value().name().contains('-') && may(e.value().name()))
                || e.value().attrs().any(|(key, _)| key.starts_with("data-") && may(key))
        };
        self.scripted && el.descendants().filter_map(ElementRef::wrap).take(MOST_LEAVES).any(filled)
    }
}

/// Whether a button stands right before an element, as before the parts of an accordion.
fn behind_a_button(el: ElementRef) -> bool {
    el.prev_siblings().take(AROUND).find_map(ElementRef::wrap).is_some_and(|before| {
        let role = attribute(before, "role").is_some_and(|role| matches!(role, "button" | "tab"));
        let named = before.value().classes().any(says_button);
        (before.value().name() == "button" && attribute(before, "disabled").is_none()) || role || named
    })
}

/// Classes and ids of a selector's compounds.
fn names(selector: &Selector) -> impl Iterator<Item = &str> {
    let compounds = std::iter::once(&selector.last).chain(selector.before.iter().map(|(_, compound)| compound));
    compounds.flat_map(|compound| &compound.simples).filter_map(|simple| match simple {
        Simple::Id(name) | Simple::Class(name) => Some(&**name),
        _ => None,
    })
}
