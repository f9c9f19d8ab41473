//! What the way to a site showed: hops, status, timings, and which pages were read.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Gap;

/// One hop of a redirect chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attempted {
    /// The address asked for, without user name and password.
    pub url: String,
    /// The status it answered with; `None` for a redirect written in the page.
    pub status: Option<u16>,
}

/// Milliseconds of one visit; what was not needed (a name without DNS, a connection that was still open) is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timings {
    /// Resolving the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dns_ms: Option<u64>,
    /// Connecting, TLS included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub connect_ms: Option<u64>,
    /// Until the first byte of the answer.
    pub first_byte_ms: u64,
    /// Until the last byte.
    pub total_ms: u64,
}

impl Timings {
    /// Those of a visit that went on to another address.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            dns_ms: self.dns_ms.or(next.dns_ms),
            connect_ms: self.connect_ms.or(next.connect_ms),
            first_byte_ms: next.first_byte_ms,
            // Of a recording that someone edited these may be any numbers.
            total_ms: self.total_ms.saturating_add(next.total_ms),
        }
    }
}

/// What a server showed of its TLS, also when the connection was refused because of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tls {
    /// `1.2` or `1.3`; `None` when no version was agreed on.
    pub version: Option<String>,
    /// The certificates as they were sent, leaf first.
    pub chain: Vec<Certificate>,
}

/// One certificate of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Certificate {
    /// Whom it was issued to, as one line.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Subject alternative names, at most 100.
    pub names: Vec<String>,
    /// First instant it holds.
    #[schemars(with = "String")]
    pub not_before: jiff::Timestamp,
    /// Last instant it holds.
    #[schemars(with = "String")]
    pub not_after: jiff::Timestamp,
    /// It was signed with its own key.
    #[serde(default)]
    pub self_signed: bool,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// What a site's plain http address answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlainHttp {
    /// The status, when there was an answer.
    pub status: Option<u16>,
    /// Where the redirects ended.
    pub leads_to: Option<String>,
    /// Why there was no answer.
    pub gap: Option<Gap>,
}

/// Which pages were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PagesCovered {
    /// Pages judged.
    pub judged: u64,
    /// Files that are parts of pages (no doctype, html, head or body): listed, not judged.
    pub fragments: u64,
    /// Pages that were wanted and could not be read.
    pub unread: u64,
    /// Pages left out because `--max-pages` was reached.
    pub beyond_limit: u64,
    /// Pages left out because robots.txt excludes them.
    pub robots: u64,
    /// Names of the parts, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fragment_names: Vec<String>,
    /// Names and causes of unread pages, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread_names: Vec<UnreadPage>,
}

impl PagesCovered {
    /// Whether no page was left out: neither by what was asked for nor on the way.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.judged > 1 && self.unread == 0 && self.beyond_limit == 0 && self.robots == 0
    }
}

/// A wanted page that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadPage {
    /// Path or address.
    pub page: String,
    /// Why.
    pub gap: Gap,
}

/// What the way to a site showed. All fields stay empty for a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// The address that answered in the end.
    pub final_url: Option<String>,
    /// Redirects on the way.
    pub hops: Vec<Attempted>,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// Requests made for the home page.
    pub attempts: u32,
    /// IP address that answered.
    pub address: Option<String>,
    /// Milliseconds.
    pub timings: Option<Timings>,
    /// `1.0`, `1.1`, `2`.
    pub http_version: Option<String>,
    /// TLS of the last connection.
    pub tls: Option<Tls>,
    /// Headers of the last answer, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The plain http address, when a rule asks for it.
    pub plain: Option<PlainHttp>,
}

/// Where a link leads when it is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    /// It answers there.
    At(url::Url),
    /// Nothing answers as a page would: no such name, not found, a server's error.
    Dead(Gap),
    /// It could not be followed.
    Unknown(Gap),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_way_adds_up_and_never_overflows() {
        let first = Timings { dns_ms: Some(1), connect_ms: None, first_byte_ms: 5, total_ms: 7 };
        let next = Timings { dns_ms: Some(9), connect_ms: Some(2), first_byte_ms: 3, total_ms: 4 };
        let both = Timings { dns_ms: Some(1), connect_ms: Some(2), first_byte_ms: 3, total_ms: 11 };
        assert_eq!(first.then(next), both);
        let endless = Timings { total_ms: u64::MAX, ..next };
        assert_eq!(first.then(endless).then(endless).total_ms, u64::MAX);
    }
}
