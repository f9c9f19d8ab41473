//! Whether text can be told from what lies behind it: its size and colour, and the ground it stands on.

use std::rc::Rc;

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::cascade::World;
use super::hiding::{FAINT, Reason, TINY};
use super::length::Colour;
use super::property::Property;
use super::selector::parent_of;
use super::style::Style;
use super::ua::replaced;
use super::value::Value;
use super::visible::{Seeing, Styles};
use crate::snapshot::Technique;

/// Letters smaller than this many pixels are specks that few people read.
const UNREADABLE: f32 = 2.0;
/// With less contrast than this few people tell letters from their ground; 1 is none.
const TOLD_APART: f32 = 1.1;
/// Margins that draw a part further than this, in pixels or percent, draw it over what stands beside it.
const DRAWN: f32 = -10.0;
/// So far to the left parts of a row are drawn by their own padding.
const DRAWN_LEFT: f32 = -100.0;
/// What a browser paints behind a page that says nothing of it.
const PAPER: Colour = Colour::Rgba(255, 255, 255, 1.0);

impl Styles {
    /// Whether the text directly in an element is set so that nobody sees it.
    pub(super) fn text_hidden(
        &self,
        html: &Html,
        seeing: &Seeing,
        el: ElementRef,
        style: &Style,
        world: World,
    ) -> Option<Reason> {
        let found = |technique, by, maybe| Some(Reason { technique, by, at: el.id(), maybe });
        if let Some(slot) = style.slot(Property::FontSize)
            && (style.font < UNREADABLE || slot.value == Value::Unknown)
        {
            return found(Technique::ZeroSize, slot.by, style.font >= TINY);
        }
        let slot = style.slot(Property::TextFill).or_else(|| style.slot(Property::Color))?;
        let drawn = |property| style.slot(property).is_some_and(|s| s.value != Value::Word("none"));
        let Value::Colour(Colour::Rgba(r, g, b, alpha)) = slot.value else { return None };
        if drawn(Property::TextShadow) {
            return None;
        }
        // The letters' edges may have another colour; a sheet that was not read may well set the colours.
        let doubt = drawn(Property::TextStroke) || !self.unread.is_empty();
        if alpha <= FAINT {
            let painted = self.painted(html, seeing, el, world);
            return if painted { None } else { found(Technique::SameColour, slot.by, doubt) };
        }
        let (Colour::Rgba(ground_r, ground_g, ground_b, 1.0), ground) = self.ground(html, seeing, el, world)? else {
            return None;
        };
        let (letters, paper) = ([r, g, b], [ground_r, ground_g, ground_b]);
        let mixed = std::array::from_fn(|n| f32::from(letters[n]) * alpha + f32::from(paper[n]) * (1.0 - alpha));
        if contrast(luminance(mixed), luminance(paper.map(f32::from))) >= TOLD_APART {
            return None;
        }
        let same = alpha >= 1.0 && letters == paper;
        let sure = same && !doubt && ground.is_some_and(|ground| self.lies_on(html, seeing, el, ground, world));
        found(Technique::SameColour, slot.by, !sure)
    }

    /// Whether letters show the background of the element or of one around it, which is cut out to their shape.
    fn painted(&self, html: &Html, seeing: &Seeing, el: ElementRef, world: World) -> bool {
        std::iter::successors(Some(el), |e| parent_of(*e)).any(|at| {
            let style = self.style(html, seeing, at, world);
            style.word(Property::BackgroundClip) == Some("text") && has_background(&style)
        })
    }

    /// The plain colour behind an element's text, and the element that has it; `None` when it is not plainly declared.
    fn ground<'a>(
        &self,
        html: &Html,
        seeing: &Seeing,
        el: ElementRef<'a>,
        world: World,
    ) -> Option<(Colour, Option<ElementRef<'a>>)> {
        for at in std::iter::successors(Some(el), |e| parent_of(*e)) {
            let style = self.style(html, seeing, at, world);
            if style.slot(Property::BackgroundImage).is_some_and(|s| s.value != Value::Word("none")) {
                return None;
            }
            match style.slot(Property::BackgroundColor).map(|s| &s.value) {
                Some(Value::Colour(Colour::Rgba(_, _, _, alpha))) if *alpha <= 0.0 => {}
                Some(Value::Colour(colour)) => return Some((*colour, Some(at))),
                Some(Value::Word(_)) | None => {}
                Some(_) => return None,
            }
            // What is placed lies over other elements, whose colours are not known.
            if style.positioned() || style.word(Property::Float).is_some_and(|f| f != "none") {
                return None;
            }
        }
        // The page itself says nothing: then it is white, unless a sheet that was not read says otherwise.
        self.unread.is_empty().then_some((PAPER, None))
    }

    /// Whether nothing else can lie between an element's text and what declares the colour behind it.
    fn lies_on(&self, html: &Html, seeing: &Seeing, el: ElementRef, ground: ElementRef, world: World) -> bool {
        for at in std::iter::successors(Some(el), |e| parent_of(*e)) {
            let style = self.style(html, seeing, at, world);
            if moves(&style) || self.cascade.backs(at) {
                return false;
            }
            if at.id() == ground.id() {
                // Layers below others lie over the page's own ground, and over that of a box of their own.
                let low = style.positioned() || matches!(at.value().name(), "html" | "body");
                return !(low && self.has_layers_below(html, seeing));
            }
            if self.overlies(html, seeing, at, &style, world) {
                return false;
            }
        }
        false
    }

    /// Whether an element may lie over others in the flow, or is mixed with what is below.
    fn overlies(&self, html: &Html, seeing: &Seeing, el: ElementRef, style: &Style, world: World) -> bool {
        let drawn = |style: &Style, property, most: f32| {
            style.length(property).is_some_and(|s| s.pixels(style.font) <= most || s.percent <= most)
        };
        let set = |property| style.slot(property).is_some_and(|s| s.value != Value::Word("none"));
        let stacked = || {
            let holder = parent_of(el).map(|up| self.style(html, seeing, up, world));
            holder.is_some_and(|s| s.word(Property::Display).is_some_and(|d| d.contains("grid")))
        };
        let before = || {
            let before = el.prev_siblings().find_map(ElementRef::wrap);
            before.is_some_and(|e| drawn(&self.style(html, seeing, e, world), Property::MarginBottom, DRAWN))
        };
        set(Property::Blend)
            || set(Property::Filter)
            || drawn(style, Property::MarginTop, DRAWN)
            || drawn(style, Property::MarginLeft, DRAWN_LEFT)
            || (set(Property::GridPlace) && stacked())
            || before()
    }

    /// Whether something on the page is placed below what stands in the flow, where it serves as the ground.
    fn has_layers_below(&self, html: &Html, seeing: &Seeing) -> bool {
        *seeing.layers_below.get_or_init(|| {
            html.tree.root().descendants().filter_map(ElementRef::wrap).any(|el| {
                let style = self.style(html, seeing, el, World::Plain);
                let below =
                    matches!(style.slot(Property::ZIndex).map(|s| &s.value), Some(Value::Number(n)) if *n < 0.0);
                below
                    && style.positioned()
                    && style.word(Property::Display) != Some("none")
                    && (replaced(el) || el.has_children() || has_background(&style))
            })
        })
    }

    /// Whether an animation may change what an element has from one around it, or from itself.
    pub(super) fn moves_up_to(&self, html: &Html, seeing: &Seeing, el: ElementRef, at: NodeId, world: World) -> bool {
        for inner in std::iter::successors(Some(el), |e| parent_of(*e)) {
            if moves(&self.style(html, seeing, inner, world)) {
                return true;
            }
            if inner.id() == at {
                break;
            }
        }
        false
    }
}

/// Relative luminance of a colour of 0 to 255 each, as WCAG 2 defines it: 0 to 1.
fn luminance(colour: [f32; 3]) -> f32 {
    let [r, g, b] = colour.map(|c| match c / 255.0 {
        c if c <= 0.04045 => c / 12.92,
        c => ((c + 0.055) / 1.055).powf(2.4),
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast of two luminances as WCAG 2 defines it, 1 to 21.
fn contrast(a: f32, b: f32) -> f32 {
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Whether an animation runs on the element.
fn moves(style: &Rc<Style>) -> bool {
    style.slot(Property::Animation).is_some_and(|s| s.value != Value::Word("none"))
}

fn has_background(style: &Style) -> bool {
    let clear = |value: &Value| matches!(value, Value::Word(_) | Value::Colour(Colour::Rgba(_, _, _, 0.0)));
    [Property::BackgroundImage, Property::BackgroundColor]
        .iter()
        .any(|p| style.slot(*p).is_some_and(|s| !clear(&s.value)))
}
