//! What is noted while reading: loads, queues, lists that lost items, names and strings that running code holds.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

use super::heap::{At, Item, Kind, ObjectId};
use super::machine::Machine;
use super::needle::Needles;
use super::path::Path;
use super::task::Phase;
use super::value::Value;
use crate::snapshot::{Doubt, LoadForm};

/// A script that is loaded by script.
#[derive(Debug, Clone)]
pub(super) struct RawLoad {
    pub(super) form: LoadForm,
    /// As far as it is known.
    pub(super) address: Option<Rc<str>>,
    pub(super) inserted: bool,
    /// While the parser is still at the script that loads it.
    pub(super) early: bool,
    pub(super) path: Path,
    pub(super) at: At,
}

/// In what way running code holds a name or string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// As a name.
    Name,
    /// In a string.
    Text,
}

/// What is noted while reading.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) loads: Vec<RawLoad>,
    /// Where lists were changed.
    pub(super) touched: Vec<(ObjectId, At)>,
    /// Places that need no further explanation.
    pub(super) covers: HashSet<At>,
    /// Names and strings looked for, in running code.
    pub(super) said: HashMap<At, Said>,
    /// Strings that name a label, by tracker.
    pub(super) labels: Vec<(usize, At)>,
    /// Lists that were a tracker's queue on `window`.
    pub(super) queues: BTreeMap<ObjectId, usize>,
    /// Lists under the queue's name that are not on `window`.
    pub(super) locals: BTreeMap<ObjectId, (usize, At)>,
    /// Items taken out of lists.
    pub(super) gone: Vec<(ObjectId, Item)>,
    /// Lists that are not surely what they seem.
    pub(super) doubted: Vec<(ObjectId, Doubt, At)>,
    /// Queues that are not surely what they seem.
    pub(super) doubts: Vec<(usize, Doubt, At)>,
    /// Lists that a library has read and keeps.
    pub(super) adopted: BTreeMap<usize, ObjectId>,
    /// Those of them that it has read for sure.
    pub(super) read: HashSet<ObjectId>,
    /// What would end the script, comment or text that written markup has begun and not ended.
    pub(super) torn: Option<String>,
    /// A script has written something into the head with which the body may begin.
    pub(super) body_written: bool,
    pub(super) redirect: Option<(String, At)>,
    /// Names declared by `var` on `window`.
    pub(super) declared: HashSet<String>,
    /// What modules, by the numbers of their texts, export by default.
    pub(super) defaults: Vec<(usize, Value)>,
    /// Modules that were imported.
    pub(super) imported: HashSet<usize>,
    /// Functions that were called.
    pub(super) ran: HashSet<At>,
    /// Texts in which calls went too deep to follow.
    pub(super) cut: Vec<At>,
}

impl Record {
    /// Notes a name in running code.
    pub(super) fn name_said(&mut self, name: &str, at: At, needles: &[Needles]) {
        if needles.iter().any(|n| n.queue == name) {
            self.said.entry(at).or_insert(Said::Name);
        }
    }

    /// Notes a string in running code.
    pub(super) fn text_said(&mut self, text: &str, at: At, needles: &[Needles]) {
        for (i, needle) in needles.iter().enumerate() {
            if needle.snippet_in(text) {
                self.said.insert(at, Said::Text);
            }
            if needle.labelled(text) && !needle.resembles(text) && !self.labels.contains(&(i, at)) {
                self.labels.push((i, at));
            }
        }
    }

    pub(super) fn cover(&mut self, at: At) {
        self.covers.insert(at);
    }

    /// Notes where a list is changed.
    pub(super) fn cover_if_list(&mut self, id: ObjectId, at: At) {
        self.touched.push((id, at));
    }

    /// Notes what a list lost.
    pub(super) fn lost(&mut self, id: ObjectId, items: &[Item]) {
        self.gone.extend(items.iter().map(|i| (id, i.clone())));
    }

    /// Notes that calls went too deep to follow.
    pub(super) fn cut_short(&mut self, at: At) {
        self.cut.push(at);
    }
}

impl Machine<'_> {
    fn lists_in(&self, value: &Value) -> Vec<ObjectId> {
        match value {
            Value::Object(id) if matches!(self.heap[id.0].kind, Kind::List(_)) => vec![*id],
            Value::Choice(cases) => cases.iter().flat_map(|(_, v)| self.lists_in(v)).collect(),
            _ => Vec::new(),
        }
    }

    /// Notes what is put where the library will look for its queue.
    pub(super) fn queue_written(&mut self, tracker: usize, value: &Value, at: At) {
        let lists = self.lists_in(value);
        self.record.cover(at);
        let name = &self.needles[tracker].queue;
        let old = self.globals.get(name.as_str()).map(|s| s.read(&self.path, || Value::Undefined));
        let old = old.map(|v| self.lists_in(&v)).unwrap_or_default();
        let replaced = old
            .iter()
            .any(|o| !lists.contains(o) && matches!(&self.heap[o.0].kind, Kind::List(items) if !items.is_empty()));
        let adopted = self.record.adopted.get(&tracker).copied();
        if let Some(adopted) = adopted
            && !lists.contains(&adopted)
        {
            self.record.doubts.push((tracker, Doubt::Value, at));
        } else if replaced && self.phase > Phase::Async && !self.record.loads.is_empty() {
            // The library may have read the old queue by now.
            self.record.doubts.push((tracker, Doubt::Value, at));
        }
        for id in lists {
            self.record.queues.insert(id, tracker);
        }
    }

    /// Notes a queue by name only.
    pub(super) fn local_queue(&mut self, name: &str, value: &Value, at: At) {
        let Some(tracker) = self.needles.iter().position(|n| n.queue == name) else { return };
        for id in self.lists_in(value) {
            self.record.cover(at);
            self.record.locals.entry(id).or_insert((tracker, at));
        }
    }

    /// Notes that a list is not surely what it seems.
    pub(super) fn queue_doubted(&mut self, id: ObjectId, doubt: Doubt, at: At) {
        self.record.doubted.push((id, doubt, at));
    }

    /// A library that blocks parsing has read its queue and keeps it.
    pub(super) fn adopt(&mut self, tracker: usize, at: At) {
        let name: Rc<str> = self.needles[tracker].queue.as_str().into();
        let now = self.globals.get(&name).map(|s| s.read(&Path::default(), || Value::Undefined));
        let id = match now.map(|v| self.lists_in(&v)).unwrap_or_default().first() {
            Some(id) => *id,
            None => {
                let id = self.object(Kind::List(Vec::new()), at);
                self.record.queues.insert(id, tracker);
                self.globals.insert(name, super::path::Slot::holding(Value::Object(id), at));
                id
            }
        };
        self.record.adopted.insert(tracker, id);
    }

    /// Under which conditions what is put into a list now counts: a library that has run may not look again.
    pub(super) fn path_into(&mut self, id: ObjectId) -> Path {
        let late = self.phase >= Phase::Content && self.record.adopted.values().any(|adopted| *adopted == id);
        let late = late || self.record.read.contains(&id);
        let path = self.path_of_item();
        if !late {
            return path;
        }
        let fork = self.doubt(Doubt::Condition);
        path.and(&Path::of(vec![super::path::Guard { fork, side: true }]))
    }

    /// Notes that the page sends its visitor elsewhere.
    pub(super) fn redirected(&mut self, to: &Value, at: At) {
        let Value::Text(to) = to else { return };
        let by_itself = matches!(self.phase, Phase::Parsing | Phase::Deferred | Phase::Content | Phase::Load);
        let unit = &self.units[at.unit as usize];
        let inline = unit.script.is_some() || unit.attribute.is_some();
        let here = self.location_part("href").is_some_and(|h| h == **to);
        let stays = to.starts_with('#') || to.trim_start().to_ascii_lowercase().starts_with("javascript:");
        if self.path.is_always() && by_itself && inline && !here && !stays && self.record.redirect.is_none() {
            self.record.redirect = Some((to.to_string(), at));
        }
    }
}
