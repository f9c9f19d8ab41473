//! What is known of jQuery without reading it: when its handlers run, and that its insertions run scripts.

use super::element::is_action;
use super::heap::{At, ObjectId};
use super::machine::{Machine, Run};
use super::value::Value;
use crate::snapshot::LoadForm;

impl<'a> Machine<'a> {
    /// Reads `$(…)`.
    pub(super) fn jquery(&mut self, callee: &Value, arguments: &[Value], at: At) -> Run<'a, Value> {
        if !matches!(callee, Value::Unknown | Value::Thing) {
            return self.invoke(callee, &Value::Undefined, arguments, at);
        }
        let first = arguments.first().cloned().unwrap_or(Value::Undefined);
        if self.is_function(&first) {
            self.on_content(&first);
            return Ok(Value::Thing);
        }
        if let Value::Text(text) = &first
            && text.trim_start().to_ascii_lowercase().starts_with("<script")
        {
            let element = self.element(Some("script".into()), at);
            let found = super::written::scripts(text).0.into_iter().next();
            if let (Value::Object(id), Some(found)) = (&element, found) {
                for (key, value) in [("src", found.src), ("integrity", found.integrity)] {
                    if let Some(value) = value {
                        self.set_on_element(*id, key, Value::text(value), at)?;
                    }
                }
            }
            if let Some(Value::Object(id)) = arguments.get(1) {
                let slots = self.heap[id.0].slots.clone();
                for (key, slot) in slots {
                    let value = slot.read(&self.path, || Value::Undefined);
                    self.set_member(&element, &key, value, at)?;
                }
            }
            return Ok(element);
        }
        Ok(match &first {
            Value::Native(name) if matches!(&**name, "document" | "window") => Value::native(format!("${name}")),
            Value::Object(_) => {
                self.hand_out(&first);
                Value::native("$()")
            }
            _ => Value::native("$()"),
        })
    }

    /// Reads `attr` and `prop` of an element made by `$('<script>')`.
    pub(super) fn attributes_of(&mut self, id: ObjectId, this: &Value, arguments: &[Value], at: At) -> Run<'a, Value> {
        match (arguments.first(), arguments.get(1)) {
            (Some(Value::Object(all)), None) => {
                for (key, slot) in self.heap[all.0].slots.clone() {
                    let value = slot.read(&self.path, || Value::Undefined);
                    self.set_on_element(id, &key, value, at)?;
                }
            }
            (Some(name), Some(value)) => match name.key() {
                Some(name) => self.set_on_element(id, &name.to_lowercase(), value.clone(), at)?,
                None => self.set_on_element(id, "src", Value::Unknown, at)?,
            },
            _ => return Ok(Value::Unknown),
        }
        Ok(this.clone())
    }

    /// Reads `$.ajax(…)`: one that asks for a script runs it.
    pub(super) fn asked_for(&mut self, arguments: &[Value], at: At) -> Run<'a, ()> {
        let Some(options @ Value::Object(_)) = arguments.last() else { return Ok(()) };
        let kind = self.member(options, "dataType", at)?;
        let address = match arguments {
            [address, _] => address.clone(),
            _ => self.member(options, "url", at)?,
        };
        if kind.is_same(&Value::text("script")) {
            self.script_loaded(&address, LoadForm::Inserted, at);
        }
        Ok(())
    }

    /// Calls a method of what `$(…)` gives; `object` is `window`, `document` or `()`.
    pub(super) fn jquery_method(&mut self, object: &str, key: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let this = Value::native(format!("${object}"));
        let event = arguments.first().and_then(Value::key).unwrap_or_default();
        let event = event.split('.').next().unwrap_or_default();
        match key {
            "ready" => arguments.iter().for_each(|a| self.on_content(a)),
            "load" if object == "window" => arguments.iter().for_each(|a| self.on_load(a)),
            "on" | "one" | "bind" => match (object, event) {
                ("document", "ready") => arguments.iter().for_each(|a| self.on_content(a)),
                ("window" | "document", "DOMContentLoaded" | "load" | "pageshow") => {
                    let mut all = vec![Value::text(event)];
                    all.extend(arguments.iter().skip(1).filter(|a| self.is_function(a)).cloned());
                    self.listen(object, &all, at)?;
                }
                _ => self.stranger_event(event, arguments),
            },
            "append" | "prepend" | "before" | "after" | "html" | "replaceWith" => {
                for argument in arguments {
                    match argument {
                        Value::Text(html) | Value::Mixed(html) => self.markup(&html.clone(), LoadForm::Inserted, at)?,
                        other => {
                            self.foreign_call(&Value::Unknown, "append", std::slice::from_ref(other), at)?;
                        }
                    }
                }
            }
            _ if is_action(key) => arguments.iter().for_each(|a| self.by_action(a)),
            _ => arguments.iter().for_each(|a| self.hand_out(a)),
        }
        Ok(this)
    }
}
