//! Whether something else may lie over an element: placed in the same box, as large as the box by what is declared, and
//! painted in a plain colour. Where boxes come to lie is known only when the page is laid out, so this is a doubt.

use scraper::{ElementRef, Html};

use super::cascade::World;
use super::hiding::Reason;
use super::length::Colour;
use super::property::Property;
use super::selector::parent_of;
use super::style::Style;
use super::value::Value;
use super::visible::{Seeing, Styles};
use crate::snapshot::Technique;

/// More elements around one than these are not looked at.
const MOST_AROUND: usize = 200;
/// Less opacity than this lets through what lies below.
const OPAQUE: f32 = 0.9;

impl Styles {
    /// What may lie over an element, by the declaration that places it.
    pub(super) fn covered(&self, html: &Html, seeing: &Seeing, el: ElementRef) -> Option<Reason> {
        let style = |el| self.style(html, seeing, el, World::Plain);
        let page = |el: &ElementRef| matches!(el.value().name(), "html" | "body");
        let mut chain: Vec<ElementRef> = std::iter::successors(Some(el), |e| parent_of(*e)).collect();
        // Only what lies in a positioned box is looked at: on the page itself covers come and go by script.
        while chain.last().is_some_and(|e| page(e) || !style(*e).positioned()) {
            chain.pop();
        }
        let mut left = MOST_AROUND;
        // How high the branch that holds the element lies, once it is positioned.
        let mut height = None;
        for (at, pair) in chain.windows(2).enumerate() {
            let &[branch, up] = pair else { break };
            let own = style(branch);
            if own.positioned() {
                height = Some(level(&own));
            }
            let holder = chain.iter().skip(at + 1).map(|e| style(*e)).find(|s| s.positioned())?;
            let mut later = false;
            for beside in up.child_elements() {
                if beside.id() == branch.id() {
                    later = true;
                    continue;
                }
                for other in beside.descendants().filter_map(ElementRef::wrap).take(left) {
                    left -= 1;
                    let over = style(other);
                    if over.word(Property::Position) != Some("absolute") {
                        continue;
                    }
                    let above = match height {
                        None => level(&over) >= 0.0,
                        Some(height) => level(&over) > height || (later && level(&over) >= height),
                    };
                    let within =
                        std::iter::successors(Some(other), |e| parent_of(*e)).take_while(|e| e.id() != up.id());
                    if above
                        && opaque(&over)
                        && fills(&over, &holder)
                        && !within.skip(1).any(|e| style(e).positioned())
                        && self.hidden_in(html, seeing, other, false, World::Plain).is_none()
                        && let Some(slot) = over.slot(Property::Position)
                    {
                        return Some(Reason { technique: Technique::Covered, by: slot.by, at: el.id(), maybe: true });
                    }
                }
            }
        }
        None
    }
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
