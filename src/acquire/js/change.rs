//! Setting and deleting properties, and putting items into lists and taking them out.

use std::rc::Rc;

use super::heap::{At, Item, Kind, ObjectId};
use super::machine::{Exit, Machine, Run};
use super::value::Value;
use crate::snapshot::Doubt;

impl<'a> Machine<'a> {
    /// Sets a property whose name may not be known.
    pub(super) fn set_by_key(&mut self, object: &Value, key: Option<Rc<str>>, value: Value, at: At) -> Run<'a, ()> {
        if let Some(key) = key {
            return self.set_member(object, &key, value, at);
        }
        match object {
            Value::Undefined | Value::Null => Err(Exit::Throw),
            Value::Object(id) if matches!(self.heap[id.0].kind, Kind::List(_)) => {
                // Most likely one past the end, or a place that holds something else already.
                self.append(*id, value, at);
                Ok(())
            }
            Value::Object(id) => {
                let id = *id;
                self.hand_out(&value);
                self.heap[id.0].handed_out = true;
                Ok(())
            }
            _ => {
                self.hand_out(&value);
                Ok(())
            }
        }
    }

    /// Sets a property.
    pub(super) fn set_member(&mut self, object: &Value, key: &str, value: Value, at: At) -> Run<'a, ()> {
        self.step()?;
        match object {
            Value::Undefined | Value::Null => Err(Exit::Throw),
            Value::Unknown | Value::Thing => {
                self.set_on_stranger(key, &value);
                Ok(())
            }
            Value::Native(name) => {
                let name = name.clone();
                self.set_native(&name, key, value, at)
            }
            Value::Object(id) => self.set_object(*id, key, value, at),
            Value::Choice(_) => {
                self.each_case(object, |m, case| {
                    m.set_member(case, key, value.clone(), at).map(|()| Value::Undefined)
                })?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn set_object(&mut self, id: ObjectId, key: &str, value: Value, at: At) -> Run<'a, ()> {
        if key == "__proto__" {
            if let Value::Object(proto) = value {
                self.heap[id.0].proto = Some(proto);
            }
            return Ok(());
        }
        match &self.heap[id.0].kind {
            Kind::List(items) => {
                let count = items.iter().filter(|i| !i.path.excludes(&self.path)).count();
                let sure = items.iter().all(|i| self.path.implies(&i.path) || i.path.excludes(&self.path));
                match (key, key.parse::<usize>(), &value) {
                    #[expect(clippy::cast_precision_loss, reason = "numbers of the language are floats")]
                    ("length", _, Value::Num(n)) if *n < count as f64 => {
                        #[expect(
                            clippy::cast_possible_truncation,
                            clippy::cast_sign_loss,
                            reason = "checked against the count"
                        )]
                        let keep = n.max(0.0) as usize;
                        self.record.cover_if_list(id, at);
                        self.take_items(id, keep, count, at);
                        return Ok(());
                    }
                    ("length", _, Value::Num(_)) => return Ok(()),
                    ("length", ..) => {
                        self.queue_doubted(id, Doubt::Value, at);
                        return Ok(());
                    }
                    (_, Ok(i), _) if i >= count || !sure => {
                        self.append(id, value, at);
                        return Ok(());
                    }
                    (_, Ok(i), _) => {
                        self.record.cover_if_list(id, at);
                        let path = self.path_into(id);
                        self.take_items(id, i, i + 1, at);
                        if let Kind::List(items) = &mut self.heap[id.0].kind {
                            let i = i.min(items.len());
                            items.insert(i, Item { value, path, at });
                        }
                        return Ok(());
                    }
                    _ => {}
                }
            }
            Kind::Element(_) => return self.set_on_element(id, key, value, at),
            _ => {}
        }
        let value = self.drifting(value);
        if self.heap[id.0].handed_out {
            self.hand_out(&value);
        }
        let path = self.path.clone();
        self.heap[id.0].getters.retain(|(k, _)| &**k != key);
        self.heap[id.0].slots.entry(key.into()).or_default().write(&path, value, at);
        Ok(())
    }

    /// Reads `delete object.key`.
    pub(super) fn delete(&mut self, object: &Value, key: &str, at: At) {
        match object {
            Value::Native(name) if &**name == "window" => {
                // `var` cannot be deleted, but what the library finds is the same to us as long as it is a property
                // set by assignment; a declared one keeps its value.
                if self.record.declared.contains(key) {
                    return;
                }
                let _ = self.write_window(key, Value::Undefined, at);
            }
            Value::Object(id) => {
                let path = self.path.clone();
                if path.is_always() {
                    self.heap[id.0].slots.shift_remove(key);
                } else if let Some(slot) = self.heap[id.0].slots.get_mut(key) {
                    slot.write(&path, Value::Undefined, at);
                }
            }
            _ => {}
        }
    }

    /// Puts a value at the end of a list.
    pub(super) fn append(&mut self, id: ObjectId, value: Value, at: At) {
        let path = self.path_into(id);
        self.record.cover_if_list(id, at);
        if self.heap[id.0].handed_out {
            self.hand_out(&value);
        }
        if let Kind::List(items) = &mut self.heap[id.0].kind
            && items.len() < super::expression::MOST_ITEMS
        {
            items.push(Item { value, path, at });
        }
    }

    /// Takes the items `from..to` out of a list; those that may have been taken only by chance stay, in doubt.
    pub(super) fn take_items(&mut self, id: ObjectId, from: usize, to: usize, at: At) -> Vec<Item> {
        let path = self.path.clone();
        let Kind::List(items) = &mut self.heap[id.0].kind else { return Vec::new() };
        // Where an item before may be missing, a position means another item.
        let present = items.iter().filter(|i| !i.path.excludes(&path)).count();
        let all = from == 0 && to >= present;
        let unsure = items.iter().any(|i| !path.implies(&i.path) && !i.path.excludes(&path));
        let (mut taken, mut kept, mut doubtful) = (Vec::new(), Vec::new(), unsure && !all && from < to);
        let mut position = 0;
        for item in std::mem::take(items) {
            if item.path.excludes(&path) {
                kept.push(item);
                continue;
            }
            let wanted = (from..to).contains(&position);
            position += 1;
            if !wanted {
                kept.push(item);
            } else if item.path.implies(&path) {
                taken.push(item);
            } else {
                doubtful = true;
                kept.push(item);
            }
        }
        *items = kept;
        if doubtful {
            self.queue_doubted(id, Doubt::Condition, at);
        }
        self.record.lost(id, &taken);
        taken
    }
}
