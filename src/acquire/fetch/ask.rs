//! One request over the network becomes one exchange: name, connection, headers, body, each with its own limit
//! and its own fault. Follows nothing and keeps nothing.

#[cfg(feature = "browser")]
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::Version;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, LOCATION};
use tower::util::MapFutureLayer;
use url::Url;

use super::cookies::Cookies;
use super::error::{self, Phase};
use super::exchange::{Cause, Exchange, Fault, Response};
use super::gzip;
#[cfg(feature = "browser")]
use super::pass::Passing;
use super::resolve::{Checked, Guard};
use super::tls::Shown;
use super::{Client, NetOptions};
use crate::error::Error;
use crate::policy::Text;
use crate::site::{Site, shown};
use crate::snapshot::{Gap, Timings};

/// How much of a body is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    /// All of it, if it can be a page.
    Page,
    /// All of it.
    Body,
    /// Only status and headers.
    Headers,
}

/// What is asked for.
const ACCEPTED: &str = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8";

/// Content encodings that are understood.
pub(super) const ENCODINGS: &str = "gzip, deflate, br, zstd";

/// Bytes read of an answer that is no page: enough to tell what it is.
const REFUSAL: u64 = 64 << 10;

/// A body larger than this waits for its turn among the large ones, so that memory does not grow with the visits.
pub(super) const LARGE: usize = 1 << 20;
/// Large bodies that are read at a time.
pub(super) const MOST_LARGE: usize = 4;

/// What one site is asked with: its own connections, cookies and record of TLS.
#[derive(Debug)]
pub(super) struct Line {
    http: reqwest::Client,
    guard: Arc<Guard>,
    shown: Arc<Shown>,
    /// Milliseconds of the last connection plus one; 0 when none was made.
    connected: Arc<AtomicU64>,
    /// Where a proxy is used, decided as the connector does.
    proxies: Arc<hyper_util::client::proxy::matcher::Matcher>,
    /// Connections for what a browser asks, once it does.
    #[cfg(feature = "browser")]
    pub(super) passing: OnceLock<Option<Passing>>,
}

impl Line {
    /// # Errors
    /// [`Error::Usage`] when a header or the proxy cannot be used.
    pub(super) fn new(client: &Client, declared: Option<&Site>) -> Result<Self, Error> {
        let options = &client.options;
        let guard = Arc::new(Guard::new(declared, options));
        let (config, shown) =
            client.trust.visit().ok_or_else(|| Error::Internal("no TLS version is supported".to_owned()))?;
        let connected = Arc::new(AtomicU64::new(0));
        let clock = connected.clone();
        let timed = MapFutureLayer::new(move |connecting| {
            let (clock, begun) = (clock.clone(), Instant::now());
            async move {
                let connection = connecting.await;
                clock.store(millis(begun.elapsed()) + 1, Ordering::Relaxed);
                connection
            }
        });
        let builder = connections(options, config, &guard)?
            .user_agent(&options.user_agent)
            .cookie_provider(Arc::new(Cookies::default()))
            .connector_layer(timed);
        let http = builder.build().map_err(|e| Error::usage(Text::new(e.to_string(), e.to_string())))?;
        Ok(Self {
            http,
            guard,
            shown,
            connected,
            proxies: client.proxies.clone(),
            #[cfg(feature = "browser")]
            passing: OnceLock::new(),
        })
    }

    pub(super) fn guard(&self) -> &Arc<Guard> {
        &self.guard
    }

    /// Asks once. The attempt is numbered by the caller.
    pub(super) async fn ask(&self, client: &Client, url: &Url, want: Want) -> Exchange {
        let mut exchange = Exchange {
            url: client.secrets.out_of(&shown(url)).into_owned(),
            answer: Err(Gap::NoData.into()),
            attempts: 0,
            address: None,
            timings: Timings::default(),
            tls: None,
        };
        let host = url.host_str().unwrap_or_default();
        let server = match self.server(url, &mut exchange.timings).await {
            Ok(server) => server,
            Err(fault) => {
                exchange.answer = Err(fault);
                return exchange;
            }
        };
        let _turn = client.turns.turn(&server).await;
        let begun = Instant::now();
        self.connected.store(0, Ordering::Relaxed);
        let phase = Mutex::new(Phase::FirstByte);
        exchange.answer = match self.send(client, url, want, &mut exchange, begun, &phase).await {
            Ok(response) => Ok(response),
            Err(Failed::Known(fault)) => Err(fault),
            Err(Failed::Http(error)) => {
                let tls = self.shown.of(host);
                let reached = phase.lock().map_or(Phase::FirstByte, |p| *p);
                let connecting = error.is_connect() || (reached == Phase::FirstByte && self.is_unconnected(&exchange));
                let phase = if connecting { Phase::Connect(tls.is_some()) } else { reached };
                let fault = error::fault(&error, phase, tls.as_deref());
                let proxys = connecting && tls.is_none() && self.proxy(url).is_some();
                // The site was not reached at all, so that it is not the site that refuses.
                Err(if proxys && matches!(fault.gap, Gap::Refused | Gap::Reset) { Gap::Proxy.into() } else { fault })
            }
        };
        exchange.timings.total_ms = millis(begun.elapsed());
        let connected = self.connected.load(Ordering::Relaxed);
        exchange.timings.connect_ms = connected.checked_sub(1);
        exchange.tls = (url.scheme() == "https").then(|| self.shown.of(host)).flatten();
        // Other sites of the same server are held up only where the server says that there are too many requests.
        let too_many = exchange.answer.as_ref().is_ok_and(|response| response.status == 429);
        if let Some(wait) = exchange.wait().filter(|w| too_many && *w <= super::exchange::LONGEST_WAIT) {
            client.turns.hold(&server, wait);
        }
        exchange
    }

    fn is_unconnected(&self, exchange: &Exchange) -> bool {
        exchange.address.is_none() && self.connected.load(Ordering::Relaxed) == 0
    }

    pub(super) fn proxy(&self, url: &Url) -> Option<hyper_util::client::proxy::matcher::Intercept> {
        url.as_str().parse().ok().and_then(|uri| self.proxies.intercept(&uri))
    }

    /// The server that answers for an address: the address it resolves to, or its name behind a proxy.
    pub(super) async fn server(&self, url: &Url, timings: &mut Timings) -> Result<String, Fault> {
        if let Some(proxy) = self.proxy(url) {
            // The proxy resolves names; what is private by its looks is refused all the same.
            if self.guard.refuses(url) {
                return Err(Gap::PrivateAddress.into());
            }
            self.guard.allow_proxy(proxy.uri().host().unwrap_or_default());
            return Ok(url.host_str().unwrap_or_default().to_owned());
        }
        let begun = Instant::now();
        let addresses = self.guard.check(url).await?;
        if url.domain().is_some() {
            timings.dns_ms = Some(millis(begun.elapsed()));
        }
        addresses.first().map(ToString::to_string).ok_or_else(|| Gap::Dns.into())
    }

    async fn send(
        &self,
        client: &Client,
        url: &Url,
        want: Want,
        exchange: &mut Exchange,
        begun: Instant,
        phase: &Mutex<Phase>,
    ) -> Result<Response, Failed> {
        let mut bare = url.clone();
        // A user name in an address is never sent on.
        let _ = (bare.set_username(""), bare.set_password(None));
        bare.set_fragment(None);
        let mut request = self
            .http
            .get(bare)
            .header(ACCEPT, ACCEPTED)
            .header(ACCEPT_LANGUAGE, "vi,en;q=0.8")
            .header(ACCEPT_ENCODING, ENCODINGS);
        if self.guard.may_know_secrets(url) {
            request = request.headers(client.headers.clone());
        }
        let mut response = request.send().await.map_err(Failed::Http)?;
        exchange.address = response.remote_addr().map(|a| a.ip().to_string());
        exchange.timings.first_byte_ms = millis(begun.elapsed());
        if let Ok(mut phase) = phase.lock() {
            *phase = Phase::Body;
        }
        let status = response.status().as_u16();
        let location = response.headers().get(LOCATION).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
        let headers = response.headers().iter().map(|(name, value)| {
            (name.as_str().to_owned(), client.secrets.out_of(&String::from_utf8_lossy(value.as_bytes())).into_owned())
        });
        let headers: Vec<(String, String)> = headers.collect();
        let http_version = version(response.version()).to_owned();
        let mut kept = Response { status, http_version, headers, location, cut: false, body: Arc::default() };
        if want == Want::Headers || kept.redirect().is_some() {
            return Ok(kept);
        }
        let page = (200..300).contains(&status);
        if page && want == Want::Page && !kept.is_page_by_type() {
            kept.cut = true;
            return Ok(kept);
        }
        let most = if page { client.options.max_size } else { REFUSAL.min(client.options.max_size) };
        if page && response.content_length().is_some_and(|length| length > most) {
            return Err(Failed::Known(Gap::TooLarge.into()));
        }
        let open_ended = page && is_open_ended(&kept);
        let (mut body, mut turn) = (Vec::new(), None);
        loop {
            let chunk = match response.chunk().await {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break,
                // What a refusal says beside its status is only looked at for signs.
                Err(_) if !page => break,
                Err(error) => return Err(Failed::Http(error)),
            };
            if (body.len() + chunk.len()) as u64 > most {
                if page {
                    return Err(Failed::Known(Gap::TooLarge.into()));
                }
                break;
            }
            if turn.is_none() && body.len() + chunk.len() > LARGE {
                // The wait counts as time of the request: a server that is too slow meanwhile is asked again later.
                turn = client.large.acquire().await.ok();
            }
            body.extend_from_slice(&chunk);
        }
        if kept.header("content-encoding").is_some_and(gzip::is_gzip) {
            let unpacked = match gzip::unpacked(&body, most.min(LARGE as u64)) {
                Err(Gap::TooLarge) if most > LARGE as u64 => {
                    let _turn = if turn.is_none() { client.large.acquire().await.ok() } else { None };
                    gzip::unpacked(&body, most)
                }
                unpacked => unpacked,
            };
            body = match unpacked {
                Ok(body) => body,
                Err(Gap::Undecodable) if page => {
                    return Err(Failed::Known(Fault::new(Gap::Undecodable, Cause::BodyEncoding)));
                }
                Err(gap) if page => return Err(Failed::Known(gap.into())),
                Err(_) => Vec::new(),
            };
        }
        if open_ended && want == Want::Page && is_cut(&body) {
            return Err(Failed::Known(Fault::new(Gap::Reset, Cause::BrokeOffInBody)));
        }
        kept.body = client.secrets.out_of_bytes(body).into();
        Ok(kept)
    }
}

/// Whether nothing but the end of the connection tells where the body ends.
fn is_open_ended(response: &Response) -> bool {
    let closes = response.header("connection").is_some_and(|c| c.eq_ignore_ascii_case("close"));
    let framed = ["content-length", "transfer-encoding"].iter().any(|name| response.header(name).is_some());
    !framed && (response.http_version == "1.0" || (response.http_version == "1.1" && closes))
}

/// Whether a page begins as a whole one and has no end: where only the connection ends it, it may have broken off.
fn is_cut(body: &[u8]) -> bool {
    let begins = |tag: &[u8]| body.windows(tag.len()).take(LARGE).any(|w| w.eq_ignore_ascii_case(tag));
    let end = &body[body.len().saturating_sub(LARGE)..];
    let ends = |tag: &[u8]| end.windows(tag.len()).any(|w| w.eq_ignore_ascii_case(tag));
    begins(b"<body") && !ends(b"</body") && !ends(b"</html")
}

enum Failed {
    Http(reqwest::Error),
    Known(Fault),
}

/// What all connections of a visit have in common: nothing is followed, tried again, added or unpacked unasked.
pub(super) fn connections(
    options: &NetOptions,
    config: rustls::ClientConfig,
    guard: &Arc<Guard>,
) -> Result<reqwest::ClientBuilder, Error> {
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // Of several members the library reads the first only.
        .gzip(false)
        .timeout(options.timeout)
        .connect_timeout(options.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(10))
        .tls_backend_preconfigured(config)
        .dns_resolver(Arc::new(Checked(guard.clone())));
    Ok(match &options.proxy {
        Some(proxy) => builder.proxy(proxy_of(proxy)?),
        None => builder,
    })
}

/// A proxy as the user wrote it.
///
/// # Errors
/// [`Error::Usage`] for one that cannot be used.
pub(super) fn proxy_of(text: &str) -> Result<reqwest::Proxy, Error> {
    reqwest::Proxy::all(text).map_err(|_| {
        // The text may hold a password, so it is not repeated.
        Error::usage(Text::new(
            "--proxy: không phải địa chỉ proxy (http://máy:cổng).",
            "--proxy: not the address of a proxy (http://host:port).",
        ))
    })
}

/// Where a proxy is used: what the user names, else what the environment names, as the connector reads it.
pub(super) fn proxies(options: &NetOptions) -> hyper_util::client::proxy::matcher::Matcher {
    use hyper_util::client::proxy::matcher::Matcher;
    match &options.proxy {
        Some(proxy) => Matcher::builder().all(proxy.clone()).build(),
        None => Matcher::from_system(),
    }
}

pub(super) fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => "1.1",
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
