//! Pseudo-classes and pseudo-elements of selectors: which are known, and what they ask of an element.

use cssparser::{Delimiter, Parser, Token, parse_nth};

use super::parse::{Context, DEEPEST, Parsed, Reading, complex, forgiving, invalid, leading, list};
use super::{Change, Combinator, Compound, Nth, Selector, Simple, Subject, add, highest, pack};

pub(super) fn pseudo<'i>(
    p: &mut Parser<'i>,
    context: Context,
    simples: &mut Vec<Simple>,
    reading: &mut Reading,
) -> Parsed<()> {
    let token = p.next_including_whitespace()?.clone();
    match token {
        Token::Colon => {
            let name = match p.next_including_whitespace()?.clone() {
                Token::Ident(name) => name,
                Token::Function(name) => {
                    p.parse_nested_block(|p| {
                        while p.next().is_ok() {}
                        Parsed::Ok(())
                    })?;
                    name
                }
                _ => return invalid(),
            };
            pseudo_element(&name.to_ascii_lowercase(), context, reading)
        }
        Token::Ident(name) => {
            let name = name.to_ascii_lowercase();
            if matches!(name.as_str(), "before" | "after" | "first-line" | "first-letter") {
                return pseudo_element(&name, context, reading);
            }
            let Some(simple) = plain(&name) else { return invalid() };
            if reading.subject == Subject::Element {
                simples.extend(simple);
            }
            reading.specificity = add(reading.specificity, pack(0, 1, 0));
            Ok(())
        }
        Token::Function(name) if reading.subject == Subject::Element => {
            let name = name.to_ascii_lowercase();
            let deeper = Context { depth: context.depth + 1, ..context };
            if deeper.depth > DEEPEST {
                return invalid();
            }
            let (simple, weight) = p.parse_nested_block(|p| functional(p, &name, deeper, reading))?;
            reading.specificity = add(reading.specificity, weight);
            simples.push(simple);
            Ok(())
        }
        _ => invalid(),
    }
}

fn pseudo_element(name: &str, context: Context, reading: &mut Reading) -> Parsed<()> {
    const KNOWN: [&str; 17] = [
        "before",
        "after",
        "first-line",
        "first-letter",
        "marker",
        "placeholder",
        "selection",
        "backdrop",
        "cue",
        "file-selector-button",
        "part",
        "slotted",
        "grammar-error",
        "spelling-error",
        "target-text",
        "details-content",
        "view-transition",
    ];
    if context.depth > 0 || !(KNOWN.contains(&name) || name.starts_with("-webkit-")) {
        return invalid();
    }
    reading.specificity = add(reading.specificity, pack(0, 0, 1));
    reading.subject = match (name, reading.subject) {
        ("before" | "after", Subject::Element) => Subject::Generated,
        _ => Subject::OtherBox,
    };
    Ok(())
}

/// Pseudo-classes without arguments.
fn plain(name: &str) -> Option<Vec<Simple>> {
    let nth = |of_type, from_end| Simple::Nth(Nth { a: 0, b: 1, of: None, of_type, from_end });
    Some(match name {
        "root" | "scope" => vec![Simple::Root],
        "empty" => vec![Simple::Empty],
        "link" | "any-link" | "-webkit-any-link" => vec![Simple::Link],
        "first-child" => vec![nth(false, false)],
        "last-child" => vec![nth(false, true)],
        "only-child" => vec![nth(false, false), nth(false, true)],
        "first-of-type" => vec![nth(true, false)],
        "last-of-type" => vec![nth(true, true)],
        "only-of-type" => vec![nth(true, false), nth(true, true)],
        "checked" => vec![Simple::Toggled("checked")],
        "open" => vec![Simple::Toggled("open")],
        "disabled" => vec![Simple::Flagged("disabled", true)],
        "enabled" => vec![Simple::Flagged("disabled", false)],
        "required" => vec![Simple::Flagged("required", true)],
        "optional" => vec![Simple::Flagged("required", false)],
        "hover" | "focus" | "focus-within" | "focus-visible" | "active" => vec![Simple::Pointed],
        "target" => vec![Simple::Target],
        "target-within" | "visited" | "popover-open" | "user-valid" | "user-invalid" | "autofill"
        | "-webkit-autofill" | "invalid" | "valid" | "in-range" | "out-of-range" | "placeholder-shown"
        | "indeterminate" | "default" | "read-only" | "read-write" | "blank" => vec![Simple::Later(Change::Person)],
        "fullscreen" | "-webkit-full-screen" | "modal" | "picture-in-picture" | "paused" | "playing" => {
            vec![Simple::Later(Change::Script)]
        }
        "defined" => vec![Simple::Any],
        "host" | "current" | "past" | "future" | "-webkit-drag" | "state" => vec![Simple::Never],
        _ => return None,
    })
}

fn functional<'i>(p: &mut Parser<'i>, name: &str, context: Context, reading: &mut Reading) -> Parsed<(Simple, u32)> {
    let one_class = pack(0, 1, 0);
    Ok(match name {
        "is" | "where" | "-webkit-any" | "matches" => {
            let inner = forgiving(p, context);
            reading.names_parent |= inner.iter().any(|s| s.names_parent);
            let weight = if name == "where" { 0 } else { highest(&inner) };
            (Simple::Is(inner.into()), weight)
        }
        "not" => {
            let inner = list(p, context, false)?;
            reading.names_parent |= inner.iter().any(|s| s.names_parent);
            let weight = highest(&inner);
            (Simple::Not(inner.into()), weight)
        }
        "has" => {
            if context.in_has {
                return invalid();
            }
            let context = Context { in_has: true, ..context };
            let inner: Vec<Selector> = p.parse_comma_separated(|p| {
                let first = leading(p).unwrap_or(Combinator::Descendant);
                let mut selector = complex(p, context)?;
                selector.before.push((first, Compound { simples: vec![Simple::Anchor] }));
                Ok(selector)
            })?;
            reading.names_parent |= inner.iter().any(|s| s.names_parent);
            let weight = highest(&inner);
            (Simple::Has(inner.into()), weight)
        }
        "nth-child" | "nth-last-child" | "nth-of-type" | "nth-last-of-type" => {
            let (a, b) = parse_nth(p)?;
            let of_type = name.ends_with("of-type");
            let of = if !of_type && p.try_parse(|p| p.expect_ident_matching("of")).is_ok() {
                Some(list(p, context, false)?)
            } else {
                None
            };
            let weight = add(one_class, of.as_deref().map_or(0, highest));
            let nth = Nth { a, b, of: of.map(Into::into), of_type, from_end: name.contains("last") };
            (Simple::Nth(nth), weight)
        }
        "lang" => {
            let tags = p.parse_comma_separated(|p| Ok(p.expect_ident_or_string()?.to_ascii_lowercase()))?;
            (Simple::Lang(tags), one_class)
        }
        "dir" => {
            let ltr = p.expect_ident()?.eq_ignore_ascii_case("ltr");
            (if ltr { Simple::Any } else { Simple::Never }, one_class)
        }
        "host" | "host-context" | "state" | "active-view-transition-type" => {
            p.parse_until_before(Delimiter::None, |p| {
                while p.next().is_ok() {}
                Parsed::Ok(())
            })?;
            (Simple::Never, one_class)
        }
        _ => return invalid(),
    })
}
