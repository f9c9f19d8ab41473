//! One request and what came of it: the unit that is kept for the length of a visit, recorded and replayed.
//! Data only; whether an answer is a page is decided where it is read.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::acquire::html;
use crate::snapshot::{Gap, Origin, Source, Timings, Tls};

/// One request and what came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Exchange {
    /// The address asked for, without user name, password and secrets.
    pub url: String,
    /// What came back, or why nothing did.
    pub answer: Result<Response, Fault>,
    /// How often it was asked for.
    pub attempts: u32,
    /// The address of the server.
    pub address: Option<String>,
    /// Milliseconds of the last attempt.
    pub timings: Timings,
    /// What the server showed of its TLS.
    pub tls: Option<Arc<Tls>>,
}

/// An answer whose body was read to the end, or as far as it is wanted.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// `0.9`, `1.0`, `1.1`, `2`.
    pub http_version: String,
    /// Every header, names in lower case, secrets taken out.
    pub headers: Vec<(String, String)>,
    /// Where a redirect leads, as it was sent; a recording holds it among the headers only.
    #[serde(skip)]
    pub location: Option<String>,
    /// The body was left unread: by its type nobody can read it as a page.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The body, decoded from its content encoding, secrets taken out.
    #[serde(skip)]
    pub body: Arc<[u8]>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The gap it is.
    pub gap: Gap,
    /// What more is known.
    pub cause: Option<Cause>,
}

/// What more is known of a fault than its gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each name is its own sentence; detail.rs explains every one in two languages")]
pub enum Cause {
    NoSuchName,
    TimeoutDns,
    TimeoutConnect,
    TimeoutTls,
    TimeoutFirstByte,
    TimeoutBody,
    BrokeOffInBody,
    BodyEncoding,
    TooManyRedirects,
    Deadline,
    NotTls,
    OldTls,
    SelfSigned,
    UnknownRoot,
}

impl Cause {
    /// The name as it stands in reports.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSuchName => "no-such-name",
            Self::TimeoutDns => "timeout-dns",
            Self::TimeoutConnect => "timeout-connect",
            Self::TimeoutTls => "timeout-tls",
            Self::TimeoutFirstByte => "timeout-first-byte",
            Self::TimeoutBody => "timeout-body",
            Self::BrokeOffInBody => "broke-off-in-body",
            Self::BodyEncoding => "body-encoding",
            Self::TooManyRedirects => "too-many-redirects",
            Self::Deadline => "deadline",
            Self::NotTls => "not-tls",
            Self::OldTls => "old-tls",
            Self::SelfSigned => "self-signed",
            Self::UnknownRoot => "unknown-root",
        }
    }
}

impl From<Gap> for Fault {
    fn from(gap: Gap) -> Self {
        Self { gap, cause: None }
    }
}

impl Fault {
    pub(super) fn new(gap: Gap, cause: Cause) -> Self {
        Self { gap, cause: Some(cause) }
    }

    /// Whether it may well pass by itself.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        !matches!(self.cause, Some(Cause::NoSuchName | Cause::BodyEncoding))
            && matches!(self.gap, Gap::Dns | Gap::Refused | Gap::Reset | Gap::Timeout | Gap::ProtocolError | Gap::Proxy)
    }
}

/// Longest wait a server may ask for; one that asks for more is not asked again.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(60);

impl Exchange {
    /// Whether the same request may well be answered a little later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match &self.answer {
            Err(fault) => fault.is_transient(),
            Ok(response) => {
                matches!(response.status, 429 | 500 | 502 | 503 | 504)
                    && self.wait().is_none_or(|wait| wait <= LONGEST_WAIT)
                    && response.gap() != Some(Gap::Challenge)
            }
        }
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        let text = self.answer.as_ref().ok()?.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        let date = self.answer.as_ref().ok()?.header("date").and_then(|d| jiff::fmt::rfc2822::parse(d).ok());
        // The server's own clock, so that a wrong one here does not matter; without it there is nothing to count from.
        let seconds = until.as_second() - date?.timestamp().as_second();
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }
}

impl Response {
    /// The first header of a name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Where a redirect leads.
    #[must_use]
    pub fn redirect(&self) -> Option<&str> {
        let to = self.location.as_deref().or_else(|| self.header("location"))?;
        (matches!(self.status, 301 | 302 | 303 | 307 | 308) && !to.trim().is_empty()).then_some(to)
    }

    /// The gap of an answer that is no page, by its status; a challenge may come with any.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        let refused = !(200..400).contains(&self.status) && !self.body.is_empty();
        if refused && self.says() == Some(Gap::Challenge) {
            return Some(Gap::Challenge);
        }
        let empty = || (self.body.is_empty() && !self.cut).then_some(Gap::Empty);
        Gap::of_status(self.status).or_else(empty)
    }

    /// What the body of a refusal looks like, beyond doubt.
    fn says(&self) -> Option<Gap> {
        let text = html::decode(&self.body, None).ok()?.text;
        let doc = html::Document::parse(Arc::new(Source::new(Origin::default(), text.clone())));
        let title = html::title(&doc).unwrap_or_default();
        let kind = html::error_page(&title, &html::visible_text(&doc), &text, 0)?;
        kind.strong.then_some(kind.gap)
    }
}

/// An answer that is read as a page.
#[derive(Debug)]
pub struct Answer {
    /// The address that answered.
    pub url: Url,
    /// Decoded from its content encoding.
    pub body: Arc<[u8]>,
    /// `charset` of the Content-Type.
    pub charset: Option<String>,
    /// Whether its type is one that browsers show as a page.
    pub is_page: bool,
    /// Every header.
    pub headers: Vec<(String, String)>,
}

impl Answer {
    pub(super) fn of(url: Url, response: &Response) -> Self {
        let charset = response.header("content-type").and_then(|t| media(t).1);
        let is_page = response.is_page_by_type();
        Self { url, body: response.body.clone(), charset, is_page, headers: response.headers.clone() }
    }
}

/// Media types that browsers show as pages, or that servers send for want of a better one.
const PAGE_TYPES: &[&str] =
    &["text/html", "application/xhtml+xml", "text/plain", "application/octet-stream", "unknown/unknown"];

impl Response {
    /// Whether a browser would show the answer as a page, by its type. An empty type says nothing usable.
    #[must_use]
    pub fn is_page_by_type(&self) -> bool {
        let named = self.header("content-type").and_then(|t| media(t).0);
        named.is_none_or(|t| t.is_empty() || PAGE_TYPES.contains(&t.as_str()))
    }
}

fn media(content_type: &str) -> (Option<String>, Option<String>) {
    let mut parts = content_type.split(';');
    let media_type = parts.next().map(|t| t.trim().to_ascii_lowercase());
    let charset = parts.find_map(|p| {
        let (name, value) = p.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
    });
    (media_type, charset)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, headers: &[(&str, &str)]) -> Exchange {
        let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let http_version = "1.1".to_owned();
        let response =
            Response { status, http_version, headers, location: None, cut: false, body: Arc::from(&b"x"[..]) };
        let timings = Timings::default();
        Exchange { url: String::new(), answer: Ok(response), attempts: 1, address: None, timings, tls: None }
    }

    #[test]
    fn a_server_says_how_long_to_wait_in_seconds_or_by_date() {
        assert_eq!(answered(429, &[("retry-after", " 7 ")]).wait(), Some(Duration::from_secs(7)));
        let date = ("date", "Wed, 21 Oct 2026 07:28:00 GMT");
        let until = ("retry-after", "Wed, 21 Oct 2026 07:28:30 GMT");
        assert_eq!(answered(503, &[date, until]).wait(), Some(Duration::from_secs(30)));
        assert_eq!(answered(503, &[until]).wait(), None);
        assert_eq!(answered(503, &[("retry-after", "soon")]).wait(), None);
        assert!(answered(429, &[("retry-after", "60")]).is_transient());
        assert!(!answered(429, &[("retry-after", "61")]).is_transient(), "whoever asks for more is left alone");
    }

    #[test]
    fn only_what_may_pass_by_itself_is_tried_again() {
        for status in [429, 500, 502, 503, 504] {
            assert!(answered(status, &[]).is_transient(), "{status}");
        }
        for status in [200, 301, 400, 401, 403, 404, 410, 501, 505] {
            assert!(!answered(status, &[]).is_transient(), "{status}");
        }
        let failed = |fault: Fault| Exchange { answer: Err(fault), ..answered(200, &[]) };
        for gap in [Gap::Dns, Gap::Refused, Gap::Reset, Gap::Timeout, Gap::ProtocolError, Gap::Proxy] {
            assert!(failed(gap.into()).is_transient(), "{gap:?}");
        }
        for gap in [Gap::TlsExpired, Gap::TlsUntrusted, Gap::PrivateAddress, Gap::TooLarge, Gap::NoData] {
            assert!(!failed(gap.into()).is_transient(), "{gap:?}");
        }
        assert!(!failed(Fault::new(Gap::Dns, Cause::NoSuchName)).is_transient());
    }
}
