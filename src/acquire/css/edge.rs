//! Whether something placed by its distance from the page's own edges lies wholly beyond them. Answers only where
//! declared sizes and the length of the text tell; what they leave open is said to be in doubt.

use scraper::{ElementRef, Node};

use super::hiding::Reason;
use super::length::Sum;
use super::media::{HEIGHT, WIDTH};
use super::property::Property;
use super::style::Style;
use super::value::Value;
use crate::snapshot::Technique;

/// Less than this many pixels over the edge is decoration.
pub(super) const NEAR: f32 = 100.0;
/// What borders and a browser's own padding may add to a box.
const RIM: f32 = 16.0;

/// One direction: the sides from the start of the page to its end, and what gives a box its extent.
struct Axis {
    start: Property,
    end: Property,
    margin: Property,
    padding: [Property; 2],
    size: [Property; 2],
    overflow: Property,
    page: f32,
}

const AXES: [Axis; 2] = [
    Axis {
        start: Property::Left,
        end: Property::Right,
        margin: Property::MarginLeft,
        padding: [Property::PaddingLeft, Property::PaddingRight],
        size: [Property::Width, Property::MinWidth],
        overflow: Property::OverflowX,
        page: WIDTH,
    },
    Axis {
        start: Property::Top,
        end: Property::Bottom,
        margin: Property::MarginTop,
        padding: [Property::PaddingTop, Property::PaddingBottom],
        size: [Property::Height, Property::MinHeight],
        overflow: Property::OverflowY,
        page: HEIGHT,
    },
];

/// What placing does to an element; `on_page` tells whether it is placed against the page and not within a part of it.
pub(super) fn beyond_edge(
    el: ElementRef,
    style: &Style,
    animated: bool,
    on_page: impl FnOnce() -> bool,
) -> Option<Reason> {
    let moved = [Property::Transform, Property::Translate, Property::Scale];
    if !style.placed() || moved.iter().any(|p| style.slot(*p).is_some_and(|s| s.value != Value::Word("none"))) {
        return None;
    }
    let (property, maybe) = AXES.iter().filter_map(|axis| axis.beyond(el, style)).min_by_key(|(_, maybe)| *maybe)?;
    let by = style.slot(property)?.by;
    on_page().then_some(Reason { technique: Technique::OffScreen, by, at: el.id(), maybe: maybe || animated })
}

impl Axis {
    /// The side that puts the element beyond the edge, and whether that is in doubt.
    fn beyond(&self, el: ElementRef, style: &Style) -> Option<(Property, bool)> {
        let resolve = |sum: Sum| sum.pixels(style.font) + sum.percent / 100.0 * self.page;
        let at = |property| style.length(property).map(resolve);
        let auto = |property| style.slot(property).is_none_or(|s| s.value == Value::Word("auto"));
        let least = at(self.size[1]).unwrap_or(0.0);
        let size = at(self.size[0]).map(|s| s.max(least));
        let padding: f32 = self.padding.iter().filter_map(|p| at(*p)).sum();
        let margin = if style.slot(self.margin).is_none() { Some(0.0) } else { at(self.margin) };
        if let Some(start) = at(self.start) {
            let start = start + margin?;
            if start > -NEAR || (size.is_none() && !auto(self.end)) || start + size.unwrap_or(least) > 0.0 {
                return None;
            }
            let text = self.longest_text(el, style);
            let fits = |inside: f32| start + inside.max(least) + padding + RIM <= 0.0;
            let clipped = style.word(self.overflow).is_some_and(|w| w != "visible");
            let sure = match size {
                Some(size) if clipped => fits(size),
                Some(size) => text.is_some_and(|text| fits(size.max(text))),
                None => text.is_some_and(fits),
            };
            return Some((self.start, !sure));
        }
        // Margins on the far side are not read, so nothing is sure there.
        let end = at(self.end).filter(|_| auto(self.start))?;
        let fixed = style.word(Property::Position) == Some("fixed");
        let out = end >= self.page || (fixed && end <= -NEAR && size.unwrap_or(least) + end <= 0.0);
        out.then_some((self.end, true))
    }

    /// More than the text of an element takes up, when it holds nothing else.
    fn longest_text(&self, el: ElementRef, style: &Style) -> Option<f32> {
        if el.children().any(|c| !matches!(c.value(), Node::Text(_) | Node::Comment(_)))
            || style.slot(Property::TextIndent).is_some()
        {
            return None;
        }
        let text = || el.text().flat_map(str::split_whitespace);
        let units = match self.start {
            Property::Left => text().map(|word| word.chars().count() + 1).sum::<usize>(),
            // Each word on a line of its own.
            _ => text().count() * 2,
        };
        u16::try_from(units).ok().map(|units| f32::from(units) * style.font)
    }
}
