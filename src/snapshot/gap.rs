//! Why a fact is missing. A gap is never an opinion about the site.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Why something could not be seen. The names are public: they stand in reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each name is its own sentence; report/words.rs explains every one in two languages")]
pub enum Gap {
    NotRequested,
    NoBrowser,
    BrowserFailed,
    NeedsBrowser,
    Dns,
    Refused,
    Reset,
    Timeout,
    ProtocolError,
    Proxy,
    TlsExpired,
    TlsNotYetValid,
    TlsWrongHost,
    TlsUntrusted,
    TlsIncompleteChain,
    TlsOther,
    Blocked,
    RateLimited,
    Challenge,
    NotFound,
    ServerError,
    HttpError,
    #[serde(rename = "soft-404")]
    Soft404,
    Placeholder,
    RedirectLoop,
    RedirectOffSite,
    PrivateAddress,
    NotHtml,
    Empty,
    TooLarge,
    Undecodable,
    Robots,
    Cancelled,
    Unreadable,
    NoAxe,
    NotAttested,
    AttestationExpired,
    NoData,
}

impl Gap {
    /// Every gap, in the order of the contract.
    pub const ALL: [Self; 38] = [
        Self::NotRequested,
        Self::NoBrowser,
        Self::BrowserFailed,
        Self::NeedsBrowser,
        Self::Dns,
        Self::Refused,
        Self::Reset,
        Self::Timeout,
        Self::ProtocolError,
        Self::Proxy,
        Self::TlsExpired,
        Self::TlsNotYetValid,
        Self::TlsWrongHost,
        Self::TlsUntrusted,
        Self::TlsIncompleteChain,
        Self::TlsOther,
        Self::Blocked,
        Self::RateLimited,
        Self::Challenge,
        Self::NotFound,
        Self::ServerError,
        Self::HttpError,
        Self::Soft404,
        Self::Placeholder,
        Self::RedirectLoop,
        Self::RedirectOffSite,
        Self::PrivateAddress,
        Self::NotHtml,
        Self::Empty,
        Self::TooLarge,
        Self::Undecodable,
        Self::Robots,
        Self::Cancelled,
        Self::Unreadable,
        Self::NoAxe,
        Self::NotAttested,
        Self::AttestationExpired,
        Self::NoData,
    ];

    /// What an answer's status means for what was asked for; `None` for a plain success.
    #[must_use]
    pub fn of_status(status: u16) -> Option<Self> {
        Some(match status {
            204 | 205 => Self::Empty,
            // A part, or what changed: neither was asked for.
            206 | 226 => Self::HttpError,
            200..=299 => return None,
            401 | 403 | 407 | 451 => Self::Blocked,
            429 => Self::RateLimited,
            404 | 410 => Self::NotFound,
            500..=599 => Self::ServerError,
            _ => Self::HttpError,
        })
    }

    /// The public name, as in the report.
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}
