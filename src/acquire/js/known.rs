//! What was read in the scripts of one page is told again for the next page of the site that has the same ones:
//! the same elements and texts in the same order, and a page that answers all they ask of it in the same way.
//! Places are moved to the page at hand; nothing is guessed.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use url::Url;

use super::browser::{location_part, names_an_element};
use super::needle::Needles;
use super::sought::Question;
use super::telling::Telling;
use super::{PageCode, ScriptRun, read, read_asking, untold};
use crate::acquire::Needs;
use crate::snapshot::{Script, ScriptFile, ScriptKind, Source, Span, Spot};

/// Texts kept in all, in bytes.
const MOST: usize = 8 << 20;

/// What the scripts of a page asked of it, with the answers.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// Parts of the address.
    pub(super) location: HashMap<String, Option<String>>,
    /// Whether an element goes by a name.
    pub(super) elements: HashMap<String, bool>,
    /// Whether an element stands where it is sought.
    pub(super) stood: HashMap<Question, bool>,
}

/// What is known of the scripts of one site, for one set of needs.
#[derive(Debug, Default)]
pub struct Known(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    bytes: usize,
    told: HashMap<String, Vec<Arc<Told>>>,
}

/// One reading.
#[derive(Debug)]
struct Told {
    /// The page it was made on; its scripts' tags and texts and its handlers there.
    page: Arc<Source>,
    pieces: Vec<Span>,
    /// Files by the addresses that stand in the key; kept so that no other file takes them.
    _files: Vec<Arc<Source>>,
    asked: Asked,
    run: ScriptRun,
}

impl Known {
    /// The same as [`read`].
    #[must_use]
    pub fn read(
        &self,
        page: &Arc<Source>,
        code: PageCode<'_>,
        address: &Url,
        address_assumed: bool,
        needs: &Needs,
    ) -> ScriptRun {
        let telling = Telling::of(page, code, needs);
        let told =
            self.read_telling(page, PageCode { handlers: &telling.handlers, ..code }, address, address_assumed, needs);
        telling.mark(told, page)
    }

    fn read_telling(
        &self,
        page: &Arc<Source>,
        code: PageCode<'_>,
        address: &Url,
        address_assumed: bool,
        needs: &Needs,
    ) -> ScriptRun {
        let scripts = code.scripts;
        let Some(key) = key(page, code, needs).filter(|_| !scripts.is_empty()) else {
            return read(page, code, address, address_assumed, needs);
        };
        let told = self.0.lock().ok().and_then(|shelf| shelf.told.get(&key).cloned()).unwrap_or_default();
        let fits = |told: &&Arc<Told>| told.asked.is_answered_alike(page, scripts, address, address_assumed);
        if let Some(run) = told.iter().find(fits).and_then(|told| told.on(page, code)) {
            return run;
        }
        let Some((run, asked)) = read_asking(page, code, address, address_assumed, needs) else {
            return untold(needs, Some(page));
        };
        self.keep(key, Told::of(page, code, asked, &run));
        run
    }

    /// How many readings are kept.
    #[cfg(test)]
    pub(super) fn readings(&self) -> usize {
        self.0.lock().map_or(0, |shelf| shelf.told.values().map(Vec::len).sum())
    }

    fn keep(&self, key: String, told: Told) {
        let Ok(mut shelf) = self.0.lock() else { return };
        let bytes = key.len() + told.page.text.len() + told._files.iter().map(|f| f.text.len()).sum::<usize>();
        if shelf.bytes + bytes <= MOST {
            shelf.bytes += bytes;
            shelf.told.entry(key).or_default().push(Arc::new(told));
        }
    }
}

impl Told {
    fn of(page: &Arc<Source>, code: PageCode<'_>, asked: Asked, run: &ScriptRun) -> Self {
        let files = code.scripts.iter().filter_map(|s| match &s.file {
            ScriptFile::Read(file) => Some(file.clone()),
            ScriptFile::Inline | ScriptFile::Missing(_) | ScriptFile::OtherHost => None,
        });
        Self { page: page.clone(), pieces: pieces(code).collect(), _files: files.collect(), asked, run: run.clone() }
    }

    /// The reading with its places on another page; `None` when one of them is in no script.
    fn on(&self, page: &Arc<Source>, code: PageCode<'_>) -> Option<ScriptRun> {
        let moved = |span: Span| self.pieces.iter().zip(pieces(code)).find_map(|(old, new)| shifted(span, *old, new));
        let place = |spot: &mut Spot| {
            if Arc::ptr_eq(&spot.source, &self.page) {
                *spot = Spot { source: page.clone(), span: moved(spot.span)? };
            }
            Some(())
        };
        let mut run = self.run.clone();
        for facts in run.queues.values_mut() {
            facts.commands.iter_mut().try_for_each(|command| place(&mut command.spot))?;
            facts.loads.iter_mut().try_for_each(|load| place(&mut load.spot))?;
            facts.mentions.iter_mut().try_for_each(|mention| place(&mut mention.spot))?;
            facts.doubt.iter_mut().try_for_each(|(_, spot)| place(spot))?;
        }
        run.syntax_faults.iter_mut().try_for_each(|fault| place(&mut fault.spot))?;
        run.label_spots.values_mut().flatten().try_for_each(place)?;
        if let Some(redirect) = &mut run.redirect {
            redirect.span = moved(redirect.span)?;
        }
        Some(run)
    }
}

/// The parts of the page that are code.
fn pieces(code: PageCode<'_>) -> impl Iterator<Item = Span> {
    let scripts = code.scripts.iter().flat_map(|s| [s.tag, s.text]);
    scripts.chain(code.handlers.iter().map(|h| h.span))
}

/// A span within `old`, moved to where that now stands.
fn shifted(span: Span, old: Span, new: Span) -> Option<Span> {
    let inside = old.start <= span.start && span.end <= old.end;
    inside.then(|| Span { start: new.start + (span.start - old.start), end: new.start + (span.end - old.start) })
}

/// Everything the reading rests on beside what the scripts ask of the page.
fn key(page: &Source, code: PageCode<'_>, needs: &Needs) -> Option<String> {
    use std::fmt::Write as _;
    let needles = LazyCell::new(|| -> Vec<Needles> {
        needs.trackers.iter().map(|(name, tracker)| Needles::of(name, tracker)).collect()
    });
    let mut key = String::new();
    for handler in code.handlers {
        // Which scripts stand before it decides whose handler stays.
        let after = code.scripts.iter().take_while(|s| s.tag.end <= handler.span.start).count();
        let (attribute, trigger, written) = (&handler.attribute, handler.trigger, page.slice(handler.span));
        writeln!(key, "{after} {attribute} {trigger:?} {:?} {written:?}", handler.code).ok()?;
    }
    for script in code.scripts {
        let file = match &script.file {
            ScriptFile::Read(file) => Arc::as_ptr(file) as usize,
            ScriptFile::Inline => 0,
            ScriptFile::OtherHost => 1,
            ScriptFile::Missing(_) => 2,
        };
        let Script { kind, inert, src, is_async, is_defer, on_demand, has_body, .. } = script;
        let url = script.url.as_ref().map(Url::as_str);
        write!(key, "{kind:?} {inert:?} {src:?} {url:?} {is_async} {is_defer} {on_demand} {has_body} {file} ").ok()?;
        let (tag, text) = (page.slice(script.tag), page.slice(script.text));
        // Data that names nothing says nothing; on many sites it differs from page to page.
        let silent = matches!(script.kind, ScriptKind::Data(_)) && !needles.iter().any(|n| n.occurs_in(text));
        let text = if silent { "" } else { text };
        writeln!(key, "{} {}\n{tag}{text}", tag.len(), text.len()).ok()?;
    }
    Some(key)
}

impl Asked {
    /// Whether another page gives the same answers.
    fn is_answered_alike(&self, page: &Source, scripts: &[Script], address: &Url, assumed: bool) -> bool {
        self.location.iter().all(|(part, answer)| location_part(address, assumed, part) == *answer)
            && self.elements.iter().all(|(name, answer)| names_an_element(&page.text, name) == *answer)
            && self.stood.iter().all(|((script, mark), answer)| {
                let end = script.and_then(|i| scripts.get(i)).map_or(page.text.len(), |s| s.text.end as usize);
                mark.stands_in(page.text.get(..end).unwrap_or(&page.text)) == *answer
            })
    }
}
