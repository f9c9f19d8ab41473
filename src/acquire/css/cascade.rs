//! Finds the declarations that apply to an element and orders them: importance, `style` attribute, layers,
//! specificity, position. Rules are found by the rightmost part of their selectors.

use std::cell::{Cell, OnceCell, RefCell};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use ego_tree::NodeId;
use scraper::ElementRef;

use super::custom::{Customs, substitute};
use super::declared::inline;
use super::index::Index;
use super::length::Colour;
use super::property::{Name, Property};
use super::reveal::Allowed;
use super::rules::{Custom, Declaration, Rules};
use super::selector::{Above, Change, Matcher, Outcome, Selector, States, Subject, attribute, parent_of};
use super::style::{By, Candidate, Style, Weight};
use super::ua::hints;
use super::value::Value;

/// Steps of selector matching one page may cost; about a second of work.
const FUEL: u64 = 20_000_000;
/// Steps for finding out what would open hidden parts.
const LOOSE_FUEL: u64 = 5_000_000;

/// One way the page could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum World {
    /// No condition that cannot be evaluated holds.
    Plain,
    /// All of them hold.
    All,
    /// Only this one holds.
    Only(u32),
    /// A person has opened what a person can open.
    Pointed,
    /// Scripts have opened what they are there to open.
    Opened,
    /// Scripts have done all that names of classes speak of, though no script was seen to hold those names.
    Guessed,
    /// Scripts have done what pages wait for (`loaded`, `cloak`).
    Loaded,
}

impl World {
    fn holds(self, condition: u32) -> bool {
        match self {
            _ if condition == 0 => true,
            Self::All => true,
            Self::Only(one) => one == condition,
            Self::Plain | Self::Pointed | Self::Opened | Self::Guessed | Self::Loaded => false,
        }
    }

    fn change(self) -> Option<Change> {
        match self {
            Self::Pointed => Some(Change::Person),
            Self::Opened => Some(Change::Script),
            Self::Guessed => Some(Change::Guess),
            Self::Loaded => Some(Change::Load),
            _ => None,
        }
    }
}

/// A rule that applies to an element, and with what specificity.
#[derive(Debug, Clone, Copy)]
struct Hit {
    rule: usize,
    specificity: u32,
    outcome: Outcome,
}

/// What was worked out for the elements of one tree.
#[derive(Debug, Default)]
pub(super) struct Memo {
    hits: RefCell<HashMap<NodeId, Rc<[Hit]>>>,
    loose: RefCell<HashMap<NodeId, Rc<[Hit]>>>,
    above: RefCell<HashMap<NodeId, Rc<Above>>>,
    styles: RefCell<HashMap<(NodeId, World), Rc<Style>>>,
}

/// The rules of a page, ready to be asked.
#[derive(Debug)]
pub(super) struct Cascade {
    pub(super) rules: Rules,
    ranks: Vec<u32>,
    index: Index,
    /// Rules for `::before` and `::after`.
    generated: Index,
    loose: OnceCell<Index>,
    pub(super) quirks: bool,
    fuel: Cell<u64>,
    loose_fuel: Cell<u64>,
}

type Inline = (Vec<(Property, Value, bool)>, Vec<Custom>);

impl Cascade {
    pub(super) fn new(rules: Rules, quirks: bool) -> Self {
        let ranks = rules.layers.ranks();
        let index = Index::tight(&rules, quirks, Subject::Element);
        let generated = Index::tight(&rules, quirks, Subject::Generated);
        Self {
            rules,
            ranks,
            index,
            generated,
            loose: OnceCell::new(),
            quirks,
            fuel: Cell::new(FUEL),
            loose_fuel: Cell::new(LOOSE_FUEL),
        }
    }

    /// The page's selectors cost too much: nothing that follows is certain.
    pub(super) fn exhausted(&self) -> bool {
        self.fuel.get() == 0
    }

    /// What opens hidden parts could not be looked for to the end.
    pub(super) fn loosely_exhausted(&self) -> bool {
        self.loose_fuel.get() == 0
    }

    fn matcher(&self) -> Matcher<'_> {
        Matcher { quirks: self.quirks, fuel: &self.fuel }
    }

    /// Whether a selector fits an element as it stands.
    pub(super) fn fits(&self, selector: &Selector, el: ElementRef) -> bool {
        self.matcher().matches(selector, el)
    }

    /// The names of the element's ancestors.
    fn above(&self, memo: &Memo, el: ElementRef) -> Rc<Above> {
        let mut chain = vec![el];
        let mut above = loop {
            let at = chain[chain.len() - 1];
            if let Some(found) = memo.above.borrow().get(&at.id()) {
                chain.pop();
                break Rc::clone(found);
            }
            match parent_of(at) {
                Some(up) => chain.push(up),
                None => break Rc::default(),
            }
        };
        // From there inwards each adds its parent's names to what its parent has above.
        for el in chain.into_iter().rev() {
            if let Some(up) = parent_of(el) {
                above = Rc::new(above.with(up));
            }
            memo.above.borrow_mut().insert(el.id(), Rc::clone(&above));
        }
        above
    }

    /// The rules that match the element as it stands, conditional ones included.
    fn hits(&self, memo: &Memo, el: ElementRef) -> Rc<[Hit]> {
        if let Some(hits) = memo.hits.borrow().get(&el.id()) {
            return Rc::clone(hits);
        }
        // Nothing that follows is certain, and going through all rules for each element would take minutes.
        if self.exhausted() {
            return Rc::default();
        }
        let matcher = self.matcher();
        let outcome = Outcome { now: true, flip: None };
        let above = self.above(memo, el);
        let mut hits = Vec::new();
        self.index.candidates(el, self.quirks, |entry| {
            if !matcher.may_match(entry.needed(), &above) {
                return;
            }
            let selector = entry.selector(&self.rules);
            if matcher.matches(selector, el) {
                hits.push(Hit { rule: entry.rule(), specificity: selector.specificity, outcome });
            }
        });
        let hits: Rc<[Hit]> = hits.into();
        memo.hits.borrow_mut().insert(el.id(), Rc::clone(&hits));
        hits
    }

    /// The rules that match, or would after a change of state.
    fn loose_hits(&self, memo: &Memo, el: ElementRef, states: &States) -> Rc<[Hit]> {
        if let Some(hits) = memo.loose.borrow().get(&el.id()) {
            return Rc::clone(hits);
        }
        if self.loosely_exhausted() {
            return self.hits(memo, el);
        }
        let index = self.loose.get_or_init(|| Index::loose(&self.rules, self.quirks));
        let matcher = Matcher { quirks: self.quirks, fuel: &self.loose_fuel };
        let above = self.above(memo, el);
        let mut hits = Vec::new();
        index.candidates(el, self.quirks, |entry| {
            let selector = entry.selector(&self.rules);
            let outcome = matcher.outcome(selector, el, &above, states);
            if outcome.flip.is_some() {
                hits.push(Hit { rule: entry.rule(), specificity: selector.specificity, outcome });
            }
        });
        // What matches for good matches in every world.
        let plain = self.hits(memo, el);
        let ending: HashSet<(usize, u32)> =
            hits.iter().filter(|h| h.outcome.now).map(|h| (h.rule, h.specificity)).collect();
        hits.extend(plain.iter().filter(|hit| !ending.contains(&(hit.rule, hit.specificity))));
        let hits: Rc<[Hit]> = hits.into();
        memo.loose.borrow_mut().insert(el.id(), Rc::clone(&hits));
        hits
    }

    /// The conditions that cannot be evaluated and bear on this element.
    pub(super) fn conditions(&self, memo: &Memo, el: ElementRef) -> Vec<u32> {
        let mut all: Vec<u32> =
            self.hits(memo, el).iter().map(|h| self.rules.all[h.rule].condition).filter(|c| *c != 0).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether a rule draws content before or after the element, whose style is given.
    pub(super) fn generates(&self, el: ElementRef, style: &Style) -> bool {
        if self.exhausted() {
            return false;
        }
        let matcher = self.matcher();
        let mut drawn = false;
        // Values that are filled in may use what the rules for the same boxes set.
        let (mut open, mut customs) = (Vec::new(), Customs::clone(&style.customs));
        self.generated.candidates(el, self.quirks, |entry| {
            let rule = &self.rules.all[entry.rule()];
            let draws = |d: &&Declaration| {
                matches!(d.property, Property::Content | Property::BackgroundImage)
                    && matches!(d.value, Value::Opaque | Value::Raw(..))
            };
            let mut draws = rule.declarations.iter().filter(draws).peekable();
            if (draws.peek().is_none() && rule.customs.is_empty()) || !matcher.matches(entry.selector(&self.rules), el)
            {
                return;
            }
            for declaration in draws {
                match &declaration.value {
                    Value::Raw(name, text) => open.push((declaration.property, *name, Rc::clone(text))),
                    _ => drawn = true,
                }
            }
            rule.customs.iter().for_each(|c| customs.set(&c.name, Some(Rc::clone(&c.text))));
        });
        drawn || open.iter().any(|(property, name, text)| fills(el, *property, *name, text, &customs))
    }

    /// Whether a rule lays a colour or picture behind the element by what it draws before or after it.
    pub(super) fn backs(&self, el: ElementRef) -> bool {
        if self.exhausted() {
            return false;
        }
        let paints = |property, value: &Value| match property {
            Property::BackgroundColor => !matches!(value, Value::Colour(Colour::Rgba(_, _, _, 0.0))),
            Property::BackgroundImage => *value != Value::Word("none"),
            _ => false,
        };
        let matcher = self.matcher();
        let mut found = false;
        self.generated.candidates(el, self.quirks, |entry| {
            let declarations = &self.rules.all[entry.rule()].declarations;
            found |= declarations.iter().any(|d| paints(d.property, &d.value))
                && matcher.matches(entry.selector(&self.rules), el);
        });
        found
    }

    /// The element's style in a world. `states` says what is expected to change where the world is an opened one.
    pub(super) fn style(
        &self,
        memo: &Memo,
        el: ElementRef,
        world: World,
        states: &dyn Fn(ElementRef) -> Option<Rc<Allowed>>,
    ) -> Rc<Style> {
        if let Some(style) = memo.styles.borrow().get(&(el.id(), world)) {
            return Rc::clone(style);
        }
        // From the outermost ancestor not yet known inwards: pages may be deeper than the stack.
        let mut chain = vec![el];
        let mut parent = None;
        while let Some(up) = chain.last().and_then(|e| parent_of(*e)) {
            if let Some(style) = memo.styles.borrow().get(&(up.id(), world)) {
                parent = Some(Rc::clone(style));
                break;
            }
            chain.push(up);
        }
        let mut style = parent;
        for el in chain.into_iter().rev() {
            let next = Rc::new(self.compute(memo, el, world, style.as_deref(), states));
            memo.styles.borrow_mut().insert((el.id(), world), Rc::clone(&next));
            style = Some(next);
        }
        style.unwrap_or_default()
    }

    fn compute(
        &self,
        memo: &Memo,
        el: ElementRef,
        world: World,
        parent: Option<&Style>,
        states: &dyn Fn(ElementRef) -> Option<Rc<Allowed>>,
    ) -> Style {
        let change = world.change();
        let loose = change.and_then(|_| states(el)).map(|allowed| {
            self.loose_hits(
                memo,
                el,
                &States {
                    class: &|c, now| allowed.class(c, now),
                    attribute: &|a, now| allowed.attribute(a, now),
                    toggled: &|el| allowed.toggled(el),
                    targeted: &|el| allowed.targeted(el),
                    absent: allowed.absent,
                },
            )
        });
        let hits = loose.unwrap_or_else(|| self.hits(memo, el));
        let style_attribute = self.inline(el);
        let hinted = hints(el);
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut customs: Vec<(Weight, &str, &Rc<str>)> = Vec::new();
        for hit in hits.iter() {
            let rule = &self.rules.all[hit.rule];
            if !world.holds(rule.condition) {
                continue;
            }
            let flips = hit.outcome.flip.zip(change).is_some_and(|(needed, allowed)| needed <= allowed);
            if !hit.outcome.now && !flips {
                continue;
            }
            for (i, d) in rule.declarations.iter().enumerate() {
                // In an opened world what opens is added and what would go away is left out, nothing else.
                if flips && d.value.hides(d.property) {
                    continue;
                }
                let weight = self.weight(d.important, rule.layer, hit.specificity, d.order);
                let by = By::Declaration(hit.rule, i);
                candidates.push(Candidate { weight, property: d.property, value: &d.value, by });
            }
            for c in &rule.customs {
                let weight = self.weight(c.important, rule.layer, hit.specificity, c.order);
                customs.push((weight, &c.name, &c.text));
            }
        }
        let by = By::Element(el.id());
        if let Some((longhands, own)) = &style_attribute {
            for (order, (property, value, important)) in (0..).zip(longhands) {
                let weight = (if *important { 4 } else { 2 }, 0, 0, order);
                candidates.push(Candidate { weight, property: *property, value, by });
            }
            for c in own {
                customs.push(((if c.important { 4 } else { 2 }, 0, 0, 0), &c.name, &c.text));
            }
        }
        for (property, value) in &hinted {
            candidates.push(Candidate { weight: (0, 0, 0, 0), property: *property, value, by });
        }
        candidates.sort_by_key(|c| Reverse(c.weight));
        let customs = inherit_customs(customs, parent);
        Style::resolve(el, &candidates, customs, parent, self.quirks)
    }

    fn weight(&self, important: bool, layer: usize, specificity: u32, order: u32) -> Weight {
        let rank = self.ranks.get(layer).copied().unwrap_or(0);
        if important { (3, u32::MAX - rank, specificity, order) } else { (1, rank, specificity, order) }
    }

    fn inline(&self, el: ElementRef) -> Option<Inline> {
        attribute(el, "style").filter(|s| !s.trim().is_empty()).map(|s| inline(s, self.quirks))
    }
}

/// Whether a value that is filled in when the page is shown draws something.
fn fills(el: ElementRef, property: Property, name: Name, text: &str, customs: &Customs) -> bool {
    let lower = text.to_ascii_lowercase();
    let mut named = lower.split("attr(").skip(1).peekable();
    if property == Property::Content && named.peek().is_some() {
        let said = |rest: &str| {
            let key = rest.split([')', ',', ' ']).next().unwrap_or_default();
            attribute(el, key).is_some_and(|value| !value.is_empty())
        };
        return text.contains(['"', '\'']) || named.any(said);
    }
    let Some(filled) = substitute(text, customs) else { return false };
    name.declare(&filled, false).iter().any(|(p, value)| *p == property && *value == Value::Opaque)
}

fn inherit_customs(mut own: Vec<(Weight, &str, &Rc<str>)>, parent: Option<&Style>) -> Rc<Customs> {
    let inherited = parent.map(|p| Rc::clone(&p.customs)).unwrap_or_default();
    if own.is_empty() {
        return inherited;
    }
    own.sort_by_key(|(weight, ..)| *weight);
    let mut customs = Customs::clone(&inherited);
    for (_, name, text) in own {
        let value = match text.to_ascii_lowercase().as_str() {
            "initial" => None,
            "inherit" | "unset" | "revert" | "revert-layer" => inherited.get(name).map(Rc::clone),
            _ => Some(Rc::clone(text)),
        };
        customs.set(name, value);
    }
    Rc::new(customs)
}
