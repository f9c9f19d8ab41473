//! Reading properties of lists, objects, page elements and parts of the browser.

use std::rc::Rc;

use super::heap::{At, Item, Kind, ObjectId};
use super::machine::{Exit, Machine, Run};
use super::path::Slot;
use super::value::{GAP, Value};

const LIST_METHODS: &[&str] = &[
    "push",
    "unshift",
    "pop",
    "shift",
    "splice",
    "concat",
    "slice",
    "forEach",
    "map",
    "filter",
    "reverse",
    "join",
    "indexOf",
    "includes",
    "find",
    "findIndex",
    "some",
    "every",
    "reduce",
    "flat",
    "flatMap",
    "sort",
    "fill",
    "keys",
    "values",
    "entries",
    "at",
    "toString",
    "lastIndexOf",
    "copyWithin",
    "hasOwnProperty",
    "reduceRight",
    "findLast",
    "toSorted",
    "toReversed",
    "with",
    "toSpliced",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "valueOf",
];
const TEXT_METHODS: &[&str] = &[
    "toString",
    "trim",
    "concat",
    "toLowerCase",
    "toUpperCase",
    "replace",
    "replaceAll",
    "split",
    "slice",
    "substring",
    "substr",
    "indexOf",
    "lastIndexOf",
    "includes",
    "startsWith",
    "endsWith",
    "charAt",
    "charCodeAt",
    "codePointAt",
    "at",
    "repeat",
    "padStart",
    "padEnd",
    "match",
    "matchAll",
    "search",
    "test",
    "localeCompare",
    "normalize",
    "valueOf",
    "trimStart",
    "trimEnd",
    "link",
    "big",
    "bold",
    "toLocaleLowerCase",
    "toLocaleUpperCase",
];
const NUMBER_METHODS: &[&str] = &[
    "toString",
    "toFixed",
    "toPrecision",
    "toExponential",
    "toLocaleString",
    "valueOf",
    "constructor",
    "hasOwnProperty",
];
const OBJECT_METHODS: &[&str] =
    &["hasOwnProperty", "toString", "valueOf", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString"];

impl<'a> Machine<'a> {
    /// Reads a property whose name may not be known.
    pub(super) fn get_by_key(&mut self, object: &Value, key: Option<Rc<str>>, at: At) -> Run<'a, Value> {
        match key {
            Some(key) => self.member(object, &key, at),
            None => {
                if object.nullish() == Some(true) {
                    return Err(Exit::Throw);
                }
                // Any of its functions may be the one that is called.
                self.hand_out_parts(object);
                self.risky = true;
                Ok(Value::Unknown)
            }
        }
    }

    fn hand_out_parts(&mut self, object: &Value) {
        let Value::Object(id) = object else { return };
        let slots: Vec<Value> =
            self.heap[id.0].slots.values().flat_map(|s| &s.versions).map(|v| v.value.clone()).collect();
        slots.iter().for_each(|v| self.hand_out(v));
        if let Kind::List(items) = &self.heap[id.0].kind {
            let functions: Vec<Value> = items.iter().map(|i| i.value.clone()).filter(|v| self.is_function(v)).collect();
            functions.iter().for_each(|f| self.hand_out(f));
        }
    }

    /// Whether a value is a function of the page.
    pub(super) fn is_function(&self, value: &Value) -> bool {
        match value {
            Value::Object(id) => {
                matches!(self.heap[id.0].kind, Kind::Function(_) | Kind::Bound(..) | Kind::Text(_) | Kind::Handler(_))
            }
            Value::Choice(cases) => cases.iter().any(|(_, v)| self.is_function(v)),
            _ => false,
        }
    }

    /// Reads a property.
    pub(super) fn member(&mut self, object: &Value, key: &str, at: At) -> Run<'a, Value> {
        self.step()?;
        match object {
            Value::Unknown | Value::Thing => {
                self.risky = true;
                Ok(Value::Unknown)
            }
            Value::Undefined | Value::Null => Err(Exit::Throw),
            Value::Bool(_) | Value::Num(_) if NUMBER_METHODS.contains(&key) => Ok(Value::native(format!("''.{key}"))),
            Value::Bool(_) | Value::Num(_) => Ok(Value::Undefined),
            Value::Text(text) => {
                self.charge(text.len());
                Ok(match (key, key.parse::<usize>()) {
                    #[expect(clippy::cast_precision_loss, reason = "numbers of the language are floats")]
                    ("length", _) => Value::Num(text.encode_utf16().count() as f64),
                    (_, Ok(i)) => text.chars().nth(i).map_or(Value::Undefined, |c| Value::text(c.to_string())),
                    _ if TEXT_METHODS.contains(&key) => Value::native(format!("''.{key}")),
                    _ => Value::Undefined,
                })
            }
            Value::Mixed(_) => {
                Ok(if TEXT_METHODS.contains(&key) { Value::native(format!("''.{key}")) } else { Value::Unknown })
            }
            Value::Native(name) => {
                let name = name.clone();
                self.native_member(&name, key, at)
            }
            Value::Object(id) => self.object_member(*id, key, object, at),
            Value::Choice(_) => self.each_case(object, |m, case| m.member(case, key, at)),
        }
    }

    fn object_member(&mut self, id: ObjectId, key: &str, this: &Value, at: At) -> Run<'a, Value> {
        let mut next = Some(id);
        let mut open = false;
        let mut rounds = 0;
        let mut seen: Option<Slot> = None;
        while let Some(owner) = next {
            let object = &self.heap[owner.0];
            if let Some((_, getter)) = object.getters.iter().find(|(k, _)| &**k == key) {
                let getter = getter.clone();
                return self.invoke(&getter, this, &[], at);
            }
            if let Some(slot) = object.slots.get(key) {
                if slot.seen(&self.path).1 {
                    return Ok(slot.read(&self.path, || Value::Undefined));
                }
                seen.get_or_insert_with(|| slot.clone());
            }
            open |= object.handed_out && owner != id;
            next = object.proto;
            rounds += 1;
            if rounds > 64 {
                return Ok(Value::Unknown);
            }
        }
        let base = if open { Value::Unknown } else { self.built_in(id, key, at) };
        Ok(match seen {
            Some(slot) => slot.read(&self.path, || base),
            None => base,
        })
    }

    /// What the language itself gives an object of this kind.
    fn built_in(&mut self, id: ObjectId, key: &str, at: At) -> Value {
        let handed_out = self.heap[id.0].handed_out;
        let missing = if handed_out { Value::Unknown } else { Value::Undefined };
        match &self.heap[id.0].kind {
            Kind::List(items) => {
                let items: Vec<&Item> = items.iter().filter(|i| !i.path.excludes(&self.path)).collect();
                let sure = |n: usize| items.iter().take(n).all(|i| self.path.implies(&i.path));
                match (key, key.parse::<usize>()) {
                    ("length", _) if sure(items.len()) => length(items.len()),
                    ("length", _) => Value::Unknown,
                    (_, Ok(i)) if i < items.len() && sure(i + 1) => items[i].value.clone(),
                    (_, Ok(i)) if sure(items.len()) && i >= items.len() => missing,
                    (_, Ok(_)) => Value::Unknown,
                    ("constructor", _) => Value::native("Array"),
                    _ if LIST_METHODS.contains(&key) => Value::native(format!("[].{key}")),
                    _ => missing,
                }
            }
            Kind::Function(_) | Kind::Bound(..) | Kind::Keeper(_) | Kind::Text(_) | Kind::Handler(_) => match key {
                "call" | "apply" | "bind" => Value::native(format!("().{key}")),
                "toString" => Value::native("().toString"),
                "prototype" => {
                    let proto = self.object(Kind::Plain, at);
                    self.heap[proto.0].slots.insert("constructor".into(), Slot::holding(Value::Object(id), at));
                    let value = Value::Object(proto);
                    self.heap[id.0].slots.insert(key.into(), Slot::holding(value.clone(), at));
                    value
                }
                "name" | "length" => Value::Unknown,
                _ => missing,
            },
            Kind::Element(element) if key == "content" && element.tag.as_deref() == Some("template") => {
                self.template_content(id, at)
            }
            Kind::Element(element) => match key {
                "parentNode" | "parentElement" => {
                    if element.connected.is_empty() {
                        Value::Null
                    } else {
                        Value::Thing
                    }
                }
                "style" | "dataset" | "classList" | "ownerDocument" => Value::Thing,
                "tagName" | "nodeName" => {
                    element.tag.as_ref().map_or(Value::Unknown, |t| Value::text(t.to_uppercase()))
                }
                _ => Value::native(format!("element.{key}")),
            },
            Kind::Promise(..) => match key {
                "then" | "catch" | "finally" => Value::native(format!("promise.{key}")),
                _ => missing,
            },
            Kind::Regular(..) => match key {
                "test" | "exec" => Value::native(format!("/./.{key}")),
                _ => Value::Unknown,
            },
            Kind::Plain if OBJECT_METHODS.contains(&key) => Value::native(format!("{{}}.{key}")),
            Kind::Plain if key == "constructor" => Value::native("Object"),
            Kind::Plain if key == "__proto__" => Value::Unknown,
            Kind::Plain => missing,
        }
    }
}

/// A length as a number.
pub(super) fn length(n: usize) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "numbers of the language are floats")]
    let n = n as f64;
    Value::Num(n)
}

/// Whether a text is known in full.
pub(super) fn is_whole(text: &str) -> bool {
    !text.contains(GAP)
}
