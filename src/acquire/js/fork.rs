//! Both sides of a condition that is not known: guards in force, forks, and the places where ways join again.

use super::machine::{Exit, Machine, Run};
use super::path::{Guard, Path};
use super::value::Value;
use crate::snapshot::Doubt;

/// Conditions in force at once.
const MOST_HELD: usize = 600;

impl Exit<'_> {
    fn rank(self) -> u8 {
        match self {
            Self::Continue(_) => 0,
            Self::Break(_) => 1,
            Self::Return => 2,
            Self::Throw => 3,
            Self::Spent => 4,
        }
    }
}

/// A guard in force, and how the code that is left under the other side was left: where it ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held<'a> {
    guard: Guard,
    until: Option<Exit<'a>>,
}

/// What became of the two sides of an unknown condition.
pub(super) struct Forked<T> {
    /// Number of the condition.
    pub(super) fork: u32,
    /// Where it is true.
    pub(super) then: Option<T>,
    /// Where it is false.
    pub(super) other: Option<T>,
}

impl<'a> Machine<'a> {
    fn repath(&mut self) {
        self.path = Path::of(self.held.iter().map(|h| h.guard).collect());
    }

    /// How many guards are in force: to come back to with [`Self::release`].
    pub(super) fn holding(&self) -> usize {
        self.held.len()
    }

    /// Puts a guard in force until the code leaves as `until` says (or until the caller lets go).
    pub(super) fn hold(&mut self, guard: Guard, until: Option<Exit<'a>>) {
        self.held.push(Held { guard, until });
        self.repath();
    }

    /// Lets go of the guards since `from` for which `over` holds.
    pub(super) fn release(&mut self, from: usize, over: impl Fn(Option<Exit<'a>>) -> bool) {
        if self.held.len() <= from {
            return;
        }
        let mut index = 0;
        self.held.retain(|h| {
            index += 1;
            index <= from || !over(h.until)
        });
        self.repath();
    }

    /// Comes to the place where exits for which `over` holds end. Where only a part of the ways came here by such
    /// an exit and the rest left further, what follows runs under that part.
    pub(super) fn settle(&mut self, from: usize, result: Run<'a, ()>, over: impl Fn(Exit<'a>) -> bool) -> Run<'a, ()> {
        let ended = |until: Option<Exit<'a>>| until.is_some_and(&over);
        let arrived: Vec<Guard> = self.held.iter().skip(from).filter(|h| ended(h.until)).map(|h| h.guard).collect();
        self.release(from, ended);
        match result {
            Err(exit) if exit != Exit::Spent && over(exit) => Ok(()),
            Err(exit) if exit != Exit::Spent && !arrived.is_empty() => {
                let guard = match arrived.as_slice() {
                    [only] => only.other(),
                    _ => Guard { fork: self.doubt(Doubt::Condition), side: true },
                };
                self.hold(guard, Some(exit));
                Ok(())
            }
            other => other,
        }
    }

    /// Reads what runs however the code since `from` was left.
    pub(super) fn however_left<T>(&mut self, from: usize, read: impl FnOnce(&mut Self) -> T) -> T {
        let since = self.held.split_off(from.min(self.held.len()));
        self.repath();
        let result = read(self);
        self.held.extend(since);
        self.repath();
        result
    }

    /// Reads under a path, besides the one in force.
    pub(super) fn under<T>(&mut self, path: &Path, read: impl FnOnce(&mut Self) -> T) -> T {
        if path.is_always() {
            return read(self);
        }
        let from = self.held.len();
        self.held.extend(path.guards().iter().map(|g| Held { guard: *g, until: None }));
        self.repath();
        let count = path.guards().len();
        let result = read(self);
        let mut index = 0;
        self.held.retain(|_| {
            index += 1;
            index <= from || index > from + count
        });
        self.repath();
        result
    }

    /// Reads as a task of its own: only the given path is in force.
    pub(super) fn alone<T>(&mut self, path: &Path, read: impl FnOnce(&mut Self) -> T) -> T {
        let held = std::mem::take(&mut self.held);
        self.repath();
        let result = self.under(path, read);
        self.held = held;
        self.repath();
        result
    }

    /// Reads both sides of an unknown condition. Where one side leaves, what follows runs under the other.
    pub(super) fn fork<T>(
        &mut self,
        doubt: Doubt,
        then: impl FnOnce(&mut Self) -> Run<'a, T>,
        other: impl FnOnce(&mut Self) -> Run<'a, T>,
    ) -> Run<'a, Forked<T>> {
        if self.held.len() > MOST_HELD {
            return Err(Exit::Spent);
        }
        let fork = self.doubt(doubt);
        let (yes, no) = (Guard { fork, side: true }, Guard { fork, side: false });
        let a = self.under(&Path::of(vec![yes]), then);
        if matches!(a, Err(Exit::Spent)) {
            return Err(Exit::Spent);
        }
        let b = self.under(&Path::of(vec![no]), other);
        self.risky |= matches!(a, Err(Exit::Throw)) || matches!(b, Err(Exit::Throw));
        match (a, b) {
            (_, Err(Exit::Spent)) => Err(Exit::Spent),
            (Ok(a), Ok(b)) => Ok(Forked { fork, then: Some(a), other: Some(b) }),
            (Ok(a), Err(exit)) => {
                self.hold(yes, Some(exit));
                Ok(Forked { fork, then: Some(a), other: None })
            }
            (Err(exit), Ok(b)) => {
                self.hold(no, Some(exit));
                Ok(Forked { fork, then: None, other: Some(b) })
            }
            (Err(a), Err(b)) if a == b => Err(a),
            (Err(a), Err(b)) if a.rank() <= b.rank() => {
                self.hold(yes, Some(b));
                Err(a)
            }
            (Err(a), Err(b)) => {
                self.hold(no, Some(a));
                Err(b)
            }
        }
    }

    /// The value of an unknown choice between two expressions.
    pub(super) fn either(
        &mut self,
        then: impl FnOnce(&mut Self) -> Run<'a, Value>,
        other: impl FnOnce(&mut Self) -> Run<'a, Value>,
    ) -> Run<'a, Value> {
        let forked = self.fork(Doubt::Condition, then, other)?;
        let fork = forked.fork;
        let mut cases = Vec::new();
        if let Some(b) = forked.other {
            cases.push((Path::of(vec![Guard { fork, side: false }]), b));
        }
        if let Some(a) = forked.then {
            cases.push((Path::of(vec![Guard { fork, side: true }]), a));
        }
        if let [(_, only)] = cases.as_slice() {
            return Ok(only.clone());
        }
        Ok(Value::choice(cases))
    }

    /// Reads something that may or may not happen.
    pub(super) fn maybe(&mut self, doubt: Doubt, read: impl FnOnce(&mut Self) -> Run<'a, ()>) -> Run<'a, ()> {
        self.fork(doubt, read, |_| Ok(())).map(|_| ())
    }

    /// Does the same with every alternative of a value, each under its conditions.
    pub(super) fn each_case(
        &mut self,
        value: &Value,
        mut read: impl FnMut(&mut Self, &Value) -> Run<'a, Value>,
    ) -> Run<'a, Value> {
        let Value::Choice(cases) = value else { return read(self, value) };
        let mut results = Vec::new();
        let mut left = None;
        let mut gone: Vec<(Path, Exit<'a>)> = Vec::new();
        let mut earlier: Vec<Guard> = Vec::new();
        for (path, case) in cases.iter() {
            if path.excludes(&self.path) {
                continue;
            }
            // Where a newer case holds for certain, an older one does not.
            let asks = path.beyond(&self.path);
            let only = Path::of(earlier.clone());
            if asks.excludes(&only) {
                continue;
            }
            match self.under(&path.and(&only), |m| read(m, case)) {
                Ok(value) => results.push((path.clone(), value)),
                Err(Exit::Spent) => return Err(Exit::Spent),
                Err(exit) => {
                    gone.push((asks.clone(), exit));
                    left = Some(exit);
                }
            }
            if let [guard] = asks.guards() {
                earlier.push(guard.other());
            }
        }
        if !results.is_empty() {
            for (asks, exit) in gone {
                self.risky = true;
                let guard = match asks.guards() {
                    [guard] => guard.other(),
                    _ => Guard { fork: self.doubt(Doubt::Condition), side: true },
                };
                self.hold(guard, Some(exit));
            }
        }
        match (results.is_empty(), left) {
            (true, Some(exit)) => Err(exit),
            _ => Ok(Value::choice(results)),
        }
    }
}
