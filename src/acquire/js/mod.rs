//! Reads the scripts of a page without running them, in the order a browser runs them, and tells what each
//! tracker's queue on `window` holds when its library runs.
//!
//! Facts only: values, places, and how sure the reading is. It never contacts anything, never runs a script,
//! and never says whether a page passes.

mod browser;
mod call;
mod change;
mod class;
mod depth;
mod early;
mod element;
mod expression;
mod fork;
mod globals;
mod heap;
mod hinder;
mod import;
mod insert;
mod jquery;
mod known;
mod list;
mod machine;
mod member;
mod modules;
mod native;
mod needle;
mod operator;
mod order;
mod outcome;
mod path;
mod pattern;
mod promise;
mod record;
mod regular;
mod repeat;
mod scope;
mod sought;
mod statement;
mod task;
mod telling;
#[cfg(test)]
mod tests;
mod text;
mod unit;
mod value;
mod written;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use self::known::Known;
pub use self::modules::with_modules;

use oxc_allocator::Allocator;
use url::Url;

use self::heap::At;
use self::known::Asked;
use self::machine::{Machine, Page};
use self::needle::Needles;
use self::telling::Telling;
use self::unit::Unit;
use super::Needs;
use crate::snapshot::{
    Arg, Certainty, Doubt, InlineHandler, Load, LoadForm, QueueFacts, Refresh, Script, ScriptFile, ScriptKind, Source,
    Span, Spot, SyntaxFault,
};

/// Stack of the thread that reads: deep enough for the deepest script that is not refused; less where there is less.
const STACKS: [usize; 3] = [256 << 20, 64 << 20, 16 << 20];

/// What was read in the scripts of one page.
#[derive(Debug, Clone, Default)]
pub struct ScriptRun {
    /// Facts by tracker name; every tracker has an entry.
    pub queues: BTreeMap<String, QueueFacts>,
    /// Scripts that do not parse, in document order.
    pub syntax_faults: Vec<SyntaxFault>,
    /// Where a plain script of the page sends its visitor.
    pub redirect: Option<Refresh>,
    /// Places in running code that name the elements of a tracker's label, by tracker name.
    pub label_spots: BTreeMap<String, Vec<Spot>>,
}

/// The code of one page, in document order.
#[derive(Debug, Clone, Copy)]
pub struct PageCode<'a> {
    /// Script elements.
    pub scripts: &'a [Script],
    /// What relative addresses are resolved against.
    pub base: &'a Url,
    /// Event handler attributes.
    pub handlers: &'a [InlineHandler],
}

/// Reads the scripts of one page.
///
/// `address` is the page's own; when it is only assumed, scripts learn nothing from it but its scheme, https.
#[must_use]
pub fn read(page: &Arc<Source>, code: PageCode<'_>, address: &Url, address_assumed: bool, needs: &Needs) -> ScriptRun {
    if code.scripts.is_empty() && code.handlers.is_empty() {
        return untold(needs, None);
    }
    let telling = Telling::of(page, code, needs);
    let code = PageCode { handlers: &telling.handlers, ..code };
    let read = read_asking(page, code, address, address_assumed, needs);
    read.map_or_else(|| untold(needs, Some(page)), |(run, _)| telling.mark(run, page))
}

/// The same with what the scripts asked of the page; `None` when reading broke down.
fn read_asking(
    page: &Arc<Source>,
    code: PageCode<'_>,
    address: &Url,
    address_assumed: bool,
    needs: &Needs,
) -> Option<(ScriptRun, Asked)> {
    let here = || read_here(page, code, address, address_assumed, needs);
    std::thread::scope(|scope| {
        // A smaller stack still does for every script that people write.
        let thread = STACKS
            .into_iter()
            .find_map(|size| std::thread::Builder::new().stack_size(size).spawn_scoped(scope, here).ok());
        thread.and_then(|t| t.join().ok())
    })
}

/// No facts; in doubt when there is a page that could not be read.
fn untold(needs: &Needs, page: Option<&Arc<Source>>) -> ScriptRun {
    let doubt = page.map(|p| (Doubt::Value, Spot { source: p.clone(), span: Span::new(0, 0) }));
    let facts = QueueFacts { doubt, ..QueueFacts::default() };
    ScriptRun { queues: needs.trackers.keys().map(|n| (n.clone(), facts.clone())).collect(), ..ScriptRun::default() }
}

fn read_here(
    page: &Arc<Source>,
    code: PageCode<'_>,
    address: &Url,
    assumed: bool,
    needs: &Needs,
) -> (ScriptRun, Asked) {
    let PageCode { scripts, base, handlers } = code;
    let mut handlers = handlers.iter().peekable();
    let allocator = Allocator::default();
    let needles: Vec<Needles> = needs.trackers.iter().map(|(name, t)| Needles::of(name, t)).collect();
    let mut syntax_faults = Vec::new();
    let mut units: Vec<Unit<'_>> = Vec::new();
    for (index, script) in scripts.iter().enumerate() {
        while let Some(handler) = handlers.next_if(|h| h.span.start < script.tag.end) {
            units.push(unit::handler(&allocator, page, handler, &needles));
        }
        let module = script.kind == ScriptKind::Module;
        for text in unit::texts(page, script) {
            let (mut unit, refusal) = unit::unit(&allocator, text, module, Some(index), &needles);
            unit.url = script.url.clone().filter(|_| script.src.is_some());
            if let Some(refusal) = refusal {
                let at = At { unit: 0, start: refusal.start, end: refusal.end };
                syntax_faults.push(SyntaxFault { script: index, message: refusal.message, spot: unit.spot(at) });
            }
            units.push(unit);
        }
    }
    units.extend(handlers.map(|handler| unit::handler(&allocator, page, handler, &needles)));
    let unread = scripts.iter().any(|s| s.is_async && stranger(s, &needles));
    let unseen = |s: &Script| s.may_run() && matches!(s.file, ScriptFile::OtherHost | ScriptFile::Missing(_));
    let library = |s: &Script| s.url.as_ref().is_some_and(|u| needles.iter().any(|n| n.is_library(u)));
    let strangers = scripts.iter().any(|s| unseen(s) && !library(s));
    let text: &str = &page.text;
    let mut machine = Machine::new(
        &allocator,
        units,
        needles,
        Page { text, address: address.clone(), assumed, unread, strangers, base: base.clone() },
    );
    machine.run_page(scripts);
    let mut run = ScriptRun { syntax_faults, ..ScriptRun::default() };
    for tracker in 0..machine.needles.len() {
        let needles = &machine.needles[tracker];
        let mut facts = machine.outcome(tracker);
        let tags = tag_loads(page, scripts, needles, machine.hindrances.watched_from());
        facts.loads.splice(0..0, tags);
        run.queues.insert(needles.name.clone(), facts);
        let labels: Vec<Spot> = machine
            .record
            .labels
            .iter()
            .filter(|(t, _)| *t == tracker)
            .map(|(_, at)| machine.units[at.unit as usize].spot(*at))
            .collect();
        if !labels.is_empty() {
            run.label_spots.insert(needles.name.clone(), labels);
        }
    }
    run.redirect = machine.record.redirect.as_ref().and_then(|(to, at)| {
        let spot = machine.units[at.unit as usize].spot(*at);
        Arc::ptr_eq(&spot.source, page).then(|| Refresh { to: to.clone(), delay: 0, by_script: true, span: spot.span })
    });
    let asked = Asked {
        location: machine.location_parts.take(),
        elements: machine.named_elements.take(),
        stood: machine.stood.take(),
    };
    (run, asked)
}

/// Whether a script runs that was not read and is not a tracker's library: it may define any global.
fn stranger(script: &Script, needles: &[Needles]) -> bool {
    let acts = script.inert.is_none() && matches!(script.kind, ScriptKind::Classic | ScriptKind::Module);
    let library = script.url.as_ref().is_some_and(|u| needles.iter().any(|n| n.is_library(u)));
    acts && !library && matches!(script.file, ScriptFile::OtherHost | ScriptFile::Missing(_))
}

/// The library's own `<script src>` elements; those behind the script of a watcher may be kept from running.
fn tag_loads(page: &Arc<Source>, scripts: &[Script], needles: &Needles, watched_from: Option<usize>) -> Vec<Load> {
    let form = LoadForm::Tag;
    scripts
        .iter()
        .enumerate()
        .filter(|(_, s)| s.inert.is_none())
        .filter_map(|(index, script)| {
            let src = script.src.as_deref()?.trim();
            let digest = script.integrity.as_deref().is_some_and(has_digest);
            let certainty = match script.kind {
                ScriptKind::Classic | ScriptKind::Module if digest => Certainty::Maybe(Doubt::Integrity),
                ScriptKind::Classic | ScriptKind::Module if watched_from.is_some_and(|from| from < index) => {
                    Certainty::Maybe(Doubt::Callback)
                }
                ScriptKind::Classic | ScriptKind::Module => Certainty::Sure,
                ScriptKind::Deferred(_) => Certainty::Maybe(Doubt::DeferredType),
                _ => return None,
            };
            let resolved = script.url.as_ref().map(Url::as_str).unwrap_or_default();
            if !needles.resembles(src) && !needles.resembles(resolved) {
                return None;
            }
            let spot = Spot { source: page.clone(), span: script.tag };
            Some(Load { form, address: Arg::Known(src.to_owned()), inserted: true, early: true, certainty, spot })
        })
        .collect()
}

/// Whether an `integrity` attribute names a digest that browsers check.
fn has_digest(integrity: &str) -> bool {
    let known =
        |one: &str| ["sha256-", "sha384-", "sha512-"].iter().any(|kind| one.to_ascii_lowercase().starts_with(kind));
    integrity.split_ascii_whitespace().any(known)
}
