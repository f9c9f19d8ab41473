//! Tries regular expressions of scripts on known texts, as far as both dialects mean the same.

use std::rc::Rc;

use regex::{Regex, RegexBuilder};

use super::heap::{At, Kind};
use super::machine::{Machine, Run};
use super::native::known_text;
use super::value::Value;

impl<'a> Machine<'a> {
    /// A regular expression.
    pub(super) fn regular(&mut self, source: &str, flags: &str, at: At) -> Value {
        Value::Object(self.object(Kind::Regular(source.into(), flags.into()), at))
    }

    /// The source and flags of a value that is a regular expression.
    fn regular_of(&self, value: Option<&Value>) -> Option<(Rc<str>, Rc<str>)> {
        match value {
            Some(Value::Object(id)) => match &self.heap[id.0].kind {
                Kind::Regular(source, flags) => Some((source.clone(), flags.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    fn compiled(&mut self, source: &str, flags: &str) -> Option<Regex> {
        self.patterns_left = self.patterns_left.checked_sub(1)?;
        if flags.contains(['v', 'y']) || source.len() > 500 || !means_the_same(source) {
            return None;
        }
        RegexBuilder::new(source)
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .dot_matches_new_line(flags.contains('s'))
            .size_limit(1 << 18)
            .build()
            .ok()
    }

    /// Calls `test` or `exec`.
    pub(super) fn regular_method(&mut self, this: &Value, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let (Some((source, flags)), Some(text)) = (self.regular_of(Some(this)), arguments.first().and_then(known_text))
        else {
            return Ok(Value::Unknown);
        };
        let Some(regex) = self.compiled(&source, &flags) else { return Ok(Value::Unknown) };
        Ok(match method {
            // With `g` the expression remembers where it was.
            _ if flags.contains('g') => Value::Unknown,
            "test" => Value::Bool(regex.is_match(&text)),
            "exec" => self.captures(&regex, &text, at),
            _ => Value::Unknown,
        })
    }

    fn captures(&mut self, regex: &Regex, text: &str, at: At) -> Value {
        let Some(found) = regex.captures(text) else { return Value::Null };
        let groups = found.iter().map(|g| g.map_or(Value::Undefined, |m| Value::text(m.as_str()))).collect();
        self.list(groups, at)
    }

    /// Calls a method of a text with a regular expression; `None` when the first argument is none.
    pub(super) fn matched(&mut self, text: &str, method: &str, arguments: &[Value], at: At) -> Option<Value> {
        let (source, flags) = self.regular_of(arguments.first())?;
        let Some(regex) = self.compiled(&source, &flags) else {
            arguments.iter().skip(1).for_each(|a| self.hand_out(a));
            return Some(Value::Unknown);
        };
        Some(match method {
            "match" if flags.contains('g') => {
                let all: Vec<Value> = regex.find_iter(text).take(1000).map(|m| Value::text(m.as_str())).collect();
                if all.is_empty() { Value::Null } else { self.list(all, at) }
            }
            "match" => self.captures(&regex, text, at),
            "search" => match regex.find(text) {
                Some(found) => super::member::length(text[..found.start()].encode_utf16().count()),
                None => Value::Num(-1.0),
            },
            "replace" | "replaceAll" => match arguments.get(1).and_then(known_text) {
                Some(to) if !to.contains('$') => {
                    let count = usize::from(!flags.contains('g'));
                    Value::text(regex.replacen(text, count, regex::NoExpand(&to)).into_owned())
                }
                _ => {
                    arguments.iter().skip(1).for_each(|a| self.hand_out(a));
                    Value::Unknown
                }
            },
            "split" => {
                let all = regex.split(text).take(1000).map(Value::text).collect();
                if regex.captures_len() > 1 { Value::Unknown } else { self.list(all, at) }
            }
            _ => Value::Unknown,
        })
    }

    /// Reads `JSON.parse` of a known text.
    pub(super) fn parsed_json(&mut self, text: &str, at: At) -> Option<Value> {
        self.charge(4 * text.len());
        let json: serde_json::Value = serde_json::from_str(text).ok()?;
        Some(self.json_value(json, at))
    }

    fn json_value(&mut self, json: serde_json::Value, at: At) -> Value {
        match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(b) => Value::Bool(b),
            serde_json::Value::Number(n) => n.as_f64().map_or(Value::Unknown, Value::Num),
            serde_json::Value::String(s) => Value::text(s),
            serde_json::Value::Array(all) => {
                let values = all.into_iter().map(|v| self.json_value(v, at)).collect();
                self.list(values, at)
            }
            serde_json::Value::Object(map) => {
                let id = self.object(Kind::Plain, at);
                for (key, value) in map {
                    let value = self.json_value(value, at);
                    self.heap[id.0].slots.insert(key.into(), super::path::Slot::holding(value, at));
                }
                Value::Object(id)
            }
        }
    }
}

/// Whether a text is surely no JSON. Depth, lone surrogates and the range of numbers, which stop the parser that makes
/// values and no browser, are not looked at.
pub(super) fn is_no_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_err()
}

/// Whether a pattern uses nothing that the two dialects read differently.
fn means_the_same(source: &str) -> bool {
    let mut class = false;
    let mut escaped = false;
    let mut before = ' ';
    for c in source.chars() {
        if escaped {
            escaped = false;
            if matches!(
                c,
                'c' | 'k' | 'p' | 'P' | '0'..='9' | 'u' | 'A' | 'z' | 'a' | 'x' | 'G' | 'Q' | 'E' | 'h' | 'H'
            ) {
                return false;
            }
        } else {
            match c {
                '\\' => escaped = true,
                '[' if class => return false,
                '[' => class = true,
                ']' => class = false,
                '&' | '-' | '~' if class && before == c => return false,
                _ => {}
            }
        }
        before = c;
    }
    true
}
