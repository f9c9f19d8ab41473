//! Finds the encoding that a page names for itself: the prescan of the HTML standard over the first 1,024
//! bytes. Reads `<meta charset>` and `<meta http-equiv=content-type>`, skips comments and other tags, and
//! decodes nothing.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// Bytes looked at.
const PRESCANNED: usize = 1_024;

/// The encoding a page names.
pub(super) fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let mut scan = Scan { bytes: bytes.get(..PRESCANNED).unwrap_or(bytes), at: 0 };
    while scan.at < scan.bytes.len() {
        if scan.looking_at(b"<!--") {
            // `<!-->` is a whole comment: its dashes close it too.
            scan.at += 2;
            scan.pass(b"-->");
        } else if scan.looking_at(b"<meta") && scan.byte(5).is_some_and(|b| is_space(b) || b == b'/') {
            scan.at += 5;
            if let Some(encoding) = scan.meta() {
                return Some(encoding);
            }
        } else if scan.byte(0) == Some(b'<')
            && (scan.byte(1).is_some_and(|b| b.is_ascii_alphabetic())
                || (scan.byte(1) == Some(b'/') && scan.byte(2).is_some_and(|b| b.is_ascii_alphabetic())))
        {
            while scan.byte(0).is_some_and(|b| !is_space(b) && b != b'>') {
                scan.at += 1;
            }
            while scan.attribute().is_some() {}
        } else if scan.looking_at(b"<!") || scan.looking_at(b"</") || scan.looking_at(b"<?") {
            scan.pass(b">");
        }
        scan.at += 1;
    }
    None
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn looking_at(&self, text: &[u8]) -> bool {
        self.bytes.get(self.at..self.at + text.len()).is_some_and(|b| b.eq_ignore_ascii_case(text))
    }

    /// Moves to the last byte of the next `text`, or to the end.
    fn pass(&mut self, text: &[u8]) {
        while self.at < self.bytes.len() && !self.looking_at(text) {
            self.at += 1;
        }
        self.at = (self.at + text.len()).saturating_sub(1);
    }

    /// The encoding of a meta element, from behind its name.
    fn meta(&mut self) -> Option<&'static Encoding> {
        let mut seen: Vec<Vec<u8>> = Vec::new();
        let mut got_pragma = false;
        let mut need_pragma = None;
        let mut charset: Option<Option<&'static Encoding>> = None;
        while let Some((name, value)) = self.attribute() {
            if seen.contains(&name) {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" => got_pragma |= value.as_slice() == b"content-type",
                b"content" if charset.is_none() => {
                    if let Some(found) = from_content(&value) {
                        charset = Some(Some(found));
                        need_pragma = Some(true);
                    }
                }
                b"charset" => {
                    charset = Some(Encoding::for_label(&value));
                    need_pragma = Some(false);
                }
                _ => {}
            }
            seen.push(name);
        }
        if need_pragma? && !got_pragma {
            return None;
        }
        let encoding = charset??;
        Some(if encoding == UTF_16BE || encoding == UTF_16LE {
            UTF_8
        } else if encoding == X_USER_DEFINED {
            WINDOWS_1252
        } else {
            encoding
        })
    }

    /// The next attribute of a tag, in lower case; `None` at its end.
    fn attribute(&mut self) -> Option<(Vec<u8>, Vec<u8>)> {
        while self.byte(0).is_some_and(|b| is_space(b) || b == b'/') {
            self.at += 1;
        }
        if self.byte(0)? == b'>' {
            return None;
        }
        let mut name = Vec::new();
        loop {
            match self.byte(0)? {
                b'=' if !name.is_empty() => break,
                b if is_space(b) => {
                    while self.byte(0).is_some_and(is_space) {
                        self.at += 1;
                    }
                    if self.byte(0)? != b'=' {
                        return Some((name, Vec::new()));
                    }
                    break;
                }
                b'/' | b'>' => return Some((name, Vec::new())),
                b => name.push(b.to_ascii_lowercase()),
            }
            self.at += 1;
        }
        self.at += 1;
        while self.byte(0).is_some_and(is_space) {
            self.at += 1;
        }
        let mut value = Vec::new();
        let first = self.byte(0)?;
        if first == b'"' || first == b'\'' {
            loop {
                self.at += 1;
                let b = self.byte(0)?;
                if b == first {
                    self.at += 1;
                    return Some((name, value));
                }
                value.push(b.to_ascii_lowercase());
            }
        }
        loop {
            let b = self.byte(0)?;
            if is_space(b) || b == b'>' {
                return Some((name, value));
            }
            value.push(b.to_ascii_lowercase());
            self.at += 1;
        }
    }
}

fn is_space(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// The encoding in the `content` of a content-type pragma, as `text/html; charset=utf-8`.
fn from_content(value: &[u8]) -> Option<&'static Encoding> {
    let text = std::str::from_utf8(value).ok()?;
    let mut rest = text;
    loop {
        let at = rest.find("charset")?;
        rest = rest[at + "charset".len()..].trim_ascii_start();
        if let Some(after) = rest.strip_prefix('=') {
            rest = after.trim_ascii_start();
            break;
        }
    }
    let label = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split_once(quote)?.0,
        _ => rest.split(|c: char| c.is_ascii_whitespace() || c == ';').next()?,
    };
    Encoding::for_label(label.as_bytes())
}
