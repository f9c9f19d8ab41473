//! What carries an element off the page: a transform, a place far out, a margin. What is long enough may reach back in,
//! as the rows of slides do of which one is shown at a time.

use ego_tree::NodeId;
use scraper::{ElementRef, Node};

use super::hiding::{FAR, Reason};
use super::length::Sum;
use super::media::{HEIGHT, WIDTH};
use super::property::Property;
use super::style::Style;
use super::ua::replaced;
use super::value::Value;
use crate::snapshot::Technique;

/// Margins move banners this far and they are still seen.
const MARGIN_FAR: f32 = 2000.0;
/// So far to the right nobody scrolls.
const FAR_RIGHT: f32 = 5000.0;
/// Columns of text higher than this are carried away whole, whatever they hold.
const TALLEST: f32 = 20_000.0;
/// What an element adds at most to the height of what holds it, its text left out.
const ELEMENT: f32 = 100.0;

/// Parts of a column that are looked at to see how high it is.
const MOST_PARTS: usize = 1000;

/// One direction of a transform.
struct Way {
    start: Property,
    end: Property,
    margin: Property,
    size: Property,
    page: f32,
}

const ACROSS: Way = Way {
    start: Property::Left,
    end: Property::Right,
    margin: Property::MarginLeft,
    size: Property::Width,
    page: WIDTH,
};
const DOWN: Way = Way {
    start: Property::Top,
    end: Property::Bottom,
    margin: Property::MarginTop,
    size: Property::Height,
    page: HEIGHT,
};

impl Way {
    fn pixels(&self, style: &Style, sum: Sum) -> f32 {
        sum.pixels(style.font) + sum.percent / 100.0 * self.page
    }

    /// Where a moved box begins. A move in percent is one by the size of the box, which is not counted.
    fn begin(&self, style: &Style, by: &Sum) -> f32 {
        let at = |property| style.length(property).map_or(0.0, |sum| self.pixels(style, sum));
        let placed = if style.positioned() { at(self.start) } else { 0.0 };
        by.pixels(style.font) + placed + at(self.margin)
    }

    /// Where a moved box ends that is placed by its far side alone.
    fn far_end(&self, style: &Style, by: &Sum) -> Option<f32> {
        let end = style.length(self.end).filter(|_| style.placed() && style.length(self.start).is_none())?;
        Some(self.page - self.pixels(style, end) + by.pixels(style.font))
    }

    /// Whether a box with a declared size that begins so far out reaches back in; `None` without such a size.
    fn reaches(&self, style: &Style, begin: f32) -> Option<bool> {
        let size = style.length(self.size)?;
        Some(begin + self.pixels(style, size) > 0.0)
    }
}

/// Whether a transform carries the box off the page, and whether that is in doubt.
pub(super) fn moved_away(el: ElementRef, style: &Style, x: &Sum, y: &Sum) -> Option<bool> {
    let (across, down) = (ACROSS.begin(style, x), DOWN.begin(style, y));
    let left = match ACROSS.far_end(style, x) {
        Some(end) => (end <= 0.0).then_some(false),
        None => (across <= -FAR).then(|| ACROSS.reaches(style, across) == Some(true) || row_reaches(el, style, across)),
    };
    let up = match DOWN.far_end(style, y) {
        Some(end) => (end <= 0.0).then_some(false),
        None => (down <= -FAR || (y.vh <= -100.0 && down <= -HEIGHT))
            .then(|| DOWN.reaches(style, down).unwrap_or_else(|| column_reaches(el, style, down))),
    };
    let right = (across >= FAR_RIGHT).then_some(false);
    // One that is sure goes before one in doubt.
    let found = [left, up, right].into_iter().flatten().min();
    found.or_else(|| over_its_edge(style, x, y).then_some(false))
}

/// A panel fixed to an edge and pushed out over it by its own size.
fn over_its_edge(style: &Style, x: &Sum, y: &Sum) -> bool {
    let edge = |property| match style.slot(property).map(|s| &s.value) {
        Some(Value::Length(sum)) => sum.percent <= 0.01 && sum.pixels(style.font) <= 0.5,
        _ => false,
    };
    style.word(Property::Position) == Some("fixed")
        && ((x.percent <= -100.0 && edge(Property::Left))
            || (x.percent >= 100.0 && edge(Property::Right))
            || (y.percent <= -100.0 && edge(Property::Top))
            || (y.percent >= 100.0 && edge(Property::Bottom)))
}

/// Begins to the right of a page of the usual width, where nobody comes who cannot scroll: in doubt, for boxes around it
/// may begin elsewhere.
pub(super) fn far_right(el: ElementRef, style: &Style) -> Option<Reason> {
    let pixels = |property| style.length(property).filter(|sum| sum.percent == 0.0).map(|sum| sum.pixels(style.font));
    let sides = [Property::MarginLeft].into_iter().chain(style.positioned().then_some(Property::Left));
    let far = sides.into_iter().find(|side| pixels(*side).is_some_and(|px| px >= WIDTH))?;
    let by = style.slot(far)?.by;
    Some(Reason { technique: Technique::OffScreen, by, at: el.id(), maybe: true })
}

/// Whether the parts of a flexible row, each as wide as the page, reach from so far out back in.
fn row_reaches(el: ElementRef, style: &Style, begin: f32) -> bool {
    let in_row =
        style.word(Property::Display).is_some_and(|d| d.contains("flex") || d.contains("grid") || d.contains("-box"))
            || style.slot(Property::Width).is_some_and(|s| !matches!(s.value, Value::Length(_) | Value::Word("auto")));
    in_row
        && el
            .child_elements()
            .scan(begin, |at, _| {
                *at += WIDTH;
                Some(*at)
            })
            .any(|end| end > 0.0)
}

/// Whether a column without a declared height may reach from so far up back in, by what it holds.
fn column_reaches(el: ElementRef, style: &Style, begin: f32) -> bool {
    if begin < -TALLEST {
        return false;
    }
    let line = style.font.max(10.0) * 2.0;
    let mut end = begin;
    for (n, node) in el.descendants().skip(1).enumerate() {
        if end > 0.0 || n >= MOST_PARTS {
            return true;
        }
        end += match node.value() {
            // Each word on a line of its own; words are longer than a letter.
            Node::Text(text) if text.len() > MOST_PARTS * 10 => TALLEST,
            Node::Text(text) => u16::try_from(text.split_whitespace().count()).map_or(TALLEST, f32::from) * line,
            Node::Element(_) if ElementRef::wrap(node).is_some_and(replaced) => HEIGHT,
            Node::Element(_) => ELEMENT,
            _ => 0.0,
        };
    }
    end > 0.0
}

/// Whether an element is set off so far within what holds it that it may stand on the page when that does not.
pub(super) fn set_back(style: &Style) -> bool {
    let far = |sum: &Sum| sum.pixels(style.font) >= FAR || sum.percent >= 50.0;
    let at = |property| style.length(property).is_some_and(|sum| far(&sum));
    let moved = |property| match style.slot(property).map(|s| &s.value) {
        Some(Value::Moved(x, y)) => far(x) || far(y),
        _ => false,
    };
    (style.positioned() && (at(Property::Left) || at(Property::Top)))
        || at(Property::MarginLeft)
        || at(Property::MarginTop)
        || moved(Property::Transform)
        || moved(Property::Translate)
}

/// Placed or pushed off the page.
pub(super) fn away(style: &Style, line: bool, at: NodeId, animated: bool) -> Option<Reason> {
    let found = |by, doubt| Some(Reason { technique: Technique::OffScreen, by, at, maybe: animated || doubt });
    let font = style.font;
    let at_px = |property| style.length(property).map(|s: Sum| (s.pixels(font), s.percent));
    let position = style.word(Property::Position).unwrap_or("static");
    if matches!(position, "absolute" | "fixed" | "relative") {
        let percent_counts = position != "relative";
        let out = |v: Option<(f32, f32)>| v.is_some_and(|(px, pc)| px <= -FAR || (percent_counts && pc <= -100.0));
        let (left, right) = (at_px(Property::Left), at_px(Property::Right));
        let (top, bottom) = (at_px(Property::Top), at_px(Property::Bottom));
        // A wide box may start far out and still reach into the page, with what it holds or without; so may one
        // stretched to both sides. What percentages are is known when the page is laid out.
        let kept = |start: Option<(f32, f32)>, size, page: f32| match (start, at_px(size)) {
            (Some((px, out)), Some((size, percent))) => Some(px + size + (out + percent) / 100.0 * page > 0.0),
            _ => Some(false),
        };
        let when = |out: bool, doubt: Option<bool>| doubt.filter(|_| out);
        let sides = [
            (Property::Left, when(out(left) && !out(right), kept(left, Property::Width, WIDTH))),
            (Property::Right, when(out(right) && left.is_none(), kept(right, Property::Width, WIDTH))),
            (Property::Top, when(out(top) && !out(bottom), kept(top, Property::Height, HEIGHT))),
            (
                Property::Bottom,
                when(position == "fixed" && top.is_none() && out(bottom), kept(bottom, Property::Height, HEIGHT)),
            ),
            (Property::Left, when(left.is_some_and(|(px, _)| px >= FAR_RIGHT), Some(false))),
        ];
        let past = |property, margin, size: f32| {
            let still = [Property::Transform, Property::Translate]
                .iter()
                .all(|p| matches!(style.slot(*p).map(|s| &s.value), None | Some(Value::Word("none"))))
                && style.slot(margin).is_none_or(|s| matches!(&s.value, Value::Length(m) if m.pixels(font) >= 0.0));
            let beyond = at_px(property).is_some_and(|(px, percent)| px >= size || (percent >= 100.0 && px >= 0.0));
            position == "fixed" && still && beyond
        };
        // What is fixed beyond the far edge of the screen is not scrolled to.
        let beyond = [
            (Property::Left, when(past(Property::Left, Property::MarginLeft, WIDTH), Some(false))),
            (Property::Top, when(past(Property::Top, Property::MarginTop, HEIGHT), Some(false))),
        ];
        let all = || sides.iter().chain(&beyond).filter_map(|(property, doubt)| Some((*property, (*doubt)?)));
        let first = all().find(|(_, doubt)| !doubt).or_else(|| all().next());
        if let Some((property, doubt)) = first
            && let Some(slot) = style.slot(property)
        {
            return found(slot.by, doubt);
        }
    }
    for (margin, padding) in
        [(Property::MarginLeft, Property::PaddingLeft), (Property::MarginTop, Property::PaddingTop)]
    {
        let vertical_in_line = line && margin == Property::MarginTop;
        if let Some((px, _)) = at_px(margin)
            && px <= -MARGIN_FAR
            && !vertical_in_line
            && at_px(padding).is_none_or(|(px, _)| px < FAR)
            && let Some(slot) = style.slot(margin)
        {
            return found(slot.by, false);
        }
    }
    None
}
