//! What runs later: load events, timers, callbacks. Puts it off; running it is told elsewhere.

use super::element::is_action;
use super::heap::At;
use super::machine::{Machine, Run};
use super::path::Path;
use super::value::Value;
use crate::snapshot::Doubt;

/// Milliseconds after which a timer is no longer counted as part of loading.
const LONGEST_WAIT: f64 = 5000.0;
/// When something runs, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// While the page is parsed.
    Parsing,
    /// At the end of the script or task at hand.
    Soon,
    /// After parsing, before `DOMContentLoaded`.
    Deferred,
    /// `async` scripts.
    Async,
    /// `DOMContentLoaded`.
    Content,
    /// `load`.
    Load,
    /// Timers.
    Timer,
    /// Whenever code that was not read calls back.
    Stranger,
    /// When a person acts.
    Action,
    /// Scripts that an optimiser runs.
    Optimiser,
}

/// A function that runs later.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) what: Value,
    /// `None`: not known.
    pub(super) arguments: Option<Vec<Value>>,
    pub(super) path: Path,
    pub(super) wait: f64,
    number: u32,
}

impl Task {
    /// A task without delay.
    pub(super) fn of(what: Value, arguments: Option<Vec<Value>>, path: Path) -> Self {
        Self { what, arguments, path, wait: 0.0, number: 0 }
    }
}

impl<'a> Machine<'a> {
    /// Puts a task off.
    pub(super) fn post(&mut self, phase: Phase, task: Task) {
        self.tasks.entry(phase).or_default().push_back(task);
    }

    /// A function that code which was not read may call.
    pub(super) fn later_by_stranger(&mut self, value: Value) {
        let path = self.called_back(Doubt::Callback);
        self.post(Phase::Stranger, Task::of(value, None, path));
    }

    /// A function that runs when a person acts.
    pub(super) fn by_action(&mut self, value: &Value) {
        if self.is_function(value) {
            let path = self.called_back(Doubt::Interaction);
            self.post(Phase::Action, Task::of(value.clone(), None, path));
        } else if matches!(value, Value::Object(_)) {
            self.hand_out(value);
        }
    }

    /// A function that runs when the page is parsed, or at once when it is.
    pub(super) fn on_content(&mut self, value: &Value) {
        if self.is_function(value) {
            let phase = self.phase.max(Phase::Content);
            let phase = if phase == self.phase { Phase::Soon } else { phase };
            self.post(phase, Task::of(value.clone(), None, self.path.clone()));
        }
    }

    /// A function that runs when the page is loaded.
    pub(super) fn on_load(&mut self, value: &Value) {
        if self.is_function(value) {
            self.event(Phase::Load, value.clone());
        }
    }

    /// A listener of an event that happens once: too late, or in doubt, when its time may have passed.
    fn event(&mut self, phase: Phase, what: Value) {
        let sure =
            self.phase < phase && self.phase != Phase::Async || (self.phase == Phase::Async && phase == Phase::Load);
        if sure {
            self.post(phase, Task::of(what, None, self.path.clone()));
        } else if self.phase == Phase::Async {
            // A script that runs at any time still counts as running before the events of loading.
            self.post(phase, Task::of(what, None, self.path.clone()));
        } else if !(phase == Phase::Content && self.phase == Phase::Load) {
            let path = self.called_back(Doubt::Condition);
            self.post(Phase::Stranger, Task::of(what, None, path));
        }
    }

    /// Reads `addEventListener` on `window` or `document`.
    pub(super) fn listen(&mut self, target: &str, arguments: &[Value], _at: At) -> Run<'a, Value> {
        let name = arguments.first().and_then(Value::key);
        let Some(listener) = arguments.get(1).cloned() else { return Ok(Value::Undefined) };
        if !self.is_function(&listener) {
            self.hand_out(&listener);
            return Ok(Value::Undefined);
        }
        match (target, name.as_deref()) {
            (_, Some("DOMContentLoaded")) => self.event(Phase::Content, listener),
            ("window", Some("load" | "pageshow")) => self.event(Phase::Load, listener),
            ("document", Some("readystatechange")) => {
                if self.phase < Phase::Content {
                    self.event(Phase::Content, listener.clone());
                }
                self.event(Phase::Load, listener);
            }
            (_, Some(_)) => self.by_action(&listener),
            (_, None) => self.hand_out(&listener),
        }
        Ok(Value::Undefined)
    }

    /// A listener on something that was not made by the page's scripts.
    pub(super) fn stranger_event(&mut self, name: &str, arguments: &[Value]) {
        for argument in arguments {
            if name == "DOMContentLoaded" && self.is_function(argument) {
                self.event(Phase::Content, argument.clone());
            } else if is_action(name) {
                self.by_action(argument);
            } else {
                self.hand_out(argument);
            }
        }
    }

    /// Takes a listener back.
    pub(super) fn unlisten(&mut self, listener: &Value) {
        let path = self.path.clone();
        for queue in self.tasks.values_mut() {
            queue.retain(|t| {
                !(t.what.is_same(listener) && matches!(listener, Value::Object(_)) && t.path.implies(&path))
            });
        }
    }

    /// Reads a timer.
    pub(super) fn schedule(
        &mut self,
        name: &str,
        what: &Value,
        wait: &Value,
        arguments: &[Value],
        at: At,
    ) -> Run<'a, Value> {
        let what = match what {
            Value::Text(code) => Value::Object(self.object(super::heap::Kind::Text(code.clone()), at)),
            other => other.clone(),
        };
        self.timers += 1;
        let number = self.timers;
        let wait = match name {
            "setTimeout" | "setInterval" if wait.nullish() == Some(true) => Some(0.0),
            "setTimeout" | "setInterval" => wait.number().map(|n| if n.is_nan() { 0.0 } else { n }),
            _ => Some(0.0),
        };
        let path = match wait {
            Some(ms) if ms <= LONGEST_WAIT => self.path.clone(),
            _ => self.called_back(Doubt::Condition),
        };
        let rest = match name {
            "setTimeout" | "setInterval" => Some(arguments.get(2..).unwrap_or_default().to_vec()),
            "queueMicrotask" => Some(Vec::new()),
            _ => None,
        };
        let phase = if name == "queueMicrotask" { Phase::Soon } else { Phase::Timer };
        self.post(phase, Task { what, arguments: rest, path, wait: wait.unwrap_or(LONGEST_WAIT), number });
        Ok(Value::Num(f64::from(number)))
    }

    /// Stops a timer.
    pub(super) fn unschedule(&mut self, number: &Value) {
        let Some(number) = number.number() else { return };
        let path = self.path.clone();
        if let Some(queue) = self.tasks.get_mut(&Phase::Timer) {
            queue.retain(|t| !(f64::from(t.number).total_cmp(&number).is_eq() && t.path.implies(&path)));
        }
    }
}
