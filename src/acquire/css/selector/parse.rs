//! Reads selectors from text after Selectors Level 4. One unknown part makes a list invalid, except inside
//! `:is()` and `:where()`, as browsers do.

use std::rc::Rc;

use cssparser::{ParseError, Parser, Token};

use super::above::needed;
use super::pseudo::pseudo;
use super::{Attribute, Combinator, Compound, Namespaces, Operator, Selector, Simple, Subject, add, highest, pack};

pub(super) type Parsed<T> = Result<T, ParseError<()>>;

/// How deep `:is(:is(…))` may go; deeper is invalid.
pub(super) const DEEPEST: usize = 24;

/// Compounds of one selector beyond which it is invalid.
const LONGEST: usize = 64;

/// What a selector may refer to.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) parent: Option<&'a Rc<[Selector]>>,
    pub(super) namespaces: &'a Namespaces,
    pub(super) depth: usize,
    pub(super) in_has: bool,
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

pub(super) fn invalid<T>() -> Parsed<T> {
    Err(ParseError::unexpected_token())
}

pub(super) fn list<'i>(p: &mut Parser<'i>, context: Context, nested: bool) -> Parsed<Vec<Selector>> {
    p.parse_comma_separated(|p| if nested { nested_selector(p, context) } else { complex(p, context) })
}

pub(super) fn forgiving(p: &mut Parser, context: Context) -> Vec<Selector> {
    p.parse_comma_separated_ignoring_errors(|p| complex(p, context))
}

pub(super) fn leading(p: &mut Parser) -> Option<Combinator> {
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
    selector.above = needed(&selector.before);
    selector.specificity = add(selector.specificity, highest(parent));
    Ok(selector)
}

pub(super) fn complex<'i>(p: &mut Parser<'i>, context: Context) -> Parsed<Selector> {
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
        above: needed(&before),
        before,
        specificity: reading.specificity,
        subject: reading.subject,
        names_parent: reading.names_parent,
    })
}

/// What is gathered along one complex selector.
pub(super) struct Reading {
    pub(super) specificity: u32,
    pub(super) subject: Subject,
    pub(super) names_parent: bool,
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
