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

/// Milliseconds of one visit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Timings {
    /// Until the first byte of the answer.
    pub first_byte_ms: u64,
    /// Until the last byte.
    pub total_ms: u64,
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
}
