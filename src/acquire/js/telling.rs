//! Which handler attributes of a page are read. Most, a third of many pages, open menus and differ from page to page.

use std::cell::LazyCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::needle::{self, Needles};
use super::{PageCode, ScriptRun};
use crate::acquire::Needs;
use crate::snapshot::{Doubt, InlineHandler, ScriptFile, Source, Span, Spot, Trigger};

/// Different handler attributes of one page that are read.
const MOST_HANDLERS: usize = 200;
/// Words of handler attributes that tell nothing.
const COMMON: &[&str] = &[
    "return",
    "false",
    "true",
    "this",
    "window",
    "document",
    "location",
    "href",
    "void",
    "javascript",
    "function",
    "var",
    "new",
    "if",
    "else",
    "null",
    "style",
    "display",
    "none",
    "block",
    "value",
    "event",
    "getElementById",
    "src",
    "id",
    "onerror",
    "className",
    "open",
];

/// The handlers that may matter, and what is not known because there were too many of them.
#[derive(Debug, Default)]
pub(super) struct Telling {
    /// Those to read, in document order.
    pub(super) handlers: Vec<InlineHandler>,
    /// For a tracker the first one that might change its queue and is not read.
    cut: BTreeMap<String, (Doubt, Span)>,
}

/// How much may hang on a handler: the greatest are read first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// A person's, that only says a word of a script or sends a command: the library has run by then.
    Late,
    /// A person's, that may put another queue in the place of the first.
    Changing,
    /// Runs by itself, and says a word of a script.
    Early,
    /// Runs by itself, and names what is looked for.
    EarlyNaming,
}

impl Telling {
    /// Handlers that may matter: those of the window, and those that name what is looked for or say a word that stands
    /// in a script which does.
    pub(super) fn of(page: &Source, code: PageCode<'_>, needs: &Needs) -> Self {
        if code.handlers.is_empty() {
            return Self::default();
        }
        let needles: Vec<Needles> = needs.trackers.iter().map(|(name, t)| Needles::of(name, t)).collect();
        let words = LazyCell::new(|| words_of_scripts(page, code, &needles));
        let mut seen = HashSet::new();
        let mut ranked: Vec<(usize, Weight, &InlineHandler)> = Vec::new();
        let mut kept = vec![false; code.handlers.len()];
        for (n, handler) in code.handlers.iter().enumerate() {
            if handler.trigger == Trigger::Window {
                kept[n] = true;
            } else if let Some(weight) = weight(handler, &needles, || LazyCell::force(&words))
                && seen.insert((&handler.code, handler.trigger))
            {
                ranked.push((n, weight, handler));
            }
        }
        // Among equals the first ones stay: the order is that of the page.
        ranked.sort_by_key(|(n, weight, _)| (Reverse(*weight), *n));
        let beyond = ranked.split_off(ranked.len().min(MOST_HANDLERS));
        ranked.iter().for_each(|(n, ..)| kept[*n] = true);
        let handlers = code.handlers.iter().zip(kept).filter(|(_, kept)| *kept).map(|(h, _)| h.clone()).collect();
        Self { handlers, cut: cut(&beyond, &needles) }
    }

    /// Tells of the queues that a handler which was not read may have changed.
    pub(super) fn mark(&self, mut run: ScriptRun, page: &Arc<Source>) -> ScriptRun {
        for (tracker, (doubt, span)) in &self.cut {
            if let Some(facts) = run.queues.get_mut(tracker) {
                facts.doubt.get_or_insert_with(|| (*doubt, Spot { source: page.clone(), span: *span }));
            }
        }
        run
    }
}

/// How much may hang on a handler; `None` when it tells nothing.
fn weight<'a>(
    handler: &InlineHandler,
    needles: &[Needles],
    words: impl Fn() -> &'a HashSet<&'a str>,
) -> Option<Weight> {
    let plain = needle::unescaped(&handler.code);
    let named = needles.iter().any(|n| n.named_in(&plain));
    if !named && !words_of(&handler.code).any(|word| words().contains(word)) {
        return None;
    }
    let early = handler.trigger == Trigger::Resource;
    Some(match (early, named) {
        (true, true) => Weight::EarlyNaming,
        (true, false) => Weight::Early,
        (false, _) if needles.iter().any(|n| changes(&plain, n)) => Weight::Changing,
        (false, _) => Weight::Late,
    })
}

/// The words of scripts that name what is looked for.
fn words_of_scripts<'a>(page: &'a Source, code: PageCode<'a>, needles: &[Needles]) -> HashSet<&'a str> {
    let texts = code.scripts.iter().filter(|s| s.may_run()).map(|s| match &s.file {
        ScriptFile::Read(file) => file.text.as_str(),
        _ => page.slice(s.text),
    });
    let naming = texts.filter(|text| {
        let plain = needle::unescaped(text);
        needles.iter().any(|n| n.named_in(&plain))
    });
    naming.flat_map(words_of).collect()
}

/// Words that may be the name of something of the page's own.
fn words_of(code: &str) -> impl Iterator<Item = &str> {
    let is_word = |word: &&str| word.len() > 1 && !COMMON.contains(word) && !word.starts_with(|c: char| c.is_numeric());
    code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).filter(is_word)
}

/// Whether a text does more with a queue than ask for it and send it commands.
fn changes(text: &str, needles: &Needles) -> bool {
    let harmless = [".push", "&&", "!=", "=="];
    !needles.queue.is_empty()
        && text.match_indices(&needles.queue).any(|(at, found)| {
            let after = text.get(at + found.len()..).unwrap_or_default().trim_start();
            !harmless.iter().any(|next| after.starts_with(next))
        })
}

/// For each tracker the first of these that might change its queue.
fn cut(beyond: &[(usize, Weight, &InlineHandler)], needles: &[Needles]) -> BTreeMap<String, (Doubt, Span)> {
    let mut cut = BTreeMap::new();
    for (_, weight, handler) in beyond {
        let plain = needle::unescaped(&handler.code);
        for needle in needles {
            let doubt = match weight {
                Weight::EarlyNaming if needle.snippet_in(&plain) => Doubt::Callback,
                Weight::Changing if changes(&plain, needle) => Doubt::Interaction,
                _ => continue,
            };
            cut.entry(needle.name.clone()).or_insert((doubt, handler.span));
        }
    }
    cut
}
