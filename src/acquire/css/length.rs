//! Lengths as sums of units (`calc()`, `min()`, `max()` and `clamp()` included), and colours.

use cssparser::color::{parse_hash_color, parse_named_color};
use cssparser::{ParseError, Parser, Token};

use super::media::{HEIGHT, WIDTH};

type Parsed<T> = Result<T, ParseError<()>>;

/// Nesting of `calc()` beyond which a value is not read.
const DEEPEST: usize = 16;

/// A length: so much of each unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Sum {
    pub(super) px: f32,
    pub(super) em: f32,
    pub(super) rem: f32,
    pub(super) vw: f32,
    pub(super) vh: f32,
    /// Percent, 100 for the whole.
    pub(super) percent: f32,
}

impl Sum {
    pub(super) fn of_px(px: f32) -> Self {
        Self { px, ..Self::default() }
    }

    /// CSS pixels without the percentages, for a font size in pixels.
    pub(super) fn pixels(&self, font: f32) -> f32 {
        self.px + self.em * font + self.rem * 16.0 + self.vw * WIDTH / 100.0 + self.vh * HEIGHT / 100.0
    }

    fn parts(self) -> [f32; 6] {
        [self.px, self.em, self.rem, self.vw, self.vh, self.percent]
    }

    fn from_parts([px, em, rem, vw, vh, percent]: [f32; 6]) -> Self {
        Self { px, em, rem, vw, vh, percent }
    }

    pub(super) fn plus(self, other: Self, factor: f32) -> Self {
        let (x, y) = (self.parts(), other.parts());
        Self::from_parts(std::array::from_fn(|i| x[i] + y[i] * factor))
    }

    fn times(self, factor: f32) -> Self {
        Self::from_parts(self.parts().map(|p| p * factor))
    }

    /// One value and its unit; `None` for an unknown unit.
    fn unit(value: f32, unit: &str) -> Option<Read> {
        let mut sum = Self::default();
        match unit.to_ascii_lowercase().as_str() {
            "px" => sum.px = value,
            "pt" => sum.px = value * 4.0 / 3.0,
            "pc" => sum.px = value * 16.0,
            "in" => sum.px = value * 96.0,
            "cm" => sum.px = value * 96.0 / 2.54,
            "mm" => sum.px = value * 96.0 / 25.4,
            "q" => sum.px = value * 96.0 / 101.6,
            "em" => sum.em = value,
            "ex" | "ch" | "cap" | "ic" => sum.em = value * 0.5,
            "lh" => sum.em = value * 1.2,
            "rem" | "rlh" => sum.rem = value,
            "rex" | "rch" | "rcap" | "ric" => sum.rem = value * 0.5,
            // The screen lies on its side, and lines of text run across it.
            "vw" | "svw" | "lvw" | "dvw" | "vi" | "svi" | "lvi" | "dvi" | "vmax" | "svmax" | "lvmax" | "dvmax" => {
                sum.vw = value;
            }
            "vh" | "svh" | "lvh" | "dvh" | "vb" | "svb" | "lvb" | "dvb" | "vmin" | "svmin" | "lvmin" | "dvmin" => {
                sum.vh = value;
            }
            // How large the container is, is known when the page is laid out; nought of it is nought.
            "cqw" | "cqh" | "cqi" | "cqb" | "cqmin" | "cqmax" if value != 0.0 => return Some(Read::Unread),
            "cqw" | "cqh" | "cqi" | "cqb" | "cqmin" | "cqmax" => {}
            _ => return None,
        }
        Some(Read::Length(sum))
    }

    /// No part of it points back.
    pub(super) fn forward(&self) -> bool {
        self.parts().iter().all(|part| *part >= 0.0)
    }

    /// Whether it is less than another one, where that does not hang on the font or on what percentages are of.
    fn less(&self, other: &Self) -> Option<bool> {
        let gap = other.plus(*self, -1.0);
        let parts = [gap.px + gap.rem * 16.0 + gap.vw * WIDTH / 100.0 + gap.vh * HEIGHT / 100.0, gap.em, gap.percent];
        if parts.iter().all(|part| *part >= 0.0) {
            return Some(parts.iter().any(|part| *part > 0.0));
        }
        parts.iter().all(|part| *part <= 0.0).then_some(false)
    }
}

/// A length as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Read {
    Length(Sum),
    /// Valid, but not computed here (`min()` of what cannot be compared, `env()` …).
    Unread,
}

/// A length, a percentage, nought, or (with `bare`) a number of pixels without a unit.
pub(super) fn length(p: &mut Parser, bare: bool) -> Parsed<Read> {
    let token = p.next()?.clone();
    match token {
        Token::Number { value: 0.0, .. } => Ok(Read::Length(Sum::default())),
        Token::Number { value, .. } if bare => Ok(Read::Length(Sum::of_px(value))),
        Token::Percentage { unit_value, .. } => Ok(Read::Length(Sum { percent: unit_value * 100.0, ..Sum::default() })),
        Token::Dimension { value, ref unit, .. } => Sum::unit(value, unit).ok_or_else(ParseError::unexpected_token),
        Token::Function(ref name) => p.parse_nested_block(|p| {
            Ok(match computed(p, name, 0) {
                Some(Term::Length(sum)) => Read::Length(sum),
                _ => Read::Unread,
            })
        }),
        _ => Err(ParseError::unexpected_token()),
    }
}

/// A number, or what a calculation with constants alone comes to (percentages as fractions); `None` in place of what
/// is valid and was not computed.
pub(super) fn number(p: &mut Parser) -> Parsed<Option<f32>> {
    match p.next()?.clone() {
        Token::Number { value, .. } | Token::Percentage { unit_value: value, .. } => Ok(Some(value)),
        Token::Function(name) => p.parse_nested_block(|p| {
            Ok(match computed(p, &name, 0) {
                Some(Term::Number(number)) => Some(number),
                Some(Term::Length(sum)) if sum == (Sum { percent: sum.percent, ..Sum::default() }) => {
                    Some(sum.percent / 100.0)
                }
                _ => None,
            })
        }),
        _ => Err(ParseError::unexpected_token()),
    }
}

/// What the arguments of a mathematical function come to. Leaves nothing of them unread.
fn computed(p: &mut Parser, name: &str, depth: usize) -> Option<Term> {
    let start = p.state();
    let read = function(p, name, depth).ok().filter(|_| p.is_exhausted());
    p.reset(&start);
    while p.next().is_ok() {}
    read
}

fn function(p: &mut Parser, name: &str, depth: usize) -> Parsed<Term> {
    let name = name.to_ascii_lowercase();
    if matches!(name.as_str(), "calc" | "-webkit-calc") {
        return sum(p, depth);
    }
    if !matches!(name.as_str(), "min" | "max" | "clamp") {
        return Err(ParseError::unexpected_token());
    }
    let mut terms = p.parse_comma_separated(|p| sum(p, depth))?;
    let extreme = match (name.as_str(), terms.len()) {
        ("clamp", 3) => {
            let (most, middle, least) = (terms.pop(), terms.pop(), terms.pop());
            middle.zip(most).and_then(|(m, most)| m.lesser(most)).zip(least).and_then(|(m, least)| m.greater(least))
        }
        ("clamp", _) => None,
        ("min", _) => terms.into_iter().map(Some).reduce(|x, y| x?.lesser(y?)).flatten(),
        _ => terms.into_iter().map(Some).reduce(|x, y| x?.greater(y?)).flatten(),
    };
    extreme.ok_or_else(ParseError::unexpected_token)
}

#[derive(Clone, Copy)]
enum Term {
    Number(f32),
    Length(Sum),
}

impl Term {
    fn less(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Number(x), Self::Number(y)) => Some(x < y),
            (Self::Length(x), Self::Length(y)) => x.less(&y),
            _ => None,
        }
    }

    fn lesser(self, other: Self) -> Option<Self> {
        Some(if self.less(other)? { self } else { other })
    }

    fn greater(self, other: Self) -> Option<Self> {
        Some(if self.less(other)? { other } else { self })
    }
}

fn sum(p: &mut Parser, depth: usize) -> Parsed<Term> {
    let mut all = product(p, depth)?;
    loop {
        let start = p.state();
        let sign = match p.next() {
            Ok(Token::Delim('+')) => 1.0,
            Ok(Token::Delim('-')) => -1.0,
            _ => {
                p.reset(&start);
                return Ok(all);
            }
        };
        all = match (all, product(p, depth)?) {
            (Term::Number(x), Term::Number(y)) => Term::Number(x + sign * y),
            (Term::Length(x), Term::Length(y)) => Term::Length(x.plus(y, sign)),
            _ => return Err(ParseError::unexpected_token()),
        };
    }
}

fn product(p: &mut Parser, depth: usize) -> Parsed<Term> {
    let mut all = factor(p, depth)?;
    loop {
        let start = p.state();
        let times = match p.next() {
            Ok(Token::Delim('*')) => true,
            Ok(Token::Delim('/')) => false,
            _ => {
                p.reset(&start);
                return Ok(all);
            }
        };
        all = match (all, factor(p, depth)?, times) {
            (Term::Number(x), Term::Number(y), true) => Term::Number(x * y),
            (Term::Number(x), Term::Number(y), false) if y != 0.0 => Term::Number(x / y),
            (Term::Length(x), Term::Number(y), true) | (Term::Number(y), Term::Length(x), true) => {
                Term::Length(x.times(y))
            }
            (Term::Length(x), Term::Number(y), false) if y != 0.0 => Term::Length(x.times(1.0 / y)),
            _ => return Err(ParseError::unexpected_token()),
        };
    }
}

fn factor(p: &mut Parser, depth: usize) -> Parsed<Term> {
    if depth > DEEPEST {
        return Err(ParseError::unexpected_token());
    }
    match p.next()?.clone() {
        Token::Number { value, .. } => Ok(Term::Number(value)),
        Token::Percentage { unit_value, .. } => Ok(Term::Length(Sum { percent: unit_value * 100.0, ..Sum::default() })),
        Token::Dimension { value, ref unit, .. } => {
            let Some(Read::Length(sum)) = Sum::unit(value, unit) else { return Err(ParseError::unexpected_token()) };
            Ok(Term::Length(sum))
        }
        Token::ParenthesisBlock => p.parse_nested_block(|p| sum(p, depth + 1)),
        Token::Function(name) => p.parse_nested_block(|p| function(p, &name, depth + 1)),
        _ => Err(ParseError::unexpected_token()),
    }
}

/// A colour as far as it was read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Colour {
    /// Red, green, blue of 255 and the opacity of 1.
    Rgba(u8, u8, u8, f32),
    Current,
    /// Valid, but not computed here.
    Unread,
}

/// A colour of any notation.
pub(super) fn colour(p: &mut Parser) -> Parsed<Colour> {
    match p.next()?.clone() {
        Token::Hash(digits) | Token::IDHash(digits) => parse_hash_color(digits.as_bytes())
            .map(|(r, g, b, a)| Colour::Rgba(r, g, b, a))
            .map_err(|()| ParseError::unexpected_token()),
        Token::Ident(name) => {
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                "transparent" => Ok(Colour::Rgba(0, 0, 0, 0.0)),
                "currentcolor" => Ok(Colour::Current),
                _ if SYSTEM.contains(&name.as_str()) || name.starts_with("-webkit-") => Ok(Colour::Unread),
                _ => parse_named_color(&name)
                    .map(|(r, g, b)| Colour::Rgba(r, g, b, 1.0))
                    .map_err(|()| ParseError::unexpected_token()),
            }
        }
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            p.parse_nested_block(|p| {
                let start = p.state();
                let read = match name.as_str() {
                    "rgb" | "rgba" => channels(p, false),
                    "hsl" | "hsla" => channels(p, true),
                    "hwb" | "lab" | "lch" | "oklab" | "oklch" | "color" | "color-mix" | "light-dark" => None,
                    _ => return Err(ParseError::unexpected_token()),
                };
                p.reset(&start);
                while p.next().is_ok() {}
                Ok(read.unwrap_or(Colour::Unread))
            })
        }
        _ => Err(ParseError::unexpected_token()),
    }
}

const SYSTEM: [&str; 12] = [
    "canvas",
    "canvastext",
    "linktext",
    "visitedtext",
    "activetext",
    "buttonface",
    "buttontext",
    "field",
    "fieldtext",
    "highlight",
    "graytext",
    "windowtext",
];

fn channels(p: &mut Parser, hsl: bool) -> Option<Colour> {
    let mut parts = Vec::new();
    while let Ok(token) = p.next() {
        match token {
            Token::Number { value, .. } => parts.push((*value, false)),
            Token::Percentage { unit_value, .. } => parts.push((*unit_value, true)),
            Token::Dimension { value, unit, .. } if unit.eq_ignore_ascii_case("deg") => parts.push((*value, false)),
            Token::Comma | Token::Delim('/') => {}
            _ => return None,
        }
    }
    let alpha = match parts.get(3) {
        Some((value, _)) => value.clamp(0.0, 1.0),
        None => 1.0,
    };
    let [(x, x_percent), (y, _), (z, _)] = parts.get(..3)?.try_into().ok()?;
    if hsl {
        let part = |n: f32| {
            let k = (n + x.rem_euclid(360.0) / 30.0).rem_euclid(12.0);
            let swing = y * z.min(1.0 - z);
            byte(z - swing * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0), true)
        };
        return Some(Colour::Rgba(part(0.0), part(8.0), part(4.0), alpha));
    }
    Some(Colour::Rgba(byte(x, x_percent), byte(y, x_percent), byte(z, x_percent), alpha))
}

fn byte(value: f32, of_one: bool) -> u8 {
    let value = if of_one { value * 255.0 } else { value };
    // The cast saturates, which is what CSS asks for out-of-range channels.
    value.round() as u8
}
