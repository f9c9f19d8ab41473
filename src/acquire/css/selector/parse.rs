//! Reads selectors from text after Selectors Level 4. One unknown part makes a list invalid, except inside
//! `:is()` and `:where()`, as browsers do.

use std::rc::Rc;

use cssparser::{Delimiter, ParseError, Parser, Token, parse_nth};

use super::{
    Attribute, Combinator, Compound, Namespaces, Nth, Operator, Selector, Simple, Subject, add, highest, pack,
};
use crate::acquire::css::selector::Change;

type Parsed<T> = Result<T, ParseError<()>>;

/// How deep `:is(:is(…))` may go; deeper is invalid.
const DEEPEST: usize = 24;

/// Compounds of one selector beyond which it is invalid.
const LONGEST: usize = 64;

/// What a selector may refer to.
#[derive(Clone, Copy)]
struct Context<'a> {
    parent: Option<&'a Rc<[Selector]>>,
    namespaces: &'a Namespaces,
    depth: usize,
    in_has: bool,
}

/// The complex selectors of a list; `None` when the list is invalid. With a parent rule they are nested:
/// relative ones and those without `&` start from the parent.
pub(crate) fn parse_list(
    text: &str,
    parent: Option<&Rc<[Selector]>>,
    namespaces: &Namespaces,
) -> Option<Vec<Selector>> {
    let context = Context { parent, namespaces, depth: 0, in_has: false };
    let mut parser = Parser::new(text);
    parser.parse_entirely(|p| list(p, context, parent.is_some())).ok()
}

/// Whether a browser would know this selector (`@supports selector(…)`).
pub(crate) fn supported(text: &str) -> bool {
    parse_list(text, None, &Namespaces::new()).is_some()
}

fn invalid<T>() -> Parsed<T> {
    Err(ParseError::unexpected_token())
}

fn list<'i>(p: &mut Parser<'i>, context: Context, nested: bool) -> Parsed<Vec<Selector>> {
    p.parse_comma_separated(|p| if nested { nested_selector(p, context) } else { complex(p, context) })
}

fn forgiving(p: &mut Parser, context: Context) -> Vec<Selector> {
    p.parse_comma_separated_ignoring_errors(|p| complex(p, context))
}

fn leading(p: &mut Parser) -> Option<Combinator> {
    p.try_parse(|p| match p.next() {
        Ok(Token::Delim('>')) => Ok(Combinator::Child),
        Ok(Token::Delim('+')) => Ok(Combinator::Next),
        Ok(Token::Delim('~')) => Ok(Combinator::Later),
        _ => Err(()),
    })
    .ok()
}

fn nested_selector<'i>(p: &mut Parser<'i>, context: Context) -> Parsed<Selector> {
    let first = leading(p);
    let selector = complex(p, context)?;
    if selector.names_parent && first.is_none() {
        return Ok(selector);
    }
    let Some(parent) = context.parent else { return Ok(selector) };
    let mut selector = selector;
    let nest = Compound { simples: vec![Simple::Is(Rc::clone(parent))] };
    selector.before.push((first.unwrap_or(Combinator::Descendant), nest));
    selector.specificity = add(selector.specificity, highest(parent));
    Ok(selector)
}

fn complex<'i>(p: &mut Parser<'i>, context: Context) -> Parsed<Selector> {
    let mut before = Vec::new();
    let mut reading = Reading::default();
    p.skip_whitespace();
    let mut last = compound(p, context, &mut reading)?;
    loop {
        let start = p.state();
        let mut spaced = false;
        let combinator = loop {
            match p.next_including_whitespace() {
                Err(_) => break None,
                Ok(Token::WhiteSpace(_)) => spaced = true,
                Ok(Token::Delim('>')) => break Some(Combinator::Child),
                Ok(Token::Delim('+')) => break Some(Combinator::Next),
                Ok(Token::Delim('~')) => break Some(Combinator::Later),
                Ok(_) if spaced => {
                    p.reset(&start);
                    p.skip_whitespace();
                    break Some(Combinator::Descendant);
                }
                Ok(_) => return invalid(),
            }
        };
        let Some(combinator) = combinator else { break };
        if reading.subject != Subject::Element || before.len() >= LONGEST {
            return invalid();
        }
        p.skip_whitespace();
        let next = compound(p, context, &mut reading)?;
        before.push((combinator, std::mem::replace(&mut last, next)));
    }
    before.reverse();
    Ok(Selector {
        last,
        before,
        specificity: reading.specificity,
        subject: reading.subject,
        names_parent: reading.names_parent,
    })
}

/// What is gathered along one complex selector.
struct Reading {
    specificity: u32,
    subject: Subject,
    names_parent: bool,
}

impl Default for Reading {
    fn default() -> Self {
        Self { specificity: 0, subject: Subject::Element, names_parent: false }
    }
}

fn compound<'i>(p: &mut Parser<'i>, context: Context, reading: &mut Reading) -> Parsed<Compound> {
    let mut simples = Vec::new();
    let named = type_selector(p, context, &mut simples, reading)?;
    let mut any = named;
    loop {
        let start = p.state();
        let token = match p.next_including_whitespace() {
            Ok(token) => token.clone(),
            Err(_) => break,
        };
        let after_box = reading.subject != Subject::Element;
        match token {
            Token::IDHash(name) if !after_box => {
                reading.specificity = add(reading.specificity, pack(1, 0, 0));
                simples.push(Simple::Id((&*name).into()));
            }
            Token::Delim('.') if !after_box => {
                let Ok(Token::Ident(name)) = p.next_including_whitespace() else { return invalid() };
                simples.push(Simple::Class((&**name).into()));
                reading.specificity = add(reading.specificity, pack(0, 1, 0));
            }
            Token::SquareBracketBlock if !after_box => {
                let attribute = p.parse_nested_block(|p| attribute(p))?;
                simples.push(Simple::Attribute(attribute));
                reading.specificity = add(reading.specificity, pack(0, 1, 0));
            }
            Token::Delim('&') if !after_box => {
                reading.names_parent = true;
                match context.parent {
                    Some(parent) => {
                        reading.specificity = add(reading.specificity, highest(parent));
                        simples.push(Simple::Is(Rc::clone(parent)));
                    }
                    None => simples.push(Simple::Root),
                }
            }
            Token::Colon => pseudo(p, context, &mut simples, reading)?,
            _ => {
                p.reset(&start);
                break;
            }
        }
        any = true;
    }
    if any { Ok(Compound { simples }) } else { invalid() }
}

/// `div`, `*`, `svg|a`, `*|*`, `|a`.
fn type_selector<'i>(
    p: &mut Parser<'i>,
    context: Context,
    simples: &mut Vec<Simple>,
    reading: &mut Reading,
) -> Parsed<bool> {
    let start = p.state();
    let first = match p.next_including_whitespace() {
        Ok(Token::Ident(name)) => Some(Some(name.to_string())),
        Ok(Token::Delim('*')) => Some(None),
        Ok(Token::Delim('|')) => None,
        _ => {
            p.reset(&start);
            return Ok(false);
        }
    };
    let bar = match &first {
        None => true,
        Some(_) => {
            let before_bar = p.state();
            let bar = matches!(p.next_including_whitespace(), Ok(Token::Delim('|')));
            if !bar {
                p.reset(&before_bar);
            }
            bar
        }
    };
    let name = if bar {
        match first {
            None => simples.push(Simple::Namespace("".into())),
            Some(None) => {}
            Some(Some(prefix)) => match context.namespaces.get(&prefix) {
                Some(address) => simples.push(Simple::Namespace(address.as_str().into())),
                None => return invalid(),
            },
        }
        match p.next_including_whitespace() {
            Ok(Token::Ident(name)) => Some(name.to_string()),
            Ok(Token::Delim('*')) => None,
            _ => return invalid(),
        }
    } else {
        if let Some(address) = context.namespaces.get("") {
            simples.push(Simple::Namespace(address.as_str().into()));
        }
        first.flatten()
    };
    match name {
        Some(name) => {
            reading.specificity = add(reading.specificity, pack(0, 0, 1));
            let lower = name.to_ascii_lowercase();
            simples.push(Simple::Type(name.into(), lower.into()));
        }
        None => simples.push(Simple::Any),
    }
    Ok(true)
}

fn attribute<'i>(p: &mut Parser<'i>) -> Parsed<Attribute> {
    // A prefix is read and set aside: attributes with a namespace do not occur in what is judged here.
    let mut name = match p.next()? {
        Token::Ident(name) => name.to_string(),
        Token::Delim('*' | '|') => String::new(),
        _ => return invalid(),
    };
    let mut operator = Operator::Exists;
    while let Ok(token) = p.next() {
        operator = match token {
            Token::Delim('=') => Operator::Equals,
            Token::IncludeMatch => Operator::Includes,
            Token::DashMatch => Operator::Dash,
            Token::PrefixMatch => Operator::Prefix,
            Token::SuffixMatch => Operator::Suffix,
            Token::SubstringMatch => Operator::Contains,
            Token::Delim('|') => continue,
            Token::Ident(local) => {
                name = local.to_string();
                continue;
            }
            _ => return invalid(),
        };
        break;
    }
    let name = name.to_ascii_lowercase();
    let mut value = String::new();
    let mut ignore_case = VALUES_WITHOUT_CASE.contains(&name.as_str());
    if operator != Operator::Exists {
        value = p.expect_ident_or_string()?.to_string();
        if let Ok(flag) = p.try_parse(|p| p.expect_ident_cloned()) {
            match flag.to_ascii_lowercase().as_str() {
                "i" => ignore_case = true,
                "s" => ignore_case = false,
                _ => return invalid(),
            }
        }
    }
    if name.is_empty() {
        return invalid();
    }
    Ok(Attribute { name: name.into(), operator, value: value.into(), ignore_case })
}

/// Attributes whose values HTML compares without case.
const VALUES_WITHOUT_CASE: [&str; 24] = [
    "align",
    "charset",
    "checked",
    "color",
    "dir",
    "direction",
    "disabled",
    "enctype",
    "face",
    "frame",
    "hreflang",
    "http-equiv",
    "lang",
    "media",
    "method",
    "multiple",
    "readonly",
    "rel",
    "rev",
    "rules",
    "scope",
    "selected",
    "shape",
    "type",
];

fn pseudo<'i>(p: &mut Parser<'i>, context: Context, simples: &mut Vec<Simple>, reading: &mut Reading) -> Parsed<()> {
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
        "target" | "target-within" | "visited" | "popover-open" | "user-valid" | "user-invalid" | "autofill"
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
