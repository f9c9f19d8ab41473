//! Whether a box of a declared size may cut an element off: what stands before the element takes the room, or the row
//! that it stands in is longer than the box. How large things are is known when the page is laid out; what is reckoned
//! here rather makes them too large, and the answer is a doubt.

use std::cell::RefCell;
use std::collections::HashMap;

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Html, Node};

use super::cascade::World;
use super::hiding::{Reason, in_line};
use super::length::Sum;
use super::media::{HEIGHT, WIDTH};
use super::property::Property;
use super::selector::parent_of;
use super::style::{By, Slot, Style};
use super::ua::{hidden_by_default, never_shown, replaced, table_box};
use super::value::Value;
use super::visible::{Seeing, Styles};
use crate::snapshot::Technique;

/// Boxes nested deeper than this are not reckoned: one that cuts off is a doubt.
const DEEPEST_BOX: usize = 100;
/// Height of a line and width of a letter, in parts of the size of the letters.
const LINE: f32 = 1.5;
const LETTER: f32 = 0.6;
/// As much of a line as tells what it says.
const HALF: f32 = 0.5;
/// Space between letters, in parts of their size, with which a text is still read.
const APART: std::ops::Range<f32> = -0.25..2.0;
/// A picture without a declared size, each way.
const PICTURE: f32 = 150.0;
/// What a browser keeps free around paragraphs, headings and lists, in lines.
const SET_OFF: f32 = 1.5;

/// What was reckoned for one tree.
#[derive(Debug, Default)]
pub(super) struct Laid {
    /// Height of an element with what it holds.
    heights: RefCell<HashMap<NodeId, f32>>,
    /// How far below its box's upper edge an element begins.
    tops: RefCell<HashMap<NodeId, f32>>,
    /// How wide a box is, how high before it cuts off, and how many letters it holds: asked for by every link in it.
    rooms: RefCell<HashMap<NodeId, f32>>,
    limits: RefCell<HashMap<NodeId, Option<f32>>>,
    letters: RefCell<HashMap<NodeId, f32>>,
}

/// How something stands to what comes before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Stands {
    #[default]
    InLine,
    Beside,
    Below,
}

/// A part of a box: how it stands, how wide it is and how high.
#[derive(Debug, Default)]
struct Part {
    stands: Stands,
    width: f32,
    height: f32,
}

/// A row of things beside each other, and what stands above it.
#[derive(Default)]
struct Flow {
    above: f32,
    across: f32,
    row: f32,
    /// The highest of the row that stands in its line of text.
    line: f32,
}

impl Flow {
    /// Places something beside what came before, where there is room; returns how far down it begins.
    fn beside(&mut self, width: f32, height: f32, room: f32, sinks: bool) -> f32 {
        if self.across > 0.0 && self.across + width > room {
            self.close();
        }
        let rows = (width / room.max(1.0)).ceil().max(1.0);
        // In a line of text what is low stands at the foot of what is high.
        let sunk = if sinks { (self.line - height).max(0.0) } else { 0.0 };
        self.line = if sinks { self.line.max(height) } else { self.line };
        self.across += width;
        self.row = self.row.max(height * rows);
        self.above + sunk
    }

    fn close(&mut self) {
        self.above += std::mem::take(&mut self.row);
        (self.across, self.line) = (0.0, 0.0);
    }
}

impl Styles {
    /// What may cut off an element that nothing hides, by the declaration that cuts.
    pub(super) fn clipped(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<Reason> {
        if !self.surroundings(html, seeing, el, World::Plain).boxed {
            return None;
        }
        let style = |e: ElementRef| self.style(html, seeing, e, World::Plain);
        // Reckoning where things stand costs more than all else here: only where a height is declared.
        let around = std::iter::successors(parent_of(el), |e| parent_of(*e));
        let limited = around.take(DEEPEST_BOX).any(|e| {
            let style = style(e);
            cut(e, &style, Property::OverflowY).is_some() && self.limit(html, seeing, e, &style).is_some()
        });
        let (mut at, mut own) = (el, style(el));
        let (mut down, mut row) = (0.0, None);
        let mut escapes = false;
        for depth in 0..DEEPEST_BOX {
            if own.word(Property::Position) == Some("fixed") {
                return None;
            }
            let up = parent_of(at)?;
            let holder = style(up);
            if own.word(Property::Position) == Some("absolute") {
                escapes = true;
                down = own.length(Property::Top).map_or(0.0, |top| top.pixels(own.font));
                row = None;
            } else if limited && !escapes {
                down += self.top(html, seeing, up, at, depth) + shift(&own);
            }
            escapes &= !holder.positioned();
            row = row.or_else(|| self.long_row(html, seeing, at, &own, &holder));
            let found = |slot: &Slot| Reason { technique: Technique::Clipped, by: slot.by, at: up.id(), maybe: true };
            if let Some(slot) = cut(up, &holder, Property::OverflowY).filter(|_| limited && !escapes)
                && self.limit(html, seeing, up, &holder).is_some_and(|most| down + own.font * HALF > most)
            {
                return Some(found(slot));
            }
            if let Some(slot) = cut(up, &holder, Property::OverflowX).filter(|_| !escapes)
                && row.is_some_and(|width| width > self.room(html, seeing, up))
            {
                return Some(found(slot));
            }
            let ways = [Property::OverflowX, Property::OverflowY].map(|p| holder.word(p));
            if ways.iter().flatten().any(|word| matches!(*word, "auto" | "scroll" | "overlay")) {
                row = None;
            }
            // What is cut off one way only is scrolled the other way.
            if matches!(ways, [_, Some("auto" | "scroll" | "overlay")] | [Some("hidden"), None | Some("visible")]) {
                down = 0.0;
            }
            (at, own) = (up, holder);
        }
        // Nested deeper than is reckoned.
        Some(Reason { technique: Technique::Clipped, by: By::Element(el.id()), at: el.id(), maybe: true })
    }

    /// What may keep a text that shows from being read as a whole: letters put apart, on each other or disguised, or a
    /// box of its own that cuts it short.
    pub(super) fn garbled(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<Reason> {
        let style = self.style(html, seeing, el, World::Plain);
        let length = |property| style.length(property).map(|sum| sum.pixels(style.font) / style.font.max(1.0));
        let by = |property, technique| {
            style.slot(property).map(|slot| Reason { technique, by: slot.by, at: el.id(), maybe: true })
        };
        if style.slot(Property::Disguise).is_some_and(|s| s.value != Value::Word("none")) {
            return by(Property::Disguise, Technique::Transparent);
        }
        if length(Property::LetterSpacing).is_some_and(|spacing| !APART.contains(&spacing)) {
            return by(Property::LetterSpacing, Technique::Clipped);
        }
        if length(Property::LineHeight).is_some_and(|line| line < HALF) {
            return by(Property::LineHeight, Technique::Clipped);
        }
        let block = std::iter::successors(Some(el), |e| parent_of(*e))
            .find(|e| !in_line(*e, &self.style(html, seeing, *e, World::Plain), None))?;
        let holder = self.style(html, seeing, block, World::Plain);
        let found = |slot: &Slot| Reason { technique: Technique::Clipped, by: slot.by, at: block.id(), maybe: true };
        if let Some(slot) = cut(block, &holder, Property::OverflowY)
            && let Some(most) = self.limit(html, seeing, block, &holder)
            && self.lay_out(html, seeing, block, 0) - holder.font * LINE * HALF > most
        {
            return Some(found(slot));
        }
        let slot = cut(block, &holder, Property::OverflowX)?;
        let known = seeing.laid.letters.borrow().get(&block.id()).copied();
        let letters = known.unwrap_or_else(|| {
            let words = block.text().flat_map(str::split_whitespace);
            let count: usize = words.map(|word| word.chars().count() + 1).sum();
            let letters = u16::try_from(count).map_or(f32::INFINITY, f32::from);
            seeing.laid.letters.borrow_mut().insert(block.id(), letters);
            letters
        });
        let long = letters * LETTER * style.font;
        let kept = style.word(Property::WhiteSpace) == Some("nowrap");
        (kept && long > self.room(html, seeing, block)).then(|| found(slot))
    }

    /// How long a row is up to a part that is not its first, where the parts keep their sizes.
    fn long_row(&self, html: &Html, seeing: &Seeing, at: ElementRef, own: &Style, holder: &Style) -> Option<f32> {
        let stiff = matches!(own.slot(Property::Shrink).map(|s| &s.value), Some(Value::Number(n)) if *n == 0.0);
        let row = holder.word(Property::Display).is_some_and(|d| d.contains("flex")) && !column(holder);
        let wide = holder.length(Property::Width).filter(|sum| sum.percent == 0.0 || sum.percent > 100.0);
        let beside = row || stands(at, own) != Stands::Below;
        if !beside || !((row && stiff) || wide.is_some()) {
            return None;
        }
        let before = at.prev_siblings().take(DEEPEST_BOX).filter_map(ElementRef::wrap);
        let before = before.filter(|e| !self.absent(html, seeing, *e)).count();
        let parts = u16::try_from(before).ok().filter(|n| *n > 0).map(|n| f32::from(n) + 1.0)?;
        let room = self.room(html, seeing, parent_of(at)?);
        let size = own.length(Property::Basis).or_else(|| own.length(Property::Width));
        let size = size.map_or(0.0, |sum| sum.pixels(own.font) + sum.percent / 100.0 * room);
        Some(if row && stiff { size * parts } else { room })
    }

    /// How wide a box is at most, by the sizes declared for it and around it.
    fn room(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> f32 {
        let mut room = WIDTH;
        let mut chain = Vec::new();
        for at in std::iter::successors(Some(el), |e| parent_of(*e)) {
            if let Some(known) = seeing.laid.rooms.borrow().get(&at.id()) {
                room = *known;
                break;
            }
            chain.push(at);
        }
        for at in chain.into_iter().rev() {
            let style = self.style(html, seeing, at, World::Plain);
            let of = |sum: Sum| sum.pixels(style.font) + sum.percent / 100.0 * room;
            let most = style.length(Property::MaxWidth).map_or(f32::INFINITY, of);
            room = style.length(Property::Width).map_or(room, of).min(most);
            seeing.laid.rooms.borrow_mut().insert(at.id(), room);
        }
        room
    }

    /// How high a box is at most before it cuts off what it holds; `None` where it grows with that.
    fn limit(&self, html: &Html, seeing: &Seeing, el: ElementRef, style: &Style) -> Option<f32> {
        if let Some(known) = seeing.laid.limits.borrow().get(&el.id()) {
            return *known;
        }
        let limit = self.limit_of(html, seeing, el, style);
        seeing.laid.limits.borrow_mut().insert(el.id(), limit);
        limit
    }

    fn limit_of(&self, html: &Html, seeing: &Seeing, el: ElementRef, style: &Style) -> Option<f32> {
        if matches!(el.value().name(), "html" | "body") {
            return Some(HEIGHT);
        }
        if let Some(Value::Number(lines)) = style.slot(Property::LineClamp).map(|s| &s.value)
            && style.word(Property::Display).is_some_and(|d| d.starts_with("-webkit"))
        {
            return Some(lines * LINE * style.font);
        }
        let room = || self.room(html, seeing, el);
        let padding = [Property::PaddingTop, Property::PaddingBottom].into_iter().filter_map(|p| style.length(p));
        let kept: f32 = padding.map(|sum| sum.pixels(style.font) + sum.percent / 100.0 * room()).sum();
        let sizes = [Property::Height, Property::MaxHeight].into_iter().filter_map(|p| {
            let sum = style.length(p)?;
            let of = if sum.percent == 0.0 { 0.0 } else { self.declared_height(html, seeing, parent_of(el)?)? };
            Some(sum.pixels(style.font) + sum.percent / 100.0 * of)
        });
        let most = sizes.min_by(f32::total_cmp)?;
        let least = style.length(Property::MinHeight).map_or(0.0, |sum| sum.pixels(style.font));
        Some(most.max(least).max(kept))
    }

    fn declared_height(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<f32> {
        let mut share = 1.0;
        for at in std::iter::successors(Some(el), |e| parent_of(*e)).take(DEEPEST_BOX) {
            let style = self.style(html, seeing, at, World::Plain);
            let sum = style.length(Property::Height)?;
            if sum.percent == 0.0 {
                return Some(sum.pixels(style.font) * share);
            }
            share *= sum.percent / 100.0;
        }
        Some(HEIGHT * share)
    }

    /// Whether an element takes no room in the flow.
    fn absent(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> bool {
        let style = self.style(html, seeing, el, World::Plain);
        let gone = match style.word(Property::Display) {
            Some(word) => word == "none",
            None => hidden_by_default(el),
        };
        gone || never_shown(el) || style.placed()
    }

    /// How far below the upper edge of what holds it an element begins.
    fn top(&self, html: &Html, seeing: &Seeing, up: ElementRef, at: ElementRef, depth: usize) -> f32 {
        let known = || seeing.laid.tops.borrow().get(&at.id()).copied();
        known()
            .or_else(|| {
                self.lay_out(html, seeing, up, depth);
                known()
            })
            .unwrap_or(0.0)
    }

    /// Reckons where the parts of an element begin; returns its height.
    fn lay_out(&self, html: &Html, seeing: &Seeing, el: ElementRef, depth: usize) -> f32 {
        if let Some(known) = seeing.laid.heights.borrow().get(&el.id()) {
            return *known;
        }
        let style = self.style(html, seeing, el, World::Plain);
        let pixels = |property| style.length(property).map_or(0.0, |sum: Sum| sum.pixels(style.font));
        let room = self.room(html, seeing, el);
        let row = style.word(Property::Display).is_some_and(|d| d.contains("flex")) && !column(&style);
        let mut flow = Flow { above: pixels(Property::PaddingTop), ..Flow::default() };
        for node in el.children() {
            let Part { stands, width, height } = self.part(html, seeing, node, &style, depth);
            let stands = if row { Stands::Beside } else { stands };
            if stands == Stands::Below {
                flow.close();
            }
            let width = if stands == Stands::Below { room } else { width };
            let top = flow.beside(width, height, room, stands == Stands::InLine);
            if stands == Stands::Below {
                flow.close();
            }
            if node.value().is_element() {
                seeing.laid.tops.borrow_mut().insert(node.id(), top);
            }
        }
        flow.close();
        let height = flow.above + pixels(Property::PaddingBottom);
        seeing.laid.heights.borrow_mut().insert(el.id(), height);
        height
    }

    fn part(&self, html: &Html, seeing: &Seeing, node: NodeRef<Node>, holder: &Style, depth: usize) -> Part {
        let text = |letters: usize, font: f32| u16::try_from(letters).map_or(f32::INFINITY, f32::from) * LETTER * font;
        let el = match node.value() {
            Node::Text(words) => {
                let letters = words.split_whitespace().map(|word| word.chars().count() + 1).sum();
                let height = if letters == 0 { 0.0 } else { LINE * holder.font };
                return Part { stands: Stands::InLine, width: text(letters, holder.font), height };
            }
            Node::Element(_) => ElementRef::wrap(node),
            _ => None,
        };
        let Some(el) = el.filter(|el| !self.absent(html, seeing, *el)) else { return Part::default() };
        let style = self.style(html, seeing, el, World::Plain);
        let pixels =
            |property| style.length(property).filter(|sum: &Sum| sum.percent == 0.0).map(|s| s.pixels(style.font));
        let name = el.value().name();
        if name == "br" {
            return Part { stands: Stands::Below, ..Part::default() };
        }
        let set_off = matches!(name, "p" | "ul" | "ol" | "dl" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "figure");
        let around: f32 = [Property::MarginTop, Property::MarginBottom]
            .into_iter()
            .map(|p| match style.slot(p) {
                None if set_off => SET_OFF * style.font,
                _ => pixels(p).unwrap_or(0.0).max(0.0),
            })
            .sum();
        let inside = match () {
            () if depth >= DEEPEST_BOX => f32::INFINITY,
            () if replaced(el) => PICTURE,
            () => self.lay_out(html, seeing, el, depth + 1),
        };
        let height =
            pixels(Property::Height).unwrap_or(inside).min(pixels(Property::MaxHeight).unwrap_or(f32::INFINITY));
        let letters = el.text().flat_map(str::split_whitespace).take(DEEPEST_BOX).map(|w| w.chars().count() + 1).sum();
        let sides = [Property::PaddingLeft, Property::PaddingRight, Property::MarginLeft];
        let width = style.length(Property::Width).map_or_else(
            || {
                let own = if replaced(el) { PICTURE } else { text(letters, style.font) };
                own + sides.iter().filter_map(|p| pixels(*p)).sum::<f32>()
            },
            |sum| sum.pixels(style.font) + sum.percent / 100.0 * WIDTH,
        );
        Part { stands: stands(el, &style), width, height: height + around }
    }
}

fn stands(el: ElementRef, style: &Style) -> Stands {
    if style.word(Property::Float).is_some_and(|f| f != "none") {
        return Stands::Beside;
    }
    let (line, cell) = match style.word(Property::Display) {
        Some(word) => (word.starts_with("inline"), word == "table-cell"),
        None => (replaced(el) || in_line(el, style, None), matches!(el.value().name(), "td" | "th")),
    };
    match (line, cell) {
        (true, _) => Stands::InLine,
        (_, true) => Stands::Beside,
        _ => Stands::Below,
    }
}

fn column(style: &Style) -> bool {
    style.word(Property::Direction).is_some_and(|d| d == "column")
}

/// How far a style of its own moves a part of the flow down.
fn shift(style: &Style) -> f32 {
    let top = if style.word(Property::Position) == Some("relative") { style.length(Property::Top) } else { None };
    let moved = [Property::Transform, Property::Translate].into_iter().filter_map(|p| match &style.slot(p)?.value {
        Value::Moved(_, y) => Some(*y),
        _ => None,
    });
    let sums = style.length(Property::MarginTop).into_iter().chain(top).chain(moved);
    sums.map(|sum| sum.pixels(style.font)).sum()
}

pub(super) fn cuts_off(word: &str) -> bool {
    matches!(word, "hidden" | "clip")
}

/// The declaration by which a box cuts off what does not fit in it one way.
fn cut<'s>(el: ElementRef, style: &'s Style, way: Property) -> Option<&'s Slot> {
    if table_box(el, style.word(Property::Display)).is_some() || in_line(el, style, None) {
        return None;
    }
    style.slot(way).filter(|slot| matches!(slot.value, Value::Word(word) if cuts_off(word)))
}

/// Whether a box cuts off what does not fit.
pub(super) fn cuts(el: ElementRef, style: &Style) -> bool {
    [Property::OverflowX, Property::OverflowY].into_iter().any(|way| cut(el, style, way).is_some())
}
