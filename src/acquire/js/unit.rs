//! The texts that a page's scripts are made of, parsed as a browser would parse them, and when each runs.
//! Parsing only: a text that a browser refuses as a whole becomes a fault here and never runs.

use std::rc::Rc;
use std::sync::Arc;

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_parser::{ParseOptions, Parser};
use oxc_span::SourceType;
use url::Url;

use super::depth::too_deep;
use super::early;
use super::heap::{At, ScopeId};
use super::needle::{Needles, unescaped};
use crate::snapshot::{Idle, Inert, InlineHandler, Script, ScriptFile, ScriptKind, Source, Span, Spot, Trigger};

/// Longer scripts are not read.
const LONGEST: usize = 8 << 20;
/// Longer scripts are read only when they name something looked for.
const LONG: usize = 64 << 10;

/// Longer scripts are built by tools that would have found their early errors.
const LONG_TO_CHECK: usize = 1 << 20;

/// When a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// While the page is parsed.
    Parsing,
    /// After parsing, in order.
    Deferred,
    /// At any time.
    Async,
    /// When an optimiser says so.
    Optimiser,
    /// When a script asks for it.
    Asked,
    /// When an event calls it: a handler attribute.
    Event(Trigger),
    /// Never.
    Never(Idle),
}

/// One script text.
pub(super) struct Unit<'a> {
    /// The whole text it is part of.
    pub(super) source: Arc<Source>,
    /// Where it begins there.
    base: u32,
    /// For a text made by a script: the place that stands for all of it.
    fixed: Option<Span>,
    /// The text.
    pub(super) text: &'a str,
    /// Which script element of the page; `None` for a text made by script.
    pub(super) script: Option<usize>,
    /// When it runs.
    pub(super) when: When,
    /// For a handler: its attribute.
    pub(super) attribute: Option<Rc<str>>,
    /// Its syntax tree; `None` when it does not run or does not parse.
    pub(super) program: Option<&'a Program<'a>>,
    /// The file's address.
    pub(super) url: Option<Url>,
    /// A module's scope, once it has begun to run.
    pub(super) scope: Option<ScopeId>,
    /// Parsed as a module.
    pub(super) module: bool,
    /// It names a queue, a library or a label.
    pub(super) named: bool,
    /// Too long to be worth following, and names nothing looked for.
    pub(super) skipped: bool,
    /// Ran out of its allowance.
    pub(super) spent: bool,
}

impl Unit<'_> {
    /// A place in this text, as seen from outside.
    pub(super) fn spot(&self, at: At) -> Spot {
        let span = self.fixed.unwrap_or(Span { start: self.base + at.start, end: self.base + at.end });
        Spot { source: self.source.clone(), span }
    }

    /// The place of the whole text.
    pub(super) fn whole(&self, unit: u32) -> At {
        At { unit, start: 0, end: u32::try_from(self.text.len()).unwrap_or(u32::MAX) }
    }
}

/// Why a script was refused.
pub(super) struct Refusal {
    /// In words.
    pub(super) message: String,
    /// Byte range in the text.
    pub(super) start: u32,
    /// One past its end.
    pub(super) end: u32,
}

/// The texts of one script element: the one that may run, and the one that does not.
pub(super) fn texts(page: &Arc<Source>, script: &Script) -> Vec<(Arc<Source>, Span, When)> {
    let inline = (page.clone(), script.text);
    let whole = |s: &Arc<Source>| (s.clone(), Span::new(0, s.text.len()));
    let idle = match (&script.kind, script.inert) {
        (_, Some(Inert::Template)) => Some(Idle::Template),
        (_, Some(Inert::Noscript)) => Some(Idle::Noscript),
        (_, Some(Inert::Foreign | Inert::Unclosed)) | (ScriptKind::NoModule | ScriptKind::ForEvent, None) => {
            Some(Idle::NotRun)
        }
        (ScriptKind::Data(_), None) => Some(Idle::DataScript),
        (ScriptKind::Classic | ScriptKind::Module | ScriptKind::Deferred(_), None) => None,
    };
    let file = match &script.file {
        ScriptFile::Read(source) if script.src.is_some() => Some(whole(source)),
        _ => None,
    };
    if let Some(idle) = idle {
        let mut all = vec![(inline.0, inline.1, When::Never(idle))];
        all.extend(file.map(|(s, span)| (s, span, When::Never(idle))));
        return all;
    }
    let module = script.kind == ScriptKind::Module;
    let when = match (&script.kind, script.is_async) {
        (ScriptKind::Deferred(_), _) => When::Optimiser,
        _ if script.on_demand => When::Asked,
        (_, true) if module || script.src.is_some() => When::Async,
        _ if module || (script.is_defer && script.src.is_some()) => When::Deferred,
        _ => When::Parsing,
    };
    if script.src.is_none() {
        return vec![(inline.0, inline.1, when)];
    }
    let mut all = vec![(inline.0, inline.1, When::Never(Idle::BesideSrc))];
    all.extend(file.map(|(s, span)| (s, span, when)));
    all
}

/// Makes a unit of a text, parsing it when it may run.
pub(super) fn unit<'a>(
    allocator: &'a Allocator,
    (source, span, when): (Arc<Source>, Span, When),
    module: bool,
    script: Option<usize>,
    needles: &[Needles],
) -> (Unit<'a>, Option<Refusal>) {
    let text: &'a str = allocator.alloc_str(source.slice(span));
    let plain = unescaped(text);
    let named = needles.iter().any(|n| n.named_in(&plain));
    let skipped = text.len() > LONG && !named;
    let (program, refusal) = match when {
        When::Never(_) => (None, None),
        _ => match parse(allocator, text, kind_of(module)) {
            Ok(program) => (Some(program), None),
            Err(refusal) => (None, Some(refusal)),
        },
    };
    let unit = Unit {
        source,
        base: span.start,
        fixed: None,
        text,
        script,
        when,
        attribute: None,
        program,
        module,
        named,
        skipped,
        spent: false,
        url: None,
        scope: None,
    };
    (unit, refusal)
}

/// Makes a unit of a text that a script made: all of it stands where that script says it.
pub(super) fn made<'a>(allocator: &'a Allocator, text: &str, from: &Spot, needles: &[Needles]) -> Unit<'a> {
    let text: &'a str = allocator.alloc_str(text);
    let named = needles.iter().any(|n| n.named_in(text));
    Unit {
        source: from.source.clone(),
        base: 0,
        fixed: Some(from.span),
        text,
        script: None,
        when: When::Parsing,
        attribute: None,
        program: parse(allocator, text, Grammar::Script).ok(),
        module: false,
        named,
        skipped: false,
        spent: false,
        url: None,
        scope: None,
    }
}

/// Makes a unit of a handler attribute.
pub(super) fn handler<'a>(
    allocator: &'a Allocator,
    page: &Arc<Source>,
    handler: &InlineHandler,
    needles: &[Needles],
) -> Unit<'a> {
    let text: &'a str = allocator.alloc_str(&handler.code);
    let verbatim = page.slice(handler.span) == text;
    Unit {
        source: page.clone(),
        base: handler.span.start,
        fixed: (!verbatim).then_some(handler.span),
        text,
        script: None,
        when: When::Event(handler.trigger),
        attribute: Some(handler.attribute.as_str().into()),
        program: parse(allocator, text, Grammar::Body).ok(),
        module: false,
        named: needles.iter().any(|n| n.named_in(&unescaped(text))),
        skipped: false,
        spent: false,
        url: None,
        scope: None,
    }
}

/// What a text is parsed as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Grammar {
    Script,
    Module,
    /// The body of a function.
    Body,
}

fn kind_of(module: bool) -> Grammar {
    if module { Grammar::Module } else { Grammar::Script }
}

fn parse<'a>(allocator: &'a Allocator, text: &'a str, grammar: Grammar) -> Result<&'a Program<'a>, Refusal> {
    let at = |message: &str, at: usize| {
        let at = u32::try_from(at).unwrap_or(u32::MAX);
        Refusal { message: message.to_owned(), start: at, end: at }
    };
    if text.len() > LONGEST {
        return Err(at("longer than 8 MiB: not read", 0));
    }
    if let Some(place) = too_deep(text) {
        return Err(at("nested too deeply: not read", place));
    }
    let module = grammar == Grammar::Module;
    let kind = if module { SourceType::mjs() } else { SourceType::script() };
    let options = ParseOptions {
        preserve_parens: false,
        allow_return_outside_function: grammar == Grammar::Body,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(allocator, text, kind).with_options(options).parse();
    if parsed.panicked || parsed.diagnostics.has_errors() {
        let first = parsed.diagnostics.errors().next();
        let label = first.and_then(|d| d.labels.iter().next().map(|l| (l.offset(), l.len())));
        let (start, len) = label.unwrap_or((0, 0));
        let message = first.map_or_else(|| "does not parse".to_owned(), |d| d.message.to_string());
        return Err(Refusal { message, start, end: start.saturating_add(len) });
    }
    let program: &'a Program<'a> = allocator.alloc(parsed.program);
    let fault = if text.len() <= LONG_TO_CHECK { early::fault(program, module) } else { None };
    match fault {
        Some((message, span)) => Err(Refusal { message, start: span.start, end: span.end }),
        None => Ok(program),
    }
}
