//! `clip`, `clip-path`, transforms and filters: whether they leave anything to see, and how far they move it.

use cssparser::{ParseError, Parser, Token};

use super::length::{Read, Sum, length, number};
use super::property::words;
use super::value::{Value, read, skip};

type Parsed<T> = Result<T, ParseError<()>>;

/// Less than this many pixels across is nothing to see.
const SLIVER: f32 = 1.0;

/// The lengths in a function's arguments; `None` stands for what is not a length (`auto`).
fn lengths(p: &mut Parser, bare: bool) -> Vec<Option<Sum>> {
    let mut all = Vec::new();
    while !p.is_exhausted() {
        match p.try_parse(|p| length(p, bare)) {
            Ok(Read::Length(sum)) => all.push(Some(sum)),
            Ok(Read::Unread) => all.push(None),
            Err(_) => match p.next() {
                Ok(Token::Ident(word)) if word.eq_ignore_ascii_case("round") => while p.next().is_ok() {},
                Ok(Token::Ident(_)) => all.push(None),
                Ok(_) => {}
                Err(_) => break,
            },
        }
    }
    all
}

/// The old `clip`: `rect(top, right, bottom, left)`.
pub(super) fn clip(text: &str, bare: bool) -> Option<Value> {
    if text.eq_ignore_ascii_case("auto") {
        return Some(Value::Word("none"));
    }
    read(text, |p| {
        p.expect_function_matching("rect")?;
        p.parse_nested_block(|p| {
            let edges = lengths(p, bare);
            let [top, right, bottom, left] = edges.as_slice() else { return Err(ParseError::unexpected_token()) };
            let across = |from: &Option<Sum>, to: &Option<Sum>| {
                let from = from.map_or(0.0, |s| s.pixels(16.0));
                to.map_or(f32::INFINITY, |s| s.pixels(16.0)) - from
            };
            let nothing = across(left, right) <= SLIVER || across(top, bottom) <= SLIVER;
            Ok(if nothing { Value::Nothing } else { Value::Opaque })
        })
    })
}

/// `clip-path` with a basic shape.
pub(super) fn clip_path(text: &str) -> Option<Value> {
    if text.eq_ignore_ascii_case("none") {
        return Some(Value::Word("none"));
    }
    let lower = text.to_ascii_lowercase();
    if matches!(lower.as_str(), "border-box" | "padding-box" | "content-box" | "margin-box" | "fill-box" | "view-box") {
        return Some(Value::Opaque);
    }
    let mut parser = Parser::new(text);
    let name = match parser.next().ok()?.clone() {
        Token::Function(name) => name.to_ascii_lowercase(),
        Token::UnquotedUrl(_) => return Some(Value::Opaque),
        _ => return None,
    };
    let nothing: Parsed<bool> = parser.parse_nested_block(|p| {
        Ok(match name.as_str() {
            "inset" => inset(&lengths(p, false)),
            "circle" => matches!(lengths(p, false).first(), Some(Some(r)) if is_nought(r)),
            "ellipse" => lengths(p, false).iter().take(2).flatten().any(is_nought),
            "polygon" => {
                let rule = |p: &mut Parser| {
                    let rule = p.expect_ident()?.to_ascii_lowercase();
                    p.expect_comma()?;
                    if matches!(rule.as_str(), "evenodd" | "nonzero") {
                        Parsed::Ok(())
                    } else {
                        Err(ParseError::unexpected_token())
                    }
                };
                // A fill rule changes nothing about points on one line.
                let _ = p.try_parse(rule);
                polygon(&lengths(p, false))
            }
            "xywh" => lengths(p, false).iter().skip(2).take(2).flatten().any(is_nought),
            "rect" => rect(&lengths(p, false)),
            "path" | "shape" | "url" => {
                while p.next().is_ok() {}
                false
            }
            _ => return Err(ParseError::unexpected_token()),
        })
    });
    nothing.ok().map(|n| if n { Value::Nothing } else { Value::Opaque })
}

fn is_nought(sum: &Sum) -> bool {
    sum.percent.abs() < 0.01 && sum.pixels(16.0).abs() < 0.01
}

fn inset(edges: &[Option<Sum>]) -> bool {
    let at = |i: usize| edges.get(i).copied().flatten();
    let (top, right) = (at(0), at(1).or(at(0)));
    let (bottom, left) = (at(2).or(top), at(3).or(right));
    let gone = |x: Option<Sum>, y: Option<Sum>| match (x, y) {
        (Some(x), Some(y)) => x.percent + y.percent >= 99.99 || x.pixels(16.0) + y.pixels(16.0) >= 5000.0,
        _ => false,
    };
    gone(top, bottom) || gone(right, left)
}

fn rect(edges: &[Option<Sum>]) -> bool {
    let [top, right, bottom, left] = edges else { return false };
    let closed = |from: &Option<Sum>, to: &Option<Sum>| match (from, to) {
        (Some(from), Some(to)) => is_nought(&to.plus(*from, -1.0)),
        (None, Some(to)) => is_nought(to),
        _ => false,
    };
    closed(top, bottom) || closed(left, right)
}

/// Whether a polygon has no area: its points lie on one line, or its way back undoes its way there.
fn polygon(coordinates: &[Option<Sum>]) -> bool {
    let flat: Option<Vec<Sum>> = coordinates.iter().copied().collect();
    let Some(flat) = flat else { return false };
    let (points, rest) = flat.as_chunks::<2>();
    if points.is_empty() || !rest.is_empty() {
        return false;
    }
    // A hundred pixels stand for the whole, which is enough to see whether the area is nought.
    let at = |s: &Sum| s.percent + s.pixels(16.0);
    let points: Vec<(f32, f32)> = points.iter().map(|[x, y]| (at(x), at(y))).collect();
    let edges = || points.iter().zip(points.iter().cycle().skip(1));
    let area: f32 = edges().map(|((x, y), (next_x, next_y))| x * next_y - next_x * y).sum();
    area.abs() < 0.5 && !samples(&points).any(|point| encloses(&points, point))
}

/// Where points are looked at across a polygon: off the middle, so that none stands on the lines of plain figures.
const ALONG: [f32; 8] = [0.046, 0.171, 0.296, 0.421, 0.546, 0.671, 0.796, 0.921];

/// Points of a grid over a polygon.
fn samples(points: &[(f32, f32)]) -> impl Iterator<Item = (f32, f32)> {
    let bounds = |part: fn(&(f32, f32)) -> f32| {
        let all = || points.iter().map(part);
        let (from, to) = (all().fold(f32::INFINITY, f32::min), all().fold(f32::NEG_INFINITY, f32::max));
        move |share: f32| from + (to - from) * share
    };
    let (across, down) = (bounds(|p| p.0), bounds(|p| p.1));
    let rows = ALONG.iter().map(move |y| down(*y) + 0.01);
    rows.flat_map(move |y| ALONG.iter().map(move |x| (across(*x), y)))
}

/// Whether the lines of a polygon wind around a point.
fn encloses(points: &[(f32, f32)], (x, y): (f32, f32)) -> bool {
    let mut winding = 0_i32;
    for (from, to) in points.iter().zip(points.iter().cycle().skip(1)) {
        if (from.1 <= y) == (to.1 <= y) {
            continue;
        }
        let crossing = from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0);
        if crossing > x {
            winding += if to.1 > from.1 { 1 } else { -1 };
        }
    }
    winding != 0
}

/// `transform`: flattened to nothing, or moved.
pub(super) fn transform(text: &str) -> Option<Value> {
    if text.eq_ignore_ascii_case("none") {
        return Some(Value::Word("none"));
    }
    let (mut x, mut y) = (Sum::default(), Sum::default());
    let mut nothing = false;
    for part in words(text) {
        // Functions may stand without space between them.
        let mut parser = Parser::new(part);
        while let Ok(token) = parser.next().cloned() {
            let Token::Function(name) = token else { return None };
            let name = name.to_ascii_lowercase();
            let read: Parsed<bool> = parser.parse_nested_block(|p| one(p, &name, &mut x, &mut y));
            nothing |= read.ok()?;
        }
    }
    Some(if nothing { Value::Nothing } else { Value::Moved(x, y) })
}

fn one(p: &mut Parser, name: &str, x: &mut Sum, y: &mut Sum) -> Parsed<bool> {
    if name.starts_with("translate") {
        let by = lengths(p, false);
        let at = |i: usize| by.get(i).copied().flatten().unwrap_or_default();
        match name {
            "translate" | "translate3d" => {
                *x = x.plus(at(0), 1.0);
                *y = y.plus(at(1), 1.0);
            }
            "translatex" => *x = x.plus(at(0), 1.0),
            "translatey" => *y = y.plus(at(0), 1.0),
            "translatez" => {}
            _ => return Err(ParseError::unexpected_token()),
        }
        return Ok(false);
    }
    let numbers = numbers(p);
    let at = |i: usize| numbers.get(i).copied();
    let flat = |n: Option<f32>| n.is_some_and(|n| n.abs() < 0.01);
    Ok(match name {
        "scale" | "scale3d" => flat(at(0)) || flat(at(1)),
        "scalex" | "scaley" => flat(at(0)),
        "scalez" => false,
        "matrix" => {
            *x = x.plus(Sum::of_px(at(4).unwrap_or(0.0)), 1.0);
            *y = y.plus(Sum::of_px(at(5).unwrap_or(0.0)), 1.0);
            let area = at(0).zip(at(3)).zip(at(1).zip(at(2))).map(|((a, d), (b, c))| a * d - b * c);
            flat(area)
        }
        // Seen from its edge there is nothing to see.
        "rotatex" => at(0).is_some_and(|turn| edgewise(1.0, 0.0, 0.0, turn)),
        "rotatey" => at(0).is_some_and(|turn| edgewise(0.0, 1.0, 0.0, turn)),
        "rotate3d" => match numbers.as_slice() {
            [x, y, z, turn] => edgewise(*x, *y, *z, *turn),
            _ => return Err(ParseError::unexpected_token()),
        },
        // Without perspective the upper left of the matrix is all that lays the box flat.
        "matrix3d" => {
            let plane = [at(3), at(7), at(11)].iter().all(|n| n.is_some_and(|n| n == 0.0));
            let area = at(0).zip(at(5)).zip(at(1).zip(at(4))).map(|((a, d), (b, c))| a * d - b * c);
            plane && flat(area)
        }
        "rotate" | "rotatez" | "skew" | "skewx" | "skewy" | "perspective" => false,
        _ => return Err(ParseError::unexpected_token()),
    })
}

/// A quarter turn about an axis that lies in the screen.
fn edgewise(x: f32, y: f32, z: f32, turn: f32) -> bool {
    (x != 0.0 || y != 0.0) && z == 0.0 && (turn.abs().rem_euclid(180.0) - 90.0).abs() < 0.1
}

/// The property `rotate`: whether it turns the box edgewise.
pub(super) fn rotate(text: &str) -> Option<Value> {
    if text.eq_ignore_ascii_case("none") {
        return Some(Value::Word("none"));
    }
    let (mut axis, mut rest) = ([0.0, 0.0, 1.0], Vec::new());
    for word in words(text) {
        match word.to_ascii_lowercase().as_str() {
            "x" => axis = [1.0, 0.0, 0.0],
            "y" => axis = [0.0, 1.0, 0.0],
            "z" => {}
            _ => rest.extend(numbers(&mut Parser::new(word))),
        }
    }
    let nothing = match rest.as_slice() {
        [turn] => edgewise(axis[0], axis[1], axis[2], *turn),
        [x, y, z, turn] => edgewise(*x, *y, *z, *turn),
        _ => return None,
    };
    Some(if nothing { Value::Nothing } else { Value::Opaque })
}

/// Numbers, percentages as fractions, angles in degrees.
fn numbers(p: &mut Parser) -> Vec<f32> {
    let mut all = Vec::new();
    while !p.is_exhausted() {
        // What is computed and not read is not known to be nought.
        if let Ok(read) = p.try_parse(number) {
            all.push(read.unwrap_or(1.0));
            continue;
        }
        match p.next() {
            Ok(Token::Dimension { value, unit, .. }) => all.push(match unit.to_ascii_lowercase().as_str() {
                "turn" => value * 360.0,
                "rad" => value.to_degrees(),
                "grad" => value * 0.9,
                _ => *value,
            }),
            Ok(Token::Comma) => {}
            Ok(_) => all.push(1.0),
            Err(_) => break,
        }
    }
    all
}

/// The property `translate`.
pub(super) fn translate(text: &str) -> Option<Value> {
    if text.eq_ignore_ascii_case("none") {
        return Some(Value::Word("none"));
    }
    read(text, |p| {
        let by = lengths(p, false);
        if by.is_empty() {
            return Err(ParseError::unexpected_token());
        }
        let at = |i: usize| by.get(i).copied().flatten().unwrap_or_default();
        Ok(Value::Moved(at(0), at(1)))
    })
}

/// The property `scale`.
pub(super) fn scale(text: &str) -> Option<Value> {
    if text.eq_ignore_ascii_case("none") {
        return Some(Value::Word("none"));
    }
    read(text, |p| {
        let by = numbers(p);
        if by.is_empty() {
            return Err(ParseError::unexpected_token());
        }
        Ok(if by.iter().take(2).any(|n| n.abs() < 0.01) { Value::Nothing } else { Value::Opaque })
    })
}

/// `filter`: only how much opacity it leaves.
pub(super) fn filter(text: &str) -> Option<Value> {
    if text.eq_ignore_ascii_case("none") {
        return Some(Value::Word("none"));
    }
    let mut left = 1.0_f32;
    for part in words(text) {
        let one = read(part, |p| match p.next()?.clone() {
            Token::Function(name) if name.eq_ignore_ascii_case("opacity") => {
                p.parse_nested_block(|p| Ok(numbers(p).first().copied().unwrap_or(1.0)))
            }
            Token::Function(_) => skip(p).map(|_| 1.0),
            Token::UnquotedUrl(_) => Ok(1.0),
            _ => Err(ParseError::unexpected_token()),
        })?;
        left *= one;
    }
    Some(Value::Number(left))
}
