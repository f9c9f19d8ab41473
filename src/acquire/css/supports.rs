//! Evaluates `@supports` for a present-day browser: ordinary properties are supported, other engines' are not,
//! and what is not on the list is unknown.

use cssparser::{ParseError, Parser, Token};

use super::media::{Truth, condition};
use super::selector::supported;

type Parsed<T> = Result<T, ParseError<()>>;

/// Whether a `@supports` condition holds.
pub(crate) fn supports(text: &str) -> Truth {
    let mut parser = Parser::new(text);
    parser.parse_entirely(|p| condition(p, 0, &part)).unwrap_or(Truth::No)
}

/// What stands between the brackets of `@import … supports(…)`: a condition or a bare declaration.
pub(crate) fn import_supports(text: &str) -> Truth {
    if text.trim_start().starts_with(['(', 'n', 's', 'f']) && !text.contains(':') {
        return supports(text);
    }
    supports(&format!("({text})"))
}

fn part<'i>(p: &mut Parser<'i>, depth: usize) -> Parsed<Truth> {
    match p.next()?.clone() {
        Token::ParenthesisBlock => p.parse_nested_block(|p| {
            let start = p.state();
            if let Ok(holds) = p.try_parse(declaration) {
                return Ok(holds);
            }
            p.reset(&start);
            condition(p, depth + 1, &part)
        }),
        Token::Function(name) => p.parse_nested_block(|p| {
            let from = p.position();
            while p.next().is_ok() {}
            let text = p.slice_from(from);
            Ok(match name.to_ascii_lowercase().as_str() {
                "selector" => Truth::of(supported(text)),
                _ => Truth::Unknown,
            })
        }),
        _ => Err(ParseError::unexpected_token()),
    }
}

fn declaration(p: &mut Parser) -> Parsed<Truth> {
    let name = p.expect_ident()?.to_ascii_lowercase();
    p.expect_colon()?;
    let from = p.position();
    while p.next().is_ok() {}
    let value = p.slice_from(from).trim().to_ascii_lowercase();
    Ok(property(&name, &value))
}

fn property(name: &str, value: &str) -> Truth {
    if name.starts_with("--") {
        return Truth::Yes;
    }
    if ["-ms-", "-moz-", "-o-", "-khtml-"].iter().any(|p| name.starts_with(p) || value.starts_with(p)) {
        return Truth::No;
    }
    if foreign(value) {
        return Truth::Unknown;
    }
    if name == "display" {
        let words = [
            "none",
            "block",
            "inline",
            "inline-block",
            "flex",
            "inline-flex",
            "grid",
            "inline-grid",
            "contents",
            "flow-root",
            "table",
            "table-cell",
            "list-item",
            "-webkit-box",
            "ruby",
        ];
        return if words.contains(&value) { Truth::Yes } else { Truth::Unknown };
    }
    if name == "position" {
        return match value {
            "sticky" | "-webkit-sticky" | "fixed" | "absolute" | "relative" | "static" => Truth::Yes,
            _ => Truth::No,
        };
    }
    if ORDINARY.contains(&name) { Truth::Yes } else { Truth::Unknown }
}

/// Functions that every present-day browser knows in a value.
const FUNCTIONS: [&str; 52] = [
    "attr",
    "blur",
    "brightness",
    "calc",
    "circle",
    "clamp",
    "color",
    "color-mix",
    "conic-gradient",
    "contrast",
    "cubic-bezier",
    "drop-shadow",
    "ellipse",
    "env",
    "fit-content",
    "format",
    "grayscale",
    "hsl",
    "hsla",
    "hue-rotate",
    "hwb",
    "image-set",
    "-webkit-image-set",
    "inset",
    "invert",
    "lab",
    "lch",
    "linear-gradient",
    "-webkit-linear-gradient",
    "matrix",
    "max",
    "min",
    "minmax",
    "oklab",
    "oklch",
    "opacity",
    "perspective",
    "polygon",
    "radial-gradient",
    "repeat",
    "rgb",
    "rgba",
    "rotate",
    "saturate",
    "scale",
    "sepia",
    "steps",
    "translate",
    "translate3d",
    "url",
    "var",
    "-webkit-calc",
];

/// Whether a value holds a function that some browsers may not know, or a name of one maker.
fn foreign(value: &str) -> bool {
    let in_name = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut parts = value.split('(');
    let last = parts.next_back().unwrap_or_default();
    let called = |before: &str| before.rsplit(|c| !in_name(c)).next().unwrap_or_default().to_owned();
    let unknown = |name: String| !name.is_empty() && !FUNCTIONS.contains(&name.as_str());
    parts.map(called).any(unknown) || last.contains("-apple-") || value.starts_with("-apple-")
}

/// Properties every present-day browser knows.
const ORDINARY: [&str; 66] = [
    "align-items",
    "animation",
    "animation-name",
    "appearance",
    "-webkit-appearance",
    "aspect-ratio",
    "backdrop-filter",
    "-webkit-backdrop-filter",
    "background",
    "background-clip",
    "-webkit-background-clip",
    "background-color",
    "border",
    "border-radius",
    "bottom",
    "box-shadow",
    "box-sizing",
    "clip-path",
    "-webkit-clip-path",
    "color",
    "columns",
    "column-gap",
    "contain",
    "content-visibility",
    "filter",
    "flex",
    "flex-wrap",
    "float",
    "font-size",
    "font-variant",
    "font-variation-settings",
    "gap",
    "grid",
    "grid-area",
    "grid-gap",
    "grid-template-areas",
    "grid-template-columns",
    "grid-template-rows",
    "height",
    "hyphens",
    "inset",
    "inset-inline-start",
    "isolation",
    "justify-content",
    "-webkit-line-clamp",
    "margin",
    "margin-inline",
    "mask",
    "mask-image",
    "-webkit-mask-image",
    "max-height",
    "max-width",
    "min-height",
    "mix-blend-mode",
    "object-fit",
    "opacity",
    "overflow",
    "padding",
    "scroll-behavior",
    "scroll-snap-type",
    "text-decoration",
    "transform",
    "transform-style",
    "transition",
    "width",
    "will-change",
];
