//! One cell of the grid rule × site, with all a reader needs: verdict, code, places, evidence, remedy.
//! Also the one place where untrusted text is made safe.

mod element;
mod subject;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use subject::{MOST_SUBJECTS, Subject};

use crate::policy::{Date, Points, Reach, Severity, Text};
use crate::site::Region;
use crate::snapshot::{Gap, Source, Span};

/// What a judge decided, or why nobody could.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The site keeps the rule (đạt).
    Pass,
    /// It does not (không đạt).
    Fail,
    /// It could not be seen (chưa đủ căn cứ kết luận); the finding's `gap` says why.
    Inconclusive,
    /// The rule has nothing to ask of this site (không áp dụng).
    NotApplicable,
    /// A failure that people accepted for a time (tạm chấp nhận).
    Waived,
}

/// Where the facts behind a verdict come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Files on disk, read as bytes.
    Static,
    /// Answers over HTTP, read as bytes.
    Http,
    /// A real browser.
    Browser,
    /// A browser in which the tracker's library was simulated.
    StandIn,
    /// A person's statement.
    Attested,
    /// What the sites file declares.
    Declared,
}

/// File, line and column, or a page's address, that a finding points to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// File, with `/`.
    pub path: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// First line, from 1.
    pub line: Option<u32>,
    /// First column, from 1, in Unicode scalar values.
    pub column: Option<u32>,
    /// Last line.
    pub end_line: Option<u32>,
    /// Column after the last character.
    pub end_column: Option<u32>,
    /// The source line, made safe and cut.
    pub excerpt: Option<String>,
}

/// Longest excerpt, in characters.
const EXCERPT: usize = 200;
/// Most lines one place may span; longer ones are cut to their first line.
const PLACE_LINES: u32 = 30;

impl Place {
    /// The place of a span in a text.
    #[must_use]
    pub fn of(source: &Source, span: Span) -> Self {
        let from = source.position(span.start);
        let mut to = source.position(span.end.max(span.start));
        if to.line > from.line + PLACE_LINES {
            to.line = from.line;
            to.column = u32::try_from(source.line(from.line).chars().count() + 1).unwrap_or(u32::MAX);
        }
        Self {
            path: source.origin.path.clone(),
            url: source.origin.url.clone(),
            line: Some(from.line),
            column: Some(from.column),
            end_line: Some(to.line),
            end_column: Some(to.column),
            excerpt: Some(excerpt(source.line(from.line), from.column)),
        }
    }

    /// The place of a span, or the text as a whole when the span is empty.
    #[must_use]
    pub fn within(source: &Source, span: Span) -> Self {
        if span.is_empty() { Self::whole(&source.origin) } else { Self::of(source, span) }
    }

    /// A page or file as a whole.
    #[must_use]
    pub fn whole(origin: &crate::snapshot::Origin) -> Self {
        Self { path: origin.path.clone(), url: origin.url.clone(), ..Self::default() }
    }

    /// Which characters of the excerpt the place means (counted from 0, end exclusive); to the end of the
    /// excerpt when the place goes on in later lines. `None` without an excerpt or a column.
    #[must_use]
    pub fn marked(&self) -> Option<std::ops::Range<usize>> {
        let text = self.excerpt.as_deref()?;
        let column = (self.column? as usize).max(1);
        let skip = skipped(column);
        // The leading mark of a window takes one character.
        let shift = if skip > 1 && text.starts_with('…') { skip - 1 } else { 0 };
        let length = text.chars().count();
        let start = (column - 1).saturating_sub(shift).min(length);
        let end = match (self.end_line, self.end_column) {
            (Some(line), Some(end)) if self.line == Some(line) => (end as usize).saturating_sub(1 + shift),
            (Some(_), _) => length,
            _ => start + 1,
        };
        Some(start..end.clamp(start, length.max(start)))
    }

    /// The region, when the place has one.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        Some(Region { line: self.line?, column: self.column?, end_line: self.end_line?, end_column: self.end_column? })
    }
}

/// A window of the line around a column (from 1), made safe.
fn excerpt(line: &str, column: u32) -> String {
    let skip = skipped(column as usize);
    if skip <= 1 || line.chars().count() <= EXCERPT {
        return safe(line, EXCERPT);
    }
    let window: String = line.chars().skip(skip).collect();
    format!("…{}", safe(&window, EXCERPT))
}

/// How many characters a window leaves out before a column (from 1).
fn skipped(column: usize) -> usize {
    column.saturating_sub(EXCERPT / 2)
}

/// Makes page text fit for any output: control, bidi and escape characters become visible stand-ins,
/// and what is longer than `most` characters is cut with `…`. `::` commands and formulas are defused by
/// the formats that know them.
#[must_use]
pub fn safe(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(most * 4));
    for (n, c) in text.chars().enumerate() {
        if n == most {
            out.push('…');
            break;
        }
        out.push(visible(c));
    }
    out
}

/// The same text with user names and passwords of addresses starred out, character for character, so that columns
/// stay in step.
#[must_use]
pub fn without_credentials(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        out.push_str(before);
        let end = after.find(|c: char| c.is_whitespace() || "/?#\"'<>".contains(c)).unwrap_or(after.len());
        let (authority, later) = after.split_at(end);
        let (credentials, host) = authority.split_at(authority.rfind('@').unwrap_or(0));
        out.extend(credentials.chars().map(|_| '*'));
        out.push_str(host);
        rest = later;
    }
    out.push_str(rest);
    out
}

/// Whether a character could act on its reader's device: control, bidi and other unseen characters.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    c == '\t' || visible(c) != c
}

/// The visible stand-in of a character that could act on its reader's device.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        // The control pictures block mirrors C0 one to one.
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{fffe}'
        | '\u{ffff}'
        | '\u{e0000}'..='\u{e0fff}' => '\u{fffd}',
        c => c,
    }
}

/// What was seen that speaks for the verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// A declared site the home page does not link to.
    MissingLink {
        /// Its id, when it is declared.
        site: Option<String>,
        /// Its address.
        url: String,
    },
    /// An element of the page.
    Element {
        /// What it is.
        what: String,
        /// Its value or text, made safe.
        text: String,
    },
    /// A response header.
    Header {
        /// Its name.
        name: String,
        /// Its value, made safe and redacted.
        value: String,
    },
    /// A request and its answer.
    Request {
        /// The method.
        method: String,
        /// The address, without user name and password.
        url: String,
        /// The status, when there was an answer.
        status: Option<u16>,
    },
    /// A certificate that a server showed.
    Certificate {
        /// Whom it was issued to.
        subject: String,
        /// Who issued it.
        issuer: String,
        /// First instant it holds.
        #[schemars(with = "String")]
        not_before: jiff::Timestamp,
        /// Last instant it holds.
        #[schemars(with = "String")]
        not_after: jiff::Timestamp,
    },
    /// A number that was measured.
    Measure {
        /// What was measured.
        name: String,
        /// The value.
        value: String,
    },
    /// What a person or file declares.
    Statement {
        /// What is stated.
        text: String,
    },
    /// Something looked for and not there.
    Absence {
        /// What was looked for.
        what: String,
    },
    /// A picture of what a person saw.
    Screenshot {
        /// Its file, below the folder the user named for them.
        path: String,
    },
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NoteLevel {
    /// Worth knowing.
    Info,
    /// Worth mending.
    Warning,
}

/// Something said beside a verdict; it never changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Its code.
    pub code: String,
    /// How much it matters.
    pub level: NoteLevel,
    /// What it says.
    pub message: Text,
    /// Where.
    #[serde(default)]
    pub places: Vec<Place>,
}

impl Note {
    /// Whether it names a decision that the change under review adds for itself; told before all other notes.
    #[must_use]
    pub fn is_of_change(&self) -> bool {
        self.code.ends_with(OF_CHANGE)
    }
}

/// How the codes of notes about the change under review end.
const OF_CHANGE: &str = "-added";

/// Who accepted a failure, why and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcceptedBy {
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub approved_by: String,
    /// The last day it holds, in Vietnam's time.
    pub expires: Date,
    /// Where it is written.
    pub place: Place,
    /// What of the failure is accepted, when it is not all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
}

/// How much of a rule is kept: so many parts of so many, or so many hundredths of points of so many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// Parts that are kept.
    pub met: u32,
    /// Parts of which nobody can say.
    #[serde(default, skip_serializing_if = "is_none")]
    pub open: u32,
    /// All parts.
    pub of: u32,
}

impl Share {
    /// So many of the parts as a part of these points, rounded down to the hundredth.
    #[must_use]
    pub fn of_points(self, parts: u32, points: Points) -> Points {
        let parts = u64::from(parts.min(self.of));
        let share = (u64::from(points.0) * parts).checked_div(u64::from(self.of)).unwrap_or(0);
        Points(u32::try_from(share).unwrap_or(points.0))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_none(n: &u32) -> bool {
    *n == 0
}

/// Most places a finding keeps.
pub const MOST_PLACES: usize = 100;

/// The verdict of one rule on one site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The policy's id.
    pub policy: String,
    /// The rule's id.
    pub rule: String,
    /// The site's id.
    pub site: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What exactly was found; `null` for a plain pass.
    pub code: Option<String>,
    /// Why it could not be seen; set when and only when inconclusive.
    pub gap: Option<Gap>,
    /// How grave a failure is.
    pub severity: Severity,
    /// Where the facts come from.
    pub basis: Basis,
    /// A failure the baseline knows.
    pub known: bool,
    /// What the failure is about, at most [`MOST_SUBJECTS`]; empty for all else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Subject>,
    /// How many more subjects there are.
    #[serde(default, skip_serializing_if = "is_nought")]
    pub subjects_left_out: u64,
    /// Who accepted the failure, or a part of it; of several the one that ends first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<AcceptedBy>,
    /// Said beside the verdict.
    pub notes: Vec<Note>,
    /// One or two sentences for people.
    pub message: Text,
    /// How to mend it; `null` when there is nothing to mend.
    pub fix: Option<Text>,
    /// The highest rung of the tracker's ladder that was shown.
    pub reached: Option<Reach>,
    /// Where, at most [`MOST_PLACES`].
    pub places: Vec<Place>,
    /// How many places there are in all.
    pub places_total: u64,
    /// What was seen.
    pub evidence: Vec<Evidence>,
    /// What the rule wants.
    pub expected: Option<String>,
    /// What is there.
    pub actual: Option<String>,
    /// How much of the rule is kept, where that can be told; a rule with `partial` earns points by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earned: Option<Share>,
    /// Milliseconds spent on reading and judging.
    pub duration_ms: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_nought(n: &u64) -> bool {
    *n == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_in_addresses_are_starred_out_in_place() {
        for (text, shown) in [
            ("url: https://u:pw@a.vn/x@y", "url: https://****@a.vn/x@y"),
            ("http://một:hai@b/ http://c@d", "http://*******@b/ http://*@d"),
            ("https://a.vn/?q=u@v", "https://a.vn/?q=u@v"),
            ("thư: a@b.vn", "thư: a@b.vn"),
            ("https://u:p@q@r/", "https://*****@r/"),
            ("://", "://"),
        ] {
            assert_eq!(without_credentials(text), shown);
            assert_eq!(without_credentials(text).chars().count(), text.chars().count());
        }
    }
}
