//! What a request tells a collector: every value of its query and body, unpacked from whatever they are written in.
//! Knows no tracker's own names, and keeps a bounded part.

use hyper::header::CONTENT_TYPE;
use serde_json::Value;
use url::form_urlencoded;

use super::asked::Asked;
use crate::site::shown;
use crate::snapshot::Sent;

/// Values that are kept of one request.
const MOST_VALUES: usize = 200;
/// Characters that are kept of one value.
const LONGEST_VALUE: usize = 2_000;
/// How deep values are looked for in values.
const DEEPEST: usize = 6;

/// What a request tells.
pub(super) fn told(asked: &Asked, body: &[u8]) -> Sent {
    let mut values = Vec::new();
    if let Some(query) = asked.url.query() {
        form(query, &mut values, 0);
    }
    let text = String::from_utf8_lossy(body);
    match asked.header(CONTENT_TYPE).and_then(boundary) {
        Some(boundary) => parts(&text, &boundary, &mut values),
        None => any(text.trim(), &mut values, 0),
    }
    let mut url = asked.url.clone();
    url.set_query(None);
    url.set_fragment(None);
    Sent { method: asked.method.to_string(), url: shown(&url), values, referer: asked.referer(), at_ms: 0 }
}

fn keep(value: &str, values: &mut Vec<String>) {
    if values.len() < MOST_VALUES && !value.is_empty() {
        values.push(value.chars().take(LONGEST_VALUE).collect());
    }
}

/// A text of any kind: JSON, a form's fields, or itself.
fn any(text: &str, values: &mut Vec<String>, depth: usize) {
    if values.len() >= MOST_VALUES {
        return;
    }
    if depth < DEEPEST && text.starts_with(['{', '[']) && json_lines(text, values, depth) {
        return;
    }
    let mut pairs = text.split('&').filter(|pair| !pair.is_empty()).peekable();
    let is_form = pairs.peek().is_some() && pairs.all(|p| p.split_once('=').is_some_and(|(name, _)| is_field(name)));
    if depth < DEEPEST && is_form {
        form(text.trim_start_matches('?'), values, depth + 1);
    } else {
        keep(text, values);
    }
}

/// What a field of a form may be called, so that a text with an equals sign is not taken for one.
fn is_field(name: &str) -> bool {
    let name = name.strip_prefix('?').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.[]%+$*".contains(&b))
}

/// One JSON value, or one after the other.
fn json_lines(text: &str, values: &mut Vec<String>, depth: usize) -> bool {
    let read: Result<Vec<Value>, _> = serde_json::Deserializer::from_str(text).into_iter().collect();
    let Ok(read) = read else { return false };
    read.iter().for_each(|value| json(value, values, depth + 1));
    true
}

fn json(value: &Value, values: &mut Vec<String>, depth: usize) {
    match value {
        _ if values.len() >= MOST_VALUES => {}
        Value::Null => {}
        Value::String(text) => any(text, values, depth),
        Value::Array(items) => items.iter().for_each(|item| json(item, values, depth)),
        Value::Object(fields) => fields.values().for_each(|field| json(field, values, depth)),
        Value::Bool(_) | Value::Number(_) => keep(&value.to_string(), values),
    }
}

fn form(text: &str, values: &mut Vec<String>, depth: usize) {
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        // A name alone is what it says itself.
        let said = if value.is_empty() && !text.contains('=') { &name } else { &value };
        // The fields of an address are not said one by one.
        if said.starts_with(['{', '[', '?']) { any(said, values, depth + 1) } else { keep(said, values) }
    }
}

/// What stands between the parts of a form with files.
fn boundary(content_type: &str) -> Option<String> {
    let rest = content_type.strip_prefix("multipart/")?;
    let (_, boundary) = rest.split_once("boundary=")?;
    let boundary = boundary.split(';').next().unwrap_or_default().trim().trim_matches('"');
    (!boundary.is_empty()).then(|| format!("--{boundary}"))
}

fn parts(text: &str, boundary: &str, values: &mut Vec<String>) {
    for part in text.split(boundary) {
        if let Some((_, value)) = part.split_once("\r\n\r\n") {
            any(value.trim_end_matches("\r\n"), values, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use hyper::header::{HeaderMap, HeaderValue};
    use url::Url;

    use super::*;

    fn values(query: &str, kind: &str, body: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(kind).unwrap());
        let url = Url::parse(&format!("https://thu.test/t{query}")).unwrap();
        let told = told(&Asked { method: Method::POST, url, headers }, body.as_bytes());
        assert_eq!(told.url, "https://thu.test/t");
        told.values
    }

    #[test]
    fn values_are_found_in_whatever_they_are_written() {
        let page = "https://a.vn/?x=1&y=2";
        for (query, kind, body) in [
            ("?id=7&url=https%3A%2F%2Fa.vn%2F%3Fx%3D1%26y%3D2", "", ""),
            ("", "application/x-www-form-urlencoded", "id=7&url=https%3A%2F%2Fa.vn%2F%3Fx%3D1%26y%3D2"),
            ("?id=7", "text/plain", "url=https%3A%2F%2Fa.vn%2F%3Fx%3D1%26y%3D2"),
            ("", "application/json", r#"{"id":7,"a":[null,{"url":"https://a.vn/?x=1&y=2"}]}"#),
            ("", "text/plain;charset=UTF-8", r#"{"id":"7","url":"https:\/\/a.vn\/?x=1&y=2"}"#),
            ("", "text/plain", r#"{"requests":["?id=7&url=https%3A%2F%2Fa.vn%2F%3Fx%3D1%26y%3D2"]}"#),
            ("?id=7&d=%7B%22u%22%3A%22https%3A%2F%2Fa.vn%2F%3Fx%3D1%26y%3D2%22%7D", "", ""),
            (
                "",
                "multipart/form-data; boundary=xx",
                "--xx\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n7\r\n--xx\r\n\r\nhttps://a.vn/?x=1&y=2\r\n--xx--\r\n",
            ),
        ] {
            assert_eq!(values(query, kind, body), ["7", page], "{query} {kind} {body}");
        }
        assert_eq!(values("", "text/plain", "một câu = hai"), ["một câu = hai"]);
        assert_eq!(values("?ping", "", ""), ["ping"]);
        assert_eq!(values("", "application/json", "{broken"), ["{broken"]);
    }

    #[test]
    fn a_bounded_part_is_kept_of_a_flood() {
        let many: String = (0..10_000).map(|n| format!("a{n}=1&")).collect();
        assert_eq!(values("", "text/plain", &many).len(), MOST_VALUES);
        assert_eq!(values(&format!("?a={}", "đ".repeat(5_000)), "", "")[0].chars().count(), LONGEST_VALUE);
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(values("", "application/json", &deep).len(), 1, "what is too deep to read is a text");
    }
}
