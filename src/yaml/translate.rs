//! The YAML reader's own errors in the users' words and languages, each with its remedy.

use std::sync::Arc;

use serde_saphyr::Error;

use super::index::Index;
use super::nearest::suggestion;
use super::problem::{Problem, quoted};
use crate::policy::Text;
use crate::snapshot::{Source, Span};

/// A syntax fault at a byte of the text.
pub(super) fn syntax(source: &Arc<Source>, offset: usize, detail: &str) -> Problem {
    let rest = source.text.get(offset..).unwrap_or_default();
    let width = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r')).map_or(0, char::len_utf8);
    let line = source.line(source.position(u32::try_from(offset).unwrap_or(u32::MAX)).line);
    let tab = line.trim_start_matches(' ').starts_with('\t') || detail.contains("tab");
    let deep = detail.contains("recursion limit") || detail.contains("nesting");
    let (message, help) = if tab {
        (
            Text::new("thụt lề bằng phím Tab", "indented with a tab"),
            Text::new("Thay Tab bằng dấu cách.", "Replace tabs by spaces."),
        )
    } else if deep {
        (
            Text::new("ngoặc lồng nhau quá nhiều tầng", "brackets nested too deep"),
            Text::new("Kiểm tra các dấu ngoặc.", "Check the brackets."),
        )
    } else {
        (
            Text::new(format!("YAML viết sai cú pháp ({detail})"), format!("not valid YAML ({detail})")),
            Text::new(
                "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này và dòng trên nó.",
                "Check indentation, colons and quotes on this line and the one above.",
            ),
        )
    };
    Problem::new("syntax", message).mark(source, Span::new(offset, offset + width), Text::default()).help(help)
}

/// An error of the typed reader.
pub(super) fn problem(error: &Error, source: &Arc<Source>, index: &Index) -> Problem {
    let span = place(error, source);
    let spot = span.and_then(|s| index.innermost(s.start));
    let path = spot.map(|(path, _)| path).unwrap_or_default();
    let (problem, span) = match error.without_snippet() {
        Error::SerdeUnknownField { field, expected, .. } => {
            let name = quoted(field);
            let text = Text::new(format!("khóa lạ {name}"), format!("unknown key {name}"));
            (Problem::new("unknown-key", text).help(suggestion(field, expected.iter().copied())), span)
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            let name = quoted(variant);
            let text = Text::new(format!("{name} không phải giá trị hợp lệ ở đây"), format!("{name} is not a valid value here"));
            (Problem::new("unknown-value", text).help(suggestion(variant, expected.iter().copied())), span)
        }
        Error::SerdeMissingField { field, .. } => {
            let name = quoted(field);
            let text = Text::new(format!("thiếu khóa {name}"), format!("the key {name} is missing"));
            let (span, hint) = missing(index, source, span, field);
            (Problem::new("missing-key", text).help(hint), span)
        }
        other => (shape(other, source, span), span),
    };
    match span {
        Some(span) => problem.mark(source, span, at(path)),
        None => problem,
    }
}

fn at(path: &str) -> Text {
    if path.is_empty() { Text::default() } else { Text::new(quoted(path).replace('`', ""), quoted(path).replace('`', "")) }
}

/// The bytes an error points to; a long piece is cut to its first line when it is drawn.
fn place(error: &Error, source: &Source) -> Option<Span> {
    let at = error.location()?.span();
    let (start, len) = (usize::try_from(at.byte_offset()?).ok()?, usize::try_from(at.byte_len()?).ok()?);
    let start = start.min(source.text.len());
    let text = source.text.get(start..(start + len).min(source.text.len())).unwrap_or_default();
    Some(Span::new(start, start + text.trim_end().len()))
}

/// A missing key has no place of its own: the map that lacks it is underlined by its first line.
fn missing(index: &Index, source: &Source, span: Option<Span>, field: &str) -> (Option<Span>, Option<Text>) {
    let Some(span) = span else { return (None, None) };
    let Some((path, spot)) = index.innermost(span.start) else { return (Some(span), None) };
    // The innermost value at the start of a map is its first key's; the map is one step up.
    let up = path.rfind(['.', '[']).map_or("", |cut| &path[..cut]);
    let holder = if spot.value == span { path } else { up };
    let key = index.get(holder).and_then(|s| s.key);
    let first = source.slice(span).is_empty().then_some(spot.key).flatten();
    let place = if path.is_empty() { String::new() } else { format!(" ({})", holder) };
    let _ = field;
    (
        Some(key.filter(|_| holder == path).or(first).unwrap_or(span)),
        (!place.is_empty() && !holder.is_empty()).then(|| {
            Text::new(format!("Thêm khóa này vào {}.", quoted(holder)), format!("Add it to {}.", quoted(holder)))
        }),
    )
}

/// Errors about the shape of a value.
fn shape(error: &Error, source: &Source, span: Option<Span>) -> Problem {
    let seen = span.map(|s| source.slice(s)).filter(|s| !s.contains('\n')).unwrap_or_default();
    let wrong = |wanted: Text| {
        let (vi, en) = match seen {
            "" => (String::new(), String::new()),
            seen => (format!(", ở đây là {}", quoted(seen)), format!(", not {}", quoted(seen))),
        };
        Problem::new("wrong-type", Text::new(format!("cần {}{vi}", wanted.vi), format!("expected {}{en}", wanted.en)))
    };
    match error {
        Error::Unexpected { expected, .. } => wrong(wanted(expected)),
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => wrong(wanted(expected)),
        Error::InvalidScalar { ty, .. } => wrong(wanted(ty)),
        Error::InvalidBooleanStrict { .. } => wrong(wanted("boolean")),
        Error::NullIntoString { .. } => wrong(wanted("string"))
            .help(Text::new("Viết giá trị, hoặc bỏ cả dòng.", "Write a value, or drop the line.")),
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. } => wrong(wanted("map")),
        Error::ExpectedMappingEndAfterEnumVariantValue { .. } => Problem::new(
            "one-key",
            Text::new("ở đây chỉ được có một khóa", "exactly one key is allowed here"),
        )
        .help(Text::new(
            "Muốn ghép nhiều kiểm tra, dùng `all_of` hoặc `any_of`.",
            "To join several checks use `all_of` or `any_of`.",
        )),
        Error::Message { msg, .. } => custom(msg, &wrong),
        Error::Budget { .. } => Problem::new(
            "too-large",
            Text::new("tệp quá lớn hoặc lồng nhau quá sâu", "the file is too large or nested too deep"),
        ),
        other => {
            let detail = crate::finding::safe(&other.to_string(), 200);
            Problem::new("invalid", Text::new(format!("giá trị không hợp lệ: {detail}"), format!("invalid value: {detail}")))
        }
    }
}

/// Messages that come through serde as plain text.
fn custom(msg: &str, wrong: &dyn Fn(Text) -> Problem) -> Problem {
    if msg.contains("did not match any variant of untagged enum ParamValue") {
        return wrong(Text::new("chữ, số nguyên, `true` hoặc `false`", "text, a whole number, `true` or `false`"));
    }
    let msg = crate::finding::safe(msg, 200);
    Problem::new("invalid", Text::new(format!("giá trị không hợp lệ: {msg}"), format!("invalid value: {msg}")))
}

/// What was wanted, in the users' words.
fn wanted(expected: &str) -> Text {
    let known: &[(&str, &str, &str)] = &[
        ("string", "chữ", "text"),
        ("sequence", "một danh sách", "a list"),
        ("seq", "một danh sách", "a list"),
        ("mapping", "một khối `khóa: giá trị`", "a map of `key: value`"),
        ("struct", "một khối `khóa: giá trị`", "a map of `key: value`"),
        ("map", "một khối `khóa: giá trị`", "a map of `key: value`"),
        ("bool", "`true` hoặc `false`", "`true` or `false`"),
        ("u32", "số nguyên không âm", "a whole number, not negative"),
        ("u16", "số nguyên không âm", "a whole number, not negative"),
        ("u64", "số nguyên không âm", "a whole number, not negative"),
        ("usize", "số nguyên không âm", "a whole number, not negative"),
        ("integer", "số nguyên", "a whole number"),
        ("float", "một số", "a number"),
        ("points", "điểm: số từ 0 đến 1.000.000, nhiều nhất hai chữ số thập phân", expected),
        ("a day", "một ngày viết như 2024-04-05", expected),
        ("a value or", "một giá trị hoặc `${tham_số}`", expected),
        ("a duration", "thời gian có đơn vị, như `30s` hoặc `5m`", expected),
        ("a size", "dung lượng có đơn vị, như `8MiB`", expected),
    ];
    known
        .iter()
        .find(|(start, ..)| expected.contains(start))
        .map_or_else(|| Text::new(expected, expected), |(_, vi, en)| Text::new(*vi, *en))
}
