//! What the scripts of a page do to one tracker's queue, read without running them.
//! Facts only: names, values, places and how sure the reading is. The judge compares them with the policy.

use std::sync::Arc;

use url::Url;

use super::{Gap, Source, Span};

/// How a browser treats a `<script>` element, after the HTML standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScriptKind {
    /// Runs as a classic script.
    Classic,
    /// Runs as a module: deferred, strict, its top-level variables are not on `window`.
    Module,
    /// A type the policy lists as run later by an optimiser (`deferred_types`).
    Deferred(String),
    /// Any other type: a data block that never runs.
    Data(String),
    /// Does not run in a browser that knows modules (`nomodule`).
    NoModule,
    /// Classic, but its `for`/`event` attributes stop it.
    ForEvent,
}

/// Where an element stands that keeps it from acting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inert {
    /// In a `<template>`.
    Template,
    /// In a `<noscript>` (its content is text while scripting is on).
    Noscript,
    /// In a `<math>`, where the element does not have its HTML meaning (an SVG script runs).
    Foreign,
    /// Its end tag is missing, so that the page ends within it: a browser then never runs it.
    Unclosed,
}

/// One `<script>` element of the page, in document order, or a module that one imports (its tag is then that of the
/// element).
#[derive(Debug, Clone)]
pub struct Script {
    /// How a browser treats it.
    pub kind: ScriptKind,
    /// Set when it stands where it does nothing.
    pub inert: Option<Inert>,
    /// The start tag.
    pub tag: Span,
    /// The text between the tags, in the page's source.
    pub text: Span,
    /// The `src` attribute as written (present but empty is `Some("")`: then nothing runs).
    pub src: Option<String>,
    /// `src` resolved against the page's base; `None` without `src` or when it is no address.
    pub url: Option<Url>,
    /// `async` or `defer` as written, or a module: runs after the parser in the latter two cases.
    pub is_async: bool,
    /// See [`Script::is_async`].
    pub is_defer: bool,
    /// A module that runs when a script asks for it (`import()`).
    pub on_demand: bool,
    /// The CSP nonce, if any.
    pub nonce: Option<String>,
    /// The `integrity` attribute, if any.
    pub integrity: Option<String>,
    /// Whether the document has a body when the parser comes to it.
    pub has_body: bool,
    /// The external file's text, for `src` on the site itself.
    pub file: ScriptFile,
}

impl Script {
    /// Whether a browser runs it, at once or when an optimiser says so.
    #[must_use]
    pub fn may_run(&self) -> bool {
        self.inert.is_none() && matches!(self.kind, ScriptKind::Classic | ScriptKind::Module | ScriptKind::Deferred(_))
    }
}

/// What was read of a script's external file.
#[derive(Debug, Clone)]
pub enum ScriptFile {
    /// An inline script: there is no file.
    Inline,
    /// Read.
    Read(Arc<Source>),
    /// On the site itself, but could not be read.
    Missing(Gap),
    /// On another host: not read.
    OtherHost,
}

/// Whose event starts an inline handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// The window's: attributes of `<body>` and `<frameset>` are its handler properties.
    Window,
    /// A file's that the page loads: it may be there, or fail to be.
    Resource,
    /// A person's, or any other.
    Person,
}

/// Code in an event handler attribute of an element that acts.
#[derive(Debug, Clone)]
pub struct InlineHandler {
    /// The attribute, lower case (`onload`).
    pub attribute: String,
    /// Whose event it waits for.
    pub trigger: Trigger,
    /// The code, character references resolved.
    pub code: String,
    /// The code in the page's source where it stands there as it is, else the start tag.
    pub span: Span,
}

/// A place in the page or in one of the files it loads.
#[derive(Debug, Clone)]
pub struct Spot {
    /// The text.
    pub source: Arc<Source>,
    /// Where in it; empty when only the text as a whole is known.
    pub span: Span,
}

impl Spot {
    /// A text as a whole.
    #[must_use]
    pub fn whole(source: &Arc<Source>) -> Self {
        Self { source: Arc::clone(source), span: Span::new(0, 0) }
    }
}

/// How sure the reading is that something happens while the page loads, without a person doing anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// It happens on load (directly, or by the page's own load events and timers).
    Sure,
    /// It depends on a value that is not in the scripts (a condition, a server call, a callback of unread code).
    Maybe(Doubt),
}

/// Why a reading is not sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Behind a condition whose value is not known.
    Condition,
    /// In a handler of a person's action (click, scroll, key, consent).
    Interaction,
    /// In a function handed to code that was not read.
    Callback,
    /// In a script that an optimiser runs later.
    DeferredType,
    /// Depends on a value computed at run time.
    Value,
    /// Runs only when what its server sends fits an `integrity` attribute.
    Integrity,
    /// One of so many that the last of them were not told.
    Cut,
}

/// An argument of a call, as far as it can be known from the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arg {
    /// A string, or a number written as a string would be (`205` and `"205"` are alike).
    Known(String),
    /// `undefined`, `null`, `true`, `NaN`, a list, an object: shown as written.
    Other(String),
    /// Computed at run time.
    Unknown,
}

/// One command pushed to the queue on `window` and still there when the library runs: `['name', args…]`.
#[derive(Debug, Clone)]
pub struct Command {
    /// First element: the command's name.
    pub name: Arg,
    /// The other elements.
    pub args: Vec<Arg>,
    /// How sure it is.
    pub certainty: Certainty,
    /// The array expression.
    pub spot: Spot,
}

/// How a script loads another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadForm {
    /// A `<script src>` element of the page.
    Tag,
    /// A script element made by script and inserted into the document.
    Inserted,
    /// Written with `document.write`.
    Written,
}

/// A loader: the library's address as the browser would ask for it.
#[derive(Debug, Clone)]
pub struct Load {
    /// How.
    pub form: LoadForm,
    /// Address as known from the text (scheme-relative and relative ones still unresolved).
    pub address: Arg,
    /// Whether the element gets into the document. A loader never inserted loads nothing.
    pub inserted: bool,
    /// Whether it begins while the parser is still at the script that loads it, and knows nothing of what follows.
    pub early: bool,
    /// How sure it is.
    pub certainty: Certainty,
    /// Where the address is set.
    pub spot: Spot,
}

/// Why text that names the queue or the library does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Idle {
    /// In an HTML comment.
    HtmlComment,
    /// In `<noscript>`.
    Noscript,
    /// In `<template>`.
    Template,
    /// In a script whose type is data.
    DataScript,
    /// In a script with `nomodule` or `for`/`event`.
    NotRun,
    /// In the text beside a `src`.
    BesideSrc,
    /// In a comment of a script.
    ScriptComment,
    /// In a string of a script.
    ScriptString,
    /// After `return`, in a branch never taken, in a function never called.
    DeadCode,
    /// In a script that does not parse.
    SyntaxError,
    /// In running code, but on a queue that is not the one on `window`.
    LocalQueue,
    /// Was on the queue, which was then emptied or replaced before the library runs.
    Overwritten,
    /// In running code that adds nothing to the queue (a guard, a test, another property).
    OtherUse,
    /// In page text or an attribute.
    Markup,
}

/// One occurrence of the tracker's queue or library that does nothing.
#[derive(Debug, Clone)]
pub struct Mention {
    /// Why it does nothing.
    pub idle: Idle,
    /// Where.
    pub spot: Spot,
}

/// What the scripts of one page do to one tracker, in the order a browser runs them.
#[derive(Debug, Clone, Default)]
pub struct QueueFacts {
    /// What the queue on `window` holds when the library runs.
    pub commands: Vec<Command>,
    /// Every loader whose address is, or may be, the library's; loaders of other scripts are left out.
    pub loads: Vec<Load>,
    /// Occurrences that do nothing.
    pub mentions: Vec<Mention>,
    /// Set when the end state of the queue itself is in doubt (a conditional overwrite, a value from unread code, more
    /// commands than are looked at).
    pub doubt: Option<(Doubt, Spot)>,
}

/// A script that does not parse.
#[derive(Debug, Clone)]
pub struct SyntaxFault {
    /// Index in the page's scripts.
    pub script: usize,
    /// The parser's message.
    pub message: String,
    /// Where parsing stopped.
    pub spot: Spot,
}
