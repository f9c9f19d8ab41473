//! Operators on abstract values.

use std::rc::Rc;

use oxc_ast::ast::{
    AssignmentExpression, AssignmentTarget, Expression, SimpleAssignmentTarget, UnaryExpression, UpdateExpression,
};
use oxc_syntax::operator::{AssignmentOperator, BinaryOperator, LogicalOperator, UnaryOperator, UpdateOperator};

use super::heap::{At, Kind};
use super::machine::{Exit, Machine, Run};
use super::value::Value;

/// A place that can be read and then written.
enum Target<'a> {
    Name(&'a str),
    Member(Value, Option<Rc<str>>),
}

impl<'a> Machine<'a> {
    pub(super) fn unary(&mut self, e: &'a UnaryExpression<'a>) -> Run<'a, Value> {
        match (e.operator, &e.argument) {
            (UnaryOperator::Typeof, Expression::Identifier(id)) if !self.is_declared(id.name.as_str()) => {
                let at = self.at(&**id);
                self.record.name_said(id.name.as_str(), at, &self.needles);
                let known = !self.unread || self.is_queue(id.name.as_str());
                return Ok(if known { Value::text("undefined") } else { Value::Unknown });
            }
            (UnaryOperator::Delete, argument) => {
                if let Some(member) = argument.as_member_expression() {
                    let object = self.eval(member.object())?;
                    let key = self.member_key(member)?;
                    let at = self.at(e);
                    if let Some(key) = key {
                        self.delete(&object, &key, at);
                    }
                }
                return Ok(Value::Bool(true));
            }
            _ => {}
        }
        let value = self.eval(&e.argument)?;
        Ok(match e.operator {
            UnaryOperator::LogicalNot => value.truth().map_or(Value::Unknown, |t| Value::Bool(!t)),
            UnaryOperator::Void => Value::Undefined,
            UnaryOperator::Typeof => self.type_of(&value).map_or(Value::Unknown, Value::text),
            UnaryOperator::UnaryPlus => value.number().map_or(Value::Unknown, Value::Num),
            UnaryOperator::UnaryNegation => value.number().map_or(Value::Unknown, |n| Value::Num(-n)),
            UnaryOperator::BitwiseNot => value.number().map_or(Value::Unknown, |n| Value::Num(f64::from(!int32(n)))),
            UnaryOperator::Delete => Value::Bool(true),
        })
    }

    /// `typeof`.
    pub(super) fn type_of(&self, value: &Value) -> Option<&'static str> {
        Some(match value {
            Value::Unknown | Value::Thing => return None,
            Value::Undefined => "undefined",
            Value::Null => "object",
            Value::Bool(_) => "boolean",
            Value::Num(_) => "number",
            Value::Text(_) | Value::Mixed(_) => "string",
            Value::Native(name) => super::browser::type_of_native(name),
            Value::Object(id) => match &self.heap[id.0].kind {
                Kind::Function(_) | Kind::Bound(..) | Kind::Keeper(_) | Kind::Text(_) | Kind::Handler(_) => "function",
                _ => "object",
            },
            Value::Choice(cases) => {
                let mut kinds = cases.iter().map(|(_, v)| self.type_of(v));
                let first = kinds.next()??;
                return kinds.all(|k| k == Some(first)).then_some(first);
            }
        })
    }

    /// A value as text, lists included; `None` when nothing of it is known.
    pub(super) fn text_of(&self, value: &Value) -> Option<Rc<str>> {
        match value {
            Value::Object(id) => match &self.heap[id.0].kind {
                Kind::List(_) => {
                    let parts: Option<Vec<Rc<str>>> = self
                        .items_of(value)?
                        .iter()
                        .take(64)
                        .map(|v| if v.nullish() == Some(true) { Some("".into()) } else { v.as_text() })
                        .collect();
                    Some(parts?.join(",").into())
                }
                Kind::Plain => None,
                _ => None,
            },
            Value::Native(name) => match &**name {
                "location" | "document.location" => Some(self.location_part("href")?.into()),
                _ => None,
            },
            other => other.as_text(),
        }
    }

    pub(super) fn binary(&mut self, operator: BinaryOperator, left: &Value, right: &Value) -> Value {
        let known = |b: Option<bool>| b.map_or(Value::Unknown, Value::Bool);
        match operator {
            BinaryOperator::Equality | BinaryOperator::Inequality => {
                let equal = self.compared(left).loosely(&self.compared(right));
                known(equal.map(|b| b == (operator == BinaryOperator::Equality)))
            }
            BinaryOperator::StrictEquality => known(left.strictly(right)),
            BinaryOperator::StrictInequality => known(left.strictly(right).map(|b| !b)),
            BinaryOperator::Addition => {
                let sum = self.added(left, right);
                if let Value::Text(text) | Value::Mixed(text) = &sum {
                    self.charge(text.len());
                }
                sum
            }
            BinaryOperator::In => match (left.key(), right) {
                (Some(key), Value::Object(id)) if !self.heap[id.0].handed_out => {
                    let has = self.heap[id.0].slots.get(&key).map(|s| s.seen(&self.path).1);
                    match has {
                        Some(true) => Value::Bool(true),
                        Some(false) => Value::Unknown,
                        None => known(
                            (self.heap[id.0].proto.is_none() && matches!(self.heap[id.0].kind, Kind::Plain))
                                .then_some(false),
                        ),
                    }
                }
                (Some(key), Value::Native(name)) if &**name == "window" => {
                    let has = self.globals.contains_key(&*key) || self.window_has(&key);
                    known(if has { Some(true) } else { (!self.unread || self.is_queue(&key)).then_some(false) })
                }
                (Some(key), Value::Native(_)) => known(self.has_native(right, &key).then_some(true)),
                _ => Value::Unknown,
            },
            BinaryOperator::Instanceof => match (left, right) {
                (Value::Object(id), Value::Native(name)) => {
                    let list = matches!(self.heap[id.0].kind, Kind::List(_));
                    match &**name {
                        "Array" => Value::Bool(list),
                        "Object" => Value::Bool(true),
                        _ => Value::Unknown,
                    }
                }
                _ => Value::Unknown,
            },
            _ => arithmetic(operator, left, right),
        }
    }

    /// What `==` compares: the address where the location object stands.
    fn compared(&self, value: &Value) -> Value {
        match value {
            Value::Native(name) if matches!(&**name, "location" | "document.location") => {
                self.location_part("href").map_or(Value::Unknown, Value::text)
            }
            other => other.clone(),
        }
    }

    fn added(&self, left: &Value, right: &Value) -> Value {
        let numeric = |v: &Value| matches!(v, Value::Num(_) | Value::Bool(_) | Value::Null | Value::Undefined);
        if numeric(left) && numeric(right) {
            return match (left.number(), right.number()) {
                (Some(a), Some(b)) => Value::Num(a + b),
                _ => Value::Unknown,
            };
        }
        let (a, b) = (self.text_of(left), self.text_of(right));
        let textual = |v: &Value| matches!(v, Value::Text(_) | Value::Mixed(_) | Value::Object(_));
        if (a.is_none() && b.is_none()) || !(textual(left) || textual(right) || (a.is_some() && b.is_some())) {
            return Value::Unknown;
        }
        Value::joined(&[a, b])
    }

    pub(super) fn logical(
        &mut self,
        operator: LogicalOperator,
        left: Value,
        right: impl FnOnce(&mut Self) -> Run<'a, Value>,
    ) -> Run<'a, Value> {
        let goes_on = match operator {
            LogicalOperator::And => left.truth(),
            LogicalOperator::Or => left.truth().map(|t| !t),
            LogicalOperator::Coalesce => left.nullish(),
        };
        match goes_on {
            Some(true) => right(self),
            Some(false) => Ok(left),
            None => {
                // What the left side can still be once its truth has decided for it.
                let kept = match (&left, operator) {
                    (Value::Choice(cases), LogicalOperator::Or) => {
                        Value::choice(cases.iter().filter(|(_, v)| v.truth() != Some(false)).cloned().collect())
                    }
                    _ => left.clone(),
                };
                self.either(right, |_| Ok(kept))
            }
        }
    }

    pub(super) fn assignment(&mut self, e: &'a AssignmentExpression<'a>) -> Run<'a, Value> {
        let at = self.at(e);
        if let AssignmentTarget::AssignmentTargetIdentifier(id) = &e.left {
            let name = id.name.as_str();
            let place = self.at(&**id);
            self.record.name_said(name, place, &self.needles);
        }
        if e.operator == AssignmentOperator::Assign {
            if let Some(target) = e.left.as_simple_assignment_target() {
                let target = self.target(target)?;
                let value = self.eval(&e.right)?;
                self.put(target, value.clone(), at)?;
                return Ok(value);
            }
            let value = self.eval(&e.right)?;
            self.assign(&e.left, value.clone(), at)?;
            return Ok(value);
        }
        let Some(target) = e.left.as_simple_assignment_target() else { return Ok(Value::Unknown) };
        let target = self.target(target)?;
        let old = self.current(&target, at)?;
        if let Some(operator) = e.operator.to_logical_operator() {
            let goes_on = match operator {
                LogicalOperator::And => old.truth(),
                LogicalOperator::Or => old.truth().map(|t| !t),
                LogicalOperator::Coalesce => old.nullish(),
            };
            return match goes_on {
                Some(false) => {
                    self.record.cover(at);
                    Ok(old)
                }
                Some(true) => {
                    let value = self.eval(&e.right)?;
                    self.put(target, value.clone(), at)?;
                    Ok(value)
                }
                None => self.either(
                    |m| {
                        let value = m.eval(&e.right)?;
                        m.put(target, value.clone(), at)?;
                        Ok(value)
                    },
                    |_| Ok(old),
                ),
            };
        }
        let right = self.eval(&e.right)?;
        let value = match e.operator.to_binary_operator() {
            Some(_) if self.adrift > 0 => Value::Unknown,
            Some(operator) => self.binary(operator, &old, &right),
            None => Value::Unknown,
        };
        self.put(target, value.clone(), at)?;
        Ok(value)
    }

    pub(super) fn update(&mut self, e: &'a UpdateExpression<'a>) -> Run<'a, Value> {
        let at = self.at(e);
        let target = self.target(&e.argument)?;
        let old = self.current(&target, at)?.number();
        let new = old.map(|n| if e.operator == UpdateOperator::Increment { n + 1.0 } else { n - 1.0 });
        let value = |n: Option<f64>| n.map_or(Value::Unknown, Value::Num);
        let kept = if self.adrift > 0 { Value::Unknown } else { value(new) };
        self.put(target, kept, at)?;
        Ok(value(if e.prefix { new } else { old }))
    }

    fn target(&mut self, target: &'a SimpleAssignmentTarget<'a>) -> Run<'a, Target<'a>> {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => Ok(Target::Name(id.name.as_str())),
            other => match other.as_member_expression() {
                Some(member) => {
                    let object = self.eval(member.object())?;
                    Ok(Target::Member(object, self.member_key(member)?))
                }
                None => Err(Exit::Throw),
            },
        }
    }

    fn current(&mut self, target: &Target<'a>, at: At) -> Run<'a, Value> {
        match target {
            Target::Name(name) => self.read_name(name, at),
            Target::Member(object, key) => self.get_by_key(object, key.clone(), at),
        }
    }

    fn put(&mut self, target: Target<'a>, value: Value, at: At) -> Run<'a, ()> {
        match target {
            Target::Name(name) => self.write_name(name, value, at),
            Target::Member(object, key) => self.set_by_key(&object, key, value, at),
        }
    }
}

fn arithmetic(operator: BinaryOperator, left: &Value, right: &Value) -> Value {
    if let (Value::Text(a), Value::Text(b)) = (left, right) {
        match operator {
            BinaryOperator::LessThan => return Value::Bool(a < b),
            BinaryOperator::LessEqualThan => return Value::Bool(a <= b),
            BinaryOperator::GreaterThan => return Value::Bool(a > b),
            BinaryOperator::GreaterEqualThan => return Value::Bool(a >= b),
            _ => {}
        }
    }
    let (Some(a), Some(b)) = (left.number(), right.number()) else { return Value::Unknown };
    let shift = int32(b) & 31;
    match operator {
        BinaryOperator::LessThan => Value::Bool(a < b),
        BinaryOperator::LessEqualThan => Value::Bool(a <= b),
        BinaryOperator::GreaterThan => Value::Bool(a > b),
        BinaryOperator::GreaterEqualThan => Value::Bool(a >= b),
        BinaryOperator::Subtraction => Value::Num(a - b),
        BinaryOperator::Multiplication => Value::Num(a * b),
        BinaryOperator::Division => Value::Num(a / b),
        BinaryOperator::Remainder => Value::Num(a % b),
        BinaryOperator::Exponential => Value::Num(a.powf(b)),
        BinaryOperator::BitwiseAnd => Value::Num(f64::from(int32(a) & int32(b))),
        BinaryOperator::BitwiseOR => Value::Num(f64::from(int32(a) | int32(b))),
        BinaryOperator::BitwiseXOR => Value::Num(f64::from(int32(a) ^ int32(b))),
        BinaryOperator::ShiftLeft => Value::Num(f64::from(int32(a).wrapping_shl(shift.unsigned_abs()))),
        BinaryOperator::ShiftRight => Value::Num(f64::from(int32(a).wrapping_shr(shift.unsigned_abs()))),
        BinaryOperator::ShiftRightZeroFill => {
            Value::Num(f64::from(int32(a).cast_unsigned().wrapping_shr(shift.unsigned_abs())))
        }
        _ => Value::Unknown,
    }
}

fn int32(n: f64) -> i32 {
    if !n.is_finite() {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the language wraps numbers so")]
    let wrapped = n.trunc().rem_euclid(4_294_967_296.0) as u64 as u32;
    wrapped.cast_signed()
}
