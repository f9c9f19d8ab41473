//! Selectors as data: what a complex selector asks of an element, with its specificity.
//! Own types, because a menu that opens on hover or by a class is found by asking what would have to
//! change for a selector to match, and no selector library answers that.

mod above;
mod matching;
mod parse;
mod pseudo;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::rc::Rc;

pub(super) use above::{Above, Glimpse};
pub(super) use matching::{Matcher, Outcome, States, attribute, parent_of};
pub(super) use parse::{parse_list, supported};

/// Namespaces declared in a sheet; the empty prefix is the default namespace.
pub(super) type Namespaces = HashMap<String, String>;

/// How far an element's state must change. The order counts: a person alone is less than a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// A person does it: pointing, focusing, ticking, opening.
    Person,
    /// A script must add or remove a class or an attribute.
    Script,
    /// As above, and that a script does it is only guessed from the name.
    Guess,
    /// A script that was not read, or not understood, may do so when the page has loaded.
    Load,
}

/// How two compounds are joined, read from right to left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Combinator {
    Descendant,
    Child,
    Next,
    Later,
}

/// Whether a complex selector speaks of the element or of a box that is not the element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Element,
    /// `::before` and `::after`: content of the element's own.
    Generated,
    /// Any other pseudo-element.
    OtherBox,
}

/// One complex selector.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    /// The rightmost compound.
    pub(super) last: Compound,
    /// The others, from right to left, each with the combinator on its right.
    pub(super) before: Vec<(Combinator, Compound)>,
    /// Specificity, packed so that comparing numbers compares specificities.
    pub(super) specificity: u32,
    /// What it asks of the ancestors, to be refused quickly.
    pub(super) above: Box<[above::Needed]>,
    pub(super) subject: Subject,
    /// Names the parent rule with `&`.
    pub(super) names_parent: bool,
}

impl Selector {
    /// Whether it names the parent (`.tabs > .active`).
    pub(super) fn in_parent(&self) -> bool {
        self.before.first().is_some_and(|(combinator, parent)| {
            *combinator == Combinator::Child && !matches!(parent.simples.as_slice(), [] | [Simple::Any])
        })
    }
}

/// Simple selectors that one element must satisfy together.
#[derive(Debug, Clone, Default)]
pub(super) struct Compound {
    pub(super) simples: Vec<Simple>,
}

/// One condition on an element.
#[derive(Debug, Clone)]
pub(super) enum Simple {
    Any,
    /// Local name as written and in lower case.
    Type(Box<str>, Box<str>),
    /// The namespace address; empty for none.
    Namespace(Box<str>),
    Id(Box<str>),
    Class(Box<str>),
    Attribute(Attribute),
    Is(Rc<[Selector]>),
    Not(Rc<[Selector]>),
    /// Each selector ends, on its left, in the combinator that joins it to [`Simple::Anchor`].
    Has(Rc<[Selector]>),
    /// The element that `:has()` stands on.
    Anchor,
    Nth(Nth),
    Root,
    Empty,
    Link,
    /// True for some languages; the tags in lower case.
    Lang(Vec<String>),
    /// True while the element has this attribute, and a person can change that (`:checked`, `:open`).
    Toggled(&'static str),
    /// True while the element has (or, with `false`, lacks) this attribute.
    Flagged(&'static str, bool),
    /// False until a person points at the element or something in it, or moves the focus there.
    Pointed,
    /// False until the address of the page points at the element.
    Target,
    /// False until a person acts otherwise (`:user-valid`), or a script does.
    Later(Change),
    /// Never true of an element of a page.
    Never,
}

/// An attribute selector.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) name: Box<str>,
    pub(super) operator: Operator,
    pub(super) value: Box<str>,
    pub(super) ignore_case: bool,
}

/// How an attribute's value is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Exists,
    Equals,
    Includes,
    Dash,
    Prefix,
    Suffix,
    Contains,
}

/// `:nth-child()` and its kin: a·n + b.
#[derive(Debug, Clone)]
pub(super) struct Nth {
    pub(super) a: i32,
    pub(super) b: i32,
    pub(super) of: Option<Rc<[Selector]>>,
    pub(super) of_type: bool,
    pub(super) from_end: bool,
}

/// Ids, classes, types: packed so that they compare as CSS compares them.
pub(super) fn pack(ids: u32, classes: u32, types: u32) -> u32 {
    (ids.min(1023) << 20) | (classes.min(1023) << 10) | types.min(1023)
}

pub(super) fn highest(list: &[Selector]) -> u32 {
    list.iter().map(|s| s.specificity).max().unwrap_or(0)
}

/// The sum of two packed specificities, part by part.
pub(super) fn add(x: u32, y: u32) -> u32 {
    let part = |s: u32, at: u32| (s >> at) & 1023;
    pack(part(x, 20) + part(y, 20), part(x, 10) + part(y, 10), part(x, 0) + part(y, 0))
}
