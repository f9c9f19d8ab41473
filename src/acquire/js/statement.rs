//! Reads statements in the order a browser runs them.

use oxc_ast::ast::{
    Declaration, ExportDefaultDeclarationKind, Expression, FunctionBody, Statement, SwitchStatement, TryStatement,
    VariableDeclaration, VariableDeclarationKind,
};

use super::heap::{At, Code};
use super::machine::{Exit, Machine, Run};
use super::scope::names_of;
use super::value::Value;
use crate::snapshot::Doubt;

impl<'a> Machine<'a> {
    /// Reads statements one after the other.
    pub(super) fn exec_all(&mut self, body: &'a [Statement<'a>]) -> Run<'a, ()> {
        body.iter().try_for_each(|s| self.exec(s))
    }

    /// Reads a block in a scope of its own.
    pub(super) fn exec_block(&mut self, body: &'a [Statement<'a>]) -> Run<'a, ()> {
        let outer = self.enter();
        let result = self.hoist_block(body, false).and_then(|()| self.exec_all(body));
        self.scope = outer;
        result
    }

    /// Reads the body of a function.
    pub(super) fn exec_body(&mut self, body: &'a FunctionBody<'a>) -> Run<'a, ()> {
        self.charge(body.span.size() as usize / 4);
        self.hoist(&body.statements)?;
        self.exec_all(&body.statements)
    }

    /// Reads one statement.
    pub(super) fn exec(&mut self, statement: &'a Statement<'a>) -> Run<'a, ()> {
        self.deeper(|m| m.exec_here(statement))
    }

    fn exec_here(&mut self, statement: &'a Statement<'a>) -> Run<'a, ()> {
        match statement {
            Statement::ExpressionStatement(s) => self.eval(&s.expression).map(|_| ()),
            Statement::BlockStatement(s) => self.exec_block(&s.body),
            Statement::IfStatement(s) => {
                let test = self.eval(&s.test)?;
                match test.truth() {
                    Some(true) => self.exec(&s.consequent),
                    Some(false) => s.alternate.as_ref().map_or(Ok(()), |other| self.exec(other)),
                    None => self
                        .fork(
                            Doubt::Condition,
                            |m| m.exec(&s.consequent),
                            |m| s.alternate.as_ref().map_or(Ok(()), |other| m.exec(other)),
                        )
                        .map(|_| ()),
                }
            }
            Statement::ReturnStatement(s) => {
                let at = self.at(&**s);
                let value = s.argument.as_ref().map_or(Ok(Value::Undefined), |e| self.eval(e))?;
                let path = self.path.clone();
                if let Some(frame) = self.frames.last_mut() {
                    frame.result.write(&path, value, at);
                }
                Err(Exit::Return)
            }
            Statement::ThrowStatement(s) => {
                self.eval(&s.argument)?;
                Err(Exit::Throw)
            }
            Statement::BreakStatement(s) => Err(Exit::Break(s.label.as_ref().map(|l| l.name.as_str()))),
            Statement::ContinueStatement(s) => Err(Exit::Continue(s.label.as_ref().map(|l| l.name.as_str()))),
            Statement::ForStatement(_)
            | Statement::ForInStatement(_)
            | Statement::ForOfStatement(_)
            | Statement::WhileStatement(_)
            | Statement::DoWhileStatement(_) => self.repeat(statement, None),
            Statement::LabeledStatement(s) => {
                let label = s.label.name.as_str();
                let from = self.holding();
                let result = if s.body.is_iteration_statement() {
                    self.repeat(&s.body, Some(label))
                } else {
                    self.exec(&s.body)
                };
                self.settle(from, result, |e| matches!(e, Exit::Break(Some(l)) | Exit::Continue(Some(l)) if l == label))
            }
            Statement::SwitchStatement(s) => self.switch(s),
            Statement::TryStatement(s) => self.attempt(s),
            Statement::WithStatement(s) => {
                let object = self.eval(&s.object)?;
                let outer = self.enter();
                self.scopes[self.scope.0].with = Some(object);
                let result = self.exec(&s.body);
                self.scope = outer;
                result
            }
            Statement::ExportDefaultDeclaration(s) => match &s.declaration {
                ExportDefaultDeclarationKind::FunctionDeclaration(f) => {
                    let at = self.at(&**f);
                    let value = self.closure(Code::Function(f), at);
                    if let Some(id) = &f.id {
                        self.bind_import(id.name.as_str(), value.clone(), at);
                    }
                    self.exported_by_default(value, at);
                    Ok(())
                }
                ExportDefaultDeclarationKind::ClassDeclaration(c) => {
                    let (value, at) = (self.class(c)?, self.at(&**c));
                    self.exported_by_default(value, at);
                    Ok(())
                }
                other => match other.as_expression() {
                    Some(expression) => {
                        let (value, at) = (self.eval(expression)?, self.at(expression));
                        self.exported_by_default(value, at);
                        Ok(())
                    }
                    None => Ok(()),
                },
            },
            Statement::ExportDeclaration(s) => self.exec_declaration(&s.declaration),
            Statement::ImportDeclaration(s) => self.import(s),
            other => match other.as_declaration() {
                Some(declaration) => self.exec_declaration(declaration),
                None => Ok(()),
            },
        }
    }

    fn exec_declaration(&mut self, declaration: &'a Declaration<'a>) -> Run<'a, ()> {
        match declaration {
            Declaration::VariableDeclaration(variables) => self.exec_variables(variables),
            Declaration::ClassDeclaration(class) => {
                let at = self.at(&**class);
                let value = self.class(class)?;
                match &class.id {
                    Some(id) => self.declare(id.name.as_str(), VariableDeclarationKind::Let, value, at),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Reads `var`, `let` or `const`.
    pub(super) fn exec_variables(&mut self, variables: &'a VariableDeclaration<'a>) -> Run<'a, ()> {
        for declarator in &variables.declarations {
            let at = self.at(declarator);
            match &declarator.init {
                Some(init) => {
                    let value = self.eval(init)?;
                    self.bind(&declarator.id, variables.kind, value, at)?;
                }
                None if variables.kind.is_var() => {
                    let mut names = Vec::new();
                    names_of(&declarator.id, &mut names);
                    names.iter().for_each(|n| self.record.name_said(n, at, &self.needles));
                }
                None => self.bind(&declarator.id, variables.kind, Value::Undefined, at)?,
            }
        }
        Ok(())
    }

    fn switch(&mut self, s: &'a SwitchStatement<'a>) -> Run<'a, ()> {
        let value = self.eval(&s.discriminant)?;
        let outer = self.enter();
        let from = self.holding();
        let mut result = Ok(());
        for case in &s.cases {
            result = result.and_then(|()| self.hoist_block(&case.consequent, false));
        }
        let result = result.and_then(|()| self.switch_cases(s, &value));
        self.scope = outer;
        self.settle(from, result, |e| matches!(e, Exit::Break(None)))
    }

    fn switch_cases(&mut self, s: &'a SwitchStatement<'a>, value: &Value) -> Run<'a, ()> {
        let mut entry = None;
        for (i, case) in s.cases.iter().enumerate() {
            let Some(test) = &case.test else { continue };
            let test = self.eval(test)?;
            match value.strictly(&test) {
                Some(true) => {
                    entry = Some(i);
                    break;
                }
                Some(false) => {}
                None => return self.switch_unknown(s),
            }
        }
        let entry = entry.or_else(|| s.cases.iter().position(|c| c.test.is_none()));
        let Some(entry) = entry else { return Ok(()) };
        s.cases.iter().skip(entry).try_for_each(|c| self.exec_all(&c.consequent))
    }

    /// Which case is not known: each of them may be, up to its `break`.
    fn switch_unknown(&mut self, s: &'a SwitchStatement<'a>) -> Run<'a, ()> {
        for case in &s.cases {
            self.maybe(Doubt::Condition, |m| match m.exec_all(&case.consequent) {
                Err(Exit::Break(None)) => Ok(()),
                other => other,
            })?;
        }
        Ok(())
    }

    fn attempt(&mut self, s: &'a TryStatement<'a>) -> Run<'a, ()> {
        let from = self.holding();
        let was_risky = std::mem::replace(&mut self.risky, false);
        let result = self.exec_block(&s.block.body);
        let held = self.holding();
        if s.handler.is_some() {
            self.release(from, |u| matches!(u, Some(Exit::Throw)));
        }
        let part_thrown = self.risky || self.holding() < held;
        self.risky |= was_risky;
        let result = match (result, &s.handler) {
            (Err(Exit::Throw), Some(handler)) => self.caught(handler),
            (Err(Exit::Spent), _) => Err(Exit::Spent),
            (other, Some(handler)) if part_thrown => {
                self.fork(Doubt::Condition, |m| m.caught(handler), |_| other).map(|_| ())
            }
            (other, _) => other,
        };
        match &s.finalizer {
            Some(last) if result != Err(Exit::Spent) => {
                self.however_left(from, |m| m.exec_block(&last.body)).and(result)
            }
            _ => result,
        }
    }

    fn caught(&mut self, handler: &'a oxc_ast::ast::CatchClause<'a>) -> Run<'a, ()> {
        let outer = self.enter();
        let at = At { unit: self.unit, start: handler.span.start, end: handler.span.start };
        let bound = match &handler.param {
            Some(param) => self.bind(&param.pattern, VariableDeclarationKind::Let, Value::Thing, at),
            None => Ok(()),
        };
        let result = bound.and_then(|()| self.exec_block(&handler.body.body));
        self.scope = outer;
        result
    }

    /// Reads a condition.
    pub(super) fn test(&mut self, test: Option<&'a Expression<'a>>) -> Run<'a, Option<bool>> {
        test.map_or(Ok(Some(true)), |t| Ok(self.eval(t)?.truth()))
    }
}
