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
            let ends = |end: char| self.text.match_indices(end).map(|(at, _)| count(at + 1));
            let mut starts = vec![0];
            starts.extend(ends('\n'));
            // A lone CR ends a line too; CRLF ends it once.
            let lone = ends('\r').filter(|after| !self.text[*after as usize..].starts_with('\n'));
            let lines = starts.len();
            starts.extend(lone);
            if starts.len() > lines {
                starts.sort_unstable();
            }
            starts
        })
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
