//! Reads calls: of functions of the page, of parts of the browser, and of code that was not read.

use std::collections::HashMap;
use std::rc::Rc;

use oxc_ast::ast::{Argument, ArrowFunctionBody, CallExpression, Expression, NewExpression};

use super::element::INSERTIONS;
use super::expression::in_chain;
use super::heap::{At, Closure, Code, Kind, ObjectId};
use super::machine::{DEEPEST_CALL, Exit, Frame, Machine, Run};
use super::order::Made;
use super::path::Slot;
use super::scope::Scope;
use super::value::Value;
use crate::snapshot::Doubt;

impl<'a> Machine<'a> {
    /// Reads `callee(arguments)`.
    pub(super) fn call(&mut self, e: &'a CallExpression<'a>) -> Run<'a, Value> {
        let at = self.at(e);
        if matches!(e.callee, Expression::Super(_)) {
            let arguments = self.arguments(&e.arguments)?;
            return self.super_call(&arguments, at);
        }
        let chained = e.optional || in_chain(&e.callee);
        if let Some(member) = e.callee.as_member_expression()
            && !matches!(member.object(), Expression::Super(_))
        {
            let object = self.eval(member.object())?;
            if (member.optional() || in_chain(member.object())) && object.nullish() == Some(true) {
                return Ok(Value::Undefined);
            }
            let key = self.member_key(member)?;
            let arguments = self.arguments(&e.arguments)?;
            let inserts = key.as_deref().is_some_and(|key| INSERTIONS.contains(&key));
            if inserts && matches!(object, Value::Unknown | Value::Thing) && is_content(member.object()) {
                // What a template of the page holds is in no document.
                self.maybe(Doubt::Condition, |m| m.call_member(&object, key, &arguments, at, chained).map(|_| ()))?;
                return Ok(Value::Unknown);
            }
            return self.call_member(&object, key, &arguments, at, chained);
        }
        let (this, callee) = match e.callee.as_member_expression() {
            Some(member) => self.eval_member(member)?,
            None => (Value::Undefined, self.eval(&e.callee)?),
        };
        if chained && callee.nullish() == Some(true) {
            return Ok(Value::Undefined);
        }
        let arguments = self.arguments(&e.arguments)?;
        if let Expression::Identifier(id) = &e.callee {
            let name = id.name.as_str();
            if matches!(name, "$" | "jQuery") {
                return self.jquery(&callee, &arguments, at);
            }
            if name == "eval"
                && let (Value::Native(native), Some(Value::Text(code))) = (&callee, arguments.first())
                && &**native == "eval"
            {
                return self.run_text(code, at, Made::Here);
            }
        }
        self.invoke(&callee, &this, &arguments, at)
    }

    /// Calls a method of a value.
    pub(super) fn call_member(
        &mut self,
        object: &Value,
        key: Option<Rc<str>>,
        arguments: &[Value],
        at: At,
        chained: bool,
    ) -> Run<'a, Value> {
        self.each_case(object, |m, object| {
            if let (Value::Unknown | Value::Thing, Some(key)) = (object, &key) {
                return m.foreign_call(object, key, arguments, at);
            }
            let callee = m.get_by_key(object, key.clone(), at)?;
            if chained && callee.nullish() == Some(true) {
                return Ok(Value::Undefined);
            }
            if let (Value::Unknown, Some(key)) = (&callee, &key) {
                return m.foreign_call(object, key, arguments, at);
            }
            m.invoke(&callee, object, arguments, at)
        })
    }

    /// The values of arguments; a spread of something unknown gives one unknown value.
    fn arguments(&mut self, list: &'a [Argument<'a>]) -> Run<'a, Vec<Value>> {
        let mut values = Vec::with_capacity(list.len());
        for argument in list {
            match argument {
                Argument::SpreadElement(spread) => {
                    let value = self.eval(&spread.argument)?;
                    self.iterated(&value)?;
                    match self.items_of(&value) {
                        Some(items) => {
                            self.charge(8 * items.len());
                            values.extend(items);
                        }
                        None => {
                            self.hand_out(&value);
                            values.push(Value::Unknown);
                        }
                    }
                }
                other => {
                    if let Some(expression) = other.as_expression() {
                        values.push(self.eval(expression)?);
                    }
                }
            }
        }
        Ok(values)
    }

    /// Calls a value.
    pub(super) fn invoke(&mut self, callee: &Value, this: &Value, arguments: &[Value], at: At) -> Run<'a, Value> {
        self.step()?;
        match callee {
            Value::Unknown | Value::Thing => {
                self.risky = true;
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Unknown)
            }
            Value::Native(name) => {
                let name = name.clone();
                self.native_call(&name, this, arguments, at)
            }
            Value::Object(id) => match self.heap[id.0].kind.clone() {
                Kind::Function(closure) => self.call_closure(&closure, this.clone(), Some(arguments), at),
                Kind::Bound(target, this, first) => {
                    let all: Vec<Value> = first.iter().chain(arguments).cloned().collect();
                    self.invoke(&target, &this, &all, at)
                }
                Kind::Keeper(promise) => {
                    let value = arguments.first().cloned().unwrap_or(Value::Undefined);
                    self.keep(promise, value);
                    Ok(Value::Undefined)
                }
                Kind::Text(code) => self.run_text(&code, at, Made::Function),
                Kind::Handler(unit) => self.run_handler(unit),
                _ => Err(Exit::Throw),
            },
            Value::Choice(_) => self.each_case(callee, |m, case| m.invoke(case, this, arguments, at)),
            _ => Err(Exit::Throw),
        }
    }

    /// Calls a function of the page; `None` stands for arguments that are not known.
    pub(super) fn call_closure(
        &mut self,
        closure: &Closure<'a>,
        this: Value,
        arguments: Option<&[Value]>,
        at: At,
    ) -> Run<'a, Value> {
        if self.calls >= DEEPEST_CALL {
            self.record.cut_short(at);
            arguments.iter().copied().flatten().for_each(|a| self.hand_out(a));
            return Ok(Value::Unknown);
        }
        let (generator, is_async, arrow) = match closure.code {
            Code::Function(f) => (f.generator, f.r#async, false),
            Code::Arrow(a) => (false, a.r#async, true),
            Code::Class(_) => return Err(Exit::Throw),
        };
        if generator {
            self.risky = true;
        }
        self.record.ran.insert(closure.at());
        let this = match &closure.this {
            Some(this) => this.clone(),
            None if arrow => self.frames.last().map_or(Value::Undefined, |f| f.this.clone()),
            None if !closure.strict && this.nullish() == Some(true) => Value::native("window"),
            None => this,
        };
        let (outer_scope, outer_unit, from) = (self.scope, self.unit, self.holding());
        self.scopes.push(Scope::of(Some(closure.scope), HashMap::new(), None));
        self.scope = super::heap::ScopeId(self.scopes.len() - 1);
        self.unit = closure.unit;
        self.frames.push(Frame {
            result: Slot::default(),
            this,
            home: closure.home,
            vars: Some(self.scope),
            strict: closure.strict,
            arguments: arguments.unwrap_or_default().to_vec(),
        });
        self.calls += 1;
        let result = self.deeper(|m| {
            if generator {
                // Whoever holds the iterator decides how far it runs.
                return m.maybe(Doubt::Callback, |m| match m.run_code(closure.code, arguments, at) {
                    Err(Exit::Spent) => Err(Exit::Spent),
                    _ => Ok(()),
                });
            }
            m.run_code(closure.code, arguments, at)
        });
        self.calls -= 1;
        let frame = self.frames.pop();
        self.scope = outer_scope;
        self.unit = outer_unit;
        if is_async && result == Err(Exit::Throw) {
            self.release(from, |_| true);
            return Ok(self.promise(None, at));
        }
        let value = match self.settle(from, result, |e| e == Exit::Return || is_async && e != Exit::Spent) {
            Ok(()) => frame.map_or(Value::Undefined, |f| f.result.read(&self.path, || Value::Undefined)),
            Err(Exit::Throw) => return Err(Exit::Throw),
            Err(_) => return Err(Exit::Spent),
        };
        if generator {
            return Ok(Value::Unknown);
        }
        if is_async {
            return Ok(self.promised(value, at));
        }
        Ok(value)
    }

    fn run_code(&mut self, code: Code<'a>, arguments: Option<&[Value]>, at: At) -> Run<'a, ()> {
        match code {
            Code::Function(f) => {
                self.bind_parameters(&f.params, arguments, at)?;
                f.body.as_ref().map_or(Ok(()), |body| self.exec_body(body))
            }
            Code::Arrow(a) => {
                self.bind_parameters(&a.params, arguments, at)?;
                match &a.body {
                    ArrowFunctionBody::FunctionBody(body) => self.exec_body(body),
                    other => {
                        let Some(expression) = other.as_expression() else { return Ok(()) };
                        let value = self.eval(expression)?;
                        let path = self.path.clone();
                        if let Some(frame) = self.frames.last_mut() {
                            frame.result.write(&path, value, at);
                        }
                        Ok(())
                    }
                }
            }
            Code::Class(_) => Ok(()),
        }
    }

    /// Reads `new callee(arguments)`.
    pub(super) fn construct(&mut self, e: &'a NewExpression<'a>) -> Run<'a, Value> {
        let at = self.at(e);
        let callee = self.eval(&e.callee)?;
        let arguments = self.arguments(&e.arguments)?;
        self.each_case(&callee, |m, callee| match callee {
            Value::Object(id) => match m.heap[id.0].kind.clone() {
                Kind::Function(closure) => m.instance(*id, &closure, &arguments, at),
                Kind::Bound(target, _, first) => {
                    let all: Vec<Value> = first.iter().chain(&arguments).cloned().collect();
                    match target {
                        Value::Object(id) => match m.heap[id.0].kind.clone() {
                            Kind::Function(closure) => m.instance(id, &closure, &all, at),
                            _ => Err(Exit::Throw),
                        },
                        _ => Ok(Value::Unknown),
                    }
                }
                _ => Err(Exit::Throw),
            },
            Value::Native(name) => {
                let name = name.clone();
                m.native_new(&name, &arguments, at)
            }
            Value::Unknown | Value::Thing => {
                m.risky = true;
                arguments.iter().for_each(|a| m.hand_out(a));
                Ok(Value::Thing)
            }
            _ => Err(Exit::Throw),
        })
    }

    fn instance(&mut self, function: ObjectId, closure: &Closure<'a>, arguments: &[Value], at: At) -> Run<'a, Value> {
        let builds = match closure.code {
            Code::Function(f) => !(f.generator || f.r#async),
            Code::Arrow(_) => false,
            Code::Class(_) => true,
        };
        if !builds {
            return Err(Exit::Throw);
        }
        let this = self.object(Kind::Plain, at);
        if let Value::Object(proto) = self.member(&Value::Object(function), "prototype", at)? {
            self.heap[this.0].proto = Some(proto);
        }
        if let Code::Class(class) = closure.code {
            return self.build(class, function, closure, Value::Object(this), arguments, at);
        }
        let made = self.call_closure(closure, Value::Object(this), Some(arguments), at)?;
        Ok(if matches!(made, Value::Object(_)) { made } else { Value::Object(this) })
    }

    /// Notes that a value has come into the hands of code that was not read: what it holds may be called.
    pub(super) fn hand_out(&mut self, value: &Value) {
        match value {
            Value::Choice(cases) => {
                for (path, case) in cases.iter() {
                    self.under(path, |m| m.hand_out(case));
                }
            }
            Value::Object(id) => {
                if !self.handed.insert(*id) {
                    return;
                }
                let object = &mut self.heap[id.0];
                object.handed_out = true;
                let inner: Vec<Value> =
                    object.slots.values().flat_map(|s| &s.versions).map(|v| v.value.clone()).collect();
                let getters: Vec<Value> = object.getters.iter().map(|(_, g)| g.clone()).collect();
                let proto = object.proto;
                match object.kind.clone() {
                    Kind::Function(_) | Kind::Bound(..) | Kind::Handler(_) => self.later_by_stranger(value.clone()),
                    Kind::List(items) => items.iter().for_each(|i| self.hand_out(&i.value)),
                    Kind::Element(_) => self.inserted_by_stranger(*id),
                    _ => {}
                }
                inner.iter().chain(&getters).for_each(|v| self.hand_out(v));
                if let Some(proto) = proto {
                    self.hand_out(&Value::Object(proto));
                }
            }
            _ => {}
        }
    }
}

/// Whether an expression reads what a template holds.
fn is_content(expression: &Expression<'_>) -> bool {
    expression.as_member_expression().and_then(|m| m.static_property_name()).is_some_and(|name| name == "content")
}
