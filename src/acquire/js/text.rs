//! Reads the methods of texts.

use std::rc::Rc;

use super::heap::At;
use super::list::index;
use super::machine::{Machine, Run};
use super::member::{is_whole, length};
use super::native::known_text;
use super::value::Value;

impl<'a> Machine<'a> {
    /// Calls a method of a text.
    pub(super) fn text_method(&mut self, this: &Value, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let whole = match this {
            Value::Undefined | Value::Null => return Err(super::machine::Exit::Throw),
            other => self.text_of(other),
        };
        self.charge(whole.as_ref().map_or(0, |t| 4 * t.len()));
        let first = arguments.first();
        if method == "concat" {
            let mut pieces = vec![whole];
            pieces.extend(arguments.iter().map(|a| self.text_of(a)));
            return Ok(Value::joined(&pieces));
        }
        let Some(text) = whole else {
            arguments.iter().for_each(|a| self.hand_out(a));
            return Ok(Value::Unknown);
        };
        if !is_whole(&text) {
            return Ok(self.of_mixed(&text, method, arguments));
        }
        if let Some(value) = self.matched(&text, method, arguments, at) {
            return Ok(value);
        }
        let argument = |i: usize| arguments.get(i).and_then(known_text);
        let chars = || text.chars().collect::<Vec<char>>();
        Ok(match method {
            "toString" | "valueOf" | "normalize" => Value::Text(text),
            "trim" => Value::text(text.trim()),
            "trimStart" => Value::text(text.trim_start()),
            "trimEnd" => Value::text(text.trim_end()),
            "toLowerCase" | "toLocaleLowerCase" => Value::text(text.to_lowercase()),
            "toUpperCase" | "toLocaleUpperCase" => Value::text(text.to_uppercase()),
            "replace" | "replaceAll" => match (first, argument(0), argument(1)) {
                (Some(Value::Thing), ..) => {
                    arguments.iter().for_each(|a| self.hand_out(a));
                    Value::Unknown
                }
                (_, Some(from), Some(to)) if !to.contains('$') => {
                    if method == "replace" {
                        Value::text(text.replacen(&*from, &to, 1))
                    } else {
                        Value::text(text.replace(&*from, &to))
                    }
                }
                _ => {
                    arguments.iter().for_each(|a| self.hand_out(a));
                    Value::Unknown
                }
            },
            "split" => match (first, argument(0)) {
                (None | Some(Value::Undefined), _) => self.list(vec![Value::Text(text)], at),
                (_, Some(by)) if by.is_empty() => {
                    let all = text.chars().take(10_000).map(|c| Value::text(c.to_string())).collect();
                    self.list(all, at)
                }
                (_, Some(by)) => {
                    let all = text.split(&*by).take(10_000).map(Value::text).collect();
                    self.list(all, at)
                }
                _ => Value::Unknown,
            },
            "slice" | "substring" | "substr" => {
                let chars = chars();
                let count = chars.len();
                let (Some(from), Some(to)) = (index(first, count, 0), index(arguments.get(1), count, count)) else {
                    return Ok(Value::Unknown);
                };
                let negative = arguments.iter().any(|a| a.number().is_some_and(|n| n < 0.0));
                let (from, to) = match method {
                    "substr" if arguments.len() > 1 => (from, from.saturating_add(to).min(count)),
                    "substring" if negative => return Ok(Value::Unknown),
                    "substring" => (from.min(to), from.max(to)),
                    _ => (from, to),
                };
                Value::text(chars.iter().take(to).skip(from).collect::<String>())
            }
            "indexOf" | "lastIndexOf" | "includes" | "startsWith" | "endsWith" | "search" => match (first, argument(0))
            {
                (Some(Value::Thing), _) | (_, None) => Value::Unknown,
                (_, Some(what)) if arguments.len() == 1 => found(&text, method, &what),
                _ => Value::Unknown,
            },
            "charAt" | "at" => {
                let chars = chars();
                match index(first, chars.len(), 0) {
                    Some(i) => chars.get(i).map_or_else(|| Value::text(""), |c| Value::text(c.to_string())),
                    None => Value::Unknown,
                }
            }
            "charCodeAt" | "codePointAt" => match index(first, text.len(), 0) {
                Some(i) => text.chars().nth(i).map_or(Value::Num(f64::NAN), |c| Value::Num(f64::from(u32::from(c)))),
                None => Value::Unknown,
            },
            "repeat" => match first.and_then(Value::number) {
                Some(n) if n >= 0.0 && n * (text.len().max(1) as f64) < 1e6 => {
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be small")]
                    let n = n as usize;
                    Value::text(text.repeat(n))
                }
                _ => Value::Unknown,
            },
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Value::Unknown
            }
        })
    }

    /// What can be said of a text with gaps.
    fn of_mixed(&mut self, text: &Rc<str>, method: &str, arguments: &[Value]) -> Value {
        let what = arguments.first().and_then(known_text);
        match (method, what) {
            ("toString" | "valueOf" | "trim" | "trimStart" | "trimEnd" | "replace" | "replaceAll", _) => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Value::Mixed(text.clone())
            }
            ("toLowerCase", _) => Value::Mixed(text.to_lowercase().into()),
            ("includes", Some(what)) if text.contains(&*what) => Value::Bool(true),
            ("startsWith", Some(what)) if text.starts_with(&*what) => Value::Bool(true),
            _ => Value::Unknown,
        }
    }
}

fn found(text: &str, method: &str, what: &str) -> Value {
    let place = |i: Option<usize>| match i {
        Some(i) => length(text[..i].encode_utf16().count()),
        None => Value::Num(-1.0),
    };
    match method {
        "includes" => Value::Bool(text.contains(what)),
        "startsWith" => Value::Bool(text.starts_with(what)),
        "endsWith" => Value::Bool(text.ends_with(what)),
        "lastIndexOf" => place(text.rfind(what)),
        "search" => Value::Unknown,
        _ => place(text.find(what)),
    }
}
