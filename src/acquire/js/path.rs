//! Under which unknown conditions something holds: guards, paths of guards, and slots whose versions carry paths.
//! This is what lets one pass over a script stand for every way a browser could take through it.
//! It knows nothing of JavaScript beyond that.

use std::rc::Rc;

use super::heap::At;
use super::value::Value;

/// One side of one unknown condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Guard {
    /// Number of the condition.
    pub(super) fork: u32,
    /// Which side was taken.
    pub(super) side: bool,
}

impl Guard {
    /// The other side of the same condition.
    pub(super) fn other(self) -> Self {
        Self { fork: self.fork, side: !self.side }
    }
}

/// A set of guards that hold together, sorted. The empty path holds always.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Path(Option<Rc<[Guard]>>);

impl Path {
    /// The guards, sorted by condition.
    pub(super) fn guards(&self) -> &[Guard] {
        self.0.as_deref().unwrap_or(&[])
    }

    /// A path of these guards.
    pub(super) fn of(mut guards: Vec<Guard>) -> Self {
        if guards.is_empty() {
            return Self(None);
        }
        guards.sort_unstable();
        guards.dedup();
        Self(Some(guards.into()))
    }

    /// Holds always.
    pub(super) fn is_always(&self) -> bool {
        self.0.is_none()
    }

    /// Whether `other` holds whenever `self` does.
    pub(super) fn implies(&self, other: &Self) -> bool {
        let mine = self.guards();
        other.guards().iter().all(|g| mine.binary_search(g).is_ok())
    }

    /// Whether the two can never hold together.
    pub(super) fn excludes(&self, other: &Self) -> bool {
        let mine = self.guards();
        !mine.is_empty() && other.guards().iter().any(|g| mine.binary_search(&g.other()).is_ok())
    }

    /// Both together.
    pub(super) fn and(&self, other: &Self) -> Self {
        if self.is_always() {
            return other.clone();
        }
        if other.is_always() {
            return self.clone();
        }
        Self::of(self.guards().iter().chain(other.guards()).copied().collect())
    }

    /// What `self` asks beyond `known`.
    pub(super) fn beyond(&self, known: &Self) -> Self {
        if self.is_always() || known.is_always() {
            return self.clone();
        }
        let known = known.guards();
        Self::of(self.guards().iter().filter(|g| known.binary_search(g).is_err()).copied().collect())
    }

    /// The same path without one guard.
    pub(super) fn without(&self, guard: Guard) -> Self {
        Self::of(self.guards().iter().filter(|g| **g != guard).copied().collect())
    }

    /// The guard by which the two paths differ when they are complements of each other.
    pub(super) fn complement(&self, other: &Self) -> Option<Guard> {
        let (mine, theirs) = (self.guards(), other.guards());
        if mine.len() != theirs.len() {
            return None;
        }
        let mut differing = mine.iter().zip(theirs).filter(|(a, b)| a != b);
        let (a, b) = differing.next()?;
        (differing.next().is_none() && a.other() == *b).then_some(*a)
    }
}

/// A value that was written under a path.
#[derive(Debug, Clone)]
pub(super) struct Version {
    /// When it was written.
    pub(super) path: Path,
    /// What.
    pub(super) value: Value,
    /// Where.
    pub(super) at: At,
}

/// A variable or property: its versions, oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Slot {
    /// Versions that a later one has not hidden for certain.
    pub(super) versions: Vec<Version>,
}

/// More versions than this are not told apart.
const MOST_VERSIONS: usize = 24;

impl Slot {
    /// A slot that holds one value always.
    pub(super) fn holding(value: Value, at: At) -> Self {
        Self { versions: vec![Version { path: Path::default(), value, at }] }
    }

    /// Writes a value under a path.
    pub(super) fn write(&mut self, path: &Path, value: Value, at: At) {
        self.versions.retain(|v| !v.path.implies(path));
        if self.versions.len() >= MOST_VERSIONS {
            self.versions = vec![Version { path: Path::default(), value: Value::Unknown, at }];
            return;
        }
        self.versions.push(Version { path: path.clone(), value, at });
    }

    /// The versions that can be seen under a path, newest first, each with what it asks beyond that path,
    /// and whether they cover every case.
    pub(super) fn seen(&self, under: &Path) -> (Vec<(Path, &Version)>, bool) {
        let mut found: Vec<(Path, &Version)> = Vec::new();
        for version in self.versions.iter().rev() {
            if version.path.excludes(under) {
                continue;
            }
            let asks = version.path.beyond(under);
            let last =
                asks.is_always() || found.iter().any(|(p, _)| p.guards().len() == 1 && p.complement(&asks).is_some());
            found.push((asks, version));
            if last {
                return (found, true);
            }
        }
        (found, false)
    }

    /// What a read under a path gives; `base` is what it gives where nothing was written.
    pub(super) fn read(&self, under: &Path, base: impl FnOnce() -> Value) -> Value {
        let (found, covered) = self.seen(under);
        if let ([(_, only)], true) = (found.as_slice(), covered) {
            return only.value.clone();
        }
        let mut cases: Vec<(Path, Value)> = found.into_iter().map(|(p, v)| (p, v.value.clone())).collect();
        if !covered {
            cases.push((Path::default(), base()));
        }
        Value::choice(cases)
    }
}
