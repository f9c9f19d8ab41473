//! The order in which a browser runs the scripts of a page and what they put off.

use std::collections::HashMap;

use oxc_ast::ast::Program;

use super::element::is_action;
use super::heap::{At, Kind, ObjectId, ScopeId};
use super::machine::{Body, Exit, Frame, Machine, Run};
use super::path::{Guard, Path, Slot};
use super::scope::Scope;
use super::task::{Phase, Task};
use super::unit::When;
use super::value::Value;
use crate::snapshot::{Doubt, ScriptKind, Trigger};

/// Steps of one script that names something looked for, and of one that does not.
const STEPS_NAMED: u32 = 120_000;
const STEPS_OTHER: u32 = 10_000;
/// Steps of one task.
const STEPS_TASK: u32 = 40_000;
/// Tasks of one page.
const MOST_TASKS: usize = 600;

/// What a script makes a text into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Made {
    /// The text of a script element: a script of its own.
    Script,
    /// A function (`new Function`), or what a timer runs.
    Function,
    /// What `eval` reads where it is called by its name: a part of the code around it.
    Here,
    /// What `eval` reads when it is called in another way: code of the page, with lexical names of its own.
    Elsewhere,
}

impl<'a> Machine<'a> {
    /// Reads all scripts of the page, and what they put off, in order.
    pub(super) fn run_page(&mut self, scripts: &[crate::snapshot::Script]) {
        for (phase, when) in
            [(Phase::Parsing, When::Parsing), (Phase::Deferred, When::Deferred), (Phase::Async, When::Async)]
        {
            self.phase = phase;
            for unit in 0..self.units.len() {
                if let When::Event(trigger) = self.units[unit].when {
                    if when == When::Parsing {
                        self.attach(unit, trigger);
                    }
                    continue;
                }
                let Some(script) = self.units[unit].script.filter(|_| self.units[unit].when == when) else {
                    self.library_tag(unit, when, scripts);
                    continue;
                };
                self.body_for(scripts.get(script).filter(|_| when == When::Parsing));
                let waits = when == When::Deferred;
                self.running = scripts.get(script).filter(|_| !waits).map(|s| (script, s.text.end));
                self.run_unit(unit);
            }
        }
        (self.body, self.running) = (Body::There, None);
        self.phase = Phase::Content;
        self.run_handlers(&["document.onreadystatechange"]);
        self.run_tasks(Phase::Content);
        self.libraries_ran();
        self.phase = Phase::Load;
        self.run_handlers(&["document.onreadystatechange", "onload", "onpageshow"]);
        self.run_tasks(Phase::Load);
        self.phase = Phase::Timer;
        self.unread |= self.units.iter().any(|u| u.when == When::Optimiser);
        self.run_tasks(Phase::Timer);
        self.phase = Phase::Stranger;
        self.hand_out_defaults();
        self.run_tasks(Phase::Stranger);
        self.offer_to_strangers();
        self.run_tasks(Phase::Stranger);
        self.phase = Phase::Action;
        self.action_handlers();
        self.run_tasks(Phase::Action);
        self.phase = Phase::Optimiser;
        let fork = self.doubt(Doubt::DeferredType);
        let path = Path::of(vec![Guard { fork, side: true }]);
        for unit in 0..self.units.len() {
            if self.units[unit].when == When::Optimiser {
                self.alone(&path, |m| m.run_unit(unit));
            }
        }
        for phase in [Phase::Content, Phase::Load, Phase::Timer, Phase::Stranger, Phase::Action] {
            self.run_tasks(phase);
        }
    }

    /// Whether there is a body when a script runs; by then every other script finds one.
    fn body_for(&mut self, script: Option<&crate::snapshot::Script>) {
        self.body = match script {
            Some(script) if !script.has_body && self.record.body_written => Body::Open(self.doubt(Doubt::Condition)),
            Some(script) if !script.has_body => Body::Later,
            _ => Body::There,
        };
    }

    /// A library reads the queue when it runs, and keeps it: in its turn, or, when it waits for nothing, maybe as
    /// early as at its tag.
    fn library_tag(&mut self, unit: usize, when: When, scripts: &[crate::snapshot::Script]) {
        let unit_ref = &self.units[unit];
        let Some(script) = unit_ref.script.and_then(|i| scripts.get(i)) else { return };
        let deferred = script.is_defer || script.kind == ScriptKind::Module;
        let now = if deferred { When::Deferred } else { When::Parsing };
        self.unread |= when == now && super::stranger(script, &self.needles);
        let runs = matches!(script.kind, ScriptKind::Classic | ScriptKind::Module) && script.inert.is_none();
        let first = if deferred && !script.is_async { When::Deferred } else { When::Parsing };
        if !runs || when != first || unit_ref.when != When::Never(crate::snapshot::Idle::BesideSrc) {
            return;
        }
        let Some(url) = script.url.clone() else { return };
        let at = unit_ref.whole(u32::try_from(unit).unwrap_or(u32::MAX));
        for tracker in 0..self.needles.len() {
            if self.needles[tracker].is_library(&url) {
                self.adopt(tracker, at);
                if !script.is_async {
                    self.record.read.extend(self.record.adopted.get(&tracker));
                }
            }
        }
    }

    /// Reads one script.
    fn run_unit(&mut self, index: usize) {
        let unit = &self.units[index];
        let (Some(program), false) = (unit.program, unit.skipped) else {
            self.unread |= unit.skipped;
            return;
        };
        let module = unit.module;
        self.unit = u32::try_from(index).unwrap_or(u32::MAX);
        self.steps = if unit.named { STEPS_NAMED } else { STEPS_OTHER };
        let strict = module || program.has_use_strict_directive();
        self.scope = ScopeId(0);
        if module {
            self.enter();
            self.units[index].scope = Some(self.scope);
        }
        let frame = Frame {
            result: Slot::default(),
            this: if module { Value::Undefined } else { Value::native("window") },
            home: None,
            vars: module.then_some(self.scope),
            strict,
            arguments: Vec::new(),
        };
        self.frames = vec![frame];
        (self.depth, self.calls, self.adrift, self.risky) = (0, 0, 0, false);
        let path = self.path.clone();
        let clash = !module && self.clashes(&program.body);
        let result = self.alone(&path, |m| {
            if clash {
                return Err(Exit::Throw);
            }
            m.hoist(&program.body)?;
            m.exec_all(&program.body)
        });
        self.ended(result, self.unit);
        self.frames.clear();
        self.run_tasks(Phase::Soon);
    }

    fn ended<T>(&mut self, result: Run<'a, T>, unit: u32) {
        if matches!(result, Err(Exit::Spent)) {
            self.units[unit as usize].spent = true;
            (self.unread, self.broken_off) = (true, true);
        }
    }

    /// Reads a program in a frame of its own, in the unit and scope that stand, then goes back to those it came from:
    /// the guards held before it, and how it ended.
    fn run_in(&mut self, frame: Frame, program: &'a Program<'a>, outer: (u32, ScopeId)) -> (usize, Run<'a, ()>) {
        self.frames.push(frame);
        self.calls += 1;
        let from = self.holding();
        let result = self.hoist(&program.body).and_then(|()| self.exec_all(&program.body));
        self.calls -= 1;
        self.frames.pop();
        (self.unit, self.scope) = outer;
        (from, result)
    }

    /// Reads a module that a script asks for, within that script.
    pub(super) fn run_asked(&mut self, index: usize) -> Run<'a, ()> {
        self.step()?;
        let unit = &self.units[index];
        let (Some(program), false, true) = (unit.program, unit.skipped, self.calls < super::machine::DEEPEST_CALL)
        else {
            self.unread = true;
            return Ok(());
        };
        let outer = (self.unit, self.scope);
        self.unit = u32::try_from(index).unwrap_or(u32::MAX);
        self.scope = ScopeId(0);
        self.enter();
        self.units[index].scope = Some(self.scope);
        let frame = Frame {
            result: Slot::default(),
            this: Value::Undefined,
            home: None,
            vars: Some(self.scope),
            strict: true,
            arguments: Vec::new(),
        };
        let (from, result) = self.run_in(frame, program, outer);
        self.settle(from, result, |exit| exit != Exit::Spent)
    }

    /// Reads a text that a script made.
    pub(super) fn run_text(&mut self, code: &str, at: At, made: Made) -> Run<'a, Value> {
        self.step()?;
        if self.units.len() > 2000 || self.calls >= super::machine::DEEPEST_CALL {
            return Ok(Value::Unknown);
        }
        let spot = self.units[at.unit as usize].spot(at);
        let unit = super::unit::made(self.allocator, code, &spot, &self.needles);
        let Some(program) = unit.program else {
            return if made == Made::Script { Ok(Value::Unknown) } else { Err(Exit::Throw) };
        };
        self.units.push(unit);
        let outer = (self.unit, self.scope);
        self.unit = u32::try_from(self.units.len() - 1).unwrap_or(u32::MAX);
        let frame = self.frame_of(made, program.has_use_strict_directive());
        let (from, result) = self.run_in(frame, program, outer);
        if made == Made::Script {
            self.release(from, |_| true);
            return match result {
                Err(Exit::Spent) => Err(Exit::Spent),
                // An error in an element's text ends it alone.
                _ => Ok(Value::Unknown),
            };
        }
        self.settle(from, result, |exit| !matches!(exit, Exit::Throw | Exit::Spent)).map(|()| Value::Unknown)
    }

    /// The frame of a text that a script made; its scope becomes the current one.
    fn frame_of(&mut self, made: Made, strict: bool) -> Frame {
        let mut frame = Frame {
            result: Slot::default(),
            this: Value::native("window"),
            home: None,
            vars: None,
            strict,
            arguments: Vec::new(),
        };
        match made {
            Made::Script | Made::Function => self.scope = ScopeId(0),
            Made::Elsewhere => {
                self.scope = ScopeId(0);
                self.enter();
            }
            Made::Here => {
                self.enter();
                if let Some(around) = self.frames.last() {
                    frame.this = around.this.clone();
                    frame.arguments = around.arguments.clone();
                    (frame.home, frame.vars, frame.strict) = (around.home, around.vars, strict || around.strict);
                }
            }
        }
        // What strict code declares by `eval` is its own.
        if frame.strict && matches!(made, Made::Here | Made::Elsewhere) {
            frame.vars = Some(self.scope);
        }
        frame
    }

    /// The parser meets a handler attribute: that of the body takes the place of the window's handler, as a later
    /// script may take its place.
    fn attach(&mut self, unit: usize, trigger: Trigger) {
        let Ok(number) = u32::try_from(unit) else { return };
        let at = self.units[unit].whole(number);
        let handler = Value::Object(self.object(Kind::Handler(number), at));
        match trigger {
            Trigger::Window => {
                let name = self.units[unit].attribute.clone().unwrap_or_default();
                let _ = self.write_window(&name, handler, at);
            }
            Trigger::Resource => self.later_by_stranger(handler),
            Trigger::Person => self.by_action(&handler),
        }
    }

    /// Reads the function of a handler attribute.
    pub(super) fn run_handler(&mut self, unit: u32) -> Run<'a, Value> {
        self.step()?;
        let Some(handler) = self.units.get(unit as usize) else { return Ok(Value::Unknown) };
        let (Some(program), When::Event(trigger)) = (handler.program, handler.when) else {
            return Ok(Value::Undefined);
        };
        if self.calls >= super::machine::DEEPEST_CALL {
            return Ok(Value::Unknown);
        }
        let at = handler.whole(unit);
        let outer = (self.unit, self.scope);
        let of_window = trigger == Trigger::Window;
        // Names mean those of the element and of the document before those of the window.
        self.scopes.push(Scope::of(Some(ScopeId(0)), HashMap::new(), Some(Value::native("document"))));
        let slots = HashMap::from([("event", Slot::holding(Value::Thing, at))]);
        self.scopes.push(Scope::of(Some(ScopeId(self.scopes.len() - 1)), slots, None));
        (self.unit, self.scope) = (unit, ScopeId(self.scopes.len() - 1));
        let frame = Frame {
            result: Slot::default(),
            this: if of_window { Value::native("window") } else { Value::Thing },
            home: None,
            vars: Some(self.scope),
            strict: program.has_use_strict_directive(),
            arguments: vec![Value::Thing],
        };
        let (from, result) = self.run_in(frame, program, outer);
        // An error ends the handler alone.
        self.settle(from, result, |exit| exit != Exit::Spent).map(|()| Value::Unknown)
    }

    /// A function on `window` that nothing called may be called by scripts that were not read. Only what would
    /// complete a snippet is of interest.
    fn offer_to_strangers(&mut self) {
        if !self.strangers {
            return;
        }
        let wanting: Vec<usize> = (0..self.needles.len()).filter(|t| self.lacks(*t)).collect();
        let values: Vec<Value> =
            self.globals.values().map(|slot| slot.read(&Path::default(), || Value::Undefined)).collect();
        for value in values {
            let methods = match &value {
                Value::Object(id) if matches!(self.heap[id.0].kind, Kind::Plain) => {
                    let slots = self.heap[id.0].slots.values();
                    slots.map(|slot| slot.read(&Path::default(), || Value::Undefined)).collect()
                }
                _ => vec![value],
            };
            for value in methods {
                if let Value::Object(id) = &value
                    && let Kind::Function(closure) = &self.heap[id.0].kind
                    && let at = closure.at()
                    && !self.record.ran.contains(&at)
                    && let Some(text) = self.units[at.unit as usize].text.get(at.start as usize..at.end as usize)
                    && wanting.iter().any(|t| self.needles[*t].snippet_in(&super::needle::unescaped(text)))
                {
                    self.later_by_stranger(value);
                }
            }
        }
    }

    fn run_handlers(&mut self, names: &[&str]) {
        for name in names {
            if let Some(slot) = self.handler_slot(name) {
                let value = slot.read(&Path::default(), || Value::Undefined);
                if self.is_function(&value) {
                    self.run_task(Task::of(value, None, Path::default()));
                    self.run_tasks(Phase::Soon);
                }
            }
        }
    }

    fn action_handlers(&mut self) {
        let globals = self.globals.iter().map(|(k, s)| (k.to_string(), s.clone()));
        let natives = self.natives.iter().map(|(k, s)| (k.clone(), s.clone()));
        let mut found: Vec<(String, Slot)> = globals
            .chain(natives)
            .filter(|(k, _)| k.rsplit('.').next().and_then(|k| k.strip_prefix("on")).is_some_and(is_action))
            .collect();
        found.sort_by(|a, b| a.0.cmp(&b.0));
        for (_, slot) in found {
            let value = slot.read(&Path::default(), || Value::Undefined);
            self.by_action(&value);
        }
    }

    /// Runs the tasks of a phase until none is left.
    fn run_tasks(&mut self, phase: Phase) {
        for _ in 0..MOST_TASKS {
            let Some(queue) = self.tasks.get_mut(&phase) else { return };
            let next = queue.iter().enumerate().min_by(|a, b| a.1.wait.total_cmp(&b.1.wait)).map(|(i, _)| i);
            let Some(task) = next.and_then(|i| queue.remove(i)) else { return };
            self.run_task(task);
            if phase != Phase::Soon {
                self.run_tasks(Phase::Soon);
            }
        }
    }

    fn run_task(&mut self, task: Task) {
        self.steps = STEPS_TASK.min(self.task_steps);
        let granted = self.steps;
        (self.depth, self.calls, self.adrift, self.risky) = (0, 0, 0, false);
        let unit = self.unit_of(&task.what);
        let at = At { unit, start: 0, end: 0 };
        let frames = std::mem::take(&mut self.frames);
        let (scope, phase) = (self.scope, self.phase);
        let result = self.alone(&task.path.clone(), |m| match (&task.arguments, &task.what) {
            (Some(arguments), _) => m.invoke(&task.what, &Value::Undefined, arguments, at),
            (None, what) => m.each_case(what, |m, case| m.invoke_blindly(case, at)),
        });
        self.ended(result, unit);
        self.frames = frames;
        (self.scope, self.phase) = (scope, phase);
        self.task_steps -= granted - self.steps.min(granted);
    }

    fn unit_of(&self, value: &Value) -> u32 {
        match value {
            Value::Object(ObjectId(i)) => self.heap[*i].at.unit,
            Value::Choice(cases) => cases.first().map_or(0, |(_, v)| self.unit_of(v)),
            _ => 0,
        }
    }

    /// Calls a function without knowing its arguments.
    fn invoke_blindly(&mut self, value: &Value, at: At) -> Run<'a, Value> {
        if let Value::Object(id) = value
            && let Kind::Function(closure) = self.heap[id.0].kind.clone()
        {
            if let super::heap::Code::Class(_) = closure.code {
                return Ok(Value::Unknown);
            }
            let result = self.call_closure(&closure, Value::Unknown, None, at)?;
            self.hand_out(&result);
            return Ok(Value::Unknown);
        }
        self.invoke(value, &Value::Unknown, &[Value::Unknown, Value::Unknown, Value::Unknown], at)
    }
}
