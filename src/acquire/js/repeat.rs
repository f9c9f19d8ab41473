//! Reads loops: round by round while the condition is known, once under doubt when it is not.

use oxc_ast::ast::{Expression, ForStatementInit, ForStatementLeft, Statement};

use super::heap::Kind;
use super::machine::{Exit, Machine, Run};
use super::value::Value;
use crate::snapshot::Doubt;

/// Rounds of one loop.
const MOST_ROUNDS: u32 = 1000;

impl<'a> Machine<'a> {
    /// Reads a loop that may carry a label.
    pub(super) fn repeat(&mut self, statement: &'a Statement<'a>, label: Option<&'a str>) -> Run<'a, ()> {
        let outer = self.enter();
        let from = self.holding();
        let result = self.rounds(statement, label);
        self.scope = outer;
        let mine = |l: Option<&str>| l.is_none() || l == label;
        self.settle(from, result, |e| matches!(e, Exit::Break(l) | Exit::Continue(l) if mine(l)))
    }

    fn rounds(&mut self, statement: &'a Statement<'a>, label: Option<&'a str>) -> Run<'a, ()> {
        match statement {
            Statement::ForStatement(s) => {
                match &s.init {
                    Some(ForStatementInit::VariableDeclaration(variables)) => self.exec_variables(variables)?,
                    Some(other) => {
                        if let Some(expression) = other.as_expression() {
                            self.eval(expression)?;
                        }
                    }
                    None => {}
                }
                self.while_true(s.test.as_ref(), s.update.as_ref(), &s.body, label, false)
            }
            Statement::WhileStatement(s) => self.while_true(Some(&s.test), None, &s.body, label, false),
            Statement::DoWhileStatement(s) => self.while_true(Some(&s.test), None, &s.body, label, true),
            Statement::ForOfStatement(s) => {
                let over = self.eval(&s.right)?;
                self.iterated(&over)?;
                let items = self.items_of(&over);
                self.over_items(&s.left, items, &s.body, label)
            }
            Statement::ForInStatement(s) => {
                let over = self.eval(&s.right)?;
                let keys = match &over {
                    Value::Object(id) if !self.heap[id.0].handed_out => match &self.heap[id.0].kind {
                        Kind::List(items) => Some((0..items.len()).map(|i| Value::text(i.to_string())).collect()),
                        _ => Some(self.heap[id.0].slots.keys().map(|k| Value::Text(k.clone())).collect()),
                    },
                    Value::Undefined | Value::Null => Some(Vec::new()),
                    _ => None,
                };
                self.over_items(&s.left, keys, &s.body, label)
            }
            _ => Ok(()),
        }
    }

    fn while_true(
        &mut self,
        test: Option<&'a Expression<'a>>,
        update: Option<&'a Expression<'a>>,
        body: &'a Statement<'a>,
        label: Option<&'a str>,
        mut first: bool,
    ) -> Run<'a, ()> {
        for _ in 0..MOST_ROUNDS {
            let go = if std::mem::take(&mut first) { Some(true) } else { self.test(test)? };
            match go {
                Some(false) => return Ok(()),
                Some(true) => self.round(body, label)?,
                None => {
                    return self.drift(|m| {
                        if m.test(test)? == Some(false) {
                            return Err(Exit::Break(None));
                        }
                        m.round(body, label)?;
                        update.map_or(Ok(()), |u| m.eval(u).map(|_| ()))
                    });
                }
            }
            if let Some(update) = update {
                self.eval(update)?;
            }
        }
        Err(Exit::Spent)
    }

    /// Reads what may happen any number of times.
    fn drift(&mut self, read: impl Fn(&mut Self) -> Run<'a, ()>) -> Run<'a, ()> {
        self.adrift += 1;
        let result = self.maybe(Doubt::Condition, |m| {
            let again = read(m).and_then(|()| {
                // The second round sees what the first one left.
                if m.adrift > 2 { Ok(()) } else { m.maybe(Doubt::Condition, &read) }
            });
            match again {
                Err(Exit::Break(None) | Exit::Continue(None)) => Ok(()),
                other => other,
            }
        });
        self.adrift -= 1;
        result
    }

    fn round(&mut self, body: &'a Statement<'a>, label: Option<&'a str>) -> Run<'a, ()> {
        let from = self.holding();
        let mine = |l: Option<&str>| l.is_none() || l == label;
        let result = self.exec(body);
        self.settle(from, result, |e| matches!(e, Exit::Continue(l) if mine(l)))
    }

    fn over_items(
        &mut self,
        left: &'a ForStatementLeft<'a>,
        items: Option<Vec<Value>>,
        body: &'a Statement<'a>,
        label: Option<&'a str>,
    ) -> Run<'a, ()> {
        let Some(items) = items else {
            return self.drift(|m| {
                m.set_left(left, Value::Unknown)?;
                m.round(body, label)
            });
        };
        for item in items {
            // Each round has its own `let`, so that functions made in it keep their own value.
            let outer = self.enter();
            let result = self.set_left(left, item).and_then(|()| self.round(body, label));
            self.scope = outer;
            result?;
        }
        Ok(())
    }

    fn set_left(&mut self, left: &'a ForStatementLeft<'a>, value: Value) -> Run<'a, ()> {
        let at = self.at(left);
        match left {
            ForStatementLeft::VariableDeclaration(variables) => match variables.declarations.first() {
                Some(d) => self.bind(&d.id, variables.kind, value, at),
                None => Ok(()),
            },
            other => match other.as_assignment_target() {
                Some(target) => self.assign(target, value, at),
                None => Ok(()),
            },
        }
    }
}
