//! Values of the properties of interest, read only as far as hiding depends on them.

use std::rc::Rc;

use cssparser::{ParseError, Parser, Token};

use super::length::{Colour, Read, Sum, colour, length, number};
use super::property::{Name, Property, words};
use super::shape;

/// Words every property takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wide {
    Inherit,
    Initial,
    Unset,
    Revert,
    RevertLayer,
}

impl Wide {
    pub(super) fn named(text: &str) -> Option<Self> {
        const NAMES: [(&str, Wide); 5] = [
            ("inherit", Wide::Inherit),
            ("initial", Wide::Initial),
            ("unset", Wide::Unset),
            ("revert", Wide::Revert),
            ("revert-layer", Wide::RevertLayer),
        ];
        NAMES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)).map(|(_, wide)| *wide)
    }
}

/// A value, as far as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// One of the property's words.
    Word(&'static str),
    Number(f32),
    Length(Sum),
    Colour(Colour),
    /// A shape that leaves nothing, a transform that flattens to nothing.
    Nothing,
    /// Moved right and down by so much.
    Moved(Sum, Sum),
    /// Valid; what it says does not matter or was not computed.
    Opaque,
    /// Depends on a custom property that was not found.
    Unknown,
    /// The names of animations, with what else stands beside them.
    Animated(Rc<str>),
    Wide(Wide),
    /// Holds `var()`: read again when the custom properties are known.
    Raw(Name, Rc<str>),
}

const DISPLAYS: [&str; 31] = [
    "none",
    "contents",
    "block",
    "inline",
    "inline-block",
    "flow-root",
    "flow",
    "flex",
    "inline-flex",
    "grid",
    "inline-grid",
    "table",
    "inline-table",
    "table-row",
    "table-cell",
    "table-row-group",
    "table-header-group",
    "table-footer-group",
    "table-column",
    "table-column-group",
    "table-caption",
    "list-item",
    "-webkit-box",
    "-webkit-inline-box",
    "-webkit-flex",
    "-webkit-inline-flex",
    "ruby",
    "ruby-base",
    "ruby-text",
    "math",
    "inline flow-root",
];

/// Reads the value of one longhand; `None` when a browser would refuse it.
pub(super) fn longhand(property: Property, text: &str, bare: bool) -> Option<Value> {
    use Property as P;
    let text = text.trim();
    let word =
        |words: &'static [&'static str]| words.iter().find(|w| text.eq_ignore_ascii_case(w)).map(|w| Value::Word(w));
    match property {
        P::Display => display(text),
        P::Visibility => word(&["visible", "hidden", "collapse"]),
        P::ContentVisibility => word(&["visible", "hidden", "auto"]),
        P::Position => word(&["static", "relative", "absolute", "fixed", "sticky", "-webkit-sticky"]),
        P::Float => word(&["none", "left", "right", "inline-start", "inline-end"]),
        P::OverflowX | P::OverflowY => word(&["visible", "hidden", "clip", "scroll", "auto", "overlay"]),
        P::BackgroundClip => word(&["text", "border-box", "padding-box", "content-box"]).or(if text.is_empty() {
            None
        } else {
            Some(Value::Opaque)
        }),
        P::BackgroundImage | P::TextShadow | P::Content | P::Blend | P::Path | P::Disguise => {
            some_or(text, &["none", "normal"])
        }
        P::GridPlace => some_or(text, &["auto"]),
        P::Direction => {
            let column = words(text).iter().any(|w| w.to_ascii_lowercase().starts_with("column"));
            Some(Value::Word(if column { "column" } else { "row" }))
        }
        P::WhiteSpace => {
            let kept = words(text).iter().any(|w| ["nowrap", "pre"].iter().any(|k| w.eq_ignore_ascii_case(k)));
            Some(Value::Word(if kept { "nowrap" } else { "normal" }))
        }
        P::LetterSpacing | P::LineHeight if text.eq_ignore_ascii_case("normal") => Some(Value::Word("normal")),
        P::LineHeight
            if let Some(Value::Number(n)) = read(text, |p| Ok(number(p)?.map_or(Value::Opaque, Value::Number))) =>
        {
            Some(Value::Length(Sum { em: n, ..Sum::default() })).filter(|_| n >= 0.0)
        }
        P::LetterSpacing | P::LineHeight => read_length(text, bare),
        P::LineClamp => match text.parse::<u16>() {
            Ok(lines) if lines > 0 => Some(Value::Number(f32::from(lines))),
            _ => word(&["none"]),
        },
        // One row alone to which no room is given.
        P::GridRows => {
            let rows = text.split('/').next().unwrap_or(text).trim();
            Some(if rows.eq_ignore_ascii_case("0fr") { Value::Nothing } else { Value::Opaque })
        }
        P::TextStroke => {
            let nought = |w: &&str| matches!(read_length(w, false), Some(Value::Length(sum)) if sum == Sum::default());
            some_or(if words(text).iter().any(nought) { "none" } else { text }, &["none"])
        }
        P::Animation => {
            if text.is_empty() {
                return None;
            }
            // Whatever is no time and no other word of the shorthand is the name.
            let named =
                words(text).iter().any(|w| !ANIMATION_WORDS.contains(&w.to_ascii_lowercase().as_str()) && is_name(w));
            Some(if named { Value::Animated(text.into()) } else { Value::Word("none") })
        }
        P::ZIndex if text.eq_ignore_ascii_case("auto") => Some(Value::Word("auto")),
        P::ZIndex => read(text, |p| match p.next()? {
            Token::Number { value, int_value: Some(_), .. } => Ok(Value::Number(*value)),
            Token::Function(_) => skip(p),
            _ => Err(ParseError::unexpected_token()),
        }),
        P::Opacity => read(text, |p| Ok(number(p)?.map_or(Value::Opaque, Value::Number))),
        P::Zoom if text.eq_ignore_ascii_case("normal") => Some(Value::Number(1.0)),
        P::Zoom => read(text, |p| Ok(number(p)?.map_or(Value::Opaque, Value::Number)))
            .filter(|v| !matches!(v, Value::Number(n) if *n < 0.0)),
        P::Grow | P::Shrink if text.ends_with('%') => None,
        P::Grow | P::Shrink => read(text, |p| Ok(number(p)?.map_or(Value::Opaque, Value::Number)))
            .filter(|v| !matches!(v, Value::Number(n) if *n < 0.0)),
        P::Color | P::BackgroundColor | P::TextFill => read(text, |p| colour(p).map(Value::Colour)),
        P::Clip => shape::clip(text, bare),
        P::ClipPath => shape::clip_path(text),
        P::Transform => shape::transform(text),
        P::Translate => shape::translate(text),
        P::Scale => shape::scale(text),
        P::Rotate => shape::rotate(text),
        P::Filter => shape::filter(text),
        P::FontSize => font_size(text, bare),
        // `hanging` and `each-line` change which lines, not how far.
        P::TextIndent => read_length(words(text).first()?, bare),
        P::MinWidth | P::MinHeight | P::MaxWidth | P::MaxHeight | P::Width | P::Height | P::Basis => {
            not_below_nought(sized(text, bare)?, text)
        }
        P::PaddingTop | P::PaddingRight | P::PaddingBottom | P::PaddingLeft => {
            not_below_nought(read_length(text, bare)?, text)
        }
        P::Left | P::Top | P::Right | P::Bottom | P::MarginTop | P::MarginLeft | P::MarginBottom => {
            if text.eq_ignore_ascii_case("auto") { Some(Value::Word("auto")) } else { read_length(text, bare) }
        }
    }
}

const ANIMATION_WORDS: [&str; 19] = [
    "none",
    "ease",
    "linear",
    "ease-in",
    "ease-out",
    "ease-in-out",
    "step-start",
    "step-end",
    "infinite",
    "normal",
    "reverse",
    "alternate",
    "alternate-reverse",
    "forwards",
    "backwards",
    "both",
    "running",
    "paused",
    "auto",
];

fn is_name(word: &str) -> bool {
    !word.contains('(') && word.starts_with(|c: char| c.is_alphabetic() || matches!(c, '-' | '_' | '"' | '\'' | '\\'))
}

/// Reads all of a text, or nothing.
pub(super) fn read<T>(text: &str, parse: impl FnOnce(&mut Parser) -> Result<T, ParseError<()>>) -> Option<T> {
    Parser::new(text).parse_entirely(parse).ok()
}

/// Skips the function just met.
pub(super) fn skip(p: &mut Parser) -> Result<Value, ParseError<()>> {
    p.parse_nested_block(|p| {
        while p.next().is_ok() {}
        Ok(Value::Opaque)
    })
}

fn some_or(text: &str, none: &[&str]) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    Some(if none.iter().any(|n| text.eq_ignore_ascii_case(n)) { Value::Word("none") } else { Value::Opaque })
}

fn display(text: &str) -> Option<Value> {
    if let Some(word) = DISPLAYS.iter().find(|w| text.eq_ignore_ascii_case(w)) {
        return Some(Value::Word(word));
    }
    // Two words: outside and inside. What stays in the line stays in the line.
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let known = |w: &&str| DISPLAYS[2..].iter().any(|d| w.eq_ignore_ascii_case(d)) || w.eq_ignore_ascii_case("run-in");
    if words.len() < 2 || words.len() > 3 || !words.iter().all(known) {
        return None;
    }
    let has = |name: &str| words.iter().any(|w| w.eq_ignore_ascii_case(name));
    Some(Value::Word(match (has("inline"), has("flex"), has("grid")) {
        (true, true, _) => "inline-flex",
        (true, _, true) => "inline-grid",
        (true, ..) => "inline-block",
        (false, true, _) => "flex",
        (false, _, true) => "grid",
        _ => "block",
    }))
}

/// A size as a browser takes it: one below nought is refused, and one computed to be below nought is nought.
fn not_below_nought(value: Value, text: &str) -> Option<Value> {
    match value {
        Value::Length(sum) if sum.forward() => Some(value),
        Value::Length(_) if !text.contains('(') => None,
        // Whether `100% - 20px` is, is known when the page is laid out.
        Value::Length(sum) if Sum::default().plus(sum, -1.0).forward() => Some(Value::Length(Sum::default())),
        value => Some(value),
    }
}

fn sized(text: &str, bare: bool) -> Option<Value> {
    const WORDS: [&str; 10] = [
        "auto",
        "none",
        "content",
        "min-content",
        "max-content",
        "fit-content",
        "stretch",
        "-webkit-fill-available",
        "-webkit-max-content",
        "-webkit-min-content",
    ];
    if let Some(word) = WORDS.iter().find(|w| text.eq_ignore_ascii_case(w)) {
        return Some(Value::Word(word));
    }
    read_length(text, bare)
}

pub(super) fn read_length(text: &str, bare: bool) -> Option<Value> {
    read(text, |p| {
        Ok(match length(p, bare)? {
            Read::Length(sum) => Value::Length(sum),
            Read::Unread => Value::Opaque,
        })
    })
}

fn font_size(text: &str, bare: bool) -> Option<Value> {
    const NAMED: [(&str, f32); 8] = [
        ("xx-small", 9.0),
        ("x-small", 10.0),
        ("small", 13.0),
        ("medium", 16.0),
        ("large", 18.0),
        ("x-large", 24.0),
        ("xx-large", 32.0),
        ("xxx-large", 48.0),
    ];
    if let Some((_, px)) = NAMED.iter().find(|(name, _)| text.eq_ignore_ascii_case(name)) {
        return Some(Value::Length(Sum::of_px(*px)));
    }
    match text.to_ascii_lowercase().as_str() {
        "larger" => return Some(Value::Length(Sum { em: 1.2, ..Sum::default() })),
        "smaller" => return Some(Value::Length(Sum { em: 1.0 / 1.2, ..Sum::default() })),
        "math" => return Some(Value::Opaque),
        _ => {}
    }
    match not_below_nought(read_length(text, bare)?, text)? {
        // A percentage of a font size is one of the parent's font size.
        Value::Length(sum) => Some(Value::Length(Sum { em: sum.em + sum.percent / 100.0, percent: 0.0, ..sum })),
        value => Some(value),
    }
}
