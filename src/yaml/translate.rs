//! The YAML reader's own errors in the users' words and languages, each with its remedy.

use std::sync::Arc;

use serde_saphyr::Error;

use super::index::{self, Index};
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
    let (code, (message, help)) = if tab {
        let tabs = (
            Text::new("thụt lề bằng phím Tab", "indented with a tab"),
            Text::new("Thay Tab bằng dấu cách.", "Replace tabs by spaces."),
        );
        ("tab", tabs)
    } else if detail.contains("anchor") {
        ("alias", index::alias())
    } else if deep {
        ("too-deep", index::too_deep())
    } else {
        let syntax = (
            Text::new(format!("YAML viết sai cú pháp ({detail})"), format!("not valid YAML ({detail})")),
            Text::new(
                "Kiểm tra thụt lề, dấu hai chấm và dấu nháy ở dòng này và dòng trên nó.",
                "Check indentation, colons and quotes on this line and the one above.",
            ),
        );
        ("syntax", syntax)
    };
    Problem::new(code, message).mark(source, Span::new(offset, offset + width), Text::default()).help(help)
}

/// An error of the typed reader.
pub(super) fn problem(error: &Error, source: &Arc<Source>, index: &Index) -> Problem {
    let error = error.without_snippet();
    let found = place(error, source).unwrap_or(Span { start: 0, end: 0 });
    let here = index.innermost(found.start);
    let path = here.map(|(path, _)| path).unwrap_or_default();
    let is_key = here.is_some_and(|(_, spot)| spot.key == Some(found) && !source.slice(found).is_empty());
    let (path, span) = match error {
        // Reported at the last key of the map that lacks one.
        Error::SerdeMissingField { .. } => whole(index, source, if is_key { parent(path) } else { path }),
        // Reported at the key, meant is its value.
        Error::SerdeInvalidType { .. } | Error::SerdeInvalidValue { .. } | Error::Message { .. } if is_key => {
            whole(index, source, path)
        }
        // A word where a map is wanted is noticed only at what follows it.
        Error::Unexpected { .. } if is_key || matches!(source.slice(found), "}" | "]") => {
            index.before(found.start).map_or((path, found), |path| whole(index, source, path))
        }
        // A bracket stands for all it holds.
        _ if matches!(source.slice(found), "{" | "[") => whole(index, source, path),
        // The start of a block has no text of its own, and is that of its first key.
        _ if source.slice(found).is_empty() => {
            let first = here.is_some_and(|(_, spot)| spot.key.is_some_and(|key| key.start == found.start));
            whole(index, source, if first { parent(path) } else { path })
        }
        _ => (path, found),
    };
    let problem = match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            let name = quoted(field);
            let text = Text::new(format!("khóa lạ {name}"), format!("unknown key {name}"));
            Problem::new("unknown-key", text).help(suggestion(field, expected.iter().copied()))
        }
        Error::SerdeUnknownVariant { variant, expected, .. } => {
            let name = quoted(variant);
            let text = Text::new(
                format!("{name} không phải giá trị hợp lệ ở đây"),
                format!("{name} is not a valid value here"),
            );
            Problem::new("unknown-value", text).help(suggestion(variant, expected.iter().copied()))
        }
        Error::SerdeMissingField { field, .. } => {
            let name = quoted(field);
            Problem::new("missing-key", Text::new(format!("thiếu khóa {name}"), format!("the key {name} is missing")))
        }
        other => {
            let is_key = index.get(path).is_some_and(|spot| spot.key == Some(span));
            shape(other, if is_key { "" } else { source.slice(span) })
        }
    };
    // At the top of a file the path would only repeat the key.
    let said = if path.contains(['.', '[']) { crate::finding::safe(path, 120) } else { String::new() };
    problem.mark(source, span, Text::new(said.clone(), said))
}

/// The path of the map or list that holds this one.
fn parent(path: &str) -> &str {
    path.rfind(['.', '[']).map_or("", |cut| &path[..cut])
}

/// What is underlined of a whole value.
fn whole<'a>(index: &Index, source: &Source, path: &'a str) -> (&'a str, Span) {
    (path, index.get(path).map_or(Span { start: 0, end: 0 }, |spot| spot.label(source)))
}

/// The bytes an error points to.
fn place(error: &Error, source: &Source) -> Option<Span> {
    let at = error.location()?.span();
    let (start, len) = (usize::try_from(at.byte_offset()?).ok()?, usize::try_from(at.byte_len()?).ok()?);
    let start = start.min(source.text.len());
    let text = source.text.get(start..(start + len).min(source.text.len())).unwrap_or_default();
    Some(Span::new(start, start + text.trim_end().len()))
}

/// Errors about the shape of a value.
fn shape(error: &Error, seen: &str) -> Problem {
    let wrong = |wanted: Text| {
        let (vi, en) = match seen {
            seen if seen.is_empty() || seen.contains('\n') => (String::new(), String::new()),
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
        Error::ExternallyTaggedEnumExpectedScalarOrMapping { .. } => {
            wrong(Text::new("một từ, hoặc một khối `khóa: giá trị`", "a word, or a map of `key: value`"))
        }
        Error::UnexpectedValueForUnitEnumVariant { .. } => {
            wrong(Text::new("một từ, không có giá trị", "a word without a value"))
        }
        Error::ExpectedMappingEndAfterEnumVariantValue { .. }
        | Error::ExpectedStringKeyForExternallyTaggedEnum { .. } => {
            Problem::new("one-key", Text::new("ở đây cần đúng một khóa", "exactly one key is needed here")).help(
                Text::new(
                    "Ghi đúng một khóa; nhiều kiểm tra thì ghép bằng `all_of` hoặc `any_of`.",
                    "Write one key; several checks are joined with `all_of` or `any_of`.",
                ),
            )
        }
        Error::Message { msg, .. } => custom(msg, &wrong),
        Error::Budget { .. } => Problem::new(
            "too-large",
            Text::new("tệp quá lớn hoặc lồng nhau quá sâu", "the file is too large or nested too deep"),
        ),
        other => {
            let detail = crate::finding::safe(&other.to_string(), 200);
            Problem::new(
                "invalid",
                Text::new(format!("giá trị không hợp lệ: {detail}"), format!("invalid value: {detail}")),
            )
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
        (
            "a whole number or",
            "số nguyên không âm hoặc `${tham_số}`",
            "a whole number, not negative, or `${parameter}`",
        ),
        ("points", "điểm: số từ 0 đến 1.000.000, nhiều nhất hai chữ số thập phân", expected),
        ("a day", "một ngày viết như 2024-04-05", expected),
        ("an instant", "một thời điểm viết như 2024-04-05T00:00:00Z", expected),
        ("a value or", "một giá trị hoặc `${tham_số}`", expected),
        ("a duration", "thời gian có đơn vị, như `30s` hoặc `5m`", expected),
        ("a size", "dung lượng có đơn vị, như `8MiB`", expected),
    ];
    known
        .iter()
        .find(|(start, ..)| expected.contains(start))
        .map_or_else(|| Text::new(expected, expected), |(_, vi, en)| Text::new(*vi, *en))
}
