//! Reads the methods of lists. A queue is a list, so this is where commands come and go.

use super::expression::MOST_ITEMS;
use super::heap::{At, Item, Kind, ObjectId};
use super::machine::{Machine, Run};
use super::value::{GAP, Value};
use crate::snapshot::Doubt;

impl<'a> Machine<'a> {
    /// Calls a method of a list.
    pub(super) fn list_method(&mut self, this: &Value, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        if let Value::Choice(_) = this {
            return self.each_case(this, |m, case| m.list_method(case, method, arguments, at));
        }
        let id = match this {
            Value::Object(id) if matches!(self.heap[id.0].kind, Kind::List(_)) => *id,
            Value::Undefined | Value::Null => return Err(super::machine::Exit::Throw),
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                return Ok(Value::Unknown);
            }
        };
        self.charge(8 * self.count(id) * usize::from(method != "push"));
        let number = |i: usize| arguments.get(i).map(Value::number);
        match method {
            "push" => {
                for value in arguments {
                    self.append(id, value.clone(), at);
                }
                self.record.cover_if_list(id, at);
                self.object_member_length(id, at)
            }
            "unshift" => {
                self.record.cover_if_list(id, at);
                let path = self.path_into(id);
                if let Kind::List(items) = &mut self.heap[id.0].kind {
                    let new = arguments.iter().map(|v| Item { value: v.clone(), path: path.clone(), at });
                    items.splice(0..0, new);
                    items.truncate(MOST_ITEMS);
                }
                Ok(Value::Unknown)
            }
            "pop" | "shift" => {
                self.record.cover_if_list(id, at);
                let count = self.count(id);
                let from = if method == "pop" { count.saturating_sub(1) } else { 0 };
                let taken = self.take_items(id, from, (from + 1).min(count), at);
                Ok(taken
                    .into_iter()
                    .next()
                    .map_or(if count == 0 { Value::Undefined } else { Value::Unknown }, |i| i.value))
            }
            "splice" => self.splice(id, arguments, at),
            "concat" => {
                let mut items = self.raw(id);
                for argument in arguments {
                    match self.raw_items(argument).filter(|_| matches!(argument, Value::Object(_))) {
                        Some(more) => items.extend(more),
                        None => items.push(Item { value: argument.clone(), path: self.path.clone(), at }),
                    }
                }
                Ok(self.list_of(items, at))
            }
            "slice" if arguments.is_empty() || number(0).flatten() == Some(0.0) && arguments.len() == 1 => {
                let items = self.raw(id);
                Ok(self.list_of(items, at))
            }
            "slice" => {
                let items = self.raw(id);
                let (Some(from), Some(to)) =
                    (index(arguments.first(), items.len(), 0), index(arguments.get(1), items.len(), items.len()))
                else {
                    return Ok(Value::Unknown);
                };
                let part = items.into_iter().take(to).skip(from).collect();
                Ok(self.list_of(part, at))
            }
            "reverse" => {
                if let Kind::List(items) = &mut self.heap[id.0].kind {
                    items.reverse();
                }
                Ok(Value::Object(id))
            }
            "sort" | "fill" | "copyWithin" => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Object(id))
            }
            "join" => {
                let separator = arguments.first().map_or(Some(",".into()), Value::as_text);
                let Some(items) = self.items_of(&Value::Object(id)) else {
                    return Ok(Value::Mixed(GAP.to_string().into()));
                };
                let mut pieces = Vec::new();
                for (i, item) in items.iter().enumerate() {
                    if i > 0 {
                        pieces.push(separator.clone());
                    }
                    pieces.push(if item.nullish() == Some(true) { Some("".into()) } else { self.text_of(item) });
                }
                Ok(Value::joined(&pieces))
            }
            "forEach" | "map" | "filter" | "some" | "every" | "find" | "findIndex" | "flatMap" => {
                self.each_item(id, method, arguments, at)
            }
            "reduce" => self.reduce(id, arguments, at),
            "indexOf" | "includes" => {
                let wanted = arguments.first().cloned().unwrap_or(Value::Undefined);
                let Some(items) = self.items_of(&Value::Object(id)) else { return Ok(Value::Unknown) };
                let found: Option<Vec<bool>> = items.iter().map(|i| i.strictly(&wanted)).collect();
                Ok(match (found, method) {
                    (None, _) => Value::Unknown,
                    (Some(f), "includes") => Value::Bool(f.contains(&true)),
                    (Some(f), _) => f.iter().position(|b| *b).map_or(Value::Num(-1.0), super::member::length),
                })
            }
            "entries" | "keys" | "values" => {
                let items = self.raw(id);
                let mut all = Vec::with_capacity(items.len());
                for (i, item) in items.into_iter().enumerate() {
                    let value = match method {
                        "keys" => super::member::length(i),
                        "values" => item.value,
                        _ => self.list(vec![super::member::length(i), item.value], at),
                    };
                    all.push(Item { value, path: item.path, at: item.at });
                }
                Ok(self.list_of(all, at))
            }
            "flat" => {
                let mut flat = Vec::new();
                for item in self.raw(id) {
                    match self.raw_items(&item.value).filter(|_| matches!(item.value, Value::Object(_))) {
                        Some(inner) => flat.extend(inner),
                        None => flat.push(item),
                    }
                }
                Ok(self.list_of(flat, at))
            }
            "at" => match (arguments.first().and_then(Value::number), self.items_of(&Value::Object(id))) {
                (Some(_), Some(items)) => Ok(index(arguments.first(), items.len(), 0)
                    .and_then(|i| items.get(i).cloned())
                    .unwrap_or(Value::Undefined)),
                _ => Ok(Value::Unknown),
            },
            "toString" => Ok(Value::joined(&[self.text_of(&Value::Object(id))])),
            _ => {
                arguments.iter().for_each(|a| self.hand_out(a));
                Ok(Value::Unknown)
            }
        }
    }

    fn object_member_length(&mut self, id: ObjectId, at: At) -> Run<'a, Value> {
        self.member(&Value::Object(id), "length", at)
    }

    fn count(&self, id: ObjectId) -> usize {
        match &self.heap[id.0].kind {
            Kind::List(items) => items.iter().filter(|i| !i.path.excludes(&self.path)).count(),
            _ => 0,
        }
    }

    fn raw(&self, id: ObjectId) -> Vec<Item> {
        match &self.heap[id.0].kind {
            Kind::List(items) => items.clone(),
            _ => Vec::new(),
        }
    }

    /// A new list of these items.
    pub(super) fn list_of(&mut self, items: Vec<Item>, at: At) -> Value {
        if items.len() > MOST_ITEMS {
            return Value::Unknown;
        }
        Value::Object(self.object(Kind::List(items), at))
    }

    fn splice(&mut self, id: ObjectId, arguments: &[Value], at: At) -> Run<'a, Value> {
        self.record.cover_if_list(id, at);
        let count = self.count(id);
        let from = index(arguments.first(), count, count);
        let number = match arguments.get(1) {
            None => from.map(|f| count - f),
            Some(v) => v.number().map(|n| {
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "cut to the list's length")]
                let n = n.max(0.0) as usize;
                n
            }),
        };
        let (Some(from), Some(number)) = (from, number) else {
            self.queue_doubted(id, Doubt::Value, at);
            return Ok(Value::Unknown);
        };
        let taken = self.take_items(id, from, from.saturating_add(number).min(count), at);
        let path = self.path_into(id);
        if let Kind::List(items) = &mut self.heap[id.0].kind {
            let from = from.min(items.len());
            let new = arguments.iter().skip(2).map(|v| Item { value: v.clone(), path: path.clone(), at });
            items.splice(from..from, new);
        }
        Ok(self.list_of(taken, at))
    }

    /// Calls a function with every item, each under the item's own conditions.
    fn each_item(&mut self, id: ObjectId, method: &str, arguments: &[Value], at: At) -> Run<'a, Value> {
        let callback = arguments.first().cloned().unwrap_or(Value::Undefined);
        let this = arguments.get(1).cloned().unwrap_or(Value::Undefined);
        let mut results = Vec::new();
        let mut verdicts = Vec::new();
        for (i, item) in self.raw(id).into_iter().enumerate() {
            if item.path.excludes(&self.path) {
                continue;
            }
            let beyond = item.path.beyond(&self.path);
            let values = [item.value.clone(), super::member::length(i), Value::Object(id)];
            let value = self.under(&beyond, |m| m.invoke(&callback, &this, &values, at))?;
            verdicts.push(value.truth());
            match method {
                "filter" => match value.truth() {
                    Some(true) => results.push(item),
                    Some(false) => {}
                    None => {
                        let fork = self.doubt(Doubt::Condition);
                        let guard = super::path::Path::of(vec![super::path::Guard { fork, side: true }]);
                        results.push(Item { path: item.path.and(&guard), ..item });
                    }
                },
                "find" if value.truth() == Some(true) && verdicts.iter().rev().skip(1).all(|v| *v == Some(false)) => {
                    return Ok(item.value);
                }
                "some" if value.truth() == Some(true) => return Ok(Value::Bool(true)),
                "every" if value.truth() == Some(false) => return Ok(Value::Bool(false)),
                "flatMap" => match self.raw_items(&value).filter(|_| matches!(value, Value::Object(_))) {
                    Some(inner) => results.extend(inner),
                    None => results.push(Item { value, path: item.path, at: item.at }),
                },
                _ => results.push(Item { value, path: item.path, at: item.at }),
            }
        }
        let all = |b: bool| verdicts.iter().all(|v| *v == Some(b));
        Ok(match method {
            "forEach" => Value::Undefined,
            "some" if all(false) => Value::Bool(false),
            "every" if all(true) => Value::Bool(true),
            "find" if all(false) => Value::Undefined,
            "map" | "filter" | "flatMap" => self.list_of(results, at),
            _ => Value::Unknown,
        })
    }

    fn reduce(&mut self, id: ObjectId, arguments: &[Value], at: At) -> Run<'a, Value> {
        let callback = arguments.first().cloned().unwrap_or(Value::Undefined);
        let Some(items) = self.items_of(&Value::Object(id)) else {
            self.hand_out(&callback);
            return Ok(Value::Unknown);
        };
        let mut items = items.into_iter().enumerate();
        let mut sum = match arguments.get(1) {
            Some(initial) => initial.clone(),
            None => items.next().map_or(Value::Undefined, |(_, v)| v),
        };
        for (i, item) in items {
            sum = self.invoke(
                &callback,
                &Value::Undefined,
                &[sum, item, super::member::length(i), Value::Object(id)],
                at,
            )?;
        }
        Ok(sum)
    }
}

/// A position given by an argument: negative ones count from the end; `None` when it is not known.
pub(super) fn index(argument: Option<&Value>, count: usize, missing: usize) -> Option<usize> {
    let n = match argument {
        None | Some(Value::Undefined) => return Some(missing),
        Some(value) => value.number()?,
    };
    let n = if n.is_nan() { 0.0 } else { n.trunc() };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "cut to the list's length, which is small"
    )]
    let place = if n < 0.0 { (count as f64 + n).max(0.0) as usize } else { n as usize };
    Some(place.min(count))
}
