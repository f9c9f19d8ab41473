//! Names: where they are declared, what they mean, and what is hoisted.
//! Top-level `var` and functions of classic scripts are properties of `window`; everything else is not.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use oxc_ast::ast::{BindingPattern, Declaration, Function, Statement, VariableDeclaration, VariableDeclarationKind};

use super::heap::{At, Closure, Code, Kind, ScopeId};
use super::machine::{Exit, Machine, Run};
use super::path::Slot;
use super::value::Value;

/// A scope.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    /// The scope around it; `None`: `window` is next.
    pub(super) parent: Option<ScopeId>,
    /// Its names. One without a value was declared by `let`, `const` or `class` further down: none may use it yet.
    pub(super) slots: HashMap<&'a str, Slot>,
    /// Those of them that keep their first value: `const`.
    pub(super) fixed: HashSet<&'a str>,
    /// The object of a `with`.
    pub(super) with: Option<Value>,
}

impl<'a> Scope<'a> {
    /// A scope of these names.
    pub(super) fn of(parent: Option<ScopeId>, slots: HashMap<&'a str, Slot>, with: Option<Value>) -> Self {
        Self { parent, slots, fixed: HashSet::new(), with }
    }
}

enum Home {
    Scope(ScopeId),
    With(Value),
    Window,
}

impl<'a> Machine<'a> {
    /// A new scope inside the current one, which becomes the current one; gives the one to come back to.
    pub(super) fn enter(&mut self) -> ScopeId {
        let outer = self.scope;
        self.scopes.push(Scope::of(Some(outer), HashMap::new(), None));
        self.scope = ScopeId(self.scopes.len() - 1);
        outer
    }

    fn home_of(&self, name: &str) -> Home {
        let mut next = Some(self.scope);
        while let Some(id) = next {
            let scope = &self.scopes[id.0];
            if scope.slots.contains_key(name) {
                return Home::Scope(id);
            }
            if let Some(Value::Object(object)) = &scope.with
                && self.heap[object.0].slots.contains_key(name)
            {
                return Home::With(Value::Object(*object));
            }
            if let Some(with @ Value::Native(_)) = &scope.with
                && self.has_native(with, name)
            {
                return Home::With(with.clone());
            }
            next = scope.parent;
        }
        Home::Window
    }

    /// The value of a name; leaves when it is not declared.
    pub(super) fn read_name(&mut self, name: &'a str, at: At) -> Run<'a, Value> {
        match self.home_of(name) {
            Home::Scope(id) => {
                self.in_use(id, name)?;
                let slot = self.scopes[id.0].slots.get(name);
                Ok(slot.map_or(Value::Unknown, |slot| slot.read(&self.path, || Value::Unknown)))
            }
            Home::With(object) => self.member(&object, name, at),
            Home::Window => {
                if self.globals.contains_key(name) || self.window_has(name) {
                    return self.read_window(name, at);
                }
                if self.is_queue(name) {
                    return Err(Exit::Throw);
                }
                if self.unread || self.named_element(name) {
                    self.risky = true;
                    return Ok(Value::Unknown);
                }
                Err(Exit::Throw)
            }
        }
    }

    /// Leaves where a name of a scope is used before its declaration was reached. Where reading broke off, that
    /// declaration may have been reached all the same.
    fn in_use(&self, scope: ScopeId, name: &str) -> Run<'a, ()> {
        let Some(slot) = self.scopes.get(scope.0).and_then(|s| s.slots.get(name)) else { return Ok(()) };
        if slot.seen(&self.path).0.is_empty() && !self.broken_off { Err(Exit::Throw) } else { Ok(()) }
    }

    /// Whether a name can be read without leaving.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        !matches!(self.home_of(name), Home::Window) || self.globals.contains_key(name) || self.window_has(name)
    }

    /// Assigns to a name.
    pub(super) fn write_name(&mut self, name: &'a str, value: Value, at: At) -> Run<'a, ()> {
        match self.home_of(name) {
            Home::Scope(id) => {
                self.in_use(id, name)?;
                if self.scopes[id.0].fixed.contains(name) {
                    return Err(Exit::Throw);
                }
                let value = self.drifting(value);
                if self.is_queue(name) {
                    self.local_queue(name, &value, at);
                }
                let path = self.path.clone();
                if let Some(slot) = self.scopes[id.0].slots.get_mut(name) {
                    slot.write(&path, value, at);
                }
                Ok(())
            }
            Home::With(object) => self.set_member(&object, name, value, at),
            Home::Window => {
                let strict = self.frames.last().is_some_and(|f| f.strict);
                if strict && !self.unread && !self.globals.contains_key(name) && !self.window_has(name) {
                    return Err(Exit::Throw);
                }
                self.write_window(name, value, at)
            }
        }
    }

    /// In a loop whose count is not known, a value that depends on the count is not known either.
    pub(super) fn drifting(&self, value: Value) -> Value {
        match value {
            Value::Num(_) if self.adrift > 0 => Value::Unknown,
            other => other,
        }
    }

    /// Gives a declared name its first value.
    pub(super) fn declare(
        &mut self,
        name: &'a str,
        kind: VariableDeclarationKind,
        value: Value,
        at: At,
    ) -> Run<'a, ()> {
        if kind.is_var() {
            return self.write_var(name, value, at);
        }
        if self.is_queue(name) {
            self.local_queue(name, &value, at);
        }
        let path = self.path.clone();
        let scope = &mut self.scopes[self.scope.0];
        scope.slots.entry(name).or_default().write(&path, value, at);
        if kind.is_const() {
            scope.fixed.insert(name);
        }
        Ok(())
    }

    fn write_var(&mut self, name: &'a str, value: Value, at: At) -> Run<'a, ()> {
        // A catch parameter or a `with` object of the same name takes the assignment, as in the language.
        self.write_name(name, value, at)
    }

    /// Declares the names of a function body or script before it runs.
    pub(super) fn hoist(&mut self, body: &'a [Statement<'a>]) -> Run<'a, ()> {
        let mut names = Vec::new();
        for statement in body {
            vars_of(statement, &mut names);
        }
        for (i, name) in names.into_iter().enumerate() {
            if i % 16 == 0 {
                self.step()?;
            }
            let undefined = |m: &Self| Slot::holding(Value::Undefined, m.units[m.unit as usize].whole(m.unit));
            match self.frames.last().and_then(|f| f.vars) {
                Some(scope) => {
                    let slot = undefined(self);
                    self.scopes[scope.0].slots.entry(name).or_insert(slot);
                }
                None => {
                    if !self.window_has(name) {
                        self.record.declared.insert(name.to_owned());
                        self.globals.entry(Rc::from(name)).or_default();
                    }
                }
            }
        }
        self.hoist_block(body, true)
    }

    /// Declares the functions and lexical names of a block before it runs.
    pub(super) fn hoist_block(&mut self, body: &'a [Statement<'a>], top: bool) -> Run<'a, ()> {
        for statement in body {
            let declaration = match statement {
                Statement::ExportDeclaration(export) => Some(&export.declaration),
                other => other.as_declaration(),
            };
            match declaration {
                Some(Declaration::VariableDeclaration(variables)) if !variables.kind.is_var() => {
                    self.reserve(variables)
                }
                Some(Declaration::ClassDeclaration(class)) => {
                    if let Some(id) = &class.id {
                        self.scopes[self.scope.0].slots.insert(id.name.as_str(), Slot::default());
                    }
                }
                Some(Declaration::FunctionDeclaration(function)) => self.hoist_function(function, top)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether a classic script declares a name that an earlier one took: then none of it runs.
    pub(super) fn clashes(&self, body: &'a [Statement<'a>]) -> bool {
        let (mut vars, mut lexical) = (Vec::new(), Vec::new());
        for statement in body {
            vars_of(statement, &mut vars);
            match statement.as_declaration() {
                Some(Declaration::VariableDeclaration(v)) if !v.kind.is_var() => {
                    v.declarations.iter().for_each(|d| names_of(&d.id, &mut lexical));
                }
                Some(Declaration::ClassDeclaration(class)) => {
                    lexical.extend(class.id.iter().map(|id| id.name.as_str()))
                }
                Some(Declaration::FunctionDeclaration(f)) => vars.extend(f.id.iter().map(|id| id.name.as_str())),
                _ => {}
            }
        }
        let taken = &self.scopes[0].slots;
        vars.iter().any(|n| taken.contains_key(n))
            || lexical.iter().any(|n| taken.contains_key(n) || self.record.declared.contains(*n))
    }

    fn reserve(&mut self, variables: &'a VariableDeclaration<'a>) {
        let mut names = Vec::new();
        for declarator in &variables.declarations {
            names_of(&declarator.id, &mut names);
        }
        for name in names {
            self.scopes[self.scope.0].slots.insert(name, Slot::default());
        }
    }

    fn hoist_function(&mut self, function: &'a Function<'a>, top: bool) -> Run<'a, ()> {
        let Some(id) = &function.id else { return Ok(()) };
        let at = self.at(function);
        let name = id.name.as_str();
        let value = self.closure(Code::Function(function), at);
        let vars = self.frames.last().and_then(|f| f.vars);
        if !top {
            let path = self.path.clone();
            self.scopes[self.scope.0].slots.entry(name).or_default().write(&path, value.clone(), at);
        }
        match vars {
            Some(scope) => {
                let path = self.path.clone();
                self.scopes[scope.0].slots.entry(name).or_default().write(&path, value, at);
                Ok(())
            }
            None => {
                self.record.declared.insert(name.to_owned());
                self.write_window(name, value, at)
            }
        }
    }

    /// A function made here and now.
    pub(super) fn closure(&mut self, code: Code<'a>, at: At) -> Value {
        let this = match code {
            Code::Arrow(_) => self.frames.last().map(|f| f.this.clone()),
            _ => None,
        };
        let home = self.frames.last().and_then(|f| f.home);
        let strict = self.frames.last().is_some_and(|f| f.strict) || strict_by_itself(code);
        let closure = Closure { code, unit: self.unit, scope: self.scope, this, home, strict };
        Value::Object(self.object(Kind::Function(closure), at))
    }
}

fn strict_by_itself(code: Code<'_>) -> bool {
    match code {
        Code::Function(f) => f.body.as_ref().is_some_and(|b| b.has_use_strict_directive()),
        Code::Arrow(a) => a.has_use_strict_directive(),
        Code::Class(_) => true,
    }
}

/// The names that `var` and functions in blocks declare, not looking into functions.
pub(super) fn vars_of<'s>(statement: &'s Statement<'_>, names: &mut Vec<&'s str>) {
    match statement {
        Statement::VariableDeclaration(variables) => declared(variables, names),
        Statement::ExportDeclaration(export) => {
            if let Declaration::VariableDeclaration(variables) = &export.declaration {
                declared(variables, names);
            }
        }
        Statement::BlockStatement(block) => block.body.iter().for_each(|s| vars_of(s, names)),
        Statement::IfStatement(s) => {
            vars_of(&s.consequent, names);
            s.alternate.iter().for_each(|s| vars_of(s, names));
        }
        Statement::ForStatement(s) => {
            if let Some(oxc_ast::ast::ForStatementInit::VariableDeclaration(variables)) = &s.init {
                declared(variables, names);
            }
            vars_of(&s.body, names);
        }
        Statement::ForInStatement(s) => {
            if let oxc_ast::ast::ForStatementLeft::VariableDeclaration(variables) = &s.left {
                declared(variables, names);
            }
            vars_of(&s.body, names);
        }
        Statement::ForOfStatement(s) => {
            if let oxc_ast::ast::ForStatementLeft::VariableDeclaration(variables) = &s.left {
                declared(variables, names);
            }
            vars_of(&s.body, names);
        }
        Statement::WhileStatement(s) => vars_of(&s.body, names),
        Statement::DoWhileStatement(s) => vars_of(&s.body, names),
        Statement::LabeledStatement(s) => vars_of(&s.body, names),
        Statement::WithStatement(s) => vars_of(&s.body, names),
        Statement::SwitchStatement(s) => {
            s.cases.iter().flat_map(|c| &c.consequent).for_each(|s| vars_of(s, names));
        }
        Statement::TryStatement(s) => {
            s.block.body.iter().for_each(|s| vars_of(s, names));
            s.handler.iter().flat_map(|h| &h.body.body).for_each(|s| vars_of(s, names));
            s.finalizer.iter().flat_map(|f| &f.body).for_each(|s| vars_of(s, names));
        }
        _ => {}
    }
}

fn declared<'s>(variables: &'s VariableDeclaration<'_>, names: &mut Vec<&'s str>) {
    if variables.kind.is_var() {
        variables.declarations.iter().for_each(|d| names_of(&d.id, names));
    }
}

/// The names a pattern binds.
pub(super) fn names_of<'s>(pattern: &'s BindingPattern<'_>, names: &mut Vec<&'s str>) {
    match pattern {
        BindingPattern::BindingIdentifier(id) => names.push(id.name.as_str()),
        BindingPattern::ObjectPattern(object) => {
            object.properties.iter().for_each(|p| names_of(&p.value, names));
            object.rest.iter().for_each(|r| names_of(&r.argument, names));
        }
        BindingPattern::ArrayPattern(list) => {
            list.elements.iter().flatten().for_each(|p| names_of(p, names));
            list.rest.iter().for_each(|r| names_of(&r.argument, names));
        }
        BindingPattern::AssignmentPattern(assigned) => names_of(&assigned.left, names),
    }
}
