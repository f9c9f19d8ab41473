//! Reads classes: methods on a prototype, fields on instances, `super`.

use oxc_ast::ast::{Class, ClassElement, MethodDefinitionKind, PropertyDefinition};

use super::heap::{At, Closure, Code, Kind, ObjectId};
use super::machine::{Exit, Machine, Run};
use super::path::Slot;
use super::value::Value;

impl<'a> Machine<'a> {
    /// Reads a class; gives its constructor.
    pub(super) fn class(&mut self, class: &'a Class<'a>) -> Run<'a, Value> {
        let at = self.at(class);
        let parent = class.heritage.as_ref().map_or(Ok(Value::Undefined), |h| self.eval(&h.expression))?;
        let outer = self.enter();
        let value = self.closure(Code::Class(class), at);
        let Value::Object(id) = value else { return Ok(Value::Unknown) };
        if let Some(name) = &class.id {
            let slot = Slot::holding(value.clone(), at);
            self.scopes[self.scope.0].slots.insert(name.name.as_str(), slot);
        }
        let proto = self.object(Kind::Plain, at);
        match &parent {
            Value::Object(parent_id) => {
                self.heap[id.0].proto = Some(*parent_id);
                if let Value::Object(p) = self.member(&parent, "prototype", at)? {
                    self.heap[proto.0].proto = Some(p);
                }
            }
            // A base class that was not read may call any method.
            Value::Unknown | Value::Thing | Value::Native(_) => self.heap[proto.0].handed_out = true,
            _ => {}
        }
        self.heap[id.0].slots.insert("prototype".into(), Slot::holding(Value::Object(proto), at));
        self.heap[proto.0].slots.insert("constructor".into(), Slot::holding(value.clone(), at));
        let result = self.class_members(class, id, proto);
        self.scope = outer;
        result?;
        if self.heap[proto.0].handed_out {
            self.hand_out(&Value::Object(proto));
        }
        Ok(value)
    }

    fn class_members(&mut self, class: &'a Class<'a>, id: ObjectId, proto: ObjectId) -> Run<'a, ()> {
        for element in &class.body.body {
            match element {
                ClassElement::MethodDefinition(method) if method.kind != MethodDefinitionKind::Constructor => {
                    let at = self.at(&**method);
                    let owner = if method.r#static { id } else { proto };
                    let function = self.closure(Code::Function(&method.value), at);
                    if let Value::Object(f) = function
                        && let Kind::Function(closure) = &mut self.heap[f.0].kind
                    {
                        closure.home = Some(owner);
                        closure.strict = true;
                    }
                    let Some(key) = self.key_of(&method.key, method.computed)? else {
                        self.hand_out(&function);
                        continue;
                    };
                    if method.kind == MethodDefinitionKind::Get {
                        self.heap[owner.0].getters.push((key, function));
                    } else if method.kind == MethodDefinitionKind::Method {
                        self.heap[owner.0].slots.insert(key, Slot::holding(function, at));
                    }
                }
                ClassElement::PropertyDefinition(field) if field.r#static => {
                    self.field(field, &Value::Object(id), id)?;
                }
                ClassElement::StaticBlock(block) => {
                    self.as_method(Value::Object(id), id, |m| {
                        let outer = m.enter();
                        if let Some(frame) = m.frames.last_mut() {
                            frame.vars = Some(m.scope);
                        }
                        let result = m.hoist(&block.body).and_then(|()| m.exec_all(&block.body));
                        m.scope = outer;
                        result
                    })?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Reads a field onto `this`: the class itself, or an instance.
    fn field(&mut self, field: &'a PropertyDefinition<'a>, this: &Value, home: ObjectId) -> Run<'a, ()> {
        let at = self.at(field);
        let key = self.key_of(&field.key, field.computed)?;
        let value = match &field.value {
            Some(value) => self.as_method(this.clone(), home, |m| m.eval(value))?,
            None => Value::Undefined,
        };
        if let (Some(key), Value::Object(id)) = (key, this) {
            self.heap[id.0].slots.insert(key, Slot::holding(value, at));
        }
        Ok(())
    }

    /// Reads with `this` set, as in a method.
    fn as_method<T>(&mut self, this: Value, home: ObjectId, read: impl FnOnce(&mut Self) -> Run<'a, T>) -> Run<'a, T> {
        let vars = self.frames.last().and_then(|f| f.vars).or(Some(self.scope));
        let frame = super::machine::Frame {
            result: Slot::default(),
            this,
            home: Some(home),
            vars,
            strict: true,
            arguments: Vec::new(),
        };
        self.frames.push(frame);
        let result = read(self);
        self.frames.pop();
        result
    }

    /// Makes an instance: fields, then the constructor or that of the base class.
    pub(super) fn build(
        &mut self,
        class: &'a Class<'a>,
        constructor: ObjectId,
        closure: &Closure<'a>,
        this: Value,
        arguments: &[Value],
        at: At,
    ) -> Run<'a, Value> {
        let (outer_scope, outer_unit) = (self.scope, self.unit);
        self.scope = closure.scope;
        self.unit = closure.unit;
        let result = self.build_here(class, constructor, closure, this, arguments, at);
        self.scope = outer_scope;
        self.unit = outer_unit;
        result
    }

    fn build_here(
        &mut self,
        class: &'a Class<'a>,
        constructor: ObjectId,
        closure: &Closure<'a>,
        this: Value,
        arguments: &[Value],
        at: At,
    ) -> Run<'a, Value> {
        let proto = match self.heap[constructor.0].slots.get("prototype").and_then(|s| s.versions.last()) {
            Some(version) => match version.value {
                Value::Object(proto) => proto,
                _ => constructor,
            },
            None => constructor,
        };
        for element in &class.body.body {
            if let ClassElement::PropertyDefinition(field) = element
                && !field.r#static
            {
                self.field(field, &this, proto)?;
            }
        }
        let own = class.body.body.iter().find_map(|e| match e {
            ClassElement::MethodDefinition(m) if m.kind == MethodDefinitionKind::Constructor => Some(&*m.value),
            _ => None,
        });
        match own {
            Some(function) => {
                let code = Code::Function(function);
                let closure = Closure { code, home: Some(proto), this: None, strict: true, ..closure.clone() };
                let made = self.call_closure(&closure, this.clone(), Some(arguments), at)?;
                Ok(if matches!(made, Value::Object(_)) { made } else { this })
            }
            None => match self.heap[constructor.0].proto {
                Some(parent) => self.build_parent(parent, this, arguments, at),
                None => Ok(this),
            },
        }
    }

    fn build_parent(&mut self, parent: ObjectId, this: Value, arguments: &[Value], at: At) -> Run<'a, Value> {
        self.step()?;
        if self.calls >= super::machine::DEEPEST_CALL {
            return Err(Exit::Spent);
        }
        let Kind::Function(closure) = self.heap[parent.0].kind.clone() else { return Ok(this) };
        match closure.code {
            Code::Class(class) => self.build(class, parent, &closure, this, arguments, at),
            _ => self.call_closure(&closure, this.clone(), Some(arguments), at).map(|_| this),
        }
    }

    /// Reads `super(arguments)`.
    pub(super) fn super_call(&mut self, arguments: &[Value], at: At) -> Run<'a, Value> {
        let Some((home, this)) = self.frames.last().map(|f| (f.home, f.this.clone())) else {
            return Ok(Value::Unknown);
        };
        let parent = home.and_then(|h| self.heap[h.0].proto);
        let constructor = parent.and_then(|p| self.heap[p.0].slots.get("constructor")).and_then(|s| s.versions.last());
        match constructor.map(|v| v.value.clone()) {
            Some(Value::Object(constructor)) => self.build_parent(constructor, this, arguments, at),
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Undefined)
            }
        }
    }

    /// Reads `super.key`.
    pub(super) fn super_member(&mut self, key: Option<&str>) -> Value {
        let home = self.frames.last().and_then(|f| f.home);
        let mut next = home.and_then(|h| self.heap[h.0].proto);
        while let (Some(id), Some(key)) = (next, key) {
            if let Some(slot) = self.heap[id.0].slots.get(key) {
                return slot.read(&self.path, || Value::Undefined);
            }
            next = self.heap[id.0].proto;
        }
        Value::Unknown
    }
}
