//! Matches selectors against the tree: plainly (as the page stands), or loosely, telling also what a person
//! or a script would have to change for the answer to flip.

use std::cell::Cell;

use ego_tree::NodeId;
use scraper::{ElementRef, Node};

use super::{Above, Attribute, Change, Combinator, Compound, Glimpse, Nth, Operator, Selector, Simple};

/// Whether a selector matches now, and whether a change of state would flip that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// It matches the page as it stands.
    pub(crate) now: bool,
    /// The least change that would flip it; `None` when nothing that is expected to change would.
    pub(crate) flip: Option<Change>,
}

impl Outcome {
    const fn fixed(now: bool) -> Self {
        Self { now, flip: None }
    }

    fn or(self, other: Self) -> Self {
        match (self.now, other.now) {
            (true, true) => Self { now: true, flip: self.flip.zip(other.flip).map(|(x, y)| x.max(y)) },
            (true, false) => self,
            (false, true) => other,
            (false, false) => Self { now: false, flip: least(self.flip, other.flip) },
        }
    }

    fn and(self, other: Self) -> Self {
        self.not().or(other.not()).not()
    }

    fn not(self) -> Self {
        Self { now: !self.now, flip: self.flip }
    }
}

fn least(x: Option<Change>, y: Option<Change>) -> Option<Change> {
    match (x, y) {
        (Some(x), Some(y)) => Some(x.min(y)),
        (x, y) => x.or(y),
    }
}

/// Which classes and attributes are expected to change, asked with whether the element has them now.
pub(crate) struct States<'a> {
    pub(crate) class: &'a dyn Fn(&str, bool) -> Option<Change>,
    pub(crate) attribute: &'a dyn Fn(&Attribute, bool) -> Option<Change>,
    /// Who can change whether a box is ticked, a `<details>` open.
    pub(crate) toggled: &'a dyn Fn(ElementRef) -> Option<Change>,
    /// Who can make the address of the page point at an element.
    pub(crate) targeted: &'a dyn Fn(ElementRef) -> Option<Change>,
    /// An element that takes no room now, so that nobody can point at it.
    pub(crate) absent: Option<NodeId>,
}

/// So many comparisons of classes cost a step; most elements of real pages have fewer classes.
const CLASSES_A_STEP: u64 = 4;

/// Matches within one page, with a limit on the work that hostile selectors can cause.
pub(crate) struct Matcher<'a> {
    pub(crate) quirks: bool,
    /// Steps left; at nought nothing matches any more.
    pub(crate) fuel: &'a Cell<u64>,
}

/// The parent element; a template is the parent of its content.
pub(crate) fn parent_of(el: ElementRef<'_>) -> Option<ElementRef<'_>> {
    let parent = el.parent()?;
    match parent.value() {
        Node::Fragment => parent.parent().and_then(ElementRef::wrap),
        _ => ElementRef::wrap(parent),
    }
}

fn previous(el: ElementRef<'_>) -> Option<ElementRef<'_>> {
    el.prev_siblings().find_map(ElementRef::wrap)
}

impl Matcher<'_> {
    fn spend(&self) -> bool {
        let left = self.fuel.get();
        self.fuel.set(left.saturating_sub(1));
        left > 0
    }

    /// Classes are compared one after the other: those of an element with thousands cost their share.
    fn has_class(&self, el: ElementRef, class: &str) -> bool {
        let mut compared = 0_u64;
        let found = el.value().classes().any(|x| {
            compared += 1;
            self.same_name(x, class)
        });
        self.fuel.set(self.fuel.get().saturating_sub(compared / CLASSES_A_STEP));
        found
    }

    /// Whether the selector matches the page as it stands.
    pub(crate) fn matches(&self, selector: &Selector, el: ElementRef) -> bool {
        self.plain(selector, el, None)
    }

    /// Whether a selector that asks this of the ancestors is worth trying.
    pub(crate) fn may_match(&self, needed: Glimpse, above: &Above) -> bool {
        self.spend() && above.may_match(needed)
    }

    /// Whether it matches, and what would flip that.
    pub(crate) fn outcome(&self, selector: &Selector, el: ElementRef, above: &Above, states: &States) -> Outcome {
        if !self.spend() || !above.may_come_to_match(selector, states) {
            return Outcome::fixed(false);
        }
        // A rule for a state alone (`.show`) says nothing about this element, unless it says whose child it is.
        let anchored = selector.in_parent()
            || selector.last.simples.iter().any(|s| {
                !matches!(
                    s,
                    Simple::Any
                        | Simple::Pointed
                        | Simple::Target
                        | Simple::Later(_)
                        | Simple::Not(_)
                        | Simple::Toggled(_)
                ) && self.simple(s, el, None)
            });
        let outcome = self.loose(selector, el, None, states);
        if outcome.now || anchored { outcome } else { Outcome::fixed(false) }
    }

    fn plain(&self, selector: &Selector, el: ElementRef, anchor: Option<NodeId>) -> bool {
        self.compound(&selector.last, el, anchor) && self.chain(&selector.before, el, anchor)
    }

    fn compound(&self, compound: &Compound, el: ElementRef, anchor: Option<NodeId>) -> bool {
        self.spend() && compound.simples.iter().all(|s| self.simple(s, el, anchor))
    }

    fn chain(&self, before: &[(Combinator, Compound)], el: ElementRef, anchor: Option<NodeId>) -> bool {
        let Some(((combinator, compound), rest)) = before.split_first() else { return true };
        let mut at = step(*combinator, el);
        while let Some(candidate) = at {
            if self.compound(compound, candidate, anchor) && self.chain(rest, candidate, anchor) {
                return true;
            }
            if self.fuel.get() == 0 || matches!(combinator, Combinator::Child | Combinator::Next) {
                return false;
            }
            at = step(*combinator, candidate);
        }
        false
    }

    fn loose(&self, selector: &Selector, el: ElementRef, anchor: Option<NodeId>, states: &States) -> Outcome {
        let last = self.loose_compound(&selector.last, el, anchor, states);
        if !last.now && last.flip.is_none() {
            return last;
        }
        last.and(self.loose_chain(&selector.before, el, anchor, states))
    }

    fn loose_compound(&self, c: &Compound, el: ElementRef, anchor: Option<NodeId>, states: &States) -> Outcome {
        if !self.spend() {
            return Outcome::fixed(false);
        }
        let mut all = Outcome::fixed(true);
        for simple in &c.simples {
            all = all.and(self.loose_simple(simple, el, anchor, states));
            if !all.now && all.flip.is_none() {
                break;
            }
        }
        all
    }

    fn loose_chain(
        &self,
        before: &[(Combinator, Compound)],
        el: ElementRef,
        anchor: Option<NodeId>,
        states: &States,
    ) -> Outcome {
        let Some(((combinator, compound), rest)) = before.split_first() else { return Outcome::fixed(true) };
        let mut found = Outcome::fixed(false);
        let mut at = step(*combinator, el);
        while let Some(candidate) = at {
            let here = self.loose_compound(compound, candidate, anchor, states);
            if here.now || here.flip.is_some() {
                found = found.or(here.and(self.loose_chain(rest, candidate, anchor, states)));
            }
            let settled = found.now && found.flip.is_none();
            if settled || self.fuel.get() == 0 || matches!(combinator, Combinator::Child | Combinator::Next) {
                break;
            }
            at = step(*combinator, candidate);
        }
        found
    }

    fn loose_simple(&self, simple: &Simple, el: ElementRef, anchor: Option<NodeId>, states: &States) -> Outcome {
        let any = |list: &[Selector]| {
            list.iter().fold(Outcome::fixed(false), |all, s| all.or(self.loose(s, el, anchor, states)))
        };
        match simple {
            Simple::Is(list) => any(list),
            Simple::Not(list) => any(list).not(),
            Simple::Has(list) => list.iter().fold(Outcome::fixed(false), |all, s| {
                candidates(s, el).fold(all, |all, c| all.or(self.loose(s, c, Some(el.id()), states)))
            }),
            Simple::Class(name) => {
                let now = self.simple(simple, el, anchor);
                Outcome { now, flip: (states.class)(name, now) }
            }
            Simple::Attribute(attribute) => {
                let now = self.simple(simple, el, anchor);
                Outcome { now, flip: (states.attribute)(attribute, now) }
            }
            Simple::Toggled(_) if !toggles(simple, el) => Outcome::fixed(false),
            Simple::Toggled(_) => Outcome { now: self.simple(simple, el, anchor), flip: (states.toggled)(el) },
            Simple::Target => Outcome { now: false, flip: (states.targeted)(el) },
            // What is not there cannot be pointed at.
            Simple::Pointed if states.absent == Some(el.id()) => Outcome::fixed(false),
            Simple::Pointed => Outcome { now: false, flip: Some(Change::Person) },
            Simple::Later(change) => Outcome { now: false, flip: Some(*change) },
            _ => Outcome::fixed(self.simple(simple, el, anchor)),
        }
    }

    fn simple(&self, simple: &Simple, el: ElementRef, anchor: Option<NodeId>) -> bool {
        let element = el.value();
        match simple {
            Simple::Any => true,
            Simple::Type(name, lower) => {
                let html = &*element.name.ns == HTML;
                element.name() == if html { &**lower } else { &**name }
            }
            Simple::Namespace(address) => *element.name.ns == **address,
            Simple::Id(id) => element.id().is_some_and(|x| self.same_name(x, id)),
            Simple::Class(class) => self.has_class(el, class),
            Simple::Attribute(attribute) => has_attribute(attribute, el),
            Simple::Is(list) => list.iter().any(|s| self.plain(s, el, anchor)),
            Simple::Not(list) => !list.iter().any(|s| self.plain(s, el, anchor)),
            Simple::Has(list) => {
                list.iter().any(|s| candidates(s, el).any(|c| self.fuel.get() > 0 && self.plain(s, c, Some(el.id()))))
            }
            Simple::Anchor => anchor == Some(el.id()),
            Simple::Nth(nth) => self.nth(nth, el, anchor),
            Simple::Root => el.parent().is_some_and(|p| p.value().is_document()),
            Simple::Empty => !el.children().any(|c| c.value().is_element() || c.value().is_text()),
            Simple::Link => matches!(element.name(), "a" | "area") && attribute(el, "href").is_some(),
            Simple::Lang(tags) => {
                let lang = std::iter::successors(Some(el), |e| parent_of(*e)).find_map(|e| attribute(e, "lang"));
                let lang = lang.unwrap_or("").to_ascii_lowercase();
                tags.iter().any(|t| lang == *t || lang.strip_prefix(t.as_str()).is_some_and(|r| r.starts_with('-')))
            }
            Simple::Toggled(name) => {
                toggles(simple, el)
                    && (attribute(el, name).is_some() || (*name == "checked" && attribute(el, "selected").is_some()))
            }
            Simple::Flagged(name, wanted) => {
                let control = matches!(
                    element.name(),
                    "button" | "input" | "select" | "textarea" | "option" | "optgroup" | "fieldset"
                );
                control && attribute(el, name).is_some() == *wanted
            }
            Simple::Pointed | Simple::Target | Simple::Later(_) | Simple::Never => false,
        }
    }

    fn same_name(&self, x: &str, y: &str) -> bool {
        if self.quirks { x.eq_ignore_ascii_case(y) } else { x == y }
    }

    fn nth(&self, nth: &Nth, el: ElementRef, anchor: Option<NodeId>) -> bool {
        let counts = |other: ElementRef| match (&nth.of, nth.of_type) {
            (Some(list), _) => list.iter().any(|s| self.plain(s, other, anchor)),
            (None, true) => other.value().name == el.value().name,
            (None, false) => true,
        };
        if nth.of.is_some() && !counts(el) {
            return false;
        }
        let mut index = 1_i32;
        let mut count = |node| {
            if let Some(other) = ElementRef::wrap(node)
                && self.spend()
                && counts(other)
            {
                index = index.saturating_add(1);
            }
        };
        if nth.from_end {
            el.next_siblings().for_each(&mut count);
        } else {
            el.prev_siblings().for_each(&mut count);
        }
        let distance = i64::from(index) - i64::from(nth.b);
        match i64::from(nth.a) {
            0 => distance == 0,
            a => distance % a == 0 && distance / a >= 0,
        }
    }
}

const HTML: &str = "http://www.w3.org/1999/xhtml";

fn step(combinator: Combinator, el: ElementRef<'_>) -> Option<ElementRef<'_>> {
    match combinator {
        Combinator::Descendant | Combinator::Child => {
            // A template's content is a tree of its own for selectors.
            el.parent().and_then(ElementRef::wrap)
        }
        Combinator::Next | Combinator::Later => previous(el),
    }
}

/// The elements a selector of `:has()` could end on.
fn candidates<'t>(selector: &Selector, el: ElementRef<'t>) -> Box<dyn Iterator<Item = ElementRef<'t>> + 't> {
    match selector.before.last().map(|(c, _)| *c) {
        Some(Combinator::Next | Combinator::Later) => Box::new(
            el.next_siblings().filter_map(ElementRef::wrap).flat_map(|s| s.descendants().filter_map(ElementRef::wrap)),
        ),
        _ => Box::new(el.descendants().skip(1).filter_map(ElementRef::wrap)),
    }
}

fn toggles(simple: &Simple, el: ElementRef) -> bool {
    let name = el.value().name();
    match simple {
        Simple::Toggled("checked") => matches!(name, "input" | "option"),
        Simple::Toggled(_) => matches!(name, "details" | "dialog" | "select"),
        _ => false,
    }
}

/// An attribute's value, without the cost of interning its name.
pub(crate) fn attribute<'t>(el: ElementRef<'t>, name: &str) -> Option<&'t str> {
    el.value().attrs().find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn has_attribute(wanted: &Attribute, el: ElementRef) -> bool {
    let Some((_, value)) = el.value().attrs().find(|(key, _)| key.eq_ignore_ascii_case(&wanted.name)) else {
        return false;
    };
    if wanted.operator == Operator::Exists {
        return true;
    }
    if wanted.ignore_case {
        compare(wanted.operator, &value.to_ascii_lowercase(), &wanted.value.to_ascii_lowercase())
    } else {
        compare(wanted.operator, value, &wanted.value)
    }
}

fn compare(operator: Operator, value: &str, wanted: &str) -> bool {
    let some = !wanted.is_empty();
    match operator {
        Operator::Exists => true,
        Operator::Equals => value == wanted,
        Operator::Includes => some && value.split_ascii_whitespace().any(|word| word == wanted),
        Operator::Dash => value == wanted || value.strip_prefix(wanted).is_some_and(|r| r.starts_with('-')),
        Operator::Prefix => some && value.starts_with(wanted),
        Operator::Suffix => some && value.ends_with(wanted),
        Operator::Contains => some && value.contains(wanted),
    }
}
