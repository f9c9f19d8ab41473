//! Early errors that the parser leaves to others: a browser refuses the whole script for each of them.
//! Doubly declared names, jumps without their target, module syntax in classic scripts, sloppy syntax in strict code.

use std::collections::HashSet;

use oxc_ast::ast::{
    ArrowFunctionExpression, BlockStatement, BreakStatement, CatchClause, Class, ContinueStatement, Declaration,
    DoWhileStatement, Expression, ForInStatement, ForOfStatement, ForStatement, FormalParameters, Function,
    FunctionBody, ImportMeta, LabeledStatement, ModuleDeclaration, NewTarget, NumericLiteral, Program,
    PropertyDefinition, Statement, StaticBlock, SwitchStatement, UnaryExpression, WhileStatement, WithStatement,
};
use oxc_ast_visit::{VisitJs, walk_js};
use oxc_span::{GetSpan, Span};
use oxc_syntax::operator::UnaryOperator;
use oxc_syntax::scope::ScopeFlags;

use super::scope::{names_of, vars_of};

/// The first early error of a script, in words and with its place.
pub(super) fn fault<'a>(program: &'a Program<'a>, module: bool) -> Option<(String, Span)> {
    let strict = module || program.has_use_strict_directive();
    let mut search = Search { module, strict, ..Search::default() };
    search.scope(&program.body, &[], true);
    search.visit_program(program);
    search.fault
}

#[derive(Default)]
struct Search<'a> {
    module: bool,
    strict: bool,
    loops: usize,
    switches: usize,
    functions: usize,
    labels: Vec<(&'a str, bool)>,
    fault: Option<(String, Span)>,
}

impl<'a> Search<'a> {
    fn found(&mut self, message: String, span: Span) {
        self.fault.get_or_insert((message, span));
    }

    /// Reads a function or the like: what is around it is no target of what is inside.
    fn apart(&mut self, is_function: bool, walk: impl FnOnce(&mut Self)) {
        let labels = std::mem::take(&mut self.labels);
        let (loops, switches) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.switches));
        self.functions += usize::from(is_function);
        walk(self);
        self.functions -= usize::from(is_function);
        (self.loops, self.switches, self.labels) = (loops, switches, labels);
    }

    fn looped(&mut self, walk: impl FnOnce(&mut Self)) {
        self.loops += 1;
        walk(self);
        self.loops -= 1;
    }

    /// Looks for names declared twice in one scope.
    fn scope<'s>(&mut self, body: impl IntoIterator<Item = &'s Statement<'a>> + Clone, outer: &[&str], top: bool)
    where
        'a: 's,
    {
        let mut lexical: HashSet<&'s str> = HashSet::new();
        let mut functions: HashSet<&'s str> = HashSet::new();
        for statement in body.clone() {
            let declaration = match statement {
                Statement::ExportDeclaration(export) => Some(&export.declaration),
                other => other.as_declaration(),
            };
            let mut names = Vec::new();
            match declaration {
                Some(Declaration::VariableDeclaration(v)) if !v.kind.is_var() => {
                    v.declarations.iter().for_each(|d| names_of(&d.id, &mut names));
                }
                Some(Declaration::ClassDeclaration(class)) => names.extend(class.id.iter().map(|id| id.name.as_str())),
                Some(Declaration::FunctionDeclaration(f)) if !top || self.module && self.functions == 0 => {
                    if let Some(id) = &f.id {
                        let name = id.name.as_str();
                        let again = !functions.insert(name);
                        if lexical.contains(name) || again && self.module {
                            self.twice(name, statement.span());
                        }
                    }
                }
                _ => {}
            }
            for name in names {
                if !lexical.insert(name) || functions.contains(name) || outer.contains(&name) {
                    self.twice(name, statement.span());
                }
            }
        }
        if lexical.is_empty() && (top || functions.is_empty()) {
            return;
        }
        for statement in body {
            let mut names = Vec::new();
            vars_of(statement, &mut names);
            if let (true, Some(Declaration::FunctionDeclaration(f))) = (top, statement.as_declaration()) {
                names.extend(f.id.iter().map(|id| id.name.as_str()));
            }
            let clash = names.into_iter().find(|n| lexical.contains(n) || !top && functions.contains(n));
            if let Some(name) = clash {
                self.twice(name, statement.span());
            }
        }
    }

    /// Looks for lexical names of a function body that are its parameters too.
    fn parameters_and(&mut self, parameters: &FormalParameters<'a>, body: Option<&FunctionBody<'a>>) {
        let mut names = Vec::new();
        parameters.items.iter().for_each(|p| names_of(&p.pattern, &mut names));
        let Some(body) = body else { return };
        for statement in &body.statements {
            if let Some(Declaration::VariableDeclaration(v)) = statement.as_declaration()
                && !v.kind.is_var()
            {
                let mut own = Vec::new();
                v.declarations.iter().for_each(|d| names_of(&d.id, &mut own));
                if let Some(name) = own.into_iter().find(|n| names.contains(n)) {
                    self.twice(name, v.span);
                }
            }
        }
    }

    fn twice(&mut self, name: &str, span: Span) {
        self.found(format!("Identifier `{name}` has already been declared"), span);
    }
}

impl<'a> VisitJs<'a> for Search<'a> {
    fn visit_function(&mut self, it: &Function<'a>, flags: ScopeFlags) {
        self.parameters_and(&it.params, it.body.as_deref());
        let strict = self.strict;
        self.strict |= it.has_use_strict_directive();
        self.apart(true, |s| walk_js::walk_function(s, it, flags));
        self.strict = strict;
    }

    fn visit_arrow_function_expression(&mut self, it: &ArrowFunctionExpression<'a>) {
        self.parameters_and(&it.params, it.body.as_function_body());
        let strict = self.strict;
        self.strict |= it.has_use_strict_directive();
        self.apart(false, |s| walk_js::walk_arrow_function_expression(s, it));
        self.strict = strict;
    }

    fn visit_function_body(&mut self, it: &FunctionBody<'a>) {
        self.functions += 1;
        self.scope(&it.statements, &[], true);
        self.functions -= 1;
        walk_js::walk_function_body(self, it);
    }

    fn visit_class(&mut self, it: &Class<'a>) {
        let strict = std::mem::replace(&mut self.strict, true);
        walk_js::walk_class(self, it);
        self.strict = strict;
    }

    fn visit_with_statement(&mut self, it: &WithStatement<'a>) {
        if self.strict {
            self.found("`with` is not allowed in strict code".to_owned(), it.span);
        }
        walk_js::walk_with_statement(self, it);
    }

    fn visit_numeric_literal(&mut self, it: &NumericLiteral<'a>) {
        let old = it.raw.is_some_and(|r| r.len() > 1 && r.starts_with('0') && r.as_bytes()[1].is_ascii_digit());
        if self.strict && old {
            self.found("Octal numbers of the old form are not allowed in strict code".to_owned(), it.span);
        }
    }

    fn visit_unary_expression(&mut self, it: &UnaryExpression<'a>) {
        if self.strict && it.operator == UnaryOperator::Delete && matches!(it.argument, Expression::Identifier(_)) {
            self.found("A name cannot be deleted in strict code".to_owned(), it.span);
        }
        walk_js::walk_unary_expression(self, it);
    }

    fn visit_import_meta(&mut self, it: &ImportMeta) {
        if !self.module {
            self.found("Cannot use `import.meta` outside a module".to_owned(), it.span);
        }
    }

    fn visit_module_declaration(&mut self, it: &ModuleDeclaration<'a>) {
        if !self.module {
            self.found("Cannot use `import` or `export` outside a module".to_owned(), it.span());
        }
        walk_js::walk_module_declaration(self, it);
    }

    fn visit_static_block(&mut self, it: &StaticBlock<'a>) {
        self.apart(true, |s| {
            s.scope(&it.body, &[], true);
            walk_js::walk_static_block(s, it);
        });
    }

    fn visit_property_definition(&mut self, it: &PropertyDefinition<'a>) {
        self.apart(true, |s| walk_js::walk_property_definition(s, it));
    }

    fn visit_block_statement(&mut self, it: &BlockStatement<'a>) {
        self.scope(&it.body, &[], false);
        walk_js::walk_block_statement(self, it);
    }

    fn visit_catch_clause(&mut self, it: &CatchClause<'a>) {
        let mut names = Vec::new();
        it.param.iter().for_each(|p| names_of(&p.pattern, &mut names));
        self.scope(&it.body.body, &names, false);
        walk_js::walk_catch_clause(self, it);
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        let all: Vec<&Statement<'a>> = it.cases.iter().flat_map(|c| &c.consequent).collect();
        self.scope(all.iter().copied(), &[], false);
        self.switches += 1;
        walk_js::walk_switch_statement(self, it);
        self.switches -= 1;
    }

    fn visit_labeled_statement(&mut self, it: &LabeledStatement<'a>) {
        let name = it.label.name.as_str();
        if self.labels.iter().any(|(l, _)| *l == name) {
            self.found(format!("Label `{name}` has already been declared"), it.label.span);
        }
        let mut body = &it.body;
        while let Statement::LabeledStatement(inner) = body {
            body = &inner.body;
        }
        self.labels.push((name, body.is_iteration_statement()));
        walk_js::walk_labeled_statement(self, it);
        self.labels.pop();
    }

    fn visit_break_statement(&mut self, it: &BreakStatement<'a>) {
        let fine = match &it.label {
            Some(label) => self.labels.iter().any(|(l, _)| *l == label.name.as_str()),
            None => self.loops + self.switches > 0,
        };
        if !fine {
            self.found("Illegal `break` statement".to_owned(), it.span);
        }
    }

    fn visit_continue_statement(&mut self, it: &ContinueStatement<'a>) {
        let fine = match &it.label {
            Some(label) => self.labels.iter().any(|(l, looped)| *l == label.name.as_str() && *looped),
            None => self.loops > 0,
        };
        if !fine {
            self.found("Illegal `continue` statement".to_owned(), it.span);
        }
    }

    fn visit_new_target(&mut self, it: &NewTarget) {
        if self.functions == 0 {
            self.found("Unexpected `new.target`".to_owned(), it.span);
        }
    }

    fn visit_for_statement(&mut self, it: &ForStatement<'a>) {
        self.looped(|s| walk_js::walk_for_statement(s, it));
    }

    fn visit_for_in_statement(&mut self, it: &ForInStatement<'a>) {
        self.looped(|s| walk_js::walk_for_in_statement(s, it));
    }

    fn visit_for_of_statement(&mut self, it: &ForOfStatement<'a>) {
        self.looped(|s| walk_js::walk_for_of_statement(s, it));
    }

    fn visit_while_statement(&mut self, it: &WhileStatement<'a>) {
        self.looped(|s| walk_js::walk_while_statement(s, it));
    }

    fn visit_do_while_statement(&mut self, it: &DoWhileStatement<'a>) {
        self.looped(|s| walk_js::walk_do_while_statement(s, it));
    }
}
