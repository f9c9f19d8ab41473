//! Fills in `var()` and `env()` from the custom properties an element has, within bounds that hostile values
//! cannot break.

use std::collections::HashMap;
use std::rc::Rc;

/// The custom properties an element has, its ancestors' included.
pub(super) type Customs = HashMap<Box<str>, Rc<str>>;

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

    #[test]
    fn fills_in_and_falls_back() {
        let customs: Customs =
            [("--a".into(), "none".into()), ("--b".into(), "var(--a)".into()), ("--c".into(), "var(--c)".into())]
                .into();
        let fill = |text: &str| substitute(text, &customs);
        assert_eq!(fill("var(--b)").as_deref(), Some("none"));
        assert_eq!(fill("calc(var(--x, 2px) + env(y))").as_deref(), Some("calc(2px + 0px)"));
        assert_eq!(fill("var(--x, var(--a))").as_deref(), Some("none"));
        assert_eq!(fill("var(--x)"), None);
        assert_eq!(fill("var(--c)"), None, "a cycle ends");
    }

    #[test]
    fn growth_is_bounded() {
        let customs: Customs = (0..40)
            .map(|i| (format!("--v{i}").into(), format!("var(--v{}) var(--v{})", i + 1, i + 1).into()))
            .collect();
        assert_eq!(substitute("var(--v0)", &customs), None);
    }
}
