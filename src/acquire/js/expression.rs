//! Reads expressions.

use oxc_ast::ast::{
    ArrayExpressionElement, ChainElement, Expression, MemberExpression, ObjectExpression, ObjectPropertyKind,
    PropertyKind, TemplateLiteral,
};

use super::heap::{At, Code, Item, Kind};
use super::machine::{Exit, Machine, Run};
use super::path::{Path, Slot};
use super::value::{GAP, Value};
use crate::snapshot::Doubt;

/// Items of one list.
pub(super) const MOST_ITEMS: usize = 10_000;

impl<'a> Machine<'a> {
    /// Reads an expression.
    pub(super) fn eval(&mut self, expression: &'a Expression<'a>) -> Run<'a, Value> {
        self.deeper(|m| m.eval_here(expression))
    }

    fn eval_here(&mut self, expression: &'a Expression<'a>) -> Run<'a, Value> {
        match expression {
            Expression::BooleanLiteral(e) => Ok(Value::Bool(e.value)),
            Expression::NullLiteral(_) => Ok(Value::Null),
            Expression::NumericLiteral(e) => Ok(Value::Num(e.value)),
            Expression::BigIntLiteral(e) => Ok(Value::text(e.value.as_str())),
            Expression::RegExpLiteral(e) => {
                let at = self.at(&**e);
                self.said(e.regex.pattern.text.as_str(), at);
                Ok(self.regular(e.regex.pattern.text.as_str(), &e.regex.flags.to_string(), at))
            }
            Expression::StringLiteral(e) => {
                let at = self.at(&**e);
                self.said(e.value.as_str(), at);
                Ok(Value::text(e.value.as_str().replace(GAP, "\u{fffd}")))
            }
            Expression::TemplateLiteral(e) => self.template(e),
            Expression::Identifier(e) => {
                let at = self.at(&**e);
                let name = e.name.as_str();
                self.record.name_said(name, at, &self.needles);
                if name == "arguments"
                    && let Some(frame) = self.frames.last()
                    && frame.vars.is_some()
                    && !self.globals.contains_key("arguments")
                {
                    let all = frame.arguments.clone();
                    return Ok(self.list(all, at));
                }
                self.read_name(name, at)
            }
            Expression::ThisExpression(_) => Ok(self.frames.last().map_or(Value::Undefined, |f| f.this.clone())),
            Expression::ArrayExpression(e) => {
                let at = self.at(&**e);
                self.array_literal(&e.elements, at)
            }
            Expression::ObjectExpression(e) => self.object_literal(e),
            Expression::FunctionExpression(e) => {
                let at = self.at(&**e);
                let Some(id) = &e.id else { return Ok(self.closure(Code::Function(e), at)) };
                let outer = self.enter();
                let value = self.closure(Code::Function(e), at);
                let slot = Slot::holding(value.clone(), at);
                self.scopes[self.scope.0].slots.insert(id.name.as_str(), slot);
                self.scope = outer;
                Ok(value)
            }
            Expression::ArrowFunctionExpression(e) => {
                let at = self.at(&**e);
                Ok(self.closure(Code::Arrow(e), at))
            }
            Expression::ClassExpression(e) => self.class(e),
            Expression::AssignmentExpression(e) => self.assignment(e),
            Expression::UpdateExpression(e) => self.update(e),
            Expression::UnaryExpression(e) => self.unary(e),
            Expression::BinaryExpression(e) => {
                let left = self.eval(&e.left)?;
                let right = self.eval(&e.right)?;
                Ok(self.binary(e.operator, &left, &right))
            }
            Expression::LogicalExpression(e) => {
                let left = self.eval(&e.left)?;
                self.logical(e.operator, left, |m| m.eval(&e.right))
            }
            Expression::ConditionalExpression(e) => match self.eval(&e.test)?.truth() {
                Some(true) => self.eval(&e.consequent),
                Some(false) => self.eval(&e.alternate),
                None => self.either(|m| m.eval(&e.consequent), |m| m.eval(&e.alternate)),
            },
            Expression::SequenceExpression(e) => {
                let mut last = Value::Undefined;
                for part in &e.expressions {
                    last = self.eval(part)?;
                }
                Ok(last)
            }
            Expression::CallExpression(e) => self.call(e),
            Expression::NewExpression(e) => self.construct(e),
            Expression::ChainExpression(e) => match &e.expression {
                ChainElement::CallExpression(call) => self.call(call),
                other => match other.as_member_expression() {
                    Some(member) => self.eval_member(member).map(|(_, v)| v),
                    None => Ok(Value::Unknown),
                },
            },
            Expression::ParenthesizedExpression(e) => self.eval(&e.expression),
            Expression::TaggedTemplateExpression(e) => {
                let tag = self.eval(&e.tag)?;
                self.template(&e.quasi)?;
                self.hand_out(&tag);
                Ok(Value::Unknown)
            }
            Expression::AwaitExpression(e) => {
                let value = self.eval(&e.argument)?;
                self.awaited(&value)
            }
            Expression::YieldExpression(e) => {
                e.argument.as_ref().map_or(Ok(Value::Undefined), |a| self.eval(a))?;
                Ok(Value::Unknown)
            }
            Expression::ImportExpression(e) => {
                let at = self.at(&**e);
                let source = self.eval(&e.source)?;
                self.import_on_demand(&source, at)
            }
            Expression::PrivateInExpression(e) => self.eval(&e.right).map(|_| Value::Unknown),
            Expression::ImportMeta(_) => Ok(Value::Thing),
            other => match other.as_member_expression() {
                Some(member) => self.eval_member(member).map(|(_, v)| v),
                None => Ok(Value::Unknown),
            },
        }
    }

    /// Notes a string that running code holds.
    pub(super) fn said(&mut self, text: &str, at: At) {
        if self.units[at.unit as usize].named {
            self.charge(text.len());
            self.record.text_said(text, at, &self.needles);
        }
    }

    fn template(&mut self, template: &'a TemplateLiteral<'a>) -> Run<'a, Value> {
        let mut pieces = Vec::new();
        for (i, quasi) in template.quasis.iter().enumerate() {
            let at = self.at(quasi);
            let cooked = quasi.value.cooked.map(|c| c.as_str().replace(GAP, "\u{fffd}"));
            if let Some(text) = &cooked {
                self.said(text, at);
            }
            pieces.push(cooked.map(Into::into));
            if let Some(expression) = template.expressions.get(i) {
                let value = self.eval(expression)?;
                pieces.push(self.text_of(&value));
            }
        }
        self.charge(pieces.iter().flatten().map(|p| p.len()).sum());
        Ok(Value::joined(&pieces))
    }

    /// A new list of these values.
    pub(super) fn list(&mut self, values: Vec<Value>, at: At) -> Value {
        let items = values.into_iter().map(|value| Item { value, path: Path::default(), at }).collect();
        Value::Object(self.object(Kind::List(items), at))
    }

    fn array_literal(&mut self, elements: &'a [ArrayExpressionElement<'a>], at: At) -> Run<'a, Value> {
        let mut items: Vec<Item> = Vec::new();
        let mut lost = false;
        for element in elements {
            let place = self.at(element);
            match element {
                ArrayExpressionElement::SpreadElement(spread) => {
                    let value = self.eval(&spread.argument)?;
                    self.iterated(&value)?;
                    match self.raw_items(&value) {
                        Some(all) => {
                            self.charge(8 * all.len());
                            items.extend(all);
                        }
                        None => lost = true,
                    }
                }
                ArrayExpressionElement::Elision(_) => {
                    items.push(Item { value: Value::Undefined, path: Path::default(), at: place });
                }
                other => {
                    if let Some(expression) = other.as_expression() {
                        let value = self.eval(expression)?;
                        items.push(Item { value, path: Path::default(), at: place });
                    }
                }
            }
            if items.len() > MOST_ITEMS {
                return Ok(Value::Unknown);
            }
        }
        if lost {
            let fork = self.doubt(Doubt::Value);
            let path = Path::of(vec![super::path::Guard { fork, side: true }]);
            items.push(Item { value: Value::Unknown, path, at });
        }
        Ok(Value::Object(self.object(Kind::List(items), at)))
    }

    /// The items of a list with their conditions.
    pub(super) fn raw_items(&self, value: &Value) -> Option<Vec<Item>> {
        match value {
            Value::Object(id) => match &self.heap[id.0].kind {
                Kind::List(items) => Some(items.clone()),
                _ => None,
            },
            Value::Text(_) => {
                let at = At::default();
                Some(self.items_of(value)?.into_iter().map(|value| Item { value, path: Path::default(), at }).collect())
            }
            _ => None,
        }
    }

    fn object_literal(&mut self, literal: &'a ObjectExpression<'a>) -> Run<'a, Value> {
        let at = self.at(literal);
        let id = self.object(Kind::Plain, at);
        for property in &literal.properties {
            match property {
                ObjectPropertyKind::SpreadProperty(spread) => {
                    let value = self.eval(&spread.argument)?;
                    self.copy_slots(&value, id);
                }
                ObjectPropertyKind::ObjectProperty(property) => {
                    let place = self.at(&property.key);
                    let key = self.key_of(&property.key, property.computed)?;
                    let value = self.eval(&property.value)?;
                    let Some(key) = key else {
                        self.heap[id.0].handed_out = true;
                        self.hand_out(&value);
                        continue;
                    };
                    self.record.name_said(&key, place, &self.needles);
                    match property.kind {
                        PropertyKind::Get => self.heap[id.0].getters.push((key, value)),
                        PropertyKind::Set => {}
                        PropertyKind::Init if &*key == "__proto__" => {
                            if let Value::Object(proto) = value {
                                self.heap[id.0].proto = Some(proto);
                            }
                        }
                        PropertyKind::Init => {
                            let place = self.at(&**property);
                            self.heap[id.0].slots.insert(key, Slot::holding(value, place));
                        }
                    }
                }
            }
        }
        Ok(Value::Object(id))
    }

    /// Copies the properties of one object to another.
    pub(super) fn copy_slots(&mut self, from: &Value, to: super::heap::ObjectId) {
        match from {
            Value::Object(source) => {
                let slots = self.heap[source.0].slots.clone();
                self.heap[to.0].handed_out |= self.heap[source.0].handed_out;
                for (key, slot) in slots {
                    let at = slot.versions.last().map(|v| v.at).unwrap_or_default();
                    let value = slot.read(&self.path, || Value::Undefined);
                    let path = self.path.clone();
                    self.heap[to.0].slots.entry(key).or_default().write(&path, value, at);
                }
            }
            Value::Undefined | Value::Null | Value::Bool(_) | Value::Num(_) | Value::Text(_) => {}
            _ => self.heap[to.0].handed_out = true,
        }
    }

    /// Reads `object.property`; gives the object too, as `this` of a call.
    pub(super) fn eval_member(&mut self, member: &'a MemberExpression<'a>) -> Run<'a, (Value, Value)> {
        let at = self.at(member);
        if matches!(member.object(), Expression::Super(_)) {
            let this = self.frames.last().map_or(Value::Unknown, |f| f.this.clone());
            let key = self.member_key(member)?;
            let value = self.super_member(key.as_deref());
            return Ok((this, value));
        }
        let object = self.eval(member.object())?;
        if member.optional() || in_chain(member.object()) {
            match object.nullish() {
                Some(true) => return Ok((Value::Undefined, Value::Undefined)),
                Some(false) => {}
                None => {
                    let key = self.member_key(member)?;
                    let value = self.get_by_key(&object, key, at).or_else(|e| match e {
                        Exit::Throw => Ok(Value::Undefined),
                        other => Err(other),
                    })?;
                    return Ok((object, value));
                }
            }
        }
        let key = self.member_key(member)?;
        let value = self.get_by_key(&object, key, at)?;
        Ok((object, value))
    }

    /// The name of the property that a member expression means; `None` when it is not known.
    pub(super) fn member_key(&mut self, member: &'a MemberExpression<'a>) -> Run<'a, Option<std::rc::Rc<str>>> {
        match member {
            MemberExpression::StaticMemberExpression(e) => {
                let at = self.at(&e.property);
                self.record.name_said(e.property.name.as_str(), at, &self.needles);
                Ok(Some(e.property.name.as_str().into()))
            }
            MemberExpression::ComputedMemberExpression(e) => {
                let key = self.eval(&e.expression)?;
                let at = self.at(&e.expression);
                let key = key.key();
                if let Some(key) = &key {
                    self.record.name_said(key, at, &self.needles);
                }
                Ok(key)
            }
            MemberExpression::PrivateFieldExpression(e) => Ok(Some(format!("#{}", e.field.name).into())),
        }
    }
}

/// Whether an expression is part of an optional chain, so that a missing object ends the whole chain.
pub(super) fn in_chain(expression: &Expression<'_>) -> bool {
    let mut next = expression;
    loop {
        next = match next {
            Expression::CallExpression(e) if e.optional => return true,
            Expression::CallExpression(e) => &e.callee,
            other => match other.as_member_expression() {
                Some(member) if member.optional() => return true,
                Some(member) => member.object(),
                None => return false,
            },
        };
    }
}
