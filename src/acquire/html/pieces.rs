//! A script's text in pieces, without reading it as a program: string literals, and the bytes of code between them.
//! Comments and regular expressions are left out.

use std::ops::Range;

/// A piece of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::acquire) enum Piece {
    /// What stands between the quotes of a string literal; an unfinished one ends with its line, or with the text.
    Literal(Range<usize>),
    /// One byte of code that is no white space, and where it stands.
    Code(usize, u8),
}

/// The pieces of a script, in order.
pub(in crate::acquire) fn pieces(text: &str) -> impl Iterator<Item = Piece> {
    let bytes = text.as_bytes();
    // Where the reading stands, and the code before it, which tells a regular expression from a division.
    let (mut at, mut before) = (0, b'(');
    std::iter::from_fn(move || {
        while let Some(&byte) = bytes.get(at) {
            let (from, next) = (at, bytes.get(at + 1).copied());
            at += 1;
            match byte {
                b'"' | b'\'' | b'`' => {
                    let end = string_end(bytes, at, byte);
                    (at, before) = (end + 1, b'"');
                    return Some(Piece::Literal(from + 1..end));
                }
                b'/' if next == Some(b'/') => at = find(bytes, at, |b| b == b'\n') + 1,
                b'/' if next == Some(b'*') => {
                    let end = text.get(at + 1..).and_then(|rest| rest.find("*/"));
                    at = end.map_or(bytes.len(), |i| at + 1 + i + 2);
                }
                b'/' if b"(,=:[!&|?{};+\n>".contains(&before) => at = regex_end(bytes, at) + 1,
                b' ' | b'\t' | b'\r' => {}
                _ => {
                    before = byte;
                    return Some(Piece::Code(from, byte));
                }
            }
        }
        None
    })
}

fn find(bytes: &[u8], from: usize, wanted: impl Fn(u8) -> bool) -> usize {
    bytes.iter().skip(from).position(|b| wanted(*b)).map_or(bytes.len(), |i| from + i)
}

fn string_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' if quote != b'`' => return at,
            _ if byte == quote => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn regex_end(bytes: &[u8], mut at: usize) -> usize {
    let mut class = false;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return at,
            b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let shown = |piece| match piece {
            Piece::Literal(range) => format!("<{}>", text.get(range).unwrap()),
            Piece::Code(at, byte) => {
                assert_eq!(text.as_bytes()[at], byte);
                char::from(byte).to_string()
            }
        };
        pieces(text).map(shown).collect()
    }

    #[test]
    fn literals_and_code() {
        for (text, expected) in [
            ("", ""),
            ("a = 'b' + \"c'd\" + `e\nf`", "a=<b>+<c'd>+<e\nf>"),
            ("a('b\\'c')", "a(<b\\'c>)"),
            ("a // 'no'\n+'b'", "a+<b>"),
            ("a /* 'no' */ 'b'", "a<b>"),
            ("a /* 'no'", "a"),
            ("x = /['\"]/g, 'b'", "x=g,<b>"),
            ("a / 'b' / c", "a/<b>/c"),
            ("'open", "<open>"),
            ("'open\nb", "<open>b"),
            ("'\\", "<\\>"),
            ("/", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
