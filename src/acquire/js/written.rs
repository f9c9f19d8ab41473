//! Finds `<script>` elements in markup that a script writes. A tiny scan, not a parser of pages.

use super::element::is_script_type;

/// A script element in written markup.
pub(super) struct Written {
    /// Its `src`.
    pub(super) src: Option<String>,
    /// Its text.
    pub(super) text: String,
    /// Whether its type lets it run.
    pub(super) runs: bool,
    /// Whether it ends; what is written next belongs to it otherwise.
    pub(super) ends: bool,
}

/// The script elements of a piece of markup.
pub(super) fn scripts(html: &str) -> Vec<Written> {
    let lower = html.to_ascii_lowercase();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(i) = lower.get(at..).and_then(|t| t.find("<script")) {
        let start = at + i + "<script".len();
        let comment = lower.get(..at + i).is_some_and(|t| t.rfind("<!--") > t.rfind("-->"));
        let boundary = lower.as_bytes().get(start).is_none_or(|b| b.is_ascii_whitespace() || *b == b'>' || *b == b'/');
        let (attributes, end) = attributes(html.get(start..).unwrap_or_default());
        let body = start + end;
        let close = lower.get(body..).and_then(|t| t.find("</script")).map_or(lower.len(), |n| body + n);
        at = close.max(start);
        if comment || !boundary {
            continue;
        }
        let value = |name: &str| attributes.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone());
        let runs = value("type").is_none_or(|t| is_script_type(&t)) && value("nomodule").is_none();
        let text = html.get(body..close).unwrap_or_default().to_owned();
        found.push(Written { src: value("src"), text, runs, ends: close < lower.len() });
    }
    found
}

/// Attributes of a start tag and the length of the rest of the tag.
fn attributes(tag: &str) -> (Vec<(String, String)>, usize) {
    let bytes = tag.as_bytes();
    let mut all: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        if b == b'>' {
            return (all, at + 1);
        }
        if b.is_ascii_whitespace() || b == b'/' {
            at += 1;
            continue;
        }
        let start = at;
        while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'=' | b'/')) {
            at += 1;
        }
        at = at.max(start + usize::from(at == start));
        let name = tag.get(start..at).unwrap_or_default().to_ascii_lowercase();
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let mut value = String::new();
        if bytes.get(at) == Some(&b'=') {
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            let quote = bytes.get(at).copied().filter(|b| matches!(b, b'"' | b'\''));
            let from = at + usize::from(quote.is_some());
            let ends = |b: u8| quote.map_or(b.is_ascii_whitespace() || b == b'>', |q| b == q);
            let to = bytes.iter().skip(from).position(|b| ends(*b)).map_or(bytes.len(), |n| from + n);
            tag.get(from..to).unwrap_or_default().clone_into(&mut value);
            at = to + usize::from(quote.is_some());
        }
        if !all.iter().any(|(n, _)| *n == name) {
            all.push((name, value));
        }
    }
    (all, tag.len())
}
