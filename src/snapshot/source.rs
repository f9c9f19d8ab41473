//! Text that was read, and positions in it. Turns byte offsets into lines and columns.
//! Never judges and never reads anything itself.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// A byte range `start..end` in the text of one [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range `start..end`; offsets beyond 4 GiB are cut to the largest number that fits.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        let cut = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: cut(start), end: cut(end) }
    }

    /// Whether it holds nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// Where a text came from: a file, an address, or both (a built file with the address it will have).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// Path as the user would write it, with `/`.
    pub path: Option<String>,
    /// Address without user name and password.
    pub url: Option<String>,
}

/// One decoded text (a page, a script, a stylesheet) and where it came from.
#[derive(Debug)]
pub struct Source {
    /// Where it came from.
    pub origin: Origin,
    /// The decoded text, byte-order mark removed, not normalised: columns stay those of an editor.
    pub text: String,
    line_starts: OnceLock<Vec<u32>>,
}

/// Line and column, both from 1; columns count Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

impl Source {
    /// A text with its origin.
    #[must_use]
    pub fn new(origin: Origin, text: String) -> Self {
        Self { origin, text, line_starts: OnceLock::new() }
    }

    /// The text of a span; empty when the span does not lie on character boundaries of this text.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// Line and column of a byte offset (offsets past the end are the end).
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let starts = self.line_starts();
        let offset = (offset as usize).min(self.text.len());
        let line = starts.partition_point(|s| *s as usize <= offset).max(1);
        let from = starts[line - 1] as usize;
        let before = self.text.get(from..offset).unwrap_or("");
        Position { line: count(line), column: count(before.chars().count() + 1) }
    }

    /// The byte offset of a line (from 1) and a column in UTF-16 units (from 1), as browsers count; a place beyond
    /// a line is its end. `None` when there is no such line.
    #[must_use]
    pub fn offset_utf16(&self, line: u32, column: u32) -> Option<u32> {
        let from = *self.line_starts().get((line as usize).checked_sub(1)?)?;
        let text = self.line(line);
        let mut units = 1;
        for (at, c) in text.char_indices() {
            if units >= column as usize {
                return Some(from + count(at));
            }
            units += c.len_utf16();
        }
        Some(from + count(text.len()))
    }

    /// The whole line (from 1) without its line end.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let starts = self.line_starts();
        let Some(from) = starts.get((line as usize).saturating_sub(1)) else { return "" };
        let to = starts.get(line as usize).map_or(self.text.len(), |s| *s as usize);
        self.text.get(*from as usize..to).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
            // A lone CR ends a line too; CRLF ends it once.
            let ends = ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
            let mut starts = vec![0];
            starts.extend(ends.map(|at| count(at + 1)));
            starts
        })
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};

    use super::{Origin, Source};

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn lines_end_at_lf_cr_and_once_at_crlf(text in "[a\r\n\u{85}\u{2028}ế]{0,40}") {
            let source = Source::new(Origin::default(), text.clone());
            let whole = text.replace("\r\n", "\u{1}\n").replace('\r', "\n");
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let before = whole.get(..at).unwrap_or_default();
                let begins = before.rfind('\n').map_or(0, |n| n + 1);
                let column = before[begins..].chars().count() + 1;
                let position = source.position(u32::try_from(at).unwrap());
                let expected = (before.matches('\n').count() + 1, column);
                prop_assert_eq!((position.line as usize, position.column as usize), expected, "{:?} at {}", text, at);
            }
        }
    }
}
