//! Fetches pages and the files they load over HTTP(S). Every way of failing has its own gap; what was not reached
//! is never a failure of the site. One [`Client`] serves a run, one [`Visitor`] a site. Never judges.

mod ask;
mod certificate;
mod cookies;
mod error;
mod exchange;
mod gzip;
#[cfg(feature = "browser")]
mod pass;
mod patient;
mod resolve;
mod secrets;
mod tls;
mod turns;
mod visitor;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};
use url::Url;

use super::record::Recording;
use crate::error::Error;
use crate::policy::Text;
use crate::site::{Site, host_key};

pub use certificate::certificate;
pub use exchange::{Answer, Cause, Exchange, Fault, Response};
#[cfg(feature = "browser")]
pub use pass::Passed;
pub use patient::says_there_is_none;
pub use resolve::{Mapping, parse_mapping};
pub use visitor::{MOST_FILE_BYTES, MOST_FILES, Visitor};

/// How the network is used. Every limit has a default.
#[derive(Debug, Clone)]
pub struct NetOptions {
    /// One attempt of one request.
    pub timeout: Duration,
    /// Connecting, DNS and TLS included.
    pub connect_timeout: Duration,
    /// Extra tries after a transient fault.
    pub retries: u32,
    /// What is waited before the second try; twice as long before each one after.
    pub backoff: Duration,
    /// Redirects followed.
    pub max_redirects: usize,
    /// Decoded bytes of one body.
    pub max_size: u64,
    /// Active requests per resolved address.
    pub per_host: usize,
    /// Least time between the beginnings of two requests to one address.
    pub delay: Duration,
    /// Sent as User-Agent.
    pub user_agent: String,
    /// Extra headers; their values are secrets.
    pub headers: Vec<(String, String)>,
    /// A proxy.
    pub proxy: Option<String>,
    /// Certificates (PEM) trusted besides the system's.
    pub cacert: Option<Vec<u8>>,
    /// Names and the addresses they shall resolve to.
    pub resolve: Vec<Mapping>,
    /// Links and redirects may lead to private addresses.
    pub allow_private: bool,
}

impl Default for NetOptions {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(10),
            retries: 2,
            backoff: Duration::from_millis(400),
            max_redirects: 10,
            max_size: 8 << 20,
            per_host: 4,
            delay: Duration::ZERO,
            user_agent: concat!("rasoat/", env!("CARGO_PKG_VERSION"), " (+https://crates.io/crates/rasoat)").to_owned(),
            headers: Vec::new(),
            proxy: None,
            cacert: None,
            resolve: Vec::new(),
            allow_private: false,
        }
    }
}

/// What of these options decides which way a visit takes, so that a recorded one takes the same again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Manner {
    /// Redirects followed.
    pub max_redirects: usize,
    /// Extra tries after a transient fault.
    pub retries: u32,
    /// Sent as User-Agent; robots.txt speaks of it.
    pub user_agent: String,
}

impl NetOptions {
    fn manner(&self) -> Manner {
        Manner { max_redirects: self.max_redirects, retries: self.retries, user_agent: self.user_agent.clone() }
    }
}

/// One request of a run: an address, and which of several visits of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// The address, without user name, password and secrets.
    pub url: String,
    /// How often the same way led to it before (a gate that sets a cookie sends its visitor back).
    #[serde(default, skip_serializing_if = "is_nought")]
    pub again: usize,
    /// Only status and headers were wanted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub headers_only: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_nought(n: &usize) -> bool {
    *n == 0
}

impl Key {
    fn new(url: &str, again: usize, headers_only: bool) -> Self {
        Self { url: url.to_owned(), again, headers_only }
    }
}

/// Answers without a body that are kept for other sites.
const MOST_KEPT: usize = 20_000;

/// Bytes of an answer that is kept for another site of its host.
const MOST_SHARED: usize = 64 << 10;

fn size(exchange: &Exchange) -> usize {
    exchange.answer.as_ref().map_or(0, |response| response.body.len())
}

type Slot = Arc<tokio::sync::Mutex<Option<Arc<Exchange>>>>;

/// What all visits of a run share.
#[derive(Debug)]
pub struct Client {
    options: NetOptions,
    /// The user's own headers: sent to the sites themselves, never to where their links lead.
    headers: HeaderMap,
    secrets: secrets::Secrets,
    trust: tls::Trust,
    turns: turns::Turns,
    /// Turns of large bodies.
    large: tokio::sync::Semaphore,
    proxies: Arc<hyper_util::client::proxy::matcher::Matcher>,
    /// Each address is asked for once a run.
    made: Mutex<HashMap<Key, Slot>>,
    /// Sites of a host that are still to be visited: until then what it answered is kept.
    awaited: Mutex<HashMap<String, usize>>,
    /// Where what is seen is kept.
    recording: Option<Arc<Recording>>,
}

impl Client {
    /// A client for the visits of the given sites.
    ///
    /// # Errors
    /// [`Error::Usage`] when a header, the proxy or the certificate cannot be used.
    pub fn new(options: NetOptions, sites: &[&Site]) -> Result<Self, Error> {
        let trust = tls::Trust::load(options.cacert.as_deref())
            .ok_or_else(|| Error::usage(Text::new("--cacert: không phải tệp PEM.", "--cacert: not a PEM file.")))?;
        if let Some(proxy) = &options.proxy {
            ask::proxy_of(proxy)?;
        }
        let mut awaited = HashMap::new();
        for host in sites.iter().flat_map(|s| hosts(s)) {
            *awaited.entry(host).or_insert(0) += 1;
        }
        Ok(Self {
            headers: headers(&options)?,
            secrets: secrets::Secrets::new(&options.headers),
            trust,
            turns: turns::Turns::new(options.per_host, options.delay),
            large: tokio::sync::Semaphore::new(ask::MOST_LARGE),
            proxies: Arc::new(ask::proxies(&options)),
            made: Mutex::default(),
            awaited: Mutex::new(awaited),
            recording: None,
            options,
        })
    }

    /// What is seen is kept in a recording.
    #[must_use]
    pub fn recording(mut self, recording: Option<Arc<Recording>>) -> Self {
        self.recording = recording;
        self
    }

    /// How the network is used.
    #[must_use]
    pub fn options(&self) -> &NetOptions {
        &self.options
    }

    fn slot(&self, key: &Key) -> Slot {
        match self.made.lock() {
            Ok(mut made) => made.entry(key.clone()).or_default().clone(),
            Err(_) => Slot::default(),
        }
    }

    /// What was answered already, unless it is being asked for.
    fn made(&self, key: &Key) -> Option<Arc<Exchange>> {
        let slot = self.made.lock().ok()?.get(key).cloned()?;
        slot.try_lock().ok()?.clone()
    }

    /// Forgets what was answered, for what nobody asks for again. What is small stays for another site of its host.
    fn drop_body(&self, key: &Key) {
        let host = Url::parse(&key.url).ok().and_then(|u| host_key(&u));
        let shared = |host: String| self.awaited.lock().is_ok_and(|a| a.get(&host).is_some_and(|left| *left > 1));
        if host.is_some_and(shared) && self.made(key).is_some_and(|e| size(&e) <= MOST_SHARED) {
            return;
        }
        if let Ok(mut made) = self.made.lock() {
            made.remove(key);
        }
    }

    /// Ends a visit: what no other site may still want is dropped.
    fn finish(&self, visitor: &Visitor) {
        let (Ok(mut made), Ok(mut awaited)) = (self.made.lock(), self.awaited.lock()) else { return };
        for host in hosts(visitor.site()) {
            if let Some(left) = awaited.get_mut(&host) {
                *left = left.saturating_sub(1);
            }
        }
        let wanted = |key: &Key| {
            let host = Url::parse(&key.url).ok().and_then(|u| host_key(&u));
            host.is_some_and(|host| awaited.get(&host).is_some_and(|left| *left > 0))
        };
        let room = made.len() < MOST_KEPT;
        for key in visitor.used() {
            // Sites of one house link to the same places; without bodies what those answered is small.
            if !(wanted(&key) || key.headers_only && room) {
                made.remove(&key);
            }
        }
    }
}

/// The hosts of a site, each once.
fn hosts(site: &Site) -> Vec<String> {
    let mut hosts: Vec<String> = site.url.iter().chain(&site.aliases).filter_map(host_key).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

fn headers(options: &NetOptions) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    for (name, value) in &options.headers {
        let name = HeaderName::try_from(name.as_str());
        let value = HeaderValue::from_str(value);
        let (Ok(name), Ok(mut value)) = (name, value) else {
            return Err(Error::usage(Text::new(
                "--header: tên hoặc giá trị không dùng được trong HTTP.",
                "--header: a name or value that HTTP does not allow.",
            )));
        };
        value.set_sensitive(true);
        headers.insert(name, value);
    }
    Ok(headers)
}
