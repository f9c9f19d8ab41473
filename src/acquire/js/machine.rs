//! The state of the reading: what is known of every variable and object, and under which conditions the
//! code at hand runs. Both sides of an unknown condition are read, each under its guard.
//! It runs nothing and looks at nothing outside the page's scripts.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::rc::Rc;

use indexmap::IndexMap;
use oxc_allocator::Allocator;
use oxc_span::GetSpan;
use url::Url;

use super::fork::Held;
use super::heap::{At, Kind, Object, ObjectId, ScopeId};
use super::hinder::Hindrances;
use super::needle::Needles;
use super::path::{Path, Slot};
use super::record::Record;
use super::scope::Scope;
use super::sought::Question;
use super::task::{Phase, Task};
use super::unit::Unit;
use super::value::Value;
use crate::snapshot::Doubt;

/// Calls within calls.
pub(super) const DEEPEST_CALL: u32 = 64;
/// Expressions within expressions, over all calls.
const DEEPEST: u32 = 4000;

/// Steps of all that runs later.
const STEPS_LATER: u32 = 200_000;

/// How a piece of code ends other than by reaching its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit<'a> {
    Continue(Option<&'a str>),
    Break(Option<&'a str>),
    Return,
    Throw,
    /// The allowance is used up: nothing more is known.
    Spent,
}

/// Result of reading a piece of code.
pub(super) type Run<'a, T> = Result<T, Exit<'a>>;

/// One call in progress.
#[derive(Debug)]
pub(super) struct Frame {
    /// What it returns.
    pub(super) result: Slot,
    /// `this`.
    pub(super) this: Value,
    /// The object whose prototype `super` means.
    pub(super) home: Option<ObjectId>,
    /// Where `var` goes; `None` for `window`.
    pub(super) vars: Option<ScopeId>,
    /// Strict code.
    pub(super) strict: bool,
    /// `arguments`.
    pub(super) arguments: Vec<Value>,
}

/// Whether the page has a body while it is parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    There,
    /// Not yet.
    Later,
    /// Under a condition that is not known, by its number.
    Open(u32),
}

/// The state of the reading of one page.
pub(super) struct Machine<'a> {
    pub(super) allocator: &'a Allocator,
    pub(super) units: Vec<Unit<'a>>,
    pub(super) needles: Vec<Needles>,
    pub(super) page_text: &'a str,
    pub(super) address: Url,
    /// What relative addresses are resolved against.
    pub(super) base: Url,
    pub(super) address_assumed: bool,
    pub(super) heap: Vec<Object<'a>>,
    pub(super) scopes: Vec<Scope<'a>>,
    pub(super) scope: ScopeId,
    /// Properties of `window`.
    pub(super) globals: IndexMap<Rc<str>, Slot>,
    /// Properties that scripts set on parts of the browser, by dotted name.
    pub(super) natives: HashMap<String, Slot>,
    pub(super) held: Vec<Held<'a>>,
    pub(super) path: Path,
    pub(super) doubts: Vec<Doubt>,
    pub(super) frames: Vec<Frame>,
    /// The text being read.
    pub(super) unit: u32,
    pub(super) steps: u32,
    /// Steps left for all that runs later.
    pub(super) task_steps: u32,
    pub(super) depth: u32,
    pub(super) calls: u32,
    /// Something that may throw was read in the current `try`.
    pub(super) risky: bool,
    /// Scripts that were not read may have defined globals.
    pub(super) unread: bool,
    /// The reading of a script broke off: what it would have declared may be there.
    pub(super) broken_off: bool,
    /// The page runs scripts that were not read.
    pub(super) strangers: bool,
    /// Inside a loop whose count is not known.
    pub(super) adrift: u32,
    pub(super) phase: Phase,
    /// What scripts have put in the way of others.
    pub(super) hindrances: Hindrances,
    pub(super) tasks: BTreeMap<Phase, VecDeque<Task>>,
    pub(super) timers: u32,
    pub(super) handed: HashSet<ObjectId>,
    /// Names looked up among the ids of the page's elements.
    pub(super) named_elements: RefCell<HashMap<String, bool>>,
    /// Elements that scripts looked for, and whether they stand there.
    pub(super) stood: RefCell<HashMap<Question, bool>>,
    /// The script that runs while the page may still be parsed, by its number, and where it ends.
    pub(super) running: Option<(usize, u32)>,
    /// Parts of the address that scripts asked for.
    pub(super) location_parts: RefCell<HashMap<String, Option<String>>>,
    /// Patterns that may still be tried.
    pub(super) patterns_left: u32,
    pub(super) body: Body,
    pub(super) record: Record,
}

impl<'a> Machine<'a> {
    /// Counts one step; fails when the allowance is used up.
    pub(super) fn step(&mut self) -> Run<'a, ()> {
        if self.steps == 0 {
            return Err(Exit::Spent);
        }
        self.steps -= 1;
        Ok(())
    }

    /// Counts work that grows with the size of a text or list.
    pub(super) fn charge(&mut self, size: usize) {
        self.steps = self.steps.saturating_sub(u32::try_from(size / 64).unwrap_or(u32::MAX));
    }

    /// Goes one expression deeper.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Run<'a, T>) -> Run<'a, T> {
        self.step()?;
        if self.depth >= DEEPEST {
            return Err(Exit::Spent);
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    /// The place of a syntax node in the text being read.
    pub(super) fn at(&self, node: &impl GetSpan) -> At {
        let span = node.span();
        At { unit: self.unit, start: span.start, end: span.end }
    }

    /// A new object.
    pub(super) fn object(&mut self, kind: Kind<'a>, at: At) -> ObjectId {
        self.heap.push(Object {
            kind,
            slots: IndexMap::new(),
            getters: Vec::new(),
            proto: None,
            at,
            handed_out: false,
        });
        ObjectId(self.heap.len() - 1)
    }

    /// A new unknown condition.
    pub(super) fn doubt(&mut self, doubt: Doubt) -> u32 {
        self.doubts.push(doubt);
        u32::try_from(self.doubts.len() - 1).unwrap_or(u32::MAX)
    }
}

impl<'a> Machine<'a> {
    /// A reading of these texts that has not begun.
    pub(super) fn new(allocator: &'a Allocator, units: Vec<Unit<'a>>, needles: Vec<Needles>, page: Page<'a>) -> Self {
        Self {
            allocator,
            units,
            needles,
            page_text: page.text,
            address: page.address,
            base: page.base,
            address_assumed: page.assumed,
            heap: Vec::new(),
            scopes: vec![Scope::of(None, HashMap::new(), None)],
            scope: ScopeId(0),
            globals: IndexMap::new(),
            natives: HashMap::new(),
            held: Vec::new(),
            path: Path::default(),
            doubts: Vec::new(),
            frames: Vec::new(),
            unit: 0,
            steps: 0,
            task_steps: STEPS_LATER,
            depth: 0,
            calls: 0,
            risky: false,
            unread: page.unread,
            broken_off: false,
            strangers: page.strangers,
            adrift: 0,
            phase: Phase::Parsing,
            hindrances: Hindrances::default(),
            tasks: BTreeMap::new(),
            timers: 0,
            handed: HashSet::new(),
            named_elements: RefCell::default(),
            stood: RefCell::default(),
            running: None,
            location_parts: RefCell::default(),
            patterns_left: 200,
            body: Body::There,
            record: Record::default(),
        }
    }
}

/// What the scripts know of the page they are in.
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) address: Url,
    pub(super) assumed: bool,
    pub(super) unread: bool,
    pub(super) strangers: bool,
    pub(super) base: Url,
}
