//! Report to JSON and back: the stored form. What could act on a reader's device (control, bidi and other
//! unseen characters) is written as `\uXXXX`, so that the file is plain on every screen and loses nothing.

use std::error::Error;
use std::fmt;

use serde::Deserialize;

use super::{Report, SCHEMA};
use crate::finding::is_unseen;

/// The report as JSON, two-space indented, with a final line end.
///
/// # Errors
/// Only when the report cannot be expressed as JSON, which its types rule out.
pub fn to_json(report: &Report) -> serde_json::Result<String> {
    Ok(escaped(&serde_json::to_string_pretty(report)?) + "\n")
}

/// A stored report.
///
/// # Errors
/// When the text is no JSON, is of another version than [`SCHEMA`], or does not have a report's form.
pub fn from_json(text: &str) -> Result<Report, ReadError> {
    #[derive(Deserialize)]
    struct Head {
        schema: String,
    }
    // Editors on Windows add the mark; it says nothing.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The version first: a report of another one must not be called damaged.
    let head: Head = serde_json::from_str(text).map_err(ReadError::Form)?;
    if head.schema != SCHEMA {
        return Err(ReadError::Version(crate::finding::safe(&head.schema, 100)));
    }
    serde_json::from_str(text).map_err(ReadError::Form)
}

/// Why a text is not a report.
#[derive(Debug)]
pub enum ReadError {
    /// Not JSON, or not in a report's form; says line and column.
    Form(serde_json::Error),
    /// A report of another version: the one it names.
    Version(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(error) => write!(f, "not a report: {error}"),
            Self::Version(found) => write!(f, "a report of version `{found}`; this program reads `{SCHEMA}`"),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Form(error) => Some(error),
            Self::Version(_) => None,
        }
    }
}

/// JSON in which no unseen character stands raw. Outside of strings JSON has none but line ends and spaces.
/// `##` is broken too: runners obey `##[command]` anywhere in a line of a log.
pub(super) fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for line in json.split_inclusive('\n') {
        // Most lines hold nothing to escape: the writer has already escaped what is below U+0020.
        if line.is_ascii() && !line.contains('\u{7f}') && !line.contains("##") {
            out.push_str(line);
        } else {
            escape_line(line, &mut out);
        }
    }
    out
}

fn escape_line(line: &str, out: &mut String) {
    let mut before = ' ';
    for c in line.chars() {
        let breaks = c == '#' && before == '#';
        before = c;
        if breaks || (c != '\n' && is_unseen(c)) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(c);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unseen_characters_are_escaped_and_come_back() {
        let text = "##[x] a\u{202e}b\u{2028}\u{7f}\u{9b}\u{e0041}\u{200d}Đạt\t\n\u{0}";
        let json = escaped(&serde_json::to_string(text).unwrap());
        assert_eq!(json, r##""#\u0023[x] a\u202eb\u2028\u007f\u009b\udb40\udc41\u200dĐạt\t\n\u0000""##);
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn other_versions_and_other_texts_are_refused() {
        let said = |text: &str| from_json(text).unwrap_err().to_string();
        assert!(said(r#"{"schema":"rasoat/report/v2","new":1}"#).contains("`rasoat/report/v2`"));
        assert!(said(r#"{"schema":"rasoat/report/v1"}"#).contains("missing field"));
        assert!(said("{").contains("line 1 column 1"));
        assert!(said("[]").starts_with("not a report"));
    }
}
