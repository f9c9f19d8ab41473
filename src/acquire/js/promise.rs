//! Promises that the page's own scripts keep; what others keep is called back by code that was not read.

use super::heap::{At, Kind, ObjectId};
use super::machine::{Exit, Machine, Run};
use super::path::{Guard, Path};
use super::task::{Phase, Task};
use super::value::Value;
use crate::snapshot::Doubt;

impl<'a> Machine<'a> {
    /// A new promise.
    pub(super) fn promise(&mut self, kept: Option<Value>, at: At) -> Value {
        Value::Object(self.object(Kind::Promise(kept, Vec::new()), at))
    }

    /// A promise kept with a value; promises stay as they are.
    pub(super) fn promised(&mut self, value: Value, at: At) -> Value {
        match &value {
            Value::Object(id) if matches!(self.heap[id.0].kind, Kind::Promise(..)) => value,
            Value::Choice(cases)
                if !cases.iter().any(|(_, v)| matches!(v, Value::Object(_) | Value::Unknown | Value::Thing)) =>
            {
                self.promise(Some(value), at)
            }
            Value::Unknown | Value::Thing | Value::Choice(_) => Value::Unknown,
            _ => self.promise(Some(value), at),
        }
    }

    /// Reads `new Promise(executor)`.
    pub(super) fn promise_by(&mut self, executor: &Value, at: At) -> Run<'a, Value> {
        let promise = self.promise(None, at);
        let Value::Object(id) = promise else { return Ok(promise) };
        let keeper = Value::Object(self.object(Kind::Keeper(id), at));
        let nobody = Value::native("console.log");
        match self.invoke(executor, &Value::Undefined, &[keeper, nobody], at) {
            Ok(_) | Err(Exit::Throw) => Ok(promise),
            Err(other) => Err(other),
        }
    }

    /// A promise for all of these: kept when all are kept already.
    pub(super) fn promise_of_all(&mut self, list: &Value, at: At) -> Value {
        let kept = self.items_of(list).is_some_and(|items| {
            items.iter().all(|v| match v {
                Value::Object(id) => matches!(self.heap[id.0].kind, Kind::Promise(Some(_), _)),
                Value::Unknown | Value::Thing => false,
                _ => true,
            })
        });
        if kept { self.promise(Some(Value::Unknown), at) } else { Value::Unknown }
    }

    /// A promise is kept: those who wait run soon.
    pub(super) fn keep(&mut self, promise: ObjectId, value: Value) {
        let Kind::Promise(kept, waiting) = &mut self.heap[promise.0].kind else { return };
        if kept.is_none() {
            *kept = Some(value.clone());
        }
        let waiting = std::mem::take(waiting);
        for (callback, path) in waiting {
            let path = path.and(&self.path);
            self.post(Phase::Soon, Task::of(callback, Some(vec![value.clone()]), path));
        }
    }

    /// Calls `then`, `catch` or `finally`.
    pub(super) fn promise_method(&mut self, this: &Value, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let Value::Object(id) = this else {
            arguments.iter().for_each(|a| self.hand_out(a));
            return Ok(Value::Unknown);
        };
        if method == "catch" {
            // Nothing here says that a promise is broken, so what is called then is not known to run.
            return Ok(this.clone());
        }
        let Some(callback) = arguments.first().cloned() else { return Ok(this.clone()) };
        let next = self.promise(None, at);
        let Value::Object(next_id) = next else { return Ok(Value::Unknown) };
        let keeper = Value::Object(self.object(Kind::Keeper(next_id), at));
        let step = Value::Object(self.object(Kind::Bound(Value::native("().then"), keeper, vec![callback]), at));
        let path = self.path.clone();
        let kept = match &mut self.heap[id.0].kind {
            Kind::Promise(Some(value), _) => Some(value.clone()),
            Kind::Promise(None, waiting) => {
                waiting.push((step.clone(), path.clone()));
                None
            }
            _ => None,
        };
        if let Some(value) = kept {
            self.post(Phase::Soon, Task::of(step, Some(vec![value]), path));
        }
        Ok(next)
    }

    /// Calls what waited for a promise and keeps the promise that stands for its result.
    pub(super) fn then(&mut self, keeper: &Value, callback: &Value, value: &Value, at: At) -> Run<'a, Value> {
        let result = self.invoke(callback, &Value::Undefined, std::slice::from_ref(value), at)?;
        self.invoke(keeper, &Value::Undefined, &[result], at)
    }

    /// Reads `await value`.
    pub(super) fn awaited(&mut self, value: &Value) -> Run<'a, Value> {
        let kept = match value {
            Value::Object(id) => match &self.heap[id.0].kind {
                Kind::Promise(kept, _) => kept.clone(),
                _ => Some(value.clone()),
            },
            Value::Unknown | Value::Thing | Value::Choice(_) => None,
            other => Some(other.clone()),
        };
        if let Some(value) = kept {
            return Ok(value);
        }
        // What follows runs when someone else has kept the promise.
        self.risky = true;
        let fork = self.doubt(Doubt::Callback);
        self.hold(Guard { fork, side: true }, Some(Exit::Return));
        Ok(Value::Unknown)
    }

    /// The condition that code which was not read calls back.
    pub(super) fn called_back(&mut self, doubt: Doubt) -> Path {
        let fork = self.doubt(doubt);
        self.path.and(&Path::of(vec![Guard { fork, side: true }]))
    }
}
