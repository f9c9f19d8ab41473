//! A small set of the names an element's ancestors have. It refuses most selectors at once: it may say that a
//! name is there when it is not, never the other way round.

use scraper::ElementRef;

use super::{Combinator, Compound, Selector, Simple, States};

/// More names than this are not checked for one selector.
const MOST: usize = 6;

/// Names of ancestors, as bits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Above([u64; 16]);

/// A name a selector asks an ancestor to have.
#[derive(Debug, Clone)]
pub(crate) struct Needed {
    kind: Kind,
    hash: u32,
    /// The class, which a script may add.
    class: Option<Box<str>>,
}

/// What a name names; the rarer first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Id,
    Class,
    Type,
}

/// The first few names a selector asks its ancestors to have: enough to refuse most.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Glimpse([u32; 3]);

impl Glimpse {
    pub(crate) fn of(selector: &Selector) -> Self {
        let mut hashes = selector.above.iter().map(|n| n.hash);
        Self(std::array::from_fn(|_| hashes.next().unwrap_or(0)))
    }
}

/// FNV-1a over the name in lower case, so that it also serves pages in quirks mode.
fn hash(kind: u8, name: &str) -> u32 {
    let bytes = std::iter::once(kind).chain(name.bytes().map(|b| b.to_ascii_lowercase()));
    bytes.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

impl Above {
    /// The set for the children of an element, from the element's own.
    pub(crate) fn with(&self, el: ElementRef) -> Self {
        let mut all = self.clone();
        all.add(hash(b'<', el.value().name()));
        el.value().id().into_iter().for_each(|id| all.add(hash(b'#', id)));
        el.value().classes().for_each(|class| all.add(hash(b'.', class)));
        all
    }

    fn add(&mut self, hash: u32) {
        for bit in bits(hash) {
            self.0[bit / 64] |= 1 << (bit % 64);
        }
    }

    fn may_have(&self, hash: u32) -> bool {
        bits(hash).into_iter().all(|bit| self.0[bit / 64] & (1 << (bit % 64)) != 0)
    }

    /// Whether every ancestor may be there.
    pub(crate) fn may_match(&self, needed: Glimpse) -> bool {
        needed.0.iter().all(|hash| *hash == 0 || self.may_have(*hash))
    }

    /// Whether every ancestor the selector names may be there or come to be.
    pub(crate) fn may_come_to_match(&self, selector: &Selector, states: &States) -> bool {
        let comes = |n: &Needed| n.class.as_deref().is_some_and(|c| (states.class)(c, false).is_some());
        selector.above.iter().all(|n| self.may_have(n.hash) || comes(n))
    }
}

fn bits(hash: u32) -> [usize; 2] {
    [(hash & 1023) as usize, (hash >> 12 & 1023) as usize]
}

/// What a selector with these compounds asks of the ancestors of its subject.
pub(super) fn needed(before: &[(Combinator, Compound)]) -> Box<[Needed]> {
    let mut all = Vec::new();
    for (combinator, compound) in before {
        // An ancestor of a sibling is an ancestor too; a sibling is none.
        if matches!(combinator, Combinator::Descendant | Combinator::Child) {
            ask(compound, &mut all);
        }
    }
    // The rarer names first: they refuse most.
    all.sort_by_key(|n| n.kind);
    all.truncate(MOST);
    all.into()
}

fn ask(compound: &Compound, all: &mut Vec<Needed>) {
    for simple in &compound.simples {
        match simple {
            Simple::Id(id) => all.push(Needed { kind: Kind::Id, hash: hash(b'#', id), class: None }),
            Simple::Class(class) => {
                all.push(Needed { kind: Kind::Class, hash: hash(b'.', class), class: Some(class.clone()) })
            }
            Simple::Type(_, lower) => all.push(Needed { kind: Kind::Type, hash: hash(b'<', lower), class: None }),
            // The parent rule of a nested one.
            Simple::Is(list) if all.len() < MOST => {
                if let [only] = &**list {
                    ask(&only.last, all);
                    all.extend(only.above.iter().cloned());
                }
            }
            _ => {}
        }
    }
}
