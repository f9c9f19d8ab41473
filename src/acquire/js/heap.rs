//! The objects that the scripts of a page make: lists, functions, page elements, plain objects.
//! Data only; what happens to them is told elsewhere.

use std::rc::Rc;

use indexmap::IndexMap;
use oxc_ast::ast::{ArrowFunctionExpression, Class, Function};

use super::path::{Path, Slot};
use super::value::Value;

/// A place: script text and byte range in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct At {
    /// Index of the text among the units.
    pub(super) unit: u32,
    /// First byte in the text.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
}

/// Index of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ObjectId(pub(super) usize);

/// Index of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct ScopeId(pub(super) usize);

/// One item of a list, and under which conditions it is there.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The value.
    pub(super) value: Value,
    /// When it is there.
    pub(super) path: Path,
    /// Where it was put in.
    pub(super) at: At,
}

/// The text of a function.
#[derive(Debug, Clone, Copy)]
pub(super) enum Code<'a> {
    /// `function`.
    Function(&'a Function<'a>),
    /// `=>`.
    Arrow(&'a ArrowFunctionExpression<'a>),
    /// `class`.
    Class(&'a Class<'a>),
}

/// A function with what it closes over.
#[derive(Debug, Clone)]
pub(super) struct Closure<'a> {
    /// Its text.
    pub(super) code: Code<'a>,
    /// Which text it stands in.
    pub(super) unit: u32,
    /// The scope it was made in.
    pub(super) scope: ScopeId,
    /// `this` of an arrow function.
    pub(super) this: Option<Value>,
    /// The object whose prototype `super` means.
    pub(super) home: Option<ObjectId>,
    /// Strict code.
    pub(super) strict: bool,
}

impl Closure<'_> {
    /// Where its text stands.
    pub(super) fn at(&self) -> At {
        let span = match self.code {
            Code::Function(f) => f.span,
            Code::Arrow(a) => a.span,
            Code::Class(c) => c.span,
        };
        At { unit: self.unit, start: span.start, end: span.end }
    }
}

/// A page element made by script.
#[derive(Debug, Clone, Default)]
pub(super) struct Element {
    /// Lower-case tag name; `None` when it is not known. `#fragment` and `#text` for those.
    pub(super) tag: Option<Rc<str>>,
    /// Put into the document, under these conditions.
    pub(super) connected: Vec<Path>,
    /// The browser has begun to load it: later changes of its address mean nothing.
    pub(super) started: Vec<Path>,
    /// Elements put into it.
    pub(super) children: Vec<ObjectId>,
}

/// What an object is.
#[derive(Debug, Clone)]
pub(super) enum Kind<'a> {
    /// `{…}` and instances.
    Plain,
    /// `[…]`.
    List(Vec<Item>),
    /// A function.
    Function(Closure<'a>),
    /// Made by `bind`.
    Bound(Value, Value, Vec<Value>),
    /// A page element.
    Element(Element),
    /// A promise: what it was kept with (unset while pending) and who waits for it.
    Promise(Option<Value>, Vec<(Value, Path)>),
    /// The function that keeps a promise.
    Keeper(ObjectId),
    /// A regular expression: source and flags.
    Regular(Rc<str>, Rc<str>),
    /// A text to be run when called (`new Function("…")`).
    Text(Rc<str>),
    /// The function of a handler attribute: the text of this number.
    Handler(u32),
}

/// An object.
#[derive(Debug, Clone)]
pub(super) struct Object<'a> {
    /// What it is.
    pub(super) kind: Kind<'a>,
    /// Its own properties.
    pub(super) slots: IndexMap<Rc<str>, Slot>,
    /// Getters among them.
    pub(super) getters: Vec<(Rc<str>, Value)>,
    /// Its prototype.
    pub(super) proto: Option<ObjectId>,
    /// Where it was made.
    pub(super) at: At,
    /// Handed to code that was not read: anything may have become of it.
    pub(super) handed_out: bool,
}
