//! Turns the bytes of a page into text, by the rules of a browser: byte-order mark, header, `<meta>`, then
//! a guess that knows Vietnamese. Says when the bytes are no page at all. The text is not normalised, so that
//! columns stay those of an editor.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1258};
use serde::de::IgnoredAny;

use super::prescan::declared;
use crate::snapshot::Gap;

/// The text of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, byte-order mark removed.
    pub text: String,
    /// The encoding's name, as `UTF-8` or `windows-1258`.
    pub encoding: &'static str,
    /// Some bytes have no meaning in that encoding; U+FFFD stands for them.
    pub replaced: bool,
}

/// Bytes looked at to tell text from binary files.
const SNIFFED: usize = 4_096;
/// Replacement characters that are never held against a page.
const FEW_REPLACED: usize = 8;

/// Decodes a page.
///
/// # Errors
/// [`Gap::Empty`] for nothing but white space, [`Gap::NotHtml`] for a binary, JSON or feed file, and
/// [`Gap::Undecodable`] when one character in twenty has no meaning in the encoding the page has.
pub fn decode(bytes: &[u8], header_charset: Option<&str>) -> Result<Decoded, Gap> {
    if bytes.is_empty() {
        return Err(Gap::Empty);
    }
    if is_other_format(bytes) {
        return Err(Gap::NotHtml);
    }
    let (encoding, body) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, bytes.get(length..).unwrap_or_default()),
        None => (chosen(bytes, header_charset)?, bytes),
    };
    let (text, replaced) = encoding.decode_without_bom_handling(body);
    if text.chars().all(|c| c.is_whitespace() || c == '\u{feff}') {
        return Err(Gap::Empty);
    }
    if is_json(&text) || is_other_xml(&text) {
        return Err(Gap::NotHtml);
    }
    if encoding == REPLACEMENT || is_hollow(&text) || (replaced && is_garbled(&text)) {
        return Err(Gap::Undecodable);
    }
    Ok(Decoded { text: text.into_owned(), encoding: encoding.name(), replaced })
}

fn chosen(bytes: &[u8], header_charset: Option<&str>) -> Result<&'static Encoding, Gap> {
    let header = header_charset.map(|label| label.trim().trim_matches(['"', '\'']));
    let header = header.and_then(|label| Encoding::for_label(label.as_bytes()));
    if let Some(wide) = header.filter(|encoding| [UTF_16LE, UTF_16BE].contains(encoding)) {
        // Markup in UTF-16 has zeros; without them the header is wrong and no browser shows the page.
        let zeros = bytes.get(..SNIFFED).unwrap_or(bytes).contains(&0);
        return if zeros { Ok(wide) } else { Err(Gap::Undecodable) };
    }
    if looks_like_utf_16(bytes) {
        return Err(Gap::Undecodable);
    }
    if is_binary(bytes) {
        return Err(Gap::NotHtml);
    }
    if let Some(encoding) = header {
        return Ok(encoding);
    }
    Ok(declared(bytes).unwrap_or_else(|| guessed(bytes)))
}

/// Every other character is a zero, as when UTF-32 is read as UTF-16.
fn is_hollow(text: &str) -> bool {
    let zeros = memchr::memchr_iter(0, text.as_bytes()).count();
    zeros >= 8 && zeros * 4 >= text.len()
}

/// The encoding of a page that names none.
fn guessed(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() || is_cut_utf_8(bytes) {
        UTF_8
    } else if is_vietnamese(bytes) {
        WINDOWS_1258
    } else {
        WINDOWS_1252
    }
}

/// A page cut in the middle of its last character is UTF-8 all the same.
fn is_cut_utf_8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|e| e.error_len().is_none() && e.valid_up_to() > 0)
}

/// Whether the bytes are Vietnamese in windows-1258.
fn is_vietnamese(bytes: &[u8]) -> bool {
    let (text, _) = WINDOWS_1258.decode_without_bom_handling(bytes);
    let (good, bad) = crate::lang::tones(&text);
    good >= 2 && bad * 4 <= good
}

fn is_garbled(text: &str) -> bool {
    let replaced = text.chars().filter(|c| *c == '\u{fffd}').count();
    replaced > FEW_REPLACED && replaced * 20 >= text.chars().count()
}

/// Files whose first bytes tell what they are.
fn is_other_format(bytes: &[u8]) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"%PDF-",
        b"\x89PNG\r\n",
        b"GIF87a",
        b"GIF89a",
        b"\xff\xd8\xff",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"Rar!\x1a",
        b"7z\xbc\xaf\x27\x1c",
        b"\x1f\x8b\x08",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x00\x00\x01\x00",
        b"\x7fELF",
        b"\x00asm",
        b"wOFF",
        b"wOF2",
        b"OggS",
        b"ID3",
        b"{\\rtf",
        b"BZh9",
        b"\xfd7zXZ\x00",
    ];
    let media = |at: usize, name: &[u8]| bytes.get(at..at + name.len()) == Some(name);
    MAGIC.iter().any(|m| bytes.starts_with(m)) || media(4, b"ftyp") || (media(0, b"RIFF") && media(8, b"WEBP"))
}

/// Control characters that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..SNIFFED).unwrap_or(bytes);
    let odd = head.iter().filter(|b| matches!(b, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c..=0x1f)).count();
    odd >= 4 && odd * 50 >= head.len()
}

/// Every other byte is NUL: UTF-16 without the mark and the header a browser needs to read it.
fn looks_like_utf_16(bytes: &[u8]) -> bool {
    let head = bytes.get(..SNIFFED).unwrap_or(bytes);
    if memchr::memchr(0, head).is_none() {
        return false;
    }
    let nul = |parity: usize| head.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nul(0), nul(1));
    head.len() >= 16 && ((even * 4 >= head.len() && odd == 0) || (odd * 4 >= head.len() && even == 0))
}

fn is_json(text: &str) -> bool {
    let text = text.trim();
    text.starts_with(['{', '[', '"']) && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Feeds, maps and error documents of file stores: XML whose root is not a page.
fn is_other_xml(text: &str) -> bool {
    const ROOTS: &[&str] = &["rss", "feed", "rdf:RDF", "urlset", "sitemapindex", "Error", "soap:Envelope", "svg"];
    let Some(rest) = text.trim_start().strip_prefix("<?xml") else { return false };
    let root = rest.split('<').skip(1).find(|part| part.starts_with(|c: char| c.is_ascii_alphabetic()));
    let name =
        root.map(|part| part.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default());
    name.is_some_and(|name| ROOTS.contains(&name))
}
