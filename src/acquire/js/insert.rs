//! The moment a script element gets into the document and begins to load, and markup that scripts write.

use std::rc::Rc;

use super::element::is_script_type;
use super::heap::{At, Kind, ObjectId};
use super::machine::{Body, Machine, Run};
use super::member::is_whole;
use super::order::Made;
use super::path::{Guard, Path, Slot};
use super::record::RawLoad;
use super::task::Phase;
use super::value::Value;
use crate::acquire::html::caseless;
use crate::snapshot::{Doubt, LoadForm};

impl<'a> Machine<'a> {
    pub(super) fn insert_value(&mut self, value: &Value) -> Run<'a, ()> {
        match value {
            Value::Object(id) => self.insert(*id, 0),
            Value::Choice(_) => {
                self.each_case(value, |m, case| m.insert_value(case).map(|()| Value::Undefined)).map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// Puts an element and what is in it into the document.
    fn insert(&mut self, id: ObjectId, depth: u32) -> Run<'a, ()> {
        self.step()?;
        let path = self.path.clone();
        let Kind::Element(element) = &mut self.heap[id.0].kind else { return Ok(()) };
        if depth > 64 {
            return Ok(());
        }
        if element.tag.as_deref() != Some("#fragment") {
            element.connected.push(path);
        }
        for child in element.children.clone() {
            self.insert(child, depth + 1)?;
        }
        self.policy_inserted(id);
        self.begin(id)
    }

    /// A script element is in the document: it loads once, if it can.
    pub(super) fn begin(&mut self, id: ObjectId) -> Run<'a, ()> {
        let is_script = self.is_script(id);
        let Kind::Element(element) = &self.heap[id.0].kind else { return Ok(()) };
        if is_script == Some(false) || element.started.iter().any(|p| self.path.implies(p)) {
            return Ok(());
        }
        let read = |m: &Self, key: &str| m.heap[id.0].slots.get(key).map(|s| s.read(&m.path, || Value::Undefined));
        let at = self.heap[id.0].at;
        let src = self.heap[id.0].slots.get("src").cloned();
        let src_value = read(self, "src").unwrap_or(Value::Undefined);
        let runs = self.type_runs(id);
        if src_value.nullish() == Some(true) {
            let Some(Value::Text(code)) = read(self, "text") else { return Ok(()) };
            let place = self.heap[id.0].slots.get("text").and_then(|s| s.versions.last()).map_or(at, |v| v.at);
            self.start(id);
            if read(self, "type").is_some_and(|t| t.is_same(&Value::text("module"))) {
                // A module's text, with imports of its own, is not followed.
                let path = Path::of(vec![Guard { fork: self.doubt(Doubt::Value), side: true }]);
                self.under(&path, |m| m.load(&Value::Unknown, LoadForm::Inserted, true, place));
                return Ok(());
            }
            return if runs == Some(true) { self.run_text(&code, place, Made::Script).map(|_| ()) } else { Ok(()) };
        }
        self.start(id);
        if src_value.is_same(&Value::text("")) {
            return Ok(());
        }
        let place = src.and_then(|s| s.versions.last().map(|v| v.at)).unwrap_or(at);
        let doubtful = is_script.is_none() || runs.is_none();
        let path = if doubtful {
            Path::of(vec![Guard { fork: self.doubt(Doubt::Value), side: true }])
        } else {
            Path::default()
        };
        let path = path.and(&self.by_digest(&read(self, "integrity").unwrap_or(Value::Undefined)));
        self.under(&path, |m| m.load(&src_value, LoadForm::Inserted, runs != Some(false), place));
        Ok(())
    }

    /// Under which condition a script loads whose `integrity` is this value: the file must have that digest.
    fn by_digest(&mut self, integrity: &Value) -> Path {
        if !may_be_digest(integrity) {
            return Path::default();
        }
        Path::of(vec![Guard { fork: self.doubt(Doubt::Integrity), side: true }])
    }

    fn start(&mut self, id: ObjectId) {
        let path = self.path.clone();
        if let Kind::Element(element) = &mut self.heap[id.0].kind {
            element.started.push(path);
        }
    }

    /// Whether an element's type lets it run.
    pub(super) fn type_runs(&self, id: ObjectId) -> Option<bool> {
        let slots = &self.heap[id.0].slots;
        let no_module =
            slots.get("noModule").is_some_and(|s| s.read(&self.path, || Value::Undefined).truth() == Some(true));
        if no_module {
            return Some(false);
        }
        let Some(slot) = slots.get("type") else { return Some(true) };
        match slot.read(&self.path, || Value::text("")) {
            Value::Text(text) => Some(is_script_type(&text)),
            Value::Undefined | Value::Null => Some(true),
            _ => None,
        }
    }

    /// Notes a script that is loaded, whatever way.
    pub(super) fn script_loaded(&mut self, address: &Value, form: LoadForm, at: At) {
        self.load(address, form, true, at);
    }

    fn load(&mut self, address: &Value, form: LoadForm, inserted: bool, at: At) {
        if let Value::Choice(cases) = address {
            for (path, case) in cases.iter() {
                if !path.excludes(&self.path) {
                    self.under(path, |m| m.load(case, form, inserted, at));
                }
            }
            return;
        }
        let text = address.as_text();
        let library = text.as_ref().is_some_and(|t| self.needles.iter().any(|n| n.resembles(t)));
        if inserted && !library {
            self.unread = true;
        }
        let path = self.path_of_load();
        let early = self.phase == Phase::Parsing;
        self.record.loads.push(RawLoad { form, address: text, inserted, early, path, at });
    }

    /// An element came into the hands of code that was not read, which may insert it.
    pub(super) fn inserted_by_stranger(&mut self, id: ObjectId) {
        let fork = self.doubt(Doubt::Callback);
        let path = Path::of(vec![Guard { fork, side: true }]);
        let _ = self.under(&path, |m| m.insert(id, 0));
    }

    /// A module is imported from an address.
    pub(super) fn imported(&mut self, source: &Value, at: At) {
        self.load(source, LoadForm::Inserted, true, at);
    }

    /// Reads `document.write`.
    pub(super) fn written(&mut self, arguments: &[Value], at: At) -> Run<'a, ()> {
        let pieces: Vec<Option<Rc<str>>> = arguments.iter().map(|a| self.text_of(a)).collect();
        let markup = Value::joined(&pieces);
        if !matches!(&markup, Value::Text(html) | Value::Mixed(html) if super::written::stays_in_head(html)) {
            self.record.body_written |= self.body != Body::There;
            if self.body == Body::Later {
                self.body = Body::Open(self.doubt(Doubt::Condition));
            }
        }
        let (Value::Text(html) | Value::Mixed(html)) = markup else { return Ok(()) };
        self.charge(html.len());
        if self.phase == Phase::Parsing {
            return self.markup(&html, LoadForm::Written, at);
        }
        let fork = self.doubt(Doubt::Condition);
        let path = Path::of(vec![Guard { fork, side: true }]);
        self.under(&path, |m| m.markup(&html, LoadForm::Written, at))
    }

    /// Markup made into elements whose scripts run once they are in the document.
    pub(super) fn fragment(&mut self, markup: &Value, at: At) -> Run<'a, Value> {
        let (Value::Text(html) | Value::Mixed(html)) = markup else { return Ok(Value::Unknown) };
        let mut children = Vec::new();
        for found in super::written::scripts(html).0.into_iter().filter(|s| s.runs) {
            let Value::Object(id) = self.element(Some("script".into()), at) else { continue };
            let (key, value) = found.src.map_or(("text", found.text), |src| ("src", src));
            let digest = found.integrity.map(|digest| ("integrity", digest));
            for (key, value) in digest.into_iter().chain([(key, value)]) {
                self.set_on_element(id, key, Value::joined(&[Some(value.into())]), at)?;
            }
            children.push(id);
        }
        let fragment = self.element(Some("#fragment".into()), at);
        if let Value::Object(id) = &fragment
            && let Kind::Element(element) = &mut self.heap[id.0].kind
        {
            element.children = children;
        }
        Ok(fragment)
    }

    /// What a `<template>` made by script holds: in no document, until it is copied or moved there.
    pub(super) fn template_content(&mut self, id: ObjectId, at: At) -> Value {
        let text = self.heap[id.0].slots.get("text").map(|s| s.read(&self.path, || Value::Undefined));
        let content = match text {
            Some(text @ (Value::Text(_) | Value::Mixed(_))) => self.fragment(&text, at).unwrap_or(Value::Unknown),
            Some(other) if other.nullish() != Some(true) => return Value::Unknown,
            _ => self.element(Some("#fragment".into()), at),
        };
        self.heap[id.0].slots.insert("content".into(), Slot::holding(content.clone(), at));
        content
    }

    /// What is fetched may be run as a script by what follows.
    pub(super) fn fetched(&mut self, address: &Value, at: At) {
        let Some(text) = address.as_text() else { return };
        if self.needles.iter().any(|n| n.resembles(&text)) {
            let path = Path::of(vec![Guard { fork: self.doubt(Doubt::Callback), side: true }]);
            self.under(&path, |m| m.load(address, LoadForm::Inserted, true, at));
        }
    }

    /// The event `load` waits for every script that began to load before it: such a library has read its queue.
    pub(super) fn libraries_ran(&mut self) {
        for tracker in 0..self.needles.len() {
            let runs = |l: &&RawLoad| {
                let address = l.address.as_ref().and_then(|a| self.address.join(a).ok());
                l.inserted && l.path.is_always() && address.is_some_and(|a| self.needles[tracker].is_library(&a))
            };
            let found = self.record.loads.iter().find(runs).map(|l| l.at);
            if let Some(at) = found.filter(|_| !self.record.adopted.contains_key(&tracker)) {
                self.adopt(tracker, at);
            }
        }
    }

    /// Finds the script elements in markup that runs them.
    pub(super) fn markup(&mut self, html: &str, form: LoadForm, at: At) -> Run<'a, ()> {
        let (scripts, open) = super::written::scripts(html);
        self.policy_written(html);
        let torn = if form == LoadForm::Written { self.record.torn.take() } else { None };
        if form == LoadForm::Written {
            let ends = |ending: &String| caseless::places(html.as_bytes(), ending.as_bytes()).next().is_some();
            self.record.torn = open.or_else(|| torn.clone().filter(|ending| !ends(ending)));
        }
        if torn.is_some() {
            // Its beginning is the rest of what was begun before: of a script, a comment, or text.
            let fork = self.doubt(Doubt::Value);
            let path = Path::of(vec![Guard { fork, side: true }]);
            return self.under(&path, |m| m.scripts_in(scripts, form, at));
        }
        self.scripts_in(scripts, form, at)
    }

    fn scripts_in(&mut self, scripts: Vec<super::written::Written>, form: LoadForm, at: At) -> Run<'a, ()> {
        for found in scripts {
            if !found.runs {
                continue;
            }
            match found.src {
                Some(src) => {
                    let address = Value::joined(&[Some(src.into())]);
                    let digest = found.integrity.map_or(Value::Undefined, |d| Value::joined(&[Some(d.into())]));
                    let path = self.by_digest(&digest);
                    self.under(&path, |m| m.load(&address, form, true, at));
                }
                None if is_whole(&found.text) && form == LoadForm::Inserted => {
                    // Whether what it is put into is there, only the library that puts it there knows.
                    let fork = self.doubt(Doubt::Callback);
                    let path = Path::of(vec![Guard { fork, side: true }]);
                    self.under(&path, |m| m.run_text(&found.text, at, Made::Script))?;
                }
                None if is_whole(&found.text) => {
                    self.run_text(&found.text, at, Made::Script)?;
                }
                None => {}
            }
        }
        Ok(())
    }
}

/// Whether the value of an `integrity` attribute may name a digest.
fn may_be_digest(integrity: &Value) -> bool {
    match integrity {
        Value::Text(text) => super::has_digest(text),
        Value::Choice(cases) => cases.iter().any(|(_, case)| may_be_digest(case)),
        Value::Unknown | Value::Thing | Value::Mixed(_) | Value::Object(_) => true,
        _ => false,
    }
}
