//! Page elements made by scripts, and the moment a script element gets into the document and begins to load.
//! Text set as `innerHTML` makes no script run, and so makes nothing here.

use std::rc::Rc;

use super::heap::{At, Element, Kind, ObjectId};
use super::machine::{Machine, Run};
use super::path::Slot;
use super::value::Value;
use crate::acquire::html::is_javascript;
use crate::snapshot::LoadForm;

/// Methods that put an element into another.
pub(super) const INSERTIONS: &[&str] = &[
    "insertBefore",
    "appendChild",
    "append",
    "prepend",
    "before",
    "after",
    "insertAdjacentElement",
    "replaceChild",
    "replaceWith",
    "replaceChildren",
];

impl<'a> Machine<'a> {
    /// A new element.
    pub(super) fn element(&mut self, tag: Option<Rc<str>>, at: At) -> Value {
        Value::Object(self.object(Kind::Element(Element { tag, ..Element::default() }), at))
    }

    /// Calls a method of something that was not made by the page's scripts.
    pub(super) fn foreign_call(&mut self, object: &Value, key: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        self.step()?;
        self.risky = true;
        match key {
            _ if INSERTIONS.contains(&key) => {
                let moved = self.moved(key, arguments);
                for value in &moved {
                    self.insert_value(value)?;
                }
                Ok(moved.into_iter().next().unwrap_or(Value::Unknown))
            }
            "addEventListener" | "on" | "one" | "bind" | "attachEvent" | "live" | "delegate" => {
                self.stranger_event(&arguments.first().and_then(Value::key).unwrap_or_default(), arguments);
                Ok(object.clone())
            }
            "ready" => {
                arguments.iter().for_each(|a| self.on_content(a));
                Ok(Value::Thing)
            }
            "getScript" | "loadScript" => {
                self.script_loaded(arguments.first().unwrap_or(&Value::Unknown), LoadForm::Inserted, at);
                arguments.iter().skip(1).for_each(|a| self.hand_out(a));
                Ok(Value::Thing)
            }
            "createContextualFragment" => self.fragment(arguments.first().unwrap_or(&Value::Unknown), at),
            "ajax" => {
                self.asked_for(arguments, at)?;
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Thing)
            }
            "each" if arguments.len() == 2 && self.items_of(&arguments[0]).is_some() => {
                let items = self.items_of(&arguments[0]).unwrap_or_default();
                for (i, item) in items.into_iter().enumerate() {
                    self.invoke(&arguments[1], &item, &[super::member::length(i), item.clone()], at)?;
                }
                Ok(arguments[0].clone())
            }
            _ if is_action(key) && arguments.iter().any(|a| self.is_function(a)) => {
                arguments.iter().for_each(|a| self.by_action(a));
                Ok(Value::Thing)
            }
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Unknown)
            }
        }
    }

    /// The arguments of an insertion that move into place.
    fn moved(&self, key: &str, arguments: &[Value]) -> Vec<Value> {
        match key {
            "insertBefore" | "appendChild" | "replaceChild" => arguments.iter().take(1).cloned().collect(),
            "insertAdjacentElement" => arguments.iter().skip(1).take(1).cloned().collect(),
            _ => arguments.to_vec(),
        }
    }

    /// Sets a property of something that was not made by the page's scripts.
    pub(super) fn set_on_stranger(&mut self, key: &str, value: &Value) {
        match key.strip_prefix("on") {
            Some(event) if is_action(event) => self.by_action(value),
            _ => self.hand_out(value),
        }
    }

    /// Calls a method of an element made by script.
    pub(super) fn element_method(&mut self, this: &Value, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let Value::Object(id) = this else { return self.foreign_call(&Value::Unknown, method, arguments, at) };
        let id = *id;
        match method {
            "setAttribute" | "setAttributeNS" => {
                let skip = usize::from(method == "setAttributeNS");
                let name = arguments.get(skip).and_then(Value::key);
                let value = arguments.get(skip + 1).cloned().unwrap_or(Value::Undefined);
                match name {
                    Some(name) => self.set_on_element(id, &name.to_lowercase(), value, at)?,
                    None => self.set_on_element(id, "src", Value::Unknown, at)?,
                }
                Ok(Value::Undefined)
            }
            "removeAttribute" => {
                if let Some(name) = arguments.first().and_then(Value::key) {
                    let path = self.path.clone();
                    if let Some(slot) = self.heap[id.0].slots.get_mut(&*name) {
                        slot.write(&path, Value::Undefined, at);
                    }
                }
                Ok(Value::Undefined)
            }
            "getAttribute" => {
                let slot = arguments.first().and_then(Value::key).and_then(|k| self.heap[id.0].slots.get(&k).cloned());
                Ok(slot.map_or(Value::Null, |s| s.read(&self.path, || Value::Null)))
            }
            "addEventListener" => {
                let event = arguments.first().and_then(Value::key).unwrap_or_default();
                self.stranger_event(&event, arguments);
                Ok(Value::Undefined)
            }
            "attr" | "prop" => self.attributes_of(id, this, arguments, at),
            "appendTo" | "prependTo" | "insertAfter" => {
                self.insert_value(this)?;
                Ok(this.clone())
            }
            // With one argument it is the library's, which puts the element itself before that.
            "insertBefore" if arguments.len() == 1 => {
                self.insert_value(this)?;
                Ok(this.clone())
            }
            "cloneNode" => {
                let mut copy = self.heap[id.0].clone();
                if let Kind::Element(element) = &mut copy.kind {
                    element.connected.clear();
                }
                self.heap.push(copy);
                Ok(Value::Object(ObjectId(self.heap.len() - 1)))
            }
            "before"
            | "after"
            | "replaceWith"
            | "insertAdjacentElement"
            | "insertBefore"
            | "appendChild"
            | "append"
            | "prepend"
            | "replaceChild"
            | "replaceChildren" => {
                let moved = self.moved(method, arguments);
                let inside = match method {
                    "before" | "after" | "replaceWith" => false,
                    "insertAdjacentElement" => {
                        matches!(arguments.first().and_then(Value::key).as_deref(), Some("afterbegin" | "beforeend"))
                    }
                    _ => true,
                };
                let connected = match &self.heap[id.0].kind {
                    Kind::Element(e) => e.connected.iter().any(|p| self.path.implies(p)),
                    _ => false,
                };
                for value in &moved {
                    if connected {
                        self.insert_value(value)?;
                    } else if inside {
                        self.put_inside(id, value, at);
                    }
                }
                Ok(moved.into_iter().next().unwrap_or(Value::Undefined))
            }
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Unknown)
            }
        }
    }

    fn put_inside(&mut self, id: ObjectId, value: &Value, at: At) {
        match value {
            Value::Object(child) => {
                if let (Kind::Element(Element { tag, .. }), Kind::Element(inner)) =
                    (&self.heap[id.0].kind, &self.heap[child.0].kind)
                    && tag.as_deref() == Some("script")
                    && inner.tag.as_deref() == Some("#text")
                {
                    if let Some(slot) = self.heap[child.0].slots.get("text").cloned() {
                        self.heap[id.0].slots.insert("text".into(), slot);
                    }
                    return;
                }
                if let Kind::Element(element) = &mut self.heap[id.0].kind
                    && element.children.len() < 1000
                {
                    element.children.push(*child);
                }
            }
            other => {
                let path = self.path.clone();
                self.heap[id.0].slots.entry("text".into()).or_default().write(&path, other.clone(), at);
            }
        }
    }

    /// Sets a property or attribute of an element made by script.
    pub(super) fn set_on_element(&mut self, id: ObjectId, key: &str, value: Value, at: At) -> Run<'a, ()> {
        let key = match key {
            "textContent" | "innerText" | "innerHTML" | "text" => "text",
            "href" if self.is_script(id) == Some(true) => "href-of-script",
            "nomodule" => "noModule",
            other => other,
        };
        if key.starts_with("on") {
            self.hand_out(&value);
        }
        let path = self.path.clone();
        self.heap[id.0].slots.entry(key.into()).or_default().write(&path, value, at);
        let connected = match &self.heap[id.0].kind {
            Kind::Element(e) => e.connected.iter().any(|p| self.path.implies(p)),
            _ => false,
        };
        if connected && matches!(key, "src" | "text") {
            return self.begin(id);
        }
        Ok(())
    }

    pub(super) fn is_script(&self, id: ObjectId) -> Option<bool> {
        match &self.heap[id.0].kind {
            Kind::Element(element) => element.tag.as_ref().map(|t| &**t == "script"),
            _ => Some(false),
        }
    }

    /// A part of the browser as a slot that handlers are read from.
    pub(super) fn handler_slot(&self, name: &str) -> Option<Slot> {
        match name.strip_prefix("document.") {
            Some(_) => self.natives.get(name).cloned(),
            None => self.globals.get(name).cloned(),
        }
    }
}

/// Whether an event needs a person.
pub(super) fn is_action(event: &str) -> bool {
    const ACTIONS: &[&str] = &[
        "click",
        "dblclick",
        "scroll",
        "resize",
        "mousemove",
        "mousedown",
        "mouseup",
        "mouseover",
        "mouseout",
        "mouseenter",
        "mouseleave",
        "keydown",
        "keyup",
        "keypress",
        "touchstart",
        "touchend",
        "touchmove",
        "pointerdown",
        "pointermove",
        "pointerup",
        "focus",
        "blur",
        "change",
        "input",
        "submit",
        "contextmenu",
        "wheel",
        "hover",
        "focusin",
        "focusout",
        "beforeunload",
        "unload",
        "pagehide",
        "hashchange",
        "popstate",
        "visibilitychange",
        "select",
        "drag",
        "drop",
    ];
    ACTIONS.contains(&event)
}

/// Whether a script of this type runs, after the HTML standard.
pub(super) fn is_script_type(text: &str) -> bool {
    let kind = text.trim().to_ascii_lowercase();
    matches!(kind.as_str(), "" | "module") || is_javascript(&kind)
}
