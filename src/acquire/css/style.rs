//! The style of one element: for each property of interest the declaration that won, with inheritance and
//! custom properties resolved.

use std::rc::Rc;

use ego_tree::NodeId;
use scraper::ElementRef;

use super::custom::{Customs, substitute};
use super::length::Sum;
use super::property::Property;
use super::value::{Value, Wide};

/// Who set a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// A declaration, by the numbers of its rule and within it.
    Declaration(usize, usize),
    /// An attribute of this element (`style`, `hidden`, `width` …), or what it is.
    Element(NodeId),
}

/// One property's value and who set it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) property: Property,
    pub(super) value: Value,
    pub(super) by: By,
}

/// Precedence: the greater wins. Level, layer, specificity, order.
pub(super) type Weight = (u8, u32, u32, u32);

/// A declaration that applies to an element.
#[derive(Debug)]
pub(super) struct Candidate<'a> {
    pub(super) weight: Weight,
    pub(super) property: Property,
    pub(super) value: &'a Value,
    pub(super) by: By,
}

/// What the cascade gives one element.
#[derive(Debug, Default)]
pub(super) struct Style {
    slots: Vec<Slot>,
    pub(super) customs: Rc<Customs>,
    /// Font size in CSS pixels.
    pub(super) font: f32,
}

impl Style {
    /// Resolves sorted candidates (strongest first) against the parent's style.
    pub(super) fn resolve(
        el: ElementRef,
        candidates: &[Candidate],
        customs: Rc<Customs>,
        parent: Option<&Self>,
        bare: bool,
    ) -> Self {
        let parent_font = parent.map_or(16.0, |p| p.font);
        let mut style = Self { slots: Vec::new(), customs, font: parent_font };
        let mut done: u64 = 0;
        for (i, candidate) in candidates.iter().enumerate() {
            let bit = 1_u64 << (candidate.property as u64);
            if done & bit == 0 {
                done |= bit;
                style.settle(&candidates[i..], parent, bare);
            }
        }
        for slot in parent.iter().flat_map(|p| &p.slots) {
            let bit = 1_u64 << (slot.property as u64);
            let own_colour = slot.property == Property::Color && coloured_by_browser(el);
            if slot.property.inherited() && done & bit == 0 && !own_colour {
                style.slots.push(slot.clone());
            }
        }
        style
    }

    /// Sets the property of the first candidate, which is the strongest one for it.
    fn settle(&mut self, candidates: &[Candidate], parent: Option<&Self>, bare: bool) {
        let Some(first) = candidates.first() else { return };
        let property = first.property;
        let mut below: Option<(u8, u32)> = None;
        for candidate in candidates.iter().filter(|c| c.property == property) {
            let layer = (candidate.weight.0, candidate.weight.1);
            if below.is_some_and(|b| layer >= b) {
                continue;
            }
            let value = match candidate.value {
                Value::Raw(name, text) => match substitute(text, &self.customs) {
                    None => Value::Unknown,
                    Some(text) => name
                        .declare(&text, bare)
                        .into_iter()
                        .find(|(p, _)| *p == property)
                        .map_or(Value::Wide(Wide::Unset), |(_, v)| v),
                },
                value => value.clone(),
            };
            let wide = match value {
                Value::Wide(Wide::RevertLayer) => {
                    below = Some(layer);
                    continue;
                }
                Value::Wide(wide) => wide,
                value => {
                    self.set(property, value, candidate.by);
                    return;
                }
            };
            let inherit = wide == Wide::Inherit || (property.inherited() && wide != Wide::Initial);
            if inherit {
                match parent.and_then(|p| p.slot(property)) {
                    Some(slot) if property == Property::Display => {
                        self.set(property, slot.value.clone(), candidate.by);
                    }
                    Some(slot) => self.slots.push(slot.clone()),
                    None if property == Property::Display => self.set(property, Value::Word("block"), candidate.by),
                    None => {}
                }
            } else if property == Property::Display && wide != Wide::Revert {
                self.set(property, Value::Word("inline"), candidate.by);
            } else if property == Property::FontSize {
                self.font = 16.0;
            }
            return;
        }
    }

    fn set(&mut self, property: Property, value: Value, by: By) {
        let value = match (property, value) {
            (Property::FontSize, Value::Length(size)) => {
                self.font = size.pixels(self.font);
                Value::Length(Sum::of_px(self.font))
            }
            // A size that was not read is one to be seen, however small what is around it.
            (Property::FontSize, value) => {
                self.font = 16.0;
                value
            }
            (_, value) => value,
        };
        self.slots.push(Slot { property, value, by });
    }

    /// The winning declaration of a property; `None` when nothing set it.
    pub(super) fn slot(&self, property: Property) -> Option<&Slot> {
        self.slots.iter().find(|s| s.property == property)
    }

    /// The word a property is set to.
    pub(super) fn word(&self, property: Property) -> Option<&'static str> {
        match self.slot(property)?.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// The length a property is set to.
    pub(super) fn length(&self, property: Property) -> Option<Sum> {
        match self.slot(property)?.value {
            Value::Length(sum) => Some(sum),
            _ => None,
        }
    }

    /// Taken out of the flow and placed.
    pub(super) fn placed(&self) -> bool {
        matches!(self.word(Property::Position), Some("absolute" | "fixed"))
    }

    /// Any position but `static`.
    pub(super) fn positioned(&self) -> bool {
        self.word(Property::Position).is_some_and(|p| p != "static")
    }
}

/// Elements that the browser's own sheet gives a colour, so that they do not inherit one.
fn coloured_by_browser(el: ElementRef) -> bool {
    matches!(el.value().name(), "a" | "button" | "input" | "select" | "textarea" | "mark" | "option")
}
