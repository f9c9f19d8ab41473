//! One request to GitHub's API and its answer, within a total time: tried again when that may help, never
//! redirected, and never more read than an answer of the API can hold.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Limited};
use octocrab::Octocrab;
use serde::Serialize;
use serde_json::Value;

use super::Limits;
use super::context::{Context, Token};
use super::trouble::{Trouble, said};
use crate::error::Error;
use crate::finding::safe;

/// Most bytes of one answer: a hundred comments of the greatest length, escaped.
const MOST_ANSWER: usize = 64 << 20;
/// Most tries of one request.
const TRIES: u32 = 3;
/// Time for one connection.
const CONNECT: Duration = Duration::from_secs(10);
/// What is waited when an answer says that there were too many requests and not for how long: GitHub's advice.
const LIMITED: Duration = Duration::from_secs(60);

/// What is asked of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Get,
    Post,
    Patch,
}

/// The API with its token and the time that is left.
pub(super) struct Client {
    octocrab: Octocrab,
    token: Token,
    until: Instant,
    attempt: Duration,
}

impl Client {
    /// A client of a context's API.
    ///
    /// # Errors
    /// [`Error::Internal`] when TLS or the client cannot be set up.
    pub(super) fn new(context: &Context, limits: Limits) -> Result<Self, Error> {
        let failed = |e: &dyn std::fmt::Display| Error::Internal(context.token.hidden(&e.to_string()));
        let mut roots = rustls::RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| failed(&e))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        // The library's own client knows no proxies; this one reads those of the environment.
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT)
            .tls_backend_preconfigured(config)
            .build()
            .map_err(|e| failed(&e))?;
        let octocrab = Octocrab::builder()
            .base_uri(context.api.as_str())
            .map_err(|e| failed(&e))?
            .personal_token(context.token.secret())
            .build_with_reqwest(http)
            .map_err(|e| failed(&e))?;
        let until = Instant::now() + limits.total;
        Ok(Self { octocrab, token: context.token.clone(), until, attempt: limits.attempt })
    }

    /// Does some work, again while that may help and there is time.
    pub(super) async fn patiently<T>(&self, work: impl AsyncFn() -> Result<T, Trouble>) -> Result<T, Trouble> {
        let mut tried = 0;
        loop {
            tried += 1;
            let trouble = match work().await {
                Ok(done) => return Ok(done),
                Err(trouble) => trouble,
            };
            match trouble.wait(tried) {
                Some(wait) if tried < TRIES && Instant::now() + wait < self.until => tokio::time::sleep(wait).await,
                _ => return Err(trouble),
            }
        }
    }

    /// One request, once.
    pub(super) async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Value, Trouble> {
        let left = self.until.saturating_duration_since(Instant::now());
        tokio::time::timeout(left.min(self.attempt), self.answer(method, path, body))
            .await
            .unwrap_or(Err(Trouble::Late))
    }

    async fn answer(
        &self,
        method: Method,
        path: &str,
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Value, Trouble> {
        let sent = match method {
            Method::Get => self.octocrab._get(path).await,
            Method::Post => self.octocrab._post(path, body).await,
            Method::Patch => self.octocrab._patch(path, body).await,
        };
        let (head, body) = sent.map_err(|e| self.unreached(&e))?.into_parts();
        let read = Limited::new(body, MOST_ANSWER).collect().await;
        let bytes = read.map_err(|e| self.unreached(&*e))?.to_bytes();
        let status = head.status.as_u16();
        if !head.status.is_success() {
            if let Some(wait) = limited(status, &head.headers, &bytes) {
                return Err(Trouble::Limited { wait });
            }
            return Err(Trouble::Answer { status, message: self.token.hidden(&said(&bytes, status)) });
        }
        serde_json::from_slice(&bytes).map_err(|e| Trouble::Unreadable(safe(&e.to_string(), 100)))
    }

    fn unreached(&self, error: &(dyn std::error::Error + 'static)) -> Trouble {
        match Trouble::unread(error) {
            Trouble::Unreached(why) => Trouble::Unreached(safe(&self.token.hidden(&why), 200)),
            other => other,
        }
    }
}

/// How long to wait when an answer says that there were too many requests.
fn limited(status: u16, headers: &reqwest::header::HeaderMap, body: &[u8]) -> Option<Duration> {
    if !matches!(status, 403 | 429) {
        return None;
    }
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    if let Some(seconds) = number("retry-after") {
        return Some(Duration::from_secs(seconds));
    }
    if number("x-ratelimit-remaining") == Some(0)
        && let Some(reset) = number("x-ratelimit-reset")
    {
        let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or_default();
        return Some(Duration::from_secs(reset.saturating_sub(now).max(1)));
    }
    let secondary = status == 429 || String::from_utf8_lossy(body).to_lowercase().contains("rate limit");
    secondary.then_some(LIMITED)
}
