//! The properties that decide whether a person sees an element, and what a declaration's text says of them:
//! shorthands are expanded, invalid values are refused as a browser refuses them.

use std::rc::Rc;

use cssparser::{Parser, Token};

use super::length::{Colour, Sum, colour};
use super::value::{Value, Wide, longhand};

macro_rules! properties {
    ($($name:ident $css:literal)*) => {
        /// A longhand of interest.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum Property { $($name),* }

        impl Property {
            /// All of them.
            pub(super) const ALL: &'static [Self] = &[$(Self::$name),*];

            fn named(name: &str) -> Option<Self> {
                match name { $($css => Some(Self::$name),)* _ => None }
            }
        }
    };
}

properties! {
    Display "display"
    Visibility "visibility"
    Opacity "opacity"
    ContentVisibility "content-visibility"
    Position "position"
    Left "left"
    Top "top"
    Right "right"
    Bottom "bottom"
    Width "width"
    Height "height"
    MinWidth "min-width"
    MinHeight "min-height"
    MaxWidth "max-width"
    MaxHeight "max-height"
    OverflowX "overflow-x"
    OverflowY "overflow-y"
    Clip "clip"
    ClipPath "clip-path"
    Transform "transform"
    Translate "translate"
    Scale "scale"
    Rotate "rotate"
    FontSize "font-size"
    TextIndent "text-indent"
    Color "color"
    BackgroundColor "background-color"
    BackgroundImage "background-image"
    BackgroundClip "background-clip"
    TextFill "-webkit-text-fill-color"
    TextShadow "text-shadow"
    Filter "filter"
    PaddingTop "padding-top"
    PaddingRight "padding-right"
    PaddingBottom "padding-bottom"
    PaddingLeft "padding-left"
    MarginTop "margin-top"
    MarginLeft "margin-left"
    Float "float"
    Animation "animation-name"
    Content "content"
    ZIndex "z-index"
    Grow "flex-grow"
    Basis "flex-basis"
    MarginBottom "margin-bottom"
    TextStroke "-webkit-text-stroke"
    Blend "mix-blend-mode"
    GridPlace "grid-area"
    Zoom "zoom"
    Shrink "flex-shrink"
    Direction "flex-direction"
    LineClamp "-webkit-line-clamp"
    GridRows "grid-template-rows"
    Path "offset-path"
    WhiteSpace "white-space"
    LetterSpacing "letter-spacing"
    LineHeight "line-height"
    Disguise "-webkit-text-security"
}

impl Property {
    /// Setting it may show what was hidden.
    pub(super) fn opens(self) -> bool {
        use Property as P;
        !matches!(
            self,
            P::Color
                | P::BackgroundColor
                | P::BackgroundImage
                | P::BackgroundClip
                | P::TextFill
                | P::TextShadow
                | P::Animation
                | P::Content
                | P::Float
                | P::ZIndex
                | P::MarginBottom
                | P::TextStroke
                | P::Blend
                | P::GridPlace
                | P::Shrink
                | P::Direction
                | P::WhiteSpace
                | P::LetterSpacing
                | P::LineHeight
                | P::Disguise
        )
    }

    pub(super) fn inherited(self) -> bool {
        matches!(
            self,
            Self::Visibility
                | Self::FontSize
                | Self::TextIndent
                | Self::Color
                | Self::TextFill
                | Self::TextShadow
                | Self::TextStroke
                | Self::WhiteSpace
                | Self::LetterSpacing
                | Self::LineHeight
                | Self::Disguise
        )
    }
}

/// A declaration's name, when it is of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    One(Property),
    /// A shorthand for up to four sides, in the order of the values.
    Sides(&'static [Property]),
    Overflow,
    Font,
    Background,
    Flex,
    All,
}

impl Name {
    /// The name of interest behind a property name; `None` for all others.
    pub(super) fn of(name: &str) -> Option<Self> {
        let lower;
        let name = if name.bytes().any(|b| b.is_ascii_uppercase()) {
            lower = name.to_ascii_lowercase();
            &lower
        } else {
            name
        };
        if let Some(property) = Property::named(name) {
            return Some(Self::One(property));
        }
        use Property as P;
        Some(match name {
            "inset" => Self::Sides(&[P::Top, P::Right, P::Bottom, P::Left]),
            "inset-inline" => Self::Sides(&[P::Left, P::Right]),
            "inset-block" => Self::Sides(&[P::Top, P::Bottom]),
            "padding" => Self::Sides(&[P::PaddingTop, P::PaddingRight, P::PaddingBottom, P::PaddingLeft]),
            "padding-inline" => Self::Sides(&[P::PaddingLeft, P::PaddingRight]),
            "padding-block" => Self::Sides(&[P::PaddingTop, P::PaddingBottom]),
            // Right margins hide nothing: the doubled name only keeps the order of the sides.
            "margin" => Self::Sides(&[P::MarginTop, P::MarginLeft, P::MarginBottom, P::MarginLeft]),
            "inset-inline-start" => Self::One(P::Left),
            "inset-inline-end" => Self::One(P::Right),
            "inset-block-start" => Self::One(P::Top),
            "inset-block-end" => Self::One(P::Bottom),
            "margin-inline-start" => Self::One(P::MarginLeft),
            "margin-block-start" => Self::One(P::MarginTop),
            "margin-block-end" => Self::One(P::MarginBottom),
            "padding-inline-start" => Self::One(P::PaddingLeft),
            "padding-inline-end" => Self::One(P::PaddingRight),
            "padding-block-start" => Self::One(P::PaddingTop),
            "padding-block-end" => Self::One(P::PaddingBottom),
            "inline-size" => Self::One(P::Width),
            "block-size" => Self::One(P::Height),
            "max-inline-size" => Self::One(P::MaxWidth),
            "max-block-size" => Self::One(P::MaxHeight),
            "min-inline-size" => Self::One(P::MinWidth),
            "min-block-size" => Self::One(P::MinHeight),
            "-webkit-transform" => Self::One(P::Transform),
            "-webkit-clip-path" => Self::One(P::ClipPath),
            "-webkit-filter" => Self::One(P::Filter),
            "-webkit-opacity" => Self::One(P::Opacity),
            "-webkit-background-clip" => Self::One(P::BackgroundClip),
            "animation" | "-webkit-animation" | "-webkit-animation-name" => Self::One(P::Animation),
            "overflow" => Self::Overflow,
            "font" => Self::Font,
            "background" => Self::Background,
            "flex" | "-webkit-flex" => Self::Flex,
            "-webkit-flex-grow" | "-webkit-box-flex" => Self::One(P::Grow),
            "-webkit-flex-shrink" => Self::One(P::Shrink),
            "-webkit-flex-basis" => Self::One(P::Basis),
            "flex-flow" | "-webkit-flex-flow" | "-webkit-flex-direction" => Self::One(P::Direction),
            "line-clamp" => Self::One(P::LineClamp),
            "grid-template" => Self::One(P::GridRows),
            "offset" => Self::One(P::Path),
            "-webkit-text-stroke-width" => Self::One(P::TextStroke),
            "grid-row" | "grid-column" | "grid-row-start" | "grid-column-start" => Self::One(P::GridPlace),
            "all" => Self::All,
            _ => return None,
        })
    }

    /// The longhands it sets.
    fn longhands(self) -> Vec<Property> {
        use Property as P;
        match self {
            Self::One(property) => vec![property],
            Self::Sides(sides) => sides.to_vec(),
            Self::Overflow => vec![P::OverflowX, P::OverflowY],
            Self::Font => vec![P::FontSize],
            Self::Background => vec![P::BackgroundColor, P::BackgroundImage, P::BackgroundClip],
            Self::Flex => vec![P::Grow, P::Shrink, P::Basis],
            Self::All => Property::ALL.to_vec(),
        }
    }

    /// What the text declares; empty when it is invalid. `bare` allows lengths without a unit, as pages in
    /// quirks mode may write them.
    pub(super) fn declare(self, text: &str, bare: bool) -> Vec<(Property, Value)> {
        let text = text.trim();
        if let Some(wide) = Wide::named(text) {
            return self.longhands().into_iter().map(|p| (p, Value::Wide(wide))).collect();
        }
        if substitutes(text) {
            let raw: Rc<str> = text.into();
            return self.longhands().into_iter().map(|p| (p, Value::Raw(self, Rc::clone(&raw)))).collect();
        }
        self.expand(text, bare).unwrap_or_default()
    }

    fn expand(self, text: &str, bare: bool) -> Option<Vec<(Property, Value)>> {
        use Property as P;
        match self {
            Self::One(property) => Some(vec![(property, longhand(property, text, bare)?)]),
            Self::Sides(sides) => {
                let parts = words(text);
                let at = |i: usize| match (parts.len(), i) {
                    (1, _) => 0,
                    (2, _) => i % 2,
                    (3, 3) => 1,
                    _ => i,
                };
                if parts.is_empty() || parts.len() > sides.len() {
                    return None;
                }
                let values: Option<Vec<_>> =
                    (0..sides.len()).map(|i| Some((sides[i], longhand(sides[i], parts.get(at(i))?, bare)?))).collect();
                let mut values = values?;
                if matches!(sides, [P::MarginTop, P::MarginLeft, ..]) {
                    // The second value is that of the right.
                    values.remove(1);
                }
                Some(values)
            }
            Self::Overflow => {
                let parts = words(text);
                let (x, y) = match parts.as_slice() {
                    [both] => (both, both),
                    [x, y] => (x, y),
                    _ => return None,
                };
                Some(vec![
                    (P::OverflowX, longhand(P::OverflowX, x, bare)?),
                    (P::OverflowY, longhand(P::OverflowY, y, bare)?),
                ])
            }
            Self::Font => Some(vec![(P::FontSize, font_size(text)?)]),
            Self::Background => background(text),
            Self::Flex => flex(text, bare),
            Self::All => None,
        }
    }
}

/// Whether values are filled in when the page is shown.
pub(super) fn substitutes(text: &str) -> bool {
    text.contains('(') && {
        let lower = text.to_ascii_lowercase();
        ["var(", "env(", "attr("].iter().any(|f| lower.contains(f))
    }
}

/// The text split at white space outside brackets.
pub(super) fn words(text: &str) -> Vec<&str> {
    let mut parser = Parser::new(text);
    let mut parts = Vec::new();
    loop {
        parser.skip_whitespace();
        let from = parser.position();
        let mut any = false;
        loop {
            let start = parser.state();
            match parser.next_including_whitespace() {
                Ok(Token::WhiteSpace(_)) => {
                    parser.reset(&start);
                    break;
                }
                Ok(
                    Token::Function(_) | Token::ParenthesisBlock | Token::SquareBracketBlock | Token::CurlyBracketBlock,
                ) => {
                    any = true;
                    let skipped: Result<(), cssparser::ParseError<()>> = parser.parse_nested_block(|p| {
                        while p.next().is_ok() {}
                        Ok(())
                    });
                    if skipped.is_err() {
                        return parts;
                    }
                }
                Ok(_) => any = true,
                Err(_) => break,
            }
        }
        if !any {
            return parts;
        }
        parts.push(parser.slice_from(from));
    }
}

/// The size in a `font` shorthand: the first length, or the first word that names a size.
fn font_size(text: &str) -> Option<Value> {
    let parts = words(text);
    if let [system] = parts.as_slice()
        && ["caption", "icon", "menu", "message-box", "small-caption", "status-bar"]
            .contains(&system.to_ascii_lowercase().as_str())
    {
        return Some(Value::Opaque);
    }
    if parts.len() < 2 {
        return None;
    }
    parts.iter().find_map(|part| {
        let size = part.split('/').next().unwrap_or(part);
        let weight = size.parse::<f32>().is_ok_and(|n| n != 0.0);
        if weight { None } else { longhand(Property::FontSize, size, false) }
    })
}

/// How a part of a flexible row may grow and shrink, and from what size.
fn flex(text: &str, bare: bool) -> Option<Vec<(Property, Value)>> {
    use Property as P;
    let made = |grow, shrink, basis| Some(vec![(P::Grow, grow), (P::Shrink, shrink), (P::Basis, basis)]);
    if text.eq_ignore_ascii_case("none") {
        return made(Value::Number(0.0), Value::Number(0.0), Value::Word("auto"));
    }
    // The first number says how it grows, the second how it shrinks; what is no number is the size.
    let (mut grow, mut shrink, mut basis) = (None, None, None);
    for word in words(text) {
        match longhand(P::Grow, word, bare) {
            Some(number) if grow.is_none() => grow = Some(number),
            Some(number) if shrink.is_none() => shrink = Some(number),
            _ if basis.is_none() => basis = Some(longhand(P::Basis, word, bare)?),
            _ => return None,
        }
    }
    // One word alone stands for growing by the whole.
    grow.as_ref().or(basis.as_ref())?;
    let whole = || Value::Number(1.0);
    made(grow.unwrap_or_else(whole), shrink.unwrap_or_else(whole), basis.unwrap_or_else(|| pixels(0.0)))
}

fn background(text: &str) -> Option<Vec<(Property, Value)>> {
    use Property as P;
    let mut paint = Value::Colour(Colour::Rgba(0, 0, 0, 0.0));
    let mut image = Value::Word("none");
    let mut clip = Value::Word("border-box");
    for word in words(text) {
        let lower = word.trim_matches(',').to_ascii_lowercase();
        let mut parser = Parser::new(&lower);
        if lower == "text" {
            clip = Value::Word("text");
        } else if lower.contains("url(") || lower.contains("gradient(") || lower.contains("image-set(") {
            image = Value::Opaque;
        } else if let Ok(read) = parser.parse_entirely(colour) {
            paint = Value::Colour(read);
        } else if !background_word(&lower) {
            return None;
        }
    }
    Some(vec![(P::BackgroundColor, paint), (P::BackgroundImage, image), (P::BackgroundClip, clip)])
}

fn background_word(word: &str) -> bool {
    const WORDS: [&str; 22] = [
        "none",
        "/",
        "left",
        "right",
        "top",
        "bottom",
        "center",
        "repeat",
        "no-repeat",
        "repeat-x",
        "repeat-y",
        "space",
        "round",
        "scroll",
        "fixed",
        "local",
        "cover",
        "contain",
        "auto",
        "border-box",
        "padding-box",
        "content-box",
    ];
    word.is_empty()
        || word
            .split(['/', ','])
            .all(|w| w.is_empty() || WORDS.contains(&w) || longhand(Property::Left, w, false).is_some())
        || WORDS.contains(&word)
}

/// A length of so many pixels.
pub(super) fn pixels(px: f32) -> Value {
    Value::Length(Sum::of_px(px))
}
