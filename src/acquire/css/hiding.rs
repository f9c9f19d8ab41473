//! The ways of hiding: given an element's style, whether it hides the element or what is in it, and how.

use ego_tree::NodeId;
use scraper::ElementRef;

use super::carried::{away, moved_away};
use super::edge::{NEAR, beyond_edge};
use super::length::Sum;
use super::property::Property;
use super::style::{By, Slot, Style};
use super::ua::{TableBox, hidden_by_default, hidden_until_found, inline_by_default, never_shown, replaced, table_box};
use super::value::Value;
use crate::snapshot::Technique;

/// This many pixels off the edge is off the page.
pub(super) const FAR: f32 = 1000.0;
/// Text indented this far does not stand in its box.
const INDENT_FAR: f32 = 500.0;
/// A box this small shows nothing of its content.
pub(super) const TINY: f32 = 1.0;
/// Of a box this small one sees so little of its content that it depends on the content.
const SMALL: f32 = 6.0;
/// Zoomed out this far nobody reads a text of the usual size.
const ZOOMED_OUT: f32 = 0.15;
/// With less opacity than this it depends on the eye and the screen whether something is seen.
const PALE: f32 = 0.05;
/// Less opacity than this cannot be seen.
pub(super) const FAINT: f32 = 0.01;

/// Why something is hidden.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reason {
    pub(super) technique: Technique,
    pub(super) by: By,
    /// The element that is hidden.
    pub(super) at: NodeId,
    /// It may be so, or not: a value is not known, or an animation changes it.
    pub(super) maybe: bool,
}

/// What an element's style does to the element and everything in it.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Hides all of it.
    pub(super) whole: Option<Reason>,
    /// Cuts what lies in its box: what is placed elsewhere escapes.
    pub(super) cut: Option<Reason>,
    /// Carries it off the page: what is fixed to the screen escapes.
    pub(super) away: Option<Reason>,
}

impl Value {
    /// Whether the value can only serve to hide; used to tell rules that open from rules that close.
    pub(super) fn hides(&self, property: Property) -> bool {
        use Property as P;
        match (property, self) {
            (_, Self::Nothing | Self::Unknown) => true,
            (P::Display, Self::Word(word)) => *word == "none",
            (P::Visibility | P::ContentVisibility, Self::Word(word)) => matches!(*word, "hidden" | "collapse"),
            (P::Opacity | P::Filter, Self::Number(n)) => *n < 0.1,
            (P::Left | P::Top | P::Right | P::Bottom, Self::Length(sum)) => {
                sum.pixels(16.0) <= -NEAR || sum.percent <= -100.0
            }
            (P::MarginLeft | P::MarginTop, Self::Length(sum)) => sum.pixels(16.0) <= -FAR || sum.percent <= -100.0,
            (P::Width | P::Height | P::MaxWidth | P::MaxHeight, Self::Length(sum)) => tiny(sum, 16.0),
            (P::TextIndent, Self::Length(sum)) => sum.pixels(16.0).abs() >= INDENT_FAR,
            (P::FontSize, Self::Length(sum)) => sum.pixels(16.0) < TINY,
            (P::Zoom, Self::Number(n)) => *n < ZOOMED_OUT,
            (P::LineClamp, Self::Number(_)) => true,
            (P::OverflowX | P::OverflowY, Self::Word(word)) => matches!(*word, "hidden" | "clip"),
            (P::Transform | P::Translate, Self::Moved(x, y)) => [x, y].iter().any(|s| s.pixels(16.0).abs() >= 700.0),
            _ => false,
        }
    }
}

fn tiny(sum: &Sum, font: f32) -> bool {
    at_most(sum, font, TINY)
}

fn at_most(sum: &Sum, font: f32, pixels: f32) -> bool {
    sum.percent.abs() < 0.01 && sum.pixels(font) <= pixels
}

/// Whether the element stands in a line of text, so that sizes and transforms do not touch it.
pub(super) fn in_line(el: ElementRef, style: &Style, parent: Option<&Style>) -> bool {
    let inline = match style.word(Property::Display) {
        Some(word) => matches!(word, "inline" | "contents"),
        None => inline_by_default(el),
    };
    let floats = style.word(Property::Float).is_some_and(|f| f != "none");
    let item = parent.is_some_and(|p| {
        let display = p.word(Property::Display);
        display.is_some_and(|d| d.contains("flex") || d.contains("grid") || d.contains("-box"))
    });
    inline && !replaced(el) && !floats && !item && !style.placed()
}

/// What the style does to the element; `parent` is the parent's style, `on_page` tells whether the element is placed
/// against the page's own edges.
pub(super) fn effects(
    el: ElementRef,
    style: &Style,
    parent: Option<&Style>,
    on_page: impl FnOnce() -> bool,
) -> Effects {
    let at = el.id();
    let reason = |technique, by, maybe| Some(Reason { technique, by, at, maybe });
    let animated = style.slot(Property::Animation).is_some_and(|s| s.value != Value::Word("none"));
    let mut effects = Effects::default();
    if never_shown(el) {
        effects.whole = reason(Technique::HiddenAttribute, By::Element(at), false);
        return effects;
    }
    match style.slot(Property::Display) {
        Some(slot) => match slot.value {
            Value::Word("none") => effects.whole = reason(Technique::DisplayNone, slot.by, false),
            Value::Unknown => effects.whole = reason(Technique::DisplayNone, slot.by, true),
            _ => {}
        },
        None if hidden_by_default(el) => effects.whole = reason(Technique::HiddenAttribute, By::Element(at), false),
        None => {}
    }
    if effects.whole.is_some_and(|r| !r.maybe) || style.word(Property::Display) == Some("contents") {
        return effects;
    }
    let line = in_line(el, style, parent);
    effects.whole = whole(style, line, animated, at, el).or(effects.whole);
    if !line {
        effects.cut = cut(el, style, parent, animated);
    }
    effects.away = away(style, line, at, animated).or_else(|| beyond_edge(el, style, animated, on_page));
    effects
}

fn whole(style: &Style, line: bool, animated: bool, at: NodeId, el: ElementRef) -> Option<Reason> {
    let found = |technique, by, maybe| Some(Reason { technique, by, at, maybe });
    if let Some(slot) = style.slot(Property::ContentVisibility) {
        match slot.value {
            Value::Word("hidden") if !line => return found(Technique::ContentVisibility, slot.by, false),
            Value::Unknown => return found(Technique::ContentVisibility, slot.by, true),
            _ => {}
        }
    } else if hidden_until_found(el) {
        return found(Technique::ContentVisibility, By::Element(at), false);
    }
    for property in [Property::Opacity, Property::Filter] {
        if let Some(slot) = style.slot(property) {
            match slot.value {
                Value::Number(n) if n < PALE => return found(Technique::Transparent, slot.by, animated || n > FAINT),
                Value::Unknown => return found(Technique::Transparent, slot.by, true),
                _ => {}
            }
        }
    }
    let clipping = [(Property::ClipPath, true), (Property::Clip, style.placed())];
    for (property, works) in clipping {
        if let Some(slot) = style.slot(property).filter(|s| works && s.value == Value::Nothing) {
            return found(Technique::Clipped, slot.by, animated);
        }
    }
    for property in [Property::Transform, Property::Scale, Property::Rotate] {
        if let Some(slot) = style.slot(property).filter(|s| !line && s.value == Value::Nothing) {
            return found(Technique::ZeroSize, slot.by, animated);
        }
    }
    if let Some(slot) = style.slot(Property::Zoom).filter(|s| matches!(s.value, Value::Number(n) if n < ZOOMED_OUT)) {
        return found(Technique::ZeroSize, slot.by, true);
    }
    if line {
        return None;
    }
    // Where a path leads is not reckoned.
    if let Some(slot) = style.slot(Property::Path).filter(|s| s.value != Value::Word("none")) {
        return found(Technique::OffScreen, slot.by, true);
    }
    for property in [Property::Transform, Property::Translate] {
        let Some(slot) = style.slot(property) else { continue };
        if let Value::Moved(x, y) = &slot.value
            && let Some(doubt) = moved_away(el, style, x, y)
        {
            return found(Technique::OffScreen, slot.by, animated || doubt);
        }
    }
    None
}

/// No width or no height, and what does not fit is cut off.
fn cut(el: ElementRef, style: &Style, parent: Option<&Style>, animated: bool) -> Option<Reason> {
    let cuts = replaced(el)
        || [Property::OverflowX, Property::OverflowY].iter().any(|p| style.word(*p).is_some_and(|w| w != "visible"));
    let table = table_box(el, style.word(Property::Display));
    if !cuts || table == Some(TableBox::Frame) {
        return None;
    }
    let axes = [
        ([Property::MaxHeight, Property::Height], Property::MinHeight, [Property::PaddingTop, Property::PaddingBottom]),
        ([Property::MaxWidth, Property::Width], Property::MinWidth, [Property::PaddingLeft, Property::PaddingRight]),
    ];
    let grows = grows(style, parent);
    // Scripts and pointers set the grid's rows, not this element's: which they are is in doubt.
    let no_row = parent.and_then(roomless_row).filter(|_| table.is_none() && !style.placed());
    let (mut found, mut other_way): (Option<Reason>, bool) = (None, false);
    for (sizes, least, padding) in axes {
        let held = style.slot(least).map(|slot| &slot.value);
        let more_than = |pixels| {
            let of = |value: Option<&Value>| matches!(value, Some(Value::Length(s)) if !at_most(s, style.font, pixels));
            of(held) || padding.iter().any(|p| of(style.slot(*p).map(|s| &s.value)))
        };
        if more_than(SMALL) {
            continue;
        }
        if least == Property::MinHeight
            && held.is_none_or(|v| *v == Value::Length(Sum::default()))
            && let Some(slot) = no_row
        {
            return Some(Reason { technique: Technique::ZeroSize, by: slot.by, at: el.id(), maybe: true });
        }
        // A least size that follows the content, or that was not read, may keep the box open.
        let kept = held.is_some_and(|value| !matches!(value, Value::Length(_) | Value::Word("auto" | "none")));
        for property in sizes {
            let greatest = matches!(property, Property::MaxHeight | Property::MaxWidth);
            // A cell is as large as its content needs; only its greatest width counts for something.
            if table == Some(TableBox::Cell) && property != Property::MaxWidth {
                continue;
            }
            let Some(slot) = style.slot(property) else { continue };
            let unknown = slot.value == Value::Unknown;
            let small = |pixels| matches!(&slot.value, Value::Length(sum) if at_most(sum, style.font, pixels));
            if !(small(SMALL) || unknown) {
                continue;
            }
            let little = !small(TINY) || more_than(TINY);
            let grown = grows && !greatest;
            // What grows does so one way only: with no size in both ways one of them stays.
            let doubtful = animated || unknown || little || kept || table.is_some();
            let maybe = doubtful || (grown && !other_way);
            let reason = Reason { technique: Technique::ZeroSize, by: slot.by, at: el.id(), maybe };
            if !maybe {
                return Some(reason);
            }
            other_way |= !doubtful;
            found = found.or(Some(reason));
        }
    }
    found
}

/// The declaration that gives the one row of a grid no room; what does not cut off its content keeps some.
fn roomless_row(grid: &Style) -> Option<&Slot> {
    let own = [Property::Height, Property::MinHeight].iter().any(|p| grid.slot(*p).is_some());
    let slot = grid.slot(Property::GridRows).filter(|slot| slot.value == Value::Nothing)?;
    (grid.word(Property::Display).is_some_and(|d| d.contains("grid")) && !own).then_some(slot)
}

/// Whether a flexible row or column gives the element room that its own size does not ask for.
fn grows(style: &Style, parent: Option<&Style>) -> bool {
    let flexible = parent.and_then(|p| p.slot(Property::Display)).is_some_and(|slot| match slot.value {
        Value::Word(word) => word.contains("flex") || word.contains("-box") || word == "contents",
        _ => true,
    });
    let value = |property| style.slot(property).map(|slot| &slot.value);
    let grown = value(Property::Grow).is_some_and(|v| *v != Value::Number(0.0));
    let wide = value(Property::Basis).is_some_and(|v| match v {
        Value::Length(sum) => !tiny(sum, style.font),
        Value::Word(word) => *word != "auto",
        _ => true,
    });
    flexible && !style.placed() && (grown || wide)
}

/// Whether the style of a block carries its text out of it. To the right text stays on the page unless it is cut off.
pub(super) fn indented_away(block: ElementRef, style: &Style) -> Option<Reason> {
    let slot = style.slot(Property::TextIndent)?;
    let Value::Length(sum) = &slot.value else { return None };
    let indent = sum.pixels(style.font);
    let cut = style.word(Property::OverflowX).is_some_and(|w| w != "visible");
    let out = indent <= -INDENT_FAR || sum.percent <= -100.0 || cut && (indent >= INDENT_FAR || sum.percent >= 100.0);
    out.then_some(Reason { technique: Technique::OffScreen, by: slot.by, at: block.id(), maybe: false })
}
