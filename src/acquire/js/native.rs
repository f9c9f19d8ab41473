//! Reads calls of what the language and the browser themselves provide.

use std::rc::Rc;

use super::heap::{At, Kind};
use super::machine::{Exit, Machine, Run};
use super::order::Made;
use super::path::Slot;
use super::regular::is_no_json;
use super::sought::is_no_selector;
use super::value::{Value, number_of};
use crate::snapshot::Doubt;

/// The name space of the elements of a page.
const HTML_SPACE: &str = "http://www.w3.org/1999/xhtml";

impl<'a> Machine<'a> {
    /// Calls a part of the language or browser by its name.
    pub(super) fn native_call(&mut self, name: &str, this: &Value, arguments: &[Value], at: At) -> Run<'a, Value> {
        let first = arguments.first().cloned().unwrap_or(Value::Undefined);
        let second = arguments.get(1).cloned().unwrap_or(Value::Undefined);
        if let Some(method) = name.strip_prefix("[].") {
            return self.list_method(this, method, arguments, at);
        }
        if let Some(method) = name.strip_prefix("''.") {
            return self.text_method(this, method, arguments, at);
        }
        if let Some(method) = name.strip_prefix("/./.") {
            return self.regular_method(this, method, arguments, at);
        }
        if let Some(method) = name.strip_prefix("element.") {
            return self.element_method(this, method, arguments, at);
        }
        if let Some(method) = name.strip_prefix("promise.") {
            return self.promise_method(this, method, arguments, at);
        }
        if let Some((object, method)) = name.strip_prefix('$').and_then(|n| n.rsplit_once('.')) {
            return self.jquery_method(object, method, arguments, at);
        }
        if name.starts_with("console.") {
            return Ok(Value::Undefined);
        }
        if let Some(method) = name.strip_prefix("Object.") {
            return self.object_function(method, arguments, at);
        }
        match name {
            "().call" => self.invoke(this, &first, arguments.get(1..).unwrap_or_default(), at),
            "().apply" | "Reflect.apply" => {
                let (target, this, list) = if name == "().apply" {
                    (this.clone(), first, second)
                } else {
                    (first, second, arguments.get(2).cloned().unwrap_or(Value::Undefined))
                };
                if list.nullish() == Some(true) {
                    return self.invoke(&target, &this, &[], at);
                }
                match self.items_of(&list) {
                    Some(items) => self.invoke(&target, &this, &items, at),
                    None => {
                        self.hand_out(&list);
                        self.invoke(&target, &this, &[Value::Unknown], at)
                    }
                }
            }
            "().bind" => {
                let rest = arguments.get(1..).unwrap_or_default().to_vec();
                Ok(Value::Object(self.object(Kind::Bound(this.clone(), first, rest), at)))
            }
            "().then" => self.then(this, &first, &second, at),
            "setTimeout" | "setInterval" | "requestAnimationFrame" | "requestIdleCallback" | "queueMicrotask" => {
                self.schedule(name, &first, &second, arguments, at)
            }
            "clearTimeout" | "clearInterval" | "cancelAnimationFrame" | "cancelIdleCallback" => {
                self.unschedule(&first);
                Ok(Value::Undefined)
            }
            "addEventListener" => self.listen("window", arguments, at),
            "document.addEventListener" => self.listen("document", arguments, at),
            "removeEventListener" | "document.removeEventListener" => {
                self.unlisten(&second);
                Ok(Value::Undefined)
            }
            "document.createElement" | "document.createElementNS" => {
                let by_space = name.ends_with("NS");
                let tag = if by_space { &second } else { &first };
                let tag = tag.as_text().filter(|t| super::member::is_whole(t)).map(|t| t.to_lowercase().into());
                // A script of another name space loads what its `href` names, not its `src`.
                let foreign = by_space && !first.is_same(&Value::text(HTML_SPACE)) && first.nullish() != Some(true);
                Ok(self.element(tag.filter(|_| !foreign), at))
            }
            "document.getElementById"
            | "document.querySelector"
            | "document.querySelectorAll"
            | "document.getElementsByTagName"
            | "document.getElementsByClassName" => {
                if name.starts_with("document.query") && known_text(&first).is_some_and(|t| is_no_selector(&t)) {
                    return Err(Exit::Throw);
                }
                Ok(self.sought(name.strip_prefix("document.").unwrap_or_default(), &first, at))
            }
            "fetch" => {
                self.fetched(&first, at);
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Unknown)
            }
            "document.createDocumentFragment" => Ok(self.element(Some("#fragment".into()), at)),
            "document.createTextNode" => {
                let text = self.element(Some("#text".into()), at);
                if let Value::Object(id) = text {
                    self.heap[id.0].slots.insert("text".into(), Slot::holding(first, at));
                }
                Ok(text)
            }
            "document.write" | "document.writeln" => {
                self.written(arguments, at)?;
                Ok(Value::Undefined)
            }
            "document.append" | "document.appendChild" | "document.prepend" | "document.insertBefore" => {
                Err(Exit::Throw)
            }
            "location.assign" | "location.replace" => {
                self.redirected(&first, at);
                Ok(Value::Undefined)
            }
            "location.toString" => Ok(self.location_part("href").map_or(Value::Unknown, Value::text)),
            "Array.isArray" => Ok(match &first {
                Value::Unknown | Value::Thing | Value::Choice(_) => Value::Unknown,
                Value::Object(id) => Value::Bool(matches!(self.heap[id.0].kind, Kind::List(_))),
                _ => Value::Bool(false),
            }),
            "Array.of" | "Array" if arguments.len() != 1 => Ok(self.list(arguments.to_vec(), at)),
            "Array" => Ok(self.list(Vec::new(), at)),
            "Array.from" => match self.items_of(&first) {
                Some(items) if arguments.len() < 2 => Ok(self.list(items, at)),
                Some(items) => {
                    let list = self.list(items, at);
                    self.list_method(&list, "map", &arguments[1..], at)
                }
                None => {
                    self.hand_out(&second);
                    Ok(Value::Unknown)
                }
            },
            "String" => Ok(Value::joined(&[self.text_of(&first)])),
            "String.fromCharCode" => Ok(from_codes(arguments)),
            "String.raw" => Ok(Value::Unknown),
            "Number" | "parseFloat" => Ok(first.number().map_or(Value::Unknown, Value::Num)),
            "parseInt" => Ok(whole_number(&first)),
            "Boolean" => Ok(first.truth().map_or(Value::Unknown, Value::Bool)),
            "decodeURIComponent" | "decodeURI" => match known_text(&first).map(|t| percent_decoded(&t)) {
                Some((text, true)) => Ok(Value::text(text)),
                Some((_, false)) => Err(Exit::Throw),
                None => Ok(Value::Unknown),
            },
            "unescape" => Ok(known_text(&first).map_or(Value::Unknown, |t| Value::text(percent_decoded(&t).0))),
            "atob" => Ok(known_text(&first).and_then(|t| base64(&t)).map_or(Value::Unknown, Value::text)),
            "eval" => match &first {
                Value::Text(code) => self.run_text(code, at, Made::Elsewhere),
                _ => Ok(Value::Unknown),
            },
            "Function" => self.native_new("Function", arguments, at),
            "Reflect.set" => {
                let value = arguments.get(2).cloned().unwrap_or(Value::Undefined);
                match second.key() {
                    Some(key) => self.set_member(&first, &key, value, at)?,
                    None => arguments.iter().for_each(|a| self.hand_out(a)),
                }
                Ok(Value::Unknown)
            }
            "Reflect.get" if second.key().is_some() => self.get_by_key(&first, second.key(), at),
            "Reflect.defineProperty" => self.object_function("defineProperty", arguments, at),
            "Promise.resolve" => Ok(self.promised(first, at)),
            "Promise.reject" => Ok(self.promise(None, at)),
            "Promise.all" | "Promise.allSettled" | "Promise.race" | "Promise.any" => {
                Ok(self.promise_of_all(&first, at))
            }
            "Math.floor" | "Math.round" | "Math.ceil" | "Math.abs" => Ok(first.number().map_or(Value::Unknown, |n| {
                Value::Num(match name {
                    "Math.floor" => n.floor(),
                    "Math.ceil" => n.ceil(),
                    "Math.abs" => n.abs(),
                    _ => (n + 0.5).floor(),
                })
            })),
            "JSON.parse" if arguments.len() == 1 => {
                let Some(text) = known_text(&first) else { return Ok(Value::Unknown) };
                match self.parsed_json(&text, at) {
                    Some(value) => Ok(value),
                    None if is_no_json(&text) => Err(Exit::Throw),
                    None => Ok(Value::Unknown),
                }
            }
            "RegExp" => self.native_new(name, arguments, at),
            _ if name.starts_with("JSON.") || name.starts_with("Math.") || name.starts_with("Number.") => {
                Ok(Value::Unknown)
            }
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Unknown)
            }
        }
    }

    /// Reads `new` on a part of the language or browser.
    pub(super) fn native_new(&mut self, name: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let last = arguments.last().cloned().unwrap_or(Value::Undefined);
        match name {
            "Promise" => self.promise_by(&last, at),
            "Image" => Ok(self.element(Some("img".into()), at)),
            "Function" => match last {
                Value::Text(code) => {
                    // A function's body: its `return` is no error, and what it declares is its own.
                    let names: Option<Vec<Rc<str>>> = arguments[..arguments.len() - 1].iter().map(known_text).collect();
                    let Some(names) = names else { return Ok(Value::Unknown) };
                    let code = format!("(function({}\n){{{code}\n}}).call(this)", names.join(","));
                    Ok(Value::Object(self.object(Kind::Text(code.into()), at)))
                }
                Value::Undefined => Ok(Value::Object(self.object(Kind::Text("".into()), at))),
                _ => Ok(Value::Unknown),
            },
            "Array" => self.native_call("Array", &Value::Undefined, arguments, at),
            "Object" => Ok(Value::Object(self.object(Kind::Plain, at))),
            "RegExp" => {
                let flags = arguments.get(1).map_or(Some("".into()), known_text);
                Ok(match (arguments.first().and_then(known_text), flags) {
                    (Some(source), Some(flags)) => self.regular(&source, &flags, at),
                    _ => Value::Thing,
                })
            }
            "MutationObserver" | "WebKitMutationObserver" => {
                self.watched(&last);
                self.hand_out(&last);
                Ok(Value::Thing)
            }
            "Event" | "CustomEvent" | "Date" | "URL" | "Error" | "TypeError" => Ok(Value::Thing),
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Thing)
            }
        }
    }

    fn object_function(&mut self, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let first = arguments.first().cloned().unwrap_or(Value::Undefined);
        match method {
            "assign" => {
                for source in arguments.iter().skip(1) {
                    let Value::Object(id) = source else { continue };
                    let slots = self.heap[id.0].slots.clone();
                    for (key, slot) in slots {
                        let place = slot.versions.last().map_or(at, |v| v.at);
                        let value = slot.read(&self.path, || Value::Undefined);
                        self.set_member(&first, &key, value, place)?;
                    }
                }
                Ok(first)
            }
            "keys" | "values" | "entries" => {
                let Value::Object(id) = &first else { return Ok(Value::Unknown) };
                let object = &self.heap[id.0];
                if object.handed_out || !matches!(object.kind, Kind::Plain) {
                    return Ok(Value::Unknown);
                }
                let pairs: Vec<(Rc<str>, Value)> =
                    object.slots.iter().map(|(k, s)| (k.clone(), s.read(&self.path, || Value::Undefined))).collect();
                let values = pairs
                    .into_iter()
                    .map(|(k, v)| match method {
                        "keys" => Value::Text(k),
                        "values" => v,
                        _ => self.list(vec![Value::Text(k), v], at),
                    })
                    .collect();
                Ok(self.list(values, at))
            }
            "freeze" | "seal" | "preventExtensions" => {
                if let Value::Object(id) = &first {
                    self.queue_doubted(*id, Doubt::Value, at);
                }
                Ok(first)
            }
            "defineProperty" => {
                let key = arguments.get(1).and_then(Value::key);
                let descriptor = arguments.get(2).cloned().unwrap_or(Value::Undefined);
                self.define(&first, key, &descriptor, at)?;
                Ok(first)
            }
            "defineProperties" => {
                if let Some(Value::Object(id)) = arguments.get(1) {
                    let all: Vec<_> = self.heap[id.0].slots.clone().into_iter().collect();
                    for (key, slot) in all {
                        let descriptor = slot.read(&self.path, || Value::Undefined);
                        self.define(&first, Some(key), &descriptor, at)?;
                    }
                }
                Ok(first)
            }
            "create" => {
                let id = self.object(Kind::Plain, at);
                if let Value::Object(proto) = first {
                    self.heap[id.0].proto = Some(proto);
                }
                Ok(Value::Object(id))
            }
            "setPrototypeOf" => {
                if let (Value::Object(id), Some(Value::Object(proto))) = (&first, arguments.get(1)) {
                    self.heap[id.0].proto = Some(*proto);
                }
                Ok(first)
            }
            _ => Ok(Value::Unknown),
        }
    }

    fn define(&mut self, object: &Value, key: Option<Rc<str>>, descriptor: &Value, at: At) -> Run<'a, ()> {
        let Some(key) = key else {
            self.hand_out(descriptor);
            return Ok(());
        };
        let setter = self.member(descriptor, "set", at)?;
        self.setter_defined(object, &key, &setter);
        let getter = self.member(descriptor, "get", at)?;
        if getter.nullish() == Some(true) {
            let value = self.member(descriptor, "value", at)?;
            return self.set_member(object, &key, value, at);
        }
        match object {
            Value::Object(id) => {
                self.heap[id.0].getters.push((key, getter));
                Ok(())
            }
            other => {
                self.hand_out(descriptor);
                self.set_member(other, &key, Value::Unknown, at)
            }
        }
    }
}

/// A text known in full.
pub(super) fn known_text(value: &Value) -> Option<Rc<str>> {
    match value {
        Value::Mixed(_) => None,
        other => other.as_text(),
    }
}

fn from_codes(arguments: &[Value]) -> Value {
    let codes: Option<Vec<u16>> = arguments
        .iter()
        .map(|a| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the language wraps codes so")]
            let code = a.number()? as u32 as u16;
            Some(code)
        })
        .collect();
    codes.map_or(Value::Unknown, |c| Value::text(String::from_utf16_lossy(&c)))
}

fn whole_number(value: &Value) -> Value {
    let Some(text) = known_text(value) else { return Value::Unknown };
    let text = text.trim();
    let end = text
        .char_indices()
        .find(|(i, c)| !(c.is_ascii_digit() || (*i == 0 && (*c == '-' || *c == '+'))))
        .map_or(text.len(), |(i, _)| i);
    let digits = &text[..end];
    Value::Num(if digits.bytes().any(|b| b.is_ascii_digit()) { number_of(digits) } else { f64::NAN })
}

/// A text with its escapes undone, and whether all of them stand for characters, as `decodeURI` wants them.
fn percent_decoded(text: &str) -> (String, bool) {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let (mut i, mut right) = (0, true);
    while let Some(&b) = bytes.get(i) {
        let digits = text.get(i + 1..i + 3).filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()));
        match (b, digits.and_then(|h| u8::from_str_radix(h, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                i += 3;
            }
            _ => {
                right &= b != b'%';
                out.push(b);
                i += 1;
            }
        }
    }
    right &= std::str::from_utf8(&out).is_ok();
    (String::from_utf8_lossy(&out).into_owned(), right)
}

fn base64(text: &str) -> Option<String> {
    let mut bits = 0u32;
    let mut count = 0;
    let mut out = Vec::new();
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let six = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(six);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    // What the language gives is one character for each byte.
    Some(out.into_iter().map(char::from).collect())
}
