//! One request of a browser goes out and its answer comes back, under the same guard, turns and limits as everything
//! else that is asked for. Cookies and redirects are the browser's own business: none are kept, none followed.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, COOKIE, HOST, HeaderMap, HeaderName, HeaderValue,
    LOCATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use url::Url;

use super::ask::{self, ENCODINGS, LARGE, Line};
use super::error::{self, Phase};
use super::exchange::{Cause, Exchange, Fault, LONGEST_WAIT, Response};
use super::resolve::Guard;
use super::tls::Shown;
use super::{Client, Visitor, gzip};
use crate::snapshot::{Gap, Timings};

/// Bytes of a refusal that are looked at for signs.
const MOST_LOOKED_AT: usize = 64 << 10;

/// Connections for what a browser asks: they know no cookies.
#[derive(Debug)]
pub(super) struct Passing {
    http: reqwest::Client,
    shown: Arc<Shown>,
}

impl Passing {
    fn new(client: &Client, guard: &Arc<Guard>) -> Option<Self> {
        let (config, shown) = client.trust.visit()?;
        let http = ask::connections(&client.options, config, guard).ok()?.build().ok()?;
        Some(Self { http, shown })
    }
}

/// What a server answered to a browser's request.
#[derive(Debug, Clone)]
pub struct Passed {
    /// The status.
    pub status: u16,
    /// Every header that speaks to the browser and not of the connection, secrets taken out.
    pub headers: HeaderMap,
    /// The whole body, decoded from its content encoding, secrets taken out.
    pub body: Vec<u8>,
    /// `1.1`, `2`.
    pub http_version: &'static str,
}

impl Passed {
    /// Why it is no page, by its status and what it says; a redirect is neither.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        if (300..400).contains(&self.status) && self.headers.contains_key(LOCATION) {
            return None;
        }
        self.response().gap()
    }

    fn response(&self) -> Response {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        Response {
            status: self.status,
            http_version: self.http_version.to_owned(),
            headers: self.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
            location: None,
            cut: false,
            body: self.body.get(..MOST_LOOKED_AT).unwrap_or(&self.body).into(),
        }
    }
}

impl Visitor {
    /// Passes one request of a browser on, and its answer back. What only asks is asked for again after a fault that
    /// may pass by itself.
    ///
    /// # Errors
    /// The fault of a place that may not be asked, or that gave no whole answer.
    pub async fn pass(&self, method: &Method, url: &Url, headers: &HeaderMap, body: &[u8]) -> Result<Passed, Fault> {
        let (client, line) = self.asks().ok_or(Gap::NoData)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Gap::HttpError.into());
        }
        let asks_only = method == Method::GET || method == Method::HEAD;
        let mut tries = 0;
        loop {
            match line.pass(client, method, url, headers, body).await {
                // Who was waited for once is not waited for again: the whole page waits with it.
                Err(fault)
                    if asks_only
                        && fault.is_transient()
                        && fault.gap != Gap::Timeout
                        && tries < client.options.retries =>
                {
                    tries += 1;
                }
                end => return end,
            }
            tokio::time::sleep(client.options.backoff.mul_f64(0.5 + fastrand::f64())).await;
        }
    }
}

impl Line {
    async fn pass(
        &self,
        client: &Client,
        method: &Method,
        url: &Url,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Passed, Fault> {
        let server = self.server(url, &mut Timings::default()).await?;
        let passing = self.passing.get_or_init(|| Passing::new(client, self.guard())).as_ref().ok_or(Gap::NoData)?;
        let _turn = client.turns.turn(&server).await;
        let mut bare = url.clone();
        let _ = (bare.set_username(""), bare.set_password(None));
        bare.set_fragment(None);
        let mut sent = outward(headers);
        if self.guard().may_know_secrets(url) {
            for (name, value) in &client.headers {
                sent.insert(name, value.clone());
            }
        }
        let mut request = passing.http.request(method.clone(), bare).headers(sent);
        if !body.is_empty() {
            request = request.body(body.to_vec());
        }
        let mut phase = Phase::FirstByte;
        let passed = match receive(client, method, request, &mut phase).await {
            Ok(passed) => passed,
            Err(Failed::Known(fault)) => return Err(fault),
            Err(Failed::Http(error)) => {
                let tls = passing.shown.of(url.host_str().unwrap_or_default());
                let connecting = error.is_connect();
                let phase = if connecting { Phase::Connect(tls.is_some()) } else { phase };
                let fault = error::fault(&error, phase, tls.as_deref());
                let proxys = connecting && tls.is_none() && self.proxy(url).is_some();
                return Err(if proxys && matches!(fault.gap, Gap::Refused | Gap::Reset) {
                    Gap::Proxy.into()
                } else {
                    fault
                });
            }
        };
        if passed.status == 429 {
            let exchange = Exchange {
                url: String::new(),
                answer: Ok(passed.response()),
                attempts: 1,
                address: None,
                timings: Timings::default(),
                tls: None,
            };
            if let Some(wait) = exchange.wait().filter(|wait| *wait <= LONGEST_WAIT) {
                client.turns.hold(&server, wait);
            }
        }
        Ok(passed)
    }
}

enum Failed {
    Http(reqwest::Error),
    Known(Fault),
}

impl From<Gap> for Failed {
    fn from(gap: Gap) -> Self {
        Self::Known(gap.into())
    }
}

async fn receive(
    client: &Client,
    method: &Method,
    request: reqwest::RequestBuilder,
    phase: &mut Phase,
) -> Result<Passed, Failed> {
    let mut response = request.send().await.map_err(Failed::Http)?;
    *phase = Phase::Body;
    let status = response.status().as_u16();
    let packed = response.headers().get(CONTENT_ENCODING).and_then(|e| e.to_str().ok()).is_some_and(gzip::is_gzip);
    let headers = inward(client, response.headers());
    let http_version = ask::version(response.version());
    let most = client.options.max_size;
    let (mut body, mut turn) = (Vec::new(), None);
    if method != Method::HEAD {
        if response.content_length().is_some_and(|length| length > most) {
            return Err(Gap::TooLarge.into());
        }
        while let Some(chunk) = response.chunk().await.map_err(Failed::Http)? {
            if (body.len() + chunk.len()) as u64 > most {
                return Err(Gap::TooLarge.into());
            }
            if turn.is_none() && body.len() + chunk.len() > LARGE {
                turn = client.large.acquire().await.ok();
            }
            body.extend_from_slice(&chunk);
        }
    }
    if packed && !body.is_empty() {
        body = gzip::unpacked(&body, most).map_err(|gap| match gap {
            Gap::Undecodable => Failed::Known(Fault::new(gap, Cause::BodyEncoding)),
            gap => gap.into(),
        })?;
    }
    Ok(Passed { status, headers, body: client.secrets.out_of_bytes(body), http_version })
}

/// Headers that speak of one connection, in either direction.
fn is_of_connection(name: &HeaderName) -> bool {
    [CONNECTION, CONTENT_LENGTH, TE, TRAILER, TRANSFER_ENCODING, UPGRADE].contains(name)
        || name.as_str() == "keep-alive"
        || name.as_str().starts_with("proxy-")
}

/// A browser's headers as they go out.
fn outward(headers: &HeaderMap) -> HeaderMap {
    let mut sent = HeaderMap::new();
    for (name, value) in headers {
        let ours = [HOST, ACCEPT_ENCODING, COOKIE].contains(name) || name.as_str() == "x-client-data";
        if !ours && !is_of_connection(name) {
            sent.append(name, value.clone());
        }
    }
    sent.insert(ACCEPT_ENCODING, HeaderValue::from_static(ENCODINGS));
    // HTTP/2 may send them in parts, HTTP/1 may not.
    let cookies: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    if let Ok(cookies) = HeaderValue::from_bytes(&cookies.join(&b"; "[..]))
        && !cookies.is_empty()
    {
        sent.insert(COOKIE, cookies);
    }
    sent
}

/// A server's headers as the browser gets them.
fn inward(client: &Client, headers: &HeaderMap) -> HeaderMap {
    let mut told = HeaderMap::new();
    for (name, value) in headers {
        // Another way to the same server would not be ours.
        let ours = *name == CONTENT_ENCODING || name.as_str() == "alt-svc";
        if ours || is_of_connection(name) {
            continue;
        }
        let value = match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => HeaderValue::from_str(&client.secrets.out_of(text)).unwrap_or_else(|_| value.clone()),
            Err(_) => value.clone(),
        };
        told.append(name, value);
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_refusal_is_looked_through_so_far() {
        let said = "<title>Just a moment...</title><h1>Checking your browser before accessing the site.</h1>\
            <noscript>Enable JavaScript and cookies to continue</noscript><script>window._cf_chl_opt={}</script>";
        let gap = |before: usize| {
            let body = format!("{}{said}", " ".repeat(before)).into_bytes();
            Passed { status: 403, headers: HeaderMap::new(), body, http_version: "1.1" }.gap()
        };
        assert_eq!(gap(60 << 10), Some(Gap::Challenge));
        assert_eq!(gap(70 << 10), Some(Gap::Blocked));
    }
}
