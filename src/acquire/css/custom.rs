//! Fills in `var()` and `env()` from the custom properties an element has, within bounds that hostile values
//! cannot break.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

/// The custom properties an element has, its ancestors' included. An element that sets one more shares all others with
/// its parent: thousands may each set one below a root that sets thousands.
#[derive(Debug, Clone, Default)]
pub(super) struct Customs(Option<Rc<Node>>);

/// A tree by the bits of the names' hashes, from the highest down.
#[derive(Debug)]
enum Node {
    /// One property; without a value it was taken away.
    Leaf(Leaf),
    /// Where the hashes below part first: those without that bit, and those with it.
    Fork(u64, Rc<Node>, Rc<Node>),
}

#[derive(Debug)]
struct Leaf {
    hash: u64,
    name: Box<str>,
    value: Option<Rc<str>>,
}

impl Customs {
    pub(super) fn get(&self, name: &str) -> Option<&Rc<str>> {
        let hash = hash(name);
        let leaf = nearest(self.0.as_deref()?, hash);
        leaf.value.as_ref().filter(|_| *leaf.name == *name)
    }

    /// Sets a property, or takes it away.
    pub(super) fn set(&mut self, name: &str, value: Option<Rc<str>>) {
        let leaf = Leaf { hash: hash(name), name: name.into(), value };
        self.0 = Some(match self.0.take() {
            None => Rc::new(Node::Leaf(leaf)),
            Some(root) => {
                let apart = nearest(&root, leaf.hash).hash ^ leaf.hash;
                with(&root, leaf, apart)
            }
        });
    }
}

fn hash(name: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// The only leaf that may have this hash.
fn nearest(mut at: &Node, hash: u64) -> &Leaf {
    loop {
        match at {
            Node::Leaf(leaf) => return leaf,
            Node::Fork(bit, without, with) => at = if hash & bit == 0 { without } else { with },
        }
    }
}

/// The tree with one more leaf; `apart` is where its hash differs from that of the nearest one.
fn with(at: &Rc<Node>, leaf: Leaf, apart: u64) -> Rc<Node> {
    Rc::new(match &**at {
        // Each fork takes a lower bit than the one above it: it ends after 64.
        Node::Fork(bit, low, high) if *bit > apart => {
            let (low, high) = if leaf.hash & bit == 0 {
                (with(low, leaf, apart), Rc::clone(high))
            } else {
                (Rc::clone(low), with(high, leaf, apart))
            };
            Node::Fork(*bit, low, high)
        }
        _ if apart == 0 => Node::Leaf(leaf),
        _ => {
            let bit = 1 << (63 - apart.leading_zeros());
            let (old, high) = (Rc::clone(at), leaf.hash & bit != 0);
            let new = Rc::new(Node::Leaf(leaf));
            if high { Node::Fork(bit, old, new) } else { Node::Fork(bit, new, old) }
        }
    })
}

/// A value longer than this after filling in is not read.
const LONGEST: usize = 4096;
/// So many replacements in one value at most.
const MOST_STEPS: usize = 64;

/// The text with every `var()` and `env()` filled in; `None` when one is not known.
pub(super) fn substitute(text: &str, customs: &Customs) -> Option<String> {
    let mut text = text.to_owned();
    for _ in 0..MOST_STEPS {
        if text.len() > LONGEST {
            return None;
        }
        let Some(call) = last_call(&text) else { return Some(text) };
        let arguments = text.get(call.inside.clone())?;
        let (name, fallback) = match arguments.split_once(',') {
            Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
            None => (arguments.trim(), None),
        };
        let filled = match call.function {
            "var(" => match customs.get(name) {
                Some(value) => value.to_string(),
                None => fallback?.to_owned(),
            },
            "env(" => fallback.unwrap_or("0px").to_owned(),
            _ => return None,
        };
        let mut next = String::with_capacity(text.len() + filled.len());
        next.push_str(text.get(..call.start)?);
        next.push_str(&filled);
        next.push_str(text.get(call.inside.end + 1..).unwrap_or(""));
        text = next;
    }
    None
}

struct Call {
    function: &'static str,
    start: usize,
    inside: std::ops::Range<usize>,
}

/// The last call in a text: nothing is left to fill in inside it.
fn last_call(text: &str) -> Option<Call> {
    let lower = text.to_ascii_lowercase();
    let boundary = |at: usize| {
        let before = lower.as_bytes().get(at.wrapping_sub(1)).copied().unwrap_or(b' ');
        !(before.is_ascii_alphanumeric() || before == b'-' || before == b'_')
    };
    let found = ["var(", "env(", "attr("]
        .into_iter()
        .filter_map(|f| lower.rmatch_indices(f).map(|(at, _)| at).find(|at| boundary(*at)).map(|at| (at, f)))
        .max_by_key(|(at, _)| *at);
    let (start, function) = found?;
    let from = start + function.len();
    let mut depth = 1_usize;
    let mut end = text.len();
    for (i, byte) in text.as_bytes().iter().enumerate().skip(from) {
        match byte {
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            end = i;
            break;
        }
    }
    Some(Call { function, start, inside: from..end })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of<const N: usize>(all: [(&str, &str); N]) -> Customs {
        let mut customs = Customs::default();
        all.into_iter().for_each(|(name, value)| customs.set(name, Some(value.into())));
        customs
    }

    #[test]
    fn a_copy_that_changes_leaves_the_other_as_it_was() {
        let (mut all, mut copies) = (Customs::default(), Vec::new());
        for i in 0..500 {
            copies.push(all.clone());
            all.set(&format!("--n{i}"), Some(i.to_string().into()));
            all.set(&format!("--n{}", i / 2), Some("x".into()));
        }
        all.set("--n499", None);
        let value = |customs: &Customs, i: usize| customs.get(&format!("--n{i}")).map(|v| v.to_string());
        assert_eq!((value(&all, 499), value(&all, 500), value(&all, 3)), (None, None, Some("x".into())));
        for (n, copy) in copies.iter().enumerate() {
            for i in 0..500 {
                let expected = if i >= n {
                    None
                } else if 2 * i < n {
                    Some("x".into())
                } else {
                    Some(i.to_string())
                };
                assert_eq!(value(copy, i), expected, "{i} of {n}");
            }
        }
    }

    #[test]
    fn fills_in_and_falls_back() {
        let customs = of([("--a", "none"), ("--b", "var(--a)"), ("--c", "var(--c)")]);
        let fill = |text: &str| substitute(text, &customs);
        assert_eq!(fill("var(--b)").as_deref(), Some("none"));
        assert_eq!(fill("calc(var(--x, 2px) + env(y))").as_deref(), Some("calc(2px + 0px)"));
        assert_eq!(fill("var(--x, var(--a))").as_deref(), Some("none"));
        assert_eq!(fill("var(--x)"), None);
        assert_eq!(fill("var(--c)"), None, "a cycle ends");
    }

    #[test]
    fn growth_is_bounded() {
        let mut customs = Customs::default();
        for i in 0..40 {
            customs.set(&format!("--v{i}"), Some(format!("var(--v{}) var(--v{})", i + 1, i + 1).into()));
        }
        assert_eq!(substitute("var(--v0)", &customs), None);
    }
}
