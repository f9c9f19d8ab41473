//! Finds the rules that may match an element by the rightmost part of their selectors.

use std::collections::HashMap;

use scraper::ElementRef;

use super::reveal::says_open;
use super::rules::{Rule, Rules};
use super::selector::{Compound, Glimpse, Selector, Simple, Subject};

/// More keys than this for one selector are not worth it.
const MOST_KEYS: usize = 32;

/// One selector of one rule.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    rule: u32,
    selector: u32,
    needed: Glimpse,
}

impl Entry {
    pub(super) fn rule(self) -> usize {
        self.rule as usize
    }

    /// The selector among all rules of the page.
    pub(super) fn selector(self, rules: &Rules) -> &Selector {
        &rules.all[self.rule as usize].selectors[self.selector as usize]
    }

    /// What the selector asks of the ancestors, as far as it is kept here.
    pub(super) fn needed(self) -> Glimpse {
        self.needed
    }
}

/// Selectors by what they ask of their last element.
#[derive(Debug, Default)]
pub(super) struct Index {
    ids: HashMap<Box<str>, Vec<Entry>>,
    classes: HashMap<Box<str>, Vec<Entry>>,
    types: HashMap<Box<str>, Vec<Entry>>,
    rest: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Id(Box<str>),
    Class(Box<str>),
    Type(Box<str>),
}

impl Index {
    /// Each selector of this subject under the one key that an element must have.
    pub(super) fn tight(rules: &Rules, quirks: bool, subject: Subject) -> Self {
        Self::build(
            rules,
            quirks,
            |_, selector| selector.subject == subject,
            |selector| {
                let mut budget = MOST_KEYS;
                best(&selector.last, &mut budget)
            },
        )
    }

    /// Each selector that may open something under every key it names, so that it is also found by elements
    /// that lack some.
    pub(super) fn loose(rules: &Rules, quirks: bool) -> Self {
        let opens = |rule: &Rule, selector: &Selector| {
            selector.subject == Subject::Element && rule.declarations.iter().any(|d| d.property.opens())
        };
        Self::build(rules, quirks, opens, |selector| {
            let mut budget = MOST_KEYS;
            let mut keys = Vec::new();
            every(selector, &mut keys, &mut budget);
            // `.tabs > .active`: what opens is all that is said of the element, which so has no key of its own.
            let only_opens = matches!(keys.as_slice(), [Key::Class(class)] if selector.in_parent() && says_open(class));
            if budget == 0 || keys.is_empty() || only_opens { None } else { Some(keys) }
        })
    }

    fn build(
        rules: &Rules,
        quirks: bool,
        wanted: impl Fn(&Rule, &Selector) -> bool,
        keys: impl Fn(&Selector) -> Option<Vec<Key>>,
    ) -> Self {
        let mut index = Self::default();
        for (rule, read) in rules.all.iter().enumerate() {
            for (selector, parsed) in read.selectors.iter().enumerate().filter(|(_, s)| wanted(read, s)) {
                let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
                let entry = Entry { rule: number(rule), selector: number(selector), needed: Glimpse::of(parsed) };
                let Some(mut keys) = keys(parsed) else {
                    index.rest.push(entry);
                    continue;
                };
                dedup(&mut keys);
                for key in keys {
                    let fold = |s: Box<str>| if quirks { s.to_ascii_lowercase().into() } else { s };
                    let bucket = match key {
                        Key::Id(id) => index.ids.entry(fold(id)),
                        Key::Class(class) => index.classes.entry(fold(class)),
                        Key::Type(name) => index.types.entry(name),
                    };
                    bucket.or_default().push(entry);
                }
            }
        }
        index
    }

    /// Hands over every selector that may match; one may come more than once.
    pub(super) fn candidates(&self, el: ElementRef, quirks: bool, mut each: impl FnMut(Entry)) {
        let element = el.value();
        let mut found = |bucket: Option<&Vec<Entry>>| bucket.into_iter().flatten().for_each(|e| each(*e));
        let fold = |s: &str| if quirks { s.to_ascii_lowercase() } else { s.to_owned() };
        if let Some(id) = element.id() {
            found(if quirks { self.ids.get(fold(id).as_str()) } else { self.ids.get(id) });
        }
        for class in element.classes() {
            found(if quirks { self.classes.get(fold(class).as_str()) } else { self.classes.get(class) });
        }
        found(self.types.get(element.name().to_ascii_lowercase().as_str()));
        found(Some(&self.rest));
    }
}

fn dedup(keys: &mut Vec<Key>) {
    let mut seen: Vec<Key> = Vec::with_capacity(keys.len());
    keys.retain(|k| {
        let new = !seen.contains(k);
        if new {
            seen.push(k.clone());
        }
        new
    });
}

/// Keys of which the element must have one; `None` when there is no such set.
fn best(compound: &Compound, budget: &mut usize) -> Option<Vec<Key>> {
    let simple = |wanted: fn(&Simple) -> Option<Key>| compound.simples.iter().find_map(wanted).map(|k| vec![k]);
    let id = simple(|s| if let Simple::Id(id) = s { Some(Key::Id(id.clone())) } else { None });
    let class = || simple(|s| if let Simple::Class(class) = s { Some(Key::Class(class.clone())) } else { None });
    let name = || simple(|s| if let Simple::Type(_, lower) = s { Some(Key::Type(lower.clone())) } else { None });
    let list = |budget: &mut usize| {
        compound.simples.iter().find_map(|s| {
            let Simple::Is(list) = s else { return None };
            let mut keys = Vec::new();
            for selector in list.iter() {
                *budget = budget.checked_sub(1)?;
                keys.extend(best(&selector.last, budget)?);
            }
            Some(keys)
        })
    };
    id.or_else(class).or_else(|| list(budget)).or_else(name)
}

fn every(selector: &Selector, keys: &mut Vec<Key>, budget: &mut usize) {
    for simple in &selector.last.simples {
        match simple {
            Simple::Id(id) => keys.push(Key::Id(id.clone())),
            Simple::Class(class) => keys.push(Key::Class(class.clone())),
            Simple::Type(_, lower) => keys.push(Key::Type(lower.clone())),
            Simple::Is(list) => {
                for inner in list.iter() {
                    *budget = budget.saturating_sub(1);
                    if *budget == 0 {
                        return;
                    }
                    every(inner, keys, budget);
                }
            }
            _ => {}
        }
    }
}
