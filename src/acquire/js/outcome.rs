//! Turns what was noted into facts: commands on the queue, loads of the library, and mentions that do nothing.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::heap::{At, Item, Kind, ObjectId};
use super::machine::Machine;
use super::member::is_whole;
use super::path::{Path, Version};
use super::record::{RawLoad, Said};
use super::unit::When;
use super::value::Value;
use crate::snapshot::{Arg, Certainty, Command, Doubt, Idle, Load, LoadForm, Mention, QueueFacts, Spot};

/// More occurrences in one script are not explained one by one.
const MOST_MENTIONS: usize = 1000;
/// More commands or loads than this are not compared with each other.
const MOST_COMPARED: usize = 200;

/// The commands, the lists they are in, and why the queue is in doubt.
type Queued = (Vec<Conditional<Command>>, BTreeSet<ObjectId>, Option<(Doubt, At)>);

/// A command or load with its conditions.
struct Conditional<T> {
    path: Path,
    fact: T,
    at: At,
}

impl<'a> Machine<'a> {
    /// The facts about one tracker.
    pub(super) fn outcome(&self, tracker: usize) -> QueueFacts {
        let (commands, live, mut doubt) = self.commands(tracker);
        let loads = self.loads(tracker);
        doubt = doubt.or_else(|| self.doubt_of(tracker, &live));
        let mentions = self.mentions(tracker, &commands, &loads, &live);
        let certain = |path: &Path| self.certainty(path);
        QueueFacts {
            commands: commands.into_iter().map(|c| Command { certainty: certain(&c.path), ..c.fact }).collect(),
            loads: loads.into_iter().map(|l| Load { certainty: certain(&l.path), ..l.fact }).collect(),
            mentions,
            doubt: doubt.map(|(d, at)| (d, self.spot(at))),
        }
    }

    /// Whether the commands or the loader of a tracker are missing so far.
    pub(super) fn lacks(&self, tracker: usize) -> bool {
        self.commands(tracker).0.is_empty() || self.loads(tracker).is_empty()
    }

    fn spot(&self, at: At) -> Spot {
        self.units[at.unit as usize].spot(at)
    }

    fn certainty(&self, path: &Path) -> Certainty {
        let rank = |d: Doubt| match d {
            Doubt::DeferredType => 0,
            Doubt::Interaction => 1,
            Doubt::Callback => 2,
            Doubt::Condition => 3,
            Doubt::Value => 4,
            Doubt::Integrity => 5,
            // Of what a browser told; reading a script never ends in it.
            Doubt::Cut => 6,
        };
        let doubts = path.guards().iter().filter_map(|g| self.doubts.get(g.fork as usize)).copied();
        doubts.min_by_key(|d| rank(*d)).map_or(Certainty::Sure, Certainty::Maybe)
    }

    /// What may be the queue in the end: each value with its conditions, newest first.
    fn ends(&self, tracker: usize) -> Vec<(Path, Value, At)> {
        let Some(slot) = self.globals.get(self.needles[tracker].queue.as_str()) else { return Vec::new() };
        let (seen, _) = slot.seen(&Path::default());
        let mut ends = Vec::new();
        for (path, Version { value, at, .. }) in seen {
            match value {
                Value::Choice(cases) => {
                    ends.extend(
                        cases.iter().filter(|(p, _)| !p.excludes(&path)).map(|(p, v)| (path.and(p), v.clone(), *at)),
                    );
                }
                other => ends.push((path, other.clone(), *at)),
            }
        }
        ends
    }

    fn items(&self, value: &Value) -> Option<(ObjectId, &[Item])> {
        match value {
            Value::Object(id) => match &self.heap[id.0].kind {
                Kind::List(items) => Some((*id, items)),
                _ => None,
            },
            _ => None,
        }
    }

    fn commands(&self, tracker: usize) -> Queued {
        let ends = self.ends(tracker);
        let mut found = Vec::new();
        let mut live = BTreeSet::new();
        let mut doubt = None;
        for (i, (path, value, at)) in ends.iter().enumerate() {
            if matches!(value, Value::Unknown | Value::Thing) {
                doubt.get_or_insert((Doubt::Value, *at));
            }
            let Some((id, items)) = self.items(value) else { continue };
            live.insert(id);
            if self.heap[id.0].handed_out {
                doubt.get_or_insert((Doubt::Callback, *at));
            }
            let newer = ends
                .iter()
                .take(i)
                .find(|(p, v, _)| !p.excludes(path) && self.items(v).is_none_or(|(other, _)| other != id));
            if let (Some((p, _, place)), false) = (newer, items.is_empty()) {
                let why = match self.certainty(p) {
                    Certainty::Maybe(why) => why,
                    Certainty::Sure => Doubt::Condition,
                };
                doubt.get_or_insert((why, *place));
            }
            for item in items.iter().filter(|i| !i.path.excludes(path)) {
                self.command(path, item, &mut found);
            }
        }
        self.merge(&mut found, |a, b| a.name == b.name && a.args == b.args);
        (found, live, doubt)
    }

    fn command(&self, path: &Path, item: &Item, found: &mut Vec<Conditional<Command>>) {
        let path = path.and(&item.path);
        let cases: Vec<(Path, Value)> = match &item.value {
            Value::Choice(cases) => cases.iter().map(|(p, v)| (path.and(p), v.clone())).collect(),
            other => vec![(path, other.clone())],
        };
        for (path, value) in cases {
            let certainty = Certainty::Sure;
            let Some((id, items)) = self.items(&value) else {
                let spot = self.spot(item.at);
                let name = self.arg(&value);
                found.push(Conditional {
                    path,
                    fact: Command { name, args: Vec::new(), certainty, spot },
                    at: item.at,
                });
                continue;
            };
            let at = self.heap[id.0].at;
            let given = |i: &Item| if path.implies(&i.path) { self.arg(&i.value) } else { Arg::Unknown };
            let name = items.first().map_or_else(|| Arg::Other("undefined".to_owned()), given);
            let args = items.iter().skip(1).map(given).collect();
            found.push(Conditional { fact: Command { name, args, certainty, spot: self.spot(at) }, path, at });
        }
    }

    fn arg(&self, value: &Value) -> Arg {
        match value {
            Value::Text(text) => Arg::Known(text.to_string()),
            Value::Num(n) if !n.is_nan() => Arg::Known(super::value::number_text(*n)),
            Value::Num(_) => Arg::Other("NaN".to_owned()),
            Value::Undefined => Arg::Other("undefined".to_owned()),
            Value::Null => Arg::Other("null".to_owned()),
            Value::Bool(b) => Arg::Other(b.to_string()),
            Value::Native(name) => Arg::Other(name.to_string()),
            Value::Object(id) => {
                let at = self.heap[id.0].at;
                let text =
                    self.units[at.unit as usize].text.get(at.start as usize..at.end as usize).unwrap_or_default();
                Arg::Other(text.chars().take(120).collect())
            }
            Value::Unknown | Value::Thing | Value::Mixed(_) | Value::Choice(_) => Arg::Unknown,
        }
    }

    /// Joins what happens on both sides of a condition.
    fn merge<T>(&self, all: &mut Vec<Conditional<T>>, same: impl Fn(&T, &T) -> bool) {
        if all.len() > MOST_COMPARED {
            return;
        }
        'again: loop {
            for i in 0..all.len() {
                for j in i + 1..all.len() {
                    let (Some(guard), true) = (all[i].path.complement(&all[j].path), same(&all[i].fact, &all[j].fact))
                    else {
                        continue;
                    };
                    all[i].path = all[i].path.without(guard);
                    all.remove(j);
                    continue 'again;
                }
            }
            return;
        }
    }

    fn loads(&self, tracker: usize) -> Vec<Conditional<Load>> {
        let needles = &self.needles[tracker];
        let mut found = Vec::new();
        let concerns = |address: Option<&Rc<str>>, at: At| match address {
            Some(text) if text.chars().any(|c| c != super::value::GAP) => needles.resembles(text),
            _ => needles.snippet_in(self.units[at.unit as usize].text),
        };
        let arg = |address: Option<&Rc<str>>| match address {
            Some(text) if is_whole(text) => Arg::Known(text.to_string()),
            _ => Arg::Unknown,
        };
        let certainty = Certainty::Sure;
        for raw in &self.record.loads {
            if concerns(raw.address.as_ref(), raw.at) {
                let (address, spot) = (arg(raw.address.as_ref()), self.spot(raw.at));
                let RawLoad { form, inserted, early, .. } = *raw;
                let fact = Load { form, address, inserted, early, certainty, spot };
                found.push(Conditional { path: raw.path.clone(), fact, at: raw.at });
            }
        }
        for object in &self.heap {
            let Kind::Element(element) = &object.kind else { continue };
            let (Some("script") | None, true, Some(slot)) =
                (element.tag.as_deref(), element.started.is_empty(), object.slots.get("src"))
            else {
                continue;
            };
            for version in &slot.versions {
                let address = version.value.as_text();
                if address.as_ref().is_some_and(|a| needles.resembles(a)) {
                    let (spot, address) = (self.spot(version.at), arg(address.as_ref()));
                    let form = LoadForm::Inserted;
                    let fact = Load { form, address, inserted: false, early: false, certainty, spot };
                    found.push(Conditional { path: version.path.clone(), fact, at: version.at });
                }
            }
        }
        self.merge(&mut found, |a, b| {
            (a.form, &a.address, a.inserted, a.early) == (b.form, &b.address, b.inserted, b.early)
        });
        found
    }

    fn doubt_of(&self, tracker: usize, live: &BTreeSet<ObjectId>) -> Option<(Doubt, At)> {
        let record = &self.record;
        let queues = record.doubts.iter().find(|(t, ..)| *t == tracker).map(|(_, d, at)| (*d, *at));
        let lists = record.doubted.iter().find(|(id, ..)| live.contains(id)).map(|(_, d, at)| (*d, *at));
        let named =
            |at: At| self.needles[tracker].snippet_in(&super::needle::unescaped(self.units[at.unit as usize].text));
        let cut = record.cut.iter().find(|at| named(**at)).map(|at| (Doubt::Value, *at));
        let spent = self.units.iter().enumerate().find_map(|(i, u)| {
            let at = u.whole(u32::try_from(i).ok()?);
            (u.spent && named(at)).then_some((Doubt::Value, at))
        });
        queues.or(lists).or(cut).or(spent)
    }

    fn mentions(
        &self,
        tracker: usize,
        commands: &[Conditional<Command>],
        loads: &[Conditional<Load>],
        live: &BTreeSet<ObjectId>,
    ) -> Vec<Mention> {
        let record = &self.record;
        let mut mentions: Vec<(At, Idle)> = Vec::new();
        let mut covers: Vec<At> = record.covers.iter().copied().collect();
        covers.extend(commands.iter().map(|c| c.at));
        covers.extend(loads.iter().map(|l| l.at));
        let ours = |id: &ObjectId| record.queues.get(id) == Some(&tracker);
        let local = |id: &ObjectId| record.locals.get(id).is_some_and(|(t, _)| *t == tracker);
        covers.extend(record.touched.iter().filter(|(id, _)| ours(id) || local(id)).map(|(_, at)| *at));
        let lost = |items: &[Item], idle: Idle| -> Vec<(At, Idle)> {
            let places = items.iter().map(|i| self.items(&i.value).map_or(i.at, |(id, _)| self.heap[id.0].at));
            places.filter(|at| !commands.iter().any(|c| c.at == *at)).map(|at| (at, idle)).collect()
        };
        for (id, queue) in &record.queues {
            if *queue == tracker
                && !live.contains(id)
                && let Kind::List(items) = &self.heap[id.0].kind
            {
                mentions.extend(lost(items, Idle::Overwritten));
            }
        }
        for (id, item) in &record.gone {
            if ours(id) {
                mentions.extend(lost(std::slice::from_ref(item), Idle::Overwritten));
            }
        }
        for (id, (owner, at)) in &record.locals {
            if *owner == tracker
                && !record.queues.contains_key(id)
                && let Kind::List(items) = &self.heap[id.0].kind
            {
                covers.push(*at);
                mentions.extend(lost(items, Idle::LocalQueue));
                if items.is_empty() {
                    mentions.push((*at, Idle::LocalQueue));
                }
            }
        }
        covers.extend(mentions.iter().map(|(at, _)| *at));
        for (index, unit) in self.units.iter().enumerate().filter(|(_, u)| u.script.is_some()) {
            let Ok(index) = u32::try_from(index) else { break };
            for (start, end) in self.needles[tracker].occurrences(unit.text).into_iter().take(MOST_MENTIONS) {
                let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(end)) else { continue };
                let at = At { unit: index, start, end };
                if !covers.iter().any(|c| within(at, *c)) {
                    mentions.push((at, self.why_idle(at)));
                }
            }
        }
        mentions.sort_unstable();
        mentions.dedup();
        mentions.into_iter().map(|(at, idle)| Mention { idle, spot: self.spot(at) }).collect()
    }

    fn why_idle(&self, at: At) -> Idle {
        let unit = &self.units[at.unit as usize];
        if let When::Never(idle) = unit.when {
            return idle;
        }
        let Some(program) = unit.program else { return Idle::SyntaxError };
        if program.comments.iter().any(|c| c.span.start <= at.start && at.end <= c.span.end) {
            return Idle::ScriptComment;
        }
        let said = self.record.said.iter().find(|(place, _)| within(at, **place)).map(|(_, said)| *said);
        match said {
            Some(Said::Text) => Idle::ScriptString,
            Some(Said::Name) => Idle::OtherUse,
            None if unit.spent || unit.skipped => Idle::OtherUse,
            None => Idle::DeadCode,
        }
    }
}

fn within(inner: At, outer: At) -> bool {
    inner.unit == outer.unit && outer.start <= inner.start && inner.end <= outer.end
}
