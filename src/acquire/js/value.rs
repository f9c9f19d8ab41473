//! What an expression can be known to be, and the language's conversions between such values.
//! Never guesses: what the text does not tell is `Unknown`, and operations on it stay so.

use std::rc::Rc;

use super::heap::ObjectId;
use super::path::Path;

/// Stands for an unknown part in a [`Value::Mixed`] text.
pub(super) const GAP: char = '\0';
/// Texts longer than this are no longer followed.
const LONGEST: usize = 1 << 20;
/// More alternatives than this are no longer followed.
const MOST_CASES: usize = 8;

/// An abstract value.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Anything.
    Unknown,
    /// An object of the browser or of unread code: true as a condition, otherwise unknown.
    Thing,
    Undefined,
    Null,
    Bool(bool),
    Num(f64),
    Text(Rc<str>),
    /// A text some parts of which are not known.
    Mixed(Rc<str>),
    /// A part of the language or the browser, by name.
    Native(Rc<str>),
    Object(ObjectId),
    /// One of several, newest first, by unknown conditions.
    Choice(Rc<[(Path, Value)]>),
}

impl Value {
    pub(super) fn text(text: impl Into<Rc<str>>) -> Self {
        let text = text.into();
        if text.len() > LONGEST { Self::Unknown } else { Self::Text(text) }
    }

    pub(super) fn native(name: impl Into<Rc<str>>) -> Self {
        Self::Native(name.into())
    }

    /// One of several values, newest first; plain when they are all the same.
    pub(super) fn choice(cases: Vec<(Path, Self)>) -> Self {
        let mut flat: Vec<(Path, Self)> = Vec::with_capacity(cases.len());
        for (path, value) in cases {
            match value {
                Self::Choice(inner) => {
                    for (p, v) in inner.iter() {
                        flat.push((path.and(p), v.clone()));
                    }
                }
                other => flat.push((path, other)),
            }
        }
        if flat.len() > MOST_CASES {
            return Self::Unknown;
        }
        let Some((_, first)) = flat.first() else { return Self::Undefined };
        if flat.iter().all(|(_, v)| v.is_same(first)) {
            return first.clone();
        }
        Self::Choice(flat.into())
    }

    /// The same value for certain, as far as texts, numbers and identities go.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) => true,
            (Self::Num(a), Self::Num(b)) => a.to_bits() == b.to_bits(),
            _ => self.strictly(other) == Some(true),
        }
    }

    /// Whether it counts as true.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Thing | Self::Native(_) | Self::Object(_) => Some(true),
            Self::Undefined | Self::Null => Some(false),
            Self::Bool(b) => Some(*b),
            Self::Num(n) => Some(*n != 0.0 && !n.is_nan()),
            Self::Text(t) => Some(!t.is_empty()),
            Self::Mixed(t) => t.chars().any(|c| c != GAP).then_some(true),
            Self::Choice(cases) => agreed(cases, Self::truth),
        }
    }

    /// Whether it is `undefined` or `null`.
    pub(super) fn nullish(&self) -> Option<bool> {
        match self {
            Self::Unknown => None,
            Self::Undefined | Self::Null => Some(true),
            Self::Choice(cases) => agreed(cases, Self::nullish),
            _ => Some(false),
        }
    }

    /// `===`.
    pub(super) fn strictly(&self, other: &Self) -> Option<bool> {
        use Value::{Bool, Choice, Mixed, Native, Null, Num, Object, Text, Thing, Undefined, Unknown};
        match (self, other) {
            (Choice(cases), v) | (v, Choice(cases)) => agreed(cases, |c| c.strictly(v)),
            (Unknown, _) | (_, Unknown) | (Thing, Thing | Native(_)) | (Native(_), Thing) => None,
            (Undefined, Undefined) | (Null, Null) => Some(true),
            (Bool(a), Bool(b)) => Some(a == b),
            #[expect(clippy::float_cmp, reason = "the language compares numbers so")]
            (Num(a), Num(b)) => Some(a == b),
            (Text(a), Text(b)) => Some(a == b),
            (Mixed(_), Text(_) | Mixed(_)) | (Text(_), Mixed(_)) => None,
            (Native(a), Native(b)) => Some(a == b),
            (Object(a), Object(b)) => Some(a == b),
            _ => Some(false),
        }
    }

    /// `==`.
    pub(super) fn loosely(&self, other: &Self) -> Option<bool> {
        use Value::{Bool, Choice, Null, Num, Text, Undefined};
        match (self, other) {
            (Choice(cases), v) | (v, Choice(cases)) => agreed(cases, |c| c.loosely(v)),
            (Undefined | Null, v) | (v, Undefined | Null) => v.nullish(),
            (Num(_) | Text(_) | Bool(_), Num(_) | Text(_) | Bool(_))
                if std::mem::discriminant(self) != std::mem::discriminant(other) =>
            {
                Some(self.number()? == other.number()?)
            }
            (Self::Object(_) | Self::Mixed(_), Num(_) | Text(_) | Bool(_))
            | (Num(_) | Text(_) | Bool(_), Self::Object(_) | Self::Mixed(_)) => None,
            _ => self.strictly(other),
        }
    }

    /// As a number.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Num(n) => Some(*n),
            Self::Bool(b) => Some(f64::from(u8::from(*b))),
            Self::Null => Some(0.0),
            Self::Undefined => Some(f64::NAN),
            Self::Text(t) => Some(number_of(t)),
            _ => None,
        }
    }

    /// As a text, with gaps where it is not known; `None` when nothing is known.
    pub(super) fn as_text(&self) -> Option<Rc<str>> {
        match self {
            Self::Text(t) | Self::Mixed(t) => Some(t.clone()),
            Self::Num(n) => Some(number_text(*n).into()),
            Self::Bool(b) => Some(if *b { "true" } else { "false" }.into()),
            Self::Null => Some("null".into()),
            Self::Undefined => Some("undefined".into()),
            _ => None,
        }
    }

    /// A text made of pieces, any of which may be unknown.
    pub(super) fn joined(pieces: &[Option<Rc<str>>]) -> Self {
        let mut whole = String::new();
        let mut gaps = false;
        for piece in pieces {
            match piece {
                Some(text) => {
                    gaps |= text.contains(GAP);
                    whole.push_str(text);
                }
                None => {
                    gaps = true;
                    whole.push(GAP);
                }
            }
            if whole.len() > LONGEST {
                return Self::Unknown;
            }
        }
        if gaps { Self::Mixed(whole.into()) } else { Self::Text(whole.into()) }
    }

    /// As the name of a property.
    pub(super) fn key(&self) -> Option<Rc<str>> {
        match self {
            Self::Mixed(_) => None,
            other => other.as_text(),
        }
    }
}

fn agreed<T: PartialEq>(cases: &[(Path, Value)], of: impl Fn(&Value) -> Option<T>) -> Option<T> {
    let mut all = cases.iter().map(|(_, v)| of(v));
    let first = all.next()??;
    all.all(|v| v.as_ref() == Some(&first)).then_some(first)
}

/// A number as the language writes it.
pub(super) fn number_text(n: f64) -> String {
    if n.is_nan() {
        "NaN".to_owned()
    } else if n.is_infinite() {
        if n > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if n == 0.0 {
        "0".to_owned()
    } else if n.abs() >= 1e21 || n.abs() < 1e-6 {
        let text = format!("{n:e}");
        if text.contains("e-") { text } else { text.replace('e', "e+") }
    } else {
        format!("{n}")
    }
}

/// A text as the language reads it where a number is wanted.
pub(super) fn number_of(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    let radix = |prefix: &str, base: u32| {
        text.strip_prefix(prefix).or_else(|| text.strip_prefix(&prefix.to_uppercase())).map(|digits| {
            u64::from_str_radix(digits, base).map_or(f64::NAN, |n| {
                #[expect(clippy::cast_precision_loss, reason = "numbers of the language are floats")]
                let n = n as f64;
                n
            })
        })
    };
    if let Some(n) = radix("0x", 16).or_else(|| radix("0o", 8)).or_else(|| radix("0b", 2)) {
        return n;
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b)) => text.parse().unwrap_or(f64::NAN),
        _ => f64::NAN,
    }
}
