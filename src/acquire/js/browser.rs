//! What a page finds in a browser: `window` and its properties, the page's address, and what is not known of them.

use url::Url;

use super::globals;
use super::heap::At;
use super::machine::{Body, Machine, Run};
use super::path::{Guard, Path};
use super::task::Phase;
use super::value::Value;
use crate::snapshot::Doubt;

impl<'a> Machine<'a> {
    /// Whether the browser itself has a global of this name.
    pub(super) fn window_has(&self, name: &str) -> bool {
        self.window_default(name).is_some()
    }

    /// What a global of the browser is before scripts change it.
    fn window_default(&self, name: &str) -> Option<Value> {
        Some(match name {
            "undefined" => Value::Undefined,
            "NaN" => Value::Num(f64::NAN),
            "Infinity" => Value::Num(f64::INFINITY),
            "window" | "self" | "globalThis" | "frames" | "top" | "parent" => Value::native("window"),
            "document" | "location" | "HTMLDocument" | "HTMLScriptElement" => Value::native(name),
            "origin" => self.location_part("origin").map_or(Value::Unknown, Value::text),
            _ if globals::is_handler(name) => Value::Null,
            _ if globals::is_object(name) || globals::is_function(name) => Value::native(name),
            _ if globals::is_other(name) => Value::Unknown,
            _ => return None,
        })
    }

    /// Reads a property of `window`.
    pub(super) fn read_window(&mut self, name: &str, at: At) -> Run<'a, Value> {
        let base = self.window_default(name).unwrap_or_else(|| {
            let open = (self.unread || self.named_element(name)) && !self.is_queue(name);
            let declared = self.globals.contains_key(name);
            if open && !declared { Value::Unknown } else { Value::Undefined }
        });
        let value = match self.globals.get(name) {
            Some(slot) => slot.read(&self.path, || base),
            None => base,
        };
        if matches!(value, Value::Unknown)
            && let Some(tracker) = self.needles.iter().position(|n| n.queue == name)
        {
            // What is done to it from here on is lost to this reading.
            self.record.doubts.push((tracker, Doubt::Value, at));
        }
        Ok(value)
    }

    /// Sets a property of `window`.
    pub(super) fn write_window(&mut self, name: &str, value: Value, at: At) -> Run<'a, ()> {
        if name == "location" {
            self.redirected(&value, at);
            return Ok(());
        }
        if matches!(name, "window" | "document" | "undefined" | "NaN" | "Infinity" | "top") {
            return Ok(());
        }
        let value = self.drifting(value);
        if let Some(tracker) = self.needles.iter().position(|n| n.queue == name) {
            self.queue_written(tracker, &value, at);
        }
        let path = self.path.clone();
        self.globals.entry(name.into()).or_default().write(&path, value, at);
        Ok(())
    }

    /// Whether a name is a tracker's queue.
    pub(super) fn is_queue(&self, name: &str) -> bool {
        self.needles.iter().any(|n| n.queue == name)
    }

    /// Whether an element of the page may be a global by its id.
    pub(super) fn named_element(&self, name: &str) -> bool {
        if self.is_queue(name) {
            return false;
        }
        if let Some(known) = self.named_elements.borrow().get(name) {
            return *known;
        }
        let found = names_an_element(self.page_text, name);
        self.named_elements.borrow_mut().insert(name.to_owned(), found);
        found
    }

    /// A part of the page's address, when it is known.
    pub(super) fn location_part(&self, part: &str) -> Option<String> {
        let found = location_part(&self.address, self.address_assumed, part);
        self.location_parts.borrow_mut().insert(part.to_owned(), found.clone());
        found
    }

    /// Whether a part of the browser has a property.
    pub(super) fn has_native(&self, object: &Value, key: &str) -> bool {
        let Value::Native(name) = object else { return false };
        match &**name {
            "window" => self.globals.contains_key(key) || self.window_has(key),
            name => {
                self.natives.contains_key(&format!("{name}.{key}"))
                    || !matches!(self.native_default(name, key), Value::Unknown | Value::Undefined)
            }
        }
    }

    /// Reads a property of a part of the browser.
    pub(super) fn native_member(&mut self, name: &str, key: &str, at: At) -> Run<'a, Value> {
        if name == "window" {
            return self.read_window(key, at);
        }
        let base = match (name, key) {
            ("document", "body") => self.of_body(Value::Null, Value::Thing),
            _ => self.native_default(name, key),
        };
        Ok(match self.natives.get(&format!("{name}.{key}")) {
            Some(slot) => slot.read(&self.path, || base),
            None => base,
        })
    }

    /// What a search for the body gives: the one where there is none yet, the other where there is one.
    pub(super) fn of_body(&self, missing: Value, there: Value) -> Value {
        match self.body {
            Body::Later if self.phase == Phase::Parsing => missing,
            Body::Open(fork) if self.phase == Phase::Parsing => {
                let case = |side, value| (Path::of(vec![Guard { fork, side }]), value);
                Value::choice(vec![case(true, missing), case(false, there)])
            }
            _ => there,
        }
    }

    fn native_default(&self, name: &str, key: &str) -> Value {
        let whole = || Value::native(format!("{name}.{key}"));
        match (name, key) {
            ("location" | "document.location", "assign" | "replace" | "reload" | "toString") => {
                Value::native(format!("location.{key}"))
            }
            ("location" | "document.location", _) => self.location_part(key).map_or(Value::Unknown, Value::text),
            ("document", "location") => Value::native("location"),
            ("document", "defaultView") => Value::native("window"),
            ("document", "readyState") => match self.phase {
                Phase::Parsing => Value::text("loading"),
                Phase::Deferred | Phase::Content => Value::text("interactive"),
                Phase::Load => Value::text("complete"),
                _ => Value::Unknown,
            },
            ("document", "URL" | "documentURI" | "baseURI") => {
                self.location_part("href").map_or(Value::Unknown, Value::text)
            }
            ("document", "domain") => self.location_part("hostname").map_or(Value::Unknown, Value::text),
            (
                "document",
                "head" | "documentElement" | "body" | "scripts" | "forms" | "links" | "images" | "styleSheets"
                | "implementation" | "fonts" | "children" | "childNodes",
            ) => Value::Thing,
            ("document", "currentScript") if self.phase == Phase::Parsing => Value::Thing,
            (
                "document",
                "cookie" | "title" | "referrer" | "hidden" | "visibilityState" | "activeElement" | "currentScript"
                | "characterSet" | "charset" | "compatMode" | "contentType" | "dir" | "lastModified" | "all"
                | "doctype" | "firstChild" | "lastChild" | "firstElementChild" | "lastElementChild"
                | "scrollingElement",
            ) => Value::Unknown,
            ("document", key) if globals::is_handler(key) => Value::Null,
            ("document", "attachEvent" | "selection" | "documentMode" | "createEventObject" | "createStyleSheet") => {
                Value::Undefined
            }
            ("Array", "prototype") => Value::native("[]"),
            ("Object", "prototype") => Value::native("{}"),
            ("String", "prototype") => Value::native("''"),
            ("Function", "prototype") => Value::native("()"),
            ("Node" | "Element" | "Document" | "HTMLDocument" | "HTMLScriptElement", "prototype") => whole(),
            ("[]", "length") => Value::Num(0.0),
            ("Math", "PI") => Value::Num(std::f64::consts::PI),
            (_, "call" | "apply" | "bind") if !matches!(name, "console" | "Reflect") => {
                Value::native(format!("().{key}"))
            }
            ("document", _) if globals::is_document_method(key) => whole(),
            (
                "console" | "Math" | "JSON" | "Object" | "Array" | "String" | "Number" | "Date" | "Promise" | "Reflect"
                | "[]" | "{}" | "''" | "()" | "history" | "Symbol",
                _,
            ) => whole(),
            ("$()" | "$window" | "$document" | "$", _) => whole(),
            _ => Value::Unknown,
        }
    }

    /// Sets a property of a part of the browser.
    pub(super) fn set_native(&mut self, name: &str, key: &str, value: Value, at: At) -> Run<'a, ()> {
        match (name, key) {
            ("window", _) => return self.write_window(key, value, at),
            ("document", "location") | ("location", "href") => {
                self.redirected(&value, at);
                return Ok(());
            }
            ("location", _) => return Ok(()),
            _ => {}
        }
        self.patched(name, key, &value);
        let path = self.path.clone();
        self.natives.entry(format!("{name}.{key}")).or_default().write(&path, value, at);
        Ok(())
    }
}

/// `typeof` of a part of the browser.
pub(super) fn type_of_native(name: &str) -> &'static str {
    let object =
        matches!(name, "window" | "document" | "location" | "[]" | "{}" | "''" | "$()" | "$window" | "$document")
            || name.ends_with(".prototype")
            || globals::is_object(name);
    if object { "object" } else { "function" }
}

/// Whether a page's text has an `id` or `name` attribute of this value.
pub(super) fn names_an_element(page: &str, name: &str) -> bool {
    memchr::memmem::find_iter(page.as_bytes(), name).any(|i| {
        let after = page.get(i + name.len()..).and_then(|t| t.chars().next());
        let whole = !after.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '-');
        whole && is_naming(page.get(..i).unwrap_or_default())
    })
}

/// Whether what follows is the value of an `id` or `name` attribute.
pub(super) fn is_naming(before: &str) -> bool {
    let before = before.trim_end_matches(['"', '\'']).trim_end();
    let before = before.strip_suffix('=').unwrap_or_default().trim_end();
    let attribute = before.get(before.len().saturating_sub(4)..).unwrap_or_default().to_ascii_lowercase();
    attribute.ends_with("id") || attribute.ends_with("name")
}

/// A part of a page's address; of one that is only assumed, nothing but the scheme.
pub(super) fn location_part(url: &Url, assumed: bool, part: &str) -> Option<String> {
    if assumed {
        return (part == "protocol").then(|| "https:".to_owned());
    }
    let port = url.port().map(|p| format!(":{p}")).unwrap_or_default();
    Some(match part {
        "protocol" => format!("{}:", url.scheme()),
        "hostname" => url.host_str().unwrap_or_default().to_owned(),
        "host" => format!("{}{port}", url.host_str().unwrap_or_default()),
        "port" => url.port().map(|p| p.to_string()).unwrap_or_default(),
        "pathname" => url.path().to_owned(),
        "origin" => url.origin().ascii_serialization(),
        "href" => url.as_str().to_owned(),
        _ => return None,
    })
}
