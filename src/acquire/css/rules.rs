//! The style rules of a page as read: selectors, declarations of interest, and where each is written.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::layer::Layers;
use super::property::Property;
use super::selector::Selector;
use super::value::Value;
use crate::snapshot::{Source, Span, Spot};

/// More rules than this are not read.
const MOST_RULES: usize = 200_000;
/// More declarations of interest, or selectors in front of them, than this are not read.
const MOST_PARTS: usize = 1_000_000;

/// One declaration of a longhand of interest.
#[derive(Debug)]
pub(super) struct Declaration {
    pub(super) property: Property,
    pub(super) value: Value,
    pub(super) important: bool,
    /// Position among all declarations of the page; the later wins.
    pub(super) order: u32,
    /// In the sheet's own text.
    pub(super) span: Span,
}

/// A custom property as written.
#[derive(Debug)]
pub(super) struct Custom {
    pub(super) name: Box<str>,
    pub(super) text: Rc<str>,
    pub(super) important: bool,
    pub(super) order: u32,
}

/// The declarations of one block that are of interest.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) selectors: Rc<[Selector]>,
    pub(super) declarations: Vec<Declaration>,
    pub(super) customs: Vec<Custom>,
    pub(super) layer: usize,
    /// 0, or the number of a condition that cannot be evaluated.
    pub(super) condition: u32,
    pub(super) sheet: usize,
}

/// The text of one sheet and where it stands in what was read.
#[derive(Debug)]
pub(super) struct SheetText {
    pub(super) source: Arc<Source>,
    pub(super) place: Placed,
}

/// How positions in a sheet become positions in its source.
#[derive(Debug, Clone, Copy)]
pub(super) enum Placed {
    /// The sheet is a part of the source that starts at this byte.
    At(usize),
    /// Positions inside are not known; this is the element that holds the sheet.
    Within(Option<Span>),
}

/// Everything read from a page's style sheets.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) all: Vec<Rule>,
    pub(super) sheets: Vec<SheetText>,
    pub(super) layers: Layers,
    /// Animations that end with nothing to see, and whether they show nothing on their way either.
    pub(super) leaving: HashMap<Box<str>, bool>,
    conditions: HashMap<String, u32>,
    read: usize,
    selectors: usize,
    order: u32,
}

impl Rules {
    /// Counts one more rule; false when there are too many.
    pub(super) fn admit(&mut self) -> bool {
        self.read += 1;
        !self.full()
    }

    /// Nothing more is read.
    pub(super) fn full(&self) -> bool {
        self.read > MOST_RULES || self.selectors > MOST_PARTS || self.order as usize > MOST_PARTS
    }

    pub(super) fn push(&mut self, rule: Rule) {
        self.selectors += rule.selectors.len();
        self.all.push(rule);
    }

    pub(super) fn next_order(&mut self) -> u32 {
        self.order = self.order.saturating_add(1);
        self.order
    }

    /// The number of a condition that cannot be evaluated, inside another one.
    pub(super) fn condition(&mut self, inside: u32, text: &str) -> u32 {
        let next = u32::try_from(self.conditions.len() + 1).unwrap_or(u32::MAX);
        *self.conditions.entry(format!("{inside} {text}")).or_insert(next)
    }

    /// Where something in a sheet stands.
    pub(super) fn spot(&self, sheet: usize, span: Span) -> Option<Spot> {
        let text = self.sheets.get(sheet)?;
        let span = match text.place {
            Placed::At(from) => Span::new(from + span.start as usize, from + span.end as usize),
            Placed::Within(element) => element?,
        };
        Some(Spot { source: Arc::clone(&text.source), span })
    }
}
