//! Reads `import`: which of the page's modules is meant, and what it exports. Modules that were not read export
//! what is not known.

use std::rc::Rc;

use indexmap::IndexMap;
use oxc_ast::ast::{Declaration, ImportDeclaration, ImportDeclarationSpecifier, Program, Statement};

use super::heap::{At, Kind};
use super::machine::{Machine, Run};
use super::modules::resolved;
use super::path::Slot;
use super::scope::{names_of, vars_of};
use super::unit::When;
use super::value::Value;

/// Modules that pass on what others export.
const DEEPEST: u32 = 16;

impl<'a> Machine<'a> {
    /// The text of a module of the page, by the address that another one imports it by.
    fn module_of(&self, source: &str, from: u32) -> Option<usize> {
        let base = self.units.get(from as usize)?.url.as_ref().unwrap_or(&self.base);
        let url = resolved(source, base)?;
        let is = |u: &super::unit::Unit| u.module && u.url.as_ref() == Some(&url) && u.program.is_some();
        self.units.iter().position(is)
    }

    /// Reads `import … from`.
    pub(super) fn import(&mut self, import: &'a ImportDeclaration<'a>) -> Run<'a, ()> {
        let source = import.source.value.as_str();
        let at = self.at(&import.source);
        let Some(module) = self.module_of(source, self.unit) else {
            for specifier in import.specifiers.iter().flatten() {
                let at = self.at(specifier);
                self.bind_import(specifier.local().name.as_str(), Value::Unknown, at);
            }
            self.imported(&Value::text(source), at);
            return Ok(());
        };
        if self.units[module].when == When::Asked && self.units[module].scope.is_none() {
            self.run_asked(module)?;
        }
        self.record.imported.insert(module);
        for specifier in import.specifiers.iter().flatten() {
            let at = self.at(specifier);
            let value = match specifier {
                ImportDeclarationSpecifier::ImportSpecifier(s) => self.exported(module, &s.imported.name(), 0),
                ImportDeclarationSpecifier::ImportDefaultSpecifier(_) => self.exported(module, "default", 0),
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(_) => Some(self.namespace(module, at)),
            };
            self.bind_import(specifier.local().name.as_str(), value.unwrap_or(Value::Unknown), at);
        }
        Ok(())
    }

    /// Keeps what the module at hand exports by default.
    pub(super) fn exported_by_default(&mut self, value: Value, at: At) {
        self.bind_import(DEFAULT, value.clone(), at);
        self.record.defaults.push((self.unit as usize, value));
    }

    /// Code that was not read may use what a module exports by default, unless it was read who imports it.
    pub(super) fn hand_out_defaults(&mut self) {
        for (module, value) in std::mem::take(&mut self.record.defaults) {
            if !self.record.imported.contains(&module) {
                self.hand_out(&value);
            }
        }
    }

    /// Gives a name of the module at hand its value.
    pub(super) fn bind_import(&mut self, name: &'a str, value: Value, at: At) {
        let path = self.path.clone();
        self.scopes[self.scope.0].slots.entry(name).or_default().write(&path, value, at);
    }

    /// Reads `import(…)`: a module of the page runs now, once.
    pub(super) fn import_on_demand(&mut self, source: &Value, at: At) -> Run<'a, Value> {
        let Some(module) = source.as_text().and_then(|text| self.module_of(&text, at.unit)) else {
            self.imported(source, at);
            return Ok(Value::Unknown);
        };
        if self.units[module].when == When::Asked && self.units[module].scope.is_none() {
            self.run_asked(module)?;
        }
        self.record.imported.insert(module);
        let namespace = self.namespace(module, at);
        Ok(self.promised(namespace, at))
    }

    /// All that a module exports, as an object.
    fn namespace(&mut self, module: usize, at: At) -> Value {
        let names = self.units[module].program.map(exports).unwrap_or_default();
        let id = self.object(Kind::Plain, at);
        for name in names.keys() {
            let value = self.exported(module, name, 0).unwrap_or(Value::Unknown);
            self.heap[id.0].slots.insert(name.clone(), Slot::holding(value, at));
        }
        Value::Object(id)
    }

    /// What a module that has run exports under a name.
    fn exported(&self, module: usize, name: &str, depth: u32) -> Option<Value> {
        let unit = &self.units[module];
        let (program, scope) = (unit.program?, unit.scope?);
        if depth > DEEPEST {
            return None;
        }
        let number = u32::try_from(module).ok()?;
        let others = || {
            program.body.iter().filter_map(|s| match s {
                Statement::ExportAllDeclaration(all) if all.exported.is_none() => Some(all.source.value.as_str()),
                _ => None,
            })
        };
        match exports(program).get(name) {
            Some(Exported::Local(local)) => {
                Some(self.scopes[scope.0].slots.get(local.as_str())?.read(&self.path, || Value::Unknown))
            }
            Some(Exported::From(source, name)) => self.exported(self.module_of(source, number)?, name, depth + 1),
            None => others().find_map(|source| self.exported(self.module_of(source, number)?, name, depth + 1)),
        }
    }
}

/// Where an export has its value.
enum Exported {
    /// A name of the module.
    Local(String),
    /// A name that another module exports.
    From(String, String),
}

/// The name under which a module keeps its default export when it has no name of its own.
const DEFAULT: &str = "*default*";

fn exports(program: &Program<'_>) -> IndexMap<Rc<str>, Exported> {
    let mut all = IndexMap::new();
    for statement in &program.body {
        match statement {
            Statement::ExportDeclaration(export) => {
                let mut names = Vec::new();
                match &export.declaration {
                    Declaration::VariableDeclaration(v) => {
                        v.declarations.iter().for_each(|d| names_of(&d.id, &mut names))
                    }
                    Declaration::FunctionDeclaration(f) => names.extend(f.id.iter().map(|id| id.name.as_str())),
                    Declaration::ClassDeclaration(c) => names.extend(c.id.iter().map(|id| id.name.as_str())),
                    _ => vars_of(statement, &mut names),
                }
                all.extend(names.into_iter().map(|n| (Rc::from(n), Exported::Local(n.to_owned()))));
            }
            Statement::ExportNamedDeclaration(export) => all.extend(
                export
                    .specifiers
                    .iter()
                    .map(|s| (Rc::from(s.exported.name().as_str()), Exported::Local(s.local.name().to_string()))),
            ),
            Statement::ExportFromDeclaration(export) => all.extend(export.specifiers.iter().map(|s| {
                let from = Exported::From(export.source.value.to_string(), s.local.name().to_string());
                (Rc::from(s.exported.name().as_str()), from)
            })),
            Statement::ExportDefaultDeclaration(_) => {
                all.insert(Rc::from("default"), Exported::Local(DEFAULT.to_owned()));
            }
            _ => {}
        }
    }
    all
}
