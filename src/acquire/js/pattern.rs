//! Takes values apart: `var {a, b: [c] = d} = value`, parameters, and assignments to patterns.

use std::rc::Rc;

use oxc_ast::ast::{
    AssignmentTarget, AssignmentTargetMaybeDefault, AssignmentTargetProperty, BindingPattern, Expression,
    FormalParameters, PropertyKey, SimpleAssignmentTarget, VariableDeclarationKind,
};

use super::heap::{At, Kind};
use super::machine::{Exit, Machine, Run};
use super::value::Value;

impl<'a> Machine<'a> {
    /// Declares the names of a pattern with the parts of a value.
    pub(super) fn bind(
        &mut self,
        pattern: &'a BindingPattern<'a>,
        kind: VariableDeclarationKind,
        value: Value,
        at: At,
    ) -> Run<'a, ()> {
        self.step()?;
        match pattern {
            BindingPattern::BindingIdentifier(id) => self.declare(id.name.as_str(), kind, value, at),
            BindingPattern::AssignmentPattern(assigned) => {
                let value = self.or_default(value, &assigned.right)?;
                self.bind(&assigned.left, kind, value, at)
            }
            BindingPattern::ObjectPattern(object) => {
                for property in &object.properties {
                    let part = self.part(&value, &property.key, property.computed)?;
                    self.bind(&property.value, kind, part, at)?;
                }
                object.rest.iter().try_for_each(|rest| self.bind(&rest.argument, kind, Value::Unknown, at))
            }
            BindingPattern::ArrayPattern(list) => {
                self.iterated(&value)?;
                let items = self.items_of(&value);
                for (i, element) in list.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let part =
                            items.as_ref().map_or(Value::Unknown, |v| v.get(i).cloned().unwrap_or(Value::Undefined));
                        self.bind(element, kind, part, at)?;
                    }
                }
                let Some(rest) = &list.rest else { return Ok(()) };
                let part = match items {
                    Some(items) => self.list(items.into_iter().skip(list.elements.len()).collect(), at),
                    None => Value::Unknown,
                };
                self.bind(&rest.argument, kind, part, at)
            }
        }
    }

    /// Declares the parameters of a function; `None` stands for arguments that are not known.
    pub(super) fn bind_parameters(
        &mut self,
        parameters: &'a FormalParameters<'a>,
        arguments: Option<&[Value]>,
        at: At,
    ) -> Run<'a, ()> {
        let missing = if arguments.is_some() { Value::Undefined } else { Value::Unknown };
        for (i, parameter) in parameters.items.iter().enumerate() {
            let mut value = arguments.and_then(|a| a.get(i)).cloned().unwrap_or_else(|| missing.clone());
            if let Some(default) = &parameter.initializer {
                value = self.or_default(value, default)?;
            }
            self.bind(&parameter.pattern, VariableDeclarationKind::Let, value, at)?;
        }
        let Some(rest) = &parameters.rest else { return Ok(()) };
        let value = match arguments {
            Some(all) => self.list(all.iter().skip(parameters.items.len()).cloned().collect(), at),
            None => Value::Unknown,
        };
        self.bind(&rest.rest.argument, VariableDeclarationKind::Let, value, at)
    }

    fn or_default(&mut self, value: Value, default: &'a Expression<'a>) -> Run<'a, Value> {
        match value.strictly(&Value::Undefined) {
            Some(true) => self.eval(default),
            Some(false) => Ok(value),
            None => self.either(|_| Ok(value.clone()), |m| m.eval(default)),
        }
    }

    fn part(&mut self, value: &Value, key: &'a PropertyKey<'a>, computed: bool) -> Run<'a, Value> {
        let at = self.at(key);
        match self.key_of(key, computed)? {
            Some(name) => {
                self.record.name_said(&name, at, &self.needles);
                self.member(value, &name, at)
            }
            None => Ok(Value::Unknown),
        }
    }

    /// The name of a property as written in a literal or pattern; `None` when it is computed.
    pub(super) fn key_of(&mut self, key: &'a PropertyKey<'a>, computed: bool) -> Run<'a, Option<Rc<str>>> {
        if let (false, Some(name)) = (computed, key.static_name()) {
            return Ok(Some(Rc::from(name.as_ref())));
        }
        match key {
            PropertyKey::PrivateIdentifier(id) => Ok(Some(format!("#{}", id.name).into())),
            other => match other.as_expression() {
                Some(expression) => Ok(self.eval(expression)?.key()),
                None => Ok(None),
            },
        }
    }

    /// Assigns a value to a target.
    pub(super) fn assign(&mut self, target: &'a AssignmentTarget<'a>, value: Value, at: At) -> Run<'a, ()> {
        self.step()?;
        if let Some(simple) = target.as_simple_assignment_target() {
            return self.assign_simple(simple, value, at);
        }
        match target {
            AssignmentTarget::ArrayAssignmentTarget(list) => {
                self.iterated(&value)?;
                let items = self.items_of(&value);
                for (i, element) in list.elements.iter().enumerate() {
                    if let Some(element) = element {
                        let part =
                            items.as_ref().map_or(Value::Unknown, |v| v.get(i).cloned().unwrap_or(Value::Undefined));
                        self.assign_or_default(element, part, at)?;
                    }
                }
                list.rest.iter().try_for_each(|r| self.assign(&r.target, Value::Unknown, at))
            }
            AssignmentTarget::ObjectAssignmentTarget(object) => {
                for property in &object.properties {
                    match property {
                        AssignmentTargetProperty::AssignmentTargetPropertyIdentifier(p) => {
                            let mut part = self.member(&value, p.binding.name.as_str(), at)?;
                            if let Some(default) = &p.init {
                                part = self.or_default(part, default)?;
                            }
                            self.write_name(p.binding.name.as_str(), part, at)?;
                        }
                        AssignmentTargetProperty::AssignmentTargetPropertyProperty(p) => {
                            let part = self.part(&value, &p.name, p.computed)?;
                            self.assign_or_default(&p.binding, part, at)?;
                        }
                    }
                }
                object.rest.iter().try_for_each(|r| self.assign(&r.target, Value::Unknown, at))
            }
            _ => Ok(()),
        }
    }

    fn assign_or_default(&mut self, target: &'a AssignmentTargetMaybeDefault<'a>, value: Value, at: At) -> Run<'a, ()> {
        match target {
            AssignmentTargetMaybeDefault::AssignmentTargetWithDefault(with) => {
                let value = self.or_default(value, &with.init)?;
                self.assign(&with.binding, value, at)
            }
            other => match other.as_assignment_target() {
                Some(target) => self.assign(target, value, at),
                None => Ok(()),
            },
        }
    }

    fn assign_simple(&mut self, target: &'a SimpleAssignmentTarget<'a>, value: Value, at: At) -> Run<'a, ()> {
        match target {
            SimpleAssignmentTarget::AssignmentTargetIdentifier(id) => self.write_name(id.name.as_str(), value, at),
            other => match other.as_member_expression() {
                Some(member) => {
                    let object = self.eval(member.object())?;
                    let key = self.member_key(member)?;
                    self.set_by_key(&object, key, value, at)
                }
                None => Ok(()),
            },
        }
    }

    /// Leaves where a value that surely has no items is asked for them.
    pub(super) fn iterated(&self, value: &Value) -> Run<'a, ()> {
        let has_none = |v: &Value| matches!(v, Value::Undefined | Value::Null | Value::Bool(_) | Value::Num(_));
        let none = match value {
            Value::Choice(cases) => cases.iter().all(|(_, case)| has_none(case)),
            other => has_none(other),
        };
        if none { Err(Exit::Throw) } else { Ok(()) }
    }

    /// The items of a list, when all of them are known to be there.
    pub(super) fn items_of(&self, value: &Value) -> Option<Vec<Value>> {
        match value {
            Value::Object(id) => match &self.heap[id.0].kind {
                Kind::List(items) => {
                    let present = items.iter().filter(|i| !i.path.excludes(&self.path));
                    present.map(|i| self.path.implies(&i.path).then(|| i.value.clone())).collect()
                }
                _ => None,
            },
            Value::Text(text) => Some(text.chars().map(|c| Value::text(c.to_string())).collect()),
            _ => None,
        }
    }
}
