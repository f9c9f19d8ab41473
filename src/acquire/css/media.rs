//! Evaluates media queries for one screen: 1366 × 768 pixels at 96 dpi, a mouse, light colours, no printing.
//! What is not known to be true or false there is said to be unknown.

use cssparser::{Delimiter, ParseError, Parser, Token};

use super::length::{Read, length};

/// Width of the screen in CSS pixels.
pub(crate) const WIDTH: f32 = 1366.0;
/// Height of the screen in CSS pixels.
pub(crate) const HEIGHT: f32 = 768.0;

type Parsed<T> = Result<T, ParseError<()>>;

/// Nesting of conditions beyond which nothing is known.
const DEEPEST: usize = 24;

/// A truth that may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Truth {
    Yes,
    No,
    Unknown,
}

impl Truth {
    pub(crate) fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

/// Whether a media query list holds; an empty one does.
pub(crate) fn media(text: &str) -> Truth {
    if text.trim().is_empty() {
        return Truth::Yes;
    }
    let mut parser = Parser::new(text);
    let mut any = Truth::No;
    loop {
        // A query that cannot be read is `not all`.
        let one = parser.parse_until_before(Delimiter::Comma, query).unwrap_or(Truth::No);
        any = any.or(one);
        if parser.next().is_err() {
            return any;
        }
    }
}

fn query(p: &mut Parser) -> Parsed<Truth> {
    let start = p.state();
    let Ok(first) = p.try_parse(|p| p.expect_ident_cloned()) else { return condition(p, 0, &feature_block) };
    let (negated, media_type) = match first.to_ascii_lowercase().as_str() {
        "not" => match p.expect_ident_cloned() {
            Ok(name) => (true, name),
            Err(_) => {
                p.reset(&start);
                return condition(p, 0, &feature_block);
            }
        },
        "only" => (false, p.expect_ident_cloned()?),
        _ => (false, first),
    };
    let mut holds = match media_type.to_ascii_lowercase().as_str() {
        "all" | "screen" => Truth::Yes,
        "and" | "or" | "not" | "only" | "layer" => return Err(ParseError::unexpected_token()),
        _ => Truth::No,
    };
    if !p.is_exhausted() {
        p.expect_ident_matching("and")?;
        holds = holds.and(condition(p, 0, &feature_block)?);
    }
    Ok(if negated { holds.not() } else { holds })
}

/// A boolean condition over parts that the caller knows how to read; shared with `@supports`.
pub(crate) fn condition<'i>(
    p: &mut Parser<'i>,
    depth: usize,
    part: &dyn Fn(&mut Parser<'i>, usize) -> Parsed<Truth>,
) -> Parsed<Truth> {
    if depth > DEEPEST {
        while p.next().is_ok() {}
        return Ok(Truth::Unknown);
    }
    if p.try_parse(|p| p.expect_ident_matching("not")).is_ok() {
        return Ok(part(p, depth)?.not());
    }
    let mut holds = part(p, depth)?;
    let mut joined: Option<String> = None;
    while let Ok(word) = p.try_parse(|p| p.expect_ident_cloned()) {
        let word = word.to_ascii_lowercase();
        if joined.as_ref().is_some_and(|j| *j != word) {
            return Err(ParseError::unexpected_token());
        }
        let next = part(p, depth)?;
        holds = match word.as_str() {
            "and" => holds.and(next),
            "or" => holds.or(next),
            _ => return Err(ParseError::unexpected_token()),
        };
        joined = Some(word);
    }
    Ok(holds)
}

fn feature_block<'i>(p: &mut Parser<'i>, depth: usize) -> Parsed<Truth> {
    match p.next()?.clone() {
        Token::ParenthesisBlock => {}
        Token::Function(_) => {
            p.parse_nested_block(|p| {
                while p.next().is_ok() {}
                Parsed::Ok(())
            })?;
            return Ok(Truth::Unknown);
        }
        _ => return Err(ParseError::unexpected_token()),
    }
    if depth > DEEPEST {
        return Ok(Truth::Unknown);
    }
    p.parse_nested_block(|p| {
        let start = p.state();
        if let Ok(holds) = feature(p)
            && p.is_exhausted()
        {
            return Ok(holds);
        }
        p.reset(&start);
        condition(p, depth + 1, &feature_block)
    })
}

/// What stands on one side of a comparison.
#[derive(Debug, Clone, PartialEq)]
enum Side {
    Word(String),
    Number(f32),
    Pixels(f32),
    Dots(f32),
    /// Valid, but not computed here.
    Unread,
}

fn side(p: &mut Parser) -> Parsed<Side> {
    let start = p.state();
    let token = p.next()?.clone();
    Ok(match token {
        Token::Ident(word) => Side::Word(word.to_ascii_lowercase()),
        Token::Number { value, .. } => {
            if p.try_parse(|p| p.expect_delim('/')).is_ok() {
                Side::Number(value / p.expect_number()?)
            } else {
                Side::Number(value)
            }
        }
        Token::Dimension { value, ref unit, .. } => match unit.to_ascii_lowercase().as_str() {
            "px" => Side::Pixels(value),
            "em" | "rem" => Side::Pixels(value * 16.0),
            "pt" => Side::Pixels(value * 4.0 / 3.0),
            "pc" => Side::Pixels(value * 16.0),
            "in" => Side::Pixels(value * 96.0),
            "cm" => Side::Pixels(value * 96.0 / 2.54),
            "mm" => Side::Pixels(value * 96.0 / 25.4),
            "ch" | "ex" => Side::Pixels(value * 8.0),
            "vw" => Side::Pixels(value * WIDTH / 100.0),
            "vh" => Side::Pixels(value * HEIGHT / 100.0),
            "dppx" | "x" => Side::Dots(value),
            "dpi" => Side::Dots(value / 96.0),
            "dpcm" => Side::Dots(value * 2.54 / 96.0),
            _ => return Err(ParseError::unexpected_token()),
        },
        Token::Function(_) => {
            p.reset(&start);
            match length(p, false)? {
                Read::Length(sum) => Side::Pixels(sum.pixels(16.0)),
                Read::Unread => Side::Unread,
            }
        }
        _ => return Err(ParseError::unexpected_token()),
    })
}

fn feature(p: &mut Parser) -> Parsed<Truth> {
    let first = side(p)?;
    if p.is_exhausted() {
        return match first {
            Side::Word(name) => Ok(boolean(&name)),
            _ => Err(ParseError::unexpected_token()),
        };
    }
    if let Side::Word(name) = &first
        && p.try_parse(Parser::expect_colon).is_ok()
    {
        let value = side(p)?;
        let (name, order) = match (name.strip_prefix("min-"), name.strip_prefix("max-")) {
            (Some(rest), _) => (rest.to_owned(), Order::AtLeast),
            (_, Some(rest)) => (rest.to_owned(), Order::AtMost),
            _ => match (name.strip_prefix("-webkit-min-"), name.strip_prefix("-webkit-max-")) {
                (Some(rest), _) => (format!("-webkit-{rest}"), Order::AtLeast),
                (_, Some(rest)) => (format!("-webkit-{rest}"), Order::AtMost),
                _ => (name.clone(), Order::Equal),
            },
        };
        return Ok(compare(&name, order, &value));
    }
    let order = order(p)?;
    let second = side(p)?;
    let (name, order, value, left) = match (first, second) {
        (Side::Word(name), value) => (name, order, value, None),
        (value, Side::Word(name)) => {
            let third = if p.is_exhausted() { None } else { Some((self::order(p)?, side(p)?)) };
            (name, order.mirrored(), value, third)
        }
        _ => return Err(ParseError::unexpected_token()),
    };
    let mut holds = compare(&name, order, &value);
    if let Some((order, value)) = left {
        holds = holds.and(compare(&name, order, &value));
    }
    Ok(holds)
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

impl Order {
    fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::More,
            Self::AtMost => Self::AtLeast,
            Self::Equal => Self::Equal,
            Self::AtLeast => Self::AtMost,
            Self::More => Self::Less,
        }
    }

    fn holds(self, actual: f32, wanted: f32) -> bool {
        match self {
            Self::Less => actual < wanted,
            Self::AtMost => actual <= wanted,
            Self::Equal => (actual - wanted).abs() < 1e-4,
            Self::AtLeast => actual >= wanted,
            Self::More => actual > wanted,
        }
    }
}

fn order(p: &mut Parser) -> Parsed<Order> {
    let first = p.next()?.clone();
    let strict = p.try_parse(|p| p.expect_delim('=')).is_err();
    Ok(match (first, strict) {
        (Token::Delim('<'), true) => Order::Less,
        (Token::Delim('<'), false) => Order::AtMost,
        (Token::Delim('>'), true) => Order::More,
        (Token::Delim('>'), false) => Order::AtLeast,
        (Token::Delim('='), true) => Order::Equal,
        _ => return Err(ParseError::unexpected_token()),
    })
}

fn compare(name: &str, order: Order, value: &Side) -> Truth {
    if *value == Side::Unread {
        return Truth::Unknown;
    }
    let pixels = |actual: f32| match value {
        Side::Pixels(wanted) => Truth::of(order.holds(actual, *wanted)),
        Side::Number(0.0) => Truth::of(order.holds(actual, 0.0)),
        _ => Truth::No,
    };
    let number = |actual: f32| match value {
        Side::Number(wanted) => Truth::of(order.holds(actual, *wanted)),
        _ => Truth::No,
    };
    let dots = match value {
        Side::Dots(wanted) | Side::Number(wanted) => Truth::of(order.holds(1.0, *wanted)),
        _ => Truth::No,
    };
    match name {
        "width" | "device-width" => pixels(WIDTH),
        "height" | "device-height" => pixels(HEIGHT),
        "aspect-ratio" | "device-aspect-ratio" => number(WIDTH / HEIGHT),
        "resolution" | "-webkit-device-pixel-ratio" | "device-pixel-ratio" => dots,
        "color" => number(8.0),
        "color-index" | "monochrome" | "grid" => number(0.0),
        _ => match (fixed(name), value) {
            (Some(actual), Side::Word(wanted)) => Truth::of(actual.contains(&wanted.as_str())),
            (Some(_), _) => Truth::No,
            // Another engine's features are false in every browser that is judged for.
            (None, _) if foreign(name) => Truth::No,
            (None, _) => Truth::Unknown,
        },
    }
}

/// What the screen answers to features whose values are words.
fn fixed(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "orientation" => &["landscape"],
        "hover" | "any-hover" => &["hover"],
        "pointer" | "any-pointer" => &["fine"],
        "prefers-color-scheme" => &["light"],
        "prefers-reduced-motion" | "prefers-reduced-transparency" | "prefers-contrast" | "prefers-reduced-data" => {
            &["no-preference"]
        }
        "forced-colors" | "inverted-colors" => &["none"],
        "scripting" => &["enabled"],
        "update" => &["fast"],
        "overflow-block" | "overflow-inline" => &["scroll"],
        "display-mode" => &["browser"],
        "dynamic-range" | "video-dynamic-range" => &["standard"],
        "color-gamut" => &["srgb"],
        "scan" => &["progressive"],
        "-webkit-transform-3d" | "transform-3d" => &["1"],
        _ => return None,
    })
}

/// Another engine's feature.
fn foreign(name: &str) -> bool {
    ["-ms-", "-moz-", "-o-", "-khtml-"].iter().any(|prefix| name.starts_with(prefix))
}

fn boolean(name: &str) -> Truth {
    match name {
        "width"
        | "height"
        | "device-width"
        | "device-height"
        | "aspect-ratio"
        | "device-aspect-ratio"
        | "resolution"
        | "color"
        | "-webkit-device-pixel-ratio"
        | "-webkit-transform-3d"
        | "transform-3d" => Truth::Yes,
        "color-index" | "monochrome" | "grid" => Truth::No,
        _ => match fixed(name) {
            Some(words) => Truth::of(!words.iter().all(|w| matches!(*w, "none" | "no-preference"))),
            None if foreign(name) => Truth::No,
            None => Truth::Unknown,
        },
    }
}
