//! Reads the text in a `data:` address: optimisers write whole scripts that way. Percent escapes and base64;
//! anything that is not text is refused.

use url::Url;

/// The text of a `data:` address; `None` when it is none or is damaged.
pub(super) fn text(url: &Url) -> Option<String> {
    let written = url.as_str().split('#').next()?.strip_prefix("data:")?;
    let (head, body) = written.split_once(',')?;
    let bytes = percent_decoded(body);
    let bytes = if head.trim_end().to_ascii_lowercase().ends_with(";base64") { base64(&bytes)? } else { bytes };
    String::from_utf8(bytes).ok()
}

/// Percent escapes replaced by their bytes; whatever is no escape stays as written.
pub(super) fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escaped = (byte == b'%').then(|| bytes.get(at + 1..at + 3)).flatten();
        let value = escaped.and_then(|hex| Some(hex_digit(hex[0])? * 16 + hex_digit(hex[1])?));
        out.push(value.unwrap_or(byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    out
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for byte in text.iter().filter(|b| !b.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    Some(out)
}
