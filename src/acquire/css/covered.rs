//! Whether something else may lie over an element: placed in the same box, as large as the box by what is declared, and
//! painted in a plain colour. Where boxes come to lie is known only when the page is laid out, so this is a doubt.

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::rc::Rc;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::cascade::World;
use super::hiding::Reason;
use super::length::Colour;
use super::property::Property;
use super::selector::parent_of;
use super::style::{By, Style};
use super::value::Value;
use super::visible::{Seeing, Styles};
use crate::snapshot::Technique;

/// More covers of one box than these are not told apart: a further one counts as lying over everything below it.
const MOST_COVERS: usize = 20;
/// Less opacity than this lets through what lies below.
const OPAQUE: f32 = 0.9;

/// What lies over what in one tree, as far as it was asked for: every element is looked at once, however many links
/// stand in however many boxes.
#[derive(Debug, Default)]
pub(super) struct Covers {
    /// The nearest positioned box around an element, the page's own left out.
    holders: RefCell<HashMap<NodeId, Option<NodeId>>>,
    /// What fills a box, topmost first, by how high it lies in the box.
    filling: RefCell<HashMap<NodeId, Rc<[Cover]>>>,
    /// What lies over a whole positioned box: in the box around it, or over that one.
    over: RefCell<HashMap<NodeId, By>>,
}

#[derive(Debug, Clone, Copy)]
struct Cover {
    id: NodeId,
    level: f32,
    by: By,
}

impl Styles {
    /// What may lie over an element, by the declaration that places it.
    pub(super) fn covered(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<Reason> {
        let holder = self.holder(html, seeing, el)?;
        let filling = self.filling(html, seeing, holder);
        let over = |id: NodeId| seeing.covers.over.borrow().get(&id).copied();
        let by = if self.style(html, seeing, el, World::Plain).positioned() {
            over(el.id())
        } else {
            let own = |cover: &Cover| up_from(html, cover.id).any(|e| e.id() == el.id());
            let above = filling.iter().find(|cover| cover.level >= 0.0 && !own(cover)).map(|cover| cover.by);
            above.or_else(|| over(holder))
        };
        by.map(|by| Reason { technique: Technique::Covered, by, at: el.id(), maybe: true })
    }

    /// The nearest positioned box around an element. On the page itself covers come and go by script, so that only
    /// what lies in a box of its own is looked at.
    fn holder(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<NodeId> {
        let mut passed = Vec::new();
        let mut at = el;
        let holder = loop {
            if let Some(known) = seeing.covers.holders.borrow().get(&at.id()) {
                break *known;
            }
            passed.push(at.id());
            match parent_of(at).filter(|up| !matches!(up.value().name(), "html" | "body")) {
                None => break None,
                Some(up) if self.style(html, seeing, up, World::Plain).positioned() => break Some(up.id()),
                Some(up) => at = up,
            }
        };
        seeing.covers.holders.borrow_mut().extend(passed.into_iter().map(|id| (id, holder)));
        holder
    }

    /// What fills a positioned box. The boxes around it are looked at first, the outermost before all.
    fn filling(&self, html: &Html, seeing: &Seeing, holder: NodeId) -> Rc<[Cover]> {
        let known = |id: NodeId| seeing.covers.filling.borrow().get(&id).map(Rc::clone);
        let mut chain = Vec::new();
        let mut next = Some(holder);
        while let Some(id) = next.filter(|id| known(*id).is_none()) {
            chain.push(id);
            next = up_from(html, id).next().and_then(|el| self.holder(html, seeing, el));
        }
        for id in chain.into_iter().rev() {
            let filling = self.fill(html, seeing, id);
            seeing.covers.filling.borrow_mut().insert(id, filling);
        }
        known(holder).unwrap_or_default()
    }

    fn fill(&self, html: &Html, seeing: &Seeing, holder: NodeId) -> Rc<[Cover]> {
        let Some(root) = up_from(html, holder).next() else { return Rc::default() };
        let holding = self.style(html, seeing, root, World::Plain);
        // What is placed in this box, in the order in which it is painted, topmost first.
        let mut placed: Vec<(usize, ElementRef, Rc<Style>)> = Vec::new();
        let mut rest: Vec<ElementRef> = from_last(root).collect();
        while let Some(el) = rest.pop() {
            let style = self.style(html, seeing, el, World::Plain);
            if style.positioned() {
                placed.push((placed.len(), el, style));
            } else {
                rest.extend(from_last(el));
            }
        }
        placed.sort_by(|(a, _, over), (b, _, under)| {
            level(under).total_cmp(&level(over)).then(Reverse(a).cmp(&Reverse(b)))
        });
        let around = seeing.covers.over.borrow().get(&holder).copied();
        let mut covers: Vec<Cover> = Vec::new();
        for (_, el, style) in placed {
            if let Some(by) = covers.first().map(|c| c.by).or(around) {
                seeing.covers.over.borrow_mut().insert(el.id(), by);
            }
            if covers.len() <= MOST_COVERS
                && style.word(Property::Position) == Some("absolute")
                && opaque(&style)
                && fills(&style, &holding)
                && self.hidden_in(html, seeing, el, false, World::Plain).is_none()
                && let Some(slot) = style.slot(Property::Position)
            {
                // The last one stands for all that come after it, and is no part of any link.
                let id = if covers.len() < MOST_COVERS { el.id() } else { holder };
                covers.push(Cover { id, level: level(&style), by: slot.by });
            }
        }
        covers.into()
    }
}

/// The elements directly in one, the last first.
fn from_last(el: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    el.children().rev().filter_map(ElementRef::wrap)
}

/// An element and those around it.
fn up_from(html: &Html, id: NodeId) -> impl Iterator<Item = ElementRef<'_>> {
    std::iter::successors(html.tree.get(id).and_then(ElementRef::wrap), |e| parent_of(*e))
}

fn level(style: &Style) -> f32 {
    match style.slot(Property::ZIndex).map(|s| &s.value) {
        Some(Value::Number(n)) => *n,
        _ => 0.0,
    }
}

fn opaque(style: &Style) -> bool {
    let whole = |slot: Option<&Value>| !matches!(slot, Some(Value::Number(n)) if *n < OPAQUE);
    let painted = matches!(
        style.slot(Property::BackgroundColor).map(|s| &s.value),
        Some(Value::Colour(Colour::Rgba(_, _, _, alpha))) if *alpha >= OPAQUE
    );
    painted
        && whole(style.slot(Property::Opacity).map(|s| &s.value))
        && style.slot(Property::BackgroundClip).is_none_or(|s| s.value != Value::Word("text"))
}

/// Whether a placed box is as large as the box that it is placed in, by what is declared.
fn fills(over: &Style, holder: &Style) -> bool {
    use Property as P;
    let spans = |start, end, size| {
        let at_edge = |side| over.length(side).is_some_and(|s| s.pixels(over.font) <= 0.0 && s.percent <= 0.0);
        let (start, end) = (at_edge(start), at_edge(end));
        let large = over.length(size).is_some_and(|own| {
            own.percent >= 100.0
                || holder.length(size).is_some_and(|held| {
                    held.percent <= 0.0 && own.percent <= 0.0 && own.pixels(over.font) >= held.pixels(holder.font)
                })
        });
        (start && end) || ((start || end) && large)
    };
    spans(P::Left, P::Right, P::Width) && spans(P::Top, P::Bottom, P::Height)
}
